//! A JSON number that keeps its text.
//!
//! In: the text of a number token, or a Rust number. Out: the same text, or its value in whatever
//! Rust type can hold it exactly. `0.1000`, `1e2` and an integer of forty digits all survive;
//! comparison is by value and exact.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use super::magnitude::Magnitude;
use super::scan;

/// A number as it was written (RFC 8259 §6): the digits are kept, the value is exact.
///
/// Two numbers are equal when their values are (`1 == 1.0 == 10e-1`), as JSON Schema says.
///
/// ```
/// # use asyncapi_ws_json::Number;
/// let price: Number = "0.1000".parse()?;
/// assert_eq!(price.as_str(), "0.1000");
/// assert_eq!(price, "1e-1".parse()?);
/// assert_eq!(Number::from(7).to_i64(), Some(7));
/// assert_eq!("7.0".parse::<Number>()?.to_i64(), Some(7));
/// assert_eq!(price.to_i64(), None);
/// # Ok::<(), asyncapi_ws_json::NotANumber>(())
/// ```
#[derive(Clone)]
pub struct Number<'a>(Repr<'a>);

/// Owned numbers of ordinary length live inside the value, since allocating for every price of
/// every push would be the larger part of decoding it.
#[derive(Clone)]
enum Repr<'a> {
    Borrowed(&'a str),
    Inline(Inline),
    Boxed(Box<str>),
}

const INLINE: usize = 22;

#[derive(Clone, Copy)]
struct Inline {
    length: u8,
    bytes: [u8; INLINE],
}

/// The text is not a number of RFC 8259 §6: no `+`, no leading zeros, digits on both sides of a
/// point, neither NaN nor infinity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotANumber(pub(super) String);

impl fmt::Display for NotANumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is not a number: write it as JSON does, as in -12.5 or 1e6", self.0)
    }
}

impl std::error::Error for NotANumber {}

impl<'a> Number<'a> {
    /// A number known when compiling: a bound in a generated validator.
    ///
    /// # Panics
    ///
    /// When `text` is not a JSON number. Write it in a `const`, and that is a compile error.
    ///
    /// ```
    /// # use asyncapi_ws_json::Number;
    /// const TICK: Number<'static> = Number::from_static("0.0001");
    /// ```
    pub const fn from_static(text: &'static str) -> Number<'static> {
        assert!(is_number(text), "not a JSON number");
        Number(Repr::Borrowed(text))
    }

    /// A number whose text is borrowed from `text`.
    pub fn parse(text: &'a str) -> Result<Self, NotANumber> {
        if is_number(text) { Ok(Self::trusted(text)) } else { Err(NotANumber(shorten(text))) }
    }

    /// The number in `text`, which the caller has already found to be one.
    pub(super) fn trusted(text: &'a str) -> Self {
        debug_assert!(is_number(text));
        Self(Repr::Borrowed(text))
    }

    fn owned(text: &str) -> Number<'static> {
        debug_assert!(is_number(text));
        let mut bytes = [0; INLINE];
        match bytes.get_mut(..text.len()) {
            Some(start) => {
                start.copy_from_slice(text.as_bytes());
                Number(Repr::Inline(Inline { length: text.len() as u8, bytes }))
            }
            None => Number(Repr::Boxed(text.into())),
        }
    }

