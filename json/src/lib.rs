//! JSON as a tree that loses nothing: numbers keep their digits, members their order.
//!
//! In: the text of a frame ([`Json::parse`]), anything that serde can read, or typed values
//! ([`Json::encode`]).
//! Out: text ([`Json`]'s `Display`, [`Json::write`]), anything that implements
//! [`Deserialize`](serde::Deserialize) ([`Json::decode`]), or a look at one member of a text
//! without reading the rest ([`peek`]). Knows JSON (RFC 8259) and serde; no schema, no contract.
//!
//! Generated code reads the text of a frame straight into typed values ([`read()`]), without a tree. The
//! tree is for when that fails and the peer is owed a reason, where a static type does not enforce
//! all that the contract says, and for values whose shape the contract leaves open.
//!
//! ```
//! use asyncapi_ws_json::Json;
//!
//! let order = Json::parse(r#"{"symbol": "AAPL", "price": 189.7500}"#)?;
//! assert_eq!(order.get("symbol").and_then(Json::as_str), Some("AAPL"));
//! assert_eq!(order.pointer("/price").map(Json::to_string).as_deref(), Some("189.7500"));
//! # Ok::<(), asyncapi_ws_json::ParseError>(())
//! ```
//!
//! # Where digits can still be lost
//!
//! Serde itself holds the value of an untagged or internally tagged enum, and of a flattened field, in
//! a buffer that knows integers and doubles only: a [`Number`], [`Decimal`] or `Json` inside has the
//! digits of a double. Generated code therefore chooses the variant first ([`peek`], or the checks of
//! [`check`]) and then decodes that variant's type.

#[cfg(test)]
mod arbitrary;
pub mod check;
mod decimal;
mod decode;
mod encode;
mod equal;
mod error;
mod magnitude;
mod number;
mod object;
mod parse;
mod peek;
mod place;
mod presence;
mod print;
mod raw;
mod read;
mod scan;
mod serial;
mod value;
mod visit;

pub use decimal::{Decimal, DecimalString};
pub use decode::DecodeError;
pub use encode::EncodeError;
pub use error::ParseError;
pub use number::{NotANumber, Number};
pub use object::Object;
pub use parse::DEFAULT_DEPTH;
pub use peek::{Raw, Step, peek};
pub use presence::{not_null, nullable};
pub use read::{read, read_with};
pub use value::LossyNumber;

pub(crate) use place::{Place, pointer};

use std::borrow::Cow;

/// Any JSON value.
///
/// `Json<'a>` borrows from the text it was parsed from wherever that has no escapes;
/// `Json<'static>` owns everything ([`into_owned`](Self::into_owned)) and is what generated types
/// use for a value of unknown shape. Equality is that of JSON Schema: numbers by value, objects
/// without order.
#[derive(Clone, Default)]
pub enum Json<'a> {
    /// `null`
    #[default]
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number, with its digits.
    Number(Number<'a>),
    /// A string, escapes resolved.
    String(Cow<'a, str>),
    /// An array.
    Array(Vec<Json<'a>>),
    /// An object.
    Object(Object<'a>),
}

impl<'a> Json<'a> {
    /// The value without its borrows.
    pub fn into_owned(self) -> Json<'static> {
        match self {
            Json::Null => Json::Null,
            Json::Bool(value) => Json::Bool(value),
            Json::Number(number) => Json::Number(number.into_owned()),
            Json::String(text) => Json::String(Cow::Owned(text.into_owned())),
            Json::Array(items) => Json::Array(items.into_iter().map(Json::into_owned).collect()),
            Json::Object(object) => Json::Object(object.into_owned()),
        }
    }

    /// The value of a member; none if there is no such member or this is no object.
    pub fn get(&self, key: &str) -> Option<&Json<'a>> {
        self.as_object()?.get(key)
    }

    /// The item at a position counted from 0; none if there is none or this is no array.
    pub fn at(&self, index: usize) -> Option<&Json<'a>> {
        self.as_array()?.get(index)
    }

    /// The value that a JSON pointer (RFC 6901) leads to: `/payload/symbol`, `/items/0`; the
    /// empty pointer is the value itself.
    pub fn pointer(&self, pointer: &str) -> Option<&Json<'a>> {
        place::tokens(pointer)?.try_fold(self, |value, token| match value {
            Json::Object(object) => object.get(&token),
            Json::Array(items) => items.get(place::index(&token)?),
            _ => None,
        })
    }

    /// Whether this is `null`.
    pub fn is_null(&self) -> bool {
        matches!(self, Json::Null)
    }

    /// The value of a boolean.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Json::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The text of a string.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Json::String(text) => Some(text),
            _ => None,
        }
    }

    /// A number with all its digits.
    pub fn as_number(&self) -> Option<&Number<'a>> {
        match self {
            Json::Number(number) => Some(number),
            _ => None,
        }
    }

    /// The value of a number that is an integer and fits; `1.0` is one.
    pub fn as_i64(&self) -> Option<i64> {
        self.as_number()?.to_i64()
    }

    /// The value of a number that is a non-negative integer and fits; `1.0` is one.
    pub fn as_u64(&self) -> Option<u64> {
        self.as_number()?.to_u64()
    }

    /// The double nearest to a number; none where that would be an infinity.
    pub fn as_f64(&self) -> Option<f64> {
        self.as_number()?.to_f64()
    }

    /// The items of an array.
    pub fn as_array(&self) -> Option<&[Json<'a>]> {
        match self {
            Json::Array(items) => Some(items),
            _ => None,
        }
    }

    /// The members of an object.
    pub fn as_object(&self) -> Option<&Object<'a>> {
        match self {
            Json::Object(object) => Some(object),
            _ => None,
        }
    }

    /// What sort of value this is, as a message calls it.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Json::Null => "null",
            Json::Bool(_) => "boolean",
            Json::Number(_) => "number",
            Json::String(_) => "string",
            Json::Array(_) => "array",
            Json::Object(_) => "object",
        }
    }
}

