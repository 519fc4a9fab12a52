//! The bars channel: what the server does with its operations, and how bars are published.
//!
//! Subscribing and unsubscribing are as the contract says, so there is nothing to write.

use asyncapi_ws::hub::PublishError;

use crate::api::{Bar, BarsTopic, TradingHandler, TradingHub};
use crate::broadcaster::BarPublisher;

/// The handler of the trading channel.
#[derive(Clone, Copy, Debug, Default)]
pub struct Trading;

impl TradingHandler for Trading {
    type State = ();
}

impl BarPublisher for TradingHub {
    type Error = PublishError;

    fn has_subscribers(&self, topic: &BarsTopic) -> bool {
        TradingHub::has_subscribers(self, topic)
    }

    fn publish(&self, topic: &BarsTopic, bar: &Bar) -> Result<(), PublishError> {
        TradingHub::publish(self, topic, bar).map(drop)
    }
}
