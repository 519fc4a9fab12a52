//! What a message looks like, where no constant tells it apart: a test of its JSON type and of its
//! required properties.
//!
//! This decides between messages only. It is no validation: what it lets through may still break the
//! contract.

use contract::model::MessageId;
use contract::schema::shape::Rest;
use contract::schema::{Shape, ShapeId, Type, Types};
use contract::wire::{Framing, Step};

use crate::Cx;
use crate::code::{any, at};
use crate::layout::{Doc, concat, indent, text};

/// Tests of which all hold for a message.
#[derive(Clone, Debug)]
pub(crate) struct Look {
    /// The tests, about the variable `frame`; none if the message may look like anything.
    pub(crate) tests: Vec<Doc>,
    /// How many properties they look at, at least.
    pub(crate) weight: usize,
}

/// What a message looks like; `of_kind`: its JSON type was looked at before.
pub(crate) fn like(cx: &Cx<'_>, id: MessageId, frame: &str, of_kind: bool) -> Look {
    let looking = Looking { cx, frame, of_kind };
    if matches!(cx.contract.wire.framing(id), Framing::Text) {
        return looking.kind(Type::String);
    }
    match cx.contract.shapes.of(cx.contract.message(id).payload) {
        Some(shape) => looking.shape(shape, MAX_DEPTH),
        None => Look { tests: Vec::new(), weight: 0 },
    }
}

/// Unions of unions are followed this far.
const MAX_DEPTH: usize = 3;

struct Looking<'l, 'c> {
    cx: &'l Cx<'c>,
    frame: &'l str,
    of_kind: bool,
}

impl Looking<'_, '_> {
    /// A frame of which no more is known than its JSON type.
    fn kind(&self, kind: Type) -> Look {
        let test = text(is_of(Types::only(kind), self.frame));
        Look { tests: if self.of_kind { Vec::new() } else { vec![test] }, weight: 0 }
    }

    fn shape(&self, id: ShapeId, depth: usize) -> Look {
        let shapes = &self.cx.contract.shapes;
        match &shapes.get(shapes.resolve(id)).shape {
            Shape::Struct(object) => {
                let required = object.fields.iter().filter(|field| field.required);
                let tests: Vec<Doc> = required
                    .map(|field| {
                        let part = at(self.frame, &[Step::Property(field.name.clone())]);
                        of_part(self.cx, field.shape, part)
                    })
                    .collect();
                match tests.len() {
                    0 => self.kind(Type::Object),
                    weight => Look { tests, weight },
                }
            }
            Shape::Tuple(tuple) => {
                let mut look = self.kind(Type::Array);
                for (place, item) in tuple.items.iter().take(tuple.required).enumerate() {
                    let part = at(self.frame, &[Step::Item(place)]);
                    look.tests.push(of_part(self.cx, *item, part));
                    look.weight += 1;
                }
                look
            }
            Shape::Union(union) if depth > 0 => {
                let looks = union.branches.iter().map(|branch| self.shape(branch.shape, depth - 1));
                either(looks.collect())
            }
            shape => match type_of(shape) {
                Some(kind) => self.kind(kind),
                None => Look { tests: Vec::new(), weight: 0 },
            },
        }
    }
}

/// Whether a message may have a value at a place.
pub(crate) fn may_have(cx: &Cx<'_>, id: MessageId, path: &[Step]) -> bool {
    match cx.contract.shapes.of(cx.contract.message(id).payload) {
        Some(shape) => may_hold(cx, shape, path, MAX_DEPTH),
        None => true,
    }
}

