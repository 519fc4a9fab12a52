//! Finds the node that every `$ref` of a document names.
//!
//! In: all files of a document, read ([`read_all`]). Out: for a reference its target, when somebody
//! who knows that a reference may stand there asks ([`References::follow`]). Nothing is copied into
//! place, so a type that contains itself costs nothing, and each reference is resolved once. Knows
//! JSON pointers (RFC 6901), URI references (RFC 3986) and the `$id` of draft-07, not AsyncAPI.

mod explain;
mod index;
mod load;
mod rule;
#[cfg(test)]
mod tests;

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::location::{Location, percent_decoded, split_fragment};
use crate::source::FileId;
use crate::tree::{Kind, NodeId, NodeRef};
use explain::Reference;
use index::{Base, Index};
use load::{Attempt, ReadFile};

pub use load::{AllFiles, read_all};
pub use rule::RULES;
pub(crate) use rule::{REMOTE_REFUSED, UNREADABLE_FILE};

/// Where a reference leads, or why nowhere: one finding for a chain that may be long.
type Target = Result<NodeId, Arc<Diagnostic>>;

/// Where the references of a document lead.
#[derive(Debug)]
pub struct References {
    document: Option<FileId>,
    /// What is wrong with the document as a file.
    findings: Vec<Diagnostic>,
    index: Index,
    attempts: HashMap<Location, Attempt>,
    /// By [`FileId`].
    files: Vec<ReadFile>,
    /// Whether a reference may name a file that was not looked for.
    too_many_files: bool,
    /// The files that a reference led to.
    reached: RefCell<HashSet<FileId>>,
    targets: RefCell<HashMap<NodeId, Target>>,
    max_depth: usize,
    /// How many more messages may look for what was meant: each looks at many names.
    suggestions: Cell<u32>,
}

impl References {
    fn new(
        document: Option<FileId>,
        findings: Vec<Diagnostic>,
        index: Index,
        attempts: HashMap<Location, Attempt>,
        files: Vec<ReadFile>,
        too_many_files: bool,
        max_depth: usize,
    ) -> Self {
        Self {
            document,
            findings,
            index,
            attempts,
            files,
            too_many_files,
            reached: RefCell::new(document.into_iter().collect()),
            targets: RefCell::default(),
            max_depth,
            suggestions: Cell::new(100),
        }
    }

    /// The file of the document itself; `None` if it cannot be read.
    pub fn document(&self) -> Option<FileId> {
        self.document
    }

    /// The name that messages have for a file.
    pub fn file_name(&self, file: FileId) -> &str {
        self.files.get(usize::from(file.0)).map_or("", |file| &file.name)
    }

    /// What is wrong with the text of the document and of every file that a reference led to so
    /// far.
    pub fn findings(&self) -> Vec<Diagnostic> {
        let reached = self.reached.borrow();
        let mut findings = self.findings.clone();
        for (at, file) in self.files.iter().enumerate() {
            if reached.contains(&FileId(at as u16)) {
                findings.extend(file.findings.iter().cloned());
            }
        }
        findings
    }

