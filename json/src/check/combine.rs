//! `allOf`, `anyOf`, `oneOf`, `not`, `if`, the boolean schemas, and a reference to another schema.
//!
//! When no branch of a union passes, the violation reported is that of the branch which the value
//! was most probably meant for: one whose `const` matched, before one that failed somewhere
//! inside, before one whose own `const` or `enum` did not match, before one for another type of
//! value; among equals the one that got deepest, among those the first.

use super::violation::{Shown, fail};
use super::{Check, Checked, Violation, guard};
use crate::Json;

/// The schema `true`: passes everything.
pub fn anything(_: &Json<'_>) -> Checked {
    Ok(())
}

/// The schema `false`: passes nothing.
pub fn nothing(value: &Json<'_>) -> Checked {
    fail("false", format_args!("expected nothing, got {}", Shown(value)))
}

impl Json<'_> {
    /// The check of another schema (`$ref`), with the nesting counted.
    pub fn check(&self, check: Check) -> Checked {
        guard::enter(check, self)
    }

    /// `allOf`: every branch passes (validation §6.7.1).
    pub fn all_of(&self, branches: &[Check]) -> Checked {
        branches.iter().try_for_each(|branch| guard::enter(*branch, self))
    }

    /// `anyOf`: at least one branch passes (validation §6.7.2).
    pub fn any_of(&self, branches: &[Check]) -> Checked {
        for branch in branches {
            if guard::passes(*branch, self)? {
                return Ok(());
            }
        }
        Err(self.closest("anyOf", branches))
    }

    /// `oneOf`: exactly one branch passes (validation §6.7.3).
    pub fn one_of(&self, branches: &[Check]) -> Checked {
        let mut passed = None;
        for (at, branch) in branches.iter().enumerate() {
            if !guard::passes(*branch, self)? {
                continue;
            }
            if let Some(first) = passed {
                let (count, first, second) = (branches.len(), first + 1, at + 1);
                return fail(
                    "oneOf",
                    format_args!(
                        "expected exactly 1 of {count} branches to match, {first} and {second} do"
                    ),
                );
            }
            passed = Some(at);
        }
        match passed {
            Some(_) => Ok(()),
            None => Err(self.closest("oneOf", branches)),
        }
    }

    /// `not`: the schema does not pass (validation §6.7.4).
    pub fn not(&self, check: Check) -> Checked {
        if guard::passes(check, self)? {
            return fail("not", format_args!("{} is what it must not be", Shown(self)));
        }
        Ok(())
    }

    /// `if`, `then`, `else` (validation §6.6): [`anything`] stands for one that is absent.
    pub fn if_then_else(&self, condition: Check, then: Check, otherwise: Check) -> Checked {
        guard::enter(if guard::passes(condition, self)? { then } else { otherwise }, self)
    }

    /// The violation of the branch that the value was most probably meant for, none of which
    /// passes.
    #[cold]
    fn closest(&self, rule: &'static str, branches: &[Check]) -> Violation {
        if guard::probing() {
            return Violation::new(rule, format_args!(""));
        }
        let mut best: Option<(Closeness, Violation)> = None;
        for branch in branches {
            let (outcome, matched) = guard::with_match(*branch, self);
            let Err(violation) = outcome else { continue };
            if violation.is_fatal() {
                return violation;
            }
            let closeness = Closeness::of(&violation, matched);
            if best.as_ref().is_none_or(|(closest, _)| closeness > *closest) {
                best = Some((closeness, violation));
            }
        }
        let count = branches.len();
        match best {
            Some((closeness, violation)) if closeness.kin > Kin::OtherType => {
                violation.of_branches(rule, count)
            }
            _ => Violation::new(
                rule,
                format_args!(
                    "none of {count} branches takes {} {}",
                    article(self.kind()),
                    self.kind()
                ),
            ),
        }
    }
}

/// How probable it is that a branch was meant; the greater the closer.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Closeness {
    kin: Kin,
    depth: usize,
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Kin {
    /// The branch is for another type of value.
    OtherType,
    /// A constant of the value, or of one of its members, is another.
    OtherConstant,
    /// Something else inside is wrong.
    Likely,
    /// The same, and a constant matched.
    Matched,
}

