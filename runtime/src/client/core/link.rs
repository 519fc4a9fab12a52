//! The life of a connection: when a socket is made, when it is given up, and when another follows.
//!
//! ```text
//!            start                ready                  opened
//!   closed ────────► authorizing ───────► handshaking ──────────► open
//!     ▲                 ▲    │ lost            │ lost               │ lost
//!     │ refused, stop   │    └───────┐         │         ┌──────────┘
//!     │ (from any)      │            ▼         ▼         ▼
//!     └─────────────────┼────────────────── waiting
//!                       └───────────────────────┘
//!                              due, start
//! ```
//!
//! The same table as in the TypeScript client's `connection.ts`. Each attempt has a number, and what an
//! older one still says is dropped. Each state has at most one timer, and leaving the state clears it.

use std::time::Duration;

use super::{Command, Core, Event, Timer};
use crate::channel::Subprotocol;
use crate::client::close::Rules;
use crate::client::{ClientError, Close};
use crate::close::{Closes, Then};
use crate::typed::Message;

/// The states of the drawing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Stage {
    #[default]
    Closed,
    Authorizing,
    Handshaking,
    Open,
    Waiting,
}

/// What moves it: `Start` and `Stop` are the owner's, `Refused` says that there is no coming back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Move {
    Start,
    Ready,
    Opened,
    Lost,
    Refused,
    Due,
    Stop,
}

/// State × event → state. An event without an entry changes nothing.
pub(super) const fn transition(from: Stage, event: Move) -> Option<Stage> {
    Some(match (from, event) {
        (Stage::Closed, Move::Start) | (Stage::Waiting, Move::Due | Move::Start) => {
            Stage::Authorizing
        }
        (Stage::Authorizing, Move::Ready) => Stage::Handshaking,
        (Stage::Handshaking, Move::Opened) => Stage::Open,
        (Stage::Authorizing | Stage::Handshaking | Stage::Open, Move::Lost) => Stage::Waiting,
        (Stage::Authorizing | Stage::Handshaking | Stage::Open, Move::Refused | Move::Stop)
        | (Stage::Waiting, Move::Stop) => Stage::Closed,
        _ => return None,
    })
}

/// What users see of the state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ConnectionState {
    /// A token is got, or a handshake is under way.
    Connecting,
    /// Messages come and go.
    Open,
    /// Until the next attempt.
    Waiting,
    /// For good, unless its owner reconnects.
    Closed,
}

impl From<Stage> for ConnectionState {
    fn from(stage: Stage) -> Self {
        match stage {
            Stage::Authorizing | Stage::Handshaking => Self::Connecting,
            Stage::Open => Self::Open,
            Stage::Waiting => Self::Waiting,
            Stage::Closed => Self::Closed,
        }
    }
}

/// What goes with a change of the state.
#[derive(Clone, Debug, PartialEq)]
pub struct StateChange {
    /// The state that it is in now.
    pub state: ConnectionState,
    /// The state that it was in.
    pub previous: ConnectionState,
    /// How the last connection ended, if the server or the network ended it.
    pub close: Option<Close>,
    /// What failed: why there is no coming back, or why there was no token.
    pub error: Option<ClientError>,
    /// When the next attempt begins, from now; set while waiting.
    pub retry_in: Option<Duration>,
    /// Failures in a row since the connection was last stable.
    pub attempt: u32,
}

/// Where the connection stands.
#[derive(Debug, Default)]
pub(super) struct Link {
    stage: Stage,
    /// Of the attempt at hand. Whatever carries a lower one is late and ignored.
    number: u64,
    /// There is a socket, or one is being made.
    has_socket: bool,
    subprotocol: Option<Subprotocol>,
    /// Failures since the connection was last stable.
    attempt: u32,
    /// The next token must be a new one.
    refresh: bool,
    /// A new token was asked for since the connection was last stable: asking again would not help.
    refreshed: bool,
    /// While waiting: the server named the wait, so that waking up must not cut it short.
    wait_is_theirs: bool,
}

impl Link {
    pub(super) fn is_open(&self) -> bool {
        self.stage == Stage::Open
    }

    pub(super) fn subprotocol(&self) -> Option<Subprotocol> {
        self.subprotocol
    }

    /// Earlier failures are over: not on connecting, or a server that accepts and closes would be
    /// hammered.
    fn forget(&mut self) {
        self.attempt = 0;
        self.refreshed = false;
    }
}