fn may_hold(cx: &Cx<'_>, shape: ShapeId, path: &[Step], depth: usize) -> bool {
    let Some((step, rest)) = path.split_first() else { return true };
    let inner = |part| may_hold(cx, part, rest, depth);
    match (&cx.contract.shapes.get(cx.contract.shapes.resolve(shape)).shape, step) {
        (Shape::Struct(object), Step::Property(name)) => {
            let field = object.fields.iter().find(|field| field.name == *name);
            match (field, &object.rest) {
                (Some(field), _) => inner(field.shape),
                (None, Rest::Typed(rest)) => inner(*rest),
                (None, Rest::Open | Rest::Closed) => false,
            }
        }
        (Shape::Tuple(tuple), Step::Item(place)) => match tuple.items.get(*place) {
            Some(item) => inner(*item),
            None => tuple.rest != Rest::Closed,
        },
        (Shape::Map(value), Step::Property(_)) | (Shape::List(value), Step::Item(_)) => {
            inner(*value)
        }
        (Shape::Union(union), _) => {
            depth == 0
                || union.branches.iter().any(|branch| may_hold(cx, branch.shape, path, depth - 1))
        }
        (Shape::Nullable(part), _) => may_hold(cx, *part, path, depth),
        (Shape::Any | Shape::Dynamic(_), _) => true,
        _ => false,
    }
}

/// What one of several looks like.
fn either(looks: Vec<Look>) -> Look {
    let weight = looks.iter().map(|look| look.weight).min().unwrap_or_default();
    if looks.iter().any(|look| look.tests.is_empty()) {
        return Look { tests: Vec::new(), weight: 0 };
    }
    let mut each: Vec<Doc> = Vec::new();
    for look in looks {
        let several = look.tests.len() > 1;
        let all = crate::code::all(look.tests);
        let test = if several { concat([text("("), indent([all]), text(")")]) } else { all };
        if !each.contains(&test) {
            each.push(test);
        }
    }
    Look { tests: vec![any(each)], weight }
}

/// A test of one part of a frame. A number may have a form of its own before the codec settles it, so
/// there it is only looked for.
fn of_part(cx: &Cx<'_>, shape: ShapeId, part: Doc) -> Doc {
    let shape = cx.contract.shapes.resolve(shape);
    let shape = &cx.contract.shapes.get(shape).shape;
    let is = |word: &str| concat([text("typeof "), part.clone(), text(format!(" === \"{word}\""))]);
    match shape {
        Shape::Text(_) | Shape::Enum(_) => is("string"),
        Shape::Boolean => is("boolean"),
        Shape::Integer(_) | Shape::Number(_) if cx.exact.is_empty() => is("number"),
        Shape::Struct(_) | Shape::Map(_) => is("object"),
        Shape::List(_) | Shape::Tuple(_) => concat([text("Array.isArray("), part, text(")")]),
        Shape::Null => concat([part, text(" === null")]),
        _ => concat([part, text(" !== undefined")]),
    }
}

/// The JSON type of a shape that says no more than that.
fn type_of(shape: &Shape) -> Option<Type> {
    Some(match shape {
        Shape::Null => Type::Null,
        Shape::Boolean => Type::Boolean,
        Shape::Text(_) | Shape::Enum(_) => Type::String,
        Shape::List(_) => Type::Array,
        Shape::Map(_) => Type::Object,
        _ => return None,
    })
}

/// Whether the variable `frame` is of one of several types.
pub(crate) fn is_of(types: Types, frame: &str) -> String {
    let each = types.iter().map(|each| match each {
        Type::Null => format!("{frame} === null"),
        Type::Boolean => format!("typeof {frame} === \"boolean\""),
        Type::Integer | Type::Number => format!("typeof {frame} === \"number\""),
        Type::String => format!("typeof {frame} === \"string\""),
        Type::Array => format!("Array.isArray({frame})"),
        Type::Object if types.has(Type::Array) && types.has(Type::Null) => {
            format!("typeof {frame} === \"object\"")
        }
        Type::Object => {
            format!("typeof {frame} === \"object\" && {frame} !== null && !Array.isArray({frame})")
        }
    });
    let each: Vec<String> = each.collect();
    match &each[..] {
        [only] => only.clone(),
        several => {
            let several = several
                .iter()
                .map(|test| if test.contains("&&") { format!("({test})") } else { test.clone() });
            several.collect::<Vec<String>>().join(" || ")
        }
    }
}
