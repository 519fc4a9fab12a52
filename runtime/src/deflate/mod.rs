//! permessage-deflate (RFC 7692): what is negotiated, and messages in and out of it.
//!
//! Both directions start afresh with every message (`server_no_context_takeover` and
//! `client_no_context_takeover`, which a server may state unasked: §7.1.1). That is what lets one
//! compressed frame go to every receiver, and what makes compression cost no memory per
//! connection: a thread's [`Inflater`] and the hub's [`Deflater`]s serve all of them.

#[cfg(feature = "client")]
mod answer;
mod deflater;
mod deflaters;
mod inflater;
mod offer;
mod parameters;

#[cfg(feature = "client")]
pub(crate) use answer::{Granted, OFFER, read_answer};
pub use deflater::Deflater;
pub use deflaters::DeflateOptions;
#[cfg(feature = "server")]
pub(crate) use deflaters::Deflaters;
pub use inflater::Inflater;
pub use offer::{Agreement, WindowBits, negotiate};
