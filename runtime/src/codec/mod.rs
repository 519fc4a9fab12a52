//! How a message becomes bytes: which codecs there are, and what can be sent.

#[cfg(feature = "server")]
mod depth;

use std::fmt;

/// The encoding of a session's messages; chosen with the subprotocol at the handshake.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Codec {
    /// JSON in text frames. The default.
    Json,
    /// MessagePack in binary frames.
    MessagePack,
    /// Text and bytes as they come, in frames of their kind: for channels whose messages have no
    /// schema.
    Raw,
}

impl Codec {
    /// Its name in metrics and logs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::MessagePack => "msgpack",
            Self::Raw => "raw",
        }
    }
}

#[cfg(feature = "server")]
impl Codec {
    /// How many codecs there are; an array indexed by [`Codec::index`] has this length.
    pub(crate) const COUNT: usize = 3;

    pub(crate) const ALL: [Self; Self::COUNT] = [Self::Json, Self::MessagePack, Self::Raw];

    pub(crate) const fn index(self) -> usize {
        self as usize
    }

    /// Whether a message is nested more than `limit` deep. A pass of its own, before any recursion;
    /// what has no schema is not looked at.
    pub(crate) fn exceeds_depth(self, message: &[u8], limit: usize) -> bool {
        match self {
            Self::Json => depth::json_exceeds(message, limit),
            Self::MessagePack => depth::msgpack_exceeds(message, limit),
            Self::Raw => false,
        }
    }
}

/// Something that can be sent: a message that knows its own encoding.
///
/// Generated message types implement it; the trait is object-safe so that the engine is compiled
/// once and not once per message. A closure of the right shape works as well:
///
/// ```
/// use asyncapi_ws::codec::{Codec, Encode, EncodeError};
///
/// let hello = |_: Codec, out: &mut Vec<u8>| -> Result<(), EncodeError> {
///     out.extend_from_slice(br#"{"type":"hello"}"#);
///     Ok(())
/// };
/// let mut out = Vec::new();
/// hello.encode(Codec::Json, &mut out)?;
/// assert_eq!(out, br#"{"type":"hello"}"#);
/// # Ok::<(), EncodeError>(())
/// ```
pub trait Encode {
    /// Appends the message to `out`; what stands there already must stay.
    ///
    /// For [`Codec::Json`] the bytes must be UTF-8: they go out in a text frame.
    ///
    /// # Errors
    ///
    /// A value that the codec or the contract has no encoding for, such as a number that is not
    /// finite. Nothing is sent then.
    fn encode(&self, codec: Codec, out: &mut Vec<u8>) -> Result<(), EncodeError>;
}

impl<F: Fn(Codec, &mut Vec<u8>) -> Result<(), EncodeError>> Encode for F {
    fn encode(&self, codec: Codec, out: &mut Vec<u8>) -> Result<(), EncodeError> {
        self(codec, out)
    }
}

/// A value could not be encoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EncodeError {
    codec: Codec,
    detail: String,
}

impl EncodeError {
    /// `detail` says what could not be encoded, lower case, no full stop.
    pub fn new(codec: Codec, detail: impl Into<String>) -> Self {
        Self { codec, detail: detail.into() }
    }
}

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "message has no {} encoding: {}", self.codec.name(), self.detail)
    }
}

impl std::error::Error for EncodeError {}
