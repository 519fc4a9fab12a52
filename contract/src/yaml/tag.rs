//! Tags: those of the core schema say what a value is, others mean nothing here.

use granit_parser::Tag;

use super::Reader;
use super::rule::UNSUPPORTED;
use super::scalar::{self, Plain};
use crate::diagnostic::Diagnostic;
use crate::source::Span;
use crate::text::Stop;

impl Reader<'_, '_> {
    /// What a scalar means with its tag, if it has one.
    pub(super) fn meaning<'v>(
        &mut self,
        value: &'v str,
        plain: bool,
        tag: Option<(&Tag, Span)>,
        span: Span,
    ) -> Result<Plain<'v>, Stop> {
        let Some((tag, place)) = tag else {
            return Ok(if plain { scalar::resolve(value) } else { Plain::Text });
        };
        let is_nothing = plain && span.start == span.end;
        if is_non_specific(tag) {
            return Ok(if is_nothing { Plain::Null } else { Plain::Text });
        }
        // The parser gives `~` for a scalar that is not there.
        let value_or_nothing = if is_nothing { "" } else { value };
        let meaning = scalar::resolve(value_or_nothing);
        let (fits, expected) = match tag.core_suffix() {
            Some("str") => return Ok(Plain::Text),
            Some("null") => (meaning == Plain::Null, "null"),
            Some("bool") => (matches!(meaning, Plain::Bool(_)), "a boolean"),
            Some("float") => {
                let number =
                    matches!(meaning, Plain::Number(_) | Plain::NotFinite | Plain::TooLong);
                (number, "a number")
            }
            Some("int") => {
                let whole = match &meaning {
                    Plain::Number(number) => !number.contains(['.', 'e', 'E']),
                    meaning => *meaning == Plain::TooLong,
                };
                (whole, "an integer")
            }
            _ => {
                self.unknown_tag(tag, place)?;
                return Ok(if plain { scalar::resolve(value) } else { Plain::Text });
            }
        };
        if !fits {
            let written = self.written(place);
            let finding = Diagnostic::new(
                &UNSUPPORTED,
                span,
                format!("`{value_or_nothing}` is not {expected}, as its tag `{written}` says"),
            )
            .related(place, "the tag")
            .help("change the value, or remove the tag");
            self.report.add(finding)?;
            return Ok(Plain::Text);
        }
        Ok(meaning)
    }

    pub(super) fn collection_tag(
        &mut self,
        place: &granit_parser::Span,
        tag: Option<&Tag>,
        expected: &str,
        span: Span,
    ) -> Result<(), Stop> {
        match tag {
            Some(tag) if !tag.is_yaml_core_schema_tag(expected) && !is_non_specific(tag) => {
                let place = self.tag_span(place, span);
                self.unknown_tag(tag, place)
            }
            _ => Ok(()),
        }
    }

    pub(super) fn unknown_tag(&mut self, tag: &Tag, place: Span) -> Result<(), Stop> {
        let written = self.written(place);
        let message = if is_core(tag) {
            format!("the tag `{written}` does not fit its value")
        } else {
            format!("the tag `{written}` has no meaning here")
        };
        let finding = Diagnostic::new(&UNSUPPORTED, place, message)
            .help("remove it; to start a text with `!`, put it in quotes");
        self.report.add(finding)
    }

    pub(super) fn tag_span(&self, place: &granit_parser::Span, node: Span) -> Span {
        let bytes = place.tag_span().and_then(|tag| tag.byte_range());
        bytes.map_or(node, |bytes| Span::new(self.file, bytes.start, bytes.end))
    }
}

/// A tag of YAML's own: `!!…`.
pub(super) fn is_core(tag: &Tag) -> bool {
    tag.is_yaml_core_schema()
}

/// The tag `!`, which says that a scalar is a text whatever it looks like (YAML 1.2.2 §6.9.1).
pub(super) fn is_non_specific(tag: &Tag) -> bool {
    tag.parts() == ("", "!")
}
