//! The members of a JSON object.
//!
//! In: keys and values one by one. Out: the same in the order of first appearance, each key once,
//! the last value of a repeated key. Knows nothing of JSON text.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{BuildHasher, BuildHasherDefault, Hasher, RandomState};

use super::Json;

/// An object: members in the order they were written, found by name.
///
/// Of a repeated key the last value counts, at the place of the first (RFC 8259 §4 leaves it open;
/// this is what JavaScript and `serde_json` do). Up to sixteen members are searched one after the
/// other, which is the fastest; beyond that an index with a random hash key takes over, so that
/// no choice of keys by a peer makes lookups slow.
#[derive(Clone, Default)]
pub struct Object<'a> {
    members: Vec<(Cow<'a, str>, Json<'a>)>,
    index: Option<Box<Index>>,
}

/// Up to this many members, comparing lengths and bytes in a row beats hashing.
const UNINDEXED: usize = 16;

/// Position of each key by its hash. Two keys with the same 64 bits are possible but not to be had
/// on purpose; the second of them is found by looking through `clashes`.
#[derive(Clone, Default)]
struct Index {
    hasher: RandomState,
    first: HashMap<u64, usize, BuildHasherDefault<Hashed>>,
    clashes: Vec<usize>,
}

/// The keys of `Index::first` are hashes already.
#[derive(Clone, Default)]
struct Hashed(u64);

impl Hasher for Hashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(byte);
        }
    }
}

impl<'a> Object<'a> {
    /// An object without members.
    pub const fn new() -> Self {
        Self { members: Vec::new(), index: None }
    }

    /// How many members there are.
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// The value of a member.
    pub fn get(&self, key: &str) -> Option<&Json<'a>> {
        self.position(key).map(|at| &self.members[at].1)
    }

    /// The value of a member, to change.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Json<'a>> {
        self.position(key).map(|at| &mut self.members[at].1)
    }

    /// Whether there is a member of this name.
    pub fn contains_key(&self, key: &str) -> bool {
        self.position(key).is_some()
    }

    /// Adds a member behind the others, or gives the one of this name another value and returns
    /// the old one.
    pub fn insert(
        &mut self,
        key: impl Into<Cow<'a, str>>,
        value: impl Into<Json<'a>>,
    ) -> Option<Json<'a>> {
        self.put(key.into(), value.into())
    }

    pub(super) fn put(&mut self, key: Cow<'a, str>, value: Json<'a>) -> Option<Json<'a>> {
        if self.members.len() < UNINDEXED {
            for (name, old) in &mut self.members {
                if *name == key {
                    return Some(std::mem::replace(old, value));
                }
            }
            self.members.push((key, value));
            return None;
        }
        let index = match &mut self.index {
            Some(index) => index,
            none => none.insert(Box::new(Index::of(&self.members))),
        };
        match index.enter(&self.members, &key, self.members.len()) {
            Some(at) => Some(std::mem::replace(&mut self.members[at].1, value)),
            None => {
                self.members.push((key, value));
                None
            }
        }
    }

    /// Takes a member out; the others keep their order. Costs as much as the object is long.
    pub fn remove(&mut self, key: &str) -> Option<Json<'a>> {
        let at = self.position(key)?;
        let (_, value) = self.members.remove(at);
        self.index = (self.members.len() > UNINDEXED).then(|| Box::new(Index::of(&self.members)));
        Some(value)
    }

    /// The members in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &Json<'a>)> {
        self.members.iter().map(|(key, value)| (&**key, value))
    }

    /// The names in order.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &str> {
        self.members.iter().map(|(key, _)| &**key)
    }

    /// The values in order.
    pub fn values(&self) -> impl ExactSizeIterator<Item = &Json<'a>> {
        self.members.iter().map(|(_, value)| value)
    }

    /// The object without its borrows.
    pub fn into_owned(self) -> Object<'static> {
        let owned = |(key, value): (Cow<'a, str>, Json<'a>)| {
            (Cow::Owned(key.into_owned()), value.into_owned())
        };
        Object { members: self.members.into_iter().map(owned).collect(), index: self.index }
    }

    pub(super) fn members(&self) -> &[(Cow<'a, str>, Json<'a>)] {
        &self.members
    }

    fn position(&self, key: &str) -> Option<usize> {
        match &self.index {
            None => self.members.iter().position(|(name, _)| name == key),
            Some(index) => index.position(&self.members, key),
        }
    }
}

impl Index {
    fn of(members: &[(Cow<'_, str>, Json<'_>)]) -> Self {
        let mut index = Self::default();
        for (at, (key, _)) in members.iter().enumerate() {
            index.enter(members, key, at);
        }
        index
    }