/// What is known about a transition.
#[derive(Debug, Default)]
struct Facts {
    wait: Duration,
    close: Option<Close>,
    error: Option<ClientError>,
}

impl<M: Message + Clone + Send + Sync + 'static> Core<M> {
    pub(crate) fn state(&self) -> ConnectionState {
        self.link.stage.into()
    }

    /// The subprotocol of the open connection.
    pub(crate) fn subprotocol(&self) -> Option<&'static str> {
        self.link.subprotocol.map(|selected| selected.name)
    }

    /// Connects, or cuts a wait short. Has no effect where that is under way or done.
    pub(crate) fn start(&mut self) {
        self.ended = None;
        if self.link.stage == Stage::Closed {
            self.link.forget();
        }
        self.step(Move::Start, Facts::default());
    }

    /// Ends for good.
    pub(crate) fn stop(&mut self) {
        self.step(Move::Stop, Facts::default());
    }

    /// Gives the connection up and makes a new one at once, on request with a new token.
    pub(crate) fn restart(&mut self, refresh: bool) {
        self.link.refresh |= refresh;
        if matches!(self.link.stage, Stage::Closed | Stage::Waiting) {
            self.start();
        } else {
            self.step(Move::Lost, Facts::default());
        }
    }

    /// The machine came back to life, or to the network: a wait of our own making is over, and an open
    /// connection is asked for a sign of life.
    pub(crate) fn wake(&mut self) {
        if self.link.stage == Stage::Waiting && !self.link.wait_is_theirs {
            self.step(Move::Due, Facts::default());
        }
        self.check_heartbeat();
    }

    /// There is a token, or none is needed.
    pub(crate) fn authorized(&mut self, number: u64) {
        if self.is_current(number, Stage::Authorizing) {
            self.step(Move::Ready, Facts::default());
        }
    }

    /// There is no token: why.
    pub(crate) fn unauthorized(&mut self, number: u64, refresh: bool, why: String) {
        if !self.is_current(number, Stage::Authorizing) {
            return;
        }
        // A wish that was not granted stays a wish.
        self.link.refresh |= refresh;
        let close = self.read_close(1006, &why);
        self.ended_by(close, Some(ClientError::Token(why)));
    }

    /// The socket stands.
    pub(crate) fn opened(&mut self, number: u64, subprotocol: Option<Subprotocol>) {
        if self.is_current(number, Stage::Handshaking) {
            self.link.subprotocol = subprotocol;
            self.step(Move::Opened, Facts::default());
        }
    }

    /// The socket is gone, or was never there; 1006 where nobody said good-bye.
    pub(crate) fn closed(&mut self, number: u64, code: u16, reason: &str) {
        if number == self.link.number {
            let close = self.read_close(code, reason);
            self.ended_by(close, None);
        }
    }

    /// The handshake was answered by a plain HTTP status.
    pub(crate) fn refused(&mut self, number: u64, status: u16, retry_after: Option<Duration>) {
        if number == self.link.number {
            self.ended_by(Close::of_status(status, retry_after), None);
        }
    }

    /// What this machine refuses today it refuses tomorrow.
    pub(crate) fn unsupported(&mut self, number: u64, why: String) {
        if number == self.link.number {
            let error = Some(ClientError::Unsupported(why));
            self.step(Move::Refused, Facts { error, ..Facts::default() });
        }
    }

    /// The connection is open but dead; the close code that the network owes is 1006 (RFC 6455 §7.1.5).
    pub(super) fn give_up(&mut self, why: &str) {
        if self.link.is_open() {
            let close = self.read_close(1006, why);
            self.ended_by(close, None);
        }
    }

    /// Whether something that an attempt says is about the socket at hand.
    pub(crate) fn is_open_as(&self, number: u64) -> bool {
        self.is_current(number, Stage::Open)
    }

    fn is_current(&self, number: u64, stage: Stage) -> bool {
        number == self.link.number && self.link.stage == stage
    }

    /// The timer of the state at hand rang.
    pub(super) fn link_due(&mut self) {
        let timeout = self.settings.connect_timeout.as_millis();
        match self.link.stage {
            Stage::Open => self.link.forget(),
            Stage::Waiting => self.step(Move::Due, Facts::default()),
            Stage::Authorizing => {
                let close = self.read_close(1006, &format!("no token within {timeout} ms"));
                self.ended_by(close, None);
            }
            Stage::Handshaking => {
                let why = format!("no answer to the handshake within {timeout} ms");
                let close = self.read_close(1006, &why);
                self.ended_by(close, None);
            }
            Stage::Closed => {}
        }
    }

    /// The one place where the state changes.
    fn step(&mut self, event: Move, facts: Facts) {
        let from = self.link.stage;
        let Some(to) = transition(from, event) else { return };
        self.timers.clear(Timer::Link);
        if !matches!(to, Stage::Open | Stage::Handshaking) {
            self.drop_socket();
        }
        self.link.stage = to;
        let (previous, state) = (ConnectionState::from(from), ConnectionState::from(to));
        if previous != state {
            tracing::debug!(?state, channel = self.settings.channel.name, "client connection");
            self.tell(&Event::State(StateChange {
                state,
                previous,
                close: facts.close,
                error: facts.error.clone(),
                retry_in: (to == Stage::Waiting).then_some(facts.wait),
                attempt: self.link.attempt,
            }));
        }
        match to {
            Stage::Authorizing => {
                self.link.number += 1;
                let (number, refresh) = (self.link.number, std::mem::take(&mut self.link.refresh));
                self.commands.push_back(Command::Authorize { number, refresh });
                self.set(Timer::Link, self.settings.connect_timeout);
            }
            Stage::Handshaking => {
                self.link.has_socket = true;
                self.commands.push_back(Command::Connect { number: self.link.number });
                self.set(Timer::Link, self.settings.connect_timeout);
            }
            Stage::Open => {
                self.set(Timer::Link, self.settings.stable_after);
                self.connection_opened();
            }
            Stage::Waiting => {
                self.set(Timer::Link, facts.wait);
                self.connection_lost();
            }
            Stage::Closed => self.finished(facts.error),
        }
    }

    fn read_close(&self, code: u16, reason: &str) -> Close {
        let is_declared = self.link.is_open()
            && self.link.subprotocol.is_some_and(|selected| selected.closes == Closes::Declared);
        let rules =
            if is_declared { Rules::Declared(self.settings.channel.closes) } else { Rules::Plain };
        Close::read(code, reason, rules)
    }

    /// The connection ended without the owner's doing: what now?
    fn ended_by(&mut self, mut close: Close, error: Option<ClientError>) {
        if let Some(then) = self.settings.decide.as_ref().and_then(|decide| decide(&close)) {
            close.then = then;
        }
        match close.then {
            Then::Stop => self.give_up_for_good(ClientError::Stopped(close.clone()), close),
            Then::Refresh if self.link.refreshed => {
                let why = format!("the server refuses the new token too: {close}");
                self.give_up_for_good(ClientError::Token(why), close);
            }
            Then::Refresh => {
                self.link.refreshed = true;
                self.link.refresh = true;
                // A provider makes a difference at once; without one something outside must.
                let own = if self.settings.can_refresh { Duration::ZERO } else { self.backoff() };
                self.retry(own, close, error);
            }
            Then::Retry => {
                // At once, but a server that accepts and closes is not hammered.
                let own = if self.link.attempt == 0 { Duration::ZERO } else { self.backoff() };
                self.retry(own, close, error);
            }
            Then::BackOff => {
                let own = self.backoff();
                self.retry(own, close, error);
            }
        }
    }

    fn retry(&mut self, own: Duration, close: Close, error: Option<ClientError>) {
        self.link.attempt = self.link.attempt.saturating_add(1);
        self.link.wait_is_theirs = close.retry_after.is_some();
        let wait = own.saturating_add(close.retry_after.unwrap_or_default());
        self.step(Move::Lost, Facts { wait, close: Some(close), error });
    }

    fn give_up_for_good(&mut self, error: ClientError, close: Close) {
        let facts = Facts { close: Some(close), error: Some(error), ..Facts::default() };
        self.step(Move::Refused, facts);
    }

    fn backoff(&self) -> Duration {
        self.settings.backoff.delay(self.link.attempt, (self.settings.random)())
    }

    /// Lets go of the socket: it is closed in its own time, and what it still says is late.
    fn drop_socket(&mut self) {
        self.link.number += 1;
        self.link.subprotocol = None;
        self.calls.unsent = 0;
        if std::mem::take(&mut self.link.has_socket) {
            self.commands.push_back(Command::Drop);
        }
    }
}
