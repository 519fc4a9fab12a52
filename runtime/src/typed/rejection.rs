//! From a frame to a message of the channel, or to the reason why it is none; and what a client is told
//! that missed messages or sent a wrong one.

use super::channel::Channel;
#[cfg(feature = "msgpack")]
use super::message::receive_tree;
use super::message::{Decoded, EnvelopeParts, Message, receive};
use super::payload::DecodeError;
use crate::codec::{Codec, EncodeError};
use crate::service::{Dropped, Inbound, Outgoing, Rejection};
use crate::session::SessionHandle;

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

/// The contract's notices of dropped messages, one for each topic.
pub fn dropped<C: Channel>(session: &SessionHandle, dropped: &[Dropped]) -> Vec<Outgoing> {
    let notice = |Dropped { topic, messages }: &Dropped| {
        let message = format!("{messages} messages of {topic} were dropped; read faster");
        encoded(session, &C::dropped(topic, *messages, &message)?)
    };
    dropped.iter().filter_map(notice).collect()
}

/// The contract's notice of a frame that is none of its messages.
pub fn rejected<C: Channel>(session: &SessionHandle, rejection: &Rejection) -> Option<Outgoing> {
    encoded(session, &C::violation(&rejection.to_string())?)
}

fn encoded<M: Message>(session: &SessionHandle, notice: &M) -> Option<Outgoing> {
    let encode = |codec: Codec, out: &mut Vec<u8>| -> Result<(), EncodeError> {
        notice.encode(codec, &EnvelopeParts::default(), out)
    };
    let outgoing = Outgoing::encode(session.codec(), &encode);
    outgoing.map_err(|error| tracing::error!(%error, "notice breaks the contract")).ok()
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
