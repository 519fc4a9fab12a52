//! Shapes → interfaces and aliases, one for each name that the contract gives.

mod expression;
mod interface;

use std::collections::HashSet;

use contract::schema::{Shape, ShapeId};

pub(crate) use expression::{Place, Type, texts, type_of};
pub(crate) use interface::default_value;

use crate::Cx;
use crate::description::{self, Comment, code};
use crate::layout::{Doc, concat, text};
use crate::writer::{TsFile, export};

/// Writes the type of every named shape, in the order of the document, nested ones behind their holders.
pub(crate) fn types(cx: &Cx<'_>, file: &mut TsFile) {
    let shapes = &cx.contract.shapes;
    let mut done = HashSet::new();
    let named: Vec<ShapeId> =
        shapes.iter().map(|(id, _)| id).filter(|id| cx.type_name(*id).is_some()).collect();
    for id in named {
        let mut pending = vec![id];
        while let Some(id) = pending.pop() {
            if !done.insert(id) {
                continue;
            }
            if let Some(name) = cx.type_name(id) {
                file.item(item(cx, name, id));
            }
            pending.extend(nested(cx, id).into_iter().rev().filter(|part| !done.contains(part)));
        }
    }
}

/// The parts of a shape that are written inside its schema, not referred to.
fn nested(cx: &Cx<'_>, id: ShapeId) -> Vec<ShapeId> {
    let pointer = |id| {
        let schema = cx.contract.shapes.get(id).schema;
        &cx.contract.schemas.get(schema).origin.pointer
    };
    let own = pointer(id);
    let parts = cx.contract.shapes.parts(id).into_iter();
    parts
        .filter(|part| {
            let rest = pointer(*part).strip_prefix(own.as_str());
            *part != id && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
        .collect()
}

fn item(cx: &Cx<'_>, name: &str, id: ShapeId) -> Doc {
    let place = Place::defining(cx.is_open(id));
    let item = match &cx.contract.shapes.get(id).shape {
        Shape::Struct(shape) => interface::interface(cx, name, id, shape),
        _ => {
            let definition = expression::unnamed(cx, id, place).definition();
            concat([text(format!("type {name}")), definition])
        }
    };
    comment(cx, id).above(0, export(item))
}

/// The comment of a type: the schema's words, and where it stands.
fn comment(cx: &Cx<'_>, id: ShapeId) -> Comment {
    let entry = cx.contract.shapes.get(id);
    let schema = cx.contract.schemas.get(entry.schema);
    let about = &schema.about;
    let mut comment = Comment::of(about.description.as_deref().or(about.title.as_deref()));
    if let Shape::Enum(shape) = &entry.shape {
        let described = shape.variants.iter().filter_map(|variant| {
            let words = variant.description.clone()?;
            Some((code(&crate::ident::string(&variant.value)), words))
        });
        let list = description::bullets(described);
        if !list.is_empty() {
            comment = comment.sentence(list);
        }
    }
    if let Shape::Dynamic(reason) = &entry.shape {
        comment = comment.sentence(format!("Any JSON value: {}.", reason.reason()));
    }
    comment
        .sentence(format!("Contract: {}.", code(&schema.origin.pointer)))
        .deprecated(about.deprecated)
}
