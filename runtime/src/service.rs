//! The boundary between the engine and generated code.
//!
//! The engine knows bytes, sessions and topics; a [`Service`] knows messages. It is object-safe on
//! purpose: the engine is compiled once, whatever a contract says. People write against the typed
//! layer that is generated on top; this trait is for generated code and for channels without a
//! contract.

use crate::{
    close::Closed,
    codec::{Codec, Encode, EncodeError},
    frame::{Frame, FrameBuffer, OpCode},
    handshake::Handshake,
    session::SessionHandle,
};
use std::{any::Any, fmt, future::Future, pin::Pin, sync::Arc};

pub use crate::channel::{ChannelInfo, OperationInfo, Subprotocol};

/// What answers a channel's connections.
///
/// All methods run on a shard's thread (except [`open`](Self::open)) and must not block it: what
/// waits is returned as [`Work::Pending`].
pub trait Service: Send + Sync + 'static {
    /// The channel; the same value at every call.
    fn channel(&self) -> &'static ChannelInfo;

    /// Makes the state of a new connection, while its handshake is at hand. Runs before the
    /// connection is open, on the thread that answers HTTP; it is dropped if the client goes away
    /// meanwhile.
    fn open(&self, handshake: &Handshake<'_>) -> Arc<dyn Any + Send + Sync> {
        let _ = handshake;
        Arc::new(())
    }

    /// The connection stands; nothing was received on it yet.
    fn opened(&self, session: &SessionHandle) {
        let _ = session;
    }

    /// A message came. Called for one after the other: not before the work of the last one is done.
    ///
    /// # Errors
    ///
    /// A [`Rejection`] when this is no message of the channel; the engine closes as the channel's
    /// table says.
    fn receive(
        &self,
        session: &SessionHandle,
        message: Inbound<'_>,
    ) -> Result<Dispatched, Rejection>;

    /// A message was none of the channel's. The message that tells the client so, with which the
    /// session goes on; `None` closes it as the channel's table says, which is the default.
    fn rejected(&self, session: &SessionHandle, rejection: &Rejection) -> Option<Outgoing> {
        let _ = (session, rejection);
        None
    }

    /// A message came above the limit [`rate`](crate::limits::Limits::rate) and was not looked at.
    /// The reply that tells the client so; `None` closes it with the situation "rate" at once,
    /// which is the default.
    fn limited(&self, session: &SessionHandle, message: Inbound<'_>) -> Option<Outgoing> {
        let _ = (session, message);
        None
    }

    /// A client that did not read fast enough has missed messages: those that a topic's policy
    /// dropped, or all that waited, before it is closed with the situation "slow". The messages
    /// that tell it so, where the contract has some.
    fn dropped(&self, session: &SessionHandle, dropped: &[Dropped]) -> Vec<Outgoing> {
        let _ = (session, dropped);
        Vec::new()
    }

    /// The session ended; called exactly once for each that was [`opened`](Self::opened). What the
    /// handle still sends goes nowhere.
    fn closed(&self, session: &SessionHandle, closed: &Closed) {
        let _ = (session, closed);
    }
}

impl<S: Service + ?Sized> Service for Arc<S> {
    fn channel(&self) -> &'static ChannelInfo {
        (**self).channel()
    }

    fn open(&self, handshake: &Handshake<'_>) -> Arc<dyn Any + Send + Sync> {
        (**self).open(handshake)
    }

    fn opened(&self, session: &SessionHandle) {
        (**self).opened(session);
    }

    fn receive(
        &self,
        session: &SessionHandle,
        message: Inbound<'_>,
    ) -> Result<Dispatched, Rejection> {
        (**self).receive(session, message)
    }

    fn rejected(&self, session: &SessionHandle, rejection: &Rejection) -> Option<Outgoing> {
        (**self).rejected(session, rejection)
    }

    fn limited(&self, session: &SessionHandle, message: Inbound<'_>) -> Option<Outgoing> {
        (**self).limited(session, message)
    }

    fn dropped(&self, session: &SessionHandle, dropped: &[Dropped]) -> Vec<Outgoing> {
        (**self).dropped(session, dropped)
    }

    fn closed(&self, session: &SessionHandle, closed: &Closed) {
        (**self).closed(session, closed);
    }
}

/// A message as it came, decompressed, checked to be text where it says so, and borrowed from the
/// shard's read buffer where it lay there in one piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inbound<'a> {
    /// From a text frame.
    Text(&'a str),
    /// From a binary frame.
    Binary(&'a [u8]),
}

impl Inbound<'_> {
    /// The bytes, whatever the frame.
    pub fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Text(text) => text.as_bytes(),
            Self::Binary(bytes) => bytes,
        }
    }
}

/// How many messages of a topic a client has missed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dropped {
    /// The topic's name.
    pub topic: Arc<str>,
    /// Messages that were published and not sent to this client.
    pub messages: u64,
}

