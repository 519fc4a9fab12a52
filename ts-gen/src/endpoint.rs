//! The channel: what the runtime must know of an endpoint before the first frame.

use contract::answer::Answer;
use contract::model::{
    Channel, Codec, Endpoint, EndpointId, MessageId, NoticeKind, SecurityId, SecurityScheme, Server,
};
use contract::schema::{Shape, ShapeId};
use contract::wire::Dispatch;

use crate::code::pure_call;
use crate::layout::{Doc, braced, concat, expanded, list, text};
use crate::numbers::Plans;
use crate::surface::{Client, is_of_our_kind};
use crate::writer::{constant, entry};
use crate::{Cx, closes, flow, ident, messages, operations, runtime};

/// The constants of a channel: a function that tells frames apart and a codec where they need one, the
/// channel itself.
pub(crate) fn items(cx: &Cx<'_>, client: &Client, plans: &Plans) -> Vec<Doc> {
    let endpoint = cx.contract.endpoint(client.endpoint);
    let mut items = Vec::new();
    let (tell, function) = client.tell.written(cx, &client.tell_name);
    items.extend(function);
    let (codec, named) = codec(cx, client);
    items.extend(named);

    let mut frames = vec![entry("tell", tell)];
    frames.extend(messages::frame_places(cx, client.endpoint, plans));
    let mut entries = vec![
        entry("name", text(ident::string(&endpoint.key))),
        entry("address", text(ident::string(&address(cx, endpoint)))),
        entry("codec", codec.clone()),
        entry("subprotocols", subprotocols(cx, endpoint, &codec)),
        entry("closes", closes::table(endpoint)),
        entry("frames", expanded(frames)),
    ];
    entries.extend(token(cx, endpoint).map(|place| entry("token", place)));
    if let Some(heartbeat) = cx.options.heartbeat.filter(|_| is_of_our_kind(cx, client.endpoint)) {
        entries.push(entry("heartbeat", text(grouped(heartbeat))));
    }
    entries.extend(keep_alive(cx, client).map(|message| entry("keepAlive", message)));
    entries.extend(notices(cx, client.endpoint, endpoint).map(|notices| entry("notices", notices)));
    let ty = runtime::of(&runtime::CHANNEL_CONTRACT);
    items.push(constant(&client.channel, ty, expanded(entries)));
    items
}

/// `30_000`
fn grouped(number: u32) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        let left = digits.len() - at;
        if at > 0 && left.is_multiple_of(3) && digits.len() > 4 {
            out.push('_');
        }
        out.push(digit);
    }
    out
}

/// The path of the socket on its server. The servers' own path is part of it, if they have the same.
pub(crate) fn address(cx: &Cx<'_>, endpoint: &Endpoint) -> String {
    let address = endpoint.address.as_deref().unwrap_or_default();
    let mut paths = servers(cx, endpoint).into_iter().map(pathname);
    let first = paths.next().unwrap_or_default();
    let prefix = if paths.all(|path| path == first) { first } else { String::new() };
    match (prefix.trim_end_matches('/'), address.trim_start_matches('/')) {
        ("", "") => "/".to_owned(),
        ("", address) => format!("/{address}"),
        (prefix, "") => with_slash(prefix),
        (prefix, address) => format!("{}/{address}", with_slash(prefix)),
    }
}

fn with_slash(path: &str) -> String {
    if path.starts_with('/') { path.to_owned() } else { format!("/{path}") }
}

/// The WebSocket servers that offer an endpoint.
fn servers<'c>(cx: &Cx<'c>, endpoint: &Endpoint) -> Vec<&'c Server> {
    let all = &cx.contract.servers;
    let named: Vec<usize> = channels(cx, endpoint)
        .flat_map(|channel| channel.servers.iter().copied())
        .filter(|at| all[*at].is_websocket())
        .collect();
    if named.is_empty() {
        return all.iter().filter(|server| server.is_websocket()).collect();
    }
    let is_named = |at: &usize| named.contains(at);
    (0..all.len()).filter(is_named).map(|at| &all[at]).collect()
}

