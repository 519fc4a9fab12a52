//! A channel of a contract, served for a test, and its typed clients.

use super::{FakeClock, RawClient, Received, TestServer};
use crate::{
    close::{CloseCode, CloseReason},
    codec::{Codec, EncodeError},
    frame::OpCode,
    hub::{Hub, HubOptions},
    json::Json,
    service::Inbound,
    typed::{self, Channel, Decoded, Endpoint, EnvelopeParts, Message, incoming},
};
use std::{
    collections::VecDeque, fmt, future::poll_fn, io, marker::PhantomData, pin::pin, sync::Arc,
    task::Poll, time::Duration,
};

/// A channel that is served without a port, by one shard, with a clock that stands still until
/// [`advance`](Self::advance) moves it. Its sessions end when it is dropped.
pub struct TestChannel<C: Channel> {
    server: TestServer,
    clock: FakeClock,
    hub: typed::Hub<C>,
}

impl<C: Channel> TestChannel<C> {
    /// Serves what a contract's channel is answered by, as `Trading::endpoint(handler)`. The endpoint
    /// gets a hub of the test's.
    pub fn serve(endpoint: Endpoint<C>) -> Self {
        Self::serve_with(endpoint, HubOptions::default())
    }

    /// The same with limits of your own; the options' clock and number of shards are the test's.
    pub fn serve_with(endpoint: Endpoint<C>, options: HubOptions) -> Self {
        let clock = FakeClock::new();
        let hub = Hub::with(HubOptions { clock: Arc::new(clock.clone()), shards: 1, ..options });
        let endpoint = endpoint.with_hub(&hub);
        let typed = endpoint.hub();
        Self { server: TestServer::in_process(endpoint.into_router(), &hub), clock, hub: typed }
    }

    /// Publishes to the channel's topics.
    pub fn hub(&self) -> &typed::Hub<C> {
        &self.hub
    }

    /// Moves the clock, and waits until what became due is done: heartbeats, lifespans, deadlines.
    pub async fn advance(&self, by: Duration) {
        self.clock.advance(by, self.hub.inner()).await;
    }

    /// Connects a plain client, which offers no subprotocol.
    ///
    /// # Errors
    ///
    /// When the handshake is refused; the text holds the answer. And when the channel's address has
    /// parameters: see [`connect_with`](Self::connect_with).
    pub async fn connect(&self) -> io::Result<TestClient<C>> {
        self.connect_with(C::INFO.address(), &[]).await
    }

    /// Connects a client that offers a subprotocol, and speaks its codec.
    ///
    /// # Errors
    ///
    /// As [`connect`](Self::connect).
    pub async fn connect_as(&self, subprotocol: &str) -> io::Result<TestClient<C>> {
        let offer = [("sec-websocket-protocol", subprotocol)];
        self.connect_with(C::INFO.address(), &offer).await
    }

    /// Connects to a path, query included, with further headers.
    ///
    /// # Errors
    ///
    /// As [`connect`](Self::connect).
    pub async fn connect_with(
        &self,
        path: &str,
        headers: &[(&str, &str)],
    ) -> io::Result<TestClient<C>> {
        if path.contains('{') {
            let text = format!("the address {path} has parameters; connect to a path without");
            return Err(io::Error::other(text));
        }
        let raw = self.server.connect_with(path, headers).await?;
        let selected = raw.headers().get("sec-websocket-protocol");
        let selected = selected.and_then(|name| name.to_str().ok());
        let subprotocol = C::INFO.subprotocols.iter().find(|of| Some(of.name) == selected);
        let mut client = TestClient {
            raw,
            codec: subprotocol.map_or(C::INFO.codec, |subprotocol| subprotocol.codec),
            hub: self.hub.inner().clone(),
            early: VecDeque::new(),
            channel: PhantomData,
        };
        client.reach_shard().await?;
        Ok(client)
    }
}

impl<C: Channel> fmt::Debug for TestChannel<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestChannel").field("hub", &self.hub).finish_non_exhaustive()
    }
}

/// A client that sends and gets messages of a channel. It answers pings whenever it is asked for
/// what came, and does nothing else by itself.
pub struct TestClient<C: Channel> {
    raw: RawClient,
    codec: Codec,
    hub: Hub,
    /// What came before somebody asked.
    early: VecDeque<Received>,
    channel: PhantomData<fn() -> C>,
}

impl<C: Channel> TestClient<C> {
    /// Sends a message.
    ///
    /// # Errors
    ///
    /// When the payload breaks its schema, or the connection has ended.
    pub async fn send(&mut self, message: impl Into<C::Received>) -> io::Result<()> {
        self.send_within(&EnvelopeParts::default(), &message.into()).await
    }

    /// Sends a request with a correlation id, which its reply repeats.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send).
    pub async fn request(
        &mut self,
        id: impl Into<Json<'static>>,
        message: impl Into<C::Received>,
    ) -> io::Result<()> {
        let id = id.into();
        self.send_within(&EnvelopeParts::of_id(Some(&id)), &message.into()).await
    }

