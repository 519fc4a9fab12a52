//! A market that needs nothing but this binary.
//!
//! In: a seed and a clock. Out: bars of any symbol in any resolution that look like a market's and
//! hang together. Everything is a function of seed, symbol and time: nothing is stored that could not
//! be worked out again, so two processes with one seed show the same market, and so does one process
//! after a restart. (On two platforms whose `exp` differs in the last bit a price may differ by one
//! tick, rarely.)
//!
//! A symbol has one path of prices. `walk` says where it is at each full minute (a geometric random
//! walk), `minute` how it gets from one to the next in ticks. A bar of any resolution sums up the
//! ticks of its interval, so the resolutions agree, and a bar opens where the one before closed.

mod dice;
mod instrument;
mod minute;
mod series;
mod walk;

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use futures_util::{Stream, stream};

use self::instrument::Instrument;
use self::minute::TICK;
use self::series::Series;
use super::clock::{SystemClock, WallClock};
use super::datafeed::{Datafeed, FeedError, states_since};
use crate::api::{Bar, BarsTopic};

/// Longest symbol that is simulated, in bytes. Any shorter text is a symbol.
pub const MAX_SYMBOL: usize = 64;

/// How many series are kept half summed up. What is beyond is summed up from its start each time it
/// is asked for, which costs a month's bar some milliseconds.
const MAX_SERIES: usize = 4096;

/// The simulated feed. See the module text.
#[derive(Debug)]
pub struct SimulatedFeed<C = SystemClock> {
    seed: u64,
    clock: C,
    /// Guards one entry's arithmetic at a time; nothing is awaited while it is held.
    series: Mutex<HashMap<BarsTopic, Series>>,
}

impl<C: WallClock> SimulatedFeed<C> {
    /// A market for `seed`, whose time is `clock`'s.
    pub fn new(seed: u64, clock: C) -> SimulatedFeed<C> {
        SimulatedFeed { seed, clock, series: Mutex::default() }
    }

    /// The state at `now` of the bar that `now` falls into.
    fn bar_at(&self, topic: &BarsTopic, now: i64) -> Result<Bar, FeedError> {
        if topic.symbol.is_empty() || topic.symbol.len() > MAX_SYMBOL {
            return Err(FeedError::UnknownSymbol(topic.symbol.chars().take(MAX_SYMBOL).collect()));
        }
        let mut kept = self.series.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(series) = kept.get_mut(topic) {
            return Ok(series.bar_at(now));
        }
        let instrument = Instrument::new(self.seed, &topic.symbol);
        let mut series = Series::new(instrument, topic.resolution, now);
        let bar = series.bar_at(now);
        if kept.len() < MAX_SERIES {
            kept.insert(topic.clone(), series);
        }
        Ok(bar)
    }
}

impl<C: WallClock> Datafeed for SimulatedFeed<C> {
    async fn current_bar(&self, topic: &BarsTopic) -> Result<Bar, FeedError> {
        self.bar_at(topic, self.clock.now())
    }

    async fn bar(&self, topic: &BarsTopic, start: i64) -> Result<Bar, FeedError> {
        if start != super::interval::start(topic.resolution, start) || start > self.clock.now() {
            return Err(FeedError::NoSuchBar(start));
        }
        let end = super::interval::end(topic.resolution, start);
        self.bar_at(topic, self.clock.now().min(end - 1))
    }

    fn updates(&self, topic: &BarsTopic) -> impl Stream<Item = Result<Bar, FeedError>> + Send {
        let watch = Watch { feed: self, topic: topic.clone(), told: None, due: Vec::new() };
        stream::unfold(watch, |mut watch| async move {
            let next = watch.next().await;
            Some((next, watch))
        })
    }
}

/// One stream of updates: what it was told last, and what it is told next, in reverse.
struct Watch<'a, C> {
    feed: &'a SimulatedFeed<C>,
    topic: BarsTopic,
    told: Option<Bar>,
    due: Vec<Bar>,
}

