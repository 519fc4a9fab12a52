//! WebSocket: how the handshake looks.

use super::{BINDING_VERSION, Protocol, edition};
use crate::document::Version::{V2_0, V2_6};
use crate::grammar::table::{Object, Others, Schema, TEXTS, Value, field};

pub(super) static WS: Protocol = Protocol {
    name: "ws",
    since: V2_0,
    server: &[],
    channel: &[edition("0.1.0", &CHANNEL)],
    operation: &[],
    message: &[],
};

/// Names of subprotocols: one, several in one text, or a list.
const SUBPROTOCOLS: Value = Value::Either(&[Value::Text, TEXTS]);

static CHANNEL: Object = Object {
    name: "a WebSocket channel binding",
    fields: &[
        field("method", Value::Word(&["GET", "POST"])),
        field("query", Value::Schema(Schema::Parameters)),
        field("headers", Value::Schema(Schema::Parameters)),
        // Not of the binding, but several tools write them, and a contract keeps them.
        field("subprotocol", SUBPROTOCOLS).until(V2_6).instead("`x-subprotocol`"),
        field("subprotocols", SUBPROTOCOLS).until(V2_6).instead("`x-subprotocol`"),
        BINDING_VERSION,
    ],
    others: Others::Extensions,
    also: None,
};
