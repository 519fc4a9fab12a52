//! Text that breaks into lines where it must.
//!
//! In: a [`Doc`], the pieces of a text and the places where it may break. Out: text of at most
//! [`WIDTH`] columns where the pieces allow it, laid out as Prettier and Biome lay out TypeScript, whose
//! algorithm this is (Wadler, "A prettier printer", 2003). Knows no TypeScript.

use crate::runtime::Symbol;

/// Columns of a line.
pub(crate) const WIDTH: usize = 100;
/// Columns of a level.
const INDENT: usize = 2;

/// A text with places where it may break.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Doc {
    /// Text without line ends.
    Text(String),
    /// An item of the runtime; the writer imports it and says what it is called here.
    Symbol(&'static Symbol),
    /// A function of the generated validator; the writer imports it.
    Check(String),
    /// One after the other.
    Concat(Vec<Doc>),
    /// On one line if it fits, else broken at each of its own [`Line`](Self::Line)s.
    Group {
        /// What may break.
        content: Box<Doc>,
        /// Whether it must.
        broken: bool,
    },
    /// Lines inside begin one level further in.
    Indent(Box<Doc>),
    /// A blank, or the end of a line.
    Line,
    /// Nothing, or the end of a line.
    SoftLine,
    /// The end of a line.
    HardLine,
    /// One text where the group around it is broken, another where it is not.
    Either {
        /// Where it is broken.
        broken: &'static str,
        /// Where it is not.
        flat: &'static str,
    },
}

/// Text as it is.
pub(crate) fn text(text: impl Into<String>) -> Doc {
    Doc::Text(text.into())
}

/// One after the other.
pub(crate) fn concat(docs: impl IntoIterator<Item = Doc>) -> Doc {
    Doc::Concat(docs.into_iter().collect())
}

/// On one line if it fits.
pub(crate) fn group(docs: impl IntoIterator<Item = Doc>) -> Doc {
    let content = concat(docs);
    let broken = must_break(&content);
    Doc::Group { content: Box::new(content), broken }
}

/// One level further in.
pub(crate) fn indent(docs: impl IntoIterator<Item = Doc>) -> Doc {
    Doc::Indent(Box::new(concat(docs)))
}

/// With something between each two.
pub(crate) fn join(docs: impl IntoIterator<Item = Doc>, between: &Doc) -> Doc {
    let mut joined = Vec::new();
    for doc in docs {
        if !joined.is_empty() {
            joined.push(between.clone());
        }
        joined.push(doc);
    }
    Doc::Concat(joined)
}

/// `open a, b close`, each item on a line of its own with a comma behind it where it does not fit.
pub(crate) fn list(open: &str, items: Vec<Doc>, close: &str) -> Doc {
    listed(open, items, close, &Doc::SoftLine, ",")
}

/// The same for lists of several items: two or more stand on lines of their own.
pub(crate) fn table(rows: Vec<Doc>) -> Doc {
    if rows.len() < 2 {
        return list("[", rows, "]");
    }
    let rows = rows.into_iter().map(|row| concat([Doc::HardLine, row, text(",")]));
    concat([text("["), indent(rows), Doc::HardLine, text("]")])
}

/// `{ a, b }`, in the same way.
pub(crate) fn braced(items: Vec<Doc>) -> Doc {
    if items.is_empty() {
        return text("{}");
    }
    listed("{", items, "}", &Doc::Line, ",")
}

/// The same, each on a line of its own.
pub(crate) fn expanded(items: Vec<Doc>) -> Doc {
    let items = items.into_iter().map(|item| concat([Doc::HardLine, item, text(",")]));
    concat([text("{"), indent(items), Doc::HardLine, text("}")])
}

/// `<A, B>`: a list without a comma at its end. A name alone is not broken off.
pub(crate) fn type_arguments(items: Vec<Doc>) -> Doc {
    match &items[..] {
        [only] if is_name(only) => concat([text("<"), only.clone(), text(">")]),
        _ => listed("<", items, ">", &Doc::SoftLine, ""),
    }
}

