//! Whoever has the socket: does what the core commands, and tells it what came.
//!
//! One task for each client. It waits for the core's next deadline, for the bell that says that a user did
//! something, and for the network; nothing else does.

use std::future::pending;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadHalf, WriteHalf};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep_until, timeout};

use super::connection::Shared;
use super::core::{Command, Incoming};
use super::handshake::{self, Accepted, Failure, Request};
use super::options::Tokens;
use super::url::Target;
use super::{ClientError, Options, TokenRequest};
use crate::channel::Subprotocol;
use crate::frame::{Decoder, Event, OpCode, Role, Scratch, SizeLimits, write_close, write_frame};
use crate::typed::Message;

/// How long a closing handshake may take before the transport is dropped.
const FAREWELL: Duration = Duration::from_secs(1);

/// Bytes that wait for the network above which pings go unanswered.
const MOST_OUTPUT: usize = 1 << 20;

/// Room for what is read at once, in bytes.
const ROOM: usize = 16 * 1024;

/// A byte stream, whatever is beneath it.
trait Transport: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Transport for T {}

type Stream = Box<dyn Transport>;

/// Makes sockets.
pub(super) struct Dialer {
    target: Target,
    headers: Vec<(String, String)>,
    subprotocols: Vec<Subprotocol>,
    tokens: Option<Tokens>,
    limits: SizeLimits,
    #[cfg(feature = "tls")]
    tls: Option<tokio_rustls::TlsConnector>,
}

impl Dialer {
    pub(super) fn new(
        target: Target,
        options: Options,
        subprotocols: Vec<Subprotocol>,
    ) -> Result<Self, ClientError> {
        let size = options.max_message_size;
        Ok(Self {
            #[cfg(feature = "tls")]
            tls: if target.is_secure {
                Some(super::tls::connector(options.authorities.as_deref())?)
            } else {
                None
            },
            target,
            headers: options.headers,
            subprotocols,
            tokens: options.tokens,
            limits: SizeLimits { frame: size, message: size },
        })
    }

    async fn dial(self: Arc<Self>, token: Option<String>) -> Result<Box<Socket>, Failure> {
        let tcp = TcpStream::connect((self.target.host.as_str(), self.target.port)).await?;
        // Messages leave when they are sent.
        tcp.set_nodelay(true)?;
        let mut stream = self.secured(tcp).await?;
        let path = self.target.path(token.as_deref());
        let mut headers = self.headers.clone();
        let proof = self.target.header(token.as_deref());
        headers.extend(proof.map(|(name, value)| (name.to_owned(), value)));
        let request = Request {
            authority: &self.target.authority,
            path: &path,
            headers: &headers,
            subprotocols: &self.subprotocols,
        };
        let accepted = handshake::shake(&mut stream, &request).await?;
        Ok(Box::new(Socket::new(stream, accepted, self.limits)))
    }

    #[cfg(feature = "tls")]
    async fn secured(&self, tcp: TcpStream) -> Result<Stream, Failure> {
        match &self.tls {
            Some(tls) => Ok(Box::new(super::tls::connect(tls, &self.target.host, tcp).await?)),
            None => Ok(Box::new(tcp)),
        }
    }

    #[cfg(not(feature = "tls"))]
    async fn secured(&self, tcp: TcpStream) -> Result<Stream, Failure> {
        Ok(Box::new(tcp))
    }
}

/// A WebSocket.
struct Socket {
    reader: ReadHalf<Stream>,
    writer: WriteHalf<Stream>,
    subprotocol: Option<Subprotocol>,
    decoder: Decoder,
    scratch: Scratch,
    input: Vec<u8>,
    at: usize,
    output: Vec<u8>,
    masks: Masks,
}

