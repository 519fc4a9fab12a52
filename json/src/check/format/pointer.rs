//! JSON pointers: RFC 6901, and draft-handrews-relative-json-pointer-01.

/// Empty, or tokens that each follow a slash, `~` only as `~0` or `~1` (RFC 6901 §3).
pub(super) fn is_json_pointer(text: &str) -> bool {
    let escapes = || text.split('~').skip(1).all(|after| after.starts_with(['0', '1']));
    (text.is_empty() || text.starts_with('/')) && escapes()
}

/// A number of levels up, then `#` or a pointer (draft §3).
pub(super) fn is_relative_json_pointer(text: &str) -> bool {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (up, rest) = text.split_at(digits);
    !up.is_empty() && (up == "0" || !up.starts_with('0')) && (rest == "#" || is_json_pointer(rest))
}

#[cfg(test)]
mod tests {
    use super::super::{Format, check};

    #[test]
    fn pointers_escape_what_they_must() {
        check(Format::JSON_POINTER, &["", "/", "/a~0~1/0//é"], &["a", "#/a", "/~", "/~2", "/a~"]);
        check(
            Format::RELATIVE_JSON_POINTER,
            &["0", "1/a", "12#", "0/"],
            &["", "/a", "01", "-1", "0##", "1a", "0#/a", "0/~"],
        );
    }
}
