//! What a handler knows of the session that it answers.

// A test stops where something is not as it must be.
#![allow(clippy::unwrap_used, clippy::panic)]

use asyncapi_ws::handshake::Handshake;
use asyncapi_ws::testing::TestChannel;
use compiled::channels::server::{Trade, Trades, TradesHandler, TradesSent, TradesSession};

/// Sends one trade to everybody, at a price that the request asked for.
struct Tape;

impl TradesHandler for Tape {
    type State = (String, f64);

    fn open(&self, handshake: &Handshake<'_>) -> Self::State {
        let symbol = handshake.parameter("symbol").unwrap_or_default().to_owned();
        let price = handshake.query().and_then(|query| query.strip_prefix("price="));
        (symbol, price.and_then(|price| price.parse().ok()).unwrap_or_default())
    }

    fn opened(&self, session: &TradesSession<Self::State>) {
        let (symbol, price) = session.state();
        assert_eq!(symbol, "BTC/USD");
        session.send(Trade { price: *price }).unwrap();
    }
}

#[tokio::test]
async fn what_a_session_keeps_is_made_from_the_request_that_begins_it() {
    let channel = TestChannel::serve(Trades::endpoint(Tape));
    let mut client = channel.connect_with("/trades/BTC%2FUSD?price=2.5", &[]).await.unwrap();
    assert_eq!(client.next().await.unwrap(), TradesSent::Trade(Trade { price: 2.5 }));
}
