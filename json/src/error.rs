//! What is wrong with a JSON text, and where.

use std::fmt;

/// Why a text is not JSON (RFC 8259), with the byte at which that shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    offset: usize,
    problem: Problem,
    found: Option<char>,
}

/// What was wrong; the sentence for each is in [`ParseError`]'s `Display`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Problem {
    /// Something else belongs here.
    Expected(&'static str),
    /// A control character stands bare in a string (RFC 8259 §7).
    Control,
    /// A backslash is followed by nothing that it may be followed by.
    Escape,
    /// `\ud800` without its other half.
    Surrogate,
    /// More open brackets than the limit.
    Depth(u8),
    /// Bytes that are not UTF-8 (RFC 8259 §8.1).
    Utf8,
}

impl ParseError {
    /// An error at `offset` of `text`.
    #[cold]
    pub(super) fn new(text: &str, offset: usize, problem: Problem) -> Self {
        let found = text.get(offset..).and_then(|rest| rest.chars().next());
        Self { offset: offset.min(text.len()), problem, found }
    }

    /// An error about bytes that are no text.
    #[cold]
    pub(super) fn not_utf8(offset: usize) -> Self {
        Self { offset, problem: Problem::Utf8, found: None }
    }

    /// The byte, counted from 0, at which the text stops being JSON.
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// Whether the text may well be JSON but is nested more deeply than the limit.
    pub fn is_too_deep(&self) -> bool {
        matches!(self.problem, Problem::Depth(_))
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.problem {
            Problem::Expected(what) => {
                write!(f, "expected {what} at byte {}, found ", self.offset)?;
                match self.found {
                    Some(found) => write!(f, "{found:?}"),
                    None => f.write_str("the end"),
                }
            }
            Problem::Control => write!(
                f,
                "control character U+{:04X} in a string at byte {}: write it as an escape",
                self.found.map_or(0, u32::from),
                self.offset
            ),
            Problem::Escape => write!(f, "unknown escape at byte {}", self.offset),
            Problem::Surrogate => {
                write!(f, "half of a surrogate pair at byte {}: escape both halves", self.offset)
            }
            Problem::Depth(limit) => {
                write!(f, "nested more than {limit} levels deep at byte {}", self.offset)
            }
            Problem::Utf8 => write!(f, "not UTF-8 at byte {}", self.offset),
        }
    }
}

impl std::error::Error for ParseError {}
