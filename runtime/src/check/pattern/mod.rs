//! `pattern`: regular expressions as ECMA-262 has them, run on text that a peer chose.
//!
//! In: a pattern from a contract and a text from a peer. Out: whether it matches somewhere. The
//! `regress` crate says what a pattern is and runs all of ECMA-262, by backtracking, which some
//! texts make take forever. So what can be run in time linear in the text is run by [`linear`],
//! and the rest on texts of limited length only.

mod linear;
mod program;
mod syntax;

use std::fmt;
use std::sync::OnceLock;

/// The longest text, in bytes, that a pattern with look-around or back-references is run on.
///
/// Backtracking takes time that grows with a power of the length, if not worse; a text of more
/// bytes breaks the rule, and the message says so. Every other pattern has no such limit.
pub const MAX_BACKTRACKED: usize = 1024;

/// A regular expression of a contract (ECMA-262, flag `u`), compiled when it is first used.
///
/// It need not match the whole text (JSON Schema draft-07, validation §6.3.3): write `^…$` for
/// that.
///
/// A pattern without look-around and back-references is matched in time proportional to the text,
/// whatever the text. One with them is run by backtracking, on texts of at most
/// [`MAX_BACKTRACKED`] bytes.
///
/// ```
/// # use asyncapi_ws::check::Pattern;
/// static TOPIC: Pattern = Pattern::new(r"^bars:[^:]+:\d+$");
/// assert_eq!(TOPIC.matches("bars:AAPL:1"), Some(true));
/// assert_eq!(TOPIC.matches("bars:AAPL"), Some(false));
/// ```
pub struct Pattern {
    source: &'static str,
    matcher: OnceLock<Matcher>,
}

enum Matcher {
    Linear(program::Program),
    Backtracking(Box<regress::Regex>),
    /// The pattern is none.
    Wrong(PatternError),
}

/// A text that is no pattern of ECMA-262.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatternError(String);

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for PatternError {}

/// What is known after running a pattern on a text.
pub(super) enum Outcome<'p> {
    Matches,
    Differs,
    Unknown(Reason<'p>),
}

/// Why nothing is known.
pub(super) enum Reason<'p> {
    TooLong(usize),
    Wrong(&'p PatternError),
}

impl fmt::Display for Reason<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::TooLong(length) => write!(
                f,
                "{length} bytes exceed the {MAX_BACKTRACKED} on which a pattern with look-around or \
                 back-references is run"
            ),
            Reason::Wrong(error) => error.fmt(f),
        }
    }
}

impl Pattern {
    /// A pattern, for a `static`. Whether it is one shows when it is used; a generator asks
    /// [`Pattern::verify`] beforehand.
    pub const fn new(source: &'static str) -> Self {
        Self { source, matcher: OnceLock::new() }
    }

    /// Whether `source` is a pattern.
    pub fn verify(source: &str) -> Result<(), PatternError> {
        compile(source).map(drop)
    }

    /// The pattern as the contract has it.
    pub fn source(&self) -> &'static str {
        self.source
    }

    /// Whether the pattern matches somewhere in `text`; nothing where it cannot be told: the text
    /// is longer than the pattern may be run on, or the pattern is none.
    pub fn matches(&self, text: &str) -> Option<bool> {
        match self.run(text) {
            Outcome::Matches => Some(true),
            Outcome::Differs => Some(false),
            Outcome::Unknown(_) => None,
        }
    }

    pub(super) fn run(&self, text: &str) -> Outcome<'_> {
        let found = match self.matcher.get_or_init(|| Matcher::new(self.source)) {
            Matcher::Linear(program) => linear::is_match(program, text),
            Matcher::Backtracking(_) if text.len() > MAX_BACKTRACKED => {
                return Outcome::Unknown(Reason::TooLong(text.len()));
            }
            Matcher::Backtracking(regex) => regex.find(text).is_some(),
            Matcher::Wrong(error) => return Outcome::Unknown(Reason::Wrong(error)),
        };
        if found { Outcome::Matches } else { Outcome::Differs }
    }
}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pattern({:?})", self.source)
    }
}

