//! Closed sets of texts.

use contract::names::scope;
use contract::schema::ShapeId;
use contract::schema::shape::Enum;
use json::Json;
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::doc;
use crate::Cx;
use crate::description;
use crate::ident::{ident, pascal};

/// The enum; it is written here, as its texts are not its identifiers.
pub(super) fn item(cx: &Cx<'_>, name: &Ident, id: ShapeId, shape: &Enum) -> (TokenStream, bool) {
    let visibility = &cx.visibility;
    let doc = doc(cx, id);
    let idents = variant_idents(shape);
    let about = &cx.contract.schemas.get(cx.contract.shapes.get(id).schema).about;
    let default = about.default.as_ref().and_then(Json::as_str);
    let default = shape.variants.iter().position(|variant| Some(variant.value.as_str()) == default);
    let mut own = vec!["Clone", "Copy", "Debug"];
    if default.is_some() {
        own.push("Default");
    }
    own.extend(["PartialEq", "Eq", "PartialOrd", "Ord", "Hash", "Deserialize", "Serialize"]);
    let derives = cx.derives(&own);
    let serde = cx.serde_crate();
    let variants = shape.variants.iter().zip(&idents).enumerate().map(|(at, (variant, ident))| {
        let value = &variant.value;
        let text = description::code(value);
        let doc = match &variant.description {
            Some(words) => description::doc([words.as_str(), text.as_str()]),
            None => description::doc([text.as_str()]),
        };
        let rename = (*ident != value.as_str()).then(|| quote!(#[serde(rename = #value)]));
        let is_default = (Some(at) == default).then(|| quote!(#[default]));
        quote!(#doc #is_default #rename #ident)
    });
    let values: Vec<&str> = shape.variants.iter().map(|variant| variant.value.as_str()).collect();
    let type_name = name.to_string();
    let count = proc_macro2::Literal::usize_unsuffixed(values.len());
    let item = quote! {
        #doc
        #derives
        #[serde(#serde)]
        #visibility enum #name { #(#variants),* }

        impl #name {
            /// Every value, in the order of the contract.
            #visibility const ALL: [Self; #count] = [#(Self::#idents),*];

            /// The text on the wire.
            #[must_use]
            #visibility const fn as_str(self) -> &'static str {
                match self { #(Self::#idents => #values),* }
            }
        }

        impl ::core::fmt::Display for #name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl ::core::str::FromStr for #name {
            type Err = v1::UnknownValue;

            fn from_str(text: &str) -> v1::Result<Self, Self::Err> {
                match text {
                    #(#values => Ok(Self::#idents),)*
                    _ => Err(v1::UnknownValue::new(#type_name, text, &[#(#values),*])),
                }
            }
        }
    };
    (item, false)
}

/// The identifiers of the variants.
pub(crate) fn variant_idents(shape: &Enum) -> Vec<Ident> {
    let texts = shape.variants.iter().map(|each| each.name.as_deref().unwrap_or(&each.value));
    scope(texts, pascal, |name| name == "Self").iter().map(|name| ident(name)).collect()
}
