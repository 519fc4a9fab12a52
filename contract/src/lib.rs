//! The front end: reads an AsyncAPI document and yields one checked, version-independent contract.

pub mod diagnostic;
pub mod render;
pub mod source;
pub mod tree;

pub use diagnostic::{Diagnostic, Diagnostics, Place, Rule, Severity};
pub use source::{FileId, LineColumn, SourceMap, Span};
