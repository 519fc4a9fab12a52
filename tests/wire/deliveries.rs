//! What a contract says of delivery, on real sockets: several topics in one request, the last value, an
//! interval, what was missed, notices. The server is generated from `tests/golden/deliveries/asyncapi.yaml`.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test ends at what it does not expect")]

mod feed {
    asyncapi_ws::contract!("golden/deliveries/asyncapi.yaml");
}

use std::time::Duration;

use asyncapi_ws::Refusal;
use asyncapi_ws::hub::{Hub, HubOptions};
use asyncapi_ws::limits::Limits;
use feed::*;
use serde_json::{Value, json};
use tests::client::{Client, Event};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};

/// Grants everything but symbols that begin with an exclamation mark.
struct Feeds(UnboundedSender<String>);

impl FeedHandler for Feeds {
    type State = ();

    async fn authorize_quotes(&self, _: &FeedSession, topic: &QuotesTopic) -> Result<(), Refusal> {
        if topic.symbol.starts_with('!') {
            return Err(Refusal::new(format!("{} is not for you", topic.symbol)));
        }
        Ok(())
    }

    fn quotes_active(&self, topic: &QuotesTopic) {
        self.0.send(format!("{topic} active")).unwrap_or_default();
    }

    fn quotes_idle(&self, topic: &QuotesTopic) {
        self.0.send(format!("{topic} idle")).unwrap_or_default();
    }
}

struct Served {
    url: String,
    hub: FeedHub,
    /// What the handler hears of topics.
    heard: UnboundedReceiver<String>,
}

async fn served() -> Served {
    let limits = Limits { queue_bytes: 64 << 10, ..Limits::default() };
    let hub = Hub::with(HubOptions { limits, ..HubOptions::default() });
    let (tell, heard) = tokio::sync::mpsc::unbounded_channel();
    let endpoint =
        Feed::endpoint(Feeds(tell)).with_hub(&hub).watch_topics(Duration::from_millis(50));
    let hub = endpoint.hub();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("ws://{}/feed", listener.local_addr().unwrap());
    let router = endpoint.into_router();
    tokio::spawn(async move { axum::serve(listener, router).await });
    Served { url, hub, heard }
}

impl Served {
    async fn client(&self) -> Client {
        Client::connect(&self.url).await.expect("the server accepts")
    }

    fn quote(&self, symbol: &str, venue: &str, bid: f64) {
        let topic = QuotesTopic { symbol: symbol.to_owned() };
        let quote = QuotesUpdate { venue: venue.to_owned(), bid, note: None };
        self.hub.publish(&topic, &quote).unwrap();
    }

    fn news(&self, text: &str) {
        let topic = NewsTopic { room: "lobby".to_owned() };
        self.hub.publish(&topic, &NewsItem { text: text.to_owned() }).unwrap();
    }