fn is_name(doc: &Doc) -> bool {
    match doc {
        Doc::Text(_) | Doc::Symbol(_) => true,
        Doc::Concat(docs) => matches!(&docs[..], [only] if is_name(only)),
        _ => false,
    }
}

/// `name(a, b): Type`, the parameters on lines of their own if the whole does not fit on one. A parameter
/// in braces is broken inside of them.
pub(crate) fn signature(name: &str, mut parameters: Vec<Doc>, ty: Doc) -> Doc {
    let ty = concat([text(": "), ty]);
    match parameters.len() {
        0 => concat([text(format!("{name}()")), ty]),
        1 if in_braces(&parameters[0]) => {
            let parameter = concat(parameters.pop());
            group([text(format!("{name}(")), parameter, text(")"), ty])
        }
        _ => {
            let between = concat([text(","), Doc::Line]);
            group([
                text(format!("{name}(")),
                indent([Doc::SoftLine, join(parameters, &between)]),
                Doc::Either { broken: ",", flat: "" },
                Doc::SoftLine,
                text(")"),
                ty,
            ])
        }
    }
}

fn in_braces(doc: &Doc) -> bool {
    match doc {
        Doc::Concat(docs) => docs.first().is_some_and(in_braces),
        Doc::Group { content, .. } => in_braces(content),
        Doc::Text(text) => text == "{",
        _ => false,
    }
}

fn listed(open: &str, items: Vec<Doc>, close: &str, edge: &Doc, last: &'static str) -> Doc {
    if items.is_empty() {
        return text(format!("{open}{close}"));
    }
    let between = concat([text(","), Doc::Line]);
    group([
        text(open),
        indent([edge.clone(), join(items, &between)]),
        Doc::Either { broken: last, flat: "" },
        edge.clone(),
        text(close),
    ])
}

/// Lines between braces, one below the other.
pub(crate) fn block(lines: Vec<Doc>) -> Doc {
    let lines = lines.into_iter().map(|line| concat([Doc::HardLine, line]));
    concat([text("{"), indent(lines), Doc::HardLine, text("}")])
}

/// One below the other.
pub(crate) fn lines(docs: impl IntoIterator<Item = Doc>) -> Doc {
    join(docs, &Doc::HardLine)
}

fn must_break(doc: &Doc) -> bool {
    match doc {
        Doc::HardLine => true,
        Doc::Concat(docs) => docs.iter().any(must_break),
        Doc::Indent(content) => must_break(content),
        Doc::Group { broken, .. } => *broken,
        _ => false,
    }
}

/// Lays a text out. `name` says what a symbol is called.
pub(crate) fn render<'d>(doc: &'d Doc, name: &dyn Fn(&'static Symbol) -> String) -> String {
    let mut out = Out { text: String::new(), column: 0, pending: None };
    let mut stack: Vec<Step<'d>> = vec![Step { indent: 0, flat: false, doc }];
    while let Some(Step { indent, flat, doc }) = stack.pop() {
        match doc {
            Doc::Text(text) | Doc::Check(text) => out.write(text),
            Doc::Symbol(symbol) => out.write(&name(symbol)),
            Doc::Concat(docs) => {
                stack.extend(docs.iter().rev().map(|doc| Step { indent, flat, doc }));
            }
            Doc::Indent(content) => {
                stack.push(Step { indent: indent + INDENT, flat, doc: content });
            }
            Doc::Group { content, broken } => {
                let step = Step { indent, flat: true, doc: content };
                let room = WIDTH.saturating_sub(out.at());
                let flat = flat || !broken && fits(step, &stack, room, name);
                stack.push(Step { indent, flat, doc: content });
            }
            Doc::Line if flat => out.write(" "),
            Doc::SoftLine if flat => {}
            Doc::Line | Doc::SoftLine | Doc::HardLine => out.end_line(indent),
            Doc::Either { broken, flat: in_line } => out.write(if flat { in_line } else { broken }),
        }
    }
    out.text
}

