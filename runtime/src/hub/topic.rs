//! Which topics there are, and which shards have subscribers for them.
//!
//! The table is cut into stripes by the hash of the name. A publish takes the read lock of one
//! stripe, for the length of a lookup; the write lock is taken only to add or remove a topic. No
//! lock covers more than a stripe. Who the subscribers are is each shard's own knowledge
//! ([`crate::shard`]); a topic only counts them.

use super::{log::Log, prepared::Class, watch::Changes};
use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock,
        atomic::{
            AtomicBool, AtomicU32, AtomicU64, AtomicUsize,
            Ordering::{AcqRel, Acquire, Relaxed, Release, SeqCst},
        },
    },
};

/// A power of two: enough that two publishers rarely meet.
const STRIPES: usize = 64;

/// All topics of a hub that somebody is interested in.
#[derive(Debug)]
pub(crate) struct TopicTable {
    stripes: [RwLock<HashMap<Arc<str>, Arc<Topic>>>; STRIPES],
    hasher: RandomState,
    shards: usize,
    retained: AtomicUsize,
    /// Of the positions that are given out now. One for all topics, so that a position is good though
    /// nothing was published since and the topic was gone meanwhile; another one once a topic was made
    /// to forget.
    epoch: AtomicU64,
    changes: OnceLock<Arc<Changes>>,
}

/// One topic. Lives as long as an [`Interest`] in it, or as long as it remembers something.
#[derive(Debug)]
pub(crate) struct Topic {
    name: Arc<str>,
    /// Interests alive; at zero the topic leaves the table.
    interests: AtomicU32,
    /// Subscribed sessions.
    subscribers: AtomicU32,
    shards: Box<[TopicShard]>,
    /// Kept in the table though nobody may be interested: it remembers something.
    retained: AtomicBool,
    log: Mutex<Option<Log>>,
    /// Mask of [`Class::bit`]s; written under the lock of `classes`.
    mask: AtomicU32,
    classes: Mutex<[u32; Class::COUNT]>,
}

#[derive(Debug, Default)]
struct TopicShard {
    /// Interests of this shard's sessions: a publish goes to shards that have any.
    interests: AtomicU32,
    /// The shard's own index for the topic plus one; zero while it has none.
    local: AtomicU32,
}

impl Topic {
    pub(crate) fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// Mask of the classes that somebody is interested with.
    pub(crate) fn classes(&self) -> u32 {
        self.mask.load(SeqCst)
    }

    pub(crate) fn has_interest_of(&self, shard: usize) -> bool {
        self.shards[shard].interests.load(SeqCst) > 0
    }

    /// What the topic remembers. Held while a message is numbered and handed to the shards, so
    /// that all of them see the messages in the order of their numbers.
    pub(crate) fn log(&self) -> MutexGuard<'_, Option<Log>> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn subscribers(&self) -> u32 {
        self.subscribers.load(Acquire)
    }

    /// The index that a shard gave to the topic; read and written by that shard's thread only.
    pub(crate) fn local(&self, shard: usize) -> Option<u32> {
        self.shards[shard].local.load(Relaxed).checked_sub(1)
    }

    pub(crate) fn set_local(&self, shard: usize, local: Option<u32>) {
        self.shards[shard].local.store(local.map_or(0, |local| local + 1), Relaxed);
    }
}

/// A session's wish to get a topic: from the call of `subscribe` until the subscription ends.
///
/// It is counted from the start, before the session's shard has heard of it, so that a publish
/// after `subscribe` returned finds the way to the shard and arrives there after the subscription.
#[derive(Debug)]
pub(crate) struct Interest {
    topic: Arc<Topic>,
    table: Arc<TopicTable>,
    shard: u32,
    class: Class,
    subscribed: bool,
    pinned: bool,
}

impl Interest {
    /// Makes the topic remember what it remembers now until the shard has added the session;
    /// `log` is the topic's own.
    pub(crate) fn pin(&mut self, log: &mut Log) {
        if !std::mem::replace(&mut self.pinned, true) {
            log.pin();
        }
    }

    fn unpin(&mut self) {
        if std::mem::replace(&mut self.pinned, false)
            && let Some(log) = &mut *self.topic.log()
        {
            log.unpin();
        }
    }

