//! Closed sets of texts, and open ones.

use contract::names::scope;
use contract::schema::ShapeId;
use contract::schema::shape::Enum;
use json::Json;
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

use super::{doc, unknown_variant};
use crate::Cx;
use crate::description;
use crate::ident::{ident, pascal};

/// The enum; it is written here, as its texts are not its identifiers.
pub(super) fn item(cx: &Cx<'_>, name: &Ident, id: ShapeId, shape: &Enum) -> TokenStream {
    let visibility = &cx.visibility;
    let doc = doc(cx, id);
    let idents = variant_idents(shape);
    let is_open = cx.is_open(id);
    let default = default(cx, id, shape);
    let derives = derives(cx, is_open, default.is_some());
    let serde = (!is_open).then(|| {
        let serde = cx.serde_crate();
        quote!(#[serde(#serde)])
    });
    let variants = shape.variants.iter().zip(&idents).enumerate().map(|(at, (variant, ident))| {
        let value = &variant.value;
        let text = description::code(value);
        let doc = match &variant.description {
            Some(words) => description::doc([words.as_str(), text.as_str()]),
            None => description::doc([text.as_str()]),
        };
        let rename =
            (!is_open && *ident != value.as_str()).then(|| quote!(#[serde(rename = #value)]));
        let is_default = (Some(at) == default).then(|| quote!(#[default]));
        quote!(#doc #is_default #rename #ident)
    });
    let unknown = is_open.then(|| {
        let unknown = unknown(shape);
        quote! {
            /// A value that the contract does not know; it is kept, and cannot be sent.
            #unknown(String)
        }
    });
    let count = Literal::usize_unsuffixed(idents.len());
    let texts = shape.variants.iter().map(|variant| variant.value.as_str());
    let as_str = if is_open {
        let unknown = super::enums::unknown(shape);
        quote! {
            /// The text on the wire.
            #[must_use]
            #visibility fn as_str(&self) -> &str {
                match self { #(Self::#idents => #texts,)* Self::#unknown(text) => text }
            }
        }
    } else {
        quote! {
            /// The text on the wire.
            #[must_use]
            #visibility const fn as_str(self) -> &'static str {
                match self { #(Self::#idents => #texts),* }
            }
        }
    };
    quote! {
        #doc
        #derives
        #serde
        #visibility enum #name { #(#variants,)* #unknown }

        impl #name {
            /// Every value that the contract knows, in its order.
            #visibility const ALL: [Self; #count] = [#(Self::#idents),*];

            #as_str
        }

        impl ::core::fmt::Display for #name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    }
}

fn derives(cx: &Cx<'_>, is_open: bool, has_default: bool) -> TokenStream {
    let mut own = vec!["Clone"];
    own.extend((!is_open).then_some("Copy"));
    own.push("Debug");
    own.extend(has_default.then_some("Default"));
    own.extend(["PartialEq", "Eq", "PartialOrd", "Ord", "Hash"]);
    if !is_open {
        own.extend(["Deserialize", "Serialize"]);
    }
    cx.derives(&own)
}

/// Which value is the schema's default.
fn default(cx: &Cx<'_>, id: ShapeId, shape: &Enum) -> Option<usize> {
    let about = &cx.contract.schemas.get(cx.contract.shapes.get(id).schema).about;
    let default = about.default.as_ref().and_then(Json::as_str)?;
    shape.variants.iter().position(|variant| variant.value == default)
}

/// Text ↔ value.
pub(super) fn wire(cx: &Cx<'_>, name: &Ident, id: ShapeId, shape: &Enum) -> TokenStream {
    let idents = variant_idents(shape);
    let texts: Vec<&str> = shape.variants.iter().map(|variant| variant.value.as_str()).collect();
    if !cx.is_open(id) {
        let type_name = name.to_string();
        return quote! {
            impl ::core::str::FromStr for #name {
                type Err = v1::UnknownValue;

                fn from_str(text: &str) -> v1::Result<Self, v1::UnknownValue> {
                    match text {
                        #(#texts => Ok(Self::#idents),)*
                        _ => Err(v1::UnknownValue::new(#type_name, text, &[#(#texts),*])),
                    }
                }
            }
        };
    }
    let unknown = unknown(shape);
    quote! {
        impl From<&str> for #name {
            fn from(text: &str) -> Self {
                match text { #(#texts => Self::#idents,)* text => Self::#unknown(text.to_owned()) }
            }
        }

        impl ::core::str::FromStr for #name {
            type Err = ::core::convert::Infallible;

            fn from_str(text: &str) -> v1::Result<Self, ::core::convert::Infallible> {
                Ok(Self::from(text))
            }
        }

        impl v1::Serialize for #name {
            fn serialize<S: v1::Serializer>(&self, serializer: S) -> v1::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> v1::Deserialize<'de> for #name {
            fn deserialize<D: v1::Deserializer<'de>>(deserializer: D) -> v1::Result<Self, D::Error> {
                v1::text(deserializer).map(|text| Self::from(&*text))
            }
        }
    }
}

/// The identifiers of the variants.
pub(crate) fn variant_idents(shape: &Enum) -> Vec<Ident> {
    let texts = shape.variants.iter().map(|each| each.name.as_deref().unwrap_or(&each.value));
    scope(texts, pascal, |name| name == "Self").iter().map(|name| ident(name)).collect()
}

/// The variant of texts that the contract does not know.
pub(crate) fn unknown(shape: &Enum) -> Ident {
    let idents = variant_idents(shape);
    unknown_variant(|name| idents.iter().any(|ident| ident == name))
}
