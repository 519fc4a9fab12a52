//! A text that is none of an enum's.

use std::fmt;

/// A text that is none of the values of a generated enum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownValue {
    of: &'static str,
    text: String,
    known: &'static [&'static str],
}

impl UnknownValue {
    /// `text` is no value of the type called `of`, which has the values `known`.
    pub fn new(of: &'static str, text: &str, known: &'static [&'static str]) -> Self {
        Self { of, text: text.to_owned(), known }
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The texts that would have been read.
    pub fn known(&self) -> &'static [&'static str] {
        self.known
    }
}

impl fmt::Display for UnknownValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = self.known.join(", ");
        write!(f, "`{}` is no value of {}; there are {known}", self.text, self.of)
    }
}

impl std::error::Error for UnknownValue {}
