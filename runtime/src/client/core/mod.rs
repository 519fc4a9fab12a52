//! The client without a socket and without a clock: events in, commands out.
//!
//! In: what its users want, what became of the socket, frames, time. Out: [`Command`]s for whoever has the
//! socket, and what it tells its users through [`Done`], [`Subscriber`] and [`Inbox`]. One lock around a
//! `Core` is all that makes it a client of many threads; nothing in it waits.
//!
//! | file | knows |
//! | --- | --- |
//! | `link.rs` | when a socket is made, when it is given up, when another follows |
//! | `calls.rs` | requests, their replies, what waits for the connection |
//! | `topics.rs`, `live.rs` | what is subscribed, and who gets which push |
//! | `heartbeat.rs` | whether the connection is alive |
//! | `frames.rs` | from a frame to a message and its receiver |

mod calls;
#[cfg(test)]
mod chaos;
mod frames;
mod heartbeat;
mod link;
mod live;
#[cfg(test)]
mod scenarios;
mod topics;

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

pub(crate) use calls::{Done, Encode};
pub(crate) use frames::Incoming;
pub use link::{ConnectionState, StateChange};
pub(crate) use topics::{Subscriber, SubscriberId, TopicSpec};

use super::inbox::Inbox;
use super::timers::Timers;
use super::{Backoff, ClientError, ClientInfo, Close, Pace};
use crate::channel::{ChannelInfo, Subprotocol};
use crate::close::Then;
use crate::codec::Codec;
use crate::frame::OpCode;
use crate::typed::{Decoded, Message};

/// What the owner of the socket has to do. A number says which attempt is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Command {
    /// Get a token, then say [`Core::authorized`] or [`Core::unauthorized`].
    Authorize { number: u64, refresh: bool },
    /// Make a socket, then say [`Core::opened`], [`Core::closed`] or [`Core::refused`].
    Connect { number: u64 },
    /// Send a message.
    Send { opcode: OpCode, payload: Vec<u8> },
    /// Send a ping.
    Ping,
    /// Close the socket in its own time. What it still says is late.
    Drop,
}

/// What has a timer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Timer {
    /// Of the state that the connection is in: each has at most one.
    Link,
    /// A message is due that the server demands.
    Beat,
    /// The silence grows too long, or the sign of life does not come.
    Watch,
    /// The next chunk of subscriptions may go.
    Pace,
    /// A call waits no longer.
    Call(u64),
    /// A subscription waits no longer.
    Subscription(u64, SubscriberId),
}

/// What a core is made with.
pub(crate) struct Settings {
    pub(crate) channel: &'static ChannelInfo,
    /// What is offered.
    pub(crate) subprotocols: Vec<Subprotocol>,
    pub(crate) request_timeout: Duration,
    pub(crate) connect_timeout: Duration,
    pub(crate) backoff: Backoff,
    pub(crate) stable_after: Duration,
    pub(crate) queue_bytes: usize,
    pub(crate) pace: Pace,
    pub(crate) silence: Duration,
    pub(crate) patience: Duration,
    pub(crate) heartbeat: Option<Duration>,
    /// Whether a new token can be had.
    pub(crate) can_refresh: bool,
    /// At least 0, less than 1.
    pub(crate) random: fn() -> f64,
    pub(crate) decide: Option<Decide>,
}

type Decide = Arc<dyn Fn(&Close) -> Option<Then> + Send + Sync>;

/// What a client tells on its own account.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// The state of the connection changed.
    State(StateChange),
    /// A failure that nobody waits for: a frame that cannot be read, a subscription that was refused.
    Error(ClientError),
}

/// Who wants messages that come without a subscription.
pub(crate) trait Listener<M>: Send + Sync {
    fn push(&self, message: &Decoded<M>);
    fn end(&self, error: Option<ClientError>);
}

/// The client.
pub(crate) struct Core<M: 'static> {
    settings: Settings,
    contract: &'static ClientInfo<M>,
    /// When the time 0 was.
    epoch: Instant,
    now: Duration,
    timers: Timers<Timer>,
    commands: VecDeque<Command>,
    link: link::Link,
    calls: calls::Calls<M>,
    topics: topics::Topics<M>,
    heartbeat: heartbeat::Heartbeat,
    /// Ambiguous pushes of this connection were told.
    told_ambiguous: bool,
    events: Vec<Weak<Inbox<Event>>>,
    listeners: Vec<Weak<dyn Listener<M>>>,
    /// Why nothing will happen any more.
    ended: Option<ClientError>,
    /// Nobody holds the client any more.
    is_abandoned: bool,
}

