//! Solace PubSub+.

use super::{BINDING_VERSION, Protocol, edition};
use crate::document::Version::{V2_0, V2_3};
use crate::grammar::table::{Field, INTEGER, Object, Others, TEXTS, Tagged, Value, field};

pub(super) static SOLACE: Protocol = Protocol {
    name: "solace",
    since: V2_3,
    server: &[
        edition("0.4.0", &SERVER),
        edition("0.3.0", &SERVER_0_3),
        edition("0.2.0", &SERVER_0_2),
    ],
    channel: &[],
    operation: &[
        edition("0.4.0", &OPERATION),
        edition("0.3.0", &OPERATION_0_3),
        edition("0.2.0", &OPERATION_0_2),
    ],
    message: &[],
};

static SERVER: Object = Object {
    name: "a Solace server binding",
    fields: &[
        field("msgVpn", Value::Text),
        field("clientName", Value::Sized(1, 160)),
        BINDING_VERSION,
    ],
    others: Others::Extensions,
    also: None,
};

static SERVER_0_3: Object = Object {
    name: "a Solace server binding",
    fields: &[field("msgVpn", Value::Text), BINDING_VERSION],
    others: Others::Extensions,
    also: None,
};

static SERVER_0_2: Object = Object {
    name: "a Solace server binding",
    fields: &[field("msvVpn", Value::Text), BINDING_VERSION],
    others: Others::Extensions,
    also: None,
};

const DESTINATIONS: Field = field("destinations", Value::List(&DESTINATION_VALUE));

static DESTINATION_VALUE: Value = Value::Tagged(&DESTINATION);

static DESTINATION: Tagged = Tagged {
    name: "a Solace destination",
    field: "destinationType",
    cases: &[("queue", V2_0, &TO_QUEUE), ("topic", V2_0, &TO_TOPIC)],
};

static DESTINATION_0_2: Tagged = Tagged {
    name: "a Solace destination",
    field: "destinationType",
    cases: &[("queue", V2_0, &TO_QUEUE_0_2), ("topic", V2_0, &TO_TOPIC)],
};

static OPERATION: Object = Object {
    name: "a Solace operation binding",
    fields: &[
        DESTINATIONS,
        field("timeToLive", INTEGER),
        field("priority", Value::Integer(0, 255)),
        field("dmqEligible", Value::Flag),
        BINDING_VERSION,
    ],
    others: Others::None,
    also: None,
};

static OPERATION_0_3: Object = Object {
    name: "a Solace operation binding",
    fields: &[DESTINATIONS, BINDING_VERSION],
    others: Others::None,
    also: None,
};

static OPERATION_0_2: Object = Object {
    name: "a Solace operation binding",
    fields: &[
        field("destinations", Value::List(&Value::Tagged(&DESTINATION_0_2))),
        BINDING_VERSION,
    ],
    others: Others::None,
    also: None,
};

const DESTINATION_TYPE: Field = field("destinationType", Value::Text).required();
const DELIVERY_MODE: Field = field("deliveryMode", Value::Word(&["direct", "persistent"]));

static TO_QUEUE: Object = Object {
    name: "a Solace destination",
    fields: &[DESTINATION_TYPE, DELIVERY_MODE, field("queue", Value::Object(&QUEUE))],
    others: Others::Any,
    also: None,
};

static TO_QUEUE_0_2: Object = Object {
    name: "a Solace destination",
    fields: &[DESTINATION_TYPE, DELIVERY_MODE, field("queue", Value::Object(&QUEUE_0_2))],
    others: Others::Any,
    also: None,
};

static TO_TOPIC: Object = Object {
    name: "a Solace destination",
    fields: &[DESTINATION_TYPE, DELIVERY_MODE, field("topicSubscriptions", TEXTS)],
    others: Others::Any,
    also: None,
};

const QUEUE_NAME: Field = field("name", Value::Text);
const SUBSCRIPTIONS: Field = field("topicSubscriptions", TEXTS);
const ACCESS: Field = field("accessType", Value::Word(&["exclusive", "nonexclusive"]));

static QUEUE: Object = Object {
    name: "a Solace queue",
    fields: &[
        QUEUE_NAME,
        SUBSCRIPTIONS,
        ACCESS,
        field("maxMsgSpoolUsage", Value::Text),
        field("maxTtl", Value::Text),
    ],
    others: Others::Any,
    also: None,
};

static QUEUE_0_2: Object = Object {
    name: "a Solace queue",
    fields: &[QUEUE_NAME, SUBSCRIPTIONS, ACCESS],
    others: Others::Any,
    also: None,
};
