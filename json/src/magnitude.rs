//! Exact arithmetic on the text of a number: compare, test for a multiple, read as an integer.
//!
//! In: the text of a JSON number. Nothing is rounded and, but for divisors of more than eighteen
//! digits, nothing is allocated; time is linear in the text, whatever its exponent says. An
//! exponent beyond ±10¹⁷ counts as ±10¹⁷.

use std::cmp::Ordering;

/// Exponents stop here, far enough from the ends of `i64` that sums with lengths cannot overflow.
const MAX_EXPONENT: i64 = 100_000_000_000_000_000;

/// A number as sign × digits × 10^scale. The digits have zeros at neither end; zero has none.
#[derive(Clone, Copy)]
pub(super) struct Magnitude<'t> {
    negative: bool,
    /// Digits before the point, then after it.
    digits: [&'t [u8]; 2],
    scale: i64,
}

impl<'t> Magnitude<'t> {
    /// Reads `text`, which must have the grammar of RFC 8259 §6.
    pub(super) fn of(text: &'t str) -> Self {
        let (negative, unsigned) = match text.as_bytes() {
            [b'-', unsigned @ ..] => (true, unsigned),
            unsigned => (false, unsigned),
        };
        let (mantissa, mut scale) = match unsigned.iter().position(|b| matches!(b, b'e' | b'E')) {
            Some(at) => (&unsigned[..at], exponent(&unsigned[at + 1..])),
            None => (unsigned, 0),
        };
        let (mut head, mut tail) = match mantissa.iter().position(|&b| b == b'.') {
            Some(at) => (&mantissa[..at], &mantissa[at + 1..]),
            None => (mantissa, &mantissa[mantissa.len()..]),
        };
        scale -= tail.len() as i64;
        scale += drop_zeros_behind(&mut tail);
        if tail.is_empty() {
            scale += drop_zeros_behind(&mut head);
        }
        drop_zeros_before(&mut head);
        if head.is_empty() {
            drop_zeros_before(&mut tail);
        }
        if head.is_empty() && tail.is_empty() {
            return Self { negative: false, digits: [head, tail], scale: 0 };
        }
        Self { negative, digits: [head, tail], scale }
    }

    fn is_zero(&self) -> bool {
        self.len() == 0
    }

    fn len(&self) -> usize {
        self.digits[0].len() + self.digits[1].len()
    }

    fn digits(&self) -> impl Iterator<Item = u8> + 't {
        let [head, tail] = self.digits;
        head.iter().chain(tail).map(|digit| digit - b'0')
    }

    pub(super) fn is_negative(&self) -> bool {
        self.negative
    }

    /// Whether the value has no fraction: `1.0` and `1e2` have none.
    pub(super) fn is_integer(&self) -> bool {
        self.scale >= 0
    }

    /// The absolute value, when it is an integer that fits.
    pub(super) fn to_u128(self) -> Option<u128> {
        // 10³⁹ no longer fits, so nothing beyond is worth multiplying out.
        if self.scale < 0 || self.scale > 38 {
            return None;
        }
        let zeros = std::iter::repeat_n(0, self.scale as usize);
        self.digits()
            .chain(zeros)
            .try_fold(0_u128, |value, digit| value.checked_mul(10)?.checked_add(u128::from(digit)))
    }

    /// Numeric order, exact.
    pub(super) fn compare(&self, other: &Self) -> Ordering {
        match (self.negative, other.negative) {
            (false, true) => return Ordering::Greater,
            (true, false) => return Ordering::Less,
            _ => {}
        }
        let size = match (self.is_zero(), other.is_zero()) {
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
            // The place of the first digit decides, then the digits: neither side has leading
            // or trailing zeros, so the order of their digit strings is the order of the values.
            (false, false) => (self.scale + self.len() as i64)
                .cmp(&(other.scale + other.len() as i64))
                .then_with(|| self.digits().cmp(other.digits())),
        };
        if self.negative { size.reverse() } else { size }
    }

    /// Whether this is an integer times `divisor`; of zero only zero is a multiple.
    pub(super) fn is_multiple_of(&self, divisor: &Self) -> bool {
        if self.is_zero() {
            return true;
        }
        if divisor.is_zero() {
            return false;
        }
        // self / divisor = digits × 10^zeros / divisor's digits. A negative power cannot divide
        // evenly: the digits do not end in a zero.
        let zeros = self.scale - divisor.scale;
        if zeros < 0 {
            return false;
        }
        // 10^zeros can only cancel the twos and fives of the divisor, of which there are fewer
        // than four a digit; more zeros change nothing, so the exponent costs nothing.
        let zeros = zeros.min(4 * divisor.len() as i64) as usize;
        let dividend = self.digits().chain(std::iter::repeat_n(0, zeros));
        // Below 10¹⁸, so that ten times a remainder and a digit still fit.
        if divisor.len() <= 18 {
            let divisor =
                divisor.digits().fold(0_u64, |value, digit| value * 10 + u64::from(digit));
            dividend.fold(0, |rest, digit| (rest * 10 + u64::from(digit)) % divisor) == 0
        } else {
            long_division_leaves_nothing(dividend, divisor)
        }
    }

    /// Feeds sign, digits and scale to `hasher`: equal numbers feed the same.
    pub(super) fn hash(&self, hasher: &mut impl std::hash::Hasher) {
        hasher.write_u8(u8::from(self.negative));
        hasher.write_i64(self.scale);
        hasher.write_usize(self.len());
        // In pieces of a fixed size, since where the point stood must not show.
        let mut piece = [0; 16];
        let mut filled = 0;
        for digit in self.digits() {
            piece[filled] = digit;
            filled += 1;
            if filled == piece.len() {
                hasher.write(&piece);
                filled = 0;
            }
        }
        hasher.write(&piece[..filled]);
    }
}

