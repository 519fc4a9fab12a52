//! `Payload::fits`: what a type cannot express but is cheap to see on a value in hand.
//!
//! Bounds of numbers, lengths and patterns of texts, lengths of lists. What costs more is left to the
//! check of the tree, and the shape is not exact.

mod bounds;
mod look;
mod value;

use std::collections::HashSet;

use contract::schema::shape::{Number, Rest, Struct};
use contract::schema::{Format, Rule, SchemaId, Shape, ShapeId};
use proc_macro2::TokenStream;
use quote::quote;

use self::bounds::lengths;
use self::look::Look;
use self::value::{Value, of_each, of_member, of_value};
use crate::Cx;
use crate::ident::ident;
use crate::types::{field_idents, unknown_branch, unknown_text, variant_idents};

pub(crate) use value::of_payload;

/// Named types whose `fits` looks at something: the least set that holds what is bounded, and what
/// holds such a type.
pub(crate) fn fitting(cx: &Cx<'_>) -> HashSet<ShapeId> {
    let mut fitting: HashSet<ShapeId> = HashSet::new();
    loop {
        let more: Vec<ShapeId> = cx
            .contract
            .shapes
            .iter()
            .map(|(id, _)| id)
            .filter(|id| !fitting.contains(id) && cx.contract.names.type_of(*id).is_some())
            .filter(|id| looks(cx, *id, &fitting))
            .collect();
        if more.is_empty() {
            return fitting;
        }
        fitting.extend(more);
    }
}

/// Whether a named type has something to look at.
fn looks(cx: &Cx<'_>, id: ShapeId, fitting: &HashSet<ShapeId>) -> bool {
    if !of_unknown(cx, id).is_empty() {
        return true;
    }
    match &cx.contract.shapes.get(id).shape {
        Shape::Enum(_) => false,
        // What is unknown is a variant, which the method sees beside the branches.
        Shape::Union(_) if cx.is_open(id) => true,
        Shape::List(_) | Shape::Map(_) => {
            !scalar_rules(cx, cx.contract.shapes.get(id).schema).is_empty()
                || cx.contract.shapes.parts(id).iter().any(|part| part_looks(cx, *part, fitting))
        }
        _ => cx.contract.shapes.parts(id).iter().any(|part| part_looks(cx, *part, fitting)),
    }
}

fn part_looks(cx: &Cx<'_>, part: ShapeId, fitting: &HashSet<ShapeId>) -> bool {
    let id = cx.contract.shapes.resolve(part);
    if cx.replacement(id).is_some() {
        return false;
    }
    if cx.contract.names.type_of(id).is_some() {
        return fitting.contains(&id);
    }
    match &cx.contract.shapes.get(id).shape {
        Shape::Nullable(inner) | Shape::Map(inner) => part_looks(cx, *inner, fitting),
        Shape::List(inner) => {
            part_looks(cx, *inner, fitting)
                || !scalar_rules(cx, cx.contract.shapes.get(id).schema).is_empty()
        }
        // A double may be no number at all.
        Shape::Number(Number::Double) => true,
        Shape::Integer(_) | Shape::Number(_) | Shape::Text(_) => {
            !scalar_rules(cx, cx.contract.shapes.get(id).schema).is_empty()
        }
        _ => false,
    }
}

/// The rules about scalars and lengths that hold for a schema, those of its references included.
fn scalar_rules<'c>(cx: &Cx<'c>, schema: SchemaId) -> Vec<&'c Rule> {
    let rules = cx.contract.schemas.together(schema);
    rules
        .into_iter()
        .filter(|rule| match rule {
            Rule::Format(format) => !matches!(
                format,
                Format::Float
                    | Format::Double
                    | Format::Binary
                    | Format::Decimal
                    | Format::Int32
                    | Format::Int64
            ),
            rule => matches!(
                rule,
                Rule::Minimum(_)
                    | Rule::ExclusiveMinimum(_)
                    | Rule::Maximum(_)
                    | Rule::ExclusiveMaximum(_)
                    | Rule::MultipleOf(_)
                    | Rule::MinLength(_)
                    | Rule::MaxLength(_)
                    | Rule::Pattern(_)
                    | Rule::MinItems(_)
                    | Rule::MaxItems(_)
            ),
        })
        .collect()
}