fn channels<'c>(cx: &Cx<'c>, endpoint: &Endpoint) -> impl Iterator<Item = &'c Channel> {
    let contract = cx.contract;
    endpoint.channels.clone().into_iter().map(move |id| contract.channel(id))
}

/// A server's path, its variables with defaults filled in.
fn pathname(server: &Server) -> String {
    filled(server, &server.pathname)
}

fn filled(server: &Server, template: &str) -> String {
    let mut filled = template.to_owned();
    for variable in &server.variables {
        let value = variable.default.as_ref().or(variable.values.first());
        if let Some(value) = value {
            filled = filled.replace(&format!("{{{}}}", variable.name), value);
        }
    }
    filled
}

/// The URLs of the WebSocket servers, without their paths; those that are known only at run time are left
/// out.
pub(crate) fn server_urls<'c>(cx: &Cx<'c>) -> Vec<(&'c str, String, Option<&'c str>)> {
    let servers = cx.contract.servers.iter().filter(|server| server.is_websocket());
    let urls = servers.map(|server| {
        let url = format!("{}://{}", server.protocol, filled(server, &server.host));
        (server.key.as_str(), url, server.description.as_deref().or(server.summary.as_deref()))
    });
    urls.filter(|(_, url, _)| !url.contains(['{', ' '])).collect()
}

/// The subprotocols that the client has a codec for.
fn subprotocols(cx: &Cx<'_>, endpoint: &Endpoint, json: &Doc) -> Doc {
    let known = endpoint.subprotocols.iter().filter_map(|subprotocol| match subprotocol.codec {
        Codec::Json => Some((subprotocol, json.clone())),
        Codec::MessagePack if cx.options.msgpack => {
            Some((subprotocol, runtime::of(&runtime::MSGPACK)))
        }
        Codec::MessagePack => None,
    });
    let entries = known.map(|(subprotocol, codec)| {
        let closes = if subprotocol.declared_closes { "declared" } else { "plain" };
        braced(vec![
            entry("name", text(ident::string(&subprotocol.name))),
            entry("codec", codec),
            entry("closes", text(ident::string(closes))),
        ])
    });
    list("[", entries.collect(), "]")
}

/// The codec of a channel, and the constant that it is, if it has no name yet.
fn codec(cx: &Cx<'_>, client: &Client) -> (Doc, Option<Doc>) {
    let all =
        [messages::received(cx, client.endpoint), messages::sent(cx, client.endpoint)].concat();
    let payloads: Vec<ShapeId> =
        all.iter().filter_map(|message| cx.contract.payload_shape(*message)).collect();
    let exact = flow::reachable(cx.contract, payloads).iter().any(|id| cx.exact.contains(id));
    let json = runtime::of(if exact { &runtime::LOSSLESS_JSON } else { &runtime::JSON_TEXT });

    let (words, any) = bare_texts(cx, client.endpoint);
    let value = match (any, &words[..]) {
        (true, _) => pure_call(runtime::of(&runtime::BARE_TEXT), vec![json]),
        (false, []) => return (json, None),
        (false, words) => {
            let words = words.iter().map(|word| text(ident::string(word))).collect();
            pure_call(runtime::of(&runtime::BARE_WORDS), vec![json, list("[", words, "]")])
        }
    };
    let item = constant(&client.codec, runtime::of(&runtime::CODEC), value);
    (text(client.codec.clone()), Some(item))
}

/// The bare texts that travel in either direction, and whether any text may.
fn bare_texts(cx: &Cx<'_>, endpoint: EndpointId) -> (Vec<String>, bool) {
    use contract::model::Direction;
    let mut words: Vec<String> = Vec::new();
    let mut anything = false;
    for direction in [Direction::Receive, Direction::Send] {
        if let Dispatch::Text { cases, any, .. } = cx.contract.wire.dispatch(endpoint, direction) {
            anything |= any.is_some();
            for (word, _) in cases {
                if !words.contains(word) {
                    words.push(word.clone());
                }
            }
        }
    }
    (words, anything)
}