    /// The node itself if it is no reference; else the node at the end of the chain of references
    /// that starts here. What stands beside a `$ref` is ignored (draft-07, core §8.3).
    ///
    /// # Errors
    ///
    /// The finding that says where the chain breaks. It is the same each time.
    pub fn follow<'t>(&self, node: NodeRef<'t>) -> Result<NodeRef<'t>, Box<Diagnostic>> {
        match self.chase(node, &mut Trail::default()) {
            Ok(id) => Ok(node.tree().node(id)),
            Err(finding) => Err(Box::new((*finding).clone())),
        }
    }

    /// The node that a reference names, which may be a reference again; the node itself if it is
    /// no reference.
    ///
    /// # Errors
    ///
    /// The finding that says why it names nothing.
    pub fn hop<'t>(&self, node: NodeRef<'t>) -> Result<NodeRef<'t>, Box<Diagnostic>> {
        let Some(value) = node.get("$ref") else { return Ok(node) };
        let mut trail = Trail::default();
        trail.push(node.id());
        match self.resolve(value, &mut trail) {
            Ok(id) => Ok(node.tree().node(id)),
            Err(finding) => Err(Box::new((*finding).clone())),
        }
    }

    /// The node at the end of the chain that a reference starts which stands in a string and not
    /// under `$ref`, as in the `mapping` of a discriminator.
    ///
    /// # Errors
    ///
    /// The finding that says where the chain breaks.
    pub fn follow_text<'t>(&self, text: NodeRef<'t>) -> Result<NodeRef<'t>, Box<Diagnostic>> {
        match self.resolve(text, &mut Trail::default()) {
            Ok(id) => self.follow(text.tree().node(id)),
            Err(finding) => Err(Box::new((*finding).clone())),
        }
    }

    /// The file that a reference without fragment names, in whatever notation it is: a schema
    /// language of its own, say.
    ///
    /// # Errors
    ///
    /// The finding that says why there is no such file, or that the reference names a part of one.
    pub fn file(&self, node: NodeRef<'_>) -> Result<FileId, Box<Diagnostic>> {
        let value = node.get("$ref").unwrap_or(node);
        let reference = self.reference(value)?;
        match split_fragment(reference.text) {
            (location, None | Some("")) => {
                for location in reference.locations(location) {
                    if let Some(Attempt::File(file)) = self.attempts.get(&location) {
                        return Ok(*file);
                    }
                }
                Err(self.no_file(&reference, location))
            }
            _ => Err(reference.names_a_part()),
        }
    }

    /// Follows a chain to its end.
    fn chase(&self, start: NodeRef<'_>, trail: &mut Trail) -> Target {
        let tree = start.tree();
        let mut node = start;
        let first = trail.order.len();
        let target = loop {
            if let Some(target) = self.targets.borrow().get(&node.id()) {
                break target.clone();
            }
            let Some(value) = node.get("$ref") else { break Ok(node.id()) };
            if !trail.push(node.id()) {
                break Err(explain::cycle(tree, trail.since(node.id())).into());
            }
            match self.resolve(value, trail) {
                Ok(next) => node = tree.node(next),
                Err(finding) => break Err(finding),
            }
        };
        let mut targets = self.targets.borrow_mut();
        for passed in trail.pop_to(first) {
            targets.insert(passed, target.clone());
        }
        target
    }

    /// The node that the text of a reference names.
    fn resolve(&self, value: NodeRef<'_>, trail: &mut Trail) -> Target {
        let reference = self.reference(value)?;
        let (location, fragment) = split_fragment(reference.text);
        let fragment = fragment.unwrap_or_default();
        let Some(fragment) = percent_decoded(fragment) else {
            return Err(reference.broken_encoding().into());
        };
        let tree = value.tree();
        let roots = self.roots(&reference, location)?;
        let mut first_miss = None;
        for root in &roots {
            let node = tree.node(root.root);
            self.reached.borrow_mut().insert(node.span().file);
            if fragment.is_empty() {
                return Ok(root.root);
            }
            if !fragment.starts_with('/') {
                if let Some(named) = self.index.name(&root.location, &fragment) {
                    return Ok(named);
                }
                continue;
            }
            match self.walk(node, &fragment, trail)? {
                Ok(node) => return Ok(node.id()),
                Err(miss) => first_miss = first_miss.or(Some(miss)),
            }
        }
        Err(match (first_miss, roots.first()) {
            (Some(miss), _) => self.no_such_part(&reference, &miss),
            (None, Some(root)) => self.no_such_name(&reference, tree.node(root.root), &fragment),
            (None, None) => self.no_file(&reference, location),
        }
        .into())
    }

    /// The reference that a node's text is, with what it is relative to.
    fn reference<'t>(&self, value: NodeRef<'t>) -> Result<Reference<'t, '_>, Box<Diagnostic>> {
        let Some(text) = value.as_str() else { return Err(explain::not_a_string(value)) };
        Ok(Reference {
            text,
            span: value.span(),
            base: self.index.base(value),
            beside: self.index.base_of_file(value.span().file),
        })
    }

    /// Where the fragment of a reference may count from: as the `$id` around it says, and then as
    /// if there were none, because other tools of this field read documents so.
    fn roots<'r>(
        &'r self,
        reference: &Reference<'_, 'r>,
        location: &str,
    ) -> Result<Vec<&'r Base>, Box<Diagnostic>> {
        let mut roots: Vec<&Base> = Vec::new();
        let mut add = |base: Option<&'r Base>| {
            let known = |base: &&Base| roots.iter().any(|known| std::ptr::eq(*known, *base));
            roots.extend(base.filter(|base| !known(base)));
        };
        if location.is_empty() {
            add(reference.base);
            add(reference.beside);
            return Ok(roots);
        }
        for location in reference.locations(location) {
            add(self.index.resource(&location));
            // A schema that has the name of a location and does not have the part: perhaps the
            // file of that name is meant.
            if let Some(Attempt::File(file)) = self.attempts.get(&location) {
                add(self.index.base_of_file(*file));
            }
        }
        if roots.is_empty() {
            return Err(self.no_file(reference, location));
        }
        Ok(roots)
    }

    /// Walks a JSON pointer. Where a part is missing and a reference stands instead, the walk goes
    /// on behind it, as other tools of this field do.
    fn walk<'t>(
        &self,
        root: NodeRef<'t>,
        pointer: &str,
        trail: &mut Trail,
    ) -> Result<Result<NodeRef<'t>, Miss<'t>>, Arc<Diagnostic>> {
        let mut node = root;
        for (position, segment) in pointer.split('/').enumerate().skip(1) {
            let segment = segment.replace("~1", "/").replace("~0", "~");
            let mut next = part(node, &segment);
            let reference = node.get("$ref").and_then(NodeRef::as_str);
            if next.is_none() && reference.is_some() {
                trail.depth += 1;
                if trail.depth > self.max_depth {
                    return Err(explain::too_deep(node, self.max_depth).into());
                }
                node = node.tree().node(self.chase(node, trail)?);
                trail.depth -= 1;
                next = part(node, &segment);
            }
            match next {
                Some(next) => node = next,
                None => return Ok(Err(Miss { node, segment, position })),
            }
        }
        Ok(Ok(node))
    }
}

