//! HTTP.

use super::{BINDING_VERSION, Protocol, edition, old};
use crate::document::Version::V2_0;
use crate::grammar::report;
use crate::grammar::table::{Field, Object, Others, Schema, Value, field};
use crate::grammar::walk::Walk;
use crate::tree::NodeRef;

pub(super) static HTTP: Protocol = Protocol {
    name: "http",
    since: V2_0,
    server: &[],
    channel: &[],
    operation: &[
        edition("0.3.0", &OPERATION),
        edition("0.2.0", &OPERATION),
        old("0.1.0", &OPERATION_0_1),
    ],
    message: &[
        edition("0.3.0", &MESSAGE),
        edition("0.2.0", &MESSAGE_0_2),
        old("0.1.0", &MESSAGE_0_2),
    ],
};

const METHOD: Field = field(
    "method",
    Value::Word(&["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "CONNECT", "TRACE"]),
);
const QUERY: Field = field("query", Value::Schema(Schema::Parameters));
const HEADERS: Field = field("headers", Value::Schema(Schema::Parameters));

static OPERATION: Object = Object {
    name: "an HTTP operation binding",
    fields: &[METHOD, QUERY, BINDING_VERSION],
    others: Others::Extensions,
    also: None,
};

static OPERATION_0_1: Object = Object {
    name: "an HTTP operation binding",
    fields: &[
        field("type", Value::Word(&["request", "response"])).required(),
        METHOD,
        QUERY,
        BINDING_VERSION,
    ],
    others: Others::Extensions,
    also: Some(method_of_request),
};

/// A request has a method, a response has none.
fn method_of_request<'t>(walk: &mut Walk<'_, 't>, binding: NodeRef<'t>) {
    let is_request = binding.get("type").and_then(NodeRef::as_str) == Some("request");
    match binding.entry("method") {
        Some((key, _)) if !is_request => {
            walk.report(report::only_with(key, "an HTTP operation binding", "`type: request`"));
        }
        None if is_request => {
            walk.report(report::missing(binding, "an HTTP request", "method"));
        }
        _ => {}
    }
}

static MESSAGE: Object = Object {
    name: "an HTTP message binding",
    fields: &[HEADERS, field("statusCode", Value::Number), BINDING_VERSION],
    others: Others::Extensions,
    also: None,
};

static MESSAGE_0_2: Object = Object {
    name: "an HTTP message binding",
    fields: &[HEADERS, BINDING_VERSION],
    others: Others::Extensions,
    also: None,
};
