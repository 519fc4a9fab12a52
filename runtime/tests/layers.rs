//! What surrounds every request of a generated channel.

#![cfg(all(feature = "macros", feature = "server"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "test code, though not in a test function")]

mod trading {
    asyncapi_ws::contract!("../asyncapi.yaml");
}

use asyncapi_ws::{
    Endpoint, Refusal,
    layer::{Layer, Next, Outcome, Request, observe},
    testing::{TestChannel, TestClient},
};
use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering::Relaxed},
    },
    time::Duration,
};
use trading::{
    BarsSubscriptionRequest, BarsTopic, SubscriptionStatus, Trading, TradingHandler,
    TradingReceived, TradingSent, TradingSession,
};

const DEADLINE: Duration = Duration::from_secs(5);

/// Counts who asks, has no symbol NONE, and never comes to an end about SLOW.
struct Handler;

impl TradingHandler for Handler {
    type State = AtomicU32;

    async fn authorize_bars(
        &self,
        session: &TradingSession<Self::State>,
        topic: &BarsTopic,
    ) -> Result<(), Refusal> {
        session.state().fetch_add(1, Relaxed);
        match topic.symbol.as_str() {
            "NONE" => Err("no such symbol".into()),
            "SLOW" => std::future::pending().await,
            _ => Ok(()),
        }
    }
}

struct Setup {
    channel: TestChannel<Trading>,
    client: TestClient<Trading>,
}

async fn serve(layers: impl FnOnce(Endpoint<Trading>) -> Endpoint<Trading>) -> Setup {
    let channel = TestChannel::serve(layers(Trading::endpoint(Handler).deadline(DEADLINE)));
    let client = channel.connect().await.unwrap();
    Setup { channel, client }
}

impl Setup {
    async fn ask(&mut self, symbol: &str) {
        let request = BarsSubscriptionRequest { symbol: symbol.to_owned(), params: None };
        self.client.send(TradingReceived::BarsSubscribe(request)).await.unwrap();
    }

    /// What the next reply says.
    async fn answer(&mut self) -> (SubscriptionStatus, String) {
        match self.client.next().await.unwrap() {
            TradingSent::BarsSubscribeResponse(reply) => (reply.status, reply.message),
            other => panic!("{other:?}"),
        }
    }
}

fn granted(message: &str) -> (SubscriptionStatus, String) {
    (SubscriptionStatus::Ok, message.to_owned())
}

fn refused(message: &str) -> (SubscriptionStatus, String) {
    (SubscriptionStatus::Error, message.to_owned())
}

#[tokio::test]
async fn a_layer_sees_operation_input_session_and_outcome() {
    let log: Arc<Mutex<Vec<String>>> = Arc::default();
    let written = Arc::clone(&log);
    let mut setup = serve(|endpoint| {
        endpoint.layer(observe(move |request: &Request<'_, Trading>, outcome: &Outcome| {
            let TradingReceived::BarsSubscribe(input) = request.input() else { return };
            let asked = request.state::<AtomicU32>().unwrap().load(Relaxed);
            let how = outcome.refusal().map_or("done", Refusal::message);
            let line = format!("{} {} {asked}: {how}", request.operation(), input.symbol);
            written.lock().unwrap().push(line);
        }))
    })
    .await;
    setup.ask("AAPL").await;
    assert_eq!(setup.answer().await, granted("Subscribed to AAPL"));
    setup.ask("NONE").await;
    assert_eq!(setup.answer().await, refused("no such symbol"));
    assert_eq!(
        *log.lock().unwrap(),
        ["bars.subscribe AAPL 1: done", "bars.subscribe NONE 2: no such symbol"]
    );
}

/// Says when it lets a request through, and when it comes back.
struct Named(&'static str, Arc<Mutex<Vec<String>>>);

impl Layer<Trading> for Named {
    async fn handle(&self, request: &Request<'_, Trading>, next: Next<'_, Trading>) -> Outcome {
        self.1.lock().unwrap().push(format!("{} in", self.0));
        // It may wait, too.
        tokio::task::yield_now().await;
        let outcome = next.run().await;
        self.1.lock().unwrap().push(format!("{} out", self.0));
        match request.session().topics().len() {
            0 | 1 => outcome,
            _ => Outcome::refused("one topic is enough"),
        }
    }
}

#[tokio::test]
async fn the_last_layer_is_outermost_and_may_refuse_what_was_done() {
    let log: Arc<Mutex<Vec<String>>> = Arc::default();
    let named = |name| Named(name, Arc::clone(&log));
    let mut setup = serve(|endpoint| endpoint.layer(named("inner")).layer(named("outer"))).await;
    setup.ask("AAPL").await;
    assert_eq!(setup.answer().await, granted("Subscribed to AAPL"));
    assert_eq!(*log.lock().unwrap(), ["outer in", "inner in", "inner out", "outer out"]);
    setup.ask("MSFT").await;
    assert_eq!(setup.answer().await, refused("one topic is enough"));
}

/// Refuses everything, without asking the handler.
struct Closed;

impl Layer<Trading> for Closed {
    async fn handle(&self, request: &Request<'_, Trading>, _: Next<'_, Trading>) -> Outcome {
        assert_eq!(request.state::<AtomicU32>().unwrap().load(Relaxed), 0);
        Outcome::refused("the market is closed")
    }
}

#[tokio::test]
async fn a_layer_that_refuses_spares_the_handler() {
    let mut setup = serve(|endpoint| endpoint.layer(Closed)).await;
    for _ in 0..2 {
        setup.ask("AAPL").await;
        assert_eq!(setup.answer().await, refused("the market is closed"));
    }
}

/// Is still waiting when the request's time is up.
struct Stuck;

impl Layer<Trading> for Stuck {
    async fn handle(&self, _: &Request<'_, Trading>, next: Next<'_, Trading>) -> Outcome {
        let outcome = next.run().await;
        if outcome.refusal().is_none() { std::future::pending().await } else { outcome }
    }
}

#[tokio::test]
async fn the_deadline_holds_for_handlers_and_for_what_surrounds_them() {
    let mut setup = serve(|endpoint| endpoint.layer(Stuck)).await;
    // The handler does not come to an end for the one, the layer not for the other.
    for symbol in ["SLOW", "AAPL"] {
        setup.ask(symbol).await;
        assert_eq!(setup.client.received().await.unwrap(), []);
        setup.channel.advance(DEADLINE).await;
        assert_eq!(setup.answer().await, refused("not done within 5 s"));
    }
}
