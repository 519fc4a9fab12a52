//! The names of types: which shapes need one, and what becomes of two that are the same.
//!
//! In: the shapes, and the name that each schema has by its place (`anchors.rs`). Out: one name for every type,
//! or a finding (`names/clash`).

use std::collections::{BTreeMap, HashMap, HashSet};

use super::anchors::{Anchors, Rank};
use super::reserved::is_reserved;
use super::words::Name;
use super::{Names, Parts, scope};
use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::{Direction, EndpointId};
use crate::reading::Reading;
use crate::schema::shape::Part;
use crate::schema::{About, SchemaId, Shape, ShapeId, Shapes};
use crate::wire::Framing;

/// Two types would have one name.
pub(crate) static CLASH: Rule = Rule {
    id: "names/clash",
    severity: Severity::Warning,
    page: "\
Two schemas would give types of one name, or a schema would give a type that the language or the
generated code already has. The one that is nested deeper, or both, get a suffix that depends on
their place in the document only. `x-name` gives a type a name of its own.

Wrong:

```yaml
components:
  schemas:
    Option: { type: object, properties: { strike: { type: number } } }
```

Right:

```yaml
components:
  schemas:
    Option: { x-name: TradeOption, type: object, properties: { strike: { type: number } } }
```
",
};

struct Candidate {
    shape: ShapeId,
    name: Name,
    /// What the clash suffix says: `Schema`, `Message`.
    kind: &'static str,
    rank: Rank,
    /// What the last suffix is made from.
    pointer: String,
    schema: SchemaId,
    pinned: Option<String>,
}

pub(super) fn types(
    reading: &Reading<'_>,
    parts: &Parts<'_>,
    names: &Names,
) -> (HashMap<ShapeId, String>, Vec<(String, ShapeId)>) {
    let anchors = Anchors::new(parts, names);
    let recursive = recursive(parts.shapes);
    let shown = shown(parts);
    let mut candidates: Vec<Candidate> = parts
        .shapes
        .iter()
        .filter(|(id, entry)| {
            shown.contains(id) && (needs_name(&entry.shape) || recursive.contains(id))
        })
        .map(|(id, _)| candidate(parts, &anchors, id))
        .collect();
    candidates.sort_by(|a, b| (a.rank, &a.pointer, a.shape).cmp(&(b.rank, &b.pointer, b.shape)));

    let mut taken = derived(names);
    let mut types = HashMap::new();
    let mut at = 0;
    while at < candidates.len() {
        let rank = candidates[at].rank;
        let end = at + candidates[at..].partition_point(|each| each.rank == rank);
        settle(reading, parts, &candidates[at..end], &mut taken, &mut types);
        at = end;
    }
    let aliases = aliases(parts, &mut taken, &types);
    (types, aliases)
}

/// Components whose shape is no item of its own: a text, a list, another component.
fn aliases(
    parts: &Parts<'_>,
    taken: &mut HashSet<String>,
    types: &HashMap<ShapeId, String>,
) -> Vec<(String, ShapeId)> {
    let mut aliases = Vec::new();
    for (key, schema) in parts.components {
        let Some(shape) = parts.shapes.of(*schema) else { continue };
        let about = &parts.schemas.get(*schema).about;
        let pinned = pinned(about);
        let name = pinned.clone().unwrap_or_else(|| Name::new(key).pascal());
        let is_type = types.get(&shape).is_some_and(|known| *known == name);
        if is_type || types.contains_key(&shape) && pinned.is_some() {
            continue;
        }
        let name = if taken.contains(&name.to_ascii_lowercase()) || is_reserved(&name) {
            format!("{name}Schema")
        } else {
            name
        };
        // A second clash: the alias is a convenience, so it is left out.
        if taken.insert(name.to_ascii_lowercase()) {
            aliases.push((name, shape));
        }
    }
    aliases
}

