//! What is wrong with a text that is not YAML, in the words of who wrote it.
//!
//! In: what the parser tripped over, where, and the text. Out: a finding. The parser sees tokens; a
//! person sees a colon, a tab, a line that is indented oddly. So this file looks at the lines again.

use granit_parser::ErrorKind;

use super::rule::SYNTAX;
use crate::diagnostic::{Diagnostic, shortened};
use crate::source::{FileId, Span};

/// Lines that are looked at before and after the place of an error.
const NEAR: usize = 200;

/// Characters of a key that is not marked by `?` (YAML 1.2.2 §7.4.2).
const MAX_KEY: usize = 1024;

/// The finding for what the parser says of byte `at`.
pub(super) fn explain(kind: &ErrorKind, text: &str, at: usize, file: FileId) -> Diagnostic {
    let at = text.floor_char_boundary(at.min(text.len()));
    let mut place = Place { text, at, file };
    // The carriage return of a line's end is no part of the line, and the parser may stop behind it.
    place.at = at.min(place.line(at).end);
    place.explain(kind)
}

struct Place<'t> {
    text: &'t str,
    at: usize,
    file: FileId,
}

impl<'t> Place<'t> {
    fn explain(&self, kind: &ErrorKind) -> Diagnostic {
        match kind {
            ErrorKind::MappingValueNotAllowed | ErrorKind::InvalidMappingValueWhitespace => {
                self.colon()
            }
            ErrorKind::TabNotAllowed
            | ErrorKind::TabInBlockIndentation
            | ErrorKind::TabInIndentation
            | ErrorKind::TabInPlainScalar
            | ErrorKind::TabAtBlockScalarStart => self.tab(),
            ErrorKind::UnclosedQuotedScalar | ErrorKind::DocumentIndicatorInQuotedScalar => {
                let quote = self.sign();
                self.here(1, format!("the text that starts with this `{quote}` is never closed"))
                    .label("opened here")
                    .help(format!("close it with `{quote}`"))
            }
            ErrorKind::UnclosedFlowCollection { open } => self
                .here(1, format!("the `{open}` is never closed"))
                .label("opened here")
                .help(format!("close it with `{}`", closing(*open))),
            ErrorKind::MismatchedFlowCollectionEnd { open, close } => self
                .here(1, format!("the `{open}` is closed by `{close}`"))
                .label("opened here")
                .help(format!("close it with `{}`", closing(*open))),
            ErrorKind::MisplacedFlowCollectionEnd => {
                let sign = self.sign();
                self.here(1, format!("this `{sign}` closes nothing"))
                    .help("remove it, or put the text that it belongs to in quotes")
            }
            ErrorKind::ExpectedFlowMappingSeparator
            | ErrorKind::ExpectedFlowSequenceSeparator
            | ErrorKind::InvalidColonPlacement
            | ErrorKind::UnexpectedEofFlowMapping
            | ErrorKind::UnexpectedEofFlowSequence
            | ErrorKind::UnexpectedEofImplicitFlowMapping => self.in_brackets(),
            ErrorKind::ExpectedBlockMappingKey
            | ErrorKind::ExpectedBlockSequenceEntry
            | ErrorKind::InvalidIndentation => self.indentation(),
            ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => {
                let line = self.line(self.at);
                let rest = self.text[self.at..line.end].trim_end();
                if let Some(finding) = self.long_key(self.at, rest) {
                    return finding;
                }
                let shown = shortened(rest);
                self.here(rest.len(), format!("`{shown}` is neither a key nor part of a text"))
                    .label("a colon is missing")
                    .help(format!("write `{shown}: …`, or indent it below the text it belongs to"))
            }
            ErrorKind::ExpectedDocumentStart => {
                let line = self.line(self.at);
                self.here(line.end - self.at, "there is text after the end of the value")
                    .label("the value of the document ended before this")
            }
            ErrorKind::MissingAnchorOrAliasName => {
                let sign = self.sign();
                self.here(1, format!("no name follows the `{sign}`"))
                    .help(format!("to start a text with `{sign}`, put it in quotes"))
            }
            // Controls, and what is no character in Unicode (YAML 1.2.2 §5.1).
            ErrorKind::UnexpectedCharacter { character }
                if character.is_control() || matches!(character, '\u{fffe}' | '\u{ffff}') =>
            {
                let code = u32::from(*character);
                self.here(
                    character.len_utf8(),
                    format!("the character U+{code:04X} is not allowed"),
                )
                .help("remove it, or write it as an escape in double quotes")
            }
            ErrorKind::UnexpectedCharacter { character } => {
                let line = self.line(self.at);
                let rest = self.text[self.at..line.end].trim_end();
                let sign = match character {
                    '`' => "a backquote".to_owned(),
                    character => format!("`{character}`"),
                };
                let finding =
                    self.here(character.len_utf8(), format!("a text cannot start with {sign}"));
                match in_quotes(rest) {
                    Some(quoted) => finding.help(format!("put it in quotes: `{quoted}`")),
                    None => finding.help("put it in quotes"),
                }
            }
            ErrorKind::UnknownQuotedScalarEscape
            | ErrorKind::InvalidQuotedScalarHexEscape
            | ErrorKind::InvalidLowSurrogateHexEscape
            | ErrorKind::InvalidLowSurrogate
            | ErrorKind::MissingLowSurrogate
            | ErrorKind::UnpairedLowSurrogate
            | ErrorKind::InvalidUnicodeEscape => self.escape(),
            ErrorKind::UnsupportedYamlMajorVersion => {
                let line = self.line(self.at);
                self.here(line.end - self.at, "the document is written in another YAML than 1.2")
                    .help("remove the line if it is not needed")
            }
            ErrorKind::InvalidTrailingSingleQuotedScalar
            | ErrorKind::InvalidTrailingDoubleQuotedScalar => {
                let line = self.line(self.at);
                let rest = self.text[self.at..line.end].trim_end();
                let finding = self
                    .here(rest.len(), "text follows the closing quote")
                    .label("this is outside of the quotes");
                if *kind == ErrorKind::InvalidTrailingSingleQuotedScalar {
                    finding.help("put all of it in quotes; a quote inside is written twice: `''`")
                } else {
                    finding.help("put all of it in quotes; a quote inside is written `\\\"`")
                }
            }
            ErrorKind::BlockSequenceEntryNotAllowed => self
                .here(1, "a list cannot start on the line of its key")
                .help("write the items on lines of their own, or in brackets: `[one, other]`"),
            ErrorKind::BlockEntryInFlowCollection => self
                .here(1, "items with `- ` cannot stand between brackets")
                .help("separate the items by commas: `[one, other]`"),
            ErrorKind::InvalidBlockScalarHeader => {
                let line = self.line(self.at);
                let sign = self.sign();
                self.here(line.end - self.at, format!("text follows `{sign}` on the same line"))
                    .help(format!(
                        "start the text on the next line, indented, or remove the `{sign}`"
                    ))
            }
            ErrorKind::CommentNotSeparated => {
                self.here(1, "there is no space before this `#`").help("write a space before it")
            }
            ErrorKind::CommentInterceptedScalar => self
                .here(1, "a comment interrupts a text of several lines")
                .help("remove the comment, or write the text with `|` or `>`"),
            ErrorKind::UndeclaredTagHandle | ErrorKind::MissingTagUri => {
                let rest = &self.text[self.at..];
                let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
                self.here(end, format!("the tag `{}` is declared nowhere", shortened(&rest[..end])))
                    .help("remove it; to start a text with `!`, put it in quotes")
            }
            other => self.here(1, other.to_string()),
        }
    }

