//! The request of a topic, made of the topic's parameters.
//!
//! In: the slots in the request that the contract gives for each parameter. Out: an expression of the
//! request's type, or nothing where the request needs what no parameter says.

use contract::model::{MessageId, ParameterSource, Topic};
use contract::schema::shape::{Field, Struct};
use contract::schema::{Shape, ShapeId};
use contract::wire::Framing;
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::Cx;
use crate::answers::literal;
use crate::topics::{field_idents, parameter_type};
use crate::types::{
    default_of, field_idents as struct_idents, is_copy, is_string, keeps_others, type_of,
};

/// A parameter, and where it belongs in a value.
#[derive(Clone)]
struct Slot<'p> {
    path: &'p [String],
    field: Ident,
    ty: String,
}

/// What a message holds, made of the topic in `self`; `None` if it needs more than the topic says, and
/// `Some(None)` if it holds nothing.
pub(super) fn request(
    cx: &Cx<'_>,
    message: MessageId,
    topic: &Topic,
) -> Option<Option<TokenStream>> {
    let mut slots = Vec::new();
    for (parameter, field) in topic.parameters.iter().zip(field_idents(topic)) {
        let ParameterSource::Message(path) = &parameter.source else { return None };
        let ty = parameter_type(cx, parameter.schema).to_string();
        slots.push(Slot { path, field, ty });
    }
    build(cx, message, slots)
}

/// What a message holds that asks its user for nothing.
pub(super) fn empty(cx: &Cx<'_>, message: MessageId) -> Option<TokenStream> {
    build(cx, message, Vec::new())?
}

fn build(cx: &Cx<'_>, message: MessageId, mut slots: Vec<Slot<'_>>) -> Option<Option<TokenStream>> {
    match cx.contract.wire.framing(message) {
        Framing::Envelope(envelope) => {
            let Some((name, schema, required)) = envelope.payload() else {
                return slots.is_empty().then_some(None);
            };
            for slot in &mut slots {
                let (first, rest) = slot.path.split_first()?;
                if first != name {
                    return None;
                }
                slot.path = rest;
            }
            if !required && slots.is_empty() {
                return Some(Some(quote!(None)));
            }
            let value = value(cx, cx.contract.shapes.of(schema)?, &slots, None)?;
            Some(Some(if required { value } else { quote!(Some(#value)) }))
        }
        Framing::Whole => {
            let declared = cx.contract.message(message);
            let id = declared.correlation.as_deref();
            let id = id.and_then(|path| if let [only] = path { Some(only.as_str()) } else { None });
            value(cx, cx.contract.shapes.of(declared.payload)?, &slots, id).map(Some)
        }
        Framing::Text => None,
    }
}

/// A value of a shape with the parameters at their slots. `id` is a property that the runtime fills in.
fn value(cx: &Cx<'_>, shape: ShapeId, slots: &[Slot<'_>], id: Option<&str>) -> Option<TokenStream> {
    let shapes = &cx.contract.shapes;
    let target = shapes.resolve(shape);
    if cx.replacement(target).is_some() {
        return None;
    }
    match &shapes.get(target).shape {
        Shape::Nullable(inner) => {
            let inner = value(cx, *inner, slots, id)?;
            Some(quote!(Some(#inner)))
        }
        Shape::List(item) => {
            let inner: Option<Vec<Slot<'_>>> = slots
                .iter()
                .map(|slot| match slot.path {
                    [] => Some(slot.clone()),
                    [first, rest @ ..] if first == "0" => Some(Slot { path: rest, ..slot.clone() }),
                    _ => None,
                })
                .collect();
            let item = value(cx, *item, &inner.filter(|inner| !inner.is_empty())?, None)?;
            Some(quote!(vec![#item]))
        }
        Shape::Struct(object) => members(cx, target, object, slots, id),
        shape => {
            let [Slot { path: [], field, ty }] = slots else { return None };
            scalar(cx, target, shape, field, ty)
        }
    }
}

fn scalar(cx: &Cx<'_>, id: ShapeId, shape: &Shape, field: &Ident, ty: &str) -> Option<TokenStream> {
    match shape {
        Shape::Enum(_) | Shape::Boolean | Shape::Integer(_) => {
            // The same type in a request that is only sent may be closed where the topic's is open.
            (type_of(cx, id).to_string() == *ty).then(|| {
                if is_copy(cx, id) { quote!(self.#field) } else { quote!(self.#field.clone()) }
            })
        }
        _ => (is_string(cx, shape) && ty == "String").then(|| quote!(self.#field.clone())),
    }
}

fn members(
    cx: &Cx<'_>,
    shape: ShapeId,
    object: &Struct,
    slots: &[Slot<'_>],
    id: Option<&str>,
) -> Option<TokenStream> {
    let known = |name: &String| object.fields.iter().any(|field| field.name == *name);
    if !slots.iter().all(|slot| slot.path.first().is_some_and(known)) {
        return None;
    }
    let ty = type_of(cx, shape);
    let idents = struct_idents(cx, shape, object);
    let mut given = Vec::new();
    for (field, ident) in object.fields.iter().zip(&idents) {
        if field.constant.is_some() {
            continue;
        }
        let here: Vec<Slot<'_>> = slots
            .iter()
            .filter(|slot| slot.path.first() == Some(&field.name))
            .map(|slot| Slot { path: &slot.path[1..], ..slot.clone() })
            .collect();
        if cx.boxed.contains(&(shape, cx.contract.shapes.resolve(field.shape))) && field.required {
            return None;
        }
        let value = match (here.is_empty(), field.required) {
            (true, false) => quote!(None),
            (true, true) if id == Some(&field.name) => quote!(Default::default()),
            (true, true) => filled(cx, field)?,
            (false, true) => value(cx, field.shape, &here, None)?,
            (false, false) => {
                let value = value(cx, field.shape, &here, None)?;
                quote!(Some(#value))
            }
        };
        given.push(quote!(#ident: #value));
    }
    let rest = keeps_others(cx, shape, object).then(|| quote!(extra: Default::default()));
    Some(quote!(#ty { #(#given,)* #rest }))
}

/// What a required field has that no parameter speaks of: its default, or an object of such fields.
fn filled(cx: &Cx<'_>, field: &Field) -> Option<TokenStream> {
    let shape = cx.contract.shapes.resolve(field.shape);
    if let Some(default) = default_of(cx, field) {
        return literal(cx, shape, &cx.contract.shapes.get(shape).shape, default);
    }
    match &cx.contract.shapes.get(shape).shape {
        Shape::Struct(_) => value(cx, shape, &[], None),
        Shape::Map(_) => Some(quote!(Default::default())),
        _ => None,
    }
}