    /// Until a client that has gone is known to have gone.
    async fn until_nobody_reads_news(&self) {
        let topic = NewsTopic { room: "lobby".to_owned() };
        while self.hub.has_subscribers(&topic) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

async fn ask(client: &mut Client, kind: &str, payload: Value) -> Value {
    client.text(json!({ "type": kind, "id": "1", "payload": payload }).to_string()).await;
    next(client).await
}

async fn next(client: &mut Client) -> Value {
    match client.next().await {
        Event::Text(text) => serde_json::from_str(&text).expect("frames are JSON"),
        other => panic!("expected text, got {other}"),
    }
}

fn update(symbol: &str, venue: &str, bid: f64) -> Value {
    json!({
        "type": "quotes.update",
        "topic": format!("quotes:{symbol}"),
        "payload": { "venue": venue, "bid": bid }
    })
}

#[tokio::test]
async fn a_request_for_several_topics_is_answered_for_each() {
    let served = served().await;
    let mut client = served.client().await;
    let reply = ask(&mut client, "quotes.subscribe", json!({ "symbols": ["A", "!B", "C"] })).await;
    let results = json!([
        { "topic": "quotes:A", "ok": true },
        { "topic": "quotes:!B", "ok": false, "message": "!B is not for you" },
        { "topic": "quotes:C", "ok": true },
    ]);
    assert_eq!(
        reply,
        json!({ "type": "quotes.subscribed", "id": "1", "payload": { "results": results } })
    );
    for symbol in ["A", "!B", "C"] {
        served.quote(symbol, "X", 1.5);
    }
    assert_eq!(next(&mut client).await, update("A", "X", 1.5));
    assert_eq!(next(&mut client).await, update("C", "X", 1.5));
    let reply = ask(&mut client, "quotes.unsubscribe", json!({ "symbols": ["A", "C"] })).await;
    assert_eq!(reply["payload"], json!({ "topics": ["quotes:A", "quotes:C"] }));
}

#[tokio::test]
async fn a_new_subscriber_gets_the_last_value_of_each_key() {
    let served = served().await;
    for (venue, bid) in [("X", 1.0), ("Y", 2.0), ("X", 3.0)] {
        served.quote("A", venue, bid);
    }
    let mut client = served.client().await;
    let reply = ask(&mut client, "quotes.subscribe", json!({ "symbols": ["A"] })).await;
    assert_eq!(reply["type"], "quotes.subscribed");
    assert_eq!(next(&mut client).await, update("A", "Y", 2.0));
    assert_eq!(next(&mut client).await, update("A", "X", 3.0));
}

#[tokio::test]
async fn a_subscriber_with_an_interval_gets_fewer_values_and_always_the_last() {
    let served = served().await;
    let mut client = served.client().await;
    let wish = json!({ "symbols": ["A"], "interval": 50 });
    ask(&mut client, "quotes.subscribe", wish).await;
    for bid in 0..1_000 {
        served.quote("A", "X", f64::from(bid));
    }
    let last = update("A", "X", 999.0);
    let mut received = 1;
    while next(&mut client).await != last {
        received += 1;
    }
    assert!(received < 100, "{received} of 1000 were sent");
}

#[tokio::test]
async fn who_comes_back_gets_what_was_missed_or_hears_that_some_is_gone() {
    let served = served().await;
    let mut client = served.client().await;
    let reply = ask(&mut client, "news.subscribe", json!({ "room": "lobby" })).await;
    assert_eq!(reply["payload"]["recovery"], "none");
    let position = reply["payload"]["position"].clone();
    client.close(Some(1000), "").await;
    served.until_nobody_reads_news().await;

    served.news("one");
    served.news("two");
    let since = json!({ "room": "lobby", "since": position });
    let mut client = served.client().await;
    let reply = ask(&mut client, "news.subscribe", since.clone()).await;
    assert_eq!(reply["payload"]["recovery"], "complete");
    assert_ne!(reply["payload"]["position"], position);
    assert_eq!(next(&mut client).await["payload"]["text"], "one");
    assert_eq!(next(&mut client).await["payload"]["text"], "two");
    served.news("three");
    served.news("four");
    assert_eq!(next(&mut client).await["payload"]["text"], "three");

    let mut client = served.client().await;
    let reply = ask(&mut client, "news.subscribe", since).await;
    assert_eq!(reply["payload"]["recovery"], "gap");
    for text in ["two", "three", "four"] {
        assert_eq!(next(&mut client).await["payload"]["text"], text);
    }
}

#[tokio::test]
async fn a_handler_hears_of_a_topics_first_subscriber_and_of_its_last() {
    let mut served = served().await;
    let (mut first, mut second) = (served.client().await, served.client().await);
    for client in [&mut first, &mut second] {
        ask(client, "quotes.subscribe", json!({ "symbols": ["A"] })).await;
    }
    assert_eq!(served.heard.recv().await.unwrap(), "quotes:A active");
    // Who comes back within the debounce time makes no difference.
    ask(&mut first, "quotes.unsubscribe", json!({ "symbols": ["A"] })).await;
    ask(&mut second, "quotes.unsubscribe", json!({ "symbols": ["A"] })).await;
    ask(&mut first, "quotes.subscribe", json!({ "symbols": ["A"] })).await;
    first.close(Some(1000), "").await;
    assert_eq!(served.heard.recv().await.unwrap(), "quotes:A idle");
    assert!(served.heard.try_recv().is_err());
}

#[tokio::test]
async fn a_subscription_that_is_withdrawn_is_told() {
    let served = served().await;
    let mut client = served.client().await;
    ask(&mut client, "quotes.subscribe", json!({ "symbols": ["A"] })).await;
    served.hub.inner().each_session(|handle| {
        let session = FeedSession::<()>::new(handle);
        let topic = QuotesTopic { symbol: "A".to_owned() };
        session.revoke(&topic, "your plan has ended").unwrap();
    });
    let notice = next(&mut client).await;
    let payload = json!({ "what": "quotes:A", "why": "your plan has ended" });
    assert_eq!(notice, json!({ "type": "revoked", "payload": payload }));
    served.quote("A", "X", 1.0);
    let reply = ask(&mut client, "quotes.unsubscribe", json!({ "symbols": [] })).await;
    assert_eq!(reply["type"], "quotes.unsubscribed", "no quote came before");
}

#[tokio::test]
async fn a_wrong_frame_is_told_and_the_session_goes_on() {
    let served = served().await;
    let mut client = served.client().await;
    let notice = ask(&mut client, "quotes.subscribe", json!({ "symbols": [""] })).await;
    assert_eq!(notice["type"], "violation");
    assert_eq!(
        notice["payload"]["message"],
        "`/payload/symbols/0` breaks `minLength`: expected at least 1 character, got 0"
    );
    let reply = ask(&mut client, "quotes.subscribe", json!({ "symbols": ["A"] })).await;
    assert_eq!(reply["type"], "quotes.subscribed");
}

#[tokio::test]
async fn a_client_that_does_not_read_is_told_how_much_it_missed() {
    let served = served().await;
    let mut client = served.client().await;
    client.text(json!({ "type": "ticks.subscribe", "id": "1" }).to_string()).await;
    assert_eq!(next(&mut client).await["type"], "ticks.subscribed");
    // More than the kernel takes for a client that does not read.
    let pad = "x".repeat(32 << 10);
    let published = 3_000;
    for number in 0..published {
        if number % 200 == 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let tick = TicksTick { number, pad: Some(pad.clone()) };
        served.hub.publish(&TicksTopic {}, &tick).unwrap();
    }
    let mut dropped = 0;
    let mut received = 0;
    let mut last = -1;
    while received + dropped < published {
        let frame = next(&mut client).await;
        if frame["type"] == "dropped" {
            assert_eq!(frame["payload"]["topic"], "ticks");
            dropped += frame["payload"]["count"].as_i64().unwrap();
        } else {
            received += 1;
            let number = frame["payload"]["number"].as_i64().unwrap();
            assert!(number > last, "{number} after {last}");
            last = number;
        }
    }
    assert!(dropped > 0, "all of {published} fitted somewhere");
    assert_eq!((received + dropped, last), (published, published - 1));
}