/// A message was understood and its work has begun.
pub struct Dispatched {
    /// Which operation it is, for spans and metrics.
    pub operation: &'static OperationInfo,
    /// The work, done or under way.
    pub work: Work,
}

/// The work of one message, with its reply where it has one.
pub enum Work {
    /// Done at once.
    Done(Option<Outgoing>),
    /// Polled on the shard, with the application's tokio runtime entered, once at once and then
    /// whenever it wakes. Dropped when the connection ends before.
    Pending(Pin<Box<dyn Future<Output = Option<Outgoing>> + Send>>),
}

impl Work {
    /// Calls `done` with the reply when the work is done: what a layer around a service needs to
    /// see outcomes. It is dropped uncalled when the connection ends before.
    ///
    /// ```
    /// use asyncapi_ws::service::{ChannelInfo, Dispatched, Inbound, Rejection, Service};
    /// use asyncapi_ws::session::SessionHandle;
    ///
    /// /// Says how long each operation took.
    /// struct Timed<S>(S);
    ///
    /// impl<S: Service> Service for Timed<S> {
    ///     fn channel(&self) -> &'static ChannelInfo {
    ///         self.0.channel()
    ///     }
    ///     fn receive(
    ///         &self,
    ///         session: &SessionHandle,
    ///         message: Inbound<'_>,
    ///     ) -> Result<Dispatched, Rejection> {
    ///         let began = std::time::Instant::now();
    ///         let Dispatched { operation, work } = self.0.receive(session, message)?;
    ///         let work = work.finally(move |_| {
    ///             println!("{} took {:?}", operation.name(), began.elapsed());
    ///         });
    ///         Ok(Dispatched { operation, work })
    ///     }
    ///     // The other methods, likewise.
    /// }
    /// ```
    #[must_use]
    pub fn finally(self, done: impl FnOnce(Option<&Outgoing>) + Send + 'static) -> Self {
        match self {
            Self::Done(reply) => {
                done(reply.as_ref());
                Self::Done(reply)
            }
            Self::Pending(work) => Self::Pending(Box::pin(async move {
                let reply = work.await;
                done(reply.as_ref());
                reply
            })),
        }
    }
}

impl fmt::Debug for Work {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Done(reply) => f.debug_tuple("Done").field(reply).finish(),
            Self::Pending(_) => f.write_str("Pending(..)"),
        }
    }
}

/// An encoded message for one session, framed once.
#[derive(Clone, Debug)]
pub struct Outgoing(pub(crate) Frame);

impl Outgoing {
    /// Encodes a message for sessions of this codec.
    ///
    /// # Errors
    ///
    /// What the message's [`Encode`] reports.
    pub fn encode(codec: Codec, message: &dyn Encode) -> Result<Self, EncodeError> {
        let mut buffer = FrameBuffer::with_capacity(TYPICAL_MESSAGE);
        message.encode(codec, buffer.payload_mut())?;
        let opcode = match codec {
            Codec::Json => OpCode::Text,
            Codec::MessagePack | Codec::Raw => OpCode::Binary,
        };
        Ok(Self(buffer.finish(opcode, false)))
    }

    /// A text frame with this payload, whatever the codec.
    pub fn text(text: &str) -> Self {
        Self::frame(OpCode::Text, text.as_bytes())
    }

    /// A binary frame with this payload, whatever the codec.
    pub fn binary(bytes: &[u8]) -> Self {
        Self::frame(OpCode::Binary, bytes)
    }

    fn frame(opcode: OpCode, payload: &[u8]) -> Self {
        let mut buffer = FrameBuffer::with_capacity(payload.len());
        buffer.payload_mut().extend_from_slice(payload);
        Self(buffer.finish(opcode, false))
    }
}

/// First room for a message that is encoded, in bytes: most replies and pushes fit.
const TYPICAL_MESSAGE: usize = 256;

/// Why a message is none of the channel's.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Rejection {
    /// Not of the codec, or not the shape that every message has.
    Undecodable {
        /// What stands where, for logs and declared clients.
        detail: String,
    },
    /// The message breaks its schema.
    Invalid {
        /// JSON pointer to the place, empty for the whole message.
        pointer: String,
        /// The keyword that it breaks, as `minLength`.
        rule: &'static str,
        /// What was expected and what came.
        detail: String,
    },
    /// No operation has this message.
    UnknownType {
        /// The discriminator's value where it has one.
        name: Option<String>,
    },
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Undecodable { detail } => write!(f, "no message: {detail}"),
            Self::Invalid { pointer, rule, detail } if pointer.is_empty() => {
                write!(f, "the message breaks `{rule}`: {detail}")
            }
            Self::Invalid { pointer, rule, detail } => {
                write!(f, "`{pointer}` breaks `{rule}`: {detail}")
            }
            Self::UnknownType { name: Some(name) } => write!(f, "no operation has `{name}`"),
            Self::UnknownType { name: None } => f.write_str("no operation has this message"),
        }
    }
}
