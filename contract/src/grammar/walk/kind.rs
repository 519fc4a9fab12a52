//! Of which kind a node must be to be a value, and what messages call that kind.
//!
//! In: a [`Value`]. Out: whether a node may be it, or words. Looks at the node alone, at nothing in it.

use crate::grammar::table::Value;
use crate::reading::is_reference;
use crate::tree::{Kind, NodeRef};

/// Whether a node is of the kind that a value has.
pub(super) fn is_of_kind(node: NodeRef<'_>, value: &Value) -> bool {
    match value {
        Value::Any => true,
        Value::Text | Value::Formed(_) | Value::Sized(..) | Value::Word(_) => {
            node.kind() == Kind::String
        }
        Value::Null => node.kind() == Kind::Null,
        Value::Flag => node.kind() == Kind::Bool,
        Value::Number | Value::Integer(..) | Value::Digit(_) => node.kind() == Kind::Number,
        Value::Object(_)
        | Value::Tagged(_)
        | Value::ByKey(..)
        | Value::Open
        | Value::Map(_)
        | Value::Bindings(_) => node.kind() == Kind::Map,
        Value::List(_) | Value::Set(_) | Value::Tags(_) | Value::Tuple(_) => {
            node.kind() == Kind::List
        }
        Value::OrReference(value) => is_reference(node) || is_of_kind(node, value),
        Value::Reference(_) => is_reference(node),
        Value::From(_, before, after) => is_of_kind(node, before) || is_of_kind(node, after),
        Value::Either(values) => values.iter().any(|each| is_of_kind(node, each)),
        Value::Schema(_) => matches!(node.kind(), Kind::Map | Kind::Bool),
    }
}

/// A value in a sentence, with its article.
pub(super) fn expected(value: &Value) -> String {
    match value {
        Value::Any => "a value".to_owned(),
        Value::Text | Value::Formed(_) | Value::Sized(..) | Value::Word(_) => "text".to_owned(),
        Value::Null => "null".to_owned(),
        Value::Flag => "`true` or `false`".to_owned(),
        Value::Number | Value::Digit(_) => "a number".to_owned(),
        Value::Integer(min, max) => integer(*min, *max),
        Value::Object(_)
        | Value::Tagged(_)
        | Value::ByKey(..)
        | Value::Open
        | Value::Map(_)
        | Value::Bindings(_) => "an object".to_owned(),
        Value::List(_) | Value::Set(_) | Value::Tags(_) | Value::Tuple(_) => "a list".to_owned(),
        Value::OrReference(value) => expected(value),
        Value::Reference(_) => "a reference".to_owned(),
        Value::From(_, _, after) => expected(after),
        Value::Either(values) => values.iter().map(expected).collect::<Vec<_>>().join(" or "),
        Value::Schema(_) => "a schema".to_owned(),
    }
}

pub(super) fn integer(min: i64, max: i64) -> String {
    match (min, max) {
        (i64::MIN, i64::MAX) => "an integer".to_owned(),
        (min, i64::MAX) => format!("an integer of at least {min}"),
        (min, max) => format!("an integer from {min} to {max}"),
    }
}
