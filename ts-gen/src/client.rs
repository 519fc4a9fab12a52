//! The client as its users see it: a class with a member for each topic, each message that can be sent and
//! each that comes by itself, and the function that connects.

use contract::model::{EndpointId, Operation, Parameter};
use contract::schema::shape::Number;
use contract::schema::{SchemaId, Shape};

use crate::description::{Comment, code};
use crate::layout::{Doc, block, braced, concat, group, indent, list, text, type_arguments};
use crate::messages;
use crate::operations;
use crate::surface::{Call, Client, Push, Surface, TopicSurface};
use crate::types::{Place, Type, type_of};
use crate::writer::{TsFile, constant, entry, export};
use crate::{Cx, endpoint, ident, runtime, topics};

/// The clients of all endpoints, with the constants behind them.
pub(crate) fn clients(cx: &Cx<'_>, surface: &Surface, file: &mut TsFile) {
    if surface.clients.is_empty() {
        return;
    }
    for client in &surface.clients {
        file.item(messages::message_union(cx, client.endpoint, &client.message));
        let mut seen = Vec::new();
        for call in &client.calls {
            if !seen.contains(&call.operation) {
                seen.push(call.operation);
                if let Some(union) = operations::reply_union(cx, call.operation) {
                    file.item(union);
                }
            }
        }
    }
    if let Some(servers) = servers(cx) {
        file.item(servers);
    }
    for plan in surface.plans.items(cx) {
        file.item(plan);
    }
    for client in &surface.clients {
        for item in endpoint::items(cx, client, &surface.plans) {
            file.item(item);
        }
        let told = client.told();
        for call in &client.calls {
            for item in operations::items(cx, call, &told, &surface.plans) {
                file.item(item);
            }
        }
        for topic in &client.topics {
            for item in topics::items(cx, client, topic) {
                file.item(item);
            }
        }
        for push in &client.pushes {
            file.item(push_item(cx, push));
        }
        let own_options = options(cx, client);
        let has_own = own_options.is_some();
        if let Some(options) = own_options {
            file.item(options);
        }
        file.item(class(cx, client, has_own));
        file.item(connect(cx, client, has_own));
    }
}

/// The servers of the contract: `connect({ url: servers.production })`.
fn servers(cx: &Cx<'_>) -> Option<Doc> {
    let urls = endpoint::server_urls(cx);
    if urls.is_empty() {
        return None;
    }
    let entries = urls.into_iter().map(|(key, url, words)| {
        let value = entry(key, text(ident::string(&url)));
        Comment::of(words).above(1, value)
    });
    let value = crate::layout::expanded(entries.collect());
    let item = concat([text("const servers = "), value, text(" as const;")]);
    Some(Comment::default().sentence("Where the API is served.").above(0, export(item)))
}

fn push_item(cx: &Cx<'_>, push: &Push) -> Doc {
    let payload = messages::received_type(cx, push.message).doc();
    let ty = concat([runtime::of(&runtime::MESSAGE_CONTRACT), type_arguments(vec![payload])]);
    let key = text(ident::string(&messages::key(cx, push.message)));
    let value =
        braced(vec![entry("message", key), entry("read", messages::read(cx, push.message))]);
    constant(&push.constant, ty, value)
}

fn address(cx: &Cx<'_>, id: EndpointId) -> String {
    code(&endpoint::address(cx, cx.contract.endpoint(id)))
}

fn class(cx: &Cx<'_>, client: &Client, has_own_options: bool) -> Doc {
    let mut members: Vec<Doc> = Vec::new();
    members.extend(client.topics.iter().map(|topic| topic_member(cx, client, topic)));
    members.extend(client.pushes.iter().map(|push| push_member(cx, push)));
    if !members.is_empty() {
        members.push(text(""));
    }
    members.push(constructor(cx, client, has_own_options));
    for call in &client.calls {
        members.push(text(""));
        members.push(method(cx, call));
    }
    let base =
        concat([runtime::of(&runtime::CLIENT), type_arguments(vec![text(client.message.clone())])]);
    let class =
        concat([text(format!("class {} extends ", client.class)), base, text(" "), block(members)]);
    let channel = cx.contract.endpoint(client.endpoint).channels.first();
    let words = channel.and_then(|id| {
        let channel = cx.contract.channel(*id);
        channel.description.as_deref().or(channel.summary.as_deref())
    });
    Comment::default()
        .sentence(format!("A connection to {}.", address(cx, client.endpoint)))
        .words(words)
        .above(0, export(class))
}

/// `readonly name: Type = this.channel.…;`
fn field(name: &str, ty: Doc, value: Doc) -> Doc {
    group([
        text(format!("readonly {name}: ")),
        ty,
        text(" ="),
        group([indent([Doc::Line, value])]),
        text(";"),
    ])
}

