//! Bounds of numbers and lengths, as conditions on a value in hand.
//!
//! In: rules, and an expression for a number, a text or a list. Out: a comparison for each rule.

use contract::schema::shape::Integer;
use contract::schema::{Rule, SchemaId};
use json::Number;
use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::look::Look;
use super::scalar_rules;
use super::value::Value;
use crate::Cx;
use crate::checks;

/// The bounds of a list's length.
pub(super) fn lengths(cx: &Cx<'_>, schema: SchemaId, value: &TokenStream) -> Vec<Look> {
    scalar_rules(cx, schema)
        .into_iter()
        .filter_map(|rule| match rule {
            Rule::MinItems(0) => None,
            Rule::MinItems(1) => Some(Look::If(quote!(!#value.is_empty()))),
            Rule::MinItems(count) => {
                let count = checks::count(*count);
                Some(Look::If(quote!(#value.len() >= #count)))
            }
            Rule::MaxItems(count) => {
                let count = checks::count(*count);
                Some(Look::If(quote!(#value.len() <= #count)))
            }
            _ => None,
        })
        .collect()
}

/// How a value compares with its bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Comparison {
    AtLeast,
    Above,
    AtMost,
    Below,
}

impl Comparison {
    /// The comparison that a rule asks for, and the bound.
    fn of(rule: &Rule) -> Option<(Self, &Number<'static>)> {
        Some(match rule {
            Rule::Minimum(bound) => (Self::AtLeast, bound),
            Rule::ExclusiveMinimum(bound) => (Self::Above, bound),
            Rule::Maximum(bound) => (Self::AtMost, bound),
            Rule::ExclusiveMaximum(bound) => (Self::Below, bound),
            _ => return None,
        })
    }

    fn is_lower_bound(self) -> bool {
        matches!(self, Self::AtLeast | Self::Above)
    }

    fn operator(self) -> TokenStream {
        match self {
            Self::AtLeast => quote!(>=),
            Self::Above => quote!(>),
            Self::AtMost => quote!(<=),
            Self::Below => quote!(<),
        }
    }

    /// Without the bound itself.
    fn strict(self) -> Self {
        if self.is_lower_bound() { Self::Above } else { Self::Below }
    }

    /// Whether this holds for every integer of a type or for none; `None` if it depends on the integer.
    fn over(self, bound: i128, kind: Integer) -> Option<bool> {
        let (low, high) = match kind {
            Integer::I32 => (i128::from(i32::MIN), i128::from(i32::MAX)),
            Integer::I64 | Integer::Plain => (i128::from(i64::MIN), i128::from(i64::MAX)),
            Integer::U64 => (0, i128::from(u64::MAX)),
        };
        let is_below = bound < low || bound == low && self == Self::AtLeast;
        let is_above = bound > high || bound == high && self == Self::AtMost;
        (is_below || is_above).then_some(self.is_lower_bound() == is_below)
    }
}

/// Integers are compared as integers; a bound that is none is left to the check.
pub(super) fn integers(
    cx: &Cx<'_>,
    schema: SchemaId,
    kind: Integer,
    value: &TokenStream,
) -> Option<Look> {
    let mut parts = Vec::new();
    for rule in scalar_rules(cx, schema) {
        if let Rule::MultipleOf(divisor) = rule {
            match divisor.to_i64().filter(|divisor| *divisor > 0 && kind != Integer::I32) {
                Some(1) => {}
                Some(divisor) => {
                    let divisor = Literal::i64_unsuffixed(divisor);
                    parts.push(Look::If(quote!(#value % #divisor == 0)));
                }
                None => parts.push(Look::Never),
            }
        }
        let Some((comparison, bound)) = Comparison::of(rule) else { continue };
        let Some(bound) = bound.to_i128() else {
            parts.push(Look::Never);
            continue;
        };
        match comparison.over(bound, kind) {
            Some(true) => {}
            Some(false) => parts.push(Look::Never),
            None => {
                let (operator, bound) = (comparison.operator(), Literal::i128_unsuffixed(bound));
                parts.push(Look::If(quote!(#value #operator #bound)));
            }
        }
    }
    Look::all(parts)
}

/// Doubles are finite, as JSON has no notation for others, and compared with the bound as a double. Where
/// they are equal, the text may still differ: that is left to the check.
pub(super) fn doubles(cx: &Cx<'_>, schema: SchemaId, value: &Value) -> Option<Look> {
    let (place, copied) = (&value.expression, value.copied());
    let mut parts = vec![Look::If(quote!(#place.is_finite()))];
    for rule in scalar_rules(cx, schema) {
        if let Rule::MultipleOf(_) = rule {
            parts.push(Look::Never);
        }
        let Some((comparison, bound)) = Comparison::of(rule) else { continue };
        match bound.to_f64().filter(|bound| bound.is_finite()) {
            Some(bound) => {
                let operator = comparison.strict().operator();
                let bound = Literal::f64_unsuffixed(bound);
                parts.push(Look::If(quote!(#copied #operator #bound)));
            }
            None => parts.push(Look::Never),
        }
    }
    Look::all(parts)
}
