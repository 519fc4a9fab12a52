//! Lists whose items have a type each.

use contract::schema::ShapeId;
use contract::schema::shape::{Rest, Tuple};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::{doc, expression};
use crate::Cx;

/// A tuple struct: items that may be missing are options, items that may follow are in a last vector.
pub(super) fn item(cx: &Cx<'_>, name: &Ident, id: ShapeId, shape: &Tuple) -> TokenStream {
    let visibility = &cx.visibility;
    let doc = doc(cx, id);
    let derives = cx.derives(&["Clone", "Debug", "PartialEq"]);
    let mut fields = Vec::new();
    let mut reads = Vec::new();
    let mut writes = Vec::new();
    for (at, item) in shape.items.iter().enumerate() {
        let ty = expression::held(cx, id, *item);
        let index = syn::Index::from(at);
        if at < shape.required {
            fields.push(quote!(#visibility #ty));
            reads.push(quote!(list.required()?));
            writes.push(quote!(list.required(&self.#index)?;));
        } else {
            fields.push(quote!(#visibility Option<#ty>));
            reads.push(quote!(list.optional()?));
            writes.push(quote!(list.optional(&self.#index)?;));
        }
    }
    let mut end = quote!(list.ignore(););
    match &shape.rest {
        Rest::Typed(rest) => {
            let ty = expression::type_of(cx, *rest);
            let index = syn::Index::from(shape.items.len());
            fields.push(quote!(#visibility Vec<#ty>));
            reads.push(quote!(list.rest()?));
            writes.push(quote!(list.rest(&self.#index)?;));
            end = TokenStream::new();
        }
        Rest::Closed => end = quote!(list.end::<D::Error>()?;),
        Rest::Open => {}
    }
    quote! {
        #doc
        #derives
        #visibility struct #name(#(#fields),*);

        impl v1::Serialize for #name {
            fn serialize<S: v1::Serializer>(&self, serializer: S) -> v1::Result<S::Ok, S::Error> {
                let mut list = v1::ListWriter::new(serializer)?;
                #(#writes)*
                list.end()
            }
        }

        impl<'de> v1::Deserialize<'de> for #name {
            fn deserialize<D: v1::Deserializer<'de>>(deserializer: D) -> v1::Result<Self, D::Error> {
                let mut list = v1::ListReader::new::<D>(<v1::Json<'static> as v1::Deserialize>::deserialize(deserializer)?)?;
                let value = Self(#(#reads),*);
                #end
                Ok(value)
            }
        }
    }
}
