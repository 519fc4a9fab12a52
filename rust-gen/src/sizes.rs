//! How large types are, roughly: to know where an enum has one variant much larger than the others.
//!
//! Such a variant is not boxed: a message lives for as long as its handler runs, and a box would cost an
//! allocation for each. clippy is told so on the enum, and on no other.

use std::collections::HashMap;

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
    size_within(cx, shape, &mut HashMap::new())
}

/// `known` has the sizes of the shapes that were met: each is looked at once, however many hold it. One that
/// is still being looked at holds itself, through a box.
fn size_within(cx: &Cx<'_>, shape: ShapeId, known: &mut HashMap<ShapeId, usize>) -> usize {
    let id = cx.contract.shapes.resolve(shape);
    if cx.replacement(id).is_some() {
        return 8;
    }
    if let Some(&size) = known.get(&id) {
        return size;
    }
    known.insert(id, 8);
    let part = |part: ShapeId, known: &mut HashMap<ShapeId, usize>| {
        let boxed = cx.boxed.contains(&(id, cx.contract.shapes.resolve(part)));
        if boxed { 8 } else { size_within(cx, part, known) }
    };
    let size = match &cx.contract.shapes.get(id).shape {
        Shape::Null | Shape::Never => 0,
        Shape::Boolean => 1,
        Shape::Integer(Integer::I32) => 4,
        Shape::Integer(_) | Shape::Number(_) => 8,
        Shape::Enum(_) if cx.is_open(id) => 24,
        Shape::Enum(_) => 1,
        Shape::Text(_) | Shape::List(_) | Shape::Map(_) => 24,
        Shape::Nullable(inner) => optional(part(*inner, known)),
        Shape::Alias(target) => part(*target, known),
        Shape::Struct(shape) => {
            let fields = shape.fields.iter().filter(|field| field.constant.is_none());
            let fields: usize = fields
                .map(|field| {
                    let size = part(field.shape, known);
                    if field.required { size } else { optional(size) }
                })
                .fold(0, usize::saturating_add);
            fields.saturating_add(if keeps_others(cx, id, shape) { 24 } else { 0 })
        }
        Shape::Tuple(shape) => {
            let items = shape.items.iter().map(|item| optional(part(*item, known)));
            let items = items.fold(0, usize::saturating_add);
            items.saturating_add(if tuple_rest(cx, id, shape) { 24 } else { 0 })
        }
        Shape::Union(shape) => {
            let branches = shape.branches.iter().map(|branch| part(branch.shape, known));
            branches.max().unwrap_or_default().saturating_add(8)
        }
        Shape::Any | Shape::Dynamic(_) | Shape::Literals { .. } => 32,
    };
    known.insert(id, size);
    size
}

/// Numbers need a word more to be missing; texts and lists do not.
fn optional(size: usize) -> usize {
    if size <= 8 { size * 2 } else { size }
}
