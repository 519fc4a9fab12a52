//! Clients that do not read, servers that are full, and shutting down.

#![cfg(feature = "server")]
#![allow(clippy::unwrap_used, reason = "test code, though not in a test function")]

mod support;

use asyncapi_ws::{
    admission::Denial,
    close::{CloseCode, Situation},
    frame::OpCode,
    handshake::Handshake,
    hub::{Overflow, Publish},
    limits::{Limits, Rate},
    testing::{RawClient, Received},
};
use axum::http::Extensions;
use std::time::Duration;
use support::{PATH, in_process, json, message, on_port};

async fn subscribed(setup: &support::Setup, subprotocol: &str) -> RawClient {
    let mut client = match subprotocol {
        "" => setup.server.connect(PATH).await.unwrap(),
        name => setup.server.connect_as(PATH, name).await.unwrap(),
    };
    client.send_text(&json("subscribe", "news")).await.unwrap();
    client.receive_text().await.unwrap();
    client
}

#[tokio::test]
async fn a_client_that_stops_reading_is_closed_and_delays_nobody() {
    for (subprotocol, code) in [("", 1008), ("board.v1", 4100)] {
        let limits = Limits { queue_bytes: 64 * 1024, ..Limits::default() };
        let setup = on_port(limits, 1).await;
        let mut stuck = subscribed(&setup, subprotocol).await;
        let mut quick = subscribed(&setup, subprotocol).await;
        let text = "x".repeat(10_000);
        let mut published = 0;
        while setup.hub.metrics().closed.is_empty() {
            setup.hub.publish("news", &message("push", &text)).unwrap();
            published += 1;
            assert_eq!(quick.receive_text().await.unwrap(), json("push", &text));
            assert!(published < 10_000, "kernel buffers end somewhere");
        }
        let metrics = setup.hub.metrics();
        assert_eq!(metrics.closed.get(&CloseCode::new(code)), Some(&1));
        assert!(metrics.dropped > 0);
        assert!(metrics.queued_bytes < 64 * 1024, "{}", metrics.queued_bytes);
        let mut last = String::new();
        let close = loop {
            match stuck.receive().await.unwrap() {
                Received::Text(text) => last = text,
                Received::Close(close) => break close,
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(last, json("dropped", &format!("news {}", metrics.dropped)));
        assert_eq!(close, Some((code, "slow consumer".to_owned())));
        assert_eq!(setup.hub.subscriber_count("news"), 1);
    }
}

#[tokio::test]
async fn pongs_and_the_close_are_outside_of_every_policy() {
    let options = Publish { overflow: Overflow::DropOldest, ..Publish::default() };
    let setup = on_port(Limits { queue_bytes: 64 * 1024, ..Limits::default() }, 1).await;
    let mut stuck = subscribed(&setup, "").await;
    let text = "x".repeat(10_000);
    let mut pings = Vec::new();
    while setup.hub.metrics().dropped < 10 {
        setup.hub.publish_with("news", &message("push", &text), options).unwrap();
        let ping = pings.len().to_string().into_bytes();
        stuck.send(OpCode::Ping, &ping).await.unwrap();
        pings.push(ping);
        setup.hub.settled().await;
        assert!(pings.len() < 10_000, "kernel buffers end somewhere");
    }
    setup.board.session(0).close(Situation::Shutdown);
    let mut pongs = Vec::new();
    let close = loop {
        match stuck.receive().await.unwrap() {
            Received::Pong(pong) => pongs.push(pong),
            Received::Close(close) => break close,
            Received::Text(_) => {}
            other => panic!("{other:?}"),
        }
    };
    // Who does not read is not read either: the last pings may lie unread.
    assert!(!pongs.is_empty() && pings.starts_with(&pongs));
    assert_eq!(close.map(|(code, _)| code), Some(1001));
}

#[tokio::test]
async fn a_client_that_sends_but_does_not_read_is_not_read_either() {
    let limits = Limits { queue_bytes: 64 * 1024, ..Limits::default() };
    let setup = on_port(limits, 1).await;
    let mut client = setup.server.connect(PATH).await.unwrap();
    let text = "x".repeat(10_000);
    let mut sent = 0;
    // Sending stalls when both directions are full; nothing is lost or closed meanwhile.
    while let Ok(done) =
        tokio::time::timeout(Duration::from_millis(300), client.send_text(&json("echo", &text)))
            .await
    {
        done.unwrap();
        sent += 1;
        assert!(sent < 10_000, "kernel buffers end somewhere");
    }
    assert!(setup.hub.metrics().queued_bytes <= 64 * 1024 + 20_000);
    for _ in 0..sent {
        assert_eq!(client.receive_text().await.unwrap(), json("echo", &text));
    }
}

#[tokio::test]
async fn who_asks_too_much_is_told_and_who_goes_on_is_closed() {
    for (subprotocol, code) in [("", 1008), ("board.v1", 4102)] {
        let rate = Some(Rate { per_second: 1, burst: 2 });
        let setup = in_process(Limits { rate, ..Limits::default() }, |endpoint| endpoint);
        let mut client = match subprotocol {
            "" => setup.server.connect(PATH).await.unwrap(),
            name => setup.server.connect_as(PATH, name).await.unwrap(),
        };
        let error = json("error", "too many requests");
        let echo = json("echo", "");
        for expected in [&echo, &echo, &error] {
            client.send_text(&echo).await.unwrap();
            assert_eq!(&client.receive_text().await.unwrap(), expected);
        }
        setup.clock.advance(Duration::from_secs(1), &setup.hub).await;
        for expected in [&echo, &error, &error] {
            client.send_text(&echo).await.unwrap();
            assert_eq!(&client.receive_text().await.unwrap(), expected);
        }
        client.send_text(&echo).await.unwrap();
        let text = "rate limit exceeded".to_owned();
        assert_eq!(client.receive_close().await.unwrap(), (code, text));
    }
}

#[tokio::test]
async fn a_publisher_that_outruns_its_shard_is_told() {
    let limits = Limits { publish_queue_bytes: 10_000, ..Limits::default() };
    let setup = on_port(limits, 1).await;
    let _client = subscribed(&setup, "").await;
    let text = "x".repeat(1_000);
    let error = (0..1_000_000)
        .find_map(|_| setup.hub.publish("news", &message("push", &text)).err())
        .unwrap();
    assert_eq!(
        error.to_string(),
        "published messages that wait for a shard exceed publish_queue_bytes 10000; \
         publish less, or give the machine more cores"
    );
}

#[tokio::test]
async fn a_full_server_says_when_to_come_back() {
    let limits = Limits { connections: 1, ..Limits::default() };
    let setup = in_process(limits, |endpoint| endpoint);
    let _first = subscribed(&setup, "").await;
    let (status, headers, _) = setup.server.handshake(PATH, &[]).await.unwrap();
    assert_eq!((status, headers["retry-after"].to_str().unwrap()), (503, "5"));
    let mut declared = setup.server.connect_as(PATH, "board.v1").await.unwrap();
    assert_eq!(
        declared.receive_close().await.unwrap(),
        (4101, "overloaded; retry-after=5000".to_owned())
    );
    assert_eq!(setup.hub.metrics().handshakes_refused, 2);
}

#[tokio::test]
async fn whom_the_application_denies_learns_why_in_the_way_it_understands() {
    let setup = in_process(Limits::default(), |endpoint| {
        endpoint.admission(|handshake: &Handshake<'_>| match handshake.query() {
            Some("token=good") => Ok(Extensions::new()),
            Some("again") => {
                Err(Denial::new(Situation::Rate).retry_after(Duration::from_millis(1500)))
            }
            _ => Err(Denial::new(Situation::TokenBad)),
        })
    });
    let path = |query: &str| format!("{PATH}?{query}");
    let _good = setup.server.connect(&path("token=good")).await.unwrap();
    for (query, status, code, text) in [
        ("token=bad", 401, 4201, "token not accepted"),
        ("again", 429, 4102, "rate limit exceeded; retry-after=1500"),
    ] {
        let (answered, headers, _) = setup.server.handshake(&path(query), &[]).await.unwrap();
        assert_eq!(answered, status);
        let header = if status == 401 { "www-authenticate" } else { "retry-after" };
        assert!(headers.contains_key(header));
        let mut client = setup.server.connect_as(&path(query), "board.v1").await.unwrap();
        assert_eq!(client.receive_close().await.unwrap(), (code, text.to_owned()));
    }
    let seen = setup.board.closed();
    assert!(seen.is_empty(), "the service never saw them: {seen:?}");
}

#[tokio::test]
async fn a_foreign_origin_is_refused_in_a_way_its_client_can_see() {
    let setup =
        in_process(Limits::default(), |endpoint| endpoint.origins(["https://good.example"]));
    let from = |origin| [("origin", origin), ("sec-websocket-protocol", "board.v1")];
    setup.server.connect_with(PATH, &from("https://good.example")[..1]).await.unwrap();
    setup.server.connect(PATH).await.unwrap();
    let (status, ..) =
        setup.server.handshake(PATH, &from("https://evil.example")[..1]).await.unwrap();
    assert_eq!(status, 403);
    let mut declared =
        setup.server.connect_with(PATH, &from("https://evil.example")).await.unwrap();
    assert_eq!(declared.receive_close().await.unwrap(), (4503, "origin not allowed".to_owned()));
}

#[tokio::test]
async fn a_shutdown_spreads_its_closes_and_delivers_what_was_accepted() {
    let setup = on_port(Limits::default(), 2).await;
    let mut plain = subscribed(&setup, "").await;
    let mut declared = subscribed(&setup, "board.v1").await;
    setup.hub.publish("news", &message("push", "last")).unwrap();
    let hub = setup.hub.clone();
    let down = tokio::spawn(async move { hub.shut_down(Duration::from_secs(10)).await });
    while !setup.hub.is_shutting_down() {
        tokio::task::yield_now().await;
    }
    setup.hub.settled().await;
    assert_eq!(plain.receive_text().await.unwrap(), json("push", "last"));
    assert_eq!(plain.received_so_far().await.unwrap(), [], "not yet: the window is long");
    let (status, ..) = setup.server.handshake(PATH, &[]).await.unwrap();
    assert_eq!(status, 503, "nobody is let in any more");
    setup.clock.advance(Duration::from_secs(10), &setup.hub).await;
    assert_eq!(plain.receive_close().await.unwrap(), (1001, String::new()));
    let (code, text) = declared.receive_close().await.unwrap();
    assert_eq!(code, 1012);
    let wait: u64 = text.strip_prefix("service restart; retry-after=").unwrap().parse().unwrap();
    assert!((1_000..=2_000).contains(&wait), "a second later, within a second: {wait}");
    plain.send_close(1001, "").await.unwrap();
    declared.send_close(1012, "").await.unwrap();
    down.await.unwrap();
    assert_eq!(setup.hub.connection_count(), 0);
}

#[tokio::test]
async fn connections_that_hang_do_not_hold_a_shutdown_up() {
    let limits = Limits { close: Duration::from_millis(100), ..Limits::default() };
    let setup = on_port(limits, 1).await;
    let mut client = subscribed(&setup, "").await;
    // The clock stands still, so that the session's own patience never ends.
    setup.hub.shut_down(Duration::ZERO).await;
    assert_eq!(setup.hub.connection_count(), 0);
    assert_eq!(client.receive_close().await.unwrap().0, 1001);
}

#[tokio::test]
async fn what_was_asked_before_a_shutdown_is_answered() {
    let setup = on_port(Limits::default(), 1).await;
    let mut client = subscribed(&setup, "board.v1").await;
    let mut other = subscribed(&setup, "").await;
    client.send_text(&json("wait", "1")).await.unwrap();
    client.send_text(&json("subscribe", "say")).await.unwrap();
    client.send_text(&json("say", "2")).await.unwrap();
    client.send(asyncapi_ws::frame::OpCode::Ping, b"read").await.unwrap();
    assert_eq!(client.receive().await.unwrap(), Received::Pong(b"read".to_vec()));
    let hub = setup.hub.clone();
    let down = tokio::spawn(async move { hub.shut_down(Duration::ZERO).await });
    assert_eq!(other.receive_close().await.unwrap().0, 1001, "nothing to answer");
    other.send_close(1001, "").await.unwrap();
    // Too late to be read.
    client.send_text(&json("echo", "3")).await.unwrap();
    setup.hub.settled().await;
    setup.hub.publish("news", &message("push", "4")).unwrap();
    setup.board.let_go();
    assert_eq!(client.receive_text().await.unwrap(), json("push", "4"), "a subscriber to the end");
    assert_eq!(client.receive_text().await.unwrap(), json("waited", "1"));
    assert_eq!(client.receive_text().await.unwrap(), json("subscribed", "say"));
    assert_eq!(client.receive_text().await.unwrap(), json("said", "2"));
    assert_eq!(client.receive_close().await.unwrap().0, 1012);
    client.send_close(1012, "").await.unwrap();
    down.await.unwrap();
    assert_eq!(setup.hub.connection_count(), 0);
}

#[tokio::test]
async fn a_handler_that_never_ends_does_not_hold_a_shutdown_up() {
    let setup = on_port(Limits::default(), 1).await;
    let mut client = subscribed(&setup, "").await;
    client.send_text(&json("wait", "")).await.unwrap();
    let hub = setup.hub.clone();
    let down = tokio::spawn(async move { hub.shut_down(Duration::ZERO).await });
    while !setup.hub.is_shutting_down() {
        tokio::task::yield_now().await;
    }
    setup.hub.settled().await;
    setup.clock.advance(Duration::from_millis(4_999), &setup.hub).await;
    assert_eq!(client.received_so_far().await.unwrap(), []);
    setup.clock.advance(Duration::from_millis(1), &setup.hub).await;
    assert_eq!(client.receive_close().await.unwrap().0, 1001);
    client.send_close(1001, "").await.unwrap();
    down.await.unwrap();
}
