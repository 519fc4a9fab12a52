//! Any YAML or JSON document as nodes with a place each: what the readers of these notations make and
//! everything after them reads.
//!
//! All files of one contract share a [`Tree`]; each has a root. Nodes lie in one vector and all text
//! in one string; children are ranges, so walking is cheap, nothing is recursive and dropping a
//! large document costs nothing. A YAML alias points at the node of its anchor: the structure is a
//! graph without cycles, and its nodes are never copied.
//!
//! Knows no AsyncAPI. Scalars keep their text: `1.0` stays `1.0`, `9007199254740993` loses no digit.

mod build;

use crate::source::{FileId, Span};
pub(crate) use build::{Child, NewEntry, NewKey, TreeBuilder};

/// A node of a [`Tree`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(u32);

/// The nodes of all files of one contract.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    nodes: Vec<Node>,
    entries: Vec<Entry>,
    items: Vec<NodeId>,
    /// All keys and scalars, one after the other.
    text: String,
    /// Entries of each large map by key: `(map, positions sorted by key)`.
    sorted: std::collections::HashMap<NodeId, Box<[u32]>>,
    roots: Vec<(FileId, NodeId)>,
}

#[derive(Clone, Copy, Debug)]
struct Node {
    kind: NodeKind,
    span: Span,
    /// The map or list that holds this node; the root is its own parent.
    parent: NodeId,
    /// The position among the entries or items of the parent.
    position: u32,
}

/// A range of [`Tree::text`].
#[derive(Clone, Copy, Debug)]
struct Text {
    start: u32,
    end: u32,
}

#[derive(Clone, Copy, Debug)]
enum NodeKind {
    Null,
    Bool(bool),
    Number(Text),
    String(Text),
    List { start: u32, end: u32 },
    Map { start: u32, end: u32 },
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    key: Text,
    key_span: Span,
    value: NodeId,
}

/// Maps with more entries than this are searched by an index.
const LINEAR_SEARCH_MAX: usize = 16;

/// A scalar as it was read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scalar<'t> {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number in JSON's notation; the text as written, except that YAML's other notations
    /// (`0x1F`, `+1`, `.5`) are brought into it.
    Number(&'t str),
    /// Text.
    String(&'t str),
}

/// What kind of value a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Bool,
    /// A number.
    Number,
    /// Text.
    String,
    /// A sequence.
    List,
    /// A mapping.
    Map,
}

impl Kind {
    /// The kind in a sentence: "a list".
    pub fn article(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool => "a boolean",
            Self::Number => "a number",
            Self::String => "a string",
            Self::List => "a list",
            Self::Map => "an object",
        }
    }
}

/// A node together with its tree: what reading code holds.
#[derive(Clone, Copy)]
pub struct NodeRef<'t> {
    tree: &'t Tree,
    id: NodeId,
}

impl Tree {
    /// The root of a file.
    pub fn root(&self, file: FileId) -> Option<NodeRef<'_>> {
        self.roots.iter().find(|root| root.0 == file).map(|root| self.node(root.1))
    }

    /// The node of this id.
    pub fn node(&self, id: NodeId) -> NodeRef<'_> {
        NodeRef { tree: self, id }
    }

    /// Every node of all files.
    pub(crate) fn nodes(&self) -> impl Iterator<Item = NodeRef<'_>> {
        (0..self.nodes.len()).map(|at| self.node(NodeId(at as u32)))
    }

    /// How many nodes there are in all files.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether nothing was read yet.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    fn text(&self, text: Text) -> &str {
        &self.text[text.start as usize..text.end as usize]
    }

    fn key(&self, entry: &Entry) -> Key<'_> {
        Key { text: self.text(entry.key), span: entry.key_span }
    }
}

impl PartialEq for NodeRef<'_> {
    /// The same node, not an equal value.
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl std::fmt::Debug for NodeRef<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} at {}", self.kind(), self.pointer())
    }
}

impl<'t> NodeRef<'t> {
    fn node(self) -> Node {
        self.tree.nodes[self.id.0 as usize]
    }

