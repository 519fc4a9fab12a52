//! Descriptions → doc comments: the only way for text of a contract into comments.
//!
//! In: Markdown as AsyncAPI has it (CommonMark). Out: `#[doc]` attributes that rustdoc reads without a
//! warning: code blocks that name no language are text (or rustdoc would compile them), what looks
//! like HTML or an unresolved link is escaped, bare addresses become links.

use proc_macro2::TokenStream;
use quote::quote;

/// The doc comment of an item: the paragraphs, a blank line between them.
pub(crate) fn doc<'p>(paragraphs: impl IntoIterator<Item = &'p str>) -> TokenStream {
    let text = paragraphs
        .into_iter()
        .map(|text| clean(text.trim()))
        .filter(|text| !text.is_empty())
        .collect::<Vec<_>>()
        .join("\n\n");
    let lines = text.lines().map(|line| {
        // rustfmt and people expect a blank between the slashes and the text.
        let line = if line.is_empty() { String::new() } else { format!(" {line}") };
        quote!(#[doc = #line])
    });
    quote!(#(#lines)*)
}

/// A text as code inside a sentence; backticks in it do not end it.
pub(crate) fn code(text: &str) -> String {
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if plain.contains('`') { format!("`` {plain} ``") } else { format!("`{plain}`") }
}

/// Markdown that rustdoc accepts.
fn clean(text: &str) -> String {
    let mut lines = Vec::new();
    let mut fence: Option<char> = None;
    for line in text.lines() {
        let line = line.trim_end();
        let trimmed = line.trim_start();
        let marker = ['`', '~'].into_iter().find(|c| trimmed.starts_with(&c.to_string().repeat(3)));
        match (fence, marker) {
            (None, Some(mark)) => {
                fence = Some(mark);
                let language = trimmed.trim_start_matches(mark).trim();
                let known = language.split([',', ' ']).next().unwrap_or_default();
                let indent = &line[..line.len() - trimmed.len()];
                let bars = mark.to_string().repeat(3);
                // A block that rustdoc would take for Rust is text.
                let language = match known {
                    "" | "rust" | "should_panic" | "no_run" | "ignore" | "compile_fail" => "text",
                    other => other,
                };
                lines.push(format!("{indent}{bars}{language}"));
            }
            (Some(mark), Some(other)) if mark == other => {
                fence = None;
                lines.push(line.to_owned());
            }
            (Some(_), _) => lines.push(line.to_owned()),
            (None, None) if line.starts_with("    ") || line.starts_with('\t') => {
                // Four blanks would make a block of Rust.
                lines.push(inline(trimmed));
            }
            (None, None) => lines.push(inline(line)),
        }
    }
    if let Some(mark) = fence {
        lines.push(mark.to_string().repeat(3));
    }
    lines.join("\n")
}

/// One line outside of code blocks.
fn inline(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(c) = rest.chars().next() {
        if c == '`' {
            let ticks = rest.len() - rest.trim_start_matches('`').len();
            let bar = &rest[..ticks];
            let inner = &rest[ticks..];
            match inner.find(bar) {
                Some(end) => {
                    out.push_str(&rest[..ticks + end + ticks]);
                    rest = &inner[end + ticks..];
                }
                None => {
                    // An unpaired backtick is a character.
                    for _ in 0..ticks {
                        out.push_str("\\`");
                    }
                    rest = inner;
                }
            }
            continue;
        }
        let starts_address = ["http://", "https://"].iter().any(|scheme| rest.starts_with(scheme));
        if starts_address && !out.ends_with(['(', '<', '"', '\'']) {
            let end = rest
                .find(|c: char| c.is_whitespace() || ")>\"'`".contains(c))
                .unwrap_or(rest.len());
            let address = rest[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', '*', '_']);
            out.push_str(&format!("<{address}>"));
            rest = &rest[address.len()..];
            continue;
        }
        match c {
            '<' => out.push_str("\\<"),
            '[' => match link_end(rest) {
                Some(end) => {
                    out.push_str(&rest[..end]);
                    rest = &rest[end..];
                    continue;
                }
                None => out.push_str("\\["),
            },
            ']' => out.push_str("\\]"),
            c if c.is_control() => out.push(' '),
            // A line that ends in U+2028 would end in some editors only.
            '\u{2028}' | '\u{2029}' => out.push(' '),
            c => out.push(c),
        }
        rest = &rest[c.len_utf8()..];
    }
    out
}

/// Where an inline link to an address ends: `[text](https://…)`.
fn link_end(text: &str) -> Option<usize> {
    let close = text.find("](")?;
    let inner = &text[1..close];
    if inner.contains(['[', ']', '\n']) {
        return None;
    }
    let target = &text[close + 2..];
    let end = target.find(')')?;
    let address = &target[..end];
    let is_address = ["http://", "https://", "mailto:", "#"].iter().any(|s| address.starts_with(s));
    (is_address && !address.contains(['<', '>', ' '])).then_some(close + 2 + end + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_rustdoc_would_misread_is_escaped() {
        assert_eq!(clean("a <b> [c] d"), "a \\<b> \\[c\\] d");
        assert_eq!(clean("[x](https://a.example/b) ok"), "[x](https://a.example/b) ok");
        assert_eq!(clean("see https://a.example/b."), "see <https://a.example/b>.");
        assert_eq!(clean("`a < b` and ` c"), "`a < b` and \\` c");
        assert_eq!(clean("```\nlet x;\n```"), "```text\nlet x;\n```");
        assert_eq!(clean("```json\n{}"), "```json\n{}\n```");
        assert_eq!(clean("    indented"), "indented");
    }
}
