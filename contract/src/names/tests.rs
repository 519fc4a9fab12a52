//! Names are different, are identifiers, and stay when something is added that does not clash.

use std::collections::{BTreeMap, HashSet};

use insta::assert_snapshot;
use proptest::prelude::*;

use super::{Name, unique};
use crate::diagnose::{contract, diagnose};
use crate::model::Contract;

/// Every name of a type, with the place that it is for.
fn types(contract: &Contract) -> BTreeMap<String, String> {
    let named = contract.shapes.iter().filter_map(|(id, entry)| {
        let origin = &contract.schemas.get(entry.schema).origin;
        let place = format!("{} {:?}", origin.pointer, entry.part);
        Some((place, contract.names.type_of(id)?.to_owned()))
    });
    named.collect()
}

fn shown(contract: &Contract) -> String {
    let mut out = String::new();
    for (place, name) in types(contract) {
        out += &format!("{name}  {place}\n");
    }
    for (name, _) in contract.aliases() {
        out += &format!("{name}  alias\n");
    }
    for id in contract.message_ids() {
        out += &format!(
            "{}  message {:?}\n",
            contract.names.message(id).pascal(),
            contract.message(id).key
        );
    }
    out
}

#[test]
fn what_is_nested_is_called_by_the_way_that_leads_there() {
    assert_snapshot!(shown(&contract("
channels:
  ticks:
    address: /ticks
    messages:
      tick: { payload: { type: object, properties: { meta: { type: object, properties: { tags: { type: array, items: { enum: [a, b] } } } } } } }
      bar: { payload: { $ref: '#/components/schemas/Bar' } }
operations: { push: { action: send, channel: { $ref: '#/channels/ticks' } } }
components:
  schemas:
    Bar:
      type: object
      properties:
        side: { enum: [buy, sell] }
        barRange: { type: object, properties: { low: { type: number } } }
        any:
          oneOf:
            - { title: Small one, type: object, properties: { a: {} } }
            - { type: object, properties: { b: {} } }
        extra: { type: object, additionalProperties: { type: object, properties: { x: {} } } }
    Price: { type: number }
x-lint-ignore: [component/unused, message/no-discriminator]
")), @r#"
    Tick  #/channels/ticks/messages/tick/payload Whole
    TickMeta  #/channels/ticks/messages/tick/payload/properties/meta Whole
    TickMetaTagsItem  #/channels/ticks/messages/tick/payload/properties/meta/properties/tags/items Whole
    Bar  #/components/schemas/Bar Whole
    BarAny  #/components/schemas/Bar/properties/any Whole
    BarAnySmallOne  #/components/schemas/Bar/properties/any/oneOf/0 Whole
    BarAnyOption2  #/components/schemas/Bar/properties/any/oneOf/1 Whole
    BarRange  #/components/schemas/Bar/properties/barRange Whole
    BarExtraValue  #/components/schemas/Bar/properties/extra/additionalProperties Whole
    BarSide  #/components/schemas/Bar/properties/side Whole
    Price  alias
    Tick  message "tick"
    Bar  message "bar"
    "#);
}

#[test]
fn what_clashes_gets_a_suffix_from_its_place_and_is_reported() {
    let document = "
channels:
  ticks:
    address: /ticks
    messages:
      bar: { payload: { type: object, properties: { a: {} } } }
      Bar: { payload: { type: object, properties: { b: {} } } }
operations: { push: { action: send, channel: { $ref: '#/channels/ticks' } } }
components:
  schemas:
    Bar: { type: object, properties: { c: {} } }
    Option: { type: object, properties: { c: {} } }
    Pinned: { x-name: MyOwn, type: object, properties: { c: {} } }
    1D: { type: object, properties: { c: {} } }
    '+': { type: object, properties: { c: {} } }
x-lint-ignore: [component/unused, message/no-discriminator, document/invalid-name]
";
    assert_snapshot!(shown(&contract(document)), @r#"
    BarE8e6  #/channels/ticks/messages/Bar/payload Whole
    Bar9cb8  #/channels/ticks/messages/bar/payload Whole
    Plus  #/components/schemas/+ Whole
    N1D  #/components/schemas/1D Whole
    Bar  #/components/schemas/Bar Whole
    OptionSchema  #/components/schemas/Option Whole
    MyOwn  #/components/schemas/Pinned Whole
    Bar9cb8  message "bar"
    BarE8e6  message "Bar"
    "#);
    assert_snapshot!(diagnose(document), @"
    warning[names/clash]: the type of this schema is called `OptionSchema`, as `Option` is taken
      --> a.yaml:13:13
       |
    13 |     Option: { type: object, properties: { c: {} } }
       |             ^
       = help: give it a name with `x-name`
    ");
}

#[test]
fn names_differ_in_every_spelling() {
    let pascal = |texts: &[&'static str]| {
        let names = unique(texts.iter().map(|text| (Name::new(text), *text)));
        names.iter().map(Name::pascal).collect::<Vec<String>>()
    };
    assert_eq!(pascal(&["bid", "ask"]), ["Bid", "Ask"]);
    let clash = pascal(&["a-1", "a1", "ask"]);
    assert_ne!(clash[0], clash[1]);
    assert_eq!(clash[2], "Ask");
    assert_eq!(pascal(&["onLine", "online"]), ["OnLine", "Online"]);
}

#[test]
fn a_pinned_name_is_an_identifier() {
    let contract = contract(
        "
components:
  schemas:
    one: { x-name: TradeOption, type: object, properties: { a: { type: string } } }
    two: { x-name: 'no } name', type: object, properties: { a: { type: string } } }
",
    );
    let names: Vec<String> = types(&contract).into_values().collect();
    assert_eq!(names, ["TradeOption", "NoName"]);
}

/// Keys that clash in every way: by case, by separators, with the prelude, with what is derived.
const KEYS: [&str; 24] = [
    "bar",
    "Bar",
    "BAR",
    "b-ar",
    "barUpdate",
    "bar.update",
    "bar_update",
    "Option",
    "option",
    "Result",
    "1D",
    "D1",
    "+",
    "-",
    "größe",
    "groesse",
    "",
    "self",
    "BarSchema",
    "BarMessage",
    "ticksHandler",
    "Ticks",
    "fooBar",
    "foo",
];

/// A document with these schemas and messages.
fn document(schemas: &[&str], messages: &[&str]) -> String {
    let quoted = |key: &str| format!("'{}'", key.replace('\'', "''"));
    let mut text = "components:\n  schemas:\n    Base: { type: object, properties: { inner: { type: object, properties: { a: {} } } } }\n".to_owned();
    for key in schemas {
        text += &format!(
            "    {}: {{ type: object, properties: {{ bar: {{ enum: [a] }}, x: {{}} }} }}\n",
            quoted(key)
        );
    }
    text += "channels:\n  ticks:\n    address: /ticks\n    messages:\n      first: { payload: { type: object, properties: { a: {} } } }\n";
    for key in messages {
        text += &format!(
            "      {}: {{ payload: {{ type: object, properties: {{ b: {{}} }} }} }}\n",
            quoted(key)
        );
    }
    text += "operations:\n  push: { action: send, channel: { $ref: '#/channels/ticks' } }\n";
    text
}

fn keys() -> impl Strategy<Value = Vec<&'static str>> {
    prop::sample::subsequence(KEYS.to_vec(), 0..8).prop_shuffle()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn names_are_different_identifiers_that_no_language_has(schemas in keys(), messages in keys()) {
        let contract = contract(&document(&schemas, &messages));
        let names = types(&contract);
        let mut seen = HashSet::new();
        for name in names.values().cloned().chain(contract.aliases().map(|pair| pair.0.to_owned())) {
            prop_assert!(seen.insert(name.to_ascii_lowercase()), "{name} twice in {names:?}");
            prop_assert!(name.starts_with(|c: char| c.is_ascii_uppercase()), "{name}");
            prop_assert!(name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'), "{name}");
            prop_assert!(!super::reserved::is_reserved(&name), "{name}");
        }
        let mut seen = HashSet::new();
        for id in contract.message_ids() {
            let name = contract.names.message(id);
            prop_assert!(seen.insert(name.snake()), "{} twice", name.snake());
        }
    }

    #[test]
    fn a_name_does_not_depend_on_the_order(schemas in keys(), messages in keys()) {
        let mut sorted = (schemas.clone(), messages.clone());
        sorted.0.sort_unstable();
        sorted.1.sort_unstable();
        let one = types(&contract(&document(&schemas, &messages)));
        let other = types(&contract(&document(&sorted.0, &sorted.1)));
        prop_assert_eq!(one, other);
    }

    #[test]
    fn something_added_renames_only_what_it_clashes_with(
        schemas in keys(),
        messages in keys(),
        added in prop::sample::select(KEYS.to_vec()),
        is_message in any::<bool>(),
    ) {
        let (mut more_schemas, mut more_messages) = (schemas.clone(), messages.clone());
        let list = if is_message { &mut more_messages } else { &mut more_schemas };
        prop_assume!(!list.contains(&added));
        list.push(added);
        let before = types(&contract(&document(&schemas, &messages)));
        let after = types(&contract(&document(&more_schemas, &more_messages)));
        let base = Name::new(added).pascal().to_ascii_lowercase();
        for (place, name) in &before {
            let now = &after[place];
            // What clashes begins with the same words, or is called as the newcomer is.
            let clashes = name.to_ascii_lowercase().starts_with(&base);
            prop_assert!(now == name || clashes, "{added} renames {name} to {now} at {place}");
        }
    }
}
