//! See the crate description.

pub mod check;
#[cfg(feature = "server")]
pub mod clock;
#[cfg(feature = "server")]
pub mod close;
#[cfg(feature = "server")]
pub mod codec;
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
pub mod json;
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
#[cfg(feature = "server")]
mod transport;
#[cfg(feature = "server")]
pub mod upgrade;
