//! Which texts and numbers a schema limits a place to: the raw material of discriminators.

use std::collections::HashSet;

use json::Json;

use crate::schema::facets::{Facets, collect};
use crate::schema::{SchemaId, Schemas, Type, Types};

/// A place in a frame.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Step {
    /// The value of a property.
    Property(String),
    /// The item at a position.
    Item(usize),
}

/// A place that a schema limits to a few scalar values.
#[derive(Clone, Debug)]
pub(super) struct Tag {
    pub(super) path: Vec<Step>,
    pub(super) values: Vec<Json<'static>>,
    /// Whether every frame has the place.
    pub(super) required: bool,
}

/// How deep discriminators are looked for.
const MAX_DEPTH: usize = 3;
/// How many places of a message are looked at, the shallow ones first.
const MAX_PLACES: usize = 2_000;
/// How many values a discriminating place may have.
const MAX_VALUES: usize = 64;

/// All limited places of a schema, shallow ones first.
pub(super) fn tags(schemas: &Schemas, schema: SchemaId) -> Vec<Tag> {
    let mut found = Vec::new();
    let mut level = vec![(Vec::new(), vec![schema], true)];
    let mut places = 0;
    for depth in 0..=MAX_DEPTH {
        let mut next = Vec::new();
        for (path, together, required) in level {
            places += 1;
            if places > MAX_PLACES {
                return found;
            }
            let facets = collect(schemas, &together, &[]);
            if depth > 0
                && let Some(values) = scalars(&facets)
            {
                found.push(Tag { path: path.clone(), values, required });
                continue;
            }
            // A union of frames is limited where all its alternatives are.
            if let [union] = &facets.unions[..]
                && depth == 0
            {
                found.extend(common(schemas, &union.branches));
            }
            for (name, schemas) in &facets.properties {
                let mut path = path.clone();
                path.push(Step::Property(name.clone()));
                let required = required && facets.required.contains(name);
                next.push((path, schemas.clone(), required));
            }
            if let [(items, _)] = &facets.tuples[..] {
                for (at, item) in items.iter().enumerate() {
                    let mut path = path.clone();
                    path.push(Step::Item(at));
                    let required = required && facets.min_items as usize > at;
                    next.push((path, vec![*item], required));
                }
            }
        }
        level = next;
    }
    found
}

/// The JSON types that a frame of a schema may have.
pub(super) fn types(schemas: &Schemas, schema: SchemaId) -> Types {
    let mut visited = HashSet::new();
    types_of(schemas, schema, &mut visited)
}

fn types_of(schemas: &Schemas, schema: SchemaId, visited: &mut HashSet<SchemaId>) -> Types {
    if !visited.insert(schema) {
        return Types::NONE;
    }
    let facets = collect(schemas, &[schema], &[]);
    let mut types = facets.types;
    if let Some(values) = &facets.values {
        let each = values.iter().map(|value| match value {
            Json::Null => Type::Null,
            Json::Bool(_) => Type::Boolean,
            Json::Number(_) => Type::Number,
            Json::String(_) => Type::String,
            Json::Array(_) => Type::Array,
            Json::Object(_) => Type::Object,
        });
        types = types.and(each.map(Types::only).reduce(Types::or).unwrap_or(Types::NONE));
    }
    for union in &facets.unions {
        let of_union = union
            .branches
            .iter()
            .map(|&branch| types_of(schemas, branch, visited))
            .reduce(Types::or);
        types = types.and(of_union.unwrap_or(Types::ALL));
    }
    types
}

fn scalars(facets: &Facets) -> Option<Vec<Json<'static>>> {
    let values = facets.values.as_ref()?;
    let scalar =
        |value: &Json<'_>| matches!(value, Json::String(_) | Json::Number(_) | Json::Bool(_));
    (values.len() <= MAX_VALUES && !values.is_empty() && values.iter().all(scalar))
        .then(|| values.clone())
}

/// The places that all alternatives limit, with the values of all of them.
fn common(schemas: &Schemas, branches: &[SchemaId]) -> Vec<Tag> {
    let mut all = branches.iter().map(|&branch| {
        let facets = collect(schemas, &[branch], &[]);
        let properties = facets.properties.iter().filter_map(|(name, each)| {
            let values = scalars(&collect(schemas, each, &[]))?;
            let path = vec![Step::Property(name.clone())];
            Some(Tag { path, values, required: facets.required.contains(name) })
        });
        properties.collect::<Vec<Tag>>()
    });
    let Some(mut tags) = all.next() else { return Vec::new() };
    for other in all {
        tags.retain_mut(|tag| {
            let Some(same) = other.iter().find(|other| other.path == tag.path) else {
                return false;
            };
            tag.values.extend(
                same.values
                    .iter()
                    .filter(|value| !tag.values.contains(value))
                    .cloned()
                    .collect::<Vec<_>>(),
            );
            tag.required &= same.required;
            true
        });
    }
    tags
}
