//! Channels Object, Channel Item Object, Parameter Object (2.x).

use super::operation;
use crate::draft::{Draft, extensions, text};
use crate::extension;
use crate::model::{Channel, ChannelId, Direction, EndpointId, Parameter};
use crate::schema::Dialect;
use crate::tree::NodeRef;

pub(super) fn channels<'t>(draft: &mut Draft<'_, 't>, root: NodeRef<'t>) {
    for (key, node) in draft.reading.entries(root, "channels") {
        if let Some(node) = draft.reading.follow(node) {
            channel(draft, key.text, node, root);
        }
    }
}

fn channel<'t>(draft: &mut Draft<'_, 't>, address: &str, node: NodeRef<'t>, root: NodeRef<'t>) {
    let id = ChannelId(draft.channels.len());
    let mut parameters = Vec::new();
    for (name, parameter) in draft.reading.entries(node, "parameters") {
        if let Some(parameter_node) = draft.reading.follow(parameter) {
            parameters.push(self::parameter(draft, name.text, parameter_node));
        }
    }
    let (ws, bindings) = draft.channel_bindings(node);
    let channel = Channel {
        key: address.to_owned(),
        origin: draft.reading.origin(node),
        address: Some(address.to_owned()),
        endpoint: EndpointId(0),
        title: None,
        summary: None,
        description: text(node, "description"),
        servers: servers(draft, node),
        messages: Vec::new(),
        parameters,
        ws,
        bindings,
        deprecated: node.get("deprecated").and_then(NodeRef::as_bool).unwrap_or_default(),
        tags: Vec::new(),
        external_docs: None,
        extensions: extensions(node, &extension::ON_CHANNELS),
    };
    draft.channels.push(channel);
    draft.channel_nodes.push((id, node));
    for (key, direction) in [("publish", Direction::Receive), ("subscribe", Direction::Send)] {
        if let Some(node) = node.get(key).and_then(|node| draft.reading.follow(node)) {
            let direction = draft.perspective.of_server(direction);
            operation::operation(draft, id, direction, node, root);
        }
    }
}

/// `servers`: names of the root's servers.
fn servers<'t>(draft: &Draft<'_, 't>, channel: NodeRef<'t>) -> Vec<usize> {
    let mut servers = Vec::new();
    for item in channel.get("servers").into_iter().flat_map(NodeRef::items) {
        let name = item.as_str().unwrap_or_default();
        match draft.servers.iter().position(|server| server.key == name) {
            Some(at) => servers.push(at),
            None => {
                let known = draft.servers.iter().map(|server| server.key.as_str());
                draft.reading.report(crate::check::unknown_server(item, name, known));
            }
        }
    }
    servers
}

fn parameter<'t>(draft: &mut Draft<'_, 't>, name: &str, node: NodeRef<'t>) -> Parameter {
    let schema = match node.get("schema") {
        Some(schema) => draft.schemas.schema(schema, Dialect::AsyncApi),
        None => draft.any_schema(node),
    };
    let schema_node = node.get("schema").and_then(|node| draft.reading.follow(node));
    Parameter {
        name: name.to_owned(),
        origin: draft.reading.origin(node),
        description: text(node, "description"),
        schema,
        default: schema_node.and_then(|schema| text(schema, "default")),
        location: text(node, "location"),
    }
}
