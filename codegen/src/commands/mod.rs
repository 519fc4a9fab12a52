//! One file for each command: from its arguments to its outcome.

pub(crate) mod check;
pub(crate) mod json;
pub(crate) mod rules;
pub(crate) mod rust;
pub(crate) mod ts;

use std::path::Path;

/// The command that writes what a `--check` found stale: the same words without `--check`.
fn without_check() -> String {
    let words = std::env::args().skip(1).filter(|word| word != "--check");
    let quoted = words.map(|word| {
        let plain =
            !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || "-_./=:#".contains(c));
        if plain { word } else { format!("'{}'", word.replace('\'', "'\\''")) }
    });
    std::iter::once("codegen".to_owned()).chain(quoted).collect::<Vec<_>>().join(" ")
}

/// The document as a generated file's header names it: without the way to it, so that two people write
/// the same file.
fn header_name(document: &str) -> String {
    Path::new(document)
        .file_name()
        .map_or_else(|| document.to_owned(), |name| name.to_string_lossy().into_owned())
}
