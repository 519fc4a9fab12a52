//! Objects with known properties.

use contract::schema::shape::{Field, Rest, Struct};
use contract::schema::{Shape, ShapeId};
use json::Json;

use super::expression::{Place, Type, literals, texts, type_of};
use crate::Cx;
use crate::description::{Comment, code};
use crate::ident;
use crate::layout::{Doc, block, concat, text};

/// More types than this side by side in an index signature tell a reader nothing.
const MAX_REST_TYPES: usize = 4;

/// The interface; an object without any property is a record of nothing.
pub(super) fn interface(cx: &Cx<'_>, name: &str, id: ShapeId, shape: &Struct) -> Doc {
    if shape.fields.is_empty() && !matches!(shape.rest, Rest::Typed(_)) {
        return text(format!("type {name} = Record<string, never>;"));
    }
    let place = Place::within(cx.is_open(id));
    let mut members: Vec<Doc> = Vec::new();
    let mut rest = match shape.rest {
        Rest::Typed(rest) => Some(type_of(cx, rest, place)),
        Rest::Open | Rest::Closed => None,
    };
    for (at, field) in shape.fields.iter().enumerate() {
        let ty = field_type(cx, id, at, field);
        // An index signature speaks of the known properties, too.
        rest = rest.map(|rest| {
            if rest.width() > MAX_REST_TYPES {
                return rest;
            }
            let rest = rest.or(ty.clone());
            if field.required { rest } else { rest.or(Type::named("undefined")) }
        });
        let mark = if field.required { ":" } else { "?:" };
        let member =
            concat([text(format!("{}{mark} ", ident::property(&field.name))), ty.doc(), text(";")]);
        members.push(field_comment(cx, field).above(1, member));
    }
    if let Some(rest) = rest {
        let rest = if rest.width() > MAX_REST_TYPES { Type::named("unknown") } else { rest };
        members.push(concat([text("[key: string]: "), rest.doc(), text(";")]));
    }
    concat([text(format!("interface {name} ")), block(members)])
}

/// The type of a field: its constant, the texts that lead to its struct, or that of its shape.
pub(crate) fn field_type(cx: &Cx<'_>, holder: ShapeId, at: usize, field: &Field) -> Type {
    if let Some(constant) = &field.constant {
        return literals(std::slice::from_ref(constant));
    }
    if let Some(tags) = cx.tags.get(&(holder, at)) {
        let id = cx.contract.shapes.resolve(field.shape);
        let all = match &cx.contract.shapes.get(id).shape {
            Shape::Enum(shape) => shape.variants.iter().all(|each| tags.contains(&each.value)),
            _ => false,
        };
        return if all {
            type_of(cx, field.shape, Place::within(false))
        } else {
            texts(tags.iter().map(String::as_str))
        };
    }
    type_of(cx, field.shape, Place::within(cx.is_open(holder)))
}

fn field_comment(cx: &Cx<'_>, field: &Field) -> Comment {
    let about = &cx.contract.schemas.get(field.schema).about;
    let mut comment = Comment::of(about.description.as_deref().or(about.title.as_deref()));
    let target = cx.contract.shapes.resolve(field.shape);
    if let Shape::Dynamic(reason) = &cx.contract.shapes.get(target).shape {
        comment = comment.sentence(format!("Any JSON value: {}.", reason.reason()));
    }
    if about.read_only {
        comment = comment.sentence("Read only: the server sets it.");
    }
    if about.write_only {
        comment = comment.sentence("Write only: the server does not tell it again.");
    }
    if let Some(default) = cx.default_of(field.schema) {
        comment = comment.tag("defaultValue", &default_value(default));
    }
    comment.deprecated(about.deprecated)
}

/// A default as code; texts in quotes.
pub(crate) fn default_value(default: &Json<'static>) -> String {
    match default {
        Json::String(text) => code(&ident::string(text)),
        other => code(&other.to_string()),
    }
}
