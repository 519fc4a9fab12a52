//! `codegen check`

use contract::{Diagnostic, Diagnostics, Severity};

use crate::args::{CheckArgs, Format};
use crate::document::Document;
use crate::outcome::{Outcome, Result};
use crate::output::Printer;
use crate::{findings, manual, sarif};

pub(crate) fn run(args: &CheckArgs, printer: &Printer) -> Result {
    if let Some(rule) = args.explain {
        return printer.data(&manual::page(rule));
    }
    let denies_pedantic = args.deny.iter().any(|rule| rule.severity == Severity::Pedantic);
    let options =
        contract::Options { pedantic: args.pedantic || denies_pedantic, ..args.document.reading() };
    let Document { name, loaded } = Document::read(&args.document, &options)?;
    let diagnostics = loaded.diagnostics.judged(|finding| severity(args, finding));
    let count = |severity| diagnostics.of(severity).count();
    let errors = count(Severity::Error);
    let bad = errors > 0 || args.deny_warnings && count(Severity::Warning) > 0;
    match args.format {
        Format::Json => {
            printer.data(&findings::as_json(&name, &diagnostics))?;
        }
        Format::Sarif => {
            printer.data(&sarif::log(&diagnostics))?;
        }
        Format::Human => {
            printer.findings(&diagnostics, Severity::Pedantic);
            let version = loaded.contract.ok().map(|contract| contract.version.to_string());
            printer.say(&summary(&name, version.as_deref(), &diagnostics));
        }
    }
    Ok(if bad { Outcome::Findings } else { Outcome::Good })
}

/// How grave a finding is by what was asked for; `None` if it is not to be mentioned.
fn severity(args: &CheckArgs, finding: &Diagnostic) -> Option<Severity> {
    let names = |list: &[&contract::Rule]| list.iter().any(|rule| rule.id == finding.rule.id);
    match finding.severity {
        Severity::Error => Some(Severity::Error),
        _ if names(&args.deny) => Some(Severity::Error),
        _ if names(&args.allow) => None,
        Severity::Pedantic if !args.pedantic => None,
        severity => Some(severity),
    }
}

fn summary(name: &str, version: Option<&str>, diagnostics: &Diagnostics) -> String {
    let mut parts: Vec<String> =
        version.map(|version| format!("AsyncAPI {version}")).into_iter().collect();
    let counts = [
        (Severity::Error, "error", "errors"),
        (Severity::Warning, "warning", "warnings"),
        (Severity::Pedantic, "pedantic remark", "pedantic remarks"),
    ];
    for (severity, one, several) in counts {
        match diagnostics.of(severity).count() {
            0 => {}
            1 => parts.push(format!("1 {one}")),
            count => parts.push(format!("{count} {several}")),
        }
    }
    if diagnostics.is_empty() {
        parts.push("nothing to complain about".to_owned());
    }
    format!("{name}: {}", parts.join(", "))
}
