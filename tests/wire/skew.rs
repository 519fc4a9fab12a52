//! A client of yesterday's contract and a server of tomorrow's: what is new is kept, everything else is
//! delivered.

// A test stops where something is not as it must be.
#![allow(clippy::unwrap_used)]

use std::time::Duration;

use asyncapi_ws::client::ClientError;
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_tungstenite::accept_async;
use tokio_tungstenite::tungstenite::Message;

mod trading {
    asyncapi_ws::contract!("../asyncapi.yaml", side = client);
}

use trading::{
    BarsSubscriptionRequest, BarsTopic, Resolution, SubscriptionStatus, TradingClient,
    TradingReceived,
};

/// A test that waits longer than this has failed.
async fn soon<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(30), what).await.expect("it happens within 30 s")
}

/// Tomorrow's server: every reply and push says more than today's contract.
async fn tomorrow() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let mut socket = accept_async(stream).await.unwrap();
        while let Some(Ok(Message::Text(text))) = socket.next().await {
            let request: Value = serde_json::from_str(&text).unwrap();
            for answer in answers(&request) {
                socket.send(Message::text(answer.to_string())).await.unwrap();
            }
        }
    });
    format!("ws://{address}")
}

fn answers(request: &Value) -> Vec<Value> {
    let symbol = request["payload"]["symbol"].as_str().unwrap();
    let topic = format!("bars:{symbol}:1");
    let bar = |time: i64| {
        json!({ "time": time, "open": 1, "high": 2, "low": 0.5, "close": 1.5, "volume": 9,
                "vwap": 1.25 })
    };
    let push =
        |time| json!({ "type": "bars.update", "topic": topic, "seq": time, "payload": bar(time) });
    let reply = |status: &str| {
        let payload = json!({ "status": status, "symbol": symbol, "message": "so it is",
                              "topic": topic, "since": 7 });
        json!({ "type": "bars.subscribe.response", "id": request["id"], "payload": payload })
    };
    match symbol {
        // A kind of reply that the contract does not have.
        "LATER" => {
            vec![json!({ "type": "bars.subscribe.deferred", "id": request["id"], "payload": {} })]
        }
        // A value of an enum that the contract does not have.
        "DELAYED" => vec![reply("delayed"), push(1)],
        _ => vec![
            reply("ok"),
            json!({ "type": "halts.update", "payload": { "symbol": symbol } }),
            push(1),
            json!({ "type": "bars.update", "topic": topic, "payload": { "time": "noon" } }),
            push(2),
        ],
    }
}

fn topic(symbol: &str) -> BarsTopic {
    BarsTopic { symbol: symbol.to_owned(), resolution: Resolution::Minutes1 }
}

#[tokio::test]
async fn what_is_new_is_kept_and_everything_else_is_delivered() {
    let client = TradingClient::connect(tomorrow().await).unwrap();
    let mut frames = client.connection().frames();

    let mut bars = client.bars().subscribe(topic("AAPL"));
    let reply = soon(bars.ready()).await.unwrap();
    assert_eq!(reply.extra.get("since").map(ToString::to_string).as_deref(), Some("7"));
    for time in [1, 2] {
        let bar = soon(bars.next()).await.unwrap().unwrap();
        assert_eq!(bar.time, time, "a push that cannot be read takes nothing with it");
        assert_eq!(bar.extra.get("vwap").map(ToString::to_string).as_deref(), Some("1.25"));
    }

    let mut delayed = client.bars().subscribe(topic("DELAYED"));
    let reply = soon(delayed.ready()).await.unwrap();
    assert_eq!(reply.status, SubscriptionStatus::Unknown("delayed".to_owned()));
    soon(delayed.next()).await.unwrap().unwrap();

    let request = BarsSubscriptionRequest { symbol: "LATER".to_owned(), params: None };
    match soon(client.bars_subscribe(request)).await {
        Err(ClientError::UnknownReply(frame)) => {
            let kind = frame.as_json().unwrap().get("type").unwrap();
            assert_eq!(kind.as_str(), Some("bars.subscribe.deferred"));
        }
        other => panic!("{other:?}"),
    }

    // A message of a kind that the contract does not have, and one that is not what it should be.
    let mut unknown = Vec::new();
    while unknown.len() < 3 {
        let frame = soon(frames.next()).await.unwrap().unwrap();
        if let TradingReceived::Unknown(frame) = frame.message {
            unknown.push(frame.as_json().unwrap().get("type").unwrap().to_string());
        }
    }
    let expected = ["halts.update", "bars.update", "bars.subscribe.deferred"];
    assert_eq!(unknown, expected.map(|kind| format!("\"{kind}\"")));
}
