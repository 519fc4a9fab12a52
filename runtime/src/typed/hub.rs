//! Publishing to the topics of a channel.

use std::fmt;
use std::marker::PhantomData;

use super::channel::Channel;
use super::delivery::Delivery;
use super::topic::{Carries, Topic};
use crate::codec::{Codec, EncodeError};
use crate::hub::{self, Publish, PublishError};

/// Publishes to a channel's topics. Cheap to clone, usable from any thread.
pub struct Hub<C> {
    hub: hub::Hub,
    channel: PhantomData<fn() -> C>,
}

impl<C: Channel> Hub<C> {
    /// The typed view of a hub.
    pub fn new(hub: &hub::Hub) -> Self {
        Self { hub: hub.clone(), channel: PhantomData }
    }

    /// Sends a message to all subscribers of a topic, as the contract declares its delivery; how many
    /// there were. The message is encoded once, and not at all if there are none and the topic remembers
    /// nothing.
    ///
    /// # Errors
    /// A payload that breaks its schema, a full queue, or more topics that remember something than may.
    pub fn publish<T, M>(&self, topic: &T, message: &M) -> Result<usize, PublishError>
    where
        T: Carries<M> + Topic<Channel = C>,
    {
        let name = topic.to_string();
        let encode = |codec: Codec, out: &mut Vec<u8>| -> Result<(), EncodeError> {
            T::encode(&name, message, codec, out)
        };
        let Delivery { overflow, keep, .. } = T::DELIVERY;
        let key = T::key(message);
        self.hub.publish_with(&name, &encode, Publish { overflow, keep, key: &key })
    }

    /// Whether anybody is subscribed to a topic: to spare the work of making a message.
    pub fn has_subscribers<T: Topic<Channel = C>>(&self, topic: &T) -> bool {
        self.hub.has_subscribers(&topic.to_string())
    }

    /// How many sessions are subscribed to a topic.
    pub fn subscriber_count<T: Topic<Channel = C>>(&self, topic: &T) -> usize {
        self.hub.subscriber_count(&topic.to_string())
    }

    /// The untyped hub: metrics, shutdown, topics by name.
    pub fn inner(&self) -> &hub::Hub {
        &self.hub
    }
}

impl<C> Clone for Hub<C> {
    fn clone(&self) -> Self {
        Self { hub: self.hub.clone(), channel: PhantomData }
    }
}

impl<C> fmt::Debug for Hub<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Hub").field(&self.hub).finish()
    }
}
