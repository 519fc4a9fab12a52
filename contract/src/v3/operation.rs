//! Operations Object, Operation Object, Operation Reply Object (3.x).

use super::server::security;
use crate::draft::{Draft, Layers, written_value};
use crate::extension;
use crate::model::{ChannelId, Direction, MessageId, Operation, Reply};
use crate::reading::is_reference;
use crate::tree::NodeRef;

pub(super) fn operations<'t>(draft: &mut Draft<'_, 't>, root: NodeRef<'t>) {
    for (key, node) in draft.reading.entries(root, "operations") {
        if let Some(node) = draft.reading.follow(node) {
            operation(draft, key.text, node);
        }
    }
}

fn operation<'t>(draft: &mut Draft<'_, 't>, key: &str, node: NodeRef<'t>) {
    let direction = match node.get("action").and_then(NodeRef::as_str) {
        Some("receive") => Direction::Receive,
        Some("send") => Direction::Send,
        _ => return,
    };
    let direction = draft.perspective.of_server(direction);
    // The grammar has reported an operation without a channel.
    let Some(channel) = node.get("channel").and_then(|channel| self::channel(draft, channel))
    else {
        return;
    };
    let layers = Layers::own_first(draft.reading, node);
    let messages = messages(draft, node, Some(channel));
    let reply = layers.get("reply").and_then(|reply| self::reply(draft, reply, channel));
    let security = security(draft, layers.get("security"));
    let operation = Operation {
        key: key.to_owned(),
        origin: draft.reading.origin(node),
        direction,
        channel,
        messages,
        reply,
        title: layers.text("title"),
        summary: layers.text("summary"),
        description: layers.text("description"),
        security,
        error_reply: written_value(layers.get("x-error-reply")),
        refusal: extension::refusal(draft.reading, layers.get("x-refusal")),
        bindings: draft.bindings(&layers),
        deprecated: layers.flag("x-deprecated"),
        tags: draft.tags(layers.get("tags")),
        external_docs: draft.external_docs(layers.get("externalDocs")),
        extensions: layers.extensions(&extension::ON_OPERATIONS),
    };
    draft.operations.push(operation);
}

/// The channel that a reference leads to.
fn channel<'t>(draft: &Draft<'_, 't>, reference: NodeRef<'t>) -> Option<ChannelId> {
    let target = draft.reading.follow(reference)?;
    let known = draft.channel_nodes.iter().find(|(_, node)| *node == target);
    // The grammar has reported what is no reference at all.
    if known.is_none() && is_reference(reference) {
        draft.reading.report(crate::check::not_a_channel(reference));
    }
    known.map(|(id, _)| *id)
}

/// The listed messages, or all of the channel's where none is listed.
fn messages<'t>(
    draft: &mut Draft<'_, 't>,
    node: NodeRef<'t>,
    channel: Option<ChannelId>,
) -> Vec<MessageId> {
    let Some(list) = node.get("messages") else {
        let all = channel.map(|channel| &draft.channels[channel.index()].messages);
        return all.into_iter().flatten().map(|(_, message)| *message).collect();
    };
    let mut messages = Vec::new();
    for item in list.items() {
        // The grammar has reported what is not a message of the channel.
        messages.extend(super::message::message(draft, "message", item));
    }
    messages
}

fn reply<'t>(draft: &mut Draft<'_, 't>, node: NodeRef<'t>, own: ChannelId) -> Option<Reply> {
    let node = draft.reading.follow(node)?;
    let channel = node.get("channel").and_then(|channel| self::channel(draft, channel));
    let messages = messages(draft, node, channel);
    let origin = draft.reading.origin(node);
    Some(Reply { origin, messages, errors: Vec::new(), channel: channel.or(Some(own)) })
}
