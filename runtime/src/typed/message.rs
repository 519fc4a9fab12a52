//! The messages of one direction: which one a frame is, and how one becomes a frame.

use std::borrow::Cow;

use super::payload::{self, DecodeError, Payload};
use crate::check::{Check, Violation};
use crate::codec::{Codec, EncodeError};
use crate::json::{Json, Step, peek};

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
}

/// What an envelope says besides the payload.
#[derive(Clone, Copy, Debug, Default)]
pub struct EnvelopeParts<'a> {
    /// The correlation id of the request that is answered.
    pub id: Option<&'a Json<'a>>,
    /// The topic that a push belongs to.
    pub topic: Option<&'a str>,
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

    /// Adds the correlation id. `id` is what the frame has there.
    #[must_use]
    pub fn with_id(mut self, id: Option<impl serde::Serialize>) -> Self {
        self.id = id.and_then(|id| Json::encode(&id).ok());
        self
    }

    /// Adds the topic.
    #[must_use]
    pub fn with_topic(mut self, topic: Option<String>) -> Self {
        self.topic = topic;
        self
    }
}

/// A frame that is being read: as text while that is enough, then as a tree.
#[derive(Debug)]
pub enum Frame<'a> {
    /// JSON that was not looked at yet.
    Text(&'a str),
    /// JSON as a tree.
    Tree(Json<'a>),
    /// Text that may be no JSON.
    Bare(&'a str),
}

/// The JSON type of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean,
    /// A number.
    Number,
    /// A string.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
}

/// Whether a bare text is an object or an array, so that it is read as JSON.
pub fn looks_like_json(text: &str) -> bool {
    text.trim_start().starts_with(['{', '['])
}

/// A property that always has the same text: it is written, and not looked at when it is read, because
/// which message a frame is was decided before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fixed(pub &'static str);

impl serde::Serialize for Fixed {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0)
    }
}

impl<'de> serde::Deserialize<'de> for Fixed {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        serde::de::IgnoredAny::deserialize(deserializer).map(|_| Self(""))
    }
}

/// Reads a message of a direction from JSON text.
///
/// The text is read into types at once where it can be. What comes out differently then (`1.0` for an
/// integer, a key that stands twice, a schema that no type expresses) or not at all is read as a tree,
/// which is complete, and can say what is wrong.
///
/// # Errors
/// See [`DecodeError`].
pub fn receive<M: Message>(text: &str) -> Result<Decoded<M>, DecodeError> {
    match M::decode(&Frame::Text(text)) {
        Ok(decoded) => Ok(decoded),
        Err(_) => M::decode(&Frame::Tree(Json::parse_within(text, payload::MAX_DEPTH)?)),
    }
}

