//! One client's connection as the application sees it.
//!
//! A [`SessionHandle`] may be cloned, kept and used from any thread. It does nothing itself: what
//! it is asked for is written down, and the shard that owns the connection does it, in order.

mod allowance;
mod core;
mod error;
mod outbox;
mod settings;
mod shard_side;

pub(crate) use self::allowance::{Allowance, Verdict};
pub(crate) use self::core::{Core, Due, Message, Parting, State, Step};
pub use self::error::{SendError, SubscribeError};
pub(crate) use self::outbox::{Outbox, Push, SLICES};
pub(crate) use self::settings::{Channel, Settings};

use crate::{
    close::{CloseReason, Situation},
    codec::{Codec, Encode},
    hub::{Class, Hub, Interest, Log, Position, Recovery, Replay, Topic},
    service::{Outgoing, Subprotocol},
    shard::{Command, ShardQueue, Token},
};
use std::{
    any::Any,
    fmt,
    net::SocketAddr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed},
    },
    time::Duration,
};

/// Tells the sessions of a process apart. Never given twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SessionId(pub(crate) u64);

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// A client's connection: sends to it, subscribes it, closes it.
///
/// # Order
///
/// What handles of one session ask for happens in the order of the calls. Inside the handling of a
/// request, sends and unsubscribes take effect before its reply and subscribes after it: so the
/// reply to a subscribe precedes the topic's first push, and no push follows the reply to an
/// unsubscribe. Outside of a request everything takes effect at once.
#[derive(Clone)]
pub struct SessionHandle(Arc<Shared>);

struct Shared {
    id: SessionId,
    token: Token,
    shard: u32,
    class: Class,
    remote: Option<SocketAddr>,
    subprotocol: Option<&'static Subprotocol>,
    query: Option<Box<str>>,
    state: Arc<dyn Any + Send + Sync>,
    channel: Arc<Channel>,
    queue: Arc<ShardQueue>,
    control: Mutex<Control>,
    /// Bytes of sends that were asked for and not done yet.
    unsent: AtomicUsize,
    /// The request under way has passed its deadline.
    overdue: AtomicBool,
}

#[derive(Default)]
struct Control {
    /// What was asked for in a request and not done yet.
    operations: Vec<Operation>,
    path: Path,
    /// What the session is subscribed to, or will be when all that was asked for is done.
    topics: Vec<Wanted>,
    next_serial: u32,
    closed: bool,
}

/// The way that an operation takes to the shard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Path {
    /// Outside of a request: through the shard's queue, in order with what is published.
    #[default]
    Queue,
    /// Inside of the service: onto the list, which the shard looks at when it gets the control
    /// back.
    Inline,
    /// While a request waits: onto the list, and the shard is told.
    List,
    /// The same, and the shard was told.
    Told,
}

struct Wanted {
    topic: Arc<Topic>,
    serial: u32,
}

/// One thing that a handle asked for. The serial number tells a subscription from an earlier one
/// to the same topic.
#[derive(Debug)]
pub(crate) enum Operation {
    Send(Outgoing),
    Subscribe(NewSubscription),
    Unsubscribe(u32),
    Close(CloseReason),
}

/// A subscription on its way to the shard.
#[derive(Debug)]
pub(crate) struct NewSubscription {
    pub(crate) interest: Interest,
    pub(crate) serial: u32,
    pub(crate) start: Start,
    pub(crate) interval: Option<Duration>,
}

/// With which message a subscription begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Start {
    /// The next one that is published.
    Now,
    /// The first after this offset of the topic's log.
    After(u64),
}

/// Options of a subscription.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Subscribe {
    /// What the subscriber gets of what was published before.
    pub replay: Replay,
    /// Whether [`Subscribed::position`] is wanted although nothing was published yet.
    pub position: bool,
    /// Gets the newest value of each of the topic's keys at most this often, instead of every
    /// message; at least a millisecond. The first after a quiet time comes at once, and the last
    /// always comes.
    pub interval: Option<Duration>,
}

