//! Text → [`Tree`], whichever notation it is in.
//!
//! In: a file of a [`SourceMap`]. Out: its nodes in a [`Tree`] and what is wrong with them. Decides
//! between JSON and YAML, so that messages speak of the notation that the author had in mind.

use crate::diagnostic::Diagnostic;
use crate::limits::Limits;
use crate::source::{FileId, SourceMap};
use crate::text::{self, Report};
use crate::tree::{NodeId, Tree};
use crate::{json, yaml};

/// One file by itself, as far as it could be read.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// The file, its text readable as far as it is text.
    pub sources: SourceMap,
    /// Its nodes; none if the notation is broken.
    pub tree: Tree,
    /// The file's id; `None` if it is not text at all.
    pub file: Option<FileId>,
    /// What is wrong, in the order in which it was found.
    pub findings: Vec<Diagnostic>,
}

/// Reads one file by itself, references not followed. `name` decides what its messages call it and,
/// by its ending, whether it is JSON.
///
/// ```
/// let parsed = contract::notation::parse("a.yaml", "price: 0x10", &contract::Limits::default());
/// let root = parsed.tree.root(parsed.file.unwrap()).unwrap();
/// assert_eq!(root.get("price").unwrap().as_number(), Some("16"));
/// ```
pub fn parse(name: &str, bytes: impl Into<Vec<u8>>, limits: &Limits) -> Parsed {
    let mut parsed = Parsed {
        sources: SourceMap::default(),
        tree: Tree::default(),
        file: None,
        findings: Vec::new(),
    };
    match text::add(&mut parsed.sources, name, bytes.into(), limits) {
        Ok(file) => {
            parsed.file = Some(file);
            read(&mut parsed.tree, &parsed.sources, file, limits, &mut parsed.findings);
        }
        Err(finding) => parsed.findings.push(*finding),
    }
    parsed
}

/// Adds the nodes of a file to the tree and returns the root; `None` if the notation is broken, and
/// then the tree is as it was.
///
/// A file named `.json` is JSON, and its mistakes are told as such. Any other file is YAML, of which
/// JSON is nearly a part: what starts like JSON is tried as JSON first, without a word, because that
/// is faster and keeps the few texts that are JSON and not YAML (a tab for indentation, a key of
/// more than 1 024 characters). If that fails, its mistakes are told as those of YAML, unless the
/// name says nothing and the text begins as only JSON does.
pub(crate) fn read(
    tree: &mut Tree,
    sources: &SourceMap,
    file: FileId,
    limits: &Limits,
    findings: &mut Vec<Diagnostic>,
) -> Option<NodeId> {
    let source = sources.file(file);
    let text = source.text();
    let ending = source.name().rsplit(['/', '\\']).next().and_then(|name| name.rsplit_once('.'));
    let ending = ending.map_or("", |(_, ending)| ending);
    if ending.eq_ignore_ascii_case("json") {
        return json::read(tree, text, file, limits, &mut Report::new(findings, limits));
    }
    let start = text.trim_start();
    if start.starts_with(['{', '[']) {
        let mut unsaid = Vec::new();
        let mut attempt = Report::of_an_attempt(&mut unsaid);
        if let Some(root) = json::read(tree, text, file, limits, &mut attempt) {
            return Some(root);
        }
        let named_yaml = ending.eq_ignore_ascii_case("yaml") || ending.eq_ignore_ascii_case("yml");
        let inside = start.strip_prefix('{').map(str::trim_start);
        if !named_yaml && inside.is_some_and(|inside| inside.starts_with('"')) {
            return json::read(tree, text, file, limits, &mut Report::new(findings, limits));
        }
    }
    yaml::read(tree, text, file, limits, &mut Report::new(findings, limits))
}
