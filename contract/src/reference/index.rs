//! What the references of one file may name, found in one walk over its nodes.
//!
//! In: the nodes of a file. Out: the locations that its `$ref`s may mean, the `$id`s of its schemas
//! (JSON Schema draft-07, core §8.2.3) and the base that each sets for what is inside of it. An `$id`
//! counts where a schema can stand: not in `enum`, `const`, `default` or an example, not as the name
//! of a property, and inside of a schema only behind keywords that hold schemas.

use std::collections::{HashMap, HashSet};

use crate::location::{Location, split_fragment};
use crate::source::{FileId, Span};
use crate::tree::{Kind, NodeId, NodeRef};

/// Longer references and `$id`s mean nothing: no file and no URL that works has so long a name, and
/// joining costs the length of the base for each reference inside of it.
pub(super) const MAX_LOCATION: usize = 1024;

/// Bytes of all locations that are kept for `$id`s; what comes later has no location of its own.
/// Ten thousand long ones fit, and a document of nothing but `$id`s does not fill the memory.
const MAX_BYTES_OF_IDS: usize = 16 << 20;

/// What relative references are relative to, inside of one node.
#[derive(Clone, Debug)]
pub(super) struct Base {
    /// The location that a reference is joined with.
    pub(super) location: Location,
    /// The node that the location names: where JSON pointers start.
    pub(super) root: NodeId,
    /// The `$id` that set it; `None` for the file itself.
    pub(super) id: Option<Span>,
}

/// What references may name, of all files so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Index {
    bases: Vec<Base>,
    /// The base that a node sets for itself and what is inside of it.
    base_at: HashMap<NodeId, usize>,
    base_of_file: HashMap<FileId, usize>,
    /// The bases by their locations; of several with one location the first.
    resources: HashMap<Location, usize>,
    /// Schemas by the base they are in and a plain name: `$id: '#name'`.
    names: HashMap<(usize, String), NodeId>,
    bytes_of_ids: usize,
}

impl Index {
    /// The base at a node.
    pub(super) fn base(&self, node: NodeRef<'_>) -> Option<&Base> {
        let mut at = Some(node);
        while let Some(node) = at {
            if let Some(&base) = self.base_at.get(&node.id()) {
                return self.bases.get(base);
            }
            at = node.parent();
        }
        self.base_of_file(node.span().file)
    }

    /// The base that a file has where no `$id` sets another.
    pub(super) fn base_of_file(&self, file: FileId) -> Option<&Base> {
        self.base_of_file.get(&file).and_then(|&base| self.bases.get(base))
    }

    /// The base of a location: of a file, or of a schema with an `$id`.
    pub(super) fn resource(&self, location: &Location) -> Option<&Base> {
        self.resources.get(location).and_then(|&base| self.bases.get(base))
    }

    /// The schema of a plain name in a location.
    pub(super) fn name(&self, location: &Location, name: &str) -> Option<NodeId> {
        let base = *self.resources.get(location)?;
        self.names.get(&(base, name.to_owned())).copied()
    }

