//! Objects with known properties.

use contract::names::scope;
use contract::schema::shape::{Field, Integer, Number, Rest, Struct, Text};
use contract::schema::{Format, Shape, ShapeId};
use json::Json;
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::{doc, expression, field_type, skeleton};
use crate::Cx;
use crate::description;
use crate::ident::{ident, snake};
use crate::runtime::serde_function;

/// The field that holds properties without a field of their own.
const REST: &str = "extra";

/// The struct, and whether typify made it.
pub(super) fn item(cx: &Cx<'_>, name: &Ident, id: ShapeId, shape: &Struct) -> (TokenStream, bool) {
    let accessors = accessors(cx, name, shape);
    let by_hand = matches!(shape.rest, Rest::Typed(_)) || shape.fields.iter().any(is_constant);
    if by_hand {
        let item = written_out(cx, name, id, shape);
        return (quote! { #item #accessors }, false);
    }
    let fields: Vec<skeleton::Field> = shape
        .fields
        .iter()
        .zip(field_idents(shape))
        .map(|(field, ident)| skeleton::Field {
            docs: field_doc(cx, field),
            serde: field_attribute(cx, field, &ident),
            ty: field_type(cx, id, field),
            plain: plain_type(cx, id, field),
            ident,
        })
        .collect();
    let derives = derives(cx, shape, &["Deserialize", "Serialize"]);
    let serde = cx.serde_crate();
    let closed = (shape.rest == Rest::Closed).then(|| quote!(, deny_unknown_fields));
    let attributes = quote!(#derives #[serde(#serde, remote = "Self" #closed)]);
    let (item, by_typify) = skeleton::structure(cx, name, &doc(cx, id), &attributes, fields);
    (quote! { #item v1::object!(#name); #accessors }, by_typify)
}

/// The identifiers of a struct's fields, constants included.
pub(crate) fn field_idents(shape: &Struct) -> Vec<Ident> {
    let names = shape.fields.iter().map(|field| field.name.as_str());
    let has_rest = matches!(shape.rest, Rest::Typed(_));
    let taken = |name: &str| has_rest && name == REST;
    scope(names, snake, taken).iter().map(|name| ident(name)).collect()
}

/// A constant is written by the type, not by its user.
fn is_constant(field: &Field) -> bool {
    field.constant.is_some()
}

fn derives(cx: &Cx<'_>, shape: &Struct, serde: &[&str]) -> TokenStream {
    let all_optional = shape.fields.iter().all(|field| !field.required || is_constant(field));
    let mut own = vec!["Clone", "Debug"];
    if all_optional {
        own.push("Default");
    }
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
    let deprecated = is_deprecated(cx, field).then(|| quote!(#[deprecated]));
    quote!(#doc #deprecated)
}

fn is_deprecated(cx: &Cx<'_>, field: &Field) -> bool {
    cx.contract.schemas.get(field.schema).about.deprecated
}

/// The default of a field: its own schema's, or that of the schema that it refers to.
fn default_of<'c>(cx: &Cx<'c>, field: &Field) -> Option<&'c Json<'static>> {
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
    Some(match cx.contract.shapes.get(id).shape {
        Shape::Boolean => serde_json::json!({ "type": "boolean" }),
        Shape::Integer(Integer::I32) => serde_json::json!({ "type": "integer", "format": "int32" }),
        Shape::Integer(Integer::I64 | Integer::Plain) => {
            serde_json::json!({ "type": "integer", "format": "int64" })
        }
        Shape::Number(Number::Double) => {
            serde_json::json!({ "type": "number", "format": "double" })
        }
        Shape::Text(text) if text != Text::Format(Format::Decimal) => {
            serde_json::json!({ "type": "string" })
        }
        _ => return None,
    })
}

/// A struct whose serde code is not derived.
fn written_out(cx: &Cx<'_>, name: &Ident, id: ShapeId, shape: &Struct) -> TokenStream {
    let visibility = &cx.visibility;
    let doc = doc(cx, id);
    let derives = derives(cx, shape, &[]);
    let idents = field_idents(shape);
    let mut fields = Vec::new();
    let mut writes = Vec::new();
    let mut constants = Vec::new();
    let mut reads = Vec::new();
    for (field, ident) in shape.fields.iter().zip(&idents) {
        let key = &field.name;
        if let Some(Json::String(text)) = &field.constant {
            let text = &**text;
            writes.push(quote!(object.required(#key, #text)?;));
            constants.push(quote!(object.constant::<D::Error>(#key, #text)?;));
            continue;
        }
        let ty = field_type(cx, id, field);
        let docs = field_doc(cx, field);
        fields.push(quote!(#docs #visibility #ident: #ty));
        if field.required {
            writes.push(quote!(object.required(#key, &self.#ident)?;));
            reads.push(quote!(#ident: object.required(#key)?));
        } else {
            writes.push(quote!(object.optional(#key, &self.#ident)?;));
            reads.push(quote!(#ident: object.optional(#key)?));
        }
    }
    let allow =
        shape.fields.iter().any(|field| is_deprecated(cx, field)).then_some(&cx.allow_deprecated);
    let rest = ident(REST);
    let mut end = TokenStream::new();
    match &shape.rest {
        Rest::Typed(value) => {
            let value = expression::type_of(cx, *value);
            let docs = description::doc(["Properties that have no field of their own."]);
            fields.push(quote!(#docs #visibility #rest: v1::BTreeMap<String, #value>));
            writes.push(quote!(object.rest(&self.#rest)?;));
            reads.push(quote!(#rest: object.rest()?));
        }
        Rest::Closed => end = quote!(object.end::<D::Error>()?;),
        Rest::Open => {}
    }
    let construct = if end.is_empty() {
        quote!(Ok(Self { #(#reads),* }))
    } else {
        quote! { let value = Self { #(#reads),* }; #end Ok(value) }
    };
    // A struct without fields of its own still takes the object apart.
    let mutability = (!constants.is_empty() || !reads.is_empty()).then(|| quote!(mut));
    let object =
        if mutability.is_none() && end.is_empty() { quote!(_) } else { quote!(#mutability object) };
    quote! {
        #doc
        #derives
        #visibility struct #name { #(#fields),* }

        impl v1::Serialize for #name {
            #allow
            fn serialize<S: v1::Serializer>(&self, serializer: S) -> v1::Result<S::Ok, S::Error> {
                let mut object = v1::ObjectWriter::new(serializer)?;
                #(#writes)*
                object.end()
            }
        }

        impl<'de> v1::Deserialize<'de> for #name {
            #allow
            fn deserialize<D: v1::Deserializer<'de>>(deserializer: D) -> v1::Result<Self, D::Error> {
                let #object = v1::ObjectReader::new(deserializer)?;
                #(#constants)*
                #construct
            }
        }
    }
}

/// `resolution_or_default()`: what was absent stays absent, and reads as its default.
fn accessors(cx: &Cx<'_>, name: &Ident, shape: &Struct) -> TokenStream {
    let visibility = &cx.visibility;
    let methods: Vec<TokenStream> = shape
        .fields
        .iter()
        .zip(field_idents(shape))
        .filter(|(field, _)| !field.required && !is_nullable(cx, field.shape))
        .filter_map(|(field, ident)| {
            let default = default_of(cx, field)?;
            let (ty, value, read) = default_value(cx, field.shape, default)?;
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

/// The type that an accessor returns, the default as an expression, and how the field is borrowed.
fn default_value(
    cx: &Cx<'_>,
    shape: ShapeId,
    default: &Json<'static>,
) -> Option<(TokenStream, TokenStream, TokenStream)> {
    let id = cx.contract.shapes.resolve(shape);
    if cx.replacement(id).is_some() {
        return None;
    }
    let copy = |ty: TokenStream, value: TokenStream| Some((ty, value, TokenStream::new()));
    match (&cx.contract.shapes.get(id).shape, default) {
        (Shape::Boolean, Json::Bool(value)) => copy(quote!(bool), quote!(#value)),
        (Shape::Integer(kind), Json::Number(number)) => match kind {
            Integer::I32 => {
                let value = i32::try_from(number.to_i64()?).ok()?;
                copy(quote!(i32), quote!(#value))
            }
            Integer::I64 | Integer::Plain => {
                let value = number.to_i64()?;
                copy(quote!(i64), quote!(#value))
            }
            Integer::U64 => {
                let value = number.to_u64()?;
                copy(quote!(u64), quote!(#value))
            }
        },
        (Shape::Number(Number::Double), Json::Number(number)) => {
            let value = number.to_f64().filter(|value| value.is_finite())?;
            copy(quote!(f64), quote!(#value))
        }
        (Shape::Text(text), Json::String(value)) if *text != Text::Format(Format::Decimal) => {
            let value = &**value;
            Some((quote!(&str), quote!(#value), quote!(.as_deref())))
        }
        (Shape::Enum(shape), Json::String(value)) => {
            let at = shape.variants.iter().position(|variant| variant.value == *value)?;
            let ty = expression::type_of(cx, id);
            let variant = &super::enums::variant_idents(shape)[at];
            copy(ty.clone(), quote!(#ty::#variant))
        }
        _ => None,
    }
}