/// Schoolbook division, keeping only the remainder: quadratic in the digits of a divisor that
/// the contract wrote, linear in the dividend that a peer did.
fn long_division_leaves_nothing(
    dividend: impl Iterator<Item = u8>,
    divisor: &Magnitude<'_>,
) -> bool {
    let divisor: Vec<u8> = divisor.digits().collect();
    // One digit longer than the divisor, most significant first.
    let mut rest = vec![0_u8; divisor.len() + 1];
    for digit in dividend {
        rest.rotate_left(1);
        if let Some(last) = rest.last_mut() {
            *last = digit;
        }
        while rest[0] > 0 || rest[1..] >= divisor[..] {
            let mut borrow = 0;
            for (place, digit) in rest.iter_mut().rev().zip(divisor.iter().rev().chain([&0])) {
                let taken = digit + borrow;
                borrow = u8::from(*place < taken);
                *place = *place + 10 * borrow - taken;
            }
        }
    }
    rest.iter().all(|&digit| digit == 0)
}

fn exponent(text: &[u8]) -> i64 {
    let (negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        [b'+', digits @ ..] => (false, digits),
        digits => (false, digits),
    };
    let size = digits.iter().fold(0_i64, |size, digit| {
        size.saturating_mul(10).saturating_add(i64::from(digit - b'0')).min(MAX_EXPONENT)
    });
    if negative { -size } else { size }
}

fn drop_zeros_behind(digits: &mut &[u8]) -> i64 {
    let mut dropped = 0;
    while let [rest @ .., b'0'] = digits {
        *digits = rest;
        dropped += 1;
    }
    dropped
}

fn drop_zeros_before(digits: &mut &[u8]) {
    while let [b'0', rest @ ..] = digits {
        *digits = rest;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn compare(a: &str, b: &str) -> Ordering {
        Magnitude::of(a).compare(&Magnitude::of(b))
    }

    fn multiple(value: &str, of: &str) -> bool {
        Magnitude::of(value).is_multiple_of(&Magnitude::of(of))
    }

    #[test]
    fn the_same_value_is_equal_however_it_is_written() {
        for (a, b) in
            [("1", "1.0"), ("100", "1e2"), ("0.0010", "1E-3"), ("-0", "0.00e7"), ("12.5e1", "125")]
        {
            assert_eq!(compare(a, b), Ordering::Equal, "{a} {b}");
        }
    }

    #[test]
    fn order_is_exact_beyond_every_machine_number() {
        let ascending = [
            "-1e400",
            "-18446744073709551616",
            "-18446744073709551615",
            "-0.1",
            "-0.09999999999999999999999",
            "0",
            "1e-400",
            "0.1",
            "0.10000000000000000000000001",
            "9007199254740992",
            "9007199254740993",
            "18446744073709551615",
            "18446744073709551616",
            "1e400",
            "1e401",
        ];
        for (i, a) in ascending.iter().enumerate() {
            for (j, b) in ascending.iter().enumerate() {
                assert_eq!(compare(a, b), i.cmp(&j), "{a} {b}");
            }
        }
    }

    #[test]
    fn multiples_are_exact() {
        for (value, of) in [
            ("0.0075", "0.0001"),
            ("1e308", "0.5"),
            ("12391239123", "1"),
            ("0", "7"),
            ("4.5", "1.5"),
            ("1e999999999999999999999", "0.0000001"),
            ("-35", "7"),
            (
                "340282366920938463463374607431768211456000",
                "340282366920938463463374607431768211456",
            ),
        ] {
            assert!(multiple(value, of), "{value} of {of}");
        }
        for (value, of) in [
            ("0.00751", "0.0001"),
            ("1e308", "0.123456789"),
            ("35", "1.5"),
            ("1", "0"),
            ("1e-9", "1"),
            ("340282366920938463463374607431768211457", "340282366920938463463374607431768211456"),
            ("1e999999999999999999999", "3"),
        ] {
            assert!(!multiple(value, of), "{value} of {of}");
        }
    }

    proptest! {
        #[test]
        fn multiples_agree_with_integer_arithmetic(
            value in 0_u64..1_000_000_000,
            of in 1_u64..5_000,
            zeros in 0_u32..28,
            times in 0_u64..1000,
        ) {
            prop_assert_eq!(multiple(&value.to_string(), &of.to_string()), value % of == 0);
            let shifted = u128::from(value) * 10_u128.pow(zeros);
            let expected = shifted.is_multiple_of(of.into());
            prop_assert_eq!(multiple(&format!("{value}e{zeros}"), &of.to_string()), expected);
            // A divisor too long for a machine number takes the long way round.
            let divisor = u128::from(of) * 10_u128.pow(24) + 1;
            let product = divisor * u128::from(times);
            prop_assert!(multiple(&product.to_string(), &divisor.to_string()));
            prop_assert!(!multiple(&(product + 1).to_string(), &divisor.to_string()));
        }

        #[test]
        fn order_agrees_with_integers(a in any::<i64>(), b in any::<i64>()) {
            prop_assert_eq!(compare(&a.to_string(), &b.to_string()), a.cmp(&b));
            prop_assert_eq!(compare(&format!("{a}e-5"), &format!("{b}E-5")), a.cmp(&b));
        }
    }
}
