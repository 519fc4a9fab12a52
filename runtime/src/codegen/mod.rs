//! What generated code may name, by version: a file generated earlier works with a newer runtime.

#[doc(hidden)]
pub mod v1;
