//! JSON text → [`Tree`], with a place for every value and every key.
//!
//! In: text. Out: nodes; numbers and keys as they are written. RFC 8259, and nothing that is not in
//! it: but a mistake whose meaning is clear (a comment, a comma too many, a key without quotes) is
//! told and reading goes on, so that all of them come up at once. Not recursive.

mod rule;
mod scalar;

use crate::diagnostic::{Diagnostic, Rule};
use crate::limits::Limits;
use crate::source::{FileId, Span};
use crate::text::{Report, Stop, too_many_nodes};
use crate::tree::{Child, NewEntry, NewKey, NodeId, Scalar, Tree, TreeBuilder};

pub use rule::RULES;
use rule::{DEPTH, DUPLICATE_KEY, SYNTAX};
pub(crate) use scalar::number_length;

/// Reads a JSON text into the tree; `None` leaves the tree as it was.
pub(crate) fn read(
    tree: &mut Tree,
    text: &str,
    file: FileId,
    limits: &Limits,
    report: &mut Report<'_>,
) -> Option<NodeId> {
    let mut reader = Reader {
        text,
        at: 0,
        file,
        limits,
        report,
        builder: TreeBuilder::new(tree, limits.max_nodes),
        open: Vec::new(),
        items: Vec::new(),
        entries: Vec::new(),
        comment_told: false,
    };
    match reader.document() {
        Ok(root) => {
            reader.builder.root(file, root);
            Some(root)
        }
        Err(Stop) => {
            reader.builder.undo();
            None
        }
    }
}

struct Reader<'a, 'f> {
    text: &'a str,
    /// The byte that is read next.
    at: usize,
    file: FileId,
    limits: &'a Limits,
    report: &'a mut Report<'f>,
    builder: TreeBuilder<'a>,
    /// The lists and objects that the reader is inside of.
    open: Vec<Open>,
    /// The items of all open lists so far.
    items: Vec<Child>,
    /// The entries of all open objects so far.
    entries: Vec<NewEntry>,
    comment_told: bool,
}

/// A list or object whose end was not seen yet.
struct Open {
    /// The place of its bracket.
    start: usize,
    /// Where its items or entries start among those of all.
    first: usize,
    inside: Inside,
}

enum Inside {
    List,
    /// With the key whose value is awaited.
    Object(Option<NewKey>),
}

impl Open {
    fn bracket(&self) -> char {
        match self.inside {
            Inside::List => '[',
            Inside::Object(_) => '{',
        }
    }

    fn closing(&self) -> u8 {
        match self.inside {
            Inside::List => b']',
            Inside::Object(_) => b'}',
        }
    }
}

impl Reader<'_, '_> {
    fn document(&mut self) -> Result<NodeId, Stop> {
        self.space()?;
        if let Some(finding) = self.no_value_at_all() {
            return Err(self.report.stop(finding));
        }
        loop {
            let Some(value) = self.value()? else { continue };
            let Some(root) = self.attach(value)? else { continue };
            self.space()?;
            if self.peek().is_some() {
                let rest = self.span(self.at, self.at + self.character_length());
                let finding = self
                    .wrong(rest, "there is more after the end of the JSON value")
                    .label("the value ended before this")
                    .related(self.builder.node(root).span(), "this is the value");
                self.report.add(finding)?;
            }
            return Ok(root);
        }
    }

    /// What to say of a file that does not begin as JSON can: it is probably something else.
    fn no_value_at_all(&self) -> Option<Diagnostic> {
        let start = self.at;
        let rest = &self.text[start..];
        let sign = rest.chars().next();
        if sign.is_some_and(|sign| "{[\"'-+.0123456789".contains(sign)) {
            return None;
        }
        let end = rest.find(|sign: char| !sign.is_alphanumeric()).unwrap_or(rest.len());
        if ["null", "true", "false"].contains(&&rest[..end]) {
            return None;
        }
        let finding = match sign {
            None => self.wrong(self.span(start, start), "the file is empty"),
            Some(sign) => {
                let end = end.max(sign.len_utf8());
                let message = format!("the file starts with `{}`, as no JSON does", &rest[..end]);
                self.wrong(self.span(start, start + end), message)
            }
        };
        Some(finding.help("start with `{`; a file in YAML needs a name that ends in `.yaml`"))
    }

