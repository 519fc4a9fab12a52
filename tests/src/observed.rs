//! Transcripts as Markdown tables, for `tests/fastws/BEHAVIOUR.md`.
//!
//! The tables stand between two marks and are written by a program; a test compares them with what
//! the peer does today. The words around them are written by people.

use std::fmt::Write as _;

use crate::play::Transcript;
use crate::scenario::{Action, Look, Suite};

const BEGIN: &str = "<!-- observed: begin -->\n";
const END: &str = "<!-- observed: end -->\n";

/// The table of one suite: a row for each time that something was seen, with what was done since the
/// row before and the number of the step that looked.
pub fn table(suite: &Suite, transcripts: &[Transcript]) -> String {
    let mut table = format!("\n### {}\n\n", suite.about);
    if !suite.environment.is_empty() {
        let settings: Vec<String> =
            suite.environment.iter().map(|(name, value)| format!("`{name}={value}`")).collect();
        let _ = writeln!(table, "With {}.\n", settings.join(", "));
    }
    table.push_str("| scenario | done | step | seen |\n| --- | --- | --- | --- |\n");
    for (scenario, transcript) in suite.scenarios.iter().zip(transcripts) {
        let (mut name, mut done) = (scenario.name.as_str(), Vec::new());
        for (index, step) in scenario.steps.iter().enumerate() {
            // What is seen says that somebody looked.
            if step.action != Action::Receive(Look::Frame) || step.client != "a" {
                done.push(cell(&step.to_string()));
            }
            for (_, seen) in transcript.lines.iter().filter(|(number, _)| *number == index + 1) {
                let (done, seen) = (done.join("<br>"), cell(&seen.to_string()));
                let _ = writeln!(table, "| {name} | {done} | {} | {seen} |", index + 1);
                name = "";
            }
            if transcript.lines.iter().any(|(number, _)| *number == index + 1) {
                done.clear();
            }
        }
        if !done.is_empty() {
            let _ = writeln!(table, "| {name} | {} | | |", done.join("<br>"));
        }
    }
    table
}

/// The part of `document` between the marks; `None` when the marks are not there.
pub fn tables_in(document: &str) -> Option<&str> {
    let (_, rest) = document.split_once(BEGIN)?;
    rest.split_once(END).map(|(tables, _)| tables)
}

/// `document` with `tables` between its marks.
///
/// # Errors
/// The marks are not there.
pub fn with_tables(document: &str, tables: &str) -> Result<String, String> {
    let (before, rest) = document.split_once(BEGIN).ok_or("the opening mark is missing")?;
    let (_, after) = rest.split_once(END).ok_or("the closing mark is missing")?;
    Ok(format!("{before}{BEGIN}{tables}{END}{after}"))
}

/// A code span that a table cell can hold. Markdown has no escape inside one, so the fence is longer
/// than any run of backticks in the text, and `|` is the one character that GitHub unescapes there.
fn cell(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let (fence, pad) = ("`".repeat(longest + 1), if longest > 0 { " " } else { "" });
    format!("{fence}{pad}{}{pad}{fence}", text.replace('|', "\\|"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_replace_what_stood_between_the_marks() {
        let document = format!("before\n{BEGIN}old\n{END}after\n");
        let written = with_tables(&document, "new\n").unwrap();
        assert_eq!(written, format!("before\n{BEGIN}new\n{END}after\n"));
        assert_eq!(tables_in(&written), Some("new\n"));
        assert_eq!(with_tables("nothing", "x").unwrap_err(), "the opening mark is missing");
    }

    #[test]
    fn a_cell_survives_pipes_and_backticks() {
        assert_eq!(cell("a|b"), "`a\\|b`");
        assert_eq!(cell("a`b``c"), "``` a`b``c ```");
    }
}
