//! What one writes by hand with axum: a task and a broadcast receiver for each client.
//! `axum_broadcast PORT RATE TOPICS`

use axum::{
    Router,
    extract::ws::{Message, Utf8Bytes, WebSocket, WebSocketUpgrade},
    routing::any,
};
use std::{collections::HashMap, sync::Arc};
use tokio::sync::broadcast::{self, error::RecvError};

type Topics = Arc<HashMap<String, broadcast::Sender<Utf8Bytes>>>;

#[derive(serde::Deserialize)]
struct Request<'a> {
    r#type: &'a str,
    #[serde(borrow)]
    payload: Payload<'a>,
}

#[derive(serde::Deserialize)]
struct Payload<'a> {
    symbol: &'a str,
}

async fn client(mut socket: WebSocket, topics: Topics) {
    let mut pushes: Option<broadcast::Receiver<Utf8Bytes>> = None;
    loop {
        let push = async {
            match &mut pushes {
                Some(pushes) => pushes.recv().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            message = socket.recv() => {
                let Some(Ok(Message::Text(text))) = message else { return };
                let Ok(request) = serde_json::from_str::<Request<'_>>(&text) else { return };
                let symbol = request.payload.symbol;
                let topic = format!("bars:{symbol}:1");
                let (verb, preposition) = if request.r#type == "bars.subscribe" {
                    pushes = topics.get(&topic).map(broadcast::Sender::subscribe);
                    ("Subscribed", "to")
                } else {
                    pushes = None;
                    ("Unsubscribed", "from")
                };
                let reply = format!(
                    r#"{{"type":"{}.response","payload":{{"status":"ok","symbol":"{symbol}","message":"{verb} {preposition} {symbol}","topic":"{topic}"}}}}"#,
                    request.r#type
                );
                if socket.send(Message::Text(reply.into())).await.is_err() {
                    return;
                }
            }
            push = push => match push {
                Ok(text) => {
                    if socket.send(Message::Text(text)).await.is_err() {
                        return;
                    }
                }
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return,
            }
        }
    }
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let (port, rate, count) = benches::arguments();
    let topics: Topics = Arc::new(
        (0..count.max(1)).map(|n| (benches::topic(n), broadcast::channel(256).0)).collect(),
    );
    if rate > 0.0 {
        let topics = Arc::clone(&topics);
        std::thread::spawn(move || {
            let mut turn = 0;
            benches::at_rate(rate, |due| {
                for due in due {
                    let topic = benches::topic(turn % count.max(1));
                    turn += 1;
                    let mut payload = Vec::with_capacity(256);
                    benches::push(&topic, *due, &mut payload);
                    if let (Some(sender), Ok(text)) =
                        (topics.get(&topic), String::from_utf8(payload))
                    {
                        let _ = sender.send(text.into());
                    }
                }
            })
        });
    }
    let router = Router::new().route(
        "/api/v1/ws",
        any(move |upgrade: WebSocketUpgrade| async move {
            upgrade.on_upgrade(move |socket| client(socket, topics))
        }),
    );
    axum::serve(tokio::net::TcpListener::bind(("127.0.0.1", port)).await?, router).await
}