    fn position(&self, members: &[(Cow<'_, str>, Json<'_>)], key: &str) -> Option<usize> {
        let at = *self.first.get(&self.hasher.hash_one(key))?;
        if members[at].0 == key {
            return Some(at);
        }
        self.clashes.iter().copied().find(|&at| members[at].0 == key)
    }

    /// Where `key` already is, or nothing after noting that it is now at `end`.
    fn enter(
        &mut self,
        members: &[(Cow<'_, str>, Json<'_>)],
        key: &str,
        end: usize,
    ) -> Option<usize> {
        match self.first.entry(self.hasher.hash_one(key)) {
            Entry::Vacant(free) => {
                free.insert(end);
                None
            }
            Entry::Occupied(taken) => {
                let mut candidates =
                    std::iter::once(*taken.get()).chain(self.clashes.iter().copied());
                let found = candidates.find(|&at| members[at].0 == key);
                if found.is_none() {
                    self.clashes.push(end);
                }
                found
            }
        }
    }
}

impl<'a> IntoIterator for Object<'a> {
    type Item = (Cow<'a, str>, Json<'a>);
    type IntoIter = std::vec::IntoIter<(Cow<'a, str>, Json<'a>)>;

    fn into_iter(self) -> Self::IntoIter {
        self.members.into_iter()
    }
}

impl<'a, K: Into<Cow<'a, str>>, V: Into<Json<'a>>> Extend<(K, V)> for Object<'a> {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, members: I) {
        for (key, value) in members {
            self.insert(key, value);
        }
    }
}

impl<'a, K: Into<Cow<'a, str>>, V: Into<Json<'a>>> FromIterator<(K, V)> for Object<'a> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(members: I) -> Self {
        let mut object = Self::new();
        object.extend(members);
        object
    }
}

impl PartialEq<Object<'_>> for Object<'_> {
    /// The same members with equal values, in whatever order (JSON Schema core §4.2.2).
    fn eq(&self, other: &Object<'_>) -> bool {
        self.len() == other.len()
            && self.iter().all(|(key, value)| other.get(key).is_some_and(|found| value == found))
    }
}

impl Eq for Object<'_> {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_of_a_repeated_key_counts_at_the_place_of_the_first_whatever_the_size() {
        for size in [3, UNINDEXED, UNINDEXED + 1, 500] {
            let mut object: Object<'_> = (0..size).map(|n| (format!("k{n}"), n)).collect();
            assert_eq!(object.insert("k1", true), Some(Json::from(1)));
            assert_eq!(object.len(), size);
            assert_eq!(object.keys().nth(1), Some("k1"));
            assert_eq!(object.get("k1"), Some(&Json::Bool(true)));
            assert_eq!(object.get(&format!("k{}", size - 1)), Some(&Json::from(size - 1)));
            assert_eq!(object.get("k"), None);
            assert_eq!(object.get_mut("k0").map(std::mem::take), Some(Json::from(0)));
        }
    }

    #[test]
    fn removing_keeps_the_order_and_the_index() {
        let mut object: Object<'_> = (0..20).map(|n| (format!("k{n}"), n)).collect();
        for n in (0..20).step_by(2) {
            assert_eq!(object.remove(&format!("k{n}")), Some(Json::from(n)));
            assert_eq!(object.remove(&format!("k{n}")), None);
            assert_eq!(object.get("k19"), Some(&Json::from(19)));
        }
        assert!(object.keys().eq((1..20).step_by(2).map(|n| format!("k{n}"))));
    }

    #[test]
    fn keys_whose_hashes_clash_are_still_told_apart() {
        let members: Vec<_> = ["a", "b", "c"].map(|key| (Cow::Borrowed(key), Json::Null)).into();
        let mut index = Index::default();
        // What a clash leaves behind: `b` and `c` found their slot taken by `a`.
        for key in ["a", "b", "c"] {
            index.first.insert(index.hasher.hash_one(key), 0);
        }
        index.clashes = vec![1, 2];
        for (at, key) in ["a", "b", "c"].into_iter().enumerate() {
            assert_eq!(index.position(&members, key), Some(at));
            assert_eq!(index.enter(&members, key, 9), Some(at));
        }
    }

    #[test]
    fn order_does_not_matter_to_equality() {
        let one: Object<'_> = [("a", 1), ("b", 2)].into_iter().collect();
        let other: Object<'_> = [("b", 2), ("a", 1)].into_iter().collect();
        assert_eq!(one, other);
        let more: Object<'_> = [("b", 2), ("a", 1), ("c", 3)].into_iter().collect();
        assert_ne!(one, more);
    }
}
