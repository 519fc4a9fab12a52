//! Anypoint MQ.

use super::{BINDING_VERSION, Protocol, edition};
use crate::document::Version::V2_0;
use crate::grammar::table::{Object, Others, Schema, Value, field};

pub(super) static ANYPOINTMQ: Protocol = Protocol {
    name: "anypointmq",
    since: V2_0,
    server: &[],
    channel: &[edition("0.0.1", &CHANNEL)],
    operation: &[],
    message: &[edition("0.0.1", &MESSAGE)],
};

static CHANNEL: Object = Object {
    name: "an Anypoint MQ channel binding",
    fields: &[
        field("destination", Value::Text),
        field("destinationType", Value::Word(&["exchange", "queue", "fifo-queue"])),
        BINDING_VERSION,
    ],
    others: Others::Extensions,
    also: None,
};

static MESSAGE: Object = Object {
    name: "an Anypoint MQ message binding",
    fields: &[field("headers", Value::Schema(Schema::Own)), BINDING_VERSION],
    others: Others::Extensions,
    also: None,
};