/// The method, if it says more than the trait's default.
pub(crate) fn method(cx: &Cx<'_>, id: ShapeId) -> TokenStream {
    if !cx.fitting.contains(&id) {
        return TokenStream::new();
    }
    let entry = cx.contract.shapes.get(id);
    let look = match &entry.shape {
        Shape::Enum(_) => Look::all(of_unknown(cx, id)),
        Shape::Struct(shape) => {
            let mut parts: Vec<Look> = shape
                .fields
                .iter()
                .zip(field_idents(cx, id, shape))
                .filter(|(field, _)| field.constant.is_none())
                .filter_map(|(field, ident)| {
                    of_member(cx, field.shape, field.required, quote!(self.#ident))
                })
                .collect();
            if let Rest::Typed(rest) = shape.rest
                && !has_kept_constants(cx, id, shape)
            {
                parts.extend(of_each(cx, rest, &quote!(self.extra.values())));
            }
            parts.extend(of_unknown(cx, id));
            Look::all(parts)
        }
        Shape::Tuple(shape) => {
            let parts = shape.items.iter().enumerate().filter_map(|(at, item)| {
                let index = syn::Index::from(at);
                of_member(cx, *item, at < shape.required, quote!(self.#index))
            });
            let mut parts: Vec<Look> = parts.collect();
            if let Rest::Typed(rest) = shape.rest {
                let index = syn::Index::from(shape.items.len());
                parts.extend(of_each(cx, rest, &quote!(self.#index.iter())));
            }
            parts.extend(of_unknown(cx, id));
            Look::all(parts)
        }
        Shape::Union(shape) => {
            let name = ident(cx.contract.names.type_of(id).unwrap_or_default());
            let idents = variant_idents(cx, &name, shape);
            let unknown = unknown_branch(&idents);
            let arms = shape.branches.iter().zip(idents).filter_map(|(branch, ident)| {
                let fits = of_value(cx, branch.shape, &Value::reference())?.condition();
                Some(quote!(Self::#ident(value) => #fits,))
            });
            let arms: Vec<TokenStream> = arms.collect();
            let unknown = cx.is_open(id).then(|| quote!(Self::#unknown(_)));
            if let ([], Some(unknown)) = (&arms[..], &unknown) {
                Some(Look::If(quote!(!matches!(self, #unknown))))
            } else {
                let unknown = unknown.map(|pattern| quote!(#pattern => false,));
                let others = (arms.len() < shape.branches.len()).then(|| quote!(_ => true,));
                Some(Look::If(quote!(match self { #(#arms)* #unknown #others })))
            }
        }
        Shape::List(item) => {
            let mut parts = lengths(cx, entry.schema, &quote!(self.0));
            parts.extend(of_each(cx, *item, &quote!(self.0.iter())));
            Look::all(parts)
        }
        Shape::Map(value) => of_each(cx, *value, &quote!(self.0.values())),
        _ => None,
    };
    let body = look.map_or_else(|| quote!(true), |look| look.condition());
    let allow = &cx.allow_deprecated;
    quote! {
        #allow
        fn fits(&self) -> bool {
            #body
        }
    }
}

/// Whether constants of a struct that differ are kept beside its other properties, as any JSON.
fn has_kept_constants(cx: &Cx<'_>, id: ShapeId, shape: &Struct) -> bool {
    cx.is_open(id) && shape.fields.iter().any(|field| field.constant.is_some())
}

/// What tells that a value of an open type holds nothing that the contract does not know.
fn of_unknown(cx: &Cx<'_>, id: ShapeId) -> Vec<Look> {
    if !cx.is_open(id) {
        return Vec::new();
    }
    match &cx.contract.shapes.get(id).shape {
        Shape::Enum(shape) => {
            let unknown = unknown_text(shape);
            vec![Look::If(quote!(!matches!(self, Self::#unknown(_))))]
        }
        Shape::Struct(shape)
            if shape.rest == Rest::Closed
                || matches!(shape.rest, Rest::Typed(_)) && has_kept_constants(cx, id, shape) =>
        {
            vec![Look::If(quote!(self.extra.is_empty()))]
        }
        Shape::Struct(shape) => {
            let constants = shape.fields.iter().filter(|field| field.constant.is_some());
            constants
                .map(|field| {
                    let name = &field.name;
                    Look::If(quote!(!self.extra.contains_key(#name)))
                })
                .collect()
        }
        Shape::Tuple(shape) if shape.rest == Rest::Closed => {
            let index = syn::Index::from(shape.items.len());
            vec![Look::If(quote!(self.#index.is_empty()))]
        }
        _ => Vec::new(),
    }
}
