//! NATS.

use super::{BINDING_VERSION, Protocol, edition};
use crate::document::Version::V2_0;
use crate::grammar::table::{Object, Others, Value, field};

pub(super) static NATS: Protocol = Protocol {
    name: "nats",
    since: V2_0,
    server: &[],
    channel: &[],
    operation: &[edition("0.1.0", &OPERATION)],
    message: &[],
};

static OPERATION: Object = Object {
    name: "a NATS operation binding",
    fields: &[field("queue", Value::Sized(0, 255)), BINDING_VERSION],
    others: Others::Extensions,
    also: None,
};
