//! What comes before what: requests, replies, subscriptions, pushes.

#![cfg(feature = "server")]

mod support;

use asyncapi_ws::{frame::OpCode, limits::Limits, testing::Received};
use support::{PATH, in_process, json, message, on_port};

#[tokio::test]
async fn a_slow_request_holds_up_the_next_ones_but_not_the_pongs() {
    let setup = in_process(Limits::default(), |endpoint| endpoint);
    let mut client = setup.server.connect(PATH).await.unwrap();
    client.send_text(&json("wait", "1")).await.unwrap();
    client.send_text(&json("echo", "2")).await.unwrap();
    client.send(OpCode::Ping, b"alive?").await.unwrap();
    assert_eq!(client.receive().await.unwrap(), Received::Pong(b"alive?".to_vec()));
    let mut other = setup.server.connect(PATH).await.unwrap();
    other.send_text(&json("echo", "quick")).await.unwrap();
    assert_eq!(other.receive_text().await.unwrap(), json("echo", "quick"));
    setup.board.let_go();
    assert_eq!(client.receive_text().await.unwrap(), json("waited", "1"));
    assert_eq!(client.receive_text().await.unwrap(), json("echo", "2"));
}

#[tokio::test]
async fn requests_beyond_the_backlog_wait_in_the_network_and_none_is_lost() {
    let limits = Limits { backlog_bytes: 1000, ..Limits::default() };
    for setup in [in_process(limits.clone(), |endpoint| endpoint), on_port(limits, 1).await] {
        let mut client = setup.server.connect(PATH).await.unwrap();
        client.send_text(&json("wait", "")).await.unwrap();
        let text = "x".repeat(100);
        for n in 0..300 {
            client.send_text(&json("echo", &format!("{n} {text}"))).await.unwrap();
        }
        setup.board.let_go();
        assert_eq!(client.receive_text().await.unwrap(), json("waited", ""));
        for n in 0..300 {
            let expected = json("echo", &format!("{n} {text}"));
            assert_eq!(client.receive_text().await.unwrap(), expected);
        }
    }
}

#[tokio::test]
async fn handlers_use_the_applications_runtime() {
    let setup = in_process(Limits::default(), |endpoint| endpoint);
    let mut client = setup.server.connect(PATH).await.unwrap();
    client.send_text(&json("sleep", "")).await.unwrap();
    assert_eq!(client.receive_text().await.unwrap(), "slept");
}

#[tokio::test]
async fn a_reply_lies_between_unsubscribes_and_subscribes_whatever_thread_asks() {
    for _ in 0..50 {
        let setup = in_process(Limits::default(), |endpoint| endpoint);
        let mut client = setup.server.connect(PATH).await.unwrap();
        client.send_text(&json("subscribe", "old")).await.unwrap();
        client.receive_text().await.unwrap();
        client.send_text(&json("swap", "")).await.unwrap();
        let hub = setup.hub.clone();
        let publisher = tokio::spawn(async move {
            while !hub.has_subscribers("new") || hub.subscriber_count("new") == 0 {
                hub.publish("old", &message("push", "old")).unwrap();
                hub.publish("new", &message("push", "new")).unwrap();
                tokio::task::yield_now().await;
            }
            hub.publish("new", &message("push", "new")).unwrap();
            hub.publish("old", &message("push", "old")).unwrap();
            hub.publish("new", &message("push", "last")).unwrap();
        });
        let mut seen = Vec::new();
        while seen.last() != Some(&json("push", "last")) {
            seen.push(client.receive_text().await.unwrap());
        }
        publisher.await.unwrap();
        let at = |text: &str| seen.iter().position(|of| of == text).unwrap();
        let reply = at(&json("swapped", ""));
        assert!(at(&json("note", "before")) < at(&json("note", "after")));
        assert!(at(&json("note", "after")) < reply);
        let (before, after) = seen.split_at(reply);
        assert!(!before.contains(&json("push", "new")), "{seen:?}");
        assert!(!after.contains(&json("push", "old")), "{seen:?}");
    }
}

#[tokio::test]
async fn outside_of_a_request_a_subscription_holds_for_the_next_publish() {
    let setup = on_port(Limits::default(), 2).await;
    let mut clients = Vec::new();
    for _ in 0..4 {
        let mut client = setup.server.connect(PATH).await.unwrap();
        client.send_text(&json("echo", "")).await.unwrap();
        client.receive_text().await.unwrap();
        clients.push(client);
    }
    for (n, client) in clients.iter_mut().enumerate() {
        let session = setup.board.session(n);
        assert_eq!(session.subscribe("news"), Ok(true));
        assert_eq!(session.subscribe("news"), Ok(false));
        setup.hub.publish("news", &message("push", "1")).unwrap();
        assert!(session.unsubscribe("news"));
        assert!(!session.unsubscribe("news"));
        setup.hub.publish("news", &message("push", "2")).unwrap();
        session.send(&message("note", "end")).unwrap();
        assert_eq!(client.receive_text().await.unwrap(), json("push", "1"));
        assert_eq!(client.receive_text().await.unwrap(), json("note", "end"));
    }
}

