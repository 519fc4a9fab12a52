//! What is read is what the tree gives.

use super::super::arbitrary::any_json;
use super::super::{Decimal, Json, Number};
use super::{read, read_with};
use proptest::prelude::*;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::fmt::Debug;

const DEPTH: u8 = 8;

/// As the tree gives it; an error where the two differ.
fn alike<T: DeserializeOwned + Debug + PartialEq>(text: &str) -> Result<Option<T>, String> {
    let tree = Json::parse_within(text, DEPTH);
    let slow = tree.as_ref().ok().and_then(|tree| tree.decode::<T>().ok());
    match read::<T>(text, DEPTH) {
        Some(fast) if slow.as_ref() != Some(&fast) => {
            Err(format!("{text}: read as {fast:?}, by the tree {slow:?}"))
        }
        fast => Ok(fast),
    }
}

fn alike_as_everything(text: &str) -> Result<(), String> {
    alike::<Everything>(text)?;
    alike::<BTreeMap<String, Everything>>(text)?;
    alike::<Vec<Option<Side>>>(text)?;
    alike::<serde_json::Value>(text)?;
    alike::<i64>(text)?;
    alike::<u64>(text)?;
    alike::<u8>(text)?;
    alike::<i128>(text)?;
    alike::<u128>(text)?;
    alike::<f64>(text)?;
    alike::<f32>(text)?;
    alike::<bool>(text)?;
    alike::<()>(text)?;
    alike::<char>(text)?;
    alike::<String>(text)?;
    alike::<(i64, Option<String>)>(text)?;
    alike::<Decimal>(text)?;
    // Exactly, digits and all.
    let json = |json: Option<Json<'static>>| json.map(|json| json.to_string());
    let tree = Json::parse_within(text, DEPTH).ok().map(|tree| tree.to_string());
    let fast = json(read(text, DEPTH));
    if fast == tree { Ok(()) } else { Err(format!("{text}: read as {fast:?}, tree {tree:?}")) }
}

#[derive(Debug, Default, Deserialize, PartialEq)]
#[serde(default)]
struct Everything {
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
    Limit { price: f64 },
    Pair(i64, i64),
    One(i64),
}

fn reads<T: DeserializeOwned + Debug + PartialEq>(text: &str) -> Option<T> {
    alike(text).unwrap()
}

#[test]
fn the_double_is_the_nearest_however_long_the_number() {
    for text in [
        "0",
        "-1.5",
        "189.7512",
        "0.1234567890123456789",
        "9007199254740993",
        "9007199254740993.0",
        "1e22",
        "1E-7",
        "2.2250738585072012e-308",
        "0.000000000000000000000000000000000000001",
        "123456789012345678901234567890.5",
    ] {
        assert_eq!(reads::<f64>(text), Some(text.parse().unwrap()), "{text}");
    }
    assert_eq!(read::<f64>("1e400", DEPTH), None);
}

#[test]
fn an_integer_is_one_however_it_is_written() {
    assert_eq!(reads::<i64>("1.0"), Some(1));
    assert_eq!(reads::<u8>("1e2"), Some(100));
    assert_eq!(reads::<i64>("-9223372036854775808"), Some(i64::MIN));
    assert_eq!(reads::<u64>("18446744073709551615"), Some(u64::MAX));
    assert_eq!(reads::<i128>("-170141183460469231731687303715884105728"), Some(i128::MIN));
    for wrong in
        ["1.5", "9223372036854775808", "01", "-", "1.", "+1", "\"1\"", "99999999999999999999"]
    {
        assert_eq!(reads::<i64>(wrong), None, "{wrong}");
    }
}

#[test]
fn what_no_field_holds_must_be_json_all_the_same() {
    let with = |value: &str| format!(r#"{{"a":1.5,"unknown":{value},"name":"n"}}"#);
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    let read = |value: &str| reads::<Everything>(&with(value)).is_some();
    for right in ["[1,{\"x\":[null,true,false]}]", r#""\u00e9\n""#, "-0.5e7", &nested(7)] {
        assert!(read(right), "{right}");
    }
    for wrong in
        [r#""\ud800""#, r#""\x""#, "01", "[1,]", "{\"a\"}", "{1:2}", "nul", "\"\u{1}\"", &nested(8)]
    {
        assert!(!read(wrong), "{wrong}");
    }
}

#[test]
fn every_sort_of_variant_is_read() {
    assert_eq!(reads(r#""Buy""#), Some(Side::Buy));
    assert_eq!(reads(r#"{"Buy":null}"#), Some(Side::Buy));
    assert_eq!(reads(r#" { "Limit" : { "price" : 1 } } "#), Some(Side::Limit { price: 1.0 }));
    assert_eq!(reads(r#"{"Pair":[1,2]}"#), Some(Side::Pair(1, 2)));
    assert_eq!(reads(r#"{"One":3}"#), Some(Side::One(3)));
    for wrong in [r#""One""#, r#"{"Buy":1}"#, r#"{"One":1,"Buy":null}"#, "{}", r#"{"Limit":[1]}"#] {
        assert_eq!(reads::<Side>(wrong), None, "{wrong}");
    }
}

#[test]
fn what_follows_is_an_error() {
    for wrong in ["1 2", "{}x", "[1]]", "", " "] {
        alike_as_everything(wrong).unwrap();
        assert_eq!(read::<serde_json::Value>(wrong, DEPTH), None, "{wrong}");
    }
}

#[test]
fn text_without_escapes_is_borrowed() {
    let text = r#"["plain é","esc\u0061ped"]"#;
    let seed = std::marker::PhantomData::<(&str, String)>;
    assert_eq!(read_with(text, DEPTH, seed), Some(("plain é", "escaped".to_owned())));
}

proptest! {
    #[test]
    fn any_value_is_read_as_the_tree_gives_it(value in any_json()) {
        alike_as_everything(&value.to_string()).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn any_number_is_read_as_the_tree_gives_it(
        text in "-?(0|[1-9][0-9]{0,24})([.][0-9]{1,24})?([eE][+-]?[0-9]{1,3})?",
    ) {
        alike_as_everything(&text).map_err(TestCaseError::fail)?;
        let nearest: f64 = text.parse().unwrap();
        prop_assert_eq!(read::<f64>(&text, DEPTH), nearest.is_finite().then_some(nearest));
    }

    #[test]
    fn nearly_json_is_read_or_refused_as_the_tree_does(
        text in concat!(
            r#"([\[\]{},:" \n]|"(a|b|list|name|side|other|map|[a\\"u\u{1f600}\u{1}/bn0-9d-e]{0,6})":?"#,
            r"|-?[0-9]{0,3}[.eE+-]?[0-9]{0,2}|true|null|\\ud[89cd]00){0,12}",
        )
    ) {
        alike_as_everything(&text).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn objects_of_known_properties_are_read_as_the_tree_gives_them(
        text in concat!(
            r#"[{]("(a|b|list|name|side|digits|other|map|new)" ?: ?"#,
            r#"(null|1|1[.]0|-2e1|"Buy"|"\\u00e9"|[{]"a":1[}]|[{]"One":1[}]|\[1,2\]|\[[{][}]\]),){0,4}"list":\[\][}]"#,
        )
    ) {
        alike_as_everything(&text).map_err(TestCaseError::fail)?;
    }
}
