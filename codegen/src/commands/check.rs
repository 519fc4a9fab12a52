//! `codegen check`

use contract::Severity;

use crate::args::CheckArgs;
use crate::document::Document;
use crate::outcome::{Outcome, Result};
use crate::output::Printer;

pub(crate) fn run(args: &CheckArgs, printer: &Printer) -> Result {
    let document = Document::read(&args.document)?;
    let diagnostics = &document.loaded.diagnostics;
    printer.findings(diagnostics, Severity::Warning);
    let count = |severity| diagnostics.of(severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    let bad = errors > 0 || args.deny_warnings && warnings > 0;
    let summary = match (&document.loaded.contract, errors, warnings) {
        (Ok(contract), _, 0) => {
            format!("{}: AsyncAPI {}, nothing to complain about", document.name, contract.version)
        }
        (Ok(contract), _, n) => {
            format!("{}: AsyncAPI {}, {}", document.name, contract.version, plural(n, "warning"))
        }
        (Err(_), errors, 0) => format!("{}: {}", document.name, plural(errors, "error")),
        (Err(_), errors, n) => {
            format!("{}: {}, {}", document.name, plural(errors, "error"), plural(n, "warning"))
        }
    };
    printer.say(&summary);
    Ok(if bad { Outcome::Findings } else { Outcome::Good })
}

fn plural(count: usize, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}
