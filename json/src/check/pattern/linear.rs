//! Runs a [`Program`] over a text: all the places in the program that the text so far may have led
//! to, at once, one character after the other (Thompson 1968). Time is the product of the lengths
//! of program and text, whatever is in them.

use super::program::{Instruction, Program};
use super::syntax::WORD;

/// Programs of up to this many instructions, and nearly all are shorter, need no allocation.
const INLINE: usize = 512;

/// Whether `program` matches somewhere in `text`.
pub(super) fn is_match(program: &Program, text: &str) -> bool {
    let words = program.instructions.len().div_ceil(64);
    let mut inline = [0_u64; 3 * INLINE / 64];
    let mut boxed = Vec::new();
    let places = match inline.get_mut(..3 * words) {
        Some(places) => places,
        None => {
            boxed.resize(3 * words, 0);
            &mut boxed[..]
        }
    };
    let (now, rest) = places.split_at_mut(words);
    let (next, pending) = rest.split_at_mut(words);
    Run { program, now, next, pending }.runs(text)
}

/// Three sets of places in the program, as bits.
struct Run<'r> {
    program: &'r Program,
    /// Where the text so far may have led, and what can be reached from there without a character.
    now: &'r mut [u64],
    /// Where the next character leads.
    next: &'r mut [u64],
    /// Reached, but not yet followed.
    pending: &'r mut [u64],
}

impl Run<'_> {
    fn runs(mut self, text: &str) -> bool {
        let mut before = None;
        let mut rest = text.chars();
        loop {
            let after = rest.clone().next();
            if !self.program.anchored || before.is_none() {
                self.pending[0] |= 1;
            }
            if self.follow(before, after) {
                return true;
            }
            let Some(character) = rest.next() else { return false };
            let alive = self.step(character);
            if !alive && self.program.anchored {
                return false;
            }
            before = Some(character);
        }
    }

    /// Adds to `now` all that is pending and can be reached from it without a character, between
    /// the characters `before` and `after`. True when the pattern has matched.
    fn follow(&mut self, before: Option<char>, after: Option<char>) -> bool {
        let mut word = 0;
        while word < self.pending.len() {
            let bits = self.pending[word] & !self.now[word];
            self.pending[word] = 0;
            self.now[word] |= bits;
            let mut lowest = self.pending.len();
            let mut bits_left = bits;
            while bits_left != 0 {
                let at = word * 64 + bits_left.trailing_zeros() as usize;
                bits_left &= bits_left - 1;
                let mut go = |to: usize| {
                    self.pending[to / 64] |= 1 << (to % 64);
                    lowest = lowest.min(to / 64);
                };
                match self.program.instructions[at] {
                    Instruction::Match => return true,
                    Instruction::Class(_) => {}
                    Instruction::Jump(to) => go(to.into()),
                    Instruction::Split(one, other) => {
                        go(one.into());
                        go(other.into());
                    }
                    Instruction::Start if before.is_none() => go(at + 1),
                    Instruction::End if after.is_none() => go(at + 1),
                    Instruction::Boundary { inverted }
                        if (is_word(before) != is_word(after)) != inverted =>
                    {
                        go(at + 1);
                    }
                    Instruction::Start | Instruction::End | Instruction::Boundary { .. } => {}
                }
            }
            // What was reached may lie before what was just followed.
            word = lowest.min(word + 1);
        }
        false
    }

    /// Takes one character: what it leads to becomes pending and `now` is empty. False when it
    /// leads nowhere.
    fn step(&mut self, character: char) -> bool {
        let mut alive = false;
        for word in 0..self.now.len() {
            let mut bits = std::mem::take(&mut self.now[word]);
            while bits != 0 {
                let at = word * 64 + bits.trailing_zeros() as usize;
                bits &= bits - 1;
                if let Instruction::Class(class) = self.program.instructions[at]
                    && self.program.classes[usize::from(class)].contains(character)
                {
                    self.next[(at + 1) / 64] |= 1 << ((at + 1) % 64);
                    alive = true;
                }
            }
        }
        std::mem::swap(&mut self.next, &mut self.pending);
        alive
    }
}

fn is_word(character: Option<char>) -> bool {
    character.is_some_and(|c| WORD.iter().any(|&(low, high)| low <= c && c <= high))
}

#[cfg(test)]
mod tests {
    use super::super::program::Program;
    use super::super::syntax;
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn program(source: &str) -> Option<Program> {
        syntax::parse(source).and_then(|node| Program::new(&node))
    }

