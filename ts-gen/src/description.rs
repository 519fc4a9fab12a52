//! Descriptions → JSDoc: the only way for text of a contract into comments.
//!
//! In: Markdown as AsyncAPI has it (CommonMark). Out: a comment that no text can end (`*/`), whose tags are
//! ours only, and whose lines are at most [`WIDTH`] columns long where their words allow it.

use crate::ident::is_unseen;
use crate::layout::{Doc, WIDTH, columns, concat, lines, text};

/// The parts of a comment.
#[derive(Clone, Debug, Default)]
pub(crate) struct Comment {
    paragraphs: Vec<String>,
    tags: Vec<String>,
}

impl Comment {
    /// A comment that begins with words of the contract, if it has any.
    pub(crate) fn of(words: Option<&str>) -> Self {
        Self::default().words(words)
    }

    /// Words of the contract.
    pub(crate) fn words(mut self, words: Option<&str>) -> Self {
        let clean = words.map(clean).filter(|words| !words.is_empty());
        // A title that the description repeats is said once.
        if let Some(clean) = clean.filter(|clean| !self.paragraphs.contains(clean)) {
            self.paragraphs.push(clean);
        }
        self
    }

    /// A sentence of ours; what it takes from the contract went through [`code`].
    pub(crate) fn sentence(mut self, sentence: impl Into<String>) -> Self {
        self.paragraphs.push(sentence.into());
        self
    }

    /// `@tag` with what stands behind it.
    pub(crate) fn tag(mut self, tag: &str, value: &str) -> Self {
        let line = if value.is_empty() { format!("@{tag}") } else { format!("@{tag} {value}") };
        self.tags.push(line);
        self
    }

    /// `@deprecated`, if it is.
    pub(crate) fn deprecated(self, is: bool) -> Self {
        if is { self.tag("deprecated", "") } else { self }
    }

    /// The comment above something that stands `level` levels in.
    pub(crate) fn above(&self, level: usize, what: Doc) -> Doc {
        match self.doc(level) {
            Some(doc) => lines([doc, what]),
            None => what,
        }
    }

    /// The comment, if it says anything.
    fn doc(&self, level: usize) -> Option<Doc> {
        let room = WIDTH - 2 * level;
        let mut all: Vec<String> = Vec::new();
        for paragraph in &self.paragraphs {
            if !all.is_empty() {
                all.push(String::new());
            }
            all.extend(wrapped(paragraph, room - " * ".len()));
        }
        if !all.is_empty() && !self.tags.is_empty() {
            all.push(String::new());
        }
        all.extend(self.tags.iter().cloned());
        match &all[..] {
            [] => None,
            [only] if columns(only) + "/**  */".len() <= room => {
                Some(text(format!("/** {only} */")))
            }
            all => {
                let inner = all.iter().map(|line| {
                    text(if line.is_empty() { " *".to_owned() } else { format!(" * {line}") })
                });
                let first = std::iter::once(text("/**"));
                Some(lines(first.chain(inner).chain([text(" */")])))
            }
        }
    }
}

/// A text as code inside a sentence; backticks in it do not end it.
pub(crate) fn code(value: &str) -> String {
    let plain: String = value.chars().map(seen).collect();
    if plain.trim().is_empty() {
        return format!("`{}`", crate::ident::string(value));
    }
    let plain = inert(&plain);
    if plain.contains('`') { format!("`` {plain} ``") } else { format!("`{plain}`") }
}

/// A single line without what a reader would not see, for headers.
pub(crate) fn line(value: &str) -> String {
    value.chars().map(seen).collect()
}

fn seen(c: char) -> char {
    if is_unseen(c) { ' ' } else { c }
}

/// Markdown that ends no comment and begins no tag.
fn clean(words: &str) -> String {
    let lines = words.trim().lines().map(|line| {
        let line: String = line.trim_end().chars().map(seen).collect();
        inert(line.trim_end())
    });
    lines.collect::<Vec<String>>().join("\n")
}

