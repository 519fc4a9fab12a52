//! The life of one connection as a state machine: bytes and moments in, messages and bytes out.
//! Knows no socket and no clock.
//!
//! ```text
//!               we close: close frame out
//!        Open ─────────────────────────────► Closing ──┐ peer's close frame in
//!         │ │                                   │      ▼
//!         │ └── peer's close frame in, echoed ──┼──► Finishing ──► (dropped when written)
//!         │                                     │
//!         │ violation: close frame out          │ violation
//!         ▼                                     ▼
//!     Lingering: input discarded, so that no reset destroys the close frame on its way
//!         └──► (dropped at the peer's end of file)
//!
//!     every state but Open ends after `limits.close` at the latest
//! ```
//!
//! The session is over when `Open` is left; what follows only brings the close frames across.

use super::Settings;
use crate::{
    clock::Moment,
    close::{CloseCode, CloseReason, Closed, ClosedBy, Closes, Situation},
    frame::{
        Decoder, Event, OpCode, Role, Scratch, SizeLimits, Violation, write_close, write_frame,
    },
    service::Inbound,
};
use std::{borrow::Cow, time::Duration};

/// One connection's protocol state. 64 bytes, and no heap between two messages. What a fan-out asks
/// for stands last: see `shard::connection::Connection`.
#[derive(Debug)]
#[repr(C)]
pub(crate) struct Core {
    decoder: Decoder,
    /// Last sign of life, as this client's closes count it.
    active: Moment,
    /// In `Open` the end of the lifespan, afterwards the end of patience.
    until: Moment,
    /// When a shutdown that was announced reaches this connection.
    shutdown: Moment,
    closes: Closes,
    pinged: bool,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    Open,
    Closing,
    Lingering,
    Finishing,
}

/// What one call of [`Core::next`] found.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Step<'a> {
    /// A message for the service.
    Message(Message<'a>),
    /// A control frame was dealt with; there may be more.
    Handled,
    /// The input is used up.
    More,
    /// `Open` was left: the session is over.
    Ended(Closed),
    /// The peer broke the protocol: no frame can be found after this one. [`Core::linger`] is next.
    Violated(Violation),
}

/// How the session's side says good-bye.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Parting {
    /// By a close frame, which the peer answers.
    Handshake,
    /// By a close frame to a peer whose frames cannot be read any more.
    Linger,
}

/// A message, borrowed from the input where it lay there whole.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Message<'a> {
    Text(Cow<'a, str>),
    Binary(Cow<'a, [u8]>),
}

impl Message<'_> {
    pub(crate) fn as_inbound(&self) -> Inbound<'_> {
        match self {
            Self::Text(text) => Inbound::Text(text),
            Self::Binary(bytes) => Inbound::Binary(bytes),
        }
    }

    pub(crate) fn into_owned(self) -> Message<'static> {
        match self {
            Self::Text(text) => Message::Text(Cow::Owned(text.into_owned())),
            Self::Binary(bytes) => Message::Binary(Cow::Owned(bytes.into_owned())),
        }
    }

    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Binary(bytes) => bytes.len(),
        }
    }
}

/// What the passing of time asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Due {
    /// Nothing yet; a ping may have been written.
    Nothing,
    /// The session is to be closed.
    Close(Situation),
    /// Patience is over: drop the transport.
    Drop,
}

/// A declared client's lifespan ends this share before its maximum at the earliest, so that an
/// hour after a restart not everybody comes back in the same second.
const LIFESPAN_JITTER: f64 = 0.2;

impl Core {
    #[cfg(test)]
    pub(crate) const STATE_AT: usize = std::mem::offset_of!(Self, state);

    /// A connection that opens `now`. `random` lies in 0..1 and jitters the lifespan.
    pub(crate) fn new(
        settings: &Settings,
        closes: Closes,
        compression: bool,
        now: Moment,
        random: f64,
    ) -> Self {
        let limits = SizeLimits {
            frame: settings.limits.frame_bytes,
            message: settings.limits.message_bytes,
        };
        let decoder = Decoder::new(Role::Server, limits);
        #[cfg(feature = "deflate")]
        let decoder = if compression { decoder.with_compression() } else { decoder };
        let _ = compression;
        let until = match (settings.lifespan, closes) {
            (None, _) => NEVER,
            (Some(lifespan), Closes::Plain) => now + lifespan,
            (Some(lifespan), Closes::Declared) => {
                now + lifespan.mul_f64(1.0 - LIFESPAN_JITTER * random.clamp(0.0, 1.0))
            }
        };
        Self {
            decoder,
            active: now,
            until,
            shutdown: NEVER,
            state: State::Open,
            closes,
            pinged: false,
        }
    }

