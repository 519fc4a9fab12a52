//! Who may connect: a decision of the application's own, before a connection is accepted.

use crate::{close::Situation, handshake::Handshake};
use axum::http::Extensions;
use std::{fmt, future::Future, pin::Pin, time::Duration};

/// Decides about handshakes. Runs on the application's runtime, at most as long as the limit
/// `handshake` allows.
///
/// What it returns is added to the handshake's extensions, where
/// [`Service::open`](crate::service::Service::open) finds it: an identity, for instance. A closure
/// that needs not wait does as well:
///
/// ```
/// use asyncapi_ws::{admission::Denial, close::Situation, handshake::Handshake};
/// use axum::http::Extensions;
///
/// struct User(String);
///
/// let by_cookie = |handshake: &Handshake<'_>| {
///     let cookie = handshake.headers().get("cookie").and_then(|value| value.to_str().ok());
///     let user = cookie.and_then(|cookie| cookie.strip_prefix("user="));
///     let user = user.ok_or(Denial::new(Situation::TokenBad))?;
///     let mut found = Extensions::new();
///     found.insert(std::sync::Arc::new(User(user.to_owned())));
///     Ok(found)
/// };
/// # fn is_admission(_: impl asyncapi_ws::admission::Admission) {}
/// # is_admission(by_cookie);
/// ```
pub trait Admission: Send + Sync + 'static {
    /// Lets a client in, or says why not.
    fn admit<'a>(
        &'a self,
        handshake: &'a Handshake<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<Extensions, Denial>> + Send + 'a>>;
}

impl<F> Admission for F
where
    F: Fn(&Handshake<'_>) -> Result<Extensions, Denial> + Send + Sync + 'static,
{
    fn admit<'a>(
        &'a self,
        handshake: &'a Handshake<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<Extensions, Denial>> + Send + 'a>> {
        Box::pin(std::future::ready(self(handshake)))
    }
}

/// Why a client is not let in.
///
/// A client with declared closes is accepted and closed at once with the channel's code for the
/// situation, since a page cannot see an HTTP status; everybody else gets the status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Denial {
    pub(crate) situation: Situation,
    pub(crate) retry_after: Option<Duration>,
}

impl Denial {
    /// The situation: `TokenBad` is HTTP 401, `Origin` 403, `Rate` 429, all others 503.
    pub const fn new(situation: Situation) -> Self {
        Self { situation, retry_after: None }
    }

    /// When another attempt makes sense.
    #[must_use]
    pub const fn retry_after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait);
        self
    }
}

impl fmt::Display for Denial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.situation {
            Situation::TokenBad => f.write_str("token not accepted"),
            Situation::Origin => f.write_str("origin not allowed"),
            Situation::Rate => f.write_str("too many handshakes, try again later"),
            _ => f.write_str("server takes no connections now, try again later"),
        }
    }
}
