//! `format: byte`

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::text_of_format;
use crate::check::Format;

/// Bytes in Base64 as RFC 4648 §4 writes them (`format: byte`).
///
/// ```
/// use asyncapi_ws::scalar::Base64;
///
/// let key = Base64::encode(b"secret");
/// assert_eq!(key.as_str(), "c2VjcmV0");
/// assert_eq!(key.decode().as_deref(), Some(&b"secret"[..]));
/// ```
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Base64(String);

text_of_format!(Base64, "byte", Format::BYTE);

impl Base64 {
    /// The text of some bytes.
    pub fn encode(bytes: impl AsRef<[u8]>) -> Self {
        Self(STANDARD.encode(bytes))
    }

    /// The bytes. `None` if the text came over the wire and is no Base64.
    pub fn decode(&self) -> Option<Vec<u8>> {
        STANDARD.decode(&self.0).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_encoded_is_decoded() {
        for bytes in [&b""[..], b"a", b"ab", b"abc", &[0, 255, 128]] {
            let text = Base64::encode(bytes);
            assert_eq!(text.decode().as_deref(), Some(bytes));
            assert!(text.as_str().parse::<Base64>().is_ok());
        }
        assert!("a===".parse::<Base64>().is_err());
    }
}
