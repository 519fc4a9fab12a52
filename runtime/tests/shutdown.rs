//! A server that goes away under load: everybody is told, nothing that was accepted is lost, and
//! who comes back comes back evenly.

#![cfg(feature = "server")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "test code, though not in a test function")]

mod support;

use asyncapi_ws::{
    frame::OpCode,
    hub::{Hub, HubOptions},
    limits::Limits,
    serve::serve,
    shutdown::ShutDown,
    testing::{RawClient, Received},
};
use std::{net::SocketAddr, time::Duration};
use support::{Board, PATH, json, message, on_port};
use tokio::net::TcpListener;

/// The size of the largest tenth among `values` of 0..`end`, in shares of an even tenth.
fn peak(values: &[u64], end: u64) -> f64 {
    let mut tenths = [0u32; 10];
    for value in values {
        tenths[(value * 10 / end).min(9) as usize] += 1;
    }
    f64::from(tenths.into_iter().max().unwrap()) * 10.0 / values.len() as f64
}

#[tokio::test]
async fn closes_and_returns_are_spread_evenly_over_their_windows() {
    const CLIENTS: usize = 600;
    let setup = on_port(Limits::default(), 2).await;
    let mut clients = Vec::new();
    for _ in 0..CLIENTS {
        clients.push(setup.server.connect_as(PATH, "board.v1").await.unwrap());
    }
    setup.hub.settled().await;
    let how = ShutDown { reconnect: Some(Duration::from_secs(20)), ..ShutDown::over(SECOND) };
    let hub = setup.hub.clone();
    let down = tokio::spawn(async move { hub.shut_down(how).await });
    while !setup.hub.is_shutting_down() {
        tokio::task::yield_now().await;
    }
    setup.hub.settled().await;
    let mut closes = Vec::new();
    for tenth in 0..10 {
        setup.clock.advance(SECOND / 10, &setup.hub).await;
        let closed: u64 = setup.hub.metrics().closed.values().sum();
        closes.extend(vec![tenth * 100; closed as usize - closes.len()]);
    }
    assert_eq!(closes.len(), CLIENTS);
    assert!(peak(&closes, 1000) < 1.15, "{closes:?}");
    let mut waits = Vec::new();
    for client in &mut clients {
        let (code, text) = client.receive_close().await.unwrap();
        assert_eq!(code, 1012);
        let wait = text.strip_prefix("service restart; retry-after=").unwrap();
        waits.push(wait.parse::<u64>().unwrap());
    }
    // Whoever is closed early waits as much longer; at most the drain window and the restart.
    assert!(waits.iter().all(|wait| (1_000..=22_000).contains(wait)), "{waits:?}");
    drop(clients);
    down.await.unwrap();
}

const SECOND: Duration = Duration::from_secs(1);

#[tokio::test]
async fn waits_of_one_moment_fill_the_reconnect_window_evenly() {
    let setup = on_port(Limits::default(), 2).await;
    let mut clients = Vec::new();
    for _ in 0..400 {
        clients.push(setup.server.connect_as(PATH, "board.v1").await.unwrap());
    }
    setup.hub.settled().await;
    let hub = setup.hub.clone();
    let how = ShutDown {
        away: Duration::ZERO,
        reconnect: Some(Duration::from_secs(20)),
        ..ShutDown::over(Duration::ZERO)
    };
    let down = tokio::spawn(async move { hub.shut_down(how).await });
    let mut waits = Vec::new();
    for client in &mut clients {
        let text = client.receive_close().await.unwrap().1;
        waits.push(text.rsplit_once('=').unwrap().1.parse::<u64>().unwrap());
    }
    assert!(peak(&waits, 20_000) < 1.15, "{waits:?}");
    drop(clients);
    down.await.unwrap();
}