#[tokio::test]
async fn publishes_of_one_thread_arrive_in_order_across_topics() {
    let setup = on_port(Limits::default(), 2).await;
    let mut clients = Vec::new();
    for _ in 0..4 {
        let mut client = setup.server.connect(PATH).await.unwrap();
        for topic in ["a", "b", "c"] {
            client.send_text(&json("subscribe", topic)).await.unwrap();
            client.receive_text().await.unwrap();
        }
        clients.push(client);
    }
    let hub = setup.hub.clone();
    tokio::task::spawn_blocking(move || {
        for n in 0..2000usize {
            hub.publish(["a", "b", "c"][n * n % 3], &message("push", &n.to_string())).unwrap();
        }
    });
    for client in &mut clients {
        for n in 0..2000 {
            assert_eq!(client.receive_text().await.unwrap(), json("push", &n.to_string()));
        }
    }
}

#[tokio::test]
async fn a_topic_reaches_its_subscribers_and_nobody_else() {
    let setup = on_port(Limits { subscriptions: 2, ..Limits::default() }, 2).await;
    let mut one = setup.server.connect(PATH).await.unwrap();
    let mut two = setup.server.connect(PATH).await.unwrap();
    for (is_one, topic) in [(true, "a"), (true, "b"), (false, "b")] {
        let client = if is_one { &mut one } else { &mut two };
        client.send_text(&json("subscribe", topic)).await.unwrap();
        assert_eq!(client.receive_text().await.unwrap(), json("subscribed", topic));
    }
    one.send_text(&json("subscribe", "c")).await.unwrap();
    assert_eq!(one.receive_text().await.unwrap(), json("refused", "c"), "two are the limit");
    assert_eq!(setup.hub.subscriber_count("b"), 2);
    assert_eq!(setup.hub.publish("a", &message("push", "a")), Ok(1));
    assert_eq!(setup.hub.publish("b", &message("push", "b")), Ok(2));
    assert_eq!(setup.hub.publish("c", &message("push", "c")), Ok(0));
    assert_eq!(one.receive_text().await.unwrap(), json("push", "a"));
    assert_eq!(one.receive_text().await.unwrap(), json("push", "b"));
    assert_eq!(two.receive_text().await.unwrap(), json("push", "b"));
    two.send_text(&json("unsubscribe", "b")).await.unwrap();
    two.receive_text().await.unwrap();
    assert_eq!(setup.hub.publish("b", &message("push", "b")), Ok(1));
    setup.hub.settled().await;
    assert_eq!(two.received_so_far().await.unwrap(), []);
}

#[tokio::test]
async fn what_a_client_published_comes_before_the_close_that_its_next_frame_costs() {
    let masked = |opcode, payload: &[u8]| {
        let mut frame = Vec::new();
        asyncapi_ws::frame::write_frame(&mut frame, opcode, payload, Some([1, 2, 3, 4]));
        frame
    };
    let text = |text: &str| masked(OpCode::Text, text.as_bytes());
    for (last, code) in [
        (text("not json"), 1003),
        (masked(OpCode::Binary, b"?"), 1003),
        (text(&json("panic", "")), 1011),
        (text(&json("say-and-hang-up", "good-bye")), 4321),
        (masked(OpCode::Continuation, b"?"), 1002),
        (vec![0x81, 0x01, b'?'], 1002),
    ] {
        for setup in [
            in_process(Limits::default(), |endpoint| endpoint),
            on_port(Limits::default(), 2).await,
        ] {
            let mut client = setup.server.connect(PATH).await.unwrap();
            client.send_text(&json("subscribe", "say")).await.unwrap();
            client.receive_text().await.unwrap();
            // All in one read.
            let input = [text(&json("say", "1")), text(&json("say", "2")), last.clone()].concat();
            client.send_raw(&input).await.unwrap();
            assert_eq!(client.receive_text().await.unwrap(), json("said", "1"));
            assert_eq!(client.receive_text().await.unwrap(), json("said", "2"));
            if code == 4321 {
                assert_eq!(client.receive_text().await.unwrap(), json("said", "good-bye"));
            }
            assert_eq!(client.receive_close().await.unwrap().0, code);
            // Our echo is still found, or the end is not waited for.
            client.send_close(code, "").await.unwrap();
            drop(client);
            while setup.hub.connection_count() > 0 {
                setup.hub.settled().await;
            }
        }
    }
}

#[tokio::test]
async fn nothing_follows_a_close_frame_though_it_was_asked_for_before_anybody_knew() {
    let setup = on_port(Limits::default(), 1).await;
    let mut client = setup.server.connect(PATH).await.unwrap();
    client.send_text(&json("echo", "")).await.unwrap();
    client.receive_text().await.unwrap();
    let session = setup.board.session(0);
    session.close_with(asyncapi_ws::close::CloseReason::NORMAL);
    // The shard may or may not have heard of the close.
    let _ = session.send(&message("note", "late"));
    let _ = session.subscribe("late");
    assert_eq!(client.receive().await.unwrap(), Received::Close(Some((1000, String::new()))));
    setup.hub.settled().await;
    assert_eq!(client.received_so_far().await.unwrap(), []);
    assert!(!setup.hub.has_subscribers("late"));
    client.send_close(1000, "").await.unwrap();
    drop(client);
    while setup.hub.connection_count() > 0 {
        setup.hub.settled().await;
    }
    // Whoever takes its place gets nothing that was meant for it.
    let mut next = setup.server.connect(PATH).await.unwrap();
    next.send_text(&json("echo", "")).await.unwrap();
    next.receive_text().await.unwrap();
    setup.hub.publish("late", &message("push", "")).unwrap();
    setup.hub.settled().await;
    assert_eq!(next.received_so_far().await.unwrap(), []);
}
