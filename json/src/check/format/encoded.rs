//! Values spelled in a small alphabet: UUID (RFC 9562 §4), base64 (RFC 4648 §4).

/// Eight, four, four, four and twelve hexadecimal digits.
pub(super) fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

/// Groups of four, the last filled up with `=`, the bits left over zero (§3.5).
pub(super) fn is_base64(text: &str) -> bool {
    let bytes = text.as_bytes();
    let (digits, unused) = match bytes {
        [digits @ .., b'=', b'='] => (digits, 0b1111),
        [digits @ .., b'='] => (digits, 0b11),
        digits => (digits, 0),
    };
    let last = digits.last().and_then(|byte| sextet(*byte)).unwrap_or(0);
    bytes.len().is_multiple_of(4)
        && digits.iter().all(|byte| sextet(*byte).is_some())
        && last & unused == 0
        && (unused == 0 || !digits.is_empty())
}

fn sextet(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Format, check};

    #[test]
    fn identifiers_and_bytes_are_spelled_in_full() {
        check(
            Format::UUID,
            &[
                "2eb8aa08-aa98-11ea-b4aa-73b441d16380",
                "2EB8AA08-AA98-11EA-B4AA-73B441D16380",
                "00000000-0000-0000-0000-000000000000",
            ],
            &[
                "",
                "2eb8aa08-aa98-11ea-b4aa-73b441d1638",
                "2eb8aa08aa98-11ea-b4aa-73b441d163801",
                "2eb8aa08-aa98-11ea-b4aa-73b441d1638g",
                "{2eb8aa08-aa98-11ea-b4aa-73b441d16380}",
            ],
        );
        check(
            Format::BYTE,
            &["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "++//"],
            &[
                "Zg", "Zg=", "Zm8", "Zm9v=", "Z===", "====", "==", "Zh==", "Zm9=", "-_==", "Zm 9v",
                "Zm9v\n",
            ],
        );
    }
}
