//! The messages of one direction: an enum with a variant for each.

use std::fmt;

use super::frame::Frame;
use super::payload::{DecodeError, MAX_DEPTH, encode_text, write};
use crate::codec::{Codec, EncodeError};
use crate::json::Json;

/// The messages of one direction of a channel: an enum with a variant for each.
pub trait Message: Sized {
    /// Which message a frame is, with what its envelope says. What [`receive`] calls, twice if it
    /// must.
    ///
    /// # Errors
    /// See [`DecodeError`]. While the frame is text, any error may only mean that the tree is needed.
    fn decode(frame: &Frame<'_>) -> Result<Decoded<Self>, DecodeError>;

    /// Writes the message with its envelope.
    ///
    /// # Errors
    /// A payload that breaks its schema: sending is strict.
    fn encode(
        &self,
        codec: Codec,
        envelope: &EnvelopeParts<'_>,
        out: &mut Vec<u8>,
    ) -> Result<(), EncodeError>;

    /// The message's name in the contract, for logs.
    fn name(&self) -> &'static str;

    /// What a frame becomes that is no message of the contract: a variant of its own where receiving is
    /// open, an error where it is not.
    ///
    /// # Errors
    /// Receiving is not open.
    fn unknown(frame: UnknownFrame) -> Result<Self, DecodeError> {
        Err(frame.reason)
    }
}

/// What an envelope says besides the payload.
#[derive(Clone, Copy, Debug, Default)]
pub struct EnvelopeParts<'a> {
    /// The correlation id of the request that is answered, or of the request itself.
    pub id: Option<&'a Json<'a>>,
    /// The topic that a push belongs to.
    pub topic: Option<&'a str>,
    unchecked: bool,
}

impl<'a> EnvelopeParts<'a> {
    /// An envelope that says the correlation id, and nothing else.
    pub fn of_id(id: Option<&'a Json<'a>>) -> Self {
        Self { id, ..Self::default() }
    }

    /// An envelope that says the topic, and nothing else.
    pub fn of_topic(topic: &'a str) -> Self {
        Self { topic: Some(topic), ..Self::default() }
    }

    /// The same around a payload whose rules are not looked at: for records of what came, not for what
    /// is sent.
    #[must_use]
    pub fn unchecked(mut self) -> Self {
        self.unchecked = true;
        self
    }

    pub(super) fn is_checked(&self) -> bool {
        !self.unchecked
    }
}

/// A message with what its envelope said.
#[derive(Clone, Debug, PartialEq)]
pub struct Decoded<M> {
    /// The message.
    pub message: M,
    /// Its correlation id.
    pub id: Option<Json<'static>>,
    /// The topic that it belongs to.
    pub topic: Option<String>,
}

impl<M> Decoded<M> {
    /// A message whose envelope says nothing.
    pub fn new(message: M) -> Self {
        Self { message, id: None, topic: None }
    }

    /// The message as it came, for records: its rules are not looked at, so that what is new to the
    /// contract is written as it was read.
    ///
    /// # Errors
    /// Values that JSON has no notation for, such as numbers that are not finite.
    pub fn to_json(&self) -> Result<String, EncodeError>
    where
        M: Message,
    {
        let parts =
            EnvelopeParts { id: self.id.as_ref(), topic: self.topic.as_deref(), unchecked: true };
        let mut out = Vec::new();
        self.message.encode(Codec::Json, &parts, &mut out)?;
        Ok(String::from_utf8_lossy(&out).into_owned())
    }

    /// The same envelope around something else.
    pub fn map<N>(self, change: impl FnOnce(M) -> N) -> Decoded<N> {
        Decoded { message: change(self.message), id: self.id, topic: self.topic }
    }
}

/// A frame that is no message of the contract, as it came.
///
/// A newer server has messages that this client was not built for: they are delivered like this, and
/// cannot be sent.
#[derive(Clone, PartialEq)]
pub struct UnknownFrame {
    content: Content,
    reason: DecodeError,
}

#[derive(Clone, Debug, PartialEq)]
enum Content {
    Json(Json<'static>),
    Text(String),
}

impl UnknownFrame {
    /// JSON that is no message, and why not.
    pub fn json(json: Json<'_>, reason: DecodeError) -> Self {
        Self { content: Content::Json(json.into_owned()), reason }
    }

    /// Text that is neither JSON nor a message, and why not.
    pub fn text(text: &str, reason: DecodeError) -> Self {
        Self { content: Content::Text(text.to_owned()), reason }
    }

    /// The frame, if it is JSON.
    pub fn as_json(&self) -> Option<&Json<'static>> {
        match &self.content {
            Content::Json(json) => Some(json),
            Content::Text(_) => None,
        }
    }

    /// The frame, if it is text that is no JSON.
    pub fn as_text(&self) -> Option<&str> {
        match &self.content {
            Content::Text(text) => Some(text),
            Content::Json(_) => None,
        }
    }

    /// Why it is no message: no message has its name, or the one that has looks different.
    pub fn reason(&self) -> &DecodeError {
        &self.reason
    }

    /// Writes it for records; what the contract does not know is not sent.
    ///
    /// # Errors
    /// It is to be sent.
    pub fn write(
        &self,
        codec: Codec,
        parts: &EnvelopeParts<'_>,
        out: &mut Vec<u8>,
    ) -> Result<(), EncodeError> {
        if parts.is_checked() {
            let why = "a message that the contract does not know cannot be sent";
            return Err(EncodeError::new(codec, why));
        }
        match &self.content {
            Content::Json(json) => write(codec, json, out),
            Content::Text(text) => encode_text(text, out),
        }
    }
}

impl fmt::Debug for UnknownFrame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.content {
            Content::Json(json) => write!(f, "UnknownFrame({json}: {})", self.reason),
            Content::Text(text) => write!(f, "UnknownFrame({text:?}: {})", self.reason),
        }
    }
}

/// Reads a message of a direction from a text frame.
///
/// The text is read into types in one pass where it can be. What that does not do (a key that stands
/// twice, a schema that no type expresses, a frame that breaks a rule) is read as a tree, which is
/// complete, and can say what is wrong.
///
/// # Errors
/// See [`DecodeError`].
pub fn receive<M: Message>(text: &str) -> Result<Decoded<M>, DecodeError> {
    if let Ok(decoded) = M::decode(&Frame::Text(text)) {
        return Ok(decoded);
    }
    match Json::parse_within(text, MAX_DEPTH) {
        Ok(json) => receive_tree(json),
        Err(error) => M::unknown(UnknownFrame::text(text, error.into())).map(Decoded::new),
    }
}

/// Reads a frame as a tree.
///
/// # Errors
/// The text is no JSON, or nested too deep.
pub fn parse_frame(text: &str) -> Result<Json<'_>, DecodeError> {
    Ok(Json::parse_within(text, MAX_DEPTH)?)
}

/// Reads a message of a direction from JSON that was read already.
///
/// # Errors
/// See [`DecodeError`].
pub fn receive_tree<M: Message>(json: Json<'_>) -> Result<Decoded<M>, DecodeError> {
    let frame = Frame::Tree(json);
    match (M::decode(&frame), frame) {
        (Ok(decoded), _) => Ok(decoded),
        (Err(reason), Frame::Tree(json)) => {
            M::unknown(UnknownFrame::json(json, reason)).map(Decoded::new)
        }
        (Err(reason), Frame::Text(_)) => Err(reason),
    }
}
