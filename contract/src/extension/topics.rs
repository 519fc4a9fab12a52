//! `x-topics`: topic families of a channel, made of AsyncAPI's own parts.
//!
//! ```yaml
//! x-topics:
//!   bars:
//!     name: bars:{symbol}:{resolution}
//!     parameters:
//!       symbol: { location: $message.payload#/payload/symbol }
//!     message: barsUpdate
//!     topic: { location: $message.payload#/topic }
//!     subscribe: barsSubscribe
//!     unsubscribe: barsUnsubscribe
//!     reply: { subscribe: { status: ok }, unsubscribe: { status: ok } }
//! ```
//!
//! Operations and messages are named by key, so that the document has no cycle of references. What
//! cannot be decided before the schemas are read (the type of a parameter) is filled in by
//! [`crate::topics`].

use super::{INVALID, delivery, keys, missing, required_text, wrong};
use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::draft::{Draft, payload_location, text, written_value};
use crate::model::{
    Carried, ChannelId, Delivery, Direction, MessageId, OperationId, ParameterSource, Template,
    TemplatePart, Topic, TopicParameter,
};
use crate::nearest::nearest;
use crate::reading::{Reading, written};
use crate::schema::{Dialect, Rule as Demand, Type, Types};
use crate::tree::{Kind, NodeRef};

/// A template names a parameter that is not declared.
pub(crate) static UNKNOWN_PARAMETER: Rule = Rule {
    id: "topic/unknown-parameter",
    severity: Severity::Error,
    page: "\
The name of a topic, or the answer to a subscription, uses `{…}` with a parameter that the topic
does not declare.

Wrong:

```yaml
channels:
  ticks:
    address: /ticks
    messages: { tick: { payload: { type: object, properties: { symbol: { type: string } } } } }
    x-topics:
      ticks: { name: 'ticks:{symbl}', parameters: { symbol: {} }, message: tick }
```

Right:

```yaml
channels:
  ticks:
    address: /ticks
    messages: { tick: { payload: { type: object, properties: { symbol: { type: string } } } } }
    x-topics:
      ticks: { name: 'ticks:{symbol}', parameters: { symbol: {} }, message: tick }
```
",
};

/// A declared parameter is not used by the name.
pub(crate) static UNUSED_PARAMETER: Rule = Rule {
    id: "topic/unused-parameter",
    severity: Severity::Error,
    page: "\
A topic declares a parameter that its name does not contain. Two subscriptions that differ only in
that parameter would share one topic. Put it into `name`, or remove it.

Wrong:

```yaml
channels:
  ticks:
    address: /ticks
    messages: { tick: { payload: { type: object, properties: { symbol: { type: string } } } } }
    x-topics:
      ticks: { name: ticks, parameters: { symbol: {} }, message: tick }
```

Right:

```yaml
channels:
  ticks:
    address: /ticks
    messages: { tick: { payload: { type: object, properties: { symbol: { type: string } } } } }
    x-topics:
      ticks: { name: 'ticks:{symbol}', parameters: { symbol: {} }, message: tick }
```
",
};

/// A topic names a message that its channel does not have.
pub(crate) static UNKNOWN_MESSAGE: Rule = Rule {
    id: "topic/unknown-message",
    severity: Severity::Error,
    page: "\
An extension names a message by a key that its channel does not list under `messages`.

Wrong:

```yaml
channels:
  ticks:
    address: /ticks
    messages: { tick: { payload: { type: object, properties: { symbol: { type: string } } } } }
    x-topics:
      ticks: { name: 'ticks:{symbol}', parameters: { symbol: {} }, message: tik }
```

Right:

```yaml
channels:
  ticks:
    address: /ticks
    messages: { tick: { payload: { type: object, properties: { symbol: { type: string } } } } }
    x-topics:
      ticks: { name: 'ticks:{symbol}', parameters: { symbol: {} }, message: tick }
```
",
};

/// A topic names an operation that does not exist.
pub(crate) static UNKNOWN_OPERATION: Rule = Rule {
    id: "topic/unknown-operation",
    severity: Severity::Error,
    page: "\
`subscribe` or `unsubscribe` of a topic names no operation that the application receives on the
topic's channel.

Wrong:

```yaml
channels:
  ticks:
    address: /ticks
    messages:
      tick: { payload: { type: number } }
      follow: { payload: { type: object, properties: { symbol: { type: string } } } }
    x-topics:
      ticks:
        name: ticks:{symbol}
        parameters: { symbol: { location: $message.payload#/symbol } }
        message: tick
        subscribe: folow
operations:
  follow:
    action: receive
    channel: { $ref: '#/channels/ticks' }
    messages: [{ $ref: '#/channels/ticks/messages/follow' }]
```

Right:

```yaml
channels:
  ticks:
    address: /ticks
    messages:
      tick: { payload: { type: number } }
      follow: { payload: { type: object, properties: { symbol: { type: string } } } }
    x-topics:
      ticks:
        name: ticks:{symbol}
        parameters: { symbol: { location: $message.payload#/symbol } }
        message: tick
        subscribe: follow
operations:
  follow:
    action: receive
    channel: { $ref: '#/channels/ticks' }
    messages: [{ $ref: '#/channels/ticks/messages/follow' }]
```
",
};

