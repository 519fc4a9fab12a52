//! Conversations as data: `tests/wire/scenarios/*.yaml`.
//!
//! In: YAML text. Out: a [`Suite`], checked, or a message that names the step. A scenario says what
//! clients do and when they look; it does not say what they ought to see. That is for whoever
//! compares two services, or one service with what is written down.
//!
//! ```yaml
//! about: What the suite shows.
//! environment: { BAR_BROADCASTER_ENABLED: 'false' }   # both services are started with it
//! scenarios:
//!   - name: a subscribe is answered with its topic
//!     steps:
//!       - send: '{"type":"bars.subscribe","payload":{"symbol":"AAPL"}}'
//!       - receive: frame
//! ```
//!
//! A step has one action and may name a `client` (default `a`), which connects to the endpoint at its
//! first step unless that is a `connect`. Every scenario starts with no clients.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::Path;
use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;

use crate::client::Handshake;

/// One file: scenarios that share a pair of services.
#[derive(Clone, Debug, PartialEq)]
pub struct Suite {
    /// What it shows, in a sentence.
    pub about: String,
    /// Environment of the services.
    pub environment: BTreeMap<String, String>,
    /// In the order of the file.
    pub scenarios: Vec<Scenario>,
}

/// One conversation.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    /// A sentence; unique within the suite.
    pub name: String,
    /// In order.
    pub steps: Vec<Step>,
}

/// One action of one client.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Which client.
    pub client: String,
    /// What it does.
    pub action: Action,
}

/// What a client does.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Connects; `path` with its query replaces the endpoint's.
    Connect {
        /// In place of `/api/v1/ws`.
        path: Option<String>,
        /// Subprotocols and headers.
        handshake: Handshake,
    },
    /// Sends a text frame, as it stands.
    Send(String),
    /// Sends a binary frame.
    SendBinary(Vec<u8>),
    /// Writes bytes to the connection, as they stand.
    SendBytes(Vec<u8>),
    /// Sends a ping with this payload.
    Ping(String),
    /// Sends a close frame, empty without a code.
    Close {
        /// The close code.
        code: Option<u16>,
        /// The close reason.
        reason: String,
    },
    /// Ends the connection without a close frame.
    Leave,
    /// Looks at what comes next.
    Receive(Look),
    /// Looks for this long and hopes to see nothing.
    Silence(Duration),
    /// Lets time pass without looking.
    Wait(Duration),
    /// Has the service publish a message on a topic. Needs its test routes.
    Publish {
        /// The topic.
        topic: String,
        /// The message's type and payload.
        message: Value,
    },
    /// Waits until the service counts this many subscribers. Needs its test routes.
    Subscribers {
        /// The topic.
        topic: String,
        /// How many.
        count: u64,
    },
    /// Makes a plain HTTP request to the service.
    Http {
        /// For example `GET`.
        method: String,
        /// From the root, with its query.
        path: String,
        /// Request headers.
        headers: Vec<(String, String)>,
        /// Response headers to look at, beside the status.
        show: Vec<String>,
    },
}

/// How closely a received frame is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Look {
    /// The next frame, as it is.
    Frame,
    /// The next frame with every number in it written as 0: for services that make up numbers.
    Shape,
    /// The next frame that is not a push, as it is: for a service that pushes meanwhile.
    Reply,
}

impl Suite {
    /// Reads a suite.
    ///
    /// # Errors
    /// What is wrong, with the place in the text or the scenario and step.
    pub fn parse(text: &str) -> Result<Suite, String> {
        let file: SuiteFile = serde_saphyr::from_str(text).map_err(|error| error.to_string())?;
        let mut scenarios = Vec::new();
        for scenario in file.scenarios {
            let mut steps = Vec::new();
            for (number, step) in scenario.steps.into_iter().enumerate() {
                let place = || format!("`{}` step {}", scenario.name, number + 1);
                steps.push(Step::try_from(step).map_err(|why| format!("{}: {why}", place()))?);
            }
            if scenarios.iter().any(|known: &Scenario| known.name == scenario.name) {
                return Err(format!("two scenarios are called `{}`", scenario.name));
            }
            scenarios.push(Scenario { name: scenario.name, steps });
        }
        if scenarios.is_empty() {
            return Err("no scenarios".to_owned());
        }
        Ok(Suite { about: file.about, environment: file.environment, scenarios })
    }

