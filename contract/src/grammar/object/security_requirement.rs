//! Security Requirement Object: in 2.x the names of schemes with their scopes, in 3.x the schemes
//! themselves.

use super::security_scheme::SECURITY_SCHEME;
use crate::document::Version::V3_0;
use crate::grammar::security;
use crate::grammar::table::{Object, Others, Value};
use crate::grammar::walk::Walk;
use crate::tree::NodeRef;

/// `security` of a server or an operation.
pub(super) const SECURITY: Value = Value::From(
    V3_0,
    &Value::List(&Value::Object(&SECURITY_REQUIREMENT)),
    &Value::List(&Value::OrReference(&SECURITY_SCHEME)),
);

static SECURITY_REQUIREMENT: Object = Object {
    name: "a security requirement",
    // Its keys are the names of schemes.
    fields: &[],
    others: Others::Any,
    also: Some(schemes),
};

fn schemes<'t>(walk: &mut Walk<'_, 't>, requirement: NodeRef<'t>) {
    security::requirement(walk, requirement);
}
