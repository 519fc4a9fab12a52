//! Many clients that do as they please, some of them badly, while several threads publish: whatever
//! happens, order holds for those who behave, and nothing is left behind.

#![cfg(feature = "server")]
#![allow(clippy::unwrap_used, reason = "test code, though not in a test function")]

mod support;

use asyncapi_ws::{
    frame::OpCode,
    hub::{Overflow, Publish},
    limits::Limits,
    testing::{RawClient, Received},
};
use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
    time::Duration,
};
use support::{PATH, Setup, json, message, on_port};

/// A source of random numbers whose seed is printed when a test fails.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        // splitmix64
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % bound
    }
}

const TOPICS: [&str; 4] = ["plain", "kept", "newest", "oldest"];

fn options(topic: &str) -> Publish<'static> {
    match topic {
        "kept" => Publish { keep: 50, ..Publish::default() },
        "newest" => Publish { overflow: Overflow::Conflate, keep: 1, key: "" },
        "oldest" => Publish { overflow: Overflow::DropOldest, ..Publish::default() },
        _ => Publish::default(),
    }
}

/// What a client has to see: for each topic numbers that only grow, and none of a topic that it is
/// not subscribed to.
#[derive(Default)]
struct Ledger {
    last: HashMap<&'static str, u64>,
    subscribed: [bool; 4],
}

impl Ledger {
    fn check(&mut self, text: &str) {
        let value: serde_json::Value = serde_json::from_str(text).unwrap();
        if value["type"] != "push" {
            return;
        }
        let (topic, rest) = value["text"].as_str().unwrap().split_once(' ').unwrap();
        let number: u64 = rest.split(' ').next().unwrap().parse().unwrap();
        let at = TOPICS.iter().position(|of| *of == topic).unwrap();
        assert!(self.subscribed[at], "a push of {topic} after the reply to its unsubscribe");
        let last = self.last.entry(TOPICS[at]).or_default();
        assert!(number > *last, "{topic}: {number} after {last}");
        *last = number;
    }
}

