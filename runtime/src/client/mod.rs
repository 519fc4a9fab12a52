//! A client that stays: it reconnects as the contract's close table says, subscribes again, answers every
//! request, refreshes tokens, keeps the heartbeat, and tells its user where messages may be missing.
//!
//! Generated clients stand on it (`side = client`). The same rules as in the TypeScript client, held to them
//! by the same table of scenarios (`ts-gen/runtime/scenarios.json`).
//!
//! | module | what happens there |
//! | --- | --- |
//! | `core/` | the client without a socket and without a clock: events in, commands out |
//! | `driver.rs` | whoever has the socket: between the core and the network |
//! | `socket.rs`, `compressor.rs` | frames, pings, the closing handshake, compression |
//! | `dialer.rs`, `handshake.rs`, `url.rs`, `tls.rs` | how a socket is made |
//! | `connection.rs`, `reader.rs`, `inbox.rs` | what users hold |
//! | `contract.rs` | what generated code says of a contract |
//!
//! # After a close
//!
//! | [`Then`](crate::close::Then) | what the client does |
//! | --- | --- |
//! | `Retry` | comes back at once, or exactly after the wait that the reason states (`; retry-after=<ms>`, at most an hour) |
//! | `Refresh` | asks the token provider for a new token and comes back at once; if that ends the same way before the connection was stable, it stops. Without a provider the one new try comes after a backoff |
//! | `BackOff` | comes back after a random time below 500 ms, 1 s, 2 s … 30 s (full jitter), on top of the wait that the reason states |
//! | `Stop` | does not come back; every request and subscription ends with the error |
//!
//! Failures are forgotten when a connection has been open for 5 s, not when it opens. Which `Then` holds:
//! with a subprotocol of declared closes the contract's table; else the texts of the plain wire
//! ([`PLAIN_CLOSES`]); else the range of the code. [`Options::on_close`] has the last word. A handshake
//! that is answered by HTTP counts as well: 401 refreshes, 403 stops, everything else backs off.
//!
//! # What is never lost in silence
//!
//! - A request has one outcome: the reply, or a [`ClientError`]. What was sent and not answered when the
//!   line broke is [`ClientError::ConnectionLost`] and is not sent again; what still waited is sent.
//! - A subscription outlives connections. It is asked for again, 100 topics each 100 ms, then a
//!   [`Delivery::Gap`] says that payloads may be missing.
//! - A consumer that lags loses the oldest, and [`Delivery::Dropped`] says how many.

mod backoff;
mod close;
#[cfg(feature = "deflate")]
mod compressor;
mod connection;
mod contract;
mod core;
mod dialer;
mod driver;
mod error;
mod handshake;
mod inbox;
mod options;
mod raw;
mod reader;
mod socket;
mod timers;
#[cfg(feature = "tls")]
mod tls;
mod url;

pub use self::core::{ConnectionState, Event, StateChange};
pub use backoff::Backoff;
pub use close::{Close, PLAIN as PLAIN_CLOSES};
pub use connection::{Connection, Events, Messages, SubscribeOptions, Subscription, TopicClient};
pub use contract::{
    ClientChannel, ClientInfo, Family, Notice, Operation, Subscribe, TokenPlace, integer_id,
    text_id, unexpected,
};
pub use error::ClientError;
pub use inbox::{Delivery, Gap, GapReason, Overflow};
pub use options::{Options, Pace, TokenRequest};
#[doc(hidden)]
pub use raw::{RawConnection, RawMessage};
