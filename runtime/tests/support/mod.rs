//! A small service by hand, with an operation for each thing that the engine has to get right.

#![allow(dead_code, reason = "each test file uses a part of it")]
#![allow(clippy::needless_update, reason = "options have more fields with more features")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "test code, though not in a test function")]

use asyncapi_ws::{
    close::{CloseCode, CloseReason, Closed, Closes},
    codec::{Codec, EncodeError},
    endpoint::Endpoint,
    hub::{Hub, HubOptions, Replay},
    limits::Limits,
    service::{
        ChannelInfo, Dispatched, Dropped, Inbound, OperationInfo, Outgoing, Rejection, Service,
        Subprotocol, Work,
    },
    session::{SessionHandle, Subscribe, SubscribeError},
    testing::{FakeClock, TestServer},
};
use std::{
    io::Write,
    sync::{Arc, Mutex},
    task::Poll,
    time::Duration,
};
use tokio::sync::Semaphore;

/// The path of the service.
pub(crate) const PATH: &str = "/api/v1/ws";

static CHANNEL: ChannelInfo = ChannelInfo::new("board", PATH).with_subprotocols(&[
    Subprotocol::new("board.v1", Codec::Json, Closes::Declared),
    Subprotocol::new("board.v1.msgpack", Codec::MessagePack, Closes::Declared),
]);

static OPERATION: OperationInfo = OperationInfo::new("operation");

/// What the tests see of the service from outside.
#[derive(Clone, Default)]
pub(crate) struct Board(Arc<Shared>);

struct Shared {
    /// A request `wait` is answered for each permit.
    gate: Arc<Semaphore>,
    sessions: Mutex<Vec<SessionHandle>>,
    closed: Mutex<Vec<Closed>>,
}

impl Default for Shared {
    fn default() -> Self {
        Self {
            gate: Arc::new(Semaphore::new(0)),
            sessions: Mutex::default(),
            closed: Mutex::default(),
        }
    }
}

impl Board {
    /// Lets one waiting request go on.
    pub(crate) fn let_go(&self) {
        self.0.gate.add_permits(1);
    }

    /// The handle of the session that was opened as number `n`.
    pub(crate) fn session(&self, n: usize) -> SessionHandle {
        self.0.sessions.lock().unwrap()[n].clone()
    }

    /// How the sessions ended, in that order.
    pub(crate) fn closed(&self) -> Vec<Closed> {
        self.0.closed.lock().unwrap().clone()
    }
}