/// Lists, maps and options that hold themselves without a named type between: they need a name.
fn recursive(shapes: &Shapes) -> HashSet<ShapeId> {
    let unnamed = |id: ShapeId| {
        let shape = &shapes.get(id).shape;
        !needs_name(shape) && !shapes.parts(id).is_empty()
    };
    let mut recursive = HashSet::new();
    for (start, _) in shapes.iter().filter(|(id, _)| unnamed(*id)) {
        let mut pending = shapes.parts(start);
        let mut visited = HashSet::new();
        while let Some(id) = pending.pop() {
            if id == start {
                // One name on the cycle is enough: a list or a map, which can be a type of its own.
                if matches!(shapes.get(start).shape, Shape::List(_) | Shape::Map(_)) {
                    recursive.insert(start);
                }
                break;
            }
            if unnamed(id) && !recursive.contains(&id) && visited.insert(id) {
                pending.extend(shapes.parts(id));
            }
        }
    }
    recursive
}

/// The shapes that people see: those of components, of payloads (not of the envelopes around them), of
/// parameters, and what these are made of. A property that has only one value is written by its
/// holder, so its shape is not seen.
fn shown(parts: &Parts<'_>) -> HashSet<ShapeId> {
    let mut schemas: Vec<SchemaId> = parts.components.iter().map(|(_, schema)| *schema).collect();
    let carried: HashSet<usize> = carried_by_sockets(parts);
    for (at, message) in parts.messages.iter().enumerate() {
        match parts.wire.framing(crate::model::MessageId(at)) {
            Framing::Envelope(envelope) => {
                schemas.extend(envelope.payload().map(|payload| payload.1));
            }
            Framing::Whole => schemas.push(message.payload),
            Framing::Text => {}
        }
        // WebSocket has no place for application headers.
        schemas.extend(message.headers.filter(|_| !carried.contains(&at)));
    }
    for channel in parts.channels {
        schemas.extend(channel.parameters.iter().map(|parameter| parameter.schema));
        schemas.extend(channel.ws.iter().flat_map(|ws| [ws.query, ws.headers]).flatten());
    }
    schemas.extend(
        parts.topics.iter().flat_map(|topic| &topic.parameters).map(|parameter| parameter.schema),
    );
    let mut pending: Vec<ShapeId> =
        schemas.into_iter().filter_map(|schema| parts.shapes.of(schema)).collect();
    let mut shown = HashSet::new();
    while let Some(id) = pending.pop() {
        if !shown.insert(id) {
            continue;
        }
        match &parts.shapes.get(id).shape {
            Shape::Struct(shape) => {
                let fields = shape.fields.iter().filter(|field| field.constant.is_none());
                pending.extend(fields.map(|field| field.shape));
                pending.extend(shape.rest.shape());
            }
            _ => pending.extend(parts.shapes.parts(id)),
        }
    }
    shown
}

/// The messages of WebSocket channels.
fn carried_by_sockets(parts: &Parts<'_>) -> HashSet<usize> {
    let sockets = parts.endpoints.iter().enumerate().filter(|(_, each)| each.is_websocket);
    sockets
        .flat_map(|(at, _)| {
            let of = |way| parts.wire.dispatch(EndpointId(at), way).messages();
            [of(Direction::Receive), of(Direction::Send)].concat()
        })
        .map(|message| message.index())
        .collect()
}

/// Whether a shape is an item of its own.
fn needs_name(shape: &Shape) -> bool {
    matches!(shape, Shape::Struct(_) | Shape::Enum(_) | Shape::Union(_) | Shape::Tuple(_))
}

/// Gives names to candidates of one rank.
fn settle(
    reading: &Reading<'_>,
    parts: &Parts<'_>,
    candidates: &[Candidate],
    taken: &mut HashSet<String>,
    types: &mut HashMap<ShapeId, String>,
) {
    let clashing = |names: &[(usize, String)], taken: &HashSet<String>| -> HashSet<usize> {
        let mut by_name: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, name) in names {
            by_name.entry(name.to_ascii_lowercase()).or_default().push(*at);
        }
        names
            .iter()
            .filter(|(_, name)| {
                by_name[&name.to_ascii_lowercase()].len() > 1
                    || taken.contains(&name.to_ascii_lowercase())
                    || is_reserved(name)
            })
            .map(|(at, _)| *at)
            .collect()
    };
    let mut names: Vec<(usize, String)> = candidates
        .iter()
        .enumerate()
        .map(|(at, each)| (at, each.pinned.clone().unwrap_or_else(|| each.name.pascal())))
        .collect();
    let first = clashing(&names, taken);
    for &at in &first {
        names[at].1 = format!("{}{}", names[at].1, candidates[at].kind);
    }
    let second = clashing(&names, taken);
    for &at in &second {
        if first.contains(&at) {
            let suffix = scope::suffix(&candidates[at].pointer);
            names[at].1 = format!("{}{suffix}", candidates[at].name.pascal());
        }
    }
    for &at in &first {
        report(reading, parts, &candidates[at], &names[at].1);
    }
    for (at, name) in names {
        taken.insert(name.to_ascii_lowercase());
        types.insert(candidates[at].shape, name);
    }
}

