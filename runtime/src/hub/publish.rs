//! How a message is published: on its way to the shards, and where it cannot be delivered at once.

use super::{Hub, Prepared, Topic};
use crate::codec::{Encode, EncodeError};
use std::{
    fmt,
    sync::{Arc, atomic::Ordering::Relaxed},
};

/// What a full queue does with a topic's messages. The queue is that of one client that does not
/// read as fast as it is sent to; nobody else notices.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Overflow {
    /// Every message counts: a client whose queue is full is closed with the situation "slow".
    #[default]
    Close,
    /// The oldest waiting messages of the topic make room.
    DropOldest,
    /// Only the newest value counts: as soon as anything has to wait, a newer message takes the
    /// place of the waiting one with the same key.
    Conflate,
}

/// Options of one publish; the same for all messages of a topic, but for the key.
///
/// ```
/// use asyncapi_ws::hub::{Overflow, Publish};
///
/// let quotes = Publish { overflow: Overflow::Conflate, keep: 1, ..Publish::default() };
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Publish<'a> {
    /// What a full queue does with it.
    pub overflow: Overflow,
    /// How many messages the topic remembers, this one included, for subscribers that come later:
    /// 0 none, 1 the last value. Of values that replace each other, the newest of so many keys.
    pub keep: u32,
    /// Which of the topic's values it is, where newer ones replace older ones.
    pub key: &'a str,
}

impl Hub {
    /// Sends a message to all subscribers of a topic; their number at this moment.
    ///
    /// The message is encoded here, once for each codec that some subscriber has; without a
    /// subscriber it is not encoded at all. Publishes of one thread arrive in order.
    ///
    /// # Errors
    ///
    /// When the message has no encoding: nobody gets it then. And when a shard has more published
    /// bytes waiting than `publish_queue_bytes` allows: its subscribers do not get the message.
    pub fn publish(&self, topic: &str, message: &dyn Encode) -> Result<usize, PublishError> {
        self.publish_with(topic, message, Publish::default())
    }

    /// [`publish`](Self::publish) to a topic that remembers messages, or whose messages may be
    /// dropped for a client that does not read.
    ///
    /// A message that is remembered is encoded though nobody is subscribed, and for every codec
    /// that a channel of the hub has.
    ///
    /// # Errors
    ///
    /// As [`publish`](Self::publish), and when as many topics remember something as may.
    pub fn publish_with(
        &self,
        topic: &str,
        message: &dyn Encode,
        options: Publish<'_>,
    ) -> Result<usize, PublishError> {
        if options.keep == 0 {
            let Some(topic) = self.0.topics.find(topic) else { return Ok(0) };
            let classes = topic.classes();
            if classes == 0 {
                return Ok(0);
            }
            let message = Arc::new(self.prepare(message, classes, options)?);
            return self.hand_over(&topic, &message);
        }
        let limit = self.limits().retained_topics;
        let topic =
            self.0.topics.retained(topic, limit).ok_or(PublishError::TooManyTopics { limit })?;
        let classes = topic.classes() | self.0.codecs.load(Relaxed);
        let message = self.prepare(message, classes, options)?;
        let mut log = topic.log();
        let message =
            log.get_or_insert_with(|| self.0.topics.new_log()).push(message, options.keep as usize);
        self.hand_over(&topic, &message)
    }

    fn hand_over(
        &self,
        topic: &Arc<Topic>,
        message: &Arc<Prepared>,
    ) -> Result<usize, PublishError> {
        let limit = self.0.options.limits.publish_queue_bytes;
        let mut full = 0;
        for (shard, queue) in self.0.shards.get().into_iter().flatten().enumerate() {
            if topic.has_interest_of(shard) && !queue.publish(topic, message, limit) {
                full += 1;
            }
        }
        if full > 0 { Err(PublishError::Full { limit }) } else { Ok(topic.subscribers() as usize) }
    }

    #[cfg(not(feature = "deflate"))]
    fn prepare(
        &self,
        message: &dyn Encode,
        classes: u32,
        options: Publish<'_>,
    ) -> Result<Prepared, EncodeError> {
        let key = self.0.topics.hash(options.key);
        Prepared::new(message, classes, options.overflow, key, |_, _| None)
    }

    #[cfg(feature = "deflate")]
    fn prepare(
        &self,
        message: &dyn Encode,
        classes: u32,
        options: Publish<'_>,
    ) -> Result<Prepared, EncodeError> {
        let key = self.0.topics.hash(options.key);
        // Compressors are large, so that publishers take turns with as many as meet.
        let mut compressors = None;
        let pool = || self.0.deflaters.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let prepared = Prepared::new(message, classes, options.overflow, key, |class, plain| {
            let deflaters = compressors.get_or_insert_with(|| {
                let spare = pool().pop();
                spare.unwrap_or_else(|| crate::deflate::Deflaters::new(self.0.options.deflate))
            });
            deflaters.frame(class.window()?, &plain.0)
        });
        if let Some(compressors) = compressors {
            pool().push(compressors);
        }
        prepared
    }
}

/// A message was not published.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PublishError {
    /// The message has no encoding.
    Encode(EncodeError),
    /// More published bytes wait for a shard than it may hold.
    Full {
        /// `publish_queue_bytes`.
        limit: usize,
    },
    /// As many topics remember something as may.
    TooManyTopics {
        /// `retained_topics`.
        limit: usize,
    },
}

impl From<EncodeError> for PublishError {
    fn from(error: EncodeError) -> Self {
        Self::Encode(error)
    }
}

impl fmt::Display for PublishError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Encode(error) => error.fmt(f),
            Self::Full { limit } => write!(
                f,
                "published messages that wait for a shard exceed publish_queue_bytes {limit}; \
                 publish less, or give the machine more cores"
            ),
            Self::TooManyTopics { limit } => write!(
                f,
                "topics that remember messages are at their limit, retained_topics {limit}; \
                 forget some"
            ),
        }
    }
}

impl std::error::Error for PublishError {}
