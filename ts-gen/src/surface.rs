//! What a client offers, and what everything is called.
//!
//! In: the contract. Out: for each WebSocket endpoint its topics, the messages that can be sent, the
//! messages that come without a topic, each with the name of the member that users see and of the constant
//! behind it. Types have the names that the contract gives them. What users see keeps its name when
//! something is added that does not clash with it; constants are nobody's business.

use std::collections::HashSet;

use contract::model::{Direction, EndpointId, MessageId, OperationId, TopicId};
use contract::names::Name;

use crate::numbers::Plans;
use crate::tell::{self, Tell};
use crate::{Cx, flow, ident, messages, operations, parameters, runtime, topics};

/// What the clients of a contract offer.
pub(crate) struct Surface {
    /// One for each WebSocket endpoint.
    pub(crate) clients: Vec<Client>,
    /// Where numbers are that JavaScript would round.
    pub(crate) plans: Plans,
}

/// The client of one endpoint.
pub(crate) struct Client {
    pub(crate) endpoint: EndpointId,
    /// The class.
    pub(crate) class: String,
    /// The union of what it gets.
    pub(crate) message: String,
    /// The type of its options, where it has one of its own.
    pub(crate) options: String,
    /// The function that connects.
    pub(crate) connect: String,
    /// The constant of its channel.
    pub(crate) channel: String,
    /// The constant of its codec.
    pub(crate) codec: String,
    /// The function that tells frames apart.
    pub(crate) tell_name: String,
    /// How frames are told apart.
    pub(crate) tell: Tell,
    pub(crate) topics: Vec<TopicSurface>,
    pub(crate) calls: Vec<Call>,
    pub(crate) pushes: Vec<Push>,
}

/// A topic that can be subscribed.
pub(crate) struct TopicSurface {
    pub(crate) id: TopicId,
    pub(crate) member: String,
    pub(crate) constant: String,
    pub(crate) subscribe_request: String,
    pub(crate) unsubscribe_request: String,
}

/// A message that can be sent.
pub(crate) struct Call {
    pub(crate) operation: OperationId,
    pub(crate) message: MessageId,
    pub(crate) member: String,
    pub(crate) constant: String,
    /// The function that tells its replies apart.
    pub(crate) tell: String,
}

/// A message that comes without a topic.
pub(crate) struct Push {
    pub(crate) message: MessageId,
    pub(crate) member: String,
    pub(crate) constant: String,
}

/// What constants must not be called: variables of generated functions, an export, globals that linters
/// and readers take for what they are everywhere else.
const TAKEN: [&str; 32] = [
    "constructor",
    "decodeURI",
    "decodeURIComponent",
    "encodeURI",
    "encodeURIComponent",
    "escape",
    "frame",
    "hasOwnProperty",
    "id",
    "isFinite",
    "isNaN",
    "isPrototypeOf",
    "match",
    "name",
    "notice",
    "options",
    "params",
    "parseFloat",
    "parseInt",
    "payload",
    "propertyIsEnumerable",
    "push",
    "reply",
    "request",
    "servers",
    "text",
    "toLocaleString",
    "toString",
    "topic",
    "unescape",
    "value",
    "valueOf",
];

/// Members that a client has already, and those that would make it something else: a promise.
const MEMBERS: [&str; 12] = [
    "channel",
    "close",
    "constructor",
    "hasOwnProperty",
    "isPrototypeOf",
    "on",
    "reconnect",
    "state",
    "then",
    "toJSON",
    "toString",
    "valueOf",
];

impl Surface {
    pub(crate) fn new(cx: &Cx<'_>) -> Self {
        let sockets: Vec<EndpointId> = cx
            .contract
            .endpoint_ids()
            .filter(|id| cx.contract.endpoint(*id).is_websocket)
            .collect();
        let taken = runtime::ALL.iter().map(|symbol| symbol.name).chain(TAKEN);
        let taken = taken.chain(cx.checks.names.iter().map(String::as_str));
        let mut constants = Scope::new(taken, ident::is_keyword);
        // What is exported comes first, so that it has its name whatever else there is.
        for id in &sockets {
            constants.claim(&connect(cx, *id, sockets.len()), "");
            for topic in cx.contract.topics_of(*id) {
                constants.claim(&topics::naming(cx, topic), "");
                constants.claim(&topics::parsing(cx, topic), "");
            }
        }
        let clients =
            sockets.iter().map(|id| client(cx, *id, &mut constants, sockets.len())).collect();
        let payloads = [Direction::Send, Direction::Receive];
        let payloads = payloads.map(|direction| flow::messages(cx.contract, direction)).concat();
        let plans = Plans::new(cx, payloads, |name| {
            constants.claim(&format!("{}Numbers", Name::new(name).camel()), "Plan")
        });
        Self { clients, plans }
    }

    /// The names of all types and classes of the file.
    pub(crate) fn type_names(&self, cx: &Cx<'_>) -> HashSet<String> {
        let mut names: HashSet<String> = cx.types.values().cloned().collect();
        for client in &self.clients {
            names.extend([&client.class, &client.message, &client.options].map(Clone::clone));
            for id in cx.contract.topics_of(client.endpoint) {
                names.extend([topics::type_name(cx, id), topics::push_name(cx, id)]);
            }
            names
                .extend(client.calls.iter().map(|call| operations::reply_name(cx, call.operation)));
        }
        names
    }
}

impl Client {
    /// The call of an operation: of its first message, if there are several.
    pub(crate) fn call_of(&self, operation: OperationId) -> Option<&Call> {
        self.calls.iter().find(|call| call.operation == operation)
    }

