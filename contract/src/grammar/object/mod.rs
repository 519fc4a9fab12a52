//! The objects of the specification, one file each, for all versions that are read.
//!
//! A table says what the JSON Schemas of a version say (<https://github.com/asyncapi/spec-json-schemas>,
//! npm `@asyncapi/specs`); where the text of the specification says more, the file's own function
//! does.

mod channel;
mod components;
mod correlation_id;
mod document;
mod info;
mod message;
mod multi_format_schema;
mod oauth_flows;
mod operation;
mod parameter;
mod reply;
mod security_requirement;
mod security_scheme;
mod server;
mod tag;

pub(crate) use document::DOCUMENT;
pub(crate) use multi_format_schema::MULTI_FORMAT_SCHEMA;
pub(crate) use tag::SCHEMA_DOCS;
