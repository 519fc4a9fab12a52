//! What a plain scalar means: the core schema of YAML 1.2 (§10.3.2), numbers in JSON's notation.
//!
//! `no`, `on` and `2024-01-01` are texts; `1.0` stays `1.0`; `0x1F` becomes `31`.

use std::borrow::Cow;

use crate::json::number_length;

/// What the text of a plain scalar means.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Plain<'t> {
    Null,
    Bool(bool),
    /// In JSON's notation.
    Number(Cow<'t, str>),
    /// `.inf` or `.nan`
    NotFinite,
    /// A hexadecimal or octal number with more digits than fit 128 bits.
    TooLong,
    Text,
}

/// The number that a text is in the core schema, in JSON's notation.
///
/// Digits are never computed with, except those of `0x` and `0o`.
pub(crate) fn number(text: &str) -> Option<Cow<'_, str>> {
    match resolve(text) {
        Plain::Number(number) => Some(number),
        _ => None,
    }
}

pub(super) fn resolve(text: &str) -> Plain<'_> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Plain::Null,
        "true" | "True" | "TRUE" => return Plain::Bool(true),
        "false" | "False" | "FALSE" => return Plain::Bool(false),
        _ => {}
    }
    match text.as_bytes()[0] {
        b'0'..=b'9' | b'+' | b'-' | b'.' => {}
        _ => return Plain::Text,
    }
    if number_length(text) == text.len() {
        return Plain::Number(Cow::Borrowed(text));
    }
    if matches!(text, ".nan" | ".NaN" | ".NAN") || is_infinite(text) {
        return Plain::NotFinite;
    }
    for (prefix, radix) in [("0x", 16), ("0o", 8)] {
        if let Some(digits) = text.strip_prefix(prefix) {
            if digits.is_empty() || !digits.chars().all(|digit| digit.is_digit(radix)) {
                return Plain::Text;
            }
            return match u128::from_str_radix(digits, radix) {
                Ok(number) => Plain::Number(Cow::Owned(number.to_string())),
                Err(_) => Plain::TooLong,
            };
        }
    }
    in_json_notation(text).map_or(Plain::Text, |number| Plain::Number(Cow::Owned(number)))
}

fn is_infinite(text: &str) -> bool {
    let text = text.strip_prefix(['+', '-']).unwrap_or(text);
    matches!(text, ".inf" | ".Inf" | ".INF")
}

/// `[-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?` without plus, with a digit on
/// both sides of the point and without zeros before other digits.
fn in_json_notation(text: &str) -> Option<String> {
    let (sign, rest) = match text.strip_prefix(['-', '+']) {
        Some(rest) if text.starts_with('-') => ("-", rest),
        Some(rest) => ("", rest),
        None => ("", text),
    };
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let (whole, rest) = rest.split_at(digits(rest));
    let (fraction, rest) = match rest.strip_prefix('.') {
        Some(rest) => {
            let (fraction, rest) = rest.split_at(digits(rest));
            if whole.is_empty() && fraction.is_empty() {
                return None;
            }
            let fraction = if fraction.is_empty() {
                ".0"
            } else {
                &text[text.len() - rest.len() - fraction.len() - 1..text.len() - rest.len()]
            };
            (fraction, rest)
        }
        None if whole.is_empty() => return None,
        None => ("", rest),
    };
    let exponent = match rest.strip_prefix(['e', 'E']) {
        Some(exponent) => {
            let unsigned = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
            if unsigned.is_empty() || digits(unsigned) != unsigned.len() {
                return None;
            }
            rest
        }
        None if rest.is_empty() => "",
        None => return None,
    };
    let significant = whole.trim_start_matches('0');
    let whole = if significant.is_empty() { "0" } else { significant };
    Some([sign, whole, fraction, exponent].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_scalars_mean_what_the_core_schema_says() {
        for text in [
            "no",
            "on",
            "yes",
            "off",
            "y",
            "nUll",
            "tRUE",
            "2024-01-01",
            "1_000",
            "0b1",
            "1.2.3",
            "12:30",
            "+",
            "-",
            ".",
            "..",
            "e5",
            "1e",
            "1e+",
            "0x",
            "0xg",
            "0o8",
            "-0x1F",
            "+0o7",
            "1,5",
            "٣",
            "--1",
            "+-1",
            "1..2",
            ".e1",
        ] {
            assert_eq!(resolve(text), Plain::Text, "{text}");
        }
        for text in ["", "~", "null", "Null", "NULL"] {
            assert_eq!(resolve(text), Plain::Null, "{text}");
        }
        assert_eq!(resolve("True"), Plain::Bool(true));
        assert_eq!(resolve("FALSE"), Plain::Bool(false));
        for text in [".inf", "-.Inf", "+.INF", ".nan", ".NaN", ".NAN"] {
            assert_eq!(resolve(text), Plain::NotFinite, "{text}");
        }
    }

    #[test]
    fn numbers_keep_their_digits_and_come_in_jsons_notation() {
        for (written, expected) in [
            ("1.0", "1.0"),
            ("9007199254740993", "9007199254740993"),
            ("1e400", "1e400"),
            ("-0", "-0"),
            ("1E+5", "1E+5"),
            ("+1", "1"),
            ("017", "17"),
            ("-007.50", "-7.50"),
            ("00", "0"),
            (".5", "0.5"),
            ("-.5e3", "-0.5e3"),
            ("1.", "1.0"),
            ("1.e5", "1.0e5"),
            ("+01.E-3", "1.0E-3"),
            ("0x1F", "31"),
            ("0o17", "15"),
            ("0xffffffffffffffffffffffffffffffff", "340282366920938463463374607431768211455"),
        ] {
            assert_eq!(number(written).as_deref(), Some(expected), "{written}");
        }
        assert_eq!(resolve(&format!("0x1{}", "0".repeat(32))), Plain::TooLong);
    }
}
