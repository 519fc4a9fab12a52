//! Where sessions of all channels meet: topics, shards, and the numbers of a process.

mod log;
mod prepared;
mod publish;
mod slots;
mod topic;
mod watch;

pub(crate) use self::log::Log;
pub use self::log::{NoPosition, Position, Recovery, Replay};
pub(crate) use self::prepared::{Class, Prepared};
pub use self::publish::{Overflow, Publish, PublishError};
pub(crate) use self::slots::ConnectionSlot;
pub(crate) use self::topic::{Interest, Topic, TopicTable};
pub use self::watch::TopicHooks;

use self::{
    slots::Slots,
    watch::{Changes, Watch},
};

use crate::{
    clock::{Clock, SystemClock},
    codec::Codec,
    limits::Limits,
    metrics::{Metrics, ShardCounters},
    session::{SessionHandle, SessionId},
    shard::{self, Command, Leave, Rounds, ShardOptions, ShardQueue},
    shutdown::ShutDown,
};
use std::{
    fmt, io,
    sync::{
        Arc, Mutex, OnceLock, PoisonError,
        atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering::Relaxed},
    },
    time::Duration,
};

/// Publishes to topics, wherever their subscribers are connected. Cheap to clone, usable from any
/// thread, and shared by all channels of a server.
///
/// ```
/// # use asyncapi_ws::{codec::{Codec, EncodeError}, hub::Hub};
/// let hub = Hub::new();
/// let bar = |_: Codec, out: &mut Vec<u8>| -> Result<(), EncodeError> {
///     out.extend_from_slice(br#"{"type":"bars.update"}"#);
///     Ok(())
/// };
/// // Nobody is subscribed: nothing is encoded.
/// assert!(!hub.has_subscribers("bars:AAPL:1"));
/// assert_eq!(hub.publish("bars:AAPL:1", &bar), Ok(0));
/// ```
#[derive(Clone)]
pub struct Hub(Arc<Inner>);

struct Inner {
    options: HubOptions,
    topics: Arc<TopicTable>,
    shards: OnceLock<Box<[Arc<ShardQueue>]>>,
    starting: Mutex<()>,
    counters: Box<[Arc<ShardCounters>]>,
    refused: AtomicU64,
    /// Mask of the uncompressed classes that its channels' sessions may have.
    codecs: AtomicU32,
    next_session: AtomicU64,
    next_shard: AtomicUsize,
    slots: Arc<Slots>,
    #[cfg(feature = "deflate")]
    deflaters: Mutex<Vec<crate::deflate::Deflaters>>,
}

/// Settings of a [`Hub`].
#[derive(Clone, Debug)]
pub struct HubOptions {
    /// Threads that own connections. Half of the cores, at least 1, unless said: one shard keeps
    /// up with a core's worth of system calls, and the other half is for the kernel's side of the
    /// network and for the application.
    pub shards: usize,
    /// Bounds on what clients can make the server hold or do.
    pub limits: Limits,
    /// The source of time.
    pub clock: Arc<dyn Clock>,
    /// How messages are compressed for clients that negotiate permessage-deflate.
    #[cfg(feature = "deflate")]
    pub deflate: crate::deflate::DeflateOptions,
}

impl Default for HubOptions {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            shards: (cores / 2).max(1),
            limits: Limits::default(),
            clock: Arc::new(SystemClock::new()),
            #[cfg(feature = "deflate")]
            deflate: crate::deflate::DeflateOptions::default(),
        }
    }
}

impl Hub {
    /// A hub with the defaults.
    pub fn new() -> Self {
        Self::with(HubOptions::default())
    }

    /// A hub with settings of your own. Its threads start with its first connection.
    pub fn with(mut options: HubOptions) -> Self {
        options.shards = options.shards.clamp(1, 1024);
        let shards = options.shards;
        Self(Arc::new(Inner {
            options,
            topics: Arc::new(TopicTable::new(shards)),
            shards: OnceLock::new(),
            starting: Mutex::new(()),
            counters: (0..shards).map(|_| Arc::default()).collect(),
            refused: AtomicU64::new(0),
            codecs: AtomicU32::new(0),
            next_session: AtomicU64::new(1),
            next_shard: AtomicUsize::new(0),
            slots: Arc::default(),
            #[cfg(feature = "deflate")]
            deflaters: Mutex::default(),
        }))
    }

