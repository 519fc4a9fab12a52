//! The topics of a client: what is subscribed on the wire, and who gets which push.
//!
//! In: what users want, pushes. Out: payloads to subscriptions. One topic on the wire serves any number of
//! subscriptions. Many topics are asked for at a pace: a client with hundreds of subscriptions must not send
//! them all in one burst after each reconnect, or the server's rate limit ends the connection, and the next,
//! and the next.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use super::live::{LiveTopic, Stage};
use super::{ByName, Core, Encode, Timer};
use crate::client::{ClientError, Family, Gap};
use crate::typed::{Decoded, Message};

/// One subscription to a topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct SubscriberId(u64);

/// A subscription, as the topic sees it.
pub(crate) trait Subscriber<M>: Send + Sync {
    /// The server confirmed it, for the first time or again after a gap.
    fn confirm(&self, reply: Option<&M>, gap: Option<Gap>);
    /// The connection went.
    fn suspend(&self);
    /// Payloads may be missing from here on.
    fn interrupt(&self, gap: Gap);
    fn push(&self, message: M);
    /// The end; has no effect on one that has ended.
    fn end(&self, error: Option<ClientError>);
    /// Whether it waits for its confirmation.
    fn is_pending(&self) -> bool;
}

/// Whether a push that names no topic is one of a topic; `None` if its content does not tell.
pub(super) type Matches<M> = Box<dyn Fn(&M) -> Option<bool> + Send + Sync>;

/// What a topic is made of.
pub(crate) struct TopicSpec<M: 'static> {
    pub(crate) name: String,
    pub(crate) family: &'static Family<M>,
    pub(crate) subscribe: Option<Encode>,
    pub(crate) unsubscribe: Option<Encode>,
    pub(crate) matches: Matches<M>,
}

/// The topics of one family that somebody wants.
struct Members<M: 'static> {
    family: &'static Family<M>,
    /// By the name that the parameters give.
    by_name: ByName<u64>,
    /// By the name that pushes carry, which the server may have chosen.
    by_wire_name: ByName<Vec<u64>>,
}

/// All topics of a client.
pub(super) struct Topics<M: 'static> {
    /// In the order in which they were first wanted, in which they are asked for again.
    pub(super) all: BTreeMap<u64, LiveTopic<M>>,
    families: HashMap<&'static str, Members<M>>,
    /// Topics that are about to be asked for.
    pub(super) line: VecDeque<u64>,
    /// How many may still pass before the timer rings.
    left: Option<usize>,
    last_key: u64,
    last_subscriber: u64,
}

impl<M> Default for Topics<M> {
    fn default() -> Self {
        Self {
            all: BTreeMap::new(),
            families: HashMap::new(),
            line: VecDeque::new(),
            left: None,
            last_key: 0,
            last_subscriber: 0,
        }
    }
}

impl<M> Topics<M> {
    pub(super) fn keys(&self) -> Vec<u64> {
        self.all.keys().copied().collect()
    }

    /// A topic that can be asked for again without changing anything.
    pub(super) fn probe(&self) -> Option<u64> {
        self.all.iter().find(|(_, topic)| topic.is_probe()).map(|(key, _)| *key)
    }

    /// From now on pushes of that name are for this topic.
    pub(super) fn listen(&mut self, key: u64, wire_name: &str) {
        let Some(topic) = self.all.get_mut(&key) else { return };
        let old: Vec<String> =
            topic.wire_names.extract_if(.., |old| *old != topic.name && old != wire_name).collect();
        if !topic.wire_names.iter().any(|known| known == wire_name) {
            topic.wire_names.push(wire_name.to_owned());
        }
        let Some(members) = self.families.get_mut(topic.family.name) else { return };
        for old in old {
            members.unlisten(key, &old);
        }
        let keys = members.by_wire_name.entry(wire_name.to_owned()).or_default();
        if !keys.contains(&key) {
            keys.push(key);
        }
    }

    /// Forgets a topic; whether another one needs what it has on the wire.
    pub(super) fn forget(&mut self, key: u64) -> Option<(LiveTopic<M>, bool)> {
        let topic = self.all.remove(&key)?;
        self.line.retain(|waiting| *waiting != key);
        let mut is_shared = false;
        if let Some(members) = self.families.get_mut(topic.family.name) {
            members.by_name.remove(&topic.name);
            for name in &topic.wire_names {
                is_shared |= members.unlisten(key, name);
            }
            if members.by_name.is_empty() {
                self.families.remove(topic.family.name);
            }
        }
        Some((topic, is_shared))
    }

    fn find(&self, family: &str, name: &str) -> Option<u64> {
        self.families.get(family)?.by_name.get(name).copied()
    }

