//! The trading-data service: what feeds its topics and how it is set up.
//!
//! - [`market`]: where bars come from.
//! - [`broadcaster`]: takes them to the topics that somebody listens to.
//! - [`config`]: the environment variables and flags.

pub mod broadcaster;
pub mod config;
pub mod market;
