//! URIs and their references (RFC 3986), and the same with the characters of the world (RFC 3987).
//!
//! The grammar is split at its delimiters in the order of RFC 3986 §5.3's picture: scheme,
//! fragment, query, authority, path; then each part is checked for its characters.

use std::net::Ipv6Addr;

/// Which characters beyond ASCII there may be.
#[derive(Clone, Copy, PartialEq)]
enum Alphabet {
    /// None (RFC 3986).
    Ascii,
    /// `ucschar` and, in a query, `iprivate` (RFC 3987 §2.2).
    World,
}

pub(super) fn is_uri(text: &str) -> bool {
    has_scheme(text) && is_reference(text, Alphabet::Ascii)
}

pub(super) fn is_uri_reference(text: &str) -> bool {
    is_reference(text, Alphabet::Ascii)
}

pub(super) fn is_iri(text: &str) -> bool {
    has_scheme(text) && is_reference(text, Alphabet::World)
}

pub(super) fn is_iri_reference(text: &str) -> bool {
    is_reference(text, Alphabet::World)
}

/// Whether a scheme comes before anything else does (§3.1).
fn has_scheme(text: &str) -> bool {
    let Some((scheme, _)) = text.split_once(':') else { return false };
    scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
}

fn is_reference(text: &str, alphabet: Alphabet) -> bool {
    let (absolute, rest) = match text.split_once(':') {
        Some((_, rest)) if has_scheme(text) => (true, rest),
        _ => (false, text),
    };
    let (rest, fragment) = rest.split_once('#').unwrap_or((rest, ""));
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (authority, path) = match rest.strip_prefix("//") {
        Some(rest) => {
            let end = rest.find('/').unwrap_or(rest.len());
            (Some(&rest[..end]), &rest[end..])
        }
        None => (None, rest),
    };
    // Without a scheme, a colon in the first segment would make one (§4.2).
    let first_segment = path.split('/').next().unwrap_or_default();
    let path_begins_well = absolute || authority.is_some() || !first_segment.contains(':');
    path_begins_well
        && authority.is_none_or(|authority| is_authority(authority, alphabet))
        && is_made_of(path, "/:@", alphabet)
        && is_query(query, alphabet)
        && is_made_of(fragment, "/?:@", alphabet)
}

/// `[ userinfo "@" ] host [ ":" port ]` (§3.2).
fn is_authority(text: &str, alphabet: Alphabet) -> bool {
    let (user, rest) = match text.rsplit_once('@') {
        Some((user, rest)) => (user, rest),
        None => ("", text),
    };
    let (host_is_good, port) = match rest.strip_prefix('[') {
        Some(literal) => match literal.split_once(']') {
            Some((address, port)) => (is_ip_literal(address), port),
            None => return false,
        },
        None => {
            let end = rest.find(':').unwrap_or(rest.len());
            (is_made_of(&rest[..end], "", alphabet), &rest[end..])
        }
    };
    let port_is_good = match port.strip_prefix(':') {
        Some(digits) => digits.bytes().all(|byte| byte.is_ascii_digit()),
        None => port.is_empty(),
    };
    is_made_of(user, ":", alphabet) && host_is_good && port_is_good
}

/// What is between the brackets: an IPv6 address or one of a version to come (§3.2.2).
fn is_ip_literal(text: &str) -> bool {
    match text.strip_prefix(['v', 'V']) {
        Some(future) => future.split_once('.').is_some_and(|(version, address)| {
            !version.is_empty()
                && !address.is_empty()
                && version.bytes().all(|byte| byte.is_ascii_hexdigit())
                && address.chars().all(|c| is_unreserved(c) || is_sub_delimiter(c) || c == ':')
        }),
        None => text.parse::<Ipv6Addr>().is_ok(),
    }
}

fn is_query(text: &str, alphabet: Alphabet) -> bool {
    let is_private = |c| {
        let code = u32::from(c);
        matches!(code, 0xe000..=0xf8ff | 0xf0000..=0xffffd | 0x100000..=0x10fffd)
    };
    match alphabet {
        Alphabet::Ascii => is_made_of(text, "/?:@", alphabet),
        Alphabet::World => text.split(is_private).all(|part| is_made_of(part, "/?:@", alphabet)),
    }
}

/// Whether there is nothing but unreserved characters, sub-delimiters, percent-encoded bytes and
/// `others`.
fn is_made_of(text: &str, others: &str, alphabet: Alphabet) -> bool {
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        let good = match c {
            '%' => {
                let hex = |c: Option<char>| c.is_some_and(|c| c.is_ascii_hexdigit());
                hex(rest.next()) && hex(rest.next())
            }
            c if c.is_ascii() => is_unreserved(c) || is_sub_delimiter(c) || others.contains(c),
            c => alphabet == Alphabet::World && is_ucschar(c),
        };
        if !good {
            return false;
        }
    }
    true
}

fn is_unreserved(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-._~".contains(c)
}

fn is_sub_delimiter(c: char) -> bool {
    "!$&'()*+,;=".contains(c)
}

/// `ucschar` (RFC 3987 §2.2): from U+00A0 on, without surrogates, private use and noncharacters.
fn is_ucschar(c: char) -> bool {
    match u32::from(c) {
        0xa0..=0xd7ff | 0xf900..=0xfdcf | 0xfdf0..=0xffef => true,
        0xe1000..=0xefffd => true,
        code @ 0x10000..=0xdfffd => code & 0xffff <= 0xfffd,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Format, check};

    #[test]
    fn a_uri_has_a_scheme_and_a_reference_may_have() {
        let absolute = [
            "http://u:p@h:80/a/b?c=d#e",
            "urn:a:b",
            "a:",
            "file:///etc",
            "http://[::1]:8/",
            "http://[v1.a:b]",
            "ws://h",
        ];
        let relative = ["", "//h/p", "/p", "p/q:r", "?q", "#f", "./a:b"];
        let wrong = [
            "a b",
            "h:[",
            "http://[::1",
            "http://h:x",
            "%zz",
            "a%2",
            "1:a",
            "http://a@[::g]/",
            "http://h/[",
            "<>",
            "é",
            "#a#b",
            "http://[v.a]",
        ];
        check(Format::URI, &absolute, &relative);
        check(Format::URI, &[], &wrong);
        check(Format::URI_REFERENCE, &relative, &wrong);
        check(Format::URI_REFERENCE, &absolute, &["a\u{a0}"]);
    }

    #[test]
    fn an_iri_speaks_more_languages() {
        check(
            Format::IRI,
            &["http://ƒøø.ßår/?∂éœ=πîx#πîüx", "a:é", "a:?\u{e000}"],
            &["a:\u{e000}", "a:\u{fdd0}", "a:\u{1ffff}", "é:a"],
        );
        check(Format::IRI_REFERENCE, &["é", "#é"], &["\\é"]);
    }
}
