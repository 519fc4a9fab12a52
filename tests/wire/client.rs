//! The Rust client of our own contract against the real server, on real sockets: what its users see.
//!
//! What it does after each close is in `ts-gen/runtime/scenarios.json`, which the runtime's own tests play.

// A test stops where something is not as it must be.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use asyncapi_ws::client::{ClientError, ConnectionState, Delivery, Event, Options};
use tests::services::Service;
use tokio::net::{TcpListener, TcpStream};

mod trading {
    asyncapi_ws::contract!("../asyncapi.yaml", side = client);
}

use trading::{
    Bar, BarsSubscriptionParams, BarsSubscriptionRequest, BarsTopic, Resolution,
    SubscriptionStatus, TradingClient, TradingReceived,
};

fn server(environment: &[(&str, &str)]) -> Service {
    let environment: BTreeMap<String, String> =
        environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Service::server(&environment).expect("cargo build -p server has made the program")
}

/// Bars as fast as the tests want them, of one symbol.
const QUICK: [(&str, &str); 2] =
    [("BAR_BROADCASTER_INTERVAL", "0.05"), ("BAR_BROADCASTER_SYMBOLS", "AAPL")];

/// No bars.
const QUIET: [(&str, &str); 1] = [("BAR_BROADCASTER_ENABLED", "false")];

fn apple() -> BarsTopic {
    BarsTopic { symbol: "AAPL".to_owned(), resolution: Resolution::Minutes1 }
}

fn request(symbol: &str) -> BarsSubscriptionRequest {
    BarsSubscriptionRequest { symbol: symbol.to_owned(), params: None }
}

/// A test that waits longer than this has failed.
async fn soon<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(30), what).await.expect("it happens within 30 s")
}

#[tokio::test]
async fn a_subscription_gets_its_reply_and_then_bars() {
    let server = server(&QUICK);
    for subprotocols in [
        None,
        Some(vec!["trading.v1".to_owned()]),
        Some(vec!["trading.v1.msgpack".to_owned()]),
        // A plain client.
        Some(Vec::new()),
    ] {
        let mut options = Options::new(server.url());
        options.subprotocols = subprotocols.clone();
        let client = TradingClient::connect(options).unwrap();
        let mut bars = client.bars().subscribe(apple());
        let reply = soon(bars.ready()).await.unwrap();
        assert_eq!(reply.status, SubscriptionStatus::Ok);
        assert_eq!((&*reply.topic, bars.topic()), ("bars:AAPL:1", "bars:AAPL:1"));
        for _ in 0..3 {
            let bar: Bar = soon(bars.next()).await.unwrap().unwrap();
            assert!(bar.low <= bar.high && bar.time > 0, "{bar:?}");
        }
        let expected = match subprotocols.as_deref() {
            None => Some("trading.v1"),
            Some([only]) => Some(only.as_str()),
            Some(_) => None,
        };
        assert_eq!(client.connection().subprotocol(), expected);
    }
}

#[tokio::test]
async fn requests_get_their_own_replies_and_every_message_can_be_watched() {
    let server = server(&QUIET);
    let client = TradingClient::connect(server.url()).unwrap();
    let mut frames = client.connection().frames();
    let replies = ["AAPL", "MSFT", "GOOGL"].map(|symbol| client.bars_subscribe(request(symbol)));
    let [first, second, third] = replies;
    // Polled in another order than they were made in.
    let (third, first, second) = soon(async { tokio::join!(third, first, second) }).await;
    let topics = [first, second, third].map(|reply| reply.unwrap().topic);
    assert_eq!(topics, ["bars:AAPL:1", "bars:MSFT:1", "bars:GOOGL:1"]);
    let watched = soon(frames.next()).await.unwrap().unwrap();
    assert!(matches!(watched.message, TradingReceived::BarsSubscribeResponse(_)));
    let reply = soon(client.bars_unsubscribe(request("AAPL"))).await.unwrap();
    assert_eq!(reply.message, "Unsubscribed from AAPL");
}

#[tokio::test]
async fn several_subscriptions_to_a_topic_are_one_on_the_wire_until_the_last_is_dropped() {
    let server = server(&QUICK);
    let client = TradingClient::connect(server.url()).unwrap();
    let mut frames = client.connection().frames();
    let mut first = client.bars().subscribe(apple());
    let mut second = client.bars().subscribe(apple());
    soon(first.ready()).await.unwrap();
    soon(second.ready()).await.unwrap();
    drop(first.next());
    drop(first);
    soon(second.next()).await.unwrap().unwrap();
    drop(second);
    let (mut subscribed, mut unsubscribed) = (0, 0);
    while unsubscribed == 0 {
        match soon(frames.next()).await.unwrap().unwrap().message {
            TradingReceived::BarsSubscribeResponse(_) => subscribed += 1,
            TradingReceived::BarsUnsubscribeResponse(_) => unsubscribed += 1,
            _ => {}
        }
    }
    assert_eq!(subscribed, 1);
}

