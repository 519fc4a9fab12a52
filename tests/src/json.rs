//! JSON texts side by side: the same value, the same spelling, the same but for the numbers.
//!
//! FastWS is written in Python and we are not, so two texts may differ in spacing, in the order of
//! keys or in how a number is spelled and still say the same to every JSON reader.

use serde_json::Value;

/// How alike two JSON texts are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Likeness {
    /// Byte for byte.
    Identical,
    /// One value, spelled in two ways.
    SameValue(Spelling),
    /// Two values, or one of them is not JSON.
    Different,
}

/// In what two texts of one value differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spelling {
    /// Only white space between tokens.
    Spacing,
    /// The order of keys, the spelling of a number, an escape.
    OrderOrToken,
}

/// Compares two texts as JSON.
pub fn likeness(ours: &str, theirs: &str) -> Likeness {
    if ours == theirs {
        return Likeness::Identical;
    }
    let (Ok(left), Ok(right)) = (serde_json::from_str(ours), serde_json::from_str(theirs)) else {
        return Likeness::Different;
    };
    if !same_value(&left, &right) {
        Likeness::Different
    } else if without_spacing(ours) == without_spacing(theirs) {
        Likeness::SameValue(Spelling::Spacing)
    } else {
        Likeness::SameValue(Spelling::OrderOrToken)
    }
}

/// Whether two values are the same to a reader that has one kind of number: `1` is `1.0`.
pub fn same_value(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) if left.is_f64() || right.is_f64() => {
            left.as_f64() == right.as_f64()
        }
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(a, b)| same_value(a, b))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(key, a)| right.get(key).is_some_and(|b| same_value(a, b)))
        }
        (left, right) => left == right,
    }
}

/// `text` with every number in it written as `0`: what can be compared of two services that make up
/// their own numbers. Everything else stays as it is, spacing and order included.
pub fn without_numbers(text: &str) -> String {
    let (mut masked, mut in_number) = (String::with_capacity(text.len()), false);
    for (c, in_string) in with_strings_marked(text) {
        let of_number = !in_string
            && (c.is_ascii_digit() || (in_number && matches!(c, '.' | 'e' | 'E' | '+' | '-')));
        match (in_number, of_number) {
            (false, true) => masked.push('0'),
            (true, true) => {}
            // The sign belongs to the number, and one service may have drawn a negative one.
            (_, false) if c == '-' && !in_string => {}
            (_, false) => masked.push(c),
        }
        in_number = of_number;
    }
    masked
}

fn without_spacing(text: &str) -> String {
    let kept =
        with_strings_marked(text).filter(|(c, in_string)| *in_string || !c.is_ascii_whitespace());
    kept.map(|(c, _)| c).collect()
}

/// Each character, and whether it stands in a string (the quotes count as inside).
fn with_strings_marked(text: &str) -> impl Iterator<Item = (char, bool)> {
    let (mut in_string, mut escaped) = (false, false);
    text.chars().map(move |c| {
        let was_in_string = in_string;
        if c == '"' && !escaped {
            in_string = !in_string;
        }
        escaped = in_string && c == '\\' && !escaped;
        (c, was_in_string || in_string)
    })
}

/// `text` for people: control characters escaped, the middle of a long one left out.
pub fn excerpt(text: &str) -> String {
    const SHOWN: usize = 240;
    let mut shown: String = text.chars().take(SHOWN).flat_map(escape_control).collect();
    if text.chars().count() > SHOWN {
        let tail: Vec<char> = text.chars().rev().take(40).collect();
        shown.push_str(&format!(" … {} bytes … ", text.len()));
        shown.extend(tail.into_iter().rev().flat_map(escape_control));
    }
    shown
}

fn escape_control(c: char) -> Vec<char> {
    if c.is_control() { c.escape_default().collect() } else { vec![c] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spacing_is_told_from_order_and_order_from_value() {
        let compact = r#"{"a":1,"b":"x y"}"#;
        assert_eq!(likeness(compact, compact), Likeness::Identical);
        assert_eq!(
            likeness(compact, r#"{ "a": 1, "b": "x y" }"#),
            Likeness::SameValue(Spelling::Spacing)
        );
        for order_or_token in
            [r#"{"b":"x y","a":1}"#, r#"{"a":1.0,"b":"x y"}"#, r#"{"a":1,"b":"x\u0020y"}"#]
        {
            assert_eq!(
                likeness(compact, order_or_token),
                Likeness::SameValue(Spelling::OrderOrToken),
                "{order_or_token}"
            );
        }
        for different in [r#"{"a":1,"b":"xy"}"#, r#"{"a":1}"#, r#"{"a":"1","b":"x y"}"#, "not json"]
        {
            assert_eq!(likeness(compact, different), Likeness::Different, "{different}");
        }
    }

    #[test]
    fn a_quote_or_a_backslash_in_a_string_does_not_end_it() {
        assert_eq!(
            without_spacing(r#"{ "a \" b" : "\\" , "c d":1 }"#),
            r#"{"a \" b":"\\","c d":1}"#
        );
    }

    #[test]
    fn numbers_are_masked_where_they_are_numbers() {
        assert_eq!(
            without_numbers(r#"{"a1":-1.5e-7, "b":["2","-",3E+2,-0,null],"c\"4":12}"#),
            r#"{"a1":0, "b":["2","-",0,0,null],"c\"4":0}"#
        );
    }

    #[test]
    fn a_long_text_keeps_both_ends_and_says_its_length() {
        let shown = excerpt(&format!("<{}>", "a".repeat(70_000)));
        assert!(shown.starts_with("<aaa") && shown.ends_with("aaa>"), "{shown}");
        assert!(shown.contains("… 70002 bytes …"), "{shown}");
        assert_eq!(excerpt("a\nb"), "a\\nb");
    }
}
