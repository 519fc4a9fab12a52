//! The typed layer: what generated code is made of, and what server authors hold.
//!
//! A contract becomes types ([`Payload`]), an enum for each direction ([`Message`]), topics
//! ([`Topic`], [`Carries`]) and a [`Channel`] that ties them together. A handler sees a typed
//! [`Session`], publishes through a typed [`Hub`], and is mounted by an [`Endpoint`]. All of it is a
//! thin layer over the engine, which knows bytes only.

mod envelope;
mod frame;
mod list;
mod message;
mod never;
mod object;
mod payload;
mod unknown_value;

#[cfg(feature = "server")]
mod answer;
#[cfg(feature = "server")]
mod call;
#[cfg(any(feature = "client", feature = "server"))]
mod channel;
#[cfg(feature = "server")]
mod delivery;
#[cfg(feature = "server")]
mod endpoint;
#[cfg(feature = "server")]
mod hub;
#[cfg(feature = "server")]
pub mod layer;
#[cfg(feature = "server")]
mod rejection;
#[cfg(feature = "server")]
mod session;
#[cfg(any(feature = "client", feature = "server"))]
mod topic;

pub use envelope::{Envelope, Property, Whole};
pub use frame::{Frame, Kind, Tag, looks_like_json};
pub use list::{FromList, ListReader, ListWriter, from_list};
pub use message::{
    Decoded, EnvelopeParts, Message, UnknownFrame, parse_frame, receive, receive_tree,
};
pub use never::Never;
pub use object::{FromObject, ObjectOnly, ObjectReader, ObjectWriter, from_object, required, text};
pub use payload::{
    DecodeError, Payload, Rules, best_of, constant, decimal_fits, encode_text, from_json, in_batch,
    ranked, text_fits, write,
};

pub use unknown_value::UnknownValue;

#[cfg(feature = "server")]
pub use {
    answer::{Answer, Refusal, answer},
    call::{Call, Received, received},
    delivery::{Delivery, Wish},
    endpoint::Endpoint,
    hub::Hub,
    rejection::{dropped, incoming, rejected, unhandled},
    session::Session,
};
#[cfg(any(feature = "client", feature = "server"))]
pub use {
    channel::Channel,
    topic::{Carries, Topic, TopicError, parameter},
};
