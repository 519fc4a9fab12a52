//! What a client sends: for each operation what its user gives, the frame that is made of it, and the
//! reply.

use contract::answer::Answer;
use contract::model::{MessageId, OperationId};
use contract::schema::shape::{Rest, Struct};
use contract::schema::{Shape, ShapeId};
use contract::wire::{Envelope, EnvelopeProperty, Framing};
use json::Json;

use crate::code::{self, choice};
use crate::description::Comment;
use crate::layout::{Doc, braced, concat, list, text, type_arguments};
use crate::messages::{self, Correlation, correlation};
use crate::numbers::Plans;
use crate::surface::Call;
use crate::types::{Place, Type, type_of};
use crate::writer::{constant, entry, export};
use crate::{Cx, ident, runtime, tell};

/// What the user of an operation gives, and the frame that it becomes.
pub(crate) struct Request {
    /// The type of what is given; `None` if the frame is always the same.
    pub(crate) given: Option<Given>,
    /// `(payload, id) => frame`
    pub(crate) encode: Doc,
}

/// What the user of an operation gives.
#[derive(Clone, PartialEq)]
pub(crate) struct Given {
    /// Its type.
    pub(crate) ty: Type,
    /// When it can be left out.
    pub(crate) need: Need,
}

/// Whether something can be left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    /// It cannot.
    Required,
    /// It can; then there is an object without properties.
    OrEmpty,
    /// It can; then there is nothing.
    Optional,
}

/// The request of a message.
pub(crate) fn request(cx: &Cx<'_>, message: MessageId) -> Request {
    match cx.contract.wire.framing(message) {
        Framing::Envelope(envelope) => enveloped(cx, message, envelope),
        Framing::Whole => whole(cx, message),
        Framing::Text => bare(cx, message),
    }
}

fn bare(cx: &Cx<'_>, message: MessageId) -> Request {
    match messages::texts_of(cx, message).as_deref() {
        Some([only]) => {
            Request { given: None, encode: concat([text("() => "), text(ident::string(only))]) }
        }
        _ => Request {
            given: Some(Given { ty: messages::text_type(cx, message), need: Need::Required }),
            encode: text("(text) => text"),
        },
    }
}

fn enveloped(cx: &Cx<'_>, message: MessageId, envelope: &Envelope) -> Request {
    let id = correlation(cx, message);
    let given = envelope.payload().map(|(_, schema, required)| {
        let shape = cx.contract.shapes.of(schema);
        let ty = match shape {
            Some(shape) => type_of(cx, shape, Place::within(false)),
            None => Type::named("unknown"),
        };
        let need = match (required, shape) {
            (false, _) => Need::Optional,
            (true, Some(shape)) if can_be_empty(cx, shape) => Need::OrEmpty,
            (true, _) => Need::Required,
        };
        Given { ty, need }
    });
    let entries = envelope.properties.iter().filter_map(|property| match property {
        EnvelopeProperty::Constant { name, value } => Some(entry(name, text(ident::string(value)))),
        EnvelopeProperty::Payload { name, .. } => Some(assign(name, "payload")),
        EnvelopeProperty::Correlation { name, .. } => Some(id.as_ref()?.form.assigned(name)),
        EnvelopeProperty::Topic { .. } => None,
    });
    let frame = braced(entries.collect());
    let parameter = given.is_some().then_some("payload");
    Request { given, encode: arrow(parameter, id.as_ref(), frame) }
}

/// Whether an object without properties is a value of a shape.
fn can_be_empty(cx: &Cx<'_>, shape: ShapeId) -> bool {
    let shape = cx.contract.shapes.resolve(shape);
    match &cx.contract.shapes.get(shape).shape {
        Shape::Struct(object) => !object.fields.iter().any(|field| field.required),
        _ => false,
    }
}

fn whole(cx: &Cx<'_>, message: MessageId) -> Request {
    let payload = cx.contract.message(message).payload;
    let Some(shape) = cx.contract.shapes.of(payload) else {
        let given = Given { ty: Type::named("unknown"), need: Need::Required };
        return Request { given: Some(given), encode: text("(request) => request") };
    };
    let id = correlation(cx, message);
    let target = cx.contract.shapes.resolve(shape);
    match &cx.contract.shapes.get(target).shape {
        Shape::Struct(object) => whole_struct(cx, shape, object, id.as_ref()),
        _ => {
            let ty = type_of(cx, shape, Place::within(false));
            let given = Given { ty, need: Need::Required };
            Request { given: Some(given), encode: text("(request) => request") }
        }
    }
}

