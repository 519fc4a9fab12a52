//! Any YAML or JSON document as nodes with a place each: what `yaml.rs` and `json.rs` make and
//! everything after them reads.
//!
//! All files of one contract share a [`Tree`]; each has a root. Nodes lie in one vector and all text
//! in one string; children are ranges, so walking is cheap, nothing is recursive and dropping a
//! large document costs nothing. A YAML alias points at the node of its anchor: the structure is a
//! graph without cycles, and its nodes are never copied.
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

/// A node as the child of the map or list that is being built.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Child {
    /// It stands here: the holder becomes its parent.
    Own(NodeId),
    /// It stands elsewhere, and a YAML alias or merge key names it here.
    Alias(NodeId),
}

impl Child {
    pub(crate) fn id(self) -> NodeId {
        match self {
            Self::Own(id) | Self::Alias(id) => id,
        }
    }
}

/// A key of the map that is being built; its text lies in the tree already.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NewKey {
    text: Text,
    pub(crate) span: Span,
}

impl NewKey {
    pub(crate) fn with(self, value: Child) -> NewEntry {
        NewEntry { key: self, value }
    }
}

/// An entry of the map that is being built.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NewEntry {
    pub(crate) key: NewKey,
    pub(crate) value: Child,
}

/// Builds the nodes of one file, children before their holder: what a reader calls.
#[derive(Debug)]
pub(crate) struct TreeBuilder<'t> {
    tree: &'t mut Tree,
    max_nodes: usize,
    /// The lengths of the tree's vectors when the file was begun.
    before: [usize; 4],
}

impl<'t> TreeBuilder<'t> {
    /// `max_nodes` is for the tree with all its files.
    pub(crate) fn new(tree: &'t mut Tree, max_nodes: usize) -> Self {
        let before = [tree.nodes.len(), tree.entries.len(), tree.items.len(), tree.text.len()];
        Self { tree, max_nodes: max_nodes.min(u32::MAX as usize), before }
    }

    /// Whether the tree may get no further node.
    pub(crate) fn is_full(&self) -> bool {
        self.tree.nodes.len() >= self.max_nodes
    }

    /// Forgets what was built of this file.
    pub(crate) fn undo(self) {
        let [nodes, entries, items, text] = self.before;
        self.tree.nodes.truncate(nodes);
        self.tree.entries.truncate(entries);
        self.tree.items.truncate(items);
        self.tree.text.truncate(text);
        self.tree.sorted.retain(|id, _| (id.0 as usize) < nodes);
    }

    pub(crate) fn scalar(&mut self, value: Scalar<'_>, span: Span) -> NodeId {
        let kind = match value {
            Scalar::Null => NodeKind::Null,
            Scalar::Bool(value) => NodeKind::Bool(value),
            Scalar::Number(text) => NodeKind::Number(self.keep(text)),
            Scalar::String(text) => NodeKind::String(self.keep(text)),
        };
        self.push(kind, span)
    }

    pub(crate) fn list(&mut self, items: &[Child], span: Span) -> NodeId {
        let start = self.tree.items.len() as u32;
        self.tree.items.extend(items.iter().map(|item| item.id()));
        let id = self.push(NodeKind::List { start, end: self.tree.items.len() as u32 }, span);
        for (position, &item) in items.iter().enumerate() {
            self.adopt(id, position, item);
        }
        id
    }

    /// A key, for [`map`](Self::map).
    pub(crate) fn key(&mut self, text: &str, span: Span) -> NewKey {
        NewKey { text: self.keep(text), span }
    }

    /// The text of a key.
    pub(crate) fn text(&self, key: NewKey) -> &str {
        self.tree.text(key.text)
    }

    /// A map of these entries. Of those with the same key the first counts; each further one is
    /// handed to `again` with the first.
    pub(crate) fn map(
        &mut self,
        entries: &[NewEntry],
        span: Span,
        mut again: impl FnMut(&str, &NewEntry, &NewEntry),
    ) -> NodeId {
        let mut unique = Vec::new();
        let mut first_of = std::collections::HashMap::new();
        for entry in entries {
            let key = self.tree.text(entry.key.text);
            let first = if entries.len() <= LINEAR_SEARCH_MAX {
                unique
                    .iter()
                    .find(|first: &&&NewEntry| self.tree.text(first.key.text) == key)
                    .copied()
            } else {
                first_of.get(key).copied()
            };
            match first {
                Some(first) => again(key, first, entry),
                None => {
                    unique.push(entry);
                    if entries.len() > LINEAR_SEARCH_MAX {
                        first_of.insert(key, entry);
                    }
                }
            }
        }
        let start = self.tree.entries.len() as u32;
        self.tree.entries.extend(unique.iter().map(|entry| Entry {
            key: entry.key.text,
            key_span: entry.key.span,
            value: entry.value.id(),
        }));
        let end = self.tree.entries.len() as u32;
        let id = self.push(NodeKind::Map { start, end }, span);
        for (position, entry) in unique.iter().enumerate() {
            self.adopt(id, position, entry.value);
        }
        self.index(id, start as usize..end as usize);
        id
    }

    /// The entries of a map of this file, to be merged into another one: they stay where they are.
    pub(crate) fn entries_of(&self, map: NodeId) -> impl Iterator<Item = NewEntry> {
        let entries = self.tree.node(map).raw_entries();
        entries.iter().map(|entry| NewEntry {
            key: NewKey { text: entry.key, span: entry.key_span },
            value: Child::Alias(entry.value),
        })
    }

