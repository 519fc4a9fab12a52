//! Labels of internationalised names: which there are (RFC 5891 §4.2, RFC 5892), their encoding
//! (RFC 3492), and the rule for those from right to left (RFC 5893).
//!
//! General categories, scripts and the stability under case folding come from `regress`, whose
//! property escapes have the tables; what ECMA-262 has no property for is in
//! [`idna_tables`](super::idna_tables). Normal form C (RFC 5891 §4.2.1) is checked only as far as
//! that every single character is stable.

use std::sync::LazyLock;

use regress::Regex;

use super::idna_tables::{ARABIC_NUMBER, DUAL, LEFT, NEUTRAL, RIGHT, RIGHT_TO_LEFT, VIRAMA};

/// A class of characters that `regress` knows, to be asked about one of them.
struct Property {
    source: &'static str,
    regex: LazyLock<Option<Regex>>,
}

macro_rules! property {
    ($(#[$doc:meta])* $name:ident, $source:literal) => {
        $(#[$doc])*
        static $name: Property = Property {
            source: $source,
            regex: LazyLock::new(|| Regex::with_flags($source, "u").ok()),
        };
    };
}

property! {
    /// LetterDigits without Unstable, IgnorableProperties and IgnorableBlocks (RFC 5892 §2).
    LETTER_OR_DIGIT,
    r"^(?!\p{CWKCF}|\p{DI}|\p{White_Space}|\p{NChar}|[\u{20d0}-\u{20ff}\u{1d100}-\u{1d24f}])[\p{L}\p{Nd}\p{Mn}\p{Mc}]$"
}
property!(MARK, r"^\p{M}$");
property!(NONSPACING, r"^\p{Mn}$");
property!(TRANSPARENT, r"^[\p{Mn}\p{Me}\p{Cf}]$");
property!(GREEK, r"^\p{Script=Greek}$");
property!(HEBREW, r"^\p{Script=Hebrew}$");
property!(JAPANESE, r"^[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]$");

impl Property {
    fn has(&self, c: char) -> bool {
        let mut buffer = [0; 4];
        let regex = self.regex.as_ref();
        debug_assert!(regex.is_some(), "{} is no pattern", self.source);
        regex.is_some_and(|regex| regex.find(c.encode_utf8(&mut buffer)).is_some())
    }
}

fn is_in(ranges: &[(u32, u32)], c: char) -> bool {
    let code = u32::from(c);
    ranges.iter().any(|(low, high)| (*low..=*high).contains(&code))
}

/// Whether `label` is a U-label: not ASCII, made of the characters that there may be.
pub(super) fn is_u_label(label: &str) -> bool {
    let characters: Vec<char> = label.chars().collect();
    let hyphens = label.starts_with('-')
        || label.ends_with('-')
        || (characters.get(2), characters.get(3)) == (Some(&'-'), Some(&'-'));
    !label.is_ascii()
        && !hyphens
        && !characters.first().is_some_and(|first| MARK.has(*first))
        && (0..characters.len()).all(|at| is_permitted(&characters, at))
}

/// Whether a label that begins with `xn--` is an A-label: the encoding of a U-label, and the one
/// that encoding it again gives.
pub(super) fn is_a_label(label: &str) -> bool {
    let encoded = label.get(4..).unwrap_or_default();
    decode(encoded).is_some_and(|decoded| {
        is_u_label(&decoded)
            && encode(&decoded).is_some_and(|again| again.eq_ignore_ascii_case(encoded))
    })
}

/// Whether the character at `at` may be there: RFC 5892 §3, and its appendix A for those that
/// depend on their neighbours.
fn is_permitted(label: &[char], at: usize) -> bool {
    let before = at.checked_sub(1).map(|at| label[at]);
    let after = label.get(at + 1).copied();
    match label[at] {
        'a'..='z' | '0'..='9' | '-' => true,
        // Exceptions that are always, and never, permitted (§2.6).
        '\u{df}' | '\u{3c2}' | '\u{6fd}' | '\u{6fe}' | '\u{f0b}' | '\u{3007}' => true,
        '\u{640}' | '\u{7fa}' | '\u{302e}' | '\u{302f}' | '\u{3031}'..='\u{3035}' | '\u{303b}' => {
            false
        }
        // Conjoining Hangul (§2.9).
        '\u{1100}'..='\u{11ff}' | '\u{a960}'..='\u{a97f}' | '\u{d7b0}'..='\u{d7ff}' => false,
        // ZERO WIDTH NON-JOINER and JOINER (A.1, A.2).
        '\u{200c}' => before.is_some_and(|c| is_in(VIRAMA, c)) || joins(label, at),
        '\u{200d}' => before.is_some_and(|c| is_in(VIRAMA, c)),
        // MIDDLE DOT (A.3).
        '\u{b7}' => before == Some('l') && after == Some('l'),
        // GREEK LOWER NUMERAL SIGN (A.4).
        '\u{375}' => after.is_some_and(|c| GREEK.has(c)),
        // HEBREW PUNCTUATION GERESH, GERSHAYIM (A.5, A.6).
        '\u{5f3}' | '\u{5f4}' => before.is_some_and(|c| HEBREW.has(c)),
        // KATAKANA MIDDLE DOT (A.7).
        '\u{30fb}' => label.iter().any(|c| *c != '\u{30fb}' && JAPANESE.has(*c)),
        // One sort of Arabic digits only (A.8, A.9).
        '\u{660}'..='\u{669}' => !label.iter().any(|c| ('\u{6f0}'..='\u{6f9}').contains(c)),
        '\u{6f0}'..='\u{6f9}' => !label.iter().any(|c| ('\u{660}'..='\u{669}').contains(c)),
        c => LETTER_OR_DIGIT.has(c),
    }
}

/// Whether what is before and behind would join: `(L|D) T* ZWNJ T* (R|D)` (A.1).
fn joins(label: &[char], at: usize) -> bool {
    let mut before = label[..at].iter().rev().skip_while(|c| TRANSPARENT.has(**c));
    let mut after = label[at + 1..].iter().skip_while(|c| TRANSPARENT.has(**c));
    before.next().is_some_and(|c| is_in(LEFT, *c) || is_in(DUAL, *c))
        && after.next().is_some_and(|c| is_in(RIGHT, *c) || is_in(DUAL, *c))
}

/// The bidirectional class of a character of a label (RFC 5893 §2), as far as the rule tells them
/// apart.
#[derive(Clone, Copy, PartialEq)]
enum Direction {
    /// L
    Left,
    /// R, AL
    Right,
    /// EN
    EuropeanNumber,
    /// AN
    ArabicNumber,
    /// ES, CS, ET, ON, BN
    Neutral,
    /// NSM
    Nonspacing,
}

impl Direction {
    fn of(c: char) -> Self {
        match c {
            '0'..='9' | '\u{6f0}'..='\u{6f9}' => Self::EuropeanNumber,
            '-' => Self::Neutral,
            c if c.is_ascii() => Self::Left,
            c if is_in(ARABIC_NUMBER, c) => Self::ArabicNumber,
            c if NONSPACING.has(c) => Self::Nonspacing,
            c if is_in(RIGHT_TO_LEFT, c) => Self::Right,
            c if is_in(NEUTRAL, c) => Self::Neutral,
            _ => Self::Left,
        }
    }
}

/// Whether a label has characters that are written from right to left (RFC 5893 §1.4).
pub(super) fn is_right_to_left(label: &str) -> bool {
    label.chars().any(|c| matches!(Direction::of(c), Direction::Right | Direction::ArabicNumber))
}

/// The six conditions of RFC 5893 §2.
pub(super) fn keeps_bidi_rule(label: &str) -> bool {
    use Direction::{ArabicNumber, EuropeanNumber, Left, Nonspacing, Right};
    let directions: Vec<_> = label.chars().map(Direction::of).collect();
    let last = directions.iter().rev().find(|direction| **direction != Nonspacing);
    let has = |wanted| directions.contains(&wanted);
    match directions.first() {
        Some(Right) => {
            !has(Left)
                && matches!(last, Some(Right | EuropeanNumber | ArabicNumber))
                && !(has(EuropeanNumber) && has(ArabicNumber))
        }
        Some(Left) => {
            !has(Right) && !has(ArabicNumber) && matches!(last, Some(Left | EuropeanNumber))
        }
        _ => false,
    }
}

// The parameters of RFC 3492 §5.
const BASE: u32 = 36;
const T_MIN: u32 = 1;
const T_MAX: u32 = 26;
const INITIAL_BIAS: u32 = 72;
const INITIAL_N: u32 = 128;

/// No label is longer, encoded or not; more characters are refused before any work.
const MAX_LABEL: usize = 63;

/// What a label says, from what follows `xn--` (RFC 3492 §6.2).
pub(super) fn decode(encoded: &str) -> Option<String> {
    if encoded.len() > MAX_LABEL {
        return None;
    }
    let (plain, rest) = encoded.rsplit_once('-').unwrap_or(("", encoded));
    let mut label: Vec<char> = plain.chars().collect();
    let (mut n, mut i, mut bias) = (INITIAL_N, 0_u32, INITIAL_BIAS);
    let mut digits = rest.bytes().map(digit);
    while digits.len() > 0 {
        let (start, mut weight) = (i, 1_u32);
        for threshold in thresholds(bias) {
            let digit = digits.next()??;
            i = i.checked_add(digit.checked_mul(weight)?)?;
            if digit < threshold {
                break;
            }
            weight = weight.checked_mul(BASE - threshold)?;
        }
        let length = label.len() as u32 + 1;
        bias = adapt(i - start, length, start == 0);
        n = n.checked_add(i / length)?;
        i %= length;
        label.insert(i as usize, char::from_u32(n)?);
        i += 1;
    }
    Some(label.into_iter().collect())
}

/// What follows `xn--` for a label (RFC 3492 §6.3); nothing if it would be too long.
pub(super) fn encode(label: &str) -> Option<String> {
    let characters: Vec<char> = label.chars().collect();
    if characters.len() > MAX_LABEL {
        return None;
    }
    let mut encoded: String = characters.iter().filter(|c| c.is_ascii()).collect();
    let plain = encoded.len() as u32;
    if plain > 0 {
        encoded.push('-');
    }
    let (mut n, mut delta, mut bias, mut done) = (INITIAL_N, 0_u32, INITIAL_BIAS, plain);
    while (done as usize) < characters.len() {
        let next = characters.iter().map(|c| u32::from(*c)).filter(|code| *code >= n).min()?;
        delta = delta.checked_add((next - n).checked_mul(done + 1)?)?;
        n = next;
        for code in characters.iter().map(|c| u32::from(*c)) {
            if code < n {
                delta = delta.checked_add(1)?;
            } else if code == n {
                push_number(&mut encoded, delta, bias);
                bias = adapt(delta, done + 1, done == plain);
                delta = 0;
                done += 1;
            }
        }
        delta += 1;
        n += 1;
    }
    Some(encoded)
}

fn push_number(encoded: &mut String, mut number: u32, bias: u32) {
    for threshold in thresholds(bias) {
        if number < threshold {
            encoded.push(letter(number));
            return;
        }
        encoded.push(letter(threshold + (number - threshold) % (BASE - threshold)));
        number = (number - threshold) / (BASE - threshold);
    }
}

fn thresholds(bias: u32) -> impl Iterator<Item = u32> {
    (1..).map(move |place: u32| (place * BASE).saturating_sub(bias).clamp(T_MIN, T_MAX))
}

fn adapt(delta: u32, length: u32, first: bool) -> u32 {
    let mut delta = if first { delta / 700 } else { delta / 2 };
    delta += delta / length;
    let mut places = 0;
    while delta > (BASE - T_MIN) * T_MAX / 2 {
        delta /= BASE - T_MIN;
        places += BASE;
    }
    places + (BASE - T_MIN + 1) * delta / (delta + 38)
}

fn digit(letter: u8) -> Option<u32> {
    match letter {
        b'a'..=b'z' => Some(u32::from(letter - b'a')),
        b'A'..=b'Z' => Some(u32::from(letter - b'A')),
        b'0'..=b'9' => Some(u32::from(letter - b'0') + 26),
        _ => None,
    }
}

fn letter(digit: u32) -> char {
    char::from(if digit < 26 { b'a' + digit as u8 } else { b'0' + (digit - 26) as u8 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_property_is_a_pattern() {
        for property in
            [&LETTER_OR_DIGIT, &MARK, &NONSPACING, &TRANSPARENT, &GREEK, &HEBREW, &JAPANESE]
        {
            assert!(property.regex.is_some(), "{}", property.source);
        }
    }

    #[test]
    fn labels_are_encoded_as_in_rfc_3492() {
        // §7.1: Arabic, Chinese, Czech, Hebrew, Japanese, Vietnamese.
        for (label, encoded) in [
            ("ليهمابتكلموشعربي؟", "egbpdaj6bu4bxfgehfvwxn"),
            ("他们为什么不说中文", "ihqwcrb4cv8a8dqg056pqjye"),
            ("Pročprostěnemluvíčesky", "Proprostnemluvesky-uyb24dma41a"),
            ("למההםפשוטלאמדבריםעברית", "4dbcagdahymbxekheh6e0a7fei0b"),
            ("TạisaohọkhôngthểchỉnóitiếngViệt", "TisaohkhngthchnitingVit-kjcr8268qyxafd2f1b9g"),
            ("3年B組金八先生", "3B-ww4c5e180e575a65lsy2b"),
            ("bücher", "bcher-kva"),
        ] {
            assert_eq!(encode(label).as_deref(), Some(encoded));
            assert_eq!(decode(encoded).as_deref(), Some(label));
        }
    }

    #[test]
    fn encodings_that_overflow_or_stop_short_are_none() {
        for wrong in ["9999999999999", "é", "a-a-_", "-"] {
            if let Some(label) = decode(wrong) {
                assert!(!is_a_label(&format!("xn--{wrong}")), "{wrong} says {label}");
            }
        }
    }
}
