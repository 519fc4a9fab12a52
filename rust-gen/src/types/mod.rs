//! Shapes → items and type expressions.
//!
//! Each kind of item has a file of its own, with what people read (`item`) and what makes it work
//! (`wire`: serde code that is not derived).

mod enums;
mod expression;
mod skeleton;
mod structs;
mod tuples;
mod unions;

use contract::schema::shape::Part;
use contract::schema::{Shape, ShapeId};
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};

use crate::Cx;
use crate::ident::ident;
use crate::{checks, description, fits};

pub(crate) use enums::{unknown as unknown_text, variant_idents as enum_idents};
pub(crate) use expression::{is_copy, is_string, parameter, type_of};
pub(crate) use structs::{default_of, field_idents, integer, keeps_others};
pub(crate) use tuples::keeps_rest as tuple_rest;
pub(crate) use unions::{unknown as unknown_branch, variant_idents};

/// The field that holds properties without a field of their own.
pub(crate) const EXTRA: &str = "extra";

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

/// The named shapes in the order of their names.
fn named<'c>(cx: &Cx<'c>) -> Vec<(&'c str, ShapeId)> {
    let contract = cx.contract;
    let mut named: Vec<(&str, ShapeId)> = contract
        .shapes
        .iter()
        .filter_map(|(id, _)| Some((contract.names.type_of(id)?, id)))
        .filter(|(_, id)| cx.replacement(*id).is_none())
        .collect();
    named.sort();
    named
}

/// The item of every named shape.
pub(crate) fn types(cx: &Cx<'_>, emitters: &mut Emitters) -> TokenStream {
    let shapes = cx.contract.shapes.iter();
    emitters.dynamic +=
        shapes.filter(|(_, entry)| matches!(entry.shape, Shape::Dynamic(_))).count();
    let named = named(cx);
    let items: Vec<TokenStream> =
        named.into_iter().map(|(name, id)| item(cx, name, id, emitters)).collect();
    let aliases = aliases(cx);
    quote! { #(#items)* #aliases }
}

fn item(cx: &Cx<'_>, name: &str, id: ShapeId, emitters: &mut Emitters) -> TokenStream {
    let name = ident(name);
    let (item, by_typify) = match &cx.contract.shapes.get(id).shape {
        Shape::Struct(shape) => structs::item(cx, &name, id, shape),
        Shape::Enum(shape) => (enums::item(cx, &name, id, shape), false),
        Shape::Union(shape) => (unions::item(cx, &name, id, shape), false),
        Shape::Tuple(shape) => (tuples::item(cx, &name, id, shape), false),
        // A list or a map that holds itself.
        _ => (newtype(cx, &name, id), false),
    };
    if by_typify {
        emitters.typify += 1;
    } else {
        emitters.ours += 1;
    }
    item
}

/// What makes the items work: serde code, and the rules of their schemas.
pub(crate) fn impls(cx: &Cx<'_>) -> TokenStream {
    let impls = named(cx).into_iter().map(|(name, id)| {
        let name = ident(name);
        let serde = match &cx.contract.shapes.get(id).shape {
            Shape::Struct(shape) => structs::wire(cx, &name, id, shape),
            Shape::Enum(shape) => enums::wire(cx, &name, id, shape),
            Shape::Union(shape) => unions::wire(cx, &name, id, shape),
            Shape::Tuple(shape) => tuples::wire(cx, &name, id, shape),
            _ => TokenStream::new(),
        };
        let payload = payload(cx, &name, id);
        quote! { #serde #payload }
    });
    quote!(#(#impls)*)
}

/// A list or a map with a name of its own, because it holds itself.
fn newtype(cx: &Cx<'_>, name: &Ident, id: ShapeId) -> TokenStream {
    let doc = doc(cx, id);
    let inner = expression::unnamed(cx, id);
    let derives =
        cx.derives(&["Clone", "Debug", "Default", "PartialEq", "Deserialize", "Serialize"]);
    let serde = cx.serde_crate();
    let visibility = &cx.visibility;
    quote! {
        #doc
        #derives
        #[serde(#serde)]
        #visibility struct #name(#visibility #inner);
    }
}

/// The doc comment of a type: the schema's words, and where it stands.
fn doc(cx: &Cx<'_>, id: ShapeId) -> TokenStream {
    let entry = cx.contract.shapes.get(id);
    let schema = cx.contract.schemas.get(entry.schema);
    let about = &schema.about;
    let pointer = format!("Contract: {}.", description::code(&schema.origin.pointer));
    let title = about.title.as_deref().filter(|_| about.description.is_none());
    // No attribute: a type is not to be avoided where the contract still has it.
    let deprecated = about.deprecated.then_some("Deprecated.");
    description::doc(
        [about.description.as_deref(), title, deprecated, Some(pointer.as_str())]
            .into_iter()
            .flatten(),
    )
}

/// `impl Payload`: the rules of the schema.
fn payload(cx: &Cx<'_>, name: &Ident, id: ShapeId) -> TokenStream {
    let entry = cx.contract.shapes.get(id);
    let body = match entry.part {
        Part::Alternative(at) => checks::alternative(cx, entry.schema, at),
        _ => checks::body(cx, entry.schema),
    };
    let exact = (!cx.is_exact(id)).then(|| {
        quote!(
            const EXACT: bool = false;
        )
    });
    let open = cx.is_open(id).then(|| {
        quote!(
            const OPEN: bool = true;
        )
    });
    let fits = fits::method(cx, id);
    let (parameter, body) = match body {
        Some(body) => (quote!(json), body),
        None => (quote!(_), quote!(Ok(()))),
    };
    quote! {
        impl v1::Payload for #name {
            #exact
            #open

            fn check(#parameter: &v1::Json<'_>) -> v1::Checked {
                #body
            }

            #fits
        }
    }
}

/// Components that are no items of their own get a name all the same.
fn aliases(cx: &Cx<'_>) -> TokenStream {
    let visibility = &cx.visibility;
    let items = cx.contract.aliases().filter_map(|(name, id)| {
        let name = ident(name);
        let doc = doc(cx, id);
        let target = type_of(cx, id);
        (name != target.to_string()).then(|| quote! { #doc #visibility type #name = #target; })
    });
    quote!(#(#items)*)
}

/// A variant of an enum, with the one type that it holds.
pub(crate) struct Variant {
    pub(crate) ident: Ident,
    pub(crate) ty: TokenStream,
    /// What code needs to be allowed that touches it.
    pub(crate) allow: Option<TokenStream>,
}

/// `From` for every type that only one variant of an enum holds.
pub(crate) fn conversions(enumeration: &impl ToTokens, variants: Vec<Variant>) -> TokenStream {
    let texts: Vec<String> = variants.iter().map(|variant| variant.ty.to_string()).collect();
    let each = variants.iter().zip(&texts).filter_map(|(Variant { ident, ty, allow }, text)| {
        let is_unique = texts.iter().filter(|other| *other == text).count() == 1;
        is_unique.then(|| {
            quote! {
                #allow
                impl From<#ty> for #enumeration {
                    fn from(value: #ty) -> Self {
                        Self::#ident(value)
                    }
                }
            }
        })
    });
    quote!(#(#each)*)
}

/// The variant of values that the contract does not know, beside others that may be called so.
pub(crate) fn unknown_variant(taken: impl Fn(&str) -> bool) -> Ident {
    let names = ["Unknown", "Unrecognized", "UnknownToContract"];
    ident(names.into_iter().find(|name| !taken(name)).unwrap_or("Unknown_"))
}
