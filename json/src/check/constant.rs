//! `const` and `enum`: values that a contract writes down.

use std::fmt;

use super::Checked;
use super::guard;
use super::violation::{Shown, fail};
use crate::{Json, Number};

/// A value that a contract writes down, as a constant of the program: nothing is parsed when the
/// program runs. Write it in a `const`, where the slices inside it live forever.
///
/// ```
/// # use asyncapi_ws_json::check::Constant;
/// # use asyncapi_ws_json::{Json, Number};
/// const LIMIT: Constant = Constant::Object(&[
///     ("currency", Constant::String("USD")),
///     ("amount", Constant::Number(Number::from_static("1e6"))),
/// ]);
/// let sent = Json::parse(r#"{"amount": 1000000, "currency": "USD"}"#)?;
/// assert!(sent.equals(&LIMIT).is_ok());
/// # Ok::<(), asyncapi_ws_json::ParseError>(())
/// ```
#[derive(Clone, Debug)]
pub enum Constant {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number, compared by value.
    Number(Number<'static>),
    /// A string.
    String(&'static str),
    /// An array.
    Array(&'static [Constant]),
    /// An object; no name comes twice.
    Object(&'static [(&'static str, Constant)]),
}

impl PartialEq<Constant> for Json<'_> {
    fn eq(&self, constant: &Constant) -> bool {
        match (self, constant) {
            (Json::Null, Constant::Null) => true,
            (Json::Bool(value), Constant::Bool(constant)) => value == constant,
            (Json::Number(value), Constant::Number(constant)) => value == constant,
            (Json::String(value), Constant::String(constant)) => value == constant,
            (Json::Array(items), Constant::Array(constants)) => {
                items.len() == constants.len() && items.iter().zip(*constants).all(|(a, b)| a == b)
            }
            (Json::Object(object), Constant::Object(members)) => {
                object.len() == members.len()
                    && members.iter().all(|(key, constant)| {
                        object.get(key).is_some_and(|value| value == constant)
                    })
            }
            _ => false,
        }
    }
}

impl fmt::Display for Constant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Constant::Null => f.write_str("null"),
            Constant::Bool(value) => value.fmt(f),
            Constant::Number(number) => number.fmt(f),
            Constant::String(text) => Json::from(*text).fmt(f),
            Constant::Array(items) => {
                f.write_str("[")?;
                for (at, item) in items.iter().enumerate() {
                    write!(f, "{}{item}", if at > 0 { "," } else { "" })?;
                }
                f.write_str("]")
            }
            Constant::Object(members) => {
                f.write_str("{")?;
                for (at, (key, value)) in members.iter().enumerate() {
                    let comma = if at > 0 { "," } else { "" };
                    write!(f, "{comma}{}:{value}", Json::from(*key))?;
                }
                f.write_str("}")
            }
        }
    }
}

/// What a message lists of an enumeration: all of a short one, the start of a long one.
struct Listed<'c, T>(&'c [T]);

const LISTED: usize = 8;

impl<T: fmt::Display> fmt::Display for Listed<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, value) in self.0.iter().take(LISTED).enumerate() {
            write!(f, "{}{value}", if at > 0 { ", " } else { "" })?;
        }
        match self.0.len().checked_sub(LISTED) {
            None | Some(0) => Ok(()),
            Some(more) => write!(f, " or {more} more"),
        }
    }
}

impl Json<'_> {
    /// `const`: the value is this one (validation §6.1.3).
    pub fn equals(&self, constant: &Constant) -> Checked {
        if self == constant {
            guard::note_match();
            return Ok(());
        }
        fail("const", format_args!("expected {constant}, got {}", Shown(self)))
    }

    /// `const` with a string, the commonest of them: the discriminator of a message.
    pub fn equals_string(&self, constant: &'static str) -> Checked {
        self.equals(&Constant::String(constant))
    }

    /// `enum`: the value is one of these (validation §6.1.2). Looks at them one after the other.
    pub fn among(&self, constants: &[Constant]) -> Checked {
        if constants.iter().any(|constant| self == constant) {
            return Ok(());
        }
        fail("enum", format_args!("expected one of {}, got {}", Listed(constants), Shown(self)))
    }

    /// `enum` with strings only.
    pub fn among_strings(&self, strings: &[&'static str]) -> Checked {
        if self.as_str().is_some_and(|text| strings.contains(&text)) {
            return Ok(());
        }
        let quoted: Vec<_> = match guard::probing() {
            true => Vec::new(),
            false => strings.iter().map(|text| Json::from(*text)).collect(),
        };
        fail("enum", format_args!("expected one of {}, got {}", Listed(&quoted), Shown(self)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constants_are_compared_by_value_and_listed_in_the_message() {
        const ONE: Constant = Constant::Number(Number::from_static("1"));
        const LIST: Constant = Constant::Array(&[Constant::Null, Constant::Bool(true), ONE]);
        let json = |text| Json::parse(text).unwrap();
        assert!(json("1.0").equals(&ONE).is_ok());
        assert!(json("[null,true,10e-1]").equals(&LIST).is_ok());
        for other in ["[null,true]", "[null,true,2]", "[null,false,1]", "1", "{}"] {
            assert!(json(other).equals(&LIST).is_err(), "{other}");
        }
        let message = |checked: Checked| checked.unwrap_err().to_string();
        assert_eq!(
            message(json("\"x\"").equals(&LIST)),
            "const: expected [null,true,1], got \"x\""
        );
        assert_eq!(
            message(json("true").among(&[ONE, Constant::String("a\"b")])),
            r#"enum: expected one of 1, "a\"b", got true"#
        );
        assert_eq!(
            message(
                json("\"7\"").among_strings(&["1", "2", "3", "4", "5", "6", "8", "9", "10", "11"])
            ),
            r#"enum: expected one of "1", "2", "3", "4", "5", "6", "8", "9" or 2 more, got "7""#
        );
        const OBJECT: Constant = Constant::Object(&[("a", Constant::Null), ("b", LIST)]);
        assert_eq!(OBJECT.to_string(), r#"{"a":null,"b":[null,true,1]}"#);
    }
}
