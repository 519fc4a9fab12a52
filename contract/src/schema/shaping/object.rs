//! Objects: structs with fields, and maps where no property is named.
//!
//! In: what is said of properties. Out: a struct or a map, and what may stand beside the fields.

use std::collections::HashSet;

use json::Json;

use super::{Job, Shaper};
use crate::schema::facets::{Facets, collect};
use crate::schema::shape::{Dynamic, Exactness, Field, Part, Rest, Shape, Struct};
use crate::schema::{About, Schema, SchemaId};

impl Shaper<'_> {
    /// The shape of objects.
    pub(super) fn object(&mut self, job: &Job, facets: &Facets) -> Shape {
        // `additionalProperties` speaks of the properties beside it only, so after a merge the check
        // has to look.
        if facets.sources > 1 && !facets.rests.is_empty() {
            self.residual.insert(job.id);
        }
        let mut fields: Vec<Field> = Vec::new();
        for (name, schemas) in &facets.properties {
            let schema = self.merged(schemas);
            let required = facets.required.contains(name);
            let constant = if required { self.constant(schema) } else { None };
            let shape = self.whole(schema);
            fields.push(Field { name: name.clone(), schema, shape, required, constant });
        }
        let known: HashSet<String> = fields.iter().map(|field| field.name.clone()).collect();
        let mut unknown: Vec<&String> =
            facets.required.iter().filter(|name| !known.contains(*name)).collect();
        unknown.sort();
        for name in unknown {
            fields.push(self.unspoken_field(job, name, true, Shape::Any));
        }
        let mut conditional: Vec<&String> = facets
            .conditional
            .iter()
            .filter(|name| !known.contains(*name) && !facets.required.contains(*name))
            .collect();
        conditional.dedup();
        for name in conditional {
            if !fields.iter().any(|field| field.name == *name) {
                let shape = Shape::Dynamic(Dynamic::Conditional);
                fields.push(self.unspoken_field(job, name, false, shape));
            }
        }
        if fields.is_empty() {
            return self.map(job, facets);
        }
        let rest = if facets.patterns.is_empty() {
            self.rest(job, &facets.rests)
        } else {
            Rest::Typed(self.unspoken(job.schema))
        };
        Shape::Struct(Struct { fields, rest })
    }

    /// The only text that a schema allows.
    fn constant(&self, schema: SchemaId) -> Option<Json<'static>> {
        let values = collect(self.schemas, &[schema], &[]).values?;
        match &values[..] {
            [value @ Json::String(_)] => Some(value.clone()),
            _ => None,
        }
    }

    /// A property that has no schema of its own.
    fn unspoken_field(&mut self, job: &Job, name: &str, required: bool, shape: Shape) -> Field {
        let origin = self.schemas.get(job.schema).origin.clone();
        let schema =
            self.schemas.push(Schema { origin, about: About::default(), rules: Vec::new() });
        let id = self.shapes.reserve(schema, Part::Whole);
        self.shapes.set(id, shape, Exactness::Exact);
        Field { name: name.to_owned(), schema, shape: id, required, constant: None }
    }

    fn map(&mut self, job: &Job, facets: &Facets) -> Shape {
        let never = facets.rests.iter().any(|&rest| self.is_never(rest));
        match (&facets.patterns[..], &facets.rests[..]) {
            ([], []) => Shape::Map(self.unspoken(job.schema)),
            ([], _) if never => Shape::Struct(Struct { fields: Vec::new(), rest: Rest::Closed }),
            ([], [rest]) => Shape::Map(self.whole(*rest)),
            ([pattern], _) if never => Shape::Map(self.whole(*pattern)),
            _ => Shape::Map(self.unspoken(job.schema)),
        }
    }

    /// What may stand beside what is named.
    pub(super) fn rest(&mut self, job: &Job, rests: &[SchemaId]) -> Rest {
        if rests.iter().any(|&rest| self.is_never(rest)) {
            return Rest::Closed;
        }
        match rests {
            [] => Rest::Open,
            [rest] => Rest::Typed(self.whole(*rest)),
            _ => Rest::Typed(self.unspoken(job.schema)),
        }
    }

    fn is_never(&self, schema: SchemaId) -> bool {
        collect(self.schemas, &[schema], &[]).types.is_empty()
    }
}
