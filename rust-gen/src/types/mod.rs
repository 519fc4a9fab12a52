//! Shapes → items and type expressions.

mod enums;
mod expression;
mod skeleton;
mod structs;
mod tuples;
mod unions;

use contract::schema::shape::Part;
use contract::schema::{Shape, ShapeId};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::Cx;
use crate::{checks, description, fits};

pub(crate) use enums::variant_idents as enum_idents;
pub(crate) use expression::{field_type, type_of};
pub(crate) use structs::field_idents;
pub(crate) use unions::variant_idents;

/// How many shapes were emitted by whom.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Emitters {
    /// Items made by typify from a normal-form schema.
    pub typify: usize,
    /// Items made here.
    pub ours: usize,
    /// Shapes that are any JSON value because no type can be made for the schema.
    pub dynamic: usize,
}

/// The item of every named shape, in the order of their names.
pub(crate) fn types(cx: &Cx<'_>, emitters: &mut Emitters) -> TokenStream {
    let contract = cx.contract;
    let mut named: Vec<(&str, ShapeId)> = contract
        .shapes
        .iter()
        .filter_map(|(id, _)| Some((contract.names.type_of(id)?, id)))
        .filter(|(_, id)| cx.replacement(*id).is_none())
        .collect();
    named.sort();
    emitters.dynamic = contract
        .shapes
        .iter()
        .filter(|(_, entry)| matches!(entry.shape, Shape::Dynamic(_)))
        .count();
    let items: Vec<TokenStream> =
        named.into_iter().map(|(name, id)| item(cx, name, id, emitters)).collect();
    let aliases = aliases(cx);
    quote! { #(#items)* #aliases }
}

fn item(cx: &Cx<'_>, name: &str, id: ShapeId, emitters: &mut Emitters) -> TokenStream {
    let ident = crate::ident::ident(name);
    let (item, by_typify) = match &cx.contract.shapes.get(id).shape {
        Shape::Struct(shape) => structs::item(cx, &ident, id, shape),
        Shape::Enum(shape) => enums::item(cx, &ident, id, shape),
        Shape::Union(shape) => (unions::item(cx, &ident, id, shape), false),
        Shape::Tuple(shape) => (tuples::item(cx, &ident, id, shape), false),
        // A list or a map that holds itself.
        _ => (newtype(cx, &ident, id), false),
    };
    if by_typify {
        emitters.typify += 1;
    } else {
        emitters.ours += 1;
    }
    let payload = payload(cx, &ident, id);
    quote! { #item #payload }
}

/// A list or a map with a name of its own, because it holds itself.
fn newtype(cx: &Cx<'_>, ident: &Ident, id: ShapeId) -> TokenStream {
    let doc = doc(cx, id);
    let inner = expression::unnamed(cx, id);
    let derives = cx.derives(&["Clone", "Debug", "PartialEq", "Deserialize", "Serialize"]);
    let serde = cx.serde_crate();
    let visibility = &cx.visibility;
    quote! {
        #doc
        #derives
        #[serde(#serde)]
        #visibility struct #ident(#visibility #inner);
    }
}

/// The doc comment of a type: the schema's words, and where it stands.
fn doc(cx: &Cx<'_>, id: ShapeId) -> TokenStream {
    let entry = cx.contract.shapes.get(id);
    let schema = cx.contract.schemas.get(entry.schema);
    let about = &schema.about;
    let pointer = format!("Contract: {}.", description::code(&schema.origin.pointer));
    let title = about.title.as_deref().filter(|_| about.description.is_none());
    description::doc(
        [about.description.as_deref(), title, Some(pointer.as_str())].into_iter().flatten(),
    )
}

/// `impl Payload`: the rules of the schema.
fn payload(cx: &Cx<'_>, ident: &Ident, id: ShapeId) -> TokenStream {
    let entry = cx.contract.shapes.get(id);
    let body = match entry.part {
        Part::Alternative(at) => checks::alternative(cx, entry.schema, at),
        _ => checks::body(cx, entry.schema),
    };
    let exact = (entry.exactness != contract::schema::shape::Exactness::Exact).then(|| {
        quote!(
            const EXACT: bool = false;
        )
    });
    let fits = fits::method(cx, id);
    let (parameter, body) = match body {
        Some(body) => (quote!(json), body),
        None => (quote!(_), quote!(Ok(()))),
    };
    quote! {
        impl v1::Payload for #ident {
            #exact

            fn check(#parameter: &v1::Json<'_>) -> v1::Checked {
                #body
            }

            #fits
        }
    }
}

/// Components that are no items of their own get a name all the same.
fn aliases(cx: &Cx<'_>) -> TokenStream {
    let contract = cx.contract;
    let visibility = &cx.visibility;
    let mut items = Vec::new();
    for (name, id) in contract.aliases() {
        let ident = crate::ident::ident(name);
        let doc = doc(cx, id);
        let target = type_of(cx, id);
        if ident != target.to_string() {
            items.push(quote! { #doc #visibility type #ident = #target; });
        }
    }
    quote!(#(#items)*)
}
