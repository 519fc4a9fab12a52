//! One of several shapes.

use std::collections::HashSet;

use contract::names::scope;
use contract::schema::shape::{Branch, By, Part, Union};
use contract::schema::{Shape, ShapeId, Type, Types};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::{Variant, conversions, doc, expression, unknown_variant};
use crate::Cx;
use crate::checks;
use crate::description;
use crate::frames;
use crate::ident::{ident, pascal};
use crate::sizes;

/// The enum: a variant for each alternative.
pub(super) fn item(cx: &Cx<'_>, name: &Ident, id: ShapeId, shape: &Union) -> TokenStream {
    let visibility = &cx.visibility;
    let doc = doc(cx, id);
    let derives = cx.derives(&["Clone", "Debug", "PartialEq"]);
    let idents = variant_idents(cx, name, shape);
    let types: Vec<TokenStream> =
        shape.branches.iter().map(|branch| expression::held(cx, id, branch.shape)).collect();
    let docs: Vec<TokenStream> = shape
        .branches
        .iter()
        .zip(&idents)
        .map(|(branch, ident)| branch_doc(cx, branch, ident))
        .collect();
    let unknown = cx.is_open(id).then(|| {
        let unknown = unknown(&idents);
        quote! {
            /// A value that the contract does not know; it is kept, and cannot be sent.
            #unknown(v1::Json<'static>)
        }
    });
    let variants = types.iter().zip(&idents).map(|(ty, ident)| Variant {
        ty: ty.clone(),
        ident: ident.clone(),
        allow: None,
    });
    let conversions = conversions(name, variants.collect());
    let sizes = shape.branches.iter().map(|branch| sizes::size(cx, branch.shape));
    let allow = sizes::allow(sizes.chain(unknown.as_ref().map(|_| 32)));
    quote! {
        #doc
        #allow
        #derives
        #visibility enum #name { #(#docs #idents(#types),)* #unknown }

        #conversions
    }
}

/// Serde code.
pub(super) fn wire(cx: &Cx<'_>, name: &Ident, id: ShapeId, shape: &Union) -> TokenStream {
    let idents = variant_idents(cx, name, shape);
    let unknown = cx.is_open(id).then(|| unknown(&idents));
    let read = read(cx, id, shape, &idents, unknown.as_ref());
    let all = idents.iter().chain(&unknown);
    quote! {
        impl v1::Serialize for #name {
            fn serialize<S: v1::Serializer>(&self, serializer: S) -> v1::Result<S::Ok, S::Error> {
                match self {
                    #(Self::#all(value) => v1::Serialize::serialize(value, serializer),)*
                }
            }
        }

        impl<'de> v1::Deserialize<'de> for #name {
            fn deserialize<D: v1::Deserializer<'de>>(deserializer: D) -> v1::Result<Self, D::Error> {
                let json = <v1::Json<'static> as v1::Deserialize>::deserialize(deserializer)?;
                #read
            }
        }
    }
}

/// The variant of values that the contract does not know.
pub(crate) fn unknown(idents: &[Ident]) -> Ident {
    unknown_variant(|name| idents.iter().any(|ident| ident == name))
}

/// The names of the variants: the type's own name, a text that leads to the branch, or the JSON type.
pub(crate) fn variant_idents(cx: &Cx<'_>, name: &Ident, shape: &Union) -> Vec<Ident> {
    let base = name.to_string();
    let texts: Vec<String> = shape
        .branches
        .iter()
        .enumerate()
        .map(|(at, branch)| {
            if let By::Tag { values, .. } = &shape.by
                && let [only] = &values[at][..]
            {
                return only.clone();
            }
            branch_name(cx, &base, shape, at, branch)
        })
        .collect();
    let distinct: HashSet<&String> = texts.iter().collect();
    if distinct.len() < texts.len() {
        // Two branches of one type: their place tells them apart.
        let numbered: Vec<String> =
            texts.iter().enumerate().map(|(at, text)| format!("{text} {}", at + 1)).collect();
        return idents(&numbered);
    }
    idents(&texts)
}

fn idents(texts: &[String]) -> Vec<Ident> {
    let names = texts.iter().map(String::as_str);
    scope(names, pascal, |name| name == "Self").iter().map(|name| ident(name)).collect()
}

fn branch_name(cx: &Cx<'_>, base: &str, shape: &Union, at: usize, branch: &Branch) -> String {
    let id = cx.contract.shapes.resolve(branch.shape);
    if let By::Type(types) = &shape.by
        && let Some(single) = types[at].single()
        && !matches!(single, Type::Object | Type::Array)
    {
        return single.name().to_owned();
    }
    if let Some(name) = cx.contract.names.type_of(id) {
        let short = name
            .strip_prefix(base)
            .filter(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase()));
        return short.unwrap_or(name).to_owned();
    }
    match &cx.contract.shapes.get(id).shape {
        Shape::List(_) | Shape::Tuple(_) => "List".to_owned(),
        Shape::Map(_) => "Map".to_owned(),
        Shape::Boolean => "Boolean".to_owned(),
        Shape::Integer(_) => "Integer".to_owned(),
        Shape::Number(_) => "Number".to_owned(),
        Shape::Text(_) => "Text".to_owned(),
        Shape::Null => "Null".to_owned(),
        Shape::Nullable(_) => "Nullable".to_owned(),
        _ => "Value".to_owned(),
    }
}

