//! Topics that remember, topics whose messages replace each other, and hooks on their life.

#![cfg(feature = "server")]
#![allow(clippy::unwrap_used, reason = "test code, though not in a test function")]

mod support;

use asyncapi_ws::{
    endpoint::Endpoint,
    hub::{Overflow, Publish, TopicHooks},
    limits::Limits,
    testing::{RawClient, TestServer},
};
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};
use support::{PATH, Setup, in_process, json, message, on_port};

fn setup() -> Setup {
    in_process(Limits::default(), |endpoint| endpoint)
}

async fn client(setup: &Setup) -> RawClient {
    setup.server.connect(PATH).await.unwrap()
}

/// Sends a `follow`; the position and the recovery of its reply.
async fn follow(client: &mut RawClient, text: &str) -> (String, String) {
    client.send_text(&json("follow", text)).await.unwrap();
    let reply = client.receive_text().await.unwrap();
    let reply: serde_json::Value = serde_json::from_str(&reply).unwrap();
    let (position, recovery) = reply["text"].as_str().unwrap().split_once(' ').unwrap();
    (position.to_owned(), recovery.to_owned())
}

fn kept(keep: u32) -> Publish<'static> {
    Publish { keep, ..Publish::default() }
}

#[tokio::test]
async fn the_last_value_is_there_for_who_comes_later() {
    let setup = setup();
    let mut early = client(&setup).await;
    follow(&mut early, "price").await;
    for text in ["1", "2"] {
        setup.hub.publish_with("price", &message("push", text), kept(1)).unwrap();
        assert_eq!(early.receive_text().await.unwrap(), json("push", text));
    }
    let mut late = client(&setup).await;
    assert_eq!(follow(&mut late, "price last").await.1, "Complete(1)");
    assert_eq!(late.receive_text().await.unwrap(), json("push", "2"));
    setup.hub.publish_with("price", &message("push", "3"), kept(1)).unwrap();
    assert_eq!(late.receive_text().await.unwrap(), json("push", "3"));
    assert_eq!(early.receive_text().await.unwrap(), json("push", "3"));
    drop((early, late));
    while setup.hub.connection_count() > 0 {
        setup.hub.settled().await;
    }
    assert_eq!(setup.hub.topic_count(), 1, "remembered though nobody is there");
    assert!(!setup.hub.has_subscribers("price"));
    setup.hub.forget("price");
    assert_eq!(setup.hub.topic_count(), 0);
}

#[tokio::test]
async fn who_comes_back_in_time_misses_nothing_and_who_does_not_is_told() {
    let setup = setup();
    let mut first = client(&setup).await;
    let unknown = "0-0";
    let (start, recovery) = follow(&mut first, &format!("news {unknown}")).await;
    assert_eq!(recovery, "Gap", "another life, as far as anybody knows");
    assert!(start.ends_with("-0"), "a position though nothing was ever published: {start}");
    for n in 1..=5 {
        let text = n.to_string();
        setup.hub.publish_with("news", &message("push", &text), kept(3)).unwrap();
        assert_eq!(first.receive_text().await.unwrap(), json("push", &text));
    }
    let epoch = start.strip_suffix("-0").unwrap();
    let mut second = client(&setup).await;
    let (position, recovery) = follow(&mut second, &format!("news {epoch}-2")).await;
    assert_eq!((position, recovery.as_str()), (format!("{epoch}-5"), "Complete(3)"));
    for text in ["3", "4", "5"] {
        assert_eq!(second.receive_text().await.unwrap(), json("push", text));
    }
    let mut third = client(&setup).await;
    assert_eq!(follow(&mut third, &format!("news {epoch}-1")).await.1, "Gap");
}

