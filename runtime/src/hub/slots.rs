//! How many connections there are, how many there may be, and when the last one is gone.

use std::sync::{
    Arc,
    atomic::{
        AtomicBool, AtomicUsize,
        Ordering::{AcqRel, Acquire, SeqCst},
    },
};
use tokio::sync::Notify;

/// Connections that are open or about to be.
#[derive(Debug, Default)]
pub(super) struct Slots {
    taken: AtomicUsize,
    closing: AtomicBool,
    empty: Notify,
}

/// One connection's share of the limit; given back when it is dropped.
#[derive(Debug)]
pub(crate) struct ConnectionSlot(Arc<Slots>);

impl Drop for ConnectionSlot {
    fn drop(&mut self) {
        if self.0.taken.fetch_sub(1, AcqRel) == 1 {
            self.0.empty.notify_waiters();
        }
    }
}

impl Slots {
    /// A place for one more connection, unless `limit` are taken.
    pub(super) fn take(slots: &Arc<Self>, limit: usize) -> Option<ConnectionSlot> {
        let before = slots.taken.fetch_add(1, AcqRel);
        // Dropping the slot gives it back.
        let slot = ConnectionSlot(Arc::clone(slots));
        (before < limit).then_some(slot)
    }

    pub(super) fn taken(&self) -> usize {
        self.taken.load(Acquire)
    }

    /// Nobody is to be let in any more.
    pub(super) fn close(&self) {
        self.closing.store(true, SeqCst);
    }

    pub(super) fn is_closed(&self) -> bool {
        self.closing.load(SeqCst)
    }

    /// Waits until no slot is taken.
    pub(super) async fn emptied(&self) {
        loop {
            let mut empty = std::pin::pin!(self.empty.notified());
            empty.as_mut().enable();
            if self.taken() == 0 {
                return;
            }
            empty.await;
        }
    }
}