    /// The messages that a frame is told to be by its look.
    pub(crate) fn told(&self) -> Vec<MessageId> {
        self.tell.messages().into_iter().collect()
    }
}

fn connect(cx: &Cx<'_>, id: EndpointId, sockets: usize) -> String {
    match sockets {
        1 => "connect".to_owned(),
        _ => format!("connect{}", cx.contract.names.endpoint(id).pascal()),
    }
}

fn client(cx: &Cx<'_>, id: EndpointId, constants: &mut Scope, sockets: usize) -> Client {
    let name = cx.contract.names.endpoint(id);
    // A member may be called like a keyword.
    let mut members = Scope::new(MEMBERS.into_iter(), |_| false);
    let channel = constants.claim(&name.camel(), "Channel");
    let topics: Vec<TopicSurface> = cx
        .contract
        .topics_of(id)
        .filter(|topic| can_be_subscribed(cx, *topic))
        .map(|id| {
            let name = cx.contract.names.topic(id).camel();
            TopicSurface {
                id,
                member: members.claim(&name, "Topic"),
                constant: constants.claim(&name, "Topic"),
                subscribe_request: constants.claim(&format!("{name}Request"), "OfTopic"),
                unsubscribe_request: constants
                    .claim(&format!("{name}UnsubscribeRequest"), "OfTopic"),
            }
        })
        .collect();
    let calls = calls(cx, id)
        .into_iter()
        .map(|(operation, message, name)| Call {
            operation,
            message,
            member: members.claim(&name.camel(), "Operation"),
            constant: constants.claim(&name.camel(), "Operation"),
            tell: constants.claim(&format!("tell{}Reply", name.pascal()), "Of"),
        })
        .collect();
    let pushes = pushes(cx, id, &topics)
        .into_iter()
        .map(|message| {
            let name = messages::key(cx, message);
            Push {
                message,
                member: members.claim(&name, "Messages"),
                constant: constants.claim(&name, "Messages"),
            }
        })
        .collect();
    Client {
        endpoint: id,
        class: format!("{}Client", name.pascal()),
        message: format!("{}Incoming", name.pascal()),
        options: format!("{}Options", name.pascal()),
        connect: connect(cx, id, sockets),
        channel,
        codec: constants.claim(&format!("{}Codec", name.camel()), "OfChannel"),
        tell_name: constants.claim(&format!("tell{}", name.pascal()), "Frame"),
        tell: tell::of_endpoint(cx, id),
        topics,
        calls,
        pushes,
    }
}

/// What can be sent: an operation by its name, each of its messages by theirs if there are several.
fn calls(cx: &Cx<'_>, id: EndpointId) -> Vec<(OperationId, MessageId, Name)> {
    let names = &cx.contract.names;
    let mut calls: Vec<(OperationId, MessageId, Name)> = Vec::new();
    for operation in cx.contract.operations_of(id, Direction::Receive) {
        match &cx.contract.operation(operation).messages[..] {
            [only] => calls.push((operation, *only, names.operation(operation).clone())),
            several => {
                for message in several {
                    let taken = calls.iter().any(|call| call.1 == *message);
                    let name = names.message(*message);
                    let name =
                        if taken { names.operation(operation).then(name) } else { name.clone() };
                    calls.push((operation, *message, name));
                }
            }
        }
    }
    calls
}

/// The messages that the server sends on its own account and no topic delivers.
fn pushes(cx: &Cx<'_>, id: EndpointId, topics: &[TopicSurface]) -> Vec<MessageId> {
    let mut pushes: Vec<MessageId> = Vec::new();
    for operation in cx.contract.operations_of(id, Direction::Send) {
        for message in &cx.contract.operation(operation).messages {
            let carried =
                topics.iter().any(|topic| cx.contract.topic(topic.id).messages.contains(message));
            if !carried && !pushes.contains(message) {
                pushes.push(*message);
            }
        }
    }
    pushes
}

/// Whether a subscription can be made of a topic's parameters, and something comes of it.
fn can_be_subscribed(cx: &Cx<'_>, id: TopicId) -> bool {
    let topic = cx.contract.topic(id);
    let Some(operation) = topic.subscribe else { return !topic.messages.is_empty() };
    let parameters = parameters::parameters(cx, topic);
    let message = cx.contract.operation(operation).messages.first();
    let request = message.and_then(|message| topics::request(cx, *message, &parameters));
    !topic.messages.is_empty() && request.is_some()
}

/// Names that must differ.
struct Scope {
    taken: HashSet<String>,
    is_refused: fn(&str) -> bool,
}

impl Scope {
    fn new<'n>(taken: impl Iterator<Item = &'n str>, is_refused: fn(&str) -> bool) -> Self {
        Self { taken: taken.map(str::to_owned).collect(), is_refused }
    }

    /// The name that is wanted; what it is for behind it if it is taken, and a number if that is, too.
    fn claim(&mut self, wanted: &str, kind: &str) -> String {
        let mut name = wanted.to_owned();
        let mut count = 1;
        while (self.is_refused)(&name) || self.taken.contains(&name) {
            name = if count == 1 && !kind.is_empty() {
                format!("{wanted}{kind}")
            } else {
                format!("{wanted}{kind}{count}")
            };
            count += 1;
        }
        self.taken.insert(name.clone());
        name
    }
}

/// Whether a channel is one of our own kind: with topics, subprotocols or close codes.
pub(crate) fn is_of_our_kind(cx: &Cx<'_>, id: EndpointId) -> bool {
    let endpoint = cx.contract.endpoint(id);
    cx.contract.topics_of(id).next().is_some()
        || endpoint.subprotocols.iter().any(|subprotocol| subprotocol.declared_closes)
        || !endpoint.close_codes.is_empty()
}
