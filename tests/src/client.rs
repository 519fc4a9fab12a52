//! A WebSocket client that hides nothing.
//!
//! In: an address and what to send, well-formed or not. Out: what came, one [`Event`] at a time, and
//! a [record](Client::record) of both directions. tokio-tungstenite does the protocol, so a server
//! that breaks RFC 6455 shows up as a broken connection and not as a message. Pings are answered, as
//! browsers do; nothing else is sent that was not asked for. Knows no contract.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::error::{ProtocolError, SubProtocolError};
use tokio_tungstenite::tungstenite::http::{HeaderName, HeaderValue};
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

use crate::json::excerpt;

/// How long [`Client::next`] and the handshake wait. Long enough for a busy machine; whoever expects
/// silence uses [`Client::next_within`].
pub const PATIENCE: Duration = Duration::from_secs(10);

/// What a handshake asks for beyond the address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Handshake {
    /// Offered in `Sec-WebSocket-Protocol`, in this order. Empty: the header is not sent.
    pub subprotocols: Vec<String>,
    /// Further headers, for example `Origin` or `Authorization`.
    pub headers: Vec<(String, String)>,
}

/// Something that a client saw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A text message.
    Text(String),
    /// A binary message.
    Binary(Bytes),
    /// A ping. It has been answered.
    Ping(Bytes),
    /// A pong.
    Pong(Bytes),
    /// A close frame; `code` is `None` where the frame was empty. A code that must not be sent
    /// (RFC 6455 §7.4) arrives as 1002 `Protocol violation`: tungstenite says so, not the server.
    Closed {
        /// The close code.
        code: Option<u16>,
        /// The close reason.
        reason: String,
    },
    /// The connection ended without a close frame, or with bytes that are no WebSocket.
    Cut(String),
    /// Nothing came in time.
    Nothing,
    /// The connection had ended before.
    Over,
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Event::Text(text) => write!(f, "text {}", excerpt(text)),
            Event::Binary(bytes) => {
                write!(f, "binary {}", excerpt(&bytes.escape_ascii().to_string()))
            }
            Event::Ping(bytes) => write!(f, "ping {}", bytes.escape_ascii()),
            Event::Pong(bytes) => write!(f, "pong {}", bytes.escape_ascii()),
            Event::Closed { code: None, .. } => write!(f, "closed without a code"),
            Event::Closed { code: Some(code), reason } if reason.is_empty() => {
                write!(f, "closed {code} without a reason")
            }
            Event::Closed { code: Some(code), reason } => write!(f, "closed {code} {reason}"),
            Event::Cut(how) => write!(f, "cut: {how}"),
            Event::Nothing => write!(f, "nothing"),
            Event::Over => write!(f, "over"),
        }
    }
}

/// Why there is no connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The server answered the handshake with this HTTP status.
    Status(u16),
    /// The server accepted but chose none of the offered subprotocols. A page in a browser gets an
    /// error here (WHATWG WebSockets, "establish a WebSocket connection").
    NoSubprotocol,
    /// Anything else: no server, no answer in time, not a WebSocket answer.
    Failed(String),
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refused::Status(status) => write!(f, "refused {status}"),
            Refused::NoSubprotocol => write!(f, "accepted without any of the offered subprotocols"),
            Refused::Failed(why) => write!(f, "failed: {why}"),
        }
    }
}

impl std::error::Error for Refused {}

/// One line of a [record](Client::record).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// Whether the client sent it.
    pub sent: bool,
    /// RFC 6455 §5.2: 1 text, 2 binary, 8 close, 9 ping, 10 pong; `None` for raw bytes.
    pub opcode: Option<u8>,
    /// The payload as it was on the wire, unmasked; of a close frame code and reason.
    pub payload: Bytes,
}

/// A connection. See the module text.
pub struct Client {
    socket: WebSocketStream<TcpStream>,
    subprotocol: Option<String>,
    record: Vec<Recorded>,
    ended: bool,
}

