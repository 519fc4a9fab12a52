//! Schemas that allow some types and no others.
//!
//! In: types. Out: the shape of one, with its format; several, as a union told apart by the type; null
//! beside others, as something nullable.

use json::Number as JsonNumber;

use super::{Job, Shaper};
use crate::schema::facets::Facets;
use crate::schema::format::Format;
use crate::schema::rule::{Type, Types};
use crate::schema::shape::{Branch, By, Integer, Number, Part, Shape, Text, Union};

impl Shaper<'_> {
    /// The shape of a schema that allows these types.
    pub(super) fn typed(&mut self, job: &Job, facets: &Facets, types: Types) -> Shape {
        if let Some(single) = types.single() {
            return self.of_type(job, facets, single);
        }
        if types.has(Type::Null) {
            return self.nullable(job);
        }
        if types == Types::ALL.without(Types::only(Type::Null)) {
            return Shape::Any;
        }
        let each: Vec<Type> = types.iter().collect();
        let branches = each
            .iter()
            .map(|&one| Branch {
                schema: job.schema,
                shape: self.part(job, Part::Type(one), |part| part.types = Types::only(one)),
            })
            .collect();
        let by = By::Type(each.into_iter().map(Types::only).collect());
        Shape::Union(Union { branches, by, exclusive: false })
    }

    /// What is there where it is not null.
    pub(super) fn nullable(&mut self, job: &Job) -> Shape {
        let types = job.types.without(Types::only(Type::Null));
        Shape::Nullable(self.part(job, Part::NotNull, |part| part.types = types))
    }

    /// The shape of values of one type.
    pub(super) fn of_type(&mut self, job: &Job, facets: &Facets, single: Type) -> Shape {
        let format = |wanted: &[Format]| {
            facets.formats.iter().copied().find(|format| wanted.contains(format))
        };
        match single {
            Type::Null => Shape::Null,
            Type::Boolean => Shape::Boolean,
            Type::Integer => Shape::Integer(match format(&[Format::Int32, Format::Int64]) {
                Some(Format::Int32) => Integer::I32,
                Some(_) => Integer::I64,
                None if needs_unsigned(facets) => Integer::U64,
                None => Integer::Plain,
            }),
            Type::Number => match format(&[Format::Int32, Format::Int64, Format::Decimal]) {
                Some(Format::Int32) => Shape::Integer(Integer::I32),
                Some(Format::Int64) => Shape::Integer(Integer::I64),
                Some(_) => Shape::Number(Number::Decimal),
                None => Shape::Number(Number::Double),
            },
            Type::String => {
                let text = facets
                    .formats
                    .iter()
                    .copied()
                    .find(|&format| !format.is_numeric() || format == Format::Decimal);
                Shape::Text(text.map_or(Text::Plain, Text::Format))
            }
            Type::Array => self.array(job, facets),
            Type::Object => self.object(job, facets),
        }
    }
}

fn needs_unsigned(facets: &Facets) -> bool {
    let largest = JsonNumber::from(i64::MAX);
    facets.minimum.as_ref().is_some_and(|minimum| *minimum >= JsonNumber::from(0))
        && facets.maximum.as_ref().is_some_and(|maximum| *maximum > largest)
}
