//! `minLength`, `maxLength`, `pattern` and `format`.

use super::Checked;
use super::format::Format;
use super::pattern::{Outcome, Pattern};
use super::violation::{Count, Shown, fail, fail_at_limit};
use crate::Json;

impl Json<'_> {
    /// `minLength`: a string has at least so many characters, which are code points (validation
    /// §6.3.2).
    pub fn min_length(&self, least: usize) -> Checked {
        match self {
            // A character takes one to four bytes, so most strings need no counting.
            Json::String(text) if text.len() < least.saturating_mul(4) => {
                let length = text.chars().count();
                if length >= least {
                    return Ok(());
                }
                let least = Count(least, "character", "characters");
                fail("minLength", format_args!("expected at least {least}, got {length}"))
            }
            _ => Ok(()),
        }
    }

    /// `maxLength`: a string has at most so many characters, which are code points (validation
    /// §6.3.1).
    pub fn max_length(&self, most: usize) -> Checked {
        match self {
            Json::String(text) if text.len() > most => {
                let length = text.chars().count();
                if length <= most {
                    return Ok(());
                }
                let most = Count(most, "character", "characters");
                fail("maxLength", format_args!("expected at most {most}, got {length}"))
            }
            _ => Ok(()),
        }
    }

    /// `pattern`: the regular expression matches somewhere in a string (validation §6.3.3).
    pub fn pattern(&self, pattern: &Pattern) -> Checked {
        let Json::String(text) = self else { return Ok(()) };
        match pattern.run(text) {
            Outcome::Matches => Ok(()),
            Outcome::Differs => fail(
                "pattern",
                format_args!("expected a match of {}, got {}", pattern.source(), Shown(self)),
            ),
            Outcome::Unknown(reason) => fail_at_limit("pattern", format_args!("{reason}")),
        }
    }

    /// `format`, as an assertion (validation §7): the value has the form of that name, if it is of
    /// the type that the format is for.
    pub fn format(&self, format: &Format) -> Checked {
        if format.accepts(self) {
            return Ok(());
        }
        fail("format", format_args!("expected {}, got {}", format.name(), Shown(self)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_count_code_points() {
        let emoji = Json::from("👍🏽é");
        assert!(emoji.min_length(3).is_ok() && emoji.max_length(3).is_ok());
        assert_eq!(
            emoji.min_length(4).unwrap_err().to_string(),
            "minLength: expected at least 4 characters, got 3"
        );
        assert_eq!(
            emoji.max_length(1).unwrap_err().to_string(),
            "maxLength: expected at most 1 character, got 3"
        );
        assert!(Json::from("").min_length(0).is_ok());
        assert!(Json::Null.min_length(usize::MAX).is_ok());
    }
}
