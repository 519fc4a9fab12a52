//! How the message of a frame is found.
//!
//! In: the messages of one direction. Out: a decision tree. The place whose constants differ between
//! the messages is the discriminator; where several places are needed, they are asked one after the
//! other; messages that no place tells apart are tried in turn, which is reported
//! (`message/no-discriminator`).

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap, HashSet};

use json::Json;

use super::tags::{self, Tag};
use super::{Parts, is_plain_text};
use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::{Direction, MessageId};
use crate::reading::Reading;
use crate::schema::Types;
use crate::schema::facets::collect;

pub use super::tags::Step;

/// Nothing tells messages apart but trying.
pub(crate) static NO_DISCRIMINATOR: Rule = Rule {
    id: "message/no-discriminator",
    severity: Severity::Warning,
    page: "\
Several messages travel in one direction, and no property (or position of an array) has a different
constant in each of them. Generated code has to try one after the other: the first whose schema fits
is taken, and a frame that fits none is reported by the message that it fits best. Give each message
a constant of its own.

Wrong:

```yaml
channels:
  ticks:
    address: /ticks
    messages:
      bid: { payload: { type: object, properties: { bid: { type: number } } } }
      ask: { payload: { type: object, properties: { ask: { type: number } } } }
operations:
  push: { action: send, channel: { $ref: '#/channels/ticks' } }
```

Right:

```yaml
channels:
  ticks:
    address: /ticks
    messages:
      bid: { payload: { type: object, required: [type], properties: { type: { const: bid } } } }
      ask: { payload: { type: object, required: [type], properties: { type: { const: ask } } } }
operations:
  push: { action: send, channel: { $ref: '#/channels/ticks' } }
```
",
};

/// What tells messages apart may be missing.
pub(crate) static OPTIONAL_DISCRIMINATOR: Rule = Rule {
    id: "message/optional-discriminator",
    severity: Severity::Pedantic,
    page: "\
A property has a different constant in each of the messages of one direction, and they do not
require it. A frame without it is tried by one message after the other.

Wrong:

```yaml
channels:
  ticks:
    address: /ticks
    description: Prices.
    messages:
      bid: { payload: { type: object, properties: { type: { const: bid } } } }
      ask: { payload: { type: object, properties: { type: { const: ask } } } }
operations:
  push: { action: send, channel: { $ref: '#/channels/ticks' } }
```

Right:

```yaml
channels:
  ticks:
    address: /ticks
    description: Prices.
    messages:
      bid: { payload: { type: object, required: [type], properties: { type: { const: bid } } } }
      ask: { payload: { type: object, required: [type], properties: { type: { const: ask } } } }
operations:
  push: { action: send, channel: { $ref: '#/channels/ticks' } }
```
",
};

/// How the message of a frame is found.
#[derive(Clone, Debug, PartialEq)]
pub enum Dispatch {
    /// No message travels here.
    Nothing,
    /// It is this one, or the frame breaks the contract.
    Message(MessageId),
    /// By the frame's text, before it is read as JSON.
    Text {
        /// The texts with their messages.
        cases: Vec<(String, MessageId)>,
        /// A message of any other bare text.
        any: Option<MessageId>,
        /// How frames are told apart that are JSON.
        json: Box<Dispatch>,
    },
    /// By the JSON type of the frame.
    Type(Vec<(Types, Dispatch)>),
    /// By the value at a place.
    Value {
        /// The place.
        path: Vec<Step>,
        /// The values with what they lead to.
        cases: Vec<Case>,
        /// What holds for frames with another value, or without that place.
        otherwise: Box<Dispatch>,
    },
    /// By trying: the first that fits.
    Check(Vec<MessageId>),
}

/// Values that lead to one decision.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// The values: texts, numbers, booleans.
    pub values: Vec<Json<'static>>,
    /// What they lead to.
    pub then: Dispatch,
}

/// A message with what tells it apart.
struct Candidate {
    id: MessageId,
    types: Types,
    tags: Vec<Tag>,
    declared: Option<String>,
}

impl Candidate {
    fn tag(&self, path: &[Step]) -> Option<&Tag> {
        self.tags.iter().find(|tag| tag.path == path)
    }
}

