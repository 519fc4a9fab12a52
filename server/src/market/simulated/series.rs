//! The bars of one symbol in one resolution.

use super::instrument::Instrument;
use super::minute::{self, Traded};
use crate::api::{Bar, Resolution};
use crate::market::interval::{self, MINUTE};

/// A series, with the full minutes of the bar that was asked for last summed up: the running bar of a
/// month is asked for many times, and has forty thousand minutes.
#[derive(Debug)]
pub(super) struct Series {
    instrument: Instrument,
    resolution: Resolution,
    /// Start of the bar that is summed up, in milliseconds since the Unix epoch.
    start: i64,
    /// What was traded from `start` until `next`; `None` while that is nothing.
    summed: Option<Traded>,
    /// The first minute that is not in `summed`.
    next: i64,
}

impl Series {
    pub(super) fn new(instrument: Instrument, resolution: Resolution, now: i64) -> Series {
        let start = interval::start(resolution, now);
        Series { instrument, resolution, start, summed: None, next: start.div_euclid(MINUTE) }
    }

    /// The state at `now` of the bar that `now` falls into.
    pub(super) fn bar_at(&mut self, now: i64) -> Bar {
        let start = interval::start(self.resolution, now);
        // `start` is never after `now`, unless `now` is beyond the calendar.
        let now = now.clamp(start, interval::end(self.resolution, start) - 1);
        let running = now.div_euclid(MINUTE);
        if start != self.start || running < self.next {
            *self = Series::new(self.instrument, self.resolution, now);
        }
        while self.next < running {
            let whole = minute::whole(&self.instrument, self.next);
            self.summed = Some(self.summed.map_or(whole, |summed| summed.and(whole)));
            self.next += 1;
        }
        let part = minute::part(&self.instrument, running, now.rem_euclid(MINUTE));
        let traded = self.summed.map_or(part, |summed| summed.and(part));
        Bar {
            time: start,
            open: self.instrument.price(traded.open),
            high: self.instrument.price(traded.high),
            low: self.instrument.price(traded.low),
            close: self.instrument.price(traded.close),
            volume: traded.volume,
        }
    }
}
