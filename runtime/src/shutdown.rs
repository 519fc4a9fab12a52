//! How a server goes away: over which time its sessions end, and over which they come back.
//!
//! A restart would have every client connect in the same second. So each session ends at a moment
//! of its own within the drain window, and a client with declared closes is told how long to wait:
//! until a moment of its own within the reconnect window, which begins when the next server is
//! there. Both are spread evenly and not at random, so that no second gets more than its share.

use std::time::Duration;

/// How to shut down. A [`Duration`] alone is the drain window.
///
/// ```
/// use asyncapi_ws::shutdown::ShutDown;
/// use std::time::Duration;
///
/// let drain = Duration::from_secs(5);
/// let rolling = ShutDown { away: Duration::ZERO, ..ShutDown::over(drain) };
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShutDown {
    /// Sessions end within this time.
    pub drain: Duration,
    /// From the end of `drain` until connecting makes sense again: what a restart takes. 1 s; zero
    /// where other servers take over.
    pub away: Duration,
    /// Clients come back within this time, which begins after `away`. `None`, the default, is as
    /// long as it takes at 1 000 handshakes a second, and at least a second.
    pub reconnect: Option<Duration>,
}

/// Handshakes a second that any server can take beside its work, with TLS and tokens.
const HANDSHAKES: f64 = 1_000.0;

impl ShutDown {
    /// Ends the sessions within `drain`; the rest is as it says at the fields.
    pub const fn over(drain: Duration) -> Self {
        Self { drain, away: Duration::from_secs(1), reconnect: None }
    }

    /// The reconnect window for so many clients.
    pub(crate) fn reconnect_window(&self, connections: usize) -> Duration {
        self.reconnect
            .unwrap_or_else(|| Duration::from_secs_f64((connections as f64 / HANDSHAKES).max(1.0)))
    }
}

impl From<Duration> for ShutDown {
    fn from(drain: Duration) -> Self {
        Self::over(drain)
    }
}

/// Pairs of numbers in 0..1, each of which divides what its predecessors left most: after any
/// number of them all parts have had nearly the same.
///
/// The additive recurrence on the inverse powers of the plastic number, "R2" (M. Roberts, The
/// Unreasonable Effectiveness of Quasirandom Sequences, 2018).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spread(f64, f64);

impl Spread {
    /// Begins anywhere: two shards, or two servers, do not go in step.
    pub(crate) fn new() -> Self {
        Self(fastrand::f64(), fastrand::f64())
    }

    /// The next pair.
    pub(crate) fn next(&mut self) -> (f64, f64) {
        const PLASTIC: f64 = 1.324_717_957_244_746;
        self.0 = (self.0 + 1.0 / PLASTIC).fract();
        self.1 = (self.1 + 1.0 / (PLASTIC * PLASTIC)).fract();
        (self.0, self.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_part_gets_more_than_its_share() {
        for count in [100, 1_000, 10_000] {
            let mut spread = Spread::new();
            let mut parts = [[0; 10]; 2];
            for _ in 0..count {
                let (first, second) = spread.next();
                parts[0][(first * 10.0) as usize] += 1;
                parts[1][(second * 10.0) as usize] += 1;
            }
            for part in parts.iter().flatten() {
                assert!((*part as f64) < count as f64 / 10.0 * 1.15 + 2.0, "{parts:?}");
            }
        }
    }

    #[test]
    fn the_window_grows_with_the_number_of_clients() {
        let shutdown = ShutDown::from(Duration::from_secs(2));
        assert_eq!(shutdown.reconnect_window(10), Duration::from_secs(1));
        assert_eq!(shutdown.reconnect_window(30_000), Duration::from_secs(30));
        let said = ShutDown { reconnect: Some(Duration::from_secs(5)), ..shutdown };
        assert_eq!(said.reconnect_window(30_000), Duration::from_secs(5));
    }
}