/// Works out the decision tree for some messages.
pub(super) fn dispatch(parts: &Parts<'_>, messages: &[MessageId]) -> Dispatch {
    let is_text = |id: &MessageId| {
        parts.messages[id.index()].content_type.as_deref().is_some_and(is_plain_text)
    };
    let (texts, others): (Vec<MessageId>, Vec<MessageId>) =
        messages.iter().partition(|id| is_text(id));
    let candidates: Vec<Candidate> = others
        .into_iter()
        .map(|id| {
            let payload = parts.messages[id.index()].payload;
            let about = &parts.schemas.get(parts.schemas.target(payload)).about;
            Candidate {
                id,
                types: tags::types(parts.schemas, payload),
                tags: tags::tags(parts.schemas, payload),
                declared: about.discriminator.as_ref().map(|declared| declared.property.clone()),
            }
        })
        .collect();
    let json = by_type(candidates.iter().collect());
    if texts.is_empty() {
        return json;
    }
    let mut cases = Vec::new();
    let mut any = None;
    for id in texts {
        let payload = parts.messages[id.index()].payload;
        match collect(parts.schemas, &[payload], &[]).values {
            Some(values) => {
                let values = values.iter().filter_map(Json::as_str);
                cases.extend(values.map(|value| (value.to_owned(), id)));
            }
            None => any = Some(id),
        }
    }
    Dispatch::Text { cases, any, json: Box::new(json) }
}

fn by_type(candidates: Vec<&Candidate>) -> Dispatch {
    if candidates.len() < 2 {
        return candidates.first().map_or(Dispatch::Nothing, |one| Dispatch::Message(one.id));
    }
    // Groups of messages whose types overlap.
    let mut groups: Vec<(Types, Vec<&Candidate>)> = Vec::new();
    for candidate in candidates {
        let mut types = candidate.types;
        let mut members = vec![candidate];
        let mut at = 0;
        while at < groups.len() {
            if groups[at].0.and(types).is_empty() {
                at += 1;
            } else {
                let (other, mut first) = groups.remove(at);
                types = types.or(other);
                first.append(&mut members);
                members = first;
            }
        }
        groups.push((types, members));
    }
    match groups.pop() {
        Some((_, only)) if groups.is_empty() => by_value(only, &[]),
        Some(last) => {
            groups.push(last);
            let cases = groups.into_iter().map(|(types, members)| (types, by_value(members, &[])));
            Dispatch::Type(cases.collect())
        }
        None => Dispatch::Nothing,
    }
}

/// How well a place tells messages apart.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Score {
    /// Declared by `discriminator` in all of them.
    declared: bool,
    /// How many groups it makes.
    groups: usize,
    /// How many messages have it.
    covered: usize,
    /// Every frame of every message has it.
    required: bool,
    /// Each message has one value there.
    constant: bool,
    /// Shallow places before deep ones.
    shallow: std::cmp::Reverse<usize>,
    /// Earlier places before later ones.
    early: std::cmp::Reverse<usize>,
}

/// `asked` are places that were asked before: frames that get here do not have them.
fn by_value(candidates: Vec<&Candidate>, asked: &[&[Step]]) -> Dispatch {
    if candidates.len() < 2 {
        return candidates.first().map_or(Dispatch::Nothing, |one| Dispatch::Message(one.id));
    }
    let mut places: BTreeMap<&[Step], usize> = BTreeMap::new();
    for candidate in &candidates {
        let free = |tag: &&Tag| !asked.contains(&&tag.path[..]);
        for (at, tag) in candidate.tags.iter().filter(free).enumerate() {
            places.entry(&tag.path).or_insert(at);
        }
    }
    let best = places
        .into_iter()
        .map(|(path, early)| (score(&candidates, path, early), path))
        .filter(|(score, _)| score.groups > 1)
        .max_by(|a, b| a.0.cmp(&b.0));
    let Some((_, path)) = best else {
        return Dispatch::Check(candidates.iter().map(|each| each.id).collect());
    };
    let path = path.to_vec();
    let (groups, without) = groups(&candidates, &path);
    let mut otherwise = without;
    for candidate in &candidates {
        let tag = candidate.tag(&path);
        let may_miss = tag.is_some_and(|tag| !tag.required);
        if may_miss && !otherwise.iter().any(|known| known.id == candidate.id) {
            otherwise.push(candidate);
        }
    }
    // Messages that only may lack the place are not told apart by it again.
    let mut asked_now = asked.to_vec();
    asked_now.push(&path);
    let otherwise = match otherwise.len() {
        0 => Dispatch::Nothing,
        _ => by_value(otherwise, &asked_now),
    };
    let cases = groups
        .into_iter()
        .map(|(values, members)| Case { values, then: by_value(members, asked) })
        .collect();
    Dispatch::Value { path, cases, otherwise: Box::new(otherwise) }
}

