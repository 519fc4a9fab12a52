//! [`Json`] → text: compact, numbers as written, only the escapes that RFC 8259 §7 demands.

use std::fmt;

use super::Json;

impl Json<'_> {
    /// Appends the text to `out`.
    ///
    /// ```
    /// # use asyncapi_ws_json::Json;
    /// let mut out = Vec::new();
    /// Json::parse(r#"{ "price" : 1.50 }"#)?.write(&mut out);
    /// assert_eq!(out, br#"{"price":1.50}"#);
    /// # Ok::<(), asyncapi_ws_json::ParseError>(())
    /// ```
    pub fn write(&self, out: &mut Vec<u8>) {
        // Writing into a vector cannot fail.
        let _ = self.print(&mut Bytes(out));
    }

    fn print(&self, out: &mut impl fmt::Write) -> fmt::Result {
        match self {
            Json::Null => out.write_str("null"),
            Json::Bool(true) => out.write_str("true"),
            Json::Bool(false) => out.write_str("false"),
            Json::Number(number) => out.write_str(number.as_str()),
            Json::String(text) => print_string(text, out),
            Json::Array(items) => {
                out.write_char('[')?;
                for (at, item) in items.iter().enumerate() {
                    if at > 0 {
                        out.write_char(',')?;
                    }
                    item.print(out)?;
                }
                out.write_char(']')
            }
            Json::Object(object) => {
                out.write_char('{')?;
                for (at, (key, value)) in object.iter().enumerate() {
                    if at > 0 {
                        out.write_char(',')?;
                    }
                    print_string(key, out)?;
                    out.write_char(':')?;
                    value.print(out)?;
                }
                out.write_char('}')
            }
        }
    }
}

fn print_string(text: &str, out: &mut impl fmt::Write) -> fmt::Result {
    out.write_char('"')?;
    let mut rest = text;
    loop {
        let end = super::scan::plain_end(rest.as_bytes(), 0);
        out.write_str(&rest[..end])?;
        // What stops the scan is one byte: a quote, a backslash or a control character.
        match rest.as_bytes().get(end) {
            None => return out.write_char('"'),
            Some(b'"') => out.write_str("\\\"")?,
            Some(b'\\') => out.write_str("\\\\")?,
            Some(b'\n') => out.write_str("\\n")?,
            Some(b'\r') => out.write_str("\\r")?,
            Some(b'\t') => out.write_str("\\t")?,
            Some(0x08) => out.write_str("\\b")?,
            Some(0x0c) => out.write_str("\\f")?,
            Some(control) => write!(out, "\\u{control:04x}")?,
        }
        rest = &rest[end + 1..];
    }
}

struct Bytes<'v>(&'v mut Vec<u8>);

impl fmt::Write for Bytes<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.extend_from_slice(text.as_bytes());
        Ok(())
    }
}

impl fmt::Display for Json<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.print(f)
    }
}

/// The text, since that is what one wants to see of a value.
impl fmt::Debug for Json<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.print(f)
    }
}

impl fmt::Debug for super::Object<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::super::arbitrary::any_json;
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_are_printed_as_they_were_written() {
        let text = r#"[0.1000,-0,1e2,123456789012345678901234567890,1E+400]"#;
        assert_eq!(Json::parse(text).unwrap().to_string(), text);
    }

    proptest! {
        #[test]
        fn what_is_printed_reads_back_and_is_what_serde_json_prints(value in any_json()) {
            let text = value.to_string();
            let mut bytes = Vec::new();
            value.write(&mut bytes);
            prop_assert_eq!(text.as_bytes(), &bytes);
            let back = Json::parse(&text).unwrap();
            prop_assert_eq!(&back, &value);
            prop_assert_eq!(back.to_string(), text.clone());
            prop_assert_eq!(serde_json::to_string(&value).unwrap(), text.clone());
            let read: Json<'_> = serde_json::from_str(&text).unwrap();
            prop_assert_eq!(read.to_string(), text);
        }
    }
}
