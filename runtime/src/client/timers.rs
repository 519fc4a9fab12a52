//! Timers by purpose, on a clock that somebody else reads.
//!
//! In: what is to happen when. Out: what is due. There is one timer for each purpose; setting it again
//! moves it. Of timers that are due at the same moment the one that was set first goes first.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;
use std::time::Duration;

/// Timers of purposes `K`; times are counted from the client's beginning.
#[derive(Debug)]
pub(crate) struct Timers<K> {
    due: BTreeMap<(Duration, u64), K>,
    set: HashMap<K, (Duration, u64)>,
    number: u64,
}

impl<K> Default for Timers<K> {
    fn default() -> Self {
        Self { due: BTreeMap::new(), set: HashMap::new(), number: 0 }
    }
}

impl<K: Copy + Eq + Hash> Timers<K> {
    pub(crate) fn set(&mut self, purpose: K, at: Duration) {
        self.clear(purpose);
        self.number += 1;
        self.due.insert((at, self.number), purpose);
        self.set.insert(purpose, (at, self.number));
    }

    pub(crate) fn clear(&mut self, purpose: K) {
        if let Some(place) = self.set.remove(&purpose) {
            self.due.remove(&place);
        }
    }

    /// When the next one is due.
    pub(crate) fn next(&self) -> Option<Duration> {
        self.due.keys().next().map(|(at, _)| *at)
    }

    /// When the one of a purpose is due.
    #[cfg(test)]
    pub(crate) fn due_at(&self, purpose: K) -> Option<Duration> {
        self.set.get(&purpose).map(|(at, _)| *at)
    }

    /// Takes one that is due.
    pub(crate) fn take(&mut self, now: Duration) -> Option<K> {
        let (&place, &purpose) = self.due.first_key_value()?;
        if place.0 > now {
            return None;
        }
        self.due.remove(&place);
        self.set.remove(&purpose);
        Some(purpose)
    }
}
