//! Whoever has the socket: does what the core commands, and tells it what came.
//!
//! One task for each client. It waits for the core's next deadline, for the bell that says that a user did
//! something, and for the network; nothing else does.

use std::future::pending;
use std::pin::Pin;
use std::sync::Arc;

use tokio::time::{Instant, sleep_until};

use super::TokenRequest;
use super::connection::Shared;
use super::core::{Command, Incoming};
use super::dialer::Dialer;
use super::handshake::Failure;
use super::socket::{Came, Moved, Socket};
use crate::typed::Message;

type Pending<T> = Option<Pin<Box<dyn Future<Output = T> + Send>>>;

/// What the network did.
enum Happened {
    /// A deadline or the bell.
    Turn,
    Token(Result<Option<String>, String>),
    Dialed(Result<Box<Socket>, Failure>),
    Moved(std::io::Result<Moved>),
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
                        let saved = socket.write(opcode, &payload);
                        // What was compressed away need not be waited for.
                        if saved > 0 {
                            shared.lock().written(saved);
                        }
                    }
                }
                Some(Command::Ping) => {
                    if let Some((_, socket)) = &mut socket {
                        socket.ping();
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
            Happened::Moved(Ok(Moved::In)) => receive(&shared, &mut socket),
            Happened::Moved(Ok(Moved::Out(bytes))) => shared.lock().written(bytes),
            Happened::Moved(Err(error)) => {
                // The transport is gone.
                if let Some((number, _)) = socket.take() {
                    shared.lock().closed(number, 1006, &error.to_string());
                }
            }
        }
    }
}

/// What happens next. Whatever else was waited for loses nothing.
async fn wait<M: Message + Clone + Send + Sync + 'static>(
    shared: &Shared<M>,
    deadline: Option<Instant>,
    getting: &mut Pending<Result<Option<String>, String>>,
    dialing: &mut Pending<Result<Box<Socket>, Failure>>,
    socket: &mut Option<(u64, Box<Socket>)>,
) -> Happened {
    let due = async {
        match deadline {
            Some(deadline) => sleep_until(deadline).await,
            None => pending().await,
        }
    };
    let moved = async {
        match socket {
            Some((_, socket)) => socket.turn().await,
            None => pending().await,
        }
    };
    tokio::select! {
        () = shared.bell.notified() => Happened::Turn,
        () = due => Happened::Turn,
        got = maybe(getting) => Happened::Token(got),
        dialed = maybe(dialing) => Happened::Dialed(dialed),
        moved = moved => Happened::Moved(moved),
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
    let end = loop {
        let Some(came) = socket.next() else { return };
        let mut core = shared.lock();
        if !core.is_open_as(number) {
            return;
        }
        match came {
            Came::Text(text) => core.frame(Incoming::Text(&text)),
            Came::Binary(bytes) => core.frame(Incoming::Binary(&bytes)),
            Came::SignOfLife => core.heard(),
            Came::End(end) => {
                core.closed(number, end.code, &end.reason);
                break end;
            }
        }
    };
    if let Some((_, socket)) = open.take() {
        socket.part(end.answer.code, &end.answer.reason);
    }
}