    /// Reads a value, or the bracket (and first key) that opens one: then `None`.
    fn value(&mut self) -> Result<Option<NodeId>, Stop> {
        self.space()?;
        let start = self.at;
        match self.peek() {
            Some(b'{') => {
                self.open(Inside::Object(None))?;
                self.space()?;
                if self.peek() == Some(b'}') {
                    self.at += 1;
                    return self.close().map(Some);
                }
                self.key()?;
                Ok(None)
            }
            Some(b'[') => {
                self.open(Inside::List)?;
                self.space()?;
                if self.peek() == Some(b']') {
                    self.at += 1;
                    return self.close().map(Some);
                }
                Ok(None)
            }
            None => Err(self.unclosed()),
            Some(b']' | b'}' | b',' | b':') => {
                let sign = self.text.as_bytes()[start] as char;
                let place = self.span(start, start + 1);
                let finding = self.wrong(place, format!("a value is missing before this `{sign}`"));
                self.report.add(finding.help("write a value, such as `null`"))?;
                if sign == ':' {
                    self.at += 1;
                }
                self.scalar(Scalar::Null, start, start).map(Some)
            }
            Some(_) => self.scalar_value().map(Some),
        }
    }

    /// Gives a finished value to what holds it, and to what holds that, as far as those end here;
    /// the root of the document when there is no holder left.
    fn attach(&mut self, mut value: NodeId) -> Result<Option<NodeId>, Stop> {
        loop {
            let Some(holder) = self.open.last_mut() else { return Ok(Some(value)) };
            let closing = holder.closing();
            match &mut holder.inside {
                Inside::List => self.items.push(Child::Own(value)),
                Inside::Object(key) => {
                    self.entries.extend(key.take().map(|key| key.with(Child::Own(value))));
                }
            }
            self.space()?;
            let start = self.at;
            match self.peek() {
                Some(byte) if byte == closing => {}
                Some(b',') => {
                    self.at += 1;
                    self.space()?;
                    while self.peek() == Some(b',') {
                        let finding =
                            self.wrong(self.span(self.at, self.at + 1), "a comma too many");
                        self.report.add(finding.help("remove it"))?;
                        self.at += 1;
                        self.space()?;
                    }
                    if self.peek() != Some(closing) {
                        self.next_item()?;
                        return Ok(None);
                    }
                    let finding = self
                        .wrong(
                            self.span(start, start + 1),
                            format!("a trailing comma before the closing `{}`", closing as char),
                        )
                        .help("remove it: JSON allows no comma after the last one");
                    self.report.add(finding)?;
                }
                Some(b']' | b'}') => return Err(self.mismatched()),
                Some(b':') if closing == b']' => {
                    let finding = self
                        .wrong(self.span(start, start + 1), "a list has no keys")
                        .help("write an object in braces: `{\"key\": 1}`");
                    return Err(self.report.stop(finding));
                }
                Some(_) => {
                    let what = if closing == b']' { "items" } else { "entries" };
                    let place = self.span(start, start + self.character_length());
                    let finding = self
                        .wrong(place, format!("a comma is missing between two {what}"))
                        .label("the next one starts here")
                        .help("write `,` before it");
                    self.report.add(finding)?;
                    self.next_item()?;
                    return Ok(None);
                }
                None => return Err(self.unclosed()),
            }
            self.at += 1;
            value = self.close()?;
        }
    }

    /// What stands before the next value: in an object its key.
    fn next_item(&mut self) -> Result<(), Stop> {
        match self.open.last() {
            Some(Open { inside: Inside::Object(_), .. }) => self.key(),
            _ => Ok(()),
        }
    }

    /// Reads a key and the colon after it.
    fn key(&mut self) -> Result<(), Stop> {
        let start = self.at;
        let (key, end) = match self.peek() {
            None => return Err(self.unclosed()),
            Some(b'"' | b'\'') => {
                let text = self.string()?;
                (self.builder.key(&text, self.span(start, self.at)), self.at)
            }
            Some(b'{' | b'[' | b']' | b':' | b',') => {
                let place = self.span(start, start + 1);
                let finding =
                    self.wrong(place, "a key is missing").label("expected a key in quotes here");
                return Err(self.report.stop(finding));
            }
            Some(_) => {
                let word = self.word();
                let place = self.span(start, self.at);
                let finding = self
                    .wrong(place, format!("the key `{word}` is not in quotes"))
                    .help(format!("write `\"{word}\"`"));
                self.report.add(finding)?;
                (self.builder.key(word, place), self.at)
            }
        };
        if let Some(Open { inside: Inside::Object(awaited), .. }) = self.open.last_mut() {
            *awaited = Some(key);
        }
        self.space()?;
        match self.peek() {
            Some(b':') => self.at += 1,
            // The missing value is told where it is missed.
            Some(b',' | b'}') => {}
            None => return Err(self.unclosed()),
            Some(_) => {
                let place = self.span(start, end);
                let finding = self
                    .wrong(place, format!("no colon follows the key `{}`", self.builder.text(key)))
                    .help("write `:` between key and value");
                self.report.add(finding)?;
            }
        }
        Ok(())
    }