/// A frame that is an object: what is always the same in it is not asked of its user, nor is the id.
fn whole_struct(cx: &Cx<'_>, shape: ShapeId, object: &Struct, id: Option<&Correlation>) -> Request {
    let ty = type_of(cx, shape, Place::within(false));
    // `Omit` on a type with an index signature forgets its properties.
    let can_omit = !matches!(object.rest, Rest::Typed(_));
    let mut omitted: Vec<&str> = Vec::new();
    let mut entries: Vec<Doc> = Vec::new();
    if can_omit {
        for field in &object.fields {
            if let Some(Json::String(value)) = &field.constant {
                omitted.push(&field.name);
                entries.push(entry(&field.name, text(ident::string(value))));
            }
        }
    }
    let mut nested = None;
    let mut id_entry = None;
    match id.map(|id| (&id.path[..], id.form)) {
        Some(([only], form)) => {
            if can_omit {
                omitted.push(only);
            }
            id_entry = Some(form.assigned(only));
        }
        Some(([first, second], form)) => {
            let inner = concat([text("...request"), text(ident::member(first))]);
            let inner = braced(vec![inner, form.assigned(second)]);
            id_entry = Some(entry(first, inner));
            if can_omit && let Some(part) = without_id(cx, object, first, second) {
                omitted.push(first);
                nested = Some(part);
            }
        }
        _ => {}
    }
    let mut left = object.fields.iter().filter(|field| !omitted.contains(&field.name.as_str()));
    let is_left = left.clone().next().is_some() || nested.is_some();
    let needed = left.any(|field| field.required) || nested.as_ref().is_some_and(|part| part.0);
    if is_left {
        entries.push(text("...request"));
    }
    entries.extend(id_entry);
    let given = is_left.then(|| {
        let ty = if omitted.is_empty() { ty } else { omit(ty, &omitted) };
        let ty = match nested {
            Some((_, part)) => Type::single(concat([ty.doc(), text(" & "), part])),
            None => ty,
        };
        Given { ty, need: if needed { Need::Required } else { Need::OrEmpty } }
    });
    let encode = if entries == [text("...request")] {
        text("(request) => request")
    } else {
        arrow(is_left.then_some("request"), id, braced(entries))
    };
    Request { given, encode }
}

/// `{ first: Omit<First, "second"> }`, and whether it must be there.
fn without_id(cx: &Cx<'_>, object: &Struct, first: &str, second: &str) -> Option<(bool, Doc)> {
    let field = object.fields.iter().find(|field| field.name == first)?;
    let shape = cx.contract.shapes.resolve(field.shape);
    let Shape::Struct(inner) = &cx.contract.shapes.get(shape).shape else { return None };
    if matches!(inner.rest, Rest::Typed(_)) {
        return None;
    }
    let ty = omit(type_of(cx, field.shape, Place::within(false)), &[second]);
    let mark = if field.required { ":" } else { "?:" };
    let name = ident::property(first);
    Some((field.required, concat([text(format!("{{ {name}{mark} ")), ty.doc(), text(" }")])))
}

/// `Omit<T, "a" | "b">`
fn omit(ty: Type, properties: &[&str]) -> Type {
    let names = crate::types::texts(properties.iter().copied()).doc();
    Type::single(concat([text("Omit"), type_arguments(vec![ty.doc(), names])]))
}

/// `name: value`, or `name` where both are the same.
fn assign(name: &str, value: &str) -> Doc {
    if name == value { text(name) } else { entry(name, text(value)) }
}

/// `(request, id) => ({ … })`
fn arrow(parameter: Option<&str>, id: Option<&Correlation>, frame: Doc) -> Doc {
    let parameters = match (parameter, id.is_some()) {
        (Some(parameter), true) => format!("({parameter}, id)"),
        (Some(parameter), false) => format!("({parameter})"),
        (None, true) => "(_, id)".to_owned(),
        (None, false) => "()".to_owned(),
    };
    concat([text(format!("{parameters} => (")), frame, text(")")])
}

impl Given {
    /// The type as an operation has it.
    pub(crate) fn operation_type(&self) -> Type {
        match self.need {
            Need::Optional => self.ty.clone().or(Type::named("undefined")),
            _ => self.ty.clone(),
        }
    }

    /// The parameter of a method.
    pub(crate) fn parameter(&self) -> Doc {
        let (mark, default) = match self.need {
            Need::Required => (":", ""),
            Need::OrEmpty => (":", " = {}"),
            Need::Optional => ("?:", ""),
        };
        concat([text(format!("request{mark} ")), self.ty.clone().doc(), text(default)])
    }
}

/// The type of an operation's reply; `None` if it has none on this socket.
pub(crate) fn reply_type(cx: &Cx<'_>, call: &Call) -> Option<Type> {
    Some(match &reply_messages(cx, call.operation)?[..] {
        [only] => messages::received_type(cx, *only),
        _ => Type::named(&reply_name(cx, call.operation)),
    })
}

/// The messages that answer an operation on the socket that it was sent on.
pub(crate) fn reply_messages(cx: &Cx<'_>, id: OperationId) -> Option<Vec<MessageId>> {
    let operation = cx.contract.operation(id);
    let reply = operation.reply.as_ref().filter(|reply| !reply.messages.is_empty())?;
    let endpoint = |channel| cx.contract.channel(channel).endpoint;
    let here = endpoint(operation.channel);
    reply.channel.is_none_or(|channel| endpoint(channel) == here).then(|| reply.messages.clone())
}

/// The name of a union of replies.
pub(crate) fn reply_name(cx: &Cx<'_>, id: OperationId) -> String {
    format!("{}Reply", cx.contract.names.operation(id).pascal())
}

