//! AsyncAPI Object: the root of a document.

use super::channel::CHANNELS;
use super::components::COMPONENTS;
use super::info::INFO;
use super::operation::OPERATIONS;
use super::server::{SERVERS, SERVERS_IN_PLACE};
use super::tag::{EXTERNAL_DOCS, TAGS};
use crate::document::Version::{V2_2, V2_3, V2_6, V3_0};
use crate::grammar::table::{Form, Object, Others, Value, field};

pub(crate) static DOCUMENT: Object = Object {
    name: "the document",
    fields: &[
        field("asyncapi", Value::Text).required(),
        field("id", Value::Formed(Form::Uri)),
        field("info", Value::Object(&INFO)).required(),
        field("servers", Value::Map(&SERVERS_IN_PLACE)).until(V2_2),
        field("servers", Value::Map(&SERVERS)).since(V2_3),
        field("defaultContentType", Value::Text),
        field("channels", Value::Map(&CHANNELS)).required().until(V2_6),
        field("channels", Value::Map(&CHANNELS)).since(V3_0),
        field("operations", Value::Map(&OPERATIONS))
            .since(V3_0)
            .instead("`publish` and `subscribe` of a channel"),
        field("components", Value::Object(&COMPONENTS)),
        field("tags", TAGS).until(V2_6).instead("`tags` of `info`"),
        field("externalDocs", Value::Object(&EXTERNAL_DOCS))
            .until(V2_6)
            .instead("`externalDocs` of `info`"),
    ],
    others: Others::Extensions,
    also: None,
};