#[tokio::test]
async fn a_refused_subscription_ends_with_what_the_server_said_and_a_refused_request_hands_it_out()
{
    let server = server(&[QUIET[0], ("MAX_SUBSCRIPTIONS", "1")]);
    let client = TradingClient::connect(server.url()).unwrap();
    let granted = client.bars().subscribe(apple());
    soon(granted.ready()).await.unwrap();
    let other = BarsTopic { symbol: "MSFT".to_owned(), resolution: Resolution::Day };
    let mut refused = client.bars().subscribe(other);
    match soon(refused.ready()).await {
        Err(ClientError::Refused { topic, message }) => {
            assert_eq!(topic, "bars:MSFT:D");
            assert!(message.contains('1'), "the message names the limit: {message}");
        }
        other => panic!("{other:?}"),
    }
    assert!(matches!(soon(refused.next()).await, Some(Err(ClientError::Refused { .. }))));
    assert!(soon(refused.next()).await.is_none());
    let reply = soon(client.bars_subscribe(request("MSFT"))).await.unwrap();
    assert_eq!(reply.status, SubscriptionStatus::Error);
    assert!(granted.is_active());
}

#[tokio::test]
async fn what_the_contract_forbids_is_not_sent() {
    let server = server(&QUIET);
    let client = TradingClient::connect(server.url()).unwrap();
    // Nothing that this type can hold breaks the contract; a subprotocol can.
    let mut options = Options::new(server.url());
    options.subprotocols = Some(vec!["trading.v2".to_owned()]);
    let error = TradingClient::connect(options).unwrap_err();
    assert_eq!(error.to_string(), "subprotocols: the contract does not declare `trading.v2`");
    let error = TradingClient::connect("localhost:8000").unwrap_err();
    assert_eq!(error.code(), "unsupported");
    drop(client);
}

#[tokio::test]
async fn dropping_the_client_closes_the_connection_and_closing_it_ends_what_waits() {
    let server = server(&QUIET);
    let client = TradingClient::connect(server.url()).unwrap();
    soon(client.connection().opened()).await.unwrap();
    let mut bars = client.bars().subscribe(apple());
    soon(bars.ready()).await.unwrap();
    client.connection().close();
    assert!(soon(bars.next()).await.is_none());
    let error = soon(client.bars_subscribe(request("AAPL"))).await.unwrap_err();
    assert_eq!(error, ClientError::Closed);
    client.connection().reconnect();
    soon(client.bars_subscribe(request("AAPL"))).await.unwrap();
}

/// A place that stays while servers come and go: whatever comes is handed on.
async fn doorway() -> (SocketAddr, Arc<Mutex<SocketAddr>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let behind = Arc::new(Mutex::new(address));
    let to = Arc::clone(&behind);
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let to = *to.lock().unwrap();
            tokio::spawn(async move {
                if let Ok(mut server) = TcpStream::connect(to).await {
                    // Either end may hang up.
                    let _ = tokio::io::copy_bidirectional(&mut client, &mut server).await;
                }
            });
        }
    });
    (address, behind)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restart_of_the_server_costs_one_resubscribe_and_a_gap_that_is_told() {
    let (address, behind) = doorway().await;
    let first = server(&QUICK);
    *behind.lock().unwrap() = first.address();
    let client = TradingClient::connect(format!("ws://{address}")).unwrap();
    let mut events = client.connection().events();
    let mut bars = client.bars().subscribe(apple());
    soon(bars.ready()).await.unwrap();
    soon(bars.next()).await.unwrap().unwrap();

    let second = server(&QUICK);
    *behind.lock().unwrap() = second.address();
    let id = first.process_id().expect("the server was started here").to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());

    let mut gaps = 0;
    let mut after = 0;
    while after < 2 {
        match soon(bars.next_delivery()).await.unwrap().unwrap() {
            Delivery::Gap(_) => gaps += 1,
            Delivery::Payload(_) if gaps > 0 => after += 1,
            Delivery::Payload(_) | Delivery::Dropped(_) => {}
        }
    }
    assert_eq!(gaps, 1);
    let mut states = Vec::new();
    while states.last() != Some(&ConnectionState::Open) || states.len() < 4 {
        if let Event::State(change) = soon(events.next()).await.unwrap() {
            if change.state == ConnectionState::Waiting {
                let close = change.close.expect("the server said why");
                assert_eq!(close.code.get(), 1012, "{close}");
                assert_eq!(
                    change.retry_in, close.retry_after,
                    "the wait is kept to the millisecond"
                );
            }
            states.push(change.state);
        }
    }
    use ConnectionState::{Connecting, Open, Waiting};
    assert_eq!(states, [Open, Waiting, Connecting, Open]);
}

#[tokio::test]
async fn a_request_waits_for_a_server_that_is_not_there_yet() {
    let (address, behind) = doorway().await;
    let client = TradingClient::connect(format!("ws://{address}")).unwrap();
    let waiting = client.bars_subscribe(BarsSubscriptionRequest {
        symbol: "AAPL".to_owned(),
        params: Some(BarsSubscriptionParams { resolution: Some(Resolution::Week) }),
    });
    let server = server(&QUIET);
    *behind.lock().unwrap() = server.address();
    assert_eq!(soon(waiting).await.unwrap().topic, "bars:AAPL:W");
}
