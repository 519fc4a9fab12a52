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
    /// What answers a granted subscribe: a template over the reply's payload, as it was written.
    pub subscribe_reply: Option<Written>,
    /// What answers an unsubscribe, as it was written.
    pub unsubscribe_reply: Option<Written>,
}

impl Topic {
    /// The parameter whose value may contain what separates it from its neighbours; the name is taken
    /// apart around it.
    pub fn wide_parameter(&self) -> Option<&str> {
        self.wide.as_deref()
    }
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