type Group<'c> = (Vec<Json<'static>>, Vec<&'c Candidate>);

/// Groups of messages whose values at a place overlap, and the messages that do not have the place.
fn groups<'c>(candidates: &[&'c Candidate], path: &[Step]) -> (Vec<Group<'c>>, Vec<&'c Candidate>) {
    let mut groups: Vec<Group<'c>> = Vec::new();
    // Where a value's group is, and where a group went that was joined with an earlier one.
    let mut group_of: HashMap<String, usize> = HashMap::new();
    let mut joined: Vec<usize> = Vec::new();
    let mut without = Vec::new();
    for &candidate in candidates {
        let Some(tag) = candidate.tag(path) else {
            without.push(candidate);
            continue;
        };
        let keys: Vec<String> = tag.values.iter().map(value_key).collect();
        let mut met: Vec<usize> =
            keys.iter().filter_map(|key| Some(root(&joined, *group_of.get(key)?))).collect();
        met.sort_unstable();
        met.dedup();
        let at = met.first().copied().unwrap_or(groups.len());
        if at == groups.len() {
            groups.push((Vec::new(), Vec::new()));
            joined.push(at);
        }
        for other in met.into_iter().skip(1) {
            let (values, members) = std::mem::take(&mut groups[other]);
            groups[at].0.extend(values);
            groups[at].1.extend(members);
            joined[other] = at;
        }
        groups[at].1.push(candidate);
        for (key, value) in keys.into_iter().zip(&tag.values) {
            if let Entry::Vacant(place) = group_of.entry(key) {
                place.insert(at);
                groups[at].0.push(value.clone());
            }
        }
    }
    groups.retain(|group| !group.1.is_empty());
    (groups, without)
}

fn root(joined: &[usize], mut at: usize) -> usize {
    while joined[at] != at {
        at = joined[at];
    }
    at
}

/// The same for equal values: `1` and `1.0` are equal.
fn value_key(value: &Json<'static>) -> String {
    match value {
        Json::Number(number) => match number.to_i128() {
            Some(integer) => integer.to_string(),
            None => number.to_string(),
        },
        other => other.to_string(),
    }
}

fn score(candidates: &[&Candidate], path: &[Step], early: usize) -> Score {
    let (groups, without) = groups(candidates, path);
    let tags = || candidates.iter().filter_map(|each| each.tag(path));
    let declared = matches!(path, [Step::Property(name)]
        if candidates.iter().all(|each| each.declared.as_deref() == Some(name)));
    Score {
        declared,
        groups: groups.len() + usize::from(!without.is_empty()),
        covered: candidates.len() - without.len(),
        required: tags().all(|tag| tag.required),
        constant: tags().all(|tag| tag.values.len() == 1),
        shallow: std::cmp::Reverse(path.len()),
        early: std::cmp::Reverse(early),
    }
}

impl Dispatch {
    /// The messages that are found by trying.
    pub fn tried(&self) -> Vec<&[MessageId]> {
        match self {
            Self::Nothing | Self::Message(_) => Vec::new(),
            Self::Text { json, .. } => json.tried(),
            Self::Type(cases) => cases.iter().flat_map(|case| case.1.tried()).collect(),
            Self::Value { cases, otherwise, .. } => {
                let of_cases = cases.iter().flat_map(|case| case.then.tried());
                of_cases.chain(otherwise.tried()).collect()
            }
            Self::Check(messages) => vec![messages],
        }
    }

