//! A type that was generated from a schema: what it holds, and whether that is valid.

use serde::{Serialize, de::DeserializeOwned};

use crate::check::{Check, Checked, Violation};
use crate::codec::{Codec, EncodeError};
use crate::json::{Decimal, Json, ParseError};

/// A type that was generated from a schema.
///
/// Reading and writing go through serde. What the type does not enforce by itself is said twice: for a
/// value in hand by [`fits`](Self::fits), which is cheap, and for any JSON value by
/// [`check`](Self::check), which is complete and names the place and the rule.
pub trait Payload: Serialize + DeserializeOwned {
    /// Whether the type holds what its schema does not know: values of a newer server, kept and
    /// delivered. Such a value is read without a look at its rules, and not sent.
    const OPEN: bool = false;

    /// Whether the type and [`fits`](Self::fits) enforce the whole schema, so that [`check`](Self::check) is
    /// needed only to say what is wrong.
    const EXACT: bool = true;

    /// Every rule of the schema.
    ///
    /// # Errors
    /// The first rule that the value breaks.
    fn check(json: &Json<'_>) -> Checked;

    /// The bounds of scalars and the lengths of lists, which a type cannot express.
    fn fits(&self) -> bool {
        true
    }
}

impl<T: Payload> Payload for Box<T> {
    const EXACT: bool = T::EXACT;
    const OPEN: bool = T::OPEN;

    fn check(json: &Json<'_>) -> Checked {
        T::check(json)
    }

    fn fits(&self) -> bool {
        T::fits(self)
    }
}

/// A value could not be read.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum DecodeError {
    /// The text is not of the codec.
    Syntax(String),
    /// The value breaks its schema.
    Invalid(Violation),
    /// No message has this discriminator; its value as text, where it has one.
    Unknown(Option<String>),
}

impl std::fmt::Display for DecodeError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Syntax(detail) => f.write_str(detail),
            Self::Invalid(violation) => violation.fmt(f),
            Self::Unknown(Some(name)) => write!(f, "no message is called `{name}`"),
            Self::Unknown(None) => f.write_str("nothing says which message this is"),
        }
    }
}

impl std::error::Error for DecodeError {}

impl From<Violation> for DecodeError {
    fn from(violation: Violation) -> Self {
        Self::Invalid(violation)
    }
}

impl From<ParseError> for DecodeError {
    fn from(error: ParseError) -> Self {
        Self::Syntax(error.to_string())
    }
}

/// Reads a payload from JSON text: strictly, unless the type is open.
///
/// # Errors
/// Text that is no JSON, and values that break the schema, with the place and the rule.
pub fn from_json<T: Payload>(text: &str) -> Result<T, DecodeError> {
    let rules = Rules::<T>::of_payload();
    let read = if T::OPEN { read_open_text(text) } else { rules.read_text(text) };
    if let Some(value) = read {
        return Ok(value);
    }
    let json = Json::parse_within(text, MAX_DEPTH)?;
    if T::OPEN { read_open_tree(&json) } else { rules.read_tree(&json) }
}

/// What the values of a type must satisfy beyond what the type says.
pub struct Rules<P> {
    check: Check,
    /// `None`: only the check can tell.
    fits: Option<fn(&P) -> bool>,
}

impl<P: Payload> Rules<P> {
    /// The rules that a generated type has by itself.
    pub const fn of_payload() -> Self {
        Self { check: P::check, fits: if P::EXACT { Some(P::fits) } else { None } }
    }
}

impl Rules<()> {
    /// Of a message that has no payload.
    pub const NOTHING: Self = Self { check: crate::check::anything, fits: Some(|()| true) };
}

impl<P> Rules<P> {
    /// Rules that only the check of the JSON value knows.
    pub const fn new(check: Check) -> Self {
        Self { check, fits: None }
    }

    /// Rules that a look at the value in hand can tell, too.
    #[must_use]
    pub const fn exactly(mut self, fits: fn(&P) -> bool) -> Self {
        self.fits = Some(fits);
        self
    }

    pub(super) fn check(&self) -> Check {
        self.check
    }

    pub(super) fn is_exact(&self) -> bool {
        self.fits.is_some()
    }

    pub(super) fn fits(&self, value: &P) -> bool {
        self.fits.is_some_and(|fits| fits(value))
    }
}

impl<P: Serialize + DeserializeOwned> Rules<P> {
    /// The value, if it can be read without a tree. `None` says nothing about why not.
    pub(super) fn read_text(&self, text: &str) -> Option<P> {
        if !self.is_exact() || !is_plain(text) {
            return None;
        }
        serde_json::from_str::<P>(text).ok().filter(|value| self.fits(value))
    }

