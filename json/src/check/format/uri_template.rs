//! URI templates: RFC 6570 §2.

pub(super) fn is_uri_template(text: &str) -> bool {
    let mut rest = text;
    loop {
        let Some((literals, after)) = rest.split_once('{') else { return is_literals(rest) };
        let Some((expression, after)) = after.split_once('}') else { return false };
        if !is_literals(literals) || !is_expression(expression) {
            return false;
        }
        rest = after;
    }
}

/// §2.1, with erratum 6937: an apostrophe is a literal.
fn is_literals(text: &str) -> bool {
    let is_literal =
        |c| !matches!(c, '\0'..=' ' | '\u{7f}'..='\u{9f}') && !"\"<>\\^`{|}".contains(c);
    text.chars().all(is_literal) && has_whole_triplets(text)
}

/// An operator, perhaps, and variables (§2.2, §2.3, §2.4).
fn is_expression(text: &str) -> bool {
    let variables = text.strip_prefix(['+', '#', '.', '/', ';', '?', '&', '=', ',', '!', '@', '|']);
    variables.unwrap_or(text).split(',').all(is_variable)
}

fn is_variable(text: &str) -> bool {
    if let Some(name) = text.strip_suffix('*') {
        return is_name(name);
    }
    match text.split_once(':') {
        Some((name, length)) => is_name(name) && is_length(length),
        None => is_name(text),
    }
}

/// A prefix of 1 to 9999 characters.
fn is_length(text: &str) -> bool {
    (1..=4).contains(&text.len())
        && !text.starts_with('0')
        && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_name(text: &str) -> bool {
    let is_part = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'%')
    };
    text.split('.').all(is_part) && has_whole_triplets(text)
}

/// Whether every `%` is followed by two hexadecimal digits.
fn has_whole_triplets(text: &str) -> bool {
    text.split('%').skip(1).all(|after| {
        let digits = after.as_bytes().get(..2);
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    })
}

#[cfg(test)]
mod tests {
    use super::super::{Format, check};

    #[test]
    fn expressions_are_closed_and_their_variables_named() {
        check(
            Format::URI_TEMPLATE,
            &["", "/a/{b}", "{+x,y*}{#z:12}", "{?a.b,%41_c}", "é{a}", "%41"],
            &[
                "{", "}", "{}", "{a", "a}", "{a b}", "{a:}", "{a:0}", "{*}", "{a..b}", "{a*:1}",
                "%4", "a|b", "{-a}", "{é}",
            ],
        );
    }
}
