//! Correlation ID Object.

use crate::grammar::table::{Form, Object, Others, Value, field};

pub(super) static CORRELATION_ID: Object = Object {
    name: "a correlation id",
    fields: &[
        field("location", Value::Formed(Form::Expression)).required(),
        field("description", Value::Text),
    ],
    others: Others::Extensions,
    also: None,
};