    /// The value from a tree, or what is wrong with it.
    pub(super) fn read_tree(&self, json: &Json<'_>) -> Result<P, DecodeError> {
        json.check(self.check)?;
        // What fails here is allowed by the schema, but the type cannot hold it: an integer beyond 64
        // bits.
        read_open_tree(json)
    }

    /// Checks a value that is about to be sent: sending is strict.
    ///
    /// # Errors
    /// The rule that it breaks.
    pub fn validate(&self, codec: Codec, value: &P) -> Result<(), EncodeError> {
        if self.fits(value) {
            return Ok(());
        }
        let json =
            Json::encode(value).map_err(|error| EncodeError::new(codec, error.to_string()))?;
        json.check(self.check).map_err(|violation| EncodeError::new(codec, violation.to_string()))
    }
}

impl<P> std::fmt::Debug for Rules<P> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rules").field("exact", &self.fits.is_some()).finish_non_exhaustive()
    }
}

/// The value of an open type, if it can be read without a tree.
pub(super) fn read_open_text<T: DeserializeOwned>(text: &str) -> Option<T> {
    if is_plain(text) { serde_json::from_str(text).ok() } else { None }
}

/// The value from a tree, whatever else its schema says.
pub(super) fn read_open_tree<T: DeserializeOwned>(json: &Json<'_>) -> Result<T, DecodeError> {
    json.decode().map_err(|error| DecodeError::Invalid(error.into()))
}

/// Whether nothing in a text asks for a closer look.
///
/// serde skips what it has no field for without minding its depth or what its escapes mean, and
/// serde_json rounds the last digit of a long fraction wrong now and then; few texts have so many
/// brackets, escapes, or fractions of more than 15 digits, that this matters.
pub(super) fn is_plain(text: &str) -> bool {
    has_few_brackets(text.as_bytes())
        && (!text.contains('\\') || !text.contains("\\u"))
        && !has_long_number(text.as_bytes())
}

/// Whether the nesting cannot be too deep, because there are not enough brackets for that.
fn has_few_brackets(bytes: &[u8]) -> bool {
    let most = usize::from(MAX_DEPTH);
    // In blocks with counters of a byte, each compiles to a few wide instructions.
    let count = || -> usize {
        let blocks = bytes.chunks(usize::from(u8::MAX)).map(|block| {
            // `[` and `{` are a bit apart.
            block.iter().fold(0_u8, |count, byte| count + u8::from((byte | 0x20) == b'{'))
        });
        blocks.map(usize::from).sum()
    };
    bytes.len() < most || count() < most
}

/// Whether a number has more digits than are sure to be read as the nearest double.
///
/// Such a number is so long that it cannot lie between two places of these steps, so that nearly all of
/// the text need not be looked at.
fn has_long_number(bytes: &[u8]) -> bool {
    bytes.iter().skip(SURE_DIGITS).step_by(SURE_DIGITS + 1).zip(0_usize..).any(|(byte, step)| {
        is_numeric(*byte) && {
            let at = SURE_DIGITS + step * (SURE_DIGITS + 1);
            let before = bytes[..at].iter().rev().take_while(|byte| is_numeric(**byte)).count();
            let after = bytes[at..].iter().take_while(|byte| is_numeric(**byte)).count();
            before + after > SURE_DIGITS && is_long(&bytes[at - before..at + after])
        }
    })
}

/// Decimal digits that a double has for sure: those of a number with a fraction.
const SURE_DIGITS: usize = 15;

/// What a number consists of, but for its signs: a part of it is as good as all.
fn is_numeric(byte: u8) -> bool {
    byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E')
}

/// Whether these have more digits than are sure to be read right: 15 with a fraction, and those of 64
/// bits without.
fn is_long(number: &[u8]) -> bool {
    // Letters before the first digit are none of the number's.
    let number = number.iter().skip_while(|byte| !byte.is_ascii_digit());
    let (digits, others) = number.fold((0, 0), |(digits, others), byte| match byte {
        b'0'..=b'9' => (digits + 1, others),
        _ => (digits, others + 1),
    });
    digits > if others > 0 { SURE_DIGITS } else { 19 }
}

/// How deep a frame may be nested.
pub(super) const MAX_DEPTH: u8 = 200;

/// Writes a frame of bare text.
///
/// # Errors
/// None; the signature is that of the others.
pub fn encode_text(text: &str, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    out.extend_from_slice(text.as_bytes());
    Ok(())
}

/// Writes a frame that is a list of one message.
///
/// # Errors
/// Those of `write`.
pub fn in_batch(
    codec: Codec,
    out: &mut Vec<u8>,
    write: impl FnOnce(&mut Vec<u8>) -> Result<(), EncodeError>,
) -> Result<(), EncodeError> {
    if codec == Codec::MessagePack {
        // An array of one (format `fixarray`).
        out.push(0x91);
        return write(out);
    }
    out.push(b'[');
    write(out)?;
    out.push(b']');
    Ok(())
}

