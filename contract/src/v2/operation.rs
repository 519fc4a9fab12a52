//! Operation Object, Operation Trait Object (2.x).
//!
//! 2.x has one `publish` and one `subscribe` a channel, with all messages of the direction in a
//! `oneOf`. Where `publish` has several messages, each becomes an operation of its own, so that each
//! has a handler and a reply of its own.

use super::message::{messages, response};
use super::server::security;
use crate::draft::{Draft, Layers, written_value};
use crate::extension;
use crate::model::{ChannelId, Direction, MessageId, Operation, Reply};
use crate::tree::NodeRef;

pub(super) fn operation<'t>(
    draft: &mut Draft<'_, 't>,
    channel: ChannelId,
    direction: Direction,
    node: NodeRef<'t>,
    root: NodeRef<'t>,
) {
    let layers = Layers::traits_first(draft.reading, node);
    let key = layers.text("operationId").unwrap_or_else(|| default_key(draft, channel, direction));
    let found = match node.get("message") {
        Some(message) => messages(draft, &key, message),
        None => Vec::new(),
    };
    let known: Vec<(String, MessageId)> =
        found.iter().map(|(_, id)| (draft.messages[id.index()].key.clone(), *id)).collect();
    let of_channel = &mut draft.channels[channel.index()].messages;
    for message in known {
        if !of_channel.contains(&message) {
            of_channel.push(message);
        }
    }
    let written = Written { channel, direction, node, layers, root };
    let common = response(draft, node);
    if direction == Direction::Receive && found.len() > 1 {
        for (message_node, message) in found {
            let answers = response(draft, message_node).or_else(|| common.clone());
            let key = draft.messages[message.index()].key.clone();
            push(draft, &written, key, vec![message], answers);
        }
    } else {
        let own = found.first().and_then(|(message_node, _)| response(draft, *message_node));
        let messages = found.into_iter().map(|(_, message)| message).collect();
        push(draft, &written, key, messages, own.or(common));
    }
}

/// An operation as it was written; several of the model may come from one.
struct Written<'t> {
    channel: ChannelId,
    direction: Direction,
    node: NodeRef<'t>,
    layers: Layers<'t>,
    root: NodeRef<'t>,
}

fn push<'t>(
    draft: &mut Draft<'_, 't>,
    written: &Written<'t>,
    key: String,
    messages: Vec<MessageId>,
    answers: Option<Vec<MessageId>>,
) {
    let &Written { channel, direction, node, ref layers, root } = written;
    let origin = draft.reading.origin(node);
    let security = security(draft, layers.get("security"), root);
    let reply = answers.filter(|_| direction == Direction::Receive).map(|messages| Reply {
        origin: origin.clone(),
        messages,
        errors: Vec::new(),
        channel: Some(channel),
    });
    draft.operations.push(Operation {
        key,
        origin,
        direction,
        channel,
        messages,
        reply,
        title: None,
        summary: layers.text("summary"),
        description: layers.text("description"),
        security,
        error_reply: written_value(layers.get("x-error-reply")),
        refusal: extension::refusal(draft.reading, layers.get("x-refusal")),
        bindings: draft.bindings(layers),
        deprecated: layers.flag("x-deprecated"),
        tags: draft.tags(layers.get("tags")),
        external_docs: draft.external_docs(layers.get("externalDocs")),
        extensions: layers.extensions(&extension::ON_OPERATIONS),
    });
}

/// What an operation without `operationId` is called: what it does, and where.
fn default_key(draft: &Draft<'_, '_>, channel: ChannelId, direction: Direction) -> String {
    let verb = match draft.perspective.of_server(direction) {
        Direction::Receive => "publish",
        Direction::Send => "subscribe",
    };
    format!("{verb} {}", draft.channels[channel.index()].key)
}
