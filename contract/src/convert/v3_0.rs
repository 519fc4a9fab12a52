//! The contract as AsyncAPI 3.0.0, complete in one file.

use super::schema::SchemaWriter;
use super::{Builder, info, location, reference, tags};
use crate::model::{
    Channel, Codec, Contract, Direction, Endpoint, Message, MessageId, Operation, Refusal, Server,
};
use crate::tree::escape_segment;
use json::Json;

/// The contract as AsyncAPI 3.0.0.
pub fn to_3_0(contract: &Contract) -> Json<'static> {
    let schemas = SchemaWriter::new(contract);
    let mut root = Builder::default();
    root.set("asyncapi", "3.0.0").text("id", &contract.id).set("info", info(&contract.info));
    root.text("defaultContentType", &contract.default_content_type);

    let mut servers = Builder::default();
    for each in &contract.servers {
        servers.set(&each.key, server(contract, each));
    }
    root.object("servers", servers);

    let mut channels = Builder::default();
    for each in &contract.channels {
        channels.set(&each.key, channel(contract, &schemas, each));
    }
    root.object("channels", channels);

    let mut operations = Builder::default();
    for each in &contract.operations {
        operations.set(&each.key, operation(contract, each));
    }
    root.object("operations", operations);

    let mut components = Builder::default();
    components.object("schemas", schemas.components());
    let mut messages = Builder::default();
    for id in contract.message_ids() {
        messages.set(&component_name(contract, id), message(&schemas, contract.message(id)));
    }
    components.object("messages", messages);
    let mut security = Builder::default();
    for each in &contract.security {
        let mut scheme = Builder::default();
        scheme
            .set("type", each.kind.clone())
            .text("scheme", &each.scheme)
            .text("in", &each.location)
            .text("name", &each.name)
            .text("bearerFormat", &each.bearer_format)
            .text("description", &each.description);
        security.set(&each.key, scheme.build());
    }
    components.object("securitySchemes", security);
    root.object("components", components).extensions(&contract.extensions);
    root.build()
}

/// Messages of two channels may share a key; their names differ.
fn component_name(contract: &Contract, id: MessageId) -> String {
    let key = &contract.message(id).key;
    let same = contract.messages.iter().filter(|message| message.key == *key).count();
    let usable = key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'));
    if same == 1 && usable && !key.is_empty() {
        key.clone()
    } else {
        contract.names.message(id).camel()
    }
}

fn server(contract: &Contract, server: &Server) -> Json<'static> {
    let mut object = Builder::default();
    object.set("host", server.host.clone());
    if !server.pathname.is_empty() {
        object.set("pathname", server.pathname.clone());
    }
    object
        .set("protocol", server.protocol.clone())
        .text("protocolVersion", &server.protocol_version)
        .text("title", &server.title)
        .text("summary", &server.summary)
        .text("description", &server.description);
    let mut variables = Builder::default();
    for variable in &server.variables {
        let mut written = Builder::default();
        written
            .list("enum", variable.values.iter().cloned().map(Json::from).collect())
            .text("default", &variable.default)
            .text("description", &variable.description)
            .list("examples", variable.examples.iter().cloned().map(Json::from).collect());
        variables.set(&variable.name, written.build());
    }
    object.object("variables", variables);
    let security = server.security.iter().map(|id| {
        let key = &contract.security_scheme(*id).key;
        reference(&format!("#/components/securitySchemes/{}", escape_segment(key)))
    });
    object
        .list("security", security.collect())
        .list("tags", tags(&server.tags))
        .extensions(&server.extensions);
    object.build()
}