fn topic_member(cx: &Cx<'_>, client: &Client, surface: &TopicSurface) -> Doc {
    let topic = cx.contract.topic(surface.id);
    let ty = concat([runtime::of(&runtime::TOPIC), topics::arguments(cx, client, surface)]);
    let value = text(format!("this.channel.topic({})", surface.constant));
    let names = messages::wire_names(cx, &topic.messages);
    let each = match &topic.messages[..] {
        [only] => match named_payload(cx, *only) {
            Some(name) => format!("You get a {{@link {name}}} for each {names}."),
            None => format!("You get {names}."),
        },
        _ => format!("You get {names}."),
    };
    Comment::of(topic.description.as_deref())
        .sentence(each)
        .above(1, field(&surface.member, ty, value))
}

/// The name of a payload's type, if that is all that it is.
fn named_payload<'x>(cx: &'x Cx<'_>, message: contract::model::MessageId) -> Option<&'x str> {
    let shape = cx.contract.payload_shape(message)?;
    let name = cx.type_name(cx.contract.shapes.resolve(shape))?;
    (messages::received_type(cx, message) == Type::named(name)).then_some(name)
}

fn push_member(cx: &Cx<'_>, push: &Push) -> Doc {
    let message = cx.contract.message(push.message);
    let payload = messages::received_type(cx, push.message).doc();
    let ty = concat([runtime::of(&runtime::MESSAGES), type_arguments(vec![payload])]);
    let value = text(format!("this.channel.messages({})", push.constant));
    Comment::of(message.summary.as_deref().or(message.title.as_deref()))
        .words(message.description.as_deref())
        .sentence(format!("You get {}.", messages::wire_names(cx, &[push.message])))
        .deprecated(message.deprecated)
        .above(1, field(&push.member, ty, value))
}

fn constructor(cx: &Cx<'_>, client: &Client, has_own_options: bool) -> Doc {
    let (ty, given) = if has_own_options {
        let defaults = parameter_defaults(cx, client.endpoint);
        let given = if defaults.is_empty() {
            concat([text("options as "), runtime::of(&runtime::CONNECT_OPTIONS)])
        } else {
            let mut filled = defaults;
            filled.push(text("...options.parameters"));
            let all = braced(vec![text("...options"), entry("parameters", braced(filled))]);
            concat([all, text(" as "), runtime::of(&runtime::CONNECT_OPTIONS)])
        };
        (text(client.options.clone()), given)
    } else {
        (runtime::of(&runtime::CONNECT_OPTIONS), text("options"))
    };
    let call = concat([text(format!("super({}, ", client.channel)), given, text(");")]);
    concat([text("constructor(options: "), ty, text(") "), block(vec![call])])
}

fn method(cx: &Cx<'_>, call: &Call) -> Doc {
    let operation = cx.contract.operation(call.operation);
    let request = operations::request(cx, call.message);
    let reply = operations::reply_type(cx, call);
    let mut parameters: Vec<Doc> = Vec::new();
    parameters.extend(request.given.as_ref().map(operations::Given::parameter));
    let options = runtime::of(&runtime::REQUEST_OPTIONS);
    parameters.push(concat([text("options?: "), options]));
    let promised = reply.clone().unwrap_or_else(|| Type::named("void"));
    let promise = concat([text("Promise"), type_arguments(vec![promised.doc()])]);
    let verb = if reply.is_some() { "request" } else { "send" };
    let given = if request.given.is_some() { "request" } else { "undefined" };
    let arguments = vec![text(call.constant.clone()), text(given), text("options")];
    let body =
        concat([text(format!("return this.channel.{verb}")), list("(", arguments, ")"), text(";")]);
    let signature = crate::layout::signature(&call.member, parameters, promise);
    let method = concat([signature, text(" "), block(vec![body])]);
    method_comment(cx, operation, call).above(1, method)
}

fn method_comment(cx: &Cx<'_>, operation: &Operation, call: &Call) -> Comment {
    let message = cx.contract.message(call.message);
    let several = operation.messages.len() > 1;
    let (first, second, deprecated) = if several {
        let title = message.summary.as_deref().or(message.title.as_deref());
        (title, message.description.as_deref(), message.deprecated)
    } else {
        let title = operation.summary.as_deref().or(operation.title.as_deref());
        (title, operation.description.as_deref(), operation.deprecated || message.deprecated)
    };
    let sent = messages::wire_names(cx, &[call.message]);
    let wire = match operations::reply_messages(cx, call.operation) {
        Some(replies) => {
            let each: Vec<String> =
                replies.iter().map(|id| messages::wire_names(cx, &[*id])).collect();
            format!("You send {sent}, you get {}.", each.join(" or "))
        }
        None => format!("You send {sent}."),
    };
    Comment::of(first).words(second).sentence(wire).deprecated(deprecated)
}

