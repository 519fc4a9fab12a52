//! OAuth Flows Object, OAuth Flow Object: each flow needs and refuses URLs of its own.

use crate::document::Version::{V2_6, V3_0};
use crate::grammar::report;
use crate::grammar::table::{Field, Form, Keys, Map, Object, Others, Value, field};
use crate::grammar::walk::Walk;
use crate::tree::NodeRef;

pub(super) static OAUTH_FLOWS: Object = Object {
    name: "the flows of a security scheme",
    fields: &[
        field("implicit", Value::Object(&IMPLICIT)),
        field("password", Value::Object(&BY_TOKEN)),
        field("clientCredentials", Value::Object(&BY_TOKEN)),
        field("authorizationCode", Value::Object(&AUTHORIZATION_CODE)),
    ],
    others: Others::None,
    also: None,
};

const AUTHORIZATION_URL: Field = field("authorizationUrl", Value::Formed(Form::Uri));
const TOKEN_URL: Field = field("tokenUrl", Value::Formed(Form::Uri));
const REFRESH_URL: Field = field("refreshUrl", Value::Formed(Form::Uri));
const SCOPES: Field =
    field("scopes", Value::Map(&SCOPE_NAMES)).required().until(V2_6).instead("`availableScopes`");
const AVAILABLE_SCOPES: Field =
    field("availableScopes", Value::Map(&SCOPE_NAMES)).required().since(V3_0).instead("`scopes`");

static SCOPE_NAMES: Map = Map { keys: Keys::Any, value: Value::Text };

static IMPLICIT: Object = Object {
    name: "the implicit flow",
    fields: &[AUTHORIZATION_URL.required(), TOKEN_URL, REFRESH_URL, SCOPES, AVAILABLE_SCOPES],
    others: Others::Extensions,
    also: Some(without_token),
};

static BY_TOKEN: Object = Object {
    name: "this flow",
    fields: &[AUTHORIZATION_URL, TOKEN_URL.required(), REFRESH_URL, SCOPES, AVAILABLE_SCOPES],
    others: Others::Extensions,
    also: Some(without_authorization),
};

static AUTHORIZATION_CODE: Object = Object {
    name: "the authorization code flow",
    fields: &[
        AUTHORIZATION_URL.required(),
        TOKEN_URL.required(),
        REFRESH_URL,
        SCOPES,
        AVAILABLE_SCOPES,
    ],
    others: Others::Extensions,
    also: None,
};

fn without_token<'t>(walk: &mut Walk<'_, 't>, flow: NodeRef<'t>) {
    if let Some((key, _)) = flow.entry("tokenUrl") {
        walk.report(report::excluded(key, "the implicit flow"));
    }
}

fn without_authorization<'t>(walk: &mut Walk<'_, 't>, flow: NodeRef<'t>) {
    if let Some((key, _)) = flow.entry("authorizationUrl") {
        walk.report(report::excluded(key, "this flow"));
    }
}
