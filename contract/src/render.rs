//! A diagnostic as a person reads it: headline, place, source lines with carets, help.
//!
//! In: a [`Diagnostic`] and the texts it points into. Out: [`Segment`]s, pieces of text with a role
//! each, so that a terminal can colour them; joined they are the plain text. Nothing from a document
//! reaches the output that a terminal would obey: control characters are drawn, not sent.

use unicode_width::UnicodeWidthStr;

use crate::diagnostic::{Diagnostic, Place};
use crate::source::{FileId, SourceMap, Span};

/// Source text shown of one line, in terminal columns; a longer line is cut around the carets.
const WINDOW: usize = 120;

/// What a longer line still shows before the carets, in terminal columns.
const BEFORE: usize = 40;

/// A tab in an excerpt, whatever its column: the carets need not know where tab stops are.
const TAB: &str = "    ";

/// A piece of a rendered diagnostic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// What the piece is.
    pub role: Role,
    /// Its text; the last piece of a line ends with the line feed.
    pub text: String,
}

/// What a piece of a rendered diagnostic is: what a colour is chosen by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// `error[topic/unknown-parameter]`, of the finding's severity.
    Severity,
    /// The sentence of the first line.
    Message,
    /// `asyncapi.yaml:57:29`
    Place,
    /// Line numbers and the lines beside them.
    Gutter,
    /// A line of the document.
    Source,
    /// The carets under the finding and the remark beside them.
    Caret,
    /// The dashes under another place that matters and the remark beside them.
    Related,
    /// What to do.
    Help,
    /// Spaces and punctuation between the others.
    Plain,
}

pub(crate) fn plain(sources: &SourceMap, finding: &Diagnostic) -> String {
    segments(sources, finding).into_iter().map(|segment| segment.text).collect()
}

pub(crate) fn segments(sources: &SourceMap, finding: &Diagnostic) -> Vec<Segment> {
    let mut out = Output::default();
    out.push(Role::Severity, &format!("{}[{}]", finding.severity, finding.rule.id));
    out.push(Role::Plain, ": ");
    out.push(Role::Message, &visible_line(&finding.message));
    out.end_line();

    let marks = marks(sources, finding);
    let gutter = marks.iter().map(|mark| mark.line.to_string().len()).max().unwrap_or(1);
    if let Place::File(name) = &finding.place {
        out.place(gutter, "-->", &visible_line(name));
        if !finding.label.is_empty() {
            out.push(Role::Gutter, &format!("{:gutter$} = ", ""));
            out.push(Role::Caret, &format!("note: {}", visible_line(&finding.label)));
            out.end_line();
        }
    }
    let mut rest = marks.as_slice();
    while let Some(first) = rest.first() {
        let (of_file, others) =
            rest.split_at(rest.iter().take_while(|mark| mark.file == first.file).count());
        rest = others;
        let (arrow, span) = match finding.place {
            Place::Text(span) if span.file == first.file => ("-->", span),
            _ => (":::", first.span),
        };
        out.place(gutter, arrow, &visible_line(&sources.place(span)));
        out.push(Role::Gutter, &format!("{:gutter$} |", ""));
        out.end_line();
        excerpts(&mut out, sources, of_file, gutter);
    }
    if let Some(help) = &finding.help {
        for (at, line) in help.lines().enumerate() {
            if at == 0 {
                out.push(Role::Gutter, &format!("{:gutter$} = ", ""));
                out.push(Role::Help, &format!("help: {}", visible_line(line)));
            } else {
                out.push(Role::Help, &format!("{:gutter$}         {}", "", visible_line(line)));
            }
            out.end_line();
        }
    }
    out.segments
}

/// A place to underline.
#[derive(Clone, Debug)]
struct Mark<'f> {
    file: FileId,
    line: usize,
    span: Span,
    role: Role,
    remark: &'f str,
}

