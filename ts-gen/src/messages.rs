//! Messages: what a frame is called, what type its payload has, and where in the frame its parts are.

use contract::model::{Carried, Direction, EndpointId, MessageId, Operation};
use contract::schema::{Format, Shape, ShapeId};
use contract::wire::{Envelope, EnvelopeProperty, Framing, Step};
use json::Json;

use crate::description::{Comment, code};
use crate::layout::{Doc, braced, concat, text, type_arguments};
use crate::numbers::Plans;
use crate::types::{Place, Type, type_of};
use crate::writer::{entry, export};
use crate::{Cx, ident, looks, runtime};

/// What a message is called in `Incoming`.
pub(crate) fn key(cx: &Cx<'_>, id: MessageId) -> String {
    cx.contract.names.message(id).camel()
}

/// The message's name on the wire, for people.
pub(crate) fn wire_name<'c>(cx: &Cx<'c>, id: MessageId) -> &'c str {
    let message = cx.contract.message(id);
    message.name.as_deref().unwrap_or(&message.key)
}

/// Several names for people: `` `a`, `b` ``.
pub(crate) fn wire_names(cx: &Cx<'_>, ids: &[MessageId]) -> String {
    let each: Vec<String> = ids.iter().map(|id| code(wire_name(cx, *id))).collect();
    each.join(", ")
}

/// The type of a received message's payload; `undefined` if it has none.
pub(crate) fn received_type(cx: &Cx<'_>, id: MessageId) -> Type {
    let undefined = || Type::named("undefined");
    let required = match cx.contract.wire.framing(id) {
        Framing::Envelope(envelope) => match envelope.payload() {
            Some((_, _, required)) => required,
            None => return undefined(),
        },
        Framing::Whole => true,
        Framing::Text => return text_type(cx, id),
    };
    let payload = match cx.contract.payload_shape(id) {
        Some(shape) => type_of(cx, shape, Place::within(cx.is_open(shape))),
        None => Type::named("unknown"),
    };
    if required { payload } else { payload.or(undefined()) }
}

/// The texts that a bare frame may be.
pub(crate) fn texts_of(cx: &Cx<'_>, id: MessageId) -> Option<Vec<String>> {
    let values = cx.contract.schemas.values(cx.contract.message(id).payload)?;
    values.iter().map(|value| value.as_str().map(str::to_owned)).collect()
}

/// The type of a bare frame.
pub(crate) fn text_type(cx: &Cx<'_>, id: MessageId) -> Type {
    match texts_of(cx, id) {
        Some(texts) if !texts.is_empty() => crate::types::texts(texts.iter().map(String::as_str)),
        _ => Type::named("string"),
    }
}

/// `Incoming<"key", Payload>`
pub(crate) fn incoming(cx: &Cx<'_>, id: MessageId) -> Type {
    let key = text(ident::string(&key(cx, id)));
    let arguments = type_arguments(vec![key, received_type(cx, id).doc()]);
    Type::single(concat([runtime::of(&runtime::INCOMING), arguments]))
}

/// A union of received messages.
pub(crate) fn union(cx: &Cx<'_>, messages: &[MessageId]) -> Type {
    Type::any_of(messages.iter().map(|id| incoming(cx, *id)))
}

/// `({ payload }) => payload as T`
pub(crate) fn read(cx: &Cx<'_>, id: MessageId) -> Doc {
    let ty = received_type(cx, id);
    if ty == Type::named("undefined") {
        return text("() => undefined");
    }
    if ty.is_unknown() {
        return text("({ payload }) => payload");
    }
    concat([text("({ payload }) => payload as "), ty.doc()])
}

/// The messages that a client gets, in the order of the contract.
pub(crate) fn received(cx: &Cx<'_>, endpoint: EndpointId) -> Vec<MessageId> {
    cx.contract.wire.dispatch(endpoint, Direction::Send).messages()
}

