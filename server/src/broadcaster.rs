//! Takes bars to the topics that somebody listens to: the reference's BarBroadcaster.
//!
//! In: settings, a [`Datafeed`], and a [`BarPublisher`] that knows who listens. Every interval, for each
//! symbol and resolution: with subscribers the topic's bar is published, without it is skipped and
//! costs nothing. A bar is published a last time when it has closed, before the one that follows.
//! Knows no sockets.

use std::collections::HashMap;
use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};

use crate::api::{Bar, BarsTopic, Resolution};
use crate::market::datafeed::{Datafeed, states_since};

/// What is broadcast, and how often.
#[derive(Clone, Debug, PartialEq)]
pub struct BroadcasterSettings {
    /// Time between two rounds.
    pub interval: Duration,
    /// The symbols, each once.
    pub symbols: Vec<String>,
    /// The resolutions, each once.
    pub resolutions: Vec<Resolution>,
}

/// Where bars go: the hub, or a test's ear.
pub trait BarPublisher: Send + Sync + 'static {
    /// Why something could not be published.
    type Error: fmt::Display;

    /// Whether a publish would reach anybody.
    fn has_subscribers(&self, topic: &BarsTopic) -> bool;

    /// Publishes a state of a topic's bar to its subscribers.
    ///
    /// # Errors
    /// The publisher's own; the broadcaster counts and logs them and goes on.
    fn publish(&self, topic: &BarsTopic, bar: &Bar) -> Result<(), Self::Error>;
}

/// The counters at one moment, under the names that the reference gives them.
#[derive(Clone, Debug, PartialEq)]
pub struct BroadcasterMetrics {
    /// Whether rounds are made.
    pub is_running: bool,
    /// Time between two rounds.
    pub interval: Duration,
    /// The symbols that are broadcast.
    pub symbols: Vec<String>,
    /// The resolutions that are broadcast.
    pub resolutions: Vec<Resolution>,
    /// Bars published so far.
    pub broadcasts_sent: u64,
    /// Times that a topic was left out because nobody listened.
    pub broadcasts_skipped: u64,
    /// Times that a topic's bar could not be had or published.
    pub errors: u64,
}

/// Reads a broadcaster's metrics while it runs. Cheap to clone.
#[derive(Clone, Debug)]
pub struct MetricsReader {
    settings: Arc<BroadcasterSettings>,
    counters: Arc<Counters>,
}

#[derive(Debug, Default)]
struct Counters {
    is_running: AtomicBool,
    sent: AtomicU64,
    skipped: AtomicU64,
    errors: AtomicU64,
}

impl MetricsReader {
    /// The counters now. They are read one by one: a round may pass between two of them.
    pub fn read(&self) -> BroadcasterMetrics {
        let BroadcasterSettings { interval, symbols, resolutions } = (*self.settings).clone();
        BroadcasterMetrics {
            is_running: self.counters.is_running.load(Ordering::Relaxed),
            interval,
            symbols,
            resolutions,
            broadcasts_sent: self.counters.sent.load(Ordering::Relaxed),
            broadcasts_skipped: self.counters.skipped.load(Ordering::Relaxed),
            errors: self.counters.errors.load(Ordering::Relaxed),
        }
    }
}

/// See the module text.
#[derive(Debug)]
pub struct BarBroadcaster<F, P> {
    feed: F,
    publisher: P,
    metrics: MetricsReader,
    topics: Vec<BarsTopic>,
    /// Start of the bar that was published last, of every topic that had subscribers in the last
    /// round. A topic that is heard again after a pause begins with the running bar.
    published: HashMap<BarsTopic, i64>,
}

impl<F: Datafeed, P: BarPublisher> BarBroadcaster<F, P> {
    /// A broadcaster that has not begun.
    pub fn new(settings: BroadcasterSettings, feed: F, publisher: P) -> BarBroadcaster<F, P> {
        let topics = settings.symbols.iter().flat_map(|symbol| {
            let topic = |&resolution| BarsTopic { symbol: symbol.clone(), resolution };
            settings.resolutions.iter().map(topic)
        });
        BarBroadcaster {
            topics: topics.collect(),
            feed,
            publisher,
            metrics: MetricsReader { settings: Arc::new(settings), counters: Arc::default() },
            published: HashMap::new(),
        }
    }

