//! One WebSocket from the client's end (RFC 6455): bytes and messages, pings, the closing handshake.
//!
//! In: messages to send, and whatever the network does. Out: messages, and how it ended. It knows no core,
//! no contract and no clock but that of the last good-bye.

use std::borrow::Cow;
use std::future::poll_fn;
use std::io::{self, ErrorKind};
use std::pin::Pin;
use std::task::{Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadHalf, WriteHalf};
use tokio::task::JoinHandle;
use tokio::time::timeout;

#[cfg(feature = "deflate")]
use super::compressor::Compressor;
use super::handshake::Accepted;
use crate::channel::Subprotocol;
#[cfg(feature = "deflate")]
use crate::deflate::{DeflateOptions, OFFER};
use crate::frame::{
    Decoder, Event, Header, OpCode, Role, Scratch, SizeLimits, write_close, write_whole,
};

/// How long a closing handshake may take before the transport is dropped.
const FAREWELL: Duration = Duration::from_secs(1);

/// Bytes that wait for the network above which pings go unanswered.
const MOST_OUTPUT: usize = 1 << 20;

/// Room for what is read at once, in bytes, and what an output buffer keeps of its room when it is empty.
const ROOM: usize = 16 * 1024;

/// A byte stream, whatever is beneath it.
pub(super) trait Transport: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Transport for T {}

pub(super) type Stream = Box<dyn Transport>;

/// What all sockets of a client have in common.
pub(super) struct SocketOptions {
    pub(super) limits: SizeLimits,
    /// How messages are compressed where the server agrees; `None`: it is not asked.
    #[cfg(feature = "deflate")]
    pub(super) deflate: Option<DeflateOptions>,
}

impl SocketOptions {
    /// The extension that is offered in the handshake.
    #[cfg(feature = "deflate")]
    pub(super) fn offer(&self) -> Option<&'static str> {
        self.deflate.map(|_| OFFER)
    }

    /// The extension that is offered in the handshake.
    #[cfg(not(feature = "deflate"))]
    pub(super) fn offer(&self) -> Option<&'static str> {
        None
    }
}

/// A WebSocket.
pub(super) struct Socket {
    reader: ReadHalf<Stream>,
    writer: WriteHalf<Stream>,
    pub(super) subprotocol: Option<Subprotocol>,
    decoder: Decoder,
    scratch: Scratch,
    input: Vec<u8>,
    /// How much of the input was looked at.
    at: usize,
    output: Output,
    #[cfg(feature = "deflate")]
    compressor: Option<Compressor>,
}

/// What waits for the network.
#[derive(Default)]
struct Output {
    bytes: Vec<u8>,
    /// How much of it was written.
    sent: usize,
    /// What was written may still stand in the layer below (TLS).
    is_unflushed: bool,
    /// The network takes nothing any more: why.
    broken: Option<io::Error>,
    masks: Masks,
}

/// What the network did.
#[derive(Debug)]
pub(super) enum Moved {
    /// Bytes came: [`Socket::next`] may have something.
    In,
    /// So many bytes went.
    Out(usize),
}

/// What came.
#[derive(Debug)]
pub(super) enum Came<'a> {
    /// A text message.
    Text(Cow<'a, str>),
    /// A binary message.
    Binary(Cow<'a, [u8]>),
    /// A ping, which was answered, or a pong.
    SignOfLife,
    /// The connection is over, and [`Socket::part`] is next.
    End(End),
}

/// How a connection ended.
#[derive(Debug)]
pub(super) struct End {
    /// What the server said: 1005 for nothing, 1006 where it broke the protocol instead.
    pub(super) code: u16,
    pub(super) reason: String,
    /// What the server is told.
    pub(super) answer: Answer,
}

/// The close frame that answers an end.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) code: u16,
    pub(super) reason: String,
}

impl Socket {
    pub(super) fn new(stream: Stream, accepted: Accepted, options: &SocketOptions) -> Self {
        let (reader, writer) = tokio::io::split(stream);
        let decoder = Decoder::new(Role::Client, options.limits);
        #[cfg(feature = "deflate")]
        let decoder = if accepted.granted.is_some() { decoder.with_compression() } else { decoder };
        // Without the feature nothing is offered.
        let _ = accepted.granted;
        let mut input = accepted.rest;
        input.reserve(ROOM);
        Self {
            reader,
            writer,
            subprotocol: accepted.subprotocol,
            decoder,
            scratch: Scratch::default(),
            input,
            at: 0,
            output: Output::default(),
            #[cfg(feature = "deflate")]
            compressor: accepted
                .granted
                .zip(options.deflate)
                .and_then(|(granted, options)| Compressor::new(granted, options)),
        }
    }

    /// Takes a message for the network. How many bytes fewer than the message has will leave.
    pub(super) fn write(&mut self, opcode: OpCode, payload: &[u8]) -> usize {
        #[cfg(feature = "deflate")]
        if let Some(compressed) = self.compressor.as_mut().and_then(|each| each.smaller(payload)) {
            self.output.frame(opcode, true, compressed);
            return payload.len() - compressed.len();
        }
        self.output.frame(opcode, false, payload);
        0
    }

