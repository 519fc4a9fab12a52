//! Lists whose items must differ.
//!
//! In: lists. Out: a finding for each item that stands there twice. Does not know what the items are.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use json::Json;

use super::Walk;
use crate::diagnostic::Severity;
use crate::grammar::report;
use crate::tree::{Kind, NodeRef};
use crate::value;

impl<'t> Walk<'_, 't> {
    /// Items that a list has twice.
    pub(super) fn duplicates(&mut self, list: NodeRef<'t>) {
        let mut seen: HashMap<String, NodeRef<'t>> = HashMap::new();
        for item in list.items() {
            match seen.entry(canonical(item)) {
                Entry::Vacant(place) => {
                    place.insert(item);
                }
                Entry::Occupied(first) => self.report(report::duplicate(item, *first.get())),
            }
        }
    }

    /// Tags of one name. The JSON Schemas only say that no two are equal; for 2.x other tools say more.
    pub(super) fn duplicate_names(&mut self, list: NodeRef<'t>) {
        let mut seen: HashMap<&str, NodeRef<'t>> = HashMap::new();
        for item in list.items() {
            let Some(item) = self.reading.follow(item) else { continue };
            let Some(name) = item.get("name") else { continue };
            match seen.entry(name.as_str().unwrap_or_default()) {
                Entry::Vacant(place) => {
                    place.insert(item);
                }
                Entry::Occupied(first) if canonical(*first.get()) == canonical(item) => {}
                Entry::Occupied(first) => {
                    let severity =
                        if self.version.is_2() { Severity::Error } else { Severity::Warning };
                    let first = first.get().get("name").unwrap_or(*first.get());
                    self.report_as(severity, report::duplicate(name, first));
                }
            }
        }
    }
}

/// A value as text, the same for objects whose keys stand in another order.
fn canonical(node: NodeRef<'_>) -> String {
    if node.kind() == Kind::List {
        let items: Vec<String> = node.items().map(canonical).collect();
        return format!("[{}]", items.join(","));
    }
    if node.kind() != Kind::Map {
        return value::to_json(node).to_string();
    }
    let mut entries: Vec<String> = node
        .entries()
        .map(|(key, value)| format!("{}:{}", Json::from(key.text), canonical(value)))
        .collect();
    entries.sort();
    format!("{{{}}}", entries.join(","))
}
