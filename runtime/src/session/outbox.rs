//! What waits for a socket that is not ready. Exists only while something waits.

use bytes::Bytes;
use std::{collections::VecDeque, io::IoSlice};

/// A queue of counted references to frames, its owner bounds it by [`Outbox::bytes`].
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    entries: VecDeque<Entry>,
    bytes: usize,
}

#[derive(Debug)]
struct Entry {
    bytes: Bytes,
    kind: Kind,
}

/// What may happen to an entry while it waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A reply, a control frame, or a frame that is partly written: stays.
    Kept,
    /// A push of the shard's topic with this index: a policy may replace or drop it.
    Push(u32),
}

/// Slices handed to one vectored write. Linux takes up to 1024; more than this gains nothing.
pub(crate) const SLICES: usize = 64;

impl Outbox {
    /// Bytes that wait.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Whether more than `limit` bytes wait before the last frame: one frame always has room, or
    /// a message longer than the limit could never be sent.
    pub(crate) fn is_over(&self, limit: usize) -> bool {
        let last = self.entries.back().map_or(0, |entry| entry.bytes.len());
        self.bytes - last > limit
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub(crate) fn push(&mut self, bytes: Bytes, kind: Kind) {
        if !bytes.is_empty() {
            self.bytes += bytes.len();
            self.entries.push_back(Entry { bytes, kind });
        }
    }

    /// The front of the queue as slices; their number.
    pub(crate) fn slices<'a>(&'a self, slices: &mut [IoSlice<'a>; SLICES]) -> usize {
        let mut filled = 0;
        for (slice, entry) in slices.iter_mut().zip(&self.entries) {
            *slice = IoSlice::new(&entry.bytes);
            filled += 1;
        }
        filled
    }

    /// Takes `written` bytes off the front. A frame that is partly written is kept from then on.
    pub(crate) fn advance(&mut self, mut written: usize) {
        self.bytes = self.bytes.saturating_sub(written);
        while let Some(front) = self.entries.front_mut() {
            if front.bytes.len() > written {
                if written > 0 {
                    bytes::Buf::advance(&mut front.bytes, written);
                    front.kind = Kind::Kept;
                }
                return;
            }
            written -= front.bytes.len();
            self.entries.pop_front();
        }
    }

    /// Drops all pushes that are not partly written; their number.
    pub(crate) fn drop_pushes(&mut self) -> u64 {
        let before = self.entries.len();
        self.entries.retain(|entry| entry.kind == Kind::Kept);
        self.bytes = self.entries.iter().map(|entry| entry.bytes.len()).sum();
        (before - self.entries.len()) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(outbox: &Outbox) -> Vec<u8> {
        let mut slices = [IoSlice::new(&[]); SLICES];
        let filled = outbox.slices(&mut slices);
        slices[..filled].iter().flat_map(|slice| slice.to_vec()).collect()
    }

    #[test]
    fn a_frame_that_is_partly_written_survives_every_policy() {
        let mut outbox = Outbox::default();
        outbox.push(Bytes::from_static(b"first"), Kind::Push(1));
        outbox.push(Bytes::from_static(b"reply"), Kind::Kept);
        outbox.push(Bytes::from_static(b"third"), Kind::Push(1));
        outbox.push(Bytes::from_static(b"other"), Kind::Push(2));
        outbox.advance(2);
        assert_eq!(written(&outbox), b"rstreplythirdother");
        assert_eq!(outbox.drop_pushes(), 2);
        assert_eq!((written(&outbox).as_slice(), outbox.bytes()), (&b"rstreply"[..], 8));
        outbox.advance(8);
        assert!(outbox.is_empty());
    }
}
