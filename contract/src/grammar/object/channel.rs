//! Channels Object, Channel Object (Channel Item Object in 2.x).

use super::message::MESSAGES;
use super::operation::OPERATION_2;
use super::parameter::PARAMETERS;
use super::server::SERVER;
use super::tag::{DOCS, TAGS};
use crate::document::Version::{V2_2, V2_6, V3_0};
use crate::grammar::table::{Holder, Keys, Map, Object, Others, TEXT_SET, Value, field};
use crate::grammar::walk::Walk;
use crate::grammar::{address, belonging};
use crate::tree::NodeRef;

pub(super) static CHANNELS: Map =
    Map { keys: Keys::Channels, value: Value::OrReference(&Value::Object(&CHANNEL)) };

pub(super) static CHANNEL: Object = Object {
    name: "a channel",
    fields: &[
        field("address", Value::Either(&[Value::Text, Value::Null]))
            .since(V3_0)
            .instead("the channel's key, which is its address"),
        field("messages", Value::Map(&MESSAGES)).since(V3_0).instead("`message` of the operation"),
        field("title", Value::Text).since(V3_0),
        field("summary", Value::Text).since(V3_0),
        field("description", Value::Text),
        field("servers", TEXT_SET).since(V2_2).until(V2_6),
        field("servers", Value::Set(&Value::Reference(&Value::Object(&SERVER)))).since(V3_0),
        field("subscribe", Value::Object(&OPERATION_2))
            .until(V2_6)
            .instead("an operation with `action: send`"),
        field("publish", Value::Object(&OPERATION_2))
            .until(V2_6)
            .instead("an operation with `action: receive`"),
        field("parameters", Value::Map(&PARAMETERS)),
        field("deprecated", Value::Flag).until(V2_6),
        field("tags", TAGS).since(V3_0),
        field("externalDocs", DOCS).since(V3_0),
        field("bindings", Value::Bindings(Holder::Channel)),
    ],
    others: Others::Extensions,
    also: Some(parameters_and_servers),
};

fn parameters_and_servers<'t>(walk: &mut Walk<'_, 't>, channel: NodeRef<'t>) {
    address::channel(walk, channel);
    belonging::servers(walk, channel);
}
