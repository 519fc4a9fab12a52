//! Servers Object, Server Object, Server Variable Object.

use super::security_requirement::SECURITY;
use super::tag::{DOCS, TAGS};
use crate::document::Version::{V2_4, V2_5, V2_6, V3_0};
use crate::grammar::address;
use crate::grammar::table::{Holder, Keys, Map, Object, Others, TEXT_SET, TEXTS, Value, field};
use crate::grammar::walk::Walk;
use crate::tree::NodeRef;

/// `servers` up to 2.2, where no reference may stand.
pub(super) static SERVERS_IN_PLACE: Map = Map { keys: Keys::Names, value: Value::Object(&SERVER) };

pub(super) static SERVERS: Map =
    Map { keys: Keys::Names, value: Value::OrReference(&Value::Object(&SERVER)) };

pub(super) static SERVER: Object = Object {
    name: "a server",
    fields: &[
        field("url", Value::Text).required().until(V2_6).instead("`host` and `pathname`"),
        field("host", Value::Text).required().since(V3_0).instead("`url`"),
        field("pathname", Value::Text).since(V3_0).instead("`url`"),
        field("protocol", Value::Text).required(),
        field("protocolVersion", Value::Text),
        field("title", Value::Text).since(V3_0),
        field("summary", Value::Text).since(V3_0),
        field("description", Value::Text),
        field("variables", Value::Map(&VARIABLES_IN_PLACE)).until(V2_4),
        field("variables", Value::Map(&VARIABLES)).since(V2_5),
        field("security", SECURITY),
        field("tags", TAGS).since(V2_5),
        field("externalDocs", DOCS).since(V3_0),
        field("bindings", Value::Bindings(Holder::Server)),
    ],
    others: Others::Extensions,
    also: Some(variables),
};

static VARIABLES_IN_PLACE: Map = Map { keys: Keys::Any, value: Value::Object(&SERVER_VARIABLE) };

pub(super) static VARIABLES: Map =
    Map { keys: Keys::Any, value: Value::OrReference(&Value::Object(&SERVER_VARIABLE)) };

pub(super) static SERVER_VARIABLE: Object = Object {
    name: "a server variable",
    fields: &[
        field("enum", TEXT_SET),
        field("default", Value::Text),
        field("description", Value::Text),
        field("examples", TEXTS),
    ],
    others: Others::Extensions,
    also: None,
};

fn variables<'t>(walk: &mut Walk<'_, 't>, server: NodeRef<'t>) {
    address::server(walk, server);
}
