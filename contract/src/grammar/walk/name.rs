//! The keys of maps: names, and in 2.x the addresses of channels.
//!
//! In: keys. Out: findings about their signs; also whether a key is that of an extension.

use json::Json;

use super::Walk;
use crate::diagnostic::{Diagnostic, shortened};
use crate::grammar::rule::{ADDRESS, INVALID_NAME};
use crate::grammar::table::Keys;
use crate::tree::Key;

impl<'t> Walk<'_, 't> {
    /// The key of a map: a name.
    pub(super) fn name(&mut self, key: Key<'t>, keys: Keys) {
        match keys {
            Keys::Any => {}
            Keys::Names => {
                let is_name = !key.text.is_empty()
                    && key.text.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b));
                if !is_name {
                    let message =
                        format!("`{}` has signs that a name must not have", shortened(key.text));
                    let finding = Diagnostic::new(&INVALID_NAME, key.span, message)
                        .help("use letters (`a` to `z`), digits, `.`, `-` and `_` only");
                    self.report_as(self.by_the_text(), finding);
                }
            }
            Keys::Channels if self.version.is_2() => {
                let what = match json::check::Format::named("uri-template") {
                    _ if key.text.is_empty() => Some("is empty"),
                    _ if key.text.contains(['?', '#']) => Some("has a query or a fragment"),
                    Some(form) if !form.accepts(&Json::from(key.text)) => {
                        Some("is no URI template")
                    }
                    _ => None,
                };
                if let Some(what) = what {
                    let message = format!("the address `{}` {what}", shortened(key.text));
                    let finding = Diagnostic::new(&ADDRESS, key.span, message);
                    self.report(if key.text.contains('?') {
                        finding.help("declare what follows the path in `bindings.ws.query`")
                    } else {
                        finding
                    });
                }
            }
            Keys::Channels => {}
        }
    }
}

/// Whether a key is that of an extension: `x-`, then letters, digits, `.`, `-`, `_`.
pub(super) fn is_extension(key: &str) -> bool {
    key.strip_prefix("x-").is_some_and(|rest| {
        !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
    })
}