    /// Reads the suite in a file.
    ///
    /// # Errors
    /// What is wrong, with the name of the file.
    pub fn load(path: &Path) -> Result<Suite, String> {
        let text = std::fs::read_to_string(path);
        text.map_err(|error| error.to_string())
            .and_then(|text| Suite::parse(&text))
            .map_err(|why| format!("{}: {why}", path.display()))
    }

    /// Reads every suite of a folder, in the order of the file names.
    ///
    /// # Errors
    /// What is wrong, with the name of the file, or a scenario whose name two files use: the
    /// allow-list goes by names.
    pub fn load_all(folder: &Path) -> Result<Vec<Suite>, String> {
        let files = std::fs::read_dir(folder)
            .and_then(|files| files.map(|file| Ok(file?.path())).collect::<Result<Vec<_>, _>>());
        let mut files = files.map_err(|error| format!("{}: {error}", folder.display()))?;
        files.retain(|file| file.extension().is_some_and(|extension| extension == "yaml"));
        files.sort();
        let suites: Vec<Suite> =
            files.iter().map(|file| Suite::load(file)).collect::<Result<_, _>>()?;
        let mut names = BTreeSet::new();
        for name in suites.iter().flat_map(|suite| &suite.scenarios).map(|scenario| &scenario.name)
        {
            if !names.insert(name) {
                return Err(format!("{}: two files have `{name}`", folder.display()));
            }
        }
        Ok(suites)
    }