#[tokio::test]
async fn a_position_outlives_a_topic_that_nobody_was_in_and_not_what_was_forgotten() {
    let setup = setup();
    let mut first = client(&setup).await;
    let (start, _) = follow(&mut first, "news 0-0").await;
    drop(first);
    while setup.hub.topic_count() > 0 {
        setup.hub.settled().await;
    }
    for text in ["1", "2"] {
        setup.hub.publish_with("news", &message("push", text), kept(3)).unwrap();
    }
    let mut second = client(&setup).await;
    let (position, recovery) = follow(&mut second, &format!("news {start}")).await;
    assert_eq!(recovery, "Complete(2)", "nothing had come when it went");
    for text in ["1", "2"] {
        assert_eq!(second.receive_text().await.unwrap(), json("push", text));
    }
    setup.hub.forget("news");
    for text in ["3", "4", "5"] {
        setup.hub.publish_with("news", &message("push", text), kept(3)).unwrap();
        assert_eq!(second.receive_text().await.unwrap(), json("push", text));
    }
    for old in [start, position] {
        let mut third = client(&setup).await;
        assert_eq!(follow(&mut third, &format!("news {old}")).await.1, "Gap");
    }
}

#[tokio::test]
async fn a_replay_and_what_follows_it_have_no_hole_and_no_repetition() {
    let setup = on_port(Limits::default(), 2).await;
    let hub = setup.hub.clone();
    let publisher = tokio::task::spawn_blocking(move || {
        for n in 1..=3000u32 {
            hub.publish_with("count", &message("push", &n.to_string()), kept(4000)).unwrap();
            if n.is_multiple_of(10) {
                std::thread::sleep(Duration::from_micros(100));
            }
        }
    });
    while setup.hub.topic_count() == 0 {
        tokio::task::yield_now().await;
    }
    let mut clients = Vec::new();
    for _ in 0..20 {
        let mut client = client(&setup).await;
        let (position, _) = follow(&mut client, "count last").await;
        let offset: u32 = position.split_once('-').unwrap().1.parse().unwrap();
        clients.push((client, offset));
    }
    publisher.await.unwrap();
    for (mut client, offset) in clients {
        for n in offset..=3000 {
            assert_eq!(client.receive_text().await.unwrap(), json("push", &n.to_string()));
        }
        client.send_text(&json("echo", "end")).await.unwrap();
        assert_eq!(client.receive_text().await.unwrap(), json("echo", "end"));
    }
}

/// Publishes until the client's queue has dropped something; how many were published.
async fn publish_until_dropped(setup: &Setup, options: Publish<'_>) -> u64 {
    let filler = "x".repeat(10_000);
    let mut published = 0;
    while setup.hub.metrics().dropped < 10 {
        let text = format!("{published} {filler}");
        setup.hub.publish_with("news", &message("push", &text), options).unwrap();
        published += 1;
        setup.hub.settled().await;
        assert!(published < 10_000, "kernel buffers end somewhere");
    }
    published
}

