//! Operations Object, Operation Object, Operation Trait Object.
//!
//! In 2.x an operation is what its channel says under `publish` or `subscribe`; in 3.x it stands
//! for itself and refers to its channel.

use super::channel::CHANNEL;
use super::message::{MESSAGE_2, MESSAGE_3};
use super::reply::REPLY;
use super::security_requirement::SECURITY;
use super::tag::{DOCS, TAGS};
use crate::document::Version::{V2_4, V2_6, V3_0};
use crate::grammar::belonging;
use crate::grammar::table::{Holder, Keys, Map, Object, Others, Value, field};
use crate::grammar::walk::Walk;
use crate::tree::NodeRef;

pub(super) static OPERATIONS: Map =
    Map { keys: Keys::Any, value: Value::OrReference(&Value::Object(&OPERATION)) };

pub(super) static OPERATION_2: Object = Object {
    name: "an operation",
    fields: &[
        field("operationId", Value::Text),
        field("summary", Value::Text),
        field("description", Value::Text),
        field("security", SECURITY).since(V2_4),
        field("tags", TAGS),
        field("externalDocs", DOCS),
        field("bindings", Value::Bindings(Holder::Operation)),
        field("traits", Value::List(&Value::OrReference(&Value::Object(&OPERATION_TRAIT)))),
        field("message", MESSAGE_2),
    ],
    others: Others::Extensions,
    also: None,
};

pub(super) static OPERATION: Object = Object {
    name: "an operation",
    fields: &[
        field("action", Value::Word(&["send", "receive"])).required(),
        field("channel", Value::Reference(&Value::Object(&CHANNEL))).required(),
        field("title", Value::Text),
        field("summary", Value::Text),
        field("description", Value::Text),
        field("security", SECURITY),
        field("tags", TAGS),
        field("externalDocs", DOCS),
        field("bindings", Value::Bindings(Holder::Operation)),
        field("traits", Value::List(&Value::OrReference(&Value::Object(&OPERATION_TRAIT)))),
        field("messages", Value::List(&Value::Reference(&MESSAGE_3))),
        field("reply", Value::OrReference(&Value::Object(&REPLY))),
        field("operationId", Value::Text).until(V2_6).instead("the operation's key"),
        field("message", MESSAGE_2).until(V2_6).instead("`messages` of the channel"),
    ],
    others: Others::Extensions,
    also: Some(channel_and_messages),
};

fn channel_and_messages<'t>(walk: &mut Walk<'_, 't>, operation: NodeRef<'t>) {
    belonging::operation(walk, operation);
}

pub(super) static OPERATION_TRAIT: Object = Object {
    name: "an operation trait",
    fields: &[
        field("operationId", Value::Text).until(V2_6).instead("the operation's key"),
        field("title", Value::Text).since(V3_0),
        field("summary", Value::Text),
        field("description", Value::Text),
        field("security", SECURITY).since(V2_4),
        field("tags", TAGS),
        field("externalDocs", DOCS),
        field("bindings", Value::Bindings(Holder::Operation)),
    ],
    others: Others::Extensions,
    also: None,
};
