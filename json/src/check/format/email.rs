//! Mail addresses: `Mailbox` of RFC 5321 §4.1.2 and §4.1.3, and RFC 6531 §3.3 for the world.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::hostname;

pub(super) fn is_email(text: &str) -> bool {
    text.is_ascii() && is_mailbox(text, hostname::is_hostname)
}

pub(super) fn is_idn_email(text: &str) -> bool {
    is_mailbox(text, hostname::is_idn_hostname)
}

fn is_mailbox(text: &str, is_host: fn(&str) -> bool) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    // 64 octets, §4.5.3.1.1.
    local.len() <= 64 && is_local_part(local) && (is_host(domain) || is_address(domain))
}

fn is_local_part(text: &str) -> bool {
    match text.strip_prefix('"') {
        Some(quoted) => is_quoted(quoted),
        None => text.split('.').all(|atom| !atom.is_empty() && atom.chars().all(is_atext)),
    }
}

/// The rest of a `Quoted-string`, after its first quote.
fn is_quoted(text: &str) -> bool {
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match c {
            '"' => return rest.next().is_none(),
            '\\' => {
                if !rest.next().is_some_and(|c| matches!(c, ' '..='~')) {
                    return false;
                }
            }
            ' '..='~' => {}
            c if !c.is_ascii() => {}
            _ => return false,
        }
    }
    false
}

fn is_atext(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c) || !c.is_ascii()
}

/// `address-literal`: `[127.0.0.1]`, `[IPv6:::1]`, or of a kind registered later.
fn is_address(text: &str) -> bool {
    let Some(address) = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')) else {
        return false;
    };
    match address.split_once(':') {
        None => address.parse::<Ipv4Addr>().is_ok(),
        Some((tag, rest)) if tag.eq_ignore_ascii_case("IPv6") => rest.parse::<Ipv6Addr>().is_ok(),
        Some((tag, rest)) => {
            let is_dcontent = |c| matches!(c, '!'..='Z' | '^'..='~');
            let is_tag = |c: char| c.is_ascii_alphanumeric() || c == '-';
            !tag.is_empty()
                && tag.chars().all(is_tag)
                && !tag.ends_with('-')
                && !rest.is_empty()
                && rest.chars().all(is_dcontent)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Format, check};

    #[test]
    fn an_address_has_a_local_part_and_a_host() {
        check(
            Format::EMAIL,
            &[
                "a@b",
                "te~st@example.com",
                "\"joe \\\" b\"@example.com",
                "\"a@b\"@c",
                "a@[127.0.0.1]",
                "a@[IPv6:::1]",
                "a.b+c@d.e",
            ],
            &[
                "",
                "@",
                "a@",
                "@b",
                "a b@c",
                ".a@b",
                "a.@b",
                "a..b@c",
                "a@b c",
                "\"a@b",
                "a@[127.0.0.300]",
                "a@[::1]",
                "a@-b",
                "é@b",
                "a@b@c",
                "a@[x:",
            ],
        );
        check(Format::IDN_EMAIL, &["δοκιμή@παράδειγμα.gr", "a@b"], &["a@b\u{302e}", "δοκιμή"]);
    }
}
