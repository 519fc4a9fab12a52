//! IBM MQ.

use super::{BINDING_VERSION, Protocol, edition};
use crate::document::Version::V2_1;
use crate::grammar::report;
use crate::grammar::table::{COUNT, Object, Others, Value, field};
use crate::grammar::walk::Walk;
use crate::tree::NodeRef;

pub(super) static IBMMQ: Protocol = Protocol {
    name: "ibmmq",
    since: V2_1,
    server: &[edition("0.1.0", &SERVER)],
    channel: &[edition("0.1.0", &CHANNEL)],
    operation: &[],
    message: &[edition("0.1.0", &MESSAGE)],
};

static SERVER: Object = Object {
    name: "an IBM MQ server binding",
    fields: &[
        field("groupId", Value::Text),
        field("ccdtQueueManagerName", Value::Text),
        field("cipherSpec", Value::Text),
        field("multiEndpointServer", Value::Flag),
        field("heartBeatInterval", Value::Integer(0, 999_999)),
        BINDING_VERSION,
    ],
    others: Others::Extensions,
    also: None,
};

static CHANNEL: Object = Object {
    name: "an IBM MQ channel binding",
    fields: &[
        field("destinationType", Value::Word(&["topic", "queue"])),
        field("queue", Value::Object(&QUEUE)),
        field("topic", Value::Object(&TOPIC)),
        field("maxMsgLength", Value::Integer(0, 104_857_600)),
        BINDING_VERSION,
    ],
    others: Others::Extensions,
    also: Some(queue_or_topic),
};

/// A queue is described by `queue`, a topic (which it is unless it says otherwise) by `topic`.
fn queue_or_topic<'t>(walk: &mut Walk<'_, 't>, binding: NodeRef<'t>) {
    let kind = binding.get("destinationType").and_then(NodeRef::as_str);
    let is_queue = kind == Some("queue") || kind.is_none() && binding.get("queue").is_some();
    if is_queue && binding.get("queue").is_none() {
        walk.report(report::missing(binding, "an IBM MQ queue", "queue"));
    }
    let refused = if is_queue { "topic" } else { "queue" };
    if let Some((key, _)) = binding.entry(refused) {
        let what = if is_queue { "queue" } else { "topic" };
        let holder = format!("an IBM MQ channel binding with `destinationType: {what}`");
        walk.report(report::excluded(key, &holder));
    }
}

static QUEUE: Object = Object {
    name: "an IBM MQ queue",
    fields: &[
        field("objectName", Value::Sized(0, 48)).required(),
        field("isPartitioned", Value::Flag),
        field("exclusive", Value::Flag),
    ],
    others: Others::Any,
    also: None,
};

static TOPIC: Object = Object {
    name: "an IBM MQ topic",
    fields: &[
        field("string", Value::Sized(0, 10_240)),
        field("objectName", Value::Sized(0, 48)),
        field("durablePermitted", Value::Flag),
        field("lastMsgRetained", Value::Flag),
    ],
    others: Others::Any,
    also: None,
};

static MESSAGE: Object = Object {
    name: "an IBM MQ message binding",
    fields: &[
        field("type", Value::Word(&["string", "jms", "binary"])),
        field("headers", Value::Text),
        field("description", Value::Text),
        field("expiry", COUNT),
        BINDING_VERSION,
    ],
    others: Others::Extensions,
    also: Some(headers_of_binary),
};

/// Only a binary message has headers.
fn headers_of_binary<'t>(walk: &mut Walk<'_, 't>, binding: NodeRef<'t>) {
    let is_text = matches!(binding.get("type").and_then(NodeRef::as_str), Some("string" | "jms"));
    if let Some((key, _)) = binding.entry("headers").filter(|_| is_text) {
        walk.report(report::only_with(key, "an IBM MQ message binding", "`type: binary`"));
    }
}
