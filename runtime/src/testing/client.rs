//! A client that does exactly what it is told, also what no client should.

use crate::{
    frame::{
        Decoder, Event, OpCode, Role, Scratch, SizeLimits, Violation, write_close, write_frame,
    },
    transport::AnyStream,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use std::{
    fmt,
    io::{self, ErrorKind},
    net::SocketAddr,
    pin::Pin,
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// What a client got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Received {
    /// A text message.
    Text(String),
    /// A binary message.
    Binary(Vec<u8>),
    /// A ping.
    Ping(Vec<u8>),
    /// A pong.
    Pong(Vec<u8>),
    /// A close frame: its code and text, where it has them.
    Close(Option<(u16, String)>),
    /// The end of the transport.
    End,
}

/// One connection, frame by frame. It answers nothing by itself: no pong, no close.
pub struct RawClient {
    stream: Pin<Box<dyn AnyStream>>,
    headers: HeaderMap,
    decoder: Decoder,
    scratch: Scratch,
    input: Vec<u8>,
    at: usize,
}

/// A test that waits longer than this has failed.
const PATIENCE: Duration = Duration::from_secs(30);

const LIMITS: SizeLimits = SizeLimits { frame: 64 << 20, message: 64 << 20 };

/// Any key will do: what is masked here crosses no proxy.
const MASK: Option<[u8; 4]> = Some([0x37, 0xfa, 0x21, 0x3d]);

impl RawClient {
    pub(super) async fn handshake(
        stream: impl AnyStream + 'static,
        path: &str,
        headers: &[(&str, &str)],
    ) -> io::Result<(u16, HeaderMap, Option<Self>)> {
        let mut request = format!("GET {path} HTTP/1.1\r\n");
        let defaults = [
            ("host", "localhost"),
            ("connection", "Upgrade"),
            ("upgrade", "websocket"),
            ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
            ("sec-websocket-version", "13"),
        ];
        let is_given = |name: &str| headers.iter().any(|(of, _)| of.eq_ignore_ascii_case(name));
        let given = headers.iter().filter(|(_, value)| !value.is_empty());
        for (name, value) in defaults.iter().filter(|(name, _)| !is_given(name)).chain(given) {
            request += &format!("{name}: {value}\r\n");
        }
        request += "\r\n";
        let mut stream: Pin<Box<dyn AnyStream>> = Box::pin(stream);
        stream.write_all(request.as_bytes()).await?;
        let mut input = Vec::new();
        let end = loop {
            if let Some(end) = input.windows(4).position(|end| end == b"\r\n\r\n") {
                break end + 4;
            }
            let mut part = [0; 4096];
            match within(stream.read(&mut part)).await? {
                0 => return Err(ErrorKind::UnexpectedEof.into()),
                n => input.extend_from_slice(&part[..n]),
            }
        };
        let (status, headers) = answer(&input[..end])?;
        input.drain(..end);
        let decoder = Decoder::new(Role::Client, LIMITS);
        #[cfg(feature = "deflate")]
        let decoder = if headers.contains_key("sec-websocket-extensions") {
            decoder.with_compression()
        } else {
            decoder
        };
        let client = (status == 101).then(|| Self {
            stream,
            headers: headers.clone(),
            decoder,
            scratch: Scratch::default(),
            input,
            at: 0,
        });
        Ok((status, headers, client))
    }

    /// Connects to a server that was started elsewhere.
    ///
    /// # Errors
    ///
    /// When the transport fails, or the handshake is refused; the text holds the answer.
    pub async fn connect(
        address: SocketAddr,
        path: &str,
        headers: &[(&str, &str)],
    ) -> io::Result<Self> {
        match Self::handshake(TcpStream::connect(address).await?, path, headers).await? {
            (101, _, Some(client)) => Ok(client),
            (status, ..) => Err(io::Error::other(format!("handshake answered with {status}"))),
        }
    }

    /// The headers of the server's answer.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Sends a text message.
    ///
    /// # Errors
    ///
    /// When the transport fails, as all that sends.
    pub async fn send_text(&mut self, text: &str) -> io::Result<()> {
        self.send(OpCode::Text, text.as_bytes()).await
    }

    /// Sends a binary message.
    ///
    /// # Errors
    ///
    /// When the transport fails.
    pub async fn send_binary(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.send(OpCode::Binary, bytes).await
    }

    /// Sends a whole frame of any kind.
    ///
    /// # Errors
    ///
    /// When the transport fails.
    pub async fn send(&mut self, opcode: OpCode, payload: &[u8]) -> io::Result<()> {
        let mut frame = Vec::new();
        write_frame(&mut frame, opcode, payload, MASK);
        self.send_raw(&frame).await
    }

    /// Sends a close frame.
    ///
    /// # Errors
    ///
    /// When the transport fails.
    pub async fn send_close(&mut self, code: u16, reason: &str) -> io::Result<()> {
        let mut frame = Vec::new();
        write_close(&mut frame, code, reason, MASK);
        self.send_raw(&frame).await
    }

    /// Sends bytes as they are.
    ///
    /// # Errors
    ///
    /// When the transport fails.
    pub async fn send_raw(&mut self, bytes: &[u8]) -> io::Result<()> {
        within(self.stream.write_all(bytes)).await
    }

    /// What comes next.
    ///
    /// # Errors
    ///
    /// When nothing comes for 30 s, or the server breaks the protocol.
    pub async fn receive(&mut self) -> io::Result<Received> {
        loop {
            if let Some(received) = self.next_event().map_err(io::Error::other)? {
                return Ok(received);
            }
            self.input.clear();
            self.at = 0;
            // Whoever stops waiting here loses nothing: a read is done whole or not at all.
            match within(self.stream.read_buf(&mut self.input)).await {
                Ok(0) => return Ok(Received::End),
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::ConnectionReset => {
                    return Ok(Received::End);
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// The next message; pings and pongs are passed over.
    ///
    /// # Errors
    ///
    /// As [`receive`](Self::receive), and when the connection ends instead.
    pub async fn receive_text(&mut self) -> io::Result<String> {
        loop {
            match self.receive().await? {
                Received::Text(text) => return Ok(text),
                Received::Ping(_) | Received::Pong(_) => {}
                other => return Err(io::Error::other(format!("no text but {other:?}"))),
            }
        }
    }

    /// The close frame that the server sends next or after what it had under way.
    ///
    /// # Errors
    ///
    /// As [`receive`](Self::receive), and when the transport ends without one.
    pub async fn receive_close(&mut self) -> io::Result<(u16, String)> {
        loop {
            match self.receive().await? {
                Received::Close(close) => return Ok(close.unwrap_or((1005, String::new()))),
                Received::End => return Err(io::Error::other("ended without a close frame")),
                _ => {}
            }
        }
    }

    /// What has arrived by now, without waiting for more.
    ///
    /// # Errors
    ///
    /// When the server breaks the protocol.
    pub async fn received_so_far(&mut self) -> io::Result<Vec<Received>> {
        let mut all = Vec::new();
        while let Ok(received) =
            tokio::time::timeout(Duration::from_millis(1), self.receive()).await
        {
            let received = received?;
            let ended = received == Received::End;
            all.push(received);
            if ended {
                break;
            }
        }
        Ok(all)
    }

    fn next_event(&mut self) -> Result<Option<Received>, Violation> {
        let event = self.decoder.next(&mut self.input, &mut self.at, &mut self.scratch)?;
        Ok(event.map(|event| match event {
            Event::Text(text) => Received::Text(text.into_owned()),
            Event::Binary(bytes) => Received::Binary(bytes.into_owned()),
            Event::Ping(payload) => Received::Ping(payload.to_vec()),
            Event::Pong(payload) => Received::Pong(payload.to_vec()),
            Event::Close(close) => {
                Received::Close(close.map(|close| (close.code, close.reason.to_owned())))
            }
        }))
    }
}

async fn within<T>(work: impl Future<Output = io::Result<T>>) -> io::Result<T> {
    tokio::time::timeout(PATIENCE, work).await.map_err(|_| ErrorKind::TimedOut)?
}

fn answer(head: &[u8]) -> io::Result<(u16, HeaderMap)> {
    let broken = || io::Error::other("answer is not HTTP");
    let head = std::str::from_utf8(head).map_err(|_| broken())?;
    let mut lines = head.split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).ok_or_else(broken)?;
    let mut headers = HeaderMap::new();
    for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
        let name = HeaderName::try_from(name).map_err(io::Error::other)?;
        headers.append(name, HeaderValue::try_from(value).map_err(io::Error::other)?);
    }
    Ok((status.parse().map_err(|_| broken())?, headers))
}

impl fmt::Debug for RawClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawClient").field("headers", &self.headers).finish_non_exhaustive()
    }
}
