//! A diagnostic as plain text with an excerpt of the source.

use crate::diagnostic::Diagnostic;
use crate::source::SourceMap;

pub(crate) fn plain(_sources: &SourceMap, finding: &Diagnostic) -> String {
    format!("{}[{}]: {}\n", finding.severity, finding.rule.id, finding.message)
}
