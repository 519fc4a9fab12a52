//! Topics, once schemas and shapes are known: the types of parameters, and answers that fit.
//!
//! In: topics as `extension/topics.rs` read them. Out: the same with every parameter's schema filled in,
//! and [`Answer`]s for the default handlers. Reports locations that lead nowhere
//! (`topic/unknown-location`), names that could be read in two ways (`topic/ambiguous-name`), and
//! answers that do not fit the reply (`topic/answer`).

use json::Json;

use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::{
    Carried, Message, MessageId, Operation, ParameterSource, Template, TemplatePart, Topic,
};
use crate::reading::Reading;
use crate::schema::facets::collect;
use crate::schema::{SchemaId, Schemas};
use crate::source::Span;

/// The rules about topics and what they are made of.
pub(crate) const RULES: &[&Rule] = &[&UNKNOWN_LOCATION, &AMBIGUOUS_NAME];

/// A location leads to nothing.
pub(crate) static UNKNOWN_LOCATION: Rule = Rule {
    id: "topic/unknown-location",
    severity: Severity::Error,
    page: "\
A topic's `location` is a runtime expression (`$message.payload#/payload/symbol`) that leads to no
property of the message: for a parameter, of the message that subscribes; for `topic`, of the
message that is pushed.

Wrong:

```yaml
channels:
  ticks:
    address: /ticks
    messages:
      tick: { payload: { type: number } }
      follow: { payload: { type: object, properties: { symbol: { type: string } } } }
    x-topics:
      ticks:
        name: ticks:{symbol}
        parameters: { symbol: { location: $message.payload#/payload/symbol } }
        message: tick
        subscribe: follow
operations:
  follow:
    action: receive
    channel: { $ref: '#/channels/ticks' }
    messages: [{ $ref: '#/channels/ticks/messages/follow' }]
```

Right:

```yaml
channels:
  ticks:
    address: /ticks
    messages:
      tick: { payload: { type: number } }
      follow: { payload: { type: object, properties: { symbol: { type: string } } } }
    x-topics:
      ticks:
        name: ticks:{symbol}
        parameters: { symbol: { location: $message.payload#/symbol } }
        message: tick
        subscribe: follow
operations:
  follow:
    action: receive
    channel: { $ref: '#/channels/ticks' }
    messages: [{ $ref: '#/channels/ticks/messages/follow' }]
```
",
};

/// A topic's name could be read in two ways.
pub(crate) static AMBIGUOUS_NAME: Rule = Rule {
    id: "topic/ambiguous-name",
    severity: Severity::Error,
    page: "\
A topic's name could be taken apart in two ways. At most one of the parameters of a template may
contain the text that separates it from its neighbours: `bars:{symbol}:{resolution}` is fine while a
resolution never has a colon (it has an `enum` without one), although a symbol may have one
(`BINANCE:BTC`). Two parameters that touch each other (`{a}{b}`) are never fine.

Give one of them an `enum`, or a `pattern` such as `^[^:]+$`, or separate them by another text.

Wrong:

```yaml
channels:
  ticks:
    address: /ticks
    messages: { tick: { payload: { type: object, properties: { symbol: { type: string } } } } }
    x-topics:
      ticks: { name: '{symbol}:{venue}', parameters: { symbol: {}, venue: {} }, message: tick }
```

Right:

```yaml
channels:
  ticks:
    address: /ticks
    messages: { tick: { payload: { type: object, properties: { symbol: { type: string } } } } }
    x-topics:
      ticks:
        name: '{symbol}:{venue}'
        parameters: { symbol: {}, venue: { enum: [xnas, xnys] } }
        message: tick
```
",
};