fn channel(contract: &Contract, schemas: &SchemaWriter<'_>, channel: &Channel) -> Json<'static> {
    let mut object = Builder::default();
    let address = channel.address.clone().map_or(Json::Null, Json::from);
    object
        .set("address", address)
        .text("title", &channel.title)
        .text("summary", &channel.summary)
        .text("description", &channel.description);
    let mut messages = Builder::default();
    for (key, id) in &channel.messages {
        let name = component_name(contract, *id);
        messages.set(key, reference(&format!("#/components/messages/{name}")));
    }
    object.object("messages", messages);
    let mut parameters = Builder::default();
    for parameter in &channel.parameters {
        let values = contract.schemas.values(parameter.schema).unwrap_or_default();
        let mut written = Builder::default();
        written
            .text("description", &parameter.description)
            .list("enum", values)
            .text("default", &parameter.default)
            .text("location", &parameter.location);
        parameters.set(&parameter.name, written.build());
    }
    object.object("parameters", parameters);
    let servers = channel
        .servers
        .iter()
        .map(|at| reference(&format!("#/servers/{}", escape_segment(&contract.servers[*at].key))));
    object.list("servers", servers.collect()).list("tags", tags(&channel.tags));
    let mut bindings = Builder::default();
    if let Some(ws) = &channel.ws {
        let mut written = Builder::default();
        written
            .text("method", &ws.method)
            .maybe("query", ws.query.map(|id| schemas.schema(id)))
            .maybe("headers", ws.headers.map(|id| schemas.schema(id)));
        bindings.set("ws", written.build());
    }
    for binding in &channel.bindings {
        bindings.set(&binding.protocol, binding.value.clone());
    }
    object.object("bindings", bindings);
    ours(contract, channel, &mut object);
    object.extensions(&channel.extensions);
    object.build()
}

/// The extensions that mean something here.
fn ours(contract: &Contract, channel: &Channel, object: &mut Builder) {
    let endpoint: &Endpoint = contract.endpoint(channel.endpoint);
    let first = endpoint.channels.first().map(|id| &contract.channel(*id).key);
    if first == Some(&channel.key) {
        let subprotocols = endpoint.subprotocols.iter().map(|subprotocol| {
            let mut written = Builder::default();
            let codec = match subprotocol.codec {
                Codec::Json => "json",
                Codec::MessagePack => "msgpack",
            };
            let closes = if subprotocol.declared_closes { "declared" } else { "plain" };
            written.set("name", subprotocol.name.clone()).set("codec", codec).set("closes", closes);
            written.build()
        });
        object.list("x-subprotocols", subprotocols.collect());
        let mut codes = Builder::default();
        for (situation, close) in &endpoint.close_codes {
            let mut written = Builder::default();
            written
                .set("code", close.code)
                .set("reason", close.reason.clone())
                .set("then", close.then.name());
            codes.set(situation.name(), written.build());
        }
        object.object("x-close-codes", codes);
        let batched = endpoint.batched.iter().map(|direction| {
            let own = contract.perspective.of_server(*direction);
            Json::from(if own == Direction::Send { "send" } else { "receive" })
        });
        object.list("x-batched", batched.collect());
        let mut notices = Builder::default();
        for (kind, notice) in endpoint.notices.all() {
            let mut written = Builder::default();
            written
                .set("message", message_key(contract, channel, notice.message))
                .maybe("payload", notice.payload.as_ref().map(|written| written.value.clone()));
            notices.set(kind.name(), written.build());
        }
        object.object("x-notices", notices);
    }
    let mut topics = Builder::default();
    for topic in
        contract.topics.iter().filter(|topic| contract.channel(topic.channel).key == channel.key)
    {
        topics.set(&topic.key, self::topic(contract, channel, topic));
    }
    object.object("x-topics", topics);
}

/// What a channel calls a message.
fn message_key(contract: &Contract, channel: &Channel, id: MessageId) -> String {
    let found = channel.messages.iter().find(|(_, message)| *message == id);
    found.map_or_else(|| contract.message(id).key.clone(), |(key, _)| key.clone())
}

fn topic(contract: &Contract, channel: &Channel, topic: &crate::model::Topic) -> Json<'static> {
    use crate::model::{Carried, ParameterSource};
    let key_of = |id: MessageId| message_key(contract, channel, id);
    let mut object = Builder::default();
    object.set("name", topic.name.text.clone()).text("description", &topic.description);
    let mut parameters = Builder::default();
    for parameter in &topic.parameters {
        let mut written = Builder::default();
        if let ParameterSource::Message(path) = &parameter.source {
            written.set("location", location(path));
        }
        written
            .text("description", &parameter.description)
            .maybe("default", parameter.default.clone());
        parameters.set(&parameter.name, written.build());
    }
    object.object("parameters", parameters);
    object.list("messages", topic.messages.iter().map(|id| Json::from(key_of(*id))).collect());
    if let Carried::At(path) = &topic.carried {
        let mut written = Builder::default();
        written.set("location", location(path));
        object.object("topic", written);
    }
    let operation = |id: crate::model::OperationId| contract.operation(id).key.clone();
    object
        .maybe("subscribe", topic.subscribe.map(operation))
        .maybe("unsubscribe", topic.unsubscribe.map(operation));
    let mut reply = Builder::default();
    reply
        .maybe("subscribe", topic.subscribe_reply.as_ref().map(|written| written.value.clone()))
        .maybe("unsubscribe", topic.unsubscribe_reply.as_ref().map(|written| written.value.clone()))
        .maybe("refused", topic.refused_reply.as_ref().map(|written| written.value.clone()));
    object.object("reply", reply);
    delivery(&topic.delivery, &mut object);
    object.build()
}

