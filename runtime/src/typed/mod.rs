//! The typed layer: what generated code is made of, and what server authors hold.
//!
//! A contract becomes types ([`Payload`]), an enum for each direction ([`Message`]), topics
//! ([`Topic`], [`Carries`]) and a [`Channel`] that ties them together. A handler sees a typed
//! [`Session`], publishes through a typed [`Hub`], and is mounted by an [`Endpoint`]. All of it is a
//! thin layer over the engine, which knows bytes only.

mod list;
mod message;
mod object;
mod payload;
mod unknown_value;

#[cfg(feature = "server")]
mod answer;
#[cfg(feature = "server")]
mod channel;
#[cfg(feature = "server")]
mod endpoint;
#[cfg(feature = "server")]
mod hub;
#[cfg(feature = "server")]
mod rejection;
#[cfg(feature = "server")]
mod session;
#[cfg(feature = "server")]
mod topic;

pub use list::{ListReader, ListWriter};
pub use message::{
    Decoded, EnvelopeParts, Fixed, Frame, Kind, Message, Tag, looks_like_json, receive,
};
pub use object::{ObjectOnly, ObjectReader, ObjectWriter};
pub use payload::{
    DecodeError, Payload, best_of, constant, decimal_fits, encode, encode_checked, encode_text,
    from_json, text_fits, validate, validate_by, write,
};

pub use unknown_value::UnknownValue;

#[cfg(feature = "server")]
pub use {
    answer::{Answer, Refusal, answer},
    channel::Channel,
    endpoint::Endpoint,
    hub::Hub,
    rejection::{incoming, unhandled},
    session::{RequestId, Session},
    topic::{Carries, Topic, TopicError, parameter},
};
