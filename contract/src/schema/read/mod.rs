//! Schema nodes → [`Rule`]s, in every dialect that is read.
//!
//! In: nodes of the tree. Out: [`Schemas`]. Works off a list instead of recursing, so that depth costs
//! no stack; a node is read once, however many references lead to it. What a schema says is read keyword
//! by keyword ([`keywords`], [`applicators`], [`values`]); which keywords there are is in [`vocabulary`],
//! what a `$ref` does to those beside it in [`beside_ref`]. Does not know what a type for a schema
//! looks like.

mod applicators;
mod beside_ref;
mod keywords;
mod values;
mod vocabulary;

use std::collections::HashMap;

use super::rule::Rule;
use super::{About, Dialect, Origin, Schema, SchemaId, Schemas};
use crate::reading::{Reading, is_reference};
use crate::tree::{Kind, NodeId, NodeRef, Scalar};

pub(super) use beside_ref::BESIDE_REF;
pub(super) use values::KEYWORD;
pub(super) use vocabulary::UNKNOWN_KEYWORD;
pub(crate) use vocabulary::has_keyword;

/// Reads schemas and remembers what was read.
pub(crate) struct SchemaReader<'a, 't> {
    reading: &'a Reading<'t>,
    schemas: Schemas,
    known: HashMap<(NodeId, Dialect), SchemaId>,
    pending: Vec<(SchemaId, NodeRef<'t>, Dialect)>,
    /// The values of `externalDocs`, which the grammar checks.
    external_docs: Vec<NodeRef<'t>>,
}

impl<'a, 't> SchemaReader<'a, 't> {
    pub(crate) fn new(reading: &'a Reading<'t>) -> Self {
        Self {
            reading,
            schemas: Schemas::default(),
            known: HashMap::new(),
            pending: Vec::new(),
            external_docs: Vec::new(),
        }
    }

    /// The schema at a node. What it names is read by [`finish`](Self::finish).
    pub(crate) fn schema(&mut self, node: NodeRef<'t>, dialect: Dialect) -> SchemaId {
        let mut node = node;
        if is_reference(node) && dialect != Dialect::Draft2020 && !beside_ref::has_remarks(node) {
            beside_ref::warn(self.reading, node);
            match self.reading.follow(node) {
                // A target that is itself a reference with remarks is read as such.
                Some(target) => node = target,
                None => return self.anything(node),
            }
        }
        let dialect = self.dialect_of_file(node, dialect);
        if let Some(&known) = self.known.get(&(node.id(), dialect)) {
            return known;
        }
        let origin = self.reading.origin(node);
        let id = self.schemas.push(Schema { origin, about: About::default(), rules: Vec::new() });
        self.known.insert((node.id(), dialect), id);
        self.pending.push((id, node, dialect));
        id
    }

    /// A schema that no text stands for: the one of a message without payload, the part of a merge.
    pub(crate) fn synthetic(&mut self, origin: Origin, rules: Vec<Rule>) -> SchemaId {
        self.schemas.push(Schema { origin, about: About::default(), rules })
    }

    /// A schema without demands, standing for one that could not be read.
    pub(crate) fn anything(&mut self, node: NodeRef<'t>) -> SchemaId {
        let origin = self.reading.origin(node);
        self.synthetic(origin, Vec::new())
    }

    /// Reads everything that is still only named. Also returns what stands under `externalDocs`.
    pub(crate) fn finish(mut self) -> (Schemas, Vec<NodeRef<'t>>) {
        while let Some((id, node, dialect)) = self.pending.pop() {
            let (about, rules) = self.read(node, dialect);
            let schema = self.schemas.get_mut(id);
            schema.about = about;
            schema.rules = rules;
        }
        (self.schemas, self.external_docs)
    }

    /// A document that is an OpenAPI description has schemas of OpenAPI's dialect, whoever refers to
    /// them.
    fn dialect_of_file(&self, node: NodeRef<'t>, dialect: Dialect) -> Dialect {
        let root = node.tree().root(node.span().file);
        match root.and_then(|root| root.get("openapi")).and_then(NodeRef::as_str) {
            Some(version) if version.starts_with("3.0") => Dialect::OpenApi30,
            Some(_) => Dialect::Draft2020,
            None => dialect,
        }
    }

    fn read(&mut self, node: NodeRef<'t>, dialect: Dialect) -> (About, Vec<Rule>) {
        match node.scalar() {
            Some(Scalar::Bool(true)) => Default::default(),
            Some(Scalar::Bool(false)) => (About::default(), vec![Rule::Never]),
            None if node.kind() == Kind::Map => keywords::read(self, node, dialect),
            _ => {
                values::wrong(self.reading, node, "a schema", "an object, `true` or `false`");
                Default::default()
            }
        }
    }
}
