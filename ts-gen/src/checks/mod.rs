//! The generated validator: schemas → functions, in a file of their own, `validate.ts`.
//!
//! In: the contract's schemas. Out: a function for each named type, for each schema that several others
//! name or that names itself, and for each message; all other schemas are written in place. A function
//! follows the schema's rules in their order, as the Rust checks do, through the same set of calls
//! (`rules.rs`). What a client gets may be wider than its contract (`openness.rs`), so a schema whose
//! values are received and whose rules would refuse what is merely new has a second, open function.

mod call;
mod openness;
mod rules;

use std::collections::{HashMap, HashSet, VecDeque};

use contract::model::{Direction, MessageId};
use contract::names::Name;
use contract::schema::shape::Part;
use contract::schema::{Rule, SchemaId};
use contract::wire::{Envelope, EnvelopeProperty, Framing};

use crate::description::{Comment, code};
use crate::layout::{Doc, concat, text};
use crate::runtime::{self, of};
use crate::writer::{TsFile, export, function};
use crate::{Cx, flow, ident, messages};
use call::{Checker, chain};
use openness::Openness;

/// The functions of a contract's validator; none where it was not asked for.
#[derive(Default)]
pub(crate) struct Checks {
    items: Vec<Doc>,
    received: HashMap<MessageId, String>,
    sent: HashMap<MessageId, String>,
    /// What the functions are called.
    pub(crate) names: HashSet<String>,
}

/// Whether a check lets through what is merely newer than the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Mode {
    /// It does not.
    Strict,
    /// It does: new values of enumerations, new properties, new alternatives.
    Open,
}

impl Checks {
    /// The validator of everything that `cx` knows.
    pub(crate) fn new(cx: &Cx<'_>) -> Self {
        let mut writer = Writer::new(cx);
        let mut items = Vec::new();
        for (id, type_name) in writer.types() {
            if let Some(name) = writer.function(id, Mode::Strict) {
                items.push(writer.item(id, Mode::Strict, &name, Some(&type_name)));
            }
        }
        let received_mode = if cx.options.closed { Mode::Strict } else { Mode::Open };
        let received = writer.frames(Direction::Send, received_mode, &mut items);
        let sent = writer.frames(Direction::Receive, Mode::Strict, &mut items);
        while let Some((id, mode, name)) = writer.queue.pop_front() {
            items.push(writer.item(id, mode, &name, None));
        }
        Self { items, received, sent, names: writer.taken }
    }

    /// The check of a frame that a client gets.
    pub(crate) fn received(&self, message: MessageId) -> Option<Doc> {
        self.received.get(&message).cloned().map(Doc::Check)
    }

    /// The check of a frame that a client sends.
    pub(crate) fn sent(&self, message: MessageId) -> Option<Doc> {
        self.sent.get(&message).cloned().map(Doc::Check)
    }

    /// The text of `validate.ts`; `None` if nothing is validated.
    pub(crate) fn file(self, cx: &Cx<'_>, header: &str) -> Option<String> {
        if self.items.is_empty() {
            return None;
        }
        let mut file = TsFile::new(cx.options.import_extension, HashSet::new());
        for item in self.items {
            file.item(item);
        }
        Some(file.finish(header, &[]))
    }
}

/// Writes functions, and remembers which are still to be written.
struct Writer<'w, 'c> {
    cx: &'w Cx<'c>,
    openness: Openness,
    /// Schemas with a function of their own, with what it is called after `check`.
    own: HashMap<SchemaId, String>,
    /// Schemas of types that users see: written first, whoever names them.
    public: HashSet<SchemaId>,
    names: HashMap<(SchemaId, Mode), String>,
    taken: HashSet<String>,
    queue: VecDeque<(SchemaId, Mode, String)>,
}

impl<'w, 'c> Writer<'w, 'c> {
    fn new(cx: &'w Cx<'c>) -> Self {
        let mut writer = Self {
            cx,
            openness: Openness::new(cx),
            own: HashMap::new(),
            public: HashSet::new(),
            names: HashMap::new(),
            taken: HashSet::new(),
            queue: VecDeque::new(),
        };
        for (id, name) in writer.types() {
            writer.public.insert(id);
            writer.own.insert(id, name);
        }
        let shared = shared(cx, &writer.own);
        writer.own.extend(shared);
        writer
    }

