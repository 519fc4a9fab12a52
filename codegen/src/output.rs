//! The only file that prints, and that knows colours.

use std::cell::RefCell;
use std::collections::HashSet;
use std::fs;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use contract::render::Role;
use contract::{Diagnostics, Severity};

use crate::outcome::{Failure, Outcome, Result};

/// Prints messages to standard error, in colour on a terminal that wants it.
pub(crate) struct Printer {
    colours: bool,
    /// Findings that were printed: several commands may read one document.
    printed: RefCell<HashSet<String>>,
}

/// A file to write.
pub(crate) struct Output {
    /// Where.
    pub(crate) path: PathBuf,
    /// What.
    pub(crate) text: String,
}

impl Printer {
    pub(crate) fn new() -> Self {
        // The convention of no-color.org: set and not empty means no.
        let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self { colours: io::stderr().is_terminal() && !refused, printed: RefCell::default() }
    }

    /// Findings up to a severity, each once.
    pub(crate) fn findings(&self, diagnostics: &Diagnostics, down_to: Severity) {
        let mut first = true;
        for finding in diagnostics.iter().filter(|finding| finding.severity <= down_to) {
            if !self.printed.borrow_mut().insert(diagnostics.render(finding)) {
                continue;
            }
            let mut text = if first { String::new() } else { "\n".to_owned() };
            first = false;
            for segment in diagnostics.segments(finding) {
                text.push_str(&self.coloured(&segment.text, segment.role, finding.severity));
            }
            self.note(&text);
        }
    }

    fn coloured(&self, text: &str, role: Role, severity: Severity) -> String {
        if !self.colours || text.is_empty() {
            return text.to_owned();
        }
        let code = match (role, severity) {
            (Role::Severity | Role::Caret, Severity::Error) => "1;31",
            (Role::Severity | Role::Caret, Severity::Warning) => "1;33",
            (Role::Severity | Role::Caret, Severity::Pedantic) => "1;36",
            (Role::Message, _) => "1",
            (Role::Place | Role::Gutter, _) => "1;34",
            (Role::Help, _) => "32",
            _ => return text.to_owned(),
        };
        format!("\x1b[{code}m{text}\x1b[0m")
    }

    /// A line for a person.
    pub(crate) fn say(&self, text: &str) {
        self.note(&format!("{text}\n"));
    }

    fn note(&self, text: &str) {
        // Nobody is left to be told that standard error is closed.
        let _ = io::stderr().write_all(text.as_bytes());
    }

    /// Data to standard output. A closed pipe is not an error: the reader has what it wanted.
    pub(crate) fn data(&self, text: &str) -> Result {
        match io::stdout().write_all(text.as_bytes()).and_then(|()| io::stdout().flush()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                Err(Failure::new(format!("cannot write to standard output: {error}")))
            }
            _ => Ok(Outcome::Good),
        }
    }

    /// Writes files that differ from what is on disk; says what was written.
    pub(crate) fn write(&self, files: &[Output]) -> Result {
        let mut written = 0;
        for file in files {
            if fs::read_to_string(&file.path).is_ok_and(|old| old == file.text) {
                continue;
            }
            let failed = |error: io::Error| {
                Failure::new(format!("cannot write {}: {error}", file.path.display()))
            };
            if let Some(folder) = file.path.parent() {
                fs::create_dir_all(folder).map_err(failed)?;
            }
            fs::write(&file.path, &file.text).map_err(failed)?;
            written += 1;
        }
        match (written, files) {
            (0, _) => self.say("nothing changed"),
            (1, [only]) => self.say(&format!("wrote {}", only.path.display())),
            (n, _) => self.say(&format!("wrote {n} of {} files", files.len())),
        }
        Ok(Outcome::Good)
    }

    /// Compares files with what is on disk; says which are stale, and the command that mends it.
    pub(crate) fn compare(&self, files: &[Output], mend: &str) -> Result {
        let stale: Vec<&Path> = files
            .iter()
            .filter(|file| !fs::read_to_string(&file.path).is_ok_and(|old| old == file.text))
            .map(|file| file.path.as_path())
            .collect();
        if stale.is_empty() {
            return Ok(Outcome::Good);
        }
        for path in &stale {
            let state = if path.exists() { "stale" } else { "missing" };
            self.say(&format!("{state}: {}", path.display()));
        }
        self.say(&format!("run `{mend}`"));
        Ok(Outcome::Findings)
    }

    /// The exit status; the last thing said if the command could not run.
    pub(crate) fn end(&self, outcome: Result) -> ExitCode {
        match outcome {
            Ok(Outcome::Good) => ExitCode::SUCCESS,
            Ok(Outcome::Findings) => ExitCode::from(1),
            Err(failure) => {
                self.say(&format!("codegen: {failure}"));
                ExitCode::from(2)
            }
        }
    }
}
