//! Our server with two routes more, so that a test can say what is published and when:
//!
//! - `POST /test/publish` with `{"topic": …, "type": …, "payload": …}` publishes,
//! - `GET /test/subscribers?topic=…` counts,
//!
//! and both answer `{"subscribers": <how many the topic has>}`. Everything else is the server's own.

use std::net::SocketAddr;

use axum::extract::{Query, State};
use axum::response::Json;
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::{Value, json};
use server::api::{Bar, BarsTopic, TradingHub};
use server::app::{App, app};
use server::config::Config;

#[derive(Deserialize)]
struct Publish {
    topic: String,
    payload: Bar,
}

#[derive(Deserialize)]
struct Subscribers {
    topic: String,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let config = Config::load();
    let App { router, hub } = app(&config, |_| None)?;
    let tests = axum::Router::new()
        .route("/test/publish", post(publish))
        .route("/test/subscribers", get(subscribers))
        .with_state(hub.clone());
    let address = SocketAddr::new(config.host, config.port);
    let listener = tokio::net::TcpListener::bind(address).await?;
    axum::serve(listener, router.merge(tests)).await?;
    Ok(())
}

async fn publish(State(hub): State<TradingHub>, Json(publish): Json<Publish>) -> Json<Value> {
    // A topic that cannot be one of ours has no subscribers.
    let topic = publish.topic.parse::<BarsTopic>();
    let sent = topic.ok().and_then(|topic| hub.publish(&topic, &publish.payload).ok());
    Json(json!({ "subscribers": sent.unwrap_or_default() }))
}

async fn subscribers(
    State(hub): State<TradingHub>,
    Query(query): Query<Subscribers>,
) -> Json<Value> {
    Json(json!({ "subscribers": hub.inner().subscriber_count(&query.topic) }))
}
