//! Message Object: one kind of frame.

use json::Json;

use super::{Binding, Extensions, ExternalDocs, Tag};
use crate::schema::{Origin, SchemaId};
use crate::source::Span;

/// A message of [`Contract::messages`](super::Contract::messages).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MessageId(pub(crate) usize);

/// One kind of frame.
#[derive(Clone, Debug)]
pub struct Message {
    /// What it is called in the document: its key, `messageId` or `name`.
    pub key: String,
    /// Where it stands.
    pub origin: Origin,
    /// `name`, for machines; often its value on the wire.
    pub name: Option<String>,
    /// `title`
    pub title: Option<String>,
    /// `summary`
    pub summary: Option<String>,
    /// `description`
    pub description: Option<String>,
    /// The media type, the document's default applied.
    pub content_type: Option<String>,
    /// The whole frame.
    pub payload: SchemaId,
    /// Application headers, which WebSocket has no place for.
    pub headers: Option<SchemaId>,
    /// Where the correlation id is, as a JSON pointer into the payload split into its segments.
    pub correlation: Option<Vec<String>>,
    /// `x-invalid: ignore` of the correlation id: one that breaks its schema counts as absent.
    pub lenient_correlation: bool,
    /// Examples of the frame.
    pub examples: Vec<Example>,
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

/// An example of a message.
#[derive(Clone, Debug)]
pub struct Example {
    /// `name`
    pub name: Option<String>,
    /// `summary`
    pub summary: Option<String>,
    /// The frame, with the place where it is written.
    pub payload: Option<(Json<'static>, Span)>,
    /// Application headers.
    pub headers: Option<(Json<'static>, Span)>,
}
