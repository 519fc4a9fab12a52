//! Servers and clients for tests: with a port or without one, with a clock that you move, and with
//! clients that can misbehave.
//!
//! ```
//! # use asyncapi_ws::{codec::Codec, endpoint::Endpoint, hub::Hub, session::SessionHandle, service::*};
//! # struct Echo;
//! # static CHANNEL: ChannelInfo = ChannelInfo::new("echo", "/ws").with_codec(Codec::Raw);
//! # static MESSAGE: OperationInfo = OperationInfo::new("message");
//! # impl Service for Echo {
//! #     fn channel(&self) -> &'static ChannelInfo { &CHANNEL }
//! #     fn receive(&self, _: &SessionHandle, message: Inbound<'_>) -> Result<Dispatched, Rejection> {
//! #         let reply = Some(Outgoing::binary(message.as_bytes()));
//! #         Ok(Dispatched { operation: &MESSAGE, work: Work::Done(reply) })
//! #     }
//! # }
//! use asyncapi_ws::testing::{Received, TestServer};
//!
//! # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
//! let hub = Hub::new();
//! let server = TestServer::in_process(Endpoint::new(Echo).hub(&hub).into_router(), &hub);
//! let mut client = server.connect("/ws").await?;
//! client.send_binary(b"hello").await?;
//! assert_eq!(client.receive().await?, Received::Binary(b"hello".to_vec()));
//! # Ok::<(), std::io::Error>(())
//! # }).unwrap();
//! ```

mod client;
mod clock;
mod server;

pub use client::{RawClient, Received};
pub use clock::FakeClock;
pub use server::TestServer;
