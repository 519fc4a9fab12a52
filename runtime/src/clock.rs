//! Where time comes from. Nothing in the engine asks the system for it.

use std::{
    fmt,
    sync::Arc,
    time::{Duration, Instant},
};

/// A point in time of one [`Clock`], in nanoseconds since that clock began. Eight bytes, because
/// every connection keeps several.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(u64);

impl Moment {
    /// Later than anything that will happen.
    pub const MAX: Self = Self(u64::MAX);

    /// `since_start` after the clock began. Saturates after 584 years.
    pub fn new(since_start: Duration) -> Self {
        Self(u64::try_from(since_start.as_nanos()).unwrap_or(u64::MAX))
    }

    /// The time from `earlier` to `self`, zero if it lies the other way round.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_nanos(self.0.saturating_sub(earlier.0))
    }
}

impl std::ops::Add<Duration> for Moment {
    type Output = Self;

    fn add(self, after: Duration) -> Self {
        Self(self.0.saturating_add(u64::try_from(after.as_nanos()).unwrap_or(u64::MAX)))
    }
}

/// A source of time. [`SystemClock`] unless a test brings its own.
pub trait Clock: fmt::Debug + Send + Sync + 'static {
    /// Now; never earlier than what was given before.
    fn now(&self) -> Moment;

    /// Whether waiting lets this clock move on. A clock that a test moves by hand answers `false`
    /// and wakes the engine when it moves (see [`Clock::on_move`]).
    fn runs(&self) -> bool {
        true
    }

    /// Takes what is to be called whenever a clock that does not run by itself is moved.
    fn on_move(&self, wake: Arc<dyn Fn() + Send + Sync>) {
        let _ = wake;
    }
}

/// The monotonic clock of the system.
#[derive(Clone, Copy, Debug)]
pub struct SystemClock(Instant);

impl SystemClock {
    /// A clock that begins now.
    pub fn new() -> Self {
        Self(Instant::now())
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Moment {
        Moment::new(self.0.elapsed())
    }
}
