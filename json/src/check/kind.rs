//! `type`: which sorts of value are allowed.

use std::fmt;
use std::ops::BitOr;

use super::Checked;
use super::violation::{Shown, fail};
use crate::Json;

/// A set of JSON types, as the keyword `type` names them.
///
/// ```
/// # use asyncapi_ws_json::check::Type;
/// const NULLABLE: Type = Type::STRING.or(Type::NULL);
/// assert_eq!(NULLABLE, Type::NULL | Type::STRING);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Type(u8);

impl Type {
    /// `null`
    pub const NULL: Self = Self(1);
    /// `true`, `false`
    pub const BOOLEAN: Self = Self(1 << 1);
    /// A number without a fraction; `1.0` is one (validation §6.1.1).
    pub const INTEGER: Self = Self(1 << 2);
    /// Any number, integers included.
    pub const NUMBER: Self = Self(1 << 3);
    /// A string.
    pub const STRING: Self = Self(1 << 4);
    /// An array.
    pub const ARRAY: Self = Self(1 << 5);
    /// An object.
    pub const OBJECT: Self = Self(1 << 6);

    const NAMES: [(Self, &'static str); 7] = [
        (Self::NULL, "null"),
        (Self::BOOLEAN, "boolean"),
        (Self::INTEGER, "integer"),
        (Self::NUMBER, "number"),
        (Self::STRING, "string"),
        (Self::ARRAY, "array"),
        (Self::OBJECT, "object"),
    ];

    /// Both sets together, where a constant is needed.
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The type that a schema calls by this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(_, known)| *known == name).map(|(found, _)| *found)
    }

    const fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

impl BitOr for Type {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        self.or(other)
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = Self::NAMES.iter().filter(|(one, _)| self.has(*one));
        for (at, (_, name)) in names.enumerate() {
            f.write_str(if at > 0 { " or " } else { "" })?;
            f.write_str(name)?;
        }
        Ok(())
    }
}

impl fmt::Debug for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Type({self})")
    }
}

impl Json<'_> {
    /// `type`: the value is of one of these types (validation §6.1.1).
    pub fn is(&self, types: Type) -> Checked {
        let allowed = match self {
            Json::Null => types.has(Type::NULL),
            Json::Bool(_) => types.has(Type::BOOLEAN),
            Json::String(_) => types.has(Type::STRING),
            Json::Array(_) => types.has(Type::ARRAY),
            Json::Object(_) => types.has(Type::OBJECT),
            Json::Number(number) => {
                types.has(Type::NUMBER) || types.has(Type::INTEGER) && number.is_integer()
            }
        };
        match self {
            _ if allowed => Ok(()),
            // That it is a number is no news where an integer was wanted.
            Json::Number(_) if types.has(Type::INTEGER) => {
                fail("type", format_args!("expected {types}, got {}", Shown(self)))
            }
            _ => fail("type", format_args!("expected {types}, got {}", self.kind())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_integer_is_what_has_no_fraction() {
        let is = |text, types| Json::parse(text).unwrap().is(types).map_err(|e| e.to_string());
        for integer in ["1", "1.0", "-0", "1e3", "100e-2", "12345678901234567890123"] {
            assert_eq!(is(integer, Type::INTEGER), Ok(()), "{integer}");
        }
        assert_eq!(is("1.5", Type::INTEGER).unwrap_err(), "type: expected integer, got 1.5");
        assert_eq!(
            is("{}", Type::STRING | Type::NULL).unwrap_err(),
            "type: expected null or string, got object"
        );
        assert_eq!(Type::named("array"), Some(Type::ARRAY));
        assert_eq!(Type::named("any"), None);
    }
}
