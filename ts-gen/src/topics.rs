//! Topics: the parameters of each family as a type, the name of a topic and back, and how it is
//! subscribed.
//!
//! A name is taken apart by one regular expression. The contract has at most one parameter that may contain
//! what separates it from its neighbours; it takes what the others leave.

use contract::answer::Answer;
use contract::model::{Carried, MessageId, ParameterSource, TemplatePart, Topic, TopicId};
use contract::schema::Shape;

use crate::code::{self, choice};
use crate::description::Comment;
use crate::description::code as shown;
use crate::layout::{Doc, block, braced, concat, group, indent, list, text, type_arguments};
use crate::messages;
use crate::operations::{self, Given};
use crate::parameters::{Parameter, Value, parameters, scalar};
use crate::requests::{self, Built};
use crate::surface::{Client, Surface, TopicSurface};
use crate::types::Type;
use crate::writer::{TsFile, constant, entry, export, function};
use crate::{Cx, ident, runtime};

/// The name of a family's parameters.
pub(crate) fn type_name(cx: &Cx<'_>, id: TopicId) -> String {
    format!("{}Topic", cx.contract.names.topic(id).pascal())
}

/// The name of the function that makes a topic's name.
pub(crate) fn naming(cx: &Cx<'_>, id: TopicId) -> String {
    format!("{}TopicName", cx.contract.names.topic(id).camel())
}

/// The name of the function that takes a topic's name apart.
pub(crate) fn parsing(cx: &Cx<'_>, id: TopicId) -> String {
    format!("parse{}Topic", cx.contract.names.topic(id).pascal())
}

/// The name of the union of what a topic carries, where that are several messages.
pub(crate) fn push_name(cx: &Cx<'_>, id: TopicId) -> String {
    format!("{}Push", cx.contract.names.topic(id).pascal())
}

/// What users of topics see beside the client: parameters, names, pushes.
pub(crate) fn types(cx: &Cx<'_>, surface: &Surface, file: &mut TsFile) {
    for client in &surface.clients {
        for id in cx.contract.topics_of(client.endpoint) {
            let topic = cx.contract.topic(id);
            let parameters = parameters(cx, topic);
            if !parameters.is_empty() {
                file.item(interface(cx, id, topic, &parameters));
            }
            file.item(name_function(cx, id, topic, &parameters));
            if !parameters.is_empty() {
                file.item(parse_function(cx, id, topic, &parameters));
            }
            if topic.messages.len() > 1 {
                let union = messages::union(cx, &topic.messages).definition();
                let definition = concat([text(format!("type {}", push_name(cx, id))), union]);
                let comment = Comment::default()
                    .sentence(format!("What a topic {} carries.", shown(&topic.name.text)));
                file.item(comment.above(0, export(definition)));
            }
        }
    }
}

fn interface(cx: &Cx<'_>, id: TopicId, topic: &Topic, parameters: &[Parameter<'_>]) -> Doc {
    let members = parameters.iter().map(|parameter| {
        let about = &cx.contract.schemas.get(parameter.declared.schema).about;
        let words = parameter.declared.description.as_deref().or(about.description.as_deref());
        let mut comment = Comment::of(words);
        if let Some(default) = parameter.default {
            comment = comment.tag("defaultValue", &crate::types::default_value(default));
        }
        let mark = if parameter.default.is_some() { "?:" } else { ":" };
        let member = concat([
            text(format!("{}{mark} ", parameter.name)),
            parameter.kind.ty(cx).doc(),
            text(";"),
        ]);
        comment.above(1, member)
    });
    let item =
        concat([text(format!("interface {} ", type_name(cx, id))), block(members.collect())]);
    Comment::of(topic.description.as_deref())
        .sentence(format!("Parameters of a topic {}.", shown(&topic.name.text)))
        .above(0, export(item))
}

