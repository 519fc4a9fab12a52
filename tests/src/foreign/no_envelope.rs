//! A book feed in the manner of Gemini.

use serde_json::Value;

use super::{text, texts};

pub(super) fn answer(frame: &str) -> Option<Vec<String>> {
    let Ok(request) = serde_json::from_str::<Value>(frame) else {
        return Some(vec![r#"{"result":"error","reason":"InvalidJson"}"#.to_owned()]);
    };
    if text(&request, "type")? != "subscribe" {
        return None;
    }
    let mut answers = Vec::new();
    for feed in request.get("subscriptions")?.as_array()? {
        if text(feed, "name")? != "l2" {
            let reason = r#"{"result":"error","reason":"NotImplemented","message":"l2 only"}"#;
            return Some(vec![reason.to_owned()]);
        }
        for symbol in texts(feed, "symbols")? {
            // The digits are what a client must not lose: zeros at the end, more than a double holds.
            answers.push(format!(
                r#"{{"type":"l2_updates","symbol":"{symbol}","changes":[["buy","9122.0400","0.00121425"],["sell","9122.07","0"]],"trades":[]}}"#
            ));
            answers.push(format!(
                r#"{{"type":"trade","symbol":"{symbol}","event_id":9007199254740993,"timestamp":1650000000000,"price":"9122.10","quantity":"0.10000000000000000001","side":"sell"}}"#
            ));
        }
    }
    answers.push(r#"{"type":"heartbeat","timestamp":1650000000001}"#.to_owned());
    // Tomorrow's server: a message that the contract does not have, and one with a new property.
    answers.push(r#"{"type":"auction_open","symbol":"BTCUSD"}"#.to_owned());
    answers.push(r#"{"type":"heartbeat","timestamp":1650000000002,"sequence":7}"#.to_owned());
    Some(answers)
}
