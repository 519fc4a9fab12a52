//! How many messages a connection may still send: a token bucket without a timer.

use crate::{clock::Moment, limits::Rate};

/// A connection's bucket. Begins full.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Allowance {
    /// When it was last filled; `None` before the first message.
    filled: Option<Moment>,
    tokens: f32,
    /// Messages refused in a row.
    refused: u32,
}

/// What a message meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is served.
    Allowed,
    /// It is refused.
    Refused,
    /// One too many was refused.
    Closed,
}

impl Allowance {
    pub(crate) const fn new() -> Self {
        Self { filled: None, tokens: 0.0, refused: 0 }
    }

    /// Takes a token for a message that came `now`.
    pub(crate) fn take(&mut self, rate: Rate, now: Moment) -> Verdict {
        let burst = rate.burst.max(1) as f32;
        let tokens = match self.filled {
            None => burst,
            Some(filled) => {
                let new = now.since(filled).as_secs_f32() * rate.per_second as f32;
                (self.tokens + new).min(burst)
            }
        };
        self.filled = Some(now);
        if tokens >= 1.0 {
            self.tokens = tokens - 1.0;
            self.refused = 0;
            return Verdict::Allowed;
        }
        self.tokens = tokens;
        self.refused += 1;
        if self.refused > rate.burst.max(1) { Verdict::Closed } else { Verdict::Refused }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_burst_is_allowed_then_the_rate_and_then_patience_ends() {
        let rate = Rate { per_second: 10, burst: 3 };
        let at = |milliseconds| Moment::new(Duration::from_millis(milliseconds));
        let mut allowance = Allowance::new();
        let verdicts: Vec<Verdict> = (0..4).map(|_| allowance.take(rate, at(1_000))).collect();
        assert_eq!(verdicts[..3], [Verdict::Allowed; 3]);
        assert_eq!(verdicts[3], Verdict::Refused);
        assert_eq!(allowance.take(rate, at(1_101)), Verdict::Allowed, "one a tenth of a second");
        for _ in 0..3 {
            assert_eq!(allowance.take(rate, at(1_110)), Verdict::Refused);
        }
        assert_eq!(allowance.take(rate, at(1_110)), Verdict::Closed);
    }
}
