//! What is wrong with a document: a rule, a place, what is there, and what to do.
//!
//! A [`Diagnostic`] cannot be built without a [`Place`]. [`Diagnostics`] collects them all with the
//! texts they point into, so that it can print itself anywhere: in the compiler, from a build
//! script, on a terminal.

use std::fmt;

use crate::render::{self, Segment};
use crate::source::{SourceMap, Span};

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Nothing can be generated from the document.
    Error,
    /// Something can be generated, but probably not what was meant.
    Warning,
    /// A matter of taste or completeness; shown only when asked for.
    Pedantic,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Pedantic => "pedantic",
        })
    }
}

/// One kind of finding. Its id is the argument of `codegen check --explain`, the SARIF rule id and
/// the anchor in `docs/rules.md`.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// Two readable parts: `reference/unresolved`.
    pub id: &'static str,
    /// How grave a finding of this rule is.
    pub severity: Severity,
    /// The rule's manual page in Markdown: what it says, why, and an example of wrong and right.
    pub page: &'static str,
}

/// Where a finding is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the text of a file.
    Text(Span),
    /// A file that could not be read, named as the user named it.
    File(String),
}

impl From<Span> for Place {
    fn from(span: Span) -> Self {
        Self::Text(span)
    }
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Which rule was broken.
    pub rule: &'static Rule,
    /// The rule's severity.
    pub severity: Severity,
    /// Where.
    pub place: Place,
    /// What is wrong, in one sentence that is enough by itself: lower case, no full stop.
    pub message: String,
    /// What is there instead, written beside the carets; may be empty.
    pub label: String,
    /// Other places that matter, each with a remark.
    pub related: Vec<(Span, String)>,
    /// What to do, as an instruction.
    pub help: Option<String>,
}

impl Diagnostic {
    /// A finding of `rule` at `place`. A very long message loses its middle, as do label, remarks
    /// and help.
    pub fn new(rule: &'static Rule, place: impl Into<Place>, message: impl Into<String>) -> Self {
        Self {
            rule,
            severity: rule.severity,
            place: place.into(),
            message: bounded(message.into()),
            label: String::new(),
            related: Vec::new(),
            help: None,
        }
    }

    /// Adds the remark beside the carets.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = bounded(label.into());
        self
    }

    /// Adds another place with a remark.
    #[must_use]
    pub fn related(mut self, span: Span, remark: impl Into<String>) -> Self {
        self.related.push((span, bounded(remark.into())));
        self
    }

    /// Adds what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(bounded(help.into()));
        self
    }
}

/// A sentence without its middle if it is very long: a document can have a key of a megabyte, and
/// sentences name keys.
fn bounded(text: String) -> String {
    const MAX: usize = 600;
    const HALF: usize = MAX / 2;
    // Most sentences are short in bytes already.
    if text.len() <= MAX || text.chars().count() <= MAX {
        return text;
    }
    let start = text.char_indices().nth(HALF).map_or(text.len(), |(at, _)| at);
    let end = text.char_indices().nth_back(HALF - 1).map_or(0, |(at, _)| at);
    format!("{}…{}", &text[..start], &text[end..])
}

/// As much of a text of the document as fits into a sentence beside others.
pub(crate) fn shortened(text: &str) -> std::borrow::Cow<'_, str> {
    const MAX: usize = 40;
    let text = text.trim();
    match text.char_indices().nth(MAX) {
        Some((end, _)) => format!("{}…", &text[..end]).into(),
        None => text.into(),
    }
}

/// Everything that was found, in document order, with the sources that the findings point into.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics {
    sources: SourceMap,
    findings: Vec<Diagnostic>,
}

impl Diagnostics {
    /// Puts findings into document order; the same finding twice is kept once.
    pub fn new(sources: SourceMap, mut findings: Vec<Diagnostic>) -> Self {
        let key = |finding: &Diagnostic| match &finding.place {
            Place::File(_) => None,
            Place::Text(span) => Some(*span),
        };
        findings.sort_by(|a, b| {
            key(a)
                .cmp(&key(b))
                .then_with(|| a.rule.id.cmp(b.rule.id))
                .then_with(|| a.message.cmp(&b.message))
        });
        findings.dedup();
        Self { sources, findings }
    }

    /// The files that were read.
    pub fn sources(&self) -> &SourceMap {
        &self.sources
    }

    /// The findings in document order.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.findings.iter()
    }

    /// The findings of one severity.
    pub fn of(&self, severity: Severity) -> impl Iterator<Item = &Diagnostic> {
        self.findings.iter().filter(move |finding| finding.severity == severity)
    }

    /// Whether there is an error among the findings.
    pub fn has_errors(&self) -> bool {
        self.of(Severity::Error).next().is_some()
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.findings.is_empty()
    }

    /// One finding as plain text: headline, place, excerpt with carets, help.
    pub fn render(&self, finding: &Diagnostic) -> String {
        render::plain(&self.sources, finding)
    }

    /// The same as [`render`](Self::render) in pieces that know what they are, for colours.
    pub fn segments(&self, finding: &Diagnostic) -> Vec<Segment> {
        render::segments(&self.sources, finding)
    }

    /// The same as [`render`](Self::render), led by `file:line:column:` in the first line as a
    /// compiler error needs it that cannot point into the document.
    pub fn render_with_place(&self, finding: &Diagnostic) -> String {
        let place = match &finding.place {
            Place::Text(span) => self.sources.place(*span),
            Place::File(name) => name.clone(),
        };
        format!("{}: {}", render::visible_line(&place), self.render(finding))
    }

    /// The findings with the severity that `judge` gives each, without those that it gives none.
    #[must_use]
    pub fn judged(mut self, judge: impl Fn(&Diagnostic) -> Option<Severity>) -> Self {
        self.findings.retain_mut(|finding| match judge(finding) {
            Some(severity) => {
                finding.severity = severity;
                true
            }
            None => false,
        });
        self
    }
}

/// All findings as plain text, a blank line between them.
impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, finding) in self.findings.iter().enumerate() {
            if at > 0 {
                f.write_str("\n")?;
            }
            f.write_str(&self.render(finding))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static RULE: Rule = Rule { id: "test/rule", severity: Severity::Error, page: "" };

    #[test]
    fn a_sentence_that_names_a_megabyte_stays_a_sentence() {
        let key = "é".repeat(1 << 20);
        let place = Place::File("a.yaml".into());
        let finding = Diagnostic::new(&RULE, place, format!("the key `{key}` appears twice"))
            .help(format!("rename `{key}`"));
        assert!(finding.message.starts_with("the key `éé"));
        assert!(finding.message.contains("é…é"));
        assert!(finding.message.ends_with("éé` appears twice"));
        assert_eq!(finding.message.chars().count(), 601);
        assert_eq!(finding.help.unwrap().chars().count(), 601);
    }
}