/// `({ symbol, resolution = "1" }: BarsTopic)`, or nothing where there are no parameters.
fn destructured(
    cx: &Cx<'_>,
    id: TopicId,
    parameters: &[&Parameter<'_>],
    with_defaults: bool,
) -> Vec<Doc> {
    if parameters.is_empty() {
        return Vec::new();
    }
    let names = parameters.iter().map(|parameter| {
        let name = if parameter.name == parameter.variable {
            parameter.name.clone()
        } else {
            format!("{}: {}", parameter.name, parameter.variable)
        };
        match parameter.default.filter(|_| with_defaults) {
            Some(default) => concat([text(format!("{name} = ")), ident::literal(default)]),
            None => text(name),
        }
    });
    vec![concat([braced(names.collect()), text(format!(": {}", type_name(cx, id)))])]
}

fn name_function(cx: &Cx<'_>, id: TopicId, topic: &Topic, parameters: &[Parameter<'_>]) -> Doc {
    let mut name = String::new();
    for part in &topic.name.parts {
        match part {
            TemplatePart::Text(words) => name.push_str(&ident::template(words)),
            TemplatePart::Parameter(wanted) => {
                match parameters.iter().find(|known| known.declared.name == *wanted) {
                    Some(parameter) => name.push_str(&format!("${{{}}}", parameter.variable)),
                    // The application fills it in; its reply says the whole name.
                    None => name.push_str(&ident::template(&format!("{{{wanted}}}"))),
                }
            }
        }
    }
    let literal = if parameters.is_empty() {
        text(ident::string(&plain_name(topic)))
    } else {
        text(format!("`{name}`"))
    };
    let body = concat([text("return "), literal, text(";")]);
    let parameters = destructured(cx, id, &parameters.iter().collect::<Vec<_>>(), true);
    let item = function(&naming(cx, id), parameters, text("string"), vec![body]);
    Comment::default()
        .sentence(format!("The name of a topic: {}.", shown(&topic.name.text)))
        .above(0, export(item))
}

/// The template as it stands: what a topic without parameters of its user is called.
fn plain_name(topic: &Topic) -> String {
    let parts = topic.name.parts.iter().map(|part| match part {
        TemplatePart::Text(words) => words.clone(),
        TemplatePart::Parameter(name) => format!("{{{name}}}"),
    });
    parts.collect()
}

fn parse_function(cx: &Cx<'_>, id: TopicId, topic: &Topic, parameters: &[Parameter<'_>]) -> Doc {
    let parts = &topic.name.parts;
    let separator = |at: Option<usize>| match at.and_then(|at| parts.get(at)) {
        Some(TemplatePart::Text(words)) => Some(words.as_str()),
        _ => None,
    };
    let is_wide = |part: &TemplatePart| matches!(part, TemplatePart::Parameter(name) if topic.wide_parameter() == Some(name));
    let wide = parts.iter().position(is_wide);
    let mut pattern = String::new();
    let mut groups: Vec<&str> = Vec::new();
    for (at, part) in parts.iter().enumerate() {
        match part {
            TemplatePart::Text(words) => pattern.push_str(&ident::regex(words)),
            TemplatePart::Parameter(name) => {
                let parameter = parameters.iter().find(|known| known.declared.name == *name);
                let kind = parameter.map_or(Value::Text, |parameter| parameter.kind);
                // A name is taken apart from both ends, up to the parameter that takes the rest.
                let inner = kind.pattern(match wide {
                    Some(wide) if wide == at => None,
                    Some(wide) if wide < at => separator(at.checked_sub(1)),
                    _ => separator(Some(at + 1)),
                });
                if parameter.is_some() {
                    groups.push(name);
                    pattern.push_str(&format!("({inner})"));
                } else {
                    pattern.push_str(&format!("(?:{inner})"));
                }
            }
        }
    }
    let members = parameters.iter().filter_map(|parameter| {
        let at = groups.iter().position(|name| *name == parameter.declared.name)?;
        let value = parameter.kind.parsed(cx, &format!("match[{}]", at + 1));
        Some(entry(&parameter.name, value))
    });
    let found = braced(members.collect());
    let statement = group([
        text("return match === null"),
        indent([Doc::Line, text("? undefined"), Doc::Line, text(": "), found]),
        text(";"),
    ]);
    let body = vec![text(format!("const match = /^{pattern}$/s.exec(name);")), statement];
    let ty = text(format!("{} | undefined", type_name(cx, id)));
    let item = function(&parsing(cx, id), vec![text("name: string")], ty, body);
    Comment::default()
        .sentence(format!(
            "The parameters in the name of a topic; undefined if it is not one of {}.",
            shown(&topic.key)
        ))
        .above(0, export(item))
}

