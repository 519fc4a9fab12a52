//! Servers and clients for tests: with a port or without one, with a clock that you move, and with
//! clients that can misbehave.
//!
//! # Handlers
//!
//! A [`TestChannel`] serves a channel of a contract in the test's own process, everything included
//! but the network; its clients send and get the contract's types. Such a test takes less than a
//! millisecond.
//!
#![cfg_attr(
    feature = "macros",
    doc = r#"
```
use asyncapi_ws::{Refusal, testing::TestChannel};
use std::time::Duration;

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
let chat = TestChannel::serve(Chat::endpoint(Rooms).heartbeat(Duration::from_secs(30)));
let mut anna = chat.connect().await?;
let mut ben = chat.connect().await?;
let room = || "lobby".to_owned();

anna.send(Join { room: room() }).await?;
assert_eq!(anna.next().await?, ChatSent::Joined(Joined { room: room() }));

ben.send(Say { room: room(), text: "hello".to_owned() }).await?;
let said = Said { room: room(), text: "hello".to_owned() };
assert_eq!(anna.next().await?, ChatSent::Said(said));
assert_eq!(ben.received().await?, [], "he is not in the room");

chat.advance(Duration::from_secs(30)).await;
assert!(anna.closed().await?.text.starts_with("Connection timed out"));
# Ok(())
# }
```
"#
)]
//!
//! # Services, and what no client should do
//!
//! A [`TestServer`] serves any router; its clients are [`RawClient`]s.
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

mod channel;
mod client;
mod clock;
mod server;

pub use channel::{TestChannel, TestClient};
pub use client::{RawClient, Received};
pub use clock::FakeClock;
pub use server::TestServer;
