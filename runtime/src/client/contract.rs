//! What generated code says about a contract: the boundary between the generator and this client.
//!
//! Data and small pure functions, in constants. They hold no state; the client knows every contract only
//! through them. `M` is what the client receives: the enum of that direction.

use std::fmt;
use std::time::Duration;

use super::ClientError;
use crate::codec::{Codec, EncodeError};
use crate::json::{Json, Step};
use crate::typed::{Channel, DecodeError, Decoded, Frame, Message, Topic, UnknownFrame};

/// A channel as clients see it.
pub trait ClientChannel:
    Channel<Received: Clone + Send + Sync + 'static, Sent: Send + Sync + 'static>
{
    /// What a client needs to know beyond [`Channel::INFO`].
    const CLIENT: &'static ClientInfo<Self::Received>;
}

/// What a client needs to know of a channel.
pub struct ClientInfo<M> {
    pub(crate) unknown: fn(&M) -> Option<&UnknownFrame>,
    pub(crate) reply_ids: &'static [&'static [Step<'static>]],
    pub(crate) is_batched: bool,
    pub(crate) heartbeat: Option<Duration>,
    pub(crate) keep_alive: Option<KeepAlive>,
    pub(crate) token: Option<TokenPlace>,
    pub(crate) dropped: Option<Notice<M>>,
    pub(crate) revoked: Option<Notice<M>>,
}

/// Writes the message that keeps a connection.
pub(crate) type KeepAlive = fn(Codec, &mut Vec<u8>) -> Result<(), EncodeError>;

impl<M> Default for ClientInfo<M> {
    fn default() -> Self {
        Self::new()
    }
}

impl<M> ClientInfo<M> {
    /// A channel without any of what follows.
    pub const fn new() -> Self {
        Self {
            unknown: |_| None,
            reply_ids: &[],
            is_batched: false,
            heartbeat: None,
            keep_alive: None,
            token: None,
            dropped: None,
            revoked: None,
        }
    }

    /// What a frame was that is no message of the contract.
    #[must_use]
    pub const fn with_unknown(mut self, unknown: fn(&M) -> Option<&UnknownFrame>) -> Self {
        self.unknown = unknown;
        self
    }

    /// Where replies carry the id of their request.
    #[must_use]
    pub const fn with_reply_ids(mut self, paths: &'static [&'static [Step<'static>]]) -> Self {
        self.reply_ids = paths;
        self
    }

    /// A frame of the server may be an array of messages.
    #[must_use]
    pub const fn batched(mut self) -> Self {
        self.is_batched = true;
        self
    }

    /// A client without a subprotocol must send a message this often, in milliseconds.
    #[must_use]
    pub const fn with_heartbeat(mut self, milliseconds: u64) -> Self {
        self.heartbeat = Some(Duration::from_millis(milliseconds));
        self
    }

    /// A harmless message that the server answers. Where the contract has none, a subscription is asked
    /// for again.
    #[must_use]
    pub const fn with_keep_alive(
        mut self,
        message: fn(Codec, &mut Vec<u8>) -> Result<(), EncodeError>,
    ) -> Self {
        self.keep_alive = Some(message);
        self
    }

    /// Where the handshake carries the token.
    #[must_use]
    pub const fn with_token(mut self, place: TokenPlace) -> Self {
        self.token = Some(place);
        self
    }

    /// The message that says that pushes were left out.
    #[must_use]
    pub const fn with_dropped(mut self, notice: Notice<M>) -> Self {
        self.dropped = Some(notice);
        self
    }

    /// The message that says that a subscription was withdrawn.
    #[must_use]
    pub const fn with_revoked(mut self, notice: Notice<M>) -> Self {
        self.revoked = Some(notice);
        self
    }
}

impl<M> fmt::Debug for ClientInfo<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientInfo").finish_non_exhaustive()
    }
}

