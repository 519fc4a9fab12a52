//! The reviewed code at work: what it reads, what it writes again, what it refuses and how it says so.

// A test stops where something is not as it must be.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::any::type_name;
use std::fmt::Write;

use asyncapi_ws::codec::Codec;
use asyncapi_ws::json::Json;
use asyncapi_ws::typed::{EnvelopeParts, Message, Payload, from_json, receive};
use compiled::{
    batches, maps, merges, open, presence, recursion, rules, scalars, trading, tuples, unions,
};

/// Reads a value and writes it again.
#[track_caller]
fn same<T: Payload>(text: &str) -> T {
    let value: T = from_json(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    let again = Json::encode(&value).unwrap();
    assert_eq!(again, Json::parse(text).unwrap(), "{}", type_name::<T>());
    value
}

/// What reading says of each of several wrong values, a line for each.
fn refusals<T: Payload>(out: &mut String, texts: &[&str]) {
    writeln!(out, "{}", type_name::<T>().trim_start_matches("compiled::")).unwrap();
    for text in texts {
        match from_json::<T>(text) {
            Ok(_) => panic!("{text} is read"),
            Err(error) => writeln!(out, "    {text}\n        {error}").unwrap(),
        }
    }
}

#[test]
fn a_wrong_value_is_refused_with_its_place_and_its_rule() {
    let mut out = String::new();
    refusals::<rules::server::Numbers>(
        &mut out,
        &[
            r#"{"percent":101}"#,
            r#"{"percent":1.5}"#,
            r#"{"percent":"1"}"#,
            r#"{"positive":0}"#,
            r#"{"step":7}"#,
            r#"{"cents":0.011}"#,
            r#"{"small":2147483648}"#,
            r#"{"above":9223372036854775807}"#,
            r#"{"price":0.009}"#,
        ],
    );
    refusals::<rules::server::Texts>(
        &mut out,
        &[
            r#"{"symbol":"aapl"}"#,
            r#"{"symbol":"ABCDEFGHI"}"#,
            r#"{"mail":"nobody"}"#,
            r#"{"amount":"x"}"#,
        ],
    );
    refusals::<rules::server::Lists>(
        &mut out,
        &[
            r#"{"some":[]}"#,
            r#"{"some":["a","b","c","d"]}"#,
            r#"{"some":["a",""]}"#,
            r#"{"unique":[1,2,1.0]}"#,
            r#"{"one":[2]}"#,
            r#"{"none":[1]}"#,
        ],
    );
    refusals::<rules::server::Conditions>(
        &mut out,
        &[
            "{}",
            r#"{"kind":"limit"}"#,
            r#"{"kind":"market","limit":1}"#,
            r#"{"kind":"market","stop":1}"#,
        ],
    );
    refusals::<presence::server::Presence>(
        &mut out,
        &[
            r#"{"required":"","requiredAny":1}"#,
            r#"{"required":null,"requiredNullable":null,"requiredAny":1}"#,
            r#"{"required":"","optional":null,"requiredNullable":null,"requiredAny":1}"#,
            r#"{"required":"","requiredNullable":null}"#,
            r#"{"required":"","requiredNullable":null,"requiredAny":1,"never":1}"#,
        ],
    );
    refusals::<unions::server::ByTag>(
        &mut out,
        &[r#"{"kind":"circle","radius":"1"}"#, r#"{"kind":"triangle"}"#, r#"{"radius":1}"#, "1"],
    );
    refusals::<unions::server::ByCheck>(&mut out, &[r#"{"box":"1"}"#, r#"{"street":1}"#, "{}"]);
    refusals::<unions::server::Account>(
        &mut out,
        &[r#"{"id":"1","vat":"123"}"#, r#"{"id":"1"}"#, r#"{"id":"1","name":"a","vat":"1234"}"#],
    );
    refusals::<tuples::server::Point>(&mut out, &["[1]", "[1,2,3]", r#"[1,"2"]"#, "{}"]);
    refusals::<scalars::server::Scalars>(
        &mut out,
        &[
            r#"{"at":"yesterday","day":"2026-11-24","id":"00000000-0000-0000-0000-000000000000","key":""}"#,
        ],
    );
    refusals::<trading::server::BarsSubscriptionRequest>(
        &mut out,
        &[r#"{"symbol":"AAPL","params":{"resolution":"2"}}"#, r#"["AAPL"]"#, "not JSON"],
    );
    insta::assert_snapshot!(out);
}

#[test]
fn what_was_absent_stays_absent_and_null_stays_null() {
    use presence::server::{Choice, Defaults, Presence};

    let least: Presence = same(r#"{"required":"","requiredNullable":null,"requiredAny":null}"#);
    assert_eq!(least.optional, None);
    same::<Presence>(
        r#"{"required":"r","optional":"o","requiredNullable":"n","optionalNullable":null,"requiredAny":[1],"optionalAny":null}"#,
    );
    let none: Defaults = same("{}");
    assert_eq!(none.choice, None);
    assert_eq!(none.choice_or_default(), Choice::Second);
    assert_eq!(none.whole_or_default(), 5);
}

#[test]
fn numbers_and_texts_lose_nothing() {
    same::<rules::server::Numbers>(r#"{"above":18446744073709551615,"price":0.1000}"#);
    let read: scalars::server::Scalars = from_json(
        r#"{"at":"2026-11-24T23:59:59.000Z","day":"2026-11-24","id":"6F1E9A3C-0000-4000-8000-000000000000","key":"aGk=","price":0.1000,"int64":9007199254740993}"#,
    )
    .unwrap();
    let text = Json::encode(&read).unwrap().to_string();
    for kept in ["59.000Z", "6F1E9A3C", "0.1000", "9007199254740993"] {
        assert!(text.contains(kept), "{kept} is not in {text}");
    }
    // `1.0` is an integer, as draft-07 says.
    let whole: rules::server::Numbers = from_json(r#"{"percent":1.0}"#).unwrap();
    assert_eq!(whole.percent, Some(1));
}

#[test]
fn a_value_becomes_the_alternative_that_it_is() {
    use unions::server::{Account, ByCheck, ByTag, ByType, Nested};

    assert!(
        matches!(same::<ByTag>(r#"{"kind":"square","side":2}"#), ByTag::Square(square) if square.side == 2.0)
    );
    assert!(matches!(same::<ByType>("7"), ByType::Integer(7)));
    same::<ByType>(r#"["a"]"#);
    assert!(matches!(same::<ByCheck>(r#"{"box":1}"#), ByCheck::Box(_)));
    assert!(matches!(
        same::<Nested>(r#"{"kind":"circle","radius":1}"#),
        Nested::ByTag(ByTag::Circle(_))
    ));
    same::<Account>(r#"{"id":"1","name":"a"}"#);
    assert!(matches!(same::<Nested>("null"), Nested::Nullable(None)));
}

#[test]
fn lists_with_a_type_for_each_place_keep_their_length() {
    use tuples::server::{Book, Level, Loose, Range, Row};

    same::<Range>("[1]");
    same::<Range>("[1,2]");
    same::<Loose>("[]");
    same::<Row>(r#"["a",1,2.5]"#);
    same::<Level>(r#"[1.50,"2.50"]"#);
    same::<Book>(r#"[1,[[1,"2"]],"book"]"#);
}

#[test]
fn a_client_keeps_what_is_new_and_writes_it_again() {
    use open::client::{FeedReceived, Side, Update, UpdateEvent};

    let text = r#"{"type":"update","payload":{"side":"both","event":{"kind":"paused","until":5},"level":[1,2,3],"newer":{"a":[1]}}}"#;
    let decoded = receive::<FeedReceived>(text).unwrap();
    let FeedReceived::Update(update) = &decoded.message else { panic!("{decoded:?}") };
    assert_eq!(update.side, Side::Unrecognized("both".to_owned()));
    assert!(matches!(update.event, UpdateEvent::Unknown(_)), "{:?}", update.event);
    assert!(update.extra.contains_key("newer"));
    assert_eq!(Json::parse(&decoded.to_json().unwrap()).unwrap(), Json::parse(text).unwrap());

    // A kind of message that the contract does not know is delivered, too.
    let newer = r#"{"type":"trade","payload":{"price":1}}"#;
    let decoded = receive::<FeedReceived>(newer).unwrap();
    let FeedReceived::Unrecognized(frame) = &decoded.message else { panic!("{decoded:?}") };
    assert_eq!(frame.as_json(), Some(&Json::parse(newer).unwrap()));

    // A server, and a client that was asked to be closed, refuse all of it.
    assert!(receive::<open::closed::FeedReceived>(text).is_err());
    assert!(receive::<open::closed::FeedReceived>(newer).is_err());
    assert!(
        from_json::<open::server::Update>(r#"{"side":"both","event":{"kind":"closed"}}"#).is_err()
    );
    let _: Update = same(r#"{"side":"sell","event":{"kind":"closed"}}"#);
}

#[test]
fn what_is_not_of_the_contract_is_not_sent() {
    use open::client::{FeedSent, Kind, Order, Side};

    let send = |side| {
        let order = FeedSent::from(Order { side, kind: Kind::Market });
        order.encode(Codec::Json, &EnvelopeParts::default(), &mut Vec::new())
    };
    assert!(send(Side::Buy).is_ok());
    let error = send(Side::Unrecognized("both".to_owned())).unwrap_err();
    assert!(error.to_string().contains("/side"), "{error}");

    let bar = trading::server::Bar {
        time: 0,
        open: f64::NAN,
        high: 1.0,
        low: 1.0,
        close: 1.0,
        volume: 1,
    };
    let sent = trading::server::TradingSent::from(bar);
    assert!(sent.encode(Codec::Json, &EnvelopeParts::default(), &mut Vec::new()).is_err());
}

#[test]
fn a_topic_is_its_name_and_its_name_is_the_topic() {
    use trading::server::{BarsTopic, Resolution};

    let topic = BarsTopic { symbol: "BINANCE:BTC".to_owned(), resolution: Resolution::Day };
    assert_eq!(topic.to_string(), "bars:BINANCE:BTC:D");
    assert_eq!("bars:BINANCE:BTC:D".parse(), Ok(topic));
    assert!("bars:AAPL:2".parse::<BarsTopic>().is_err());
}

#[test]
fn properties_without_a_field_are_kept_where_the_contract_gives_them_a_type() {
    use maps::server::{Closed, Empty, Open, Patterned, Rest};

    let rest: Rest = same(r#"{"name":"a","b":1,"c":2}"#);
    assert_eq!(rest.name, "a");
    same::<Patterned>(r#"{"kind":"k","x-a":1,"b2":3}"#);
    assert!(from_json::<Patterned>(r#"{"y":1}"#).is_err());
    assert!(from_json::<Rest>(r#"{"name":"a","b":"1"}"#).is_err());
    assert!(from_json::<Closed>(r#"{"other":1}"#).is_err());
    assert!(from_json::<Empty>(r#"{"other":1}"#).is_err());
    // A server takes what it does not know, and does not keep it.
    let open: Open = from_json(r#"{"name":"a","other":1}"#).unwrap();
    assert_eq!(open.name.as_deref(), Some("a"));
}

#[test]
fn merged_schemas_are_one_type_with_the_rules_of_all() {
    use merges::server::{Choice, Derived};

    same::<Derived>(r#"{"id":"1","size":2,"note":"ab"}"#);
    assert!(from_json::<Derived>(r#"{"id":"1","size":2,"note":"a"}"#).is_err());
    assert!(from_json::<Derived>(r#"{"id":"1","size":2,"note":"12345678901"}"#).is_err());
    same::<Choice>(r#"{"id":"1","kind":"limit","price":2}"#);
    assert!(from_json::<Choice>(r#"{"id":"1","kind":"limit"}"#).is_err());
}

#[test]
fn types_that_hold_themselves_are_read_as_deep_as_they_are() {
    use recursion::server::{Expression, Folder, Hen, Node, Pair, Tree};

    same::<Node>(r#"{"value":1,"next":{"value":2,"next":{"value":3}}}"#);
    same::<Tree>(r#"{"children":[{"children":[]},{"children":[{"children":[]}]}]}"#);
    same::<Folder>(r#"{"a":{"b":{}},"c":{}}"#);
    same::<Expression>(r#"{"sum":[1,{"negated":{"sum":[2,3]}}]}"#);
    same::<Hen>(r#"{"egg":{"hen":{"egg":{}}}}"#);
    same::<Pair>(r#"["a",["b",["c"]]]"#);
    assert!(from_json::<Node>(r#"{"value":1,"next":{"value":-2}}"#).is_err());
}

#[test]
fn what_is_sent_in_batches_is_a_list_of_one() {
    use batches::server::{StreamSent, Trade};
    let trade = StreamSent::Trade(Trade { s: "AAPL".to_owned(), p: 1.5 });
    let mut out = Vec::new();
    trade.encode(Codec::Json, &EnvelopeParts::default(), &mut out).unwrap();
    assert_eq!(String::from_utf8(out).unwrap(), r#"[{"T":"t","S":"AAPL","p":1.5}]"#);
}
