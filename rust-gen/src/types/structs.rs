//! Objects with known properties.

use contract::names::scope;
use contract::schema::shape::{Field, Integer, Number, Rest, Struct};
use contract::schema::{Shape, ShapeId};
use json::Json;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::expression::{self, field_type, is_string};
use super::{EXTRA, doc, skeleton};
use crate::Cx;
use crate::description;
use crate::ident::{ident, snake};
use crate::runtime::serde_function;

/// What becomes of properties that have no field.
enum Others {
    /// They are left out.
    Ignored,
    /// There are none.
    Refused,
    /// They are in a map of values of this type.
    Kept(TokenStream),
}

fn others(cx: &Cx<'_>, id: ShapeId, shape: &Struct) -> Others {
    match &shape.rest {
        Rest::Typed(value) if !cx.is_open(id) => Others::Kept(expression::type_of(cx, *value)),
        Rest::Closed if !cx.is_open(id) => Others::Refused,
        Rest::Open if !cx.is_open(id) => Others::Ignored,
        // A new property may have any value, whatever the contract says of others.
        Rest::Typed(value) if !has_constants(shape) => {
            Others::Kept(expression::type_of(cx, *value))
        }
        _ => Others::Kept(quote!(v1::Json<'static>)),
    }
}

/// Whether a struct has the field for properties without one.
pub(crate) fn keeps_others(cx: &Cx<'_>, id: ShapeId, shape: &Struct) -> bool {
    matches!(others(cx, id, shape), Others::Kept(_))
}

/// Whether serde code is written out: constants and kept properties are nothing that serde derives.
fn is_written_out(cx: &Cx<'_>, id: ShapeId, shape: &Struct) -> bool {
    has_constants(shape) || keeps_others(cx, id, shape)
}

fn has_constants(shape: &Struct) -> bool {
    shape.fields.iter().any(is_constant)
}

/// A constant is written by the type, not by its user.
fn is_constant(field: &Field) -> bool {
    field.constant.is_some()
}

/// The struct, and whether typify made it.
pub(super) fn item(cx: &Cx<'_>, name: &Ident, id: ShapeId, shape: &Struct) -> (TokenStream, bool) {
    let accessors = accessors(cx, name, id, shape);
    let written_out = is_written_out(cx, id, shape);
    let idents = field_idents(cx, id, shape);
    let fields = shape.fields.iter().zip(idents).filter(|(field, _)| !is_constant(field));
    let mut fields: Vec<skeleton::Field> = fields
        .map(|(field, ident)| skeleton::Field {
            docs: field_doc(cx, field),
            serde: if written_out {
                TokenStream::new()
            } else {
                field_attribute(cx, field, &ident)
            },
            ty: field_type(cx, id, field),
            plain: plain_type(cx, id, field),
            ident,
        })
        .collect();
    if let Others::Kept(value) = others(cx, id, shape) {
        fields.push(skeleton::Field {
            docs: description::doc(["Properties that have no field of their own."]),
            serde: TokenStream::new(),
            ty: quote!(v1::BTreeMap<String, #value>),
            plain: None,
            ident: ident(EXTRA),
        });
    }
    let attributes = if written_out {
        derives(cx, shape, &[])
    } else {
        let derives = derives(cx, shape, &["Deserialize", "Serialize"]);
        let serde = cx.serde_crate();
        let closed = (shape.rest == Rest::Closed).then(|| quote!(, deny_unknown_fields));
        quote!(#derives #[serde(#serde, remote = "Self" #closed)])
    };
    let (item, by_typify) = skeleton::structure(cx, name, &doc(cx, id), &attributes, fields);
    (quote! { #item #accessors }, by_typify)
}

/// The identifiers of a struct's fields, constants included.
pub(crate) fn field_idents(cx: &Cx<'_>, id: ShapeId, shape: &Struct) -> Vec<Ident> {
    let names = shape.fields.iter().map(|field| field.name.as_str());
    let has_extra = keeps_others(cx, id, shape);
    let taken = |name: &str| has_extra && name == EXTRA;
    scope(names, snake, taken).iter().map(|name| ident(name)).collect()
}

fn derives(cx: &Cx<'_>, shape: &Struct, serde: &[&str]) -> TokenStream {
    let all_optional = shape.fields.iter().all(|field| !field.required || is_constant(field));
    let mut own = vec!["Clone", "Debug"];
    own.extend(all_optional.then_some("Default"));
    own.push("PartialEq");
    own.extend(serde);
    cx.derives(&own)
}

fn field_doc(cx: &Cx<'_>, field: &Field) -> TokenStream {
    let about = &cx.contract.schemas.get(field.schema).about;
    let plain = format!("The property {}.", description::code(&field.name));
    let text = about.description.as_deref().or(about.title.as_deref()).unwrap_or(&plain);
    let default = default_of(cx, field)
        .map(|value| format!("Default: {}.", description::code(&value.to_string())));
    let target = cx.contract.shapes.resolve(field.shape);
    let dynamic = match &cx.contract.shapes.get(target).shape {
        Shape::Dynamic(reason) => Some(format!("Any JSON value: {}.", reason.reason())),
        _ => None,
    };
    let doc = description::doc(
        [Some(text), default.as_deref(), dynamic.as_deref()].into_iter().flatten(),
    );
    let deprecated = about.deprecated.then(|| quote!(#[deprecated]));
    quote!(#doc #deprecated)
}

fn is_deprecated(cx: &Cx<'_>, field: &Field) -> bool {
    cx.contract.schemas.get(field.schema).about.deprecated
}

/// The default of a field: its own schema's, or that of the schema that it refers to.
pub(crate) fn default_of<'c>(cx: &Cx<'c>, field: &Field) -> Option<&'c Json<'static>> {
    let schemas = &cx.contract.schemas;
    let own = &schemas.get(field.schema).about.default;
    own.as_ref().or(schemas.get(schemas.target(field.schema)).about.default.as_ref())
}

fn field_attribute(cx: &Cx<'_>, field: &Field, ident: &Ident) -> TokenStream {
    let mut parts = Vec::new();
    if *ident != field.name.as_str() {
        let name = &field.name;
        parts.push(quote!(rename = #name));
    }
    let nullable = is_nullable(cx, field.shape);
    if field.required {
        if nullable {
            // Named, or serde would take a missing property for `null`.
            let function = serde_function(cx, "nullable_required");
            parts.push(quote!(deserialize_with = #function));
        }
    } else {
        let function = serde_function(cx, if nullable { "nullable" } else { "not_null" });
        parts.push(
            quote!(default, skip_serializing_if = "Option::is_none", deserialize_with = #function),
        );
    }
    if parts.is_empty() { TokenStream::new() } else { quote!(#[serde(#(#parts),*)]) }
}

fn is_nullable(cx: &Cx<'_>, shape: ShapeId) -> bool {
    let id = cx.contract.shapes.resolve(shape);
    matches!(cx.contract.shapes.get(id).shape, Shape::Nullable(_)) && cx.replacement(id).is_none()
}

/// What typify can be told of a field's type; else it is told nothing.
fn plain_type(cx: &Cx<'_>, holder: ShapeId, field: &Field) -> Option<serde_json::Value> {
    let id = cx.contract.shapes.resolve(field.shape);
    if cx.replacement(id).is_some() || cx.boxed.contains(&(holder, id)) || !field.required {
        return None;
    }
    let shape = &cx.contract.shapes.get(id).shape;
    Some(match shape {
        Shape::Boolean => serde_json::json!({ "type": "boolean" }),
        Shape::Integer(Integer::I32) => serde_json::json!({ "type": "integer", "format": "int32" }),
        Shape::Integer(Integer::I64 | Integer::Plain) => {
            serde_json::json!({ "type": "integer", "format": "int64" })
        }
        Shape::Number(Number::Double) => {
            serde_json::json!({ "type": "number", "format": "double" })
        }
        shape if is_string(cx, shape) => serde_json::json!({ "type": "string" }),
        _ => return None,
    })
}

/// Serde code.
pub(super) fn wire(cx: &Cx<'_>, name: &Ident, id: ShapeId, shape: &Struct) -> TokenStream {
    if !is_written_out(cx, id, shape) {
        return quote!(v1::object!(#name););
    }
    let idents = field_idents(cx, id, shape);
    let others = others(cx, id, shape);
    let extra = ident(EXTRA);
    let write = write(cx, name, id, shape, &idents);
    let is_open = cx.is_open(id);
    let mut places = Vec::new();
    let mut arms = Vec::new();
    let mut checks = Vec::new();
    let mut members = Vec::new();
    for (field, ident) in shape.fields.iter().zip(&idents) {
        let key = &field.name;
        let place = format_ident!("__{}", ident);
        places.push(quote!(let mut #place = None;));
        if let Some(Json::String(text)) = &field.constant {
            let text = &**text;
            arms.push(if is_open {
                quote!(#key => object.constant_or_keep(#key, #text, &mut #place, &mut extra)?,)
            } else {
                quote!(#key => object.constant(#key, #text, &mut #place)?,)
            });
            checks.push(quote!(v1::required(#key, #place)?;));
            continue;
        }
        arms.push(quote!(#key => object.value(#key, &mut #place)?,));
        members.push(if field.required {
            quote!(#ident: v1::required(#key, #place)?)
        } else {
            quote!(#ident: #place)
        });
    }
    let other = match &others {
        Others::Ignored => quote!(object.ignore()?),
        Others::Refused => quote!(return Err(object.unexpected(&name))),
        Others::Kept(_) => {
            places.push(quote!(let mut extra = v1::BTreeMap::new();));
            members.push(quote!(#extra));
            quote!(object.keep(name, &mut extra)?)
        }
    };
    let read = match (&others, arms.is_empty()) {
        (Others::Ignored, true) => quote!(while object.name()?.is_some() { #other; }),
        (Others::Refused, true) => quote!(if let Some(name) = object.name()? { #other; }),
        (Others::Kept(_), true) => quote!(while let Some(name) = object.name()? { #other; }),
        (_, false) => quote! {
            while let Some(name) = object.name()? {
                match &*name { #(#arms)* _ => #other, }
            }
        },
    };
    let allow =
        shape.fields.iter().any(|field| is_deprecated(cx, field)).then_some(&cx.allow_deprecated);
    quote! {
        #write

        impl<'de> v1::Deserialize<'de> for #name {
            fn deserialize<D: v1::Deserializer<'de>>(deserializer: D) -> v1::Result<Self, D::Error> {
                v1::from_object(deserializer)
            }
        }

        impl v1::FromObject for #name {
            #allow
            fn read<'de, A: v1::MapAccess<'de>>(
                mut object: v1::ObjectReader<'de, A>,
            ) -> v1::Result<Self, A::Error> {
                #(#places)*
                #read
                #(#checks)*
                Ok(Self { #(#members),* })
            }
        }
    }
}

/// Writing, property by property.
fn write(cx: &Cx<'_>, name: &Ident, id: ShapeId, shape: &Struct, idents: &[Ident]) -> TokenStream {
    let extra = ident(EXTRA);
    let is_open = cx.is_open(id);
    let mut writes = Vec::new();
    for (field, ident) in shape.fields.iter().zip(idents) {
        let key = &field.name;
        writes.push(match &field.constant {
            Some(Json::String(text)) => {
                let text = &**text;
                if is_open {
                    quote!(object.constant_or_kept(#key, #text, &self.#extra)?;)
                } else {
                    quote!(object.required(#key, #text)?;)
                }
            }
            _ if field.required => quote!(object.required(#key, &self.#ident)?;),
            _ => quote!(object.optional(#key, &self.#ident)?;),
        });
    }
    if keeps_others(cx, id, shape) {
        let known = shape.fields.iter().map(|field| &field.name);
        writes.push(quote!(object.rest(&self.#extra, &[#(#known),*])?;));
    }
    let allow =
        shape.fields.iter().any(|field| is_deprecated(cx, field)).then_some(&cx.allow_deprecated);
    quote! {
        impl v1::Serialize for #name {
            #allow
            fn serialize<S: v1::Serializer>(&self, serializer: S) -> v1::Result<S::Ok, S::Error> {
                let mut object = v1::ObjectWriter::new(serializer)?;
                #(#writes)*
                object.end()
            }
        }
    }
}

/// `resolution_or_default()`: what was absent stays absent, and reads as its default.
fn accessors(cx: &Cx<'_>, name: &Ident, id: ShapeId, shape: &Struct) -> TokenStream {
    let visibility = &cx.visibility;
    let methods: Vec<TokenStream> = shape
        .fields
        .iter()
        .zip(field_idents(cx, id, shape))
        .filter(|(field, _)| !field.required && !is_nullable(cx, field.shape))
        .filter_map(|(field, ident)| {
            let default = default_of(cx, field)?;
            let Accessed { ty, value, read } = accessed(cx, field.shape, default)?;
            let method = crate::ident::ident(&format!("{ident}_or_default"));
            let doc = format!(
                "{}, or its default {}.",
                description::code(&field.name),
                description::code(&default.to_string())
            );
            let doc = description::doc([doc.as_str()]);
            let allow = is_deprecated(cx, field).then_some(&cx.allow_deprecated);
            Some(quote! {
                #doc
                #[must_use]
                #allow
                #visibility fn #method(&self) -> #ty {
                    self.#ident #read .unwrap_or(#value)
                }
            })
        })
        .collect();
    if methods.is_empty() {
        return TokenStream::new();
    }
    quote!(impl #name { #(#methods)* })
}

/// How an accessor reads its field.
struct Accessed {
    /// What it returns.
    ty: TokenStream,
    /// The default as an expression.
    value: TokenStream,
    /// How the field is borrowed or copied.
    read: TokenStream,
}

fn accessed(cx: &Cx<'_>, shape: ShapeId, default: &Json<'static>) -> Option<Accessed> {
    let id = cx.contract.shapes.resolve(shape);
    if cx.replacement(id).is_some() {
        return None;
    }
    let copy = |ty: TokenStream, value: TokenStream| {
        Some(Accessed { ty, value, read: TokenStream::new() })
    };
    match (&cx.contract.shapes.get(id).shape, default) {
        (Shape::Boolean, Json::Bool(value)) => copy(quote!(bool), quote!(#value)),
        (Shape::Integer(kind), Json::Number(number)) => {
            let ty = expression::type_of(cx, id);
            let value = integer(*kind, number)?;
            copy(ty, value)
        }
        (Shape::Number(Number::Double), Json::Number(number)) => {
            let value = number.to_f64().filter(|value| value.is_finite())?;
            let value = proc_macro2::Literal::f64_unsuffixed(value);
            copy(quote!(f64), quote!(#value))
        }
        (shape, Json::String(value)) if is_string(cx, shape) => {
            let value = &**value;
            Some(Accessed { ty: quote!(&str), value: quote!(#value), read: quote!(.as_deref()) })
        }
        (Shape::Enum(shape), Json::String(value)) => {
            let at = shape.variants.iter().position(|variant| variant.value == *value)?;
            let ty = expression::type_of(cx, id);
            let variant = &super::enums::variant_idents(shape)[at];
            let read = if cx.is_open(id) { quote!(.clone()) } else { TokenStream::new() };
            Some(Accessed { value: quote!(#ty::#variant), ty, read })
        }
        _ => None,
    }
}

/// A number as a literal of an integer's type; `None` if it is none.
pub(crate) fn integer(kind: Integer, number: &json::Number<'_>) -> Option<TokenStream> {
    let fits = match kind {
        Integer::I32 => i32::try_from(number.to_i64()?).is_ok(),
        Integer::I64 | Integer::Plain => number.to_i64().is_some(),
        Integer::U64 => number.to_u64().is_some(),
    };
    let value = proc_macro2::Literal::i128_unsuffixed(number.to_i128()?);
    fits.then(|| quote!(#value))
}