fn delivery(delivery: &crate::model::Delivery, object: &mut Builder) {
    use crate::model::{Delivery, Overflow};
    let Delivery { overflow, key, keep, last, since, interval } = delivery;
    let place = |path: &Vec<String>| {
        let mut written = Builder::default();
        written.set("location", location(path));
        written
    };
    if *overflow != Overflow::default() {
        object.set("overflow", overflow.name());
    }
    object.maybe("key", key.as_ref().map(|path| place(path).build()));
    if *keep > 0 {
        object.set("keep", *keep);
    }
    if *last {
        object.set("last", true);
    }
    object.maybe("since", since.as_ref().map(|path| place(path).build())).maybe(
        "interval",
        interval.as_ref().map(|interval| {
            let mut written = place(&interval.path);
            written.set("minimum", interval.minimum).set("default", interval.default);
            written.build()
        }),
    );
}

fn operation(contract: &Contract, operation: &Operation) -> Json<'static> {
    let channel_key =
        |id: crate::model::ChannelId| escape_segment(&contract.channel(id).key).into_owned();
    let messages = |channel: crate::model::ChannelId, ids: &[MessageId]| {
        ids.iter()
            .map(|id| {
                let found =
                    contract.channel(channel).messages.iter().find(|(_, known)| known == id);
                let key = found.map_or(&contract.message(*id).key, |(key, _)| key);
                let (channel, key) = (channel_key(channel), escape_segment(key));
                reference(&format!("#/channels/{channel}/messages/{key}"))
            })
            .collect::<Vec<_>>()
    };
    let mut object = Builder::default();
    let action = match contract.perspective.of_server(operation.direction) {
        Direction::Receive => "receive",
        Direction::Send => "send",
    };
    object
        .set("action", action)
        .set("channel", reference(&format!("#/channels/{}", channel_key(operation.channel))))
        .text("title", &operation.title)
        .text("summary", &operation.summary)
        .text("description", &operation.description)
        .list("messages", messages(operation.channel, &operation.messages))
        .list("tags", tags(&operation.tags));
    if let Some(reply) = &operation.reply {
        let channel = reply.channel.unwrap_or(operation.channel);
        let mut written = Builder::default();
        written
            .set("channel", reference(&format!("#/channels/{}", channel_key(channel))))
            .list("messages", messages(channel, &reply.messages));
        object.object("reply", written);
    }
    object.maybe("x-error-reply", operation.error_reply.as_ref().map(|reply| reply.value.clone()));
    if operation.refusal == Refusal::Ignore {
        object.set("x-refusal", "ignore");
    }
    object.extensions(&operation.extensions);
    object.build()
}

fn message(schemas: &SchemaWriter<'_>, message: &Message) -> Json<'static> {
    let mut object = Builder::default();
    object
        .text("name", &message.name)
        .text("title", &message.title)
        .text("summary", &message.summary)
        .text("description", &message.description)
        .text("contentType", &message.content_type);
    if let Some(path) = &message.correlation {
        let mut correlation = Builder::default();
        correlation.set("location", location(path));
        object.object("correlationId", correlation);
    }
    let examples = message.examples.iter().map(|example| {
        let mut written = Builder::default();
        written
            .text("name", &example.name)
            .text("summary", &example.summary)
            .maybe("headers", example.headers.as_ref().map(|value| value.0.clone()))
            .maybe("payload", example.payload.as_ref().map(|value| value.0.clone()));
        written.build()
    });
    object
        .set("payload", schemas.schema(message.payload))
        .maybe("headers", message.headers.map(|id| schemas.schema(id)))
        .list("tags", tags(&message.tags))
        .flag("deprecated", message.deprecated)
        .list("examples", examples.collect())
        .extensions(&message.extensions);
    object.build()
}
