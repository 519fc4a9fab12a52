//! When which connection has to be looked at: a heap, instead of a timer for each.
//!
//! Activity does not touch it. A connection has one entry that counts, for the earliest moment at
//! which something may be due; when it comes, the connection says whether something is, and when
//! to look next.

use super::Token;
use crate::clock::Moment;
use std::{cmp::Reverse, collections::BinaryHeap, time::Duration};

#[derive(Debug, Default)]
pub(crate) struct Deadlines {
    heap: BinaryHeap<Reverse<(Moment, u32, u32)>>,
}

/// An entry of a connection that has gone stays until its moment. No entry lies further ahead than
/// this, so that a storm of short connections with long lifespans does not pile them up.
const FURTHEST: Duration = Duration::from_secs(60);

impl Deadlines {
    /// Makes sure that the connection is looked at no later than `at`. `armed` is the moment of
    /// the entry that it has.
    #[inline]
    pub(crate) fn arm(&mut self, token: Token, armed: &mut Moment, at: Moment, now: Moment) {
        let at = at.min(now + FURTHEST);
        if at < *armed {
            *armed = at;
            self.heap.push(Reverse((at, token.index, token.generation)));
        }
    }

    /// The next entry that has come.
    pub(crate) fn pop(&mut self, now: Moment) -> Option<(Token, Moment)> {
        let Reverse((at, index, generation)) = *self.heap.peek()?;
        if at > now {
            return None;
        }
        self.heap.pop();
        Some((Token { index, generation }, at))
    }

    /// How long nothing will come.
    pub(crate) fn next(&self, now: Moment) -> Option<Duration> {
        self.heap.peek().map(|Reverse((at, ..))| at.since(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_later_deadline_costs_nothing_and_an_earlier_one_counts() {
        let mut deadlines = Deadlines::default();
        let token = Token { index: 3, generation: 1 };
        let at = |seconds| Moment::new(Duration::from_secs(seconds));
        let mut armed = Moment::MAX;
        deadlines.arm(token, &mut armed, at(10), at(0));
        deadlines.arm(token, &mut armed, at(20), at(0));
        deadlines.arm(token, &mut armed, at(5), at(0));
        assert_eq!(armed, at(5));
        assert_eq!(deadlines.next(at(1)), Some(Duration::from_secs(4)));
        assert_eq!(deadlines.pop(at(4)), None);
        assert_eq!(deadlines.pop(at(5)), Some((token, at(5))));
        assert_eq!(deadlines.pop(at(10)), Some((token, at(10))), "the stale entry, to be ignored");
        let mut armed = Moment::MAX;
        deadlines.arm(token, &mut armed, at(4000), at(0));
        assert_eq!(armed, at(60));
    }
}
