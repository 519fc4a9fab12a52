//! The reviewed snapshots of generated Rust, as they are, in a crate that allows no warning.

#![deny(warnings)]
#![deny(missing_docs)]

include!(concat!(env!("OUT_DIR"), "/golden.rs"));
