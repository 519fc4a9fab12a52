//! Identifiers of Rust: which words are taken, in any edition.

use contract::names::Name;
use proc_macro2::{Ident, Span};

/// Words that are no identifiers in edition 2015 to 2024, strict and reserved ones.
const KEYWORDS: [&str; 53] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate",
    "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl",
    "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref",
    "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield", "Self", "_",
];

/// An identifier: a keyword gets an underscore behind it.
pub(crate) fn ident(name: &str) -> Ident {
    if KEYWORDS.contains(&name) {
        Ident::new(&format!("{name}_"), Span::call_site())
    } else {
        Ident::new(name, Span::call_site())
    }
}

/// The text of a field, function or module called so.
pub(crate) fn snake(text: &str) -> String {
    Name::new(text).snake()
}

/// The text of a variant called so.
pub(crate) fn pascal(text: &str) -> String {
    Name::new(text).pascal()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_keyword_becomes_an_identifier() {
        for keyword in KEYWORDS {
            assert!(syn::parse_str::<syn::Ident>(&ident(keyword).to_string()).is_ok(), "{keyword}");
        }
    }
}