    /// What backtracking says; the pattern must be one.
    fn expected(source: &str, text: &str) -> bool {
        regress::Regex::with_flags(source, "u").unwrap().find(text).is_some()
    }

    #[test]
    fn every_construct_matches_as_backtracking_does() {
        let sources = [
            "",
            "a",
            "^",
            "$",
            "^$",
            "a|b|",
            "(a|b)*c",
            "a*?b",
            "a{2}",
            "a{2,}",
            "a{2,3}$",
            "^(?:ab)?c",
            "(?<n>a)b",
            ".",
            r"\d\D\w\W\s\S",
            r"\bfoo\b",
            r"\Bo",
            "[abc]",
            "[^abc]",
            "[a-c_-]",
            "[-a]",
            r"[\d\-\]x]",
            r"[^\s\w]",
            r"[\Wa]",
            r"\x41\u0042\u{43}\u{1f600}\ud83d\ude00",
            r"\p{L}+",
            r"\P{Lu}",
            r"[\p{Ll}\d]",
            r"[^\p{L}]",
            r"\cJ",
            r"\0",
            r"[\b]",
            "[]",
            "[^]",
            r"^\S+@\S+\.\w{2,}$",
            "^(a?){9}a{9}$",
            "(^|x)a($|y)",
            r"(a|\b)*b",
            "(^a|b)+",
            r"\/\.\*",
        ];
        let texts = [
            "",
            "a",
            "b",
            "ab",
            "abc",
            "aab",
            "aaa",
            "aaaaaaaaa",
            "foo",
            "a foo b",
            "foobar",
            "xay",
            "ABC😀😀",
            "é",
            "\n",
            "\0",
            "\u{8}",
            "1a1a a",
            "me@example.com",
            "\u{2028}",
            "_",
            "-",
            "]",
            "/.*",
            "ba",
            "Ａ",
            "Élan",
        ];
        for source in sources {
            let program = program(source).unwrap_or_else(|| panic!("{source} is not understood"));
            for text in texts {
                assert_eq!(
                    is_match(&program, text),
                    expected(source, text),
                    "{source} on {text:?}"
                );
            }
        }
    }

    #[test]
    fn what_needs_backtracking_or_is_no_pattern_is_not_understood() {
        for source in [
            "(?=a)",
            "(?!a)",
            "(?<=a)b",
            "(?<!a)b",
            r"(a)\1",
            r"(?<n>a)\k<n>",
            "(",
            ")",
            "[",
            "a**",
            "^*",
            "a{2,1}",
            "{",
            "}",
            "]",
            r"\a",
            r"\Z",
            "a{",
            "[b-a]",
            r"[\d-x]",
            "(?i)a",
            r"\u{110000}",
            r"\u{}",
            r"\ud83d",
            r"\",
            "a{99999}",
            "(a{1,200}){1,200}",
        ] {
            assert!(program(source).is_none(), "{source}");
        }
    }

    #[test]
    fn a_program_that_does_not_fit_inline_runs_all_the_same() {
        let source = "^(?:abc){1,300}$";
        let program = program(source).unwrap();
        assert!(program.instructions.len() > INLINE);
        assert!(is_match(&program, &"abc".repeat(300)));
        assert!(!is_match(&program, &"abc".repeat(301)));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]
        #[test]
        fn random_patterns_match_where_their_parts_do(
            sample in pattern(),
            text in r"[ab1 é\n-]{0,9}",
        ) {
            let source = sample.source();
            let program = program(&source);
            prop_assume!(program.is_some());
            prop_assert_eq!(
                is_match(&program.unwrap(), &text),
                sample.found_in(&text),
                "{} on {:?}", source, text
            );
        }

