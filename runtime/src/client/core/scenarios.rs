//! Runs `ts-gen/runtime/scenarios.json`: the behaviour that every client of this project shares, as data.
//! Its keys are explained in the `README.md` beside it. Time is simulated.

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{Command, Core, Done, Event, Incoming, Settings, StateChange, Subscriber, Timer};
use crate::channel::{ChannelInfo, Subprotocol};
use crate::client::connection::{encode, spec};
use crate::client::inbox::{Delivery, Inbox, Overflow};
use crate::client::reader::Reader;
use crate::client::{
    Backoff, ClientChannel, ClientInfo, ConnectionState, Family, Operation, Pace, Subscribe,
    TokenPlace, integer_id,
};
use crate::close::{CloseTable, Closes};
use crate::codec::{Codec, EncodeError};
use crate::json::{Json, Step};
use crate::typed::{
    Channel, DecodeError, Decoded, EnvelopeParts, Frame, Message, Topic, TopicError, UnknownFrame,
    parameter,
};

/// What is generated for the trading contract, by hand and as little of it as the table needs.
#[derive(Clone, Debug)]
enum Trading {}

#[derive(Clone, Debug)]
pub(super) enum Got {
    Subscribed { refusal: Option<String>, topic: String },
    Unsubscribed,
    Bar,
    Unknown(UnknownFrame),
}

#[derive(Debug)]
struct Asked {
    kind: &'static str,
    symbol: String,
    resolution: String,
}

impl Message for Got {
    fn decode(frame: &Frame<'_>) -> Result<Decoded<Self>, DecodeError> {
        let json = frame.tree()?;
        let text = |json: &Json<'_>, name: &str| {
            json.get(name).and_then(Json::as_str).unwrap_or_default().to_owned()
        };
        let payload = json.get("payload").unwrap_or(&Json::Null);
        let message = match json.get("type").and_then(Json::as_str) {
            Some("bars.subscribe.response") => Self::Subscribed {
                refusal: (text(payload, "status") == "error").then(|| text(payload, "message")),
                topic: text(payload, "topic"),
            },
            Some("bars.unsubscribe.response") => Self::Unsubscribed,
            Some("bars.update") => Self::Bar,
            _ => return Err(frame.unknown(&[Step::Property("type")])),
        };
        let topic = json.get("topic").and_then(Json::as_str).map(str::to_owned);
        Ok(Decoded { message, id: json.get("id").cloned().map(Json::into_owned), topic })
    }

    fn encode(
        &self,
        codec: Codec,
        _: &EnvelopeParts<'_>,
        _: &mut Vec<u8>,
    ) -> Result<(), EncodeError> {
        Err(EncodeError::new(codec, "a client does not send it"))
    }

    fn name(&self) -> &'static str {
        "bars"
    }

    fn unknown(frame: UnknownFrame) -> Result<Self, DecodeError> {
        Ok(Self::Unknown(frame))
    }
}

impl Message for Asked {
    fn decode(frame: &Frame<'_>) -> Result<Decoded<Self>, DecodeError> {
        Err(frame.unknown(&[]))
    }

    fn encode(
        &self,
        _: Codec,
        parts: &EnvelopeParts<'_>,
        out: &mut Vec<u8>,
    ) -> Result<(), EncodeError> {
        let params = json!({ "resolution": self.resolution });
        let payload = json!({ "symbol": self.symbol, "params": params });
        let id = parts.id.and_then(Json::as_u64);
        let frame = json!({ "type": self.kind, "id": id, "payload": payload });
        out.extend_from_slice(frame.to_string().as_bytes());
        Ok(())
    }

    fn name(&self) -> &'static str {
        self.kind
    }
}

const SUBPROTOCOLS: &[Subprotocol] =
    &[Subprotocol::new("trading.v1", Codec::Json, Closes::Declared)];

static INFO: ChannelInfo = ChannelInfo::new("trading", "/api/v1/ws")
    .with_subprotocols(SUBPROTOCOLS)
    .with_closes(CloseTable::DEFAULT);

static CLIENT: ClientInfo<Got> = ClientInfo::new()
    .with_unknown(|message| match message {
        Got::Unknown(frame) => Some(frame),
        _ => None,
    })
    .with_heartbeat(30_000)
    .with_token(TokenPlace::Query("token"));

impl Channel for Trading {
    type Received = Got;
    type Sent = Asked;
    const INFO: &'static ChannelInfo = &INFO;
}

impl ClientChannel for Trading {
    const CLIENT: &'static ClientInfo<Got> = &CLIENT;
}

static SUBSCRIBE: Operation<Got> = Operation::new("bars.subscribe")
    .with_id(integer_id)
    .answered_by(|message| matches!(message, Got::Subscribed { .. }));

