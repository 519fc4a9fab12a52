//! Values that are counted up: `const` and `enum`.
//!
//! In: the values that a schema limits itself to. Out: an enum of texts, literals, or what is left of
//! them where the types beside them allow fewer.

use std::collections::HashSet;

use json::Json;

use super::{Job, Shaper};
use crate::schema::About;
use crate::schema::rule::{Type, Types};
use crate::schema::shape::{Enum, EnumVariant, Integer, Number, Shape};

impl Shaper<'_> {
    /// The shape of these values.
    pub(super) fn values(&mut self, job: &Job, types: Types, values: Vec<Json<'static>>) -> Shape {
        let values: Vec<_> =
            values.into_iter().filter(|value| types.has(Type::of(value))).collect();
        let has_null = values.contains(&Json::Null);
        if has_null && values.len() > 1 {
            return self.nullable(job);
        }
        if has_null {
            return Shape::Null;
        }
        if values.is_empty() {
            return Shape::Never;
        }
        let texts: Option<Vec<&str>> = values.iter().map(Json::as_str).collect();
        match texts {
            Some(texts) => Shape::Enum(enum_of(&self.schemas.get(job.schema).about, &texts)),
            None => {
                self.residual.insert(job.id);
                let base = match Types::of(&values).single() {
                    Some(Type::Integer) => Shape::Integer(Integer::Plain),
                    Some(Type::Number) => Shape::Number(Number::Double),
                    Some(Type::Boolean) => Shape::Boolean,
                    _ => Shape::Any,
                };
                Shape::Literals { values, base: Box::new(base) }
            }
        }
    }
}

fn enum_of(about: &About, texts: &[&str]) -> Enum {
    let extension = |names: &[&str], at: usize| {
        let value = names.iter().find_map(|name| about.extension(name))?;
        let text = match value {
            Json::Array(values) => values.get(at)?.as_str(),
            Json::Object(_) => value.get(texts[at])?.as_str(),
            _ => None,
        };
        text.map(str::to_owned)
    };
    let mut variants: Vec<EnumVariant> = Vec::new();
    let mut seen = HashSet::new();
    for (at, text) in texts.iter().enumerate() {
        if seen.insert(*text) {
            variants.push(EnumVariant {
                value: (*text).to_owned(),
                name: extension(&["x-enum-varnames", "x-enumNames"], at),
                description: extension(&["x-enum-descriptions", "x-enumDescriptions"], at),
            });
        }
    }
    Enum { variants }
}
