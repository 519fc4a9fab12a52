//! One WebSocket endpoint: the channels that share an address, and what the socket itself does.

use super::{ChannelId, Direction};
use crate::source::Span;

/// An endpoint of [`Contract::endpoints`](super::Contract::endpoints).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EndpointId(pub(crate) usize);

/// One socket.
#[derive(Clone, Debug)]
pub struct Endpoint {
    /// What it is called: the key of its first channel.
    pub key: String,
    /// The path, with `{parameters}`; `None` if it is unknown until run time.
    pub address: Option<String>,
    /// The channels that share it.
    pub channels: Vec<ChannelId>,
    /// Whether a WebSocket server offers it; the channels of Kafka or MQTT give types only.
    pub is_websocket: bool,
    /// `x-subprotocols`, in order of preference.
    pub subprotocols: Vec<Subprotocol>,
    /// `x-close-codes`: only what the document says.
    pub close_codes: CodeTable,
    /// `x-notices`
    pub notices: Notices,
    /// `x-batched`: the directions in which a frame is an array of messages. A single message outside
    /// of an array is taken, too.
    pub batched: Vec<Direction>,
}

impl Endpoint {
    /// Whether frames of a direction are arrays of messages.
    pub fn is_batched(&self, direction: Direction) -> bool {
        self.batched.contains(&direction)
    }
}

/// A subprotocol that a client may offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subprotocol {
    /// Its name in `Sec-WebSocket-Protocol`.
    pub name: String,
    /// How frames are encoded under it.
    pub codec: Codec,
    /// Whether the close codes of the document are used under it, or those of a plain client.
    pub declared_closes: bool,
}

/// How frames are encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Codec {
    /// JSON in text frames.
    #[default]
    Json,
    /// MessagePack in binary frames.
    MessagePack,
}

/// Which close code means what.
pub type CodeTable = Vec<(Situation, CloseCode)>;

/// Why a connection is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Situation {
    /// A frame is not what the codec expects.
    Undecodable,
    /// A payload breaks its schema.
    Invalid,
    /// No message has this type.
    UnknownType,
    /// The client was silent for too long.
    Heartbeat,
    /// The connection is as old as it may get.
    Lifespan,
    /// The token expired in session.
    TokenExpired,
    /// The token was not accepted.
    TokenBad,
    /// The page's origin is not allowed.
    Origin,
    /// There are too many connections.
    Overloaded,
    /// The client sends too much.
    Rate,
    /// A frame or a message is too large.
    TooLarge,
    /// The server goes away.
    Shutdown,
    /// The client does not read fast enough.
    Slow,
}

impl Situation {
    /// All of them, in the order of the design's table.
    pub const ALL: [Self; 13] = [
        Self::Undecodable,
        Self::Invalid,
        Self::UnknownType,
        Self::Heartbeat,
        Self::Lifespan,
        Self::TokenExpired,
        Self::TokenBad,
        Self::Origin,
        Self::Overloaded,
        Self::Rate,
        Self::TooLarge,
        Self::Shutdown,
        Self::Slow,
    ];

    /// The key in `x-close-codes`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Undecodable => "undecodable",
            Self::Invalid => "invalid",
            Self::UnknownType => "unknown-type",
            Self::Heartbeat => "heartbeat",
            Self::Lifespan => "lifespan",
            Self::TokenExpired => "token-expired",
            Self::TokenBad => "token-bad",
            Self::Origin => "origin",
            Self::Overloaded => "overloaded",
            Self::Rate => "rate",
            Self::TooLarge => "too-large",
            Self::Shutdown => "shutdown",
            Self::Slow => "slow",
        }
    }

    /// The situation of this key.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|each| each.name() == name)
    }
}

/// What a close says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CloseCode {
    /// The code, 1000–4999.
    pub code: u16,
    /// The reason, at most 123 bytes.
    pub reason: String,
    /// What a client does then.
    pub then: Action,
}

/// What a client does after a close.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Connects again.
    Retry,
    /// Gets a new token, then connects again.
    Refresh,
    /// Waits, then connects again.
    BackOff,
    /// Gives up.
    Stop,
}

impl Action {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Retry, Self::Refresh, Self::BackOff, Self::Stop];

    /// The word in the document.
    pub fn name(self) -> &'static str {
        match self {
            Self::Retry => "retry",
            Self::Refresh => "refresh",
            Self::BackOff => "back-off",
            Self::Stop => "stop",
        }
    }

    /// The action of this word.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|each| each.name() == name)
    }
}

/// `x-notices`: the messages that tell a client what happened to it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Notices {
    /// Pushes were dropped.
    pub dropped: Option<Notice>,
    /// A subscription was withdrawn.
    pub revoked: Option<Notice>,
    /// A frame broke the contract.
    pub violation: Option<Notice>,
}

/// A message that the server sends of its own account.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    /// The message.
    pub message: super::MessageId,
    /// What its payload is, as it was written.
    pub payload: Option<super::Written>,
    /// Where it is declared.
    pub span: Span,
}

/// What a notice tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum NoticeKind {
    /// Pushes were dropped.
    Dropped,
    /// A subscription was withdrawn.
    Revoked,
    /// A frame broke the contract.
    Violation,
}

impl NoticeKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Dropped, Self::Revoked, Self::Violation];

    /// The key in `x-notices`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Dropped => "dropped",
            Self::Revoked => "revoked",
            Self::Violation => "violation",
        }
    }
}

impl Notices {
    /// The notice of a kind, if the contract has one.
    pub fn get(&self, kind: NoticeKind) -> Option<&Notice> {
        match kind {
            NoticeKind::Dropped => self.dropped.as_ref(),
            NoticeKind::Revoked => self.revoked.as_ref(),
            NoticeKind::Violation => self.violation.as_ref(),
        }
    }

    /// Those that are declared.
    pub fn all(&self) -> impl Iterator<Item = (NoticeKind, &Notice)> {
        NoticeKind::ALL.into_iter().filter_map(|kind| Some((kind, self.get(kind)?)))
    }
}