static UNSUBSCRIBE: Operation<Got> = Operation::new("bars.unsubscribe")
    .with_id(integer_id)
    .answered_by(|message| matches!(message, Got::Unsubscribed));

static BARS: Family<Got> = Family::new("bars", |message| matches!(message, Got::Bar))
    .subscribed_by(&SUBSCRIBE)
    .unsubscribed_by(&UNSUBSCRIBE)
    .refused_by(|message| match message {
        Got::Subscribed { refusal, .. } => refusal.clone(),
        _ => None,
    })
    .named_by_reply(|message| match message {
        Got::Subscribed { topic, .. } => Some(topic.clone()),
        _ => None,
    });

#[derive(Clone, Debug)]
struct BarsTopic {
    symbol: String,
    resolution: String,
}

impl BarsTopic {
    fn asked(&self, kind: &'static str) -> Asked {
        Asked { kind, symbol: self.symbol.clone(), resolution: self.resolution.clone() }
    }
}

impl std::fmt::Display for BarsTopic {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "bars:{}:{}", self.symbol, self.resolution)
    }
}

impl std::str::FromStr for BarsTopic {
    type Err = TopicError;

    fn from_str(name: &str) -> Result<Self, TopicError> {
        let mismatch = || TopicError::mismatch(name, "bars:{symbol}:{resolution}");
        let rest = name.strip_prefix("bars:").ok_or_else(mismatch)?;
        let (symbol, resolution) = rest.rsplit_once(':').ok_or_else(mismatch)?;
        let resolution = parameter("resolution", resolution)?;
        Ok(Self { symbol: symbol.to_owned(), resolution })
    }
}

impl Topic for BarsTopic {
    type Channel = Trading;
    const FAMILY: &'static str = "bars";
}

impl Subscribe for BarsTopic {
    type Payload = ();
    type Reply = ();
    const FAMILY: &'static Family<Got> = &BARS;

    fn subscribe(&self) -> Option<Asked> {
        Some(self.asked("bars.subscribe"))
    }

    fn unsubscribe(&self) -> Option<Asked> {
        Some(self.asked("bars.unsubscribe"))
    }

    fn payload(message: Got) -> Option<()> {
        matches!(message, Got::Bar).then_some(())
    }

    fn reply(message: Option<Got>) -> Option<()> {
        matches!(message, Some(Got::Subscribed { .. })).then_some(())
    }
}

type Subscribed = (Arc<Reader<BarsTopic>>, (u64, super::SubscriberId));

/// A client with a server that does what the table says.
pub(super) struct Stage {
    pub(super) core: Core<Got>,
    now: Duration,
    has_provider: bool,
    tokens: Vec<bool>,
    /// Of the attempt at hand.
    number: u64,
    sockets: usize,
    is_answering: bool,
    refusing: HashSet<String>,
    /// What the server got on the socket at hand, not asked for yet.
    received: Vec<String>,
    replies: Vec<String>,
    events: Arc<Inbox<Event>>,
    last: Option<StateChange>,
    subscriptions: BTreeMap<String, Subscribed>,
    gaps: Vec<String>,
    ended: BTreeMap<String, String>,
    settled: Arc<Mutex<BTreeMap<String, String>>>,
}

impl Stage {
    pub(super) fn new(scenario: &Value) -> Self {
        let is_plain = scenario["plain"] == true;
        let has_provider = scenario["token"] == "provider";
        let settings = Settings {
            channel: &INFO,
            subprotocols: if is_plain { Vec::new() } else { SUBPROTOCOLS.to_vec() },
            request_timeout: Duration::from_secs(10),
            connect_timeout: Duration::from_secs(10),
            backoff: Backoff::default(),
            stable_after: Duration::from_secs(5),
            queue_bytes: 1 << 20,
            pace: Pace::default(),
            silence: Duration::from_secs(45),
            patience: Duration::from_secs(10),
            heartbeat: None,
            can_refresh: has_provider,
            random: || 0.5,
            decide: None,
        };
        let mut core = Core::new(settings, &CLIENT, Instant::now());
        let events = Arc::new(Inbox::new(1000, Overflow::DropOldest));
        core.watch_events(&events);
        core.start();
        let mut stage = Self {
            core,
            now: Duration::ZERO,
            has_provider,
            tokens: Vec::new(),
            number: 0,
            sockets: 0,
            is_answering: true,
            refusing: HashSet::new(),
            received: Vec::new(),
            replies: Vec::new(),
            events,
            last: None,
            subscriptions: BTreeMap::new(),
            gaps: Vec::new(),
            ended: BTreeMap::new(),
            settled: Arc::default(),
        };
        stage.settle();
        stage
    }