/// What became of a subscription.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subscribed {
    /// Whether the session was not subscribed before.
    pub is_new: bool,
    /// The topic's position now, for a reply that says where to resume; `None` for a topic that
    /// remembers nothing.
    pub position: Option<Position>,
    /// How the replay came out.
    pub recovery: Recovery,
}

impl SessionHandle {
    /// The session's number.
    pub fn id(&self) -> SessionId {
        self.0.id
    }

    /// The state that the service made for this connection.
    pub fn state(&self) -> &Arc<dyn Any + Send + Sync> {
        &self.0.state
    }

    /// The encoding of this session's messages.
    pub fn codec(&self) -> Codec {
        self.0.class.codec()
    }

    /// The subprotocol that was selected; `None` for a plain client.
    pub fn subprotocol(&self) -> Option<&'static Subprotocol> {
        self.0.subprotocol
    }

    /// The peer's address, where it is known.
    pub fn remote_address(&self) -> Option<SocketAddr> {
        self.0.remote
    }

    /// The query of the handshake's target, without the question mark.
    pub fn query(&self) -> Option<&str> {
        self.0.query.as_deref()
    }

    /// The hub that this session's topics live in.
    pub fn hub(&self) -> &Hub {
        &self.0.channel.hub
    }

    /// Sends a message to this client only.
    ///
    /// # Errors
    ///
    /// When the session is over, the message has no encoding, or more bytes wait for the shard
    /// than `queue_bytes` allows.
    pub fn send(&self, message: &dyn Encode) -> Result<(), SendError> {
        self.send_encoded(Outgoing::encode(self.codec(), message)?)
    }

    /// Sends what is encoded already, for this session's codec.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send).
    pub fn send_encoded(&self, message: Outgoing) -> Result<(), SendError> {
        let limit = self.0.channel.settings.limits.queue_bytes;
        let size = message.0.len();
        let control = self.control();
        if control.closed {
            return Err(SendError::Closed);
        }
        // A first message always fits, as in the connection's own queue.
        let unsent = self.0.unsent.load(Relaxed);
        if unsent > 0 && unsent + size > limit {
            return Err(SendError::Full { limit });
        }
        self.0.unsent.fetch_add(size, Relaxed);
        self.ask(control, Operation::Send(message));
        Ok(())
    }

    /// Subscribes the session to a topic. `false` when it is subscribed already.
    ///
    /// # Errors
    ///
    /// When the session is over or has as many subscriptions as it may have.
    pub fn subscribe(&self, topic: &str) -> Result<bool, SubscribeError> {
        self.subscribe_with(topic, Subscribe::default()).map(|subscribed| subscribed.is_new)
    }

    /// Subscribes the session to a topic that remembers messages.
    ///
    /// What is replayed and what is published from now on follow each other without a hole or a
    /// repetition, after the reply of the request in which this is called.
    ///
    /// # Errors
    ///
    /// As [`subscribe`](Self::subscribe).
    pub fn subscribe_with(
        &self,
        topic: &str,
        options: Subscribe,
    ) -> Result<Subscribed, SubscribeError> {
        let limit = self.0.channel.settings.limits.subscriptions;
        let mut control = self.control();
        if control.closed {
            return Err(SubscribeError::Closed);
        }
        if let Some(wanted) = control.topics.iter().find(|of| **of.topic.name() == *topic) {
            let mut log = wanted.topic.log();
            if options.position {
                log.get_or_insert_with(|| self.hub().new_log());
            }
            let position = log.as_ref().map(Log::position);
            return Ok(Subscribed { is_new: false, position, recovery: Recovery::None });
        }
        if control.topics.len() >= limit {
            return Err(SubscribeError::TooMany { limit });
        }
        let mut interest = self.hub().interest(topic, self.0.shard as usize, self.0.class);
        let topic = Arc::clone(interest.topic());
        let mut start = Start::Now;
        let mut position = None;
        let mut recovery = Recovery::None;
        {
            let mut log = topic.log();
            if options.position || matches!(options.replay, Replay::Since(_)) {
                // A position must be given even if nothing was ever published.
                log.get_or_insert_with(|| self.hub().new_log());
            }
            if let Some(log) = &mut *log {
                let (after, outcome) = log.start(options.replay);
                start = Start::After(after);
                recovery = outcome;
                position = Some(log.position());
                interest.pin(log);
            }
        }
        let serial = control.next_serial;
        control.next_serial = serial.wrapping_add(1);
        control.topics.push(Wanted { topic, serial });
        let interval = options.interval.map(|interval| interval.max(Duration::from_millis(1)));
        let subscription = NewSubscription { interest, serial, start, interval };
        self.ask(control, Operation::Subscribe(subscription));
        Ok(Subscribed { is_new: true, position, recovery })
    }

    /// Takes a topic away from the client and tells it so by `notice`, before which the topic's
    /// last push has gone out. `false` when it was not subscribed; nothing is sent then.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send); the subscription has ended all the same.
    pub fn revoke(&self, topic: &str, notice: &dyn Encode) -> Result<bool, SendError> {
        if !self.unsubscribe(topic) {
            return Ok(false);
        }
        self.send(notice).map(|()| true)
    }

    /// Ends a subscription. `false` when there was none.
    pub fn unsubscribe(&self, topic: &str) -> bool {
        let mut control = self.control();
        let found = control.topics.iter().position(|wanted| **wanted.topic.name() == *topic);
        let Some(at) = found else { return false };
        let serial = control.topics.swap_remove(at).serial;
        self.ask(control, Operation::Unsubscribe(serial));
        true
    }

    /// The names of the topics that the session is subscribed to.
    pub fn topics(&self) -> Vec<Arc<str>> {
        self.control().topics.iter().map(|wanted| Arc::clone(wanted.topic.name())).collect()
    }

    /// Whether the session is subscribed to this topic.
    pub fn is_subscribed(&self, topic: &str) -> bool {
        self.control().topics.iter().any(|wanted| **wanted.topic.name() == *topic)
    }

    /// Ends the session with what the channel's table says for this situation, after everything
    /// that was sent before.
    pub fn close(&self, situation: Situation) {
        self.close_with(self.0.channel.settings.reason(self.closes(), situation));
    }

    /// Ends the session with a reason of your own.
    pub fn close_with(&self, reason: CloseReason) {
        let control = self.control();
        if !control.closed {
            self.ask(control, Operation::Close(reason));
        }
    }

    /// Whether the session is over.
    pub fn is_closed(&self) -> bool {
        self.control().closed
    }

    /// Whether the request that is being handled has passed the endpoint's deadline: it should be
    /// refused instead of waited for.
    pub fn is_overdue(&self) -> bool {
        self.0.overdue.load(Relaxed)
    }

    fn control(&self) -> MutexGuard<'_, Control> {
        // Nothing of the application runs under the lock, so that it cannot be left half-changed.
        self.0.control.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ask(&self, mut control: MutexGuard<'_, Control>, operation: Operation) {
        match control.path {
            // Pushed under the session's lock, so that no later operation overtakes it.
            Path::Queue => self.0.queue.push(Command::Operation(self.0.token, operation)),
            Path::Inline | Path::Told => control.operations.push(operation),
            Path::List => {
                control.operations.push(operation);
                control.path = Path::Told;
                self.0.queue.push(Command::Session(self.0.token));
            }
        }
    }
}

impl fmt::Debug for SessionHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionHandle")
            .field("id", &format_args!("{}", self.0.id))
            .field("channel", &self.0.channel.service.channel().name)
            .finish_non_exhaustive()
    }
}
