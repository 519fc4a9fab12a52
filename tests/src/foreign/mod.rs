//! Small fakes of services that others run, one for each kind of wire that exists: what a client
//! generated from `tests/foreign/<wire>/asyncapi.yaml` talks to.
//!
//! In: a wire's name and a listener. Out: a server that answers as the contract says, for as long as it
//! is kept. Written against the wire and not against generated code, with tokio-tungstenite and
//! serde_json, so that a mistake of ours is not made twice. A frame that the service would not
//! understand ends the connection with 1008 and the frame as its reason.

mod arrays;
mod bare_text;
mod batches;
mod json_rpc;
mod no_envelope;

use std::net::SocketAddr;

use futures_util::{SinkExt, StreamExt};
use serde_json::Value;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::{WebSocketStream, accept_async};

/// A kind of wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wire {
    /// Frames without an envelope (Gemini).
    NoEnvelope,
    /// Arrays beside objects (Kraken).
    Arrays,
    /// Several messages in one array (Alpaca).
    Batches,
    /// Bare words beside JSON (OKX).
    BareText,
    /// Replies known by their request only (Deribit).
    JsonRpc,
}

impl Wire {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::NoEnvelope, Self::Arrays, Self::Batches, Self::BareText, Self::JsonRpc];

    /// The folder's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::NoEnvelope => "no-envelope",
            Self::Arrays => "arrays",
            Self::Batches => "batches",
            Self::BareText => "bare-text",
            Self::JsonRpc => "json-rpc",
        }
    }

    /// The wire of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|wire| wire.name() == name)
    }

    /// What the service says first.
    fn greeting(self) -> Vec<String> {
        match self {
            Self::Arrays => arrays::greeting(),
            Self::Batches => batches::greeting(),
            Self::NoEnvelope | Self::BareText | Self::JsonRpc => Vec::new(),
        }
    }

    /// What the service says to a frame; `None` if it does not understand.
    fn answer(self, frame: &str) -> Option<Vec<String>> {
        match self {
            Self::NoEnvelope => no_envelope::answer(frame),
            Self::Arrays => arrays::answer(frame),
            Self::Batches => batches::answer(frame),
            Self::BareText => bare_text::answer(frame),
            Self::JsonRpc => json_rpc::answer(frame),
        }
    }
}

/// A fake that runs until this is dropped.
#[derive(Debug)]
pub struct Fake {
    address: SocketAddr,
    task: JoinHandle<()>,
}

impl Fake {
    /// Serves a wire on a free port of this machine.
    ///
    /// # Errors
    /// There is no port to be had.
    pub async fn start(wire: Wire) -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        Ok(Self { address, task: tokio::spawn(serve(wire, listener)) })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(wire: Wire, listener: TcpListener) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(async move {
            if let Ok(socket) = accept_async(stream).await {
                talk(wire, socket).await;
            }
        });
    }
}

/// The client may hang up whenever it likes, so what fails here ends the conversation and no more.
async fn talk(wire: Wire, mut socket: WebSocketStream<TcpStream>) {
    for text in wire.greeting() {
        if socket.send(Message::text(text)).await.is_err() {
            return;
        }
    }
    while let Some(Ok(message)) = socket.next().await {
        let Message::Text(text) = message else { continue };
        match wire.answer(&text) {
            Some(answers) => {
                for answer in answers {
                    if socket.send(Message::text(answer)).await.is_err() {
                        return;
                    }
                }
            }
            None => {
                let mut reason = text.to_string();
                reason.truncate(reason.floor_char_boundary(123));
                let close = CloseFrame { code: CloseCode::Policy, reason: reason.into() };
                let _ = socket.close(Some(close)).await;
            }
        }
    }
}

/// The text under a key.
fn text<'v>(value: &'v Value, key: &str) -> Option<&'v str> {
    value.get(key)?.as_str()
}

/// The texts of the list under a key; `None` if it is no list of texts.
fn texts(value: &Value, key: &str) -> Option<Vec<String>> {
    value.get(key)?.as_array()?.iter().map(|item| item.as_str().map(str::to_owned)).collect()
}
