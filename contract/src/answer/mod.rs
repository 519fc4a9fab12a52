//! Answers that the contract writes down: what a default handler replies, and how a refusal fills a
//! reply.
//!
//! In: a template over the reply's payload (`{ status: ok, symbol: '{symbol}' }`). Out: an [`Answer`] that
//! fits the payload's shape (`fitting.rs`), so that both languages can write it without looking at the template.
//! The payloads of notices are templates, too.
//! Reports what does not fit (`topic/answer`).

mod fitting;

use std::collections::HashMap;

use json::Json;

use self::fitting::{Fitting, Occasion};
use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::{
    Endpoint, EndpointId, MessageId, Notice, NoticeKind, Operation, OperationId, Reply, Topic,
    TopicId, TopicUse, Written,
};
use crate::reading::Reading;
use crate::schema::{SchemaId, Schemas, Shape, ShapeId, Shapes};
use crate::wire::{Framing, Wire};

/// The rules about answers.
pub(crate) const RULES: &[&Rule] = &[&ANSWER];

/// An answer does not fit the reply.
pub(crate) static ANSWER: Rule = Rule {
    id: "topic/answer",
    severity: Severity::Error,
    page: "\
An answer that the contract writes down (`reply` of a topic, `x-error-reply` of an operation) does
not fit the payload of the operation's reply: a property that it has not, one that it needs, a value
that is not of its type. Texts may use the parameters of the topic, `{$topic}` (its name), in
`x-error-reply` `{$message}` (why the handler refused), in the answer to a subscribe `{$position}`
(where to resume) and `{$recovery}` (`none`, `complete` or `gap`). Where a parameter comes from a
list, a list of the reply has one item, which is written for each topic; `refused` of the topic's
`reply` is the item of one that was refused. The payload of a notice (`x-notices`) may use
`{$topic}`, `{$message}` and `{$count}`.

Wrong:

```yaml
channels:
  ticks:
    address: /ticks
    messages:
      tick:
        payload:
          type: object
          required: [type, symbol]
          properties: { type: { const: tick }, symbol: { type: string } }
      follow:
        payload:
          type: object
          required: [type, symbol]
          properties: { type: { const: follow }, symbol: { type: string } }
      followed:
        payload:
          type: object
          required: [type, status]
          properties: { type: { const: followed }, status: { enum: [ok, error] } }
    x-topics:
      ticks:
        name: ticks:{symbol}
        parameters: { symbol: { location: $message.payload#/symbol } }
        message: tick
        subscribe: follow
        reply: { subscribe: { state: ok } }
operations:
  tick:
    action: send
    channel: { $ref: '#/channels/ticks' }
    messages: [{ $ref: '#/channels/ticks/messages/tick' }]
  follow:
    action: receive
    channel: { $ref: '#/channels/ticks' }
    messages: [{ $ref: '#/channels/ticks/messages/follow' }]
    reply:
      channel: { $ref: '#/channels/ticks' }
      messages: [{ $ref: '#/channels/ticks/messages/followed' }]
```

Right:

```yaml
channels:
  ticks:
    address: /ticks
    messages:
      tick:
        payload:
          type: object
          required: [type, symbol]
          properties: { type: { const: tick }, symbol: { type: string } }
      follow:
        payload:
          type: object
          required: [type, symbol]
          properties: { type: { const: follow }, symbol: { type: string } }
      followed:
        payload:
          type: object
          required: [type, status]
          properties: { type: { const: followed }, status: { enum: [ok, error] } }
    x-topics:
      ticks:
        name: ticks:{symbol}
        parameters: { symbol: { location: $message.payload#/symbol } }
        message: tick
        subscribe: follow
        reply: { subscribe: { status: ok } }
operations:
  tick:
    action: send
    channel: { $ref: '#/channels/ticks' }
    messages: [{ $ref: '#/channels/ticks/messages/tick' }]
  follow:
    action: receive
    channel: { $ref: '#/channels/ticks' }
    messages: [{ $ref: '#/channels/ticks/messages/follow' }]
    reply:
      channel: { $ref: '#/channels/ticks' }
      messages: [{ $ref: '#/channels/ticks/messages/followed' }]
```
",
};