    /// The tree that holds it.
    pub fn tree(self) -> &'t Tree {
        self.tree
    }

    /// The id, to find the node again.
    pub fn id(self) -> NodeId {
        self.id
    }

    /// The text that the node covers.
    pub fn span(self) -> Span {
        self.node().span
    }

    /// The kind of value.
    pub fn kind(self) -> Kind {
        match self.node().kind {
            NodeKind::Null => Kind::Null,
            NodeKind::Bool(_) => Kind::Bool,
            NodeKind::Number(_) => Kind::Number,
            NodeKind::String(_) => Kind::String,
            NodeKind::List { .. } => Kind::List,
            NodeKind::Map { .. } => Kind::Map,
        }
    }

    /// The value of a scalar.
    pub fn scalar(self) -> Option<Scalar<'t>> {
        match self.node().kind {
            NodeKind::Null => Some(Scalar::Null),
            NodeKind::Bool(value) => Some(Scalar::Bool(value)),
            NodeKind::Number(text) => Some(Scalar::Number(self.tree.text(text))),
            NodeKind::String(text) => Some(Scalar::String(self.tree.text(text))),
            NodeKind::List { .. } | NodeKind::Map { .. } => None,
        }
    }

    /// The text, if the node is a string.
    pub fn as_str(self) -> Option<&'t str> {
        match self.scalar() {
            Some(Scalar::String(text)) => Some(text),
            _ => None,
        }
    }

    /// The truth value, if the node is a boolean.
    pub fn as_bool(self) -> Option<bool> {
        match self.scalar() {
            Some(Scalar::Bool(value)) => Some(value),
            _ => None,
        }
    }

    /// The number as it was written, if the node is one.
    pub fn as_number(self) -> Option<&'t str> {
        match self.scalar() {
            Some(Scalar::Number(text)) => Some(text),
            _ => None,
        }
    }

    /// The items, if the node is a list; else none.
    pub fn items(self) -> impl DoubleEndedIterator<Item = NodeRef<'t>> + ExactSizeIterator + Clone {
        let range = match self.node().kind {
            NodeKind::List { start, end } => start as usize..end as usize,
            _ => 0..0,
        };
        let tree = self.tree;
        tree.items[range].iter().map(move |&id| tree.node(id))
    }

    /// The item at a position from 0, if the node is a list that has it.
    pub fn item(self, position: usize) -> Option<NodeRef<'t>> {
        match self.node().kind {
            NodeKind::List { start, end } => {
                let items = &self.tree.items[start as usize..end as usize];
                items.get(position).map(|&id| self.tree.node(id))
            }
            _ => None,
        }
    }

    /// Keys and values in the order of the document, if the node is a map; else none.
    pub fn entries(
        self,
    ) -> impl DoubleEndedIterator<Item = (Key<'t>, NodeRef<'t>)> + ExactSizeIterator + Clone {
        let tree = self.tree;
        self.raw_entries().iter().map(move |entry| (tree.key(entry), tree.node(entry.value)))
    }

    /// The value under a key, if the node is a map that has it.
    pub fn get(self, key: &str) -> Option<NodeRef<'t>> {
        self.entry(key).map(|(_, value)| value)
    }

    /// Key and value under a key: the key's span is where a message about the entry points.
    pub fn entry(self, key: &str) -> Option<(Key<'t>, NodeRef<'t>)> {
        let tree = self.tree;
        let entries = self.raw_entries();
        let found = match tree.sorted.get(&self.id) {
            None => entries.iter().find(|entry| tree.text(entry.key) == key)?,
            Some(sorted) => {
                let key_at = |&at: &u32| tree.text(entries[at as usize].key);
                let at = sorted.binary_search_by(|at| key_at(at).cmp(key)).ok()?;
                &entries[sorted[at] as usize]
            }
        };
        Some((tree.key(found), tree.node(found.value)))
    }

    fn raw_entries(self) -> &'t [Entry] {
        match self.node().kind {
            NodeKind::Map { start, end } => &self.tree.entries[start as usize..end as usize],
            _ => &[],
        }
    }

    /// The map or list that holds the node; `None` for the root of a file. For a YAML alias it is
    /// the holder of the anchor.
    pub fn parent(self) -> Option<NodeRef<'t>> {
        let parent = self.node().parent;
        (parent != self.id).then(|| self.tree.node(parent))
    }

    /// The key or the position under which the parent holds the node.
    pub fn segment(self) -> Option<Segment<'t>> {
        let parent = self.parent()?;
        let position = self.node().position as usize;
        match parent.raw_entries().get(position) {
            Some(entry) => Some(Segment::Key(self.tree.key(entry))),
            None => Some(Segment::Position(position)),
        }
    }

    /// The JSON pointer from the root of its file (RFC 6901), as a URI fragment: `#/channels/a~1b`.
    pub fn pointer(self) -> String {
        let mut segments = Vec::new();
        let mut at = self;
        while let (Some(parent), Some(segment)) = (at.parent(), at.segment()) {
            segments.push(segment);
            at = parent;
        }
        let mut pointer = String::from("#");
        for segment in segments.iter().rev() {
            pointer.push('/');
            match segment {
                Segment::Key(key) => pointer.push_str(&escape_segment(key.text)),
                Segment::Position(position) => pointer.push_str(&position.to_string()),
            }
        }
        pointer
    }
}

/// A key of a map with its place.
#[derive(Clone, Copy, Debug)]
pub struct Key<'t> {
    /// The key. YAML keys that are no strings (`200:`) are here as they were written.
    pub text: &'t str,
    /// Where the key stands.
    pub span: Span,
}

/// One step of a path into a document.
#[derive(Clone, Copy, Debug)]
pub enum Segment<'t> {
    /// The value under a key of a map.
    Key(Key<'t>),
    /// The item at a position of a list, from 0.
    Position(usize),
}

/// A key as a segment of a JSON pointer: `~` and `/` escaped (RFC 6901 §3).
pub fn escape_segment(key: &str) -> std::borrow::Cow<'_, str> {
    if key.contains(['~', '/']) {
        key.replace('~', "~0").replace('/', "~1").into()
    } else {
        key.into()
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A node as compact JSON, numbers as they are kept.
    pub(crate) fn dump(node: NodeRef<'_>) -> String {
        let text = |text: &str| serde_json::Value::from(text).to_string();
        match node.scalar() {
            Some(Scalar::Null) => "null".to_owned(),
            Some(Scalar::Bool(value)) => value.to_string(),
            Some(Scalar::Number(number)) => number.to_owned(),
            Some(Scalar::String(string)) => text(string),
            None if node.kind() == Kind::List => {
                format!("[{}]", node.items().map(dump).collect::<Vec<_>>().join(","))
            }
            None => {
                let entry =
                    |(key, value): (Key<'_>, _)| format!("{}:{}", text(key.text), dump(value));
                format!("{{{}}}", node.entries().map(entry).collect::<Vec<_>>().join(","))
            }
        }
    }
}
