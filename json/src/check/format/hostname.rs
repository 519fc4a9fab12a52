//! Host names: RFC 1123 §2.1 and RFC 1034 §3.5, with the labels of RFC 5890.

use super::idna;

/// Letters, digits and hyphens in labels of at most 63, at most 253 in all; a label that says it
/// is an encoded one (`xn--…`) has to be.
pub(super) fn is_hostname(text: &str) -> bool {
    text.len() <= 253 && text.split('.').all(is_label) && is_bidi(text.split('.'))
}

/// The same, with labels in the letters of the world, and their full stops.
pub(super) fn is_idn_hostname(text: &str) -> bool {
    let labels = || text.split(['.', '\u{3002}', '\u{ff0e}', '\u{ff61}']);
    let mut length = 0;
    for label in labels() {
        let encoded = if label.is_ascii() {
            if !is_label(label) {
                return false;
            }
            label.len()
        } else {
            match idna::encode(label) {
                Some(encoded) if idna::is_u_label(label) => encoded.len() + 4,
                _ => return false,
            }
        };
        if encoded > 63 {
            return false;
        }
        length += encoded + 1;
    }
    length <= 254 && is_bidi(labels())
}

/// A label of ASCII characters.
fn is_label(label: &str) -> bool {
    let bytes = label.as_bytes();
    let is_ldh = (1..=63).contains(&bytes.len())
        && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
        && bytes[0] != b'-'
        && bytes[bytes.len() - 1] != b'-';
    is_ldh && (!is_encoded(label) || idna::is_a_label(label))
}

fn is_encoded(label: &str) -> bool {
    label.get(..4).is_some_and(|prefix| prefix.eq_ignore_ascii_case("xn--"))
}

/// Where one label runs from right to left, all of them keep the rule for such names (RFC 5893).
fn is_bidi<'t>(labels: impl Iterator<Item = &'t str> + Clone) -> bool {
    let decoded = |label: &'t str| match label.get(4..) {
        Some(encoded) if is_encoded(label) => idna::decode(encoded).unwrap_or_default(),
        _ => label.to_owned(),
    };
    if labels.clone().all(|label| label.is_ascii() && !is_encoded(label)) {
        return true;
    }
    !labels.clone().any(|label| idna::is_right_to_left(&decoded(label)))
        || labels.clone().all(|label| idna::keeps_bidi_rule(&decoded(label)))
}

#[cfg(test)]
mod tests {
    use super::super::{Format, check};

    #[test]
    fn names_are_labels_between_dots() {
        let long = ["a".repeat(63), "a".repeat(63), "a".repeat(63), "a".repeat(61)].join(".");
        check(
            Format::HOSTNAME,
            &["a", "a-b.c", "1.2.3.4", "xn--nw2a.xn--j6w193g", &long],
            &["", ".", "a.", "a..b", "-a", "a-", "a_b", "é", "xn--", "xn--x", &format!("{long}b")],
        );
        check(
            Format::IDN_HOSTNAME,
            &["실례.테스트", "straße.de", "a。b", &long],
            &["", "a..b", "〮례", "A\u{5d0}", "\u{200d}", &format!("{long}b"), &"ü".repeat(62)],
        );
    }
}