    /// Whether anybody is subscribed to a topic, or about to be: to spare the work of making a
    /// message.
    pub fn has_subscribers(&self, topic: &str) -> bool {
        self.0.topics.has_interest(topic)
    }

    /// How many sessions are subscribed to a topic.
    pub fn subscriber_count(&self, topic: &str) -> usize {
        self.0.topics.find(topic).map_or(0, |topic| topic.subscribers() as usize)
    }

    /// Makes a topic forget the messages that it remembers. Subscriptions stay.
    pub fn forget(&self, topic: &str) {
        self.0.topics.forget(topic);
    }

    /// Calls `hooks` when a topic gets its first subscriber, and when it has had none for
    /// `debounce`: what comes and goes within that time is one subscriber to a feed. Must be
    /// called in a tokio runtime; the second call for a hub does nothing and answers `false`.
    pub fn watch_topics(&self, debounce: Duration, hooks: impl TopicHooks) -> bool {
        let changes = Arc::new(Changes::default());
        if !self.0.topics.note_changes(Arc::clone(&changes)) {
            return false;
        }
        let watch = Watch {
            hooks: Box::new(hooks),
            debounce,
            table: Arc::downgrade(&self.0.topics),
            clock: Arc::clone(self.clock()),
        };
        tokio::spawn(watch.run(changes));
        true
    }

    /// Calls `visit` for every session, on the sessions' shards, soon: to close those of one user,
    /// for instance, or to take a topic away from them.
    pub fn each_session(&self, visit: impl Fn(&SessionHandle) + Send + Sync + 'static) {
        let visit: Arc<dyn Fn(&SessionHandle) + Send + Sync> = Arc::new(visit);
        for queue in self.0.shards.get().into_iter().flatten() {
            queue.push(Command::Each(Arc::clone(&visit)));
        }
    }

    /// How many topics have subscribers or remember something.
    pub fn topic_count(&self) -> usize {
        self.0.topics.len()
    }

    /// Connections that are open or in their handshake.
    pub fn connection_count(&self) -> usize {
        self.0.slots.taken()
    }

    /// What was counted so far, over all shards.
    pub fn metrics(&self) -> Metrics {
        let mut sum =
            Metrics { handshakes_refused: self.0.refused.load(Relaxed), ..Metrics::default() };
        for counters in &self.0.counters {
            counters.add_to(&mut sum);
        }
        sum
    }

    /// The bounds that hold for all its connections.
    pub fn limits(&self) -> &Limits {
        &self.0.options.limits
    }

    /// Closes all sessions, each at a moment of its own within the drain window, and takes no
    /// more. Plain clients are told 1001, declared ones the close "shutdown" with a wait that ends
    /// within the reconnect window, so that they do not all come back at once: see [`ShutDown`].
    ///
    /// What a session has sent until its moment is answered, and what was queued for it goes out,
    /// before its close frame; for each of the two, and for the client's answer to the close, the
    /// limit `close` is the patience. Returns when the last connection is gone; those that hang
    /// are dropped then.
    pub async fn shut_down(&self, how: impl Into<ShutDown>) {
        let how = how.into();
        self.0.slots.close();
        let window = how.drain;
        let from = self.0.options.clock.now();
        let leave = Leave {
            from,
            window,
            back_from: from + window + how.away,
            back_window: how.reconnect_window(self.connection_count()),
        };
        for queue in self.0.shards.get().into_iter().flatten() {
            queue.push(Command::ShutDown(leave));
        }
        let patience = window + 3 * self.0.options.limits.close + Duration::from_secs(1);
        if tokio::time::timeout(patience, self.0.slots.emptied()).await.is_err() {
            let left = self.connection_count();
            tracing::warn!(left, "connections dropped that did not close in time");
            self.drop_all();
            let _ = tokio::time::timeout(Duration::from_secs(1), self.0.slots.emptied()).await;
        }
    }

