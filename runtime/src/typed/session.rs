//! A session as handlers see it: typed by its channel and by the state that the handler keeps.

use std::any::Any;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use super::channel::Channel;
use super::delivery::Wish;
use super::hub::Hub;
use super::message::{EnvelopeParts, Message};
use super::topic::Topic;
use crate::close::Situation;
use crate::codec::{Codec, EncodeError};
use crate::session::{SendError, SessionHandle, SessionId, SubscribeError, Subscribed};

/// One client of a channel. Cheap to clone, usable from any thread, harmless after the connection is
/// gone.
pub struct Session<C, S> {
    handle: SessionHandle,
    state: Arc<S>,
    channel: PhantomData<fn() -> C>,
}

impl<C: Channel, S: Default + Send + Sync + 'static> Session<C, S> {
    /// The typed view of a session whose state was made by the channel's service.
    pub fn new(handle: &SessionHandle) -> Self {
        let state: Arc<dyn Any + Send + Sync> = Arc::clone(handle.state());
        // The service that made the state is the one that asks for it, so this does not fail; a fresh
        // state is what a session without one has.
        let state = state.downcast().unwrap_or_default();
        Self { handle: handle.clone(), state, channel: PhantomData }
    }

    /// What the handler keeps for this client.
    pub fn state(&self) -> &S {
        &self.state
    }

    /// The number of the session, unique in this process.
    pub fn id(&self) -> SessionId {
        self.handle.id()
    }

    /// Sends a message to this client alone. Inside a handler it arrives before the handler's reply.
    ///
    /// # Errors
    /// A payload that breaks its schema, a full queue, or a session that is over.
    pub fn send(&self, message: impl Into<C::Sent>) -> Result<(), SendError> {
        let message = message.into();
        self.handle.send(&|codec: Codec, out: &mut Vec<u8>| -> Result<(), EncodeError> {
            message.encode(codec, &EnvelopeParts::default(), out)
        })
    }

    /// Publishes to the topics of the channel.
    pub fn hub(&self) -> Hub<C> {
        Hub::new(self.handle.hub())
    }

    /// Subscribes the client, with the last value at once where the contract declares it. Inside a handler
    /// this takes effect when the reply has left, so that the reply precedes the topic's first push.
    /// Whether it was not subscribed before.
    ///
    /// # Errors
    /// The session's limit of subscriptions is reached, or it is over.
    pub fn subscribe<T: Topic<Channel = C>>(&self, topic: &T) -> Result<bool, SubscribeError> {
        self.subscribe_with(topic, &Wish::default()).map(|subscribed| subscribed.is_new)
    }

    /// [`subscribe`](Self::subscribe) with what the client asked for: messages that it missed, an
    /// interval. What is replayed and what is published from now on follow each other without a hole.
    ///
    /// # Errors
    /// As [`subscribe`](Self::subscribe).
    pub fn subscribe_with<T: Topic<Channel = C>>(
        &self,
        topic: &T,
        wish: &Wish,
    ) -> Result<Subscribed, SubscribeError> {
        self.handle.subscribe_with(&topic.to_string(), T::DELIVERY.subscribe(wish))
    }

    /// Subscribes the client to all of these topics or to none: what became of each, in their order.
    ///
    /// # Errors
    /// As [`subscribe`](Self::subscribe); then it is subscribed to what it was before.
    pub fn subscribe_all<T: Topic<Channel = C>>(
        &self,
        topics: &[T],
        wish: &Wish,
    ) -> Result<Vec<Subscribed>, SubscribeError> {
        let mut done = Vec::with_capacity(topics.len());
        for topic in topics {
            match self.subscribe_with(topic, wish) {
                Ok(subscribed) => done.push(subscribed),
                Err(error) => {
                    for (topic, _) in topics.iter().zip(&done).filter(|(_, of)| of.is_new) {
                        self.unsubscribe(topic);
                    }
                    return Err(error);
                }
            }
        }
        Ok(done)
    }

    /// Unsubscribes the client; no push of the topic follows the handler's reply. Whether it was
    /// subscribed.
    pub fn unsubscribe<T: Topic<Channel = C>>(&self, topic: &T) -> bool {
        self.handle.unsubscribe(&topic.to_string())
    }

    /// Whether the client is subscribed.
    pub fn is_subscribed<T: Topic<Channel = C>>(&self, topic: &T) -> bool {
        self.handle.is_subscribed(&topic.to_string())
    }

    /// Takes a topic away from the client, and tells it why where the contract has a notice for that.
    /// Whether it was subscribed.
    ///
    /// # Errors
    /// The notice could not be sent; the subscription has ended all the same.
    pub fn revoke<T: Topic<Channel = C>>(
        &self,
        topic: &T,
        why: impl fmt::Display,
    ) -> Result<bool, SendError> {
        let name = topic.to_string();
        let was_subscribed = self.handle.unsubscribe(&name);
        if let Some(notice) = C::revoked(&name, &why.to_string()).filter(|_| was_subscribed) {
            self.send(notice)?;
        }
        Ok(was_subscribed)
    }

    /// Closes the session as the contract's table says for a situation.
    pub fn close(&self, situation: Situation) {
        self.handle.close(situation);
    }

    /// The untyped session: remote address, query, subprotocol, raw frames.
    pub fn handle(&self) -> &SessionHandle {
        &self.handle
    }
}

impl<C, S> Clone for Session<C, S> {
    fn clone(&self) -> Self {
        Self { handle: self.handle.clone(), state: Arc::clone(&self.state), channel: PhantomData }
    }
}

impl<C, S> fmt::Debug for Session<C, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Session").field(&self.handle).finish()
    }
}