impl<'a> Frame<'a> {
    /// The value at a place: the discriminator.
    pub fn tag(&self, path: &[Step<'_>]) -> Tag<'_> {
        match self {
            Self::Text(text) => match peek(text, path) {
                Some(raw) => match raw.string() {
                    Some(text) => Tag(Found::Text(text)),
                    None => Json::parse(raw.text())
                        .map_or(Tag(Found::Nothing), |json| Tag(Found::Json(json))),
                },
                None => Tag(Found::Nothing),
            },
            Self::Tree(json) => {
                let found = path.iter().try_fold(json, |json, step| match *step {
                    Step::Property(name) => json.get(name),
                    Step::Item(at) => json.at(at),
                });
                match found {
                    Some(Json::String(text)) => Tag(Found::Text(Cow::Borrowed(text))),
                    Some(json) => Tag(Found::Json(json.clone())),
                    None => Tag(Found::Nothing),
                }
            }
            Self::Bare(_) => Tag(Found::Nothing),
        }
    }

    /// The payload, if the frame is one.
    ///
    /// # Errors
    /// What is wrong with it; nothing certain while the frame is text.
    pub fn read<T: Payload>(&self) -> Result<T, DecodeError> {
        match self {
            Self::Text(text) => payload::read_typed(text).ok_or(DecodeError::Unknown(None)),
            Self::Tree(json) => payload::read_tree(json),
            Self::Bare(_) => Err(DecodeError::Unknown(None)),
        }
    }

    /// A value whose schema has no type of its own, if the frame is one.
    ///
    /// # Errors
    /// What is wrong with it; nothing certain while the frame is text.
    pub fn read_checked<T: serde::de::DeserializeOwned>(
        &self,
        check: Check,
    ) -> Result<T, DecodeError> {
        let json = self.tree()?;
        json.check(check)?;
        json.decode().map_err(|error| DecodeError::Invalid(error.into()))
    }

    /// The JSON type of the frame.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Tree(json) => match json {
                Json::Null => Kind::Null,
                Json::Bool(_) => Kind::Boolean,
                Json::Number(_) => Kind::Number,
                Json::String(_) => Kind::String,
                Json::Array(_) => Kind::Array,
                Json::Object(_) => Kind::Object,
            },
            Self::Text(text) | Self::Bare(text) => match text.trim_start().bytes().next() {
                Some(b'{') => Kind::Object,
                Some(b'[') => Kind::Array,
                Some(b'"') => Kind::String,
                Some(b't' | b'f') => Kind::Boolean,
                Some(b'n') => Kind::Null,
                _ => Kind::Number,
            },
        }
    }

    /// The text of a frame that was not read as JSON.
    pub fn bare(&self) -> Option<&'a str> {
        match self {
            Self::Text(text) | Self::Bare(text) => Some(text),
            Self::Tree(_) => None,
        }
    }

    /// The frame as a tree, for what cannot be decided without.
    ///
    /// # Errors
    /// While the frame is text.
    pub fn tree(&self) -> Result<&Json<'a>, DecodeError> {
        match self {
            Self::Tree(json) => Ok(json),
            _ => Err(DecodeError::Unknown(None)),
        }
    }

    /// The error for a frame whose discriminator no message has.
    pub fn unknown(&self, path: &[Step<'_>], known: &'static str) -> DecodeError {
        let Self::Tree(json) = self else { return DecodeError::Unknown(None) };
        if json.as_object().is_none() && matches!(path.first(), Some(Step::Property(_))) {
            return Violation::new("type", format_args!("expected an object")).into();
        }
        match self.tag(path).0 {
            Found::Text(text) => DecodeError::Unknown(Some(text.into_owned())),
            Found::Json(Json::Bool(value)) => DecodeError::Unknown(Some(value.to_string())),
            Found::Json(Json::Number(number)) if number.is_integer() => {
                DecodeError::Unknown(Some(number.to_string()))
            }
            Found::Json(_) => at(path, Violation::new("type", format_args!("expected {known}"))),
            Found::Nothing => {
                at(path, Violation::new("required", format_args!("expected {known}")))
            }
        }
    }
}

fn at(path: &[Step<'_>], violation: Violation) -> DecodeError {
    path.iter()
        .rev()
        .fold(violation, |violation, step| match *step {
            Step::Property(name) => violation.within(name),
            Step::Item(at) => violation.within_item(at),
        })
        .into()
}

/// The value at the place that tells messages apart.
#[derive(Debug)]
pub struct Tag<'a>(Found<'a>);

#[derive(Debug)]
enum Found<'a> {
    Text(Cow<'a, str>),
    Json(Json<'a>),
    Nothing,
}

impl Tag<'_> {
    /// The text, if it is one; else the empty text, which no discriminator has.
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Found::Text(text) => text,
            _ => "",
        }
    }

    /// Whether it is this number or boolean, given as JSON.
    pub fn is(&self, json: &str) -> bool {
        match &self.0 {
            Found::Json(found) => Json::parse(json).is_ok_and(|json| *found == json),
            _ => false,
        }
    }

    /// Whether there is nothing at the place.
    pub fn is_missing(&self) -> bool {
        matches!(self.0, Found::Nothing)
    }
}
