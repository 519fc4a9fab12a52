//! One topic on the wire.
//!
//! ```text
//!            its turn comes                   the server consents
//!   wanted ─────────────────────────► asked ─────────────────────► active
//!     ▲                                 │ no reply: in line again     │
//!     └─────────────────────────────────┴─────── the connection goes ─┘
//! ```
//!
//! A topic that nobody wants any more, or that the server refuses, is forgotten; nothing of it is replayed.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::calls::Outcome;
use super::topics::Matches;
use super::{Core, Done, Encode, Subscriber, SubscriberId, Timer, TopicSpec};
use crate::client::{ClientError, Family, Gap, GapReason};
use crate::typed::Message;

/// How often a server that is there is asked before a subscription is given up.
const TRIES: u32 = 3;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    Wanted,
    Asked,
    Active,
}

/// One topic on the wire, with the subscriptions that share it.
pub(super) struct LiveTopic<M: 'static> {
    pub(super) name: String,
    pub(super) family: &'static Family<M>,
    pub(super) matches: Matches<M>,
    /// The names under which pushes come.
    pub(super) wire_names: Vec<String>,
    pub(super) stage: Stage,
    subscribe: Option<Encode>,
    unsubscribe: Option<Encode>,
    subscribers: Vec<(SubscriberId, Arc<dyn Subscriber<M>>)>,
    /// How long those wait for a confirmation that do not wait for ever.
    timeouts: Vec<(SubscriberId, Duration)>,
    /// Of the last request; the outcome of an earlier one is late.
    number: u64,
    tries: u32,
    /// The server's last confirmation.
    reply: Option<M>,
    /// When it stopped being active; `None` if it never was.
    suspended_at: Option<Instant>,
}

impl<M> LiveTopic<M> {
    pub(super) fn new(spec: TopicSpec<M>) -> Self {
        Self {
            name: spec.name,
            family: spec.family,
            matches: spec.matches,
            wire_names: Vec::new(),
            stage: Stage::Wanted,
            subscribe: spec.subscribe,
            unsubscribe: spec.unsubscribe,
            subscribers: Vec::new(),
            timeouts: Vec::new(),
            number: 0,
            tries: 0,
            reply: None,
            suspended_at: None,
        }
    }

    /// Whether asking for it again would be answered, and change nothing else.
    pub(super) fn is_probe(&self) -> bool {
        let is_answered = self.family.subscribe.is_some_and(|it| it.answered_by.is_some());
        self.stage == Stage::Active && self.subscribe.is_some() && is_answered
    }

    fn answers_to(&self, name: Option<&str>) -> bool {
        name.is_none_or(|name| self.wire_names.iter().any(|known| known == name))
    }
}

impl<M: Clone> LiveTopic<M> {
    pub(super) fn push(&mut self, message: &M) {
        for (_, subscriber) in &self.subscribers {
            subscriber.push(message.clone());
        }
    }
}