#[tokio::test]
async fn newer_values_replace_waiting_ones_and_the_last_always_arrives() {
    let setup = on_port(Limits { queue_bytes: 100_000, ..Limits::default() }, 1).await;
    let mut slow = client(&setup).await;
    follow(&mut slow, "news").await;
    let options = Publish { overflow: Overflow::Conflate, ..Publish::default() };
    let published = publish_until_dropped(&setup, options).await;
    assert!(setup.hub.metrics().queued_bytes < 25_000, "at most a part and a whole");
    let (mut seen, mut dropped) = (0, 0);
    while seen + dropped < published {
        let text = slow.receive_text().await.unwrap();
        if let Some(rest) = text.strip_prefix(r#"{"type":"dropped","text":"news "#) {
            dropped += rest.strip_suffix("\"}").unwrap().parse::<u64>().unwrap();
        } else {
            seen += 1;
            if seen + setup.hub.metrics().dropped == published {
                assert!(
                    text.starts_with(&format!(r#"{{"type":"push","text":"{} "#, published - 1))
                );
            }
        }
    }
    assert_eq!(dropped, setup.hub.metrics().dropped);
    slow.send_text(&json("echo", "still here")).await.unwrap();
    assert_eq!(slow.receive_text().await.unwrap(), json("echo", "still here"));
}

#[tokio::test]
async fn the_oldest_waiting_messages_make_room_within_the_budget() {
    let setup = on_port(Limits { queue_bytes: 100_000, ..Limits::default() }, 1).await;
    let mut slow = client(&setup).await;
    follow(&mut slow, "news").await;
    let options = Publish { overflow: Overflow::DropOldest, ..Publish::default() };
    let published = publish_until_dropped(&setup, options).await;
    assert!(setup.hub.metrics().queued_bytes <= 110_000);
    let mut numbers = Vec::new();
    while numbers.last() != Some(&(published - 1)) {
        let text = slow.receive_text().await.unwrap();
        let text = text.strip_prefix(r#"{"type":"push","text":""#).unwrap();
        numbers.push(text.split_once(' ').unwrap().0.parse().unwrap());
    }
    assert!(numbers.is_sorted());
    let missing = published - numbers.len() as u64;
    assert_eq!(missing, setup.hub.metrics().dropped);
    assert_eq!(
        slow.receive_text().await.unwrap(),
        json("dropped", &format!("news {missing}")),
        "told as soon as there is room"
    );
}

#[tokio::test]
async fn the_application_takes_a_topic_away_and_closes_whom_it_likes() {
    let setup = on_port(Limits::default(), 2).await;
    let mut clients = Vec::new();
    for _ in 0..4 {
        let mut client = client(&setup).await;
        follow(&mut client, "account").await;
        clients.push(client);
    }
    let first = setup.board.session(0).id();
    setup.hub.each_session(move |session| {
        if session.id() == first {
            session.close(asyncapi_ws::close::Situation::TokenExpired);
        } else {
            session.revoke("account", &message("revoked", "account")).unwrap();
        }
    });
    let mut closed = 0;
    for client in &mut clients {
        match client.receive().await.unwrap() {
            asyncapi_ws::testing::Received::Close(close) => {
                assert_eq!(close, Some((1008, "token expired".to_owned())));
                closed += 1;
            }
            other => {
                assert_eq!(other, asyncapi_ws::testing::Received::Text(json("revoked", "account")))
            }
        }
    }
    assert_eq!(closed, 1);
    assert!(!setup.hub.has_subscribers("account"));
}

#[tokio::test]
async fn an_interval_bounds_the_traffic_and_the_last_value_arrives() {
    let setup = setup();
    let mut paced = client(&setup).await;
    paced.send_text(&json("follow-paced", "price")).await.unwrap();
    paced.receive_text().await.unwrap();
    let mut all = client(&setup).await;
    follow(&mut all, "price").await;
    let (hub, publish) = (setup.hub.clone(), |hub: &asyncapi_ws::hub::Hub, key, text: &str| {
        let options = Publish { key, ..Publish::default() };
        hub.publish_with("price", &message("push", text), options).unwrap();
    });
    for n in 0..10 {
        publish(&hub, "a", &n.to_string());
        hub.settled().await;
    }
    assert_eq!(
        paced.receive_text().await.unwrap(),
        json("push", "0"),
        "at once after a quiet time"
    );
    publish(&hub, "b", "other key");
    hub.settled().await;
    setup.clock.advance(Duration::from_millis(999), &hub).await;
    assert_eq!(paced.received_so_far().await.unwrap(), []);
    setup.clock.advance(Duration::from_millis(1), &hub).await;
    assert_eq!(paced.receive_text().await.unwrap(), json("push", "9"));
    assert_eq!(paced.receive_text().await.unwrap(), json("push", "other key"));
    publish(&hub, "a", "last");
    hub.settled().await;
    setup.clock.advance(Duration::from_secs(1), &hub).await;
    assert_eq!(paced.receive_text().await.unwrap(), json("push", "last"));
    setup.clock.advance(Duration::from_secs(10), &hub).await;
    assert_eq!(paced.received_so_far().await.unwrap(), []);

    // A thousand times the rate: the same work for the paced client, all of it for the other.
    let before = hub.metrics().messages_out;
    for _ in 0..1000 {
        publish(&hub, "a", "");
    }
    hub.settled().await;
    setup.clock.advance(Duration::from_secs(1), &hub).await;
    // The first and the last, or the last alone where a shard got them all in one turn.
    let paced = hub.metrics().messages_out - before - 1000;
    assert!((1..=2).contains(&paced), "{paced} for the paced client");
    for n in 0..10 {
        assert_eq!(all.receive_text().await.unwrap(), json("push", &n.to_string()));
    }
}

#[derive(Clone, Default)]
struct Calls(Arc<Mutex<Vec<String>>>);

impl Calls {
    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

impl TopicHooks for Calls {
    fn active(&self, topic: &str) {
        self.0.lock().unwrap().push(format!("active {topic}"));
    }

    fn idle(&self, topic: &str) {
        self.0.lock().unwrap().push(format!("idle {topic}"));
    }
}

/// Lets the task that calls the hooks run until it has nothing more to do.
async fn let_hooks_run() {
    for _ in 0..10 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_feed_runs_while_somebody_listens_and_a_moment_longer() {
    let setup = setup();
    let calls = Calls::default();
    assert!(setup.hub.watch_topics(Duration::from_secs(5), calls.clone()));
    assert!(!setup.hub.watch_topics(Duration::from_secs(5), Calls::default()));
    let mut client = client(&setup).await;
    follow(&mut client, "bars").await;
    let_hooks_run().await;
    assert_eq!(calls.take(), ["active bars"]);
    for (request, reply) in [("unsubscribe", "unsubscribed"), ("subscribe", "subscribed")] {
        client.send_text(&json(request, "bars")).await.unwrap();
        assert_eq!(client.receive_text().await.unwrap(), json(reply, "bars"));
        let_hooks_run().await;
        setup.clock.advance(Duration::from_secs(4), &setup.hub).await;
        let_hooks_run().await;
    }
    assert_eq!(calls.take(), [] as [String; 0], "came back in time");
    client.send_text(&json("unsubscribe", "bars")).await.unwrap();
    client.receive_text().await.unwrap();
    let_hooks_run().await;
    setup.clock.advance(Duration::from_secs(5), &setup.hub).await;
    let_hooks_run().await;
    assert_eq!(calls.take(), ["idle bars"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_hooks_of_a_topic_alternate_though_a_thousand_clients_race() {
    let setup = on_port(Limits::default(), 2).await;
    // Pipes instead of sockets: so many descriptors a process may not have.
    let router = Endpoint::new(setup.board.clone()).hub(&setup.hub).into_router();
    let server = Arc::new(TestServer::in_process(router, &setup.hub));
    let calls = Calls::default();
    setup.hub.watch_topics(Duration::ZERO, calls.clone());
    let mut tasks = Vec::new();
    for n in 0..1000 {
        let server = Arc::clone(&server);
        tasks.push(tokio::spawn(async move {
            let mut client = server.connect(PATH).await.unwrap();
            for _ in 0..3 {
                for (request, reply) in
                    [("subscribe", "subscribed"), ("unsubscribe", "unsubscribed")]
                {
                    client.send_text(&json(request, "contended")).await.unwrap();
                    assert_eq!(client.receive_text().await.unwrap(), json(reply, "contended"));
                }
            }
            // Some say good-bye, some vanish.
            if n % 2 == 0 {
                client.send_text(&json("subscribe", "contended")).await.unwrap();
                client.receive_text().await.unwrap();
            }
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    while setup.hub.connection_count() > 0 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let patience = std::time::Instant::now() + Duration::from_secs(10);
    let mut seen = Vec::new();
    while seen.last() != Some(&"idle contended".to_owned()) || seen.len() % 2 != 0 {
        seen.extend(calls.take());
        assert!(std::time::Instant::now() < patience, "{seen:?}");
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    for pair in seen.chunks(2) {
        assert_eq!(pair, ["active contended", "idle contended"]);
    }
    assert_eq!(setup.hub.topic_count(), 0);
}