    /// A colon that would start a value where there is one already.
    fn colon(&self) -> Diagnostic {
        let line = self.line(self.at);
        let before = &self.text[line.start..self.at];
        if let Some(first) = before.find(": ") {
            // `key: some text: more`
            let value_start = line.start + first + 2;
            let value_start = value_start + leading_spaces(&self.text[value_start..line.end]);
            let key = before[..first].trim_start_matches([' ', '-', '?']);
            let value = self.text[value_start..line.end].trim_end();
            let finding = self
                .here(
                    1,
                    format!("the value of `{}` contains `: ` and is not in quotes", shortened(key)),
                )
                .label("this colon would start another value");
            return match in_quotes(value) {
                Some(quoted) => finding.help(format!("write `{}: {quoted}`", shortened(key))),
                None => {
                    finding.help("put the text in quotes, or write it with `|` on lines of its own")
                }
            };
        }
        // The key is the first thing on its line, so the line continues a text that began above.
        let key = before.trim();
        if let Some(finding) = self.long_key(self.at - before.trim_start().len(), before) {
            return finding;
        }
        let Some(above) = self.line_above(line.start) else {
            return self.here(1, "a value cannot start here").label("this colon");
        };
        let text_above = &self.text[above.start..above.end];
        let start_above = above.start + leading_spaces(text_above);
        let content = text_above.trim().trim_start_matches("- ");
        let has_key = content.contains(": ") || content.ends_with(':');
        if !has_key {
            if let Some(colon) = content.find(':') {
                let start = above.start + text_above.find(':').unwrap_or(0);
                return self
                    .at(start, 1, format!("no space follows the colon in `{}`", shortened(content)))
                    .label("this colon")
                    .help(format!(
                        "write `{}: {}`",
                        &content[..colon],
                        shortened(&content[colon + 1..])
                    ));
            }
            return self
                .at(
                    start_above,
                    text_above.trim().len(),
                    format!("no colon follows `{}`", shortened(content)),
                )
                .label("neither a key nor a list item")
                .related(self.span(self.at, 1), "this colon starts a value");
        }
        let indent = leading_spaces(&self.text[line.start..]);
        let indent_above = start_above - above.start;
        let key_above = content.split(':').next().unwrap_or(content);
        let finding = self
            .at(
                line.start + indent,
                key.len(),
                format!("the key `{}` is indented too far", shortened(key)),
            )
            .label(format!("indented by {indent}, the line above by {indent_above}"));
        if indent > indent_above {
            let key_above = shortened(key_above);
            finding.help(format!(
                "`{key_above}` has a value already: indent by {indent_above}, or remove that value"
            ))
        } else {
            finding
        }
    }

