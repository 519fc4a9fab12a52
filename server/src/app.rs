//! The router, on one screen.

use std::sync::Arc;

use asyncapi_ws::hub::{Hub, HubOptions};
use axum::http::header::CONTENT_TYPE;
use axum::response::{Html, IntoResponse, Json};
use axum::routing::get;
use axum::{Router, extract::State};
use serde_json::json;

use crate::api::{self, TradingHub};
use crate::bars::Trading;
use crate::broadcaster::MetricsReader;
use crate::config::Config;
use crate::documents::Documents;

/// Where the WebSocket is, and below it the documents.
pub const ENDPOINT: &str = "/api/v1/ws";

/// The service before it listens.
#[derive(Debug)]
pub struct App {
    /// All routes.
    pub router: Router,
    /// Publishes to the topics.
    pub hub: TradingHub,
}

/// What the routes besides the WebSocket need.
#[derive(Clone)]
struct Shared {
    hub: TradingHub,
    documents: Arc<Documents>,
    broadcaster: Option<MetricsReader>,
}

/// Puts the service together. `broadcaster` reads the metrics of the broadcaster that will run, made
/// from the hub.
///
/// # Errors
/// What is wrong with the contract.
pub fn app(
    config: &Config,
    broadcaster: impl FnOnce(&TradingHub) -> Option<MetricsReader>,
) -> Result<App, String> {
    let hub = Hub::with(HubOptions { limits: config.limits.limits(), ..HubOptions::default() });
    let endpoint = api::Trading::endpoint(Trading)
        .with_hub(&hub)
        .heartbeat(config.heartbeat_interval)
        .lifespan(config.max_connection_lifespan);
    let hub = endpoint.hub();
    let shared = Shared {
        hub: hub.clone(),
        documents: Arc::new(Documents::prepare()?),
        broadcaster: broadcaster(&hub),
    };
    let router = Router::new()
        .route("/healthz", get(healthz))
        .route(&format!("{ENDPOINT}/asyncapi"), get(page))
        .route(&format!("{ENDPOINT}/asyncapi.json"), get(json_document))
        .route(&format!("{ENDPOINT}/asyncapi.yaml"), get(yaml_document))
        .with_state(shared)
        .merge(endpoint.into_router());
    Ok(App { router, hub })
}

async fn healthz(State(shared): State<Shared>) -> impl IntoResponse {
    let broadcaster = shared.broadcaster.map(|metrics| {
        let metrics = metrics.read();
        let resolutions: Vec<&str> =
            metrics.resolutions.iter().map(|resolution| resolution.as_str()).collect();
        json!({
            "is_running": metrics.is_running,
            "interval": metrics.interval.as_secs_f64(),
            "symbols": metrics.symbols,
            "resolutions": resolutions,
            "broadcasts_sent": metrics.broadcasts_sent,
            "broadcasts_skipped": metrics.broadcasts_skipped,
            "errors": metrics.errors,
        })
    });
    Json(json!({
        "status": "ok",
        "connections": shared.hub.inner().connection_count(),
        "topics": shared.hub.inner().topic_count(),
        "bar_broadcaster": broadcaster,
    }))
}

async fn page(State(shared): State<Shared>) -> Html<String> {
    Html(shared.documents.page.clone())
}

async fn json_document(State(shared): State<Shared>) -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/json")], shared.documents.json.clone())
}

async fn yaml_document(State(shared): State<Shared>) -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/yaml")], shared.documents.yaml)
}
