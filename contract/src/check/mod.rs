//! The rules that speak of a whole contract, one file each; rules of one part stand beside its reader.

mod references;

pub(crate) use references::{
    foreign_schema, not_a_channel, not_a_message_of_channel, unknown_security_scheme,
    unknown_server,
};