impl Closeness {
    fn of(violation: &Violation, matched: bool) -> Self {
        let depth = violation.depth();
        let kin = match (matched, violation.rule(), depth) {
            (true, ..) => Kin::Matched,
            (_, "type" | "false", 0) => Kin::OtherType,
            (_, "const" | "enum", 0 | 1) => Kin::OtherConstant,
            _ => Kin::Likely,
        };
        Self { kin, depth }
    }
}

fn article(kind: &str) -> &'static str {
    if kind.starts_with(['a', 'o']) { "an" } else { "a" }
}

#[cfg(test)]
mod tests {
    use super::super::Type;
    use super::*;

    fn circle(shape: &Json<'_>) -> Checked {
        shape.is(Type::OBJECT)?;
        shape.required(&["kind", "radius"])?;
        shape.property("kind", |kind| kind.equals_string("circle"))?;
        shape.property("radius", |radius| radius.is(Type::NUMBER))
    }

    fn square(shape: &Json<'_>) -> Checked {
        shape.is(Type::OBJECT)?;
        shape.required(&["kind", "side"])?;
        shape.property("kind", |kind| kind.equals_string("square"))?;
        shape.property("side", |side| {
            side.is(Type::OBJECT)?;
            side.property("length", |length| length.is(Type::NUMBER))
        })
    }

    /// One whose `const` comes after what fails.
    fn label(shape: &Json<'_>) -> Checked {
        shape.property("side", |side| side.property("length", |length| length.is(Type::NULL)))?;
        shape.property("kind", |kind| kind.equals_string("label"))
    }

    fn union(text: &str) -> String {
        let shape = Json::parse(text).unwrap();
        let message = |checked: Checked| checked.map_or_else(|e| e.to_string(), |()| "ok".into());
        message(shape.any_of(&[nothing, label, circle, square]))
    }

    #[test]
    fn the_violation_is_that_of_the_branch_whose_const_matched() {
        assert_eq!(
            union(r#"{"kind":"circle","radius":"x","side":{"length":1}}"#),
            "/radius: type: expected number, got string (the closest of 4 anyOf branches)"
        );
        assert_eq!(
            union(r#"{"kind":"square","side":{"length":"x"}}"#),
            "/side/length: type: expected number, got string (the closest of 4 anyOf branches)"
        );
        assert_eq!(union(r#"{"kind":"square","side":{"length":1}}"#), "ok");
    }

    #[test]
    fn without_a_match_it_is_that_of_the_branch_which_got_deepest() {
        assert_eq!(
            union(r#"{"kind":"circle"}"#),
            "required: expected a property \"radius\" (the closest of 4 anyOf branches)",
        );
        assert_eq!(
            Json::from(true)
                .any_of(&[|v| v.is(Type::NULL), |v| v.is(Type::STRING)])
                .unwrap_err()
                .to_string(),
            "anyOf: none of 2 branches takes a boolean"
        );
        assert!(Json::Null.any_of(&[]).is_err());
    }

    #[test]
    fn exactly_one_means_one() {
        let number = Json::from(6);
        let even: Check = |n| n.multiple_of(&crate::Number::from(2));
        let triple: Check = |n| n.multiple_of(&crate::Number::from(3));
        assert_eq!(
            number.one_of(&[nothing, even, triple]).unwrap_err().to_string(),
            "oneOf: expected exactly 1 of 3 branches to match, 2 and 3 do"
        );
        assert!(Json::from(4).one_of(&[even, triple]).is_ok());
        assert_eq!(
            Json::from(5).one_of(&[even, triple]).unwrap_err().to_string(),
            "multipleOf: expected a multiple of 2, got 5 (the closest of 2 oneOf branches)"
        );
        assert!(number.all_of(&[even, triple]).is_ok() && number.all_of(&[even, nothing]).is_err());
        assert_eq!(number.not(even).unwrap_err().to_string(), "not: 6 is what it must not be");
        assert!(number.if_then_else(even, triple, nothing).is_ok());
        assert!(Json::from(5).if_then_else(even, triple, nothing).is_err());
    }
}
