//! MQTT.

use super::{BINDING_VERSION, Protocol, edition, old};
use crate::document::Version::V2_0;
use crate::grammar::table::{Field, Form, INTEGER, Object, Others, Schema, Value, field};

pub(super) static MQTT: Protocol = Protocol {
    name: "mqtt",
    since: V2_0,
    server: &[edition("0.2.0", &SERVER), old("0.1.0", &SERVER_0_1)],
    channel: &[],
    operation: &[edition("0.2.0", &OPERATION), old("0.1.0", &OPERATION_0_1)],
    message: &[edition("0.2.0", &MESSAGE), old("0.1.0", &MESSAGE_0_1)],
};

/// The largest number of four bytes.
const MAX_U32: i64 = 0xffff_ffff;

const CLIENT_ID: Field = field("clientId", Value::Text);
const CLEAN_SESSION: Field = field("cleanSession", Value::Flag);
const LAST_WILL_FIELD: Field = field("lastWill", Value::Object(&LAST_WILL));
const KEEP_ALIVE: Field = field("keepAlive", INTEGER);
const QOS: Value = Value::Digit(&[0, 1, 2]);

static SERVER: Object = Object {
    name: "an MQTT server binding",
    fields: &[
        CLIENT_ID,
        CLEAN_SESSION,
        LAST_WILL_FIELD,
        KEEP_ALIVE,
        field(
            "sessionExpiryInterval",
            Value::Either(&[Value::Integer(0, i64::MAX), Value::Schema(Schema::Own)]),
        ),
        field(
            "maximumPacketSize",
            Value::Either(&[Value::Integer(1, MAX_U32), Value::Schema(Schema::Own)]),
        ),
        BINDING_VERSION,
    ],
    others: Others::Extensions,
    also: None,
};

static SERVER_0_1: Object = Object {
    name: "an MQTT server binding",
    fields: &[CLIENT_ID, CLEAN_SESSION, LAST_WILL_FIELD, KEEP_ALIVE, BINDING_VERSION],
    others: Others::Extensions,
    also: None,
};

static LAST_WILL: Object = Object {
    name: "a last will",
    fields: &[
        field("topic", Value::Text),
        field("qos", QOS),
        field("message", Value::Text),
        field("retain", Value::Flag),
    ],
    others: Others::Any,
    also: None,
};

static OPERATION: Object = Object {
    name: "an MQTT operation binding",
    fields: &[
        field("qos", QOS),
        field("retain", Value::Flag),
        field(
            "messageExpiryInterval",
            Value::Either(&[Value::Integer(0, MAX_U32), Value::Schema(Schema::Own)]),
        ),
        BINDING_VERSION,
    ],
    others: Others::Extensions,
    also: None,
};

static OPERATION_0_1: Object = Object {
    name: "an MQTT operation binding",
    fields: &[field("qos", QOS), field("retain", Value::Flag), BINDING_VERSION],
    others: Others::Extensions,
    also: None,
};

static MESSAGE: Object = Object {
    name: "an MQTT message binding",
    fields: &[
        field("payloadFormatIndicator", Value::Digit(&[0, 1])),
        field("correlationData", Value::Schema(Schema::Own)),
        field("contentType", Value::Text),
        field(
            "responseTopic",
            Value::Either(&[Value::Formed(Form::Template), Value::Schema(Schema::Own)]),
        ),
        BINDING_VERSION,
    ],
    others: Others::Extensions,
    also: None,
};

static MESSAGE_0_1: Object = Object {
    name: "an MQTT message binding",
    fields: &[BINDING_VERSION],
    others: Others::Extensions,
    also: None,
};
