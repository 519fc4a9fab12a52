//! Text → [`Json`], strictly as RFC 8259 says.
//!
//! One pass, linear in the text. Strings without escapes and all numbers are borrowed. Recursion
//! is bounded by a limit that the caller may lower or raise to 255, so no text overflows the stack.

use std::borrow::Cow;

use super::error::Problem;
use super::{Json, Number, Object, ParseError, scan};

/// How deeply arrays and objects may be nested unless said otherwise: far more than any API
/// needs, and as much as `serde_json` allows.
pub const DEFAULT_DEPTH: u8 = 128;

impl<'a> Json<'a> {
    /// Reads a text that is one JSON value, nested up to [`DEFAULT_DEPTH`] levels.
    ///
    /// ```
    /// # use asyncapi_ws_json::Json;
    /// let error = Json::parse(r#"{"symbol" "AAPL"}"#).unwrap_err();
    /// assert_eq!(error.to_string(), "expected `:` at byte 10, found '\"'");
    /// ```
    pub fn parse(text: &'a str) -> Result<Self, ParseError> {
        Self::parse_within(text, DEFAULT_DEPTH)
    }

    /// Reads a text that is one JSON value, with at most `depth` arrays and objects inside one
    /// another: 0 takes only scalars, 1 an array of them.
    pub fn parse_within(text: &'a str, depth: u8) -> Result<Self, ParseError> {
        let mut parser = Parser { text, bytes: text.as_bytes(), at: 0, limit: depth };
        parser.skip_space();
        let value = parser.value(depth)?;
        parser.skip_space();
        match parser.bytes.get(parser.at) {
            None => Ok(value),
            Some(_) => Err(parser.expected("the end")),
        }
    }

    /// Reads bytes that may not even be text, nested up to [`DEFAULT_DEPTH`] levels.
    pub fn parse_bytes(bytes: &'a [u8]) -> Result<Self, ParseError> {
        match std::str::from_utf8(bytes) {
            Ok(text) => Self::parse(text),
            Err(error) => Err(ParseError::not_utf8(error.valid_up_to())),
        }
    }
}

struct Parser<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    limit: u8,
}

