//! Topics: `x-topics` (and the community's `x-topic`) of a channel.

use json::Json;

use super::{ChannelId, MessageId, OperationId};
use crate::schema::{Origin, SchemaId};
use crate::source::Span;

/// A topic family of [`Contract::topics`](super::Contract::topics).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TopicId(pub(crate) usize);

/// A value of an extension with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Written {
    /// The value.
    pub value: Json<'static>,
    /// Where it stands.
    pub span: Span,
}

/// A family of topics: all that share a template.
#[derive(Clone, Debug)]
pub struct Topic {
    /// The key in the document: `bars`.
    pub key: String,
    /// Where it stands.
    pub origin: Origin,
    /// The channel that it belongs to.
    pub channel: ChannelId,
    /// What it is about.
    pub description: Option<String>,
    /// The name of a topic: `bars:{symbol}:{resolution}`.
    pub name: Template,
    /// The parameters, in the order of the document.
    pub parameters: Vec<TopicParameter>,
    /// See [`wide_parameter`](Self::wide_parameter).
    pub(crate) wide: Option<String>,
    /// The messages that are published on it.
    pub messages: Vec<MessageId>,
    /// Where a push carries the topic's name.
    pub carried: Carried,
    /// The operation that subscribes.
    pub subscribe: Option<OperationId>,
    /// The operation that unsubscribes.
    pub unsubscribe: Option<OperationId>,
    /// What becomes of its messages between publisher and subscriber.
    pub delivery: Delivery,
    /// What answers a granted subscribe: a template over the reply's payload, as it was written.
    pub subscribe_reply: Option<Written>,
    /// What answers an unsubscribe, as it was written.
    pub unsubscribe_reply: Option<Written>,
    /// What stands in the reply for one of several topics that was refused, as it was written.
    pub refused_reply: Option<Written>,
}

/// What an operation does to a topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TopicUse {
    /// Subscribes the client.
    Subscribe,
    /// Unsubscribes it.
    Unsubscribe,
}

impl Topic {
    /// What an operation does to it, if anything.
    pub fn used_by(&self, operation: OperationId) -> Option<TopicUse> {
        if self.subscribe == Some(operation) {
            Some(TopicUse::Subscribe)
        } else if self.unsubscribe == Some(operation) {
            Some(TopicUse::Unsubscribe)
        } else {
            None
        }
    }

    /// The parameter whose value may contain what separates it from its neighbours; the name is taken
    /// apart around it.
    pub fn wide_parameter(&self) -> Option<&str> {
        self.wide.as_deref()
    }

    /// The parameter that a request has many values of: one topic for each.
    pub fn many(&self) -> Option<&TopicParameter> {
        self.parameters.iter().find(|parameter| parameter.many)
    }
}

/// What becomes of a topic's messages between publisher and subscriber.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Delivery {
    /// `overflow`: what happens to messages for a client that does not read.
    pub overflow: Overflow,
    /// `key`: where a push says which value it is, where newer values replace older ones; a JSON pointer
    /// into the frame, split into its segments.
    pub key: Option<Vec<String>>,
    /// `keep`: how many messages the topic remembers.
    pub keep: u32,
    /// `last`: whether a new subscriber gets the last value at once.
    pub last: bool,
    /// `since`: where a subscribe request says up to which position the client has everything.
    pub since: Option<Vec<String>>,
    /// `interval`: how often a subscriber wants to hear of the topic.
    pub interval: Option<Interval>,
}

/// What a full queue does with a topic's messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Overflow {
    /// The client is closed with the situation `slow`.
    #[default]
    Close,
    /// The oldest waiting messages make room.
    DropOldest,
    /// A newer message takes the place of the waiting one with the same key.
    Conflate,
}

impl Overflow {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Close, Self::DropOldest, Self::Conflate];

    /// The word in the document.
    pub fn name(self) -> &'static str {
        match self {
            Self::Close => "close",
            Self::DropOldest => "drop-oldest",
            Self::Conflate => "conflate",
        }
    }

    /// The policy of this word.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|each| each.name() == name)
    }
}

/// A delivery interval that the subscriber may choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interval {
    /// Where the request says it, in milliseconds; a JSON pointer into the frame, split into its segments.
    pub path: Vec<String>,
    /// The least that is granted, in milliseconds. A smaller wish is taken for this.
    pub minimum: u32,
    /// What holds where the request says nothing, in milliseconds; 0 is every message.
    pub default: u32,
}

/// A text with parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// The text as it was written.
    pub text: String,
    /// Where.
    pub span: Span,
    /// Its parts in order.
    pub parts: Vec<TemplatePart>,
}

/// A part of a [`Template`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TemplatePart {
    /// Stands for itself.
    Text(String),
    /// The value of a parameter.
    Parameter(String),
}

/// A parameter of a topic.
#[derive(Clone, Debug)]
pub struct TopicParameter {
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub origin: Origin,
    /// What it means.
    pub description: Option<String>,
    /// Where its value comes from.
    pub source: ParameterSource,
    /// What its values are.
    pub schema: SchemaId,
    /// The value where the message has none.
    pub default: Option<Json<'static>>,
    /// Whether the request has a list of values: one topic for each. The schema is that of an item.
    pub many: bool,
}

/// Where the value of a topic's parameter comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParameterSource {
    /// From the subscribe request: a JSON pointer into the frame, split into its segments.
    Message(Vec<String>),
    /// Not from a message; the application knows it.
    Application,
}

/// Where a push says which topic it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Carried {
    /// At this JSON pointer into the frame, split into its segments.
    At(Vec<String>),
    /// Nowhere.
    Nowhere,
}