impl Client {
    /// Connects as a plain client: no subprotocol, no further headers.
    ///
    /// # Errors
    /// [`Refused`] says what the server answered instead.
    pub async fn connect(url: &str) -> Result<Client, Refused> {
        Client::connect_with(url, &Handshake::default()).await
    }

    /// Connects with `handshake`.
    ///
    /// # Errors
    /// [`Refused`] says what the server answered instead.
    pub async fn connect_with(url: &str, handshake: &Handshake) -> Result<Client, Refused> {
        match timeout(PATIENCE, shake_hands(url, handshake)).await {
            Ok(result) => result,
            Err(_) => Err(Refused::Failed(format!("no answer within {} s", PATIENCE.as_secs()))),
        }
    }

    /// The subprotocol that the server chose.
    pub fn subprotocol(&self) -> Option<&str> {
        self.subprotocol.as_deref()
    }

    /// Everything that was sent and received so far, in order.
    pub fn record(&self) -> &[Recorded] {
        &self.record
    }

    /// Sends a text message.
    pub async fn text(&mut self, text: impl Into<String>) {
        self.send(Message::text(text.into())).await;
    }

    /// Sends a binary message.
    pub async fn binary(&mut self, bytes: impl Into<Bytes>) {
        self.send(Message::binary(bytes)).await;
    }

    /// Sends a ping; the answer is an [`Event::Pong`].
    pub async fn ping(&mut self, payload: impl Into<Bytes>) {
        self.send(Message::Ping(payload.into())).await;
    }

    /// Sends a close frame, empty when there is no code. The server's answer is the next
    /// [`Event::Closed`].
    pub async fn close(&mut self, code: Option<u16>, reason: &str) {
        let frame = code.map(|code| CloseFrame { code: code.into(), reason: reason.into() });
        self.send(Message::Close(frame)).await;
    }

    /// Writes `bytes` to the connection as they are: frames that no library would send.
    pub async fn bytes(&mut self, bytes: &[u8]) {
        self.record.push(Recorded {
            sent: true,
            opcode: None,
            payload: Bytes::copy_from_slice(bytes),
        });
        // A server that has hung up shows in the next event, which is what a test looks at.
        let _ = self.socket.get_mut().write_all(bytes).await;
    }

    /// Closes the write half: the server sees the end of the stream, what it says is still read.
    pub async fn end_of_stream(&mut self) {
        let _ = self.socket.get_mut().shutdown().await;
    }

    /// The next event within [`PATIENCE`], pings left out: when a server pings is its own affair.
    pub async fn next(&mut self) -> Event {
        self.next_within(PATIENCE).await
    }

    /// The next event within `limit`, pings left out, else [`Event::Nothing`].
    pub async fn next_within(&mut self, limit: Duration) -> Event {
        let unpinged = async {
            loop {
                match self.read().await {
                    Event::Ping(_) => {}
                    event => return event,
                }
            }
        };
        timeout(limit, unpinged).await.unwrap_or(Event::Nothing)
    }

    /// The next event within [`PATIENCE`], pings included.
    pub async fn next_frame(&mut self) -> Event {
        timeout(PATIENCE, self.read()).await.unwrap_or(Event::Nothing)
    }

    async fn send(&mut self, message: Message) {
        self.note(true, &message);
        // A server that has hung up shows in the next event, which is what a test looks at.
        let _ = self.socket.send(message).await;
    }

    /// Cancel-safe: reads whole messages from the socket's own buffer.
    async fn read(&mut self) -> Event {
        if self.ended {
            return Event::Over;
        }
        let event = match self.socket.next().await {
            Some(Ok(message)) => {
                self.note(false, &message);
                Event::from(message)
            }
            Some(Err(Error::ConnectionClosed | Error::AlreadyClosed)) | None => Event::Over,
            Some(Err(Error::Protocol(ProtocolError::ResetWithoutClosingHandshake))) => {
                Event::Cut("no close frame".to_owned())
            }
            Some(Err(Error::Io(_))) => Event::Cut("no close frame".to_owned()),
            Some(Err(error)) => Event::Cut(error.to_string()),
        };
        if let Event::Closed { .. } | Event::Cut(_) | Event::Over = event {
            self.ended = true;
            let _ = timeout(Duration::from_secs(1), self.hang_up()).await;
        }
        event
    }

