//! Operation Object: what the application does with messages of a channel.

use super::{Binding, ChannelId, Extensions, ExternalDocs, MessageId, SecurityId, Tag, Written};
use crate::schema::Origin;

/// An operation of [`Contract::operations`](super::Contract::operations).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OperationId(pub(crate) usize);

/// What the described application does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// It gets what a client sends (`action: receive`; `publish` in 2.x).
    Receive,
    /// It sends what a client gets (`action: send`; `subscribe` in 2.x).
    Send,
}

impl Direction {
    /// The other one: how a client sees it.
    #[must_use]
    pub fn flipped(self) -> Self {
        match self {
            Self::Receive => Self::Send,
            Self::Send => Self::Receive,
        }
    }
}

/// Who a document describes: whose operations its operations are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Perspective {
    /// The server, as most documents do: `send` is what clients get.
    #[default]
    Server,
    /// A client: `send` is what the server receives.
    Client,
}

impl Perspective {
    /// What the server does, where the described application does `own`; and the other way round.
    #[must_use]
    pub fn of_server(self, own: Direction) -> Direction {
        match self {
            Self::Server => own,
            Self::Client => own.flipped(),
        }
    }
}

/// An operation.
#[derive(Clone, Debug)]
pub struct Operation {
    /// The key in the document; in 2.x `operationId`, or what stands in for it.
    pub key: String,
    /// Where it stands.
    pub origin: Origin,
    /// What the application does.
    pub direction: Direction,
    /// Where.
    pub channel: ChannelId,
    /// The messages that it is about.
    pub messages: Vec<MessageId>,
    /// What answers it.
    pub reply: Option<Reply>,
    /// `title`
    pub title: Option<String>,
    /// `summary`
    pub summary: Option<String>,
    /// `description`
    pub description: Option<String>,
    /// Schemes of which one must be satisfied, beyond those of the server.
    pub security: Vec<SecurityId>,
    /// `x-error-reply`: how a refusal fills the reply, as it was written.
    pub error_reply: Option<Written>,
    /// `refusal`: what a refusal does where there is no reply that could carry it.
    pub refusal: Refusal,
    /// Bindings.
    pub bindings: Vec<Binding>,
    /// `deprecated: true`
    pub deprecated: bool,
    /// Tags.
    pub tags: Vec<Tag>,
    /// More to read.
    pub external_docs: Option<ExternalDocs>,
    /// Extensions, those without a meaning here.
    pub extensions: Extensions,
}

/// What answers an operation.
#[derive(Clone, Debug)]
pub struct Reply {
    /// Where it stands.
    pub origin: Origin,
    /// The messages of which one answers.
    pub messages: Vec<MessageId>,
    /// Those of them that say that the request failed, where there are several.
    pub errors: Vec<MessageId>,
    /// The channel that the answer comes on.
    pub channel: Option<ChannelId>,
}

/// What happens when a handler refuses and no reply can say so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Refusal {
    /// The connection is closed.
    #[default]
    Close,
    /// Nothing.
    Ignore,
}