/// Subscribes, then asks as fast as it is answered while it is pushed to; what is asked before the
/// signal must be answered, and pushes have no hole until the close.
async fn live(address: SocketAddr, plain: bool, asked: Asked) -> (u16, u64) {
    let mut client = RawClient::connect(address, PATH, &headers(plain)).await.unwrap();
    client.send_text(&json("subscribe", "news")).await.unwrap();
    let (mut pushes, mut unanswered) = (0u64, 1);
    let mut last_before_signal = false;
    loop {
        match client.receive().await.unwrap() {
            Received::Text(text) if text.starts_with(r#"{"type":"push""#) => {
                let value: serde_json::Value = serde_json::from_str(&text).unwrap();
                let number: u64 = value["text"].as_str().unwrap().parse().unwrap();
                assert!(pushes == 0 || number == pushes + 1, "{number} after {pushes}");
                pushes = number;
            }
            Received::Text(_) => {
                unanswered -= 1;
                if !last_before_signal {
                    let request = if pushes.is_multiple_of(3) { "sleep" } else { "echo" };
                    client.send_text(&json(request, "")).await.unwrap();
                    unanswered += 1;
                    // The signal comes after all have sent their last.
                    last_before_signal = asked.is_last();
                    if last_before_signal {
                        asked.done();
                    }
                }
            }
            Received::Close(Some((code, _))) => {
                assert_eq!(unanswered, 0, "asked before the signal, not answered before the close");
                client.send_close(code, "").await.unwrap();
                return (code, pushes);
            }
            Received::Ping(_) => client.send(OpCode::Pong, b"").await.unwrap(),
            other => panic!("{other:?}"),
        }
    }
}

fn headers(plain: bool) -> Vec<(&'static str, &'static str)> {
    if plain { Vec::new() } else { vec![("sec-websocket-protocol", "board.v1")] }
}

/// Tells the clients that what they ask now is the last, and waits until all have asked it.
#[derive(Clone)]
struct Asked {
    last: tokio::sync::watch::Receiver<bool>,
    done: tokio::sync::mpsc::Sender<()>,
}

impl Asked {
    fn is_last(&self) -> bool {
        *self.last.borrow()
    }

    fn done(&self) {
        self.done.try_send(()).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_signal_under_load_costs_nobody_an_answer_or_a_push() {
    const CLIENTS: usize = 100;
    let hub = Hub::with(HubOptions { shards: 2, ..HubOptions::default() });
    let router = asyncapi_ws::endpoint::Endpoint::new(Board::default()).hub(&hub).into_router();
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let (signal, signalled) = tokio::sync::oneshot::channel::<()>();
    let serving = {
        let hub = hub.clone();
        let signalled = async {
            let _ = signalled.await;
        };
        tokio::spawn(async move {
            serve(listener, router, &hub, signalled, Duration::from_millis(500)).await
        })
    };
    let (last, is_last) = tokio::sync::watch::channel(false);
    let (done, mut all_done) = tokio::sync::mpsc::channel(CLIENTS);
    let asked = Asked { last: is_last, done };
    let clients: Vec<_> =
        (0..CLIENTS).map(|n| tokio::spawn(live(address, n % 2 == 0, asked.clone()))).collect();
    drop(asked);
    let publisher = {
        let hub = hub.clone();
        tokio::spawn(async move {
            let mut number = 0u64;
            while !hub.is_shutting_down() || hub.connection_count() > 0 {
                number += 1;
                hub.publish("news", &message("push", &number.to_string())).unwrap();
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        })
    };
    tokio::time::sleep(Duration::from_millis(300)).await;
    last.send(true).unwrap();
    for _ in 0..CLIENTS {
        all_done.recv().await.unwrap();
    }
    signal.send(()).unwrap();
    for (n, client) in clients.into_iter().enumerate() {
        let (code, pushes) = client.await.unwrap();
        assert_eq!(code, if n % 2 == 0 { 1001 } else { 1012 });
        assert!(pushes > 0);
    }
    serving.await.unwrap().unwrap();
    publisher.await.unwrap();
    assert!(tokio::net::TcpStream::connect(address).await.is_err(), "nobody listens any more");
    assert_eq!(hub.connection_count(), 0);
}
