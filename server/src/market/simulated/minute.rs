//! How a price gets through one minute, tick by tick.
//!
//! The walk says where the minute begins and ends. In between the price touches a high and a low, in
//! one order or the other, at ticks that chance chooses, and wavers on the way without passing them.
//! So a minute that is over has exactly its high and low, and its state at any tick is what the ticks
//! up to there add up to. Prices are whole numbers of tick sizes: sums and comparisons are exact.

use super::dice::Purpose;
use super::instrument::Instrument;
use crate::market::interval::MINUTE;

/// Time between two ticks in milliseconds.
pub(super) const TICK: i64 = 250;
/// Ticks of a minute.
const TICKS: i64 = MINUTE / TICK;

/// What was traded in some stretch of time. Prices in tick sizes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Traded {
    pub(super) open: i64,
    pub(super) high: i64,
    pub(super) low: i64,
    pub(super) close: i64,
    pub(super) volume: i64,
}

impl Traded {
    /// This stretch and the one right after it.
    pub(super) fn and(self, next: Traded) -> Traded {
        Traded {
            open: self.open,
            high: self.high.max(next.high),
            low: self.low.min(next.low),
            close: next.close,
            volume: self.volume.saturating_add(next.volume),
        }
    }
}

/// The whole of `minute`, counted from the Unix epoch.
pub(super) fn whole(instrument: &Instrument, minute: i64) -> Traded {
    let open = boundary(instrument, minute);
    let close = boundary(instrument, minute + 1);
    let throw = |detail| instrument.dice.throw(Purpose::Minute, minute, detail);
    let reach = instrument.deviation * open as f64;
    let beyond = |detail| (throw(detail).normal().abs() * 0.6 * reach).round() as i64;
    // Busy minutes move more: half of the volume is chance, half follows the size of the move.
    let moved = (close - open).abs() as f64 / reach;
    let volume = instrument.turnover * (0.2 + 0.8 * throw(2).even() + 0.5 * moved);
    Traded {
        open,
        high: open.max(close) + beyond(0),
        low: (open.min(close) - beyond(1)).max(1),
        close,
        volume: (volume.round() as i64).max(1),
    }
}

/// The part of `minute` that has passed `elapsed` milliseconds after its beginning.
pub(super) fn part(instrument: &Instrument, minute: i64, elapsed: i64) -> Traded {
    let whole = whole(instrument, minute);
    let last = (elapsed / TICK).clamp(0, TICKS - 1);
    let path = Path::new(instrument, minute, whole);
    let mut traded = Traded { high: whole.open, low: whole.open, ..whole };
    for tick in 0..=last {
        traded.close = path.price(tick);
        traded.high = traded.high.max(traded.close);
        traded.low = traded.low.min(traded.close);
    }
    traded.volume = path.volume(last);
    traded
}

/// The price at the beginning of `minute`, which is the close of the minute before.
fn boundary(instrument: &Instrument, minute: i64) -> i64 {
    let ticks = instrument.level * instrument.walk.at(minute).exp();
    (ticks.round() as i64).max(1)
}

/// The ticks of one minute.
struct Path<'a> {
    instrument: &'a Instrument,
    minute: i64,
    whole: Traded,
    /// Ticks and prices that are met exactly: open, the two extremes, close.
    met: [(i64, i64); 4],
}

impl Path<'_> {
    fn new(instrument: &Instrument, minute: i64, whole: Traded) -> Path<'_> {
        let throw = |detail| instrument.dice.throw(Purpose::Minute, minute, detail);
        let half = TICKS / 2;
        let (early, late) = (1 + throw(3).below(half - 1), half + throw(4).below(half - 1));
        // A minute that rises rather dips first, and the other way round.
        let high_first = throw(5).even() < if whole.close > whole.open { 0.3 } else { 0.7 };
        let (first, second) =
            if high_first { (whole.high, whole.low) } else { (whole.low, whole.high) };
        let met = [(0, whole.open), (early, first), (late, second), (TICKS - 1, whole.close)];
        Path { instrument, minute, whole, met }
    }

    fn price(&self, tick: i64) -> i64 {
        let next = self.met.iter().position(|&(at, _)| at >= tick).unwrap_or(self.met.len() - 1);
        let (to, target) = self.met[next];
        if to == tick || next == 0 {
            return target;
        }
        let (from, left) = self.met[next - 1];
        let straight = left + (target - left) * (tick - from) / (to - from);
        let throw = self.instrument.dice.throw(Purpose::Tick, self.minute, tick);
        let waver = throw.normal() * (self.whole.high - self.whole.low) as f64 / 10.0;
        (straight + waver.round() as i64).clamp(self.whole.low, self.whole.high)
    }

    /// What was traded up to and with `tick`: even over the minute, but for the last tick's share.
    fn volume(&self, tick: i64) -> i64 {
        if tick == TICKS - 1 {
            return self.whole.volume;
        }
        let throw = self.instrument.dice.throw(Purpose::Tick, self.minute, tick);
        let share = (tick as f64 + throw.even()) / TICKS as f64;
        (self.whole.volume as f64 * share) as i64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_ticks_of_a_minute_add_up_to_the_minute(
            seed: u64,
            symbol in "[A-Z]{1,5}",
            minute in -20_000_000_i64..80_000_000,
        ) {
            let instrument = Instrument::new(seed, &symbol);
            let whole = whole(&instrument, minute);
            prop_assert_eq!(part(&instrument, minute, MINUTE - 1), whole);
            prop_assert!(whole.low <= whole.open.min(whole.close));
            prop_assert!(whole.high >= whole.open.max(whole.close));
            prop_assert!(whole.low >= 1 && whole.volume >= 1);
            prop_assert_eq!(super::whole(&instrument, minute + 1).open, whole.close);
        }

        #[test]
        fn a_minute_only_grows(
            seed: u64,
            minute in 0_i64..40_000_000,
            first in 0..MINUTE,
            second in 0..MINUTE,
        ) {
            let instrument = Instrument::new(seed, "AAPL");
            let (earlier, later) = (first.min(second), first.max(second));
            let (earlier, later) =
                (part(&instrument, minute, earlier), part(&instrument, minute, later));
            prop_assert_eq!(earlier.open, later.open);
            prop_assert!(earlier.high <= later.high);
            prop_assert!(earlier.low >= later.low);
            prop_assert!(earlier.volume <= later.volume);
            prop_assert!(later.low <= later.close && later.close <= later.high);
        }
    }

    #[test]
    fn a_minute_opens_with_its_open_and_moves_at_nearly_every_tick() {
        let instrument = Instrument::new(0, "AAPL");
        let closes: Vec<i64> =
            (0..TICKS).map(|tick| part(&instrument, 29_000_000, tick * TICK).close).collect();
        assert_eq!(closes[0], whole(&instrument, 29_000_000).open);
        let moves = closes.windows(2).filter(|pair| pair[0] != pair[1]).count();
        assert!(moves > closes.len() / 2, "{moves} of {}", closes.len());
    }
}
