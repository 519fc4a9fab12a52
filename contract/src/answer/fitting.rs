//! Fits a template into the shape of a payload.
//!
//! In: JSON whose texts may speak of topic, parameters and what happened, and the shape that it is to have.
//! Out: an [`Answer`], or what does not fit, in a sentence. Does not know where in the document the template
//! stands.

use json::Json;

use super::{Answer, AnswerPart, Parts};
use crate::model::{NoticeKind, Topic};
use crate::schema::{Shape, ShapeId};

/// What a template may speak of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Occasion {
    /// A subscribe was granted.
    Granted,
    /// An unsubscribe was carried out.
    Unsubscribed,
    /// A handler refused.
    Refused,
    /// The server tells of its own account.
    Notice(NoticeKind),
}

impl Occasion {
    /// What a `{$…}` of a template stands for.
    pub(super) fn variable(self, name: &str) -> Option<AnswerPart> {
        Some(match (name, self) {
            ("$topic", Self::Notice(NoticeKind::Violation)) => return None,
            ("$topic", _) => AnswerPart::Topic,
            ("$message", Self::Refused | Self::Notice(_)) => AnswerPart::Message,
            ("$position", Self::Granted) => AnswerPart::Position,
            ("$recovery", Self::Granted) => AnswerPart::Recovery,
            ("$count", Self::Notice(NoticeKind::Dropped)) => AnswerPart::Count,
            _ => return None,
        })
    }
}

/// A template of an answer, with what it may speak of.
pub(super) struct Fitting<'p> {
    pub(super) parts: &'p Parts<'p>,
    pub(super) topic: Option<&'p Topic>,
    /// The item of a topic that was refused.
    pub(super) refused: Option<&'p Json<'static>>,
    pub(super) occasion: Occasion,
    /// Whether this is about all topics of a request, of which there may be several.
    pub(super) about_all: bool,
}

impl Fitting<'_> {
    /// The answer that a template is, as a value of a shape; `place` is the way to it, for messages.
    ///
    /// # Errors
    /// What does not fit.
    pub(super) fn fit(
        &self,
        shape: ShapeId,
        template: &Json<'static>,
        place: &str,
    ) -> Result<Answer, String> {
        let shapes = self.parts.shapes;
        let id = shapes.resolve(shape);
        let here = if place.is_empty() { "the answer".to_owned() } else { format!("`{place}`") };
        match (&shapes.get(id).shape, template) {
            (Shape::Struct(object), Json::Object(members)) => {
                let known = |name: &str| object.fields.iter().any(|field| field.name == name);
                if let Some(name) = members.keys().find(|name| !known(name)) {
                    let names = object.fields.iter().map(|field| format!("`{}`", field.name));
                    return Err(format!(
                        "the reply has no property `{place}{name}`; it has {}",
                        names.collect::<Vec<_>>().join(", ")
                    ));
                }
                let mut fields = Vec::new();
                for (at, field) in object.fields.iter().enumerate() {
                    if field.constant.is_some() {
                        continue;
                    }
                    match members.get(&field.name) {
                        Some(value) => {
                            let place = format!("{place}{}", field.name);
                            fields.push((at, self.fit(field.shape, value, &place)?));
                        }
                        None if field.required => {
                            return Err(format!("the reply needs `{place}{}`", field.name));
                        }
                        None => {}
                    }
                }
                Ok(Answer::Struct(fields))
            }
            (Shape::List(item), Json::Array(items)) if self.about_all => {
                if self.occasion == Occasion::Refused {
                    return Err(format!(
                        "{here} is about each topic, and a refusal about the whole request: say \
                         `refused` in the topic's `reply`"
                    ));
                }
                let [template] = &items[..] else {
                    return Err(format!("{here} has one item, which is written for each topic"));
                };
                let one = Self { about_all: false, ..*self };
                let granted = Box::new(one.fit(*item, template, place)?);
                let refusing = Self { occasion: Occasion::Refused, ..one };
                let refused = self
                    .refused
                    .filter(|_| self.occasion == Occasion::Granted)
                    .map(|template| refusing.fit(*item, template, place).map(Box::new));
                Ok(Answer::Each { granted, refused: refused.transpose()? })
            }
            (Shape::Text(_), Json::String(text)) => Ok(Answer::Text(self.parts_of(text)?)),
            (Shape::Enum(values), Json::String(text))
                if text == "{$recovery}" && self.occasion == Occasion::Granted =>
            {
                self.is_about_one(text)?;
                let known = |word: &&str| values.variants.iter().any(|each| each.value == **word);
                match ["none", "complete", "gap"].iter().find(|word| !known(word)) {
                    None => Ok(Answer::Recovery),
                    Some(word) => {
                        Err(format!("{here} has no value `{word}`, which `{text}` may be"))
                    }
                }
            }
            (Shape::Integer(_), Json::String(text))
                if text == "{$count}" && self.occasion.variable("$count").is_some() =>
            {
                Ok(Answer::Count)
            }
            (_, Json::String(text)) if single_parameter(text).is_some() => {
                self.is_about_one(text)?;
                let name = single_parameter(text).unwrap_or_default();
                let parameter = self
                    .topic
                    .into_iter()
                    .flat_map(|topic| &topic.parameters)
                    .find(|parameter| parameter.name == name);
                let same = parameter.and_then(|parameter| shapes.of(parameter.schema));
                match same {
                    Some(same) if shapes.resolve(same) == id => {
                        Ok(Answer::Parameter(name.to_owned()))
                    }
                    _ => Err(format!("{here} has another type than `{{{name}}}`")),
                }
            }
            (_, value) => {
                let schema = shapes.get(id).schema;
                match crate::schema::validate::validate(self.parts.schemas, schema, value) {
                    Ok(()) => Ok(Answer::Value(value.clone())),
                    Err(violation) => Err(format!("{here} does not fit the reply: {violation}")),
                }
            }
        }
    }

    /// What a request with several topics says of one of them, it says in the item of a list.
    fn is_about_one(&self, what: &str) -> Result<(), String> {
        if self.about_all {
            return Err(format!(
                "`{what}` stands for one of several topics: say it in the item of a list"
            ));
        }
        Ok(())
    }

    fn parts_of(&self, text: &str) -> Result<Vec<AnswerPart>, String> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let Some((name, behind)) = after.split_once('}') else { break };
            if !before.is_empty() {
                parts.push(AnswerPart::Text(before.to_owned()));
            }
            let known = self
                .topic
                .is_some_and(|topic| topic.parameters.iter().any(|each| each.name == name));
            let about_topic = self.topic.is_some() || matches!(self.occasion, Occasion::Notice(_));
            if self.occasion.variable(name) != Some(AnswerPart::Message) {
                self.is_about_one(&format!("{{{name}}}"))?;
            }
            parts.push(match self.occasion.variable(name) {
                Some(AnswerPart::Topic) if !about_topic => {
                    return Err(format!("`{{{name}}}` stands for nothing here"));
                }
                Some(variable) => variable,
                None if known => AnswerPart::Parameter(name.to_owned()),
                None => return Err(format!("`{{{name}}}` stands for nothing here")),
            });
            rest = behind;
        }
        if !rest.is_empty() || parts.is_empty() {
            parts.push(AnswerPart::Text(rest.to_owned()));
        }
        Ok(parts)
    }
}

/// The parameter that a text is, if it is nothing else.
fn single_parameter(text: &str) -> Option<&str> {
    let name = text.strip_prefix('{')?.strip_suffix('}')?;
    (!name.contains(['{', '}', '$'])).then_some(name)
}