/// Where the token travels: the first security scheme that a page can serve.
fn token(cx: &Cx<'_>, endpoint: &Endpoint) -> Option<Doc> {
    let of_servers = servers(cx, endpoint).into_iter().flat_map(|server| server.security.iter());
    let of_operations = cx
        .contract
        .operations
        .iter()
        .filter(|operation| endpoint.channels.contains(&operation.channel))
        .flat_map(|operation| operation.security.iter());
    let schemes: Vec<SecurityId> = of_servers.chain(of_operations).copied().collect();
    let name = schemes.iter().find_map(|id| query_parameter(cx.contract.security_scheme(*id)))?;
    Some(braced(vec![entry("in", text("\"query\"")), entry("name", text(ident::string(name)))]))
}

/// The query parameter that carries a token. A page can set no header; where one is declared for a bearer
/// token the parameter of RFC 6750 §2.3 stands in for it.
fn query_parameter(scheme: &SecurityScheme) -> Option<&str> {
    let is = |text: &Option<String>, word: &str| {
        text.as_deref().is_some_and(|text| text.eq_ignore_ascii_case(word))
    };
    match scheme.kind.as_str() {
        "httpApiKey" if is(&scheme.location, "query") => scheme.name.as_deref(),
        "http" if is(&scheme.scheme, "bearer") => Some("access_token"),
        "oauth2" | "openIdConnect" => Some("access_token"),
        _ => None,
    }
}

/// A message called `ping` that asks its user for nothing and is answered: it keeps a connection, and shows
/// that there is one.
fn keep_alive(cx: &Cx<'_>, client: &Client) -> Option<Doc> {
    let call = client.calls.iter().find(|call| {
        let is_ping = messages::wire_name(cx, call.message).eq_ignore_ascii_case("ping")
            || cx.contract.message(call.message).key.eq_ignore_ascii_case("ping")
            || messages::texts_of(cx, call.message).is_some_and(|texts| texts == ["ping"]);
        let given = operations::request(cx, call.message).given;
        let is_answered = operations::reply_messages(cx, call.operation).is_some();
        is_ping && is_answered && given.is_none_or(|given| given.need != operations::Need::Required)
    })?;
    let argument = match operations::request(cx, call.message).given {
        Some(given) if given.need == operations::Need::OrEmpty => "{}",
        _ => "undefined",
    };
    // Requests are numbered from one.
    Some(text(format!("() => {}.encode({argument}, 0)", call.constant)))
}

/// `x-notices`
fn notices(cx: &Cx<'_>, id: EndpointId, endpoint: &Endpoint) -> Option<Doc> {
    // A client acts on these two; a violation is a message like others.
    let acted = [NoticeKind::Dropped, NoticeKind::Revoked];
    let entries = acted.into_iter().filter_map(|kind| {
        let message = endpoint.notices.get(kind)?.message;
        let key = text(ident::string(&messages::key(cx, message)));
        let topic = notice_topic(cx, id, kind, message);
        let notice = braced(vec![entry("message", key), entry("topic", topic)]);
        Some(entry(kind.name(), notice))
    });
    let entries: Vec<Doc> = entries.collect();
    (!entries.is_empty()).then(|| expanded(entries))
}

/// Where a notice says which topic it is about: the property of its payload that the contract fills with
/// the topic, or beside the payload.
fn notice_topic(cx: &Cx<'_>, endpoint: EndpointId, kind: NoticeKind, message: MessageId) -> Doc {
    let field = cx.contract.payload_shape(message).and_then(|shape| {
        let shape = cx.contract.shapes.resolve(shape);
        let Shape::Struct(object) = &cx.contract.shapes.get(shape).shape else { return None };
        let Answer::Struct(members) = cx.contract.answers.notice(endpoint, kind)? else {
            return None;
        };
        let (at, _) = members.iter().find(|(_, answer)| answer.is_topic())?;
        object.fields.get(*at)
    });
    match field {
        Some(field) => {
            let ty = messages::received_type(cx, message).doc();
            let member = ident::member(&field.name);
            concat([text("({ payload }) => (payload as "), ty, text(format!("){member}"))])
        }
        None => text("({ topic }) => topic"),
    }
}