fn report(reading: &Reading<'_>, parts: &Parts<'_>, candidate: &Candidate, name: &str) {
    let wanted = candidate.name.pascal();
    let origin = &parts.schemas.get(candidate.schema).origin;
    reading.report(
        Diagnostic::new(
            &CLASH,
            origin.span.at_start(),
            format!("the type of this schema is called `{name}`, as `{wanted}` is taken"),
        )
        .help("give it a name with `x-name`"),
    );
}

/// Names that generated code gives to items that are no payload types.
fn derived(names: &Names) -> HashSet<String> {
    let mut taken = HashSet::new();
    let mut add = |name: String| taken.insert(name.to_ascii_lowercase());
    for endpoint in &names.endpoints {
        let base = endpoint.pascal();
        for suffix in super::OF_ENDPOINT {
            add(format!("{base}{suffix}"));
        }
    }
    for topic in &names.topics {
        for suffix in ["Topic", "Push"] {
            add(format!("{}{suffix}", topic.pascal()));
        }
    }
    for operation in &names.operations {
        for suffix in ["Reply", "Error", "Request"] {
            add(format!("{}{suffix}", operation.pascal()));
        }
    }
    taken
}

/// The name that `x-name` pins; one that is no identifier is made one.
fn pinned(about: &About) -> Option<String> {
    let text = about.extension("x-name").and_then(json::Json::as_str)?;
    let is_identifier = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    Some(if is_identifier { text.to_owned() } else { Name::new(text).pascal() })
}

fn candidate(parts: &Parts<'_>, anchors: &Anchors, id: ShapeId) -> Candidate {
    let entry = parts.shapes.get(id);
    let schema = parts.schemas.get(entry.schema);
    let pinned = pinned(&schema.about);
    let pinned = pinned.filter(|_| matches!(entry.part, Part::Whole | Part::NotNull));
    let (mut name, anchor) = anchors.name(&schema.origin.pointer);
    let mut pointer = schema.origin.pointer.clone();
    match &entry.part {
        Part::Whole | Part::NotNull | Part::Unspoken => {}
        Part::Type(each) => name = name.then(&Name::new(each.name())),
        Part::Alternative(at) => {
            pointer = format!("{pointer}/alternative/{at}");
            name = alternative(parts, anchors, &name, entry.schema, *at);
        }
    }
    let whole = matches!(entry.part, Part::Whole | Part::NotNull);
    let rank = match (&pinned, anchor) {
        (Some(_), _) => Rank::Pinned,
        (None, Some(kind)) if whole => kind,
        _ => Rank::Nested,
    };
    let kind = if rank == Rank::Message { "Message" } else { "Schema" };
    Candidate { shape: id, name, kind, rank, pointer, schema: entry.schema, pinned }
}

/// The name of a branch that was merged with what stands beside the union.
fn alternative(
    parts: &Parts<'_>,
    anchors: &Anchors,
    base: &Name,
    schema: SchemaId,
    at: usize,
) -> Name {
    use crate::schema::Rule;
    let rules = &parts.schemas.get(schema).rules;
    let branch = rules.iter().find_map(|rule| match rule {
        Rule::OneOf(branches) | Rule::AnyOf(branches) => branches.get(at),
        _ => None,
    });
    let Some(&branch) = branch else { return base.then(&Name::new(&format!("option {}", at + 1))) };
    let (own, _) = anchors.name(&parts.schemas.get(branch).origin.pointer);
    if own.starts_with(base) { own } else { base.then(&own) }
}
