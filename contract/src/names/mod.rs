//! Names of everything that generated code names, decided once for all languages.
//!
//! A type is called by its key under `components`, a message's payload by the message's key, and what is
//! nested in them by the path that leads there: `params` of `BarsSubscriptionRequest` is
//! `BarsSubscriptionRequestParams`. `x-name` pins a name. A name that is taken, or that the prelude of a
//! language has, gets what it is for a suffix (`OptionSchema`, `BarMessage`), then four digits made
//! from its JSON pointer; of a key under `components` and a nested type the nested one gives way.
//! Nothing depends on order or count, so that something added renames only what it clashes with.

mod anchors;
mod reserved;
mod scope;
#[cfg(test)]
mod tests;
mod types;
mod words;

use std::collections::{HashMap, HashSet};

pub use scope::{scope, suffix};
pub use words::Name;

use json::Json;

use crate::model::{
    Channel, Endpoint, EndpointId, Message, MessageId, Operation, OperationId, Topic, TopicId,
};
use crate::reading::Reading;
use crate::schema::{SchemaId, Schemas, ShapeId, Shapes};
use crate::wire::Wire;

/// The rules about names.
pub(crate) const RULES: &[&crate::Rule] = &[&types::CLASH];

/// The names of a contract's parts.
#[derive(Clone, Debug, Default)]
pub struct Names {
    types: HashMap<ShapeId, String>,
    aliases: Vec<(String, ShapeId)>,
    endpoints: Vec<Name>,
    operations: Vec<Name>,
    messages: Vec<Name>,
    topics: Vec<Name>,
}

impl Names {
    /// The name of the type that a shape becomes; `None` if it is written in place (`string`, a list).
    pub fn type_of(&self, shape: ShapeId) -> Option<&str> {
        self.types.get(&shape).map(String::as_str)
    }

    /// Components that are no types of their own, with the names that they have all the same.
    pub fn aliases(&self) -> &[(String, ShapeId)] {
        &self.aliases
    }

    /// What an endpoint is called.
    pub fn endpoint(&self, id: EndpointId) -> &Name {
        &self.endpoints[id.index()]
    }

    /// What an operation is called.
    pub fn operation(&self, id: OperationId) -> &Name {
        &self.operations[id.index()]
    }

    /// What a message is called.
    pub fn message(&self, id: MessageId) -> &Name {
        &self.messages[id.index()]
    }

    /// What a topic family is called.
    pub fn topic(&self, id: TopicId) -> &Name {
        &self.topics[id.index()]
    }
}

/// What names are made from.
pub(crate) struct Parts<'p> {
    pub(crate) endpoints: &'p [Endpoint],
    pub(crate) channels: &'p [Channel],
    pub(crate) operations: &'p [Operation],
    pub(crate) messages: &'p [Message],
    pub(crate) topics: &'p [Topic],
    pub(crate) components: &'p [(String, SchemaId)],
    pub(crate) schemas: &'p Schemas,
    pub(crate) shapes: &'p Shapes,
    pub(crate) wire: &'p Wire,
}

/// Decides all names.
pub(crate) fn names(reading: &Reading<'_>, parts: &Parts<'_>) -> Names {
    let endpoints = endpoints(parts);
    let operations =
        unique(parts.operations.iter().map(|operation| {
            named(&operation.key, &operation.extensions, &operation.origin.pointer)
        }));
    let messages = unique(
        parts
            .messages
            .iter()
            .map(|message| named(&message.key, &message.extensions, &message.origin.pointer)),
    );
    let topics =
        unique(parts.topics.iter().map(|topic| named(&topic.key, &[], &topic.origin.pointer)));
    let mut names = Names {
        types: HashMap::new(),
        aliases: Vec::new(),
        endpoints,
        operations,
        messages,
        topics,
    };
    (names.types, names.aliases) = types::types(reading, parts, &names);
    names
}

/// What generated code makes of an endpoint's name: `Trading`, `TradingHandler`.
const OF_ENDPOINT: [&str; 13] = [
    "",
    "Received",
    "Sent",
    "Handler",
    "Endpoint",
    "Session",
    "Hub",
    "Client",
    "Incoming",
    "Channel",
    "Service",
    "Options",
    "Parameters",
];

/// The names of endpoints: no type that is made of one has the name of another's, or a taken one.
fn endpoints(parts: &Parts<'_>) -> Vec<Name> {
    let named: Vec<(Name, &str)> = parts
        .endpoints
        .iter()
        .map(|endpoint| {
            let channel = &parts.channels[endpoint.channels[0].index()];
            let (name, pointer) =
                named(&endpoint.key, &channel.extensions, &channel.origin.pointer);
            let taken = OF_ENDPOINT
                .iter()
                .any(|suffix| reserved::is_reserved(&format!("{}{suffix}", name.pascal())));
            (if taken { name.then(&Name::new("channel")) } else { name }, pointer)
        })
        .collect();
    let derived = |name: &Name| {
        let base = name.pascal().to_ascii_lowercase();
        OF_ENDPOINT.map(|suffix| format!("{base}{}", suffix.to_ascii_lowercase()))
    };
    let mut count: HashMap<String, usize> = HashMap::new();
    for (name, _) in &named {
        for each in derived(name) {
            *count.entry(each).or_default() += 1;
        }
    }
    named
        .iter()
        .map(|(name, pointer)| {
            let clashes = derived(name).iter().any(|each| count[each] > 1);
            if clashes { name.then(&Name::new(&suffix(pointer))) } else { name.clone() }
        })
        .collect()
}

/// A key, or the name that `x-name` pins, with the pointer that makes a suffix.
fn named<'p>(
    key: &str,
    extensions: &[(String, Json<'static>)],
    pointer: &'p str,
) -> (Name, &'p str) {
    let pinned = extensions.iter().find(|pair| pair.0 == "x-name");
    let text = pinned.and_then(|pair| pair.1.as_str()).unwrap_or(key);
    (Name::new(text), pointer)
}

/// Names that differ, however they are spelled: those that would be the same get a suffix from their
/// pointers. `a-1` and `a1` are `a_1` and `a1`, but both `A1`.
fn unique<'p>(names: impl Iterator<Item = (Name, &'p str)>) -> Vec<Name> {
    let names: Vec<(Name, &str)> = names.collect();
    let mut count: HashMap<String, usize> = HashMap::new();
    for (name, _) in &names {
        for spelling in HashSet::from([name.snake(), name.pascal()]) {
            *count.entry(spelling).or_default() += 1;
        }
    }
    names
        .into_iter()
        .map(|(name, pointer)| match (count[&name.snake()], count[&name.pascal()]) {
            (1, 1) => name,
            _ => name.then(&Name::new(&suffix(pointer))),
        })
        .collect()
}
