//! Schemas: as written ([`Schema`], a list of [`Rule`]s) and as understood ([`Shape`]).
//!
//! Every schema of the contract stands once in [`Schemas`], however often it is named; a cycle of
//! references is a cycle of ids. What a value must satisfy is in the rules, what a type for it looks
//! like is in the shape. Both are decided here, so that no back end interprets JSON Schema and the
//! languages agree.

mod depth;
mod dialect;
pub(crate) mod facets;
pub mod format;
pub(crate) mod pattern;
mod read;
pub mod rule;
pub mod shape;
mod shaping;
#[cfg(test)]
mod tests;
pub(crate) mod validate;

pub use dialect::Dialect;
pub use format::Format;
pub use rule::{Properties, Rule, Type, Types};
pub use shape::{Shape, ShapeId, Shapes};

pub(crate) use depth::bound as bound_depth;
pub(crate) use dialect::SchemaFormat;
pub(crate) use read::{SchemaReader, has_keyword};
pub use shaping::Implied;

pub(crate) use shaping::shape_all;

use json::Json;

/// The rules about schemas as they are written.
pub(crate) const RULES: &[&crate::Rule] =
    &[&read::KEYWORD, &read::UNKNOWN_KEYWORD, &read::BESIDE_REF, &depth::DEPTH];

use crate::source::Span;
use crate::tree::NodeId;

/// A schema of [`Schemas`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SchemaId(pub(crate) u32);

/// All schemas of a contract.
#[derive(Clone, Debug, Default)]
pub struct Schemas {
    schemas: Vec<Schema>,
}

/// One schema as it was written.
#[derive(Clone, Debug)]
pub struct Schema {
    /// Where it stands.
    pub origin: Origin,
    /// What it says about itself.
    pub about: About,
    /// What a value must satisfy: all of them.
    pub rules: Vec<Rule>,
}

impl Schema {
    /// Whether its rules are so few and so short that they may be written twice.
    pub fn is_plain(&self) -> bool {
        self.rules.len() <= 2
            && self.rules.iter().all(|rule| {
                matches!(
                    rule,
                    Rule::Type(_)
                        | Rule::MinLength(_)
                        | Rule::MaxLength(_)
                        | Rule::Minimum(_)
                        | Rule::Maximum(_)
                        | Rule::Format(_)
                        | Rule::Reference(_)
                )
            })
    }
}

/// Where something of the contract was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The node that was read.
    pub node: NodeId,
    /// The text of it.
    pub span: Span,
    /// Its JSON pointer as a URI fragment, led by the file's name if it is not the root document.
    pub pointer: String,
}

/// What a schema says about itself: nothing here changes which values are valid.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct About {
    /// `title`
    pub title: Option<String>,
    /// `description`
    pub description: Option<String>,
    /// `default`
    pub default: Option<Json<'static>>,
    /// `examples` (and `example`), each with its place.
    pub examples: Vec<(Json<'static>, Span)>,
    /// `deprecated: true`
    pub deprecated: bool,
    /// `readOnly: true`: only ever sent by the described application.
    pub read_only: bool,
    /// `writeOnly: true`: only ever sent to the described application.
    pub write_only: bool,
    /// `discriminator`: the property that tells the alternatives apart.
    pub discriminator: Option<Discriminator>,
    /// `format` where it is not a known one, or not asserted.
    pub format: Option<String>,
    /// Extensions: `x-…`.
    pub extensions: Vec<(String, Json<'static>)>,
}

impl About {
    /// The value of an extension.
    pub fn extension(&self, name: &str) -> Option<&Json<'static>> {
        self.extensions.iter().find(|pair| pair.0 == name).map(|pair| &pair.1)
    }
}

/// Which property tells the alternatives of a union apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Discriminator {
    /// The property's name.
    pub property: String,
    /// OpenAPI's `mapping`: value of the property → schema.
    pub mapping: Vec<(String, SchemaId)>,
}

impl Schemas {
    /// The schema of this id.
    pub fn get(&self, id: SchemaId) -> &Schema {
        &self.schemas[id.0 as usize]
    }

    /// All schemas with their ids, in the order in which they were found.
    pub fn iter(&self) -> impl Iterator<Item = (SchemaId, &Schema)> {
        self.schemas.iter().enumerate().map(|(at, schema)| (SchemaId(at as u32), schema))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.schemas.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.schemas.is_empty()
    }

    pub(crate) fn push(&mut self, schema: Schema) -> SchemaId {
        let id = SchemaId(self.schemas.len() as u32);
        self.schemas.push(schema);
        id
    }

    pub(crate) fn get_mut(&mut self, id: SchemaId) -> &mut Schema {
        &mut self.schemas[id.0 as usize]
    }

    /// The rules of a schema and of all schemas that it refers to or merges: they hold together.
    pub fn together(&self, id: SchemaId) -> Vec<&Rule> {
        let mut rules = Vec::new();
        let mut pending = vec![id];
        let mut visited = std::collections::HashSet::new();
        while let Some(id) = pending.pop() {
            if !visited.insert(id) {
                continue;
            }
            for rule in &self.get(id).rules {
                match rule {
                    Rule::Reference(target) => pending.push(*target),
                    Rule::AllOf(parts) => pending.extend(parts),
                    rule => rules.push(rule),
                }
            }
        }
        rules
    }

    /// The values that `const` and `enum` limit a schema to.
    pub fn values(&self, id: SchemaId) -> Option<Vec<Json<'static>>> {
        facets::collect(self, &[id], &[]).values
    }

    /// The properties that a schema names.
    pub fn property_names(&self, id: SchemaId) -> Vec<String> {
        let properties = facets::collect(self, &[id], &[]).properties;
        properties.into_iter().map(|(name, _)| name).collect()
    }

    /// The schema that `$ref`s (without demands beside them) lead to.
    pub fn target(&self, mut id: SchemaId) -> SchemaId {
        // The reader has refused cycles of mere references, so this ends.
        while let [Rule::Reference(target)] = self.get(id).rules[..] {
            id = target;
        }
        id
    }
}
