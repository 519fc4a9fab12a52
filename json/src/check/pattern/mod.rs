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
/// bytes breaks the rule, and the message says so. Other patterns have no such limit.
pub const MAX_BACKTRACKED: usize = 1024;

/// The longest text, in bytes, that [`Pattern::matches_once`] runs such a pattern on.
const MAX_TAME: usize = 64;

/// The longest pattern, in bytes; what `format: regex` is asked about comes from a peer.
pub const MAX_PATTERN: usize = 8192;

/// How deeply look-around may be nested: `regress` recurses there, with a hundred kilobytes of stack
/// a level in an unoptimised build.
const MAX_LOOK_AROUND: usize = 8;

/// From so many groups and alternatives on, a pattern is compiled on a stack of its own: `regress`
/// recurses for each of them, and the caller may be deep in its own stack already.
const MANY_BRANCHES: usize = 64;

/// Twice what [`MAX_PATTERN`] bytes of alternatives need in an unoptimised build.
const COMPILER_STACK: usize = 16 << 20;

/// A regular expression of a contract (ECMA-262, flag `u`), compiled when it is first used.
///
/// It need not match the whole text (JSON Schema draft-07, validation §6.3.3): write `^…$` for
/// that.
///
/// A pattern without look-around and back-references is matched in time proportional to the text,
/// whatever the text. One with them, or with repetitions that amount to more than thirty thousand
/// steps, is run by backtracking, on texts of at most [`MAX_BACKTRACKED`] bytes.
///
/// ```
/// # use asyncapi_ws_json::check::Pattern;
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

    /// Whether `source` is a pattern that can be run.
    pub fn verify(source: &str) -> Result<(), PatternError> {
        match Matcher::new(source) {
            Matcher::Wrong(error) => Err(error),
            _ => Ok(()),
        }
    }

    /// Whether the pattern `source` matches somewhere in `text`, for who asks once: a generator that looks at
    /// the contract's own examples. Nothing where `source` is no pattern, or where an answer might take
    /// forever: with look-around or back-references only a text of at most 64 bytes is looked at, and only
    /// if no group is repeated.
    ///
    /// ```
    /// # use asyncapi_ws_json::check::Pattern;
    /// assert_eq!(Pattern::matches_once("^(a+)+$", &"a".repeat(100)), Some(true));
    /// assert_eq!(Pattern::matches_once(r"^(?=.*\d).{8,}$", "correct9horse"), Some(true));
    /// assert_eq!(Pattern::matches_once("^(?=a)(a+)+$", &"a".repeat(100)), None);
    /// ```
    pub fn matches_once(source: &str, text: &str) -> Option<bool> {
        match Matcher::new(source) {
            Matcher::Linear(program) => Some(linear::is_match(&program, text)),
            Matcher::Backtracking(regex) if is_tame(source) && text.len() <= MAX_TAME => {
                Some(regex.find(text).is_some())
            }
            Matcher::Backtracking(_) | Matcher::Wrong(_) => None,
        }
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
                match program {
                    Some(program) => Matcher::Linear(program),
                    None if look_around_depth(&source) > MAX_LOOK_AROUND => {
                        Matcher::Wrong(PatternError(format!(
                            "look-around nested more than {MAX_LOOK_AROUND} deep"
                        )))
                    }
                    None => Matcher::Backtracking(Box::new(regex)),
                }
            }
        }
    }
}

/// Whether `source` has the syntax of a pattern.
pub(super) fn is_pattern(source: &str) -> bool {
    compile(source).is_ok()
}

/// The pattern as it was understood, and compiled.
fn compile(source: &str) -> Result<(String, regress::Regex), PatternError> {
    if source.len() > MAX_PATTERN {
        let length = source.len();
        return Err(PatternError(format!("a pattern of {length} bytes exceeds {MAX_PATTERN}")));
    }
    if source.bytes().filter(|byte| matches!(byte, b'(' | b'|')).count() < MANY_BRANCHES {
        return compile_here(source);
    }
    std::thread::scope(|scope| {
        let compiler = std::thread::Builder::new().stack_size(COMPILER_STACK);
        let compiler = compiler.spawn_scoped(scope, || compile_here(source));
        compiler
            .map_err(|error| PatternError(format!("no thread to compile {source:?}: {error}")))?
            .join()
            .unwrap_or_else(|_| Err(PatternError(format!("{source:?} cannot be compiled"))))
    })
}