    /// What to say of a line that starts with a key which is too long for one.
    fn long_key(&self, start: usize, line: &str) -> Option<Diagnostic> {
        let key = line.split(": ").next().unwrap_or(line).trim();
        (key.chars().count() > MAX_KEY).then(|| {
            self.at(start, key.len(), format!("a key has more than {MAX_KEY} characters"))
                .help("shorten it, or write `? ` before it and the colon on the next line")
        })
    }

    fn tab(&self) -> Diagnostic {
        // The parser may point at the text before the line that the tab is on.
        let mut start = self.line(self.at).start;
        for _ in 0..NEAR {
            let line = self.line(start);
            let content = &self.text[line.start..line.end];
            let indent = content.len() - content.trim_start_matches([' ', '\t']).len();
            if let Some(tab) = content[..indent].find('\t') {
                let width = indent - tab;
                return self
                    .at(line.start + tab, width, "a tab is used for indentation")
                    .help("indent with spaces: YAML allows no tabs there");
            }
            if line.next >= self.text.len() {
                break;
            }
            start = line.next;
        }
        let tab =
            self.text[self.at..].find('\t').filter(|tab| self.at + tab < self.line(self.at).end);
        self.at(self.at + tab.unwrap_or(0), 1, "a tab where YAML allows only spaces")
            .help("write spaces")
    }

