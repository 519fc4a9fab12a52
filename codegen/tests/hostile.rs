//! Documents made to hurt, through the whole command: each ends by itself, in bounded time and memory, with
//! findings that say where, or with nothing wrong. What the reader alone does with them is tested in `contract`.
#![cfg(unix)]
// A test stops where something is not as it must be.
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use std::fmt::Write;
use std::process::{Command, Stdio};

use support::{Folder, GOOD};

/// Processor seconds that a command may use; nothing here needs one, in an optimised build.
const SECONDS: u32 = 60;

/// Kilobytes of memory that a command may ask for.
const KILOBYTES: u32 = 1 << 20;

/// Runs a command within the bounds: exit status and messages.
fn bounded(folder: &Folder, command: &str) -> (Option<i32>, String) {
    let binary = env!("CARGO_BIN_EXE_codegen");
    let script = format!("ulimit -t {SECONDS}; ulimit -v {KILOBYTES}; exec '{binary}' {command}");
    let output = Command::new("sh")
        .args(["-c", &script])
        .current_dir(folder.path())
        .stdout(Stdio::null())
        .output()
        .unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

/// What `check` finds in a document: the rule and place of its first finding.
fn check(name: &str, text: &[u8]) -> String {
    let folder = Folder::new(name, &[]);
    std::fs::write(folder.path().join("asyncapi.yaml"), text).unwrap();
    let (status, messages) = bounded(&folder, "check");
    assert!(messages.len() < 100_000, "{name}: {} bytes of messages", messages.len());
    match status {
        Some(0) => "nothing".to_owned(),
        Some(1) => {
            let (_, rule) = messages.split_once("error[").unwrap();
            let (rule, rest) = rule.split_once(']').unwrap();
            let (_, place) = rest.split_once("--> ").unwrap();
            format!("{rule} {}", place.lines().next().unwrap())
        }
        other => panic!("{name}: {other:?}: {messages}"),
    }
}

/// A document whose one payload is the schema `A` among these.
fn with_schemas(schemas: &str) -> String {
    let (head, _) = GOOD.split_once("components:\n").unwrap();
    let head = head.replace("schemas/Tick", "schemas/A");
    format!("{head}x-lint-ignore: [component/unused]\ncomponents:\n  schemas:\n{schemas}")
}

#[test]
fn aliases_that_multiply_are_refused() {
    let mut text = format!("{GOOD}x-0: &a0 [x]\n");
    for level in 1..10 {
        let ten = vec![format!("*a{}", level - 1); 10].join(", ");
        writeln!(text, "x-{level}: &a{level} [{ten}]").unwrap();
    }
    assert_eq!(check("aliases", text.as_bytes()), "yaml/alias-expansion asyncapi.yaml:18:26");
}

#[test]
fn ten_thousand_levels_are_refused() {
    let mut block = GOOD.to_owned();
    block.push_str("x-deep:\n");
    for level in 1..10_000 {
        writeln!(block, "{:level$}a:", "").unwrap();
    }
    assert_eq!(check("block", block.as_bytes()), "yaml/depth asyncapi.yaml:140:129");
    let flow = format!("{GOOD}x-deep: {}", "[".repeat(10_000));
    assert_eq!(check("flow", flow.as_bytes()), "yaml/depth asyncapi.yaml:12:137");
    let json = format!("{{\"asyncapi\": {}", "[".repeat(10_000));
    assert_eq!(check("json", json.as_bytes()), "yaml/depth asyncapi.yaml:1:141");
}

#[test]
fn a_hundred_megabytes_are_refused_before_they_are_parsed() {
    let folder = Folder::new("large", &[("asyncapi.yaml", GOOD)]);
    let file = std::fs::OpenOptions::new().write(true).open(folder.path().join("asyncapi.yaml"));
    // A hole: it takes no place on the disk.
    file.unwrap().set_len(100 << 20).unwrap();
    let (status, messages) = bounded(&folder, "check");
    assert_eq!(status, Some(1));
    assert!(messages.starts_with("error[file/too-large]"), "{messages}");
}

#[test]
fn references_in_circles_are_refused_and_schemas_in_circles_are_not() {
    let alias = with_schemas(
        "    A: { $ref: '#/components/schemas/B' }\n    B: { $ref: '#/components/schemas/A' }\n",
    );
    assert_eq!(check("circle", alias.as_bytes()), "reference/cycle asyncapi.yaml:12:16");
    for (name, schema) in [
        ("all", "{ allOf: [{ $ref: '#/components/schemas/A' }], type: object }"),
        ("one", "{ oneOf: [{ $ref: '#/components/schemas/A' }, { type: string }] }"),
        ("not", "{ not: { $ref: '#/components/schemas/A' } }"),
        ("items", "{ type: array, items: { $ref: '#/components/schemas/A' }, examples: [[[[]]]] }"),
        ("map", "{ type: object, additionalProperties: { $ref: '#/components/schemas/A' } }"),
    ] {
        let text = with_schemas(&format!("    A: {schema}\n"));
        assert_eq!(check(name, text.as_bytes()), "nothing", "{schema}");
    }
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    let nul = GOOD.replace("Ticks", "Ti\0cks");
    assert_eq!(check("nul", nul.as_bytes()), "file/encoding asyncapi.yaml:2:18");
    let mut bytes = GOOD.as_bytes().to_vec();
    bytes[30] = 0xff;
    assert_eq!(check("utf-8", &bytes), "file/encoding asyncapi.yaml:2:15");
    let wide: Vec<u8> = GOOD.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(
        check("utf-16", &[&[0xff, 0xfe], &wide[..]].concat()),
        "file/encoding asyncapi.yaml"
    );
    assert_eq!(check("empty", b""), "document/not-asyncapi asyncapi.yaml:1:1");
}

#[test]
fn a_byte_order_mark_and_line_ends_of_windows_are_taken() {
    assert_eq!(check("bom", format!("\u{feff}{GOOD}").as_bytes()), "nothing");
    assert_eq!(check("crlf", GOOD.replace('\n', "\r\n").as_bytes()), "nothing");
    let wrong =
        format!("\u{feff}{}", GOOD.replace("schemas/Tick'", "schemas/Tik'").replace('\n', "\r\n"));
    assert_eq!(check("both", wrong.as_bytes()), "reference/unresolved asyncapi.yaml:6:64");
}

#[test]
fn tabs_and_duplicate_keys_are_pointed_at() {
    let tab = GOOD.replace("    address", "\taddress");
    assert_eq!(check("tab", tab.as_bytes()), "yaml/syntax asyncapi.yaml:5:1");
    let twice = GOOD.replace("    address: /ticks\n", "    address: /ticks\n    address: /ticks\n");
    assert_eq!(check("twice", twice.as_bytes()), "yaml/duplicate-key asyncapi.yaml:6:5");
}

#[test]
fn schemas_that_double_with_each_level_do_not_double_the_work() {
    for keyword in ["allOf", "anyOf", "oneOf"] {
        let mut schemas = String::from("    A: { $ref: '#/components/schemas/D0' }\n");
        for level in 0..40 {
            let next = format!("{{ $ref: '#/components/schemas/D{}' }}", level + 1);
            let properties = format!("properties: {{ p{level}: {{ type: string }} }}");
            writeln!(
                schemas,
                "    D{level}: {{ type: object, {keyword}: [{next}, {next}], {properties} }}"
            )
            .unwrap();
        }
        schemas.push_str("    D40: { type: object, properties: { z: { type: string } } }\n");
        assert_eq!(check(keyword, with_schemas(&schemas).as_bytes()), "nothing", "{keyword}");
    }
    let mut schemas = String::from("    A: { $ref: '#/components/schemas/D0' }\n");
    for level in 0..40 {
        let next = format!("{{ $ref: '#/components/schemas/D{}' }}", level + 1);
        writeln!(
            schemas,
            "    D{level}: {{ type: object, properties: {{ l: {next}, r: {next} }} }}"
        )
        .unwrap();
    }
    schemas.push_str("    D40: { type: string }\n");
    let folder = Folder::new("doubled", &[("asyncapi.yaml", &with_schemas(&schemas))]);
    for command in ["check", "ts", "rust", "json"] {
        let (status, messages) = bounded(&folder, command);
        assert_eq!(status, Some(0), "{command}: {messages}");
    }
}

#[test]
fn components_inside_one_another_are_bounded_for_every_generator() {
    for link in ["{ not: NEXT }", "{ type: array, items: NEXT }", "{ allOf: [NEXT], minLength: 1 }"]
    {
        let mut schemas = String::from("    A: { $ref: '#/components/schemas/D0' }\n");
        for level in 0..2000 {
            let next = format!("{{ $ref: '#/components/schemas/D{}' }}", level + 1);
            writeln!(schemas, "    D{level}: {}", link.replace("NEXT", &next)).unwrap();
        }
        schemas.push_str("    D2000: { type: string }\n");
        let folder = Folder::new("inside", &[("asyncapi.yaml", &with_schemas(&schemas))]);
        for command in ["check", "ts", "rust", "json"] {
            let (status, messages) = bounded(&folder, command);
            assert_eq!(status, Some(1), "{command}: {messages}");
            assert!(messages.starts_with("error[schema/depth]"), "{command}: {messages}");
        }
    }
}

#[test]
fn a_pattern_that_backtracks_forever_is_not_run_on_the_documents_own_examples() {
    let example = "a".repeat(60);
    let text = with_schemas(&format!(
        "    A:\n      type: object\n      properties:\n        \
         a: {{ type: string, pattern: '^(a+)+$', examples: ['{example}b'] }}\n        \
         b: {{ type: string, pattern: '^(?=a)(a+)+$', examples: ['{example}b'] }}\n"
    ));
    let folder = Folder::new("patterns", &[("asyncapi.yaml", &text)]);
    let (status, messages) = bounded(&folder, "check");
    assert_eq!(status, Some(0), "{messages}");
    // The first takes time linear in the text, and is.
    assert_eq!(messages.matches("warning[example/contradicts-schema]").count(), 1, "{messages}");
}
