//! Steps over JSON text byte by byte: white space, strings, numbers, escapes (RFC 8259 §2, §6,
//! §7).
//!
//! In: bytes and a position. Out: the position behind what was stepped over. Shared by the parser,
//! which also keeps what it saw, and by [`peek`](super::peek), which mostly does not. Allocates
//! only in [`unescape`].

use super::error::Problem;

/// The first position at or after `at` that is not white space (RFC 8259 §2).
#[inline]
pub(super) fn skip_space(bytes: &[u8], mut at: usize) -> usize {
    while let Some(b' ' | b'\n' | b'\r' | b'\t') = bytes.get(at) {
        at += 1;
    }
    at
}

const ONES: u64 = u64::from_ne_bytes([0x01; 8]);
const HIGHS: u64 = u64::from_ne_bytes([0x80; 8]);

/// The first position at or after `at` whose byte is `"`, `\` or a control character, or the end.
///
/// Eight bytes a turn. The lowest flagged byte of a word is always a true find (borrows of the
/// subtraction only travel upwards), and only the lowest is used.
#[inline]
pub(super) fn plain_end(bytes: &[u8], mut at: usize) -> usize {
    while let Some(chunk) = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        let word = u64::from_le_bytes(*chunk);
        let quote = word ^ (ONES * b'"' as u64);
        let backslash = word ^ (ONES * b'\\' as u64);
        let found = (quote.wrapping_sub(ONES) & !quote)
            | (backslash.wrapping_sub(ONES) & !backslash)
            | (word.wrapping_sub(ONES * 0x20) & !word);
        let found = found & HIGHS;
        if found != 0 {
            return at + (found.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    while let Some(&byte) = bytes.get(at) {
        if byte == b'"' || byte == b'\\' || byte < 0x20 {
            break;
        }
        at += 1;
    }
    at
}

/// The position behind the closing quote of the string whose first byte after the opening quote is
/// at `at`, and whether it holds escapes. Escapes are stepped over, not checked.
#[inline]
pub(super) fn skip_string(bytes: &[u8], mut at: usize) -> Option<(usize, bool)> {
    let mut escaped = false;
    loop {
        at = plain_end(bytes, at);
        match bytes.get(at)? {
            b'"' => return Some((at + 1, escaped)),
            b'\\' => {
                escaped = true;
                at += 2;
            }
            _control => return None,
        }
    }
}

/// The position behind the number that starts at `at` (RFC 8259 §6), or the position of the byte
/// that makes it none.
pub(super) const fn number_end(bytes: &[u8], mut at: usize) -> Result<usize, usize> {
    if at < bytes.len() && bytes[at] == b'-' {
        at += 1;
    }
    // No leading zeros: `0` stands alone.
    if at < bytes.len() && bytes[at] == b'0' {
        at += 1;
    } else {
        at = match digits_end(bytes, at) {
            Some(end) => end,
            None => return Err(at),
        };
    }
    if at < bytes.len() && bytes[at] == b'.' {
        at = match digits_end(bytes, at + 1) {
            Some(end) => end,
            None => return Err(at + 1),
        };
    }
    if at < bytes.len() && (bytes[at] == b'e' || bytes[at] == b'E') {
        at += 1;
        if at < bytes.len() && (bytes[at] == b'+' || bytes[at] == b'-') {
            at += 1;
        }
        at = match digits_end(bytes, at) {
            Some(end) => end,
            None => return Err(at),
        };
    }
    Ok(at)
}

/// The position behind the digits at `at`, of which there must be one.
const fn digits_end(bytes: &[u8], at: usize) -> Option<usize> {
    let mut end = at;
    while end < bytes.len() && bytes[end].is_ascii_digit() {
        end += 1;
    }
    if end == at { None } else { Some(end) }
}

/// Reads the escape whose backslash is at `at`: the character, and the position behind it.
///
/// A pair of surrogates is one character; half a pair is an error, since no Rust string can hold
/// it.
pub(super) fn escape(bytes: &[u8], at: usize) -> Result<(char, usize), (usize, Problem)> {
    let plain = |character| Ok((character, at + 2));
    match bytes.get(at + 1) {
        Some(b'"') => plain('"'),
        Some(b'\\') => plain('\\'),
        Some(b'/') => plain('/'),
        Some(b'b') => plain('\u{8}'),
        Some(b'f') => plain('\u{c}'),
        Some(b'n') => plain('\n'),
        Some(b'r') => plain('\r'),
        Some(b't') => plain('\t'),
        Some(b'u') => unicode_escape(bytes, at),
        _ => Err((at, Problem::Escape)),
    }
}

fn unicode_escape(bytes: &[u8], at: usize) -> Result<(char, usize), (usize, Problem)> {
    let first = hex4(bytes, at + 2).ok_or((at, Problem::Escape))?;
    if let Some(character) = char::from_u32(first) {
        return Ok((character, at + 6));
    }
    let pair = match (first, bytes.get(at + 6), bytes.get(at + 7)) {
        (0xD800..=0xDBFF, Some(b'\\'), Some(b'u')) => hex4(bytes, at + 8),
        _ => None,
    };
    match pair {
        Some(second @ 0xDC00..=0xDFFF) => {
            let code = 0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00);
            char::from_u32(code).map(|character| (character, at + 12))
        }
        _ => None,
    }
    .ok_or((at, Problem::Surrogate))
}

fn hex4(bytes: &[u8], at: usize) -> Option<u32> {
    let digits = bytes.get(at..at + 4)?;
    digits.iter().try_fold(0, |code, &digit| Some(code << 4 | char::from(digit).to_digit(16)?))
}

/// The text of a string from between its quotes, escapes resolved.
///
/// `offset` is where `raw` starts in the whole text, for the position in an error.
pub(super) fn unescape(raw: &str, offset: usize) -> Result<String, (usize, Problem)> {
    let bytes = raw.as_bytes();
    let mut text = String::with_capacity(raw.len());
    let mut at = 0;
    loop {
        let end = plain_end(bytes, at);
        // `at` and `end` lie beside ASCII bytes, so both are character boundaries.
        text.push_str(&raw[at..end]);
        match bytes.get(end) {
            None => return Ok(text),
            Some(b'\\') => {
                let (character, next) =
                    escape(bytes, end).map_err(|(at, problem)| (offset + at, problem))?;
                text.push(character);
                at = next;
            }
            Some(_) => return Err((offset + end, Problem::Control)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_string_ends_at_the_first_byte_that_is_not_plain_wherever_it_stands() {
        for stop in [b'"', b'\\', b'\n', 0x1f, 0x00] {
            for length in 0..40 {
                let mut bytes = vec![b'a'; length];
                bytes.push(stop);
                bytes.extend([0xff, 0x80, b'"']);
                assert_eq!(plain_end(&bytes, 0), length, "{stop:#x} after {length}");
            }
        }
        let high = "é€😀 \u{7f}".repeat(9);
        assert_eq!(plain_end(high.as_bytes(), 0), high.len());
    }

    #[test]
    fn numbers_end_where_the_grammar_says() {
        for number in ["0", "-0", "10", "0.5", "-12.50e+3", "1E-7", "1e0"] {
            assert_eq!(number_end(number.as_bytes(), 0), Ok(number.len()), "{number}");
        }
        for (wrong, at) in
            [("", 0), ("-", 1), (".5", 0), ("1.", 2), ("1e", 2), ("1e+", 3), ("+1", 0)]
        {
            assert_eq!(number_end(wrong.as_bytes(), 0), Err(at), "{wrong}");
        }
        assert_eq!(number_end(b"012", 0), Ok(1), "the parser then meets a stray digit");
    }

    #[test]
    fn half_a_surrogate_pair_is_an_error() {
        assert_eq!(unescape(r"\ud83d\ude00", 0).as_deref(), Ok("😀"));
        for half in [r"\ud83d", r"\ude00", r"\ud83d\u0041", r"\ud83dx"] {
            assert_eq!(unescape(half, 10), Err((10, Problem::Surrogate)), "{half}");
        }
    }
}
