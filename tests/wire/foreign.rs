//! Five wires that exist, each spoken by the Rust client that is generated from its document, with the fake
//! of a service that knows nothing of us.

// A test stops where something is not as it must be.
#![allow(clippy::unwrap_used)]

use std::time::Duration;

use asyncapi_ws::client::{ClientError, ConnectionState};
use tests::foreign::{Fake, Wire};

mod arrays {
    asyncapi_ws::contract!("foreign/arrays/asyncapi.yaml", side = client);
}
mod bare_text {
    asyncapi_ws::contract!("foreign/bare-text/asyncapi.yaml", side = client, perspective = client);
}
mod batches {
    asyncapi_ws::contract!("foreign/batches/asyncapi.yaml", side = client);
}
mod json_rpc {
    asyncapi_ws::contract!("foreign/json-rpc/asyncapi.yaml", side = client);
}
mod no_envelope {
    asyncapi_ws::contract!("foreign/no-envelope/asyncapi.yaml", side = client);
}

async fn start(wire: Wire) -> (Fake, String) {
    let fake = Fake::start(wire).await.expect("there is a port");
    let url = format!("ws://{}", fake.address());
    (fake, url)
}

/// A test that waits longer than this has failed.
async fn soon<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(30), what).await.expect("it happens within 30 s")
}

