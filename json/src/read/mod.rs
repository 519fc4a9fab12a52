//! Text → typed values, by serde, in one pass.
//!
//! In: the text of a frame and how deep it may be nested. Out: the value, or nothing. What is read is
//! what the tree ([`Json::parse_within`](super::Json::parse_within), then
//! [`Json::decode`](super::Json::decode)) would have given, digit for digit; so `serde_json` would not
//! do, which rounds the last digit of a long fraction now and then, and steps over what a type has no
//! field for without minding its depth or what its escapes mean.
//!
//! Says nothing about why a text was not read: whoever owes an answer reads it as a tree, which knows
//! the place and the rule. So a type that asks for one kind of value here and would take another gets
//! it only there.

mod access;
mod deserializer;
mod number;
mod reader;

use serde::de::{DeserializeOwned, DeserializeSeed};

use self::reader::Reader;

/// The value that a text holds, nested up to `depth` levels; none if the text is no JSON, nested
/// deeper, or not of the type, and now and then for a text that the tree would read.
///
/// ```
/// use asyncapi_ws_json::{Json, read};
///
/// #[derive(Debug, PartialEq, serde::Deserialize)]
/// struct Quote {
///     bid: f64,
///     size: u32,
/// }
///
/// let quote = Quote { bid: 189.7512, size: 300 };
/// assert_eq!(read(r#"{"bid": 189.7512, "size": 300, "new": ["\u00e9"]}"#, 8), Some(quote));
/// assert_eq!(read::<Quote>(r#"{"bid": 189.7512, "size": -1}"#, 8), None);
/// assert_eq!(read::<Quote>(r#"{"bid": 0, "size": 0, "new": "\ud800"}"#, 8), None);
/// ```
pub fn read<T: DeserializeOwned>(text: &str, depth: u8) -> Option<T> {
    read_with(text, depth, std::marker::PhantomData)
}

/// The same with a seed, whose value may borrow from the text.
pub fn read_with<'de, S: DeserializeSeed<'de>>(
    text: &'de str,
    depth: u8,
    seed: S,
) -> Option<S::Value> {
    let mut reader = Reader::new(text, depth);
    let value = seed.deserialize(&mut reader).ok()?;
    reader.end().ok()?;
    Some(value)
}

/// A text was not read. Carries no reason, so that nobody pays for one that nobody asks for.
#[derive(Debug)]
struct Unread;

impl std::fmt::Display for Unread {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("not read")
    }
}

impl std::error::Error for Unread {}

impl serde::de::Error for Unread {
    fn custom<T: std::fmt::Display>(_: T) -> Self {
        Self
    }
}

#[cfg(test)]
mod tests;