fn branch_doc(cx: &Cx<'_>, branch: &Branch, variant: &Ident) -> TokenStream {
    let id = cx.contract.shapes.resolve(branch.shape);
    let about = &cx.contract.schemas.get(cx.contract.shapes.get(id).schema).about;
    let own = &cx.contract.schemas.get(branch.schema).about;
    let text = own.description.as_deref().or(own.title.as_deref()).or(about.description.as_deref());
    match text {
        Some(text) => description::doc([text]),
        None => description::doc([format!("The alternative {variant}.").as_str()]),
    }
}

/// From a JSON value to the right branch.
fn read(
    cx: &Cx<'_>,
    id: ShapeId,
    shape: &Union,
    idents: &[Ident],
    unknown: Option<&Ident>,
) -> TokenStream {
    let error = quote!(<D::Error as v1::serde::de::Error>::custom);
    let decode: Vec<TokenStream> =
        idents.iter().map(|ident| quote!(json.decode().map(Self::#ident))).collect();
    let otherwise = |text: &str| match unknown {
        Some(unknown) => quote!(return Ok(Self::#unknown(json))),
        None => quote!(return Err(#error(#text))),
    };
    let settle = match unknown {
        Some(unknown) => quote!(Ok(read.unwrap_or(Self::#unknown(json)))),
        None => quote!(read.map_err(#error)),
    };
    match &shape.by {
        By::Type(types) => {
            let patterns = types.iter().map(|types| json_patterns(*types));
            let others = (!frames::are_all_kinds(types.iter().copied())).then(|| {
                let otherwise = otherwise("a value of none of the alternatives' types");
                quote!(_ => #otherwise,)
            });
            quote! {
                let read = match &json { #(#patterns => #decode,)* #others };
                #settle
            }
        }
        By::Tag { property, values } => {
            let otherwise = otherwise(&format!("`{property}` names none of the alternatives"));
            quote! {
                let read = match json.get(#property).and_then(v1::Json::as_str) {
                    #(Some(#(#values)|*) => #decode,)*
                    _ => #otherwise,
                };
                #settle
            }
        }
        By::Check => {
            let checks = shape.branches.iter().map(|branch| branch_check(cx, id, branch));
            let known = shape.branches.iter().map(|branch| known_properties(cx, branch.shape));
            let positions = 0..idents.len();
            if let Some(unknown) = unknown {
                return quote! {
                    for at in v1::ranked(&json, &[#(#checks),*], &[#(&[#(#known),*]),*]) {
                        let read = match at { #(#positions => #decode,)* _ => break };
                        if let Ok(value) = read {
                            return Ok(value);
                        }
                    }
                    Ok(Self::#unknown(json))
                };
            }
            let otherwise = otherwise("a value of none of the alternatives");
            quote! {
                let best = v1::best_of(&json, &[#(#checks),*], &[#(&[#(#known),*]),*]);
                let read = match best.map_err(#error)? {
                    #(#positions => #decode,)*
                    _ => #otherwise,
                };
                #settle
            }
        }
    }
}

fn branch_check(cx: &Cx<'_>, union: ShapeId, branch: &Branch) -> TokenStream {
    let entry = cx.contract.shapes.get(branch.shape);
    match (&entry.part, cx.contract.names.type_of(branch.shape)) {
        (Part::Alternative(_), Some(name)) if branch.shape != union => {
            let ident = ident(name);
            quote!(<#ident as v1::Payload>::check)
        }
        _ => checks::expression(cx, branch.schema),
    }
}

fn known_properties(cx: &Cx<'_>, shape: ShapeId) -> Vec<String> {
    let id = cx.contract.shapes.resolve(shape);
    match &cx.contract.shapes.get(id).shape {
        Shape::Struct(shape) => shape.fields.iter().map(|field| field.name.clone()).collect(),
        _ => Vec::new(),
    }
}

/// The variants of `Json` that hold values of some types.
fn json_patterns(types: Types) -> TokenStream {
    let mut patterns = Vec::new();
    for each in types.iter() {
        patterns.push(match each {
            Type::Null => quote!(v1::Json::Null),
            Type::Boolean => quote!(v1::Json::Bool(_)),
            Type::Integer | Type::Number => quote!(v1::Json::Number(_)),
            Type::String => quote!(v1::Json::String(_)),
            Type::Array => quote!(v1::Json::Array(_)),
            Type::Object => quote!(v1::Json::Object(_)),
        });
    }
    quote!(#(#patterns)|*)
}
