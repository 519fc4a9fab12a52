//! What holds for every text: no panic, every place inside of its file, JSON data read as it is.

// A test stops where something is not as it must be.
#![allow(clippy::unwrap_used, clippy::panic)]

use contract::diagnostic::{Diagnostics, Place};
use contract::files::Memory;
use contract::location::Location;
use contract::reference::{AllFiles, read_all};
use contract::tree::{Kind, NodeRef, Tree};
use contract::{Diagnostic, Limits, SourceMap, Span, notation};
use proptest::prelude::*;
use serde_json::Value;

fn assert_inside(sources: &SourceMap, span: Span) {
    let text = sources.file(span.file).text();
    let (start, end) = (span.start as usize, span.end as usize);
    assert!(start <= end && end <= text.len(), "{span:?} in {} bytes", text.len());
    assert!(text.is_char_boundary(start) && text.is_char_boundary(end), "{span:?}");
}

/// Every node of the document that a walk from the root meets, aliases followed.
fn walk(root: NodeRef<'_>) -> Vec<NodeRef<'_>> {
    let mut met = Vec::new();
    let mut open = vec![root];
    while let Some(node) = open.pop() {
        met.push(node);
        open.extend(node.items().chain(node.entries().map(|(_, value)| value)));
    }
    met
}

fn assert_sound(sources: &SourceMap, tree: &Tree, findings: Vec<Diagnostic>) {
    for (file, _) in sources.files() {
        for node in tree.root(file).map(walk).unwrap_or_default() {
            assert_inside(sources, node.span());
            node.entries().for_each(|(key, _)| assert_inside(sources, key.span));
            assert!(node.pointer().starts_with('#'));
        }
    }
    for finding in &findings {
        if let Place::Text(span) = finding.place {
            assert_inside(sources, span);
        }
        finding.related.iter().for_each(|(span, _)| assert_inside(sources, *span));
        assert!(!finding.message.is_empty());
    }
    let diagnostics = Diagnostics::new(sources.clone(), findings);
    let shown = diagnostics.to_string();
    assert!(shown.chars().all(|sign| sign == '\n' || !sign.is_control()), "{shown:?}");
    assert!(shown.lines().all(|line| line == line.trim_end_matches(' ')), "{shown}");
}

fn parse_soundly(name: &str, bytes: &[u8]) {
    let parsed = notation::parse(name, bytes, &Limits::default());
    let root = parsed.file.and_then(|file| parsed.tree.root(file));
    assert!(root.is_some() || !parsed.findings.is_empty(), "refused without a word");
    assert_sound(&parsed.sources, &parsed.tree, parsed.findings);
}

/// Texts made of what YAML and JSON are made of.
fn notation_like() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "a",
        "b: ",
        "c:\n",
        "- ",
        "\n",
        "\n  ",
        "\n    ",
        "\t",
        " ",
        "[",
        "]",
        "{",
        "}",
        ",",
        ":",
        "\"",
        "'",
        "\\",
        "\\u00e9",
        "\\ud83d",
        "|\n",
        ">-\n",
        "&x ",
        "*x",
        "*x: ",
        "<<: ",
        "!!str ",
        "!x ",
        "? ",
        "# c",
        "---\n",
        "...\n",
        "%YAML 1.1\n",
        ".inf",
        "0x1F",
        "1.5",
        "true",
        "null",
        "~",
        "é",
        "😀",
        "\u{feff}",
        "\r\n",
        "\u{1}",
        "\u{85}",
        "$ref: ",
        "'#/a/b'",
        "//",
        "/*",
        "*/",
        "\"a\": ",
        "@",
        "`",
        "%",
    ]);
    prop::collection::vec(pieces, 0..40).prop_map(|pieces| pieces.concat())
}