#[tokio::test]
async fn replies_that_only_their_request_tells_reach_it_in_whatever_order() {
    use json_rpc::{ApiClient, GetInstrument, GetInstrumentError, Subscribe};
    let (_fake, url) = start(Wire::JsonRpc).await;
    let client = ApiClient::connect(url).unwrap();
    let mut notifications = client.notification();

    let instrument =
        |name: &str| client.get_instrument(GetInstrument { instrument_name: name.to_owned() });
    let (time, found, missing, subscribed) = soon(async {
        tokio::join!(
            client.get_time(None),
            instrument("BTC-PERPETUAL"),
            instrument("NOTHING"),
            client.subscribe(Subscribe { channels: vec!["ticker.BTC-PERPETUAL.raw".to_owned()] }),
        )
    })
    .await;
    assert_eq!(time.unwrap().result, 1_550_147_385_946);
    assert_eq!(found.unwrap().tick_size.as_str(), "0.50");
    match missing {
        Err(GetInstrumentError::Failure(failure)) => {
            assert_eq!((failure.code, &*failure.message), (13020, "not_found"));
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(subscribed.unwrap(), ["ticker.BTC-PERPETUAL.raw"]);
    let pushed = soon(notifications.next()).await.unwrap().unwrap();
    assert_eq!(pushed.data.last_price.as_str(), "9007199254740993.25");
}

#[tokio::test]
async fn arrays_and_objects_come_side_by_side_and_keep_their_digits() {
    use arrays::{FeedClient, Subscribe, Subscription, SubscriptionName, SubscriptionStatusStatus};
    let (_fake, url) = start(Wire::Arrays).await;
    let client = FeedClient::connect(url).unwrap();
    let (mut systems, mut trades) = (client.system_status(), client.trades());
    let (mut spreads, mut beats) = (client.spread(), client.heartbeat());
    let system = soon(systems.next()).await.unwrap().unwrap();
    assert_eq!(system.connection_id, Some(8_628_615_390_848_610_222));
    soon(client.ping()).await.unwrap();
    let subscribe = |pair: &str, name| {
        // The number is the client's to give.
        let subscription = Subscription { name, extra: Default::default() };
        client.subscribe(Subscribe { reqid: None, pair: vec![pair.to_owned()], subscription })
    };
    let reply = soon(subscribe("XBT/USD", SubscriptionName::Trade)).await.unwrap();
    assert_eq!(reply.status, SubscriptionStatusStatus::Subscribed);
    let trade = soon(trades.next()).await.unwrap().unwrap();
    assert_eq!((trade.1[0].0.as_str(), &*trade.3), ("5541.20000", "XBT/USD"));
    soon(beats.next()).await.unwrap().unwrap();
    let refused = soon(subscribe("XBTUSD", SubscriptionName::Spread)).await.unwrap();
    assert_eq!(refused.status, SubscriptionStatusStatus::Error);
    soon(subscribe("XBT/EUR", SubscriptionName::Spread)).await.unwrap();
    let spread = soon(spreads.next()).await.unwrap().unwrap();
    assert_eq!(spread.1.0.as_str(), "5698.40000");
    let more: Vec<&str> = spread.1.3.iter().map(|decimal| decimal.as_str()).collect();
    assert_eq!(more, ["1.01234567", "0.98765432"]);
}

#[tokio::test]
async fn a_frame_of_several_messages_is_taken_apart_and_the_unknown_among_them_is_kept() {
    use batches::{Auth, AuthError, StocksClient, StocksReceived, Subscribe, SuccessMsg};
    let (_fake, url) = start(Wire::Batches).await;
    let client = StocksClient::connect(url).unwrap();
    let (mut greetings, mut trades) = (client.success(), client.trade());
    let (mut quotes, mut frames) = (client.quote(), client.connection().frames());
    let auth = |secret: &str| client.auth(Auth { key: "k".to_owned(), secret: secret.to_owned() });
    let greeting = soon(greetings.next()).await.unwrap().unwrap();
    assert_eq!(greeting.msg, SuccessMsg::Connected);
    assert!(
        matches!(soon(auth("wrong")).await, Err(AuthError::Failure(failure)) if failure.code == 402)
    );
    assert_eq!(soon(auth("right")).await.unwrap().msg, SuccessMsg::Authenticated);
    let some = |symbols: &[&str]| Some(symbols.iter().map(|it| (*it).to_owned()).collect());
    let reply = soon(
        client.subscribe(Subscribe { trades: some(&["AAPL", "MSFT"]), quotes: some(&["AAPL"]) }),
    );
    assert_eq!(reply.await.unwrap().trades, ["AAPL", "MSFT"]);
    for symbol in ["AAPL", "MSFT"] {
        let trade = soon(trades.next()).await.unwrap().unwrap();
        assert_eq!((trade.i, trade.p.as_str()), (96921, "126.5500"), "{symbol}");
    }
    assert_eq!(soon(quotes.next()).await.unwrap().unwrap().ap.as_str(), "126.90");
    loop {
        let frame = soon(frames.next()).await.unwrap().unwrap();
        if let StocksReceived::Unknown(frame) = frame.message {
            let json = frame.as_json().unwrap();
            assert_eq!(json.get("T").and_then(|tag| tag.as_str()), Some("l"));
            break;
        }
    }
}

#[tokio::test]
async fn bare_words_travel_beside_json() {
    use bare_text::{Argument, PublicClient, SubscribeError};
    let (_fake, url) = start(Wire::BareText).await;
    let client = PublicClient::connect(url).unwrap();
    let mut tickers = client.tickers();
    let argument =
        |name: &str| vec![Argument { inst_id: name.to_owned(), extra: Default::default() }];
    soon(client.ping()).await.unwrap();
    let reply = soon(client.subscribe(argument("BTC-USDT"))).await.unwrap();
    assert_eq!(reply.conn_id, "a4d3ae55");
    assert_eq!(soon(tickers.next()).await.unwrap().unwrap().data[0].last.as_str(), "9999.9900");
    match soon(client.subscribe(argument("NOTHING"))).await {
        Err(SubscribeError::Failure(failure)) => assert_eq!(failure.code, "60018"),
        other => panic!("{other:?}"),
    }
    soon(client.ping()).await.unwrap();
}

#[tokio::test]
async fn frames_without_an_envelope_are_told_apart_and_tomorrows_are_kept() {
    use no_envelope::{SubscribeItem, SubscribeItemName, V2MarketdataClient, V2MarketdataReceived};
    let (_fake, url) = start(Wire::NoEnvelope).await;
    let client = V2MarketdataClient::connect(url).unwrap();
    let (mut levels, mut trades) = (client.levels(), client.trade());
    let (mut beats, mut failures) = (client.heartbeat(), client.failure());
    let mut frames = client.connection().frames();
    let ask =
        |name| client.subscribe(vec![SubscribeItem { name, symbols: vec!["BTCUSD".to_owned()] }]);
    soon(ask(SubscribeItemName::L2)).await.unwrap();
    let level = soon(levels.next()).await.unwrap().unwrap();
    assert_eq!(level.changes[0].1.as_str(), "9122.0400");
    let trade = soon(trades.next()).await.unwrap().unwrap();
    assert_eq!(trade.event_id, 9_007_199_254_740_993);
    assert_eq!(trade.quantity.as_str(), "0.10000000000000000001");
    // The second has a property that the contract does not know.
    for extra in [0, 1] {
        assert_eq!(soon(beats.next()).await.unwrap().unwrap().extra.len(), extra);
    }
    loop {
        let frame = soon(frames.next()).await.unwrap().unwrap();
        if let V2MarketdataReceived::Unknown(frame) = frame.message {
            assert!(frame.as_json().unwrap().to_string().contains("auction_open"));
            break;
        }
    }
    soon(ask(SubscribeItemName::Candles1m)).await.unwrap();
    assert_eq!(soon(failures.next()).await.unwrap().unwrap().reason, "NotImplemented");
}

#[tokio::test]
async fn a_service_that_does_not_understand_closes_and_the_client_does_as_the_reason_says() {
    use json_rpc::{ApiClient, GetInstrument, GetInstrumentError};
    // The arrays' service understands no JSON-RPC: it closes with 1008 and a text that says nothing of
    // ours, which a plain client takes for its token. There is none to refresh: one more try, later.
    let (_fake, url) = start(Wire::Arrays).await;
    let client = ApiClient::connect(url).unwrap();
    let request = GetInstrument { instrument_name: "x".to_owned() };
    match soon(client.get_instrument(request)).await {
        Err(GetInstrumentError::Unanswered(ClientError::ConnectionLost { operation })) => {
            assert_eq!(operation, "getInstrument");
        }
        other => panic!("{other:?}"),
    }
    assert_ne!(client.connection().state(), ConnectionState::Closed);
}