/// All places of the finding: those of its own file first, then the other files as they come up;
/// within a file by line, on a line the finding itself first.
fn marks<'f>(sources: &SourceMap, finding: &'f Diagnostic) -> Vec<Mark<'f>> {
    let mark = |span: Span, role, remark| Mark {
        file: span.file,
        line: sources.line_column(span).line,
        span,
        role,
        remark,
    };
    let mut marks = Vec::new();
    if let Place::Text(span) = finding.place {
        marks.push(mark(span, Role::Caret, &*finding.label));
    }
    marks.extend(finding.related.iter().map(|(span, remark)| mark(*span, Role::Related, remark)));
    let mut files: Vec<FileId> = Vec::new();
    for mark in &marks {
        if !files.contains(&mark.file) {
            files.push(mark.file);
        }
    }
    let order = |file| files.iter().position(|&known| known == file);
    marks.sort_by_key(|mark| (order(mark.file), mark.line, mark.role != Role::Caret));
    marks
}

/// The lines that `marks`, all of one file and in line order, stand on.
fn excerpts(out: &mut Output, sources: &SourceMap, marks: &[Mark<'_>], gutter: usize) {
    let mut shown: Option<usize> = None;
    let mut at = 0;
    while let Some(mark) = marks.get(at) {
        let line = sources.file(mark.file).line(mark.line).unwrap_or("");
        match shown {
            Some(last) if mark.line == last + 2 => {
                let between = sources.file(mark.file).line(last + 1).unwrap_or("");
                let range = 0..0;
                out.source(gutter, last + 1, &Excerpt::new(between, range).text);
            }
            Some(last) if mark.line > last + 1 => {
                out.push(Role::Gutter, "...");
                out.end_line();
            }
            _ => {}
        }
        shown = Some(mark.line);
        let start = sources.file(mark.file).line_start(mark.line);
        let excerpt = |mark: &Mark<'_>| {
            let from = (mark.span.start as usize).saturating_sub(start);
            let to = (mark.span.end as usize).saturating_sub(start);
            Excerpt::new(line, from..to)
        };
        let first = excerpt(mark);
        out.source(gutter, mark.line, &first.text);
        let mut above = first.clone();
        while let Some(mark) = marks.get(at).filter(|mark| Some(mark.line) == shown) {
            let excerpt = excerpt(mark);
            if excerpt.text != above.text {
                // Two places of one long line, each with a window of its own.
                out.source(gutter, mark.line, &excerpt.text);
            }
            let sign = if mark.role == Role::Caret { "^" } else { "-" };
            out.push(Role::Gutter, &format!("{:gutter$} |", ""));
            out.push(Role::Plain, &" ".repeat(excerpt.column + 1));
            out.push(mark.role, &sign.repeat(excerpt.width));
            if !mark.remark.is_empty() {
                out.push(mark.role, &format!(" {}", visible_line(mark.remark)));
            }
            out.end_line();
            above = excerpt;
            at += 1;
        }
    }
}

/// A line as it is shown, and where the carets go.
#[derive(Clone, Debug)]
struct Excerpt {
    text: String,
    /// Terminal columns before the carets.
    column: usize,
    /// How many carets.
    width: usize,
}

impl Excerpt {
    /// Shows a line whose bytes `marked` are underlined; only the part around them if it is long.
    fn new(line: &str, marked: std::ops::Range<usize>) -> Self {
        let start = line.floor_char_boundary(marked.start.min(line.len()));
        let end = line.ceil_char_boundary(marked.end.clamp(start, line.len()));

        let (mut before, cut_before) = tail(&line[..start], WINDOW);
        let (mut middle, mut cut_after) = head(&line[start..end], WINDOW);
        let (mut after, cut) = head(&line[end..], WINDOW);
        cut_after |= cut;
        if cut_before || cut_after || before.width() + middle.width() + after.width() > WINDOW {
            let (shorter, cut) = tail(&line[..start], BEFORE);
            before = if cut { format!("…{shorter}") } else { shorter };
            let (shorter, cut) = head(&line[start..end], WINDOW - BEFORE);
            middle = shorter;
            let left = WINDOW.saturating_sub(before.width() + middle.width());
            let (shorter, cut_rest) =
                if cut { (String::new(), true) } else { head(&line[end..], left) };
            after = if cut_rest { format!("{shorter}…") } else { shorter };
        }
        Self {
            column: before.width(),
            width: middle.width().max(1),
            text: [before, middle, after].concat(),
        }
    }
}

