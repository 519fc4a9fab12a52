//! What every reader of a document carries: the tree, the references, and the list of findings.

use std::cell::RefCell;

use crate::diagnostic::{Diagnostic, Place, Rule, Severity};
use crate::reference::References;
use crate::schema::Origin;
use crate::source::{FileId, SourceMap, Span};
use crate::tree::{Key, NodeRef, Scalar, Tree};

/// A document being read. Readers take it by shared reference and add to its findings.
pub(crate) struct Reading<'t> {
    pub(crate) tree: &'t Tree,
    sources: &'t SourceMap,
    references: &'t References,
    root: FileId,
    findings: RefCell<Vec<Diagnostic>>,
}

impl<'t> Reading<'t> {
    pub(crate) fn new(
        sources: &'t SourceMap,
        tree: &'t Tree,
        references: &'t References,
        root: FileId,
    ) -> Self {
        Self { tree, sources, references, root, findings: RefCell::default() }
    }

    /// Adds a finding.
    pub(crate) fn report(&self, finding: Diagnostic) {
        self.findings.borrow_mut().push(finding);
    }

    /// Adds a finding without label or help.
    pub(crate) fn find(
        &self,
        rule: &'static Rule,
        place: impl Into<Place>,
        message: impl Into<String>,
    ) {
        self.report(Diagnostic::new(rule, place, message));
    }

    /// The node itself, or the node that its `$ref` leads to; `None` (and a finding) if it leads
    /// nowhere.
    pub(crate) fn follow(&self, node: NodeRef<'t>) -> Option<NodeRef<'t>> {
        if !is_reference(node) {
            return Some(node);
        }
        match self.references.follow(node) {
            Ok(target) => Some(target),
            Err(finding) => {
                self.report(*finding);
                None
            }
        }
    }

    /// Reports a reference that leads nowhere, unless to a URL that is not fetched.
    pub(crate) fn follow_unless_remote(&self, node: NodeRef<'t>) {
        if let Err(finding) = self.references.follow(node)
            && finding.rule.id != crate::reference::REMOTE_REFUSED.id
        {
            self.report(*finding);
        }
    }

    /// The node that a reference names, which may be a reference again; `None` if it leads nowhere.
    pub(crate) fn hop(&self, reference: NodeRef<'t>) -> Option<NodeRef<'t>> {
        self.references.hop(reference).ok()
    }

    /// Reports a file that a reference names and that is not there; what is not fetched may be.
    pub(crate) fn find_file(&self, node: NodeRef<'t>) {
        if let Err(finding) = self.references.file(node)
            && finding.rule.id == crate::reference::UNREADABLE_FILE.id
        {
            self.report(*finding);
        }
    }

    /// The value under a key, references followed.
    pub(crate) fn get(&self, node: NodeRef<'t>, key: &str) -> Option<NodeRef<'t>> {
        self.follow(node.get(key)?)
    }

    /// The entries of the object under a key, which may be a reference.
    pub(crate) fn entries(
        &self,
        node: NodeRef<'t>,
        key: &str,
    ) -> impl Iterator<Item = (Key<'t>, NodeRef<'t>)> + use<'t> {
        self.get(node, key).into_iter().flat_map(NodeRef::entries)
    }

    /// The schema that a text names, as OpenAPI's `mapping` does: a pointer into the same file, or a key
    /// of `components.schemas`.
    pub(crate) fn named_schema(&self, name: NodeRef<'t>) -> Option<NodeRef<'t>> {
        let text = name.as_str()?;
        let root = self.tree.root(name.span().file)?;
        let named = root.get("components").and_then(|node| node.get("schemas")?.get(text));
        if let Some(node) = named {
            return self.follow(node);
        }
        match self.references.follow_text(name) {
            Ok(target) => Some(target),
            Err(finding) => {
                self.report(*finding);
                None
            }
        }
    }

    /// Where a node stands, for later messages and for names.
    pub(crate) fn origin(&self, node: NodeRef<'t>) -> Origin {
        let pointer = node.pointer();
        let span = node.span();
        let pointer = if span.file == self.root {
            pointer
        } else {
            format!("{}{pointer}", self.sources.file(span.file).name())
        };
        Origin { node: node.id(), span, pointer }
    }

    /// The place of a text inside a node's text, or the node's own place if it is written otherwise.
    pub(crate) fn inside(&self, node: NodeRef<'t>, text: &str) -> Span {
        let span = node.span();
        match self.sources.text(span).find(text) {
            Some(at) => {
                let start = span.start as usize + at;
                Span::new(span.file, start, start + text.len())
            }
            None => span,
        }
    }

    /// What was found since this was asked for last.
    pub(crate) fn take_findings(&self) -> Vec<Diagnostic> {
        self.findings.take()
    }

    /// Whether an error was found so far.
    pub(crate) fn has_errors(&self) -> bool {
        self.findings.borrow().iter().any(|finding| finding.severity == Severity::Error)
    }

    /// Whether any file contains a text.
    pub(crate) fn contains(&self, text: &str) -> bool {
        self.sources.files().any(|(_, file)| file.text().contains(text))
    }
}

/// Whether a node is a Reference Object: an object with a `$ref`.
pub(crate) fn is_reference(node: NodeRef<'_>) -> bool {
    node.get("$ref").is_some()
}

/// A scalar as it reads in a message; what kind of thing it is otherwise.
pub(crate) fn written(node: NodeRef<'_>) -> String {
    match node.scalar() {
        Some(Scalar::String(text) | Scalar::Number(text)) => text.to_owned(),
        Some(Scalar::Bool(value)) => value.to_string(),
        Some(Scalar::Null) => "null".to_owned(),
        None => node.kind().article().to_owned(),
    }
}
