//! The rows of the wire table for a client that offers `trading.v1`, on the real server and real sockets;
//! and what both kinds of client may add (`id`, `topic`). The rows for a plain client are in
//! `differential.rs`, those that need the server to stop here.

use std::collections::BTreeMap;
use std::process::Command;
use std::time::Duration;

use serde_json::{Value, json};
use tests::client::{Client, Event, Handshake};
use tests::services::Service;

fn server(environment: &[(&str, &str)]) -> Service {
    let environment: BTreeMap<String, String> =
        environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Service::server(&environment).expect("cargo build -p server has made the program")
}

/// Bars as fast as the tests want them, of one symbol.
const QUICK: [(&str, &str); 2] =
    [("BAR_BROADCASTER_INTERVAL", "0.05"), ("BAR_BROADCASTER_SYMBOLS", "AAPL")];

/// No bars.
const QUIET: [(&str, &str); 1] = [("BAR_BROADCASTER_ENABLED", "false")];

async fn offering(server: &Service, subprotocols: &[&str]) -> Client {
    let subprotocols = subprotocols.iter().map(|name| (*name).to_owned()).collect();
    let handshake = Handshake { subprotocols, ..Handshake::default() };
    Client::connect_with(&server.url(), &handshake).await.expect("the server accepts")
}

async fn declared(server: &Service) -> Client {
    offering(server, &["trading.v1"]).await
}

fn closed(code: u16, reason: &str) -> Event {
    Event::Closed { code: Some(code), reason: reason.to_owned() }
}

/// The next frame; [`Value::Null`], which no assertion takes, when it is no text.
async fn next_json(client: &mut Client) -> Value {
    let event = client.next().await;
    let Event::Text(text) = event else {
        eprintln!("expected text, got {event}");
        return Value::Null;
    };
    serde_json::from_str(&text).expect("frames are JSON")
}

fn subscribe(symbol: &str) -> String {
    json!({ "type": "bars.subscribe", "payload": { "symbol": symbol } }).to_string()
}

#[tokio::test]
async fn the_servers_first_choice_of_what_is_offered_is_selected() {
    let server = server(&QUIET);
    let client = offering(&server, &["graphql-ws", "trading.v1.msgpack", "trading.v1"]).await;
    assert_eq!(client.subprotocol(), Some("trading.v1"));
    let client = offering(&server, &["trading.v1.msgpack"]).await;
    assert_eq!(client.subprotocol(), Some("trading.v1.msgpack"));
}

#[tokio::test]
async fn a_message_that_cannot_be_read_closes_with_4500() {
    let server = server(&QUIET);
    let mut client = declared(&server).await;
    client.text("not json").await;
    match client.next().await {
        Event::Closed { code: Some(4500), reason } => {
            assert!(reason.starts_with("could not decode message"), "{reason}");
        }
        other => panic!("{other}"),
    }
    let mut client = declared(&server).await;
    client.binary(&b"{}"[..]).await;
    assert_eq!(client.next().await, closed(4500, "could not decode message"));
}

#[tokio::test]
async fn a_payload_that_breaks_its_schema_closes_with_4501_and_names_place_and_rule() {
    let server = server(&QUIET);
    for (payload, place) in [
        (json!({ "params": {} }), "/payload: required"),
        (json!({ "symbol": 5 }), "/payload/symbol: type"),
        (
            json!({ "symbol": "A", "params": { "resolution": "7" } }),
            "/payload/params/resolution: enum",
        ),
        (json!({ "symbol": "A", "params": null }), "/payload/params: type"),
        (json!(["A"]), "/payload: type"),
    ] {
        let mut client = declared(&server).await;
        client.text(&json!({ "type": "bars.subscribe", "payload": payload }).to_string()).await;
        match client.next().await {
            Event::Closed { code: Some(4501), reason } => assert!(
                reason.starts_with(&format!("could not validate payload: {place}")),
                "{payload}: {reason}"
            ),
            other => panic!("{payload}: {other}"),
        }
    }
}

#[tokio::test]
async fn a_type_that_no_operation_has_closes_with_4502() {
    let server = server(&QUIET);
    for frame in [
        r#"{"type":"unknown.operation","payload":{}}"#,
        r#"{"type":"bars.update","payload":{}}"#,
        r#"{"type":5}"#,
    ] {
        let mut client = declared(&server).await;
        client.text(frame).await;
        match client.next().await {
            Event::Closed { code: Some(4502), reason } => {
                assert!(reason.starts_with("no matching type"), "{frame}: {reason}");
            }
            other => panic!("{frame}: {other}"),
        }
    }
}

