//! Security Scheme Object: one table for each `type`.

use super::oauth_flows::OAUTH_FLOWS;
use crate::document::Version::{V2_0, V2_1, V3_0};
use crate::grammar::report;
use crate::grammar::table::{Field, Form, Object, Others, TEXTS, Tagged, Value, field};
use crate::grammar::walk::Walk;
use crate::tree::NodeRef;

pub(super) const SECURITY_SCHEME: Value = Value::Tagged(&Tagged {
    name: "a security scheme",
    field: "type",
    cases: &[
        ("userPassword", V2_0, &PLAIN),
        ("apiKey", V2_0, &API_KEY),
        ("X509", V2_0, &PLAIN),
        ("symmetricEncryption", V2_0, &PLAIN),
        ("asymmetricEncryption", V2_0, &PLAIN),
        ("httpApiKey", V2_0, &HTTP_API_KEY),
        ("http", V2_0, &HTTP),
        ("oauth2", V2_0, &OAUTH2),
        ("openIdConnect", V2_0, &OPEN_ID_CONNECT),
        ("plain", V2_1, &PLAIN),
        ("scramSha256", V2_1, &PLAIN),
        ("scramSha512", V2_1, &PLAIN),
        ("gssapi", V2_1, &PLAIN),
    ],
});

/// The field that says which kind it is.
const TYPE: Field = field("type", Value::Text).required();
const DESCRIPTION: Field = field("description", Value::Text);

static PLAIN: Object = Object {
    name: "a security scheme of this type",
    fields: &[TYPE, DESCRIPTION],
    others: Others::Extensions,
    also: None,
};

static API_KEY: Object = Object {
    name: "a security scheme of type `apiKey`",
    fields: &[TYPE, DESCRIPTION, field("in", Value::Word(&["user", "password"])).required()],
    others: Others::Extensions,
    also: None,
};

static HTTP_API_KEY: Object = Object {
    name: "a security scheme of type `httpApiKey`",
    fields: &[
        TYPE,
        DESCRIPTION,
        field("name", Value::Text).required(),
        field("in", Value::Word(&["query", "header", "cookie"])).required(),
    ],
    others: Others::Extensions,
    also: None,
};

static HTTP: Object = Object {
    name: "a security scheme of type `http`",
    fields: &[
        TYPE,
        DESCRIPTION,
        field("scheme", Value::Text).required(),
        field("bearerFormat", Value::Text),
    ],
    others: Others::Extensions,
    also: Some(format_of_bearer),
};

/// Only a bearer token has a format.
fn format_of_bearer<'t>(walk: &mut Walk<'_, 't>, scheme: NodeRef<'t>) {
    let is_bearer = scheme.get("scheme").and_then(NodeRef::as_str) == Some("bearer");
    if let Some((key, _)) = scheme.entry("bearerFormat").filter(|_| !is_bearer) {
        walk.report(report::only_with(key, "a security scheme", "`scheme: bearer`"));
    }
}

static OAUTH2: Object = Object {
    name: "a security scheme of type `oauth2`",
    fields: &[
        TYPE,
        DESCRIPTION,
        field("flows", Value::Object(&OAUTH_FLOWS)).required(),
        field("scopes", TEXTS).since(V3_0),
    ],
    others: Others::Any,
    also: None,
};

static OPEN_ID_CONNECT: Object = Object {
    name: "a security scheme of type `openIdConnect`",
    fields: &[
        TYPE,
        DESCRIPTION,
        field("openIdConnectUrl", Value::Formed(Form::Uri)).required(),
        field("scopes", TEXTS).since(V3_0),
    ],
    others: Others::Extensions,
    also: None,
};
