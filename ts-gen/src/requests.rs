//! The request of a topic, made of the topic's parameters.
//!
//! In: the places in the request that the contract gives for each parameter. Out: an object literal that
//! fits the request's type, or nothing where the request needs what no parameter says.

use contract::model::{MessageId, ParameterSource};
use contract::schema::shape::{Field, Struct};
use contract::schema::{Shape, ShapeId};
use contract::wire::Framing;

use crate::layout::{Doc, braced, concat, text};
use crate::messages::correlation;
use crate::parameters::{Parameter, scalar};
use crate::writer::entry;
use crate::{Cx, ident};

/// A request as an expression.
pub(crate) struct Built {
    /// The expression.
    pub(crate) value: Value,
    /// The names of the parameters in it.
    pub(crate) used: Vec<String>,
}

/// An expression of one of two kinds.
pub(crate) enum Value {
    /// An object literal, or a choice between two.
    Object(Doc),
    /// A parameter.
    Scalar(Doc),
}

/// Makes the request of a message.
pub(crate) fn build(
    cx: &Cx<'_>,
    message: MessageId,
    parameters: &[Parameter<'_>],
) -> Option<Built> {
    let mut places: Vec<Place<'_, '_>> = Vec::new();
    for parameter in parameters {
        let ParameterSource::Message(path) = &parameter.declared.source else { return None };
        places.push(Place { path, parameter });
    }
    let used = parameters.iter().map(|parameter| parameter.name.clone()).collect();
    let (shape, omitted) = match cx.contract.wire.framing(message) {
        Framing::Envelope(envelope) => {
            let Some((name, schema, _)) = envelope.payload() else {
                return places.is_empty().then(nothing);
            };
            for place in &mut places {
                let (first, rest) = place.path.split_first()?;
                if first != name {
                    return None;
                }
                place.path = rest;
            }
            (cx.contract.shapes.of(schema)?, Vec::new())
        }
        Framing::Whole => {
            let shape = cx.contract.shapes.of(cx.contract.message(message).payload)?;
            (shape, written_anyway(cx, message))
        }
        Framing::Text => return places.is_empty().then(nothing),
    };
    Some(Built { value: value(cx, shape, &places, &omitted)?, used })
}

fn nothing() -> Built {
    Built { value: Value::Scalar(text("undefined")), used: Vec::new() }
}

/// Fields of a frame that its operation writes by itself: constants, the id.
fn written_anyway(cx: &Cx<'_>, message: MessageId) -> Vec<String> {
    let mut names: Vec<String> =
        crate::messages::marks(cx, message).into_iter().map(|mark| mark.0).collect();
    let id = correlation(cx, message).and_then(|id| id.path.into_iter().next());
    names.extend(id);
    names
}

/// Where a parameter belongs in a value.
#[derive(Clone, Copy)]
struct Place<'p, 'c> {
    path: &'p [String],
    parameter: &'p Parameter<'c>,
}

fn value(
    cx: &Cx<'_>,
    shape: ShapeId,
    places: &[Place<'_, '_>],
    omitted: &[String],
) -> Option<Value> {
    let shapes = &cx.contract.shapes;
    let id = shapes.without_null(shape);
    if let [Place { path: [], parameter }] = places {
        let same = scalar(cx, id)? == parameter.kind;
        let is_list = matches!(shapes.get(id).shape, Shape::List(_));
        let variable = &parameter.variable;
        let name = if is_list { format!("[{variable}]") } else { variable.clone() };
        return same.then(|| Value::Scalar(text(name)));
    }
    match &shapes.get(id).shape {
        Shape::Struct(object) => Some(Value::Object(members(cx, object, places, omitted)?)),
        Shape::List(item) => {
            let inner: Option<Vec<Place<'_, '_>>> = places
                .iter()
                .map(|place| match place.path {
                    [first, rest @ ..] if first == "0" => Some(Place { path: rest, ..*place }),
                    _ => None,
                })
                .collect();
            let item = value(cx, *item, &inner?, &[])?.doc();
            Some(Value::Scalar(concat([text("["), item, text("]")])))
        }
        _ => None,
    }
}

fn members(
    cx: &Cx<'_>,
    object: &Struct,
    places: &[Place<'_, '_>],
    omitted: &[String],
) -> Option<Doc> {
    let known = |name: &String| object.fields.iter().any(|field| field.name == *name);
    if !places.iter().all(|place| place.path.first().is_some_and(known)) {
        return None;
    }
    let mut members: Vec<(Doc, Option<&str>)> = Vec::new();
    for field in &object.fields {
        let here = places.iter().filter(|place| place.path.first() == Some(&field.name));
        let here: Vec<Place<'_, '_>> =
            here.map(|place| Place { path: &place.path[1..], ..*place }).collect();
        if here.is_empty() {
            if field.required && !omitted.contains(&field.name) {
                members.push((entry(&field.name, filled(cx, field)?), None));
            } else if !field.required && ident::is_inherited(&field.name) {
                return None;
            }
            continue;
        }
        members.push(member(cx, field, &here)?);
    }
    match &members[..] {
        [(member, Some(name))] => {
            Some(crate::topics::unless_absent(name, braced(vec![member.clone()])))
        }
        _ => {
            let members = members.into_iter().map(|(member, absent)| match absent {
                None => member,
                Some(name) => {
                    let choice = crate::topics::unless_absent(name, braced(vec![member]));
                    concat([text("...("), choice, text(")")])
                }
            });
            Some(braced(members.collect()))
        }
    }
}

/// `name: value`, and the parameter without which it is left out.
fn member<'p>(
    cx: &Cx<'_>,
    field: &Field,
    here: &[Place<'p, '_>],
) -> Option<(Doc, Option<&'p str>)> {
    let inner = value(cx, field.shape, here, &[])?;
    let [Place { path: [], parameter }] = here else {
        return Some((entry(&field.name, inner.doc()), None));
    };
    let Some(default) = parameter.default else {
        return Some((named(&field.name, inner.doc()), None));
    };
    if field.required {
        let default = concat([inner.doc(), text(" ?? "), ident::literal(default)]);
        return Some((entry(&field.name, default), None));
    }
    Some((named(&field.name, inner.doc()), Some(&parameter.variable)))
}

/// `name: value`, or `name` where both are the same.
fn named(name: &str, value: Doc) -> Doc {
    if value == text(name) { value } else { entry(name, value) }
}

/// What a required field has that no parameter speaks of: its constant, its default, or an object of
/// such fields.
fn filled(cx: &Cx<'_>, field: &Field) -> Option<Doc> {
    if let Some(constant) = &field.constant {
        return Some(ident::literal(constant));
    }
    if let Some(default) = cx.default_of(field.schema) {
        return Some(ident::literal(default));
    }
    let shape = cx.contract.shapes.resolve(field.shape);
    match &cx.contract.shapes.get(shape).shape {
        Shape::Struct(object) if !object.fields.iter().any(|field| field.required) => {
            Some(text("{}"))
        }
        Shape::Map(_) => Some(text("{}")),
        _ => None,
    }
}

impl Value {
    fn doc(self) -> Doc {
        match self {
            Self::Object(doc) | Self::Scalar(doc) => doc,
        }
    }

    /// The expression behind `=>`.
    pub(crate) fn returned(self) -> Doc {
        match self {
            Self::Object(doc) => concat([text("("), doc, text(")")]),
            Self::Scalar(doc) => doc,
        }
    }
}
