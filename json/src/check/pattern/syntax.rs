//! The part of ECMA-262's pattern syntax (§22.2.1, flag `u`) that needs no backtracking: all but
//! look-around and back-references.
//!
//! In: a pattern that `regress` has accepted. Out: its tree, or nothing where there is anything in
//! it that this file does not know for certain.

use std::iter::Peekable;
use std::str::Chars;

use super::program::MAX_INSTRUCTIONS;

/// A pattern as a tree. Groups leave no trace: nobody asks what they captured.
pub(super) enum Node {
    /// One character of a class.
    Class(Class),
    /// One after the other.
    Sequence(Vec<Node>),
    /// One of these.
    Choice(Vec<Node>),
    /// So many times; no upper bound where there is none.
    Repeat(Box<Node>, u32, Option<u32>),
    /// The start of the text.
    Start,
    /// Its end.
    End,
    /// Between a word character and another character; or, inverted, not.
    Boundary { inverted: bool },
}

/// A set of characters.
#[derive(Default)]
pub(super) struct Class {
    pub(super) inverted: bool,
    pub(super) ranges: Vec<(char, char)>,
    /// Sets that only `regress` has tables for, each as a pattern for one character.
    pub(super) properties: Vec<regress::Regex>,
}

impl Class {
    fn one(character: char) -> Self {
        Self::of(&[(character, character)])
    }

    fn of(ranges: &[(char, char)]) -> Self {
        Self { ranges: ranges.to_vec(), ..Self::default() }
    }

    fn inverted(self) -> Self {
        Self { inverted: !self.inverted, ..self }
    }
}

const DIGITS: &[(char, char)] = &[('0', '9')];
pub(super) const WORD: &[(char, char)] = &[('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')];
/// WhiteSpace and LineTerminator (§12.2, §12.3).
const SPACE: &[(char, char)] = &[
    ('\t', '\r'),
    (' ', ' '),
    ('\u{a0}', '\u{a0}'),
    ('\u{1680}', '\u{1680}'),
    ('\u{2000}', '\u{200a}'),
    ('\u{2028}', '\u{2029}'),
    ('\u{202f}', '\u{202f}'),
    ('\u{205f}', '\u{205f}'),
    ('\u{3000}', '\u{3000}'),
    ('\u{feff}', '\u{feff}'),
];
const LINE_ENDS: &[(char, char)] = &[('\n', '\n'), ('\r', '\r'), ('\u{2028}', '\u{2029}')];

/// How deeply groups may be nested; what is nested more deeply is left to `regress`.
const MAX_GROUPS: usize = 50;

/// The tree of `source`, or nothing.
pub(super) fn parse(source: &str) -> Option<Node> {
    let mut parser = Parser { rest: source.chars().peekable(), groups: 0 };
    let node = parser.choice()?;
    parser.rest.next().is_none().then_some(node)
}

struct Parser<'s> {
    rest: Peekable<Chars<'s>>,
    groups: usize,
}

/// What may stand in brackets at either end of a range.
enum Member {
    One(char),
    Set(Class),
}