    /// The schemas of named types, in the order of the contract.
    fn types(&self) -> Vec<(SchemaId, String)> {
        let mut seen = HashSet::new();
        let shapes = self.cx.contract.shapes.iter();
        shapes
            .filter(|(_, entry)| matches!(entry.part, Part::Whole | Part::NotNull))
            .filter_map(|(id, entry)| Some((entry.schema, self.cx.type_name(id)?.to_owned())))
            .filter(|(schema, _)| seen.insert(*schema))
            .collect()
    }

    /// The function of a schema, which is written sooner or later; `None` if it is written in place, or
    /// demands nothing.
    fn function(&mut self, id: SchemaId, mode: Mode) -> Option<String> {
        let mode = if self.openness.is_wider(id) { mode } else { Mode::Strict };
        if let Some(name) = self.names.get(&(id, mode)) {
            return Some(name.clone());
        }
        let called = self.own.get(&id)?;
        let rules = &self.cx.contract.schemas.get(id).rules;
        if rules.iter().all(|rule| mode == Mode::Open && self.openness.drops(id, rule)) {
            return None;
        }
        let open = if mode == Mode::Open { "Open" } else { "" };
        let name = self.claim(&format!("check{open}{called}"));
        self.names.insert((id, mode), name.clone());
        if mode == Mode::Open || !self.public.contains(&id) {
            self.queue.push_back((id, mode, name.clone()));
        }
        Some(name)
    }

    fn claim(&mut self, wanted: &str) -> String {
        let mut name = wanted.to_owned();
        let mut count = 1;
        while !self.taken.insert(name.clone()) {
            count += 1;
            name = format!("{wanted}{count}");
        }
        name
    }

    /// A function that checks a schema.
    fn item(&mut self, id: SchemaId, mode: Mode, name: &str, of_type: Option<&str>) -> Doc {
        let contract = self.cx.contract;
        let schema = contract.schemas.get(id);
        let calls = self.calls(&schema.rules, id, mode);
        let item = check_function(name, calls);
        let pointer = code(&schema.origin.pointer);
        let sentence = match mode {
            Mode::Strict => format!("The rules of {pointer}."),
            Mode::Open => format!("The rules of {pointer}, as far as newer values keep them."),
        };
        let item = if of_type.is_some() { export(item) } else { item };
        Comment::default().sentence(sentence).above(0, item)
    }

    /// Functions for the frames of one direction.
    fn frames(
        &mut self,
        direction: Direction,
        mode: Mode,
        items: &mut Vec<Doc>,
    ) -> HashMap<MessageId, String> {
        let mut functions = HashMap::new();
        for id in flow::message_ids(self.cx.contract, direction) {
            let calls = self.frame(id, mode);
            if calls.is_empty() {
                continue;
            }
            let called = self.cx.contract.names.message(id).pascal();
            let way = if direction == Direction::Send { "Received" } else { "Sent" };
            let name = self.claim(&format!("check{way}{called}"));
            let verb = if direction == Direction::Send { "get" } else { "send" };
            let wire = messages::wire_names(self.cx, &[id]);
            let item = export(check_function(&name, calls));
            items.push(
                Comment::default()
                    .sentence(format!("The rules of a frame {wire} that you {verb}."))
                    .above(0, item),
            );
            functions.insert(id, name);
        }
        functions
    }

    fn frame(&mut self, id: MessageId, mode: Mode) -> Vec<Doc> {
        let contract = self.cx.contract;
        let payload = contract.schemas.target(contract.message(id).payload);
        match contract.wire.framing(id) {
            Framing::Envelope(envelope) if mode == Mode::Open => self.envelope(envelope),
            _ => match self.function(payload, mode) {
                Some(name) => vec![call::follow(text(name))],
                None => self.calls(&contract.schemas.get(payload).rules, payload, mode),
            },
        }
    }

