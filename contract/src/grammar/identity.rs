//! Ids of 2.x, each of which names one thing: `operationId`, `messageId`.

use std::collections::HashMap;
use std::collections::HashSet;
use std::collections::hash_map::Entry;

use super::rule::DUPLICATE_ID;
use super::walk::Walk;
use crate::diagnostic::{Diagnostic, shortened};
use crate::tree::{NodeId, NodeRef};

/// Checks that no two operations, and no two messages, share an id.
pub(super) fn check(walk: &mut Walk<'_, '_>) {
    let operations = operations(walk);
    unique(walk, "operationId", "operation", &operations);
    let messages = messages(walk, &operations);
    unique(walk, "messageId", "message", &messages);
}

/// The operations of all channels, each once.
fn operations<'t>(walk: &Walk<'_, 't>) -> Vec<NodeRef<'t>> {
    let channels = walk.reading.entries(walk.root, "channels");
    let channels = channels.filter_map(|(_, channel)| walk.reading.follow(channel));
    let operations = channels.flat_map(|channel| {
        ["subscribe", "publish"].into_iter().filter_map(move |it| channel.get(it))
    });
    let mut seen = HashSet::new();
    operations.filter(|operation| seen.insert(operation.id())).collect()
}

/// The messages of operations, each once.
fn messages<'t>(walk: &Walk<'_, 't>, operations: &[NodeRef<'t>]) -> Vec<NodeRef<'t>> {
    let mut open: Vec<NodeRef<'t>> =
        operations.iter().rev().filter_map(|operation| operation.get("message")).collect();
    let mut seen: HashSet<NodeId> = HashSet::new();
    let mut messages = Vec::new();
    while let Some(node) = open.pop() {
        let Some(message) = walk.reading.follow(node) else { continue };
        if !seen.insert(message.id()) {
            continue;
        }
        match message.get("oneOf") {
            Some(alternatives) => open.extend(alternatives.items().rev()),
            None => messages.push(message),
        }
    }
    messages
}

/// The id of something with traits: that of the last trait that has one counts.
fn id<'t>(walk: &Walk<'_, 't>, node: NodeRef<'t>, key: &str) -> Option<NodeRef<'t>> {
    let traits = node.get("traits").into_iter().flat_map(NodeRef::items);
    let of_traits = traits.filter_map(|each| walk.reading.follow(each)?.get(key));
    let id = of_traits.last().or(node.get(key))?;
    id.as_str().map(|_| id)
}

fn unique<'t>(walk: &mut Walk<'_, 't>, key: &str, what: &str, nodes: &[NodeRef<'t>]) {
    let mut first: HashMap<&str, NodeRef<'t>> = HashMap::new();
    for node in nodes {
        let Some(id) = id(walk, *node, key) else { continue };
        let text = id.as_str().unwrap_or_default();
        match first.entry(text) {
            Entry::Vacant(place) => {
                place.insert(id);
            }
            Entry::Occupied(known) => {
                let message = format!("another {what} has the {key} `{}` too", shortened(text));
                let mut finding = Diagnostic::new(&DUPLICATE_ID, id.span(), message);
                if known.get().id() == id.id() {
                    finding = finding.label("both have it from this trait");
                } else {
                    finding = finding.related(known.get().span(), "the first one");
                }
                walk.report(finding.help("give each an id of its own"));
            }
        }
    }
}
