//! The other side of a session's handle: what the shard does with it.

use super::{Channel, Operation, Path, SessionHandle, SessionId, Shared};
use crate::{
    close::Closes,
    hub::Class,
    service::Subprotocol,
    shard::{ShardQueue, Token},
};
use std::{
    any::Any,
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed},
    },
};

impl SessionHandle {
    #[expect(clippy::too_many_arguments, reason = "the one constructor; the shard has each apart")]
    pub(crate) fn new(
        id: SessionId,
        token: Token,
        shard: usize,
        class: Class,
        remote: Option<SocketAddr>,
        subprotocol: Option<&'static Subprotocol>,
        query: Option<Box<str>>,
        state: Arc<dyn Any + Send + Sync>,
        channel: Arc<Channel>,
        queue: Arc<ShardQueue>,
    ) -> Self {
        Self(Arc::new(Shared {
            id,
            token,
            shard: shard as u32,
            class,
            remote,
            subprotocol,
            query,
            state,
            channel,
            queue,
            control: Mutex::default(),
            unsent: AtomicUsize::new(0),
            overdue: AtomicBool::new(false),
        }))
    }

    pub(crate) fn class(&self) -> Class {
        self.0.class
    }

    /// Which closes the client understands.
    pub(crate) fn closes(&self) -> Closes {
        self.0.subprotocol.map_or(Closes::Plain, |subprotocol| subprotocol.closes)
    }

    pub(crate) fn channel(&self) -> &Arc<Channel> {
        &self.0.channel
    }

    /// The shard is about to call the service and looks at the list by itself afterwards.
    pub(crate) fn attend(&self) {
        self.control().path = Path::Inline;
    }

    /// Takes the list; what is asked for from now on takes this path.
    pub(crate) fn take(&self, path: Path) -> Vec<Operation> {
        let mut control = self.control();
        control.path = path;
        std::mem::take(&mut control.operations)
    }

    /// A send was done.
    pub(crate) fn sent(&self, bytes: usize) {
        self.0.unsent.fetch_sub(bytes, Relaxed);
    }

    /// The request under way has passed its deadline, or is over.
    pub(crate) fn set_overdue(&self, overdue: bool) {
        self.0.overdue.store(overdue, Relaxed);
    }

    /// The session is over: nothing is taken from handles any more.
    pub(crate) fn end(&self) {
        let mut control = self.control();
        control.closed = true;
        let operations = std::mem::take(&mut control.operations);
        let topics = std::mem::take(&mut control.topics);
        drop(control);
        // Interests are given back outside of the lock.
        drop((operations, topics));
    }
}
