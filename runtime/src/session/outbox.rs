//! What waits for a socket that is not ready. Exists only while something waits.

use crate::hub::Overflow;
use bytes::Bytes;
use std::{
    collections::{HashMap, VecDeque},
    io::IoSlice,
};

/// A published frame on its way to one receiver.
#[derive(Clone, Debug)]
pub(crate) struct Push {
    /// The shard's index of the topic.
    pub(crate) topic: u32,
    /// Which of the topic's values it is, where newer values replace older ones.
    pub(crate) key: u64,
    pub(crate) overflow: Overflow,
    pub(crate) bytes: Bytes,
}

/// A queue of counted references to frames; its owner bounds it by [`Outbox::is_over`].
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    entries: VecDeque<Entry>,
    /// Entries that have left the front, so that an entry keeps its number while others go.
    left: u64,
    bytes: usize,
    /// Numbers of the entries that a newer value replaces. Looked up by a walk while they are few.
    newest: HashMap<(u32, u64), u64>,
    /// Messages that were not delivered, by topic, and nobody was told yet.
    dropped: Vec<(u32, u64)>,
}

#[derive(Debug)]
struct Entry {
    /// Empty for a frame that was dropped where it stood.
    bytes: Bytes,
    kind: Kind,
}

/// What may happen to an entry while it waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// A reply, a control frame, or a frame that is partly written: stays.
    Kept,
    /// A push: a policy may replace or drop it.
    Push { topic: u32, key: u64, overflow: Overflow },
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
        self.bytes == 0
    }

    /// Queues what no policy may touch.
    pub(crate) fn keep(&mut self, bytes: Bytes) {
        self.append(bytes, Kind::Kept);
    }

    /// Queues a push, or lets it take the place of what its topic's policy gives up for it.
    pub(crate) fn push(&mut self, push: Push, limit: usize) {
        let Push { topic, key, overflow, bytes } = push;
        match overflow {
            Overflow::Close => {}
            Overflow::Conflate => {
                let number = self.newest.get(&(topic, key)).copied();
                if let Some(at) = number.and_then(|number| number.checked_sub(self.left))
                    && let Some(older) = self.entries.get_mut(at as usize)
                    && older.kind == (Kind::Push { topic, key, overflow })
                {
                    self.bytes = self.bytes - older.bytes.len() + bytes.len();
                    older.bytes = bytes;
                    self.count_dropped(topic);
                    return;
                }
                let number = self.left + self.entries.len() as u64;
                self.newest.insert((topic, key), number);
            }
            Overflow::DropOldest => {
                let mut at = 0;
                while self.bytes + bytes.len() > limit && at < self.entries.len() {
                    let entry = &mut self.entries[at];
                    let same = matches!(entry.kind, Kind::Push { topic: of, .. } if of == topic);
                    if same && !entry.bytes.is_empty() {
                        self.bytes -= std::mem::take(&mut entry.bytes).len();
                        self.count_dropped(topic);
                    }
                    at += 1;
                }
                self.remove_empty();
            }
        }
        self.append(bytes, Kind::Push { topic, key, overflow });
    }

    fn append(&mut self, bytes: Bytes, kind: Kind) {
        if !bytes.is_empty() {
            self.bytes += bytes.len();
            self.entries.push_back(Entry { bytes, kind });
        }
    }

    fn count_dropped(&mut self, topic: u32) {
        match self.dropped.iter_mut().find(|(of, _)| *of == topic) {
            Some((_, count)) => *count += 1,
            None => self.dropped.push((topic, 1)),
        }
    }

    /// What was dropped since the last call, by topic.
    pub(crate) fn take_dropped(&mut self) -> Vec<(u32, u64)> {
        std::mem::take(&mut self.dropped)
    }

    /// Messages that were dropped and not told of yet.
    pub(crate) fn dropped(&self) -> u64 {
        self.dropped.iter().map(|(_, count)| count).sum()
    }

    /// The front of the queue as slices; their number.
    pub(crate) fn slices<'a>(&'a self, slices: &mut [IoSlice<'a>; SLICES]) -> usize {
        let waiting = self.entries.iter().filter(|entry| !entry.bytes.is_empty());
        let mut filled = 0;
        for (slice, entry) in slices.iter_mut().zip(waiting) {
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
                    self.keep_front();
                }
                return;
            }
            written -= front.bytes.len();
            self.pop_front();
        }
    }

    fn keep_front(&mut self) {
        if let Some(front) = self.entries.front_mut()
            && let Kind::Push { topic, key, .. } = std::mem::replace(&mut front.kind, Kind::Kept)
        {
            self.forget(topic, key, self.left);
        }
    }

    fn pop_front(&mut self) {
        if let Some(Entry { kind: Kind::Push { topic, key, .. }, .. }) = self.entries.pop_front() {
            self.forget(topic, key, self.left);
        }
        self.left += 1;
    }

    fn forget(&mut self, topic: u32, key: u64, number: u64) {
        if self.newest.get(&(topic, key)) == Some(&number) {
            self.newest.remove(&(topic, key));
        }
    }

    /// A topic's subscription ends: what still waits of it is delivered as it is. The index may
    /// come to mean another topic, or a later subscription, whose pushes have their place behind
    /// that subscription's reply.
    pub(crate) fn keep_topic(&mut self, topic: u32) {
        for entry in &mut self.entries {
            if matches!(entry.kind, Kind::Push { topic: of, .. } if of == topic) {
                entry.kind = Kind::Kept;
            }
        }
        self.newest.retain(|(of, _), _| *of != topic);
        self.dropped.retain(|(of, _)| *of != topic);
    }

    fn remove_empty(&mut self) {
        while self.entries.front().is_some_and(|front| front.bytes.is_empty()) {
            self.pop_front();
        }
    }

    /// Drops all pushes that are not partly written.
    pub(crate) fn drop_pushes(&mut self) {
        let entries = std::mem::take(&mut self.entries);
        self.left += entries.len() as u64;
        self.newest.clear();
        self.bytes = 0;
        for Entry { bytes, kind } in entries {
            match kind {
                Kind::Kept => self.append(bytes, kind),
                Kind::Push { .. } if bytes.is_empty() => {}
                Kind::Push { topic, .. } => self.count_dropped(topic),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn push(topic: u32, key: u64, overflow: Overflow, text: &'static str) -> Push {
        Push { topic, key, overflow, bytes: Bytes::from_static(text.as_bytes()) }
    }

    fn waiting(outbox: &Outbox) -> String {
        let mut slices = [IoSlice::new(&[]); SLICES];
        let filled = outbox.slices(&mut slices);
        let bytes: Vec<u8> = slices[..filled].iter().flat_map(|slice| slice.to_vec()).collect();
        assert_eq!(bytes.len(), outbox.bytes());
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn a_frame_that_is_partly_written_survives_every_policy() {
        let mut outbox = Outbox::default();
        outbox.push(push(1, 0, Overflow::Conflate, "first"), 100);
        outbox.keep(Bytes::from_static(b"reply"));
        outbox.advance(2);
        outbox.push(push(1, 0, Overflow::Conflate, "third"), 100);
        assert_eq!(waiting(&outbox), "rstreplythird");
        outbox.push(push(1, 0, Overflow::Conflate, "newer"), 100);
        assert_eq!(waiting(&outbox), "rstreplynewer");
        outbox.drop_pushes();
        assert_eq!(waiting(&outbox), "rstreply");
        assert_eq!(outbox.take_dropped(), [(1, 2)]);
        outbox.advance(8);
        assert!(outbox.is_empty());
    }

    #[test]
    fn the_newest_value_of_a_key_takes_the_place_of_the_older_one() {
        let mut outbox = Outbox::default();
        for (topic, key, text) in [(1, 7, "a1"), (1, 8, "b1"), (2, 7, "c1"), (1, 7, "a2")] {
            outbox.push(push(topic, key, Overflow::Conflate, text), 100);
        }
        assert_eq!(waiting(&outbox), "a2b1c1");
        outbox.advance(2);
        outbox.push(push(1, 7, Overflow::Conflate, "a3"), 100);
        assert_eq!(waiting(&outbox), "b1c1a3", "what was written is not replaced");
        assert_eq!(outbox.dropped(), 1);
    }

    #[test]
    fn the_oldest_of_its_own_topic_makes_room() {
        let mut outbox = Outbox::default();
        outbox.push(push(2, 0, Overflow::DropOldest, "xx"), 8);
        for text in ["a1", "a2", "a3", "a4", "a5"] {
            outbox.push(push(1, 0, Overflow::DropOldest, text), 8);
        }
        assert_eq!(waiting(&outbox), "xxa3a4a5");
        assert_eq!(outbox.take_dropped(), [(1, 2)]);
        assert!(!outbox.is_over(8));
    }

    proptest! {
        #[test]
        fn the_bytes_are_those_of_what_waits(
            steps in prop::collection::vec((0u32..3, 0u64..3, 0u8..5, 0usize..12), 0..100),
        ) {
            let mut outbox = Outbox::default();
            for (topic, key, what, size) in steps {
                match what {
                    0 => outbox.push(push(topic, key, Overflow::Conflate, "conflated"), 40),
                    1 => outbox.push(push(topic, key, Overflow::DropOldest, "dropped"), 40),
                    2 => outbox.push(push(topic, key, Overflow::Close, "close"), 40),
                    3 => outbox.advance(size.min(outbox.bytes())),
                    _ if size == 0 => outbox.drop_pushes(),
                    _ => outbox.keep(Bytes::from_static(b"kept")),
                }
                if outbox.entries.len() <= SLICES {
                    waiting(&outbox);
                }
            }
        }
    }
}