    pub(crate) fn state(&self) -> State {
        self.state
    }

    #[inline]
    pub(crate) fn is_open(&self) -> bool {
        self.state == State::Open
    }

    pub(crate) fn closes(&self) -> Closes {
        self.closes
    }

    /// Takes the next frame of `input[*at..]`; what has to be answered is appended to `out`.
    #[inline]
    pub(crate) fn next<'a>(
        &'a mut self,
        input: &'a mut [u8],
        at: &mut usize,
        scratch: &'a mut Scratch,
        now: Moment,
        settings: &Settings,
        out: &mut Vec<u8>,
    ) -> Step<'a> {
        let end = input.len();
        if matches!(self.state, State::Lingering | State::Finishing) {
            *at = end;
            return Step::More;
        }
        match self.decoder.next(input, at, scratch) {
            Ok(None) => Step::More,
            Ok(Some(Event::Text(text))) => {
                Self::sign_of_life(&mut self.active, &mut self.pinged, now);
                if self.state == State::Open {
                    Step::Message(Message::Text(text))
                } else {
                    Step::Handled
                }
            }
            Ok(Some(Event::Binary(bytes))) => {
                Self::sign_of_life(&mut self.active, &mut self.pinged, now);
                if self.state == State::Open {
                    Step::Message(Message::Binary(bytes))
                } else {
                    Step::Handled
                }
            }
            Ok(Some(Event::Ping(payload))) => {
                if self.state == State::Open {
                    write_frame(out, OpCode::Pong, payload, None);
                }
                Step::Handled
            }
            Ok(Some(Event::Pong(_))) => Step::Handled,
            Ok(Some(Event::Close(close))) => {
                let was_open = self.state == State::Open;
                self.state = State::Finishing;
                self.until = now + settings.limits.close;
                if !was_open {
                    return Step::Handled;
                }
                let (code, text) = match close {
                    Some(close) => {
                        // The reason, too, as the service before us echoed it.
                        write_close(out, close.code, close.reason, None);
                        (CloseCode::new(close.code), close.reason.to_owned())
                    }
                    None => {
                        write_frame(out, OpCode::Close, &[], None);
                        (CloseCode::NONE, String::new())
                    }
                };
                let reason = CloseReason::new(code, text);
                Step::Ended(Closed { reason, by: ClosedBy::Client })
            }
            Err(violation) => {
                *at = end;
                if self.state == State::Open {
                    return Step::Violated(violation);
                }
                self.state = State::Lingering;
                Step::Handled
            }
        }
    }

    fn sign_of_life(active: &mut Moment, pinged: &mut bool, now: Moment) {
        *active = now;
        *pinged = false;
    }

    /// Bytes came, whatever they are. For a plain client only whole messages count as a heartbeat,
    /// as its documentation says; for a declared one everything does.
    #[inline]
    pub(crate) fn received(&mut self, now: Moment) {
        if self.closes == Closes::Declared {
            Self::sign_of_life(&mut self.active, &mut self.pinged, now);
        }
    }

    /// The client's silence is our doing: it counts from now.
    pub(crate) fn excuse(&mut self, now: Moment) {
        Self::sign_of_life(&mut self.active, &mut self.pinged, now);
    }

    /// Begins the closing handshake; does nothing unless the session is open.
    pub(crate) fn close(
        &mut self,
        reason: &CloseReason,
        now: Moment,
        patience: Duration,
        out: &mut Vec<u8>,
    ) -> bool {
        if self.state != State::Open {
            return false;
        }
        write_close(out, reason.code.get(), &reason.text, None);
        self.state = State::Closing;
        self.until = now + patience;
        true
    }

    /// Listens to a peer that broke the protocol no more, and says why if the session is open.
    pub(crate) fn linger(
        &mut self,
        reason: &CloseReason,
        now: Moment,
        patience: Duration,
        out: &mut Vec<u8>,
    ) -> bool {
        if std::mem::replace(&mut self.state, State::Lingering) != State::Open {
            return false;
        }
        // A plain client gets the code alone, as from the service before us.
        let text = if self.closes == Closes::Declared { &*reason.text } else { "" };
        write_close(out, reason.code.get(), text, None);
        self.until = now + patience;
        true
    }

    /// The transport has ended: nothing can be said any more. Whether the session was open.
    pub(crate) fn lose(&mut self) -> bool {
        std::mem::replace(&mut self.state, State::Finishing) == State::Open
    }

    /// Closes at `at`, unless something else does before.
    pub(crate) fn shut_down_at(&mut self, at: Moment) {
        self.shutdown = at;
    }

    /// What time asks for; a ping that is due is appended to `out`.
    pub(crate) fn on_time(&mut self, now: Moment, settings: &Settings, out: &mut Vec<u8>) -> Due {
        if self.state != State::Open {
            return if now >= self.until { Due::Drop } else { Due::Nothing };
        }
        if now >= self.shutdown {
            return Due::Close(Situation::Shutdown);
        }
        if now >= self.until {
            return Due::Close(Situation::Lifespan);
        }
        if let Some(heartbeat) = settings.heartbeat {
            if now >= self.active + heartbeat {
                return Due::Close(Situation::Heartbeat);
            }
            if self.closes == Closes::Declared && !self.pinged && now >= self.active + heartbeat / 2
            {
                write_frame(out, OpCode::Ping, &[], None);
                self.pinged = true;
            }
        }
        Due::Nothing
    }

    /// When [`Core::on_time`] has something to do next, as far as is known now.
    pub(crate) fn due(&self, settings: &Settings) -> Moment {
        if self.state != State::Open {
            return self.until;
        }
        let heartbeat = match settings.heartbeat {
            None => NEVER,
            Some(heartbeat) if self.closes == Closes::Declared && !self.pinged => {
                self.active + heartbeat / 2
            }
            Some(heartbeat) => self.active + heartbeat,
        };
        heartbeat.min(self.until).min(self.shutdown)
    }
}