    /// Asks the server for a sign of life.
    pub(super) fn ping(&mut self) {
        self.output.frame(OpCode::Ping, false, b"");
    }

    /// The next of what came; `None`: nothing is left, and [`turn`](Self::turn) is next.
    pub(super) fn next(&mut self) -> Option<Came<'_>> {
        let Self { decoder, scratch, input, at, output, .. } = self;
        let event = match decoder.next(input, at, scratch) {
            Ok(event) => event?,
            Err(violation) => {
                let (code, reason) = (violation.close_code(), violation.to_string());
                let answer = Answer { code, reason: reason.clone() };
                return Some(Came::End(End { code: 1006, reason, answer }));
            }
        };
        Some(match event {
            Event::Text(text) => Came::Text(text),
            Event::Binary(bytes) => Came::Binary(bytes),
            Event::Pong(_) => Came::SignOfLife,
            Event::Ping(payload) => {
                // A server that only asks and never reads gets no more answers than it can hold.
                if output.waiting() < MOST_OUTPUT {
                    output.frame(OpCode::Pong, false, payload);
                }
                Came::SignOfLife
            }
            Event::Close(close) => {
                let (code, reason) = match close {
                    Some(close) => (close.code, close.reason.to_owned()),
                    None => (1005, String::new()),
                };
                let answer = if code == 1005 { 1000 } else { code };
                let answer = Answer { code: answer, reason: String::new() };
                Came::End(End { code, reason, answer })
            }
        })
    }

    /// Waits for the network: to read something, or to write some of what waits. Giving up the wait loses
    /// nothing.
    ///
    /// # Errors
    /// The transport is gone. What the server said before can be read first.
    pub(super) async fn turn(&mut self) -> io::Result<Moved> {
        let Self { reader, writer, input, at, output, .. } = self;
        if *at == input.len() {
            input.clear();
            *at = 0;
        }
        tokio::select! {
            read = reader.read_buf(input) => match (read, output.broken.take()) {
                (Ok(0), None) => Err(io::Error::new(
                    ErrorKind::UnexpectedEof,
                    "the server hung up without a close frame",
                )),
                (Ok(0), Some(broken)) => Err(broken),
                (read, broken) => {
                    output.broken = broken;
                    read.map(|_| Moved::In)
                }
            },
            written = output.leave(writer) => Ok(Moved::Out(written)),
        }
    }

    /// Says good-bye, and lets go of the transport in its own time, which nobody has to wait for.
    pub(super) fn part(mut self: Box<Self>, code: u16, reason: &str) -> JoinHandle<()> {
        let Output { bytes, masks, .. } = &mut self.output;
        write_close(bytes, code, reason, Some(masks.next()));
        tokio::spawn(async move {
            let farewell = async {
                self.writer.write_all(&self.output.bytes[self.output.sent..]).await?;
                self.writer.flush().await?;
                self.writer.shutdown().await?;
                // The server closes first (RFC 6455 §7.1.1); what it still says is late.
                let mut late = [0; 4096];
                while self.reader.read(&mut late).await? > 0 {}
                Ok::<(), io::Error>(())
            };
            // Either way the transport goes with this task.
            let _ = timeout(FAREWELL, farewell).await;
        })
    }
}

impl Output {
    fn frame(&mut self, opcode: OpCode, compressed: bool, payload: &[u8]) {
        let (mask, length) = (Some(self.masks.next()), payload.len() as u64);
        write_whole(
            &mut self.bytes,
            Header { fin: true, compressed, opcode, mask, length },
            payload,
        );
    }

    fn waiting(&self) -> usize {
        self.bytes.len() - self.sent
    }

    /// Writes some of what waits; the number of bytes, or 0 when what was written is through. What the
    /// writer took is counted in the same step, so that nobody who gives up sends it again.
    async fn leave<W: AsyncWrite + Unpin>(&mut self, writer: &mut W) -> usize {
        poll_fn(|context| {
            if self.broken.is_some() {
                // Reading tells the rest.
                return Poll::Pending;
            }
            let mut written = 0;
            if self.waiting() > 0 {
                match ready!(Pin::new(&mut *writer).poll_write(context, &self.bytes[self.sent..])) {
                    Ok(0) => return self.broke(ErrorKind::WriteZero.into()),
                    Ok(bytes) => written = bytes,
                    Err(error) => return self.broke(error),
                }
                self.wrote(written);
            } else if !self.is_unflushed {
                return Poll::Pending;
            }
            match Pin::new(&mut *writer).poll_flush(context) {
                Poll::Ready(Ok(())) => self.is_unflushed = false,
                Poll::Ready(Err(error)) => return self.broke(error),
                Poll::Pending if written == 0 => return Poll::Pending,
                Poll::Pending => {}
            }
            Poll::Ready(written)
        })
        .await
    }

