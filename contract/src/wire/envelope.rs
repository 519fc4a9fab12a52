//! Whether a frame is an envelope around a payload.

use json::Json;

use super::Parts;
use crate::model::Message;
use crate::schema::facets::collect;
use crate::schema::{SchemaId, Schemas, Shape, Shapes, Type};

/// A frame that is an object around the payload: constants, correlation id, topic, payload.
#[derive(Clone, Debug, PartialEq)]
pub struct Envelope {
    /// The properties in the order of the document; the payload is among them if there is one.
    pub properties: Vec<EnvelopeProperty>,
    /// Whether other properties are refused.
    pub closed: bool,
}

/// A property of an [`Envelope`].
#[derive(Clone, Debug, PartialEq)]
pub enum EnvelopeProperty {
    /// Always the same text.
    Constant {
        /// The property.
        name: String,
        /// Its text.
        value: String,
    },
    /// What the message is about.
    Payload {
        /// The property.
        name: String,
        /// Its schema.
        schema: SchemaId,
        /// Whether it must be there.
        required: bool,
    },
    /// Ties a reply to its request.
    Correlation {
        /// The property.
        name: String,
        /// Its schema.
        schema: SchemaId,
        /// Whether it must be there.
        required: bool,
    },
    /// The topic that a push belongs to.
    Topic {
        /// The property.
        name: String,
        /// Whether it must be there.
        required: bool,
    },
}

impl EnvelopeProperty {
    /// The property.
    pub fn name(&self) -> &str {
        match self {
            Self::Constant { name, .. }
            | Self::Payload { name, .. }
            | Self::Correlation { name, .. }
            | Self::Topic { name, .. } => name,
        }
    }
}

impl Envelope {
    /// The payload's property, its schema, and whether it must be there.
    pub fn payload(&self) -> Option<(&str, SchemaId, bool)> {
        self.properties.iter().find_map(|property| match property {
            EnvelopeProperty::Payload { name, schema, required } => {
                Some((name.as_str(), *schema, *required))
            }
            _ => None,
        })
    }

    /// The correlation id's property, its schema, and whether it must be there.
    pub fn correlation(&self) -> Option<(&str, SchemaId, bool)> {
        self.properties.iter().find_map(|property| match property {
            EnvelopeProperty::Correlation { name, schema, required } => {
                Some((name.as_str(), *schema, *required))
            }
            _ => None,
        })
    }

    /// The topic's property, and whether it must be there.
    pub fn topic(&self) -> Option<(&str, bool)> {
        self.properties.iter().find_map(|property| match property {
            EnvelopeProperty::Topic { name, required } => Some((name.as_str(), *required)),
            _ => None,
        })
    }
}

/// The envelope of a message, if its frame is one. `carried` are the places where topics are said.
pub(super) fn envelope(
    parts: &Parts<'_>,
    message: &Message,
    carried: &[&[String]],
) -> Option<Envelope> {
    let facets = collect(parts.schemas, &[message.payload], &[]);
    let plain = facets.types.single() == Some(Type::Object)
        && !facets.residual
        && facets.unions.is_empty()
        && facets.values.is_none()
        && facets.patterns.is_empty()
        && facets.conditional.is_empty()
        && facets.sources == 1;
    let closed = match &facets.rests[..] {
        [] => false,
        [rest] if collect(parts.schemas, &[*rest], &[]).types.is_empty() => true,
        _ => return None,
    };
    let known = |name: &String| facets.properties.iter().any(|property| property.0 == *name);
    if !plain || !facets.required.iter().all(known) {
        return None;
    }
    let is_at = |path: &[String], name: &String| path == std::slice::from_ref(name);
    let mut properties = Vec::new();
    for (name, schemas) in &facets.properties {
        let &[schema] = &schemas[..] else { return None };
        let required = facets.required.contains(name);
        let name = name.clone();
        properties.push(if let Some(value) = constant(parts.schemas, schema, required) {
            EnvelopeProperty::Constant { name, value }
        } else if message.correlation.as_ref().is_some_and(|path| is_at(path, &name)) {
            EnvelopeProperty::Correlation { name, schema, required }
        } else if carried.iter().any(|path| is_at(path, &name)) {
            EnvelopeProperty::Topic { name, required }
        } else if is_composite(parts.shapes, schema) {
            EnvelopeProperty::Payload { name, schema, required }
        } else {
            return None;
        });
    }
    let count = |wanted: fn(&EnvelopeProperty) -> bool| {
        properties.iter().filter(|property| wanted(property)).count()
    };
    let constants = count(|property| matches!(property, EnvelopeProperty::Constant { .. }));
    let payloads = count(|property| matches!(property, EnvelopeProperty::Payload { .. }));
    (constants > 0 && payloads <= 1).then_some(Envelope { properties, closed })
}

fn constant(schemas: &Schemas, schema: SchemaId, required: bool) -> Option<String> {
    let values = collect(schemas, &[schema], &[]).values?;
    match &values[..] {
        [Json::String(text)] if required => Some(text.clone().into_owned()),
        _ => None,
    }
}

/// A payload is something with an inside; a frame with one scalar beside its constant is a struct of
/// its own, or the second scalar would change the type.
fn is_composite(shapes: &Shapes, schema: SchemaId) -> bool {
    let Some(id) = shapes.of(schema) else { return false };
    match shapes.get(shapes.resolve(id)).shape {
        Shape::Struct(_)
        | Shape::Map(_)
        | Shape::List(_)
        | Shape::Tuple(_)
        | Shape::Union(_)
        | Shape::Any
        | Shape::Dynamic(_) => true,
        Shape::Nullable(inner) => !matches!(
            shapes.get(shapes.resolve(inner)).shape,
            Shape::Boolean
                | Shape::Integer(_)
                | Shape::Number(_)
                | Shape::Text(_)
                | Shape::Enum(_)
                | Shape::Literals { .. }
        ),
        _ => false,
    }
}