impl Socket {
    fn new(stream: Stream, accepted: Accepted, limits: SizeLimits) -> Self {
        let (reader, writer) = tokio::io::split(stream);
        let decoder = Decoder::new(Role::Client, limits);
        #[cfg(feature = "deflate")]
        let decoder = if accepted.is_compressed { decoder.with_compression() } else { decoder };
        // Without the feature nothing is offered.
        let _ = accepted.is_compressed;
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
            output: Vec::new(),
            masks: Masks::default(),
        }
    }

    fn write(&mut self, opcode: OpCode, payload: &[u8]) {
        let mask = self.masks.next();
        write_frame(&mut self.output, opcode, payload, Some(mask));
    }

    /// Says good-bye, and lets go of the transport in its own time.
    fn part(mut self: Box<Self>, code: u16, reason: &str) {
        let mask = self.masks.next();
        write_close(&mut self.output, code, reason, Some(mask));
        tokio::spawn(async move {
            let farewell = async {
                self.writer.write_all(&self.output).await?;
                self.writer.flush().await?;
                self.writer.shutdown().await?;
                // The server closes first (RFC 6455 §7.1.1); what it still says is late.
                let mut late = [0; 4096];
                while self.reader.read(&mut late).await? > 0 {}
                Ok::<(), std::io::Error>(())
            };
            // Either way the transport goes with this task.
            let _ = timeout(FAREWELL, farewell).await;
        });
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

type Pending<T> = Option<Pin<Box<dyn Future<Output = T> + Send>>>;

/// What the network did.
enum Happened {
    /// A deadline or the bell.
    Turn,
    Token(Result<Option<String>, String>),
    Dialed(Result<Box<Socket>, Failure>),
    Read(std::io::Result<usize>),
    Written(std::io::Result<usize>),
}

/// Runs a client until it is closed and nobody holds it any more.
pub(super) async fn drive<M: Message + Clone + Send + Sync + 'static>(
    shared: Arc<Shared<M>>,
    dialer: Dialer,
) {
    let dialer = Arc::new(dialer);
    let mut socket: Option<(u64, Box<Socket>)> = None;
    let mut number = 0;
    let mut refresh = false;
    let mut token = None;
    let mut getting: Pending<Result<Option<String>, String>> = None;
    let mut dialing: Pending<Result<Box<Socket>, Failure>> = None;
    loop {
        let deadline = loop {
            let (command, deadline, is_abandoned) = {
                let mut core = shared.lock();
                core.advance();
                (core.take_command(), core.next_deadline(), core.is_abandoned())
            };
            match command {
                None if is_abandoned => return,
                None => {
                    break deadline.and_then(|at| shared.instant(at)).map(Instant::from_std);
                }
                Some(Command::Authorize { number: of, refresh: wanted }) => {
                    (number, refresh) = (of, wanted);
                    getting = Some(match &dialer.tokens {
                        Some(tokens) => {
                            let token = tokens(TokenRequest { refresh });
                            Box::pin(async move { token.await.map(Some) })
                        }
                        None => Box::pin(async { Ok(None) }),
                    });
                }
                Some(Command::Connect { number: of }) => {
                    number = of;
                    dialing = Some(Box::pin(Arc::clone(&dialer).dial(token.take())));
                }
                Some(Command::Send { opcode, payload }) => {
                    if let Some((_, socket)) = &mut socket {
                        socket.write(opcode, &payload);
                    }
                }
                Some(Command::Ping) => {
                    if let Some((_, socket)) = &mut socket {
                        socket.write(OpCode::Ping, b"");
                    }
                }
                Some(Command::Drop) => {
                    (getting, dialing) = (None, None);
                    if let Some((_, socket)) = socket.take() {
                        socket.part(1000, "");
                    }
                }
            }
        };
        let happened = wait(&shared, deadline, &mut getting, &mut dialing, &mut socket).await;
        match happened {
            Happened::Turn => {}
            Happened::Token(got) => {
                getting = None;
                match got {
                    Ok(got) => {
                        token = got;
                        shared.lock().authorized(number);
                    }
                    Err(why) => shared.lock().unauthorized(number, refresh, why),
                }
            }
            Happened::Dialed(dialed) => {
                dialing = None;
                let mut core = shared.lock();
                match dialed {
                    Ok(dialed) => {
                        core.opened(number, dialed.subprotocol);
                        // Somebody may have closed the client meanwhile.
                        if core.is_open_as(number) {
                            socket = Some((number, dialed));
                        }
                        drop(core);
                        // What came behind the answer.
                        receive(&shared, &mut socket);
                    }
                    Err(Failure::Lost(why)) => core.closed(number, 1006, &why),
                    Err(Failure::Status(status, wait)) => core.refused(number, status, wait),
                    Err(Failure::Hopeless(why)) => core.unsupported(number, why),
                }
            }
            Happened::Read(Ok(0)) => {
                lost(&shared, &mut socket, "the server hung up without a close frame");
            }
            Happened::Read(Ok(_)) => receive(&shared, &mut socket),
            Happened::Written(Ok(bytes)) => {
                if let Some((_, socket)) = &mut socket {
                    socket.output.drain(..bytes);
                }
                shared.lock().written(bytes);
            }
            Happened::Read(Err(error)) | Happened::Written(Err(error)) => {
                lost(&shared, &mut socket, &error.to_string());
            }
        }
    }
}

