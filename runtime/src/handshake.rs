//! What a client said when it connected.

use crate::{codec::Codec, service::Subprotocol};
use axum::http::{Extensions, HeaderMap, Uri, request::Parts};
use std::net::SocketAddr;

/// The request that becomes a connection: lent to [`Service::open`](crate::service::Service::open)
/// and to the hooks that decide, never kept.
#[derive(Debug)]
pub struct Handshake<'a> {
    pub(crate) parts: &'a Parts,
    pub(crate) parameters: &'a [(String, String)],
    pub(crate) remote: Option<SocketAddr>,
    pub(crate) subprotocol: Option<&'static Subprotocol>,
    pub(crate) codec: Codec,
}

impl Handshake<'_> {
    /// The headers as they came.
    pub fn headers(&self) -> &HeaderMap {
        &self.parts.headers
    }

    /// The request's target.
    pub fn uri(&self) -> &Uri {
        &self.parts.uri
    }

    /// The query, without the question mark; `None` where there is none.
    pub fn query(&self) -> Option<&str> {
        self.parts.uri.query()
    }

    /// A parameter of the channel's address, percent-decoded.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// What layers in front of the endpoint left for it, an identity for instance.
    pub fn extensions(&self) -> &Extensions {
        &self.parts.extensions
    }

    /// The peer's address, where the server in front of us tells it.
    pub fn remote_address(&self) -> Option<SocketAddr> {
        self.remote
    }

    /// The subprotocol that was selected; `None` for a plain client.
    pub fn subprotocol(&self) -> Option<&'static Subprotocol> {
        self.subprotocol
    }

    /// The encoding of the session's messages.
    pub fn codec(&self) -> Codec {
        self.codec
    }
}