/// The options of a client whose address or query the contract declares.
fn options(cx: &Cx<'_>, client: &Client) -> Option<Doc> {
    let parameters = parameters(cx, client.endpoint);
    let query = query(cx, client.endpoint);
    if parameters.is_empty() && query.is_empty() {
        return None;
    }
    let mut replaced = Vec::new();
    let mut members = Vec::new();
    if !parameters.is_empty() {
        replaced.push("parameters");
        let fields = parameters.iter().map(|parameter| {
            let needed = parameter.default.is_none();
            (parameter.name.as_str(), needed, parameter.schema, parameter.description.as_deref())
        });
        members.push(member(cx, "parameters", "The values in the address.", fields.collect()));
    }
    if !query.is_empty() {
        replaced.push("query");
        members.push(member(cx, "query", "The query of the handshake.", query));
    }
    let base = vec![
        runtime::of(&runtime::CONNECT_OPTIONS),
        crate::types::texts(replaced.into_iter()).doc(),
    ];
    let item = concat([
        text(format!("interface {} extends Omit", client.options)),
        type_arguments(base),
        text(" "),
        block(members),
    ]);
    let comment = Comment::default().sentence(format!("Options of {{@link {}}}.", client.connect));
    Some(comment.above(0, export(item)))
}

/// A field of an object: its name, whether it is needed, its schema, what it means.
type OptionField<'c> = (&'c str, bool, SchemaId, Option<&'c str>);

fn member(cx: &Cx<'_>, name: &str, words: &str, fields: Vec<OptionField<'_>>) -> Doc {
    let needed = fields.iter().any(|field| field.1);
    let inner = fields.into_iter().map(|(name, needed, schema, words)| {
        let about = &cx.contract.schemas.get(schema).about;
        let mark = if needed { ":" } else { "?:" };
        let member = concat([
            text(format!("readonly {}{mark} ", ident::property(name))),
            as_text(cx, schema).doc(),
            text(";"),
        ]);
        Comment::of(words.or(about.description.as_deref())).above(2, member)
    });
    let mark = if needed { ":" } else { "?:" };
    let ty = block(inner.collect());
    let member = concat([text(format!("readonly {name}{mark} ")), ty, text(";")]);
    Comment::default().sentence(words).above(1, member)
}

/// A scalar as the text that it is in a URL.
fn as_text(cx: &Cx<'_>, schema: SchemaId) -> Type {
    let Some(shape) = cx.contract.shapes.of(schema) else { return Type::named("string") };
    let id = cx.contract.shapes.resolve(shape);
    match &cx.contract.shapes.get(id).shape {
        Shape::Enum(_) => type_of(cx, id, Place::within(false)),
        Shape::Boolean => crate::types::texts(["true", "false"].into_iter()),
        Shape::Integer(_) | Shape::Number(Number::Double) => Type::named("`${number}`"),
        _ => Type::named("string"),
    }
}

/// The parameters in the addresses of an endpoint.
fn parameters<'c>(cx: &Cx<'c>, id: EndpointId) -> Vec<&'c Parameter> {
    let mut parameters: Vec<&Parameter> = Vec::new();
    for channel in &cx.contract.endpoint(id).channels {
        for parameter in &cx.contract.channel(*channel).parameters {
            if parameters.iter().all(|known| known.name != parameter.name) {
                parameters.push(parameter);
            }
        }
    }
    parameters
}

fn parameter_defaults(cx: &Cx<'_>, id: EndpointId) -> Vec<Doc> {
    let parameters = parameters(cx, id).into_iter();
    parameters
        .filter_map(|parameter| {
            let default = parameter.default.as_ref()?;
            Some(entry(&parameter.name, text(ident::string(default))))
        })
        .collect()
}

/// The properties of the query that the WebSocket bindings of an endpoint declare.
fn query<'c>(cx: &Cx<'c>, id: EndpointId) -> Vec<OptionField<'c>> {
    let channels = cx.contract.endpoint(id).channels.iter();
    let declared = channels.filter_map(|id| cx.contract.channel(*id).ws.as_ref()?.query);
    let mut fields: Vec<OptionField<'c>> = Vec::new();
    for shape in declared.filter_map(|schema| cx.contract.shapes.of(schema)) {
        let shape = cx.contract.shapes.resolve(shape);
        let Shape::Struct(object) = &cx.contract.shapes.get(shape).shape else { continue };
        for field in &object.fields {
            if fields.iter().all(|known| known.0 != field.name) {
                fields.push((&field.name, field.required, field.schema, None));
            }
        }
    }
    fields
}

fn connect(cx: &Cx<'_>, client: &Client, has_own_options: bool) -> Doc {
    let (ty, default) = if has_own_options {
        let needed = parameters(cx, client.endpoint).iter().any(|each| each.default.is_none())
            || query(cx, client.endpoint).iter().any(|field| field.1);
        (text(client.options.clone()), if needed { "" } else { " = {}" })
    } else {
        (runtime::of(&runtime::CONNECT_OPTIONS), " = {}")
    };
    let parameter = concat([text("options: "), ty, text(default)]);
    let body = text(format!("return new {}(options);", client.class));
    let item = crate::writer::function(
        &client.connect,
        vec![parameter],
        text(client.class.clone()),
        vec![body],
    );
    Comment::default()
        .sentence(format!(
            "Connects to {} at once, and again whenever the connection is lost.",
            address(cx, client.endpoint)
        ))
        .above(0, export(item))
}