/// The value under a key, or the item at a position.
fn part<'t>(node: NodeRef<'t>, segment: &str) -> Option<NodeRef<'t>> {
    match node.kind() {
        Kind::Map => node.get(segment),
        // RFC 6901 §4: digits, without a zero before others.
        Kind::List if segment == "0" || !segment.starts_with(['0', '+']) => {
            node.item(segment.parse().ok()?)
        }
        _ => None,
    }
}

/// The place where a JSON pointer leads no further.
struct Miss<'t> {
    node: NodeRef<'t>,
    /// The part that `node` does not have.
    segment: String,
    /// Its position in the pointer, from 1.
    position: usize,
}

/// The references that are being resolved.
#[derive(Debug, Default)]
struct Trail {
    order: Vec<NodeId>,
    on_it: HashSet<NodeId>,
    /// Pointers that are being walked while another one waits.
    depth: usize,
}

impl Trail {
    /// Whether the node was not on the trail yet.
    fn push(&mut self, node: NodeId) -> bool {
        let is_new = self.on_it.insert(node);
        if is_new {
            self.order.push(node);
        }
        is_new
    }

    fn since(&self, node: NodeId) -> &[NodeId] {
        let start = self.order.iter().position(|&passed| passed == node).unwrap_or(0);
        &self.order[start..]
    }

    fn pop_to(&mut self, length: usize) -> Vec<NodeId> {
        let passed = self.order.split_off(length.min(self.order.len()));
        for node in &passed {
            self.on_it.remove(node);
        }
        passed
    }
}
