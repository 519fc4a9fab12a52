//! The client against servers that are ours, that are none, and that mean no good, on real sockets.

#![cfg(all(feature = "client", feature = "server"))]
#![allow(clippy::unwrap_used, reason = "test code, though not in a test function")]

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use asyncapi_ws::{
    client::{
        ClientChannel, ClientError, ClientInfo, Connection, ConnectionState, Event, Operation,
        Options, StateChange,
    },
    codec::{Codec, EncodeError},
    endpoint::Endpoint,
    hub::{Hub, HubOptions},
    json::Json,
    limits::Limits,
    service::{
        ChannelInfo, Dispatched, Inbound, OperationInfo, Outgoing, Rejection, Service, Work,
    },
    session::SessionHandle,
    testing::TestServer,
    typed::{Channel, DecodeError, Decoded, EnvelopeParts, Frame, Message},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// A channel whose messages are any JSON, and are sent back.
enum Echo {}

#[derive(Clone, Debug, PartialEq)]
struct Any(Json<'static>);

impl Message for Any {
    fn decode(frame: &Frame<'_>) -> Result<Decoded<Self>, DecodeError> {
        Ok(Decoded::new(Self(frame.tree()?.clone().into_owned())))
    }

    fn encode(
        &self,
        _: Codec,
        _: &EnvelopeParts<'_>,
        out: &mut Vec<u8>,
    ) -> Result<(), EncodeError> {
        self.0.write(out);
        Ok(())
    }

    fn name(&self) -> &'static str {
        "any"
    }
}

static INFO: ChannelInfo = ChannelInfo::new("echo", "/echo");
static CLIENT: ClientInfo<Any> = ClientInfo::new();
static SAY: Operation<Any> = Operation::new("say").answered_by(|_| true);
static MESSAGE: OperationInfo = OperationInfo::new("message");

impl Channel for Echo {
    type Received = Any;
    type Sent = Any;
    const INFO: &'static ChannelInfo = &INFO;
}

impl ClientChannel for Echo {
    const CLIENT: &'static ClientInfo<Any> = &CLIENT;
}

/// A test that waits longer than this has failed.
async fn soon<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(30), what).await.expect("it happens within 30 s")
}

fn url(address: SocketAddr) -> String {
    format!("ws://{address}")
}

async fn says(client: &Connection<Echo>, value: Json<'static>) {
    let reply = soon(client.request(&SAY, Any(value.clone()))).await.unwrap();
    assert_eq!(reply, Any(value));
}

/// The next change of a client's state.
async fn change(events: &mut asyncapi_ws::client::Events) -> StateChange {
    loop {
        if let Event::State(change) = soon(events.next()).await.unwrap() {
            return change;
        }
    }
}

#[tokio::test]
async fn messages_of_every_size_come_back_as_they_were_sent() {
    let limits = Limits { frame_bytes: 1 << 20, message_bytes: 1 << 20, ..Limits::default() };
    let hub = Hub::with(HubOptions { limits, ..HubOptions::default() });
    let endpoint = Endpoint::new(EchoService).hub(&hub);
    let server = TestServer::on_port(endpoint.into_router(), &hub).await.unwrap();
    let client = Connection::<Echo>::new(url(server.address().unwrap())).unwrap();
    for size in [0, 1, 123, 124, 125, 126, 65_533, 65_534, 65_536, 300_000] {
        says(&client, Json::from("ä".repeat(size / 2) + &"a".repeat(size % 2))).await;
    }
    // Well compressed where both ends can.
    says(&client, Json::from("same ".repeat(20_000))).await;
}

#[cfg(feature = "deflate")]
#[tokio::test]
async fn what_was_compressed_away_does_not_fill_the_queue() {
    let hub = Hub::new();
    let endpoint = Endpoint::new(EchoService).hub(&hub);
    let server = TestServer::on_port(endpoint.into_router(), &hub).await.unwrap();
    let mut options = Options::new(url(server.address().unwrap()));
    options.queue_bytes = 60_000;
    let client = Connection::<Echo>::new(options).unwrap();
    for _ in 0..10 {
        says(&client, Json::from("same ".repeat(10_000))).await;
    }
}

/// The service as a value: the channel itself has none.
struct EchoService;