/// The messages that a client sends.
pub(crate) fn sent(cx: &Cx<'_>, endpoint: EndpointId) -> Vec<MessageId> {
    cx.contract.wire.dispatch(endpoint, Direction::Receive).messages()
}

/// The union of everything that a client gets.
pub(crate) fn message_union(cx: &Cx<'_>, endpoint: EndpointId, name: &str) -> Doc {
    let known = received(cx, endpoint).into_iter().map(|id| incoming(cx, id));
    let unknown = Type::single(concat([runtime::of(&runtime::INCOMING), text("<undefined>")]));
    let all = Type::any_of(known.chain([unknown]));
    let definition = concat([text(format!("type {name}")), all.definition()]);
    Comment::default().sentence("What you get from the server.").above(0, export(definition))
}

/// Where the parts of a message are.
#[derive(Clone, Debug, PartialEq)]
struct Places {
    payload: Option<Vec<Step>>,
    id: Option<Vec<Step>>,
    topic: Option<Vec<Step>>,
}

fn places(cx: &Cx<'_>, message: MessageId) -> Places {
    let contract = cx.contract;
    let property = |name: &str| vec![Step::Property(name.to_owned())];
    let payload = match contract.wire.framing(message) {
        Framing::Envelope(envelope) => envelope.payload().map(|payload| property(payload.0)),
        Framing::Whole | Framing::Text => Some(Vec::new()),
    };
    let carried = contract.topics.iter().find_map(|topic| match &topic.carried {
        Carried::At(path) if topic.messages.contains(&message) => Some(path),
        _ => None,
    });
    Places {
        payload,
        id: tied(cx, message).map(|correlation| crate::code::pointer(&correlation.path)),
        topic: carried.map(|path| crate::code::pointer(path)),
    }
}

/// The entries of a channel's `frames` that say where parts of frames are.
pub(crate) fn frame_places(cx: &Cx<'_>, endpoint: EndpointId, plans: &Plans) -> Vec<Doc> {
    let all: Vec<(MessageId, Places)> =
        received(cx, endpoint).into_iter().map(|id| (id, places(cx, id))).collect();
    let payload = most(all.iter().map(|each| each.1.payload.as_ref()));
    let id = most(all.iter().map(|each| each.1.id.as_ref()));
    let topic = most(all.iter().map(|each| each.1.topic.as_ref()));
    let mut entries = Vec::new();
    if cx.contract.endpoint(endpoint).is_batched(Direction::Send) {
        entries.push(entry("batched", text("true")));
    }
    if let Some(payload) = payload.filter(|path| !path.is_empty()) {
        entries.push(entry("payload", crate::code::path(payload)));
    }
    entries.extend(id.map(|path| entry("id", crate::code::path(path))));
    entries.extend(topic.map(|path| entry("topic", crate::code::path(path))));
    let others = all.iter().filter_map(|(message, places)| {
        let mut own = Vec::new();
        if let Some(path) = places.payload.as_ref().filter(|path| Some(*path) != payload) {
            own.push(entry("payload", crate::code::path(path)));
        }
        match (&places.id, id) {
            (Some(path), id) if Some(path) != id => {
                own.push(entry("id", crate::code::path(path)));
            }
            // What stands there is no id of ours: look where there is none.
            (None, Some(id)) if is_reply(cx, *message) && looks::may_have(cx, *message, id) => {
                own.push(entry("id", text("[]")));
            }
            _ => {}
        }
        if let Some(path) = places.topic.as_ref().filter(|path| Some(*path) != topic) {
            own.push(entry("topic", crate::code::path(path)));
        }
        own.extend(numbers(cx, *message, plans).map(|plan| entry("numbers", plan)));
        own.extend(cx.checks.received(*message).map(|check| entry("check", check)));
        (!own.is_empty()).then(|| entry(&key(cx, *message), braced(own)))
    });
    let others: Vec<Doc> = others.collect();
    if !others.is_empty() {
        entries.push(entry("messages", braced(others)));
    }
    entries
}

