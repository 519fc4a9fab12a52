//! Any text → words → an identifier: what every name in generated code is made by.
//!
//! Identifiers are ASCII, so that no compiler warns about scripts or look-alikes: Latin letters lose
//! their accents, other letters are spelled by their code point (`价` → `U4ef7`). A text of signs only
//! is spelled by their names (`+` → `Plus`), an empty one is `Empty`.

use std::fmt::Write;

/// A name as lower-case words.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Name(Vec<String>);

impl Name {
    /// The words of a text: `bars.subscribe`, `barsSubscribe`, `BARS_SUBSCRIBE` → bars, subscribe.
    pub fn new(text: &str) -> Self {
        let words = split(text);
        if !words.is_empty() {
            return Self(words);
        }
        let spelled: Vec<String> = text.chars().filter_map(sign).collect();
        Self(if spelled.is_empty() { vec!["empty".to_owned()] } else { spelled })
    }

    /// This name followed by another one's words.
    #[must_use]
    pub fn then(&self, other: &Name) -> Self {
        Self(self.0.iter().chain(&other.0).cloned().collect())
    }

    /// Whether the name ends with another one's words, or is the same.
    pub fn starts_with(&self, other: &Name) -> bool {
        self.0.starts_with(&other.0)
    }

    /// `BarsSubscribe`, for types, variants and traits. A leading digit is preceded by `N`.
    pub fn pascal(&self) -> String {
        let mut name = String::new();
        for word in &self.0 {
            // Two numbers in a row would run together: `1`, `5` → `N1_5`.
            if name.ends_with(|c: char| c.is_ascii_digit())
                && word.starts_with(|c: char| c.is_ascii_digit())
            {
                name.push('_');
            }
            push_capital(&mut name, word);
        }
        if name.starts_with(|c: char| c.is_ascii_digit()) { format!("N{name}") } else { name }
    }

    /// `bars_subscribe`, for functions, fields and modules. A leading digit is preceded by `n`.
    pub fn snake(&self) -> String {
        let name = self.0.join("_");
        if name.starts_with(|c: char| c.is_ascii_digit()) { format!("n{name}") } else { name }
    }

    /// `BARS_SUBSCRIBE`, for constants.
    pub fn upper_snake(&self) -> String {
        self.snake().to_ascii_uppercase()
    }

    /// `barsSubscribe`, for members in TypeScript. A leading digit is preceded by `n`.
    pub fn camel(&self) -> String {
        let pascal = self.pascal();
        let mut chars = pascal.chars();
        match chars.next() {
            Some(first) => first.to_ascii_lowercase().to_string() + chars.as_str(),
            None => pascal,
        }
    }
}

fn push_capital(name: &mut String, word: &str) {
    let mut chars = word.chars();
    if let Some(first) = chars.next() {
        name.push(first.to_ascii_uppercase());
        name.push_str(chars.as_str());
    }
}

/// Words by separators and by changes of case: `HTTPServer2Go` → http, server2, go.
fn split(text: &str) -> Vec<String> {
    let plain = to_ascii(text);
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let chars: Vec<char> = plain.chars().collect();
    for (at, &c) in chars.iter().enumerate() {
        let before = at.checked_sub(1).map(|at| chars[at]);
        let after = chars.get(at + 1).copied();
        if !c.is_ascii_alphanumeric() {
            finish(&mut words, &mut word);
            // A sign before a number is part of its meaning: `-1` is not `1`.
            let leads = before.is_none_or(|c| !c.is_ascii_alphanumeric());
            if leads && after.is_some_and(|c| c.is_ascii_digit()) {
                match c {
                    '-' => words.push("minus".to_owned()),
                    '+' => words.push("plus".to_owned()),
                    _ => {}
                }
            }
            continue;
        }
        let starts = c.is_ascii_uppercase()
            && before.is_some_and(|before| {
                before.is_ascii_lowercase()
                    || before.is_ascii_digit()
                    || before.is_ascii_uppercase() && after.is_some_and(|c| c.is_ascii_lowercase())
            });
        if starts {
            finish(&mut words, &mut word);
        }
        word.push(c.to_ascii_lowercase());
    }
    finish(&mut words, &mut word);
    words
}

fn finish(words: &mut Vec<String>, word: &mut String) {
    if !word.is_empty() {
        words.push(std::mem::take(word));
    }
}

/// Latin letters without accents, other letters and symbols by code point, signs as they are.
fn to_ascii(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii() {
            plain.push(c);
        } else if let Some(latin) = latin(c) {
            plain.push_str(latin);
        } else if c.is_whitespace() || c.is_control() {
            plain.push(' ');
        } else {
            // Writing to a string does not fail.
            let _ = write!(plain, " U{:x} ", u32::from(c));
        }
    }
    plain
}