impl<M: Message + Clone + Send + Sync + 'static> Core<M> {
    pub(crate) fn new(
        settings: Settings,
        contract: &'static ClientInfo<M>,
        epoch: Instant,
    ) -> Self {
        Self {
            settings,
            contract,
            epoch,
            now: Duration::ZERO,
            timers: Timers::default(),
            commands: VecDeque::new(),
            link: link::Link::default(),
            calls: calls::Calls::default(),
            topics: topics::Topics::default(),
            heartbeat: heartbeat::Heartbeat::default(),
            told_ambiguous: false,
            events: Vec::new(),
            listeners: Vec::new(),
            ended: None,
            is_abandoned: false,
        }
    }

    /// Says how late it is, which must not go back. To be called before anything else that happens.
    pub(crate) fn at(&mut self, now: Duration) {
        self.now = self.now.max(now);
    }

    /// When [`advance`](Self::advance) has something to do next.
    pub(crate) fn next_deadline(&self) -> Option<Duration> {
        self.timers.next()
    }

    /// Does what is due by now.
    pub(crate) fn advance(&mut self) {
        while let Some(timer) = self.timers.take(self.now) {
            match timer {
                Timer::Link => self.link_due(),
                Timer::Beat => self.beat_due(),
                Timer::Watch => self.watch_due(),
                Timer::Pace => self.pace_due(),
                Timer::Call(id) => self.call_due(id),
                Timer::Subscription(key, id) => self.subscription_due(key, id),
            }
        }
    }

    /// What is to be done, oldest first.
    pub(crate) fn take_command(&mut self) -> Option<Command> {
        self.commands.pop_front()
    }

    /// Nobody holds the client any more: it ends, and whoever has its socket may go.
    pub(crate) fn abandon(&mut self) {
        self.stop();
        self.is_abandoned = true;
    }

    pub(crate) fn is_abandoned(&self) -> bool {
        self.is_abandoned
    }

    /// Why nothing will happen any more; `None` while it may.
    pub(crate) fn ended(&self) -> Option<&ClientError> {
        self.ended.as_ref()
    }

    pub(crate) fn watch_events(&mut self, inbox: &Arc<Inbox<Event>>) {
        self.events.push(Arc::downgrade(inbox));
    }

    pub(crate) fn listen(&mut self, listener: Weak<dyn Listener<M>>) {
        self.listeners.push(listener);
    }

    /// Whether nothing is left of what was asked for.
    #[cfg(test)]
    fn is_spotless(&self) -> bool {
        let no_topics = self.topics.all.is_empty() && self.topics.line.is_empty();
        no_topics && self.calls.is_empty() && self.timers.next().is_none()
    }

    fn report(&mut self, error: ClientError) {
        tracing::debug!(%error, channel = self.settings.channel.name, "client error");
        self.tell(&Event::Error(error));
    }

    fn tell(&mut self, event: &Event) {
        self.events.retain(|inbox| match inbox.upgrade() {
            Some(inbox) => {
                inbox.push(event.clone());
                true
            }
            None => false,
        });
    }

    /// Sets a timer; one that is never due is allowed.
    fn set(&mut self, timer: Timer, after: Duration) {
        self.timers.set(timer, self.now.saturating_add(after));
    }

    /// The moment that it is, for users.
    fn instant(&self) -> Instant {
        self.epoch + self.now
    }

    /// The codec of the connection that is open, or of the one to expect.
    fn codec(&self) -> Codec {
        let channel = self.settings.channel;
        match self.link.subprotocol() {
            Some(selected) => selected.codec,
            None if self.link.is_open() => channel.codec,
            None => self.settings.subprotocols.first().map_or(channel.codec, |first| first.codec),
        }
    }

    /// A connection is open.
    fn connection_opened(&mut self) {
        self.told_ambiguous = false;
        self.start_heartbeat();
        for key in self.topics.keys() {
            self.stand_in_line(key);
        }
        self.flush();
    }

    /// The connection went; another will follow.
    fn connection_lost(&mut self) {
        self.stop_heartbeat();
        self.topics.line.clear();
        for key in self.topics.keys() {
            self.suspend(key);
        }
        self.lose_calls();
    }

    /// The connection is closed for good; without an error if the owner closed it.
    fn finished(&mut self, error: Option<ClientError>) {
        let why = error.clone().unwrap_or(ClientError::Closed);
        self.ended = Some(why.clone());
        self.stop_heartbeat();
        self.stop_pace();
        for key in self.topics.keys() {
            self.fail(key, error.clone());
        }
        self.end_calls(&why);
        for listener in std::mem::take(&mut self.listeners) {
            if let Some(listener) = listener.upgrade() {
                listener.end(error.clone());
            }
        }
    }
}

/// A map from a name to what it stands for.
type ByName<T> = HashMap<String, T>;