    pub(crate) fn topic(&self) -> &Arc<Topic> {
        &self.topic
    }

    /// The shard has added the session to its members.
    pub(crate) fn subscribed(&mut self) {
        self.unpin();
        if !std::mem::replace(&mut self.subscribed, true) {
            self.topic.subscribers.fetch_add(1, AcqRel);
        }
    }
}

impl Drop for Interest {
    fn drop(&mut self) {
        self.unpin();
        let topic = &self.topic;
        if self.subscribed {
            topic.subscribers.fetch_sub(1, AcqRel);
        }
        {
            let mut classes = topic.classes.lock().unwrap_or_else(PoisonError::into_inner);
            let count = &mut classes[self.class.index()];
            *count -= 1;
            if *count == 0 {
                topic.mask.fetch_and(!self.class.bit(), SeqCst);
            }
        }
        topic.shards[self.shard as usize].interests.fetch_sub(1, SeqCst);
        if topic.interests.fetch_sub(1, Release) == 1 {
            self.table.changed(topic);
            self.table.remove_if_unwanted(topic);
        }
    }
}

impl TopicTable {
    pub(crate) fn new(shards: usize) -> Self {
        Self {
            stripes: std::array::from_fn(|_| RwLock::default()),
            hasher: RandomState::new(),
            shards,
            retained: AtomicUsize::new(0),
            epoch: AtomicU64::new(fastrand::u64(..)),
            changes: OnceLock::new(),
        }
    }

    /// What a topic remembers that remembers nothing yet.
    pub(crate) fn new_log(&self) -> Log {
        Log::new(self.epoch.load(Acquire))
    }

    /// A topic's key as a number; 0 for none.
    pub(crate) fn hash(&self, key: &str) -> u64 {
        if key.is_empty() { 0 } else { self.hasher.hash_one(key) }
    }

    fn stripe(&self, name: &str) -> &RwLock<HashMap<Arc<str>, Arc<Topic>>> {
        &self.stripes[self.hasher.hash_one(name) as usize % STRIPES]
    }

    /// The topic, if somebody is interested in it.
    #[inline]
    pub(crate) fn find(&self, name: &str) -> Option<Arc<Topic>> {
        self.stripe(name).read().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }

    /// Whether any session is subscribed to the topic, or about to be.
    pub(crate) fn has_interest(&self, name: &str) -> bool {
        self.find(name).is_some_and(|topic| topic.interests.load(Acquire) > 0)
    }

    /// From now on notes topics whose first interest came or whose last went.
    pub(super) fn note_changes(&self, changes: Arc<Changes>) -> bool {
        self.changes.set(changes).is_ok()
    }

    fn changed(&self, topic: &Topic) {
        if let Some(changes) = self.changes.get() {
            changes.note(&topic.name);
        }
    }

    /// The topic, which stays though nobody may be interested. `None` when `limit` topics stay
    /// already.
    pub(crate) fn retained(&self, name: &str, limit: usize) -> Option<Arc<Topic>> {
        if let Some(topic) = self.find(name)
            && topic.retained.load(Acquire)
        {
            return Some(topic);
        }
        let mut topics = self.stripe(name).write().unwrap_or_else(PoisonError::into_inner);
        let topic = self.entry(&mut topics, name);
        if !topic.retained.load(Acquire) {
            if self.retained.fetch_add(1, AcqRel) >= limit {
                self.retained.fetch_sub(1, AcqRel);
                return None;
            }
            topic.retained.store(true, Release);
        }
        Some(topic)
    }

    /// Makes a topic forget what it remembers.
    pub(crate) fn forget(&self, name: &str) {
        let Some(topic) = self.find(name) else { return };
        if let Some(log) = &mut *topic.log() {
            // Under the lock, so that what is published next has a place in the new epoch.
            self.end_epoch(log);
            log.forget(self.epoch.load(Acquire));
        }
        if topic.retained.swap(false, AcqRel) {
            self.retained.fetch_sub(1, AcqRel);
        }
        self.remove_if_unwanted(&topic);
    }

