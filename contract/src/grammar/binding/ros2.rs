//! ROS 2.

use super::{BINDING_VERSION, Protocol, edition};
use crate::document::Version::V3_1;
use crate::grammar::table::{INTEGER, Object, Others, Value, field};

pub(super) static ROS2: Protocol = Protocol {
    name: "ros2",
    since: V3_1,
    server: &[edition("0.1.0", &SERVER)],
    channel: &[],
    operation: &[edition("0.1.0", &OPERATION)],
    message: &[],
};

static SERVER: Object = Object {
    name: "a ROS 2 server binding",
    fields: &[
        field("rmwImplementation", Value::Text),
        field("domainId", Value::Integer(0, 231)),
        BINDING_VERSION,
    ],
    others: Others::Any,
    also: None,
};

static OPERATION: Object = Object {
    name: "a ROS 2 operation binding",
    fields: &[
        field(
            "role",
            Value::Word(&[
                "publisher",
                "subscriber",
                "service_client",
                "service_server",
                "action_client",
                "action_server",
            ]),
        )
        .required(),
        field("node", Value::Text).required(),
        field("qosPolicies", Value::Object(&QOS_POLICIES)),
        BINDING_VERSION,
    ],
    others: Others::Extensions,
    also: None,
};

static QOS_POLICIES: Object = Object {
    name: "the quality of service of ROS 2",
    fields: &[
        // The published JSON Schema spells it `realiable`; both are taken.
        field("reliability", Value::Word(&["best_effort", "reliable", "realiable"])),
        field("history", Value::Word(&["keep_last", "keep_all", "unknown"])),
        field("durability", Value::Word(&["volatile", "transient_local"])),
        field("lifespan", INTEGER),
        field("deadline", INTEGER),
        field("liveliness", Value::Word(&["automatic", "manual"])),
        field("leaseDuration", INTEGER),
    ],
    others: Others::Any,
    also: None,
};
