//! Components Object: what other parts of the document refer to.

use super::channel::{CHANNEL, CHANNELS};
use super::correlation_id::CORRELATION_ID;
use super::message::{MESSAGE_2, MESSAGE_3, MESSAGE_TRAIT};
use super::operation::{OPERATION, OPERATION_TRAIT};
use super::parameter::PARAMETERS;
use super::reply::{REPLY, REPLY_ADDRESS};
use super::security_scheme::SECURITY_SCHEME;
use super::server::{SERVER, SERVERS, VARIABLES};
use super::tag::{EXTERNAL_DOCS, TAG};
use crate::document::Version::{V2_3, V2_4, V2_6, V3_0};
use crate::grammar::table::{Holder, Keys, Map, Object, Others, Schema, Value, field};

/// Components of one kind, each under its name.
const fn named(value: Value) -> Map {
    Map { keys: Keys::Names, value }
}

pub(super) static COMPONENTS: Object = Object {
    name: "the components object",
    fields: &[
        field("schemas", Value::Map(&SCHEMAS_2)).until(V2_6),
        field("schemas", Value::Map(&SCHEMAS)).since(V3_0),
        field("servers", Value::Map(&SERVERS)).since(V2_3).until(V2_6),
        field("servers", Value::Map(&SERVERS_3)).since(V3_0),
        field("channels", Value::Map(&CHANNELS)).since(V2_3).until(V2_6),
        field("channels", Value::Map(&CHANNELS_3)).since(V3_0),
        field("serverVariables", Value::Map(&VARIABLES)).since(V2_4),
        field("operations", Value::Map(&OPERATIONS)).since(V3_0),
        field("messages", Value::Map(&MESSAGES_2)).until(V2_6),
        field("messages", Value::Map(&MESSAGES)).since(V3_0),
        field("securitySchemes", Value::Map(&SECURITY_SCHEMES)),
        field("parameters", Value::Map(&PARAMETERS)),
        field("correlationIds", Value::Map(&CORRELATION_IDS)),
        field("replies", Value::Map(&REPLIES)).since(V3_0),
        field("replyAddresses", Value::Map(&REPLY_ADDRESSES)).since(V3_0),
        field("externalDocs", Value::Map(&DOCS)).since(V3_0),
        field("tags", Value::Map(&TAGS)).since(V3_0),
        // The JSON Schemas of 2.x have no references here, text and kit do.
        field("operationTraits", Value::Map(&OPERATION_TRAITS)),
        field("messageTraits", Value::Map(&MESSAGE_TRAITS)),
        field("serverBindings", Value::Map(&SERVER_BINDINGS)),
        field("channelBindings", Value::Map(&CHANNEL_BINDINGS)),
        field("operationBindings", Value::Map(&OPERATION_BINDINGS)),
        field("messageBindings", Value::Map(&MESSAGE_BINDINGS)),
    ],
    others: Others::Extensions,
    also: None,
};

static SCHEMAS_2: Map = named(Value::Schema(Schema::Own));
static SCHEMAS: Map = named(Value::Schema(Schema::MultiFormat));
static SERVERS_3: Map = named(Value::OrReference(&Value::Object(&SERVER)));
static CHANNELS_3: Map = named(Value::OrReference(&Value::Object(&CHANNEL)));
static OPERATIONS: Map = named(Value::OrReference(&Value::Object(&OPERATION)));
static MESSAGES_2: Map = named(MESSAGE_2);
static MESSAGES: Map = named(Value::OrReference(&MESSAGE_3));
static SECURITY_SCHEMES: Map = named(Value::OrReference(&SECURITY_SCHEME));
static CORRELATION_IDS: Map = named(Value::OrReference(&Value::Object(&CORRELATION_ID)));
static REPLIES: Map = named(Value::OrReference(&Value::Object(&REPLY)));
static REPLY_ADDRESSES: Map = named(Value::OrReference(&Value::Object(&REPLY_ADDRESS)));
static DOCS: Map = named(Value::OrReference(&Value::Object(&EXTERNAL_DOCS)));
static TAGS: Map = named(Value::OrReference(&Value::Object(&TAG)));
static OPERATION_TRAITS: Map = named(Value::OrReference(&Value::Object(&OPERATION_TRAIT)));
static MESSAGE_TRAITS: Map = named(Value::OrReference(&Value::Object(&MESSAGE_TRAIT)));
static SERVER_BINDINGS: Map = named(Value::Bindings(Holder::Server));
static CHANNEL_BINDINGS: Map = named(Value::Bindings(Holder::Channel));
static OPERATION_BINDINGS: Map = named(Value::Bindings(Holder::Operation));
static MESSAGE_BINDINGS: Map = named(Value::Bindings(Holder::Message));
