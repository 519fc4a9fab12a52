//! Places of the document that have a name, and the way from there to what is nested in them.
//!
//! In: the parts of a contract whose names are known: components, messages, channels. Out: a name for the
//! schema at any JSON pointer. Knows neither shapes nor which names are taken.

use std::collections::HashMap;

use super::words::Name;
use super::{Names, Parts};
use crate::model::MessageId;
use crate::wire::Framing;

/// Whose name gives way: the later one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Rank {
    /// `x-name`
    Pinned,
    /// A key under `components`, or of a file of schemas.
    Component,
    /// A message.
    Message,
    /// Something inside another.
    Nested,
}

/// Places of the document that have a name of their own, by JSON pointer.
pub(super) struct Anchors {
    by_pointer: HashMap<String, (Name, Rank)>,
    /// Titles and constants of alternatives, by JSON pointer.
    labels: HashMap<String, Name>,
}

impl Anchors {
    pub(super) fn new(parts: &Parts<'_>, names: &Names) -> Self {
        let mut by_pointer = HashMap::new();
        // Messages first: a component that a message's payload refers to keeps its own name.
        for (at, message) in parts.messages.iter().enumerate() {
            let name = &names.messages[at];
            let origin = |schema| parts.schemas.get(schema).origin.pointer.clone();
            let mut payload_of = |schema| {
                let pointer = origin(schema);
                if !is_key_of_a_file(&pointer) {
                    by_pointer.insert(pointer, (name.clone(), Rank::Message));
                }
            };
            payload_of(message.payload);
            if let Framing::Envelope(envelope) = parts.wire.framing(MessageId(at))
                && let Some((_, payload, _)) = envelope.payload()
            {
                payload_of(payload);
            }
            if let Some(headers) = message.headers {
                let name = name.then(&Name::new("headers"));
                by_pointer.insert(origin(headers), (name, Rank::Nested));
            }
        }
        for channel in parts.channels {
            let name = Name::new(&channel.key);
            let origin = |schema| parts.schemas.get(schema).origin.pointer.clone();
            for parameter in &channel.parameters {
                let name = name.then(&Name::new(&parameter.name));
                by_pointer.insert(origin(parameter.schema), (name, Rank::Nested));
            }
            for (what, schema) in
                channel.ws.iter().flat_map(|ws| [("query", ws.query), ("headers", ws.headers)])
            {
                if let Some(schema) = schema {
                    let name = name.then(&Name::new(what));
                    by_pointer.insert(origin(schema), (name, Rank::Nested));
                }
            }
        }
        for (key, schema) in parts.components {
            let pointer = &parts.schemas.get(*schema).origin.pointer;
            by_pointer.insert(pointer.clone(), (Name::new(key), Rank::Component));
        }
        let labels = parts
            .schemas
            .iter()
            .filter(|(_, schema)| is_alternative(&schema.origin.pointer))
            .filter_map(|(_, schema)| {
                let title = schema.about.title.as_deref()?;
                Some((schema.origin.pointer.clone(), Name::new(title)))
            })
            .collect();
        Self { by_pointer, labels }
    }

    /// The name of the schema at a pointer: that of the nearest named place above it, and the way from
    /// there. With the rank if the place itself is named.
    pub(super) fn name(&self, pointer: &str) -> (Name, Option<Rank>) {
        if let Some((name, rank)) = self.by_pointer.get(pointer) {
            return (name.clone(), Some(*rank));
        }
        let mut above = pointer;
        let mut base = None;
        while let Some(end) = above.rfind('/') {
            above = &above[..end];
            if let Some((name, _)) = self.by_pointer.get(above) {
                base = Some(name.clone());
                break;
            }
        }
        let segments: Vec<&str> = if base.is_some() {
            pointer[above.len()..].split('/').skip(1).collect()
        } else {
            pointer.split_once('#').map_or(pointer, |pair| pair.1).split('/').skip(1).collect()
        };
        let mut name = base.clone();
        let mut at = 0;
        let mut walked = above.to_owned();
        if base.is_none() {
            walked = pointer.split_once('#').map_or(String::new(), |pair| format!("{}#", pair.0));
        }
        while at < segments.len() {
            let (taken, word) = self.step(&segments[at..], &walked);
            for segment in &segments[at..at + taken] {
                walked = format!("{walked}/{segment}");
            }
            at += taken;
            let is_definition = matches!(segments[at - taken], "definitions" | "$defs");
            name = match (name, word) {
                (_, Some(word)) if is_definition => Some(word),
                (Some(name), Some(word)) if word.starts_with(&name) => Some(word),
                (Some(name), Some(word)) => Some(name.then(&word)),
                (None, Some(word)) => Some(word),
                (name, None) => name,
            };
        }
        // A key of a file of schemas, or of its `definitions`, is as good as one under `components`.
        let file_key = base.is_none() && segments.len() <= 2;
        (name.unwrap_or_else(|| Name::new("root")), file_key.then_some(Rank::Component))
    }

    /// How many segments a step has, and the word that it adds.
    fn step(&self, segments: &[&str], walked: &str) -> (usize, Option<Name>) {
        let unescape = |segment: &str| segment.replace("~1", "/").replace("~0", "~");
        let second = segments.get(1).copied();
        match (segments[0], second) {
            (
                "properties" | "definitions" | "$defs" | "schemas" | "messages" | "channels",
                Some(key),
            ) => (2, Some(Name::new(&unescape(key)))),
            ("components" | "payload" | "schema" | "message", _) => (1, None),
            ("items", Some(position)) if position.parse::<usize>().is_ok() => {
                (2, Some(Name::new(&format!("item {position}"))))
            }
            ("items", _) => (1, Some(Name::new("item"))),
            ("additionalProperties" | "additionalItems", _) => (1, Some(Name::new("value"))),
            ("patternProperties", Some(_)) => (2, Some(Name::new("value"))),
            ("oneOf" | "anyOf" | "allOf", Some(position)) => {
                let here = format!("{walked}/{}/{position}", segments[0]);
                let label = self.labels.get(&here).cloned();
                let number = position.parse::<usize>().map_or(0, |at| at + 1);
                let word = if segments[0] == "allOf" { "part" } else { "option" };
                (2, Some(label.unwrap_or_else(|| Name::new(&format!("{word} {number}")))))
            }
            (key, _) => (1, Some(Name::new(&unescape(key)))),
        }
    }
}

/// Whether a pointer leads to a schema that another file has under a key: it has that name, whichever
/// message it is the payload of.
fn is_key_of_a_file(pointer: &str) -> bool {
    let Some((file, path)) = pointer.split_once('#') else { return false };
    let path = path.trim_start_matches('/');
    let path = path.strip_prefix("components/").unwrap_or(path);
    let key = ["definitions/", "$defs/", "schemas/"]
        .iter()
        .find_map(|holder| path.strip_prefix(holder))
        .unwrap_or(path);
    !file.is_empty()
        && !key.is_empty()
        && !key.contains('/')
        && !matches!(key, "payload" | "headers")
}

fn is_alternative(pointer: &str) -> bool {
    let mut segments = pointer.rsplit('/');
    segments.next().is_some_and(|last| last.parse::<usize>().is_ok())
        && segments.next().is_some_and(|holder| matches!(holder, "oneOf" | "anyOf" | "allOf"))
}
