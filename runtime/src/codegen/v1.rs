//! The first version of the door between generated code and this crate. Only ever added to.

pub use ::core::{future::Future, result::Result};
pub use ::serde;
pub use ::serde::{Deserialize, Deserializer, Serialize, Serializer};
pub use ::std::borrow::Cow;
pub use ::std::collections::BTreeMap;
pub use ::std::sync::Arc;

pub use crate::check::{Check, Checked, Constant, Format, Pattern, Type, anything, nothing};
pub use crate::codec::{Codec, EncodeError};
pub use crate::json::{Decimal, DecimalString, Json, Number, Step, not_null, nullable};
pub use crate::scalar::{Base64, Date, DateTime, Uuid};
pub use crate::typed::{
    DecodeError, Decoded, Envelope, EnvelopeParts, Frame, FromList, FromObject, Kind, ListReader,
    ListWriter, Message, Never, ObjectOnly, ObjectReader, ObjectWriter, Payload, Property, Rules,
    UnknownFrame, UnknownValue, Whole, best_of, constant, decimal_fits, encode_text, from_list,
    from_object, in_batch, looks_like_json, ranked, required, text, text_fits,
};
pub use ::serde::de::{MapAccess, SeqAccess};

#[cfg(feature = "client")]
pub use crate::client::{
    ClientChannel, ClientError, ClientInfo, Connection, Family, Messages, Notice, Operation,
    Options, Subscribe, TokenPlace, TopicClient, integer_id, text_id, unexpected,
};
#[cfg(any(feature = "client", feature = "server"))]
pub use crate::{
    channel::{ChannelInfo, OperationInfo, Subprotocol},
    close::{CloseRule, CloseTable, Closes, Situation, Then},
    typed::{Channel, Topic, TopicError, parameter},
};
#[cfg(feature = "server")]
pub use crate::{
    close::{CloseCode, Closed},
    handshake::Handshake,
    hub::{Overflow, Recovery, TopicHooks},
    service::{Dispatched, Dropped, Inbound, Outgoing, Rejection, Service},
    session::{SessionHandle, SubscribeError},
    typed::{
        Answer, Call, Carries, Delivery, Endpoint, Hub, Refusal, Session, Wish, answer, dropped,
        incoming, received, rejected, unhandled,
    },
};
#[cfg(feature = "server")]
pub use ::axum::Router;

/// Reads a property that must be there and may be `null`.
///
/// # Errors
/// The deserializer's; serde would take a missing property for `null` without this function.
pub fn nullable_required<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    Option::deserialize(deserializer)
}

/// Lets a derived struct be read from an object only: serde would take a list of its fields, too.
///
/// The struct derives with `#[serde(remote = "Self")]`, which makes functions of what would be the
/// traits' methods; this writes the traits around them.
#[macro_export]
#[doc(hidden)]
macro_rules! __asyncapi_ws_object {
    ($name:ident) => {
        impl $crate::codegen::v1::Serialize for $name {
            fn serialize<S: $crate::codegen::v1::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                Self::serialize(self, serializer)
            }
        }

        impl<'de> $crate::codegen::v1::Deserialize<'de> for $name {
            fn deserialize<D: $crate::codegen::v1::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                Self::deserialize($crate::codegen::v1::ObjectOnly(deserializer))
            }
        }
    };
}

pub use crate::__asyncapi_ws_object as object;

/// Says which feature is missing, where a generated client meets a runtime without one.
#[cfg(feature = "client")]
#[macro_export]
#[doc(hidden)]
macro_rules! __asyncapi_ws_needs_client {
    () => {};
}

/// Says which feature is missing, where a generated client meets a runtime without one.
#[cfg(not(feature = "client"))]
#[macro_export]
#[doc(hidden)]
macro_rules! __asyncapi_ws_needs_client {
    () => {
        ::core::compile_error!(
            "a generated client needs the feature `client` of `asyncapi-ws`: add it in Cargo.toml"
        );
    };
}

pub use crate::__asyncapi_ws_needs_client as needs_client;
