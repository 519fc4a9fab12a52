//! An array feed in the manner of Kraken.

use serde_json::{Value, json};

use super::{text, texts};

pub(super) fn greeting() -> Vec<String> {
    // A connection id beyond what a double holds.
    vec![
        r#"{"connectionID":8628615390848610222,"event":"systemStatus","status":"online","version":"1.9.1"}"#
            .to_owned(),
    ]
}

pub(super) fn answer(frame: &str) -> Option<Vec<String>> {
    let request: Value = serde_json::from_str(frame).ok()?;
    let id = request.get("reqid").cloned();
    let with_id = |mut reply: Value| {
        if let Some(id) = &id {
            reply["reqid"] = id.clone();
        }
        reply.to_string()
    };
    match text(&request, "event")? {
        "ping" => Some(vec![with_id(json!({ "event": "pong" }))]),
        event @ ("subscribe" | "unsubscribe") => {
            let name = text(request.get("subscription")?, "name")?;
            let mut answers = Vec::new();
            for (channel, pair) in texts(&request, "pair")?.iter().enumerate() {
                let subscription = json!({ "name": name });
                answers.push(with_id(if pair.contains('/') {
                    json!({
                        "channelID": channel,
                        "channelName": name,
                        "event": "subscriptionStatus",
                        "pair": pair,
                        "status": format!("{event}d"),
                        "subscription": subscription,
                    })
                } else {
                    json!({
                        "errorMessage": "Currency pair not supported",
                        "event": "subscriptionStatus",
                        "pair": pair,
                        "status": "error",
                        "subscription": subscription,
                    })
                }));
                if event == "subscribe" && pair.contains('/') {
                    answers.push(data(channel, name, pair));
                    answers.push(r#"{"event":"heartbeat"}"#.to_owned());
                }
            }
            Some(answers)
        }
        _ => None,
    }
}

fn data(channel: usize, name: &str, pair: &str) -> String {
    if name == "trade" {
        format!(
            r#"[{channel},[["5541.20000","0.15850568","1534614057.321597","s","l",""],["6060.00000","0.02455000","1534614057.324998","b","l",""]],"trade","{pair}"]"#
        )
    } else {
        format!(
            r#"[{channel},["5698.40000","5700.00000","1542057299.545897","1.01234567","0.98765432"],"spread","{pair}"]"#
        )
    }
}
