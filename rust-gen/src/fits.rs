//! `Payload::fits`: what a type cannot express but is cheap to see on a value in hand.
//!
//! Bounds of numbers, lengths and patterns of texts, lengths of lists. What costs more is left to the
//! check of the tree, and the shape is not exact.

use std::collections::HashSet;

use contract::schema::shape::{Integer, Number, Rest, Struct, Text};
use contract::schema::{Format, Rule, SchemaId, Shape, ShapeId};
use proc_macro2::TokenStream;
use quote::quote;

use crate::Cx;
use crate::types::field_idents;

/// Named types whose `fits` looks at something: the least set that holds what is bounded, and what
/// holds such a type.
pub(crate) fn fitting(cx: &Cx<'_>) -> HashSet<ShapeId> {
    let mut fitting: HashSet<ShapeId> = HashSet::new();
    loop {
        let more: Vec<ShapeId> = cx
            .contract
            .shapes
            .iter()
            .map(|(id, _)| id)
            .filter(|id| !fitting.contains(id) && cx.contract.names.type_of(*id).is_some())
            .filter(|id| looks(cx, *id, &fitting))
            .collect();
        if more.is_empty() {
            return fitting;
        }
        fitting.extend(more);
    }
}

/// Whether a named type has something to look at.
fn looks(cx: &Cx<'_>, id: ShapeId, fitting: &HashSet<ShapeId>) -> bool {
    if !of_unknown(cx, id).is_empty() {
        return true;
    }
    match &cx.contract.shapes.get(id).shape {
        Shape::Enum(_) => false,
        Shape::List(_) | Shape::Map(_) => {
            !scalar_rules(cx, cx.contract.shapes.get(id).schema).is_empty()
                || cx.contract.shapes.parts(id).iter().any(|part| part_looks(cx, *part, fitting))
        }
        _ => cx.contract.shapes.parts(id).iter().any(|part| part_looks(cx, *part, fitting)),
    }
}

fn part_looks(cx: &Cx<'_>, part: ShapeId, fitting: &HashSet<ShapeId>) -> bool {
    let id = cx.contract.shapes.resolve(part);
    if cx.replacement(id).is_some() {
        return false;
    }
    if cx.contract.names.type_of(id).is_some() {
        return fitting.contains(&id);
    }
    match &cx.contract.shapes.get(id).shape {
        Shape::Nullable(inner) | Shape::Map(inner) => part_looks(cx, *inner, fitting),
        Shape::List(inner) => {
            part_looks(cx, *inner, fitting)
                || !scalar_rules(cx, cx.contract.shapes.get(id).schema).is_empty()
        }
        // A double may be no number at all.
        Shape::Number(Number::Double) => true,
        Shape::Integer(_) | Shape::Number(_) | Shape::Text(_) => {
            !scalar_rules(cx, cx.contract.shapes.get(id).schema).is_empty()
        }
        _ => false,
    }
}

/// The rules about scalars and lengths that hold for a schema, those of its references included.
fn scalar_rules<'c>(cx: &Cx<'c>, schema: SchemaId) -> Vec<&'c Rule> {
    let rules = cx.contract.schemas.together(schema);
    rules
        .into_iter()
        .filter(|rule| match rule {
            Rule::Format(format) => !matches!(
                format,
                Format::Float
                    | Format::Double
                    | Format::Binary
                    | Format::Decimal
                    | Format::Int32
                    | Format::Int64
            ),
            rule => matches!(
                rule,
                Rule::Minimum(_)
                    | Rule::ExclusiveMinimum(_)
                    | Rule::Maximum(_)
                    | Rule::ExclusiveMaximum(_)
                    | Rule::MultipleOf(_)
                    | Rule::MinLength(_)
                    | Rule::MaxLength(_)
                    | Rule::Pattern(_)
                    | Rule::MinItems(_)
                    | Rule::MaxItems(_)
            ),
        })
        .collect()
}

