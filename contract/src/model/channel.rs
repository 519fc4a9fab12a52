//! Channel Object (Channel Item Object in 2.x), with its parameters and its WebSocket binding.

use super::{EndpointId, Extensions, ExternalDocs, MessageId, Tag};
use crate::schema::{Origin, SchemaId};

/// A channel of [`Contract::channels`](super::Contract::channels).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ChannelId(pub(crate) usize);

/// A channel.
#[derive(Clone, Debug)]
pub struct Channel {
    /// The key in the document; in 2.x it is the address.
    pub key: String,
    /// Where it stands.
    pub origin: Origin,
    /// The path of the socket, with `{parameters}`; `None` if it is unknown until run time.
    pub address: Option<String>,
    /// The socket that carries it.
    pub endpoint: EndpointId,
    /// `title`
    pub title: Option<String>,
    /// `summary`
    pub summary: Option<String>,
    /// `description`
    pub description: Option<String>,
    /// The servers that offer it, as positions in [`Contract::servers`](super::Contract::servers); empty if all do.
    pub servers: Vec<usize>,
    /// The messages that travel on it, each under its key.
    pub messages: Vec<(String, MessageId)>,
    /// The parameters of the address.
    pub parameters: Vec<Parameter>,
    /// How the handshake looks.
    pub ws: Option<WsBinding>,
    /// Bindings of other protocols.
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

/// A parameter of an address.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub origin: Origin,
    /// What it means.
    pub description: Option<String>,
    /// What its values are.
    pub schema: SchemaId,
    /// The value where none is given.
    pub default: Option<String>,
    /// A runtime expression: where a message repeats it.
    pub location: Option<String>,
}

/// The WebSocket binding of a channel: how the handshake looks.
#[derive(Clone, Debug)]
pub struct WsBinding {
    /// Where it stands.
    pub origin: Origin,
    /// The HTTP method; `GET` unless said otherwise.
    pub method: Option<String>,
    /// The query parameters, an object schema.
    pub query: Option<SchemaId>,
    /// The HTTP headers, an object schema.
    pub headers: Option<SchemaId>,
    /// `x-subprotocol` or a `subprotocol` key, as several tools write it.
    pub subprotocols: Vec<String>,
}

/// A binding of another protocol, as it was written.
#[derive(Clone, Debug)]
pub struct Binding {
    /// `kafka`, `mqtt` …
    pub protocol: String,
    /// What it says.
    pub value: json::Json<'static>,
}