    /// The topics that a push is for: of those with its name, or of all that are active where it has
    /// none.
    fn meant(&self, push: &Decoded<M>) -> Meant {
        let message = &push.message;
        for members in self.families.values().filter(|each| (each.family.carries)(message)) {
            let named = (members.family.topic_of)(message);
            if let Some(name) = named.as_deref().or(push.topic.as_deref()) {
                match members.by_wire_name.get(name) {
                    Some(keys) => return Meant::These(keys.clone()),
                    None => continue,
                }
            }
            // A subscription's confirmation comes before its first push.
            let active = self.all.iter().filter(|(_, topic)| {
                topic.stage == Stage::Active && topic.family.name == members.family.name
            });
            let mut keys = Vec::new();
            let mut ambiguous = Vec::new();
            for (key, topic) in active {
                match (topic.matches)(message) {
                    Some(true) => keys.push(*key),
                    Some(false) => {}
                    None => ambiguous.push(*key),
                }
            }
            if let [only] = ambiguous[..] {
                keys.push(only);
            } else if !ambiguous.is_empty() {
                return Meant::Ambiguous;
            }
            if !keys.is_empty() {
                return Meant::These(keys);
            }
        }
        Meant::These(Vec::new())
    }
}

impl<M> Members<M> {
    /// Pushes of that name are not for this topic any more; whether they are for others.
    fn unlisten(&mut self, key: u64, wire_name: &str) -> bool {
        let Some(keys) = self.by_wire_name.get_mut(wire_name) else { return false };
        keys.retain(|other| *other != key);
        let others = !keys.is_empty();
        if !others {
            self.by_wire_name.remove(wire_name);
        }
        others
    }
}

enum Meant {
    These(Vec<u64>),
    Ambiguous,
}

impl<M: Message + Clone + Send + Sync + 'static> Core<M> {
    /// Subscribes. The server is asked as soon as there is a connection, and again after each.
    pub(crate) fn subscribe(
        &mut self,
        spec: TopicSpec<M>,
        subscriber: Arc<dyn Subscriber<M>>,
        timeout: Option<Duration>,
    ) -> (u64, SubscriberId) {
        self.topics.last_subscriber += 1;
        let id = SubscriberId(self.topics.last_subscriber);
        if let Some(ended) = self.ended.clone() {
            subscriber.end(Some(ended));
            return (0, id);
        }
        let key = match self.topics.find(spec.family.name, &spec.name) {
            Some(key) => {
                self.join(key, id, subscriber);
                key
            }
            None => {
                self.topics.last_key += 1;
                let key = self.topics.last_key;
                let name = spec.name.clone();
                let members = self.topics.families.entry(spec.family.name);
                let members = members.or_insert_with(|| Members {
                    family: spec.family,
                    by_name: HashMap::new(),
                    by_wire_name: HashMap::new(),
                });
                members.by_name.insert(name.clone(), key);
                self.topics.all.insert(key, LiveTopic::new(spec));
                self.topics.listen(key, &name);
                self.join(key, id, subscriber);
                if self.link.is_open() {
                    self.stand_in_line(key);
                }
                key
            }
        };
        if let Some(timeout) = timeout {
            self.limit(key, id, timeout);
        }
        (key, id)
    }

    /// Hands a push to the subscriptions that it is for.
    pub(super) fn deliver(&mut self, push: &Decoded<M>) {
        match self.topics.meant(push) {
            Meant::These(keys) => {
                for key in keys {
                    if let Some(topic) = self.topics.all.get_mut(&key) {
                        topic.push(&push.message);
                    }
                }
            }
            Meant::Ambiguous if !self.told_ambiguous => {
                // Once per connection: it would be the same for each push.
                self.told_ambiguous = true;
                self.report(ClientError::Unroutable { message: push.message.name() });
            }
            Meant::Ambiguous => {}
        }
    }

    /// Asks for the topic now, or when its turn comes. A topic stands in line once.
    pub(super) fn stand_in_line(&mut self, key: u64) {
        if !self.topics.line.contains(&key) {
            self.topics.line.push_back(key);
        }
        self.let_through();
    }

    pub(super) fn pace_due(&mut self) {
        self.topics.left = None;
        self.let_through();
    }

    pub(super) fn stop_pace(&mut self) {
        self.topics.line.clear();
        self.topics.left = None;
        self.timers.clear(Timer::Pace);
    }

    /// The pace is kept: a connection that comes and goes is no reason to hurry.
    fn let_through(&mut self) {
        let chunk = self.settings.pace.chunk.max(1);
        while self.link.is_open() && self.topics.left != Some(0) {
            let Some(key) = self.topics.line.pop_front() else { return };
            if self.topics.left.is_none() {
                self.set(Timer::Pace, self.settings.pace.interval);
            }
            self.topics.left = Some(self.topics.left.unwrap_or(chunk) - 1);
            self.ask(key);
        }
    }
}
