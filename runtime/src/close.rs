//! Why a connection ends: the one catalogue of situations, codes and texts.
//!
//! A contract's `x-close-codes` maps a [`Situation`] to a code, a reason and what a client does
//! [`Then`]; what it leaves out is filled from [`CloseTable::DEFAULT`]. Clients that negotiated a
//! subprotocol with declared closes see that table. All others are plain clients and see the codes
//! and texts that FastWS 0.1.7 sends: [`plain`]. The TypeScript client holds the mirror of this
//! file (`ts-gen/runtime/src/close.ts`).

use std::{borrow::Cow, fmt, time::Duration};

/// The number in a close frame (RFC 6455 §7.4). Every number is a legal value; those with a
/// meaning for us are constants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CloseCode(u16);

impl CloseCode {
    /// The purpose of the connection is fulfilled.
    pub const NORMAL: Self = Self(1000);
    /// The server shuts down, or a page was left.
    pub const GOING_AWAY: Self = Self(1001);
    /// A breach of RFC 6455.
    pub const PROTOCOL: Self = Self(1002);
    /// A message that the server does not understand; for a plain client also a time-out.
    pub const UNSUPPORTED: Self = Self(1003);
    /// No code was given. Never on the wire.
    pub const NONE: Self = Self(1005);
    /// The transport ended without a close frame. Never on the wire.
    pub const ABNORMAL: Self = Self(1006);
    /// Text that is not UTF-8, or data that do not inflate.
    pub const INVALID_DATA: Self = Self(1007);
    /// The peer breaks a rule of the service.
    pub const POLICY: Self = Self(1008);
    /// A frame or message above the limit.
    pub const TOO_LARGE: Self = Self(1009);
    /// The server failed.
    pub const INTERNAL: Self = Self(1011);
    /// The service restarts; come back.
    pub const RESTART: Self = Self(1012);

    /// Any number. Which ones may stand in a frame is RFC 6455 §7.4's to say.
    pub const fn new(code: u16) -> Self {
        Self(code)
    }

    /// The number.
    pub const fn get(self) -> u16 {
        self.0
    }
}

impl fmt::Display for CloseCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What a close frame says: a code, and at most 123 bytes of text for people and logs.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CloseReason {
    /// The code.
    pub code: CloseCode,
    /// The text; cut at a character boundary when it is sent longer than 123 bytes.
    pub text: Cow<'static, str>,
}

impl CloseReason {
    /// 1000 without a text.
    pub const NORMAL: Self = Self::fixed(CloseCode::NORMAL, "");
    /// What a plain client that does not read is told.
    pub const SLOW_CONSUMER: Self = Self::fixed(CloseCode::POLICY, "slow consumer");
    /// A handler panicked.
    pub const INTERNAL: Self = Self::fixed(CloseCode::INTERNAL, "internal error");
    /// The transport ended without a close frame.
    pub const LOST: Self = Self::fixed(CloseCode::ABNORMAL, "connection lost");

    const fn fixed(code: CloseCode, text: &'static str) -> Self {
        Self { code, text: Cow::Borrowed(text) }
    }

    /// A reason of your own. Codes from 4000 to 4999 are free for applications; 4000–4499 tell
    /// our clients to come back, 4500–4999 not to.
    pub fn new(code: CloseCode, text: impl Into<Cow<'static, str>>) -> Self {
        Self { code, text: text.into() }
    }

    /// The same with a wait at its end, as our clients read it: `; retry-after=<ms>`.
    #[must_use]
    pub fn retry_after(self, wait: Duration) -> Self {
        let suffix = format!("; retry-after={}", wait.as_millis());
        let room = MAX_TEXT.saturating_sub(suffix.len());
        let kept = &self.text[..self.text.floor_char_boundary(room)];
        Self { code: self.code, text: format!("{kept}{suffix}").into() }
    }
}

impl fmt::Display for CloseReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.code, self.text)
    }
}

/// Longest text of a close frame, in bytes (RFC 6455 §5.5 less the code).
pub(crate) const MAX_TEXT: usize = 123;

/// Who ended a connection, and what was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closed {
    /// The first close frame of the two; [`CloseReason::LOST`] where there was none.
    pub reason: CloseReason,
    /// Who sent it.
    pub by: ClosedBy,
}

/// Who ended a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ClosedBy {
    /// This server.
    Server,
    /// The client.
    Client,
    /// Nobody said good-bye: reset, end of file, or a peer that vanished.
    Transport,
}

