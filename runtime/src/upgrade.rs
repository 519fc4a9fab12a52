//! The opening handshake (RFC 6455 §4.2): an HTTP request becomes a connection, or an answer that
//! says why not.

use crate::{
    admission::{Admission, Denial},
    close::{CloseReason, Closes, Situation},
    handshake::Handshake,
    hub::{Class, ConnectionSlot, Hub},
    service::Subprotocol,
    session::{Channel, Settings},
    shard::{Command, NewConnection, NewTransport},
};
use axum::{
    RequestExt,
    body::Body,
    extract::{ConnectInfo, RawPathParams, Request},
    http::{
        Extensions, HeaderMap, HeaderValue, Method, StatusCode, Version,
        header::{
            CONNECTION, HeaderName, ORIGIN, RETRY_AFTER, SEC_WEBSOCKET_ACCEPT,
            SEC_WEBSOCKET_EXTENSIONS, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_PROTOCOL,
            SEC_WEBSOCKET_VERSION, UPGRADE, WWW_AUTHENTICATE,
        },
    },
    response::{IntoResponse, Response},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::{rt::TokioIo, server::conn::auto};
use sha1::{Digest, Sha1};
use std::{fmt, net::SocketAddr, sync::Arc, time::Duration};
use tokio::net::TcpStream;

/// Why a request did not become a connection. Its HTTP answer says the same.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HandshakeError {
    /// Not a `GET`: 405.
    Method(Method),
    /// No WebSocket upgrade was asked for: 426.
    NotAnUpgrade,
    /// A version other than 13: 426 that names 13.
    Version,
    /// No usable `Sec-WebSocket-Key`: 400.
    Key,
    /// The HTTP server in front does not let connections be taken over: 501.
    CannotUpgrade,
    /// The application does not let the client in: 401, 403, 429 or 503.
    Denied(Denial),
    /// The page's origin is not allowed: 403.
    Origin(String),
    /// As many connections as the limit allows: 503 with `Retry-After`.
    TooManyConnections(usize),
    /// The server shuts down: 503 with `Retry-After`.
    ShuttingDown,
    /// The system has no threads or descriptors left: 503 with `Retry-After`.
    NoShard(String),
}

/// What a client that was turned away waits, unless it knows better.
const RETRY: Duration = Duration::from_secs(5);

/// Declared clients let in beyond the limit, to be told so by a close that they can read.
const TOLD_BEYOND_LIMIT: usize = 256;

impl fmt::Display for HandshakeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Method(method) => write!(f, "method {method} cannot open a websocket, use GET"),
            Self::NotAnUpgrade => f.write_str("this address speaks websocket only"),
            Self::Version => f.write_str("websocket version is not 13"),
            Self::Key => f.write_str("sec-websocket-key is not 16 bytes in base64"),
            Self::CannotUpgrade => f.write_str("this server cannot upgrade connections"),
            Self::Denied(denial) => denial.fmt(f),
            Self::Origin(origin) => write!(f, "origin {origin} is not allowed"),
            Self::TooManyConnections(limit) => {
                write!(f, "all {limit} connections are taken, try again later")
            }
            Self::ShuttingDown => f.write_str("server is shutting down, try again later"),
            Self::NoShard(error) => write!(f, "server cannot take connections: {error}"),
        }
    }
}

impl std::error::Error for HandshakeError {}