impl<C: WallClock> Watch<'_, C> {
    async fn next(&mut self) -> Result<Bar, FeedError> {
        loop {
            if let Some(bar) = self.due.pop() {
                self.told = Some(bar.clone());
                return Ok(bar);
            }
            if self.told.is_some() {
                tokio::time::sleep(Duration::from_millis(TICK.unsigned_abs())).await;
            }
            let last = self.told.as_ref().map(|bar| bar.time);
            let states = states_since(self.feed, &self.topic, last).await;
            match states {
                Ok(states) => {
                    let news = states.into_iter().filter(|state| self.told.as_ref() != Some(state));
                    self.due = news.collect();
                    self.due.reverse();
                }
                Err(error) => {
                    // An unknown symbol stays unknown; whoever goes on asking is not to spin.
                    tokio::time::sleep(Duration::from_millis(TICK.unsigned_abs())).await;
                    return Err(error);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::Resolution;
    use crate::market::clock::{SetClock, TokioClock};
    use crate::market::interval::{self, MINUTE};
    use futures_util::{StreamExt, future};
    use proptest::prelude::*;
    use std::pin::pin;

    /// 2024-02-26T00:00:00Z, the Monday before a leap day.
    const BEFORE_LEAP_DAY: i64 = 1_708_905_600_000;
    const DAY: i64 = 1_440 * MINUTE;

    fn topic(symbol: &str, resolution: Resolution) -> BarsTopic {
        BarsTopic { symbol: symbol.to_owned(), resolution }
    }

    fn feed() -> SimulatedFeed<SystemClock> {
        SimulatedFeed::new(1, SystemClock)
    }

    /// The closed bars of `resolution` that start in `from..to`.
    fn bars(symbol: &str, resolution: Resolution, from: i64, to: i64) -> Vec<Bar> {
        let (feed, topic) = (feed(), topic(symbol, resolution));
        let mut bars = Vec::new();
        let mut start = interval::start(resolution, from);
        while start < to {
            let end = interval::end(resolution, start);
            bars.push(feed.bar_at(&topic, end - 1).unwrap());
            start = end;
        }
        bars
    }

    fn sum_up(bars: &[Bar]) -> Bar {
        let high = bars.iter().map(|bar| bar.high).fold(f64::MIN, f64::max);
        let low = bars.iter().map(|bar| bar.low).fold(f64::MAX, f64::min);
        let volume = bars.iter().map(|bar| bar.volume).sum();
        Bar { high, low, close: bars[bars.len() - 1].close, volume, ..bars[0] }
    }

    #[test]
    fn a_bar_opens_where_the_one_before_closed_and_encloses_its_prices() {
        for (resolution, days) in [
            (Resolution::Minutes1, 3),
            (Resolution::Minutes5, 10),
            (Resolution::Minutes60, 60),
            (Resolution::Day, 400),
            (Resolution::Week, 400),
            (Resolution::Month, 400),
        ] {
            let bars = bars("AAPL", resolution, BEFORE_LEAP_DAY, BEFORE_LEAP_DAY + days * DAY);
            assert!(bars.len() > 10, "{resolution}");
            for pair in bars.windows(2) {
                assert_eq!(pair[1].open, pair[0].close, "{resolution} at {}", pair[1].time);
                assert_eq!(pair[1].time, interval::end(resolution, pair[0].time));
            }
            for bar in bars {
                assert!(bar.low > 0.0 && bar.volume > 0, "{bar:?}");
                assert!(bar.low <= bar.open.min(bar.close), "{bar:?}");
                assert!(bar.high >= bar.open.max(bar.close), "{bar:?}");
            }
        }
    }

    #[test]
    fn every_resolution_sums_up_the_one_minute_bars() {
        let minutes = |from, to| bars("MSFT", Resolution::Minutes1, from, to);
        for resolution in Resolution::ALL {
            let start = interval::start(resolution, BEFORE_LEAP_DAY + 3 * DAY);
            let end = interval::end(resolution, start);
            let whole = bars("MSFT", resolution, start, start + 1);
            assert_eq!(whole, [sum_up(&minutes(start, end))], "{resolution}");
        }
    }

    #[test]
    fn running_bars_of_all_resolutions_agree_about_now() {
        let feed = feed();
        let now = BEFORE_LEAP_DAY + 3 * DAY + 12_345_678;
        let bars = Resolution::ALL.map(|resolution| {
            let bar = feed.bar_at(&topic("TSLA", resolution), now).unwrap();
            assert_eq!(bar.time, interval::start(resolution, now));
            bar
        });
        for pair in bars.windows(2) {
            assert_eq!(pair[0].close, pair[1].close);
        }
        // A week need not lie in one month; all shorter ones nest.
        for pair in bars[..7].windows(2) {
            assert!(pair[1].low <= pair[0].low && pair[0].high <= pair[1].high, "{pair:?}");
            assert!(pair[0].volume <= pair[1].volume, "{pair:?}");
        }
    }

    #[test]
    fn a_seed_is_a_market() {
        let at = |seed, symbol, now| {
            let feed = SimulatedFeed::new(seed, SystemClock);
            feed.bar_at(&topic(symbol, Resolution::Day), now).unwrap()
        };
        let now = BEFORE_LEAP_DAY + DAY / 2;
        assert_eq!(at(1, "AAPL", now), at(1, "AAPL", now));
        assert_ne!(at(1, "AAPL", now).close, at(2, "AAPL", now).close);
        assert_ne!(at(1, "AAPL", now).close, at(1, "GOOGL", now).close);
    }

    #[test]
    fn a_clock_that_is_set_back_shows_what_it_showed() {
        let clock = SetClock::at(BEFORE_LEAP_DAY + DAY);
        let feed = SimulatedFeed::new(1, clock.clone());
        let day = topic("AAPL", Resolution::Week);
        let shown = || feed.bar_at(&day, clock.now()).unwrap();
        let first = shown();
        clock.set(BEFORE_LEAP_DAY + 2 * DAY);
        assert_ne!(shown(), first);
        clock.set(BEFORE_LEAP_DAY + DAY);
        assert_eq!(shown(), first);
    }

    #[test]
    fn a_day_looks_like_a_market() {
        let days = bars("AAPL", Resolution::Day, BEFORE_LEAP_DAY, BEFORE_LEAP_DAY + 365 * DAY);
        let changes: Vec<f64> = days.iter().map(|day| (day.close / day.open).ln()).collect();
        let deviation = (changes.iter().map(|change| change * change).sum::<f64>()
            / changes.len() as f64)
            .sqrt();
        // 28 % a year are 1.5 % a day.
        assert!((0.010..0.020).contains(&deviation), "{deviation}");
        for day in days {
            assert!((50.0..800.0).contains(&day.close), "{day:?}");
            assert!((day.high / day.low - 1.0) < 0.15, "{day:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn a_running_bar_only_grows(
            seed: u64,
            start in 0_i64..4_000_000_000_000,
            steps in proptest::collection::vec(0_i64..90_000, 1..40),
        ) {
            let feed = SimulatedFeed::new(seed, SystemClock);
            let topic = topic("GOOGL", Resolution::Minutes5);
            let (mut now, mut last) = (start, feed.bar_at(&topic, start).unwrap());
            for step in steps {
                now += step;
                let bar = feed.bar_at(&topic, now).unwrap();
                if bar.time == last.time {
                    prop_assert_eq!(bar.open, last.open);
                    prop_assert!(bar.high >= last.high && bar.low <= last.low);
                    prop_assert!(bar.volume >= last.volume);
                } else {
                    prop_assert_eq!(bar.time, interval::start(topic.resolution, now));
                }
                // Whoever comes now sees the same as whoever watched all along.
                let newcomer = SimulatedFeed::new(seed, SystemClock);
                prop_assert_eq!(&newcomer.bar_at(&topic, now).unwrap(), &bar);
                last = bar;
            }
        }

        #[test]
        fn no_time_and_no_symbol_is_too_odd(now: i64, symbol in "\\PC{0,70}") {
            for resolution in [Resolution::Minutes1, Resolution::Week] {
                match feed().bar_at(&topic(&symbol, resolution), now) {
                    Ok(bar) => prop_assert!(bar.low <= bar.high),
                    Err(error) => prop_assert!(matches!(error, FeedError::UnknownSymbol(_))),
                }
            }
        }
    }

    #[tokio::test]
    async fn a_bar_that_is_not_there_is_refused() {
        let feed = SimulatedFeed::new(1, SetClock::at(BEFORE_LEAP_DAY));
        let day = topic("AAPL", Resolution::Day);
        let day_before = feed.bar(&day, BEFORE_LEAP_DAY - DAY).await.unwrap();
        assert_eq!(day_before.time, BEFORE_LEAP_DAY - DAY);
        for start in [BEFORE_LEAP_DAY + DAY, BEFORE_LEAP_DAY - 1] {
            assert_eq!(feed.bar(&day, start).await, Err(FeedError::NoSuchBar(start)));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn updates_show_each_bar_closed_before_the_next() {
        let feed = SimulatedFeed::new(1, TokioClock::starting_at(BEFORE_LEAP_DAY + 30_000));
        let topic = topic("AAPL", Resolution::Minutes1);
        let updates = feed.updates(&topic).map(Result::unwrap);
        let end = BEFORE_LEAP_DAY + 4 * MINUTE;
        let seen: Vec<Bar> =
            updates.take_while(|bar| future::ready(bar.time < end)).collect().await;
        assert!(seen.windows(2).all(|pair| pair[0] != pair[1]));
        let closed = bars("AAPL", Resolution::Minutes1, BEFORE_LEAP_DAY, end);
        let last_of_each =
            |bar: &&Bar| seen.iter().rfind(|other| other.time == bar.time) == Some(*bar);
        let last: Vec<Bar> = seen.iter().filter(last_of_each).cloned().collect();
        assert_eq!(last, closed);
    }

    #[tokio::test(start_paused = true)]
    async fn updates_of_a_symbol_that_is_none_fail_without_haste() {
        let feed = SimulatedFeed::new(1, TokioClock::starting_at(BEFORE_LEAP_DAY));
        let topic = topic("", Resolution::Day);
        let mut updates = pin!(feed.updates(&topic));
        let began = tokio::time::Instant::now();
        for _ in 0..4 {
            let update = updates.next().await.unwrap();
            assert_eq!(update, Err(FeedError::UnknownSymbol(String::new())));
        }
        assert_eq!(began.elapsed(), Duration::from_secs(1));
    }
}