/// The union of an operation's replies, where there are several.
pub(crate) fn reply_union(cx: &Cx<'_>, id: OperationId) -> Option<Doc> {
    let replies = reply_messages(cx, id).filter(|replies| replies.len() > 1)?;
    let union = messages::union(cx, &replies).definition();
    let definition = concat([text(format!("type {}", reply_name(cx, id))), union]);
    let names = messages::wire_names(cx, &replies);
    let comment = Comment::default().sentence(format!("One of the replies {names}."));
    Some(comment.above(0, export(definition)))
}

/// The constants of a call: the operation, and a function that tells its replies apart if one is needed.
pub(crate) fn items(cx: &Cx<'_>, call: &Call, told: &[MessageId], plans: &Plans) -> Vec<Doc> {
    let request = request(cx, call.message);
    let reply = reply_type(cx, call);
    let mut arguments = vec![match &request.given {
        Some(given) => given.operation_type().doc(),
        None => text("void"),
    }];
    arguments.extend(reply.as_ref().map(|reply| reply.clone().doc()));
    let ty = concat([runtime::of(&runtime::OPERATION), type_arguments(arguments)]);

    let wire_name = text(ident::string(messages::wire_name(cx, call.message)));
    let mut entries = vec![entry("name", wire_name), entry("encode", request.encode)];
    let numbers = messages::numbers(cx, call.message, plans);
    entries.extend(numbers.map(|plan| entry("numbers", plan)));
    entries.extend(cx.checks.sent(call.message).map(|check| entry("check", check)));
    let mut items = Vec::new();
    if let Some(replies) = reply_messages(cx, call.operation) {
        let (reply, function) = reply_contract(cx, call, &replies, told);
        items.extend(function);
        entries.push(entry("reply", reply));
    }
    let value = crate::layout::expanded(entries);
    items.push(constant(&call.constant, ty, value));
    items
}

fn reply_contract(
    cx: &Cx<'_>,
    call: &Call,
    replies: &[MessageId],
    told: &[MessageId],
) -> (Doc, Option<Doc>) {
    let keys = replies.iter().map(|id| text(ident::string(&messages::key(cx, *id))));
    let mut entries = vec![entry("messages", list("[", keys.collect(), "]"))];
    let mut function = None;
    if replies.len() > 1 && replies.iter().any(|id| !told.contains(id)) {
        let (tell, item) = tell::of_reply(cx, call.operation).written(cx, &call.tell);
        entries.push(entry("tell", tell));
        function = item;
    }
    entries.push(match replies {
        [only] => entry("read", messages::read(cx, *only)),
        _ => {
            let name = reply_name(cx, call.operation);
            entry("read", text(format!("(reply) => reply as {name}")))
        }
    });
    if let [only] = replies
        && let Some(refusal) = refusal(cx, call.operation, *only)
    {
        entries.push(entry("refusal", refusal));
    }
    (crate::layout::expanded(entries), function)
}

/// `(reply) => (reply.status === "error" ? reply.message : undefined)`, from what the contract says of a
/// refusal's reply.
fn refusal(cx: &Cx<'_>, operation: OperationId, reply: MessageId) -> Option<Doc> {
    let Answer::Struct(refused) = cx.contract.answers.refusal(operation)? else { return None };
    let shape = cx.contract.shapes.resolve(cx.contract.payload_shape(reply)?);
    let Shape::Struct(object) = &cx.contract.shapes.get(shape).shape else { return None };
    let granted = granted(cx, operation);
    let place = |at: usize| format!("reply{}", ident::member(&object.fields[at].name));
    let tests = refused.iter().filter_map(|(at, answer)| {
        let value = answer.fixed()?;
        let same = granted.and_then(|granted| granted.iter().find(|member| member.0 == *at));
        let differs = same.is_none_or(|same| same.1.fixed() != Some(value.clone()));
        let is_scalar = !matches!(value, Json::Array(_) | Json::Object(_));
        (differs && is_scalar)
            .then(|| concat([text(format!("{} === ", place(*at))), ident::literal(&value)]))
    });
    let tests: Vec<Doc> = tests.collect();
    if tests.is_empty() {
        return None;
    }
    let says_why = refused.iter().find(|(_, answer)| answer.says_why());
    let why = match says_why {
        Some((at, _)) if object.fields[*at].required => text(place(*at)),
        Some((at, _)) => text(format!("({} ?? \"refused\")", place(*at))),
        None => text("\"refused\""),
    };
    let choice = choice(code::all(tests), why, text("undefined"));
    Some(code::arrow_to_choice("reply", choice))
}

/// What answers a granted request, where the operation is one of a topic.
fn granted<'c>(cx: &Cx<'c>, operation: OperationId) -> Option<&'c [(usize, Answer)]> {
    let answers = &cx.contract.answers;
    let mut topics = cx.contract.topics_of_operation(operation);
    match topics.find_map(|(topic, does)| answers.granted(topic, does))? {
        Answer::Struct(members) => Some(members),
        _ => None,
    }
}
