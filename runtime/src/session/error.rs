//! What a session's handle can refuse.

use crate::codec::EncodeError;
use std::fmt;

/// A message could not be handed over to a session.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SendError {
    /// The session is over.
    Closed,
    /// More bytes wait for the session's shard than it may hold.
    Full {
        /// `queue_bytes`.
        limit: usize,
    },
    /// The message has no encoding.
    Encode(EncodeError),
}

impl From<EncodeError> for SendError {
    fn from(error: EncodeError) -> Self {
        Self::Encode(error)
    }
}

impl fmt::Display for SendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Closed => f.write_str("session is closed"),
            Self::Full { limit } => write!(
                f,
                "messages waiting for the session exceed queue_bytes {limit}; send less or later"
            ),
            Self::Encode(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for SendError {}

/// A session could not be subscribed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SubscribeError {
    /// The session is over.
    Closed,
    /// It has as many subscriptions as one connection may have.
    TooMany {
        /// `subscriptions`.
        limit: usize,
    },
}

impl fmt::Display for SubscribeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Closed => f.write_str("session is closed"),
            Self::TooMany { limit } => {
                write!(f, "session has {limit} subscriptions, the limit; unsubscribe from some")
            }
        }
    }
}

impl std::error::Error for SubscribeError {}
