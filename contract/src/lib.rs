//! The front end: reads an AsyncAPI document and yields one checked, version-independent contract.

pub mod diagnostic;
pub mod files;
pub mod json;
pub mod limits;
pub mod location;
pub mod nearest;
pub mod notation;
pub mod reference;
pub mod render;
pub mod source;
pub mod text;
pub mod tree;
pub mod yaml;

pub use diagnostic::{Diagnostic, Diagnostics, Place, Rule, Severity};
pub use limits::Limits;
pub use source::{FileId, LineColumn, SourceMap, Span};