fn compile_here(source: &str) -> Result<(String, regress::Regex), PatternError> {
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

/// Whether backtracking takes no more than the fourth power of the text's length: no group is repeated, and no
/// more than four parts are without a bound.
fn is_tame(source: &str) -> bool {
    let (mut repeated, mut in_class, mut before) = (0, false, ' ');
    let mut rest = source.chars();
    while let Some(character) = rest.next() {
        match character {
            '\\' => {
                rest.next();
            }
            '[' => in_class = true,
            ']' => in_class = false,
            '*' | '+' | '{' if !in_class => {
                if before == ')' {
                    return false;
                }
                repeated += 1;
            }
            _ => {}
        }
        before = character;
    }
    repeated <= 4
}

/// How many look-arounds of a pattern are inside one another.
fn look_around_depth(source: &str) -> usize {
    let (mut open, mut depth, mut deepest, mut in_class) = (Vec::new(), 0, 0, false);
    let mut rest = source.chars();
    while let Some(character) = rest.next() {
        match character {
            '\\' => {
                rest.next();
            }
            '[' => in_class = true,
            ']' => in_class = false,
            '(' if !in_class => {
                let after = rest.as_str();
                let looks = ["?=", "?!", "?<=", "?<!"].iter().any(|mark| after.starts_with(mark));
                open.push(looks);
                depth += usize::from(looks);
                deepest = deepest.max(depth);
            }
            ')' if !in_class => depth -= usize::from(open.pop().unwrap_or(false)),
            _ => {}
        }
    }
    deepest
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
    fn hostile_patterns_neither_overflow_the_stack_nor_take_forever() {
        let longest = |part: &str| part.repeat(MAX_PATTERN / part.len());
        let nested =
            |depth: usize, open: &str, close: &str| open.repeat(depth) + &close.repeat(depth);
        let sources = [
            longest("a|"),
            longest("|"),
            longest("(|"),
            longest("[a-z]"),
            longest("(?<n>a)"),
            nested(4000, "(", ")"),
            nested(200, "(", ")"),
            nested(200, "(?:", "){4096}"),
            nested(40, "(?:", "){4096}"),
            nested(200, "(?:a?", "){2}"),
            nested(200, "(?=", ")"),
            nested(MAX_LOOK_AROUND, "(?=", ")"),
            nested(MAX_LOOK_AROUND + 1, "(?<!", ")"),
        ];
        let run = move || {
            for source in sources {
                let _ = is_pattern(&source);
                let linear = syntax::parse(&source).and_then(|node| program::Program::new(&node));
                let looks = look_around_depth(&source);
                if linear.is_some() || looks > 0 {
                    let _ = Pattern::new(source.leak()).matches("aaaaaaaa");
                }
            }
        };
        std::thread::Builder::new().stack_size(1 << 20).spawn(run).unwrap().join().unwrap();
        let error = Pattern::verify(&nested(9, "(?=", ")")).unwrap_err().to_string();
        assert_eq!(error, "look-around nested more than 8 deep");
        let error = Pattern::verify(&"a".repeat(9000)).unwrap_err().to_string();
        assert_eq!(error, "a pattern of 9000 bytes exceeds 8192");
    }

    #[test]
    fn look_around_is_run_on_short_text_and_refused_on_long() {
        let password = pattern(r"^(?=.*\d)(?!.*--).{8,}$");
        assert_eq!(password.matches("correct9horse"), Some(true));
        assert_eq!(password.matches("correct--9horse"), Some(false));
        assert_eq!(password.matches(&"9".repeat(MAX_BACKTRACKED + 1)), None);
        let json = crate::Json::from("9".repeat(2000));
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