/// Later than any deadline.
const NEVER: Moment = Moment::MAX;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{close::CloseTable, limits::Limits};

    fn settings() -> Settings {
        Settings {
            heartbeat: Some(Duration::from_secs(30)),
            lifespan: Some(Duration::from_secs(3600)),
            deadline: None,
            closes: CloseTable::DEFAULT,
            limits: Limits::default(),
        }
    }

    fn at(seconds: f64) -> Moment {
        Moment::new(Duration::from_secs_f64(seconds))
    }

    fn core(closes: Closes) -> Core {
        Core::new(&settings(), closes, false, at(0.0), 1.0)
    }

    fn frame(opcode: OpCode, payload: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        write_frame(&mut out, opcode, payload, Some([7, 7, 7, 7]));
        out
    }

    /// Feeds bytes; what came out as bytes, and the last step that meant something.
    fn feed(core: &mut Core, mut input: Vec<u8>, now: Moment) -> (Vec<u8>, Option<String>) {
        let (mut out, mut at, mut scratch) = (Vec::new(), 0, Scratch::default());
        let mut last = None;
        loop {
            match core.next(&mut input, &mut at, &mut scratch, now, &settings(), &mut out) {
                Step::More => return (out, last),
                Step::Handled => {}
                Step::Message(message) => {
                    last = Some(format!("{:?}", message.as_inbound()));
                }
                Step::Ended(closed) => last = Some(format!("{} {:?}", closed.reason, closed.by)),
                Step::Violated(violation) => {
                    let code = CloseCode::new(violation.close_code());
                    let reason = CloseReason::new(code, violation.to_string());
                    assert!(core.linger(&reason, now, Duration::from_secs(5), &mut out));
                    last = Some(reason.to_string());
                }
            }
        }
    }

    #[test]
    fn a_close_is_echoed_and_ends_the_session() {
        let mut core = core(Closes::Plain);
        let (out, last) = feed(&mut core, frame(OpCode::Close, b"\x03\xe9gone"), at(1.0));
        assert_eq!(out, b"\x88\x06\x03\xe9gone");
        assert_eq!(last.as_deref(), Some("1001 gone Client"));
        assert_eq!(core.state(), State::Finishing);
    }

    #[test]
    fn after_our_close_requests_are_ignored_until_the_peer_closes() {
        let mut core = core(Closes::Plain);
        let mut out = Vec::new();
        assert!(core.close(&CloseReason::NORMAL, at(1.0), Duration::from_secs(5), &mut out));
        assert!(!core.close(&CloseReason::INTERNAL, at(1.0), Duration::from_secs(5), &mut out));
        assert_eq!(out, [0x88, 2, 3, 0xe8]);
        let (out, last) = feed(&mut core, frame(OpCode::Text, b"late"), at(2.0));
        assert_eq!((out.len(), last), (0, None));
        assert_eq!(core.on_time(at(5.9), &settings(), &mut Vec::new()), Due::Nothing);
        feed(&mut core, frame(OpCode::Close, b"\x03\xe8"), at(5.9));
        assert_eq!(core.state(), State::Finishing);
    }

    #[test]
    fn a_violation_says_why_and_looks_at_nothing_more() {
        let mut core = core(Closes::Declared);
        let input = [vec![0x81, 0x01, b'x'], frame(OpCode::Ping, b"")].concat();
        let (out, last) = feed(&mut core, input, at(1.0));
        assert_eq!(last.as_deref(), Some("1002 unmasked frame from a client"));
        assert_eq!(&out[..4], [0x88, 30, 3, 0xea]);
        assert_eq!(core.state(), State::Lingering);
        assert_eq!(core.on_time(at(6.0), &settings(), &mut Vec::new()), Due::Drop);
    }

    #[test]
    fn a_plain_client_is_told_the_code_of_its_violation_alone() {
        let mut core = core(Closes::Plain);
        let (out, last) = feed(&mut core, vec![0x81, 0x01, b'x'], at(1.0));
        assert_eq!(last.as_deref(), Some("1002 unmasked frame from a client"));
        assert_eq!(out, [0x88, 2, 3, 0xea]);
    }

    #[test]
    fn only_messages_are_a_plain_clients_heartbeat() {
        let mut core = core(Closes::Plain);
        let mut out = Vec::new();
        feed(&mut core, frame(OpCode::Text, b"{}"), at(10.0));
        feed(&mut core, frame(OpCode::Ping, b""), at(35.0));
        core.received(at(36.0));
        assert_eq!(core.on_time(at(39.9), &settings(), &mut out), Due::Nothing);
        assert_eq!(core.due(&settings()), at(40.0));
        assert_eq!(core.on_time(at(40.0), &settings(), &mut out), Due::Close(Situation::Heartbeat));
        assert!(out.is_empty(), "no ping to a plain client");
    }

    #[test]
    fn a_declared_client_is_pinged_and_its_pong_counts() {
        let mut core = core(Closes::Declared);
        let mut out = Vec::new();
        assert_eq!(core.due(&settings()), at(15.0));
        assert_eq!(core.on_time(at(15.0), &settings(), &mut out), Due::Nothing);
        assert_eq!(out, [0x89, 0]);
        assert_eq!(core.due(&settings()), at(30.0), "one ping, then silence is judged");
        core.received(at(20.0));
        assert_eq!(core.on_time(at(30.0), &settings(), &mut out), Due::Nothing);
        assert_eq!(core.due(&settings()), at(35.0));
    }

    #[test]
    fn a_declared_lifespan_is_jittered_and_never_past_its_maximum() {
        for random in [0.0, 0.5, 1.0, 7.0] {
            let core = Core::new(&settings(), Closes::Declared, false, at(0.0), random);
            assert!(core.until >= at(2880.0) && core.until <= at(3600.0), "{:?}", core.until);
        }
        assert_eq!(self::core(Closes::Plain).until, at(3600.0));
    }

    #[test]
    fn a_shutdown_closes_at_its_moment() {
        let mut core = core(Closes::Plain);
        core.shut_down_at(at(3.0));
        assert_eq!(core.due(&settings()), at(3.0));
        assert_eq!(
            core.on_time(at(3.0), &settings(), &mut Vec::new()),
            Due::Close(Situation::Shutdown)
        );
    }
}