/// The first `columns` terminal columns of a text, and whether something follows.
fn head(text: &str, columns: usize) -> (String, bool) {
    let mut shown = String::new();
    let mut width = 0;
    for character in text.chars() {
        let mut piece = String::new();
        draw(character, &mut piece);
        width += piece.width();
        if width > columns {
            return (shown, true);
        }
        shown.push_str(&piece);
    }
    (shown, false)
}

/// The last `columns` terminal columns of a text, and whether something precedes.
fn tail(text: &str, columns: usize) -> (String, bool) {
    let mut width = 0;
    let mut from = text.len();
    for (at, character) in text.char_indices().rev() {
        let mut piece = String::new();
        draw(character, &mut piece);
        width += piece.width();
        if width > columns {
            break;
        }
        from = at;
    }
    let mut shown = String::new();
    text[from..].chars().for_each(|character| draw(character, &mut shown));
    (shown, from > 0)
}

/// A text on one line, drawn.
pub(crate) fn visible_line(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    text.chars().for_each(|character| draw(character, &mut shown));
    shown
}

/// Draws a character: what a terminal would obey or not show becomes something to see.
fn draw(character: char, out: &mut String) {
    match character {
        '\t' => out.push_str(TAB),
        // The control pictures stand in the order of what they picture.
        '\u{0}'..='\u{1f}' => {
            out.push(char::from_u32(0x2400 + u32::from(character)).unwrap_or('\u{fffd}'));
        }
        '\u{7f}' => out.push('\u{2421}'),
        // C1 controls, marks of writing direction and breaks that editors treat differently, and
        // characters without width: any of them makes a line look like another one.
        '\u{80}'..='\u{9f}'
        | '\u{ad}'
        | '\u{61c}'
        | '\u{200b}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{e0000}'..='\u{e007f}' => {
            out.push_str(&format!("\\u{{{:x}}}", u32::from(character)));
        }
        _ => out.push(character),
    }
}

#[derive(Debug, Default)]
struct Output {
    segments: Vec<Segment>,
}

impl Output {
    fn push(&mut self, role: Role, text: &str) {
        match self.segments.last_mut() {
            Some(last) if last.role == role && !last.text.ends_with('\n') => {
                last.text.push_str(text);
            }
            _ => self.segments.push(Segment { role, text: text.to_owned() }),
        }
    }

    /// Ends the line, without spaces before its end.
    fn end_line(&mut self) {
        if let Some(last) = self.segments.last_mut() {
            last.text.truncate(last.text.trim_end_matches(' ').len());
            last.text.push('\n');
        }
    }

    fn place(&mut self, gutter: usize, arrow: &str, place: &str) {
        self.push(Role::Gutter, &format!("{:gutter$}{arrow} ", ""));
        self.push(Role::Place, place);
        self.end_line();
    }

    fn source(&mut self, gutter: usize, line: usize, text: &str) {
        self.push(Role::Gutter, &format!("{line:>gutter$} |"));
        if !text.trim().is_empty() {
            self.push(Role::Source, &format!(" {text}"));
        }
        self.end_line();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Diagnostics, Rule, Severity};
    use insta::assert_snapshot;

    static RULE: Rule = Rule { id: "topic/unknown-parameter", severity: Severity::Error, page: "" };

    /// Documents whose underlined places are written in `«»`, the finding's own first, and a
    /// remark for each; what a person sees.
    fn check(files: &[(&str, &str)], remarks: &[&str], help: Option<&str>) -> String {
        let mut sources = SourceMap::default();
        let mut spans = Vec::new();
        for (name, text) in files {
            let mut plain = String::new();
            let mut starts = Vec::new();
            let mut places = Vec::new();
            for character in text.chars() {
                match character {
                    '«' => starts.push(plain.len()),
                    '»' => places.push((starts.pop().unwrap(), plain.len())),
                    other => plain.push(other),
                }
            }
            let file = sources.add(*name, plain);
            spans.extend(places.into_iter().map(|(start, end)| Span::new(file, start, end)));
        }
        let mut finding = Diagnostic::new(&RULE, spans[0], "something is wrong").label(remarks[0]);
        for (&span, &remark) in spans[1..].iter().zip(&remarks[1..]) {
            finding = finding.related(span, remark);
        }
        if let Some(help) = help {
            finding = finding.help(help);
        }
        Diagnostics::new(sources, vec![finding]).to_string()
    }

