//! JMS.

use super::{BINDING_VERSION, Protocol, edition};
use crate::document::Version::V2_0;
use crate::grammar::table::{Object, Others, Schema, Value, field};

pub(super) static JMS: Protocol = Protocol {
    name: "jms",
    since: V2_0,
    server: &[edition("0.0.1", &SERVER)],
    channel: &[edition("0.0.1", &CHANNEL)],
    operation: &[],
    message: &[edition("0.0.1", &MESSAGE)],
};

static SERVER: Object = Object {
    name: "a JMS server binding",
    fields: &[
        field("jmsConnectionFactory", Value::Text).required(),
        field("properties", Value::List(&Value::Object(&PROPERTY))),
        field("clientID", Value::Text),
        BINDING_VERSION,
    ],
    others: Others::Extensions,
    also: None,
};

static PROPERTY: Object = Object {
    name: "a property of a JMS connection",
    fields: &[
        field("name", Value::Text).required(),
        field("value", Value::Either(&[Value::Text, Value::Flag, Value::Number, Value::Null]))
            .required(),
    ],
    others: Others::Any,
    also: None,
};

static CHANNEL: Object = Object {
    name: "a JMS channel binding",
    fields: &[
        field("destination", Value::Text),
        field("destinationType", Value::Word(&["queue", "fifo-queue"])),
        BINDING_VERSION,
    ],
    others: Others::Extensions,
    also: None,
};

static MESSAGE: Object = Object {
    name: "a JMS message binding",
    fields: &[field("headers", Value::Schema(Schema::Own)), BINDING_VERSION],
    others: Others::Extensions,
    also: None,
};
