//! Typed topics: a family's name as a type, and what is published on it.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use super::channel::Channel;
#[cfg(feature = "server")]
use super::delivery::Delivery;
use crate::codec::{Codec, EncodeError};

/// A topic of a family: its name is what [`Display`](fmt::Display) says, and
/// [`FromStr`] reads it back.
pub trait Topic: fmt::Display + FromStr<Err = TopicError> + Send + Sync {
    /// The channel that it belongs to.
    type Channel: Channel;

    /// The family's key in the contract.
    const FAMILY: &'static str;

    /// What the contract says of the delivery of its messages.
    #[cfg(feature = "server")]
    const DELIVERY: Delivery = Delivery::EACH;
}

/// A topic that a message is published on. Publishing another one does not compile.
pub trait Carries<M>: Topic {
    /// Writes the frame of a push.
    ///
    /// # Errors
    /// A payload that breaks its schema: sending is strict.
    fn encode(topic: &str, message: &M, codec: Codec, out: &mut Vec<u8>)
    -> Result<(), EncodeError>;

    /// Which of the topic's values a message is, where newer ones replace older ones.
    fn key(message: &M) -> Cow<'_, str> {
        let _ = message;
        Cow::Borrowed("")
    }
}

/// A name is none of a family's, or a request names no topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopicError(String);

impl TopicError {
    /// `name` does not look like `template`.
    pub fn mismatch(name: &str, template: &str) -> Self {
        Self(format!("`{name}` is no topic of the form `{template}`"))
    }

    /// The value of a parameter is not one that it can have.
    pub fn value(parameter: &str, value: &str) -> Self {
        Self(format!("`{value}` is no value of the topic's `{parameter}`"))
    }

    /// A request has no value for a parameter.
    pub fn missing(parameter: &str) -> Self {
        Self(format!("the request does not say the topic's `{parameter}`"))
    }
}

impl fmt::Display for TopicError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for TopicError {}

/// Reads the value of a parameter.
///
/// # Errors
/// The text is none of its values.
pub fn parameter<T: FromStr>(name: &str, text: &str) -> Result<T, TopicError> {
    text.parse().map_err(|_| TopicError::value(name, text))
}
