//! What the bindings of SNS and SQS share: policies, dead letters.

use crate::grammar::table::{Field, INTEGER, Keys, Map, Object, Others, TEXTS, Value, field};

/// A text or several.
pub(super) const TEXT_OR_TEXTS: Value = Value::Either(&[Value::Text, TEXTS]);

/// The policy of SNS 0.2.0 and SQS 0.3.0.
pub(super) static POLICY: Object = Object {
    name: "a policy",
    fields: &[field("statements", Value::List(&Value::Object(&STATEMENT))).required()],
    others: Others::Any,
    also: None,
};

/// The policy of SNS 0.1.0 and SQS 0.2.0.
pub(super) static OLD_POLICY: Object = Object {
    name: "a policy",
    fields: &[field("statements", Value::List(&Value::Object(&OLD_STATEMENT))).required()],
    others: Others::Any,
    also: None,
};

const EFFECT: Field = field("effect", Value::Word(&["Allow", "Deny"])).required();
const ACTION: Field = field("action", TEXT_OR_TEXTS).required();

static STATEMENT: Object = Object {
    name: "a statement of a policy",
    fields: &[
        EFFECT,
        field("principal", Value::Either(&[Value::Text, Value::ByKey("AWS", &AWS, &SERVICE)]))
            .required(),
        ACTION,
        field("resource", TEXT_OR_TEXTS),
        field("condition", Value::Map(&CONDITION)),
    ],
    others: Others::Any,
    also: None,
};

static OLD_STATEMENT: Object = Object {
    name: "a statement of a policy",
    fields: &[EFFECT, field("principal", TEXT_OR_TEXTS).required(), ACTION],
    others: Others::Any,
    also: None,
};

static AWS: Object = Object {
    name: "a principal",
    fields: &[field("AWS", TEXT_OR_TEXTS).required()],
    others: Others::None,
    also: None,
};

static SERVICE: Object = Object {
    name: "a principal",
    fields: &[field("Service", TEXT_OR_TEXTS).required()],
    others: Others::None,
    also: None,
};

static CONDITION: Map = Map { keys: Keys::Any, value: Value::Map(&CONDITION_VALUES) };
static CONDITION_VALUES: Map = Map { keys: Keys::Any, value: TEXT_OR_TEXTS };

/// Where messages go that nobody takes, given how a queue is named.
pub(super) const fn redrive(identifier: &'static Object) -> [Field; 2] {
    [
        field("deadLetterQueue", Value::Object(identifier)).required(),
        field("maxReceiveCount", INTEGER),
    ]
}