    #[test]
    fn a_finding_shows_its_line_with_carets_a_remark_and_what_to_do() {
        let lines = "\n".repeat(56);
        let text = format!("{lines}        name: bars:{{symbol}}:«{{resolutoin}}»\n");
        let remark = "parameters are `symbol` and `resolution` (line 59)";
        let help = "write `{resolution}`";
        assert_snapshot!(check(&[("asyncapi.yaml", &text)], &[remark], Some(help)), @"
        error[topic/unknown-parameter]: something is wrong
          --> asyncapi.yaml:57:29
           |
        57 |         name: bars:{symbol}:{resolutoin}
           |                             ^^^^^^^^^^^^ parameters are `symbol` and `resolution` (line 59)
           = help: write `{resolution}`
        ");
    }

    #[test]
    fn places_on_other_lines_stand_in_line_order_with_gaps_marked() {
        let text = "«a»: 1\nb: 2\n«a»: 3\nc: 4\nd: 5\ne: 6\n«a»: 7\n";
        assert_snapshot!(check(&[("a.yaml", text)], &["first", "second", ""], None), @"
        error[topic/unknown-parameter]: something is wrong
         --> a.yaml:1:1
          |
        1 | a: 1
          | ^ first
        2 | b: 2
        3 | a: 3
          | - second
        ...
        7 | a: 7
          | -
        ");
    }

    #[test]
    fn places_on_one_line_get_a_row_each() {
        let text = "{ «a»: 1, «a»: 2 }\n";
        assert_snapshot!(check(&[("a.yaml", text)], &["again", "first here"], None), @"
        error[topic/unknown-parameter]: something is wrong
         --> a.yaml:1:3
          |
        1 | { a: 1, a: 2 }
          |   ^ again
          |         - first here
        ");
    }

    #[test]
    fn a_place_in_another_file_is_shown_under_that_file() {
        let files =
            [("a.yaml", "x:\n  $ref: «b.yaml#/y»\n"), ("b.yaml", "\n\n\n\n\n\n\n\n\n«z»: 1\n")];
        assert_snapshot!(check(&files, &["no `y` there", "there is `z`"], None), @"
        error[topic/unknown-parameter]: something is wrong
          --> a.yaml:2:9
           |
         2 |   $ref: b.yaml#/y
           |         ^^^^^^^^^ no `y` there
          ::: b.yaml:10:1
           |
        10 | z: 1
           | - there is `z`
        ");
    }

    #[test]
    fn a_long_line_is_cut_to_a_window_around_each_place() {
        let filler = "lorem ipsum dolor sit amet ".repeat(20);
        let text = format!("text: {filler}«here» {filler}«there» {filler}\n");
        assert_snapshot!(check(&[("a.yaml", &text)], &["one", "two"], None), @"
        error[topic/unknown-parameter]: something is wrong
         --> a.yaml:1:547
          |
        1 | …lor sit amet lorem ipsum dolor sit amet here lorem ipsum dolor sit amet lorem ipsum dolor sit amet lorem ipsum dolor si…
          |                                          ^^^^ one
        1 | …lor sit amet lorem ipsum dolor sit amet there lorem ipsum dolor sit amet lorem ipsum dolor sit amet lorem ipsum dolor s…
          |                                          ----- two
        ");
        let text = format!("text: «{filler}» {filler}\n");
        assert_snapshot!(check(&[("a.yaml", &text)], &["all of it"], None), @"
        error[topic/unknown-parameter]: something is wrong
         --> a.yaml:1:7
          |
        1 | text: lorem ipsum dolor sit amet lorem ipsum dolor sit amet lorem ipsum dolor sit amet…
          |       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ all of it
        ");
    }

    #[test]
    fn carets_stand_under_the_text_after_tabs_and_wide_characters() {
        let text = "\tname:\t«价格 🚀👨‍👩‍👧» x «y»\n";
        assert_snapshot!(check(&[("a.yaml", text)], &["wide", ""], None), @"
        error[topic/unknown-parameter]: something is wrong
         --> a.yaml:1:8
          |
        1 |     name:    价格 🚀👨‍👩‍👧 x y
          |              ^^^^^^^^^ wide
          |                          -
        ");
    }

    #[test]
    fn a_place_over_several_lines_is_shown_by_its_first() {
        assert_snapshot!(check(&[("a.yaml", "a: «|\n  x\n  y»\n")], &["text"], None), @"
        error[topic/unknown-parameter]: something is wrong
         --> a.yaml:1:4
          |
        1 | a: |
          |    ^ text
        ");
        assert_snapshot!(check(&[("a.yaml", "a: «{\r\n  x: 1}»\r\n")], &["object"], None), @"
        error[topic/unknown-parameter]: something is wrong
         --> a.yaml:1:4
          |
        1 | a: {
          |    ^ object
        ");
    }

    #[test]
    fn an_empty_place_gets_one_caret_even_past_the_end() {
        assert_snapshot!(check(&[("a.yaml", "a: [«»")], &["ends here"], None), @"
        error[topic/unknown-parameter]: something is wrong
         --> a.yaml:1:5
          |
        1 | a: [
          |     ^ ends here
        ");
        assert_snapshot!(check(&[("a.yaml", "a: [\n«»")], &["ends here"], None), @"
        error[topic/unknown-parameter]: something is wrong
         --> a.yaml:2:1
          |
        2 |
          | ^ ends here
        ");
        assert_snapshot!(check(&[("a.yaml", "«»")], &["nothing"], None), @"
        error[topic/unknown-parameter]: something is wrong
         --> a.yaml:1:1
          |
        1 |
          | ^ nothing
        ");
    }

    #[test]
    fn nothing_that_a_terminal_would_obey_gets_through() {
        let text = "a: \u{1b}[31m«red»\u{7f}\u{9b}\u{202e}evil\u{0}\u{200b}\r!\n";
        let shown = check(&[("\u{1b}a.yaml", text)], &["\u{1b}]0;x\u{7}"], Some("do\u{8}\nthis"));
        assert!(shown.chars().all(|character| character == '\n' || !character.is_control()));
        assert_snapshot!(shown, @r"
        error[topic/unknown-parameter]: something is wrong
         --> ␛a.yaml:1:9
          |
        1 | a: ␛[31mred␡\u{9b}\u{202e}evil␀\u{200b}␍!
          |         ^^^ ␛]0;x␇
          = help: do␈
                  this
        ");
    }

    #[test]
    fn a_file_that_could_not_be_read_is_named_without_an_excerpt() {
        let finding = Diagnostic::new(&RULE, Place::File("b.yaml".into()), "cannot read `b.yaml`")
            .label("permission denied")
            .help("check the name");
        assert_snapshot!(Diagnostics::new(SourceMap::default(), vec![finding]), @"
        error[topic/unknown-parameter]: cannot read `b.yaml`
         --> b.yaml
          = note: permission denied
          = help: check the name
        ");
    }

    #[test]
    fn the_plain_text_is_the_segments_in_a_row() {
        let mut sources = SourceMap::default();
        let file = sources.add("a.yaml", "a: 1\nb: 2\n");
        let finding = Diagnostic::new(&RULE, Span::new(file, 5, 6), "wrong")
            .label("here")
            .related(Span::new(file, 0, 1), "there")
            .help("do this");
        let diagnostics = Diagnostics::new(sources, vec![finding]);
        let finding = diagnostics.iter().next().unwrap();
        let segments = diagnostics.segments(finding);
        let joined: String = segments.iter().map(|segment| &*segment.text).collect();
        assert_eq!(joined, diagnostics.render(finding));
        let of = |role| {
            let mut texts = segments.iter().filter(move |segment| segment.role == role);
            texts.next().map_or("", |segment| segment.text.trim())
        };
        assert_eq!(of(Role::Severity), "error[topic/unknown-parameter]");
        assert_eq!(of(Role::Message), "wrong");
        assert_eq!(of(Role::Place), "a.yaml:2:1");
        assert_eq!(of(Role::Source), "a: 1");
        assert_eq!(of(Role::Related), "- there");
        assert_eq!(of(Role::Caret), "^ here");
        assert_eq!(of(Role::Help), "help: do this");
    }
}