    async fn send_within(
        &mut self,
        envelope: &EnvelopeParts<'_>,
        message: &C::Received,
    ) -> io::Result<()> {
        let encode = |codec: Codec, out: &mut Vec<u8>| -> Result<(), EncodeError> {
            message.encode(codec, envelope, out)
        };
        let mut payload = Vec::new();
        encode(self.codec, &mut payload).map_err(io::Error::other)?;
        let opcode = if self.codec == Codec::Json { OpCode::Text } else { OpCode::Binary };
        self.raw.send(opcode, &payload).await
    }

    /// The next message.
    ///
    /// # Errors
    ///
    /// When none comes for 30 s, when what comes is none of the channel's, and when the session ends
    /// instead; the text says how.
    pub async fn next(&mut self) -> io::Result<C::Sent> {
        self.next_envelope().await.map(|decoded| decoded.message)
    }

    /// The next message with what its envelope says: the id of the request that it answers, the
    /// topic that it is a push of.
    ///
    /// # Errors
    ///
    /// As [`next`](Self::next).
    pub async fn next_envelope(&mut self) -> io::Result<Decoded<C::Sent>> {
        loop {
            let received = match self.early.pop_front() {
                Some(received) => received,
                None => self.raw.receive().await?,
            };
            if let Some(decoded) = self.read(received).await? {
                return Ok(decoded);
            }
        }
    }

    /// The messages that have come by now. What was asked of the server before, in whatever way, has
    /// been done: an empty list means that nothing comes of it.
    ///
    /// # Errors
    ///
    /// As [`next`](Self::next).
    pub async fn received(&mut self) -> io::Result<Vec<C::Sent>> {
        self.hub.settled().await;
        let mut all = Vec::new();
        loop {
            let received = match self.early.pop_front() {
                Some(received) => received,
                None => match at_once(self.raw.receive()).await {
                    Some(received) => received?,
                    None => return Ok(all),
                },
            };
            all.extend(self.read(received).await?.map(|decoded| decoded.message));
        }
    }

    /// Why the server ends the session, after what else it still sends.
    ///
    /// # Errors
    ///
    /// When nothing comes for 30 s, and when the connection ends without a close frame.
    pub async fn closed(&mut self) -> io::Result<CloseReason> {
        let close = self.early.iter().find_map(|received| match received {
            Received::Close(close) => Some(close.clone()),
            _ => None,
        });
        let (code, text) = match close {
            Some(close) => close.unwrap_or((1005, String::new())),
            None => self.raw.receive_close().await?,
        };
        Ok(CloseReason::new(CloseCode::new(code), text))
    }

    /// Ends the session, as a client does that has had enough.
    ///
    /// # Errors
    ///
    /// When the connection has ended.
    pub async fn close(mut self) -> io::Result<()> {
        self.raw.send_close(1000, "").await?;
        self.raw.receive_close().await.map(drop)
    }

    /// The connection itself, to send what no client should.
    pub fn raw(&mut self) -> &mut RawClient {
        &mut self.raw
    }

    /// A handshake is answered before its connection is with the shard: waits until it is.
    async fn reach_shard(&mut self) -> io::Result<()> {
        const MARK: &[u8] = b"testing";
        self.raw.send(OpCode::Ping, MARK).await?;
        loop {
            match self.raw.receive().await? {
                Received::Pong(pong) if pong == MARK => return Ok(()),
                received @ (Received::Close(_) | Received::End) => {
                    self.early.push_back(received);
                    return Ok(());
                }
                received => self.early.push_back(received),
            }
        }
    }

    async fn read(&mut self, received: Received) -> io::Result<Option<Decoded<C::Sent>>> {
        let message = match &received {
            Received::Text(text) => Inbound::Text(text),
            Received::Binary(bytes) => Inbound::Binary(bytes),
            Received::Ping(ping) => {
                self.raw.send(OpCode::Pong, ping).await?;
                return Ok(None);
            }
            Received::Pong(_) => return Ok(None),
            Received::Close(Some((code, text))) => {
                return Err(io::Error::other(format!("no message: closed with {code} {text}")));
            }
            Received::Close(None) | Received::End => {
                return Err(io::Error::other("no message: the connection has ended"));
            }
        };
        match incoming(self.codec, message) {
            Ok(decoded) => Ok(Some(decoded)),
            Err(rejection) => {
                let text =
                    format!("not a message of the channel: {rejection:?}; it is {received:?}");
                Err(io::Error::other(text))
            }
        }
    }
}

/// What a future gives without waiting.
async fn at_once<T>(future: impl Future<Output = T>) -> Option<T> {
    // Without tokio's own idea of when a task has done enough for now.
    let mut future = pin!(tokio::task::unconstrained(future));
    poll_fn(|cx| match future.as_mut().poll(cx) {
        Poll::Ready(done) => Poll::Ready(Some(done)),
        Poll::Pending => Poll::Ready(None),
    })
    .await
}

impl<C: Channel> fmt::Debug for TestClient<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestClient")
            .field("channel", &C::INFO.name())
            .field("codec", &self.codec)
            .finish_non_exhaustive()
    }
}
