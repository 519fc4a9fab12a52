//! Applies the tables to a document.
//!
//! In: nodes and the [`Value`]s that belong there. Out: findings. What stands in place is walked first,
//! top down; references are followed after that, so that what a reference leads to is known by then
//! and a reference to something else can be told as such. Every node is checked once for each object
//! that it is taken for, so cycles end. Objects and their fields are walked here; what else a field may
//! hold has a file each.

mod bindings;
mod kind;
mod list;
mod name;
mod reference;
mod scalar;
mod schema;

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use self::kind::{expected, is_of_kind};
use self::name::is_extension;
use super::report;
use super::table::{Map, Object, Others, Schema, Tagged, Value};
use crate::diagnostic::{Diagnostic, Severity};
use crate::document::Version;
use crate::reading::{Reading, is_reference};
use crate::tree::{Key, Kind, NodeId, NodeRef};

pub(crate) use schema::SchemaPlace;

/// A document being checked.
pub(crate) struct Walk<'w, 't> {
    pub(super) reading: &'w Reading<'t>,
    pub(super) root: NodeRef<'t>,
    pub(super) version: Version,
    /// What each node was checked as: the first thing it was met as.
    met: HashMap<NodeId, &'static Object>,
    schemas_met: HashSet<NodeId>,
    /// References with what they should lead to.
    references: Vec<(NodeRef<'t>, &'static Value)>,
    schemas: Vec<SchemaPlace<'t>>,
    findings: Vec<Diagnostic>,
    /// Findings are not graver than this.
    gravest: Severity,
    /// Whether a table is tried, of which nothing is kept.
    is_trial: bool,
}

impl<'w, 't> Walk<'w, 't> {
    pub(super) fn new(reading: &'w Reading<'t>, root: NodeRef<'t>, version: Version) -> Self {
        Self {
            reading,
            root,
            version,
            met: HashMap::new(),
            schemas_met: HashSet::new(),
            references: Vec::new(),
            schemas: Vec::new(),
            findings: Vec::new(),
            gravest: Severity::Error,
            is_trial: false,
        }
    }

    pub(super) fn report(&mut self, mut finding: Diagnostic) {
        finding.severity = finding.severity.max(self.gravest);
        self.findings.push(finding);
    }

    /// Reports at a severity.
    pub(super) fn report_as(&mut self, severity: Severity, mut finding: Diagnostic) {
        finding.severity = severity;
        self.report(finding);
    }

    /// How grave a breach is of a rule that only the specification's text has: an error in the
    /// versions whose compatibility kit checks it, a warning in those whose JSON Schemas do not.
    pub(super) fn by_the_text(&self) -> Severity {
        if self.version <= Version::V2_1 { Severity::Error } else { Severity::Warning }
    }

    /// How grave a breach is of a rule that the compatibility kit of 2.0 and 2.1 lets pass, and the
    /// official tools do not.
    pub(super) fn by_the_tools(&self) -> Severity {
        if self.version <= Version::V2_1 { Severity::Warning } else { Severity::Error }
    }