    /// Every message that it can lead to.
    pub fn messages(&self) -> Vec<MessageId> {
        let mut found = match self {
            Self::Nothing => Vec::new(),
            Self::Message(id) => vec![*id],
            Self::Text { cases, any, json } => {
                let of_cases = cases.iter().map(|case| case.1);
                of_cases.chain(*any).chain(json.messages()).collect()
            }
            Self::Type(cases) => cases.iter().flat_map(|case| case.1.messages()).collect(),
            Self::Value { cases, otherwise, .. } => {
                let of_cases = cases.iter().flat_map(|case| case.then.messages());
                of_cases.chain(otherwise.messages()).collect()
            }
            Self::Check(messages) => messages.clone(),
        };
        found.sort();
        found.dedup();
        found
    }

    /// Whether a frame is told apart by more than trying.
    pub fn is_object_only(&self) -> bool {
        !matches!(self, Self::Text { .. } | Self::Type(_))
    }
}

/// Messages that are found by trying.
struct Tried<'d> {
    messages: &'d [MessageId],
    /// Whether each of them was asked for at a place that it may lack: only frames without it are tried.
    is_last_resort: bool,
}

/// Everything that is found by trying; `told` are the messages that a place above tells apart.
fn tried<'d>(dispatch: &'d Dispatch, told: &HashSet<MessageId>, found: &mut Vec<Tried<'d>>) {
    match dispatch {
        Dispatch::Nothing | Dispatch::Message(_) => {}
        Dispatch::Text { json, .. } => tried(json, told, found),
        Dispatch::Type(cases) => cases.iter().for_each(|case| tried(&case.1, told, found)),
        Dispatch::Value { cases, otherwise, .. } => {
            cases.iter().for_each(|case| tried(&case.then, told, found));
            let mut told = told.clone();
            told.extend(cases.iter().flat_map(|case| case.then.messages()));
            tried(otherwise, &told, found);
        }
        Dispatch::Check(messages) => {
            let is_last_resort = messages.iter().all(|message| told.contains(message));
            found.push(Tried { messages, is_last_resort });
        }
    }
}

/// The messages of a direction that only ever answer a request, and carry its correlation id.
fn correlated(parts: &Parts<'_>, direction: Direction) -> HashSet<MessageId> {
    let replies = parts.operations.iter().filter(|operation| operation.direction != direction);
    let mut found: HashSet<MessageId> = replies
        .filter_map(|operation| operation.reply.as_ref())
        .flat_map(|reply| reply.messages.iter().copied())
        .filter(|message| parts.messages[message.index()].correlation.is_some())
        .collect();
    for operation in parts.operations.iter().filter(|each| each.direction == direction) {
        for message in &operation.messages {
            found.remove(message);
        }
    }
    found
}

/// Reports messages that are told apart by trying only.
pub(super) fn warn(
    reading: &Reading<'_>,
    parts: &Parts<'_>,
    dispatch: &Dispatch,
    direction: Direction,
) {
    let mut found = Vec::new();
    tried(dispatch, &HashSet::new(), &mut found);
    let correlated = correlated(parts, direction);
    for Tried { messages, is_last_resort } in found {
        // Whose request is known is known, too.
        if messages.iter().filter(|message| !correlated.contains(message)).count() < 2 {
            continue;
        }
        let keys: Vec<String> =
            messages.iter().map(|id| format!("`{}`", parts.messages[id.index()].key)).collect();
        let Some((first, others)) = messages.split_first() else { continue };
        let verb = match direction {
            Direction::Receive => "received",
            Direction::Send => "sent",
        };
        let shown = match keys.len() {
            0..=4 => keys.join(", "),
            n => format!("{} and {} more", keys[..3].join(", "), n - 3),
        };
        let place = parts.messages[first.index()].origin.span.at_start();
        if is_last_resort {
            let message =
                format!("what tells the {verb} messages {shown} apart may be missing from them");
            reading.report(
                Diagnostic::new(&OPTIONAL_DISCRIMINATOR, place, message).help(
                    "add it to `required`; a frame without it is tried by one after the other",
                ),
            );
            continue;
        }
        let message = format!("nothing tells the {verb} messages {shown} apart");
        let mut finding = Diagnostic::new(&NO_DISCRIMINATOR, place, message)
            .help("give each a property with a `const` of its own; until then they are tried one after the other");
        for other in others.iter().take(3) {
            let message = &parts.messages[other.index()];
            let place = message.origin.span.at_start();
            finding = finding.related(place, format!("`{}` may look the same", message.key));
        }
        reading.report(finding);
    }
}
