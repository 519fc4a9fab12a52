//! Any YAML or JSON document as nodes with a place each: what `yaml.rs` and `json.rs` make and
//! everything after them reads.
//!
//! All files of one contract share a [`Tree`]; each has a root. Nodes lie in one vector, children
//! are ranges, so walking is cheap and nothing is recursive. A YAML alias points at the node of its
//! anchor: the structure is a graph without cycles, and its nodes are never copied.
//!
//! Knows no AsyncAPI. Scalars keep their text: `1.0` stays `1.0`, `9007199254740993` loses no digit.

use crate::source::{FileId, Span};

/// A node of a [`Tree`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(u32);

/// The nodes of all files of one contract.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    nodes: Vec<Node>,
    entries: Vec<Entry>,
    items: Vec<NodeId>,
    /// Entries of each large map by key: `(map, positions sorted by key)`.
    sorted: std::collections::HashMap<NodeId, Box<[u32]>>,
    roots: Vec<(FileId, NodeId)>,
}

#[derive(Clone, Debug)]
struct Node {
    kind: NodeKind,
    span: Span,
    /// The map or list that holds this node; the root is its own parent.
    parent: NodeId,
}

#[derive(Clone, Debug)]
enum NodeKind {
    Null,
    Bool(bool),
    Number(Box<str>),
    String(Box<str>),
    List { start: u32, end: u32 },
    Map { start: u32, end: u32 },
}

#[derive(Clone, Debug)]
struct Entry {
    key: Box<str>,
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

    /// How many nodes there are in all files.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether nothing was read yet.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
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
    fn node(self) -> &'t Node {
        &self.tree.nodes[self.id.0 as usize]
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
        match &self.node().kind {
            NodeKind::Null => Some(Scalar::Null),
            NodeKind::Bool(value) => Some(Scalar::Bool(*value)),
            NodeKind::Number(text) => Some(Scalar::Number(text)),
            NodeKind::String(text) => Some(Scalar::String(text)),
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

    /// Keys and values in the order of the document, if the node is a map; else none.
    pub fn entries(
        self,
    ) -> impl DoubleEndedIterator<Item = (Key<'t>, NodeRef<'t>)> + ExactSizeIterator + Clone {
        let tree = self.tree;
        self.raw_entries().iter().map(move |entry| {
            (Key { text: &entry.key, span: entry.key_span }, tree.node(entry.value))
        })
    }

    /// The value under a key, if the node is a map that has it.
    pub fn get(self, key: &str) -> Option<NodeRef<'t>> {
        self.entry(key).map(|(_, value)| value)
    }

    /// Key and value under a key: the key's span is where a message about the entry points.
    pub fn entry(self, key: &str) -> Option<(Key<'t>, NodeRef<'t>)> {
        let entries = self.raw_entries();
        let found = match self.tree.sorted.get(&self.id) {
            None => entries.iter().find(|entry| &*entry.key == key)?,
            Some(sorted) => {
                let key_at = |&at: &u32| &*entries[at as usize].key;
                let at = sorted.binary_search_by(|at| key_at(at).cmp(key)).ok()?;
                &entries[sorted[at] as usize]
            }
        };
        let key = Key { text: &found.key, span: found.key_span };
        Some((key, self.tree.node(found.value)))
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
        if let Some((key, _)) = parent.entries().find(|(_, value)| value.id == self.id) {
            return Some(Segment::Key(key));
        }
        parent.items().position(|item| item.id == self.id).map(Segment::Position)
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

/// Builds the nodes of one file, children before their holder: what a reader calls.
#[derive(Debug)]
pub(crate) struct TreeBuilder<'t> {
    tree: &'t mut Tree,
}

impl<'t> TreeBuilder<'t> {
    pub(crate) fn new(tree: &'t mut Tree) -> Self {
        Self { tree }
    }

    pub(crate) fn scalar(&mut self, value: Scalar<'_>, span: Span) -> NodeId {
        self.push(
            match value {
                Scalar::Null => NodeKind::Null,
                Scalar::Bool(value) => NodeKind::Bool(value),
                Scalar::Number(text) => NodeKind::Number(text.into()),
                Scalar::String(text) => NodeKind::String(text.into()),
            },
            span,
        )
    }

    pub(crate) fn list(&mut self, items: &[NodeId], span: Span) -> NodeId {
        let start = self.tree.items.len() as u32;
        self.tree.items.extend_from_slice(items);
        let id = self.push(NodeKind::List { start, end: self.tree.items.len() as u32 }, span);
        for &item in items {
            self.adopt(id, item);
        }
        id
    }

    /// The keys are unique: the reader has reported the others.
    pub(crate) fn map(&mut self, entries: Vec<(Box<str>, Span, NodeId)>, span: Span) -> NodeId {
        let start = self.tree.entries.len() as u32;
        for (key, key_span, value) in entries {
            self.tree.entries.push(Entry { key, key_span, value });
        }
        let end = self.tree.entries.len() as u32;
        let id = self.push(NodeKind::Map { start, end }, span);
        let entries = &self.tree.entries[start as usize..end as usize];
        if entries.len() > LINEAR_SEARCH_MAX {
            let mut sorted: Box<[u32]> = (0..entries.len() as u32).collect();
            sorted.sort_by(|&a, &b| entries[a as usize].key.cmp(&entries[b as usize].key));
            self.tree.sorted.insert(id, sorted);
        }
        for at in start..end {
            let value = self.tree.entries[at as usize].value;
            self.adopt(id, value);
        }
        id
    }

    pub(crate) fn root(&mut self, file: FileId, node: NodeId) {
        self.tree.roots.push((file, node));
    }

    /// A node that is read back, such as the target of an alias.
    pub(crate) fn node(&self, id: NodeId) -> NodeRef<'_> {
        self.tree.node(id)
    }

    fn push(&mut self, kind: NodeKind, span: Span) -> NodeId {
        let id = NodeId(self.tree.nodes.len() as u32);
        self.tree.nodes.push(Node { kind, span, parent: id });
        id
    }

    /// The first holder stays the parent: for an aliased node that is the place of its anchor.
    fn adopt(&mut self, parent: NodeId, child: NodeId) {
        let child_node = &mut self.tree.nodes[child.0 as usize];
        if child_node.parent == child {
            child_node.parent = parent;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_maps_are_found_by_key_too() {
        let file = FileId(0);
        let span = Span::new(file, 0, 0);
        let mut tree = Tree::default();
        let mut builder = TreeBuilder::new(&mut tree);
        let entries = (0..100)
            .map(|n| {
                let number = n.to_string();
                (format!("k{n}").into(), span, builder.scalar(Scalar::Number(&number), span))
            })
            .collect();
        let root = builder.map(entries, span);
        builder.root(file, root);
        let root = tree.root(file).unwrap();
        assert_eq!(root.get("k77").unwrap().as_number(), Some("77"));
        assert!(root.get("k100").is_none());
        assert_eq!(root.get("k77").unwrap().pointer(), "#/k77");
    }

    #[test]
    fn a_pointer_escapes_slash_and_tilde() {
        let file = FileId(0);
        let span = Span::new(file, 0, 0);
        let mut tree = Tree::default();
        let mut builder = TreeBuilder::new(&mut tree);
        let leaf = builder.scalar(Scalar::Null, span);
        let list = builder.list(&[leaf], span);
        let root = builder.map(vec![("a/b~c".into(), span, list)], span);
        builder.root(file, root);
        assert_eq!(tree.node(leaf).pointer(), "#/a~1b~0c/0");
    }
}