/// Fills in what could not be known when the topics were read.
pub(crate) fn complete(
    reading: &Reading<'_>,
    topics: &mut [Topic],
    schemas: &Schemas,
    operations: &[Operation],
    messages: &[Message],
) {
    for topic in topics {
        let subscribe = topic.subscribe.map(|id| &operations[id.index()]);
        let request = subscribe.and_then(|operation| operation.messages.first());
        for at in 0..topic.parameters.len() {
            let parameter = &topic.parameters[at];
            let ParameterSource::Message(path) = &parameter.source else { continue };
            let Some(request) = request else { continue };
            let payload = messages[request.index()].payload;
            match schema_at(schemas, payload, path) {
                Ok(found) => {
                    let item = item_of(schemas, found);
                    if item.is_some()
                        && let Some(other) = topic.many()
                    {
                        let message = format!(
                            "both `{}` and `{}` come from a list, so that it is open which topics are meant",
                            other.name, parameter.name
                        );
                        let origin = schemas.get(parameter.schema).origin.span;
                        reading.find(&UNKNOWN_LOCATION, origin, message);
                    }
                    let has_own_rules = !schemas.get(parameter.schema).rules.is_empty();
                    let parameter = &mut topic.parameters[at];
                    parameter.many = item.is_some();
                    if !has_own_rules {
                        parameter.schema = item.unwrap_or(found);
                    }
                }
                Err(missing) => {
                    let what = format!("parameter `{}` of topic `{}`", parameter.name, topic.key);
                    let origin = schemas.get(parameter.schema).origin.span;
                    unknown_location(reading, &what, origin, path, &missing, *request, messages);
                }
            }
        }
        if let Carried::At(path) = &topic.carried {
            for id in &topic.messages {
                let payload = messages[id.index()].payload;
                if let Err(missing) = schema_at(schemas, payload, path) {
                    let what = format!("topic `{}`", topic.key);
                    unknown_location(
                        reading,
                        &what,
                        topic.origin.span,
                        path,
                        &missing,
                        *id,
                        messages,
                    );
                }
            }
        }
        check_delivery(reading, topic, schemas, request.copied(), messages);
        topic.wide = check_name(reading, topic, schemas);
    }
}

/// The places that `key`, `since` and `interval` name.
fn check_delivery(
    reading: &Reading<'_>,
    topic: &Topic,
    schemas: &Schemas,
    request: Option<MessageId>,
    messages: &[Message],
) {
    let delivery = &topic.delivery;
    let interval = delivery.interval.as_ref().map(|interval| &interval.path);
    let of_request = [("since", delivery.since.as_ref()), ("interval", interval)];
    let of_request = of_request.into_iter().flat_map(|(key, path)| {
        path.into_iter().flat_map(move |path| request.map(|request| (key, path, request)))
    });
    let of_pushes = delivery
        .key
        .iter()
        .flat_map(|path| topic.messages.iter().map(move |message| ("key", path, *message)));
    for (key, path, message) in of_request.chain(of_pushes) {
        if let Err(missing) = schema_at(schemas, messages[message.index()].payload, path) {
            let what = format!("`{key}` of topic `{}`", topic.key);
            let place = topic.origin.span;
            unknown_location(reading, &what, place, path, &missing, message, messages);
        }
    }
}

/// The schema of a list's items; `None` if the values are no lists.
fn item_of(schemas: &Schemas, schema: SchemaId) -> Option<SchemaId> {
    let facets = collect(schemas, &[schema], &[]);
    let is_list = facets.types.single() == Some(crate::schema::Type::Array);
    facets.items.first().copied().filter(|_| is_list)
}

/// The schema that a path of properties leads to, or the step that leads nowhere.
pub(crate) fn schema_at(
    schemas: &Schemas,
    start: SchemaId,
    path: &[String],
) -> Result<SchemaId, Missing> {
    let mut here = vec![start];
    for step in path {
        let facets = collect(schemas, &here, &[]);
        let property = facets.properties.iter().find(|(name, _)| name == step);
        here = match property {
            Some((_, of_property)) => of_property.clone(),
            None => {
                let item = step.parse::<usize>().ok().and_then(|at| {
                    facets
                        .tuples
                        .first()
                        .and_then(|(items, _)| items.get(at))
                        .or(facets.items.first())
                });
                match item {
                    Some(item) => vec![*item],
                    None => {
                        let known = facets.properties.iter().map(|(name, _)| name.clone());
                        return Err(Missing { step: step.clone(), known: known.collect() });
                    }
                }
            }
        };
    }
    Ok(here[0])
}

/// A step of a path that leads nowhere.
#[derive(Debug)]
pub(crate) struct Missing {
    pub(crate) step: String,
    /// The properties that there are.
    pub(crate) known: Vec<String>,
}

fn unknown_location(
    reading: &Reading<'_>,
    what: &str,
    place: Span,
    path: &[String],
    missing: &Missing,
    message: MessageId,
    messages: &[Message],
) {
    let message = &messages[message.index()];
    let list = missing.known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let label = if list.is_empty() {
        "there are no properties".to_owned()
    } else {
        format!("properties there are {list}")
    };
    let text = format!(
        "{what} is to be found at `/{}`, but message `{}` has no `{}` there",
        path.join("/"),
        message.key,
        missing.step
    );
    let known = missing.known.iter().map(String::as_str);
    let mut finding = Diagnostic::new(&UNKNOWN_LOCATION, place, text)
        .label(label)
        .related(message.origin.span, "the message");
    if let Some(near) = crate::nearest::nearest(&missing.step, known) {
        finding = finding.help(format!("did you mean `{near}`?"));
    }
    reading.report(finding);
}

