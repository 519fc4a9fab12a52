//! What a close means, and what a client does next.
//!
//! In: code and reason of a close, and the table that holds on this connection. Out: a [`Close`]. The
//! TypeScript client's twin is `ts-gen/runtime/src/close.ts`; a test compares the two.

use std::{fmt, time::Duration};

use crate::close::{CloseCode, CloseRule, CloseTable, Situation, Then};

/// How a connection ended, and what that means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Close {
    /// RFC 6455 §7.4; 1006 where the connection went without a close frame.
    pub code: CloseCode,
    /// The reason as the server wrote it, without the wait.
    pub reason: String,
    /// The contract's name for it; `None` for a code that the contract does not list.
    pub situation: Option<Situation>,
    /// What the client does.
    pub then: Then,
    /// The wait that the server asks for (`; retry-after=<ms>` at the end of the reason).
    pub retry_after: Option<Duration>,
}

/// Which closes hold on a connection.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Rules {
    /// Those of a client without a subprotocol: [`PLAIN`].
    Plain,
    /// The contract's.
    Declared(CloseTable),
}

/// What a server says to a client without a subprotocol: codes that several situations share, told
/// apart by how the reason begins. The first line that fits holds. The texts of 1003 are those of
/// FastWS 0.1.7; a 1008 that says nothing we know is most often about the token.
pub const PLAIN: [CloseRule; 12] = [
    CloseRule::new(Situation::Undecodable, 1003, "Could not decode message", Then::Stop),
    CloseRule::new(Situation::Invalid, 1003, "Could not validate payload", Then::Stop),
    CloseRule::new(Situation::UnknownType, 1003, "No matching type", Then::Stop),
    CloseRule::new(Situation::Heartbeat, 1003, "Connection timed out.", Then::Retry),
    CloseRule::new(Situation::Origin, 1008, "origin not allowed", Then::Stop),
    CloseRule::new(Situation::Overloaded, 1008, "overloaded", Then::BackOff),
    CloseRule::new(Situation::Rate, 1008, "rate limit exceeded", Then::BackOff),
    CloseRule::new(Situation::Slow, 1008, "slow consumer", Then::BackOff),
    CloseRule::new(Situation::TokenBad, 1008, "token not accepted", Then::Refresh),
    CloseRule::new(Situation::TokenExpired, 1008, "", Then::Refresh),
    CloseRule::new(Situation::TooLarge, 1009, "", Then::Stop),
    CloseRule::new(Situation::Shutdown, 1001, "", Then::BackOff),
];

/// The longest wait that a reason may ask for. A peer that asks for more is mistaken or lies.
const LONGEST_WAIT: Duration = Duration::from_secs(3600);

impl Close {
    /// Reads a close by the contract's table, and by the range of its code where no row names it.
    pub(crate) fn read(code: u16, text: &str, rules: Rules) -> Self {
        let (reason, retry_after) = split_wait(text);
        let rule = match rules {
            Rules::Plain => find(PLAIN.iter(), code, reason),
            Rules::Declared(table) => {
                find(Situation::ALL.iter().map(|each| table.rule(*each)), code, reason)
            }
        };
        Self {
            code: CloseCode::new(code),
            reason: reason.to_owned(),
            situation: rule.map(|rule| rule.situation),
            then: rule.map_or_else(|| by_range(code), |rule| rule.then),
            retry_after,
        }
    }

    /// Reads a close as a client without a subprotocol does: by [`PLAIN`].
    pub fn plain(code: u16, text: &str) -> Self {
        Self::read(code, text, Rules::Plain)
    }

    /// Reads a close by a contract's table.
    pub fn declared(code: u16, text: &str, table: CloseTable) -> Self {
        Self::read(code, text, Rules::Declared(table))
    }

    /// An answer to the handshake that is none of WebSocket's. What a page cannot see, other clients
    /// need not guess: the same statuses as in the server's table.
    pub(crate) fn of_status(status: u16, retry_after: Option<Duration>) -> Self {
        let (situation, then) = match status {
            401 => (Some(Situation::TokenBad), Then::Refresh),
            403 => (Some(Situation::Origin), Then::Stop),
            429 | 503 => (Some(Situation::Overloaded), Then::BackOff),
            _ => (None, Then::BackOff),
        };
        Self {
            code: CloseCode::ABNORMAL,
            reason: format!("the handshake was answered with HTTP status {status}"),
            situation,
            then,
            retry_after: retry_after.map(|wait| wait.min(LONGEST_WAIT)),
        }
    }
}

fn find(
    rules: impl Iterator<Item = &'static CloseRule>,
    code: u16,
    reason: &str,
) -> Option<&'static CloseRule> {
    let named: Vec<&CloseRule> = rules.filter(|rule| rule.code.get() == code).collect();
    let said = named.iter().find(|rule| reason.starts_with(rule.reason));
    // A server may word a reason anew; where the code has one meaning only, the code is enough.
    said.copied().or(if let [only] = named[..] { Some(only) } else { None })
}