const KEYS: [&str; 15] = [
    "name",
    "description",
    "parameters",
    "message",
    "messages",
    "topic",
    "subscribe",
    "unsubscribe",
    "reply",
    "overflow",
    "key",
    "keep",
    "last",
    "since",
    "interval",
];

/// Reads the topics of all channels.
pub(crate) fn read(draft: &mut Draft<'_, '_>) {
    let nodes = draft.channel_nodes.clone();
    for (channel, node) in nodes {
        if let Some(families) = node.get("x-topics") {
            if families.kind() != Kind::Map {
                wrong(draft.reading, families, "`x-topics`", "an object");
            }
            for (key, family) in families.entries() {
                if let Some(topic) = topic(draft, channel, key.text, family) {
                    draft.topics.push(topic);
                }
            }
        }
        if let Some(node) = node.get("x-topic")
            && let Some(topic) = community_topic(draft, channel, node)
        {
            draft.topics.push(topic);
        }
    }
}

fn topic<'t>(
    draft: &mut Draft<'_, 't>,
    channel: ChannelId,
    key: &str,
    node: NodeRef<'t>,
) -> Option<Topic> {
    let reading = draft.reading;
    let what = format!("topic `{key}`");
    if !keys(reading, node, &what, &KEYS) {
        return None;
    }
    required_text(reading, node, &what, "name")?;
    let name = template(reading, &what, node.get("name")?)?;
    let parameters = parameters(draft, &what, node.get("parameters"));
    check_parameters(reading, &what, &name, &parameters, node);
    let messages = match (node.get("message"), node.get("messages")) {
        (Some(one), _) => message_of(draft, channel, one).into_iter().collect(),
        (None, Some(list)) => {
            list.items().filter_map(|item| message_of(draft, channel, item)).collect()
        }
        (None, None) => {
            missing(reading, node, &what, "message");
            Vec::new()
        }
    };
    let location = node.get("topic").and_then(|topic| {
        keys(reading, topic, &format!("`topic` of {what}"), &["location", "description"]);
        location(reading, &what, topic)
    });
    let reply = node.get("reply");
    if let Some(reply) = reply {
        let known = ["subscribe", "unsubscribe", "refused"];
        keys(reading, reply, &format!("`reply` of {what}"), &known);
    }
    let answer = |verb| reply.and_then(|reply| reply.get(verb));
    let answers = [answer("subscribe"), answer("unsubscribe"), answer("refused")];
    for template in answers.into_iter().flatten() {
        check_answer(reading, &what, template, &parameters);
    }
    let operation =
        |verb| node.get(verb).and_then(|node| operation_of(draft, channel, &what, node));
    Some(Topic {
        key: key.to_owned(),
        origin: reading.origin(node),
        channel,
        description: text(node, "description"),
        name,
        parameters,
        wide: None,
        messages,
        carried: location.map_or(Carried::Nowhere, Carried::At),
        subscribe: operation("subscribe"),
        unsubscribe: operation("unsubscribe"),
        subscribe_reply: written_value(answer("subscribe")),
        unsubscribe_reply: written_value(answer("unsubscribe")),
        refused_reply: written_value(answer("refused")),
        delivery: delivery::read(reading, &what, node),
    })
}

