//! How other threads talk to a shard.

use super::NewConnection;
use crate::{
    clock::Moment,
    close::CloseReason,
    hub::{Prepared, Topic},
    session::{Operation, Parting, SessionHandle},
};
use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{
            AtomicBool, AtomicUsize,
            Ordering::{Relaxed, SeqCst},
        },
    },
    task::Wake,
    time::Duration,
};

/// Names a connection of a shard. The generation tells a connection from an earlier one in the
/// same place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) index: u32,
    pub(crate) generation: u32,
}

/// What a shard is asked to do. Done in the order in which it was pushed.
pub(crate) enum Command {
    /// Takes a connection over.
    Open(Box<NewConnection>),
    /// Sends a message to the shard's subscribers of a topic.
    Publish(Arc<Topic>, Arc<Prepared>),
    /// Does one thing that a session's handle asked for.
    Operation(Token, Operation),
    /// Ends a session whose input said so, behind what was published before.
    Close(Token, CloseReason, Parting),
    /// Looks at what a session's handles asked for while a request waits.
    Session(Token),
    /// Calls something for every session.
    Each(Arc<dyn Fn(&SessionHandle) + Send + Sync>),
    /// Polls what a connection waits for: its handler, or a transport that is no plain socket.
    Wake(Token),
    /// Closes every connection at a moment of its own; none is taken after it.
    ShutDown(Leave),
    /// Drops every connection.
    DropAll,
    /// Answers when everything before it is done, and what that has put into the queue.
    Barrier(Box<dyn FnOnce() + Send>, Rounds),
    /// Ends the thread.
    Stop,
}

/// When a shard's clients leave, and when they may come back.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Leave {
    pub(crate) from: Moment,
    pub(crate) window: Duration,
    pub(crate) back_from: Moment,
    pub(crate) back_window: Duration,
}

/// How often a barrier goes to the end of the queue before it answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rounds {
    /// Once more.
    Again,
    /// This one counts.
    Last,
}

/// The way into a shard: a list under a lock that is held for a push or a swap, and a wake-up that
/// costs a system call only while the shard sleeps.
#[derive(Debug)]
pub(crate) struct ShardQueue {
    commands: Mutex<Vec<Command>>,
    awake: AtomicBool,
    published_bytes: AtomicUsize,
    waker: mio::Waker,
}

impl std::fmt::Debug for Command {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Open(_) => "Open",
            Self::Publish(..) => "Publish",
            Self::Operation(..) => "Operation",
            Self::Close(..) => "Close",
            Self::Session(_) => "Session",
            Self::Each(_) => "Each",
            Self::Wake(_) => "Wake",
            Self::ShutDown(_) => "ShutDown",
            Self::DropAll => "DropAll",
            Self::Barrier(..) => "Barrier",
            Self::Stop => "Stop",
        })
    }
}

impl ShardQueue {
    pub(crate) fn new(waker: mio::Waker) -> Self {
        Self {
            commands: Mutex::default(),
            awake: AtomicBool::new(true),
            published_bytes: AtomicUsize::new(0),
            waker,
        }
    }

    pub(crate) fn push(&self, command: Command) {
        self.commands.lock().unwrap_or_else(PoisonError::into_inner).push(command);
        self.wake();
    }

    /// Pushes a publish unless `limit` bytes of them wait already.
    pub(crate) fn publish(
        &self,
        topic: &Arc<Topic>,
        prepared: &Arc<Prepared>,
        limit: usize,
    ) -> bool {
        if self.published_bytes.load(Relaxed) > limit {
            return false;
        }
        self.published_bytes.fetch_add(prepared.bytes(), Relaxed);
        self.push(Command::Publish(Arc::clone(topic), Arc::clone(prepared)));
        true
    }

    /// The shard has taken a published message of this size off the queue.
    pub(crate) fn published(&self, bytes: usize) {
        self.published_bytes.fetch_sub(bytes, Relaxed);
    }

    pub(crate) fn wake(&self) {
        if !self.awake.swap(true, SeqCst) {
            // It fails only when the shard is gone with its poll; nobody waits for it then.
            let _ = self.waker.wake();
        }
    }

    /// Moves everything pushed so far to the end of `into`.
    pub(crate) fn take(&self, into: &mut std::collections::VecDeque<Command>) {
        into.extend(self.commands.lock().unwrap_or_else(PoisonError::into_inner).drain(..));
    }

    /// To be called before the shard sleeps: `false` when it must not.
    pub(crate) fn may_sleep(&self) -> bool {
        self.awake.store(false, SeqCst);
        let idle = self.commands.lock().unwrap_or_else(PoisonError::into_inner).is_empty();
        if !idle {
            self.awake.store(true, SeqCst);
        }
        idle
    }

    /// The shard is awake: pushes need not wake it.
    pub(crate) fn woken(&self) {
        self.awake.store(true, SeqCst);
    }
}

/// Wakes one connection: given to its handler's future and to a transport that is no plain socket.
pub(crate) struct ConnectionWaker {
    queue: Arc<ShardQueue>,
    token: Token,
    woken: AtomicBool,
}

impl ConnectionWaker {
    pub(crate) fn new(queue: Arc<ShardQueue>, token: Token) -> Self {
        Self { queue, token, woken: AtomicBool::new(false) }
    }

    /// The shard is about to poll: a wake from now on asks for another poll.
    pub(crate) fn rearm(&self) {
        self.woken.store(false, SeqCst);
    }
}

impl Wake for ConnectionWaker {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if !self.woken.swap(true, SeqCst) {
            self.queue.push(Command::Wake(self.token));
        }
    }
}