impl<M: Message + Clone + Send + Sync + 'static> Core<M> {
    pub(super) fn join(&mut self, key: u64, id: SubscriberId, subscriber: Arc<dyn Subscriber<M>>) {
        let Some(topic) = self.topics.all.get_mut(&key) else { return };
        topic.subscribers.push((id, Arc::clone(&subscriber)));
        if topic.stage == Stage::Active {
            subscriber.confirm(topic.reply.as_ref(), None);
        }
    }

    /// Ends a subscription that is not confirmed by then.
    pub(super) fn limit(&mut self, key: u64, id: SubscriberId, timeout: Duration) {
        if let Some(topic) = self.topics.all.get_mut(&key) {
            topic.timeouts.push((id, timeout));
            self.set(Timer::Subscription(key, id), timeout);
        }
    }

    /// A subscription ended by its owner's doing. The last one takes the topic off the server.
    pub(crate) fn leave(&mut self, key: u64, id: SubscriberId) {
        self.timers.clear(Timer::Subscription(key, id));
        let Some(topic) = self.topics.all.get_mut(&key) else { return };
        let before = topic.subscribers.len();
        topic.subscribers.retain(|(other, _)| *other != id);
        topic.timeouts.retain(|(other, _)| *other != id);
        if topic.subscribers.len() < before && topic.subscribers.is_empty() {
            self.take_off(key);
        }
    }

    pub(super) fn subscription_due(&mut self, key: u64, id: SubscriberId) {
        let Some(topic) = self.topics.all.get(&key) else { return };
        let found = topic.subscribers.iter().find(|(other, _)| *other == id);
        let Some(subscriber) = found.map(|(_, subscriber)| Arc::clone(subscriber)) else { return };
        if subscriber.is_pending() {
            let what = topic.name.clone();
            let timeout = topic.timeouts.iter().find(|(other, _)| *other == id);
            let after = timeout.map(|(_, after)| *after).unwrap_or_default();
            self.leave(key, id);
            subscriber.end(Some(ClientError::Timeout { what, after }));
        }
    }

    /// Asks the server for the topic. An active one stays active meanwhile: that is how a connection is
    /// kept.
    pub(super) fn ask(&mut self, key: u64) {
        let Some(topic) = self.topics.all.get_mut(&key) else { return };
        topic.number += 1;
        let (Some(operation), Some(encode)) = (topic.family.subscribe, topic.subscribe.clone())
        else {
            // The server pushes on its own account.
            self.confirm(key, None);
            return;
        };
        if topic.stage == Stage::Wanted {
            topic.stage = Stage::Asked;
        }
        let number = topic.number;
        self.call(operation, encode, None, Done::Topic { key, number });
    }

    pub(super) fn suspend(&mut self, key: u64) {
        let now = self.instant();
        let Some(topic) = self.topics.all.get_mut(&key) else { return };
        if topic.stage == Stage::Active {
            topic.suspended_at.get_or_insert(now);
        }
        topic.stage = Stage::Wanted;
        topic.number += 1;
        topic.tries = 0;
        for (_, subscriber) in &topic.subscribers {
            subscriber.suspend();
        }
    }

    /// The server left pushes out of the topics of a name; without one, of all.
    pub(super) fn interrupt(&mut self, name: Option<&str>) {
        let gap = Gap { reason: GapReason::Dropped, since: self.instant() };
        for topic in self.topics.all.values().filter(|topic| topic.answers_to(name)) {
            for (_, subscriber) in &topic.subscribers {
                subscriber.interrupt(gap);
            }
        }
    }

    /// The server withdrew the topics of a name; without one, all.
    pub(super) fn revoke(&mut self, name: Option<&str>) {
        let all = self.topics.all.iter();
        let revoked: Vec<(u64, String)> = all
            .filter(|(_, topic)| topic.answers_to(name))
            .map(|(key, topic)| (*key, topic.name.clone()))
            .collect();
        for (key, topic) in revoked {
            let error = ClientError::Revoked { topic };
            self.report(error.clone());
            self.fail(key, Some(error));
        }
    }

    /// Ends a topic for everybody who waits on it.
    pub(super) fn fail(&mut self, key: u64, error: Option<ClientError>) {
        let Some((topic, _)) = self.topics.forget(key) else { return };
        for (id, subscriber) in topic.subscribers {
            self.timers.clear(Timer::Subscription(key, id));
            subscriber.end(error.clone());
        }
    }

    /// The outcome of a request for a topic.
    pub(super) fn topic_answered(&mut self, key: u64, number: u64, outcome: Outcome<M>) {
        let Some(topic) = self.topics.all.get(&key).filter(|topic| topic.number == number) else {
            return;
        };
        let reply = match outcome {
            Ok(reply) => reply,
            Err(error) => return self.unanswered(key, error),
        };
        let refusal = reply.as_ref().and_then(|reply| (topic.family.refusal)(reply));
        match refusal {
            None => self.confirm(key, reply),
            Some(message) => {
                let error = ClientError::Refused { topic: topic.name.clone(), message };
                self.report(error.clone());
                self.fail(key, Some(error));
            }
        }
    }

    fn unanswered(&mut self, key: u64, error: ClientError) {
        // The rest is told to everybody by whoever lost or closed the connection.
        let is_told = matches!(error, ClientError::ConnectionLost { .. } | ClientError::Closed);
        let Some(topic) = self.topics.all.get_mut(&key) else { return };
        if is_told || topic.stage == Stage::Active {
            return;
        }
        topic.tries += 1;
        let again = matches!(error, ClientError::Timeout { .. } | ClientError::QueueFull { .. });
        if again && topic.tries < TRIES {
            topic.stage = Stage::Wanted;
            self.report(error);
            self.stand_in_line(key);
            return;
        }
        self.report(error.clone());
        // The server may have it all the same.
        if let Some(topic) = self.take_off(key) {
            for (id, subscriber) in topic.subscribers {
                self.timers.clear(Timer::Subscription(key, id));
                subscriber.end(Some(error.clone()));
            }
        }
    }

    /// Forgets a topic, here and on the server.
    fn take_off(&mut self, key: u64) -> Option<LiveTopic<M>> {
        let (topic, is_shared) = self.topics.forget(key)?;
        let is_on_wire = topic.stage != Stage::Wanted && self.link.is_open();
        if is_on_wire
            && !is_shared
            && let (Some(operation), Some(encode)) =
                (topic.family.unsubscribe, topic.unsubscribe.clone())
        {
            // What comes of it concerns nobody: if the connection goes, the subscription goes with it.
            self.call(operation, encode, None, Done::Nobody);
        }
        Some(topic)
    }

    fn confirm(&mut self, key: u64, reply: Option<M>) {
        let Some(topic) = self.topics.all.get_mut(&key) else { return };
        topic.tries = 0;
        let wire_name = reply.as_ref().and_then(|reply| (topic.family.reply_topic)(reply));
        topic.reply = reply;
        if topic.stage != Stage::Active {
            topic.stage = Stage::Active;
            let since = topic.suspended_at.take();
            let gap = since.map(|since| Gap { reason: GapReason::Reconnect, since });
            for (_, subscriber) in &topic.subscribers {
                subscriber.confirm(topic.reply.as_ref(), gap);
            }
        }
        if let Some(wire_name) = wire_name {
            self.topics.listen(key, &wire_name);
        }
    }
}
