//! Findings as SARIF 2.1.0 (OASIS), which code hosts and editors show beside the line.

use contract::{Diagnostic, Diagnostics, Place, Rule, Severity};
use json::Json;

use crate::findings::{lines_and_columns, object};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// A log of one run.
pub(crate) fn log(diagnostics: &Diagnostics) -> String {
    // Only the rules that were broken: a result names its rule by position in this list.
    let mut rules: Vec<&'static Rule> = diagnostics.iter().map(|finding| finding.rule).collect();
    rules.sort_by_key(|rule| rule.id);
    rules.dedup_by_key(|rule| rule.id);
    let results = diagnostics.iter().map(|finding| {
        let index = rules.iter().position(|rule| rule.id == finding.rule.id).unwrap_or_default();
        result(diagnostics, finding, index)
    });
    let driver = object([
        ("name", "codegen".into()),
        ("semanticVersion", env!("CARGO_PKG_VERSION").into()),
        ("rules", Json::Array(rules.iter().map(|rule| descriptor(rule)).collect())),
    ]);
    let results = Json::Array(results.collect());
    let run = object([
        ("tool", object([("driver", driver)])),
        ("columnKind", "unicodeCodePoints".into()),
        ("results", results),
    ]);
    contract::convert::pretty(&object([
        ("$schema", SCHEMA.into()),
        ("version", "2.1.0".into()),
        ("runs", Json::Array(vec![run])),
    ]))
}

fn descriptor(rule: &'static Rule) -> Json<'static> {
    let first = rule.page.split("\n\n").next().unwrap_or_default().replace('\n', " ");
    object([
        ("id", rule.id.into()),
        ("fullDescription", object([("text", first.into())])),
        ("help", object([("text", rule.page.into()), ("markdown", rule.page.into())])),
        ("defaultConfiguration", object([("level", level(rule.severity).into())])),
    ])
}

fn result(diagnostics: &Diagnostics, finding: &Diagnostic, index: usize) -> Json<'static> {
    let mut text = finding.message.clone();
    if !finding.label.is_empty() {
        text.push_str(&format!(": {}", finding.label));
    }
    if let Some(help) = &finding.help {
        text.push_str(&format!("\nhelp: {help}"));
    }
    let related = finding.related.iter().enumerate().map(|(at, (span, remark))| {
        object([
            ("id", (at + 1).into()),
            ("physicalLocation", location(diagnostics, &Place::Text(*span))),
            ("message", message(remark)),
        ])
    });
    object([
        ("ruleId", finding.rule.id.into()),
        ("ruleIndex", index.into()),
        ("level", level(finding.severity).into()),
        ("message", message(&text)),
        (
            "locations",
            Json::Array(vec![object([(
                "physicalLocation",
                location(diagnostics, &finding.place),
            )])]),
        ),
        ("relatedLocations", Json::Array(related.collect())),
    ])
}

fn message(text: &str) -> Json<'static> {
    object([("text", text.to_owned().into())])
}

fn location(diagnostics: &Diagnostics, place: &Place) -> Json<'static> {
    let artifact = |name: &str| object([("uri", uri(name).into())]);
    match place {
        Place::File(name) => object([("artifactLocation", artifact(name))]),
        Place::Text(span) => {
            let [line, column, end_line, end_column] = lines_and_columns(diagnostics, *span);
            let region = object([
                ("startLine", line.1.into()),
                ("startColumn", column.1.into()),
                ("endLine", end_line.1.into()),
                ("endColumn", end_column.1.into()),
            ]);
            let file = diagnostics.sources().file(span.file);
            object([("artifactLocation", artifact(file.name())), ("region", region)])
        }
    }
}

/// SARIF's levels (§3.27.10); what is pedantic is a note.
fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Pedantic => "note",
    }
}

/// A file's name as a URI reference (RFC 3986 §2): what may not stand there is percent-encoded. A colon in
/// the first part of a path would make it a scheme, so only a URL keeps its own.
fn uri(name: &str) -> String {
    let is_url = name.contains("://");
    let mut uri = String::with_capacity(name.len());
    for byte in name.bytes() {
        let stays = byte.is_ascii_alphanumeric()
            || b"-._~/!$&'()*+,;=@".contains(&byte)
            || is_url && b":?#[]%".contains(&byte);
        if stays {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}