/// What most have; of several the first.
fn most<'p>(paths: impl Iterator<Item = Option<&'p Vec<Step>>>) -> Option<&'p Vec<Step>> {
    let mut count: Vec<(&Vec<Step>, usize)> = Vec::new();
    for path in paths.flatten() {
        match count.iter_mut().find(|known| known.0 == path) {
            Some(known) => known.1 += 1,
            None => count.push((path, 1)),
        }
    }
    count.into_iter().rev().max_by_key(|pair| pair.1).map(|pair| pair.0)
}

/// The number plan of a whole frame.
pub(crate) fn numbers(cx: &Cx<'_>, message: MessageId, plans: &Plans) -> Option<Doc> {
    let plan = plans.of(cx, cx.contract.payload_shape(message)?)?;
    match cx.contract.wire.framing(message) {
        Framing::Envelope(envelope) => {
            let (name, _, _) = envelope.payload()?;
            Some(braced(vec![entry("properties", braced(vec![entry(name, plan)]))]))
        }
        _ => Some(plan),
    }
}

/// The id that ties a reply to its request.
pub(crate) struct Correlation {
    /// Where it is in the frame.
    pub(crate) path: Vec<String>,
    /// What it looks like.
    pub(crate) form: IdForm,
}

/// How the number of a request is written as its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum IdForm {
    /// As it is.
    Number,
    /// As a text of digits.
    Text,
    /// As a UUID that holds it.
    Uuid,
}

impl IdForm {
    /// An expression; `id` is the number.
    fn expression(self) -> Doc {
        match self {
            Self::Number => text("id"),
            Self::Text => text("String(id)"),
            Self::Uuid => concat([runtime::of(&runtime::UUID_OF), text("(id)")]),
        }
    }

    /// `name: expression`, or `id` where both are that.
    pub(crate) fn assigned(self, name: &str) -> Doc {
        if name == "id" && self == Self::Number {
            text(name)
        } else {
            entry(name, self.expression())
        }
    }
}

/// Where a message has the id of its request; `None` if the requests that it answers carry none.
pub(crate) fn tied(cx: &Cx<'_>, reply: MessageId) -> Option<Correlation> {
    let mut requests = answered(cx, reply).flat_map(|operation| operation.messages.iter());
    let all_have = requests.all(|request| correlation(cx, *request).is_some());
    correlation(cx, reply).filter(|_| all_have)
}

fn is_reply(cx: &Cx<'_>, message: MessageId) -> bool {
    answered(cx, message).next().is_some()
}

/// The operations of clients that a message answers.
fn answered<'c>(cx: &Cx<'c>, reply: MessageId) -> impl Iterator<Item = &'c Operation> + use<'c> {
    cx.contract.operations.iter().filter(move |operation| {
        operation.direction == Direction::Receive
            && operation.reply.as_ref().is_some_and(|each| each.messages.contains(&reply))
    })
}

/// Where a message has its correlation id; `None` if it has none, or one that a client cannot write.
pub(crate) fn correlation(cx: &Cx<'_>, message: MessageId) -> Option<Correlation> {
    let path = cx.contract.message(message).correlation.clone();
    let path = path.filter(|path| matches!(path.len(), 1 | 2))?;
    let shape = match cx.contract.wire.framing(message) {
        Framing::Envelope(envelope) => {
            let (name, schema, _) = envelope.correlation()?;
            (path[..] == [name]).then(|| cx.contract.shapes.of(schema))??
        }
        Framing::Whole => {
            shape_at(cx, cx.contract.shapes.of(cx.contract.message(message).payload)?, &path)?
        }
        Framing::Text => return None,
    };
    Some(Correlation { path, form: id_form(cx, shape)? })
}

