//! Why something that a client was asked for did not happen.

use std::fmt;

use super::Close;
use crate::typed::UnknownFrame;

/// Why there is no reply, no subscription or no connection: one variant for each thing that one can do
/// about it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum ClientError {
    /// The client was closed by its owner.
    Closed,
    /// The message was sent, and the connection went before the reply came. Whether the server acted on
    /// it is not known, so it is not sent again.
    ConnectionLost {
        /// The operation.
        operation: &'static str,
    },
    /// A value breaks the contract: it was not sent, or it was received and not delivered.
    Invalid {
        /// The operation, or what came.
        what: String,
        /// The rule that it breaks.
        detail: String,
    },
    /// More bytes wait for the connection than [`Options::queue_bytes`](super::Options::queue_bytes)
    /// allows.
    QueueFull {
        /// The operation.
        operation: &'static str,
        /// What its message has, in bytes.
        bytes: usize,
        /// What waits already, in bytes.
        waiting: usize,
        /// The limit, in bytes.
        limit: usize,
    },
    /// The server answered that it will not.
    Refused {
        /// The topic's name.
        topic: String,
        /// What the server said.
        message: String,
    },
    /// The server withdrew a subscription.
    Revoked {
        /// The topic's name.
        topic: String,
    },
    /// The server closed the connection in a way that forbids to come back.
    Stopped(Close),
    /// No reply in time. Whether the server acted on the message is not known.
    Timeout {
        /// What was waited for.
        what: String,
        /// How long.
        after: std::time::Duration,
    },
    /// There is no token that the server takes, or the token provider failed: why.
    Token(String),
    /// A frame could not be read; it was dropped, and the connection stays.
    Undecodable(String),
    /// A push carries no topic and could belong to several subscriptions.
    Unroutable {
        /// The message's name.
        message: &'static str,
    },
    /// The server answered with a message that the contract does not know: a newer one, perhaps.
    UnknownReply(UnknownFrame),
    /// The URL is none, or one that this build cannot reach: why.
    Unsupported(String),
}

impl ClientError {
    /// What went wrong in one word; the same words as the TypeScript client's.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::ConnectionLost { .. } => "connection-lost",
            Self::Invalid { .. } => "invalid",
            Self::QueueFull { .. } => "queue-full",
            Self::Refused { .. } => "refused",
            Self::Revoked { .. } => "revoked",
            Self::Stopped(_) => "stopped",
            Self::Timeout { .. } => "timeout",
            Self::Token(_) => "token",
            Self::Undecodable(_) => "undecodable",
            Self::Unroutable { .. } => "unroutable",
            Self::UnknownReply(_) => "unknown-reply",
            Self::Unsupported(_) => "unsupported",
        }
    }
}

impl fmt::Display for ClientError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Closed => f.write_str("the client was closed"),
            Self::ConnectionLost { operation } => {
                write!(f, "the connection was lost before the reply to {operation}")
            }
            Self::Invalid { what, detail } => write!(f, "{what}: {detail}"),
            Self::QueueFull { operation, bytes, waiting, limit } => write!(
                f,
                "{operation}: {bytes} bytes on top of {waiting} exceed queue_bytes {limit}"
            ),
            Self::Refused { topic, message } => write!(f, "{topic}: {message}"),
            Self::Revoked { topic } => write!(f, "the server withdrew {topic}"),
            Self::Stopped(close) => write!(f, "the server ended it: {close}"),
            Self::Timeout { what, after } => {
                write!(f, "no reply to {what} within {} ms", after.as_millis())
            }
            Self::Token(why) => f.write_str(why),
            Self::Undecodable(why) => write!(f, "a frame was dropped: {why}"),
            Self::Unroutable { message } => write!(
                f,
                "{message} names no topic and several are subscribed: use one client for each topic"
            ),
            Self::UnknownReply(frame) => {
                write!(f, "answered by what the contract does not know: {}", frame.reason())
            }
            Self::Unsupported(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for ClientError {}