    /// The shortest decimal text that reads back as `value`; none for NaN and the infinities.
    pub fn from_f64(value: f64) -> Option<Number<'static>> {
        // `Debug`, unlike `Display`, has an exponent where the plain digits would be hundreds.
        value.is_finite().then(|| Self::owned(&format!("{value:?}")))
    }

    /// The shortest decimal text that reads back as `value`; none for NaN and the infinities.
    ///
    /// By its own shortest text: `0.1_f32` means 0.1 and not 0.10000000149011612.
    pub fn from_f32(value: f32) -> Option<Number<'static>> {
        value.is_finite().then(|| Self::owned(&format!("{value:?}")))
    }

    /// The digits as written.
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Repr::Borrowed(text) => text,
            Repr::Boxed(text) => text,
            Repr::Inline(Inline { length, bytes }) => {
                // Only ever filled from a number's text, which is ASCII.
                std::str::from_utf8(&bytes[..usize::from(*length)]).unwrap_or("0")
            }
        }
    }

    /// The number without its borrow. Allocates when the text has more than 22 bytes.
    pub fn into_owned(self) -> Number<'static> {
        match self.0 {
            Repr::Borrowed(text) => Number::owned(text),
            Repr::Inline(inline) => Number(Repr::Inline(inline)),
            Repr::Boxed(text) => Number(Repr::Boxed(text)),
        }
    }

    /// The digits as written, still borrowed if they were.
    pub(super) fn into_text(self) -> Cow<'a, str> {
        match self.0 {
            Repr::Borrowed(text) => Cow::Borrowed(text),
            Repr::Boxed(text) => Cow::Owned(text.into()),
            Repr::Inline(_) => Cow::Owned(self.as_str().to_owned()),
        }
    }

    pub(super) fn magnitude(&self) -> Magnitude<'_> {
        Magnitude::of(self.as_str())
    }

    /// Whether the value has no fraction; `1.0` and `1e2` have none (JSON Schema draft-07,
    /// validation §6.1.1).
    pub fn is_integer(&self) -> bool {
        self.plain_i64().is_some() || self.magnitude().is_integer()
    }

    /// Whether this is an integer times `divisor`, exactly. Of zero only zero is a multiple.
    pub fn is_multiple_of(&self, divisor: &Number<'_>) -> bool {
        self.magnitude().is_multiple_of(&divisor.magnitude())
    }

    /// The value, when it is an integer that fits.
    pub fn to_i64(&self) -> Option<i64> {
        self.plain_i64().or_else(|| self.to_i128()?.try_into().ok())
    }

    /// The value, when it is a non-negative integer that fits.
    pub fn to_u64(&self) -> Option<u64> {
        self.to_u128()?.try_into().ok()
    }

    /// The value, when it is an integer that fits.
    pub fn to_i128(&self) -> Option<i128> {
        let magnitude = self.magnitude();
        let size = magnitude.to_u128()?;
        if magnitude.is_negative() {
            0_i128.checked_sub_unsigned(size)
        } else {
            size.try_into().ok()
        }
    }

    /// The value, when it is a non-negative integer that fits.
    pub fn to_u128(&self) -> Option<u128> {
        let magnitude = self.magnitude();
        if magnitude.is_negative() { None } else { magnitude.to_u128() }
    }

    /// The nearest double (IEEE 754, ties to even); none where that would be an infinity.
    pub fn to_f64(&self) -> Option<f64> {
        self.as_str().parse().ok().filter(|value: &f64| value.is_finite())
    }

    /// The double whose shortest decimal text has exactly this value, if there is one: converting
    /// to it loses no digit.
    pub(super) fn to_lossless_f64(&self) -> Option<f64> {
        let value = self.to_f64()?;
        (Number::from_f64(value)? == *self).then_some(value)
    }

    /// The value of a text that is digits and nothing else, up to eighteen of them: the cheap
    /// case, and nearly the only one.
    fn plain_i64(&self) -> Option<i64> {
        let text = self.as_str();
        let (negative, digits) = match text.as_bytes() {
            [b'-', digits @ ..] => (true, digits),
            digits => (false, digits),
        };
        if digits.len() > 18 {
            return None;
        }
        let size = digits.iter().try_fold(0, |value, byte| {
            byte.is_ascii_digit().then(|| value * 10 + i64::from(byte - b'0'))
        })?;
        Some(if negative { -size } else { size })
    }
}

/// Whether the whole text is one number of RFC 8259 §6.
const fn is_number(text: &str) -> bool {
    match scan::number_end(text.as_bytes(), 0) {
        Ok(end) => end == text.len(),
        Err(_) => false,
    }
}

/// Enough of a text to recognise it in a message.
fn shorten(text: &str) -> String {
    match text.char_indices().nth(40) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

impl FromStr for Number<'static> {
    type Err = NotANumber;

    fn from_str(text: &str) -> Result<Self, NotANumber> {
        Number::parse(text).map(Number::into_owned)
    }
}

impl<'a> TryFrom<Cow<'a, str>> for Number<'a> {
    type Error = NotANumber;

    fn try_from(text: Cow<'a, str>) -> Result<Self, NotANumber> {
        match text {
            Cow::Borrowed(text) => Number::parse(text),
            Cow::Owned(text) => text.parse(),
        }
    }
}

macro_rules! from_integers {
    ($($integer:ty)*) => {$(
        impl From<$integer> for Number<'static> {
            fn from(value: $integer) -> Self {
                // One row wide enough for the longest, so that nothing is allocated on the way.
                let mut text = Digits { bytes: [0; 40], length: 0 };
                // Cannot fail: no integer has more than forty digits with its sign.
                let _ = fmt::Write::write_fmt(&mut text, format_args!("{value}"));
                Number::owned(std::str::from_utf8(&text.bytes[..text.length]).unwrap_or("0"))
            }
        }
    )*};
}

from_integers!(i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize);

struct Digits {
    bytes: [u8; 40],
    length: usize,
}

impl fmt::Write for Digits {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = self.length + text.len();
        self.bytes.get_mut(self.length..end).ok_or(fmt::Error)?.copy_from_slice(text.as_bytes());
        self.length = end;
        Ok(())
    }
}

