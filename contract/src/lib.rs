//! The front end: reads an AsyncAPI document and yields one checked, version-independent contract.
//!
//! ```text
//! text ──► Tree ──► References ──► v2 / v3 ──► Draft ──► schemas, shapes, wire, names ──► Contract
//!     yaml, json        $ref       a version                  decided once               checked
//! ```
//!
//! [`load`] runs the pipeline and gives back everything that was found, with the contract if there were no
//! errors. It knows no output language, and touches the world through [`files::Files`] only.
//!
//! ```
//! let loaded = contract::parse("asyncapi.yaml", "
//! asyncapi: 3.0.0
//! info: { title: Ticks, version: 1.0.0 }
//! channels:
//!   ticks:
//!     address: /ticks
//!     messages:
//!       tick: { payload: { type: object, properties: { price: { type: number } } } }
//! operations:
//!   tick: { action: sned, channel: { $ref: '#/channels/tiks' } }
//! ", &contract::Options::default());
//! assert!(loaded.contract.is_err());
//! let text = loaded.diagnostics.to_string();
//! assert!(text.contains("asyncapi.yaml:10:"), "{text}");
//! ```

pub mod answer;
mod check;
pub mod convert;
#[cfg(test)]
mod diagnose;
pub mod diagnostic;
mod document;
mod draft;
mod endpoints;
mod extension;
pub mod files;
mod grammar;
pub mod json;
pub mod limits;
mod load;
pub mod location;
pub mod model;
pub mod names;
pub mod nearest;
pub mod notation;
mod reading;
pub mod reference;
pub mod render;
mod replies;
mod rules;
pub mod schema;
pub mod source;
pub mod text;
mod topics;
pub mod tree;
mod v2;
mod v3;
mod value;
pub mod wire;
pub mod yaml;

pub use diagnostic::{Diagnostic, Diagnostics, Place, Rule, Severity};
pub use document::Version;
pub use limits::Limits;
pub use load::{Loaded, Options, Partial, load, parse};
pub use rules::rules;
pub use source::{FileId, LineColumn, SourceMap, Span};