    /// Reads the metrics while [`run`](BarBroadcaster::run) has the broadcaster.
    pub fn metrics(&self) -> MetricsReader {
        self.metrics.clone()
    }

    /// Makes rounds, the first at once, until `stop` is ready. A round that takes longer than the
    /// interval delays the next; none is made up for.
    pub async fn run(mut self, stop: impl Future<Output = ()>) {
        let settings = Arc::clone(&self.metrics.settings);
        let _running = Running::new(Arc::clone(&self.metrics.counters));
        tracing::info!(
            symbols = ?settings.symbols,
            resolutions = %Names(&settings.resolutions),
            interval_seconds = settings.interval.as_secs_f64(),
            "bar broadcaster started"
        );
        let mut rounds = interval(settings.interval);
        rounds.set_missed_tick_behavior(MissedTickBehavior::Delay);
        tokio::pin!(stop);
        loop {
            tokio::select! {
                biased;
                () = &mut stop => break,
                _ = rounds.tick() => self.round().await,
            }
        }
        let metrics = self.metrics.read();
        tracing::info!(
            broadcasts_sent = metrics.broadcasts_sent,
            broadcasts_skipped = metrics.broadcasts_skipped,
            errors = metrics.errors,
            "bar broadcaster stopped"
        );
    }

    /// One round over all topics.
    async fn round(&mut self) {
        for topic in &self.topics {
            let counters = &self.metrics.counters;
            if !self.publisher.has_subscribers(topic) {
                self.published.remove(topic);
                counters.skipped.fetch_add(1, Ordering::Relaxed);
                continue;
            }
            let last = self.published.get(topic).copied();
            let states = match states_since(&self.feed, topic, last).await {
                Ok(states) => states,
                Err(error) => {
                    counters.errors.fetch_add(1, Ordering::Relaxed);
                    tracing::warn!(%topic, %error, "no bar to broadcast");
                    continue;
                }
            };
            for bar in &states {
                if let Err(error) = self.publisher.publish(topic, bar) {
                    counters.errors.fetch_add(1, Ordering::Relaxed);
                    tracing::warn!(%topic, %error, "bar not published");
                    break;
                }
                counters.sent.fetch_add(1, Ordering::Relaxed);
                self.published.insert(topic.clone(), bar.time);
            }
        }
    }
}

/// Says that rounds are made, for as long as it lives: also when the task is dropped in mid-round.
struct Running(Arc<Counters>);

impl Running {
    fn new(counters: Arc<Counters>) -> Running {
        counters.is_running.store(true, Ordering::Relaxed);
        Running(counters)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.is_running.store(false, Ordering::Relaxed);
    }
}

/// Resolutions in a log line: `1, 5, D`.
struct Names<'a>(&'a [Resolution]);

