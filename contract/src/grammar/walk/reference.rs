//! References: what they lead to must be what belongs in their place.
//!
//! In: references and the [`Value`]s that belong there. Out: findings, and the targets checked as those
//! values. They are followed after all that stands in place was met, so that a target is known by what it is
//! rather than by what the first reference took it for.

use super::Walk;
use crate::check;
use crate::grammar::report;
use crate::grammar::table::{Object, Value};
use crate::tree::NodeRef;

impl<'t> Walk<'_, 't> {
    /// A reference is followed once everything in place is known.
    pub(super) fn reference(&mut self, node: NodeRef<'t>, value: &'static Value) {
        for (key, _) in node.entries() {
            if key.text != "$ref" && !key.text.starts_with("x-") {
                self.report(report::beside_reference(key));
            }
        }
        self.references.push((node, value));
    }

    /// Follows every reference that was met, and those that are met on the way.
    pub(in crate::grammar) fn follow_references(&mut self) {
        while let Some((reference, value)) = self.references.pop() {
            let Some(target) = self.reading.follow(reference) else { continue };
            let known = self.met.get(&target.id()).copied();
            let is_other_object = known.is_some_and(|known| !may_be(value, known));
            let is_schema = known.is_none()
                && self.schemas_met.contains(&target.id())
                && !matches!(value, Value::Schema(_));
            if is_other_object || is_schema {
                let is = known.map_or("a schema", |known| known.name);
                self.report(check::refers_to_other(reference, is, name_of(value)));
            } else {
                self.value(target, value);
            }
        }
    }
}

/// Whether what a value asks for may be this object.
fn may_be(value: &Value, object: &'static Object) -> bool {
    match value {
        Value::Object(each) => std::ptr::eq(*each, object),
        Value::Tagged(tagged) => tagged.cases.iter().any(|case| std::ptr::eq(case.2, object)),
        Value::ByKey(_, with, without) => {
            std::ptr::eq(*with, object) || std::ptr::eq(*without, object)
        }
        Value::OrReference(value) => may_be(value, object),
        Value::From(_, before, after) => may_be(before, object) || may_be(after, object),
        // A schema may be written wherever an object is.
        Value::Schema(_) => true,
        _ => false,
    }
}

/// What a reference should lead to, with its article.
fn name_of(value: &Value) -> &'static str {
    match value {
        Value::Object(object) => object.name,
        Value::Tagged(tagged) => tagged.name,
        Value::ByKey(_, _, without) => without.name,
        Value::OrReference(value) => name_of(value),
        Value::From(_, _, after) => name_of(after),
        Value::Schema(_) => "a schema",
        Value::Bindings(_) => "bindings",
        _ => "something else",
    }
}
