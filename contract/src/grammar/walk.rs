//! Applies the tables to a document.
//!
//! In: nodes and the [`Value`]s that belong there. Out: findings. What stands in place is walked first,
//! top down; references are followed after that, so that what a reference leads to is known by then
//! and a reference to something else can be told as such. Every node is checked once for each object
//! that it is taken for, so cycles end.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use json::{Json, Number};

use super::binding::{Edition, PROTOCOLS, Protocol};
use super::object::MULTI_FORMAT_SCHEMA;
use super::report;
use super::rule::{
    ADDRESS, BINDING_VERSION, INVALID_NAME, INVALID_VALUE, RUNTIME_EXPRESSION, UNKNOWN_PROTOCOL,
};
use super::table::{Form, Holder, Keys, Map, Object, Others, Schema, Tagged, Value};
use crate::check;
use crate::diagnostic::{Diagnostic, Severity, shortened};
use crate::document::Version;
use crate::nearest::nearest;
use crate::reading::{Reading, is_reference};
use crate::schema::has_keyword;
use crate::tree::{Key, Kind, NodeId, NodeRef};
use crate::value;

/// A place where a schema stands.
#[derive(Clone, Copy)]
pub(crate) enum SchemaPlace<'t> {
    /// In AsyncAPI's own language.
    Own(NodeRef<'t>),
    /// In the language that the node itself names, or else in AsyncAPI's own.
    MultiFormat(NodeRef<'t>),
    /// The payload of a message of 2.x, whose language the message names.
    PayloadOf(NodeRef<'t>),
}

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

    /// Follows every reference that was met, and those that are met on the way.
    pub(super) fn follow_references(&mut self) {
        while let Some((reference, value)) = self.references.pop() {
            let Some(target) = self.reading.follow(reference) else { continue };
            let known = self.met.get(&target.id()).copied();
            let is_other_object = known.is_some_and(|known| !may_be(value, known));
            let is_schema = known.is_none()
                && self.schemas_met.contains(&target.id())
                && !matches!(value, Value::Schema(_));
            if is_other_object || is_schema {
                let is = known.map_or("a schema", |known| known.name);
                self.report(check::refers_to_other(reference, is, name_of(value)));
            } else {
                self.value(target, value);
            }
        }
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
            Value::Bindings(holder) if is_reference(node) => match holder {
                Holder::Server => self.reference(node, &Value::Bindings(Holder::Server)),
                Holder::Channel => self.reference(node, &Value::Bindings(Holder::Channel)),
                Holder::Operation => self.reference(node, &Value::Bindings(Holder::Operation)),
                Holder::Message => self.reference(node, &Value::Bindings(Holder::Message)),
            },
            Value::Bindings(holder) if node.kind() == Kind::Map => self.bindings(node, *holder),
            scalar if is_of_kind(node, scalar) => self.scalar(node, scalar),
            other => self.report(report::wrong_kind(node, &expected(other))),
        }
    }

    /// A reference is followed once everything in place is known.
    fn reference(&mut self, node: NodeRef<'t>, value: &'static Value) {
        for (key, _) in node.entries() {
            if key.text != "$ref" && !key.text.starts_with("x-") {
                self.report(report::beside_reference(key));
            }
        }
        self.references.push((node, value));
    }

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

    /// The key of a map: a name.
    fn name(&mut self, key: Key<'t>, keys: Keys) {
        match keys {
            Keys::Any => {}
            Keys::Names => {
                let is_name = !key.text.is_empty()
                    && key.text.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b));
                if !is_name {
                    let message =
                        format!("`{}` has signs that a name must not have", shortened(key.text));
                    let finding = Diagnostic::new(&INVALID_NAME, key.span, message)
                        .help("use letters (`a` to `z`), digits, `.`, `-` and `_` only");
                    self.report_as(self.by_the_text(), finding);
                }
            }
            Keys::Channels if self.version.is_2() => {
                let what = match json::check::Format::named("uri-template") {
                    _ if key.text.is_empty() => Some("is empty"),
                    _ if key.text.contains(['?', '#']) => Some("has a query or a fragment"),
                    Some(form) if !form.accepts(&Json::from(key.text)) => {
                        Some("is no URI template")
                    }
                    _ => None,
                };
                if let Some(what) = what {
                    let message = format!("the address `{}` {what}", shortened(key.text));
                    let finding = Diagnostic::new(&ADDRESS, key.span, message);
                    self.report(if key.text.contains('?') {
                        finding.help("declare what follows the path in `bindings.ws.query`")
                    } else {
                        finding
                    });
                }
            }
            Keys::Channels => {}
        }
    }

    /// Items that a list has twice.
    fn duplicates(&mut self, list: NodeRef<'t>) {
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
    fn duplicate_names(&mut self, list: NodeRef<'t>) {
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

    fn scalar(&mut self, node: NodeRef<'t>, value: &'static Value) {
        let text = node.as_str().unwrap_or_default();
        match value {
            Value::Formed(form) => self.formed(node, text, *form),
            Value::Sized(min, max) => {
                let count = text.chars().count();
                if !(*min..=*max).contains(&count) {
                    let expected = format!("text of {min} to {max} characters, this has {count}");
                    self.report(report::not_of_form(node, &expected));
                }
            }
            Value::Word(words) if !words.contains(&text) => {
                self.report(report::wrong_value(node, words.iter().copied()));
            }
            Value::Integer(min, max) => {
                let number = value::to_number(node);
                let fits = number.is_some_and(|number| {
                    number.is_integer()
                        && number >= Number::from(*min)
                        && number <= Number::from(*max)
                });
                if !fits {
                    self.report(report::not_of_form(node, &integer(*min, *max)));
                }
            }
            Value::Digit(digits) => {
                let number = value::to_number(node);
                let fits = |digit: &i64| number.as_ref() == Some(&Number::from(*digit));
                if !digits.iter().any(fits) {
                    let digits: Vec<String> = digits.iter().map(i64::to_string).collect();
                    let digits = digits.iter().map(String::as_str);
                    self.report(report::wrong_value(node, digits));
                }
            }
            _ => {}
        }
    }

    fn formed(&mut self, node: NodeRef<'t>, text: &str, form: Form) {
        let is = |name| {
            json::check::Format::named(name).is_none_or(|format| format.accepts(&Json::from(text)))
        };
        let expected = match form {
            Form::Uri if !is("uri") => "an absolute URL or URN, such as `https://example.com`",
            Form::Email if !is("email") => "an email address",
            Form::Template if text.is_empty() || !is("uri-template") => "a URI template",
            Form::LinkedIn if !is_linkedin(text) => "a page of linkedin.com",
            Form::Expression => return self.expression(node, text),
            _ => return,
        };
        self.report(report::not_of_form(node, expected));
    }

    /// A runtime expression. The JSON Schemas look at its beginning only.
    fn expression(&mut self, node: NodeRef<'t>, text: &str) {
        let pointer = ["$message.payload#", "$message.header#"]
            .into_iter()
            .find_map(|start| text.strip_prefix(start));
        let (severity, message) = match pointer {
            None => (Severity::Error, format!("`{}` is no runtime expression", shortened(text))),
            Some(pointer) if !is_pointer(pointer) => {
                (self.by_the_text(), format!("`{}` is no JSON pointer", shortened(pointer)))
            }
            Some(_) => return,
        };
        let finding = Diagnostic::new(&RUNTIME_EXPRESSION, node.span(), message)
            .help("write `$message.payload#/` or `$message.header#/` and the way to the value");
        self.report_as(severity, finding);
    }

    fn schema(&mut self, node: NodeRef<'t>, schema: Schema) {
        self.schemas_met.insert(node.id());
        if self.gravest != Severity::Error {
            // A binding that anything may stand in; what is generated from is read elsewhere.
            self.extension(node);
            return;
        }
        match schema {
            Schema::Own | Schema::Payload => self.schemas.push(SchemaPlace::Own(node)),
            Schema::Key => {
                let severity = self.by_the_text();
                let keys = node.entries().next().is_some();
                if severity == Severity::Error && keys && !has_keyword(node) {
                    let message = format!("the schema of {} has no keyword", report::name_of(node));
                    self.report(
                        Diagnostic::new(&INVALID_VALUE, node.span(), message)
                            .help("say at least its `type`"),
                    );
                }
                self.schemas.push(SchemaPlace::Own(node));
            }
            Schema::MultiFormat => {
                if !is_reference(node) && node.get("schema").is_some() {
                    self.object(node, &MULTI_FORMAT_SCHEMA);
                }
                self.schemas.push(SchemaPlace::MultiFormat(node));
            }
            Schema::Headers => {
                self.of_type_object(node, Severity::Error);
                self.schemas.push(SchemaPlace::Own(node));
            }
            Schema::Parameters => {
                self.of_type_object(node, self.by_the_text());
                self.schemas.push(SchemaPlace::Own(node));
            }
        }
    }

    /// A schema of several values, each under a name.
    fn of_type_object(&mut self, node: NodeRef<'t>, severity: Severity) {
        let Some(target) = self.reading.follow(node) else { return };
        let other = target.get("type").filter(|each| each.as_str() != Some("object"));
        if let Some(each) = other {
            let message =
                format!("the schema of {} must be of type `object`", report::name_of(node));
            let finding = Diagnostic::new(&INVALID_VALUE, each.span(), message)
                .help("give each value a name under `properties`");
            self.report_as(severity, finding);
        }
    }

    /// The bindings of something: a key for each protocol.
    fn bindings(&mut self, node: NodeRef<'t>, holder: Holder) {
        for (key, binding) in node.entries() {
            if is_extension(key.text) {
                self.extension(binding);
                continue;
            }
            let protocol = PROTOCOLS.iter().find(|protocol| protocol.name == key.text);
            let known = protocol.filter(|each| self.version.is_2() || each.since <= self.version);
            match known {
                Some(protocol) => self.binding(binding, protocol, holder),
                None => self.unknown_protocol(key),
            }
        }
    }

    fn unknown_protocol(&mut self, key: Key<'t>) {
        let names = PROTOCOLS
            .iter()
            .filter(|protocol| protocol.since <= self.version)
            .map(|protocol| protocol.name);
        let message = format!("no bindings are defined for `{}`", shortened(key.text));
        let mut finding = Diagnostic::new(&UNKNOWN_PROTOCOL, key.span, message);
        let meant = match key.text {
            "websocket" | "websockets" | "wss" => Some("ws"),
            "https" => Some("http"),
            text => nearest(text, names.clone()),
        };
        finding = match meant {
            Some(meant) => finding.help(format!("write `{meant}`")),
            None => finding.label(format!("protocols are {}", report::listed(names))),
        };
        if !self.version.is_2() {
            self.report(finding);
        } else if meant.is_some() {
            self.report_as(Severity::Warning, finding);
        }
    }

    fn binding(&mut self, node: NodeRef<'t>, protocol: &'static Protocol, holder: Holder) {
        let editions = protocol.editions(holder);
        if editions.is_empty() {
            return;
        }
        let gravest = self.gravest;
        if self.version.is_2() {
            // The JSON Schemas of 2.x let anything stand.
            self.gravest = self.by_the_text();
        }
        match self.reading.follow(node) {
            Some(target) if self.version.is_2() => self.binding_of_2(target, editions),
            Some(_) => self.binding_of_3(node, editions),
            None => {}
        }
        self.gravest = gravest;
    }

    fn binding_of_3(&mut self, node: NodeRef<'t>, editions: &'static [Edition]) {
        let known = || editions.iter().filter(|edition| edition.in_3);
        let edition = match written_version(node) {
            None => known().next(),
            Some(text) => known().find(|edition| edition.version == text),
        };
        match edition {
            Some(edition) => self.object(node, edition.object),
            None => self.unknown_edition(node, known()),
        }
    }

    fn binding_of_2(&mut self, node: NodeRef<'t>, editions: &'static [Edition]) {
        let written = written_version(node);
        if let Some(text) = written
            && let Some(edition) = editions.iter().find(|edition| edition.version == text)
        {
            return self.object(node, edition.object);
        }
        if written.is_some() {
            let gravest = std::mem::replace(&mut self.gravest, Severity::Warning);
            self.unknown_edition(node, editions.iter());
            self.gravest = gravest;
        }
        // Written for any edition, it fits one of them.
        if let Some(newest) = editions.first()
            && !editions.iter().any(|edition| self.fits(node, edition.object))
        {
            self.object(node, newest.object);
        } else if let Some(edition) =
            editions.iter().find(|edition| self.fits(node, edition.object))
        {
            self.object(node, edition.object);
        }
    }

    /// Whether nothing is wrong with a node as this object.
    fn fits(&mut self, node: NodeRef<'t>, object: &'static Object) -> bool {
        let (findings, references, schemas) =
            (self.findings.len(), self.references.len(), self.schemas.len());
        let is_trial = std::mem::replace(&mut self.is_trial, true);
        self.object(node, object);
        self.is_trial = is_trial;
        let fits = self.findings.len() == findings;
        self.findings.truncate(findings);
        self.references.truncate(references);
        self.schemas.truncate(schemas);
        fits
    }

    fn unknown_edition(
        &mut self,
        node: NodeRef<'t>,
        known: impl Iterator<Item = &'static Edition>,
    ) {
        let Some(place) = node.get("bindingVersion") else { return };
        let names: Vec<&str> = known.map(|edition| edition.version).collect();
        let text = place.as_str().unwrap_or_default();
        let message = format!(
            "`{}` is no version of this binding in AsyncAPI {}",
            shortened(text),
            self.version
        );
        self.report(
            Diagnostic::new(&BINDING_VERSION, place.span(), message)
                .label(format!("versions are {}", report::listed(names))),
        );
    }
}

/// `bindingVersion`, unless the newest is meant.
fn written_version(node: NodeRef<'_>) -> Option<&str> {
    node.get("bindingVersion").and_then(NodeRef::as_str).filter(|text| *text != "latest")
}

/// Whether a key is that of an extension: `x-`, then letters, digits, `.`, `-`, `_`.
fn is_extension(key: &str) -> bool {
    key.strip_prefix("x-").is_some_and(|rest| {
        !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
    })
}

/// A JSON pointer (RFC 6901 §3), the empty one included.
fn is_pointer(text: &str) -> bool {
    let mut escaped = text.split('~').skip(1);
    (text.is_empty() || text.starts_with('/')) && escaped.all(|rest| rest.starts_with(['0', '1']))
}

fn is_linkedin(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or(text.strip_prefix("http://"));
    rest.map(|rest| rest.strip_prefix("www.").unwrap_or(rest))
        .is_some_and(|rest| rest.starts_with("linkedin.com"))
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

/// Whether a node is of the kind that a value has.
fn is_of_kind(node: NodeRef<'_>, value: &Value) -> bool {
    match value {
        Value::Any => true,
        Value::Text | Value::Formed(_) | Value::Sized(..) | Value::Word(_) => {
            node.kind() == Kind::String
        }
        Value::Null => node.kind() == Kind::Null,
        Value::Flag => node.kind() == Kind::Bool,
        Value::Number | Value::Integer(..) | Value::Digit(_) => node.kind() == Kind::Number,
        Value::Object(_)
        | Value::Tagged(_)
        | Value::ByKey(..)
        | Value::Open
        | Value::Map(_)
        | Value::Bindings(_) => node.kind() == Kind::Map,
        Value::List(_) | Value::Set(_) | Value::Tags(_) | Value::Tuple(_) => {
            node.kind() == Kind::List
        }
        Value::OrReference(value) => is_reference(node) || is_of_kind(node, value),
        Value::Reference(_) => is_reference(node),
        Value::From(_, before, after) => is_of_kind(node, before) || is_of_kind(node, after),
        Value::Either(values) => values.iter().any(|each| is_of_kind(node, each)),
        Value::Schema(_) => matches!(node.kind(), Kind::Map | Kind::Bool),
    }
}

/// A value in a sentence, with its article.
fn expected(value: &Value) -> String {
    match value {
        Value::Any => "a value".to_owned(),
        Value::Text | Value::Formed(_) | Value::Sized(..) | Value::Word(_) => "text".to_owned(),
        Value::Null => "null".to_owned(),
        Value::Flag => "`true` or `false`".to_owned(),
        Value::Number | Value::Digit(_) => "a number".to_owned(),
        Value::Integer(min, max) => integer(*min, *max),
        Value::Object(_)
        | Value::Tagged(_)
        | Value::ByKey(..)
        | Value::Open
        | Value::Map(_)
        | Value::Bindings(_) => "an object".to_owned(),
        Value::List(_) | Value::Set(_) | Value::Tags(_) | Value::Tuple(_) => "a list".to_owned(),
        Value::OrReference(value) => expected(value),
        Value::Reference(_) => "a reference".to_owned(),
        Value::From(_, _, after) => expected(after),
        Value::Either(values) => values.iter().map(expected).collect::<Vec<_>>().join(" or "),
        Value::Schema(_) => "a schema".to_owned(),
    }
}

fn integer(min: i64, max: i64) -> String {
    match (min, max) {
        (i64::MIN, i64::MAX) => "an integer".to_owned(),
        (min, i64::MAX) => format!("an integer of at least {min}"),
        (min, max) => format!("an integer from {min} to {max}"),
    }
}

/// Whether what a value asks for may be this object.
fn may_be(value: &Value, object: &'static Object) -> bool {
    match value {
        Value::Object(each) => std::ptr::eq(*each, object),
        Value::Tagged(tagged) => tagged.cases.iter().any(|case| std::ptr::eq(case.2, object)),
        Value::ByKey(_, with, without) => {
            std::ptr::eq(*with, object) || std::ptr::eq(*without, object)
        }
        Value::OrReference(value) => may_be(value, object),
        Value::From(_, before, after) => may_be(before, object) || may_be(after, object),
        // A schema may be written wherever an object is.
        Value::Schema(_) => true,
        _ => false,
    }
}

/// What a reference should lead to, with its article.
fn name_of(value: &Value) -> &'static str {
    match value {
        Value::Object(object) => object.name,
        Value::Tagged(tagged) => tagged.name,
        Value::ByKey(_, _, without) => without.name,
        Value::OrReference(value) => name_of(value),
        Value::From(_, _, after) => name_of(after),
        Value::Schema(_) => "a schema",
        Value::Bindings(_) => "bindings",
        _ => "something else",
    }
}
