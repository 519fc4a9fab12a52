//! From a frame to a message of the channel, or to the reason why it is none.

#[cfg(feature = "msgpack")]
use super::message::receive_tree;
use super::message::{Decoded, Message, receive};
use super::payload::DecodeError;
use crate::codec::Codec;
use crate::service::{Inbound, Rejection};

/// Reads what came on a session of this codec.
///
/// # Errors
/// Why it is no message of the channel; the engine closes accordingly.
pub fn incoming<M: Message>(codec: Codec, message: Inbound<'_>) -> Result<Decoded<M>, Rejection> {
    let decoded = match (codec, message) {
        (Codec::Json, Inbound::Text(text)) => receive(text),
        #[cfg(feature = "msgpack")]
        (Codec::MessagePack, Inbound::Binary(bytes)) => {
            match rmp_serde::from_slice::<crate::json::Json<'static>>(bytes) {
                Ok(json) => receive_tree(json),
                Err(error) => Err(DecodeError::Syntax(error.to_string())),
            }
        }
        (codec, _) => {
            let detail = format!("the frame is not of the codec {}", codec.name());
            return Err(Rejection::Undecodable { detail });
        }
    };
    decoded.map_err(Rejection::from)
}

/// A message of the channel that no operation receives: a reply, sent to who never asked.
pub fn unhandled(message: &impl Message) -> Rejection {
    Rejection::UnknownType { name: Some(message.name().to_owned()) }
}

impl From<DecodeError> for Rejection {
    fn from(error: DecodeError) -> Self {
        match error {
            DecodeError::Syntax(detail) => Self::Undecodable { detail },
            DecodeError::Unknown(name) => Self::UnknownType { name },
            DecodeError::Invalid(violation) => Self::Invalid {
                pointer: violation.pointer(),
                rule: violation.rule(),
                detail: violation.detail().to_owned(),
            },
        }
    }
}