    /// An envelope that a client gets: an id that is not as it should be counts as none.
    fn envelope(&mut self, envelope: &Envelope) -> Vec<Doc> {
        use contract::schema::{Type, Types};
        let mut calls = vec![call::is(Types::only(Type::Object))];
        let needed = envelope.properties.iter().filter_map(|property| match property {
            EnvelopeProperty::Constant { name, .. } => Some(name.as_str()),
            EnvelopeProperty::Payload { name, required: true, .. }
            | EnvelopeProperty::Topic { name, required: true } => Some(name),
            _ => None,
        });
        let needed: Vec<&str> = needed.collect();
        if !needed.is_empty() {
            calls.push(call::names(&runtime::REQUIRED, &needed));
        }
        for property in &envelope.properties {
            if let EnvelopeProperty::Constant { name, value } = property {
                let equals = call::constant(&json::Json::from(value.as_str()));
                calls.push(call::property(name, Checker::Calls(vec![equals])));
            }
        }
        for property in &envelope.properties {
            match property {
                EnvelopeProperty::Payload { name, schema, .. } => {
                    if let Some(check) = self.demands(*schema, Mode::Open) {
                        calls.push(call::property(name, check));
                    }
                }
                EnvelopeProperty::Topic { name, .. } => {
                    let is = call::is(Types::only(Type::String));
                    calls.push(call::property(name, Checker::Calls(vec![is])));
                }
                EnvelopeProperty::Constant { .. } | EnvelopeProperty::Correlation { .. } => {}
            }
        }
        calls
    }
}

/// `function checkName(value: unknown): Checked { return …; }`
fn check_function(name: &str, calls: Vec<Doc>) -> Doc {
    let (parameter, result) = match calls.len() {
        0 => ("_: unknown", text("undefined")),
        1 => ("value: unknown", concat(calls)),
        _ => ("value: unknown", crate::code::in_parentheses(chain(calls))),
    };
    let body = concat([text("return "), result, text(";")]);
    function(name, vec![text(parameter)], of(&runtime::CHECKED), vec![body])
}

/// Schemas that are no types and need a function all the same, with a name made of where they stand.
fn shared(cx: &Cx<'_>, types: &HashMap<SchemaId, String>) -> HashMap<SchemaId, String> {
    let schemas = &cx.contract.schemas;
    let mut uses: HashMap<SchemaId, usize> = HashMap::new();
    for (_, schema) in schemas.iter() {
        for used in schema.rules.iter().flat_map(Rule::schemas) {
            *uses.entry(schemas.target(used)).or_default() += 1;
        }
    }
    let recursive = recursive(cx, types);
    let shared = schemas.iter().filter(|(id, schema)| {
        let is_shared = uses.get(id).is_some_and(|count| *count > 1) && !schema.is_plain();
        !types.contains_key(id) && (is_shared || recursive.contains(id))
    });
    shared
        .map(|(id, schema)| {
            let name = Name::new(&schema.origin.pointer).pascal();
            let name = if ident::is_identifier(&name) { name } else { "Schema".to_owned() };
            (id, name)
        })
        .collect()
}

/// Schemas that are inside themselves without a type in between, and those between two such.
fn recursive(cx: &Cx<'_>, types: &HashMap<SchemaId, String>) -> HashSet<SchemaId> {
    let schemas = &cx.contract.schemas;
    let mut parts: HashMap<SchemaId, HashSet<SchemaId>> = HashMap::new();
    let mut holders: HashMap<SchemaId, HashSet<SchemaId>> = HashMap::new();
    for (id, schema) in schemas.iter().filter(|(id, _)| !types.contains_key(id)) {
        let of_schema = schema.rules.iter().flat_map(Rule::schemas);
        let of_schema = of_schema.map(|part| schemas.target(part));
        let of_schema: HashSet<SchemaId> =
            of_schema.filter(|part| !types.contains_key(part)).collect();
        for part in &of_schema {
            holders.entry(*part).or_default().insert(id);
        }
        holders.entry(id).or_default();
        parts.insert(id, of_schema);
    }
    // What leads to no cycle is none, nor is what no cycle leads to.
    let ends = without(&parts, &holders);
    let starts = without(&holders, &parts);
    parts.into_keys().filter(|id| !ends.contains(id) && !starts.contains(id)).collect()
}

/// What leads to nothing, or only to what leads to nothing.
fn without(
    leads_to: &HashMap<SchemaId, HashSet<SchemaId>>,
    back: &HashMap<SchemaId, HashSet<SchemaId>>,
) -> HashSet<SchemaId> {
    let mut left: HashMap<SchemaId, usize> =
        leads_to.iter().map(|(id, all)| (*id, all.len())).collect();
    let mut pending: Vec<SchemaId> =
        left.iter().filter(|pair| *pair.1 == 0).map(|pair| *pair.0).collect();
    let mut taken = HashSet::new();
    while let Some(id) = pending.pop() {
        taken.insert(id);
        for before in back.get(&id).into_iter().flatten() {
            if let Some(count) = left.get_mut(before) {
                *count -= 1;
                if *count == 0 {
                    pending.push(*before);
                }
            }
        }
    }
    taken
}