#[tokio::test]
async fn a_message_that_is_too_large_closes_with_1009() {
    let server = server(&QUIET);
    let mut client = declared(&server).await;
    client.text(&subscribe(&"A".repeat(2 << 20))).await;
    match client.next().await {
        Event::Closed { code: Some(1009), .. } => {}
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn pongs_keep_a_declared_client_and_silence_closes_it_with_4000() {
    let server = server(&[QUIET[0], ("HEARTBEAT_INTERVAL", "0.6")]);
    // A client that reads answers the server's pings, and needs to do nothing else.
    let mut lively = declared(&server).await;
    assert_eq!(lively.next_within(Duration::from_secs(2)).await, Event::Nothing);
    let pings = lively.record().iter().filter(|frame| !frame.sent && frame.opcode == Some(9));
    let pings = pings.count();
    assert!(pings > 2, "{pings} pings in three intervals");
    // One that does not read does not answer.
    let mut silent = declared(&server).await;
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    assert_eq!(silent.next().await, closed(4000, "heartbeat missed"));
}

#[tokio::test]
async fn age_closes_a_declared_client_with_4001_and_never_later_than_the_maximum() {
    let server = server(&[QUIET[0], ("MAX_CONNECTION_LIFESPAN", "1.0")]);
    let mut client = declared(&server).await;
    assert_eq!(client.next().await, closed(4001, "connection lifespan reached"));
}

#[tokio::test]
async fn a_handler_that_refuses_answers_with_status_error_and_the_connection_stays() {
    let server = server(&QUIET);
    let mut client = declared(&server).await;
    for at in 0..1_000 {
        client.text(&subscribe(&format!("S{at}"))).await;
        assert_eq!(next_json(&mut client).await["payload"]["status"], "ok");
    }
    client.text(&subscribe("ONE-TOO-MANY")).await;
    let refusal = next_json(&mut client).await;
    assert_eq!(refusal["type"], "bars.subscribe.response");
    assert_eq!(refusal["payload"]["status"], "error");
    assert_eq!(refusal["payload"]["symbol"], "ONE-TOO-MANY");
    assert_eq!(refusal["payload"]["topic"], "bars:ONE-TOO-MANY:1");
    let message = refusal["payload"]["message"].as_str().unwrap();
    assert!(message.contains("1000"), "the message names the limit: {message}");
    client.text(r#"{"type":"bars.unsubscribe","payload":{"symbol":"S0"}}"#).await;
    assert_eq!(next_json(&mut client).await["payload"]["status"], "ok");
}

#[tokio::test]
async fn a_reply_repeats_the_id_of_its_request_and_a_push_names_its_topic() {
    let server = server(&QUICK);
    for id in [json!(7), json!("a"), json!(-1), json!("x".repeat(64))] {
        let mut client = declared(&server).await;
        let request =
            json!({ "type": "bars.subscribe", "payload": { "symbol": "AAPL" }, "id": id });
        client.text(&request.to_string()).await;
        let reply = next_json(&mut client).await;
        assert_eq!(reply["id"], id, "the reply comes before the first push");
        let push = next_json(&mut client).await;
        assert_eq!((&push["type"], &push["topic"]), (&json!("bars.update"), &json!("bars:AAPL:1")));
    }
}

#[tokio::test]
async fn after_the_reply_to_an_unsubscribe_no_push_follows() {
    let server = server(&QUICK);
    let mut client = declared(&server).await;
    client.text(&subscribe("AAPL")).await;
    for _ in 0..3 {
        next_json(&mut client).await;
    }
    client.text(r#"{"type":"bars.unsubscribe","payload":{"symbol":"AAPL"}}"#).await;
    loop {
        match next_json(&mut client).await["type"].as_str() {
            Some("bars.update") => {}
            other => break assert_eq!(other, Some("bars.unsubscribe.response")),
        }
    }
    assert_eq!(client.next_within(Duration::from_millis(300)).await, Event::Nothing);
}

#[tokio::test]
async fn messagepack_carries_the_same_messages_in_binary_frames() {
    let server = server(&QUICK);
    let mut client = offering(&server, &["trading.v1.msgpack"]).await;
    let request = json!({ "type": "bars.subscribe", "payload": { "symbol": "AAPL" }, "id": 3 });
    client.binary(rmp_serde::to_vec_named(&request).unwrap()).await;
    let mut next = async || match client.next().await {
        Event::Binary(bytes) => rmp_serde::from_slice::<Value>(&bytes).unwrap(),
        other => panic!("{other}"),
    };
    let reply = next().await;
    assert_eq!(reply["payload"]["message"], "Subscribed to AAPL");
    assert_eq!(reply["id"], 3);
    let push = next().await;
    assert_eq!(push["topic"], "bars:AAPL:1");
    assert!(push["payload"]["open"].is_f64());
}

#[tokio::test]
async fn a_shutdown_tells_each_kind_of_client_in_its_way() {
    let server = server(&QUIET);
    let mut plain = Client::connect(&server.url()).await.unwrap();
    let mut declared = declared(&server).await;
    // Both are served before the signal comes.
    for client in [&mut plain, &mut declared] {
        client.text(&subscribe("AAPL")).await;
        next_json(client).await;
    }
    let id = server.process_id().expect("the server was started here").to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    match plain.next().await {
        Event::Closed { code: Some(1001), .. } => {}
        other => panic!("{other}"),
    }
    match declared.next().await {
        Event::Closed { code: Some(1012), reason } => {
            let wait = reason.strip_prefix("service restart; retry-after=").unwrap();
            assert!(wait.parse::<u64>().is_ok(), "{reason}");
        }
        other => panic!("{other}"),
    }
}
