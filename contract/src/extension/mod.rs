//! Our extensions: `x-topics` (and the community's `x-topic`), `x-close-codes`, `x-subprotocols`,
//! `x-notices`, `x-batched`, `x-error-reply`, `x-refusal`. They are the same in every version of AsyncAPI.
//!
//! A slip in one of them is an error, although AsyncAPI lets extensions be anything: what these say is
//! generated, so it is either understood or refused.

mod batched;
mod close_codes;
mod delivery;
mod notices;
mod subprotocols;
#[cfg(test)]
mod tests;
pub(crate) mod topics;

use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::draft::Draft;
use crate::model::{Endpoint, Refusal};
use crate::nearest::nearest;
use crate::reading::{Reading, written};
use crate::tree::{Kind, NodeRef};

/// The extensions of a channel that mean something here.
pub(crate) const ON_CHANNELS: [&str; 6] =
    ["x-topics", "x-topic", "x-close-codes", "x-subprotocols", "x-notices", "x-batched"];

/// The extensions of an operation that mean something here.
pub(crate) const ON_OPERATIONS: [&str; 3] = ["x-error-reply", "x-refusal", "x-deprecated"];

/// The rules about our extensions.
pub(crate) const RULES: &[&Rule] = &[
    &INVALID,
    &topics::UNKNOWN_PARAMETER,
    &topics::UNUSED_PARAMETER,
    &topics::UNKNOWN_MESSAGE,
    &topics::UNKNOWN_OPERATION,
];

/// An extension of ours is not what it must be.
pub(crate) static INVALID: Rule = Rule {
    id: "extension/invalid",
    severity: Severity::Error,
    page: "\
One of the extensions that code is generated from has a value of the wrong kind, a key that does
not exist, or lacks one that it needs. The extensions and their keys:

- `x-topics` on a channel: a map from topic family to `name`, `description`, `parameters`, `message`
  or `messages`, `topic`, `subscribe`, `unsubscribe`, `reply` (`subscribe`, `unsubscribe`,
  `refused`), and for delivery `overflow` (`close`, `drop-oldest`, `conflate`), `key`, `keep`,
  `last`, `since`, `interval` (`location`, `minimum`, `default`, in milliseconds);
- `x-close-codes` on a channel: a map from situation to `code`, `reason`, `then`;
- `x-subprotocols` on a channel: a list of `name`, `codec`, `closes`;
- `x-notices` on a channel: `dropped`, `revoked`, `violation`, each the key of a message, or
  `message` and what its `payload` is;
- `x-batched` on a channel: `[send]`, or `[receive]` where the document is written from a client's
  view: what the server sends may come several messages in one frame, as an array;
- `x-error-reply` on an operation: what a refusal puts into the reply's payload;
- `x-refusal` on an operation: `close` or `ignore`.

Wrong:

```yaml
channels:
  ticks:
    address: /ticks
    x-close-codes:
      heartbeat: { code: 40000, reason: heartbeat missed, then: retry }
```

Right:

```yaml
channels:
  ticks:
    address: /ticks
    x-close-codes:
      heartbeat: { code: 4000, reason: heartbeat missed, then: retry }
```
",
};

/// Reads the extensions of an endpoint's channels into it.
pub(crate) fn endpoint(draft: &mut Draft<'_, '_>, endpoint: &mut Endpoint) {
    let nodes: Vec<_> = draft
        .channel_nodes
        .iter()
        .filter(|(id, _)| endpoint.channels.contains(id))
        .copied()
        .collect();
    for (channel, node) in nodes {
        if let Some(list) = node.get("x-subprotocols") {
            endpoint.subprotocols = subprotocols::read(draft.reading, list);
        }
        if let Some(table) = node.get("x-close-codes") {
            endpoint.close_codes = close_codes::read(draft.reading, table);
        }
        if let Some(table) = node.get("x-notices") {
            endpoint.notices = notices::read(draft, channel, table);
        }
        if let Some(list) = node.get("x-batched") {
            endpoint.batched = batched::read(draft.reading, list, draft.perspective);
        }
        let ws = &draft.channels[channel.index()].ws;
        if let Some(ws) = ws.as_ref().filter(|_| endpoint.subprotocols.is_empty()) {
            endpoint.subprotocols = subprotocols::of_binding(ws);
        }
    }
}

/// `x-refusal`
pub(crate) fn refusal<'t>(reading: &Reading<'t>, node: Option<NodeRef<'t>>) -> Refusal {
    let Some(node) = node else { return Refusal::default() };
    match one_of(reading, node, "x-refusal", &["close", "ignore"]) {
        Some("ignore") => Refusal::Ignore,
        _ => Refusal::Close,
    }
}

/// Reports keys that an object of an extension must not have; `false` if the node is no object.
fn keys<'t>(reading: &Reading<'t>, node: NodeRef<'t>, what: &str, known: &[&str]) -> bool {
    if node.kind() != Kind::Map {
        wrong(reading, node, what, "an object");
        return false;
    }
    for (key, _) in node.entries() {
        if !known.contains(&key.text) && !key.text.starts_with("x-") {
            let list = known.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ");
            let mut finding =
                Diagnostic::new(&INVALID, key.span, format!("{what} has no key `{}`", key.text))
                    .label(format!("keys are {list}"));
            if let Some(near) = nearest(key.text, known.iter().copied()) {
                finding = finding.help(format!("write `{near}`"));
            }
            reading.report(finding);
        }
    }
    true
}

/// A value that must be one of several words.
fn one_of<'t>(
    reading: &Reading<'t>,
    node: NodeRef<'t>,
    what: &str,
    words: &[&'static str],
) -> Option<&'static str> {
    let word = written(node);
    let found = words.iter().copied().find(|known| *known == word);
    if found.is_none() {
        let list = words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
        let mut finding =
            Diagnostic::new(&INVALID, node.span(), format!("`{word}` is no value of {what}"))
                .label(format!("values are {list}"));
        if let Some(near) = nearest(&word, words.iter().copied()) {
            finding = finding.help(format!("write `{near}`"));
        }
        reading.report(finding);
    }
    found
}

/// The text under a key that must be there.
fn required_text<'t>(
    reading: &Reading<'t>,
    node: NodeRef<'t>,
    what: &str,
    key: &str,
) -> Option<String> {
    let Some(value) = node.get(key) else {
        missing(reading, node, what, key);
        return None;
    };
    let text = value.as_str().map(str::to_owned);
    if text.is_none() {
        wrong(reading, value, &format!("`{key}` of {what}"), "text");
    }
    text
}

fn missing<'t>(reading: &Reading<'t>, node: NodeRef<'t>, what: &str, key: &str) {
    reading.find(&INVALID, node.span().at_start(), format!("{what} needs `{key}`"));
}

fn wrong<'t>(reading: &Reading<'t>, node: NodeRef<'t>, what: &str, expected: &str) {
    reading.report(
        Diagnostic::new(&INVALID, node.span(), format!("{what} must be {expected}"))
            .label(format!("this is {}", node.kind().article())),
    );
}
