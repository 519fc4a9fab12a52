//! One file for each command: from its arguments to its outcome.

pub(crate) mod check;
pub(crate) mod json;
pub(crate) mod rules;
pub(crate) mod rust;
pub(crate) mod ts;

use std::path::Path;

use crate::args::Command;
use crate::outcome::{Failure, Result};
use crate::output::{Output, Printer};

/// Runs a command.
pub(crate) fn run(command: &Command, printer: &Printer) -> Result {
    match command {
        Command::Ts(args) => ts::run(args, printer),
        Command::Rust(args) => rust::run(args, printer),
        Command::Json(args) => json::run(args, printer),
        Command::Check(args) => check::run(args, printer),
        Command::Rules(args) => rules::run(args, printer),
    }
}

/// One file: to standard output, to its place, or compared with what is there.
fn write_one(out: Option<&Path>, check: bool, text: String, printer: &Printer) -> Result {
    match out {
        None if check => Err(nothing_to_compare()),
        None => printer.data(&text),
        Some(path) => {
            let files = [Output { path: path.to_owned(), text }];
            if check { printer.compare(&files, &without_check()) } else { printer.write(&files) }
        }
    }
}

/// `--check` without `--out`.
fn nothing_to_compare() -> Failure {
    Failure::new("`--check` compares with a file: say with which by `--out`")
}

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
