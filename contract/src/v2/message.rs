//! Message Object, Message Trait Object (2.x), with `x-response` as FastWS writes it.

use crate::draft::{Draft, Layers, correlation, examples, lenient_correlation, text};
use crate::model::{Message, MessageId};
use crate::schema::SchemaId;
use crate::tree::{NodeRef, Segment};

/// The messages of an operation: one, or those of `oneOf`. `fallback` names a message that has no name.
pub(super) fn messages<'t>(
    draft: &mut Draft<'_, 't>,
    fallback: &str,
    node: NodeRef<'t>,
) -> Vec<(NodeRef<'t>, MessageId)> {
    let Some(node) = draft.reading.follow(node) else { return Vec::new() };
    let Some(alternatives) = node.get("oneOf") else {
        return vec![(node, message(draft, fallback, node))];
    };
    let mut messages = Vec::new();
    for (at, alternative) in alternatives.items().enumerate() {
        // A `oneOf` inside a `oneOf` is legal, and means the same.
        messages.extend(self::messages(draft, &format!("{fallback}{}", at + 1), alternative));
    }
    messages
}

/// The message at a node, read once.
pub(super) fn message<'t>(
    draft: &mut Draft<'_, 't>,
    fallback: &str,
    node: NodeRef<'t>,
) -> MessageId {
    if let Some(known) = draft.known_message(node) {
        return known;
    }
    let layers = Layers::traits_first(draft.reading, node);
    let payload = payload(draft, node).unwrap_or_else(|| draft.any_schema(node));
    let headers = layers.get("headers").map(|headers| draft.schema_in(headers, None));
    let message = Message {
        key: key(&layers, node, fallback),
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
        extensions: layers.extensions(&["x-response"]),
    };
    draft.add_message(node, message)
}

/// The schema of a message's payload, in the language that the message or a trait of it names.
pub(crate) fn payload<'t>(draft: &mut Draft<'_, 't>, message: NodeRef<'t>) -> Option<SchemaId> {
    let layers = Layers::traits_first(draft.reading, message);
    Some(draft.schema_in(message.get("payload")?, layers.get("schemaFormat")))
}

/// The message that answers this one: `x-response`.
pub(super) fn response<'t>(draft: &mut Draft<'_, 't>, node: NodeRef<'t>) -> Option<Vec<MessageId>> {
    let response = node.get("x-response")?;
    let fallback = format!("{}Response", text(node, "name").unwrap_or_default());
    Some(messages(draft, &fallback, response).into_iter().map(|(_, message)| message).collect())
}

/// A message under `components` is called by its key, another by `messageId` or `name`.
fn key<'t>(layers: &Layers<'t>, node: NodeRef<'t>, fallback: &str) -> String {
    let holder = node.parent().and_then(NodeRef::segment);
    match (holder, node.segment()) {
        (Some(Segment::Key(holder)), Some(Segment::Key(own))) if holder.text == "messages" => {
            own.text.to_owned()
        }
        _ => {
            let named = layers.text("messageId").or_else(|| layers.text("name"));
            named.unwrap_or_else(|| fallback.to_owned())
        }
    }
}
