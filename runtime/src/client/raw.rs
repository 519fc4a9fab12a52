//! One connection without a contract: what conformance suites talk to (`examples/echo_client.rs`).
//!
//! The handshake, the frames and the good-bye are those of every client; what is missing is whoever comes
//! back after a close.

use std::{io, sync::Arc};

use super::Options;
use super::dialer::Dialer;
use super::handshake::Failure;
use super::socket::{Came, Socket};
use super::url::Target;
use crate::frame::OpCode;

/// A message without a schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RawMessage {
    /// Text.
    Text(String),
    /// Bytes.
    Binary(Vec<u8>),
}

/// One connection: messages in and out, and then its end. Of the [`Options`] those count that say where the
/// server is, what the handshake carries, and how frames are.
pub struct RawConnection {
    /// `None` after the end.
    socket: Option<Box<Socket>>,
}

impl RawConnection {
    /// Connects, once.
    ///
    /// # Errors
    /// Why there is no connection.
    pub async fn connect(options: impl Into<Options>) -> io::Result<Self> {
        let options = options.into();
        let target = Target::new(&options, "/", None).map_err(io::Error::other)?;
        let dialer = Dialer::new(target, options, Vec::new()).map_err(io::Error::other)?;
        match Arc::new(dialer).dial(None).await {
            Ok(socket) => Ok(Self { socket: Some(socket) }),
            Err(Failure::Lost(why) | Failure::Hopeless(why)) => Err(io::Error::other(why)),
            Err(Failure::Status(status, _)) => {
                Err(io::Error::other(format!("the handshake was answered with {status}")))
            }
        }
    }

    /// Takes a message for the network; it leaves while the [`next`](Self::next) one is waited for.
    pub fn send(&mut self, message: &RawMessage) {
        if let Some(socket) = &mut self.socket {
            match message {
                RawMessage::Text(text) => socket.write(OpCode::Text, text.as_bytes()),
                RawMessage::Binary(bytes) => socket.write(OpCode::Binary, bytes),
            };
        }
    }

    /// The next message; `None` after the end, which is answered as it has to be, when the server has hung
    /// up as well or takes too long for it. Giving it up loses nothing before the end.
    pub async fn next(&mut self) -> Option<RawMessage> {
        loop {
            let socket = self.socket.as_mut()?;
            let end = match socket.next() {
                Some(Came::Text(text)) => return Some(RawMessage::Text(text.into_owned())),
                Some(Came::Binary(bytes)) => return Some(RawMessage::Binary(bytes.into_owned())),
                Some(Came::SignOfLife) => continue,
                Some(Came::End(end)) => Some(end),
                None => None,
            };
            if let Some(end) = end {
                if let Some(socket) = self.socket.take() {
                    let gone = socket.part(end.answer.code, &end.answer.reason);
                    // It ends with the runtime at the latest.
                    let _ = gone.await;
                }
            } else if socket.turn().await.is_err() {
                self.socket = None;
            }
        }
    }
}

impl std::fmt::Debug for RawConnection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RawConnection").field("is_open", &self.socket.is_some()).finish()
    }
}
