//! Servers Object, Server Object, Security Requirement Object (2.x).

use crate::draft::{Draft, extensions, text};
use crate::model::{SecurityId, Server};
use crate::tree::NodeRef;

pub(super) fn servers<'t>(draft: &mut Draft<'_, 't>, root: NodeRef<'t>) {
    for (key, node) in draft.reading.entries(root, "servers") {
        let Some(node) = draft.reading.follow(node) else { continue };
        let protocol = text(node, "protocol").unwrap_or_default();
        let url = text(node, "url").unwrap_or_default();
        let (host, pathname) = host_and_path(&url);
        let server = Server {
            key: key.text.to_owned(),
            origin: draft.reading.origin(node),
            protocol,
            protocol_version: text(node, "protocolVersion"),
            host,
            pathname,
            variables: draft.server_variables(node),
            title: None,
            summary: None,
            description: text(node, "description"),
            security: security(draft, node.get("security"), root),
            tags: draft.tags(node.get("tags")),
            extensions: extensions(node, &[]),
        };
        draft.servers.push(server);
    }
}

/// `scheme://host/path` or `host/path`; variables (`{…}`) may hold any part.
fn host_and_path(url: &str) -> (String, String) {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    match rest.find('/') {
        Some(at) => {
            let path = &rest[at..];
            (rest[..at].to_owned(), if path == "/" { String::new() } else { path.to_owned() })
        }
        None => (rest.to_owned(), String::new()),
    }
}

/// `security`: a list of objects whose keys name schemes under `components`.
pub(super) fn security<'t>(
    draft: &mut Draft<'_, 't>,
    list: Option<NodeRef<'t>>,
    root: NodeRef<'t>,
) -> Vec<SecurityId> {
    let components = draft.reading.get(root, "components");
    let schemes = components.and_then(|node| draft.reading.get(node, "securitySchemes"));
    let mut ids = Vec::new();
    for item in list.into_iter().flat_map(NodeRef::items) {
        for (name, _) in item.entries() {
            let scheme = schemes.and_then(|schemes| schemes.get(name.text));
            // The grammar has reported a name that is not there.
            if let Some(node) = scheme.and_then(|scheme| draft.reading.follow(scheme)) {
                ids.push(draft.security_scheme(name.text, node));
            }
        }
    }
    ids
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_host_and_path() {
        let split = |url| {
            let (host, path) = host_and_path(url);
            format!("{host}|{path}")
        };
        assert_eq!(split("wss://a.example:8080/v1"), "a.example:8080|/v1");
        assert_eq!(split("a.example"), "a.example|");
        assert_eq!(split("ws://{host}:{port}/{base}"), "{host}:{port}|/{base}");
        assert_eq!(split("https://a.example/"), "a.example|");
    }
}