/// Writes anything.
///
/// # Errors
/// Values that the codec has no notation for, such as numbers that are not finite.
pub fn write(codec: Codec, value: &impl Serialize, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    match codec {
        Codec::Json => serde_json::to_writer(out, value)
            .map_err(|error| EncodeError::new(codec, error.to_string())),
        #[cfg(feature = "msgpack")]
        Codec::MessagePack => {
            let mut serializer = rmp_serde::Serializer::new(out).with_struct_map();
            value
                .serialize(&mut serializer)
                .map_err(|error| EncodeError::new(codec, error.to_string()))
        }
        other => Err(EncodeError::new(other, "this build of the runtime does not write it")),
    }
}

/// Whether a text in hand keeps the rules of its schema.
pub fn text_fits(text: &str, check: Check) -> bool {
    Json::from(text).check(check).is_ok()
}

/// Whether a decimal in hand keeps the rules of its schema.
pub fn decimal_fits(decimal: &Decimal, check: Check) -> bool {
    Json::from(decimal.as_number().clone()).check(check).is_ok()
}

/// A value that the contract writes down, read from its JSON.
///
/// # Panics
/// Never with generated code: the text was checked against the type's schema when it was generated.
pub fn constant<T: DeserializeOwned>(json: &'static str) -> T {
    let read = Json::parse(json).ok().and_then(|json| json.decode().ok());
    read.expect("the generator checked the value against the schema of this type")
}

/// Which of several schemas a value satisfies: of those that pass, the one that knows most of the
/// value's properties; of equals the first.
///
/// # Errors
/// None passes: the violation of the one that the value was most probably meant for.
pub fn best_of(json: &Json<'_>, checks: &[Check], known: &[&[&str]]) -> Result<usize, Violation> {
    let mut best: Option<(usize, usize)> = None;
    for (at, check) in checks.iter().enumerate() {
        let knows = count_known(json, known, at);
        let better = best.is_none_or(|(_, most)| knows > most);
        if better && json.check(*check).is_ok() {
            best = Some((at, knows));
        }
    }
    match best {
        Some((at, _)) => Ok(at),
        None => json.any_of(checks).map(|()| 0),
    }
}

/// In which order to try several types on a value that may be newer than the contract: those whose
/// schema it satisfies first, then those that know more of its properties; of equals the first.
pub fn ranked(json: &Json<'_>, checks: &[Check], known: &[&[&str]]) -> Vec<usize> {
    let mut order: Vec<(bool, usize, usize)> = checks
        .iter()
        .enumerate()
        .map(|(at, check)| (json.check(*check).is_ok(), count_known(json, known, at), at))
        .collect();
    order.sort_by_key(|&(passes, knows, at)| (!passes, usize::MAX - knows, at));
    order.into_iter().map(|(_, _, at)| at).collect()
}

/// How many of a value's properties a schema names.
fn count_known(json: &Json<'_>, known: &[&[&str]], at: usize) -> usize {
    let names = known.get(at).copied().unwrap_or_default();
    names.iter().filter(|name| json.get(name).is_some()).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Byte by byte.
    fn is_plain_by_definition(text: &str) -> bool {
        let (mut brackets, mut long) = (0, false);
        let (mut digits, mut fraction) = (0, false);
        for byte in text.bytes().chain([b' ']) {
            match byte {
                b'0'..=b'9' => digits += 1,
                b'.' | b'e' | b'E' if digits > 0 => fraction = true,
                _ => {
                    brackets += u32::from(matches!(byte, b'[' | b'{'));
                    long |= digits > if fraction { 15 } else { 19 };
                    (digits, fraction) = (0, false);
                }
            }
        }
        brackets < 200 && !long && !text.contains("\\u")
    }

    #[test]
    fn what_needs_a_closer_look_is_found() {
        for plain in ["", "1708905600000", "-12345678901.5e300", r#"{"a":[1.5]}"#] {
            assert!(is_plain(plain), "{plain}");
        }
        for not in [
            "0.1234567890123456",
            "[1234567890123456.5]",
            "12345678901234567890",
            r#""\u0041""#,
            &"[".repeat(200),
        ] {
            assert!(!is_plain(not), "{not}");
        }
    }

    proptest! {
        #[test]
        fn nothing_is_overlooked_between_the_places_that_are_looked_at(
            text in "([a{\\[ ,:-]{0,20}[0-9]{0,22}[.e]?[0-9]{0,8}(\\\\u)?){0,6}",
        ) {
            prop_assert_eq!(is_plain(&text), is_plain_by_definition(&text));
        }
    }
}