#[derive(Clone, Copy)]
struct Step<'d> {
    indent: usize,
    flat: bool,
    doc: &'d Doc,
}

struct Out {
    text: String,
    column: usize,
    /// The indent of a line that has no text yet, so that an empty one has no blanks.
    pending: Option<usize>,
}

impl Out {
    fn write(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        if let Some(indent) = self.pending.take() {
            self.text.extend(std::iter::repeat_n(' ', indent));
            self.column = indent;
        }
        self.text.push_str(text);
        self.column += columns(text);
    }

    fn end_line(&mut self, indent: usize) {
        self.text.push('\n');
        self.pending = Some(indent);
    }

    fn at(&self) -> usize {
        self.pending.unwrap_or(self.column)
    }
}

/// Whether `step`, and what follows it up to the next place where a line may end, fits into `room`.
fn fits<'d>(
    step: Step<'d>,
    after: &[Step<'d>],
    mut room: usize,
    name: &dyn Fn(&'static Symbol) -> String,
) -> bool {
    let mut pending = vec![step];
    let mut after = after.iter().rev();
    loop {
        let Some(Step { indent, flat, doc }) = pending.pop().or_else(|| after.next().copied())
        else {
            return true;
        };
        let width = match doc {
            Doc::Text(text) | Doc::Check(text) => columns(text),
            Doc::Symbol(symbol) => columns(&name(symbol)),
            Doc::Concat(docs) => {
                pending.extend(docs.iter().rev().map(|doc| Step { indent, flat, doc }));
                0
            }
            Doc::Indent(content) => {
                pending.push(Step { indent, flat, doc: content });
                0
            }
            Doc::Group { content, broken } => {
                pending.push(Step { indent, flat: flat && !broken, doc: content });
                0
            }
            Doc::Line if flat => 1,
            Doc::SoftLine if flat => 0,
            Doc::Line | Doc::SoftLine | Doc::HardLine => return true,
            Doc::Either { broken, flat: in_line } => columns(if flat { in_line } else { broken }),
        };
        match room.checked_sub(width) {
            Some(left) => room = left,
            None => return false,
        }
    }
}

/// Columns of a text, as an editor shows it.
pub(crate) fn columns(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { unicode_width::UnicodeWidthStr::width(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(doc: &Doc) -> String {
        render(doc, &|symbol| symbol.name.to_owned())
    }

    fn words(count: usize) -> Vec<Doc> {
        (0..count).map(|_| text("twelve chars")).collect()
    }

    #[test]
    fn what_fits_stands_on_one_line() {
        assert_eq!(shown(&braced(words(2))), "{ twelve chars, twelve chars }");
        assert_eq!(shown(&list("(", words(2), ")")), "(twelve chars, twelve chars)");
        assert_eq!(shown(&braced(Vec::new())), "{}");
    }

    #[test]
    fn what_does_not_fit_has_a_line_each() {
        let long = shown(&list("(", words(8), ")"));
        assert!(long.starts_with("(\n  twelve chars,\n"), "{long}");
        assert!(long.ends_with("  twelve chars,\n)"), "{long}");
    }

    #[test]
    fn what_follows_a_group_counts() {
        let exact = concat([list("(", words(7), ")"), text("x".repeat(100 - 98))]);
        assert!(!shown(&exact).contains('\n'));
        let over = concat([list("(", words(7), ")"), text("x".repeat(100 - 97))]);
        assert!(shown(&over).contains('\n'));
    }

    #[test]
    fn an_empty_line_has_no_blanks() {
        let doc = block(vec![text("a"), text(""), text("b")]);
        assert_eq!(shown(&doc), "{\n  a\n\n  b\n}");
    }
}
