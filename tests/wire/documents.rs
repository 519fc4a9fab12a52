//! What the server says of itself: the documents, the page, its health.

use std::collections::BTreeMap;
use std::fs;

use serde_json::{Value, json};
use tests::http;
use tests::services::{Service, folder};

fn server() -> Service {
    Service::server(&BTreeMap::new()).expect("cargo build -p server has made the program")
}

async fn get(server: &Service, path: &str) -> http::Answer {
    http::request(server.address(), "GET", path, &[], "").await.expect("the server answers")
}

/// A schema of either document with its references written out and without titles, which pydantic
/// invents.
fn plain(document: &Value, schema: &Value) -> Value {
    match schema {
        Value::Object(object) => {
            if let Some(pointer) = object.get("$ref").and_then(Value::as_str) {
                let target = document
                    .pointer(pointer.trim_start_matches('#'))
                    .expect("the reference leads somewhere");
                return plain(document, target);
            }
            let kept = object.iter().filter(|(key, _)| !is_remark(key));
            Value::Object(kept.map(|(key, value)| (key.clone(), plain(document, value))).collect())
        }
        Value::Array(items) => items.iter().map(|item| plain(document, item)).collect(),
        scalar => scalar.clone(),
    }
}

fn is_remark(key: &str) -> bool {
    matches!(key, "title" | "description" | "examples") || key.starts_with("x-")
}

/// What a frame's payload may be, whatever says so: FastWS allows the whole payload to be missing and
/// refuses it all the same.
fn payload(document: &Value, message: &Value) -> Value {
    let frame = plain(document, &message["payload"]);
    let payload = &frame["properties"]["payload"];
    payload.get("anyOf").map_or(payload, |branches| &branches[0]).clone()
}

#[tokio::test]
async fn the_json_document_has_the_shape_that_fastws_emits() {
    let server = server();
    let answer = get(&server, "/api/v1/ws/asyncapi.json").await;
    assert_eq!(answer.header("content-type"), "application/json");
    let ours: Value = serde_json::from_slice(&answer.body).unwrap();
    let theirs = fs::read_to_string(folder().join("fastws/asyncapi.json")).unwrap();
    let theirs: Value = serde_json::from_str(&theirs).unwrap();

    for pointer in ["/asyncapi", "/info/title", "/info/version", "/defaultContentType", "/channels"]
    {
        assert_eq!(ours.pointer(pointer), theirs.pointer(pointer), "{pointer}");
    }
    let messages = |document: &Value| {
        let messages = document["components"]["messages"].as_object().unwrap();
        messages.keys().cloned().collect::<Vec<String>>()
    };
    assert_eq!(messages(&ours), messages(&theirs));
    for name in messages(&ours) {
        let (our, their) =
            (&ours["components"]["messages"][&name], &theirs["components"]["messages"][&name]);
        for key in ["messageId", "contentType", "x-response"] {
            assert_eq!(our[key], their[key], "{key} of {name}");
        }
        let mut our_payload = payload(&ours, our);
        let their_payload = payload(&theirs, their);
        // The listed deviation: the contract names the resolutions.
        let resolution = "/properties/params/properties/resolution";
        if let Some(resolution) = our_payload.pointer_mut(resolution) {
            resolution.as_object_mut().unwrap().remove("enum");
        }
        assert_eq!(our_payload, their_payload, "payload of {name}");
    }
}

#[tokio::test]
async fn the_yaml_document_is_the_hand_written_one() {
    let server = server();
    let answer = get(&server, "/api/v1/ws/asyncapi.yaml").await;
    let written = fs::read_to_string(folder().join("../asyncapi.yaml")).unwrap();
    assert_eq!(String::from_utf8_lossy(&answer.body), written);
}

#[tokio::test]
async fn the_page_lists_operations_and_messages() {
    let server = server();
    let answer = get(&server, "/api/v1/ws/asyncapi").await;
    assert!(answer.header("content-type").starts_with("text/html"));
    let page = String::from_utf8_lossy(&answer.body);
    for text in ["bars.subscribe", "bars.subscribe.response", "bars.update", "Trading WebSockets"] {
        assert!(page.contains(text), "no {text} in the page");
    }
}

#[tokio::test]
async fn health_tells_the_broadcasters_figures() {
    let server = server();
    let answer = get(&server, "/healthz").await;
    let health: Value = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!(health["status"], "ok");
    let broadcaster = &health["bar_broadcaster"];
    assert_eq!(broadcaster["is_running"], true);
    assert_eq!(broadcaster["interval"], 2.0);
    assert_eq!(broadcaster["symbols"], json!(["AAPL", "GOOGL", "MSFT"]));
    assert_eq!(broadcaster["resolutions"], json!(["1"]));
    for counter in ["broadcasts_sent", "broadcasts_skipped", "errors"] {
        assert!(broadcaster[counter].is_u64(), "{counter}");
    }
}