/// What can end a session. The name in `x-close-codes` is [`Situation::name`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Situation {
    /// The frame is no message of the negotiated codec.
    Undecodable,
    /// The message breaks its schema.
    Invalid,
    /// No operation of the channel has this message.
    UnknownType,
    /// Silent for the heartbeat interval.
    Heartbeat,
    /// Older than the lifespan.
    Lifespan,
    /// The token ran out in mid-session.
    TokenExpired,
    /// The token was not accepted at the handshake.
    TokenBad,
    /// The page's origin is not allowed.
    Origin,
    /// Too many connections or handshakes.
    Overloaded,
    /// Too many requests.
    Rate,
    /// A frame or message above the limit.
    TooLarge,
    /// The server shuts down or restarts.
    Shutdown,
    /// The client does not read.
    Slow,
}

impl Situation {
    /// Every situation, in the order of the catalogue.
    pub const ALL: [Self; 13] = [
        Self::Undecodable,
        Self::Invalid,
        Self::UnknownType,
        Self::Heartbeat,
        Self::Lifespan,
        Self::TokenExpired,
        Self::TokenBad,
        Self::Origin,
        Self::Overloaded,
        Self::Rate,
        Self::TooLarge,
        Self::Shutdown,
        Self::Slow,
    ];

    /// Its key in `x-close-codes`, in metrics and in logs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Undecodable => "undecodable",
            Self::Invalid => "invalid",
            Self::UnknownType => "unknown-type",
            Self::Heartbeat => "heartbeat",
            Self::Lifespan => "lifespan",
            Self::TokenExpired => "token-expired",
            Self::TokenBad => "token-bad",
            Self::Origin => "origin",
            Self::Overloaded => "overloaded",
            Self::Rate => "rate",
            Self::TooLarge => "too-large",
            Self::Shutdown => "shutdown",
            Self::Slow => "slow",
        }
    }
}

/// What a client does after a close.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Then {
    /// Come back, at once or after the wait that the reason names.
    Retry,
    /// Get a new token, then come back.
    Refresh,
    /// Come back with growing waits.
    BackOff,
    /// Stay away: the same would happen again.
    Stop,
}

/// Which closes a client understands; negotiated with the subprotocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Closes {
    /// The codes and texts of the service that came before: [`plain`].
    Plain,
    /// The contract's table.
    Declared,
}

/// One row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CloseRule {
    /// The situation.
    pub situation: Situation,
    /// The code that says so.
    pub code: CloseCode,
    /// The text; details may follow it.
    pub reason: &'static str,
    /// What the client does then.
    pub then: Then,
}

impl CloseRule {
    /// A row, for a `const`.
    pub const fn new(situation: Situation, code: u16, reason: &'static str, then: Then) -> Self {
        Self { situation, code: CloseCode(code), reason, then }
    }
}

/// A contract's `x-close-codes`, completed by the defaults.
#[derive(Clone, Copy, Debug)]
pub struct CloseTable {
    rules: &'static [CloseRule],
}

/// In the order of [`Situation::ALL`].
const DEFAULTS: [CloseRule; 13] = [
    CloseRule::new(Situation::Undecodable, 4500, "could not decode message", Then::Stop),
    CloseRule::new(Situation::Invalid, 4501, "could not validate payload", Then::Stop),
    CloseRule::new(Situation::UnknownType, 4502, "no matching type", Then::Stop),
    CloseRule::new(Situation::Heartbeat, 4000, "heartbeat missed", Then::Retry),
    CloseRule::new(Situation::Lifespan, 4001, "connection lifespan reached", Then::Retry),
    CloseRule::new(Situation::TokenExpired, 4200, "token expired", Then::Refresh),
    CloseRule::new(Situation::TokenBad, 4201, "token not accepted", Then::Refresh),
    CloseRule::new(Situation::Origin, 4503, "origin not allowed", Then::Stop),
    CloseRule::new(Situation::Overloaded, 4101, "overloaded", Then::BackOff),
    CloseRule::new(Situation::Rate, 4102, "rate limit exceeded", Then::BackOff),
    CloseRule::new(Situation::TooLarge, 1009, "message too large", Then::Stop),
    CloseRule::new(Situation::Shutdown, 1012, "service restart", Then::Retry),
    CloseRule::new(Situation::Slow, 4100, "slow consumer", Then::BackOff),
];

impl CloseTable {
    /// What holds where a contract declares nothing.
    pub const DEFAULT: Self = Self { rules: &DEFAULTS };

    /// A table with the rows that a contract declares; the first row for a situation counts.
    pub const fn new(rules: &'static [CloseRule]) -> Self {
        Self { rules }
    }