impl PartialEq<Number<'_>> for Number<'_> {
    fn eq(&self, other: &Number<'_>) -> bool {
        self.as_str() == other.as_str() || self.cmp_value(other).is_eq()
    }
}

impl Eq for Number<'_> {}

impl Number<'_> {
    fn cmp_value(&self, other: &Number<'_>) -> Ordering {
        match (self.plain_i64(), other.plain_i64()) {
            (Some(a), Some(b)) => a.cmp(&b),
            _ => self.magnitude().compare(&other.magnitude()),
        }
    }
}

impl PartialOrd<Number<'_>> for Number<'_> {
    fn partial_cmp(&self, other: &Number<'_>) -> Option<Ordering> {
        Some(self.cmp_value(other))
    }
}

impl Ord for Number<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.cmp_value(other)
    }
}

impl Hash for Number<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.magnitude().hash(state);
    }
}

impl fmt::Display for Number<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Number<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Number<'_> {
        Number::parse(text).unwrap()
    }

    #[test]
    fn only_the_grammar_of_json_is_a_number() {
        for wrong in [
            "", "+1", "01", ".5", "1.", "1e", "NaN", "Infinity", "0x10", "1_000", " 1", "1 ", "--1",
        ] {
            assert!(Number::parse(wrong).is_err(), "{wrong}");
        }
        assert_eq!(
            Number::parse("0x10").unwrap_err().to_string(),
            "\"0x10\" is not a number: write it as JSON does, as in -12.5 or 1e6"
        );
    }

    #[test]
    fn the_text_survives_ownership_whatever_its_length() {
        for text in ["0.1000", "-0", "1234567890123456789012", "12345678901234567890123", "1e5"] {
            assert_eq!(number(text).into_owned().as_str(), text);
        }
        let long = "1".repeat(1000);
        assert_eq!(number(&long).into_owned().clone().as_str(), long);
    }

    #[test]
    fn integers_are_read_exactly_to_the_ends_of_their_range() {
        for (text, value) in [
            ("9223372036854775807", i128::from(i64::MAX)),
            ("-9223372036854775808", i128::from(i64::MIN)),
            ("18446744073709551615", i128::from(u64::MAX)),
            ("170141183460469231731687303715884105727", i128::MAX),
            ("-170141183460469231731687303715884105728", i128::MIN),
            ("1.0", 1),
            ("1e2", 100),
            ("-120e-1", -12),
            ("-0.0", 0),
        ] {
            let number = number(text);
            assert_eq!(number.to_i128(), Some(value), "{text}");
            assert_eq!(number.to_i64(), i64::try_from(value).ok(), "{text}");
            assert_eq!(number.to_u64(), u64::try_from(value).ok(), "{text}");
            assert!(number.is_integer());
            assert_eq!(number, Number::from(value));
        }
        assert_eq!(number("170141183460469231731687303715884105728").to_i128(), None);
        assert_eq!(number("1e999999999").to_i128(), None);
        assert_eq!(number("340282366920938463463374607431768211455").to_u128(), Some(u128::MAX));
        assert_eq!(number("340282366920938463463374607431768211456").to_u128(), None);
        assert!(!number("1.5").is_integer());
        assert!(number("1e999999999").is_integer());
    }

    #[test]
    fn doubles_write_text_that_reads_back_and_never_infinity() {
        for value in [0.1, 1.0, -0.0, 1e300, 5e-324, f64::MAX, 189.75] {
            let number = Number::from_f64(value).unwrap();
            assert!(is_number(number.as_str()), "{number}");
            assert_eq!(number.to_f64(), Some(value));
        }
        assert_eq!(Number::from_f64(f64::NAN), None);
        assert_eq!(number("1e400").to_f64(), None);
        assert!(number("0.1000").to_lossless_f64().is_some());
        assert!(number("0.1000000000000000055511151231257827").to_lossless_f64().is_none());
        assert!(number("9007199254740993").to_lossless_f64().is_none());
    }

    #[test]
    fn equal_numbers_hash_alike() {
        use std::hash::{BuildHasher, RandomState};
        let state = RandomState::new();
        let long = format!("{}.{}", "12345678901234567", "8".repeat(40));
        let moved = format!("{}{}e-40", "12345678901234567", "8".repeat(40));
        for (a, b) in [("1", "1.0"), ("100", "1e2"), ("-0", "0"), ("0.10", "1e-1"), (&long, &moved)]
        {
            assert_eq!(number(a), number(b));
            assert_eq!(state.hash_one(number(a)), state.hash_one(number(b)), "{a} {b}");
        }
        assert_ne!(state.hash_one(number("1")), state.hash_one(number("-1")));
    }
}