    /// Inside of `[ ]` or `{ }`.
    fn in_brackets(&self) -> Diagnostic {
        let opener = self.opener();
        let open = opener.map_or('{', |at| self.text[at..].chars().next().unwrap_or('{'));
        let (what, sign) = if open == '[' { ("list", ']') } else { ("object", '}') };
        let mut finding = self
            .here(1, format!("a `,` or `{sign}` is missing in this {what}"))
            .label(format!("expected `,` or `{sign}` here"));
        if let Some(opener) = opener {
            finding = finding.related(self.span(opener, 1), format!("the {what} starts here"));
        }
        if self.sign() == ':' {
            finding.help(format!(
                "close the {what}, or put the text that contains the colon in quotes"
            ))
        } else {
            finding.help(format!("separate by `,`, or close the {what} with `{sign}`"))
        }
    }

    /// The innermost bracket that is open before this place, as far as one can tell without reading
    /// quotes.
    fn opener(&self) -> Option<usize> {
        let from = self.text.floor_char_boundary(self.at.saturating_sub(4096));
        let mut closed = 0;
        for (at, sign) in self.text[from..self.at].char_indices().rev() {
            match sign {
                ']' | '}' => closed += 1,
                '[' | '{' if closed == 0 => return Some(from + at),
                '[' | '{' => closed -= 1,
                _ => {}
            }
        }
        None
    }

    /// A line that stands at no indentation of the lines above.
    fn indentation(&self) -> Diagnostic {
        let line = self.line(self.at);
        let content = &self.text[line.start..line.end];
        let indent = leading_spaces(content);
        let trimmed = content.trim();
        let levels = self.levels_above(line.start, indent);
        if !levels.contains(&indent) {
            let known: Vec<String> = levels.iter().map(usize::to_string).collect();
            let known = known.join(" or ");
            return self
                .at(line.start + indent, trimmed.len(), "the indentation fits no line above")
                .label(format!("indented by {indent}, the lines above by {known}"))
                .help(format!("indent it by {known} spaces"));
        }
        let is_item = trimmed == "-" || trimmed.starts_with("- ");
        let (message, help) = if is_item {
            (
                "a list item among the keys of an object",
                "indent the items below the key whose value they are",
            )
        } else {
            (
                "a key among the items of a list",
                "indent it below the item that it belongs to, or below the key of the list",
            )
        };
        self.at(line.start + indent, trimmed.len(), message).help(help)
    }

    /// The indentations that the lines above offer, outermost first. An item's own keys stand two
    /// further in than its `-`.
    fn levels_above(&self, before: usize, indent: usize) -> Vec<usize> {
        let mut levels: Vec<usize> = Vec::new();
        let mut outermost = usize::MAX;
        let mut start = before;
        for _ in 0..NEAR {
            let Some(line) = self.line_above(start) else { break };
            start = line.start;
            let content = &self.text[line.start..line.end];
            let own = leading_spaces(content);
            if own >= outermost {
                continue;
            }
            let mut inner = content.trim_start();
            let mut level = own;
            levels.push(level);
            while let Some(rest) = inner.strip_prefix("- ") {
                level += 2 + leading_spaces(rest);
                if level < outermost {
                    levels.push(level);
                }
                inner = rest.trim_start();
            }
            outermost = own;
            if own == 0 {
                break;
            }
        }
        levels.sort_unstable();
        levels.dedup();
        // Two neighbours say enough.
        let above = levels.partition_point(|&level| level < indent);
        if levels.get(above) == Some(&indent) {
            return levels;
        }
        levels[above.saturating_sub(1)..(above + 1).min(levels.len())].to_vec()
    }