impl Matcher {
    fn new(source: &str) -> Self {
        match compile(source) {
            Err(error) => Matcher::Wrong(error),
            Ok((source, regex)) => {
                let program = syntax::parse(&source).and_then(|node| program::Program::new(&node));
                program.map_or_else(|| Matcher::Backtracking(Box::new(regex)), Matcher::Linear)
            }
        }
    }
}

/// The pattern as it was understood, and compiled.
fn compile(source: &str) -> Result<(String, regress::Regex), PatternError> {
    let wrong = match regress::Regex::with_flags(source, "u") {
        Ok(regex) => return Ok((source.to_owned(), regex)),
        Err(error) => error,
    };
    // Flag `u` forbids the needless backslash of `\_` or `\@`, which many contracts have and which
    // can only mean the character. Letters stay errors: `\Z` is an anchor elsewhere, and not here.
    let plain = without_needless_escapes(source);
    match regress::Regex::with_flags(&plain, "u") {
        Ok(regex) => Ok((plain, regex)),
        Err(_) => Err(PatternError(format!(
            "{source:?} is no regular expression of ECMA-262: {}",
            wrong.text
        ))),
    }
}

/// The pattern with every backslash before punctuation that needs none replaced by `\x` and the
/// character's number, which means the same inside and outside of brackets.
fn without_needless_escapes(source: &str) -> String {
    let mut plain = String::with_capacity(source.len());
    let mut characters = source.chars();
    while let Some(character) = characters.next() {
        plain.push(character);
        if character != '\\' {
            continue;
        }
        match characters.next() {
            Some(escaped)
                if escaped.is_ascii_punctuation() && !"^$\\.*+?()[]{}|/".contains(escaped) =>
            {
                plain.push_str(&format!("x{:02x}", u32::from(escaped)));
            }
            Some(other) => plain.push(other),
            None => {}
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(source: &'static str) -> Pattern {
        Pattern::new(source)
    }

    #[test]
    fn a_pattern_matches_anywhere_unless_it_is_anchored() {
        assert_eq!(pattern("a+").matches("xaay"), Some(true));
        assert_eq!(pattern("^a+$").matches("xaay"), Some(false));
    }

    #[test]
    fn hostile_text_takes_no_longer_than_it_is_long() {
        let text = "a".repeat(100_000) + "!";
        for source in [
            "^(a+)+$",
            "^(a|a)*$",
            "(a*)*b",
            "a{1,50}a{1,50}$",
            r"^(\w+\s?)*$",
            r"\d+x|(.*)(.*)(.*)c$",
        ] {
            assert_eq!(pattern(source).matches(&text), Some(false), "{source}");
        }
    }

    #[test]
    fn look_around_is_run_on_short_text_and_refused_on_long() {
        let password = pattern(r"^(?=.*\d)(?!.*--).{8,}$");
        assert_eq!(password.matches("correct9horse"), Some(true));
        assert_eq!(password.matches("correct--9horse"), Some(false));
        assert_eq!(password.matches(&"9".repeat(MAX_BACKTRACKED + 1)), None);
        let json = crate::json::Json::from("9".repeat(2000));
        assert_eq!(
            json.pattern(&password).unwrap_err().to_string(),
            "pattern: 2000 bytes exceed the 1024 on which a pattern with look-around or \
             back-references is run"
        );
    }

    #[test]
    fn needless_backslashes_are_forgiven_before_punctuation_and_not_before_letters() {
        assert_eq!(pattern(r"^[\w\-\@\_]+\:\'$").matches("a-@_:'"), Some(true));
        assert!(Pattern::verify(r"\Z").is_err());
        assert!(Pattern::verify(r"^\S\z").is_err());
        let error = Pattern::verify("^(abc]").unwrap_err().to_string();
        assert!(error.starts_with("\"^(abc]\" is no regular expression of ECMA-262: "), "{error}");
        assert_eq!(pattern("(").matches(""), None);
    }
}
