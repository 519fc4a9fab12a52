//! WebSocket APIs from an AsyncAPI contract: the runtime.
//!
//! A contract names channels, messages and topics; generated code turns them into types and a
//! handler trait (the macro [`contract!`](https://docs.rs/asyncapi-ws), or `asyncapi-ws-build` in a
//! build script); this crate does everything that is the same for all contracts. It knows bytes,
//! sessions and topics, and no contract.
//!
//! # A server
//!
#![cfg_attr(
    feature = "macros",
    doc = r#"
The contract becomes a handler trait, with a method for each operation; what the contract says
whole, such as how one subscribes to a topic, has a default. The router is an ordinary
[`axum::Router`].

```no_run
use asyncapi_ws::Refusal;

asyncapi_ws::contract!("../examples/chat/asyncapi.yaml");

struct Rooms;

impl ChatHandler for Rooms {
    type State = ();

    async fn say(&self, session: &ChatSession, Say { room, text }: Say) -> Result<(), Refusal> {
        let topic = RoomTopic { room: room.clone() };
        session.hub().publish(&topic, &Said { room, text })?;
        Ok(())
    }
}

# #[tokio::main(flavor = "current_thread")]
# async fn main() -> std::io::Result<()> {
let listener = tokio::net::TcpListener::bind("127.0.0.1:8000").await?;
axum::serve(listener, Chat::router(Rooms)).await
# }
```

# Without a contract
"#
)]
//!
//! What generated code does, by hand: a [`Service`](service::Service) that answers text with text.
//!
//! ```no_run
//! use asyncapi_ws::{codec::Codec, endpoint::Endpoint, hub::Hub, service::*, session::SessionHandle};
//!
//! struct Echo;
//! static CHANNEL: ChannelInfo = ChannelInfo::new("echo", "/ws").with_codec(Codec::Raw);
//! static MESSAGE: OperationInfo = OperationInfo::new("message");
//!
//! impl Service for Echo {
//!     fn channel(&self) -> &'static ChannelInfo {
//!         &CHANNEL
//!     }
//!     fn receive(&self, _: &SessionHandle, message: Inbound<'_>) -> Result<Dispatched, Rejection> {
//!         let reply = Outgoing::binary(message.as_bytes());
//!         Ok(Dispatched { operation: &MESSAGE, work: Work::Done(Some(reply)) })
//!     }
//! }
//!
//! # async fn example() -> std::io::Result<()> {
//! let hub = Hub::new();
//! let router = Endpoint::new(Echo).hub(&hub).into_router();
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:8000").await?;
//! axum::serve(listener, router).await
//! # }
//! ```
//!
//! # The way of a frame
//!
//! | module | what happens there |
//! | --- | --- |
//! | [`endpoint`], [`upgrade`], [`admission`] | an HTTP request becomes a connection, or an answer that says why not |
//! | `transport`, `shard` | one thread for each shard owns its sockets: reads, writes, waits |
//! | [`frame`], [`deflate`] | bytes become messages and control frames, and back |
//! | [`session`] | the life of a connection; the handle that the application holds |
//! | [`service`] | the boundary to generated code: a message in, work and a reply out |
//! | [`hub`] | topics: who is subscribed where, what they remember, one frame for all receivers |
//! | [`close`] | why a connection ends, and what its client does then |
//!
//! Beside them: [`limits`] (every bound and its reason), [`metrics`], [`serve`](mod@serve), [`shutdown`] and
//! `tls` for a whole server, [`clock`] and [`testing`] for tests without a port and without waiting.
//!
//! # Features
//!
//! `server` (default) is all of the above; `deflate` adds permessage-deflate, `tls` a listener that
//! speaks TLS, `macros` the macro, `client` a client that stays connected. Without `server` and
//! `client` no tokio is pulled in: types, codecs and checks.

#[cfg(feature = "server")]
pub mod admission;
#[cfg(any(feature = "client", feature = "server"))]
mod channel;
#[cfg(feature = "client")]
pub mod client;
#[cfg(feature = "server")]
pub mod clock;
#[cfg(any(feature = "client", feature = "server"))]
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
pub mod scalar;
#[cfg(feature = "server")]
pub mod serve;
#[cfg(feature = "server")]
pub mod service;
#[cfg(feature = "server")]
pub mod session;
#[cfg(feature = "server")]
mod shard;
#[cfg(feature = "server")]
pub mod shutdown;
#[cfg(feature = "server")]
pub mod testing;
#[cfg(all(feature = "server", feature = "tls"))]
pub mod tls;
#[cfg(feature = "server")]
mod transport;
pub mod typed;
#[cfg(feature = "server")]
pub mod upgrade;

pub use ::json;
pub use ::json::check;

#[cfg(feature = "server")]
pub use crate::{
    close::{Closed, Situation},
    typed::{Delivery, Endpoint, Hub, Refusal, Session, Topic, Wish, layer},
};

#[cfg(feature = "macros")]
pub use asyncapi_ws_macros::contract;
