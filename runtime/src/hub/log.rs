//! What a topic remembers: its last messages, numbered.

use super::Prepared;
use std::{collections::VecDeque, fmt, str::FromStr, sync::Arc};

/// A place in a topic's sequence of messages. A subscriber that comes back with the last one it
/// has seen gets what it missed, if the topic still has all of it.
///
/// Its text form is `<epoch in hexadecimal>-<offset>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Position {
    /// Tells this sequence from one with the same name in an earlier life of the server.
    pub epoch: u64,
    /// Number of the message in the sequence; 0 is before the first.
    pub offset: u64,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}-{}", self.epoch, self.offset)
    }
}

/// A text is no position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoPosition;

impl fmt::Display for NoPosition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected a position as `1f2e-7`")
    }
}

impl std::error::Error for NoPosition {}

impl FromStr for Position {
    type Err = NoPosition;

    fn from_str(text: &str) -> Result<Self, NoPosition> {
        let (epoch, offset) = text.split_once('-').ok_or(NoPosition)?;
        Ok(Self {
            epoch: u64::from_str_radix(epoch, 16).map_err(|_| NoPosition)?,
            offset: offset.parse().map_err(|_| NoPosition)?,
        })
    }
}

/// What a new subscriber gets of what was published before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Replay {
    /// Nothing.
    #[default]
    None,
    /// The last messages that the topic remembers, at most so many: `Last(1)` is the last value.
    Last(u32),
    /// Everything after this position.
    Since(Position),
}

/// How a replay came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recovery {
    /// None was asked for, or the topic remembers nothing.
    None,
    /// All that was asked for follows the reply: so many messages.
    Complete(usize),
    /// The topic no longer has all of it, or is another one of the same name: messages are
    /// missing between the position and what follows.
    Gap,
}

/// The last messages of a topic.
#[derive(Debug)]
pub(crate) struct Log {
    epoch: u64,
    /// Offset of the last message.
    last: u64,
    kept: VecDeque<Arc<Prepared>>,
    keep: usize,
    /// Subscriptions on their way that count on what is kept now.
    pins: usize,
}

/// Messages kept beyond what the topic wants, for subscriptions on their way.
const PINNED: usize = 4096;

impl Log {
    pub(crate) fn new(epoch: u64) -> Self {
        Self { epoch, last: 0, kept: VecDeque::new(), keep: 0, pins: 0 }
    }

    pub(crate) fn position(&self) -> Position {
        Position { epoch: self.epoch, offset: self.last }
    }

    /// Forgets all messages. Their numbers go on: subscribers that are there know them by these.
    pub(crate) fn forget(&mut self, epoch: u64) {
        self.epoch = epoch;
        self.kept.clear();
    }

    /// Numbers a message and remembers it beside `keep` minus one others. Of a topic whose values
    /// replace each other only the newest of each key is remembered.
    pub(crate) fn push(&mut self, mut message: Prepared, keep: usize) -> Arc<Prepared> {
        self.last += 1;
        self.keep = keep;
        message.offset = self.last;
        let message = Arc::new(message);
        if message.conflates() {
            let older = self.kept.iter().position(|older| older.key == message.key);
            if let Some(older) = older.filter(|_| self.pins == 0) {
                self.kept.remove(older);
            }
        }
        self.kept.push_back(Arc::clone(&message));
        self.trim();
        message
    }

    fn trim(&mut self) {
        let room = if self.pins > 0 { self.keep + PINNED } else { self.keep };
        while self.kept.len() > room {
            self.kept.pop_front();
        }
    }

    pub(crate) fn pin(&mut self) {
        self.pins += 1;
    }

    pub(crate) fn unpin(&mut self) {
        self.pins = self.pins.saturating_sub(1);
        self.trim();
    }