/// A message with a type and a text.
pub(crate) fn message(
    kind: &str,
    text: &str,
) -> impl Fn(Codec, &mut Vec<u8>) -> Result<(), EncodeError> {
    let json = format!(r#"{{"type":"{kind}","text":"{text}"}}"#);
    move |_, out| {
        out.write_all(json.as_bytes()).unwrap();
        Ok(())
    }
}

/// The same as JSON text.
pub(crate) fn json(kind: &str, text: &str) -> String {
    format!(r#"{{"type":"{kind}","text":"{text}"}}"#)
}

impl Service for Board {
    fn channel(&self) -> &'static ChannelInfo {
        &CHANNEL
    }

    fn opened(&self, session: &SessionHandle) {
        self.0.sessions.lock().unwrap().push(session.clone());
    }

    fn closed(&self, _: &SessionHandle, closed: &Closed) {
        self.0.closed.lock().unwrap().push(closed.clone());
    }

    fn rejected(&self, session: &SessionHandle, rejection: &Rejection) -> Option<Outgoing> {
        match rejection {
            Rejection::UnknownType { name: Some(name) } if name == "forgiven" => {
                Outgoing::encode(session.codec(), &message("violation", name)).ok()
            }
            _ => None,
        }
    }

    fn limited(&self, session: &SessionHandle, _: Inbound<'_>) -> Option<Outgoing> {
        Outgoing::encode(session.codec(), &message("error", "too many requests")).ok()
    }

    fn dropped(&self, session: &SessionHandle, dropped: &[Dropped]) -> Vec<Outgoing> {
        let text: Vec<String> =
            dropped.iter().map(|of| format!("{} {}", of.topic, of.messages)).collect();
        let notice = Outgoing::encode(session.codec(), &message("dropped", &text.join(" ")));
        notice.into_iter().collect()
    }

    fn receive(
        &self,
        session: &SessionHandle,
        received: Inbound<'_>,
    ) -> Result<Dispatched, Rejection> {
        let value: serde_json::Value = serde_json::from_slice(received.as_bytes())
            .map_err(|error| Rejection::Undecodable { detail: error.to_string() })?;
        let text = value["text"].as_str().unwrap_or_default().to_owned();
        let reply =
            |kind: &str, text: &str| Outgoing::encode(session.codec(), &message(kind, text)).ok();
        let work = match value["type"].as_str() {
            Some("echo") => Work::Done(reply("echo", &text)),
            Some("subscribe") => match session.subscribe(&text) {
                Ok(_) => Work::Done(reply("subscribed", &text)),
                Err(SubscribeError::TooMany { .. }) => Work::Done(reply("refused", &text)),
                Err(_) => Work::Done(None),
            },
            // `<topic>`, `<topic> last` or `<topic> <position>`; the reply says where it stands.
            Some("follow") => {
                let (topic, replay) = match text.split_once(' ') {
                    None => (text.as_str(), Replay::None),
                    Some((topic, "last")) => (topic, Replay::Last(1)),
                    Some((topic, position)) => (topic, Replay::Since(position.parse().unwrap())),
                };
                let done = session
                    .subscribe_with(topic, Subscribe { replay, ..Subscribe::default() })
                    .unwrap();
                let position = done.position.map(|position| position.to_string());
                let position = position.unwrap_or_default();
                Work::Done(reply("following", &format!("{position} {:?}", done.recovery)))
            }
            Some("follow-paced") => {
                let interval = Some(Duration::from_secs(1));
                session
                    .subscribe_with(&text, Subscribe { interval, ..Subscribe::default() })
                    .unwrap();
                Work::Done(reply("following", &text))
            }
            Some("unsubscribe") => {
                session.unsubscribe(&text);
                Work::Done(reply("unsubscribed", &text))
            }
            Some("wait") => {
                let (gate, session) = (Arc::clone(&self.0.gate), session.clone());
                Work::Pending(Box::pin(async move {
                    gate.acquire().await.unwrap().forget();
                    Outgoing::encode(session.codec(), &message("waited", &text)).ok()
                }))
            }
            // As generated code does: refuses what has taken too long.
            Some("wait-in-time") => {
                let (gate, session) = (Arc::clone(&self.0.gate), session.clone());
                Work::Pending(Box::pin(async move {
                    let mut permit = Box::pin(gate.acquire());
                    let came = std::future::poll_fn(|cx| match permit.as_mut().poll(cx) {
                        _ if session.is_overdue() => Poll::Ready(false),
                        Poll::Ready(_) => Poll::Ready(true),
                        Poll::Pending => Poll::Pending,
                    });
                    let kind = if came.await { "waited" } else { "refused" };
                    Outgoing::encode(session.codec(), &message(kind, &text)).ok()
                }))
            }
            // Everything at once, from a task on another thread, in the middle of a request.
            Some("swap") => {
                let session = session.clone();
                Work::Pending(Box::pin(async move {
                    let inner = session.clone();
                    tokio::spawn(async move {
                        inner.send(&message("note", "before")).unwrap();
                        inner.unsubscribe("old");
                        inner.subscribe("new").unwrap();
                        inner.send(&message("note", "after")).unwrap();
                    })
                    .await
                    .unwrap();
                    Outgoing::encode(session.codec(), &message("swapped", "")).ok()
                }))
            }
            Some("sleep") => Work::Pending(Box::pin(async {
                tokio::time::sleep(Duration::from_millis(5)).await;
                Some(Outgoing::text("slept"))
            })),
            // Publishes to the topic of the same name, as a chat does.
            Some("say") => {
                session.hub().publish("say", &message("said", &text)).unwrap();
                Work::Done(None)
            }
            Some("say-and-hang-up") => {
                session.hub().publish("say", &message("said", &text)).unwrap();
                session.close_with(CloseReason::new(CloseCode::new(4321), "as asked"));
                Work::Done(None)
            }
            Some("hang-up") => {
                session.close_with(CloseReason::new(CloseCode::new(4321), "as asked"));
                Work::Done(reply("hanging-up", ""))
            }
            Some("panic") => panic!("the handler of a test"),
            Some("invalid") => {
                return Err(Rejection::Invalid {
                    pointer: "/text".into(),
                    rule: "minLength",
                    detail: "expected at least 1 character, got 0".into(),
                });
            }
            other => return Err(Rejection::UnknownType { name: other.map(str::to_owned) }),
        };
        Ok(Dispatched { operation: &OPERATION, work })
    }
}

/// A served board with a clock that stands still.
pub(crate) struct Setup {
    pub(crate) board: Board,
    pub(crate) hub: Hub,
    pub(crate) clock: FakeClock,
    pub(crate) server: TestServer,
}

/// Without a port, one shard, and with the limits and endpoint that the test wants.
pub(crate) fn in_process(limits: Limits, endpoint: impl FnOnce(Endpoint) -> Endpoint) -> Setup {
    let (board, hub, clock) = parts(limits, 1);
    let router = endpoint(Endpoint::new(board.clone()).hub(&hub)).into_router();
    let server = TestServer::in_process(router, &hub);
    Setup { board, hub, clock, server }
}

/// On a port, with as many shards.
pub(crate) async fn on_port(limits: Limits, shards: usize) -> Setup {
    let (board, hub, clock) = parts(limits, shards);
    let router = Endpoint::new(board.clone()).hub(&hub).into_router();
    let server = TestServer::on_port(router, &hub).await.unwrap();
    Setup { board, hub, clock, server }
}

fn parts(limits: Limits, shards: usize) -> (Board, Hub, FakeClock) {
    let clock = FakeClock::new();
    let hub = Hub::with(HubOptions {
        shards,
        limits,
        clock: Arc::new(clock.clone()),
        ..HubOptions::default()
    });
    (Board::default(), hub, clock)
}
