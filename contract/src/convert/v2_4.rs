//! The contract as AsyncAPI 2.4.0, in the shape that FastWS emits.
//!
//! One channel `/`; `publish` (what a client sends) has the operation id `sendMessage`, `subscribe` (what
//! it gets) `processMessage`; messages are keyed by their name on the wire and sorted by it; a request
//! names its reply under `x-response`.

use super::schema::SchemaWriter;
use super::{Builder, info, location, reference, tags, wire_name};
use crate::model::{Contract, Direction, MessageId};
use json::Json;

/// The contract as AsyncAPI 2.4.0.
pub fn to_2_4(contract: &Contract) -> Json<'static> {
    let schemas = SchemaWriter::new(contract);
    let mut root = Builder::default();
    root.set("asyncapi", "2.4.0").text("id", &contract.id).set("info", info(&contract.info));

    let received = messages(contract, Direction::Receive);
    let sent = messages(contract, Direction::Send);
    let mut channel = Builder::default();
    channel.object(
        "subscribe",
        operation(
            contract,
            "processMessage",
            "The API user can receive a given message from the server.",
            &sent,
        ),
    );
    channel.object(
        "publish",
        operation(
            contract,
            "sendMessage",
            "The API user can send a given message to the server.",
            &received,
        ),
    );
    let mut channels = Builder::default();
    channels.set("/", channel.build());
    root.set("channels", channels.build());

    let mut components = Builder::default();
    components.object("schemas", schemas.components());
    let mut all: Vec<MessageId> = received.into_iter().chain(sent).collect();
    all.sort_by_key(|id| wire_name(contract, *id));
    let mut written = Builder::default();
    for id in all {
        written.set(&wire_name(contract, id), message(contract, &schemas, id));
    }
    components.object("messages", written);
    root.object("components", components)
        .text("defaultContentType", &contract.default_content_type);
    root.build()
}

/// The messages of a direction, by name.
fn messages(contract: &Contract, direction: Direction) -> Vec<MessageId> {
    let mut messages: Vec<MessageId> = contract
        .endpoint_ids()
        .flat_map(|id| contract.wire.dispatch(id, direction).messages())
        .collect();
    messages.sort_by_key(|id| wire_name(contract, *id));
    messages.dedup();
    messages
}

fn operation(contract: &Contract, id: &str, summary: &str, messages: &[MessageId]) -> Builder {
    let mut operation = Builder::default();
    if messages.is_empty() {
        return operation;
    }
    let alternatives = messages.iter().map(|id| message_reference(contract, *id)).collect();
    let mut message = Builder::default();
    message.list("oneOf", alternatives);
    operation.set("operationId", id.to_owned()).set("summary", summary.to_owned());
    operation.set("message", message.build());
    operation
}

fn message_reference(contract: &Contract, id: MessageId) -> Json<'static> {
    let name = wire_name(contract, id);
    reference(&format!("#/components/messages/{}", crate::tree::escape_segment(&name)))
}

fn message(contract: &Contract, schemas: &SchemaWriter<'_>, id: MessageId) -> Json<'static> {
    let message = contract.message(id);
    let mut object = Builder::default();
    object
        .set("messageId", wire_name(contract, id))
        .set("name", message.key.clone())
        .text("title", &message.title)
        .text("summary", &message.summary)
        .text("description", &message.description)
        .text("contentType", &message.content_type)
        .set("payload", schemas.schema(message.payload));
    if let Some(path) = &message.correlation {
        let mut correlation = Builder::default();
        correlation.set("location", location(path));
        object.object("correlationId", correlation);
    }
    let reply = contract
        .operations
        .iter()
        .filter(|operation| operation.messages.contains(&id))
        .find_map(|operation| operation.reply.as_ref());
    match reply.map(|reply| &reply.messages[..]) {
        None | Some([]) => {}
        Some([only]) => {
            object.set("x-response", message_reference(contract, *only));
        }
        Some(several) => {
            let mut choice = Builder::default();
            let each = several.iter().map(|id| message_reference(contract, *id));
            choice.list("oneOf", each.collect());
            object.set("x-response", choice.build());
        }
    }
    let examples = message.examples.iter().map(|example| {
        let mut object = Builder::default();
        object
            .text("name", &example.name)
            .text("summary", &example.summary)
            .maybe("headers", example.headers.as_ref().map(|value| value.0.clone()))
            .maybe("payload", example.payload.as_ref().map(|value| value.0.clone()));
        object.build()
    });
    object
        .list("tags", tags(&message.tags))
        .flag("deprecated", message.deprecated)
        .list("examples", examples.collect())
        .extensions(&message.extensions);
    object.build()
}
