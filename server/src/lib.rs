//! The trading-data service, as a user of the toolkit would write it.
//!
//! - [`api`]: what the contract says, generated.
//! - [`bars`]: what the server does with it.
//! - [`app`]: the router.
//! - [`market`]: where bars come from.
//! - [`broadcaster`]: takes them to the topics that somebody listens to.
//! - [`documents`]: the contract as clients can fetch it.
//! - [`config`]: the environment variables and flags.
//! - [`limits`]: those of them that bound what clients can make the service hold or do.

pub mod api;
pub mod app;
pub mod bars;
pub mod broadcaster;
pub mod config;
pub mod documents;
pub mod limits;
pub mod market;