/// What happens next. Whatever else was waited for loses nothing: reads and writes are done whole or not
/// at all.
async fn wait<M: Message + Clone + Send + Sync + 'static>(
    shared: &Shared<M>,
    deadline: Option<Instant>,
    getting: &mut Pending<Result<Option<String>, String>>,
    dialing: &mut Pending<Result<Box<Socket>, Failure>>,
    socket: &mut Option<(u64, Box<Socket>)>,
) -> Happened {
    let (reading, writing) = match socket {
        Some((_, socket)) => {
            let Socket { reader, writer, input, output, .. } = &mut **socket;
            (Some((reader, input)), (!output.is_empty()).then_some((writer, output)))
        }
        None => (None, None),
    };
    let due = async {
        match deadline {
            Some(deadline) => sleep_until(deadline).await,
            None => pending().await,
        }
    };
    let read = async {
        match reading {
            Some((reader, input)) => reader.read_buf(input).await,
            None => pending().await,
        }
    };
    let write = async {
        match writing {
            Some((writer, output)) => {
                let written = writer.write(output).await?;
                writer.flush().await?;
                Ok(written)
            }
            None => pending().await,
        }
    };
    tokio::select! {
        () = shared.bell.notified() => Happened::Turn,
        () = due => Happened::Turn,
        got = maybe(getting) => Happened::Token(got),
        dialed = maybe(dialing) => Happened::Dialed(dialed),
        read = read => Happened::Read(read),
        written = write => Happened::Written(written),
    }
}

async fn maybe<T>(pending_work: &mut Pending<T>) -> T {
    match pending_work {
        Some(work) => work.await,
        None => pending().await,
    }
}

/// Hands what came to the core.
fn receive<M: Message + Clone + Send + Sync + 'static>(
    shared: &Shared<M>,
    open: &mut Option<(u64, Box<Socket>)>,
) {
    let Some((number, socket)) = open else { return };
    let number = *number;
    loop {
        let Socket { decoder, scratch, input, at, .. } = &mut **socket;
        let event = match decoder.next(input, at, scratch) {
            Ok(Some(event)) => event,
            Ok(None) => {
                socket.input.clear();
                socket.at = 0;
                return;
            }
            Err(violation) => {
                let (code, why) = (violation.close_code(), violation.to_string());
                shared.lock().closed(number, 1006, &why);
                if let Some((_, socket)) = open.take() {
                    socket.part(code, &why);
                }
                return;
            }
        };
        let mut core = shared.lock();
        if !core.is_open_as(number) {
            return;
        }
        match event {
            Event::Text(text) => core.frame(Incoming::Text(&text)),
            Event::Binary(bytes) => core.frame(Incoming::Binary(&bytes)),
            Event::Pong(_) => core.heard(),
            Event::Ping(payload) => {
                core.heard();
                drop(core);
                let payload = payload.to_vec();
                // A server that only asks and never reads gets no more answers than it can hold.
                if socket.output.len() < MOST_OUTPUT {
                    socket.write(OpCode::Pong, &payload);
                }
            }
            Event::Close(close) => {
                let (code, reason) = match close {
                    Some(close) => (close.code, close.reason.to_owned()),
                    None => (1005, String::new()),
                };
                core.closed(number, code, &reason);
                drop(core);
                if let Some((_, socket)) = open.take() {
                    socket.part(if code == 1005 { 1000 } else { code }, "");
                }
                return;
            }
        }
    }
}

/// The transport is gone.
fn lost<M: Message + Clone + Send + Sync + 'static>(
    shared: &Shared<M>,
    socket: &mut Option<(u64, Box<Socket>)>,
    why: &str,
) {
    if let Some((number, _)) = socket.take() {
        shared.lock().closed(number, 1006, why);
    }
}