/// The parameters of a family as a type argument.
fn parameters_type(cx: &Cx<'_>, id: TopicId) -> Doc {
    let none = parameters(cx, cx.contract.topic(id)).is_empty();
    text(if none { "void".to_owned() } else { type_name(cx, id) })
}

/// What a topic carries, as a type.
pub(crate) fn payload_type(cx: &Cx<'_>, id: TopicId) -> Type {
    match &cx.contract.topic(id).messages[..] {
        [only] => messages::received_type(cx, *only),
        _ => Type::named(&push_name(cx, id)),
    }
}

/// `<BarsTopic, Bar, SubscriptionResponse>`
pub(crate) fn arguments(cx: &Cx<'_>, client: &Client, topic: &TopicSurface) -> Doc {
    let mut arguments = vec![parameters_type(cx, topic.id), payload_type(cx, topic.id).doc()];
    let subscribe = cx.contract.topic(topic.id).subscribe;
    let reply = subscribe
        .and_then(|operation| client.call_of(operation))
        .and_then(|call| operations::reply_type(cx, call));
    arguments.extend(reply.map(Type::doc));
    type_arguments(arguments)
}

/// The constants of a family: how its requests are made, and what the runtime needs of it.
pub(crate) fn items(cx: &Cx<'_>, client: &Client, surface: &TopicSurface) -> Vec<Doc> {
    let id = surface.id;
    let topic = cx.contract.topic(id);
    let parameters = parameters(cx, topic);
    let mut items = Vec::new();
    let mut entries = vec![
        entry("name", text(ident::string(&topic.key))),
        entry("toName", text(naming(cx, id))),
        entry("fromName", from_name(cx, id, &parameters)),
    ];
    let keys = topic.messages.iter().map(|id| text(ident::string(&messages::key(cx, *id))));
    entries.push(entry("messages", list("[", keys.collect(), "]")));
    entries.push(match &topic.messages[..] {
        [only] => entry("read", messages::read(cx, *only)),
        _ => entry("read", text(format!("(push) => push as {}", push_name(cx, id)))),
    });
    let mut written: Option<(Doc, String)> = None;
    let calls = [
        ("subscribe", topic.subscribe, &surface.subscribe_request),
        ("unsubscribe", topic.unsubscribe, &surface.unsubscribe_request),
    ];
    for (verb, operation, name) in calls {
        let Some(call) = operation.and_then(|operation| client.call_of(operation)) else {
            continue;
        };
        let Some(request) = request(cx, call.message, &parameters) else { continue };
        let Some(function) = request_function(cx, id, request, &parameters) else {
            let arguments = vec![text(call.constant.clone()), text("() => undefined")];
            entries.push(entry(verb, from_topic(arguments)));
            continue;
        };
        let name = match &written {
            // Both requests are mostly the same.
            Some((known, name)) if *known == function => name.clone(),
            _ => {
                let item = concat([text(format!("const {name} = ")), function.clone(), text(";")]);
                items.push(item);
                written.get_or_insert((function, name.clone()));
                name.clone()
            }
        };
        let arguments = vec![text(call.constant.clone()), text(name)];
        entries.push(entry(verb, from_topic(arguments)));
    }
    entries.extend(reply_topic(cx, id).map(|path| entry("replyTopic", path)));
    entries.extend(matches(cx, topic, &parameters).map(|test| entry("matches", test)));
    let ty = concat([runtime::of(&runtime::TOPIC_FAMILY), arguments(cx, client, surface)]);
    items.push(constant(&surface.constant, ty, crate::layout::expanded(entries)));
    items
}

fn from_topic(arguments: Vec<Doc>) -> Doc {
    code::pure_call(runtime::of(&runtime::FROM_TOPIC), arguments)
}

fn from_name(cx: &Cx<'_>, id: TopicId, parameters: &[Parameter<'_>]) -> Doc {
    text(if parameters.is_empty() { "() => undefined".to_owned() } else { parsing(cx, id) })
}

/// What a subscribe or unsubscribe request is made of.
pub(crate) struct TopicRequest {
    given: Option<Given>,
    built: Built,
}