impl fmt::Display for Names<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.0.iter().map(|resolution| resolution.as_str()).collect();
        f.write_str(&names.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::market::clock::TokioClock;
    use crate::market::{FeedError, SimulatedFeed, interval};
    use futures_util::{Stream, stream};
    use std::collections::BTreeSet;
    use std::sync::Mutex;
    use tokio::time::sleep;

    /// 2024-02-26T00:00:00Z.
    const MONDAY: i64 = 1_708_905_600_000;

    /// Remembers what was published, and to which topics somebody listens.
    #[derive(Default)]
    struct Ear {
        listens_to: Mutex<BTreeSet<String>>,
        heard: Mutex<Vec<(String, Bar)>>,
        is_deaf: AtomicBool,
    }

    impl Ear {
        fn listening(topics: &[&str]) -> Arc<Ear> {
            let ear = Ear::default();
            ear.listen(topics);
            Arc::new(ear)
        }

        fn listen(&self, topics: &[&str]) {
            *self.listens_to.lock().unwrap() = topics.iter().map(|&topic| topic.into()).collect();
        }

        fn heard(&self) -> Vec<(String, Bar)> {
            std::mem::take(&mut *self.heard.lock().unwrap())
        }
    }

    impl BarPublisher for Arc<Ear> {
        type Error = &'static str;

        fn has_subscribers(&self, topic: &BarsTopic) -> bool {
            self.listens_to.lock().unwrap().contains(&topic.to_string())
        }

        fn publish(&self, topic: &BarsTopic, bar: &Bar) -> Result<(), &'static str> {
            if self.is_deaf.load(Ordering::Relaxed) {
                return Err("the hub is full");
            }
            self.heard.lock().unwrap().push((topic.to_string(), bar.clone()));
            Ok(())
        }
    }

    fn settings(symbols: &[&str], resolutions: &[Resolution]) -> BroadcasterSettings {
        BroadcasterSettings {
            interval: Duration::from_secs(2),
            symbols: symbols.iter().map(|&symbol| symbol.to_owned()).collect(),
            resolutions: resolutions.to_vec(),
        }
    }

    fn feed() -> SimulatedFeed<TokioClock> {
        SimulatedFeed::new(1, TokioClock::starting_at(MONDAY + 1_000))
    }

    /// Lets the broadcaster run for a while of tokio's paused time.
    async fn run_for(broadcaster: BarBroadcaster<impl Datafeed, Arc<Ear>>, seconds: u64) {
        // Between two rounds, so that the number of rounds does not hang on who wakes first.
        broadcaster.run(sleep(Duration::from_secs(seconds) - Duration::from_millis(500))).await;
    }

    #[tokio::test(start_paused = true)]
    async fn only_topics_with_subscribers_are_published() {
        let ear = Ear::listening(&["bars:AAPL:1", "bars:GOOGL:5"]);
        let settings = settings(&["AAPL", "GOOGL"], &[Resolution::Minutes1, Resolution::Minutes5]);
        let broadcaster = BarBroadcaster::new(settings, feed(), ear.clone());
        let metrics = broadcaster.metrics();
        run_for(broadcaster, 6).await;
        let topics: Vec<String> = ear.heard().into_iter().map(|(topic, _)| topic).collect();
        assert_eq!(topics, ["bars:AAPL:1", "bars:GOOGL:5"].repeat(3));
        let metrics = metrics.read();
        assert_eq!(
            (metrics.broadcasts_sent, metrics.broadcasts_skipped, metrics.errors),
            (6, 6, 0)
        );
    }

    #[tokio::test(start_paused = true)]
    async fn metrics_say_whether_it_runs_and_what_it_was_told() {
        let settings = settings(&["AAPL"], &[Resolution::Day]);
        let broadcaster = BarBroadcaster::new(settings.clone(), feed(), Ear::listening(&[]));
        let metrics = broadcaster.metrics();
        assert!(!metrics.read().is_running);
        let task = tokio::spawn(broadcaster.run(std::future::pending()));
        sleep(Duration::from_millis(100)).await;
        assert_eq!(
            metrics.read(),
            BroadcasterMetrics {
                is_running: true,
                interval: settings.interval,
                symbols: settings.symbols,
                resolutions: settings.resolutions,
                broadcasts_sent: 0,
                broadcasts_skipped: 1,
                errors: 0,
            }
        );
        task.abort();
        assert!(task.await.unwrap_err().is_cancelled());
        assert!(!metrics.read().is_running);
    }

    #[tokio::test(start_paused = true)]
    async fn a_bar_is_published_as_it_closed_before_the_next_one() {
        let ear = Ear::listening(&["bars:AAPL:1"]);
        let settings = settings(&["AAPL"], &[Resolution::Minutes1]);
        run_for(BarBroadcaster::new(settings, feed(), ear.clone()), 150).await;
        let heard: Vec<Bar> = ear.heard().into_iter().map(|(_, bar)| bar).collect();
        let closes: Vec<(Bar, Bar)> = heard
            .windows(2)
            .filter(|pair| pair[0].time != pair[1].time)
            .map(|pair| (pair[0].clone(), pair[1].clone()))
            .collect();
        assert_eq!(closes.len(), 2);
        for (closed, next) in closes {
            assert_eq!(next.time, closed.time + interval::MINUTE);
            assert_eq!(next.open, closed.close);
            let topic = BarsTopic { symbol: "AAPL".to_owned(), resolution: Resolution::Minutes1 };
            let later = SimulatedFeed::new(1, TokioClock::starting_at(MONDAY + 600_000));
            assert_eq!(later.bar(&topic, closed.time).await, Ok(closed));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn an_interval_longer_than_the_bars_leaves_no_bar_out() {
        let ear = Ear::listening(&["bars:AAPL:1"]);
        let settings = BroadcasterSettings {
            interval: Duration::from_secs(150),
            ..settings(&["AAPL"], &[Resolution::Minutes1])
        };
        run_for(BarBroadcaster::new(settings, feed(), ear.clone()), 151).await;
        let minutes: Vec<i64> =
            ear.heard().iter().map(|(_, bar)| (bar.time - MONDAY) / interval::MINUTE).collect();
        // The running bar; then that bar and the next, closed, and the running one.
        assert_eq!(minutes, [0, 0, 1, 2]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_topic_heard_again_after_a_pause_begins_with_the_running_bar() {
        let ear = Ear::listening(&["bars:AAPL:1"]);
        let settings = settings(&["AAPL"], &[Resolution::Minutes1]);
        let task = tokio::spawn(
            BarBroadcaster::new(settings, feed(), ear.clone()).run(std::future::pending()),
        );
        sleep(Duration::from_secs(5)).await;
        ear.listen(&[]);
        sleep(Duration::from_secs(600)).await;
        ear.heard();
        ear.listen(&["bars:AAPL:1"]);
        sleep(Duration::from_secs(2)).await;
        let heard = ear.heard();
        assert_eq!(heard.len(), 1);
        assert_eq!(heard[0].1.time, MONDAY + 10 * interval::MINUTE);
        task.abort();
    }

    #[tokio::test(start_paused = true)]
    async fn what_could_not_be_published_is_counted_and_made_up_for() {
        let ear = Ear::listening(&["bars:AAPL:1"]);
        ear.is_deaf.store(true, Ordering::Relaxed);
        let settings = settings(&["AAPL"], &[Resolution::Minutes1]);
        let broadcaster = BarBroadcaster::new(settings, feed(), ear.clone());
        let metrics = broadcaster.metrics();
        let task = tokio::spawn(broadcaster.run(std::future::pending()));
        sleep(Duration::from_secs(3)).await;
        ear.is_deaf.store(false, Ordering::Relaxed);
        sleep(Duration::from_secs(2)).await;
        let metrics = metrics.read();
        assert_eq!((metrics.broadcasts_sent, metrics.errors), (1, 2));
        task.abort();
    }

    /// Knows one symbol only.
    struct AppleOnly(SimulatedFeed<TokioClock>);

    impl Datafeed for AppleOnly {
        async fn current_bar(&self, topic: &BarsTopic) -> Result<Bar, FeedError> {
            if topic.symbol == "AAPL" {
                self.0.current_bar(topic).await
            } else {
                Err(FeedError::UnknownSymbol(topic.symbol.clone()))
            }
        }

        async fn bar(&self, topic: &BarsTopic, start: i64) -> Result<Bar, FeedError> {
            self.0.bar(topic, start).await
        }

        fn updates(&self, _: &BarsTopic) -> impl Stream<Item = Result<Bar, FeedError>> + Send {
            stream::empty()
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_symbol_that_the_feed_lacks_stops_no_other() {
        let ear = Ear::listening(&["bars:NONE:1", "bars:AAPL:1"]);
        let settings = settings(&["NONE", "AAPL"], &[Resolution::Minutes1]);
        let broadcaster = BarBroadcaster::new(settings, AppleOnly(feed()), ear.clone());
        let metrics = broadcaster.metrics();
        run_for(broadcaster, 4).await;
        assert_eq!(ear.heard().len(), 2);
        assert_eq!(metrics.read().errors, 2);
    }
}