/// The parameter that may contain what separates it; reports a second one.
fn check_name(reading: &Reading<'_>, topic: &Topic, schemas: &Schemas) -> Option<String> {
    let parts = &topic.name.parts;
    for pair in parts.windows(2) {
        if let [TemplatePart::Parameter(a), TemplatePart::Parameter(b)] = pair {
            let message = format!(
                "nothing separates `{{{a}}}` from `{{{b}}}` in the name of topic `{}`",
                topic.key
            );
            reading.report(
                Diagnostic::new(&AMBIGUOUS_NAME, topic.name.span, message)
                    .help(format!("write `{{{a}}}:{{{b}}}`")),
            );
            return None;
        }
    }
    // Each separator that is followed by a parameter, and preceded by one.
    let mut wide: Vec<&str> = Vec::new();
    for (at, part) in parts.iter().enumerate() {
        let TemplatePart::Parameter(name) = part else { continue };
        let neighbours = [at.checked_sub(1), Some(at + 1)];
        let separators = neighbours.into_iter().flatten().filter_map(|at| match parts.get(at) {
            Some(TemplatePart::Text(text)) => Some(text.as_str()),
            _ => None,
        });
        let between: Vec<&str> = separators.filter(|text| separates(&topic.name, text)).collect();
        let parameter = topic.parameters.iter().find(|known| known.name == *name);
        let Some(parameter) = parameter else { continue };
        if between.iter().any(|text| may_contain(schemas, parameter.schema, text)) {
            wide.push(name);
        }
    }
    if let [first, second, ..] = wide[..] {
        let message = format!(
            "the name of topic `{}` can be read in two ways: both `{{{first}}}` and `{{{second}}}` may contain what separates them",
            topic.key
        );
        reading.report(
            Diagnostic::new(&AMBIGUOUS_NAME, topic.name.span, message)
                .help(format!("give `{second}` an `enum`, or a `pattern` such as `^[^:]+$`")),
        );
    }
    wide.first().map(|name| (*name).to_owned())
}

/// Whether a text of a template stands between two parameters.
fn separates(template: &Template, text: &str) -> bool {
    template.parts.windows(3).any(|parts| {
        matches!(parts, [TemplatePart::Parameter(_), TemplatePart::Text(between), TemplatePart::Parameter(_)] if between == text)
    })
}

/// Whether a value of a schema may contain a text.
fn may_contain(schemas: &Schemas, schema: SchemaId, text: &str) -> bool {
    use crate::schema::{Rule, Type};
    let facets = collect(schemas, &[schema], &[]);
    if let Some(values) = &facets.values {
        return values.iter().any(|value| match value {
            Json::String(value) => value.contains(text),
            other => other.to_string().contains(text),
        });
    }
    if matches!(facets.types.single(), Some(Type::Integer | Type::Boolean | Type::Null)) {
        return false;
    }
    let target = schemas.target(schema);
    let excluded = schemas.get(target).rules.iter().any(|rule| match rule {
        Rule::Pattern(pattern) => excludes(pattern, text),
        _ => false,
    });
    !excluded
}

/// Whether a pattern is one class for the whole text that leaves out a character of `text`:
/// `^[^:]+$`, `^[A-Z]{1,5}$`.
fn excludes(pattern: &str, text: &str) -> bool {
    let Some(inner) = pattern.strip_prefix("^[").and_then(|rest| rest.strip_suffix('$')) else {
        return false;
    };
    let Some((class, count)) = inner.rsplit_once(']') else { return false };
    let counted =
        matches!(count, "+" | "*" | "?" | "") || count.starts_with('{') && count.ends_with('}');
    if !counted || class.contains(']') {
        return false;
    }
    let single = format!("^[{class}]$");
    let Ok(regex) = crate::schema::pattern::compile(&single) else { return false };
    text.chars().any(|c| regex.find(c.encode_utf8(&mut [0; 4])).is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_that_leaves_the_separator_out_excludes_it() {
        assert!(excludes("^[^:]+$", ":"));
        assert!(excludes("^[A-Z]{1,5}$", ":"));
        assert!(!excludes("^.+$", ":"));
        assert!(!excludes("^[A-Z:]+$", ":"));
        assert!(!excludes("[A-Z]", ":"));
    }
}
