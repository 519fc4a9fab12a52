//! Security Scheme Object: how a client proves who it is.

use crate::schema::Origin;

/// A scheme of [`Contract::security`](super::Contract::security).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SecurityId(pub(crate) usize);

/// A way to prove who one is.
#[derive(Clone, Debug)]
pub struct SecurityScheme {
    /// The key in the document.
    pub key: String,
    /// Where it stands.
    pub origin: Origin,
    /// `type`: `http`, `httpApiKey`, `apiKey`, `oauth2` …
    pub kind: String,
    /// `scheme` of type `http`: `bearer`, `basic`.
    pub scheme: Option<String>,
    /// `in`: `header`, `query`, `cookie`, `user`, `password`.
    pub location: Option<String>,
    /// `name` of the header, the query parameter or the cookie.
    pub name: Option<String>,
    /// `bearerFormat`
    pub bearer_format: Option<String>,
    /// `description`
    pub description: Option<String>,
}
