//! Findings as JSON, for programs: one object with a list.
//!
//! Keys are added, never renamed; what does not apply is left out. Lines and columns count from 1, columns in
//! characters; an end is the first column behind.

use contract::{Diagnostic, Diagnostics, Place, Severity, Span};
use json::{Json, Object};

/// An object from its entries.
pub(crate) fn object<const N: usize>(entries: [(&str, Json<'static>); N]) -> Json<'static> {
    let mut object = Object::new();
    for (key, value) in entries {
        object.insert(key.to_owned(), value);
    }
    Json::Object(object)
}

/// The findings, and how many there are of each severity.
pub(crate) fn as_json(document: &str, diagnostics: &Diagnostics) -> String {
    let count = |severity| Json::from(diagnostics.of(severity).count());
    let findings: Vec<Json<'static>> =
        diagnostics.iter().map(|finding| one(diagnostics, finding)).collect();
    contract::convert::pretty(&object([
        ("document", document.to_owned().into()),
        ("errors", count(Severity::Error)),
        ("warnings", count(Severity::Warning)),
        ("pedantic", count(Severity::Pedantic)),
        ("findings", Json::Array(findings)),
    ]))
}

fn one(diagnostics: &Diagnostics, finding: &Diagnostic) -> Json<'static> {
    let mut entries = Object::new();
    entries.insert("rule".to_owned(), finding.rule.id);
    entries.insert("severity".to_owned(), finding.severity.to_string());
    place(&mut entries, diagnostics, &finding.place);
    entries.insert("message".to_owned(), finding.message.clone());
    if !finding.label.is_empty() {
        entries.insert("label".to_owned(), finding.label.clone());
    }
    if let Some(help) = &finding.help {
        entries.insert("help".to_owned(), help.clone());
    }
    if !finding.related.is_empty() {
        let related = finding.related.iter().map(|(span, remark)| {
            let mut entries = Object::new();
            place(&mut entries, diagnostics, &Place::Text(*span));
            entries.insert("message".to_owned(), remark.clone());
            Json::Object(entries)
        });
        entries.insert("related".to_owned(), Json::Array(related.collect()));
    }
    Json::Object(entries)
}

fn place(entries: &mut Object<'static>, diagnostics: &Diagnostics, place: &Place) {
    match place {
        Place::File(name) => {
            entries.insert("file".to_owned(), name.clone());
        }
        Place::Text(span) => {
            let file = diagnostics.sources().file(span.file);
            entries.insert("file".to_owned(), file.name().to_owned());
            for (key, value) in lines_and_columns(diagnostics, *span) {
                entries.insert(key.to_owned(), value);
            }
        }
    }
}

/// Where a span begins and ends.
pub(crate) fn lines_and_columns(
    diagnostics: &Diagnostics,
    span: Span,
) -> [(&'static str, usize); 4] {
    let file = diagnostics.sources().file(span.file);
    let (start, end) = (file.line_column(span.start), file.line_column(span.end));
    [
        ("line", start.line),
        ("column", start.column),
        ("endLine", end.line),
        ("endColumn", end.column),
    ]
}
