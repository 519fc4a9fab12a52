//! An exchange in the manner of Deribit: JSON-RPC 2.0.

use serde_json::{Value, json};

use super::{text, texts};

pub(super) fn answer(frame: &str) -> Option<Vec<String>> {
    let request: Value = serde_json::from_str(frame).ok()?;
    if text(&request, "jsonrpc")? != "2.0" {
        return None;
    }
    let id = request.get("id")?;
    let params = &request["params"];
    Some(match text(&request, "method")? {
        "public/get_time" => {
            vec![format!(r#"{{"jsonrpc":"2.0","id":{id},"result":1550147385946}}"#)]
        }
        "public/get_instrument" => match text(params, "instrument_name")? {
            // More digits than a double has.
            name @ "BTC-PERPETUAL" => vec![format!(
                r#"{{"jsonrpc":"2.0","id":{id},"result":{{"instrument_name":"{name}","tick_size":0.50,"is_active":true}}}}"#
            )],
            _ => vec![failure(id, 13020, "not_found")],
        },
        "public/subscribe" => {
            let channels = texts(params, "channels")?;
            let mut answers: Vec<String> = channels
                .iter()
                .map(|channel| {
                    // Before the reply: a push is no reply, whatever is pending.
                    format!(
                        r#"{{"jsonrpc":"2.0","method":"subscription","params":{{"channel":"{channel}","data":{{"instrument_name":"BTC-PERPETUAL","last_price":9007199254740993.25,"timestamp":1550147385946}}}}}}"#
                    )
                })
                .collect();
            answers.push(json!({ "jsonrpc": "2.0", "id": id, "result": channels }).to_string());
            answers
        }
        _ => vec![failure(id, -32601, "Method not found")],
    })
}

fn failure(id: &Value, code: i32, message: &str) -> String {
    json!({ "jsonrpc": "2.0", "id": id, "error": { "code": code, "message": message } }).to_string()
}
