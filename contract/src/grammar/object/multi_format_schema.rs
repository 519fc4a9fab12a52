//! Multi Format Schema Object (3.x): a schema with the name of its language.

use crate::grammar::table::{Object, Others, Value, field};

pub(crate) static MULTI_FORMAT_SCHEMA: Object = Object {
    name: "a schema with a format",
    // Whoever reads the schema itself knows its language by then.
    fields: &[field("schemaFormat", Value::Text), field("schema", Value::Any).required()],
    others: Others::Any,
    also: None,
};