/// The method, if it says more than the trait's default.
pub(crate) fn method(cx: &Cx<'_>, id: ShapeId) -> TokenStream {
    if !cx.fitting.contains(&id) {
        return TokenStream::new();
    }
    let entry = cx.contract.shapes.get(id);
    let body = match &entry.shape {
        Shape::Enum(_) => all(of_unknown(cx, id)),
        Shape::Struct(shape) => {
            let mut parts: Vec<TokenStream> = shape
                .fields
                .iter()
                .zip(field_idents(cx, id, shape))
                .filter(|(field, _)| field.constant.is_none())
                .filter_map(|(field, ident)| {
                    of_member(cx, field.shape, field.required, quote!(self.#ident))
                })
                .collect();
            if let Rest::Typed(rest) = shape.rest
                && !has_kept_constants(cx, id, shape)
            {
                parts.extend(of_each(cx, rest, &quote!(self.extra.values())));
            }
            parts.extend(of_unknown(cx, id));
            all(parts)
        }
        Shape::Tuple(shape) => {
            let parts = shape.items.iter().enumerate().filter_map(|(at, item)| {
                let index = syn::Index::from(at);
                of_member(cx, *item, at < shape.required, quote!(self.#index))
            });
            let mut parts: Vec<TokenStream> = parts.collect();
            if let Rest::Typed(rest) = shape.rest {
                let index = syn::Index::from(shape.items.len());
                parts.extend(of_each(cx, rest, &quote!(self.#index.iter())));
            }
            parts.extend(of_unknown(cx, id));
            all(parts)
        }
        Shape::Union(shape) => {
            let name = crate::ident::ident(cx.contract.names.type_of(id).unwrap_or_default());
            let idents = crate::types::variant_idents(cx, &name, shape);
            let unknown = crate::types::unknown_branch(&idents);
            let arms = shape.branches.iter().zip(idents).filter_map(|(branch, ident)| {
                let fits = of_value(cx, branch.shape, &Place::variable())?;
                Some(quote!(Self::#ident(value) => #fits,))
            });
            let arms: Vec<TokenStream> = arms.collect();
            let unknown = cx.is_open(id).then(|| quote!(Self::#unknown(_)));
            if let ([], Some(unknown)) = (&arms[..], &unknown) {
                return fits_method(cx, &quote!(!matches!(self, #unknown)));
            }
            let unknown = unknown.map(|pattern| quote!(#pattern => false,));
            let others = (arms.len() < shape.branches.len()).then(|| quote!(_ => true,));
            quote!(match self { #(#arms)* #unknown #others })
        }
        Shape::List(item) => {
            let mut parts = lengths(cx, entry.schema, &quote!(self.0));
            parts.extend(of_each(cx, *item, &quote!(self.0.iter())));
            all(parts)
        }
        Shape::Map(value) => {
            of_each(cx, *value, &quote!(self.0.values())).unwrap_or_else(|| quote!(true))
        }
        _ => quote!(true),
    };
    fits_method(cx, &body)
}

fn fits_method(cx: &Cx<'_>, body: &TokenStream) -> TokenStream {
    let allow = &cx.allow_deprecated;
    quote! {
        #allow
        fn fits(&self) -> bool {
            #body
        }
    }
}

/// Whether constants of a struct that differ are kept beside its other properties, as any JSON.
fn has_kept_constants(cx: &Cx<'_>, id: ShapeId, shape: &Struct) -> bool {
    cx.is_open(id) && shape.fields.iter().any(|field| field.constant.is_some())
}

/// What tells that a value of an open type holds nothing that the contract does not know.
fn of_unknown(cx: &Cx<'_>, id: ShapeId) -> Vec<TokenStream> {
    if !cx.is_open(id) {
        return Vec::new();
    }
    match &cx.contract.shapes.get(id).shape {
        Shape::Enum(shape) => {
            let unknown = crate::types::unknown_text(shape);
            vec![quote!(!matches!(self, Self::#unknown(_)))]
        }
        Shape::Struct(shape)
            if shape.rest == Rest::Closed
                || matches!(shape.rest, Rest::Typed(_)) && has_kept_constants(cx, id, shape) =>
        {
            vec![quote!(self.extra.is_empty())]
        }
        Shape::Struct(shape) => {
            let constants = shape.fields.iter().filter(|field| field.constant.is_some());
            constants
                .map(|field| {
                    let name = &field.name;
                    quote!(!self.extra.contains_key(#name))
                })
                .collect()
        }
        Shape::Tuple(shape) if shape.rest == Rest::Closed => {
            let index = syn::Index::from(shape.items.len());
            vec![quote!(self.#index.is_empty())]
        }
        // Said with the branches.
        Shape::Union(_) => vec![TokenStream::new()],
        _ => Vec::new(),
    }
}

fn all(parts: Vec<TokenStream>) -> TokenStream {
    if parts.is_empty() {
        quote!(true)
    } else if parts.iter().any(|part| part.to_string() == "false") {
        quote!(false)
    } else {
        quote!(#(#parts)&&*)
    }
}

/// Where a value is: in a place, or behind the reference of a variable.
pub(crate) struct Place {
    expression: TokenStream,
    is_reference: bool,
}

impl Place {
    /// A field.
    pub(crate) fn field(expression: TokenStream) -> Self {
        Self { expression, is_reference: false }
    }

    /// A reference called `value`.
    pub(crate) fn variable() -> Self {
        Self { expression: quote!(value), is_reference: true }
    }

    /// A reference to the value.
    fn reference(&self) -> TokenStream {
        let expression = &self.expression;
        if self.is_reference { quote!(#expression) } else { quote!(&#expression) }
    }

    /// The value itself, if it can be copied.
    fn copied(&self) -> TokenStream {
        let expression = &self.expression;
        if self.is_reference { quote!(*#expression) } else { quote!(#expression) }
    }
}

/// A call of a function for a value, as a function for a reference to it: `|value| f(value)` is `f`.
fn function(body: &TokenStream) -> TokenStream {
    let call = quote!(v1::Payload::fits(value));
    if body.to_string() == call.to_string() {
        quote!(v1::Payload::fits)
    } else if body.to_string() == "false" {
        quote!(|_| false)
    } else {
        quote!(|value| #body)
    }
}

/// A field, an item of a tuple: in place, or an option of it.
pub(crate) fn of_member(
    cx: &Cx<'_>,
    shape: ShapeId,
    required: bool,
    place: TokenStream,
) -> Option<TokenStream> {
    if required {
        return of_value(cx, shape, &Place::field(place));
    }
    let value = of_value(cx, shape, &Place::variable())?;
    if value.to_string() == "false" {
        return Some(quote!(#place.is_none()));
    }
    let each = function(&value);
    Some(quote!(#place.as_ref().is_none_or(#each)))
}

/// All values of an iterator.
fn of_each(cx: &Cx<'_>, shape: ShapeId, values: &TokenStream) -> Option<TokenStream> {
    let each = function(&of_value(cx, shape, &Place::variable())?);
    Some(quote!(#values.all(#each)))
}

/// What a look at a payload that has no `Payload` of its own can tell: a pattern for the reference to it,
/// and an expression.
pub(crate) fn of_payload(cx: &Cx<'_>, shape: ShapeId) -> (TokenStream, TokenStream) {
    match of_value(cx, shape, &Place::variable()) {
        Some(body) => (quote!(value), body),
        None => (quote!(_), quote!(true)),
    }
}

/// An expression about a value of a shape; `None` if there is nothing to see.
fn of_value(cx: &Cx<'_>, shape: ShapeId, place: &Place) -> Option<TokenStream> {
    let id = cx.contract.shapes.resolve(shape);
    if cx.replacement(id).is_some() {
        return None;
    }
    let value = &place.expression;
    let reference = place.reference();
    if cx.contract.names.type_of(id).is_some() {
        return cx.fitting.contains(&id).then(|| quote!(v1::Payload::fits(#reference)));
    }
    let entry = cx.contract.shapes.get(id);
    match &entry.shape {
        Shape::Nullable(inner) => of_member(cx, *inner, false, value.clone()),
        Shape::List(item) => {
            let mut parts = lengths(cx, entry.schema, value);
            parts.extend(of_each(cx, *item, &quote!(#value.iter())));
            (!parts.is_empty()).then(|| all(parts))
        }
        Shape::Map(inner) => of_each(cx, *inner, &quote!(#value.values())),
        Shape::Integer(kind) => integers(cx, entry.schema, *kind, &place.copied()),
        Shape::Number(Number::Double) => doubles(cx, entry.schema, place),
        Shape::Number(Number::Decimal) => {
            let check = scalar_check(cx, entry.schema)?;
            Some(quote!(v1::decimal_fits(#reference, #check)))
        }
        Shape::Text(text) => {
            if let Text::Format(format) = text
                && cx.format(*format).is_some()
            {
                return None;
            }
            let check = scalar_check(cx, entry.schema)?;
            let text = match text {
                Text::Format(Format::Decimal) => quote!(#value.as_str()),
                _ => reference,
            };
            Some(quote!(v1::text_fits(#text, #check)))
        }
        _ => None,
    }
}

/// The check of a scalar, for values that are cheap to show it.
fn scalar_check(cx: &Cx<'_>, schema: SchemaId) -> Option<TokenStream> {
    (!scalar_rules(cx, schema).is_empty()).then(|| crate::checks::expression(cx, schema))
}

fn lengths(cx: &Cx<'_>, schema: SchemaId, value: &TokenStream) -> Vec<TokenStream> {
    let literal = |count: u64| {
        proc_macro2::Literal::usize_unsuffixed(usize::try_from(count).unwrap_or(usize::MAX))
    };
    scalar_rules(cx, schema)
        .into_iter()
        .filter_map(|rule| match rule {
            Rule::MinItems(0) => None,
            Rule::MinItems(1) => Some(quote!(!#value.is_empty())),
            Rule::MinItems(count) => {
                let count = literal(*count);
                Some(quote!(#value.len() >= #count))
            }
            Rule::MaxItems(count) => {
                let count = literal(*count);
                Some(quote!(#value.len() <= #count))
            }
            _ => None,
        })
        .collect()
}

/// Integers are compared as integers; a bound that is none is left to the check.
fn integers(
    cx: &Cx<'_>,
    schema: SchemaId,
    kind: Integer,
    value: &TokenStream,
) -> Option<TokenStream> {
    let mut parts = Vec::new();
    for rule in scalar_rules(cx, schema) {
        let (bound, operator) = match rule {
            Rule::Minimum(bound) => (bound, quote!(>=)),
            Rule::ExclusiveMinimum(bound) => (bound, quote!(>)),
            Rule::Maximum(bound) => (bound, quote!(<=)),
            Rule::ExclusiveMaximum(bound) => (bound, quote!(<)),
            Rule::MultipleOf(divisor) => {
                match divisor.to_i64().filter(|divisor| *divisor > 0 && kind != Integer::I32) {
                    Some(1) => {}
                    Some(divisor) => {
                        let divisor = proc_macro2::Literal::i64_unsuffixed(divisor);
                        parts.push(quote!(#value % #divisor == 0));
                    }
                    None => parts.push(quote!(false)),
                }
                continue;
            }
            _ => continue,
        };
        match bound.to_i128() {
            Some(bound) => {
                let (low, high) = match kind {
                    Integer::I32 => (i128::from(i32::MIN), i128::from(i32::MAX)),
                    Integer::I64 | Integer::Plain => (i128::from(i64::MIN), i128::from(i64::MAX)),
                    Integer::U64 => (0, i128::from(u64::MAX)),
                };
                // A bound outside of the type's range holds always or never.
                let below = bound < low || bound == low && operator.to_string() == ">=";
                let above = bound > high || bound == high && operator.to_string() == "<=";
                let is_lower = operator.to_string().starts_with('>');
                if below || above {
                    if is_lower != below {
                        parts.push(quote!(false));
                    }
                    continue;
                }
                let bound = proc_macro2::Literal::i128_unsuffixed(bound);
                parts.push(quote!(#value #operator #bound));
            }
            None => parts.push(quote!(false)),
        }
    }
    (!parts.is_empty()).then(|| all(parts))
}

/// Doubles are finite, as JSON has no notation for others, and compared with the bound as a double. Where
/// they are equal, the text may still differ: that is left to the check.
fn doubles(cx: &Cx<'_>, schema: SchemaId, place: &Place) -> Option<TokenStream> {
    let value = &place.expression;
    let copied = place.copied();
    let mut parts = vec![quote!(#value.is_finite())];
    for rule in scalar_rules(cx, schema) {
        let (bound, operator) = match rule {
            Rule::Minimum(bound) | Rule::ExclusiveMinimum(bound) => (bound, quote!(>)),
            Rule::Maximum(bound) | Rule::ExclusiveMaximum(bound) => (bound, quote!(<)),
            Rule::MultipleOf(_) => {
                parts.push(quote!(false));
                continue;
            }
            _ => continue,
        };
        match bound.to_f64().filter(|bound| bound.is_finite()) {
            Some(bound) => {
                let bound = proc_macro2::Literal::f64_unsuffixed(bound);
                parts.push(quote!(#copied #operator #bound));
            }
            None => parts.push(quote!(false)),
        }
    }
    Some(all(parts))
}