    /// Where a subscriber begins, and how its wish comes out.
    pub(crate) fn start(&self, replay: Replay) -> (u64, Recovery) {
        match replay {
            Replay::None => (self.last, Recovery::None),
            Replay::Last(_) if self.kept.is_empty() => (self.last, Recovery::None),
            Replay::Last(n) => {
                let first = self.kept.len().saturating_sub(n as usize);
                let before = self.kept.get(first).map_or(self.last, |first| first.offset - 1);
                (before, Recovery::Complete(self.kept.len() - first))
            }
            Replay::Since(position) => {
                let first = self.kept.front().map_or(self.last + 1, |first| first.offset);
                let known = position.epoch == self.epoch
                    && position.offset <= self.last
                    && position.offset + 1 >= first
                    // Between values that replaced each other there are holes.
                    && !self.kept.iter().any(|kept| kept.conflates());
                if known {
                    let missed = (self.last - position.offset) as usize;
                    (position.offset, Recovery::Complete(missed))
                } else {
                    (first - 1, Recovery::Gap)
                }
            }
        }
    }

    /// What is remembered after `offset`, and the offset that the subscriber then has.
    pub(crate) fn after(&self, offset: u64) -> (Vec<Arc<Prepared>>, u64) {
        let missed = self.kept.iter().filter(|message| message.offset > offset).cloned().collect();
        (missed, self.last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        codec::{Codec, EncodeError},
        hub::{Class, Overflow, Publish},
    };

    fn message(publish: Publish<'_>) -> Prepared {
        let empty = |_: Codec, _: &mut Vec<u8>| -> Result<(), EncodeError> { Ok(()) };
        let json = Class::new(Codec::Json, None);
        let key = publish.key.bytes().map(u64::from).sum();
        Prepared::new(&empty, json.bit(), publish.overflow, key, |_, _| None).unwrap()
    }

    fn offsets(log: &Log, after: u64) -> Vec<u64> {
        log.after(after).0.iter().map(|message| message.offset).collect()
    }

    #[test]
    fn the_last_messages_are_kept_and_a_gap_is_said() {
        let mut log = Log::new(0xfeed);
        let before = log.position();
        assert_eq!(log.start(Replay::Since(before)), (0, Recovery::Complete(0)));
        for _ in 0..5 {
            log.push(message(Publish::default()), 3);
        }
        assert_eq!(log.start(Replay::Last(2)), (3, Recovery::Complete(2)));
        assert_eq!(log.start(Replay::Last(9)), (2, Recovery::Complete(3)));
        let since = |offset| Replay::Since(Position { offset, ..before });
        assert_eq!(log.start(since(5)), (5, Recovery::Complete(0)));
        assert_eq!(log.start(since(2)), (2, Recovery::Complete(3)));
        assert_eq!(log.start(since(1)), (2, Recovery::Gap), "message 2 is gone");
        assert_eq!(log.start(since(6)), (2, Recovery::Gap), "of another life");
        let other = Position { epoch: before.epoch ^ 1, offset: 4 };
        assert_eq!(log.start(Replay::Since(other)), (2, Recovery::Gap));
        assert_eq!(offsets(&log, 3), [4, 5]);
    }

    #[test]
    fn what_a_subscription_on_its_way_counts_on_is_kept() {
        let mut log = Log::new(0xfeed);
        log.push(message(Publish::default()), 1);
        log.pin();
        log.push(message(Publish::default()), 1);
        log.push(message(Publish::default()), 1);
        assert_eq!(offsets(&log, 1), [2, 3]);
        log.unpin();
        assert_eq!(offsets(&log, 0), [3]);
    }

    #[test]
    fn the_newest_value_of_each_key_is_kept() {
        let mut log = Log::new(0xfeed);
        for key in ["a", "b", "a", "c"] {
            let publish = Publish { key, overflow: Overflow::Conflate, keep: 2 };
            log.push(message(publish), 2);
        }
        assert_eq!(offsets(&log, 0), [3, 4]);
    }

    #[test]
    fn a_position_reads_back_from_its_text() {
        let position = Position { epoch: 0xfeed, offset: 42 };
        assert_eq!(position.to_string(), "feed-42");
        assert_eq!("feed-42".parse(), Ok(position));
        assert_eq!("feed".parse::<Position>(), Err(NoPosition));
    }
}
