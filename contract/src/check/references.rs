//! Names and references that lead to something of the wrong kind.

use crate::diagnostic::{Diagnostic, Rule, Severity, shortened};
use crate::nearest::nearest;
use crate::tree::{Key, NodeRef};

/// A name or a reference leads to nothing, or to something of the wrong kind.
pub(crate) static WRONG_TARGET: Rule = Rule {
    id: "reference/wrong-target",
    severity: Severity::Error,
    page: "\
A reference leads to something, but not to what belongs here: an operation's `channel` refers to one
of the document's `channels`, its `messages` to messages of that channel, a 2.x channel's `servers`
are keys of `servers`, the keys of a security requirement are keys of `components.securitySchemes`.

Wrong:

```yaml
channels:
  ticks: { address: /ticks, messages: { tick: { payload: { type: number } } } }
operations:
  tick: { action: send, channel: { $ref: '#/channels/ticks/messages/tick' } }
```

Right:

```yaml
channels:
  ticks: { address: /ticks, messages: { tick: { payload: { type: number } } } }
operations:
  tick: { action: send, channel: { $ref: '#/channels/ticks' } }
```
",
};

/// A schema is written in a language that is not read.
pub(crate) static FOREIGN_SCHEMA: Rule = Rule {
    id: "schema/foreign",
    severity: Severity::Warning,
    page: "\
A schema is written in a language that is not read (Avro, RAML, Protocol Buffers, XML Schema). Its
values are any JSON value in generated code, and nothing checks them. Read are AsyncAPI's own
schemas, JSON Schema and OpenAPI's.

Wrong:

```yaml
components:
  schemas:
    Tick:
      schemaFormat: application/vnd.apache.avro;version=1.9.0
      schema: { type: record, name: Tick, fields: [{ name: price, type: double }] }
```

Right:

```yaml
components:
  schemas:
    Tick: { type: object, required: [price], properties: { price: { type: number } } }
```
",
};

pub(crate) fn foreign_schema(place: NodeRef<'_>, media_type: &str, language: &str) -> Diagnostic {
    Diagnostic::new(
        &FOREIGN_SCHEMA,
        place.span(),
        format!("`{media_type}` names {language}, which is not read"),
    )
    .label("its values are any JSON value in generated code")
    .help("write the schema in AsyncAPI's own language, or leave it at that")
}

pub(crate) fn not_a_channel(reference: NodeRef<'_>) -> Diagnostic {
    Diagnostic::new(
        &WRONG_TARGET,
        reference.span(),
        "this does not refer to a channel of the document",
    )
    .help("write `$ref: '#/channels/…'`")
}

pub(crate) fn not_a_server(reference: NodeRef<'_>) -> Diagnostic {
    Diagnostic::new(
        &WRONG_TARGET,
        reference.span(),
        "this does not refer to a server of the document",
    )
    .help("list it under `servers` of the document and write `$ref: '#/servers/…'`")
}

pub(crate) fn not_a_message_of_channel(reference: NodeRef<'_>) -> Diagnostic {
    Diagnostic::new(
        &WRONG_TARGET,
        reference.span(),
        "this does not refer to a message of the operation's channel",
    )
    .help("list the message under `messages` of the channel and write `$ref: '#/channels/…/messages/…'`")
}

/// A reference leads to `is`, where `wanted` belongs.
pub(crate) fn refers_to_other(reference: NodeRef<'_>, is: &str, wanted: &str) -> Diagnostic {
    let place = reference.get("$ref").unwrap_or(reference);
    let text = place.as_str().unwrap_or_default();
    let message = format!("`{}` is {is}; here {wanted} belongs", shortened(text));
    Diagnostic::new(&WRONG_TARGET, place.span(), message)
}

pub(crate) fn unknown_security_scheme(name: Key<'_>, schemes: Option<NodeRef<'_>>) -> Diagnostic {
    let known = schemes.into_iter().flat_map(NodeRef::entries).map(|(key, _)| key.text);
    unknown(name.text, name.span, "security scheme", "components.securitySchemes", known)
}

pub(crate) fn unknown_server<'k>(
    place: NodeRef<'_>,
    name: &str,
    known: impl Iterator<Item = &'k str>,
) -> Diagnostic {
    unknown(name, place.span(), "server", "servers", known)
}

fn unknown<'k>(
    name: &str,
    place: crate::source::Span,
    what: &str,
    section: &str,
    known: impl Iterator<Item = &'k str>,
) -> Diagnostic {
    let known: Vec<&str> = known.collect();
    let label = match &known[..] {
        [] => format!("`{section}` is empty"),
        known => {
            let list = known.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ");
            format!("`{section}` has {list}")
        }
    };
    let mut finding =
        Diagnostic::new(&WRONG_TARGET, place, format!("there is no {what} `{name}`")).label(label);
    if let Some(near) = nearest(name, known) {
        finding = finding.help(format!("write `{near}`"));
    }
    finding
}
