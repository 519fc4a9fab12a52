//! How large types are, roughly: to know where an enum has one variant much larger than the others.
//!
//! Such a variant is not boxed: a message lives for as long as its handler runs, and a box would cost an
//! allocation for each. clippy is told so on the enum, and on no other.

use std::collections::HashSet;

use contract::schema::shape::Integer;
use contract::schema::{Shape, ShapeId};
use proc_macro2::TokenStream;
use quote::quote;

use crate::Cx;
use crate::types::{keeps_others, tuple_rest};

/// What clippy has to be told about an enum with variants of these sizes, in bytes. clippy minds more
/// than 200 bytes between the largest and the next; the sizes here are rough.
pub(crate) fn allow(sizes: impl IntoIterator<Item = usize>) -> Option<TokenStream> {
    let mut sizes: Vec<usize> = sizes.into_iter().collect();
    sizes.sort_unstable();
    match sizes[..] {
        [.., next, largest] if largest - next > 120 => {
            Some(quote!(#[allow(clippy::large_enum_variant)]))
        }
        _ => None,
    }
}

/// The size of a shape's values, in bytes.
pub(crate) fn size(cx: &Cx<'_>, shape: ShapeId) -> usize {
    size_within(cx, shape, &mut HashSet::new())
}

fn size_within(cx: &Cx<'_>, shape: ShapeId, holders: &mut HashSet<ShapeId>) -> usize {
    let id = cx.contract.shapes.resolve(shape);
    if cx.replacement(id).is_some() || !holders.insert(id) {
        return 8;
    }
    let part = |part: ShapeId, holders: &mut HashSet<ShapeId>| {
        let boxed = cx.boxed.contains(&(id, cx.contract.shapes.resolve(part)));
        if boxed { 8 } else { size_within(cx, part, holders) }
    };
    let size = match &cx.contract.shapes.get(id).shape {
        Shape::Null | Shape::Never => 0,
        Shape::Boolean => 1,
        Shape::Integer(Integer::I32) => 4,
        Shape::Integer(_) | Shape::Number(_) => 8,
        Shape::Enum(_) if cx.is_open(id) => 24,
        Shape::Enum(_) => 1,
        Shape::Text(_) | Shape::List(_) | Shape::Map(_) => 24,
        Shape::Nullable(inner) => optional(part(*inner, holders)),
        Shape::Alias(target) => part(*target, holders),
        Shape::Struct(shape) => {
            let fields = shape.fields.iter().filter(|field| field.constant.is_none());
            let fields: usize = fields
                .map(|field| {
                    let size = part(field.shape, holders);
                    if field.required { size } else { optional(size) }
                })
                .sum();
            fields + if keeps_others(cx, id, shape) { 24 } else { 0 }
        }
        Shape::Tuple(shape) => {
            let items: usize = shape.items.iter().map(|item| optional(part(*item, holders))).sum();
            items + if tuple_rest(cx, id, shape) { 24 } else { 0 }
        }
        Shape::Union(shape) => {
            let branches = shape.branches.iter().map(|branch| part(branch.shape, holders));
            branches.max().unwrap_or_default() + 8
        }
        Shape::Any | Shape::Dynamic(_) | Shape::Literals { .. } => 32,
    };
    holders.remove(&id);
    size
}

/// Numbers need a word more to be missing; texts and lists do not.
fn optional(size: usize) -> usize {
    if size <= 8 { size * 2 } else { size }
}
