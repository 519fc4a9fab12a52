//! AMQP 0-9-1.

use super::{BINDING_VERSION, Protocol, edition, old};
use crate::document::Version::V2_0;
use crate::grammar::report;
use crate::grammar::table::{COUNT, Field, INTEGER, Object, Others, TEXTS, Value, field};
use crate::grammar::walk::Walk;
use crate::tree::NodeRef;

pub(super) static AMQP: Protocol = Protocol {
    name: "amqp",
    since: V2_0,
    server: &[],
    channel: &[edition("0.3.0", &CHANNEL), old("0.2.0", &CHANNEL), old("0.1.0", &CHANNEL_0_1)],
    operation: &[
        edition("0.3.0", &OPERATION),
        old("0.2.0", &OPERATION_0_2),
        old("0.1.0", &OPERATION_0_2),
    ],
    message: &[edition("0.3.0", &MESSAGE), old("0.2.0", &MESSAGE), old("0.1.0", &MESSAGE)],
};

const IS: Field = field("is", Value::Word(&["routingKey", "queue"]));
const EXCHANGE_FIELD: Field = field("exchange", Value::Object(&EXCHANGE));
const QUEUE_FIELD: Field = field("queue", Value::Object(&QUEUE));

static CHANNEL: Object = Object {
    name: "an AMQP channel binding",
    fields: &[IS, EXCHANGE_FIELD, QUEUE_FIELD, BINDING_VERSION],
    others: Others::Extensions,
    also: Some(exchange_or_queue),
};

static CHANNEL_0_1: Object = Object {
    name: "an AMQP channel binding",
    fields: &[IS, EXCHANGE_FIELD, QUEUE_FIELD, BINDING_VERSION],
    others: Others::Extensions,
    also: None,
};

/// A routing key has an exchange, a queue a queue, and neither has the other.
fn exchange_or_queue<'t>(walk: &mut Walk<'_, 't>, binding: NodeRef<'t>) {
    let is = binding.get("is").and_then(NodeRef::as_str);
    let (needed, refused) = match is {
        Some("queue") => ("queue", "exchange"),
        Some("routingKey") => ("exchange", "queue"),
        // Without `is` the one that is there decides.
        _ if binding.get("exchange").is_none() && binding.get("queue").is_none() => {
            let fields = &["exchange", "queue"];
            walk.report(report::missing_one_of(binding, "an AMQP channel binding", fields));
            return;
        }
        _ if binding.get("exchange").is_some() => ("exchange", "queue"),
        _ => ("queue", "exchange"),
    };
    if binding.get(needed).is_none() {
        walk.report(report::missing(binding, "an AMQP channel binding", needed));
    }
    if let Some((key, _)) = binding.entry(refused) {
        let what = if needed == "queue" { "`is: queue`" } else { "`is: routingKey`" };
        walk.report(report::excluded(key, &format!("an AMQP channel binding with {what}")));
    }
}

static EXCHANGE: Object = Object {
    name: "an AMQP exchange",
    fields: &[
        field("name", Value::Sized(0, 255)),
        field("type", Value::Word(&["topic", "direct", "fanout", "default", "headers"])),
        field("durable", Value::Flag),
        field("autoDelete", Value::Flag),
        field("vhost", Value::Text),
    ],
    others: Others::Any,
    also: None,
};

static QUEUE: Object = Object {
    name: "an AMQP queue",
    fields: &[
        field("name", Value::Sized(0, 255)),
        field("durable", Value::Flag),
        field("exclusive", Value::Flag),
        field("autoDelete", Value::Flag),
        field("vhost", Value::Text),
    ],
    others: Others::Any,
    also: None,
};

const EXPIRATION: Field = field("expiration", COUNT);
const USER_ID: Field = field("userId", Value::Text);
const CC: Field = field("cc", TEXTS);
const PRIORITY: Field = field("priority", INTEGER);
const DELIVERY_MODE: Field = field("deliveryMode", Value::Digit(&[1, 2]));
const MANDATORY: Field = field("mandatory", Value::Flag);
const BCC: Field = field("bcc", TEXTS);
const TIMESTAMP: Field = field("timestamp", Value::Flag);
const ACK: Field = field("ack", Value::Flag);

static OPERATION: Object = Object {
    name: "an AMQP operation binding",
    fields: &[
        EXPIRATION,
        USER_ID,
        CC,
        PRIORITY,
        DELIVERY_MODE,
        MANDATORY,
        BCC,
        TIMESTAMP,
        ACK,
        BINDING_VERSION,
    ],
    others: Others::Extensions,
    also: None,
};

static OPERATION_0_2: Object = Object {
    name: "an AMQP operation binding",
    fields: &[
        EXPIRATION,
        USER_ID,
        CC,
        PRIORITY,
        DELIVERY_MODE,
        MANDATORY,
        BCC,
        TIMESTAMP,
        ACK,
        field("replyTo", Value::Text),
        BINDING_VERSION,
    ],
    others: Others::Extensions,
    also: None,
};

static MESSAGE: Object = Object {
    name: "an AMQP message binding",
    fields: &[
        field("contentEncoding", Value::Text),
        field("messageType", Value::Text),
        BINDING_VERSION,
    ],
    others: Others::Extensions,
    also: None,
};