impl Service for EchoService {
    fn channel(&self) -> &'static ChannelInfo {
        &INFO
    }

    fn receive(&self, _: &SessionHandle, message: Inbound<'_>) -> Result<Dispatched, Rejection> {
        let text = str::from_utf8(message.as_bytes()).unwrap();
        Ok(Dispatched { operation: &MESSAGE, work: Work::Done(Some(Outgoing::text(text))) })
    }
}

/// A server that answers each connection with the next of these bytes, once it has a request, and keeps
/// the last for all that follow. A `%ACCEPT%` is what the handshake asks for.
async fn scripted(answers: &'static [&'static [u8]]) -> (SocketAddr, Arc<Mutex<usize>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let count = Arc::new(Mutex::new(0));
    let counted = Arc::clone(&count);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let at = {
                let mut count = counted.lock().unwrap();
                *count += 1;
                *count - 1
            };
            let answer = answers[at.min(answers.len() - 1)];
            tokio::spawn(async move { answer_with(&mut stream, answer).await });
        }
    });
    (address, count)
}

/// What of this fails, the client has hung up.
async fn answer_with(stream: &mut TcpStream, answer: &[u8]) -> std::io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        if stream.read_buf(&mut head).await? == 0 {
            return Ok(());
        }
    }
    let head = String::from_utf8(head).unwrap();
    let key = head.split("Sec-WebSocket-Key: ").nth(1).and_then(|rest| rest.split("\r\n").next());
    if let Some(rest) = answer.strip_prefix(b"%ACCEPT%") {
        let accept = accept_of(key.unwrap());
        let head = format!(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Accept: {accept}\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).await?;
        stream.write_all(rest).await?;
    } else {
        stream.write_all(answer).await?;
    }
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).await?;
    Ok(())
}

fn accept_of(key: &str) -> String {
    use base64::Engine as _;
    use sha1::Digest as _;
    let mut hash = sha1::Sha1::new();
    hash.update(key.as_bytes());
    hash.update(b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11");
    base64::engine::general_purpose::STANDARD.encode(hash.finalize())
}

#[tokio::test]
async fn a_handshake_that_is_answered_by_http_says_what_to_do() {
    let (address, _) = scripted(&[b"HTTP/1.1 403 Forbidden\r\n\r\n"]).await;
    let client = Connection::<Echo>::new(url(address)).unwrap();
    match soon(client.opened()).await {
        Err(ClientError::Stopped(close)) => assert!(close.reason.contains("403"), "{close}"),
        other => panic!("{other:?}"),
    }

    let (address, _) = scripted(&[b"HTTP/1.1 503 Busy\r\nRetry-After: 100\r\n\r\n"]).await;
    let client = Connection::<Echo>::new(url(address)).unwrap();
    let mut events = client.events();
    let waiting = change(&mut events).await;
    assert_eq!(waiting.state, ConnectionState::Waiting);
    assert!(waiting.retry_in.unwrap() >= Duration::from_secs(100));
}

#[tokio::test]
async fn a_token_that_is_refused_is_replaced_once_and_travels_as_a_bearers() {
    let (address, count) = scripted(&[b"HTTP/1.1 401 Unauthorized\r\n\r\n"]).await;
    let asked = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&asked);
    let options = Options::new(url(address)).token_provider(move |request| {
        log.lock().unwrap().push(request.refresh);
        async { Ok::<_, String>("token".to_owned()) }
    });
    let client = Connection::<Echo>::new(options).unwrap();
    assert_eq!(soon(client.opened()).await.unwrap_err().code(), "token");
    assert_eq!((*asked.lock().unwrap()).as_slice(), [false, true]);
    assert_eq!(*count.lock().unwrap(), 2);
}

