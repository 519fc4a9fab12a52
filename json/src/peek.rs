//! A look at one member of a JSON text without reading the rest.
//!
//! In: a text and a path. Out: the raw text of what is there. When the member comes first, the
//! cost is that of reading its name and its value; otherwise what stands before it is stepped
//! over, strings and nesting minded, nothing kept. Nothing behind the member is looked at, so
//! this says nothing about whether the text is JSON: whoever decodes it finds out.

use std::borrow::Cow;

use super::scan;

/// One step of a path into a JSON text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step<'p> {
    /// The member of this name.
    Property(&'p str),
    /// The item at this position, counted from 0.
    Item(usize),
}

/// The text of one value inside a larger text, without white space around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Raw<'a>(&'a str);

impl<'a> Raw<'a> {
    /// The text, quotes and all.
    pub fn text(self) -> &'a str {
        self.0
    }

    /// What a string says, escapes resolved; none if this is no string. Allocates only where
    /// there are escapes.
    pub fn string(self) -> Option<Cow<'a, str>> {
        let inner = self.0.strip_prefix('"')?.strip_suffix('"')?;
        if inner.contains('\\') {
            scan::unescape(inner, 0).ok().map(Cow::Owned)
        } else {
            Some(Cow::Borrowed(inner))
        }
    }
}

