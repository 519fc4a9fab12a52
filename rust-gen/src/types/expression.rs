//! Shapes → the types of fields, items and parameters.

use contract::schema::shape::{Field, Integer, Number, Text};
use contract::schema::{Format, Shape, ShapeId};
use proc_macro2::TokenStream;
use quote::quote;

use crate::Cx;

/// The type of a shape's values.
pub(crate) fn type_of(cx: &Cx<'_>, id: ShapeId) -> TokenStream {
    let id = cx.contract.shapes.resolve(id);
    if let Some(replacement) = cx.replacement(id) {
        return quote!(#replacement);
    }
    if let Some(name) = cx.contract.names.type_of(id) {
        let ident = crate::ident::ident(name);
        return quote!(#ident);
    }
    unnamed(cx, id)
}

/// The type of a topic's parameter of this shape: one that has a text of its own and can be compared. Texts
/// with a type of the runtime's are plain ones here.
pub(crate) fn parameter(cx: &Cx<'_>, id: ShapeId) -> TokenStream {
    match &cx.contract.shapes.get(id).shape {
        Shape::Enum(_) | Shape::Boolean | Shape::Integer(_) => type_of(cx, id),
        _ => quote!(String),
    }
}

/// Whether values of a shape are copied rather than cloned.
pub(crate) fn is_copy(cx: &Cx<'_>, id: ShapeId) -> bool {
    match &cx.contract.shapes.get(id).shape {
        Shape::Enum(_) => !cx.is_open(id),
        Shape::Boolean | Shape::Integer(_) => true,
        _ => false,
    }
}

/// The type of a shape that is written in place, or whose name is not to be used.
pub(super) fn unnamed(cx: &Cx<'_>, id: ShapeId) -> TokenStream {
    match &cx.contract.shapes.get(id).shape {
        Shape::Nullable(inner) => {
            let inner = held(cx, id, *inner);
            quote!(Option<#inner>)
        }
        Shape::List(item) => {
            let item = type_of(cx, *item);
            quote!(Vec<#item>)
        }
        Shape::Map(value) => {
            let value = type_of(cx, *value);
            quote!(v1::BTreeMap<String, #value>)
        }
        Shape::Alias(target) => type_of(cx, *target),
        shape => scalar(cx, shape),
    }
}

/// The type of a part that is held in place, boxed if the holder is inside it.
pub(super) fn held(cx: &Cx<'_>, holder: ShapeId, part: ShapeId) -> TokenStream {
    let part = cx.contract.shapes.resolve(part);
    let plain = type_of(cx, part);
    // The box goes around the value, inside of an `Option`.
    let is_option = matches!(cx.contract.shapes.get(part).shape, Shape::Nullable(_));
    if cx.boxed.contains(&(holder, part)) && !is_option { quote!(Box<#plain>) } else { plain }
}

/// The type of a struct's field.
pub(super) fn field_type(cx: &Cx<'_>, holder: ShapeId, field: &Field) -> TokenStream {
    let plain = held(cx, holder, field.shape);
    if field.required { plain } else { quote!(Option<#plain>) }
}

fn scalar(cx: &Cx<'_>, shape: &Shape) -> TokenStream {
    match shape {
        Shape::Null => quote!(()),
        Shape::Boolean => quote!(bool),
        Shape::Integer(Integer::I32) => quote!(i32),
        Shape::Integer(Integer::I64 | Integer::Plain) => quote!(i64),
        Shape::Integer(Integer::U64) => quote!(u64),
        Shape::Number(Number::Double) => quote!(f64),
        Shape::Number(Number::Decimal) => quote!(v1::Decimal),
        Shape::Text(text) => self::text(cx, *text),
        Shape::Literals { base, .. } => scalar(cx, base),
        Shape::Never => quote!(v1::Never),
        // `Any`, `Dynamic`; items of their own are named.
        _ => quote!(v1::Json<'static>),
    }
}

fn text(cx: &Cx<'_>, text: Text) -> TokenStream {
    let Text::Format(format) = text else { return quote!(String) };
    if let Some(chosen) = cx.format(format) {
        return quote!(#chosen);
    }
    match format {
        Format::Decimal => quote!(v1::DecimalString),
        // Texts that stand for something else; they stay the texts that they are.
        Format::DateTime => quote!(v1::DateTime),
        Format::Date => quote!(v1::Date),
        Format::Uuid => quote!(v1::Uuid),
        Format::Byte => quote!(v1::Base64),
        _ => quote!(String),
    }
}

/// Whether values of a shape are plain texts: a `String`, and nothing else.
pub(crate) fn is_string(cx: &Cx<'_>, shape: &Shape) -> bool {
    match shape {
        Shape::Text(text) => self::text(cx, *text).to_string() == "String",
        _ => false,
    }
}
