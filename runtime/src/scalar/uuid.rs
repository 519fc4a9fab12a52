//! `format: uuid`

use super::text_of_format;
use crate::check::Format;

/// A universally unique identifier as RFC 4122 writes it (`format: uuid`).
///
/// Two are equal if their texts are; compare [`to_bytes`](Self::to_bytes) where some write capitals.
///
/// ```
/// use asyncapi_ws::scalar::Uuid;
///
/// let order: Uuid = "F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6".parse()?;
/// let bytes = order.to_bytes().unwrap();
/// assert_eq!(bytes[0], 0xf8);
/// assert_eq!(Uuid::from_bytes(bytes).as_str(), "f81d4fae-7dec-11d0-a765-00a0c91e6bf6");
/// # Ok::<(), asyncapi_ws::scalar::FormatError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uuid(String);

text_of_format!(Uuid, "uuid", Format::UUID);

impl Uuid {
    /// The sixteen bytes. `None` if the text came over the wire and is no UUID.
    pub fn to_bytes(&self) -> Option<[u8; 16]> {
        let text = self.0.as_bytes();
        let is_dash = |at: usize| matches!(at, 8 | 13 | 18 | 23);
        if text.len() != 36 || (0..36).any(|at| is_dash(at) != (text[at] == b'-')) {
            return None;
        }
        let mut digits = text.iter().filter(|byte| **byte != b'-');
        let mut bytes = [0; 16];
        for byte in &mut bytes {
            let mut digit = || char::from(*digits.next()?).to_digit(16);
            let (high, low) = (digit()?, digit()?);
            *byte = u8::try_from(high * 16 + low).ok()?;
        }
        Some(bytes)
    }

    /// The text of sixteen bytes, in lower case.
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        let mut text = String::with_capacity(36);
        for (at, byte) in bytes.iter().enumerate() {
            if matches!(at, 4 | 6 | 8 | 10) {
                text.push('-');
            }
            text.push_str(&format!("{byte:02x}"));
        }
        Self(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_is_none_has_no_bytes() {
        for text in ["", "f81d4fae7dec11d0a76500a0c91e6bf6", "f81d4fae-7dec-11d0-a765-00a0c91e6bg6"]
        {
            let uuid: Uuid = serde_json::from_str(&format!("{text:?}")).unwrap();
            assert_eq!(uuid.to_bytes(), None, "{text}");
            assert!(text.parse::<Uuid>().is_err(), "{text}");
        }
    }
}