/// Reads until a text of this type; checks the pushes before it. `false` when the server closed.
async fn reply(client: &mut RawClient, ledger: &mut Ledger, kind: &str) -> bool {
    loop {
        match client.receive().await.unwrap() {
            Received::Text(text) if text == "slept" => return true,
            Received::Text(text) if text.starts_with(&format!(r#"{{"type":"{kind}""#)) => {
                return true;
            }
            Received::Text(text) => ledger.check(&text),
            Received::Close(_) | Received::End => return false,
            _ => {}
        }
    }
}

async fn behave(setup: Arc<Setup>, seed: u64) {
    let mut random = Random(seed);
    let mut client = setup.server.connect(PATH).await.unwrap();
    let mut ledger = Ledger::default();
    for _ in 0..random.below(40) {
        let at = random.below(4) as usize;
        let (send, kind) = match random.below(6) {
            0 | 1 => ("subscribe", "subscribed"),
            2 => ("unsubscribe", "unsubscribed"),
            3 => ("follow", "following"),
            4 => ("echo", "echo"),
            _ => ("sleep", ""),
        };
        if send == "sleep" {
            client.send_text(&json("sleep", "")).await.unwrap();
            if !reply(&mut client, &mut ledger, "slept").await {
                return;
            }
            continue;
        }
        client.send_text(&json(send, TOPICS[at])).await.unwrap();
        // Pushes may come right behind the reply, and up to the reply of an unsubscribe.
        if send == "subscribe" || send == "follow" {
            ledger.subscribed[at] = true;
        }
        if !reply(&mut client, &mut ledger, kind).await {
            return;
        }
        if send == "unsubscribe" {
            ledger.subscribed[at] = false;
            // Subscribed again, a topic that remembers begins anew.
        }
    }
    client.send_close(1000, "").await.unwrap();
    while !matches!(client.receive().await.unwrap(), Received::End) {}
}

async fn misbehave(setup: Arc<Setup>, seed: u64) {
    let mut random = Random(seed);
    let Ok(mut client) = setup.server.connect(PATH).await else { return };
    // Errors are expected: the server ends such connections.
    for _ in 0..random.below(20) {
        let topic = TOPICS[random.below(4) as usize];
        let sent = match random.below(9) {
            0 => client.send_text(&json("subscribe", topic)).await,
            1 => client.send_text(&json("wait", "")).await,
            2 => client.send_text(&json("hang-up", "")).await,
            3 => client.send_text("not json").await,
            4 => client.send(OpCode::Ping, b"?").await,
            5 => client.send_raw(&[0x81, 0xfe, 0xff]).await,
            6 => client.send(OpCode::Continuation, b"?").await,
            7 => client.send_text(&json("panic", "")).await,
            _ => {
                tokio::time::sleep(Duration::from_millis(random.below(20))).await;
                Ok(())
            }
        };
        if sent.is_err() {
            return;
        }
    }
    if random.below(2) == 0 {
        let _ = client.send_close(1001, "bye").await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_clients_do_order_holds_and_nothing_is_left_behind() {
    std::panic::set_hook(Box::new(|info| {
        if !info.to_string().contains("the handler of a test") {
            eprintln!("{info}");
        }
    }));
    let limits = Limits { queue_bytes: 64 * 1024, ..Limits::default() };
    let setup = Arc::new(on_port(limits, 2).await);
    let stop = Arc::new(AtomicBool::new(false));
    let publishers: Vec<_> = TOPICS
        .iter()
        .map(|topic| {
            let (hub, stop) = (setup.hub.clone(), Arc::clone(&stop));
            std::thread::spawn(move || {
                let mut random = Random(topic.len() as u64);
                for number in 1u64.. {
                    if stop.load(SeqCst) {
                        return;
                    }
                    let filler = "x".repeat(random.below(300) as usize);
                    let text = format!("{topic} {number} {filler}");
                    // A full shard is no failure here.
                    let _ = hub.publish_with(topic, &message("push", &text), options(topic));
                    // Bursts and pauses.
                    if random.below(4) == 0 {
                        std::thread::sleep(Duration::from_micros(random.below(20_000)));
                    }
                }
            })
        })
        .collect();
    for round in 0..6 {
        let mut tasks = Vec::new();
        for n in 0..40 {
            let seed = round * 1000 + n;
            tasks.push(tokio::spawn(behave(Arc::clone(&setup), seed)));
            tasks.push(tokio::spawn(misbehave(Arc::clone(&setup), seed)));
        }
        for (n, task) in tasks.into_iter().enumerate() {
            task.await.unwrap_or_else(|error| panic!("round {round}, task {n}: {error}"));
        }
    }
    stop.store(true, SeqCst);
    for publisher in publishers {
        publisher.join().unwrap();
    }
    let patience = std::time::Instant::now() + Duration::from_secs(60);
    while setup.hub.connection_count() > 0 {
        // Those that never answer a close are dropped when the clock says so.
        setup.clock.advance(Duration::from_secs(1), &setup.hub).await;
        tokio::time::sleep(Duration::from_millis(5)).await;
        assert!(std::time::Instant::now() < patience, "{:?}", setup.hub.metrics());
    }
    setup.hub.settled().await;
    let metrics = setup.hub.metrics();
    assert_eq!(metrics.connections_open, 0);
    assert_eq!(metrics.queued_bytes, 0);
    assert_eq!(metrics.closed.values().sum::<u64>(), metrics.connections_total);
    assert_eq!(setup.board.closed().len() as u64, metrics.connections_total);
    for topic in TOPICS {
        assert!(!setup.hub.has_subscribers(topic), "{topic}");
        assert_eq!(setup.hub.subscriber_count(topic), 0);
        setup.hub.forget(topic);
    }
    assert_eq!(setup.hub.topic_count(), 0);
}
