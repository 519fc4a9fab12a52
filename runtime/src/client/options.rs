//! What a user may say when connecting. Every option has a default.

use std::{fmt, future::Future, path::PathBuf, pin::Pin, sync::Arc, time::Duration};

use super::{Backoff, Close};
use crate::close::Then;

/// How fast subscriptions are asked for after each connection: so many at once, then a pause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// How many at once.
    pub chunk: usize,
    /// From one chunk to the next.
    pub interval: Duration,
}

impl Default for Pace {
    /// A thousand a second: quick for a user, and far from what hurts a server.
    fn default() -> Self {
        Self { chunk: 100, interval: Duration::from_millis(100) }
    }
}

/// What a token provider is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenRequest {
    /// The server did not take the last token, or it expired: a cached one will not do.
    pub refresh: bool,
}

pub(crate) type Tokens = Arc<
    dyn Fn(TokenRequest) -> Pin<Box<dyn Future<Output = Result<String, String>> + Send>>
        + Send
        + Sync,
>;

type Decide = Arc<dyn Fn(&Close) -> Option<Then> + Send + Sync>;

/// Options of a client. The fields are public; start from [`Options::new`].
///
/// ```
/// use asyncapi_ws::client::Options;
/// use std::time::Duration;
///
/// let mut options = Options::new("wss://api.example.com");
/// options.request_timeout = Duration::from_secs(2);
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub struct Options {
    /// Where the server is: `wss://api.example.com`, to which the channel's address is added, or the
    /// whole URL of the endpoint.
    pub url: String,
    /// Values of the address's `{parameters}`.
    pub parameters: Vec<(String, String)>,
    /// Query parameters of the handshake.
    pub query: Vec<(String, String)>,
    /// Headers of the handshake.
    pub headers: Vec<(String, String)>,
    /// Names of the subprotocols to offer, of those that the contract declares; `None`: all of them.
    /// None at all makes this a plain client.
    pub subprotocols: Option<Vec<String>>,
    /// How long a request waits for its reply, the wait for a connection included; 10 s.
    pub request_timeout: Duration,
    /// How long a token and a handshake may take, each; 10 s.
    pub connect_timeout: Duration,
    /// Bounds of the wait between attempts; 500 ms doubled up to 30 s, fully jittered.
    pub backoff: Backoff,
    /// How long a connection must stand before earlier failures are forgotten; 5 s.
    pub stable_after: Duration,
    /// Bytes that may wait for the connection, and again in the socket; 1 MiB. More is refused.
    pub queue_bytes: usize,
    /// How fast subscriptions are asked for; 100 each 100 ms.
    pub pace: Pace,
    /// The silence after which the server is asked for a sign of life; 45 s.
    pub silence: Duration,
    /// How long that sign may take before the connection is given up; 10 s.
    pub patience: Duration,
    /// How often a server wants a message of a client without a subprotocol; `None`: as the contract
    /// says.
    pub heartbeat: Option<Duration>,
    /// The longest message that is taken, in bytes; 16 MiB.
    pub max_message_size: usize,
    /// How what is sent is compressed where the server agrees (permessage-deflate, RFC 7692); as
    /// [`DeflateOptions`](crate::deflate::DeflateOptions) says. `None` offers no compression, in either
    /// direction. A connection holds about 270 KiB for it, from the first message that is long enough, less with a
    /// smaller `max_window`.
    #[cfg(feature = "deflate")]
    pub deflate: Option<crate::deflate::DeflateOptions>,
    /// A PEM file of the authorities that a server's certificate may be of, instead of the usual ones.
    pub authorities: Option<PathBuf>,
    pub(crate) tokens: Option<Tokens>,
    pub(crate) can_refresh: bool,
    pub(crate) decide: Option<Decide>,
}

impl Options {
    /// The defaults, for a server at this URL.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            parameters: Vec::new(),
            query: Vec::new(),
            headers: Vec::new(),
            subprotocols: None,
            request_timeout: Duration::from_secs(10),
            connect_timeout: Duration::from_secs(10),
            backoff: Backoff::default(),
            stable_after: Duration::from_secs(5),
            queue_bytes: 1 << 20,
            pace: Pace::default(),
            silence: Duration::from_secs(45),
            patience: Duration::from_secs(10),
            heartbeat: None,
            max_message_size: 16 << 20,
            #[cfg(feature = "deflate")]
            deflate: Some(crate::deflate::DeflateOptions::default()),
            authorities: None,
            tokens: None,
            can_refresh: false,
            decide: None,
        }
    }

    /// Proves who the client is by one token.
    #[must_use]
    pub fn token(mut self, token: impl Into<String>) -> Self {
        let token = token.into();
        self.tokens = Some(Arc::new(move |_| {
            let token = token.clone();
            Box::pin(async move { Ok(token) })
        }));
        self.can_refresh = false;
        self
    }

    /// Asks for a token before each attempt to connect. What goes wrong with it counts as a failed
    /// attempt.
    #[must_use]
    pub fn token_provider<F, E>(
        mut self,
        provider: impl Fn(TokenRequest) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<String, E>> + Send + 'static,
        E: fmt::Display,
    {
        self.tokens = Some(Arc::new(move |request| {
            let token = provider(request);
            Box::pin(async move { token.await.map_err(|error| error.to_string()) })
        }));
        self.can_refresh = true;
        self
    }

    /// Overrides what follows a close; `None` leaves it to the contract. Must not call the client.
    #[must_use]
    pub fn on_close(
        mut self,
        decide: impl Fn(&Close) -> Option<Then> + Send + Sync + 'static,
    ) -> Self {
        self.decide = Some(Arc::new(decide));
        self
    }
}

impl fmt::Debug for Options {
    /// Without headers, query and tokens, which are nobody's business.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options").field("url", &self.url).finish_non_exhaustive()
    }
}

impl From<&str> for Options {
    fn from(url: &str) -> Self {
        Self::new(url)
    }
}

impl From<String> for Options {
    fn from(url: String) -> Self {
        Self::new(url)
    }
}