impl Parser<'_> {
    fn take(&mut self, character: char) -> bool {
        self.rest.next_if_eq(&character).is_some()
    }

    fn choice(&mut self) -> Option<Node> {
        let mut branches = vec![self.sequence()?];
        while self.take('|') {
            branches.push(self.sequence()?);
        }
        Some(Node::Choice(branches))
    }

    fn sequence(&mut self) -> Option<Node> {
        let mut terms = Vec::new();
        while let Some(&next) = self.rest.peek() {
            let atom = match next {
                '|' | ')' => break,
                '^' => {
                    self.rest.next();
                    terms.push(Node::Start);
                    continue;
                }
                '$' => {
                    self.rest.next();
                    terms.push(Node::End);
                    continue;
                }
                '\\' => {
                    self.rest.next();
                    if let Some(&boundary @ ('b' | 'B')) = self.rest.peek() {
                        self.rest.next();
                        terms.push(Node::Boundary { inverted: boundary == 'B' });
                        continue;
                    }
                    match self.escape()? {
                        Member::One(character) => Node::Class(Class::one(character)),
                        Member::Set(class) => Node::Class(class),
                    }
                }
                _ => self.atom()?,
            };
            terms.push(self.quantified(atom)?);
        }
        Some(Node::Sequence(terms))
    }

    fn atom(&mut self) -> Option<Node> {
        match self.rest.next()? {
            '.' => Some(Node::Class(Class::of(LINE_ENDS).inverted())),
            '[' => Some(Node::Class(self.class()?)),
            '(' => self.group(),
            '*' | '+' | '?' | ']' | '{' | '}' => None,
            character => Some(Node::Class(Class::one(character))),
        }
    }

    fn group(&mut self) -> Option<Node> {
        if self.take('?') {
            match self.rest.next()? {
                ':' => {}
                '<' => {
                    // A name; look-behind would go on with `=` or `!`, which no name does.
                    while self.rest.next_if(|c| c.is_ascii_alphanumeric() || *c == '_').is_some() {}
                    self.take('>').then_some(())?;
                }
                _ => return None,
            }
        }
        self.groups += 1;
        if self.groups > MAX_GROUPS {
            return None;
        }
        let inner = self.choice()?;
        self.groups -= 1;
        self.take(')').then_some(inner)
    }

    fn quantified(&mut self, atom: Node) -> Option<Node> {
        let (least, most) = match self.rest.peek() {
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('?') => (0, Some(1)),
            Some('{') => {
                self.rest.next();
                let bounds = self.braces()?;
                self.take('?');
                return Some(Node::Repeat(Box::new(atom), bounds.0, bounds.1));
            }
            _ => return Some(atom),
        };
        self.rest.next();
        // Lazy or greedy is a question of what is matched, not of whether.
        self.take('?');
        Some(Node::Repeat(Box::new(atom), least, most))
    }

    /// `{2}`, `{2,}`, `{2,5}`, after the opening brace.
    fn braces(&mut self) -> Option<(u32, Option<u32>)> {
        let least = self.count()?;
        if self.take('}') {
            return Some((least, Some(least)));
        }
        self.take(',').then_some(())?;
        if self.take('}') {
            return Some((least, None));
        }
        let most = self.count()?;
        (self.take('}') && least <= most).then_some((least, Some(most)))
    }

    fn count(&mut self) -> Option<u32> {
        let mut count = self.rest.next()?.to_digit(10)?;
        while let Some(digit) = self.rest.peek().and_then(|digit| digit.to_digit(10)) {
            self.rest.next();
            count = count * 10 + digit;
            if count as usize > MAX_INSTRUCTIONS {
                return None;
            }
        }
        Some(count)
    }

    /// What is inside brackets, after the opening one.
    fn class(&mut self) -> Option<Class> {
        let mut class = Class { inverted: self.take('^'), ..Class::default() };
        while !self.take(']') {
            let first = self.member()?;
            let is_range = {
                let mut ahead = self.rest.clone();
                ahead.next() == Some('-') && ahead.next().is_some_and(|next| next != ']')
            };
            match (first, is_range) {
                (Member::One(low), true) => {
                    self.rest.next();
                    let Member::One(high) = self.member()? else { return None };
                    (low <= high).then_some(())?;
                    class.ranges.push((low, high));
                }
                (Member::One(character), false) => class.ranges.push((character, character)),
                (Member::Set(_), true) => return None,
                (Member::Set(set), false) if set.inverted => {
                    // An inverted set inside a set: only as the whole complement, range by range.
                    (set.properties.is_empty()).then_some(())?;
                    class.ranges.extend(complement(&set.ranges));
                }
                (Member::Set(set), false) => {
                    class.ranges.extend(set.ranges);
                    class.properties.extend(set.properties);
                }
            }
        }
        Some(class)
    }

    fn member(&mut self) -> Option<Member> {
        match self.rest.next()? {
            '\\' if self.take('b') => Some(Member::One('\u{8}')),
            '\\' if self.take('-') => Some(Member::One('-')),
            '\\' => self.escape(),
            character => Some(Member::One(character)),
        }
    }

    /// What a backslash and the rest stand for.
    fn escape(&mut self) -> Option<Member> {
        let one = |character| Some(Member::One(character));
        let set = |ranges| Some(Member::Set(Class::of(ranges)));
        let inverse = |ranges| Some(Member::Set(Class::of(ranges).inverted()));
        match self.rest.next()? {
            'd' => set(DIGITS),
            'D' => inverse(DIGITS),
            'w' => set(WORD),
            'W' => inverse(WORD),
            's' => set(SPACE),
            'S' => inverse(SPACE),
            't' => one('\t'),
            'n' => one('\n'),
            'v' => one('\u{b}'),
            'f' => one('\u{c}'),
            'r' => one('\r'),
            '0' if !self.rest.peek().is_some_and(char::is_ascii_digit) => one('\0'),
            'c' => {
                let letter = self.rest.next_if(char::is_ascii_alphabetic)?;
                one(char::from(letter as u8 % 32))
            }
            'x' => one(char::from_u32(self.hex(2)?)?),
            'u' => one(self.unicode()?),
            property @ ('p' | 'P') => self.property(property).map(Member::Set),
            syntax if "^$\\.*+?()[]{}|/".contains(syntax) => one(syntax),
            _ => None,
        }
    }

    fn hex(&mut self, digits: usize) -> Option<u32> {
        (0..digits).try_fold(0, |code, _| Some(code << 4 | self.rest.next()?.to_digit(16)?))
    }

    /// `\u{1f600}`, `\u0041`, or two surrogates, after the `u`.
    fn unicode(&mut self) -> Option<char> {
        if self.take('{') {
            let mut code = self.hex(1)?;
            while !self.take('}') {
                code = code.checked_mul(16)?.checked_add(self.rest.next()?.to_digit(16)?)?;
            }
            return char::from_u32(code);
        }
        let first = self.hex(4)?;
        if !(0xD800..0xDC00).contains(&first) {
            return char::from_u32(first);
        }
        (self.take('\\') && self.take('u')).then_some(())?;
        let second = self.hex(4).filter(|second| (0xDC00..0xE000).contains(second))?;
        char::from_u32(0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00))
    }

    /// `\p{…}` after the `p`: `regress` has the tables, and is asked about one character at a
    /// time.
    fn property(&mut self, letter: char) -> Option<Class> {
        self.take('{').then_some(())?;
        let mut pattern = format!("^\\{letter}{{");
        loop {
            match self.rest.next()? {
                '}' => break,
                name if name.is_ascii_alphanumeric() || matches!(name, '_' | '=') => {
                    pattern.push(name)
                }
                _ => return None,
            }
        }
        pattern.push_str("}$");
        let property = regress::Regex::with_flags(&pattern, "u").ok()?;
        Some(Class { properties: vec![property], ..Class::default() })
    }
}

/// Every character outside of `ranges`, which are sorted.
fn complement(ranges: &[(char, char)]) -> Vec<(char, char)> {
    let mut gaps = Vec::new();
    let mut next = Some('\0');
    for &(low, high) in ranges {
        if let Some(from) = next
            && from < low
            && let Some(to) = (from..low).next_back()
        {
            gaps.push((from, to));
        }
        next = (high..=char::MAX).nth(1);
    }
    gaps.extend(next.map(|from| (from, char::MAX)));
    gaps
}
