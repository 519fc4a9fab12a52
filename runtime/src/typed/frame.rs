//! A frame that is being read: which message it is.

use std::borrow::Cow;

use super::payload::DecodeError;
use crate::check::Violation;
use crate::json::{Json, Step, peek};

/// A frame that is being read: as text while that is enough, then as a tree.
#[derive(Debug)]
pub enum Frame<'a> {
    /// Text that was not looked at yet; it may be no JSON.
    Text(&'a str),
    /// JSON as a tree.
    Tree(Json<'a>),
}

/// The JSON type of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean,
    /// A number.
    Number,
    /// A string.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
}

/// Whether a text is an object or an array, so that it is read as JSON.
pub fn looks_like_json(text: &str) -> bool {
    text.trim_start().starts_with(['{', '['])
}

impl<'a> Frame<'a> {
    /// The value at a place: the discriminator.
    pub fn tag(&self, path: &[Step<'_>]) -> Tag<'_> {
        match self {
            Self::Text(text) => match peek(text, path) {
                Some(raw) => match raw.string() {
                    Some(text) => Tag(Found::Text(text)),
                    None => Json::parse(raw.text())
                        .map_or(Tag(Found::Nothing), |json| Tag(Found::Json(json))),
                },
                None => Tag(Found::Nothing),
            },
            Self::Tree(json) => match at(json, path) {
                Some(Json::String(text)) => Tag(Found::Text(Cow::Borrowed(text))),
                Some(json) => Tag(Found::Json(json.clone())),
                None => Tag(Found::Nothing),
            },
        }
    }

    /// The JSON type of the frame.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Tree(json) => match json {
                Json::Null => Kind::Null,
                Json::Bool(_) => Kind::Boolean,
                Json::Number(_) => Kind::Number,
                Json::String(_) => Kind::String,
                Json::Array(_) => Kind::Array,
                Json::Object(_) => Kind::Object,
            },
            Self::Text(text) => match text.trim_start().bytes().next() {
                Some(b'{') => Kind::Object,
                Some(b'[') => Kind::Array,
                Some(b'"') => Kind::String,
                Some(b't' | b'f') => Kind::Boolean,
                Some(b'n') => Kind::Null,
                _ => Kind::Number,
            },
        }
    }

    /// The text of a frame that was not read as JSON.
    pub fn bare(&self) -> Option<&'a str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Tree(_) => None,
        }
    }

    /// The frame as a tree, for what cannot be decided without.
    ///
    /// # Errors
    /// While the frame is text.
    pub fn tree(&self) -> Result<&Json<'a>, DecodeError> {
        match self {
            Self::Tree(json) => Ok(json),
            Self::Text(_) => Err(DecodeError::Unknown(None)),
        }
    }

    /// The error for a frame that is no message of the channel: `path` is the place that tells its
    /// messages apart, empty if none does.
    pub fn unknown(&self, path: &[Step<'_>]) -> DecodeError {
        let Self::Tree(json) = self else { return DecodeError::Unknown(None) };
        if path.is_empty() {
            return DecodeError::Unknown(None);
        }
        if json.as_object().is_none() && matches!(path.first(), Some(Step::Property(_))) {
            return Violation::new("type", format_args!("expected an object")).into();
        }
        let expected = format_args!("expected the name of a message");
        match self.tag(path).0 {
            Found::Text(text) => DecodeError::Unknown(Some(text.into_owned())),
            Found::Json(Json::Bool(value)) => DecodeError::Unknown(Some(value.to_string())),
            Found::Json(Json::Number(number)) if number.is_integer() => {
                DecodeError::Unknown(Some(number.to_string()))
            }
            Found::Json(_) => below(path, Violation::new("type", expected)),
            Found::Nothing => below(path, Violation::new("required", expected)),
        }
    }
}

/// The value at a place of a tree.
pub(super) fn at<'j, 'a>(json: &'j Json<'a>, path: &[Step<'_>]) -> Option<&'j Json<'a>> {
    path.iter().try_fold(json, |json, step| match *step {
        Step::Property(name) => json.get(name),
        Step::Item(at) => json.at(at),
    })
}

fn below(path: &[Step<'_>], violation: Violation) -> DecodeError {
    path.iter()
        .rev()
        .fold(violation, |violation, step| match *step {
            Step::Property(name) => violation.within(name),
            Step::Item(at) => violation.within_item(at),
        })
        .into()
}

/// The value at the place that tells messages apart.
#[derive(Debug)]
pub struct Tag<'a>(Found<'a>);

#[derive(Debug)]
enum Found<'a> {
    Text(Cow<'a, str>),
    Json(Json<'a>),
    Nothing,
}

impl Tag<'_> {
    /// The text, if it is one.
    pub fn text(&self) -> Option<&str> {
        match &self.0 {
            Found::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Whether it is this number or boolean, given as JSON.
    pub fn is(&self, json: &str) -> bool {
        match &self.0 {
            Found::Json(found) => Json::parse(json).is_ok_and(|json| *found == json),
            _ => false,
        }
    }

    /// Whether there is nothing at the place.
    pub fn is_missing(&self) -> bool {
        matches!(self.0, Found::Nothing)
    }

    /// The value, as JSON.
    pub fn into_json(self) -> Option<Json<'static>> {
        match self.0 {
            Found::Text(text) => Some(Json::from(text.into_owned())),
            Found::Json(json) => Some(json.into_owned()),
            Found::Nothing => None,
        }
    }
}
