//! Strings, numbers and words of a JSON text.

use std::borrow::Cow;

use super::Reader;
use crate::text::Stop;
use crate::tree::{NodeId, Scalar};

const NO_INFINITY: &str = "JSON has finite numbers only: write `null` or a string";

impl<'a> Reader<'a, '_> {
    /// Reads a value that is neither list nor object.
    pub(super) fn scalar_value(&mut self) -> Result<NodeId, Stop> {
        let start = self.at;
        match self.peek() {
            Some(b'"' | b'\'') => {
                let text = self.string()?;
                self.scalar(Scalar::String(&text), start, self.at)
            }
            Some(b'-' | b'+' | b'.' | b'0'..=b'9') => self.number(),
            _ => match self.word() {
                "null" => self.scalar(Scalar::Null, start, self.at),
                "true" => self.scalar(Scalar::Bool(true), start, self.at),
                "false" => self.scalar(Scalar::Bool(false), start, self.at),
                word => self.unknown_word(word, start),
            },
        }
    }

    /// Reads what stands up to the next sign of JSON or white space; at least one character.
    pub(super) fn word(&mut self) -> &'a str {
        let rest = &self.text[self.at..];
        let ends = |character: char| {
            character.is_whitespace()
                || matches!(character, ',' | ':' | ']' | '}' | '[' | '{' | '"')
        };
        let end = rest.find(ends).unwrap_or(rest.len()).max(self.character_length());
        self.at += end;
        &rest[..end]
    }

    fn unknown_word(&mut self, word: &str, start: usize) -> Result<NodeId, Stop> {
        // Other languages' words for what JSON has, and for what it has not.
        let (value, help) = match word {
            "None" | "nil" | "NULL" | "Null" | "undefined" => (Scalar::Null, Some("write `null`")),
            "True" | "TRUE" => (Scalar::Bool(true), Some("write `true`")),
            "False" | "FALSE" => (Scalar::Bool(false), Some("write `false`")),
            "NaN" | "Infinity" | "inf" | "nan" => (Scalar::Null, Some(NO_INFINITY)),
            word => (Scalar::String(word), None),
        };
        let finding =
            self.wrong(self.span(start, self.at), format!("`{word}` is not a JSON value")).help(
                help.map_or_else(|| format!("put a string in quotes: `\"{word}\"`"), str::to_owned),
            );
        self.report.add(finding)?;
        self.scalar(value, start, self.at)
    }

    /// Reads a string. Without escapes, which is nearly always, nothing is copied.
    pub(super) fn string(&mut self) -> Result<Cow<'a, str>, Stop> {
        let start = self.at;
        let quote = self.text.as_bytes()[start];
        if quote == b'\'' {
            let finding = self
                .wrong(self.span(start, start + 1), "a string is in single quotes")
                .help("JSON knows double quotes only: write `\"`");
            self.report.add(finding)?;
        }
        self.at += 1;
        let mut copied: Option<String> = None;
        let mut from = self.at;
        loop {
            let bytes = &self.text.as_bytes()[self.at..];
            let special = |&byte: &u8| byte == quote || byte == b'\\' || byte < 0x20;
            let Some(length) = bytes.iter().position(special) else {
                return Err(self.unclosed_string(start));
            };
            self.at += length;
            let byte = bytes[length];
            if byte == b'\\' {
                let copied = copied.get_or_insert_default();
                copied.push_str(&self.text[from..self.at]);
                let character = self.escape(start)?;
                copied.push(character);
                from = self.at;
            } else if byte == quote {
                let rest = &self.text[from..self.at];
                self.at += 1;
                return Ok(match copied {
                    None => Cow::Borrowed(rest),
                    Some(mut copied) => {
                        copied.push_str(rest);
                        Cow::Owned(copied)
                    }
                });
            } else if byte == b'\n' || byte == b'\r' {
                return Err(self.unclosed_string(start));
            } else {
                let (name, escape) = match byte {
                    b'\t' => ("a tab".to_owned(), "\\t".to_owned()),
                    byte => {
                        (format!("the control character U+{byte:04X}"), format!("\\u{byte:04x}"))
                    }
                };
                let finding = self
                    .wrong(self.span(self.at, self.at + 1), format!("{name} inside a string"))
                    .help(format!("write `{escape}`"));
                self.report.add(finding)?;
                self.at += 1;
            }
        }
    }

    fn unclosed_string(&mut self, start: usize) -> Stop {
        let finding = self
            .wrong(self.span(start, self.at), "a string is not closed on its line")
            .label("it starts here")
            .help("close it with `\"`; a line break inside a string is written `\\n`");
        self.report.stop(finding)
    }

    /// Reads an escape of the string that starts at `string`, from its backslash on.
    fn escape(&mut self, string: usize) -> Result<char, Stop> {
        let start = self.at;
        let sign = self.text.as_bytes().get(start + 1).copied();
        self.at += 2;
        Ok(match sign {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode_escape(start),
            None => return Err(self.unclosed_string(string)),
            _ => {
                self.at = start + 1;
                let length = self.character_length();
                let sign = &self.text[self.at..self.at + length];
                let place = self.span(start, self.at + length);
                let finding = self
                    .wrong(place, format!("`\\{sign}` is not an escape of JSON"))
                    .help("write `\\\\` for a backslash");
                self.report.add(finding)?;
                // What follows is read as it stands.
                '\\'
            }
        })
    }

    /// `\u` and four digits, with a second one where the first is half of a pair (RFC 8259 §7).
    fn unicode_escape(&mut self, start: usize) -> Result<char, Stop> {
        let first = self.four_digits();
        let code = match first {
            Some(high @ 0xd800..=0xdbff) => {
                let after = self.at;
                let low = if self.text[self.at..].starts_with("\\u") {
                    self.at += 2;
                    self.four_digits().filter(|low| (0xdc00..=0xdfff).contains(low))
                } else {
                    None
                };
                if low.is_none() {
                    self.at = after;
                }
                low.map(|low| 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00))
            }
            code => code,
        };
        if let Some(character) = code.and_then(char::from_u32) {
            return Ok(character);
        }
        let written = &self.text[start..self.at];
        let (message, help) = if first.is_some() {
            let message = format!("`{written}` is one half of a character");
            (message, "characters above U+FFFF are two escapes: `\\ud83d\\ude00`")
        } else {
            (format!("four hexadecimal digits must follow `{written}`"), "write `\\u0041` for `A`")
        };
        let finding = self.wrong(self.span(start, self.at), message).help(help);
        self.report.add(finding)?;
        Ok('\u{fffd}')
    }

    fn four_digits(&mut self) -> Option<u32> {
        let digits = self.text.get(self.at..self.at + 4)?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        self.at += 4;
        u32::from_str_radix(digits, 16).ok()
    }

    /// Reads a number. Its digits are kept as they are; nothing is computed.
    fn number(&mut self) -> Result<NodeId, Stop> {
        let start = self.at;
        let rest = &self.text[start..];
        let length = number_length(rest);
        let belongs = |character: char| {
            character.is_alphanumeric() || matches!(character, '.' | '+' | '-' | '_')
        };
        let whole = rest.find(|character| !belongs(character)).unwrap_or(rest.len());
        self.at += whole;
        let written = &rest[..whole];
        if length == whole {
            return self.scalar(Scalar::Number(written), start, self.at);
        }
        // The core schema of YAML allows more ways to write a number; what it can read is a number
        // in the wrong notation.
        let (value, help) = match crate::yaml::number(written) {
            Some(number) => {
                let help = format!("write `{number}`");
                (Some(number), help)
            }
            None if written.ends_with("Infinity") => (None, NO_INFINITY.to_owned()),
            None => (None, format!("put a string in quotes: `\"{written}\"`")),
        };
        let finding = self
            .wrong(
                self.span(start, self.at),
                format!("`{written}` is not a number as JSON writes it"),
            )
            .help(help);
        self.report.add(finding)?;
        match value {
            Some(number) => self.scalar(Scalar::Number(&number), start, self.at),
            None => self.scalar(Scalar::Null, start, self.at),
        }
    }
}

/// The length of the number that a text starts with (RFC 8259 §6); 0 if it starts with none.
pub(crate) fn number_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let digits = |from: usize| {
        bytes[from.min(bytes.len())..].iter().take_while(|byte| byte.is_ascii_digit()).count()
    };
    let mut at = usize::from(bytes.first() == Some(&b'-'));
    match digits(at) {
        0 => return 0,
        // No zero before other digits.
        count if count > 1 && bytes[at] == b'0' => return 0,
        count => at += count,
    }
    if bytes.get(at) == Some(&b'.') {
        match digits(at + 1) {
            0 => return at,
            count => at += 1 + count,
        }
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
        match digits(at + 1 + sign) {
            0 => return at,
            count => at += 1 + sign + count,
        }
    }
    at
}