fn latin(c: char) -> Option<&'static str> {
    Some(match c {
        'À'..='Å' | 'Ā' | 'Ă' | 'Ą' => "A",
        'à'..='å' | 'ā' | 'ă' | 'ą' => "a",
        'Æ' => "Ae",
        'æ' => "ae",
        'Ç' | 'Ć' | 'Ĉ' | 'Ċ' | 'Č' => "C",
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => "c",
        'Ď' | 'Đ' | 'Ð' => "D",
        'ď' | 'đ' | 'ð' => "d",
        'È'..='Ë' | 'Ē' | 'Ĕ' | 'Ė' | 'Ę' | 'Ě' => "E",
        'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => "e",
        'Ĝ' | 'Ğ' | 'Ġ' | 'Ģ' => "G",
        'ĝ' | 'ğ' | 'ġ' | 'ģ' => "g",
        'Ì'..='Ï' | 'Ĩ' | 'Ī' | 'Ĭ' | 'Į' | 'İ' => "I",
        'ì'..='ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' => "i",
        'Ł' | 'Ĺ' | 'Ļ' | 'Ľ' => "L",
        'ł' | 'ĺ' | 'ļ' | 'ľ' => "l",
        'Ñ' | 'Ń' | 'Ņ' | 'Ň' => "N",
        'ñ' | 'ń' | 'ņ' | 'ň' => "n",
        'Ò'..='Ö' | 'Ø' | 'Ō' | 'Ő' => "O",
        'ò'..='ö' | 'ø' | 'ō' | 'ő' => "o",
        'Œ' => "Oe",
        'œ' => "oe",
        'Ŕ' | 'Ŗ' | 'Ř' => "R",
        'ŕ' | 'ŗ' | 'ř' => "r",
        'Ś' | 'Ŝ' | 'Ş' | 'Š' => "S",
        'ś' | 'ŝ' | 'ş' | 'š' => "s",
        'ß' => "ss",
        'Ţ' | 'Ť' | 'Þ' => "T",
        'ţ' | 'ť' | 'þ' => "t",
        'Ù'..='Ü' | 'Ũ' | 'Ū' | 'Ŭ' | 'Ů' | 'Ű' | 'Ų' => "U",
        'ù'..='ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' => "u",
        'Ý' | 'Ÿ' | 'Ŷ' => "Y",
        'ý' | 'ÿ' | 'ŷ' => "y",
        'Ź' | 'Ż' | 'Ž' => "Z",
        'ź' | 'ż' | 'ž' => "z",
        _ => return None,
    })
}

/// What a sign is called.
fn sign(c: char) -> Option<String> {
    let name = match c {
        '+' => "plus",
        '-' => "minus",
        '*' => "star",
        '/' => "slash",
        '\\' => "backslash",
        '@' => "at",
        '#' => "hash",
        '$' => "dollar",
        '%' => "percent",
        '&' => "and",
        '=' => "equal",
        '<' => "less",
        '>' => "greater",
        '!' => "not",
        '?' => "question",
        '~' => "tilde",
        '^' => "caret",
        '|' => "pipe",
        '.' => "dot",
        ',' => "comma",
        ':' => "colon",
        ';' => "semicolon",
        '_' => "underscore",
        '"' => "quote",
        '\'' => "apostrophe",
        '`' => "backtick",
        '(' => "open",
        ')' => "close",
        '[' => "open",
        ']' => "close",
        '{' => "open",
        '}' => "close",
        ' ' => "space",
        '\t' => "tab",
        '\n' => "newline",
        '\r' => "return",
        c => return Some(format!("u{:x}", u32::from(c))),
    };
    Some(name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> String {
        let name = Name::new(text);
        format!("{} {} {}", name.pascal(), name.snake(), name.camel())
    }

    #[test]
    fn words_are_found_in_every_style() {
        for text in
            ["bars.subscribe", "barsSubscribe", "BarsSubscribe", "BARS_SUBSCRIBE", "bars subscribe"]
        {
            assert_eq!(all(text), "BarsSubscribe bars_subscribe barsSubscribe", "{text}");
        }
        assert_eq!(all("HTTPServer2Go"), "HttpServer2Go http_server2_go httpServer2Go");
        assert_eq!(all("channelID"), "ChannelId channel_id channelId");
        assert_eq!(all("/api/v1/ws"), "ApiV1Ws api_v1_ws apiV1Ws");
    }

    #[test]
    fn what_is_no_identifier_becomes_one() {
        assert_eq!(all("1D"), "N1D n1_d n1D");
        assert_eq!(all("+"), "Plus plus plus");
        assert_eq!(all("-1"), "Minus1 minus_1 minus1");
        assert_eq!(all("@type"), "Type type type");
        assert_eq!(all(""), "Empty empty empty");
        assert_eq!(all("größe"), "Grosse grosse grosse");
        assert_eq!(all("价格"), "U4ef7U683c u4ef7_u683c u4ef7U683c");
        assert_eq!(all("1.5"), "N1_5 n1_5 n1_5");
        assert_eq!(all("🚀"), "U1f680 u1f680 u1f680");
        assert_eq!(all("__proto__"), "Proto proto proto");
        assert_eq!(all("\u{0}"), "U0 u0 u0");
    }
}
