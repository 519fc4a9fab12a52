//! A stock feed in the manner of Alpaca: every frame of the server is an array.

use serde_json::{Value, json};

use super::{text, texts};

pub(super) fn greeting() -> Vec<String> {
    vec![r#"[{"T":"success","msg":"connected"}]"#.to_owned()]
}

pub(super) fn answer(frame: &str) -> Option<Vec<String>> {
    let request: Value = serde_json::from_str(frame).ok()?;
    match text(&request, "action")? {
        "auth" => Some(vec![if text(&request, "secret")? == "right" {
            r#"[{"T":"success","msg":"authenticated"}]"#.to_owned()
        } else {
            r#"[{"T":"error","code":402,"msg":"auth failed"}]"#.to_owned()
        }]),
        "subscribe" => {
            let trades = texts(&request, "trades").unwrap_or_default();
            let quotes = texts(&request, "quotes").unwrap_or_default();
            if trades.is_empty() && quotes.is_empty() {
                return Some(vec![
                    r#"[{"T":"error","code":400,"msg":"invalid syntax"}]"#.to_owned(),
                ]);
            }
            let mut answers = vec![
                json!([{ "T": "subscription", "trades": trades, "quotes": quotes }]).to_string(),
            ];
            // Kinds are mixed within one frame, and one of them is new.
            let trade = |symbol: &String| {
                format!(
                    r#"{{"T":"t","S":"{symbol}","i":96921,"p":126.5500,"s":1,"t":"2021-02-22T15:51:44.208123456Z","c":["@","I"]}}"#
                )
            };
            let quote = |symbol: &String| {
                format!(
                    r#"{{"T":"q","S":"{symbol}","bp":126.1,"bs":4,"ap":126.90,"as":5,"t":"2021-02-22T15:51:45.335689322Z"}}"#
                )
            };
            let items: Vec<String> = trades
                .iter()
                .map(trade)
                .chain(quotes.iter().map(quote))
                .chain([r#"{"T":"l","S":"AAPL","reason":"new in the next version"}"#.to_owned()])
                .collect();
            answers.push(format!("[{}]", items.join(",")));
            Some(answers)
        }
        _ => None,
    }
}
