//! Apache Pulsar.

use super::{BINDING_VERSION, Protocol, edition};
use crate::document::Version::V2_6;
use crate::grammar::table::{COUNT, INTEGER, Object, Others, TEXTS, Value, field};

pub(super) static PULSAR: Protocol = Protocol {
    name: "pulsar",
    since: V2_6,
    server: &[edition("0.1.0", &SERVER)],
    channel: &[edition("0.1.0", &CHANNEL)],
    operation: &[],
    message: &[],
};

static SERVER: Object = Object {
    name: "a Pulsar server binding",
    fields: &[field("tenant", Value::Text), BINDING_VERSION],
    others: Others::Extensions,
    also: None,
};

static CHANNEL: Object = Object {
    name: "a Pulsar channel binding",
    fields: &[
        field("namespace", Value::Text).required(),
        field("persistence", Value::Word(&["persistent", "non-persistent"])).required(),
        field("compaction", COUNT),
        field("geo-replication", TEXTS),
        field("retention", Value::Object(&RETENTION)),
        field("ttl", INTEGER),
        field("deduplication", Value::Flag),
        BINDING_VERSION,
    ],
    others: Others::Extensions,
    also: None,
};

static RETENTION: Object = Object {
    name: "a retention policy",
    fields: &[field("time", COUNT), field("size", COUNT)],
    others: Others::None,
    also: None,
};
