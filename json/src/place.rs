//! JSON pointers (RFC 6901): where in a value something is.

use std::borrow::Cow;
use std::fmt::Write as _;

/// One step from a value to a value inside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// The member of this name.
    Property(Box<str>),
    /// The item at this position.
    Item(usize),
}

/// The pointer to where `steps` lead, which come innermost first, as errors collect them on their
/// way out.
pub(crate) fn pointer(steps: &[Place]) -> String {
    let mut pointer = String::new();
    for step in steps.iter().rev() {
        pointer.push('/');
        match step {
            Place::Item(index) => {
                // Writing into a string cannot fail.
                let _ = write!(pointer, "{index}");
            }
            Place::Property(name) => {
                for character in name.chars() {
                    match character {
                        '~' => pointer.push_str("~0"),
                        '/' => pointer.push_str("~1"),
                        other => pointer.push(other),
                    }
                }
            }
        }
    }
    pointer
}

/// The names in a pointer, unescaped; none if it is neither empty nor starts with a slash.
pub(super) fn tokens(pointer: &str) -> Option<impl Iterator<Item = Cow<'_, str>>> {
    let tokens = match pointer {
        "" => None,
        _ => Some(pointer.strip_prefix('/')?.split('/').map(unescape)),
    };
    Some(tokens.into_iter().flatten())
}

fn unescape(token: &str) -> Cow<'_, str> {
    if token.contains('~') {
        // In this order, so that `~01` is `~1` and not `/` (RFC 6901 §4).
        Cow::Owned(token.replace("~1", "/").replace("~0", "~"))
    } else {
        Cow::Borrowed(token)
    }
}

/// A token as a position: digits, without leading zeros (RFC 6901 §4).
pub(super) fn index(token: &str) -> Option<usize> {
    let digits = token.bytes().all(|byte| byte.is_ascii_digit());
    (digits && (token == "0" || !token.starts_with('0'))).then(|| token.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_become_a_pointer_from_the_outside_in() {
        let steps = [Place::Item(3), Place::Property("a/b~c".into()), Place::Property("".into())];
        assert_eq!(pointer(&steps), "//a~1b~0c/3");
        assert_eq!(pointer(&[]), "");
        let tokens: Vec<_> = tokens("//a~1b~0c/~01").unwrap().collect();
        assert_eq!(tokens, ["", "a/b~c", "~1"]);
    }
}