/// `x-topic` as proposed to the extensions catalogue (asyncapi/extensions-catalog#181): `name`,
/// `pattern`, and the names of the pattern's parameters. All messages that the channel sends are on it.
fn community_topic<'t>(
    draft: &mut Draft<'_, 't>,
    channel: ChannelId,
    node: NodeRef<'t>,
) -> Option<Topic> {
    let reading = draft.reading;
    let what = "`x-topic`";
    if !keys(reading, node, what, &["name", "pattern", "parameters", "description"]) {
        return None;
    }
    let key = required_text(reading, node, what, "name")?;
    required_text(reading, node, what, "pattern")?;
    let name = template(reading, what, node.get("pattern")?)?;
    let mut parameters = Vec::new();
    for parameter in node.get("parameters").into_iter().flat_map(NodeRef::items) {
        let origin = reading.origin(parameter);
        let rules = vec![Demand::Type(Types::only(Type::String))];
        parameters.push(TopicParameter {
            name: parameter.as_str()?.to_owned(),
            origin: origin.clone(),
            description: None,
            source: ParameterSource::Application,
            schema: draft.schemas.synthetic(origin, rules),
            default: None,
            many: false,
        });
    }
    check_parameters(reading, what, &name, &parameters, node);
    let sent = draft
        .operations
        .iter()
        .filter(|operation| operation.channel == channel && operation.direction == Direction::Send);
    let messages = sent.flat_map(|operation| operation.messages.iter().copied()).collect();
    Some(Topic {
        key,
        origin: reading.origin(node),
        channel,
        description: text(node, "description"),
        name,
        parameters,
        wide: None,
        messages,
        carried: Carried::Nowhere,
        subscribe: None,
        unsubscribe: None,
        subscribe_reply: None,
        unsubscribe_reply: None,
        refused_reply: None,
        delivery: Delivery::default(),
    })
}

fn parameters<'t>(
    draft: &mut Draft<'_, 't>,
    what: &str,
    node: Option<NodeRef<'t>>,
) -> Vec<TopicParameter> {
    let mut parameters = Vec::new();
    for (name, node) in node.into_iter().flat_map(NodeRef::entries) {
        let what = format!("parameter `{}` of {what}", name.text);
        let reading = draft.reading;
        if !keys(reading, node, &what, &["location", "default", "schema", "description", "enum"]) {
            continue;
        }
        let source = match node.get("location") {
            None => ParameterSource::Application,
            Some(_) => match location(reading, &what, node) {
                Some(segments) => ParameterSource::Message(segments),
                None => continue,
            },
        };
        // Without a schema of its own a parameter has the type of what its location leads to.
        let schema = match node.get("schema") {
            Some(schema) => draft.schemas.schema(schema, Dialect::AsyncApi),
            None => {
                let values: Vec<_> = node
                    .get("enum")
                    .into_iter()
                    .flat_map(NodeRef::items)
                    .map(crate::value::to_json)
                    .collect();
                let origin = reading.origin(node);
                let rules = if values.is_empty() { Vec::new() } else { vec![Demand::Enum(values)] };
                draft.schemas.synthetic(origin, rules)
            }
        };
        parameters.push(TopicParameter {
            name: name.text.to_owned(),
            origin: reading.origin(node),
            description: text(node, "description"),
            source,
            schema,
            default: node.get("default").map(crate::value::to_json),
            many: false,
        });
    }
    parameters
}

/// `location`: a runtime expression into the payload.
pub(super) fn location<'t>(
    reading: &Reading<'t>,
    what: &str,
    node: NodeRef<'t>,
) -> Option<Vec<String>> {
    required_text(reading, node, what, "location")?;
    let place = node.get("location")?;
    let segments = payload_location(place.as_str()?);
    if segments.is_none() {
        reading.report(
            Diagnostic::new(
                &INVALID,
                place.span(),
                format!("`{}` does not point into a payload", written(place)),
            )
            .help("write `$message.payload#/` and a JSON pointer, for example `$message.payload#/payload/symbol`"),
        );
    }
    segments
}

/// `a:{b}` → text and parameters. A brace that opens nothing is an error.
fn template<'t>(reading: &Reading<'t>, what: &str, node: NodeRef<'t>) -> Option<Template> {
    let text = node.as_str()?;
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        let Some(length) = rest[open..].find('}') else {
            reading.find(
                &INVALID,
                node.span(),
                format!("a `{{` in the name of {what} is never closed"),
            );
            return None;
        };
        if open > 0 {
            parts.push(TemplatePart::Text(rest[..open].to_owned()));
        }
        parts.push(TemplatePart::Parameter(rest[open + 1..open + length].to_owned()));
        rest = &rest[open + length + 1..];
    }
    if !rest.is_empty() {
        parts.push(TemplatePart::Text(rest.to_owned()));
    }
    Some(Template { text: text.to_owned(), span: node.span(), parts })
}