    /// Adds a file and hands over the locations (its own excepted) that its references may mean:
    /// as the `$id`s say, and as if there were none. `named` answers whether it wants more.
    pub(super) fn add(
        &mut self,
        root: NodeRef<'_>,
        location: &Location,
        mut named: impl FnMut(Location) -> bool,
    ) {
        let file = root.span().file;
        let base = Base { location: location.clone(), root: root.id(), id: None };
        self.resources.entry(location.clone()).or_insert(self.bases.len());
        self.base_of_file.insert(file, self.bases.len());
        self.base_at.insert(root.id(), self.bases.len());
        self.bases.push(base);

        let mut wants_more = true;
        // References with their bases, so that each is joined once.
        let mut known = HashSet::new();
        let mut open = vec![(root, Role::Unknown, self.bases.len() - 1)];
        while let Some((node, role, mut base)) = open.pop() {
            let mut role = role;
            if node.kind() == Kind::Map {
                match node.get("$ref").and_then(NodeRef::as_str) {
                    Some(reference) => {
                        let (reference, _) = split_fragment(reference);
                        let is_new = wants_more
                            && (1..=MAX_LOCATION).contains(&reference.len())
                            && known.insert((base, reference));
                        if is_new {
                            let target = self.bases[base].location.join(reference);
                            let beside = location.join(reference);
                            let targets = [(target != beside).then_some(target), Some(beside)];
                            for target in targets.into_iter().flatten() {
                                wants_more &= target == *location || named(target);
                            }
                        }
                    }
                    // An `$id` beside a `$ref` means nothing (core §8.3).
                    None if matches!(role, Role::Unknown | Role::Schema) => {
                        if let Some(id) = node.get("$id").filter(|id| id.as_str().is_some()) {
                            base = self.identify(node, id, base);
                            role = Role::Schema;
                        } else if is_draft(node) {
                            role = Role::Schema;
                        }
                    }
                    None => {}
                }
            }
            // What an alias names is walked where it stands.
            let own = |child: &NodeRef<'_>| child.parent() == Some(node);
            // The last first, so that the first is taken off first.
            let items = node.items().rev().filter(own);
            open.extend(items.map(|item| (item, role.of_item(), base)));
            let entries = node.entries().rev().filter(|(_, value)| own(value));
            open.extend(entries.map(|(key, value)| (value, role.of_value(key.text, value), base)));
        }
    }

    /// Notes the `$id` of a schema and returns the base inside of it.
    fn identify(&mut self, node: NodeRef<'_>, id: NodeRef<'_>, base: usize) -> usize {
        let (location, name) = split_fragment(id.as_str().unwrap_or_default());
        if location.len() > MAX_LOCATION || self.bytes_of_ids > MAX_BYTES_OF_IDS {
            return base;
        }
        let outer = &self.bases[base].location;
        let location = outer.join(location);
        let mut inner = base;
        if location != *outer {
            self.bytes_of_ids += location.to_string().len();
            inner = self.bases.len();
            self.base_at.insert(node.id(), inner);
            self.resources.entry(location.clone()).or_insert(inner);
            self.bases.push(Base { location, root: node.id(), id: Some(id.span()) });
        }
        if let Some(name) = name.filter(|name| !name.is_empty()) {
            let known = self.resources.get(&self.bases[inner].location).copied();
            self.names.entry((known.unwrap_or(inner), name.to_owned())).or_insert(node.id());
        }
        inner
    }
}

/// Whether a node says that it is a schema of some draft. A document may have a `$schema` too, for
/// editors; that is a schema of AsyncAPI documents.
fn is_draft(node: NodeRef<'_>) -> bool {
    let schema = node.get("$schema").and_then(NodeRef::as_str);
    schema.is_some_and(|schema| schema.contains("json-schema.org"))
}

/// What a node is, as far as its place tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    /// Perhaps a schema: the walk does not know what AsyncAPI means by the keys above it.
    Unknown,
    /// A schema.
    Schema,
    /// A list of schemas, or an object whose keys are names and whose values are schemas.
    Schemas,
    /// Data, or something that no keyword makes a schema.
    Data,
}

impl Role {
    fn of_item(self) -> Self {
        match self {
            Self::Schemas => Self::Schema,
            Self::Schema => Self::Data,
            other => other,
        }
    }

    fn of_value(self, key: &str, value: NodeRef<'_>) -> Self {
        if self == Self::Schemas {
            return Self::Schema;
        }
        if self == Self::Data {
            return Self::Data;
        }
        match key {
            "enum" | "const" | "default" | "examples" | "example" => Self::Data,
            "properties" | "patternProperties" | "definitions" | "$defs" | "dependencies"
            | "allOf" | "anyOf" | "oneOf" => Self::Schemas,
            "items" if value.kind() == Kind::List => Self::Schemas,
            "items"
            | "additionalItems"
            | "additionalProperties"
            | "contains"
            | "propertyNames"
            | "not"
            | "if"
            | "then"
            | "else" => Self::Schema,
            _ if self == Self::Schema => Self::Data,
            _ => Self::Unknown,
        }
    }
}
