//! What the service asks of a source of market data.

use std::fmt;
use std::future::Future;

use futures_util::Stream;

use super::interval;
use crate::api::{Bar, BarsTopic};

/// A source of bars: an exchange's feed, a vendor's, or the simulation.
///
/// A bar is **running** while its interval lasts: its close moves, its high, low and volume grow. When
/// the interval is over the bar has closed and does not change again.
pub trait Datafeed: Send + Sync + 'static {
    /// The running bar of a topic.
    ///
    /// # Errors
    /// The feed does not know the symbol or cannot answer now.
    fn current_bar(&self, topic: &BarsTopic)
    -> impl Future<Output = Result<Bar, FeedError>> + Send;

    /// The bar that starts at `start` (milliseconds since the Unix epoch): closed, or running if its
    /// interval is not over.
    ///
    /// # Errors
    /// As for [`current_bar`](Datafeed::current_bar), or the feed has no such bar.
    fn bar(
        &self,
        topic: &BarsTopic,
        start: i64,
    ) -> impl Future<Output = Result<Bar, FeedError>> + Send;

    /// The states of a topic's bars from now on: the running one at once and whenever it changes,
    /// and each a last time when it has closed, before the next one.
    ///
    /// Made when a topic gets its first subscriber and dropped when it loses the last, so that a
    /// source is asked only for what somebody listens to. Ends when the source does; after an error
    /// it goes on.
    fn updates(&self, topic: &BarsTopic) -> impl Stream<Item = Result<Bar, FeedError>> + Send;
}

/// Why a feed gives no bar.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FeedError {
    /// There is no such symbol, and asking again will not help.
    UnknownSymbol(String),
    /// The source has no bar that starts there.
    NoSuchBar(i64),
    /// The source does not answer now; the text says what it said.
    Unavailable(String),
}

impl fmt::Display for FeedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FeedError::UnknownSymbol(symbol) => write!(f, "the feed has no symbol `{symbol}`"),
            FeedError::NoSuchBar(start) => write!(f, "the feed has no bar that starts at {start}"),
            FeedError::Unavailable(why) => write!(f, "the feed is unavailable: {why}"),
        }
    }
}

impl std::error::Error for FeedError {}

/// What somebody has to be told who was last told of the bar that starts at `last`: how that bar and
/// each after it closed, then the running one. Without `last` only the running one.
///
/// # Errors
/// Those of the feed. Nothing is lost: asked again with the same `last`, it starts where it did.
pub async fn states_since(
    feed: &impl Datafeed,
    topic: &BarsTopic,
    last: Option<i64>,
) -> Result<Vec<Bar>, FeedError> {
    let current = feed.current_bar(topic).await?;
    let mut states = Vec::new();
    let mut start = last.unwrap_or(current.time);
    while start < current.time {
        states.push(feed.bar(topic, start).await?);
        start = interval::end(topic.resolution, start);
    }
    states.push(current);
    Ok(states)
}