impl<'a> Parser<'a> {
    /// A value at the current position, with `room` levels left.
    fn value(&mut self, room: u8) -> Result<Json<'a>, ParseError> {
        match self.bytes.get(self.at) {
            Some(b'"') => Ok(Json::String(self.string()?)),
            Some(b'{') => self.object(self.deeper(room)?),
            Some(b'[') => self.array(self.deeper(room)?),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word("true", Json::Bool(true)),
            Some(b'f') => self.word("false", Json::Bool(false)),
            Some(b'n') => self.word("null", Json::Null),
            _ => Err(self.expected("a value")),
        }
    }

    fn deeper(&self, room: u8) -> Result<u8, ParseError> {
        room.checked_sub(1)
            .ok_or_else(|| ParseError::new(self.text, self.at, Problem::Depth(self.limit)))
    }

    fn object(&mut self, room: u8) -> Result<Json<'a>, ParseError> {
        let mut object = Object::new();
        self.at += 1;
        self.skip_space();
        if self.take(b'}') {
            return Ok(Json::Object(object));
        }
        loop {
            if self.bytes.get(self.at) != Some(&b'"') {
                return Err(self.expected("a property name"));
            }
            let key = self.string()?;
            self.skip_space();
            if !self.take(b':') {
                return Err(self.expected("`:`"));
            }
            self.skip_space();
            let value = self.value(room)?;
            object.put(key, value);
            self.skip_space();
            if self.take(b'}') {
                return Ok(Json::Object(object));
            }
            if !self.take(b',') {
                return Err(self.expected("`,` or `}`"));
            }
            self.skip_space();
        }
    }

    fn array(&mut self, room: u8) -> Result<Json<'a>, ParseError> {
        let mut items = Vec::new();
        self.at += 1;
        self.skip_space();
        if self.take(b']') {
            return Ok(Json::Array(items));
        }
        loop {
            items.push(self.value(room)?);
            self.skip_space();
            if self.take(b']') {
                return Ok(Json::Array(items));
            }
            if !self.take(b',') {
                return Err(self.expected("`,` or `]`"));
            }
            self.skip_space();
        }
    }

    /// The string whose opening quote is at the current position.
    fn string(&mut self) -> Result<Cow<'a, str>, ParseError> {
        let start = self.at + 1;
        let end = scan::plain_end(self.bytes, start);
        match self.bytes.get(end) {
            Some(b'"') => {
                self.at = end + 1;
                Ok(Cow::Borrowed(&self.text[start..end]))
            }
            Some(b'\\') => self.escaped_string(start, end),
            Some(_) => Err(ParseError::new(self.text, end, Problem::Control)),
            None => Err(ParseError::new(self.text, end, Problem::Expected("`\"`"))),
        }
    }

    /// The same with escapes, the first of which is at `escape`.
    #[cold]
    fn escaped_string(&mut self, start: usize, escape: usize) -> Result<Cow<'a, str>, ParseError> {
        let Some((end, _)) = scan::skip_string(self.bytes, escape) else {
            // Not closed; say what is wrong inside first.
            let rest = &self.text[start..];
            let (at, problem) = match scan::unescape(rest, start) {
                Err(found) => found,
                Ok(_) => (self.text.len(), Problem::Expected("`\"`")),
            };
            return Err(ParseError::new(self.text, at, problem));
        };
        let text = scan::unescape(&self.text[start..end - 1], start)
            .map_err(|(at, problem)| ParseError::new(self.text, at, problem))?;
        self.at = end;
        Ok(Cow::Owned(text))
    }

    fn number(&mut self) -> Result<Json<'a>, ParseError> {
        match scan::number_end(self.bytes, self.at) {
            Ok(end) => {
                let number = Number::trusted(&self.text[self.at..end]);
                self.at = end;
                Ok(Json::Number(number))
            }
            Err(at) => Err(ParseError::new(self.text, at, Problem::Expected("a digit"))),
        }
    }

    fn word(&mut self, word: &'static str, value: Json<'a>) -> Result<Json<'a>, ParseError> {
        if self.bytes[self.at..].starts_with(word.as_bytes()) {
            self.at += word.len();
            Ok(value)
        } else {
            Err(self.expected("a value"))
        }
    }

    #[inline]
    fn skip_space(&mut self) {
        self.at = scan::skip_space(self.bytes, self.at);
    }

    #[inline]
    fn take(&mut self, byte: u8) -> bool {
        let there = self.bytes.get(self.at) == Some(&byte);
        self.at += usize::from(there);
        there
    }

    #[cold]
    fn expected(&self, what: &'static str) -> ParseError {
        ParseError::new(self.text, self.at, Problem::Expected(what))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn problem(text: &str) -> String {
        Json::parse(text).unwrap_err().to_string()
    }

    #[test]
    fn an_error_says_what_was_expected_where_and_what_is_there() {
        assert_eq!(problem(""), "expected a value at byte 0, found the end");
        assert_eq!(problem("{\"a\":1,}"), "expected a property name at byte 7, found '}'");
        assert_eq!(problem("[1 2]"), "expected `,` or `]` at byte 3, found '2'");
        assert_eq!(problem("{\"a\":1"), "expected `,` or `}` at byte 6, found the end");
        assert_eq!(problem("[1]é"), "expected the end at byte 3, found 'é'");
        assert_eq!(problem("01"), "expected the end at byte 1, found '1'");
        assert_eq!(problem("-"), "expected a digit at byte 1, found the end");
        assert_eq!(problem("nul"), "expected a value at byte 0, found 'n'");
        assert_eq!(problem("\"ab"), "expected `\"` at byte 3, found the end");
        assert_eq!(problem("\"a\\\""), "expected `\"` at byte 4, found the end");
        assert_eq!(
            problem("\"a\tb\""),
            "control character U+0009 in a string at byte 2: write it as an escape"
        );
        assert_eq!(problem(r#"["\x"]"#), "unknown escape at byte 2");
        assert_eq!(problem(r#""\u00g0""#), "unknown escape at byte 1");
        assert_eq!(
            problem(r#""a\ud800""#),
            "half of a surrogate pair at byte 2: escape both halves"
        );
        assert_eq!(problem("\u{feff}1"), "expected a value at byte 0, found '\\u{feff}'");
        assert_eq!(Json::parse_bytes(b"\"\xff\"").unwrap_err().to_string(), "not UTF-8 at byte 1");
    }

    #[test]
    fn nesting_is_limited_to_what_the_caller_says() {
        let nested = |depth: usize| format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
        assert!(Json::parse(&nested(128)).is_ok());
        let error = Json::parse(&nested(129)).unwrap_err();
        assert_eq!(error.to_string(), "nested more than 128 levels deep at byte 128");
        assert!(error.is_too_deep());
        assert!(Json::parse_within("1", 0).is_ok());
        assert!(Json::parse_within("[]", 0).is_err());
        assert!(Json::parse_within(&nested(255), 255).is_ok());
        assert!(Json::parse(&"[".repeat(1_000_000)).is_err());
        assert!(Json::parse(&"{\"a\":".repeat(1_000_000)).is_err());
    }

    #[test]
    fn only_what_has_escapes_is_copied() {
        let value = Json::parse(r#"["plain é", "esc\u0061ped \n"]"#).unwrap();
        let Json::Array(items) = &value else { panic!("{value}") };
        assert!(matches!(&items[0], Json::String(Cow::Borrowed("plain é"))));
        assert!(matches!(&items[1], Json::String(Cow::Owned(text)) if text == "escaped \n"));
    }

    #[test]
    fn the_last_of_a_repeated_property_counts() {
        let value = Json::parse(r#"{"a":1,"b":2,"\u0061":3}"#).unwrap();
        assert_eq!(value.to_string(), r#"{"a":3,"b":2}"#);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused_as_serde_json_does(
            bytes in proptest::collection::vec(any::<u8>(), 0..64)
        ) {
            check_against_serde_json(&bytes)?;
        }

        #[test]
        fn nearly_json_is_read_or_refused_as_serde_json_does(
            text in concat!(
                r#"([\[\]{},:" \n]|"[a\\"u\u{1f600}\u{1}/bn0-9d-e]{0,6}""#,
                r"|-?[0-9]{0,3}[.eE+-]?[0-9]{0,2}|true|null|\\ud[89cd]00){0,12}",
            )
        ) {
            check_against_serde_json(text.as_bytes())?;
        }
    }

    /// `serde_json` must agree on what is JSON, except that its numbers end where doubles do.
    fn check_against_serde_json(bytes: &[u8]) -> Result<(), TestCaseError> {
        let ours = Json::parse_bytes(bytes);
        let theirs = serde_json::from_slice::<serde_json::Value>(bytes);
        match (&ours, &theirs) {
            (Ok(ours), Ok(theirs)) => prop_assert!(is_alike(ours, theirs), "{ours} {theirs}"),
            (Ok(_), Err(error)) => {
                prop_assert!(error.to_string().contains("out of range"), "{error}");
            }
            (Err(error), Ok(_)) => prop_assert!(false, "{error}"),
            (Err(error), Err(_)) => prop_assert!(error.offset() <= bytes.len()),
        }
        Ok(())
    }

    /// Equal, but for the last bit of a double, which `serde_json` does not always get right.
    fn is_alike(ours: &Json<'_>, theirs: &serde_json::Value) -> bool {
        use serde_json::Value;
        match (ours, theirs) {
            (Json::Number(ours), Value::Number(theirs)) => {
                let theirs = theirs.as_f64().unwrap();
                ours.to_f64().is_some_and(|ours| (ours - theirs).abs() <= ours.abs() * 1e-15)
            }
            (Json::Array(ours), Value::Array(theirs)) => {
                ours.len() == theirs.len() && ours.iter().zip(theirs).all(|(a, b)| is_alike(a, b))
            }
            (Json::Object(ours), Value::Object(theirs)) => {
                let same = |(key, value)| theirs.get(key).is_some_and(|b| is_alike(value, b));
                ours.len() == theirs.len() && ours.iter().all(same)
            }
            _ => *ours == Json::from(theirs),
        }
    }
}