/// A part of a payload.
pub(crate) struct PayloadPlace {
    /// `.room`: how it is reached from the payload.
    pub(crate) access: String,
    /// What it is.
    pub(crate) shape: ShapeId,
}

/// The place in a message's payload that a pointer into its frame leads to, by way of required properties.
pub(crate) fn payload_place(
    cx: &Cx<'_>,
    message: MessageId,
    pointer: &[String],
) -> Option<PayloadPlace> {
    let (mut shape, path) = match cx.contract.wire.framing(message) {
        Framing::Envelope(envelope) => {
            let (name, schema, required) = envelope.payload()?;
            let (first, rest) = pointer.split_first()?;
            (first == name && required).then(|| cx.contract.shapes.of(schema).zip(Some(rest)))??
        }
        Framing::Whole => (cx.contract.payload_shape(message)?, pointer),
        Framing::Text => return None,
    };
    let mut access = String::new();
    for step in path {
        shape = cx.contract.shapes.resolve(shape);
        let Shape::Struct(object) = &cx.contract.shapes.get(shape).shape else { return None };
        let field = object.fields.iter().find(|field| field.name == *step && field.required)?;
        access.push_str(&ident::member(step));
        shape = field.shape;
    }
    Some(PayloadPlace { access, shape: cx.contract.shapes.resolve(shape) })
}

/// The shape at the end of a path of properties.
fn shape_at(cx: &Cx<'_>, from: ShapeId, path: &[String]) -> Option<ShapeId> {
    let mut shape = cx.contract.shapes.resolve(from);
    for step in path {
        let Shape::Struct(object) = &cx.contract.shapes.get(shape).shape else { return None };
        let field = object.fields.iter().find(|field| field.name == *step)?;
        shape = cx.contract.shapes.resolve(field.shape);
    }
    Some(shape)
}

/// How a request's number is a value of a shape.
fn id_form(cx: &Cx<'_>, shape: ShapeId) -> Option<IdForm> {
    use contract::schema::shape::Text;
    let shape = cx.contract.shapes.without_null(shape);
    match &cx.contract.shapes.get(shape).shape {
        Shape::Integer(_) | Shape::Number(_) | Shape::Any => Some(IdForm::Number),
        Shape::Text(Text::Plain) => Some(IdForm::Text),
        Shape::Text(Text::Format(Format::Uuid)) => Some(IdForm::Uuid),
        Shape::Union(union) => {
            let branches = union.branches.iter();
            let forms = branches.filter_map(|branch| {
                match cx.contract.shapes.get(cx.contract.shapes.resolve(branch.shape)).shape {
                    Shape::Union(_) => None,
                    _ => id_form(cx, branch.shape),
                }
            });
            let forms: Vec<IdForm> = forms.collect();
            let number = forms.iter().find(|form| **form == IdForm::Number);
            number.or(forms.first()).copied()
        }
        _ => None,
    }
}

/// The constants of a frame with their places: what marks a message where nothing else was asked.
pub(crate) fn marks(cx: &Cx<'_>, message: MessageId) -> Vec<(String, String)> {
    match cx.contract.wire.framing(message) {
        Framing::Envelope(Envelope { properties, .. }) => properties
            .iter()
            .filter_map(|property| match property {
                EnvelopeProperty::Constant { name, value } => Some((name.clone(), value.clone())),
                _ => None,
            })
            .collect(),
        Framing::Whole => {
            let payload = cx.contract.message(message).payload;
            let Some(shape) = cx.contract.shapes.of(payload) else { return Vec::new() };
            let shape = cx.contract.shapes.resolve(shape);
            let Shape::Struct(object) = &cx.contract.shapes.get(shape).shape else {
                return Vec::new();
            };
            let fields = object.fields.iter().filter_map(|field| match &field.constant {
                Some(Json::String(value)) => Some((field.name.clone(), value.to_string())),
                _ => None,
            });
            fields.collect()
        }
        Framing::Text => Vec::new(),
    }
}