    /// Does what the client commands until nothing is left, and takes what it told.
    fn settle(&mut self) {
        loop {
            while let Some(command) = self.core.take_command() {
                self.obey(command);
            }
            if self.replies.is_empty() {
                break;
            }
            for reply in std::mem::take(&mut self.replies) {
                if self.core.state() == ConnectionState::Open {
                    self.core.frame(Incoming::Text(&reply));
                }
            }
        }
        let mut context = Context::from_waker(Waker::noop());
        while let Poll::Ready(Some(Ok(told))) = self.events.poll(&mut context) {
            if let Delivery::Payload(Event::State(change)) = told {
                self.last = Some(change);
            }
        }
        for (name, (reader, _)) in &self.subscriptions {
            while let Poll::Ready(told) = reader.inbox.poll(&mut context) {
                match told {
                    Some(Ok(Delivery::Gap(_))) => self.gaps.push(name.clone()),
                    Some(Ok(_)) => {}
                    Some(Err(error)) => {
                        self.ended.insert(name.clone(), error.code().to_owned());
                    }
                    None => {
                        self.ended.entry(name.clone()).or_insert_with(|| "closed".to_owned());
                        break;
                    }
                }
            }
        }
    }

    fn obey(&mut self, command: Command) {
        match command {
            Command::Authorize { number, refresh } => {
                if self.has_provider {
                    self.tokens.push(refresh);
                }
                self.core.authorized(number);
            }
            Command::Connect { number } => {
                self.number = number;
                self.sockets += 1;
                self.received.clear();
            }
            Command::Send { payload, .. } => self.hear(&payload),
            Command::Ping if self.is_answering => self.core.heard(),
            Command::Ping | Command::Drop => {}
        }
    }

    fn hear(&mut self, payload: &[u8]) {
        let frame: Value = serde_json::from_slice(payload).unwrap();
        let kind = frame["type"].as_str().unwrap();
        let symbol = frame["payload"]["symbol"].as_str().unwrap();
        let resolution = frame["payload"]["params"]["resolution"].as_str().unwrap();
        let topic = format!("bars:{symbol}:{resolution}");
        self.received.push(format!("{} {topic}", kind.trim_start_matches("bars.")));
        if !self.is_answering {
            return;
        }
        let status = if self.refusing.contains(symbol) { "error" } else { "ok" };
        let payload =
            json!({ "status": status, "symbol": symbol, "message": "so it is", "topic": topic });
        let reply =
            json!({ "type": format!("{kind}.response"), "id": frame["id"], "payload": payload });
        self.replies.push(reply.to_string());
    }

    fn pass(&mut self, time: Duration) {
        let target = self.now + time;
        while let Some(next) = self.core.next_deadline().filter(|next| *next <= target) {
            self.core.at(next);
            self.core.advance();
            self.settle();
        }
        self.now = target;
        self.core.at(target);
    }

    pub(super) fn act(&mut self, step: &Value) {
        let text = |key: &str| step[key].as_str();
        match text("server") {
            Some("silent") => self.is_answering = false,
            Some("answering") => self.is_answering = true,
            Some(other) => {
                let symbol = other.strip_prefix("refusing ").unwrap();
                self.refusing.insert(symbol.to_owned());
            }
            None => {}
        }
        if let Some(name) = text("subscribe").filter(|name| !self.subscriptions.contains_key(*name))
        {
            let topic: BarsTopic = name.parse().unwrap();
            let reader = Arc::new(Reader::<BarsTopic>::new(1000, Overflow::DropOldest));
            let subscriber = Arc::clone(&reader) as Arc<dyn Subscriber<Got>>;
            let place = self.core.subscribe(spec(name, topic), subscriber, None);
            self.subscriptions.insert(name.to_owned(), (reader, place));
        }
        if let Some((_, (key, id))) =
            text("unsubscribe").and_then(|name| self.subscriptions.remove(name))
        {
            self.core.leave(key, id);
        }
        if let Some(name) = text("request") {
            self.request(name, text("symbol").unwrap(), step["unanswered"] == true);
        }
        for (key, does) in [
            ("closeClient", Core::stop as fn(&mut Core<Got>)),
            ("reconnect", |core| core.restart(false)),
            ("wake", Core::wake),
        ] {
            if step[key] == true {
                does(&mut self.core);
            }
        }
        if let Some(protocol) = text("accept") {
            let selected = SUBPROTOCOLS.iter().find(|each| each.name == protocol);
            self.core.opened(self.number, selected.copied());
        }
        if step["refuse"] == true {
            self.core.closed(self.number, 1006, "");
        }
        if let Some(code) = step["close"].as_u64() {
            let reason = text("reason").unwrap_or_default();
            self.core.closed(self.number, code.try_into().unwrap(), reason);
        }
        if let Some(topic) = text("push") {
            let frame = json!({ "type": "bars.update", "topic": topic, "payload": {} });
            self.core.frame(Incoming::Text(&frame.to_string()));
        }
        if let Some(time) = step["pass"].as_u64() {
            self.pass(Duration::from_millis(time));
        }
        self.settle();
    }