fn inert(text: &str) -> String {
    let text = text.replace("*/", "*\\/").replace("{@", "{\\@");
    let start = text.len() - text.trim_start().len();
    // A tag begins a line.
    if text[start..].starts_with('@') {
        format!("{}\\{}", &text[..start], &text[start..])
    } else {
        text
    }
}

/// The lines of a paragraph, long ones broken between words. Code and tables stay as they are.
fn wrapped(paragraph: &str, room: usize) -> Vec<String> {
    let mut out = Vec::new();
    let mut in_code = false;
    for line in paragraph.lines() {
        let trimmed = line.trim_start();
        let fence = trimmed.starts_with("```") || trimmed.starts_with("~~~");
        let as_it_is = in_code || fence || trimmed.starts_with('|') || columns(line) <= room;
        in_code ^= fence;
        if as_it_is {
            out.push(line.to_owned());
        } else {
            wrap(line, room, &mut out);
        }
    }
    out
}

fn wrap(line: &str, room: usize, out: &mut Vec<String>) {
    let indent = &line[..line.len() - line.trim_start().len()];
    // What continues an item of a list stands below its text.
    let hanging = match line.trim_start().split_once(' ') {
        Some((marker, _)) if is_marker(marker) => " ".repeat(marker.len() + 1),
        _ => String::new(),
    };
    let mut current = indent.to_owned();
    let mut is_empty = true;
    for word in line.split_whitespace() {
        let begins_block = is_marker(word) || word.starts_with(['@', '#', '>', '|', '`', '~', '=']);
        let over = columns(&current) + 1 + columns(word) > room;
        if !is_empty && over && !begins_block {
            out.push(std::mem::replace(&mut current, format!("{indent}{hanging}")));
            is_empty = true;
        }
        if !is_empty {
            current.push(' ');
        }
        current.push_str(word);
        is_empty = false;
    }
    out.push(current);
}

/// What would make a line that begins with it an item of a list.
fn is_marker(word: &str) -> bool {
    let number = word.strip_suffix(['.', ')']);
    matches!(word, "-" | "*" | "+")
        || number
            .is_some_and(|digits| !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit()))
}

/// A list with a hyphen before each, below each other.
pub(crate) fn bullets(items: impl Iterator<Item = (String, String)>) -> String {
    let lines = items.map(|(item, words)| {
        let words = clean(&words).replace('\n', " ");
        format!("- {item}: {words}")
    });
    lines.collect::<Vec<String>>().join("\n")
}

/// A comment on lines of their own, without JSDoc's meaning.
pub(crate) fn remark(sentence: &str) -> Doc {
    concat([text("// "), text(line(sentence))])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::render;

    fn shown(comment: &Comment) -> String {
        render(&comment.above(0, text("x")), &|symbol| symbol.name.to_owned())
    }

    #[test]
    fn nothing_in_a_description_ends_its_comment() {
        let comment = Comment::of(Some("a */ b\u{2028}c {@link d}\n@deprecated\r\n  @x"));
        assert_eq!(
            shown(&comment),
            "/**\n * a *\\/ b c {\\@link d}\n * \\@deprecated\n *   \\@x\n */\nx"
        );
        assert_eq!(code("a`*/b"), "`` a`*\\/b ``");
    }

    #[test]
    fn one_line_stays_one_line() {
        assert_eq!(shown(&Comment::of(Some("Price.\n"))), "/** Price. */\nx");
        assert_eq!(shown(&Comment::of(Some(" \n"))), "x");
        let tagged = Comment::default().tag("defaultValue", "`1`");
        assert_eq!(shown(&tagged), "/** @defaultValue `1` */\nx");
    }

    #[test]
    fn long_lines_are_broken_between_words_but_code_is_not() {
        let words = "word ".repeat(30);
        let text = format!("- {words}\n```\n{words}\n```");
        let shown = shown(&Comment::of(Some(&text)));
        let lines: Vec<&str> = shown.lines().collect();
        assert!(lines[1].starts_with(" * - word"), "{shown}");
        assert!(lines[2].starts_with(" *   word"), "{shown}");
        assert!(lines[1].len() <= WIDTH);
        assert!(lines.iter().any(|line| line.len() > WIDTH), "{shown}");
    }
}