/// An answer that fits a shape.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// Always this value, one that the shape's schema allows.
    Value(Json<'static>),
    /// A text made of parts.
    Text(Vec<AnswerPart>),
    /// The value of a parameter, as it is: both have the same shape.
    Parameter(String),
    /// A struct: the answers of its fields by position. Fields that are missing are optional.
    Struct(Vec<(usize, Answer)>),
    /// A list with an item for each topic of the request.
    Each {
        /// The item of a topic that was granted.
        granted: Box<Answer>,
        /// The item of one that was refused; without it one refusal refuses the whole request.
        refused: Option<Box<Answer>>,
    },
    /// How the recovery came out, as a text enum that has `none`, `complete` and `gap`.
    Recovery,
    /// How many messages were dropped.
    Count,
}

impl Answer {
    /// The value, of an answer that is always the same.
    pub fn fixed(&self) -> Option<Json<'static>> {
        match self {
            Self::Value(value) => Some(value.clone()),
            Self::Text(parts) => match &parts[..] {
                [AnswerPart::Text(text)] => Some(Json::from(text.clone())),
                _ => None,
            },
            _ => None,
        }
    }

    /// Whether it is the topic's name and nothing else.
    pub fn is_topic(&self) -> bool {
        matches!(self, Self::Text(parts) if parts[..] == [AnswerPart::Topic])
    }

    /// Whether it is a text that says why, or what happened.
    pub fn says_why(&self) -> bool {
        matches!(self, Self::Text(parts) if parts.contains(&AnswerPart::Message))
    }
}

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AnswerPart {
    /// Stands for itself.
    Text(String),
    /// The value of a parameter, as text.
    Parameter(String),
    /// The topic's name.
    Topic,
    /// Why the handler refused; in a notice, what happened.
    Message,
    /// The topic's position, from which a client can resume; empty for a topic that remembers nothing.
    Position,
    /// How the recovery came out: `none`, `complete` or `gap`.
    Recovery,
    /// How many messages were dropped.
    Count,
}

/// The answers of a contract.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    subscribe: HashMap<TopicId, Answer>,
    unsubscribe: HashMap<TopicId, Answer>,
    refusals: HashMap<OperationId, Answer>,
    notices: HashMap<(EndpointId, NoticeKind), Answer>,
}

impl Answers {
    /// What answers a granted subscribe.
    pub fn subscribe(&self, topic: TopicId) -> Option<&Answer> {
        self.subscribe.get(&topic)
    }

    /// What answers an operation that was carried out.
    pub fn granted(&self, topic: TopicId, does: TopicUse) -> Option<&Answer> {
        match does {
            TopicUse::Subscribe => self.subscribe(topic),
            TopicUse::Unsubscribe => self.unsubscribe(topic),
        }
    }

    /// What answers an unsubscribe.
    pub fn unsubscribe(&self, topic: TopicId) -> Option<&Answer> {
        self.unsubscribe.get(&topic)
    }

    /// How a refusal fills the reply of an operation.
    pub fn refusal(&self, operation: OperationId) -> Option<&Answer> {
        self.refusals.get(&operation)
    }

    /// What a notice says.
    pub fn notice(&self, endpoint: EndpointId, kind: NoticeKind) -> Option<&Answer> {
        self.notices.get(&(endpoint, kind))
    }
}

/// What answers are worked out from.
pub(crate) struct Parts<'p> {
    pub(crate) endpoints: &'p [Endpoint],
    pub(crate) operations: &'p [Operation],
    pub(crate) topics: &'p [Topic],
    pub(crate) schemas: &'p Schemas,
    pub(crate) shapes: &'p Shapes,
    pub(crate) wire: &'p Wire,
    pub(crate) payloads: &'p dyn Fn(MessageId) -> crate::schema::SchemaId,
}

/// Works out all answers.
pub(crate) fn answers(reading: &Reading<'_>, parts: &Parts<'_>) -> Answers {
    let mut answers = Answers::default();
    for (at, topic) in parts.topics.iter().enumerate() {
        let id = TopicId(at);
        let granted = (topic.subscribe, &topic.subscribe_reply, Occasion::Granted);
        let unsubscribed = (topic.unsubscribe, &topic.unsubscribe_reply, Occasion::Unsubscribed);
        for ((operation, written, occasion), into) in
            [(granted, &mut answers.subscribe), (unsubscribed, &mut answers.unsubscribe)]
        {
            let (Some(operation), Some(written)) = (operation, written) else { continue };
            let fitted = fit_reply(reading, parts, operation, Some(topic), written, occasion);
            into.extend(fitted.map(|answer| (id, answer)));
        }
    }
    for (at, operation) in parts.operations.iter().enumerate() {
        let id = OperationId(at);
        let Some(written) = &operation.error_reply else { continue };
        let topic = parts.topics.iter().find(|topic| topic.used_by(id).is_some());
        let fitted = fit_reply(reading, parts, id, topic, written, Occasion::Refused);
        answers.refusals.extend(fitted.map(|answer| (id, answer)));
    }
    for (at, endpoint) in parts.endpoints.iter().enumerate() {
        for (kind, notice) in endpoint.notices.all() {
            let fitted = fit_notice(reading, parts, kind, notice);
            answers.notices.extend(fitted.map(|answer| ((EndpointId(at), kind), answer)));
        }
    }
    answers
}

