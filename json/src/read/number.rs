//! Numbers as integers and doubles, exactly: the nearest double, and an integer however it is written.

use super::super::visit::Numeric;
use super::super::{Number, scan};
use super::Unread;

/// The number at the beginning of a text, and its length.
#[inline]
pub(super) fn value(text: &str) -> Result<(Numeric, usize), Unread> {
    let digits = Digits::scan(text.as_bytes())?;
    let is_integer = digits.fraction == 0 && !digits.has_exponent(text);
    match i64::try_from(digits.value) {
        Ok(value) if is_integer && digits.is_sure() => {
            let value = if digits.negative { -value } else { value };
            Ok((Numeric::Signed(value), digits.end))
        }
        _ => any_value(text),
    }
}

/// The double nearest to the number at the beginning of a text, and the number's length.
#[inline]
pub(super) fn double(text: &str) -> Result<(f64, usize), Unread> {
    let digits = Digits::scan(text.as_bytes())?;
    match POWERS.get(digits.fraction) {
        // Both are exact, so that the quotient, which is rounded once, is the nearest (Clinger, "How to
        // Read Floating Point Numbers Accurately", 1990).
        Some(power) if digits.is_sure() && digits.value <= EXACT && !digits.has_exponent(text) => {
            let value = digits.value as f64 / power;
            Ok((if digits.negative { -value } else { value }, digits.end))
        }
        _ => any_double(text),
    }
}

/// The greatest integer up to which a double has all.
const EXACT: u64 = 1 << f64::MANTISSA_DIGITS;

/// The powers of ten that a double has exactly.
const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
];

#[cold]
fn any_value(text: &str) -> Result<(Numeric, usize), Unread> {
    let (number, end) = number(text)?;
    Ok((Numeric::of(&number)?, end))
}

#[cold]
fn any_double(text: &str) -> Result<(f64, usize), Unread> {
    let (number, end) = number(text)?;
    Ok((number.to_f64().ok_or(Unread)?, end))
}

/// The number at the beginning of a text, for what asks for more than 64 bits.
pub(super) fn number(text: &str) -> Result<(Number<'_>, usize), Unread> {
    let end = scan::number_end(text.as_bytes(), 0).map_err(|_| Unread)?;
    Ok((Number::trusted(&text[..end]), end))
}

/// The digits of a number up to its exponent.
struct Digits {
    negative: bool,
    /// All digits as one integer, unless there are too many.
    value: u64,
    count: usize,
    /// How many of them stand behind the point.
    fraction: usize,
    /// The position behind them.
    end: usize,
}

impl Digits {
    #[inline]
    fn scan(bytes: &[u8]) -> Result<Self, Unread> {
        let negative = bytes.first() == Some(&b'-');
        let first = usize::from(negative);
        let mut value = 0;
        let point = scan_digits(bytes, first, &mut value);
        // No leading zeros: `0` stands alone.
        if point == first || (bytes[first] == b'0' && point > first + 1) {
            return Err(Unread);
        }
        let whole = Self { negative, value, count: point - first, fraction: 0, end: point };
        if bytes.get(point) != Some(&b'.') {
            return Ok(whole);
        }
        let end = scan_digits(bytes, point + 1, &mut value);
        let fraction = end - (point + 1);
        if fraction == 0 {
            return Err(Unread);
        }
        Ok(Self { value, count: whole.count + fraction, fraction, end, ..whole })
    }

    /// Whether the value did not overflow.
    #[inline]
    fn is_sure(&self) -> bool {
        self.count < 20
    }

    #[inline]
    fn has_exponent(&self, text: &str) -> bool {
        matches!(text.as_bytes().get(self.end), Some(b'e' | b'E'))
    }
}

/// Appends the digits at `at` to `value`, and says where they end.
#[inline]
fn scan_digits(bytes: &[u8], mut at: usize, value: &mut u64) -> usize {
    while let Some(digit) = bytes.get(at).map(|byte| byte.wrapping_sub(b'0'))
        && digit < 10
    {
        *value = value.wrapping_mul(10).wrapping_add(u64::from(digit));
        at += 1;
    }
    at
}