/// The raw text of the value that `path` leads to, or none if there is none.
///
/// A text that is no JSON is not an error here: the answer is whatever is found before it breaks.
/// Of a repeated property the first counts, since waiting for the last would mean reading the
/// whole text; the tree counts the last.
///
/// ```
/// use asyncapi_ws_json::{Step, peek};
///
/// const TYPE: &[Step<'_>] = &[Step::Property("type")];
/// let frame = r#"{"type":"bars.subscribe","payload":{"symbol":"AAPL"}}"#;
/// match peek(frame, TYPE).and_then(|raw| raw.string()).as_deref() {
///     Some("bars.subscribe") => {}
///     other => panic!("no such message: {other:?}"),
/// }
/// ```
pub fn peek<'a>(text: &'a str, path: &[Step<'_>]) -> Option<Raw<'a>> {
    let bytes = text.as_bytes();
    let start = path.iter().try_fold(scan::skip_space(bytes, 0), |at, step| match *step {
        Step::Property(name) => property(text, at, name),
        Step::Item(index) => item(bytes, at, index),
    })?;
    let end = skip_value(bytes, start)?;
    // Both lie beside ASCII bytes or at an end.
    text.get(start..end).map(Raw)
}

/// Where the value of the member `name` of the object at `at` starts.
fn property(text: &str, at: usize, name: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = scan::skip_space(bytes, after(bytes, at, b'{')?);
    loop {
        let key = after(bytes, at, b'"')?;
        let plain = bytes.get(key..)?.starts_with(name.as_bytes())
            && bytes.get(key + name.len()) == Some(&b'"')
            // A name that has to be escaped cannot stand there as it is.
            && scan::plain_end(name.as_bytes(), 0) == name.len();
        let (end, found) = if plain {
            (key + name.len() + 1, true)
        } else {
            let (end, escaped) = scan::skip_string(bytes, key)?;
            (end, escaped && scan::unescape(&text[key..end - 1], 0).is_ok_and(|key| key == name))
        };
        let value = scan::skip_space(bytes, after(bytes, scan::skip_space(bytes, end), b':')?);
        if found {
            return Some(value);
        }
        at = scan::skip_space(bytes, skip_value(bytes, value)?);
        at = scan::skip_space(bytes, after(bytes, at, b',')?);
    }
}

/// Where the item at `index` of the array at `at` starts.
fn item(bytes: &[u8], at: usize, index: usize) -> Option<usize> {
    let mut at = scan::skip_space(bytes, after(bytes, at, b'[')?);
    for _ in 0..index {
        at = scan::skip_space(bytes, skip_value(bytes, at)?);
        at = scan::skip_space(bytes, after(bytes, at, b',')?);
    }
    Some(at)
}

#[inline]
fn after(bytes: &[u8], at: usize, byte: u8) -> Option<usize> {
    (bytes.get(at) == Some(&byte)).then_some(at + 1)
}

/// The position behind the value at `at`. Counts brackets without recursion and without minding
/// which kind closes which.
fn skip_value(bytes: &[u8], at: usize) -> Option<usize> {
    match bytes.get(at)? {
        b'"' => scan::skip_string(bytes, at + 1).map(|(end, _)| end),
        b'{' | b'[' => skip_brackets(bytes, at),
        b'-' | b'0'..=b'9' | b'a'..=b'z' => {
            let rest = &bytes[at..];
            let length = rest.iter().position(
                |byte| !matches!(byte, b'0'..=b'9' | b'a'..=b'z' | b'E' | b'.' | b'+' | b'-'),
            );
            Some(at + length.unwrap_or(rest.len()))
        }
        _ => None,
    }
}

fn skip_brackets(bytes: &[u8], mut at: usize) -> Option<usize> {
    let mut open = 0_usize;
    loop {
        match bytes.get(at)? {
            b'"' => {
                at = scan::skip_string(bytes, at + 1)?.0;
                continue;
            }
            b'{' | b'[' => open += 1,
            b'}' | b']' => open -= 1,
            _ => {}
        }
        at += 1;
        if open == 0 {
            return Some(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Json;
    use super::super::arbitrary::any_json;
    use super::*;
    use proptest::prelude::*;

    fn property_of<'a>(text: &'a str, name: &str) -> Option<&'a str> {
        peek(text, &[Step::Property(name)]).map(Raw::text)
    }

    #[test]
    fn a_member_is_found_wherever_it_stands() {
        for frame in [
            r#"{"type":"a.b","payload":{}}"#,
            r#"  { "type" : "a.b" }"#,
            r#"{"payload":{"type":"no","s":"\"}\\"},"n":[1,[{"type":2}]],"type":"a.b"}"#,
            r#"{"t\u0079pe":"a.b"}"#,
            r#"{"typ":1,"types":2,"Type":3,"type":"a.b"}"#,
        ] {
            let raw = peek(frame, &[Step::Property("type")]).unwrap();
            assert_eq!(raw.string().as_deref(), Some("a.b"), "{frame}");
        }
        let nested = r#"{"a":[0,{"b":[true, null ,"x"]}]}"#;
        let path = [Step::Property("a"), Step::Item(1), Step::Property("b"), Step::Item(1)];
        assert_eq!(peek(nested, &path).map(Raw::text), Some("null"));
        assert_eq!(peek(" -1.5e3 ", &[]).map(Raw::text), Some("-1.5e3"));
    }

    #[test]
    fn what_is_not_there_is_not_found() {
        for frame in [
            "",
            "{",
            "{}",
            "[]",
            "1",
            "null",
            r#"{"typ"#,
            r#"{"type"}"#,
            r#"{"type":"#,
            r#"{"type":"a"#,
            r#"{"a":{"type":1}}"#,
        ] {
            assert_eq!(property_of(frame, "type"), None, "{frame}");
        }
        assert_eq!(peek("[1,2]", &[Step::Item(2)]), None);
        assert_eq!(peek("{}", &[Step::Item(0)]), None);
    }

    #[test]
    fn names_and_values_with_escapes_are_compared_by_what_they_say() {
        assert_eq!(property_of(r#"{"a\"b":1}"#, "a\"b"), Some("1"));
        assert_eq!(property_of("{\"a\nb\":1}", "a\nb"), None, "not JSON: a bare line feed");
        let raw = peek(r#"{"a":"\u0062\n"}"#, &[Step::Property("a")]).unwrap();
        assert_eq!(raw.string().as_deref(), Some("b\n"));
        assert_eq!(peek("12", &[]).unwrap().string(), None);
    }

    #[test]
    fn deep_nesting_before_the_member_is_only_counted() {
        let deep = format!(r#"{{"a":{}{},"type":1}}"#, "[".repeat(500_000), "]".repeat(500_000));
        assert_eq!(property_of(&deep, "type"), Some("1"));
        assert_eq!(property_of(&deep[..400_000], "type"), None);
    }

    proptest! {
        #[test]
        fn it_finds_what_the_whole_tree_has(value in any_json()) {
            let text = value.to_string();
            check(&text, &value)?;
        }

        #[test]
        fn no_text_makes_it_panic(text: String, name: String, at in 0_usize..3) {
            let _ = peek(&text, &[Step::Property(&name)]);
            let _ = peek(&text, &[Step::Item(at), Step::Property(&name)]);
        }

        #[test]
        fn nothing_nearly_json_makes_it_panic(text in r#"[\[\]{},:"\\ut1 é]{0,40}"#) {
            let _ = peek(&text, &[Step::Property("t")]).map(|raw| raw.string());
            let _ = peek(&text, &[Step::Item(1), Step::Property("t")]);
        }
    }

    fn check(text: &str, value: &Json<'_>) -> Result<(), TestCaseError> {
        match value {
            Json::Object(object) => {
                for (key, member) in object.iter() {
                    let raw = peek(text, &[Step::Property(key)]).map(Raw::text);
                    prop_assert_eq!(raw, Some(&*member.to_string()));
                }
            }
            Json::Array(items) => {
                for (at, item) in items.iter().enumerate() {
                    let raw = peek(text, &[Step::Item(at)]).map(Raw::text);
                    prop_assert_eq!(raw, Some(&*item.to_string()));
                }
            }
            scalar => {
                prop_assert_eq!(peek(text, &[]).map(Raw::text), Some(text));
                if let Json::String(said) = scalar {
                    prop_assert_eq!(peek(text, &[]).unwrap().string(), Some(said.clone()));
                }
            }
        }
        Ok(())
    }
}
