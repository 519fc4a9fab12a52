//! No text in a contract breaks what is generated from it.

// A test stops where something is not as it must be.
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use ::contract::model::Contract;
use json::Json;
use oxc_allocator::Allocator;
use oxc_parser::Parser;
use oxc_span::SourceType;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use support::{STRICT, compile, contract, contracts, empty_folder, generate, node_modules, write};
use ts_gen::{File, Options};

/// What a parser of TypeScript has against a text.
fn faults(text: &str) -> Vec<String> {
    let allocator = Allocator::default();
    let parsed = Parser::new(&allocator, text, SourceType::ts()).parse();
    parsed.errors.iter().map(ToString::to_string).collect()
}

/// Text that somebody may have meant to hurt, and text that nobody meant.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("*/"),
        Just("/*"),
        Just("//"),
        Just("`"),
        Just("${"),
        Just("\""),
        Just("'"),
        Just("\\"),
        Just("__proto__"),
        Just("constructor"),
        Just("class"),
        Just("undefined"),
        Just("\u{2028}"),
        Just("\u{2029}"),
        Just("\u{202e}"),
        Just("\n"),
        Just("\r"),
        Just("\t"),
        Just("@"),
        Just("{@"),
        Just("```"),
        Just("<!--"),
        Just("😀"),
        Just("{"),
        Just("}"),
        Just("1"),
        Just("a"),
        Just(" "),
        Just(":"),
        Just("~"),
        Just("$"),
        Just("%"),
    ];
    prop_oneof![
        4 => vec(piece, 0..6).prop_map(|pieces| pieces.concat()),
        1 => any::<String>(),
    ]
}

fn text(value: &str) -> String {
    Json::from(value.to_owned()).to_string()
}

fn pointer(value: &str) -> String {
    let escaped = value.replace('~', "~0").replace('/', "~1");
    escaped.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"~-_.".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
        out
    })
}

/// A contract with hostile text wherever one has text.
fn document(words: &[String]) -> String {
    let word = |at: usize| text(&words[at % words.len()]);
    let [channel, request, push, operation] = [0, 1, 2, 3].map(|at| words[at].clone());
    let push = format!("{push} push");
    let at_channel = format!("#/channels/{}", pointer(&channel));
    let message = |name: &str| format!("{at_channel}/messages/{}", pointer(name));
    format!(
        r##"{{
  "asyncapi": "3.0.0",
  "info": {{ "title": {t4}, "version": {t5}, "description": {t6} }},
  "servers": {{ {t7}: {{ "host": "a.example", "protocol": "wss", "description": {t8} }} }},
  "channels": {{ {channel}: {{
    "address": {t9},
    "title": {t10},
    "description": {t11},
    "messages": {{
      {request}: {{
        "name": {t12}, "summary": {t13}, "description": {t14},
        "payload": {{ "type": "object", "required": ["t", {t15}], "properties": {{
          "t": {{ "const": {t16} }},
          {t15}: {{ "type": "string", "description": {t17}, "default": {t18} }},
          {t19}: {{ "enum": [{t20}, {t21}, {t22}] }}
        }} }}
      }},
      {push}: {{ "payload": {{ "type": "object", "required": ["t"], "properties": {{ "t": {{ "const": {t23} }}, "topic": {{ "type": "string" }} }} }} }}
    }},
    "x-topics": {{ {t24}: {{
      "name": {topic}, "description": {t25},
      "parameters": {{ "p": {{ "location": {location}, "default": {t27} }} }},
      "message": {push}, "subscribe": {operation}, "topic": {{ "location": "$message.payload#/topic" }}
    }} }},
    "x-close-codes": {{ "slow": {{ "code": 4900, "reason": {reason}, "then": "stop" }} }}
  }} }},
  "operations": {{
    {operation}: {{ "action": "receive", "summary": {t28}, "description": {t29},
      "channel": {{ "$ref": {at_channel} }}, "messages": [{{ "$ref": {at_request} }}] }},
    {sends}: {{ "action": "send", "channel": {{ "$ref": {at_channel} }}, "messages": [{{ "$ref": {at_push} }}] }}
  }},
  "components": {{ "schemas": {{
    {t30}: {{ "title": {t31}, "description": {t32}, "type": "object",
      "properties": {{ {t33}: {{ "enum": [{t34}, 1, [{t35}], {{ {t36}: {t37} }}] }} }},
      "additionalProperties": {{ "type": "string" }} }},
    "tagged": {{ "oneOf": [
      {{ "type": "object", "required": [{t38}], "properties": {{ {t38}: {{ "const": {t39} }} }} }},
      {{ "type": "object", "required": [{t38}], "properties": {{ {t38}: {{ "const": {other} }} }} }}
    ] }}
  }} }}
}}"##,
        channel = text(&channel),
        request = text(&request),
        push = text(&push),
        operation = text(&operation),
        sends = text(&format!("{operation} sends")),
        at_channel = text(&at_channel),
        at_request = text(&message(&request)),
        at_push = text(&message(&push)),
        topic = text(&format!("{}:{{p}}", words[26 % words.len()].replace(['{', '}'], ""))),
        location = text(&format!(
            "$message.payload#/{}",
            words[15 % words.len()].replace('~', "~0").replace('/', "~1")
        )),
        reason = text(&words[28 % words.len()].chars().take(30).collect::<String>()),
        other = text(&format!("{} other", words[39 % words.len()])),
        t4 = word(4),
        t5 = word(5),
        t6 = word(6),
        t7 = word(7),
        t8 = word(8),
        t9 = word(9),
        t10 = word(10),
        t11 = word(11),
        t12 = word(12),
        t13 = word(13),
        t14 = word(14),
        t15 = word(15),
        t16 = word(16),
        t17 = word(17),
        t18 = word(18),
        t19 = word(19),
        t20 = word(20),
        t21 = word(21),
        t22 = word(22),
        t23 = word(23),
        t24 = word(24),
        t25 = word(25),
        t27 = word(27),
        t28 = word(28),
        t29 = word(29),
        t30 = word(30),
        t31 = word(31),
        t32 = word(32),
        t33 = word(33),
        t34 = word(34),
        t35 = word(35),
        t36 = word(36),
        t37 = word(37),
        t38 = word(38),
        t39 = word(39),
    )
}

