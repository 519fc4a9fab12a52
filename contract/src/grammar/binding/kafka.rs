//! Kafka.

use super::{BINDING_VERSION, Protocol, edition, old};
use crate::document::Version::V2_0;
use crate::grammar::table::{COUNT, Field, Object, Others, Schema, Value, field};

pub(super) static KAFKA: Protocol = Protocol {
    name: "kafka",
    since: V2_0,
    server: &[edition("0.5.0", &SERVER), edition("0.4.0", &SERVER), edition("0.3.0", &SERVER)],
    channel: &[
        edition("0.5.0", &CHANNEL),
        edition("0.4.0", &CHANNEL_0_4),
        edition("0.3.0", &CHANNEL_0_3),
    ],
    operation: &[
        edition("0.5.0", &OPERATION),
        edition("0.4.0", &OPERATION),
        edition("0.3.0", &OPERATION),
        old("0.1.0", &OPERATION),
    ],
    message: &[
        edition("0.5.0", &MESSAGE),
        edition("0.4.0", &MESSAGE_0_4),
        edition("0.3.0", &MESSAGE),
        old("0.1.0", &MESSAGE_0_1),
    ],
};

static SERVER: Object = Object {
    name: "a Kafka server binding",
    fields: &[
        field("schemaRegistryUrl", Value::Text),
        field("schemaRegistryVendor", Value::Text),
        BINDING_VERSION,
    ],
    others: Others::Extensions,
    also: None,
};

const TOPIC: Field = field("topic", Value::Text);
const PARTITIONS: Field = field("partitions", Value::Integer(1, i64::MAX));
const REPLICAS: Field = field("replicas", Value::Integer(1, i64::MAX));

static CHANNEL: Object = Object {
    name: "a Kafka channel binding",
    fields: &[
        TOPIC,
        PARTITIONS,
        REPLICAS,
        field("topicConfiguration", Value::Object(&TOPIC_CONFIGURATION)),
        BINDING_VERSION,
    ],
    others: Others::Extensions,
    also: None,
};

static CHANNEL_0_4: Object = Object {
    name: "a Kafka channel binding",
    fields: &[
        TOPIC,
        PARTITIONS,
        REPLICAS,
        field("topicConfiguration", Value::Object(&TOPIC_CONFIGURATION_0_4)),
        BINDING_VERSION,
    ],
    others: Others::Extensions,
    also: None,
};

static CHANNEL_0_3: Object = Object {
    name: "a Kafka channel binding",
    fields: &[TOPIC, PARTITIONS, REPLICAS, BINDING_VERSION],
    others: Others::Extensions,
    also: None,
};

const CLEANUP: Field = field("cleanup.policy", Value::List(&Value::Word(&["compact", "delete"])));
const RETENTION: Field = field("retention.ms", Value::Integer(-1, i64::MAX));
const RETENTION_BYTES: Field = field("retention.bytes", Value::Integer(-1, i64::MAX));
const DELETE_RETENTION: Field = field("delete.retention.ms", COUNT);
const MAX_MESSAGE: Field = field("max.message.bytes", COUNT);

static TOPIC_CONFIGURATION: Object = Object {
    name: "the configuration of a Kafka topic",
    fields: &[
        CLEANUP,
        RETENTION,
        RETENTION_BYTES,
        DELETE_RETENTION,
        MAX_MESSAGE,
        field("confluent.key.schema.validation", Value::Flag),
        field("confluent.key.subject.name.strategy", Value::Text),
        field("confluent.value.schema.validation", Value::Flag),
        field("confluent.value.subject.name.strategy", Value::Text),
    ],
    others: Others::Any,
    also: None,
};

static TOPIC_CONFIGURATION_0_4: Object = Object {
    name: "the configuration of a Kafka topic",
    fields: &[CLEANUP, RETENTION, RETENTION_BYTES, DELETE_RETENTION, MAX_MESSAGE],
    others: Others::None,
    also: None,
};

static OPERATION: Object = Object {
    name: "a Kafka operation binding",
    fields: &[
        field("groupId", Value::Schema(Schema::Key)),
        field("clientId", Value::Schema(Schema::Key)),
        BINDING_VERSION,
    ],
    others: Others::Extensions,
    also: None,
};

const KEY: Field = field("key", Value::Schema(Schema::Key));
const SCHEMA_ID_LOCATION: Field = field("schemaIdLocation", Value::Word(&["header", "payload"]));
const SCHEMA_ID_ENCODING: Field = field("schemaIdPayloadEncoding", Value::Text);
const SCHEMA_LOOKUP: Field = field("schemaLookupStrategy", Value::Text);

static MESSAGE: Object = Object {
    name: "a Kafka message binding",
    fields: &[KEY, SCHEMA_ID_LOCATION, SCHEMA_ID_ENCODING, SCHEMA_LOOKUP, BINDING_VERSION],
    others: Others::Extensions,
    also: None,
};

static MESSAGE_0_4: Object = Object {
    name: "a Kafka message binding",
    fields: &[
        // In this edition the key may be in Avro, whose types are texts, lists and objects.
        field(
            "key",
            Value::Either(&[Value::Text, Value::List(&Value::Any), Value::Flag, Value::Open]),
        ),
        SCHEMA_ID_LOCATION,
        SCHEMA_ID_ENCODING,
        SCHEMA_LOOKUP,
        BINDING_VERSION,
    ],
    others: Others::Extensions,
    also: None,
};

static MESSAGE_0_1: Object = Object {
    name: "a Kafka message binding",
    fields: &[KEY, BINDING_VERSION],
    others: Others::Extensions,
    also: None,
};