    pub(crate) fn root(&mut self, file: FileId, node: NodeId) {
        self.tree.roots.push((file, node));
    }

    /// A node that is read back, such as the target of an alias.
    pub(crate) fn node(&self, id: NodeId) -> NodeRef<'_> {
        self.tree.node(id)
    }

    fn keep(&mut self, text: &str) -> Text {
        let start = self.tree.text.len() as u32;
        self.tree.text.push_str(text);
        Text { start, end: self.tree.text.len() as u32 }
    }

    fn push(&mut self, kind: NodeKind, span: Span) -> NodeId {
        let id = NodeId(self.tree.nodes.len() as u32);
        self.tree.nodes.push(Node { kind, span, parent: id, position: 0 });
        id
    }

    fn adopt(&mut self, parent: NodeId, position: usize, child: Child) {
        if let Child::Own(id) = child {
            let node = &mut self.tree.nodes[id.0 as usize];
            node.parent = parent;
            node.position = position as u32;
        }
    }

    fn index(&mut self, map: NodeId, range: std::ops::Range<usize>) {
        let entries = &self.tree.entries[range];
        if entries.len() > LINEAR_SEARCH_MAX {
            let key = |&at: &u32| self.tree.text(entries[at as usize].key);
            let mut sorted: Box<[u32]> = (0..entries.len() as u32).collect();
            sorted.sort_unstable_by(|a, b| key(a).cmp(key(b)));
            self.tree.sorted.insert(map, sorted);
        }
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

    const FILE: FileId = FileId(0);

    fn at(start: usize) -> Span {
        Span::new(FILE, start, start)
    }

    fn no_duplicates(key: &str, _: &NewEntry, _: &NewEntry) {
        panic!("`{key}` is unique");
    }

    #[test]
    fn large_maps_are_found_by_key_too() {
        let mut tree = Tree::default();
        let mut builder = TreeBuilder::new(&mut tree, 1000);
        let mut entries = Vec::new();
        for n in 0..100 {
            let value = builder.scalar(Scalar::Number(&n.to_string()), at(n));
            entries.push(builder.key(&format!("k{n}"), at(n)).with(Child::Own(value)));
        }
        let root = builder.map(&entries, at(0), no_duplicates);
        builder.root(FILE, root);
        let root = tree.root(FILE).unwrap();
        assert_eq!(root.get("k77").unwrap().as_number(), Some("77"));
        assert!(root.get("k100").is_none());
        assert_eq!(root.get("k77").unwrap().pointer(), "#/k77");
    }

    #[test]
    fn a_pointer_escapes_slash_and_tilde() {
        let mut tree = Tree::default();
        let mut builder = TreeBuilder::new(&mut tree, 1000);
        let leaf = builder.scalar(Scalar::Null, at(0));
        let list = builder.list(&[Child::Own(leaf)], at(0));
        let entry = builder.key("a/b~c", at(0)).with(Child::Own(list));
        let root = builder.map(&[entry], at(0), no_duplicates);
        builder.root(FILE, root);
        assert_eq!(tree.node(leaf).pointer(), "#/a~1b~0c/0");
    }

    #[test]
    fn an_aliased_node_belongs_to_the_place_of_its_anchor() {
        // - &x text
        // - [*x]
        let mut tree = Tree::default();
        let mut builder = TreeBuilder::new(&mut tree, 1000);
        let text = builder.scalar(Scalar::String("text"), at(0));
        let inner = builder.list(&[Child::Alias(text)], at(1));
        let root = builder.list(&[Child::Own(text), Child::Own(inner)], at(0));
        builder.root(FILE, root);
        assert_eq!(tree.node(inner).items().next().unwrap().id(), text);
        assert_eq!(tree.node(text).pointer(), "#/0");
    }

    #[test]
    fn the_first_of_two_equal_keys_counts_and_the_second_is_told() {
        for size in [2, 40] {
            let mut tree = Tree::default();
            let mut builder = TreeBuilder::new(&mut tree, 1000);
            let mut entries = Vec::new();
            for n in 0..size {
                let value = builder.scalar(Scalar::Null, at(n));
                let key = if n == size - 1 { "k0".into() } else { format!("k{n}") };
                entries.push(builder.key(&key, at(n)).with(Child::Own(value)));
            }
            let mut told = Vec::new();
            let map = builder.map(&entries, at(0), |key, first, second| {
                told.push((key.to_owned(), first.key.span, second.key.span));
            });
            assert_eq!(told, [("k0".to_owned(), at(0), at(size - 1))]);
            assert_eq!(tree.node(map).entries().len(), size - 1);
        }
    }

    #[test]
    fn what_was_undone_leaves_no_trace() {
        let mut tree = Tree::default();
        let mut builder = TreeBuilder::new(&mut tree, 1000);
        let kept = builder.scalar(Scalar::String("kept"), at(0));
        builder.root(FILE, kept);
        let mut builder = TreeBuilder::new(&mut tree, 1000);
        let gone = builder.scalar(Scalar::String("gone"), at(0));
        builder.list(&[Child::Own(gone)], at(0));
        builder.undo();
        assert_eq!(tree.len(), 1);
        assert_eq!(tree.root(FILE).unwrap().as_str(), Some("kept"));
    }
}
