//! Whatever happens in whatever order: nothing is lost in silence, and nothing is left behind.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::scenarios::Stage;
use crate::client::ConnectionState;

/// Something that can happen; steps of the shared table, in any order.
fn step() -> impl Strategy<Value = Value> {
    let symbol = prop_oneof![Just("AAPL"), Just("MSFT"), Just("GOOGL")];
    let codes = prop_oneof![
        Just(1006),
        Just(1001),
        Just(1012),
        Just(4000),
        Just(4101),
        Just(4200),
        Just(4501)
    ];
    let waits = prop_oneof![Just(0), 1_u64..1_000, Just(10_000), Just(55_000)];
    prop_oneof![
        4 => symbol.clone().prop_map(|symbol| json!({ "subscribe": format!("bars:{symbol}:1") })),
        2 => symbol.clone().prop_map(|symbol| json!({ "unsubscribe": format!("bars:{symbol}:1") })),
        3 => (symbol.clone(), any::<bool>()).prop_map(
            |(symbol, unanswered)| json!({ "request": "", "symbol": symbol, "unanswered": unanswered })
        ),
        2 => symbol.prop_map(|symbol| json!({ "push": format!("bars:{symbol}:1") })),
        5 => Just(json!({ "accept": "trading.v1" })),
        1 => Just(json!({ "accept": "" })),
        1 => Just(json!({ "refuse": true })),
        2 => codes.prop_map(|code| json!({ "close": code, "reason": "x; retry-after=700" })),
        4 => waits.prop_map(|wait| json!({ "pass": wait })),
        1 => Just(json!({ "wake": true })),
        1 => Just(json!({ "reconnect": true })),
        1 => Just(json!({ "server": "silent" })),
        2 => Just(json!({ "server": "answering" })),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn every_request_has_one_outcome_and_a_closed_client_leaves_nothing(
        steps in prop::collection::vec(step(), 0..60),
    ) {
        let mut stage = Stage::new(&json!({}));
        let mut requests = 0;
        for mut step in steps {
            if step.get("request").is_some() {
                requests += 1;
                step["request"] = json!(format!("request {requests}"));
            }
            stage.act(&step);
            prop_assert!(stage.outcomes() <= requests);
        }
        stage.act(&json!({ "closeClient": true }));
        prop_assert_eq!(stage.core.state(), ConnectionState::Closed);
        prop_assert_eq!(stage.outcomes(), requests, "each request has an outcome");
        prop_assert_eq!(stage.twice(), 0, "and one only");
        prop_assert!(stage.core.is_spotless(), "no call, topic or timer is left");
    }

    #[test]
    fn who_stays_subscribed_is_subscribed_on_every_connection(
        steps in prop::collection::vec(step(), 0..40),
    ) {
        let mut stage = Stage::new(&json!({}));
        for step in steps.iter().filter(|step| step.get("request").is_none()) {
            stage.act(step);
        }
        // A server that is there and answers.
        stage.act(&json!({ "server": "answering" }));
        stage.act(&json!({ "reconnect": true }));
        stage.act(&json!({ "pass": 0 }));
        stage.act(&json!({ "accept": "trading.v1" }));
        stage.act(&json!({ "pass": 1_000 }));
        prop_assert!(stage.is_all_active());
    }
}
