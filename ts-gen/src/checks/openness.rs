//! What a check lets through that is merely newer than the contract: a value that an enumeration does not
//! list, a property or an item that the contract closes the door to, an alternative with a tag of its
//! own. The same values that the types of what is received make room for.

use std::collections::{HashMap, HashSet};

use contract::schema::shape::By;
use contract::schema::{Rule, SchemaId, Shape, Types};
use json::Json;

use crate::{Cx, tags};

/// What may be wider in a contract.
pub(super) struct Openness {
    /// Schemas that let more values pass when they are open.
    wider: HashSet<SchemaId>,
    /// Enumerations of tags: a value beyond them leads to another alternative, or to none.
    closed_enums: HashSet<SchemaId>,
    /// Unions whose alternatives a property tells apart, by the first of them.
    tagged: HashMap<SchemaId, Vec<Tagged>>,
}

/// A union whose alternatives a property tells apart.
#[derive(Clone)]
pub(super) struct Tagged {
    pub(super) property: String,
    /// Each alternative with the texts that lead to it.
    pub(super) branches: Vec<(SchemaId, Vec<String>)>,
}

impl Tagged {
    pub(super) fn has(&self, part: SchemaId) -> bool {
        self.branches.iter().any(|branch| branch.0 == part)
    }
}

impl Openness {
    pub(super) fn new(cx: &Cx<'_>) -> Self {
        let shapes = &cx.contract.shapes;
        let mut tagged: HashMap<SchemaId, Vec<Tagged>> = HashMap::new();
        for (_, entry) in shapes.iter() {
            let Shape::Union(union) = &entry.shape else { continue };
            let By::Tag { property, values } = &union.by else { continue };
            let branches = union.branches.iter().map(|branch| branch.schema);
            let branches: Vec<(SchemaId, Vec<String>)> =
                branches.zip(values.iter().cloned()).collect();
            if let Some((first, _)) = branches.first() {
                let all = tagged.entry(*first).or_default();
                all.push(Tagged { property: property.clone(), branches });
            }
        }
        let closed_enums = tags::enums(shapes, &cx.tags).into_iter();
        let closed_enums = closed_enums.map(|id| shapes.get(id).schema).collect();
        let mut openness = Self { wider: HashSet::new(), closed_enums, tagged };
        openness.find_wider(cx);
        openness
    }

    /// Marks what is wider by its own rules, and what holds such a schema.
    fn find_wider(&mut self, cx: &Cx<'_>) {
        let schemas = &cx.contract.schemas;
        let mut holders: HashMap<SchemaId, Vec<SchemaId>> = HashMap::new();
        let mut pending = Vec::new();
        let is_never = |id: SchemaId| matches!(schemas.get(id).rules[..], [Rule::Never]);
        for (id, schema) in schemas.iter() {
            for rule in &schema.rules {
                let by_itself = match rule {
                    Rule::Enum(values) => self.is_open_enum(id, values),
                    Rule::Properties(properties) => properties.rest.is_some_and(is_never),
                    Rule::Tuple { rest, .. } => rest.is_some_and(is_never),
                    Rule::OneOf(parts) | Rule::AnyOf(parts) => self.tagged(parts).is_some(),
                    _ => false,
                };
                if by_itself {
                    pending.push(id);
                }
                let parts = match rule {
                    // These are asked strictly.
                    Rule::Not(_) => Vec::new(),
                    Rule::If { then, otherwise, .. } => {
                        then.iter().chain(otherwise).copied().collect()
                    }
                    rule => rule.schemas(),
                };
                for part in parts {
                    holders.entry(part).or_default().push(id);
                    holders.entry(schemas.target(part)).or_default().push(id);
                }
            }
        }
        while let Some(id) = pending.pop() {
            if self.wider.insert(id) {
                pending.extend(holders.get(&id).into_iter().flatten());
            }
        }
    }

    /// Whether a schema lets more values pass when it is open.
    pub(super) fn is_wider(&self, id: SchemaId) -> bool {
        self.wider.contains(&id)
    }

    /// Whether a rule says nothing of values that may be newer.
    pub(super) fn drops(&self, owner: SchemaId, rule: &Rule) -> bool {
        match rule {
            // Values of every type that there is.
            Rule::Enum(values) => {
                self.is_open_enum(owner, values) && Types::of(values) == Types::ALL
            }
            _ => false,
        }
    }

    /// Whether there may be more values than these. One value is a constant.
    pub(super) fn is_open_enum(&self, owner: SchemaId, values: &[Json<'_>]) -> bool {
        let several = values.iter().filter(|value| **value != Json::Null).count() > 1;
        several && !self.closed_enums.contains(&owner)
    }

    /// The union of these alternatives, if a property tells them apart.
    pub(super) fn tagged(&self, parts: &[SchemaId]) -> Option<&Tagged> {
        let mut known = parts.iter().filter_map(|part| self.tagged.get(part)).flatten();
        known.find(|union| union.branches.iter().all(|branch| parts.contains(&branch.0)))
    }
}