        #[test]
        fn no_text_makes_the_reader_of_patterns_panic(
            source in r"[ab(){}\[\]|*+?^$.\\dupP:<>=!0-9,-]{0,20}"
        ) {
            if let Some(program) = program(&source) {
                let regex = regress::Regex::with_flags(&source, "u");
                prop_assert!(regex.is_ok(), "{source} is no pattern");
                let _ = is_match(&program, "ab1");
            }
        }
    }

    /// A pattern of few enough kinds that where it may end is found by definition, one start at a
    /// time. (`regress` is no judge of these: 0.12 finds no `((.(é)?)+){2}` in `aé`, and repeats
    /// `((b)?)+` for ever inside of another repetition.)
    #[derive(Clone, Debug)]
    enum Sample {
        /// One character that the function accepts, as it is written.
        One(&'static str, fn(char) -> bool),
        /// A place between two characters, of which the function sees the left and the right one.
        Place(&'static str, fn(Option<char>, Option<char>) -> bool),
        Then(Box<Sample>, Box<Sample>),
        Either(Box<Sample>, Box<Sample>),
        /// Repeated at least and at most so often; without a limit, as often as it goes on.
        Repeated(Box<Sample>, &'static str, usize, Option<usize>),
    }

    impl Sample {
        fn source(&self) -> String {
            match self {
                Self::One(source, _) | Self::Place(source, _) => (*source).to_owned(),
                Self::Then(a, b) => format!("{}{}", a.source(), b.source()),
                Self::Either(a, b) => format!("(?:{}|{})", a.source(), b.source()),
                Self::Repeated(inner, quantifier, ..) => {
                    format!("({}){quantifier}", inner.source())
                }
            }
        }

        /// Where a match that begins at one of `starts` may end.
        fn ends(&self, text: &[char], starts: &BTreeSet<usize>) -> BTreeSet<usize> {
            match self {
                Self::One(_, accepts) => starts
                    .iter()
                    .filter(|at| text.get(**at).is_some_and(|found| accepts(*found)))
                    .map(|at| at + 1)
                    .collect(),
                Self::Place(_, holds) => starts
                    .iter()
                    .filter(|at| {
                        let before = at.checked_sub(1).and_then(|before| text.get(before));
                        holds(before.copied(), text.get(**at).copied())
                    })
                    .copied()
                    .collect(),
                Self::Then(a, b) => b.ends(text, &a.ends(text, starts)),
                Self::Either(a, b) => &a.ends(text, starts) | &b.ends(text, starts),
                Self::Repeated(inner, _, least, most) => {
                    let mut reached = starts.clone();
                    for _ in 0..*least {
                        reached = inner.ends(text, &reached);
                    }
                    // One more round than there are characters reaches whatever can be reached.
                    for _ in 0..most.map_or(text.len() + 1, |most| most - least) {
                        reached = &reached | &inner.ends(text, &reached);
                    }
                    reached
                }
            }
        }

        fn found_in(&self, text: &str) -> bool {
            let text: Vec<char> = text.chars().collect();
            !self.ends(&text, &(0..=text.len()).collect()).is_empty()
        }
    }

    fn word(character: char) -> bool {
        character == '_' || character.is_ascii_alphanumeric()
    }

    fn edge(before: Option<char>, after: Option<char>) -> bool {
        before.is_some_and(word) != after.is_some_and(word)
    }

    fn pattern() -> impl Strategy<Value = Sample> {
        use Sample::{Either, One, Place, Repeated, Then};
        let leaf = proptest::sample::select(vec![
            One("a", |c| c == 'a'),
            One("b", |c| c == 'b'),
            One("é", |c| c == 'é'),
            One(".", |c| c != '\n'),
            One(r"\d", |c| c.is_ascii_digit()),
            One(r"\w", word),
            One(r"\W", |c| !word(c)),
            One("[ab]", |c| c == 'a' || c == 'b'),
            One("[^a]", |c| c != 'a'),
            One(r"[^\s]", |c| !c.is_whitespace()),
            One(r"\p{L}", char::is_alphabetic),
            Place("^", |before, _| before.is_none()),
            Place("$", |_, after| after.is_none()),
            Place(r"\b", edge),
            Place(r"\B", |before, after| !edge(before, after)),
            Place("", |_, _| true),
        ]);
        leaf.prop_recursive(4, 24, 3, |inner| {
            let quantifiers = proptest::sample::select(vec![
                ("*", 0, None),
                ("+", 1, None),
                ("?", 0, Some(1)),
                ("{2}", 2, Some(2)),
                ("{0,2}", 0, Some(2)),
                ("{1,}", 1, None),
                ("*?", 0, None),
            ]);
            prop_oneof![
                (inner.clone(), inner.clone()).prop_map(|(a, b)| Then(a.into(), b.into())),
                (inner.clone(), inner.clone()).prop_map(|(a, b)| Either(a.into(), b.into())),
                (inner, quantifiers).prop_map(|(inner, (text, least, most))| Repeated(
                    inner.into(),
                    text,
                    least,
                    most
                )),
            ]
        })
    }
}
