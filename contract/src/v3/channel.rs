//! Channels Object, Channel Object, Parameter Object (3.x).

use crate::draft::{Draft, extensions, text, texts};
use crate::model::{Channel, ChannelId, EndpointId, Parameter};
use crate::schema::{Rule, Type, Types};
use crate::tree::NodeRef;

pub(super) fn channels<'t>(draft: &mut Draft<'_, 't>, root: NodeRef<'t>) {
    for (key, node) in draft.reading.entries(root, "channels") {
        if let Some(node) = draft.reading.follow(node) {
            channel(draft, key.text, node);
        }
    }
}

fn channel<'t>(draft: &mut Draft<'_, 't>, key: &str, node: NodeRef<'t>) {
    let id = ChannelId(draft.channels.len());
    let mut messages = Vec::new();
    for (key, message) in draft.reading.entries(node, "messages") {
        if let Some(message) = super::message::message(draft, key.text, message) {
            messages.push((key.text.to_owned(), message));
        }
    }
    let mut parameters = Vec::new();
    for (name, parameter) in draft.reading.entries(node, "parameters") {
        if let Some(parameter_node) = draft.reading.follow(parameter) {
            parameters.push(self::parameter(draft, name.text, parameter_node));
        }
    }
    let (ws, bindings) = draft.channel_bindings(node);
    let channel = Channel {
        key: key.to_owned(),
        origin: draft.reading.origin(node),
        address: text(node, "address"),
        endpoint: EndpointId(0),
        title: text(node, "title"),
        summary: text(node, "summary"),
        description: text(node, "description"),
        servers: servers(draft, node),
        messages,
        parameters,
        ws,
        bindings,
        deprecated: false,
        tags: draft.tags(node.get("tags")),
        external_docs: draft.external_docs(node.get("externalDocs")),
        extensions: extensions(node, &crate::extension::ON_CHANNELS),
    };
    draft.channels.push(channel);
    draft.channel_nodes.push((id, node));
}

/// `servers`: references to the root's servers. Their places are those in the draft, which lacks servers
/// that could not be read.
fn servers<'t>(draft: &Draft<'_, 't>, channel: NodeRef<'t>) -> Vec<usize> {
    let list = channel.get("servers").into_iter().flat_map(NodeRef::items);
    list.filter_map(|item| {
        let target = draft.reading.follow(item)?;
        draft.servers.iter().position(|server| server.origin.node == target.id())
    })
    .collect()
}

/// A parameter of 3.x is text; `enum`, `default` and `examples` stand beside it.
fn parameter<'t>(draft: &mut Draft<'_, 't>, name: &str, node: NodeRef<'t>) -> Parameter {
    let mut rules = vec![Rule::Type(Types::only(Type::String))];
    let values = texts(node, "enum");
    if !values.is_empty() {
        rules.push(Rule::Enum(values.into_iter().map(json::Json::from).collect()));
    }
    let origin = draft.reading.origin(node);
    Parameter {
        name: name.to_owned(),
        origin: origin.clone(),
        description: text(node, "description"),
        schema: draft.schemas.synthetic(origin, rules),
        default: text(node, "default"),
        location: text(node, "location"),
    }
}