/// What a notice says; without a template of its own, `topic`, `count` and `message` where the payload has
/// such properties.
fn fit_notice(
    reading: &Reading<'_>,
    parts: &Parts<'_>,
    kind: NoticeKind,
    notice: &Notice,
) -> Option<Answer> {
    let occasion = Occasion::Notice(kind);
    let schema = payload_schema(parts.wire, notice.message, (parts.payloads)(notice.message));
    let shape = parts.shapes.of(schema?)?;
    let template = match &notice.payload {
        Some(written) => written.value.clone(),
        None => usual_notice(parts, occasion, shape),
    };
    let fitting = Fitting { parts, topic: None, refused: None, occasion, about_all: false };
    match fitting.fit(shape, &template, "") {
        Ok(answer) => Some(answer),
        Err(message) => {
            reading.report(Diagnostic::new(&ANSWER, notice.span, message).help(
                "say what the notice's payload is: `{ message: …, payload: { topic: '{$topic}' } }`",
            ));
            None
        }
    }
}

fn usual_notice(parts: &Parts<'_>, occasion: Occasion, shape: ShapeId) -> Json<'static> {
    let mut members = json::Object::new();
    if let Shape::Struct(object) = &parts.shapes.get(parts.shapes.resolve(shape)).shape {
        for field in &object.fields {
            let variable = format!("${}", field.name);
            if field.constant.is_none() && occasion.variable(&variable).is_some() {
                members.insert(field.name.clone(), Json::from(format!("{{{variable}}}")));
            }
        }
    }
    Json::Object(members)
}

/// The schema of what a message is about: the payload in its envelope, or the whole frame.
pub(crate) fn payload_schema(wire: &Wire, message: MessageId, whole: SchemaId) -> Option<SchemaId> {
    match wire.framing(message) {
        Framing::Envelope(envelope) => envelope.payload().map(|payload| payload.1),
        _ => Some(whole),
    }
}

fn fit_reply(
    reading: &Reading<'_>,
    parts: &Parts<'_>,
    operation: OperationId,
    topic: Option<&Topic>,
    written: &Written,
    occasion: Occasion,
) -> Option<Answer> {
    let refuses = occasion == Occasion::Refused;
    let operation = &parts.operations[operation.index()];
    let reply = operation.reply.as_ref().and_then(|reply| answering(reply, refuses));
    let schema =
        reply.and_then(|message| payload_schema(parts.wire, message, (parts.payloads)(message)));
    let Some(shape) = schema.and_then(|schema| parts.shapes.of(schema)) else {
        reading.find(
            &ANSWER,
            written.span,
            format!("operation `{}` has no reply that this could answer with", operation.key),
        );
        return None;
    };
    let refused = topic.and_then(|topic| topic.refused_reply.as_ref());
    let fitting = Fitting {
        parts,
        topic,
        refused: refused.map(|written| &written.value),
        occasion,
        about_all: topic.is_some_and(|topic| topic.many().is_some()),
    };
    match fitting.fit(shape, &written.value, "") {
        Ok(answer) => Some(answer),
        Err(message) => {
            reading.report(Diagnostic::new(&ANSWER, written.span, message));
            None
        }
    }
}

/// Which of an operation's replies an answer that the contract writes down becomes: the first that says
/// so, where there are several; for a refusal, the first failure.
pub fn answering(reply: &Reply, refuses: bool) -> Option<MessageId> {
    let is_failure = |message: &&MessageId| reply.errors.contains(message);
    let wanted = reply.messages.iter().find(|message| is_failure(message) == refuses);
    wanted.or(reply.messages.first()).copied()
}