    /// Whether any step needs the service's test routes.
    pub fn needs_test_routes(&self) -> bool {
        self.scenarios
            .iter()
            .flat_map(|scenario| &scenario.steps)
            .any(|step| matches!(step.action, Action::Publish { .. } | Action::Subscribers { .. }))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SuiteFile {
    about: String,
    #[serde(default)]
    environment: BTreeMap<String, String>,
    scenarios: Vec<ScenarioFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ScenarioFile {
    name: String,
    steps: Vec<StepFile>,
}

/// One optional field per action, so that a mistyped key is an error that names the known ones.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StepFile {
    client: Option<String>,
    connect: Option<ConnectFile>,
    send: Option<String>,
    /// A text too long to be written down: parts, each with how often it stands.
    send_parts: Option<Vec<(String, usize)>>,
    send_binary: Option<String>,
    send_bytes: Option<String>,
    ping: Option<String>,
    close: Option<CloseFile>,
    leave: Option<bool>,
    receive: Option<Look>,
    silence: Option<u64>,
    wait: Option<u64>,
    publish: Option<PublishFile>,
    subscribers: Option<SubscribersFile>,
    http: Option<HttpFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ConnectFile {
    path: Option<String>,
    #[serde(default)]
    subprotocols: Vec<String>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CloseFile {
    code: Option<u16>,
    #[serde(default)]
    reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PublishFile {
    topic: String,
    message: Value,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SubscribersFile {
    topic: String,
    count: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HttpFile {
    method: String,
    path: String,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    #[serde(default)]
    show: Vec<String>,
}

impl TryFrom<StepFile> for Step {
    type Error = String;

    fn try_from(file: StepFile) -> Result<Step, String> {
        let connect = file.connect.map(|connect| Action::Connect {
            path: connect.path,
            handshake: Handshake {
                subprotocols: connect.subprotocols,
                headers: connect.headers.into_iter().collect(),
            },
        });
        let parts = file.send_parts.map(|parts| {
            Action::Send(parts.into_iter().map(|(part, times)| part.repeat(times)).collect())
        });
        let publish = file
            .publish
            .map(|publish| Action::Publish { topic: publish.topic, message: publish.message });
        let subscribers = file.subscribers.map(|subscribers| Action::Subscribers {
            topic: subscribers.topic,
            count: subscribers.count,
        });
        let http = file.http.map(|http| Action::Http {
            method: http.method,
            path: http.path,
            headers: http.headers.into_iter().collect(),
            show: http.show,
        });
        let mut actions = [
            connect,
            file.send.map(Action::Send),
            parts,
            file.send_binary.map(|text| hex(&text).map(Action::SendBinary)).transpose()?,
            file.send_bytes.map(|text| hex(&text).map(Action::SendBytes)).transpose()?,
            file.ping.map(Action::Ping),
            file.close.map(|close| Action::Close { code: close.code, reason: close.reason }),
            file.leave.map(|_| Action::Leave),
            file.receive.map(Action::Receive),
            file.silence.map(|ms| Action::Silence(Duration::from_millis(ms))),
            file.wait.map(|ms| Action::Wait(Duration::from_millis(ms))),
            publish,
            subscribers,
            http,
        ]
        .into_iter()
        .flatten();
        match (actions.next(), actions.count()) {
            (Some(action), 0) => {
                Ok(Step { client: file.client.unwrap_or_else(|| "a".to_owned()), action })
            }
            (None, _) => Err("a step needs an action".to_owned()),
            (Some(_), more) => Err(format!("a step has one action, this one {}", more + 1)),
        }
    }
}

/// `81 85 00000000` → bytes; white space is free.
fn hex(text: &str) -> Result<Vec<u8>, String> {
    let digits: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let byte = |pair: &[u8]| {
        let pair = std::str::from_utf8(pair).ok().filter(|pair| pair.len() == 2)?;
        u8::from_str_radix(pair, 16).ok()
    };
    digits
        .chunks(2)
        .map(|pair| {
            byte(pair).ok_or_else(|| format!("`{text}` is not an even number of hex digits"))
        })
        .collect()
}

impl fmt::Display for Step {
    /// As it is shown in tables and differences.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.client != "a" {
            write!(f, "{}: ", self.client)?;
        }
        match &self.action {
            Action::Connect { path, handshake } => {
                write!(f, "connect")?;
                if let Some(path) = path {
                    write!(f, " to {path}")?;
                }
                if !handshake.subprotocols.is_empty() {
                    write!(f, " offering {}", handshake.subprotocols.join(", "))?;
                }
                for (name, value) in &handshake.headers {
                    write!(f, " with {name}: {value}")?;
                }
                Ok(())
            }
            Action::Send(text) => write!(f, "send {}", crate::json::excerpt(text)),
            Action::SendBinary(bytes) => write!(f, "send binary {}", bytes.escape_ascii()),
            Action::SendBytes(bytes) => {
                write!(f, "write bytes")?;
                bytes.iter().try_for_each(|byte| write!(f, " {byte:02x}"))
            }
            Action::Ping(payload) => write!(f, "ping {payload}"),
            Action::Close { code: None, .. } => write!(f, "close without a code"),
            Action::Close { code: Some(code), reason } => write!(f, "close {code} {reason}"),
            Action::Leave => write!(f, "leave without a close frame"),
            Action::Receive(Look::Frame) => write!(f, "receive"),
            Action::Receive(Look::Shape) => write!(f, "receive (numbers masked)"),
            Action::Receive(Look::Reply) => write!(f, "receive (pushes skipped)"),
            Action::Silence(time) => write!(f, "listen for {} ms", time.as_millis()),
            Action::Wait(time) => write!(f, "wait {} ms", time.as_millis()),
            Action::Publish { topic, message } => {
                write!(f, "service publishes on {topic}: {message}")
            }
            Action::Subscribers { topic, count } => {
                write!(f, "wait until {topic} has {count} subscribers")
            }
            Action::Http { method, path, headers, .. } => {
                write!(f, "{method} {path}")?;
                headers.iter().try_for_each(|(name, value)| write!(f, " with {name}: {value}"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(yaml: &str) -> Result<Step, String> {
        let text = format!("about: x\nscenarios: [{{ name: n, steps: [{yaml}] }}]");
        Suite::parse(&text).map(|suite| suite.scenarios[0].steps[0].clone())
    }

    #[test]
    fn a_step_is_one_action_of_one_client() {
        assert_eq!(
            step("{ client: b, send: 'not json' }").unwrap(),
            Step { client: "b".into(), action: Action::Send("not json".into()) }
        );
        assert_eq!(
            step("{ send_bytes: '81 80 0000 0000' }").unwrap().action,
            Action::SendBytes(vec![0x81, 0x80, 0, 0, 0, 0])
        );
        assert_eq!(
            step("{ send_parts: [['<', 1], [ab, 2], ['>', 1]] }").unwrap().action,
            Action::Send("<abab>".into())
        );
    }

    #[test]
    fn a_wrong_step_is_named() {
        assert_eq!(step("{ client: b }").unwrap_err(), "`n` step 1: a step needs an action");
        assert_eq!(
            step("{ send: a, ping: b }").unwrap_err(),
            "`n` step 1: a step has one action, this one 2"
        );
        assert!(step("{ sned: a }").unwrap_err().contains("sned"));
        assert!(step("{ send_binary: abc }").unwrap_err().contains("even number of hex digits"));
    }

    #[test]
    fn two_scenarios_of_one_name_are_refused() {
        let text = "about: x\nscenarios: [{ name: n, steps: [] }, { name: n, steps: [] }]";
        assert_eq!(Suite::parse(text).unwrap_err(), "two scenarios are called `n`");
    }
}
