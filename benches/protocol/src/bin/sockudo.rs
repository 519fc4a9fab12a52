//! Echo over sockudo-ws, compression on, from its pool that connections share.

use axum::{Router, response::IntoResponse};
use futures_util::StreamExt;
use sockudo_ws::{
    Compression, Config, Message,
    axum_integration::{WebSocket, WebSocketUpgrade},
};

async fn answer(upgrade: WebSocketUpgrade) -> impl IntoResponse {
    let config = Config::builder()
        .max_payload_length(protocol_comparison::LARGEST)
        .idle_timeout(3600)
        .compression(Compression::Shared)
        .build();
    upgrade.config(config).on_upgrade(echo)
}

async fn echo(mut socket: WebSocket) {
    while let Some(Ok(message)) = socket.next().await {
        if matches!(message, Message::Text(_) | Message::Binary(_))
            && socket.send(message).await.is_err()
        {
            return;
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::io::Result<()> {
    let port = std::env::args().nth(1).and_then(|port| port.parse().ok()).unwrap_or(9001);
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    axum::serve(listener, Router::new().fallback(axum::routing::get(answer))).await
}