    /// Whether [`shut_down`](Self::shut_down) was called.
    pub fn is_shutting_down(&self) -> bool {
        self.0.slots.is_closed()
    }

    /// Waits until everything that was asked for before has been done by the shards: what a test
    /// needs before it can say that nothing happened.
    pub async fn settled(&self) {
        for queue in self.0.shards.get().into_iter().flatten() {
            let (done, wait) = tokio::sync::oneshot::channel();
            queue.push(Command::Barrier(
                Box::new(move || {
                    let _ = done.send(());
                }),
                Rounds::Again,
            ));
            // An error means that the shard is gone, and so is everything that it had to do.
            let _ = wait.await;
        }
    }
}

/// For endpoints and sessions.
impl Hub {
    pub(crate) fn new_log(&self) -> Log {
        self.0.topics.new_log()
    }

    pub(crate) fn interest(&self, topic: &str, shard: usize, class: Class) -> Interest {
        self.0.topics.interest(topic, shard, class)
    }

    /// A channel of the hub has sessions of this codec.
    pub(crate) fn add_codec(&self, codec: Codec) {
        self.0.codecs.fetch_or(Class::new(codec, None).bit(), Relaxed);
    }

    pub(crate) fn clock(&self) -> &Arc<dyn Clock> {
        &self.0.options.clock
    }

    #[cfg(feature = "deflate")]
    pub(crate) fn deflate_options(&self) -> &crate::deflate::DeflateOptions {
        &self.0.options.deflate
    }

    pub(crate) fn next_session(&self) -> SessionId {
        SessionId(self.0.next_session.fetch_add(1, Relaxed))
    }

    /// A place for one more connection; `extra` lets this many more in than the limit says.
    pub(crate) fn take_slot(&self, extra: usize) -> Option<ConnectionSlot> {
        let limit = self.0.options.limits.connections.saturating_add(extra);
        Slots::take(&self.0.slots, limit)
    }

    /// Drops all connections at once, without waiting.
    pub(crate) fn drop_all(&self) {
        for queue in self.0.shards.get().into_iter().flatten() {
            queue.push(Command::DropAll);
        }
    }

    pub(crate) fn count_refusal(&self) {
        self.0.refused.fetch_add(1, Relaxed);
    }

    /// The way into the shard that takes the next connection. Must be called with the
    /// application's runtime entered.
    pub(crate) fn next_shard(&self) -> io::Result<Arc<ShardQueue>> {
        let queues = self.shards()?;
        let index = self.0.next_shard.fetch_add(1, Relaxed) % queues.len();
        Ok(Arc::clone(&queues[index]))
    }

    fn shards(&self) -> io::Result<&[Arc<ShardQueue>]> {
        if let Some(queues) = self.0.shards.get() {
            return Ok(queues);
        }
        let _starting = self.0.starting.lock().unwrap_or_else(PoisonError::into_inner);
        if self.0.shards.get().is_none() {
            if self.is_shutting_down() {
                return Err(io::Error::other("server shuts down"));
            }
            let runtime = tokio::runtime::Handle::current();
            let mut queues = Vec::with_capacity(self.0.options.shards);
            for (index, counters) in self.0.counters.iter().enumerate() {
                let options = ShardOptions {
                    index,
                    clock: Arc::clone(self.clock()),
                    #[cfg(feature = "deflate")]
                    deflate: self.0.options.deflate,
                };
                match shard::start(options, Arc::clone(counters), runtime.clone()) {
                    Ok(queue) => queues.push(queue),
                    Err(error) => {
                        for queue in queues {
                            queue.push(Command::Stop);
                        }
                        return Err(error);
                    }
                }
            }
            let _ = self.0.shards.set(queues.into());
        }
        Ok(self.0.shards.get().map_or(&[], |queues| queues))
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        for queue in self.shards.get().into_iter().flatten() {
            queue.push(Command::Stop);
        }
    }
}

impl Default for Hub {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Hub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hub")
            .field("connections", &self.connection_count())
            .field("topics", &self.topic_count())
            .finish_non_exhaustive()
    }
}