    fn request(&mut self, name: &str, symbol: &str, is_unanswered: bool) {
        let (settled, name) = (Arc::clone(&self.settled), name.to_owned());
        let done = Done::Reply(Box::new(move |outcome| {
            let code = outcome.map_or_else(|error| error.code().to_owned(), |_| "ok".to_owned());
            let mut settled = settled.lock().unwrap_or_else(PoisonError::into_inner);
            if settled.insert(name.clone(), code).is_some() {
                settled.insert(format!("{name}, again"), String::new());
            }
        }));
        let topic = BarsTopic { symbol: symbol.to_owned(), resolution: "1".to_owned() };
        self.core.call(&SUBSCRIBE, encode(topic.asked("bars.subscribe")), None, done);
        let before = self.is_answering;
        self.is_answering &= !is_unanswered;
        self.settle();
        self.is_answering = before;
    }

    /// How many requests have an outcome.
    pub(super) fn outcomes(&self) -> usize {
        let settled = self.settled.lock().unwrap_or_else(PoisonError::into_inner);
        settled.keys().filter(|name| !name.ends_with(", again")).count()
    }

    /// How many outcomes came a second time.
    pub(super) fn twice(&self) -> usize {
        let settled = self.settled.lock().unwrap_or_else(PoisonError::into_inner);
        settled.keys().filter(|name| name.ends_with(", again")).count()
    }

    /// Whether all subscriptions that have not ended are active.
    pub(super) fn is_all_active(&self) -> bool {
        let mut lasting =
            self.subscriptions.iter().filter(|(name, _)| !self.ended.contains_key(*name));
        lasting.all(|(_, (reader, _))| reader.is_active())
    }

    /// What is not as the step says.
    fn check(&mut self, step: &Value) {
        let state = match self.core.state() {
            ConnectionState::Connecting => "connecting",
            ConnectionState::Open => "open",
            ConnectionState::Waiting => "waiting",
            ConnectionState::Closed => "closed",
        };
        let settled = self.settled.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let announced = self.last.as_ref().and_then(|change| change.retry_in);
        for (key, found) in [
            ("state", json!(state)),
            ("retryIn", json!(announced.map(|wait| wait.as_millis()))),
            ("attempts", json!(self.sockets)),
            ("receives", json!(self.received)),
            ("gaps", json!(self.gaps)),
            ("ended", json!(self.ended)),
            ("settled", json!(settled)),
            ("tokens", json!(self.tokens)),
        ] {
            if let Some(expected) = step.get(key) {
                assert_eq!(&found, expected, "{key}");
            }
        }
        if step.get("retryIn").is_some() {
            assert_eq!(self.core.timers.due_at(Timer::Link), announced.map(|wait| self.now + wait));
        }
        if step.get("receives").is_some() {
            self.received.clear();
        }
        if step.get("tokens").is_some() {
            self.tokens.clear();
        }
    }
}

/// The keys that a step may have: one that is not read here would pass in silence.
const KEYS: [&str; 22] = [
    "accept",
    "attempts",
    "close",
    "closeClient",
    "ended",
    "gaps",
    "pass",
    "push",
    "reason",
    "receives",
    "reconnect",
    "refuse",
    "request",
    "retryIn",
    "server",
    "settled",
    "state",
    "subscribe",
    "symbol",
    "tokens",
    "unsubscribe",
    "wake",
];

#[test]
fn a_client_does_what_the_shared_table_says() {
    let table = include_str!("../../../../ts-gen/runtime/scenarios.json");
    let table: Value = serde_json::from_str(table).unwrap();
    let scenarios = table["scenarios"].as_array().unwrap();
    assert!(scenarios.len() >= 29, "{} scenarios", scenarios.len());
    for scenario in scenarios {
        println!("{}", scenario["name"]);
        let mut stage = Stage::new(scenario);
        for step in scenario["steps"].as_array().unwrap() {
            println!("  {step}");
            for key in step.as_object().unwrap().keys() {
                assert!(KEYS.contains(&key.as_str()) || key == "unanswered", "{key}");
            }
            stage.act(step);
            stage.check(step);
        }
    }
}