#[tokio::test]
async fn a_server_that_breaks_the_protocol_is_left_and_visited_again() {
    // Each is what a server must not send; then one that greets and stays.
    let (address, count) = scripted(&[
        b"no HTTP at all\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n",
        b"%ACCEPT%\x81\x82\0\0\0\0{}",
        b"%ACCEPT%\x81\x02\xff\xff",
        b"%ACCEPT%\x83\x00",
        b"%ACCEPT%\x82\x7f\x7f\xff\xff\xff\xff\xff\xff\xff",
        b"%ACCEPT%\x88\x02\x03\xed",
        b"%ACCEPT%\x81\x05\"hi\"\n",
    ])
    .await;
    let mut options = Options::new(url(address));
    options.backoff.base = Duration::from_millis(1);
    options.backoff.max = Duration::from_millis(2);
    // A violation may call for staying away (1002): that is the owner's to overrule.
    let options = options.on_close(|_| Some(asyncapi_ws::close::Then::BackOff));
    let client = Connection::<Echo>::new(options).unwrap();
    let mut frames = client.frames();
    let greeting = soon(frames.next()).await.unwrap().unwrap();
    assert_eq!(greeting.message, Any(Json::from("hi")));
    assert_eq!(*count.lock().unwrap(), 8);
}

#[tokio::test]
async fn a_request_that_is_dropped_is_withdrawn_and_one_without_a_server_times_out() {
    let (address, _) = scripted(&[b"HTTP/1.1 500 Broken\r\n\r\n"]).await;
    let mut options = Options::new(url(address));
    options.request_timeout = Duration::from_millis(50);
    options.queue_bytes = 8;
    let client = Connection::<Echo>::new(options).unwrap();
    // Room for one at a time: it is given back when the first is dropped.
    {
        let first = client.request(&SAY, Any(Json::from("123456")));
        let poll = tokio::time::timeout(Duration::from_millis(1), first).await;
        assert!(poll.is_err());
    }
    match soon(client.request(&SAY, Any(Json::from("123456")))).await {
        Err(ClientError::Timeout { what, after }) => {
            assert_eq!((&*what, after), ("say", Duration::from_millis(50)));
        }
        other => panic!("{other:?}"),
    }
    let error = soon(client.request(&SAY, Any(Json::from("1234567")))).await.unwrap_err();
    assert_eq!(error.to_string(), "say: 9 bytes on top of 0 exceed queue_bytes 8");
}

#[tokio::test]
async fn waits_of_no_length_and_of_any_length_neither_spin_nor_panic() {
    let (address, _) = scripted(&[b"%ACCEPT%"]).await;
    for time in [Duration::ZERO, Duration::MAX] {
        let mut options = Options::new(url(address));
        options.request_timeout = time;
        options.connect_timeout = time;
        options.stable_after = time;
        options.silence = time;
        options.patience = time;
        options.heartbeat = Some(time);
        options.pace.interval = time;
        (options.backoff.base, options.backoff.max) = (time, time);
        let client = Connection::<Echo>::new(options).unwrap();
        // Whether it opens in no time is nobody's business; that the test goes on is.
        let _ = tokio::time::timeout(Duration::from_millis(20), client.opened()).await;
        client.close();
    }
}

#[cfg(feature = "tls")]
#[tokio::test]
async fn wss_is_spoken_with_who_can_prove_who_it_is() {
    use asyncapi_ws::tls::{Certificates, TlsListener};

    let folder = std::env::temp_dir().join(format!("asyncapi-ws-wss-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let (chain, key) = (folder.join("chain.pem"), folder.join("key.pem"));
    std::fs::write(&chain, made.cert.pem()).unwrap();
    std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let certificates = Certificates::read(chain.clone(), key).unwrap();
    let listener = TlsListener::new(listener, &certificates).unwrap();
    let hub = Hub::new();
    let router = Endpoint::new(EchoService).hub(&hub).into_router();
    tokio::spawn(async move { axum::serve(listener, router).await });

    let mut options = Options::new(format!("wss://localhost:{port}"));
    options.authorities = Some(chain.clone());
    let client = Connection::<Echo>::new(options).unwrap();
    says(&client, Json::from("over TLS")).await;

    // Nobody whom the world trusts has signed that certificate.
    let client = Connection::<Echo>::new(format!("wss://localhost:{port}")).unwrap();
    let mut events = client.events();
    let close = change(&mut events).await.close.unwrap();
    assert!(close.reason.contains("certificate"), "{close}");

    let mut options = Options::new("wss://localhost");
    options.authorities = Some(folder.join("none.pem"));
    let error = Connection::<Echo>::new(options).unwrap_err();
    assert!(error.to_string().contains("none.pem"), "{error}");
    std::fs::remove_dir_all(&folder).unwrap();
}