fn check_parameters<'t>(
    reading: &Reading<'t>,
    what: &str,
    name: &Template,
    parameters: &[TopicParameter],
    node: NodeRef<'t>,
) {
    let place = node.get("name").filter(|_| node.get("pattern").is_none()).or(node.get("pattern"));
    let used: Vec<&str> = name
        .parts
        .iter()
        .filter_map(|part| match part {
            TemplatePart::Parameter(name) => Some(name.as_str()),
            TemplatePart::Text(_) => None,
        })
        .collect();
    for unknown in used.iter().filter(|name| !parameters.iter().any(|known| known.name == **name)) {
        let place = place.unwrap_or(node);
        unknown_parameter(reading, what, unknown, place, parameters);
    }
    for parameter in parameters.iter().filter(|known| !used.contains(&known.name.as_str())) {
        let message =
            format!("{what} declares `{}`, which its name does not contain", parameter.name);
        let declared = node.get("parameters").and_then(|node| node.entry(&parameter.name));
        let span = declared.map_or(node.span().at_start(), |(key, _)| key.span);
        reading.report(
            Diagnostic::new(&UNUSED_PARAMETER, span, message).help(format!(
                "put `{{{}}}` into the name, or remove the parameter",
                parameter.name
            )),
        );
    }
}

fn unknown_parameter<'t>(
    reading: &Reading<'t>,
    what: &str,
    name: &str,
    place: NodeRef<'t>,
    parameters: &[TopicParameter],
) {
    let names: Vec<&str> = parameters.iter().map(|known| known.name.as_str()).collect();
    let list = match &names[..] {
        [] => "it has no parameters".to_owned(),
        [only] => format!("its parameter is `{only}`"),
        [first @ .., last] => {
            let first = first.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
            format!("parameters are {first} and `{last}`")
        }
    };
    let span = reading.inside(place, &format!("{{{name}}}"));
    let message = format!("{what} uses `{{{name}}}`, which is not one of its parameters");
    let mut finding = Diagnostic::new(&UNKNOWN_PARAMETER, span, message).label(list);
    if let Some(near) = nearest(name, names) {
        finding = finding.help(format!("write `{{{near}}}`"));
    }
    reading.report(finding);
}

/// The parameters in an answer's texts: those of the topic, and what begins with `$`.
fn check_answer<'t>(
    reading: &Reading<'t>,
    what: &str,
    answer: NodeRef<'t>,
    parameters: &[TopicParameter],
) {
    let mut pending = vec![answer];
    while let Some(node) = pending.pop() {
        pending.extend(node.entries().map(|(_, value)| value));
        pending.extend(node.items());
        let Some(text) = node.as_str() else { continue };
        for name in text.split('{').skip(1).filter_map(|rest| rest.split_once('}')) {
            // Which of these stand for something here is known when the reply is.
            let ours = ["$topic", "$message", "$position", "$recovery"].contains(&name.0);
            let known = ours || parameters.iter().any(|each| each.name == name.0);
            if !known {
                unknown_parameter(reading, what, name.0, node, parameters);
            }
        }
    }
}

/// The message that a key of the channel's `messages` names, or its wire name.
pub(super) fn message_of<'t>(
    draft: &Draft<'_, 't>,
    channel: ChannelId,
    node: NodeRef<'t>,
) -> Option<MessageId> {
    let key = written(node);
    let messages = &draft.channels[channel.index()].messages;
    let by_key = messages.iter().find(|(known, _)| *known == key);
    let by_name = || {
        let name = Some(key.as_str());
        messages.iter().find(|(_, id)| draft.messages[id.index()].name.as_deref() == name)
    };
    if let Some((_, id)) = by_key.or_else(by_name) {
        return Some(*id);
    }
    let keys: Vec<&str> = messages.iter().map(|(key, _)| key.as_str()).collect();
    let list = keys.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ");
    let mut finding = Diagnostic::new(
        &UNKNOWN_MESSAGE,
        node.span(),
        format!("the channel has no message `{key}`"),
    )
    .label(format!("its messages are {list}"));
    if let Some(near) = nearest(&key, keys) {
        finding = finding.help(format!("write `{near}`"));
    }
    draft.reading.report(finding);
    None
}

/// The received operation of the channel that a key names.
fn operation_of<'t>(
    draft: &Draft<'_, 't>,
    channel: ChannelId,
    what: &str,
    node: NodeRef<'t>,
) -> Option<OperationId> {
    let key = written(node);
    let here: Vec<(usize, &str)> = draft
        .operations
        .iter()
        .enumerate()
        .filter(|(_, each)| each.channel == channel && each.direction == Direction::Receive)
        .map(|(at, each)| (at, each.key.as_str()))
        .collect();
    if let Some((at, _)) = here.iter().find(|(_, known)| *known == key) {
        return Some(OperationId(*at));
    }
    let keys = here.iter().map(|(_, key)| *key);
    let list = keys.clone().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ");
    let mut finding = Diagnostic::new(
        &UNKNOWN_OPERATION,
        node.span(),
        format!("{what} names `{key}`, which is no operation that its channel receives"),
    )
    .label(format!("received are {list}"));
    if let Some(near) = nearest(&key, keys) {
        finding = finding.help(format!("write `{near}`"));
    }
    draft.reading.report(finding);
    None
}
