//! Decimal numbers that keep their digits: `format: decimal`, as a number or as a string.

use std::fmt;
use std::ops::Deref;
use std::str::FromStr;

use serde::de::{Deserialize, Deserializer, Error, Visitor};
use serde::ser::{Serialize, Serializer};

use super::raw::Text;
use super::{NotANumber, Number};

/// A decimal number (`type: number, format: decimal`): a price, a size, a balance.
///
/// Holds the digits as written and never a double, so `0.1000` is sent on as `0.1000`. Equality
/// and order are those of the values, exactly. It does no arithmetic: convert through its text to
/// the decimal type of your choice.
///
/// In JSON it is a bare number. MessagePack has no decimals: there it is the integer or double of
/// exactly the same value where one exists, else a string of the digits; both are read back.
///
/// ```
/// use asyncapi_ws_json::Decimal;
///
/// let price: Decimal = serde_json::from_str("0.1000")?;
/// assert_eq!(serde_json::to_string(&price)?, "0.1000");
/// assert!(price < "0.10000000000000000001".parse()?);
/// assert_eq!(price.to_f64(), Some(0.1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Decimal(Number<'static>);

/// A decimal number that travels as a string (`type: string, format: decimal`): `"0.1000"`.
///
/// The text between the quotes is a number as JSON writes it. Everything else is [`Decimal`]'s,
/// which this dereferences to.
///
/// ```
/// use asyncapi_ws_json::DecimalString;
///
/// let price: DecimalString = serde_json::from_str("\"0.1000\"")?;
/// assert_eq!(serde_json::to_string(&price)?, "\"0.1000\"");
/// assert!(serde_json::from_str::<DecimalString>("0.1").is_err());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DecimalString(Decimal);

impl Decimal {
    /// The digits as written.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The number, for exact questions such as [`Number::is_multiple_of`].
    pub fn as_number(&self) -> &Number<'static> {
        &self.0
    }

    /// The nearest double; none where that would be an infinity.
    pub fn to_f64(&self) -> Option<f64> {
        self.0.to_f64()
    }

    /// The shortest decimal that reads back as `value`; none for NaN and the infinities.
    pub fn from_f64(value: f64) -> Option<Self> {
        Number::from_f64(value).map(Self)
    }
}

impl Default for Decimal {
    fn default() -> Self {
        const ZERO: Number<'static> = Number::from_static("0");
        Self(ZERO)
    }
}

impl From<Number<'_>> for Decimal {
    fn from(number: Number<'_>) -> Self {
        Self(number.into_owned())
    }
}

impl From<i64> for Decimal {
    fn from(value: i64) -> Self {
        Self(Number::from(value))
    }
}

impl FromStr for Decimal {
    type Err = NotANumber;

    fn from_str(text: &str) -> Result<Self, NotANumber> {
        text.parse().map(Self)
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let as_text = !serializer.is_human_readable()
            && self.0.to_i64().is_none()
            && self.0.to_lossless_f64().is_none();
        if as_text { serializer.serialize_str(self.as_str()) } else { self.0.serialize(serializer) }
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            Number::deserialize(deserializer).map(Self)
        } else {
            deserializer.deserialize_any(NumberOrText)
        }
    }
}

/// What a binary format may hold in the place of a decimal.
struct NumberOrText;

impl Visitor<'_> for NumberOrText {
    type Value = Decimal;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number or a string of its digits")
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Decimal, E> {
        Ok(Decimal(Number::from(value)))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Decimal, E> {
        Ok(Decimal(Number::from(value)))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Decimal, E> {
        Decimal::from_f64(value).ok_or_else(|| E::custom("a decimal is a finite number"))
    }

    fn visit_f32<E: Error>(self, value: f32) -> Result<Decimal, E> {
        let number = Number::from_f32(value).map(Decimal);
        number.ok_or_else(|| E::custom("a decimal is a finite number"))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Decimal, E> {
        text.parse().map_err(E::custom)
    }
}

impl Deref for DecimalString {
    type Target = Decimal;

    fn deref(&self) -> &Decimal {
        &self.0
    }
}

impl From<Decimal> for DecimalString {
    fn from(decimal: Decimal) -> Self {
        Self(decimal)
    }
}

impl From<DecimalString> for Decimal {
    fn from(text: DecimalString) -> Self {
        text.0
    }
}

impl FromStr for DecimalString {
    type Err = NotANumber;

    fn from_str(text: &str) -> Result<Self, NotANumber> {
        text.parse().map(Self)
    }
}

impl fmt::Display for DecimalString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for DecimalString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.as_str())
    }
}

impl Serialize for DecimalString {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for DecimalString {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Text(text) = Text::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_survive_messagepack_as_a_number_where_they_can_and_as_text_where_not() {
        for text in
            ["7", "0.1000", "-2.5", "0.1234567890123456789", "12345678901234567890123", "1e400"]
        {
            let decimal: Decimal = text.parse().unwrap();
            let bytes = rmp_serde::to_vec(&decimal).unwrap();
            let back: Decimal = rmp_serde::from_slice(&bytes).unwrap();
            assert_eq!(back, decimal, "{text} as {bytes:x?}");
        }
        assert_eq!(rmp_serde::to_vec(&"2.5".parse::<Decimal>().unwrap()).unwrap()[0], 0xcb);
    }

    #[test]
    fn a_number_is_no_string_and_a_string_no_number_in_json() {
        assert!(serde_json::from_str::<Decimal>("\"1\"").is_err());
        assert!(serde_json::from_str::<DecimalString>("1").is_err());
        let error = serde_json::from_str::<DecimalString>("\"1,5\"").unwrap_err();
        assert!(error.to_string().starts_with("\"1,5\" is not a number"), "{error}");
    }

    #[test]
    fn order_and_equality_are_those_of_the_values() {
        let decimal = |text: &str| text.parse::<Decimal>().unwrap();
        assert_eq!(decimal("0.10"), decimal("0.1"));
        assert!(decimal("9") < decimal("10"));
        assert!(decimal("-1e400") < decimal("0"));
        assert_eq!(
            format!("{:>8}|{:?}", decimal("0.10"), DecimalString::from(decimal("1.0"))),
            "    0.10|\"1.0\""
        );
    }
}
