//! Servers Object, Server Object (3.x).

use crate::draft::{Draft, extensions, text};
use crate::model::Server;
use crate::tree::NodeRef;

pub(super) fn servers<'t>(draft: &mut Draft<'_, 't>, root: NodeRef<'t>) {
    for (key, node) in draft.reading.entries(root, "servers") {
        let Some(node) = draft.reading.follow(node) else { continue };
        let security = security(draft, node.get("security"));
        let server = Server {
            key: key.text.to_owned(),
            origin: draft.reading.origin(node),
            protocol: text(node, "protocol").unwrap_or_default(),
            protocol_version: text(node, "protocolVersion"),
            host: text(node, "host").unwrap_or_default(),
            pathname: text(node, "pathname").unwrap_or_default(),
            variables: draft.server_variables(node),
            title: text(node, "title"),
            summary: text(node, "summary"),
            description: text(node, "description"),
            security,
            tags: draft.tags(node.get("tags")),
            extensions: extensions(node, &[]),
        };
        draft.servers.push(server);
    }
}

/// `security`: a list of schemes, each by reference or in place.
pub(super) fn security<'t>(
    draft: &mut Draft<'_, 't>,
    list: Option<NodeRef<'t>>,
) -> Vec<crate::model::SecurityId> {
    let mut schemes = Vec::new();
    for item in list.into_iter().flat_map(NodeRef::items) {
        if let Some(node) = draft.reading.follow(item) {
            let key = match node.segment() {
                Some(crate::tree::Segment::Key(key)) => key.text,
                _ => "security",
            };
            schemes.push(draft.security_scheme(key, node));
        }
    }
    schemes
}
