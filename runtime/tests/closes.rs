//! Each way a session ends, for plain and for declared clients: the wire table's rows.

#![cfg(feature = "server")]
#![allow(clippy::unwrap_used, reason = "test code, though not in a test function")]

mod support;

use asyncapi_ws::{
    close::{CloseCode, ClosedBy},
    frame::OpCode,
    limits::Limits,
    testing::{RawClient, Received},
};
use std::time::Duration;
use support::{PATH, Setup, in_process, json};

fn setup() -> Setup {
    in_process(Limits::default(), |endpoint| endpoint)
}

async fn plain(setup: &Setup) -> RawClient {
    setup.server.connect(PATH).await.unwrap()
}

async fn declared(setup: &Setup) -> RawClient {
    setup.server.connect_as(PATH, "board.v1").await.unwrap()
}

fn close(code: u16, text: &str) -> (u16, String) {
    (code, text.to_owned())
}

#[tokio::test]
async fn a_message_that_is_none_closes_as_the_table_says() {
    let setup = setup();
    for (text, expected_plain, expected_declared) in [
        (
            "not json",
            close(1003, "Could not validate payload"),
            close(4500, "could not decode message: expected ident at line 1 column 2"),
        ),
        (
            r#"{"type":"invalid"}"#,
            close(1003, "Could not validate payload"),
            close(4501, "could not validate payload: /text: minLength"),
        ),
        (
            r#"{"type":"other"}"#,
            close(1003, "No matching type"),
            close(4502, "no matching type: other"),
        ),
        (r#"{"type":5}"#, close(1003, "No matching type"), close(4502, "no matching type")),
    ] {
        let mut client = plain(&setup).await;
        client.send_text(text).await.unwrap();
        assert_eq!(client.receive_close().await.unwrap(), expected_plain, "{text}");
        let mut client = declared(&setup).await;
        client.send_text(text).await.unwrap();
        assert_eq!(client.receive_close().await.unwrap(), expected_declared, "{text}");
    }
}

#[tokio::test]
async fn a_message_nested_too_deep_is_not_decoded() {
    let limits = Limits { json_depth: 3, ..Limits::default() };
    let setup = in_process(limits, |endpoint| endpoint);
    let nested = |levels: usize| {
        let (open, close) = ("[".repeat(levels), "]".repeat(levels));
        format!(r#"{{"type":"echo","text":"[[[[[[[","extra":{open}{close}}}"#)
    };
    let mut client = plain(&setup).await;
    client.send_text(&nested(2)).await.unwrap();
    assert_eq!(client.receive_text().await.unwrap(), json("echo", "[[[[[[["));
    client.send_text(&nested(3)).await.unwrap();
    let expected = close(1003, "Could not validate payload");
    assert_eq!(client.receive_close().await.unwrap(), expected);
    let expected = close(4500, "could not decode message: nesting exceeds max_json_depth 3");
    let mut client = declared(&setup).await;
    client.send_text(&"[".repeat(200_000)).await.unwrap();
    assert_eq!(client.receive_close().await.unwrap().0, 1009, "a frame too large first of all");
    let mut client = declared(&setup).await;
    client.send_text(&"[".repeat(60_000)).await.unwrap();
    assert_eq!(client.receive_close().await.unwrap(), expected);
    let mut client = setup.server.connect_as(PATH, "board.v1.msgpack").await.unwrap();
    client.send_binary(&[0x91; 60_000]).await.unwrap();
    assert_eq!(client.receive_close().await.unwrap(), expected);
}

#[tokio::test]
async fn a_service_may_answer_a_violation_instead_of_closing() {
    let setup = setup();
    let mut client = plain(&setup).await;
    client.send_text(&json("forgiven", "")).await.unwrap();
    client.send_text(&json("echo", "on")).await.unwrap();
    assert_eq!(client.receive_text().await.unwrap(), json("violation", "forgiven"));
    assert_eq!(client.receive_text().await.unwrap(), json("echo", "on"));
}

#[tokio::test]
async fn a_binary_frame_where_the_codec_is_text_is_not_decoded() {
    let setup = setup();
    let mut client = plain(&setup).await;
    client.send_binary(br#"{"type":"echo"}"#).await.unwrap();
    assert_eq!(client.receive_close().await.unwrap(), close(1003, "Could not decode message"));
    let mut client = declared(&setup).await;
    client.send_binary(br#"{"type":"echo"}"#).await.unwrap();
    assert_eq!(client.receive_close().await.unwrap(), close(4500, "could not decode message"));
}

#[tokio::test]
async fn frames_and_messages_above_the_limit_close_with_1009() {
    let limits = Limits { frame_bytes: 100, message_bytes: 150, ..Limits::default() };
    let setup = in_process(limits, |endpoint| endpoint);
    let mut client = plain(&setup).await;
    client.send_text(&"x".repeat(101)).await.unwrap();
    assert_eq!(client.receive_close().await.unwrap(), close(1009, ""));
    assert_eq!(client.receive().await.unwrap(), Received::End);
    let mut client = declared(&setup).await;
    client.send_text(&"x".repeat(101)).await.unwrap();
    assert_eq!(
        client.receive_close().await.unwrap(),
        close(1009, "frame of 101 bytes exceeds max_frame_size 100")
    );
}

#[tokio::test]
async fn a_silent_plain_client_is_told_the_settings() {
    let setup = setup();
    let mut client = plain(&setup).await;
    setup.hub.settled().await;
    setup.clock.advance(Duration::from_secs(20), &setup.hub).await;
    client.send_text(&json("echo", "here")).await.unwrap();
    assert_eq!(client.receive_text().await.unwrap(), json("echo", "here"));
    client.send(OpCode::Ping, b"").await.unwrap();
    setup.clock.advance(Duration::from_millis(29_999), &setup.hub).await;
    assert_eq!(client.received_so_far().await.unwrap(), [Received::Pong(vec![])]);
    setup.clock.advance(Duration::from_millis(1), &setup.hub).await;
    let text = "Connection timed out. Heartbeat interval 30.0. Max connection lifespan 3600.0";
    assert_eq!(client.receive_close().await.unwrap(), close(1003, text));
}

#[tokio::test]
async fn an_old_plain_client_is_told_the_same() {
    let setup = in_process(Limits::default(), |endpoint| {
        endpoint.heartbeat(None).lifespan(Duration::from_secs(90))
    });
    let mut client = plain(&setup).await;
    setup.hub.settled().await;
    setup.clock.advance(Duration::from_secs(89), &setup.hub).await;
    assert_eq!(client.received_so_far().await.unwrap(), []);
    setup.clock.advance(Duration::from_secs(1), &setup.hub).await;
    let text = "Connection timed out. Heartbeat interval None. Max connection lifespan 90.0";
    assert_eq!(client.receive_close().await.unwrap(), close(1003, text));
}

#[tokio::test]
async fn a_declared_client_lives_by_its_pongs_until_it_misses_one() {
    let setup = setup();
    let mut client = declared(&setup).await;
    setup.hub.settled().await;
    for _ in 0..3 {
        setup.clock.advance(Duration::from_secs(15), &setup.hub).await;
        assert_eq!(client.receive().await.unwrap(), Received::Ping(vec![]));
        client.send(OpCode::Pong, b"").await.unwrap();
        // The pong has to be read before time goes on; an echo says that it was.
        client.send_text(&json("echo", "")).await.unwrap();
        client.receive_text().await.unwrap();
    }
    setup.clock.advance(Duration::from_secs(30), &setup.hub).await;
    assert_eq!(client.receive_close().await.unwrap(), close(4000, "heartbeat missed"));
}

#[tokio::test]
async fn an_old_declared_client_is_told_to_come_back() {
    let setup = in_process(Limits::default(), |endpoint| endpoint.heartbeat(None));
    let mut client = declared(&setup).await;
    setup.hub.settled().await;
    setup.clock.advance(Duration::from_secs(2879), &setup.hub).await;
    assert_eq!(client.received_so_far().await.unwrap(), []);
    setup.clock.advance(Duration::from_secs(721), &setup.hub).await;
    assert_eq!(client.receive_close().await.unwrap(), close(4001, "connection lifespan reached"));
}

#[tokio::test]
async fn a_clients_close_is_echoed_and_reported() {
    let setup = setup();
    let mut client = plain(&setup).await;
    client.send_close(1001, "leaving").await.unwrap();
    assert_eq!(client.receive().await.unwrap(), Received::Close(Some(close(1001, "leaving"))));
    assert_eq!(client.receive().await.unwrap(), Received::End);
    setup.hub.settled().await;
    let closed = setup.board.closed();
    assert_eq!(closed.len(), 1);
    assert_eq!((closed[0].reason.code, closed[0].by), (CloseCode::GOING_AWAY, ClosedBy::Client));
    assert_eq!(closed[0].reason.text, "leaving");
    assert_eq!(setup.hub.connection_count(), 0);
}

#[tokio::test]
async fn a_client_that_vanishes_is_reported_as_lost() {
    let setup = setup();
    let mut client = plain(&setup).await;
    client.send_text(&json("subscribe", "news")).await.unwrap();
    client.receive_text().await.unwrap();
    drop(client);
    while setup.hub.connection_count() > 0 {
        tokio::task::yield_now().await;
        setup.hub.settled().await;
    }
    let closed = setup.board.closed();
    assert_eq!((closed.len(), closed[0].by), (1, ClosedBy::Transport));
    assert_eq!(setup.hub.metrics().closed.values().sum::<u64>(), 1);
    assert!(!setup.hub.has_subscribers("news"), "its subscriptions went with it");
    assert!(setup.board.session(0).is_closed());
}

#[tokio::test]
async fn a_close_by_the_application_follows_the_reply() {
    let setup = setup();
    let mut client = plain(&setup).await;
    client.send_text(r#"{"type":"hang-up"}"#).await.unwrap();
    client.send_text(&json("echo", "ignored")).await.unwrap();
    assert_eq!(client.receive_text().await.unwrap(), json("hanging-up", ""));
    assert_eq!(client.receive_close().await.unwrap(), close(4321, "as asked"));
    setup.hub.settled().await;
    assert_eq!(client.received_so_far().await.unwrap(), [], "our echo is still to come");
    client.send_close(4321, "").await.unwrap();
    assert_eq!(client.receive().await.unwrap(), Received::End);
}

#[tokio::test]
async fn a_peer_that_never_answers_a_close_is_dropped() {
    let setup = setup();
    let mut client = plain(&setup).await;
    client.send_text(r#"{"type":"hang-up"}"#).await.unwrap();
    client.receive_close().await.unwrap();
    setup.clock.advance(Duration::from_secs(5), &setup.hub).await;
    assert_eq!(client.receive().await.unwrap(), Received::End);
}

#[tokio::test]
async fn a_panicking_handler_ends_its_own_session_only() {
    let setup = setup();
    let mut other = plain(&setup).await;
    let mut client = plain(&setup).await;
    client.send_text(r#"{"type":"panic"}"#).await.unwrap();
    assert_eq!(client.receive_close().await.unwrap(), close(1011, "internal error"));
    other.send_text(&json("echo", "still here")).await.unwrap();
    assert_eq!(other.receive_text().await.unwrap(), json("echo", "still here"));
    assert_eq!(setup.hub.metrics().panics, 1);
}