    fn wrote(&mut self, bytes: usize) {
        self.sent += bytes;
        self.is_unflushed = true;
        if self.waiting() == 0 {
            self.bytes.clear();
            self.bytes.shrink_to(ROOM);
            self.sent = 0;
        } else if self.sent > ROOM.max(self.waiting()) {
            // Who is never done must not grow; less is moved than was sent since the last time.
            self.bytes.drain(..self.sent);
            self.sent = 0;
        }
    }

    fn broke(&mut self, error: io::Error) -> Poll<usize> {
        self.broken = Some(error);
        Poll::Pending
    }
}

/// Keys that nobody can foresee (RFC 6455 §5.3), got from the system many at a time.
struct Masks {
    pool: [u8; 256],
    at: usize,
}

impl Default for Masks {
    fn default() -> Self {
        Self { pool: [0; 256], at: 256 }
    }
}

impl Masks {
    fn next(&mut self) -> [u8; 4] {
        if self.at >= self.pool.len() {
            self.at = 0;
            if getrandom::fill(&mut self.pool).is_err() {
                // A system without randomness made no handshake either.
                self.pool.fill_with(|| fastrand::u8(..));
            }
        }
        let key = [0, 1, 2, 3].map(|at| self.pool[self.at + at]);
        self.at += 4;
        key
    }
}

#[cfg(test)]
mod tests {
    use std::task::Context;

    use tokio::io::ReadBuf;

    use super::*;

    /// A transport by script: what can be read, and what becomes of what is written.
    #[derive(Default)]
    struct Scripted {
        input: Vec<u8>,
        written: Vec<u8>,
        /// So many flushes are left that do not come through.
        stuck: usize,
        refuses: bool,
    }

    impl AsyncRead for Scripted {
        fn poll_read(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
            buffer: &mut ReadBuf<'_>,
        ) -> Poll<io::Result<()>> {
            buffer.put_slice(&std::mem::take(&mut self.input));
            Poll::Ready(Ok(()))
        }
    }

    impl AsyncWrite for Scripted {
        fn poll_write(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
            bytes: &[u8],
        ) -> Poll<io::Result<usize>> {
            if self.refuses {
                return Poll::Ready(Err(ErrorKind::BrokenPipe.into()));
            }
            let some = &bytes[..bytes.len().min(4)];
            self.written.extend_from_slice(some);
            Poll::Ready(Ok(some.len()))
        }

        fn poll_flush(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            if self.stuck == 0 {
                return Poll::Ready(Ok(()));
            }
            self.stuck -= 1;
            Poll::Pending
        }

        fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }
    }

    #[tokio::test]
    async fn what_a_writer_took_is_not_sent_again_though_its_flush_was_given_up() {
        let mut writer = Scripted { stuck: 7, ..Scripted::default() };
        let mut output = Output { bytes: b"0123456789".to_vec(), ..Output::default() };
        while output.waiting() > 0 || output.is_unflushed {
            // Something else is always first.
            tokio::select! {
                biased;
                _ = output.leave(&mut writer) => {}
                () = std::future::ready(()) => {}
            }
        }
        assert_eq!(writer.written, b"0123456789");
    }

    #[tokio::test]
    async fn an_output_that_is_never_empty_does_not_grow() {
        let (mut writer, mut output) = (Scripted::default(), Output::default());
        let mut all = vec![b'-'; 1000];
        output.bytes.clone_from(&all);
        for turn in 0..20_000_u32 {
            output.bytes.extend_from_slice(&turn.to_be_bytes());
            all.extend_from_slice(&turn.to_be_bytes());
            assert_eq!(output.leave(&mut writer).await, 4);
            assert!(output.bytes.len() <= 2 * ROOM, "{}", output.bytes.len());
        }
        assert_eq!(writer.written, all[..80_000]);
        assert_eq!(output.bytes[output.sent..], all[80_000..]);
    }

    #[tokio::test]
    async fn what_the_server_said_before_it_went_is_heard_though_nothing_can_be_sent() {
        let input = b"\x81\x02hi\x88\x06\x0f\xa1gone".to_vec();
        let stream = Box::new(Scripted { input, refuses: true, ..Scripted::default() });
        let accepted = Accepted { subprotocol: None, granted: None, rest: Vec::new() };
        let options = SocketOptions {
            limits: SizeLimits { frame: 100, message: 100 },
            #[cfg(feature = "deflate")]
            deflate: None,
        };
        let mut socket = Socket::new(stream, accepted, &options);
        socket.write(OpCode::Text, b"late");
        tokio::select! {
            biased;
            _ = socket.output.leave(&mut socket.writer) => {}
            () = std::future::ready(()) => {}
        }
        assert!(socket.output.broken.is_some());
        assert!(matches!(socket.turn().await, Ok(Moved::In)));
        assert!(matches!(socket.next(), Some(Came::Text(text)) if text == "hi"));
        match socket.next() {
            Some(Came::End(end)) => assert_eq!((end.code, &*end.reason), (4001, "gone")),
            other => panic!("{other:?}"),
        }
    }
}