    /// Hands over what was found, and returns the schemas.
    pub(super) fn into_schemas(self) -> Vec<SchemaPlace<'t>> {
        for finding in self.findings {
            self.reading.report(finding);
        }
        self.schemas
    }

    /// Checks a node that should be an object of the specification.
    pub(super) fn object(&mut self, node: NodeRef<'t>, object: &'static Object) {
        if node.kind() != Kind::Map {
            self.report(report::wrong_kind(node, "an object"));
            return;
        }
        if !self.is_trial {
            match self.met.entry(node.id()) {
                Entry::Vacant(place) => {
                    place.insert(object);
                }
                Entry::Occupied(known) if std::ptr::eq(*known.get(), object) => return,
                // By way of a YAML alias it may be two things.
                Entry::Occupied(_) => {}
            }
        }
        let mut meant = Vec::new();
        for (key, value) in node.entries() {
            meant.extend(self.field(node, object, key, value));
        }
        for field in object.fields {
            let is_needed = field.required && field.is_in(self.version);
            if is_needed && node.get(field.name).is_none() && !meant.contains(&field.name) {
                self.report(report::missing(node, object.name, field.name));
            }
        }
        if let Some(also) = object.also {
            also(self, node);
        }
    }

    /// Checks one entry of an object; returns the field that was probably meant by a key that the
    /// object does not have.
    fn field(
        &mut self,
        holder: NodeRef<'t>,
        object: &'static Object,
        key: Key<'t>,
        value: NodeRef<'t>,
    ) -> Option<&'static str> {
        let named = || object.fields.iter().filter(|field| field.name == key.text);
        if let Some(field) = named().find(|field| field.is_in(self.version)) {
            if let Value::Schema(Schema::Payload) = field.value {
                self.schemas_met.insert(value.id());
                self.schemas.push(SchemaPlace::PayloadOf(holder));
            } else {
                self.value(value, &field.value);
            }
            return None;
        }
        if is_extension(key.text) && object.others != Others::None {
            self.extension(value);
            return None;
        }
        if key.text == "$ref" {
            match object.others {
                Others::Any => self.reading.follow_unless_remote(holder),
                _ => self.report(report::misplaced_reference(holder, object.name)),
            }
            return None;
        }
        let severity =
            if object.others == Others::Any { Severity::Warning } else { Severity::Error };
        let later = named().filter(|field| field.since > self.version).min_by_key(|it| it.since);
        if let Some(field) = later.or(named().max_by_key(|field| field.until)) {
            let finding = report::other_version(object, key, field, self.version);
            self.report_as(severity, finding);
            return None;
        }
        let (finding, meant) = report::unknown_field(object, key, self.version);
        // Where any key may stand, only one that looks like a slip is worth a word.
        if severity == Severity::Error || meant.is_some() {
            self.report_as(severity, finding);
        }
        meant.filter(|_| severity == Severity::Error)
    }

    /// A mistyped reference in an extension is found too: other tools follow it.
    fn extension(&mut self, value: NodeRef<'t>) {
        let mut open = vec![value];
        while let Some(node) = open.pop() {
            if node.get("$ref").is_some_and(|text| text.as_str().is_some()) {
                self.reading.follow_unless_remote(node);
            }
            open.extend(node.items().chain(node.entries().map(|(_, value)| value)));
        }
    }

    /// Checks a node that should be a value of this kind.
    pub(super) fn value(&mut self, node: NodeRef<'t>, value: &'static Value) {
        match value {
            Value::Any => {}
            Value::Object(object) => self.object(node, object),
            Value::Tagged(tagged) => self.tagged(node, tagged),
            Value::ByKey(key, with, without) => {
                self.object(node, if node.get(key).is_some() { with } else { without });
            }
            // Not in the specification, but its tools follow it.
            Value::Map(map) if is_reference(node) && !matches!(map.value, Value::Text) => {
                self.report_as(Severity::Warning, report::section_by_reference(node));
                self.reference(node, value);
            }
            Value::Map(map) if node.kind() == Kind::Map => self.map(node, map),
            Value::List(item) if node.kind() == Kind::List => {
                node.items().for_each(|each| self.value(each, item));
            }
            Value::Set(item) if node.kind() == Kind::List => {
                self.duplicates(node);
                node.items().for_each(|each| self.value(each, item));
            }
            Value::Tags(item) if node.kind() == Kind::List => {
                self.duplicates(node);
                self.duplicate_names(node);
                node.items().for_each(|each| self.value(each, item));
            }
            Value::Tuple(items) if node.kind() == Kind::List => {
                node.items().zip(*items).for_each(|(each, item)| self.value(each, item));
            }
            Value::OrReference(value) if is_reference(node) => self.reference(node, value),
            Value::OrReference(value) => self.value(node, value),
            Value::Reference(value) if is_reference(node) => self.reference(node, value),
            Value::Reference(_) => self.report(report::needs_reference(node)),
            Value::From(version, before, after) => {
                self.value(node, if self.version < *version { before } else { after });
            }
            Value::Either(values) => match values.iter().find(|each| is_of_kind(node, each)) {
                Some(value) => self.value(node, value),
                None => {
                    let expected: Vec<String> = values.iter().map(expected).collect();
                    self.report(report::wrong_kind(node, &expected.join(" or ")));
                }
            },
            Value::Schema(schema) => self.schema(node, *schema),
            Value::Bindings(_) if is_reference(node) => self.reference(node, value),
            Value::Bindings(holder) if node.kind() == Kind::Map => self.bindings(node, *holder),
            scalar if is_of_kind(node, scalar) => self.scalar(node, scalar),
            other => self.report(report::wrong_kind(node, &expected(other))),
        }
    }

    /// Checks a node that is one of several objects, as the word in one of its fields says.
    fn tagged(&mut self, node: NodeRef<'t>, tagged: &'static Tagged) {
        if node.kind() != Kind::Map {
            self.report(report::wrong_kind(node, "an object"));
            return;
        }
        let Some(tag) = node.get(tagged.field) else {
            let finding = if is_reference(node) {
                report::misplaced_reference(node, tagged.name)
            } else {
                report::missing(node, tagged.name, tagged.field)
            };
            self.report(finding);
            return;
        };
        let Some(word) = tag.as_str() else {
            self.report(report::wrong_kind(tag, "text"));
            return;
        };
        match tagged.cases.iter().find(|case| case.0 == word) {
            Some((_, since, object)) => {
                if self.version < *since {
                    self.report(report::later_value(tag, *since, self.version));
                }
                self.object(node, object);
            }
            None => {
                let words = tagged.cases.iter().filter(|case| case.1 <= self.version);
                self.report(report::wrong_value(tag, words.map(|case| case.0)));
            }
        }
    }

    fn map(&mut self, node: NodeRef<'t>, map: &'static Map) {
        for (key, value) in node.entries() {
            self.name(key, map.keys);
            self.value(value, &map.value);
        }
    }
}
