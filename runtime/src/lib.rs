//! See the crate description.

#[cfg(feature = "deflate")]
pub mod deflate;
#[cfg(feature = "frame")]
pub mod frame;
pub mod json;
