//! From a decoded request to its reply.

use std::future::Future;

use super::call::Call;
use super::message::{EnvelopeParts, Message};
use crate::close::{CloseCode, CloseReason};
use crate::codec::{Codec, EncodeError};
use crate::service::{Dispatched, OperationInfo, Outgoing, Work};
use crate::session::SessionHandle;

/// A handler does not do what it was asked to: why, for the client to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    message: String,
}

impl Refusal {
    /// What the client is told.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into() }
    }

    /// What the client is told.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Refusal {}

impl From<&str> for Refusal {
    fn from(message: &str) -> Self {
        Self::new(message)
    }
}

impl From<String> for Refusal {
    fn from(message: String) -> Self {
        Self::new(message)
    }
}

impl From<super::topic::TopicError> for Refusal {
    fn from(error: super::topic::TopicError) -> Self {
        Self::new(error.to_string())
    }
}

impl From<crate::session::SubscribeError> for Refusal {
    fn from(error: crate::session::SubscribeError) -> Self {
        Self::new(error.to_string())
    }
}

impl From<crate::session::SendError> for Refusal {
    fn from(error: crate::session::SendError) -> Self {
        Self::new(error.to_string())
    }
}

impl From<crate::hub::PublishError> for Refusal {
    fn from(error: crate::hub::PublishError) -> Self {
        Self::new(error.to_string())
    }
}

/// What follows a request.
#[derive(Clone, Debug)]
pub enum Answer<M> {
    /// A reply.
    Reply(M),
    /// Nothing.
    Nothing,
    /// The end of the session: the handler refused, and no reply can say so.
    Close(Refusal),
}

/// Runs a handler and sends what it answers, with the id of the request.
pub fn answer<M, F>(
    operation: &'static OperationInfo,
    session: &SessionHandle,
    mut call: Call,
    handler: impl FnOnce(Call) -> F,
) -> Dispatched
where
    M: Message + Send + 'static,
    F: Future<Output = Answer<M>> + Send + 'static,
{
    let session = session.clone();
    let id = call.id.take();
    let handler = handler(call);
    let work = async move {
        let message = match handler.await {
            Answer::Reply(message) => message,
            Answer::Nothing => return None,
            Answer::Close(refusal) => {
                session.close_with(CloseReason::new(CloseCode::POLICY, refusal.message));
                return None;
            }
        };
        let envelope = EnvelopeParts::of_id(id.as_ref());
        let encode = |codec: Codec, out: &mut Vec<u8>| -> Result<(), EncodeError> {
            message.encode(codec, &envelope, out)
        };
        match Outgoing::encode(session.codec(), &encode) {
            Ok(reply) => Some(reply),
            Err(error) => {
                // The handler broke the contract; the client must not wait for a reply that cannot come.
                tracing::error!(operation = operation.name(), %error, "reply breaks the contract");
                session.close_with(CloseReason::INTERNAL);
                None
            }
        }
    };
    Dispatched { operation, work: Work::Pending(Box::pin(work)) }
}
