//! How long to wait before the next attempt. Pure: the random number comes from outside.

use std::time::Duration;

/// Bounds of the wait between two attempts to connect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backoff {
    /// Upper bound of the first wait.
    pub base: Duration,
    /// Upper bound of every wait.
    pub max: Duration,
}

impl Default for Backoff {
    /// Half a second, doubled up to half a minute: a blip is over before anybody notices, and a
    /// server that is down for an hour hears from each client about four times a minute.
    fn default() -> Self {
        Self { base: Duration::from_millis(500), max: Duration::from_secs(30) }
    }
}

impl Backoff {
    /// Exponential backoff with full jitter: a uniform choice between zero and the exponential
    /// bound, which spreads clients that lost the same server best
    /// (<https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/>).
    ///
    /// `attempt` counts failures since the connection was last stable, from 0; `random` is at least
    /// 0 and less than 1. Rounded to milliseconds.
    pub(crate) fn delay(&self, attempt: u32, random: f64) -> Duration {
        let doubled = 2_u32.checked_pow(attempt).and_then(|times| self.base.checked_mul(times));
        let bound = doubled.unwrap_or(Duration::MAX).min(self.max);
        Duration::from_millis((random * bound.as_millis() as f64).round() as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_their_bound_and_never_beyond() {
        let waits = [0, 1, 2, 5, 6, 7, 31, 32, u32::MAX];
        let waits = waits.map(|attempt| Backoff::default().delay(attempt, 0.5).as_millis());
        assert_eq!(waits, [250, 500, 1000, 8000, 15_000, 15_000, 15_000, 15_000, 15_000]);
        assert_eq!(Backoff::default().delay(3, 0.0), Duration::ZERO);
    }
}