impl IntoResponse for HandshakeError {
    fn into_response(self) -> Response {
        let status = match self {
            Self::Method(_) => StatusCode::METHOD_NOT_ALLOWED,
            Self::NotAnUpgrade | Self::Version => StatusCode::UPGRADE_REQUIRED,
            Self::Key => StatusCode::BAD_REQUEST,
            Self::CannotUpgrade => StatusCode::NOT_IMPLEMENTED,
            Self::Origin(_) => StatusCode::FORBIDDEN,
            Self::Denied(denial) => match denial.situation {
                Situation::TokenBad => StatusCode::UNAUTHORIZED,
                Situation::Origin => StatusCode::FORBIDDEN,
                Situation::Rate => StatusCode::TOO_MANY_REQUESTS,
                _ => StatusCode::SERVICE_UNAVAILABLE,
            },
            Self::TooManyConnections(_) | Self::ShuttingDown | Self::NoShard(_) => {
                StatusCode::SERVICE_UNAVAILABLE
            }
        };
        let wait = match self {
            Self::Denied(denial) => denial.retry_after.unwrap_or(RETRY),
            _ => RETRY,
        };
        let mut response = (status, self.to_string()).into_response();
        let headers = response.headers_mut();
        match status {
            StatusCode::METHOD_NOT_ALLOWED => {
                headers.insert(axum::http::header::ALLOW, HeaderValue::from_static("GET"));
            }
            StatusCode::UPGRADE_REQUIRED => {
                headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
                headers.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
                headers.insert(SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
            }
            StatusCode::UNAUTHORIZED => {
                headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS => {
                headers.insert(RETRY_AFTER, HeaderValue::from(wait.as_secs().max(1)));
            }
            _ => {}
        }
        response
    }
}

/// Which origins may connect.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Origins {
    #[default]
    Any,
    /// These, and requests without an `Origin`, which no browser sends.
    Only(Vec<String>),
}

impl Origins {
    fn allow(&self, headers: &HeaderMap) -> Result<(), String> {
        let (Self::Only(allowed), Some(origin)) = (self, headers.get(ORIGIN)) else {
            return Ok(());
        };
        match origin.to_str() {
            Ok(origin) if allowed.iter().any(|of| of.eq_ignore_ascii_case(origin)) => Ok(()),
            _ => Err(String::from_utf8_lossy(origin.as_bytes()).into_owned()),
        }
    }
}

/// What stands between a request and a connection.
#[derive(Default)]
pub(crate) struct Gate {
    pub(crate) origins: Origins,
    pub(crate) admission: Option<Box<dyn Admission>>,
}

/// What the extensions and the subprotocol of a handshake come to.
struct Negotiated {
    subprotocol: Option<&'static Subprotocol>,
    class: Class,
    extensions: Option<HeaderValue>,
}

/// Answers a request to a channel's address.
pub(crate) async fn answer(
    channel: Arc<Channel>,
    gate: &Gate,
    mut request: Request,
) -> Result<Response, HandshakeError> {
    let accept = check(&request)?;
    let parameters = parameters(&mut request).await;
    let (mut parts, _) = request.into_parts();
    let on_upgrade = parts.extensions.remove::<OnUpgrade>().ok_or(HandshakeError::CannotUpgrade)?;
    let negotiated = negotiate(&channel, &parts.headers);
    let declared = negotiated.subprotocol.is_some_and(|sub| sub.closes == Closes::Declared);

    let remote = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0);
    let codec = negotiated.class.codec();
    let subprotocol = negotiated.subprotocol;
    let handshake =
        Handshake { parts: &parts, parameters: &parameters, remote, subprotocol, codec };
    let mut refusal = None;
    let (slot, found) = match gate.admit(&channel.hub, &handshake).await {
        Ok(admitted) => admitted,
        Err(error) => {
            channel.hub.count_refusal();
            // A page cannot see an HTTP status: who understands closes is told by one.
            let told = if declared { channel.hub.take_slot(TOLD_BEYOND_LIMIT) } else { None };
            let Some(slot) = told else { return Err(error) };
            refusal = Some(error.close_reason(&channel.settings));
            (slot, Extensions::new())
        }
    };
    parts.extensions.extend(found);
    let queue =
        channel.hub.next_shard().map_err(|error| HandshakeError::NoShard(error.to_string()))?;

    let handshake =
        Handshake { parts: &parts, parameters: &parameters, remote, subprotocol, codec };
    let state = channel.service.open(&handshake);
    let query = handshake.query().map(Box::from);

    let response = switching(&accept, &negotiated);
    let id = channel.hub.next_session();
    tokio::spawn(async move {
        let upgraded =
            match tokio::time::timeout(channel.settings.limits.handshake, on_upgrade).await {
                Ok(Ok(upgraded)) => upgraded,
                Ok(Err(error)) => return tracing::debug!(%error, "handshake not completed"),
                Err(_) => return tracing::debug!("handshake not completed in time"),
            };
        let (io, leftover) = take_apart(upgraded);
        let remote = remote.or_else(|| match &io {
            NewTransport::Tcp(socket) => socket.peer_addr().ok(),
            NewTransport::Stream(_) => None,
        });
        queue.push(Command::Open(Box::new(NewConnection {
            io,
            leftover,
            id,
            channel,
            class: negotiated.class,
            subprotocol: negotiated.subprotocol,
            remote,
            query,
            state,
            slot,
            refusal,
        })));
    });
    Ok(response)
}

/// What RFC 6455 §4.2.1 asks of a request; the accept key of the answer.
fn check(request: &Request) -> Result<HeaderValue, HandshakeError> {
    let headers = request.headers();
    if request.method() != Method::GET {
        return Err(HandshakeError::Method(request.method().clone()));
    }
    if request.version() < Version::HTTP_11
        || !has_token(headers, &CONNECTION, "upgrade")
        || !has_token(headers, &UPGRADE, "websocket")
    {
        return Err(HandshakeError::NotAnUpgrade);
    }
    if headers.get(SEC_WEBSOCKET_VERSION).is_none_or(|version| version != "13") {
        return Err(HandshakeError::Version);
    }
    let key = headers.get(SEC_WEBSOCKET_KEY).ok_or(HandshakeError::Key)?.as_bytes();
    if key.len() != 24 || BASE64_STANDARD.decode(key).map_or(0, |key| key.len()) != 16 {
        return Err(HandshakeError::Key);
    }
    let mut hash = Sha1::new();
    hash.update(key);
    hash.update(b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11");
    let accept = BASE64_STANDARD.encode(hash.finalize());
    HeaderValue::from_str(&accept).map_err(|_| HandshakeError::Key)
}

/// Whether a header that is a list contains a word, in any case and in any of its lines.
fn has_token(headers: &HeaderMap, name: &HeaderName, token: &str) -> bool {
    headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|word| word.trim().eq_ignore_ascii_case(token))
}

