//! Components Object (2.x): what no channel names gives types all the same.

use super::message::messages;
use crate::draft::Draft;
use crate::schema::Dialect;
use crate::tree::NodeRef;

pub(super) fn components<'t>(draft: &mut Draft<'_, 't>, root: NodeRef<'t>) {
    let Some(components) = draft.reading.get(root, "components") else { return };
    let reading = draft.reading;
    let entries = |section| reading.entries(components, section);
    for (key, node) in entries("schemas") {
        let schema = draft.schemas.schema(node, Dialect::AsyncApi);
        draft.components.push((key.text.to_owned(), schema));
    }
    for (key, node) in entries("messages") {
        messages(draft, key.text, node);
    }
    for (key, node) in entries("securitySchemes") {
        if let Some(node) = draft.reading.follow(node) {
            draft.security_scheme(key.text, node);
        }
    }
}