/// What is generated for this contract alone.
fn own_files(contract: &Contract, options: &Options) -> Vec<File> {
    let mut files = generate(contract, options);
    files.retain(|file| !file.path.starts_with("runtime/"));
    files
}

/// Generates, and looks at every character of what came out.
fn survives(document: &str) -> bool {
    let loaded = contract::parse("asyncapi.json", document, &contract::Options::default());
    let Ok(contract) = loaded.contract else {
        return false;
    };
    for file in own_files(&contract, &Options::new().validate(true)) {
        let text = file.text;
        let faults = faults(&text);
        assert!(faults.is_empty(), "{faults:?}\n{document}\n{text}");
        let unseen = text.chars().find(|c| {
            let is_line_end = *c == '\n';
            !is_line_end && (c.is_control() || matches!(c, '\u{2028}'..='\u{202e}' | '\u{feff}'))
        });
        assert_eq!(unseen, None, "{text}");
    }
    true
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn any_text_anywhere_gives_code_that_parses(words in vec(hostile(), 40)) {
        survives(&document(&words));
    }

    #[test]
    fn any_text_in_one_place_gives_code_that_parses(at in 0_usize..40, word in hostile()) {
        let mut words: Vec<String> = (0..40).map(|at| format!("word{at}")).collect();
        words[at] = word;
        survives(&document(&words));
    }
}

#[test]
fn the_document_that_the_properties_vary_is_a_contract() {
    let words: Vec<String> = (0..40).map(|at| format!("word{at}")).collect();
    assert!(survives(&document(&words)));
    // Most hostile texts are legal; the rest is refused by the front end, which is right.
    let mut legal = 0;
    let texts =
        ["*/", "`${x}`", "\u{2028}", "\"'\\", "__proto__", "", "😀", "class", "@deprecated"];
    for word in texts {
        for at in 0..40 {
            let mut words = words.clone();
            words[at] = word.to_owned();
            legal += usize::from(survives(&document(&words)));
        }
    }
    assert!(legal * 10 > texts.len() * 40 * 9, "{legal} of {}", texts.len() * 40);
}

#[test]
fn hostile_contracts_give_clients_that_compile() {
    let Some(packages) = node_modules() else { return };
    let folder = empty_folder("hostile");
    let mut runner = TestRunner::deterministic();
    let mut compiled = 0;
    for round in 0..30 {
        // Half of them are hostile everywhere, half in a few places.
        let mut words = vec(hostile(), 40).new_tree(&mut runner).unwrap().current();
        for at in (0..40).filter(|at| round % 2 == 0 && at % 5 != round % 5) {
            words[at] = format!("word{at}");
        }
        let loaded =
            contract::parse("asyncapi.json", &document(&words), &contract::Options::default());
        if let Ok(contract) = loaded.contract {
            let files = generate(&contract, &Options::new().validate(true));
            write(&folder, &format!("client{round}"), &files);
            compiled += 1;
        }
    }
    assert!(compiled > 15, "{compiled} of 30 are contracts");
    compile(&folder, &packages.join("typescript"), &format!("{STRICT},\n    \"noEmit\": true"));
}

#[test]
fn every_small_contract_gives_code_that_parses() {
    for (name, _) in contracts() {
        for options in [Options::new(), Options::new().closed(true)] {
            for file in own_files(&contract(&name), &options.validate(true)) {
                assert_eq!(faults(&file.text), Vec::<String>::new(), "{name}: {}", file.path);
            }
        }
    }
}
