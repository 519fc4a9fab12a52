//! What the engine counts, and how little that costs.
//!
//! Each shard owns its counters and is their only writer, so that counting is a load and a store
//! without a locked instruction; [`Metrics`] is the sum over all shards when somebody asks.

use crate::close::CloseCode;
use std::{
    collections::BTreeMap,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};

/// A sum over all shards of a hub, taken at one moment. Counters only grow; the two gauges say so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Metrics {
    /// Connections open now (gauge).
    pub connections_open: u64,
    /// Connections accepted so far.
    pub connections_total: u64,
    /// Handshakes answered with a refusal.
    pub handshakes_refused: u64,
    /// Closed sessions by the code of the first close frame, 1006 where there was none.
    pub closed: BTreeMap<CloseCode, u64>,
    /// Messages received.
    pub messages_in: u64,
    /// Messages sent: replies, pushes and direct sends, each receiver counted.
    pub messages_out: u64,
    /// Bytes received after the handshake.
    pub bytes_in: u64,
    /// Bytes written after the handshake.
    pub bytes_out: u64,
    /// Writes to sockets, each one system call.
    pub writes: u64,
    /// Messages that a full queue did not take.
    pub dropped: u64,
    /// Bytes queued for sockets that are not ready (gauge).
    pub queued_bytes: u64,
    /// Handlers that panicked; each closed its session.
    pub panics: u64,
}

/// The counters of one shard.
#[derive(Debug, Default)]
pub(crate) struct ShardCounters {
    pub(crate) open: Counter,
    pub(crate) total: Counter,
    pub(crate) messages_in: Counter,
    pub(crate) messages_out: Counter,
    pub(crate) bytes_in: Counter,
    pub(crate) bytes_out: Counter,
    pub(crate) writes: Counter,
    pub(crate) dropped: Counter,
    pub(crate) queued_bytes: Counter,
    pub(crate) panics: Counter,
    closed: Mutex<BTreeMap<CloseCode, u64>>,
}

/// A number that one thread writes and any thread reads.
#[derive(Debug, Default)]
pub(crate) struct Counter(AtomicU64);

impl Counter {
    /// Only for the thread that owns the counter: not a read-modify-write.
    #[inline]
    pub(crate) fn add(&self, n: u64) {
        self.0.store(self.0.load(Relaxed).wrapping_add(n), Relaxed);
    }

    /// As [`Counter::add`].
    #[inline]
    pub(crate) fn subtract(&self, n: u64) {
        self.0.store(self.0.load(Relaxed).wrapping_sub(n), Relaxed);
    }

    /// A gauge's share goes from one value to another. As [`Counter::add`].
    pub(crate) fn change(&self, before: usize, after: usize) {
        self.add((after as u64).wrapping_sub(before as u64));
    }

    pub(crate) fn get(&self) -> u64 {
        self.0.load(Relaxed)
    }
}

impl ShardCounters {
    pub(crate) fn closed(&self, code: CloseCode) {
        *self.closed.lock().unwrap_or_else(PoisonError::into_inner).entry(code).or_default() += 1;
    }

    pub(crate) fn add_to(&self, sum: &mut Metrics) {
        sum.connections_open += self.open.get();
        sum.connections_total += self.total.get();
        sum.messages_in += self.messages_in.get();
        sum.messages_out += self.messages_out.get();
        sum.bytes_in += self.bytes_in.get();
        sum.bytes_out += self.bytes_out.get();
        sum.writes += self.writes.get();
        sum.dropped += self.dropped.get();
        sum.queued_bytes += self.queued_bytes.get();
        sum.panics += self.panics.get();
        for (code, n) in &*self.closed.lock().unwrap_or_else(PoisonError::into_inner) {
            *sum.closed.entry(*code).or_default() += n;
        }
    }
}