    /// No position in what is forgotten is good for what comes after it.
    fn end_epoch(&self, log: &Log) {
        if log.position().offset > 0 {
            self.epoch.store(fastrand::u64(..), Release);
        }
    }

    /// Counts one more interest, for a session of this shard and class.
    pub(crate) fn interest(self: &Arc<Self>, name: &str, shard: usize, class: Class) -> Interest {
        let topic = self.wanted(name);
        {
            let mut classes = topic.classes.lock().unwrap_or_else(PoisonError::into_inner);
            classes[class.index()] += 1;
            topic.mask.fetch_or(class.bit(), SeqCst);
        }
        topic.shards[shard].interests.fetch_add(1, SeqCst);
        let table = Arc::clone(self);
        Interest { topic, table, shard: shard as u32, class, subscribed: false, pinned: false }
    }

    /// The topic with its count of interests already raised. Raising under a lock of the stripe
    /// keeps it from being removed in between.
    fn wanted(&self, name: &str) -> Arc<Topic> {
        let count = |topic: &Arc<Topic>| {
            if topic.interests.fetch_add(1, AcqRel) == 0 {
                self.changed(topic);
            }
            Arc::clone(topic)
        };
        let stripe = self.stripe(name);
        if let Some(topic) = stripe.read().unwrap_or_else(PoisonError::into_inner).get(name) {
            return count(topic);
        }
        let mut topics = stripe.write().unwrap_or_else(PoisonError::into_inner);
        count(&self.entry(&mut topics, name))
    }

    fn entry(&self, topics: &mut HashMap<Arc<str>, Arc<Topic>>, name: &str) -> Arc<Topic> {
        let topic = topics.entry(name.into()).or_insert_with_key(|name| {
            Arc::new(Topic {
                name: Arc::clone(name),
                interests: AtomicU32::new(0),
                subscribers: AtomicU32::new(0),
                shards: (0..self.shards).map(|_| TopicShard::default()).collect(),
                retained: AtomicBool::new(false),
                log: Mutex::new(None),
                mask: AtomicU32::new(0),
                classes: Mutex::new([0; Class::COUNT]),
            })
        });
        Arc::clone(topic)
    }

    fn remove_if_unwanted(&self, topic: &Arc<Topic>) {
        let mut topics = self.stripe(&topic.name).write().unwrap_or_else(PoisonError::into_inner);
        // Somebody may have come in meanwhile, or it may be gone and another of its name there.
        if topic.interests.load(Acquire) == 0
            && !topic.retained.load(Acquire)
            && topics.get(&topic.name).is_some_and(|found| Arc::ptr_eq(found, topic))
        {
            topics.remove(&topic.name);
            // It was made to forget, and goes on from nothing when it comes back.
            if let Some(log) = topic.log().take() {
                self.end_epoch(&log);
            }
        }
    }

    /// Topics that somebody is interested in or that remember something.
    pub(crate) fn len(&self) -> usize {
        self.stripes
            .iter()
            .map(|stripe| stripe.read().unwrap_or_else(PoisonError::into_inner).len())
            .sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::Codec;

    #[test]
    fn a_topic_lives_as_long_as_somebody_is_interested() {
        let table = Arc::new(TopicTable::new(2));
        let class = Class::new(Codec::Json, None);
        let first = table.interest("bars:AAPL:1", 0, class);
        let second = table.interest("bars:AAPL:1", 1, class);
        let topic = table.find("bars:AAPL:1").unwrap();
        assert!(topic.has_interest_of(0) && topic.has_interest_of(1));
        assert_eq!(topic.subscribers(), 0, "nobody's shard has added it yet");
        drop(second);
        assert!(!topic.has_interest_of(1));
        assert_eq!(topic.classes(), class.bit());
        drop(first);
        assert_eq!((topic.classes(), table.len()), (0, 0));
    }

    #[test]
    fn racing_interests_leave_nothing_behind() {
        let table = Arc::new(TopicTable::new(1));
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..2_000 {
                        let interest =
                            table.interest("contended", 0, Class::new(Codec::Json, None));
                        let found = table.find("contended").unwrap();
                        assert!(Arc::ptr_eq(&found, interest.topic()));
                    }
                });
            }
        });
        assert_eq!(table.len(), 0);
    }
}
