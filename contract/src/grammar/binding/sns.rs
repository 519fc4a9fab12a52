//! Amazon SNS.

use super::policy::{OLD_POLICY, POLICY, TEXT_OR_TEXTS, redrive};
use super::{BINDING_VERSION, Protocol, edition, old};
use crate::document::Version::V2_0;
use crate::grammar::report;
use crate::grammar::table::{Field, INTEGER, Keys, Map, Object, Others, Value, field};
use crate::grammar::walk::Walk;
use crate::tree::NodeRef;

pub(super) static SNS: Protocol = Protocol {
    name: "sns",
    since: V2_0,
    server: &[],
    channel: &[old("0.2.0", &CHANNEL), edition("0.1.0", &CHANNEL_0_1)],
    operation: &[old("0.2.0", &OPERATION), edition("0.1.0", &OPERATION)],
    message: &[],
};

const NAME: Field = field("name", Value::Text).required();
const ORDERING_FIELD: Field = field("ordering", Value::Object(&ORDERING));
const TAGS: Field = field("tags", Value::Open);

static CHANNEL: Object = Object {
    name: "an SNS channel binding",
    fields: &[NAME, ORDERING_FIELD, field("policy", Value::Object(&POLICY)), TAGS, BINDING_VERSION],
    others: Others::Extensions,
    also: None,
};

static CHANNEL_0_1: Object = Object {
    name: "an SNS channel binding",
    fields: &[
        NAME,
        ORDERING_FIELD,
        field("policy", Value::Object(&OLD_POLICY)),
        TAGS,
        BINDING_VERSION,
    ],
    others: Others::Extensions,
    also: None,
};

static ORDERING: Object = Object {
    name: "the ordering of a topic",
    fields: &[
        field("type", Value::Word(&["standard", "FIFO"])).required(),
        field("contentBasedDeduplication", Value::Flag),
    ],
    others: Others::Any,
    also: None,
};

static OPERATION: Object = Object {
    name: "an SNS operation binding",
    fields: &[
        field("topic", Value::Object(&IDENTIFIER)),
        field("consumers", Value::List(&Value::Object(&CONSUMER))).required(),
        field("deliveryPolicy", Value::Object(&DELIVERY_POLICY)),
        BINDING_VERSION,
    ],
    others: Others::Extensions,
    also: Some(some_consumer),
};

fn some_consumer<'t>(walk: &mut Walk<'_, 't>, binding: NodeRef<'t>) {
    let consumers = binding.entry("consumers");
    if let Some((key, _)) = consumers.filter(|(_, list)| list.items().len() == 0) {
        walk.report(report::empty(key, "consumer"));
    }
}

static IDENTIFIER: Object = Object {
    name: "the identifier of a topic or queue",
    fields: &[
        field("url", Value::Text),
        field("email", Value::Text),
        field("phone", Value::Text),
        field("arn", Value::Text),
        field("name", Value::Text),
    ],
    others: Others::Any,
    also: None,
};

static CONSUMER: Object = Object {
    name: "a consumer",
    fields: &[
        field(
            "protocol",
            Value::Word(&[
                "http",
                "https",
                "email",
                "email-json",
                "sms",
                "sqs",
                "application",
                "lambda",
                "firehose",
            ]),
        )
        .required(),
        field("endpoint", Value::Object(&IDENTIFIER)).required(),
        field("filterPolicy", Value::Map(&FILTER_POLICY)),
        field("filterPolicyScope", Value::Word(&["MessageAttributes", "MessageBody"])),
        field("rawMessageDelivery", Value::Flag).required(),
        field("redrivePolicy", Value::Object(&REDRIVE_POLICY)),
        field("deliveryPolicy", Value::Object(&DELIVERY_POLICY)),
        field("displayName", Value::Text),
    ],
    others: Others::Any,
    also: None,
};

static FILTER_POLICY: Map =
    Map { keys: Keys::Any, value: Value::Either(&[TEXT_OR_TEXTS, Value::Open]) };

static REDRIVE_POLICY: Object = Object {
    name: "a redrive policy",
    fields: &redrive(&IDENTIFIER),
    others: Others::Any,
    also: None,
};

static DELIVERY_POLICY: Object = Object {
    name: "a delivery policy",
    fields: &[
        field("minDelayTarget", INTEGER),
        field("maxDelayTarget", INTEGER),
        field("numRetries", INTEGER),
        field("numNoDelayRetries", INTEGER),
        field("numMinDelayRetries", INTEGER),
        field("numMaxDelayRetries", INTEGER),
        field(
            "backoffFunction",
            Value::Word(&["arithmetic", "exponential", "geometric", "linear"]),
        ),
        field("maxReceivesPerSecond", INTEGER),
    ],
    others: Others::Any,
    also: None,
};