impl From<bool> for Json<'_> {
    fn from(value: bool) -> Self {
        Json::Bool(value)
    }
}

impl<'a> From<&'a str> for Json<'a> {
    fn from(text: &'a str) -> Self {
        Json::String(Cow::Borrowed(text))
    }
}

impl From<String> for Json<'_> {
    fn from(text: String) -> Self {
        Json::String(Cow::Owned(text))
    }
}

impl<'a> From<Cow<'a, str>> for Json<'a> {
    fn from(text: Cow<'a, str>) -> Self {
        Json::String(text)
    }
}

impl<'a> From<Number<'a>> for Json<'a> {
    fn from(number: Number<'a>) -> Self {
        Json::Number(number)
    }
}

impl<'a> From<Object<'a>> for Json<'a> {
    fn from(object: Object<'a>) -> Self {
        Json::Object(object)
    }
}

impl<'a, T: Into<Json<'a>>> From<Vec<T>> for Json<'a> {
    fn from(items: Vec<T>) -> Self {
        Json::Array(items.into_iter().map(Into::into).collect())
    }
}

impl<'a, T: Into<Json<'a>>> From<Option<T>> for Json<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Json::Null, Into::into)
    }
}

macro_rules! from_integers {
    ($($integer:ty)*) => {$(
        impl From<$integer> for Json<'_> {
            fn from(value: $integer) -> Self {
                Json::Number(Number::from(value))
            }
        }
    )*};
}

from_integers!(i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_takes_thirty_two_bytes() {
        // A frame of `[[[],[],…` grows by at most this over each of its three-byte items.
        assert_eq!(size_of::<Json<'_>>(), 32);
    }

    #[test]
    fn pointers_unescape_and_do_not_guess() {
        let value = Json::parse(r#"{"a/b": {"m~n": [1, {"": 2}]}, "": 3}"#).unwrap();
        let at = |pointer| value.pointer(pointer).and_then(Json::as_i64);
        assert_eq!(at("/a~1b/m~0n/0"), Some(1));
        assert_eq!(at("/a~1b/m~0n/1/"), Some(2));
        assert_eq!(at("/"), Some(3));
        assert_eq!(value.pointer(""), Some(&value));
        for nothing in
            ["a", "/a~1b/m~0n/01", "/a~1b/m~0n/-", "/a~1b/m~0n/2", "/a~1b/m~0n/+1", "/~2"]
        {
            assert_eq!(value.pointer(nothing), None, "{nothing}");
        }
    }
}