    fn open(&mut self, inside: Inside) -> Result<(), Stop> {
        let start = self.at;
        if self.open.len() >= self.limits.max_depth {
            let max = self.limits.max_depth;
            let message = format!("more than {max} lists and objects inside each other");
            let finding = Diagnostic::new(&DEPTH, self.span(start, start + 1), message)
                .label(format!("this one is number {}", max + 1));
            return Err(self.report.stop(finding));
        }
        let first = match inside {
            Inside::List => self.items.len(),
            Inside::Object(_) => self.entries.len(),
        };
        self.open.push(Open { start, first, inside });
        self.at += 1;
        Ok(())
    }

    /// Makes the node of the innermost open list or object, which ends here.
    fn close(&mut self) -> Result<NodeId, Stop> {
        let Some(open) = self.open.pop() else { return Err(Stop) };
        let span = self.span(open.start, self.at);
        if self.builder.is_full() {
            return Err(self.report.stop(too_many_nodes(span, self.limits)));
        }
        match open.inside {
            Inside::List => {
                let node = self.builder.list(&self.items[open.first..], span);
                self.items.truncate(open.first);
                Ok(node)
            }
            Inside::Object(_) => {
                let mut again = Vec::new();
                let entries = &self.entries[open.first..];
                let node = self.builder.map(entries, span, |key, first, second| {
                    let message = format!("the key `{key}` appears twice in one object");
                    again.push(
                        Diagnostic::new(&DUPLICATE_KEY, second.key.span, message)
                            .label("here again")
                            .related(first.key.span, "here first")
                            .help("remove one of them, or give it another name"),
                    );
                });
                self.entries.truncate(open.first);
                for finding in again {
                    self.report.add(finding)?;
                }
                Ok(node)
            }
        }
    }

    fn scalar(&mut self, value: Scalar<'_>, start: usize, end: usize) -> Result<NodeId, Stop> {
        let span = self.span(start, end);
        if self.builder.is_full() {
            return Err(self.report.stop(too_many_nodes(span, self.limits)));
        }
        Ok(self.builder.scalar(value, span))
    }

    /// Skips white space, and comments after telling once that JSON has none.
    fn space(&mut self) -> Result<(), Stop> {
        loop {
            let rest = &self.text[self.at..];
            self.at += rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r']).len();
            let rest = &self.text[self.at..];
            let length = if rest.starts_with("//") || rest.starts_with('#') {
                rest.find('\n').unwrap_or(rest.len())
            } else if rest.starts_with("/*") {
                rest.find("*/").map_or(rest.len(), |end| end + 2)
            } else {
                let Some(space) = rest.chars().next().filter(|&character| {
                    character.is_whitespace() || matches!(character, '\u{feff}' | '\u{200b}')
                }) else {
                    return Ok(());
                };
                let place = self.span(self.at, self.at + space.len_utf8());
                let code = u32::from(space);
                let message = format!("an unusual space (U+{code:04X}) between the values");
                let help = "write an ordinary space: JSON knows spaces, tabs and line ends only";
                let finding = self.wrong(place, message).help(help);
                self.report.add(finding)?;
                self.at += space.len_utf8();
                continue;
            };
            if !self.comment_told {
                self.comment_told = true;
                let finding = self
                    .wrong(self.span(self.at, self.at + length), "JSON has no comments")
                    .help("remove it and any others, write it as a `description`, or use YAML");
                self.report.add(finding)?;
            }
            self.at += length;
        }
    }

    fn unclosed(&mut self) -> Stop {
        let end = self.span(self.at, self.at);
        let finding = match self.open.last() {
            Some(open) => {
                let message = format!("the `{}` is never closed", open.bracket());
                self.wrong(self.span(open.start, open.start + 1), message)
                    .label("opened here")
                    .related(end, format!("the file ends without a `{}`", open.closing() as char))
            }
            None => self.wrong(end, "the file ends where a value is expected"),
        };
        self.report.stop(finding)
    }

    fn mismatched(&mut self) -> Stop {
        let place = self.span(self.at, self.at + 1);
        let sign = self.text.as_bytes()[self.at] as char;
        let mut finding = self.wrong(place, format!("this `{sign}` closes nothing"));
        if let Some(open) = self.open.last() {
            let bracket = open.bracket();
            finding = self
                .wrong(place, format!("a `{bracket}` is closed by `{sign}`"))
                .label(format!("expected `{}` here", open.closing() as char))
                .related(self.span(open.start, open.start + 1), format!("the `{bracket}`"));
        }
        self.report.stop(finding)
    }

    fn wrong(&self, place: Span, message: impl Into<String>) -> Diagnostic {
        let rule: &'static Rule = &SYNTAX;
        Diagnostic::new(rule, place, message)
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.file, start, end.min(self.text.len()))
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The length of the character that is read next.
    fn character_length(&self) -> usize {
        self.text[self.at..].chars().next().map_or(0, char::len_utf8)
    }
}

#[cfg(test)]
mod tests;