/// Takes `; retry-after=<ms>` off the end of a reason.
fn split_wait(text: &str) -> (&str, Option<Duration>) {
    let none = (text, None);
    let Some((before, wait)) = text.rsplit_once("retry-after=") else { return none };
    let Some(reason) = before.trim_end().strip_suffix(';') else { return none };
    let digits = wait.trim_end();
    let is_number = (1..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    match digits.parse() {
        Ok(wait) if is_number => (reason, Some(Duration::from_millis(wait).min(LONGEST_WAIT))),
        _ => none,
    }
}

/// Codes that no rule names. 4000–4499 mean "come back", 4500–4999 "don't". Of the codes of RFC 6455
/// those stop that say that this client's frames are wrong: sending them again would not help. The
/// rest is the server's or the network's affair (1000 and 1001 too: the server went, not the user), so
/// come back later.
fn by_range(code: u16) -> Then {
    match code {
        4500..=4999 | 1002 | 1003 | 1007..=1010 => Then::Stop,
        _ => Then::BackOff,
    }
}

impl fmt::Display for Close {
    /// In one phrase: `4500 (undecodable): not JSON`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.code.fmt(f)?;
        if let Some(situation) = self.situation {
            write!(f, " ({})", situation.name())?;
        }
        if self.reason.is_empty() { Ok(()) } else { write!(f, ": {}", self.reason) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_declared_situation_says_what_to_do_next_by_its_code() {
        for situation in Situation::ALL {
            let rule = CloseTable::DEFAULT.rule(situation);
            for text in [format!("{}: /payload/symbol", rule.reason), "anders gesagt".to_owned()] {
                let close = Close::declared(rule.code.get(), &text, CloseTable::DEFAULT);
                assert_eq!((close.then, close.situation), (rule.then, Some(situation)), "{text}");
            }
        }
    }

    #[test]
    fn codes_that_no_table_names_are_judged_by_their_range() {
        for (codes, then) in [
            (&[1000, 1005, 1006, 1011, 1012, 1013, 3000, 4000, 4499][..], Then::BackOff),
            (&[1002, 1003, 1007, 1010, 4500, 4999][..], Then::Stop),
        ] {
            for code in codes {
                assert_eq!(Close::plain(*code, "something new").then, then, "{code}");
            }
        }
    }

    #[test]
    fn a_wait_ends_the_reason_and_is_taken_off_it() {
        let close = Close::plain(1012, "service restart; retry-after=1500");
        assert_eq!(close.retry_after, Some(Duration::from_millis(1500)));
        assert_eq!(close.reason, "service restart");
        let close = Close::plain(1012, "; retry-after=0");
        assert_eq!(close.retry_after, Some(Duration::ZERO));
    }

    #[test]
    fn a_wait_that_is_no_number_is_no_wait_and_an_absurd_one_is_an_hour() {
        for reason in ["retry-after=5", "; retry-after=soon", "; retry-after=-5", "; retry-after="]
        {
            let close = Close::plain(1012, reason);
            assert_eq!((close.retry_after, &*close.reason), (None, reason));
        }
        let close = Close::plain(1012, "x; retry-after=999999999999999");
        assert_eq!(close.retry_after, Some(LONGEST_WAIT));
    }

    #[test]
    fn a_close_reads_in_one_phrase() {
        let close = Close::declared(4500, "not JSON", CloseTable::DEFAULT);
        assert_eq!(close.to_string(), "4500 (undecodable): not JSON");
        assert_eq!(Close::plain(1006, "").to_string(), "1006");
    }

    /// The rows of a table of the TypeScript client's, as it writes them.
    fn rows(table: &str) -> Vec<String> {
        let source = include_str!("../../../ts-gen/runtime/src/close.ts");
        let start = source.find(&format!("export const {table}:")).unwrap();
        let end = start + source[start..].find("\n];").unwrap();
        let lines = source[start..end].lines().skip(1);
        lines.map(|line| line.trim().trim_end_matches(',').to_owned()).collect()
    }

    fn row(rule: &CloseRule) -> String {
        let then = match rule.then {
            Then::Retry => "retry",
            Then::Refresh => "refresh",
            Then::BackOff => "back-off",
            Then::Stop => "stop",
        };
        let (situation, code, reason) = (rule.situation.name(), rule.code, rule.reason);
        format!(
            "{{ situation: \"{situation}\", code: {code}, reason: \"{reason}\", then: \"{then}\" }}"
        )
    }

    #[test]
    fn both_clients_read_closes_by_the_same_tables() {
        let ours = Situation::ALL.map(|situation| row(CloseTable::DEFAULT.rule(situation)));
        assert_eq!(&ours[..], rows("DEFAULT_CLOSES"));
        assert_eq!(&PLAIN.each_ref().map(row)[..], rows("PLAIN_CLOSES"));
    }

    #[test]
    fn a_plain_client_reads_what_a_plain_client_is_sent() {
        use crate::close::plain;
        for situation in Situation::ALL {
            let sent = plain::reason(situation);
            let read = Close::plain(sent.code.get(), &sent.text);
            let expected = match situation {
                // One text each for two situations.
                Situation::Undecodable => Situation::Invalid,
                Situation::Lifespan => Situation::Heartbeat,
                other => other,
            };
            assert_eq!(read.situation, Some(expected), "{sent}");
        }
    }
}