    /// A backslash in double quotes that starts no escape, or not one of a character.
    fn escape(&self) -> Diagnostic {
        let text = &self.text[self.at..];
        let mut from = 1;
        while let Some(backslash) = text.get(from..).and_then(|rest| rest.find('\\')) {
            let start = from + backslash;
            let Some(escape) = text[start + 1..].chars().next() else { break };
            let length = match escape {
                'x' => 2,
                'u' => 4,
                'U' => 8,
                _ => 0,
            };
            from = start + 1 + escape.len_utf8();
            if length > 0 {
                let digits = text[from..].bytes().take(length).take_while(u8::is_ascii_hexdigit);
                let digits = digits.count();
                let code = u32::from_str_radix(&text[from..from + digits], 16).ok();
                let written = &text[start..from + digits];
                if digits < length {
                    return self
                        .at(self.at + start, written.len(), format!("`{written}` is not an escape"))
                        .label(format!("expected {length} hexadecimal digits after `\\{escape}`"));
                }
                let low = text[from + digits..].strip_prefix("\\u");
                let low = low.and_then(|low| low.get(..4).map(|low| u32::from_str_radix(low, 16)));
                let is_pair = code.is_some_and(|high| (0xd800..0xdc00).contains(&high))
                    && low.is_some_and(|low| low.is_ok_and(|low| (0xdc00..0xe000).contains(&low)));
                if code.and_then(char::from_u32).is_none() && !is_pair {
                    return self
                        .at(
                            self.at + start,
                            written.len(),
                            format!("`{written}` is not a character"),
                        )
                        .help("characters above U+FFFF are written as `\\U0001f600`");
                }
                from += digits + if is_pair { 6 } else { 0 };
            } else if !"0abt\tnvfre \"/\\N_LP\n\r".contains(escape) {
                return self
                    .at(
                        self.at + start,
                        1 + escape.len_utf8(),
                        format!("`\\{escape}` is not an escape"),
                    )
                    .help(format!(
                        "write `\\\\{escape}`, or use single quotes, where a backslash means itself"
                    ));
            }
        }
        self.here(1, "this text contains a backslash that starts no escape")
    }

    fn sign(&self) -> char {
        self.text[self.at..].chars().next().unwrap_or(' ')
    }

    fn here(&self, length: usize, message: impl Into<String>) -> Diagnostic {
        self.at(self.at, length, message)
    }

    fn at(&self, start: usize, length: usize, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(&SYNTAX, self.span(start, length), message)
    }

    fn span(&self, start: usize, length: usize) -> Span {
        let end = self.text.ceil_char_boundary((start + length).min(self.text.len()));
        Span::new(self.file, start, end)
    }

    /// The line that a byte is on.
    fn line(&self, at: usize) -> Line {
        let start = self.text[..at].rfind('\n').map_or(0, |end| end + 1);
        let rest = &self.text[start..];
        let length = rest.find('\n').unwrap_or(rest.len());
        let next = (start + length + 1).min(self.text.len());
        Line { start, end: start + rest[..length].trim_end_matches('\r').len(), next }
    }

    /// The nearest line above that says something.
    fn line_above(&self, start: usize) -> Option<Line> {
        let mut start = start;
        for _ in 0..NEAR {
            let line = self.line(start.checked_sub(1)?);
            let content = self.text[line.start..line.end].trim();
            if !content.is_empty() && !content.starts_with('#') {
                return Some(line);
            }
            start = line.start;
        }
        None
    }
}

/// Byte offsets of a line: its first character, behind its last, and that of the next line.
struct Line {
    start: usize,
    end: usize,
    next: usize,
}

fn closing(open: char) -> char {
    if open == '[' { ']' } else { '}' }
}

fn leading_spaces(text: &str) -> usize {
    text.len() - text.trim_start_matches(' ').len()
}

/// A text in single quotes, if it is short enough to be shown so.
fn in_quotes(text: &str) -> Option<String> {
    let fits = text.chars().count() <= 60 && !text.contains(" #");
    fits.then(|| format!("'{}'", text.replace('\'', "''")))
}
