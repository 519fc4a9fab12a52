//! Info Object, Contact Object, License Object.

use super::tag::{EXTERNAL_DOCS, TAGS};
use crate::document::Version::V3_0;
use crate::grammar::table::{Form, Object, Others, Value, field};

pub(super) static INFO: Object = Object {
    name: "the info object",
    fields: &[
        field("title", Value::Text).required(),
        field("version", Value::Text).required(),
        field("description", Value::Text),
        field("termsOfService", Value::Formed(Form::Uri)),
        field("contact", Value::Object(&CONTACT)),
        field("license", Value::Object(&LICENSE)),
        field("tags", TAGS).since(V3_0).instead("`tags` of the document"),
        field("externalDocs", Value::OrReference(&Value::Object(&EXTERNAL_DOCS)))
            .since(V3_0)
            .instead("`externalDocs` of the document"),
        // Extensions that the project itself has rules for.
        field("x-x", Value::Text).since(V3_0),
        field("x-linkedin", Value::Formed(Form::LinkedIn)).since(V3_0),
    ],
    others: Others::Extensions,
    also: None,
};

static CONTACT: Object = Object {
    name: "a contact",
    fields: &[
        field("name", Value::Text),
        field("url", Value::Formed(Form::Uri)),
        field("email", Value::Formed(Form::Email)),
    ],
    others: Others::Extensions,
    also: None,
};

static LICENSE: Object = Object {
    name: "a licence",
    fields: &[field("name", Value::Text).required(), field("url", Value::Formed(Form::Uri))],
    others: Others::Extensions,
    also: None,
};
