//! Calls of the runtime's rules, laid out.

use contract::schema::{Type, Types};
use json::{Json, Number};

use crate::ident;
use crate::layout::{Doc, braced, concat, group, indent, join, list, table, text};
use crate::runtime::{self, Symbol, of};

/// What is checked, everywhere.
const VALUE: &str = "value";

/// The check of a schema, where a function is wanted.
pub(super) enum Checker {
    /// A function that has a name.
    Named(Doc),
    /// Calls in place, of which all must pass.
    Calls(Vec<Doc>),
    /// Nothing is demanded.
    Anything,
}

impl Checker {
    /// Whether nothing is demanded.
    pub(super) fn is_anything(&self) -> bool {
        matches!(self, Self::Anything)
    }

    /// As an item of a list.
    pub(super) fn doc(self) -> Doc {
        match self {
            Self::Named(name) => name,
            Self::Anything => of(&runtime::ANYTHING),
            Self::Calls(calls) => {
                group([text(format!("({VALUE}) =>")), indent([Doc::Line, chain(calls)])])
            }
        }
    }
}

/// `a ?? b ?? c`
pub(super) fn chain(calls: Vec<Doc>) -> Doc {
    group([join(calls, &concat([text(" ??"), Doc::Line]))])
}

/// `name(value, arguments)`
pub(super) fn call(name: &'static Symbol, arguments: Vec<Doc>) -> Doc {
    let mut all = vec![text(VALUE)];
    all.extend(arguments);
    concat([of(name), list("(", all, ")")])
}

/// The same with a list at the end, which breaks instead of the call.
fn hugging(name: &'static Symbol, last: Doc) -> Doc {
    concat([of(name), text(format!("({VALUE}, ")), last, text(")")])
}

/// `name(value, first, check)`: one call in place begins behind the arrow, several below it.
pub(super) fn checking(name: &'static Symbol, first: Vec<Doc>, check: Checker) -> Doc {
    match check {
        Checker::Calls(mut calls) if calls.len() == 1 => {
            let mut head = vec![of(name), text(format!("({VALUE}, "))];
            head.extend(first.into_iter().flat_map(|argument| [argument, text(", ")]));
            head.push(text(format!("({VALUE}) =>")));
            let body = concat(calls.pop());
            let end = [Doc::Either { broken: ",", flat: "" }, Doc::SoftLine, text(")")];
            group(head.into_iter().chain([indent([Doc::Line, body])]).chain(end))
        }
        check => call(name, first.into_iter().chain([check.doc()]).collect()),
    }
}

/// `property(value, "name", check)`
pub(super) fn property(name: &str, check: Checker) -> Doc {
    checking(&runtime::PROPERTY, vec![text(ident::string(name))], check)
}

/// `follow(value, check)`
pub(super) fn follow(check: Doc) -> Doc {
    call(&runtime::FOLLOW, vec![check])
}

/// `name(value, [check, check])`
pub(super) fn branches(name: &'static Symbol, branches: Vec<Checker>) -> Doc {
    hugging(name, list("[", branches.into_iter().map(Checker::doc).collect(), "]"))
}

/// `openUnion(value, "tag", [[["a"], check], [["b"], check]])`
pub(super) fn open_union(tag: &str, branches: Vec<Doc>) -> Doc {
    let tag = text(ident::string(tag));
    let head = [of(&runtime::OPEN_UNION), text(format!("({VALUE}, ")), tag, text(", ")];
    concat(head.into_iter().chain([table(branches), text(")")]))
}

/// `name(value, ["a", "b"])`
pub(super) fn names(name: &'static Symbol, names: &[&str]) -> Doc {
    hugging(name, strings(names))
}

/// `["a", "b"]`
pub(super) fn strings(texts: &[&str]) -> Doc {
    list("[", texts.iter().map(|each| text(ident::string(each))).collect(), "]")
}

/// `is(value, "string", "null")`
pub(super) fn is(types: Types) -> Doc {
    let names = types.iter().map(Type::name);
    call(&runtime::IS, names.map(|name| text(ident::string(name))).collect())
}

/// `equals(value, constant)`
pub(super) fn constant(value: &Json<'_>) -> Doc {
    match value {
        Json::Array(_) | Json::Object(_) => hugging(&runtime::EQUALS, literal(value)),
        _ => call(&runtime::EQUALS, vec![literal(value)]),
    }
}

/// `among(value, [constants])`
pub(super) fn among(values: &[Json<'_>]) -> Doc {
    hugging(&runtime::AMONG, list("[", values.iter().map(literal).collect(), "]"))
}

/// `minimum(value, 0)`: the bound as a number if JavaScript prints it as it was written, else its text.
pub(super) fn bound(name: &'static Symbol, bound: &Number<'_>) -> Doc {
    let digits = bound.as_str();
    call(name, vec![text(faithful(bound).unwrap_or_else(|| ident::string(digits)))])
}

/// `minLength(value, 1)`
pub(super) fn count(name: &'static Symbol, count: u64) -> Doc {
    call(name, vec![text(count.to_string())])
}

/// A constant of the contract, whose numbers keep their digits.
fn literal(value: &Json<'_>) -> Doc {
    match value {
        Json::Number(number) => match faithful(number) {
            Some(digits) => text(digits),
            None => {
                let digits = text(ident::string(number.as_str()));
                concat([of(&runtime::EXACT), text("("), digits, text(")")])
            }
        },
        Json::Array(items) => list("[", items.iter().map(literal).collect(), "]"),
        Json::Object(members) => braced(
            members
                .iter()
                .map(|(name, value)| crate::writer::entry(name, literal(value)))
                .collect(),
        ),
        scalar => ident::literal(scalar),
    }
}

/// The text of a number, if a `number` of JavaScript is printed with the very same digits.
fn faithful(number: &Number<'_>) -> Option<String> {
    let double = number.to_f64()?;
    // Outside of this range JavaScript prints an exponent (ECMA-262, Number::toString).
    let is_plain = double == 0.0 || (1e-6..1e21).contains(&double.abs());
    let text = format!("{double}");
    (is_plain && text == number.as_str() && text != "-0").then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_written_as_one_if_its_digits_survive() {
        let shown = |text: &str| faithful(&Number::parse(text).unwrap());
        for kept in ["0", "-1", "0.0001", "9007199254740992", "1.5", "100000000000000000000"] {
            assert_eq!(shown(kept).as_deref(), Some(kept));
        }
        let lost = ["-0", "1.0", "1.50", "1e2", "9007199254740993", "0.1000000000000000000001"];
        for lost in lost.into_iter().chain(["0.0000001", "1000000000000000000000", "1e999"]) {
            assert_eq!(shown(lost), None, "{lost}");
        }
    }
}