    /// The row for a situation: the declared one, else the default.
    pub fn rule(&self, situation: Situation) -> &'static CloseRule {
        self.rules
            .iter()
            .find(|rule| rule.situation == situation)
            .unwrap_or(&DEFAULTS[situation as usize])
    }

    /// The reason for a client that understands the table.
    pub fn reason(&self, situation: Situation) -> CloseReason {
        let rule = self.rule(situation);
        CloseReason::new(rule.code, rule.reason)
    }
}

/// What a plain client is sent, exactly (seen on FastWS 0.1.7 where it has the situation).
pub mod plain {
    use super::{CloseCode, CloseReason, Duration, Situation};

    /// Not JSON, not an object, or a payload that breaks its schema.
    pub const INVALID: CloseReason =
        CloseReason::fixed(CloseCode::UNSUPPORTED, "Could not validate payload");
    /// A type that no operation has, or one that is not a string.
    pub const UNKNOWN_TYPE: CloseReason =
        CloseReason::fixed(CloseCode::UNSUPPORTED, "No matching type");
    /// A binary frame where the codec is text. The original crashes.
    pub const WRONG_FRAME: CloseReason =
        CloseReason::fixed(CloseCode::UNSUPPORTED, "Could not decode message");

    /// The reason for a situation other than the two time-outs, whose text holds configuration:
    /// [`timed_out`].
    pub fn reason(situation: Situation) -> CloseReason {
        match situation {
            Situation::Undecodable | Situation::Invalid => INVALID,
            Situation::UnknownType => UNKNOWN_TYPE,
            Situation::Heartbeat | Situation::Lifespan => timed_out(None, None),
            Situation::TokenExpired => policy("token expired"),
            Situation::TokenBad => policy("token not accepted"),
            Situation::Origin => policy("origin not allowed"),
            Situation::Overloaded => policy("overloaded"),
            Situation::Rate => policy("rate limit exceeded"),
            Situation::TooLarge => CloseReason::fixed(CloseCode::TOO_LARGE, "message too large"),
            Situation::Shutdown => CloseReason::fixed(CloseCode::GOING_AWAY, ""),
            Situation::Slow => CloseReason::SLOW_CONSUMER,
        }
    }

    const fn policy(text: &'static str) -> CloseReason {
        CloseReason::fixed(CloseCode::POLICY, text)
    }

    /// Silent too long or connected too long: one text for both, with both settings in seconds as
    /// Python prints them (`30.0`, and `None` for no bound).
    pub fn timed_out(heartbeat: Option<Duration>, lifespan: Option<Duration>) -> CloseReason {
        let seconds = |bound: Option<Duration>| match bound {
            Some(bound) => format!("{:?}", bound.as_secs_f64()),
            None => "None".to_owned(),
        };
        CloseReason::new(
            CloseCode::UNSUPPORTED,
            format!(
                "Connection timed out. Heartbeat interval {}. Max connection lifespan {}",
                seconds(heartbeat),
                seconds(lifespan)
            ),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_stand_in_the_order_of_the_situations() {
        for (situation, rule) in Situation::ALL.into_iter().zip(DEFAULTS) {
            assert_eq!(rule.situation, situation);
            assert_eq!(CloseTable::DEFAULT.rule(situation).code, rule.code);
        }
    }

    #[test]
    fn a_declared_row_replaces_the_default_and_the_rest_stays() {
        const TABLE: CloseTable = CloseTable::new(&[CloseRule {
            situation: Situation::Slow,
            code: CloseCode(4300),
            reason: "keep up",
            then: Then::Stop,
        }]);
        assert_eq!(TABLE.reason(Situation::Slow), CloseReason::new(CloseCode(4300), "keep up"));
        assert_eq!(TABLE.rule(Situation::Rate).code, CloseCode(4102));
    }

    #[test]
    fn a_time_out_names_both_settings_as_python_prints_them() {
        let text = |heartbeat: f64, lifespan| {
            plain::timed_out(Some(Duration::from_secs_f64(heartbeat)), lifespan).text
        };
        assert_eq!(
            text(30.0, Some(Duration::from_secs(3600))),
            "Connection timed out. Heartbeat interval 30.0. Max connection lifespan 3600.0"
        );
        assert_eq!(
            text(0.25, None),
            "Connection timed out. Heartbeat interval 0.25. Max connection lifespan None"
        );
    }

    #[test]
    fn a_wait_is_never_cut_off() {
        let reason = CloseReason::new(CloseCode::RESTART, "ü".repeat(100));
        let text = reason.retry_after(Duration::from_millis(1500)).text;
        assert!(text.len() <= MAX_TEXT);
        assert!(text.ends_with("; retry-after=1500"));
    }
}
