//! Amazon SQS.

use super::policy::{OLD_POLICY, POLICY, redrive};
use super::{BINDING_VERSION, Protocol, edition, old};
use crate::document::Version::V2_0;
use crate::grammar::table::{Field, INTEGER, Object, Others, Value, field};

pub(super) static SQS: Protocol = Protocol {
    name: "sqs",
    since: V2_0,
    server: &[],
    channel: &[old("0.3.0", &CHANNEL), edition("0.2.0", &CHANNEL_0_2), old("0.1.0", &CHANNEL_0_2)],
    operation: &[
        old("0.3.0", &OPERATION),
        edition("0.2.0", &OPERATION_0_2),
        old("0.1.0", &OPERATION_0_2),
    ],
    message: &[],
};

static CHANNEL: Object = Object {
    name: "an SQS channel binding",
    fields: &[
        field("queue", Value::Object(&FIFO_QUEUE)).required(),
        field("deadLetterQueue", Value::Object(&FIFO_QUEUE)),
        BINDING_VERSION,
    ],
    others: Others::Extensions,
    also: None,
};

static CHANNEL_0_2: Object = Object {
    name: "an SQS channel binding",
    fields: &[
        field("queue", Value::Object(&OLD_FIFO_QUEUE)).required(),
        field("deadLetterQueue", Value::Object(&OLD_FIFO_QUEUE)),
        BINDING_VERSION,
    ],
    others: Others::Extensions,
    also: None,
};

static OPERATION: Object = Object {
    name: "an SQS operation binding",
    fields: &[field("queues", Value::List(&Value::Object(&QUEUE))).required(), BINDING_VERSION],
    others: Others::Extensions,
    also: None,
};

static OPERATION_0_2: Object = Object {
    name: "an SQS operation binding",
    fields: &[field("queues", Value::List(&Value::Object(&OLD_QUEUE))).required(), BINDING_VERSION],
    others: Others::Extensions,
    also: None,
};

/// The fields of a queue, but those that differ.
const fn queue(fifo: Field, policy: &'static Object) -> [Field; 12] {
    [
        field("name", Value::Text).required(),
        fifo,
        field("deduplicationScope", Value::Word(&["queue", "messageGroup"])),
        field("fifoThroughputLimit", Value::Word(&["perQueue", "perMessageGroupId"])),
        field("deliveryDelay", Value::Integer(0, 900)),
        field("visibilityTimeout", Value::Integer(0, 43_200)),
        field("receiveMessageWaitTime", INTEGER),
        field("messageRetentionPeriod", Value::Integer(60, 1_209_600)),
        field("redrivePolicy", Value::Object(&REDRIVE_POLICY)),
        field("policy", Value::Object(policy)),
        field("tags", Value::Open),
        field("$ref", Value::Text),
    ]
}

const FIFO: Field = field("fifoQueue", Value::Flag);

static FIFO_QUEUE: Object = Object {
    name: "an SQS queue",
    fields: &queue(FIFO.required(), &POLICY),
    others: Others::Any,
    also: None,
};

static OLD_FIFO_QUEUE: Object = Object {
    name: "an SQS queue",
    fields: &queue(FIFO.required(), &OLD_POLICY),
    others: Others::Any,
    also: None,
};

static QUEUE: Object =
    Object { name: "an SQS queue", fields: &queue(FIFO, &POLICY), others: Others::Any, also: None };

static OLD_QUEUE: Object = Object {
    name: "an SQS queue",
    fields: &queue(FIFO, &OLD_POLICY),
    others: Others::Any,
    also: None,
};

static IDENTIFIER: Object = Object {
    name: "the identifier of a queue",
    fields: &[field("arn", Value::Text), field("name", Value::Text)],
    others: Others::Any,
    also: None,
};

static REDRIVE_POLICY: Object = Object {
    name: "a redrive policy",
    fields: &redrive(&IDENTIFIER),
    others: Others::Any,
    also: None,
};