/// The request of a message, made of the parameters of a topic; `None` if it needs more than they say.
pub(crate) fn request(
    cx: &Cx<'_>,
    message: MessageId,
    parameters: &[Parameter<'_>],
) -> Option<TopicRequest> {
    let built = requests::build(cx, message, parameters)?;
    Some(TopicRequest { given: operations::request(cx, message).given, built })
}

/// `({ symbol, resolution }: BarsTopic): BarsSubscriptionRequest => ({ … })`; `None` if nothing is to be
/// given.
fn request_function(
    cx: &Cx<'_>,
    id: TopicId,
    request: TopicRequest,
    parameters: &[Parameter<'_>],
) -> Option<Doc> {
    let given = request.given?;
    let used: Vec<&Parameter<'_>> = parameters
        .iter()
        .filter(|parameter| request.built.used.contains(&parameter.name))
        .collect();
    let parameter = destructured(cx, id, &used, false);
    Some(concat([
        crate::layout::signature("", parameter, given.operation_type().doc()),
        text(" => "),
        request.built.value.returned(),
    ]))
}

/// `(params, payload) => payload.room === params.room`, for pushes that carry no topic but repeat, in the same
/// places as the request, what the topic is made of.
fn matches(cx: &Cx<'_>, topic: &Topic, parameters: &[Parameter<'_>]) -> Option<Doc> {
    let [message] = topic.messages[..] else { return None };
    if topic.carried != Carried::Nowhere || parameters.is_empty() {
        return None;
    }
    let tests = parameters.iter().map(|parameter| {
        let ParameterSource::Message(path) = &parameter.declared.source else { return None };
        let place = messages::payload_place(cx, message, path)?;
        let kind = scalar(cx, place.shape)?;
        let is_list = matches!(cx.contract.shapes.get(place.shape).shape, Shape::List(_));
        if is_list || kind != parameter.kind {
            return None;
        }
        let given = text(format!("params{}", ident::member(&parameter.name)));
        let given = match parameter.default {
            Some(default) => {
                concat([text("("), given, text(" ?? "), ident::literal(default), text(")")])
            }
            None => given,
        };
        Some(concat([text(format!("payload{} === ", place.access)), given]))
    });
    let tests = code::all(tests.collect::<Option<Vec<Doc>>>()?);
    Some(group([text("(params, payload) =>"), indent([Doc::Line, tests])]))
}

/// `(reply) => reply.topic`: where the reply says what the topic is called.
fn reply_topic(cx: &Cx<'_>, id: TopicId) -> Option<Doc> {
    let topic = cx.contract.topic(id);
    let replies = operations::reply_messages(cx, topic.subscribe?)?;
    let [reply] = replies[..] else { return None };
    let mut shape = cx.contract.payload_shape(reply)?;
    let mut answer = cx.contract.answers.subscribe(id)?;
    let mut path = "reply".to_owned();
    let mut may_miss = false;
    loop {
        shape = cx.contract.shapes.resolve(shape);
        match (answer, &cx.contract.shapes.get(shape).shape) {
            (Answer::Struct(members), Shape::Struct(object)) => {
                let (at, inner) = members.iter().find(|(_, inner)| names_topic(inner))?;
                let field = &object.fields[*at];
                let member = ident::member(&field.name);
                path.push_str(match (may_miss, member.starts_with('[')) {
                    (true, true) => "?.",
                    (true, false) => "?",
                    (false, _) => "",
                });
                path.push_str(&member);
                may_miss |= !field.required;
                (shape, answer) = (field.shape, inner);
            }
            (answer, _) if answer.is_topic() => {
                return Some(text(format!("(reply) => {path}")));
            }
            _ => return None,
        }
    }
}

/// Whether an answer is, or holds, the topic's name and nothing else.
fn names_topic(answer: &Answer) -> bool {
    match answer {
        Answer::Struct(members) => members.iter().any(|member| names_topic(&member.1)),
        answer => answer.is_topic(),
    }
}

/// A conditional part of an object: `...(name === undefined ? {} : { … })`.
pub(crate) fn unless_absent(name: &str, object: Doc) -> Doc {
    let test = text(format!("{name} === undefined"));
    choice(test, text("{}"), object)
}
