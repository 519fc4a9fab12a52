//! Message Object, Message Trait Object, Multi Format Schema Object (3.x).

use crate::draft::{Draft, Layers, correlation, examples, lenient_correlation};
use crate::model::{Message, MessageId};
use crate::schema::SchemaId;
use crate::tree::{NodeRef, Segment};

/// The message at a node, read once; `key` names it where its own place does not.
pub(super) fn message<'t>(
    draft: &mut Draft<'_, 't>,
    key: &str,
    node: NodeRef<'t>,
) -> Option<MessageId> {
    let node = draft.reading.follow(node)?;
    if let Some(known) = draft.known_message(node) {
        return Some(known);
    }
    let layers = Layers::own_first(draft.reading, node);
    let payload = match node.get("payload") {
        Some(payload) => any_schema(draft, payload),
        None => draft.any_schema(node),
    };
    let headers = layers.get("headers").map(|headers| any_schema(draft, headers));
    let own_key = match node.segment() {
        Some(Segment::Key(own)) => own.text,
        _ => key,
    };
    let message = Message {
        key: own_key.to_owned(),
        origin: draft.reading.origin(node),
        name: layers.text("name"),
        title: layers.text("title"),
        summary: layers.text("summary"),
        description: layers.text("description"),
        content_type: layers.text("contentType").or(draft.default_content_type.clone()),
        payload,
        headers,
        correlation: correlation(draft.reading, layers.get("correlationId")),
        lenient_correlation: lenient_correlation(draft.reading, layers.get("correlationId")),
        examples: examples(draft.reading, layers.get("examples")),
        bindings: draft.bindings(&layers),
        deprecated: layers.flag("deprecated"),
        tags: draft.tags(layers.get("tags")),
        external_docs: draft.external_docs(layers.get("externalDocs")),
        extensions: layers.extensions(&[]),
    };
    Some(draft.add_message(node, message))
}

/// A schema, or a Multi Format Schema Object that says in which language its schema is written.
pub(crate) fn any_schema<'t>(draft: &mut Draft<'_, 't>, node: NodeRef<'t>) -> SchemaId {
    let Some(target) = draft.reading.follow(node) else { return draft.any_schema(node) };
    match target.get("schema") {
        Some(schema) => draft.schema_in(schema, target.get("schemaFormat")),
        None => draft.schema_in(node, None),
    }
}
