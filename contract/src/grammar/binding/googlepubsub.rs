//! Google Cloud Pub/Sub.

use super::{BINDING_VERSION, Protocol, edition, old};
use crate::document::Version::V2_6;
use crate::grammar::table::{Field, Object, Others, TEXTS, Value, field};

pub(super) static GOOGLEPUBSUB: Protocol = Protocol {
    name: "googlepubsub",
    since: V2_6,
    server: &[],
    channel: &[edition("0.2.0", &CHANNEL), old("0.1.0", &CHANNEL_0_1)],
    operation: &[],
    message: &[edition("0.2.0", &MESSAGE), old("0.1.0", &MESSAGE_0_1)],
};

const LABELS: Field = field("labels", Value::Open);
const RETENTION: Field = field("messageRetentionDuration", Value::Text);
const STORAGE: Field = field("messageStoragePolicy", Value::Object(&STORAGE_POLICY));
const SETTINGS: Field = field("schemaSettings", Value::Object(&SCHEMA_SETTINGS)).required();

static CHANNEL: Object = Object {
    name: "a Pub/Sub channel binding",
    fields: &[LABELS, RETENTION, STORAGE, SETTINGS, BINDING_VERSION],
    others: Others::Extensions,
    also: None,
};

static CHANNEL_0_1: Object = Object {
    name: "a Pub/Sub channel binding",
    fields: &[
        field("topic", Value::Text).required(),
        LABELS,
        RETENTION,
        STORAGE,
        SETTINGS,
        BINDING_VERSION,
    ],
    others: Others::Extensions,
    also: None,
};

static STORAGE_POLICY: Object = Object {
    name: "a storage policy",
    fields: &[field("allowedPersistenceRegions", TEXTS)],
    others: Others::None,
    also: None,
};

static SCHEMA_SETTINGS: Object = Object {
    name: "the schema settings of a Pub/Sub channel",
    fields: &[
        field("encoding", Value::Text).required(),
        field("firstRevisionId", Value::Text),
        field("lastRevisionId", Value::Text),
        field("name", Value::Text).required(),
    ],
    others: Others::Any,
    also: None,
};

const ATTRIBUTES: Field = field("attributes", Value::Open);
const ORDERING_KEY: Field = field("orderingKey", Value::Text);

static MESSAGE: Object = Object {
    name: "a Pub/Sub message binding",
    fields: &[ATTRIBUTES, ORDERING_KEY, field("schema", Value::Object(&SCHEMA)), BINDING_VERSION],
    others: Others::Extensions,
    also: None,
};

static SCHEMA: Object = Object {
    name: "the schema of a Pub/Sub message",
    fields: &[field("name", Value::Text).required()],
    others: Others::Any,
    also: None,
};

static MESSAGE_0_1: Object = Object {
    name: "a Pub/Sub message binding",
    fields: &[
        ATTRIBUTES,
        ORDERING_KEY,
        field("schema", Value::Object(&SCHEMA_0_1)),
        BINDING_VERSION,
    ],
    others: Others::Extensions,
    also: None,
};

static SCHEMA_0_1: Object = Object {
    name: "the schema of a Pub/Sub message",
    fields: &[field("name", Value::Text).required(), field("type", Value::Text).required()],
    others: Others::Any,
    also: None,
};