fn json() -> impl Strategy<Value = Value> {
    let text = prop_oneof![
        ".{0,12}",
        "[\\x00-\\x{9f}\u{2028}\u{feff}\u{fffe}]{0,6}",
        Just("<<".to_owned())
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>()
            .prop_filter_map("finite", |number| number.is_finite().then(|| Value::from(number))),
        text.clone().prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 64, 8, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(text.clone(), inner, 0..6)
                .prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

/// A node as compact JSON, numbers as they are kept.
fn printed(node: NodeRef<'_>) -> String {
    let quoted = |text: &str| Value::from(text).to_string();
    match node.kind() {
        Kind::Null => "null".to_owned(),
        Kind::Bool => node.as_bool().unwrap().to_string(),
        Kind::Number => node.as_number().unwrap().to_owned(),
        Kind::String => quoted(node.as_str().unwrap()),
        Kind::List => format!("[{}]", node.items().map(printed).collect::<Vec<_>>().join(",")),
        Kind::Map => {
            let entries = node.entries();
            let entries =
                entries.map(|(key, value)| format!("{}:{}", quoted(key.text), printed(value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(","))
        }
    }
}

/// Whether YAML allows a character (YAML 1.2.2 §5.1).
fn is_printable(character: char) -> bool {
    !matches!(character, '\u{7f}'..='\u{84}' | '\u{86}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}')
}

#[track_caller]
fn assert_reads(name: &str, text: &str, expected: &Value) {
    let parsed = notation::parse(name, text, &Limits::default());
    let shown = Diagnostics::new(parsed.sources, parsed.findings).to_string();
    assert_eq!(shown, "", "{text:?}");
    let root = parsed.tree.root(parsed.file.unwrap()).unwrap();
    assert_eq!(printed(root), expected.to_string(), "{text:?}");
}

/// Documents with references to files and parts that exist, and to others.
fn with_references() -> impl Strategy<Value = String> {
    let target = prop::sample::select(vec![
        "#",
        "#/",
        "#/a",
        "#/a/b",
        "#/a/0",
        "#/b/a",
        "#name",
        "#/a~1b",
        "#/%zz",
        "b.yaml",
        "b.yaml#/a",
        "./b.yaml#/b/c",
        "a.yaml#/c",
        "../a.yaml",
        "/a.yaml",
        "http://x/y",
        "http://x/y#/a",
        "urn:x:y",
        "y",
        "",
        "?",
        "//",
        "b.yaml#name",
    ]);
    let node = target.prop_map(|target| format!("{{$ref: '{target}'}}"));
    let id = prop::sample::select(vec!["#name", "b.yaml", "http://x/y", "urn:x:y", "y/", "", "#"]);
    let leaf = prop_oneof![node, Just("1".to_owned()), Just("{}".to_owned())];
    leaf.prop_recursive(4, 24, 4, move |inner| {
        let keys = prop::sample::select(vec!["a", "b", "c", "not", "properties", "enum", "x-a/b"]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4)
                .prop_map(|items| format!("[{}]", items.join(", "))),
            (prop::collection::btree_map(keys, inner, 0..4), prop::option::of(id.clone()))
                .prop_map(|(entries, id)| {
                    let mut entries: Vec<String> =
                        entries.into_iter().map(|(key, value)| format!("{key}: {value}")).collect();
                    entries.extend(id.map(|id| format!("$id: '{id}'")));
                    format!("{{{}}}", entries.join(", "))
                }),
        ]
    })
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        for name in ["a.yaml", "a.json", "a"] {
            parse_soundly(name, &bytes);
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in ".{0,100}") {
        for name in ["a.yaml", "a.json", "a"] {
            parse_soundly(name, text.as_bytes());
        }
    }

    #[test]
    fn any_notation_like_text_is_read_or_refused(text in notation_like()) {
        for name in ["a.yaml", "a.json", "a"] {
            parse_soundly(name, text.as_bytes());
        }
    }

    #[test]
    fn json_data_is_read_as_it_is(value in json()) {
        let compact = value.to_string();
        let pretty = serde_json::to_string_pretty(&value).unwrap();
        for text in [&compact, &pretty] {
            assert_reads("a.json", text, &value);
            // JSON in a file of another name.
            if text.starts_with(['{', '[']) {
                assert_reads("a.yaml", text, &value);
            }
            // What JSON does not have makes this one YAML, which excludes some characters.
            if text.chars().all(is_printable) {
                assert_reads("a.yaml", &format!("# yaml\n{text}"), &value);
            }
        }
    }

    #[test]
    fn any_references_lead_somewhere_or_nowhere(a in with_references(), b in with_references()) {
        let mut files = Memory::new().with("a.yaml", a).with("b.yaml", b);
        let AllFiles { sources, tree, references } =
            read_all(&Location::named("a.yaml"), &mut files, &Limits::default());
        let mut findings = Vec::new();
        for (file, _) in sources.files() {
            for node in tree.root(file).map(walk).unwrap_or_default() {
                match references.follow(node) {
                    Ok(target) => assert!(target.get("$ref").is_none()),
                    Err(finding) => findings.push(*finding),
                }
                findings.extend(references.hop(node).err().map(|finding| *finding));
                findings.extend(references.file(node).err().map(|finding| *finding));
            }
        }
        findings.extend(references.findings());
        assert_sound(&sources, &tree, findings);
    }
}
