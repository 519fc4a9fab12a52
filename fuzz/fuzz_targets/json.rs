//! Texts that a peer sends, read in one pass: no panic, and nothing but what the tree of the same text gives.

#![no_main]

use asyncapi_ws::json::{Decimal, Json, Number, read};
use libfuzzer_sys::fuzz_target;
use serde::{Deserialize, de::DeserializeOwned};
use std::{collections::BTreeMap, fmt::Debug};

const DEPTH: u8 = 8;

#[derive(Debug, Default, Deserialize, PartialEq)]
#[serde(default)]
struct Frame {
    a: Option<f64>,
    b: Option<Box<Self>>,
    list: Vec<i32>,
    name: String,
    side: Option<Side>,
    digits: Option<Number<'static>>,
    other: Option<Json<'static>>,
    map: BTreeMap<String, u64>,
}

#[derive(Debug, Deserialize, PartialEq)]
enum Side {
    Buy,
    Limit { price: Decimal },
    Pair(i64, i64),
    One(u8),
}

fn alike<T: DeserializeOwned + Debug + PartialEq>(text: &str, tree: Option<&Json<'_>>) {
    let Some(value) = read::<T>(text, DEPTH) else { return };
    assert_eq!(tree.and_then(|tree| tree.decode::<T>().ok()), Some(value), "{text}");
}

fuzz_target!(|text: &str| {
    let tree = Json::parse_within(text, DEPTH).ok();
    alike::<Frame>(text, tree.as_ref());
    alike::<Vec<Option<Side>>>(text, tree.as_ref());
    alike::<BTreeMap<String, f64>>(text, tree.as_ref());
    alike::<(i64, Option<String>)>(text, tree.as_ref());
    // A value of any shape is read whenever there is one, digits and all.
    let all = read::<Json<'_>>(text, DEPTH);
    assert_eq!(all.map(|json| json.to_string()), tree.map(|json| json.to_string()), "{text}");
});
