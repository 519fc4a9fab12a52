//! Server Object: where the application can be reached.

use super::{Extensions, SecurityId, Tag};
use crate::schema::Origin;

/// A server.
#[derive(Clone, Debug)]
pub struct Server {
    /// The key in the document.
    pub key: String,
    /// Where it stands.
    pub origin: Origin,
    /// `ws`, `wss`, `kafka` …
    pub protocol: String,
    /// `protocolVersion`
    pub protocol_version: Option<String>,
    /// Host and port, with `{variables}`.
    pub host: String,
    /// The path under which all channels are, with `{variables}`; empty if there is none.
    pub pathname: String,
    /// The variables of host and path.
    pub variables: Vec<ServerVariable>,
    /// `title`
    pub title: Option<String>,
    /// `summary`
    pub summary: Option<String>,
    /// `description`
    pub description: Option<String>,
    /// Schemes of which one must be satisfied.
    pub security: Vec<SecurityId>,
    /// Tags.
    pub tags: Vec<Tag>,
    /// Extensions.
    pub extensions: Extensions,
}

impl Server {
    /// Whether it is reached by WebSocket.
    pub fn is_websocket(&self) -> bool {
        matches!(self.protocol.as_str(), "ws" | "wss" | "http" | "https")
    }

    /// The URL up to the channel's address, with `{variables}`.
    pub fn url(&self) -> String {
        format!("{}://{}{}", self.protocol, self.host, self.pathname)
    }
}

/// A variable in a server's URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerVariable {
    /// Its name.
    pub name: String,
    /// The values that it may have; empty if any.
    pub values: Vec<String>,
    /// The value where none is given.
    pub default: Option<String>,
    /// What it means.
    pub description: Option<String>,
    /// Values to look at.
    pub examples: Vec<String>,
}
