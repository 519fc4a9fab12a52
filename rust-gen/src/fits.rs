//! `Payload::fits`: what a type cannot express but is cheap to see on a value in hand.
//!
//! Bounds of numbers, lengths and patterns of texts, lengths of lists. What costs more is left to the
//! check of the tree, and the shape is not exact.

use std::collections::HashSet;

use contract::schema::shape::{Field, Integer, Number, Rest};
use contract::schema::{Rule, SchemaId, Shape, ShapeId};
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
                contract::schema::Format::Float
                    | contract::schema::Format::Double
                    | contract::schema::Format::Binary
                    | contract::schema::Format::Decimal
                    | contract::schema::Format::Int32
                    | contract::schema::Format::Int64
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
        Shape::Struct(shape) => {
            let mut parts: Vec<TokenStream> = shape
                .fields
                .iter()
                .zip(field_idents(shape))
                .filter(|(field, _)| field.constant.is_none())
                .filter_map(|(field, ident)| of_field(cx, field, &quote!(self.#ident)))
                .collect();
            if let Rest::Typed(rest) = shape.rest
                && let Some(each) = of_value(cx, rest, &Place::borrowed())
            {
                parts.push(quote!(self.extra.values().all(|value| #each)));
            }
            all(parts)
        }
        Shape::Tuple(shape) => {
            let parts = shape.items.iter().enumerate().filter_map(|(at, item)| {
                let index = syn::Index::from(at);
                if at < shape.required {
                    of_value(cx, *item, &Place::Owned(quote!(self.#index)))
                } else {
                    let inner = of_value(cx, *item, &Place::borrowed())?;
                    Some(quote!(self.#index.as_ref().is_none_or(|value| #inner)))
                }
            });
            let mut parts: Vec<TokenStream> = parts.collect();
            if let Rest::Typed(rest) = shape.rest
                && let Some(each) = of_value(cx, rest, &Place::borrowed())
            {
                let index = syn::Index::from(shape.items.len());
                parts.push(quote!(self.#index.iter().all(|value| #each)));
            }
            all(parts)
        }
        Shape::Union(shape) => {
            let name = crate::ident::ident(cx.contract.names.type_of(id).unwrap_or_default());
            let idents = crate::types::variant_idents(cx, &name, shape);
            let arms = shape.branches.iter().zip(idents).filter_map(|(branch, ident)| {
                let fits = of_value(cx, branch.shape, &Place::borrowed())?;
                Some(quote!(Self::#ident(value) => #fits,))
            });
            let arms: Vec<TokenStream> = arms.collect();
            let others = (arms.len() < shape.branches.len()).then(|| quote!(_ => true,));
            quote!(match self { #(#arms)* #others })
        }
        Shape::List(item) => {
            let mut parts = lengths(cx, entry.schema, &Place::Owned(quote!(self.0)));
            if let Some(each) = of_value(cx, *item, &Place::borrowed()) {
                parts.push(quote!(self.0.iter().all(|value| #each)));
            }
            all(parts)
        }
        Shape::Map(value) => match of_value(cx, *value, &Place::borrowed()) {
            Some(each) => quote!(self.0.values().all(|value| #each)),
            None => quote!(true),
        },
        _ => quote!(true),
    };
    let allow = &cx.allow_deprecated;
    quote! {
        #allow
        fn fits(&self) -> bool {
            #body
        }
    }
}

fn all(parts: Vec<TokenStream>) -> TokenStream {
    if parts.is_empty() { quote!(true) } else { quote!(#(#parts)&&*) }
}

fn of_field(cx: &Cx<'_>, field: &Field, place: &TokenStream) -> Option<TokenStream> {
    if field.required {
        of_value(cx, field.shape, &Place::Owned(place.clone()))
    } else {
        let inner = of_value(cx, field.shape, &Place::borrowed())?;
        Some(quote!(#place.as_ref().is_none_or(|value| #inner)))
    }
}

/// Where a value is, for the three ways in which an expression names it.
pub(crate) enum Place {
    /// A place that owns the value: `self.symbol`.
    Owned(TokenStream),
    /// A variable that borrows it: `value`.
    Borrowed(TokenStream),
}

impl Place {
    /// The parameter of a closure.
    pub(crate) fn borrowed() -> Self {
        Self::Borrowed(quote!(value))
    }

    /// Before a dot.
    fn receiver(&self) -> &TokenStream {
        let (Self::Owned(place) | Self::Borrowed(place)) = self;
        place
    }

    /// As a reference.
    fn reference(&self) -> TokenStream {
        match self {
            Self::Owned(place) => quote!(&#place),
            Self::Borrowed(place) => place.clone(),
        }
    }

    /// As the value itself, of a type that is `Copy`.
    fn value(&self) -> TokenStream {
        match self {
            Self::Owned(place) => place.clone(),
            Self::Borrowed(place) => quote!(*#place),
        }
    }
}

/// An expression about a value of a shape; `None` if there is nothing to see.
pub(crate) fn of_value(cx: &Cx<'_>, shape: ShapeId, place: &Place) -> Option<TokenStream> {
    let (receiver, reference) = (place.receiver(), place.reference());
    let id = cx.contract.shapes.resolve(shape);
    if cx.replacement(id).is_some() {
        return None;
    }
    if cx.contract.names.type_of(id).is_some() {
        return cx.fitting.contains(&id).then(|| quote!(v1::Payload::fits(#reference)));
    }
    let entry = cx.contract.shapes.get(id);
    match &entry.shape {
        Shape::Nullable(inner) => {
            let fits = of_value(cx, *inner, &Place::borrowed())?;
            Some(quote!(#receiver.as_ref().is_none_or(|value| #fits)))
        }
        Shape::List(item) => {
            let mut parts = lengths(cx, entry.schema, place);
            if let Some(each) = of_value(cx, *item, &Place::borrowed()) {
                parts.push(quote!(#receiver.iter().all(|value| #each)));
            }
            (!parts.is_empty()).then(|| all(parts))
        }
        Shape::Map(inner) => {
            let each = of_value(cx, *inner, &Place::borrowed())?;
            Some(quote!(#receiver.values().all(|value| #each)))
        }
        Shape::Integer(kind) => integers(cx, entry.schema, *kind, place),
        Shape::Number(Number::Double) => doubles(cx, entry.schema, place),
        Shape::Number(Number::Decimal) => {
            let check = scalar_check(cx, entry.schema)?;
            Some(quote!(v1::decimal_fits(#reference, #check)))
        }
        Shape::Text(_) => {
            let check = scalar_check(cx, entry.schema)?;
            Some(quote!(v1::text_fits(#reference, #check)))
        }
        _ => None,
    }
}

/// The check of a scalar, for values that are cheap to show it.
fn scalar_check(cx: &Cx<'_>, schema: SchemaId) -> Option<TokenStream> {
    (!scalar_rules(cx, schema).is_empty()).then(|| crate::checks::expression(cx, schema))
}

fn lengths(cx: &Cx<'_>, schema: SchemaId, place: &Place) -> Vec<TokenStream> {
    let value = place.receiver();
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
fn integers(cx: &Cx<'_>, schema: SchemaId, kind: Integer, place: &Place) -> Option<TokenStream> {
    let value = place.value();
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

/// Doubles are finite, as JSON has no notation for others, and compared with the bound as a double.
/// Where they are equal, the text may still differ: that is left to the check.
fn doubles(cx: &Cx<'_>, schema: SchemaId, place: &Place) -> Option<TokenStream> {
    let (receiver, value) = (place.receiver(), place.value());
    let mut parts = vec![quote!(#receiver.is_finite())];
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
                parts.push(quote!(#value #operator #bound));
            }
            None => parts.push(quote!(false)),
        }
    }
    (!parts.is_empty()).then(|| all(parts))
}
