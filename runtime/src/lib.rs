//! See the crate description.

#[cfg(feature = "server")]
pub mod admission;
#[cfg(feature = "server")]
pub mod clock;
#[cfg(feature = "server")]
pub mod close;
pub mod codec;
pub mod codegen;
#[cfg(feature = "deflate")]
pub mod deflate;
#[cfg(feature = "server")]
pub mod endpoint;
#[cfg(feature = "frame")]
pub mod frame;
#[cfg(feature = "server")]
pub mod handshake;
#[cfg(feature = "server")]
pub mod hub;
#[cfg(feature = "server")]
pub mod limits;
#[cfg(feature = "server")]
pub mod metrics;
#[cfg(feature = "server")]
pub mod serve;
#[cfg(feature = "server")]
pub mod service;
#[cfg(feature = "server")]
pub mod session;
#[cfg(feature = "server")]
mod shard;
#[cfg(feature = "server")]
pub mod testing;
#[cfg(feature = "tls")]
pub mod tls;
#[cfg(feature = "server")]
mod transport;
pub mod typed;
#[cfg(feature = "server")]
pub mod upgrade;

pub use ::json;
pub use ::json::check;

#[cfg(feature = "macros")]
pub use asyncapi_ws_macros::contract;
