//! Building the nodes of one file: what the readers of notations call.
//!
//! Children come before their holder. Who holds a node is its parent; a YAML alias or merge key
//! names a node without holding it.

use std::collections::HashMap;

use super::{Entry, LINEAR_SEARCH_MAX, Node, NodeId, NodeKind, NodeRef, Scalar, Text, Tree};
use crate::source::{FileId, Span};

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
        let mut first_of = HashMap::new();
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
mod tests {
    use super::*;

    const FILE: FileId = FileId(0);

    fn at(start: usize) -> Span {
        Span::new(FILE, start, start)
    }

    fn no_duplicates(key: &str, _: &NewEntry, _: &NewEntry) {
        panic!("`{key}` is unique");
    }

    #[test]
    fn a_node_costs_32_bytes_and_an_entry_24() {
        assert_eq!(size_of::<Node>(), 32);
        assert_eq!(size_of::<Entry>(), 24);
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
