//! Lists whose items have a type each.

use contract::schema::ShapeId;
use contract::schema::shape::{Rest, Tuple};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::{doc, expression};
use crate::Cx;

/// The type of items that follow those with a type each, where they are kept.
fn rest_type(cx: &Cx<'_>, id: ShapeId, shape: &Tuple) -> Option<TokenStream> {
    match &shape.rest {
        Rest::Typed(rest) => Some(expression::type_of(cx, *rest)),
        Rest::Closed | Rest::Open if cx.is_open(id) => Some(quote!(v1::Json<'static>)),
        Rest::Closed | Rest::Open => None,
    }
}

/// Whether items that follow are kept.
pub(crate) fn keeps_rest(cx: &Cx<'_>, id: ShapeId, shape: &Tuple) -> bool {
    rest_type(cx, id, shape).is_some()
}

/// A tuple struct: items that may be missing are options, items that may follow are in a last vector.
pub(super) fn item(cx: &Cx<'_>, name: &Ident, id: ShapeId, shape: &Tuple) -> TokenStream {
    let visibility = &cx.visibility;
    let doc = doc(cx, id);
    let derives = cx.derives(&["Clone", "Debug", "PartialEq"]);
    let fields = shape.items.iter().enumerate().map(|(at, item)| {
        let ty = expression::held(cx, id, *item);
        if at < shape.required { quote!(#visibility #ty) } else { quote!(#visibility Option<#ty>) }
    });
    let rest = rest_type(cx, id, shape).map(|ty| quote!(#visibility Vec<#ty>));
    let fields = fields.chain(rest);
    quote! {
        #doc
        #derives
        #visibility struct #name(#(#fields),*);
    }
}

/// Serde code.
pub(super) fn wire(cx: &Cx<'_>, name: &Ident, id: ShapeId, shape: &Tuple) -> TokenStream {
    let mut reads = Vec::new();
    let mut writes = Vec::new();
    for at in 0..shape.items.len() {
        let index = syn::Index::from(at);
        if at < shape.required {
            reads.push(quote!(list.required()?));
            writes.push(quote!(list.required(&self.#index)?;));
        } else {
            reads.push(quote!(list.optional()?));
            writes.push(quote!(list.optional(&self.#index)?;));
        }
    }
    let body = if rest_type(cx, id, shape).is_some() {
        let index = syn::Index::from(shape.items.len());
        reads.push(quote!(list.rest()?));
        writes.push(quote!(list.rest(&self.#index)?;));
        quote!(Ok(Self(#(#reads),*)))
    } else {
        let end = if shape.rest == Rest::Closed { quote!(end) } else { quote!(ignore) };
        quote! {
            let value = Self(#(#reads),*);
            list.#end()?;
            Ok(value)
        }
    };
    quote! {
        impl v1::Serialize for #name {
            fn serialize<S: v1::Serializer>(&self, serializer: S) -> v1::Result<S::Ok, S::Error> {
                let mut list = v1::ListWriter::new(serializer)?;
                #(#writes)*
                list.end()
            }
        }

        impl<'de> v1::Deserialize<'de> for #name {
            fn deserialize<D: v1::Deserializer<'de>>(deserializer: D) -> v1::Result<Self, D::Error> {
                v1::from_list(deserializer)
            }
        }

        impl v1::FromList for #name {
            fn read<'de, A: v1::SeqAccess<'de>>(
                mut list: v1::ListReader<'de, A>,
            ) -> v1::Result<Self, A::Error> {
                #body
            }
        }
    }
}
