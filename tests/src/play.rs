//! Plays a scenario against a service: steps in, what was seen out.

use std::collections::HashMap;
use std::fmt;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::client::{Client, Event, Handshake, PATIENCE, Refused};
use crate::http;
use crate::json::without_numbers;
use crate::scenario::{Action, Look, Scenario, Step};
use crate::services::{ENDPOINT, Service};

/// What was seen during one scenario.
#[derive(Clone, Debug, PartialEq)]
pub struct Transcript {
    /// Number of the step, from 1, and what it showed. A step that shows nothing has no line.
    pub lines: Vec<(usize, Observation)>,
}

/// What one step showed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Observation {
    /// A connection, with the subprotocol that the server chose.
    Connected(Option<String>),
    /// No connection.
    Refused(Refused),
    /// What a client received.
    Event(Event),
    /// How many subscribers the service counts.
    Subscribers(u64),
    /// An HTTP answer: the status and the headers that the step wants to see.
    Http(u16, Vec<(String, String)>),
}

impl fmt::Display for Observation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Observation::Connected(None) => write!(f, "connected"),
            Observation::Connected(Some(subprotocol)) => write!(f, "connected as {subprotocol}"),
            Observation::Refused(refused) => write!(f, "{refused}"),
            Observation::Event(event) => write!(f, "{event}"),
            Observation::Subscribers(count) => write!(f, "subscribers {count}"),
            Observation::Http(status, headers) => {
                write!(f, "HTTP {status}")?;
                headers.iter().try_for_each(|(name, value)| write!(f, ", {name}: {value}"))
            }
        }
    }
}

/// Plays `scenario` against `service`.
///
/// # Errors
/// The scenario could not be played at all: the service has no test routes, or they fail. Whatever
/// the service does on the wire is an observation, not an error.
pub async fn play(scenario: &Scenario, service: &Service) -> Result<Transcript, String> {
    let mut clients = Clients { service, connections: HashMap::new() };
    let mut lines = Vec::new();
    for (index, step) in scenario.steps.iter().enumerate() {
        let observations = clients.perform(step).await.map_err(|why| {
            format!("{} cannot play `{}`, step {}: {why}", service.name(), scenario.name, index + 1)
        })?;
        lines.extend(observations.into_iter().map(|observation| (index + 1, observation)));
    }
    Ok(Transcript { lines })
}

struct Clients<'a> {
    service: &'a Service,
    /// `None`: was refused, or has left.
    connections: HashMap<String, Option<Client>>,
}

impl Clients<'_> {
    async fn perform(&mut self, step: &Step) -> Result<Vec<Observation>, String> {
        match &step.action {
            Action::Connect { path, handshake } => {
                let path = path.as_deref().unwrap_or(ENDPOINT);
                return Ok(vec![self.connect(&step.client, path, handshake).await]);
            }
            Action::Wait(time) => tokio::time::sleep(*time).await,
            Action::Publish { topic, message } => {
                return publish(self.service, topic, message).await.map(|seen| vec![seen]);
            }
            Action::Subscribers { topic, count } => {
                return await_subscribers(self.service, topic, *count).await.map(|seen| vec![seen]);
            }
            Action::Http { method, path, headers, show } => {
                let answer =
                    http::request(self.service.address(), method, path, headers, "").await?;
                let shown = show.iter().map(|name| (name.clone(), answer.header(name).to_owned()));
                let present = shown.filter(|(_, value)| !value.is_empty()).collect();
                return Ok(vec![Observation::Http(answer.status, present)]);
            }
            _ => return Ok(self.speak(step).await),
        }
        Ok(Vec::new())
    }

    /// The actions that need a connection.
    async fn speak(&mut self, step: &Step) -> Vec<Observation> {
        let mut seen = Vec::new();
        if !self.connections.contains_key(&step.client) {
            let connected = self.connect(&step.client, ENDPOINT, &Handshake::default()).await;
            if connected != Observation::Connected(None) {
                seen.push(connected);
            }
        }
        let Some(connection) = self.connections.get_mut(&step.client) else { return seen };
        let Some(client) = connection else {
            if matches!(step.action, Action::Receive(_) | Action::Silence(_)) {
                seen.push(Observation::Event(Event::Over));
            }
            return seen;
        };
        match &step.action {
            Action::Send(text) => client.text(text.as_str()).await,
            Action::SendBinary(bytes) => client.binary(bytes.clone()).await,
            Action::SendBytes(bytes) => client.bytes(bytes).await,
            Action::Ping(payload) => client.ping(payload.clone()).await,
            Action::Close { code, reason } => client.close(*code, reason).await,
            Action::Leave => *connection = None,
            Action::Receive(Look::Reply) => seen.push(Observation::Event(next_reply(client).await)),
            Action::Receive(Look::Shape) => {
                let event = match client.next().await {
                    Event::Text(text) => Event::Text(without_numbers(&text)),
                    event => event,
                };
                seen.push(Observation::Event(event));
            }
            Action::Receive(Look::Frame) => seen.push(Observation::Event(client.next().await)),
            Action::Silence(time) => seen.push(Observation::Event(client.next_within(*time).await)),
            // `perform` keeps the others to itself.
            _ => {}
        }
        seen
    }

    async fn connect(&mut self, name: &str, path: &str, handshake: &Handshake) -> Observation {
        let connected = Client::connect_with(&self.service.url_of(path), handshake).await;
        let (connection, observation) = match connected {
            Ok(client) => {
                let subprotocol = client.subprotocol().map(str::to_owned);
                (Some(client), Observation::Connected(subprotocol))
            }
            Err(refused) => (None, Observation::Refused(refused)),
        };
        self.connections.insert(name.to_owned(), connection);
        observation
    }
}

/// The next event that is not a push (`….update`).
async fn next_reply(client: &mut Client) -> Event {
    let limit = Instant::now() + PATIENCE;
    loop {
        let event = client.next_within(limit.saturating_duration_since(Instant::now())).await;
        let is_push = matches!(&event, Event::Text(text)
            if serde_json::from_str::<Value>(text)
                .is_ok_and(|frame| frame["type"].as_str().is_some_and(|kind| kind.ends_with(".update"))));
        if !is_push {
            return event;
        }
    }
}

async fn publish(service: &Service, topic: &str, message: &Value) -> Result<Observation, String> {
    let body = json!({ "topic": topic, "type": message["type"], "payload": message["payload"] });
    count(service, "POST", "/test/publish", body.to_string()).await.map(Observation::Subscribers)
}

async fn await_subscribers(
    service: &Service,
    topic: &str,
    expected: u64,
) -> Result<Observation, String> {
    let limit = Instant::now() + PATIENCE;
    let path = format!("/test/subscribers?topic={topic}");
    loop {
        let counted = count(service, "GET", &path, String::new()).await?;
        if counted == expected || Instant::now() > limit {
            return Ok(Observation::Subscribers(counted));
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

async fn count(service: &Service, method: &str, path: &str, body: String) -> Result<u64, String> {
    if !service.has_test_routes() {
        return Err("it has no test routes".to_owned());
    }
    let headers = [("content-type".to_owned(), "application/json".to_owned())];
    let answer = http::request(service.address(), method, path, &headers, body).await?;
    serde_json::from_slice::<Value>(&answer.body)
        .ok()
        .and_then(|value| value["subscribers"].as_u64())
        .ok_or_else(|| {
            let body = String::from_utf8_lossy(&answer.body);
            format!("{method} {path} answered {} {body}", answer.status)
        })
}
