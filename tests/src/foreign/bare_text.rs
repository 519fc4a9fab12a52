//! A ticker feed in the manner of OKX: `ping` and `pong` are bare words.

use serde_json::{Value, json};

use super::text;

pub(super) fn answer(frame: &str) -> Option<Vec<String>> {
    if frame == "ping" {
        return Some(vec!["pong".to_owned()]);
    }
    let request: Value = serde_json::from_str(frame).ok()?;
    if text(&request, "op")? != "subscribe" {
        return None;
    }
    let mut answers = Vec::new();
    for argument in request.get("args")?.as_array()? {
        let instrument = text(argument, "instId")?;
        if !instrument.contains('-') {
            let message = format!("instId:{instrument} doesn't exist");
            return Some(vec![
                json!({ "event": "error", "code": "60018", "msg": message }).to_string(),
            ]);
        }
        answers.push(
            json!({ "event": "subscribe", "arg": argument, "connId": "a4d3ae55" }).to_string(),
        );
        answers.push(format!(
            r#"{{"arg":{argument},"data":[{{"instId":"{instrument}","last":"9999.9900","ts":"1597026383085"}}]}}"#
        ));
    }
    Some(answers)
}
