//! The rules that speak of a whole contract, one file each; rules of one part stand beside its reader.

mod references;

use crate::diagnostic::Rule;

pub(crate) use references::{
    foreign_schema, not_a_channel, not_a_message_of_channel, refers_to_other,
    unknown_security_scheme, unknown_server,
};

/// The rules of this folder.
pub(crate) const RULES: &[&Rule] = &[&references::WRONG_TARGET, &references::FOREIGN_SCHEMA];