async fn parameters(request: &mut Request) -> Vec<(String, String)> {
    match request.extract_parts::<RawPathParams>().await {
        Ok(parameters) => {
            parameters.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
        }
        // No parameters in the address.
        Err(_) => Vec::new(),
    }
}

/// The server's first choice among what the client offers.
fn negotiate(channel: &Channel, headers: &HeaderMap) -> Negotiated {
    let info = channel.service.channel();
    let subprotocol = info.subprotocols.iter().find(|known| {
        headers
            .get_all(SEC_WEBSOCKET_PROTOCOL)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .any(|offered| offered.trim() == known.name)
    });
    let codec = subprotocol.map_or(info.codec, |subprotocol| subprotocol.codec);
    #[cfg(feature = "deflate")]
    {
        let offers = headers
            .get_all(SEC_WEBSOCKET_EXTENSIONS)
            .iter()
            .filter_map(|value| value.to_str().ok());
        let agreed = crate::deflate::negotiate(offers, channel.hub.deflate_options().max_window);
        Negotiated {
            subprotocol,
            class: Class::new(codec, agreed.map(|agreed| agreed.server_window.get())),
            extensions: agreed.and_then(|agreed| HeaderValue::from_str(&agreed.to_string()).ok()),
        }
    }
    #[cfg(not(feature = "deflate"))]
    Negotiated { subprotocol, class: Class::new(codec, None), extensions: None }
}

impl HandshakeError {
    /// The same for a client that understands declared closes.
    fn close_reason(&self, settings: &Settings) -> CloseReason {
        let (situation, wait) = match self {
            Self::Denied(denial) => (denial.situation, denial.retry_after),
            Self::Origin(_) => (Situation::Origin, None),
            _ => (Situation::Overloaded, None),
        };
        let reason = settings.reason(Closes::Declared, situation);
        match (wait, situation) {
            (Some(wait), _) => reason.retry_after(wait),
            (None, Situation::Overloaded | Situation::Rate) => reason.retry_after(RETRY),
            (None, _) => reason,
        }
    }
}

impl Gate {
    /// A place for the connection and what the application found out, or why there is none.
    async fn admit(
        &self,
        hub: &Hub,
        handshake: &Handshake<'_>,
    ) -> Result<(ConnectionSlot, Extensions), HandshakeError> {
        if hub.is_shutting_down() {
            return Err(HandshakeError::ShuttingDown);
        }
        self.origins.allow(handshake.headers()).map_err(HandshakeError::Origin)?;
        let limit = hub.limits().connections;
        let slot = hub.take_slot(0).ok_or(HandshakeError::TooManyConnections(limit))?;
        let Some(admission) = &self.admission else { return Ok((slot, Extensions::new())) };
        let patience = hub.limits().handshake;
        match tokio::time::timeout(patience, admission.admit(handshake)).await {
            Ok(admitted) => admitted.map(|found| (slot, found)).map_err(HandshakeError::Denied),
            Err(_) => {
                tracing::warn!(?patience, "handshake refused: the admission took too long");
                Err(HandshakeError::Denied(Denial::new(Situation::Overloaded)))
            }
        }
    }
}

fn switching(accept: &HeaderValue, negotiated: &Negotiated) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let headers = response.headers_mut();
    headers.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
    headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(SEC_WEBSOCKET_ACCEPT, accept.clone());
    if let Some(subprotocol) = negotiated.subprotocol
        && let Ok(name) = HeaderValue::from_str(subprotocol.name)
    {
        headers.insert(SEC_WEBSOCKET_PROTOCOL, name);
    }
    if let Some(extensions) = &negotiated.extensions {
        headers.insert(SEC_WEBSOCKET_EXTENSIONS, extensions.clone());
    }
    response
}

/// The raw socket where it can be had, the stream as it is where not; and what was read too far.
fn take_apart(upgraded: Upgraded) -> (NewTransport, Vec<u8>) {
    // As `serve` has it, or as `axum::serve` does, which puts something before it.
    let taken = match upgraded.downcast::<TokioIo<TcpStream>>() {
        Ok(parts) => Ok((parts.io, parts.read_buf)),
        Err(upgraded) => auto::upgrade::downcast::<TokioIo<TcpStream>>(upgraded)
            .map(|parts| (parts.io, parts.read_buf)),
    };
    match taken {
        Ok((socket, read)) => {
            // Copied out: the bytes share hyper's read buffer of 8 KiB and would keep it alive.
            let leftover = read.to_vec();
            let socket = socket.into_inner();
            let _ = socket.set_nodelay(true);
            match socket.into_std() {
                Ok(socket) => (NewTransport::Tcp(socket), leftover),
                Err(error) => {
                    tracing::debug!(%error, "socket cannot leave its runtime");
                    (NewTransport::Stream(Box::pin(tokio::io::empty())), leftover)
                }
            }
        }
        // What it has read already, it gives back by itself.
        Err(upgraded) => (NewTransport::Stream(Box::pin(TokioIo::new(upgraded))), Vec::new()),
    }
}