/// Where the handshake carries the token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenPlace {
    /// `Authorization: Bearer …`, for clients that are no page.
    Bearer,
    /// A header of this name.
    Header(&'static str),
    /// A query parameter of this name.
    Query(&'static str),
}

/// A message that tells what happened to a subscription: an entry of `x-notices`.
pub struct Notice<M> {
    pub(crate) is: fn(&M) -> bool,
    pub(crate) topic: fn(&Decoded<M>) -> Option<String>,
}

impl<M> Notice<M> {
    /// Whether a message is one, and the topic that it is about; `None`: all of the connection.
    pub const fn new(is: fn(&M) -> bool, topic: fn(&Decoded<M>) -> Option<String>) -> Self {
        Self { is, topic }
    }
}

/// Reads a frame whose message only its request tells.
pub(crate) type Tell<M> = fn(&Frame<'_>) -> Result<Decoded<M>, DecodeError>;

/// A message that the client sends, with the reply that it gets, if any.
pub struct Operation<M> {
    pub(crate) name: &'static str,
    pub(crate) id: Option<fn(u64) -> Json<'static>>,
    pub(crate) answered_by: Option<fn(&M) -> bool>,
    pub(crate) tell: Option<Tell<M>>,
}

impl<M> Operation<M> {
    /// A message that is not answered, by its name on the wire.
    pub const fn new(name: &'static str) -> Self {
        Self { name, id: None, answered_by: None, tell: None }
    }

    /// Each request carries a number of its own; this makes it what the contract wants.
    #[must_use]
    pub const fn with_id(mut self, id: fn(u64) -> Json<'static>) -> Self {
        self.id = Some(id);
        self
    }

    /// Whether a message can be the reply. With an id in the frame, that decides; without, a reply
    /// belongs to the oldest request that can have it.
    #[must_use]
    pub const fn answered_by(mut self, is_reply: fn(&M) -> bool) -> Self {
        self.answered_by = Some(is_reply);
        self
    }

    /// Reads the reply where the frame alone does not tell which message it is (JSON-RPC).
    #[must_use]
    pub const fn told_by(
        mut self,
        tell: fn(&Frame<'_>) -> Result<Decoded<M>, DecodeError>,
    ) -> Self {
        self.tell = Some(tell);
        self
    }
}

impl<M> fmt::Debug for Operation<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Operation").field("name", &self.name).finish_non_exhaustive()
    }
}

/// The error for a reply that is none of an operation's, which the client does not hand out.
pub fn unexpected<M: Message>(operation: &Operation<M>, message: &M) -> ClientError {
    ClientError::Invalid {
        what: operation.name.to_owned(),
        detail: format!("`{}` does not answer it", message.name()),
    }
}

/// A request's number as an integer.
pub fn integer_id(number: u64) -> Json<'static> {
    Json::from(number)
}

/// A request's number as text.
pub fn text_id(number: u64) -> Json<'static> {
    Json::from(number.to_string())
}

/// One family of topics: an entry of `x-topics`.
pub struct Family<M: 'static> {
    pub(crate) name: &'static str,
    pub(crate) carries: fn(&M) -> bool,
    pub(crate) subscribe: Option<&'static Operation<M>>,
    pub(crate) unsubscribe: Option<&'static Operation<M>>,
    pub(crate) refusal: fn(&M) -> Option<String>,
    pub(crate) reply_topic: fn(&M) -> Option<String>,
    pub(crate) topic_of: fn(&M) -> Option<String>,
}

impl<M> Family<M> {
    /// A family by its key, and the messages that are pushed on its topics.
    pub const fn new(name: &'static str, carries: fn(&M) -> bool) -> Self {
        Self {
            name,
            carries,
            subscribe: None,
            unsubscribe: None,
            refusal: |_| None,
            reply_topic: |_| None,
            topic_of: |_| None,
        }
    }

    /// The operation that subscribes; without one the server pushes on its own account.
    #[must_use]
    pub const fn subscribed_by(mut self, operation: &'static Operation<M>) -> Self {
        self.subscribe = Some(operation);
        self
    }

    /// The operation that unsubscribes.
    #[must_use]
    pub const fn unsubscribed_by(mut self, operation: &'static Operation<M>) -> Self {
        self.unsubscribe = Some(operation);
        self
    }

    /// What a refusing reply says; `None` for one that grants the subscription.
    #[must_use]
    pub const fn refused_by(mut self, refusal: fn(&M) -> Option<String>) -> Self {
        self.refusal = refusal;
        self
    }

    /// The topic's name as the server's reply states it.
    #[must_use]
    pub const fn named_by_reply(mut self, topic: fn(&M) -> Option<String>) -> Self {
        self.reply_topic = topic;
        self
    }

    /// The topic's name in the content of a push.
    #[must_use]
    pub const fn named_by_push(mut self, topic: fn(&M) -> Option<String>) -> Self {
        self.topic_of = topic;
        self
    }
}

impl<M> fmt::Debug for Family<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Family").field("name", &self.name).finish_non_exhaustive()
    }
}

/// What a client receives on a channel.
pub(crate) type Received<T> = <<T as Topic>::Channel as Channel>::Received;

/// What a client sends on a channel.
pub(crate) type Sent<T> = <<T as Topic>::Channel as Channel>::Sent;

/// A topic that a client can subscribe to.
pub trait Subscribe: Topic<Channel: ClientChannel> + 'static {
    /// What is pushed.
    type Payload: Send + 'static;
    /// What the server answers to the subscription; `()` where it is not asked.
    type Reply: Clone + Send + Sync + 'static;
    /// The family.
    const FAMILY: &'static Family<Received<Self>>;

    /// What asks for the topic; `None` where nothing does.
    fn subscribe(&self) -> Option<Sent<Self>>;

    /// What ends it.
    fn unsubscribe(&self) -> Option<Sent<Self>>;

    /// The payload of a push.
    fn payload(message: Received<Self>) -> Option<Self::Payload>;

    /// The payload of a reply; `None` for the absence of one where one is needed.
    fn reply(message: Option<Received<Self>>) -> Option<Self::Reply>;

    /// Whether a push that names no topic is one of this; `None` if its content does not tell.
    fn matches(&self, message: &Received<Self>) -> Option<bool> {
        let _ = message;
        None
    }
}