    /// Answers the close frame, waits until the server has closed its side, as RFC 6455 §7.1.1 asks of
    /// a client, and closes ours. A server that is gone already makes all of it fail, which is fine.
    async fn hang_up(&mut self) {
        let _ = self.socket.flush().await;
        while let Some(Ok(_)) = self.socket.next().await {}
        let _ = self.socket.get_mut().shutdown().await;
    }

    fn note(&mut self, sent: bool, message: &Message) {
        let (opcode, payload) = match message {
            Message::Text(text) => (1, Bytes::from(text.clone())),
            Message::Binary(bytes) => (2, bytes.clone()),
            Message::Close(frame) => (8, close_payload(frame.as_ref())),
            Message::Ping(bytes) => (9, bytes.clone()),
            Message::Pong(bytes) => (10, bytes.clone()),
            Message::Frame(frame) => {
                (u8::from(frame.header().opcode), Bytes::copy_from_slice(frame.payload()))
            }
        };
        self.record.push(Recorded { sent, opcode: Some(opcode), payload });
    }
}

impl From<Message> for Event {
    fn from(message: Message) -> Event {
        match message {
            Message::Text(text) => Event::Text(text.as_str().to_owned()),
            Message::Binary(bytes) => Event::Binary(bytes),
            Message::Ping(bytes) => Event::Ping(bytes),
            Message::Pong(bytes) => Event::Pong(bytes),
            Message::Close(None) => Event::Closed { code: None, reason: String::new() },
            Message::Close(Some(frame)) => Event::Closed {
                code: Some(frame.code.into()),
                reason: frame.reason.as_str().to_owned(),
            },
            Message::Frame(frame) => Event::Cut(format!("a lone frame: {}", frame.header().opcode)),
        }
    }
}

fn close_payload(frame: Option<&CloseFrame>) -> Bytes {
    frame.map_or_else(Bytes::new, |frame| {
        let code = u16::from(frame.code).to_be_bytes();
        [&code, frame.reason.as_bytes()].concat().into()
    })
}

async fn shake_hands(url: &str, handshake: &Handshake) -> Result<Client, Refused> {
    let failed = |error: &dyn fmt::Display| Refused::Failed(error.to_string());
    let mut request = url.into_client_request().map_err(|error| failed(&error))?;
    let offered = (!handshake.subprotocols.is_empty())
        .then(|| ("sec-websocket-protocol".to_owned(), handshake.subprotocols.join(", ")));
    for (name, value) in handshake.headers.iter().chain(&offered) {
        let name = HeaderName::try_from(name).map_err(|error| failed(&error))?;
        let value = HeaderValue::try_from(value).map_err(|error| failed(&error))?;
        request.headers_mut().append(name, value);
    }
    let authority = request.uri().authority().map(|authority| authority.as_str().to_owned());
    let stream = TcpStream::connect(authority.unwrap_or_default())
        .await
        .map_err(|error| failed(&format_args!("{url}: {error}")))?;
    // A test that writes two frames means two frames now, not one packet later.
    stream.set_nodelay(true).map_err(|error| failed(&error))?;
    match client_async(request, stream).await {
        Ok((socket, response)) => Ok(Client {
            socket,
            subprotocol: response
                .headers()
                .get("sec-websocket-protocol")
                .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()),
            record: Vec::new(),
            ended: false,
        }),
        Err(Error::Http(response)) => Err(Refused::Status(response.status().as_u16())),
        Err(Error::Protocol(ProtocolError::SecWebSocketSubProtocolError(
            SubProtocolError::NoSubProtocol,
        ))) => Err(Refused::NoSubprotocol),
        Err(error) => Err(failed(&error)),
    }
}
