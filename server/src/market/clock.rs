//! Time of day, injected: a feed asks no system clock, so a test can live through a leap year at once.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

/// Tells the time in milliseconds since the Unix epoch.
pub trait WallClock: Send + Sync + 'static {
    /// Now. May stand still and, as wall clocks do, go back.
    fn now(&self) -> i64;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl WallClock for SystemClock {
    fn now(&self) -> i64 {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX)
    }
}

impl<C: WallClock> WallClock for Arc<C> {
    fn now(&self) -> i64 {
        (**self).now()
    }
}

/// A clock that a test sets.
#[cfg(test)]
#[derive(Debug, Default)]
pub(crate) struct SetClock(std::sync::atomic::AtomicI64);

#[cfg(test)]
impl SetClock {
    pub(crate) fn at(now: i64) -> Arc<SetClock> {
        Arc::new(SetClock(now.into()))
    }

    pub(crate) fn set(&self, now: i64) {
        self.0.store(now, std::sync::atomic::Ordering::Relaxed);
    }
}

#[cfg(test)]
impl WallClock for SetClock {
    fn now(&self) -> i64 {
        self.0.load(std::sync::atomic::Ordering::Relaxed)
    }
}

/// A clock that goes with tokio's, which a test may pause and which then runs as fast as it can.
#[cfg(test)]
#[derive(Debug)]
pub(crate) struct TokioClock {
    began: tokio::time::Instant,
    at: i64,
}

#[cfg(test)]
impl TokioClock {
    pub(crate) fn starting_at(at: i64) -> TokioClock {
        TokioClock { began: tokio::time::Instant::now(), at }
    }
}

#[cfg(test)]
impl WallClock for TokioClock {
    fn now(&self) -> i64 {
        self.at + i64::try_from(self.began.elapsed().as_millis()).unwrap_or(i64::MAX)
    }
}
