//! Tags Object, Tag Object, External Documentation Object.

use crate::document::Version::{V2_6, V3_0};
use crate::grammar::table::{Form, Object, Others, Value, field};

/// A list of tags; in 3.x each may be a reference.
pub(super) const TAGS: Value = Value::From(
    V3_0,
    &Value::Tags(&Value::Object(&TAG)),
    &Value::Tags(&Value::OrReference(&Value::Object(&TAG))),
);

/// `externalDocs`, which in 3.x may be a reference.
pub(super) const DOCS: Value = Value::From(
    V3_0,
    &Value::Object(&EXTERNAL_DOCS),
    &Value::OrReference(&Value::Object(&EXTERNAL_DOCS)),
);

pub(super) static TAG: Object = Object {
    name: "a tag",
    fields: &[
        field("name", Value::Text).required(),
        field("description", Value::Text),
        field("externalDocs", Value::Object(&EXTERNAL_DOCS)).until(V2_6),
        field("externalDocs", Value::OrReference(&Value::Object(&EXTERNAL_DOCS))).since(V3_0),
    ],
    others: Others::Extensions,
    also: None,
};

pub(crate) static EXTERNAL_DOCS: Object = Object {
    name: "external documentation",
    fields: &[field("url", Value::Formed(Form::Uri)).required(), field("description", Value::Text)],
    others: Others::Extensions,
    also: None,
};

/// What stands under `externalDocs` of a schema.
pub(crate) static SCHEMA_DOCS: Value = DOCS;
