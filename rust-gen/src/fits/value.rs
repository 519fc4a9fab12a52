//! What a look at one value tells, wherever the value is.
//!
//! In: a shape and an expression for a value of it. Out: a condition, or nothing where there is nothing to
//! see.

use contract::schema::shape::{Number, Text};
use contract::schema::{Format, SchemaId, Shape, ShapeId};
use proc_macro2::TokenStream;
use quote::quote;

use super::bounds::{doubles, integers, lengths};
use super::look::Look;
use super::scalar_rules;
use crate::Cx;
use crate::checks;

/// How a value is reached: in a field, or behind a reference.
pub(super) struct Value {
    pub(super) expression: TokenStream,
    is_reference: bool,
}

impl Value {
    /// A field.
    pub(super) fn field(expression: TokenStream) -> Self {
        Self { expression, is_reference: false }
    }

    /// A reference called `value`.
    pub(super) fn reference() -> Self {
        Self { expression: quote!(value), is_reference: true }
    }

    /// A reference to the value.
    fn borrowed(&self) -> TokenStream {
        let expression = &self.expression;
        if self.is_reference { quote!(#expression) } else { quote!(&#expression) }
    }

    /// The value itself, if it can be copied.
    pub(super) fn copied(&self) -> TokenStream {
        let expression = &self.expression;
        if self.is_reference { quote!(*#expression) } else { quote!(#expression) }
    }
}

/// A field, an item of a tuple: in place, or an option of it.
pub(super) fn of_member(
    cx: &Cx<'_>,
    shape: ShapeId,
    required: bool,
    place: TokenStream,
) -> Option<Look> {
    if required {
        return of_value(cx, shape, &Value::field(place));
    }
    let value = of_value(cx, shape, &Value::reference())?;
    Some(Look::If(match value {
        Look::Never => quote!(#place.is_none()),
        look => {
            let each = look.function();
            quote!(#place.as_ref().is_none_or(#each))
        }
    }))
}

/// All values of an iterator.
pub(super) fn of_each(cx: &Cx<'_>, shape: ShapeId, values: &TokenStream) -> Option<Look> {
    let each = of_value(cx, shape, &Value::reference())?.function();
    Some(Look::If(quote!(#values.all(#each))))
}

/// What a look at a payload that has no `Payload` of its own can tell: a pattern for the reference to it,
/// and an expression.
pub(crate) fn of_payload(cx: &Cx<'_>, shape: ShapeId) -> (TokenStream, TokenStream) {
    match of_value(cx, shape, &Value::reference()) {
        Some(look) => (quote!(value), look.condition()),
        None => (quote!(_), quote!(true)),
    }
}

/// An expression about a value of a shape; `None` if there is nothing to see.
pub(super) fn of_value(cx: &Cx<'_>, shape: ShapeId, value: &Value) -> Option<Look> {
    let id = cx.contract.shapes.resolve(shape);
    if cx.replacement(id).is_some() {
        return None;
    }
    let (place, reference) = (&value.expression, value.borrowed());
    if cx.contract.names.type_of(id).is_some() {
        return cx.fitting.contains(&id).then_some(Look::Payload(reference));
    }
    let entry = cx.contract.shapes.get(id);
    match &entry.shape {
        Shape::Nullable(inner) => of_member(cx, *inner, false, place.clone()),
        Shape::List(item) => {
            let mut parts = lengths(cx, entry.schema, place);
            parts.extend(of_each(cx, *item, &quote!(#place.iter())));
            Look::all(parts)
        }
        Shape::Map(inner) => of_each(cx, *inner, &quote!(#place.values())),
        Shape::Integer(kind) => integers(cx, entry.schema, *kind, &value.copied()),
        Shape::Number(Number::Double) => doubles(cx, entry.schema, value),
        Shape::Number(Number::Decimal) => {
            let check = scalar_check(cx, entry.schema)?;
            Some(Look::If(quote!(v1::decimal_fits(#reference, #check))))
        }
        Shape::Text(text) => {
            if let Text::Format(format) = text
                && cx.format(*format).is_some()
            {
                return None;
            }
            let check = scalar_check(cx, entry.schema)?;
            let text = match text {
                Text::Format(Format::Decimal) => quote!(#place.as_str()),
                _ => reference,
            };
            Some(Look::If(quote!(v1::text_fits(#text, #check))))
        }
        _ => None,
    }
}

/// The check of a scalar, for values that are cheap to show it.
fn scalar_check(cx: &Cx<'_>, schema: SchemaId) -> Option<TokenStream> {
    (!scalar_rules(cx, schema).is_empty()).then(|| checks::expression(cx, schema))
}
