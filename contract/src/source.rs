//! Where things stand: files, byte spans in them, and the line and column a person counts.
//!
//! Every node of a [`Tree`](crate::tree::Tree) and every [`Diagnostic`](crate::Diagnostic) holds a
//! [`Span`]; the [`SourceMap`] turns it into text. Knows nothing of YAML.

use std::fmt;
use std::sync::{Arc, OnceLock};

/// One file of a [`SourceMap`], by the order in which it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub(crate) u16);

/// A half-open range of bytes in one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The file that the offsets count in.
    pub file: FileId,
    /// Offset of the first byte.
    pub start: u32,
    /// Offset after the last byte; equal to `start` for a place between two characters.
    pub end: u32,
}

impl Span {
    /// The bytes from `start` to before `end`.
    pub fn new(file: FileId, start: usize, end: usize) -> Self {
        // Files beyond `Limits::max_file_bytes` are refused before they are parsed, so offsets fit.
        let clamp = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        let start = clamp(start);
        Self { file, start, end: clamp(end).max(start) }
    }

    /// The empty span at the start of this one: for something that is missing here.
    pub fn at_start(self) -> Self {
        Self { end: self.start, ..self }
    }

    /// The smallest span that covers both. The spans are of one file.
    pub fn to(self, last: Self) -> Self {
        Self { file: self.file, start: self.start.min(last.start), end: self.end.max(last.end) }
    }
}

/// Line and column as editors count them: both from 1, columns in characters (not bytes).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineColumn {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

impl fmt::Display for LineColumn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// The files that were read, in the order of their [`FileId`]s.
#[derive(Clone, Debug, Default)]
pub struct SourceMap {
    files: Vec<SourceFile>,
}

/// The name and the text of one file.
#[derive(Clone, Debug)]
pub struct SourceFile {
    name: Arc<str>,
    text: Arc<str>,
    /// Byte offset at which each line starts; filled on first use, as most runs print nothing.
    line_starts: OnceLock<Vec<u32>>,
}

impl SourceMap {
    /// Adds a file under the name that messages show for it.
    pub fn add(&mut self, name: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> FileId {
        let id = FileId(u16::try_from(self.files.len()).unwrap_or(u16::MAX));
        self.files.push(SourceFile {
            name: name.into(),
            text: text.into(),
            line_starts: OnceLock::new(),
        });
        id
    }

    /// The file of this id. Ids come from [`add`](Self::add) of the same map.
    pub fn file(&self, id: FileId) -> &SourceFile {
        &self.files[usize::from(id.0)]
    }

    /// All files with their ids.
    pub fn files(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        self.files.iter().enumerate().map(|(at, file)| (FileId(at as u16), file))
    }

    /// The text that a span covers.
    pub fn text(&self, span: Span) -> &str {
        let text = self.file(span.file).text();
        let floor = |offset: u32| text.floor_char_boundary((offset as usize).min(text.len()));
        &text[floor(span.start)..floor(span.end)]
    }

    /// Line and column of the span's first character.
    pub fn line_column(&self, span: Span) -> LineColumn {
        self.file(span.file).line_column(span.start)
    }

    /// `file:line:column` of the span's first character.
    pub fn place(&self, span: Span) -> String {
        format!("{}:{}", self.file(span.file).name(), self.line_column(span))
    }
}

impl SourceFile {
    /// The name that messages show: the path as the user gave it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text, as it stands on disk (a byte order mark removed).
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Line and column of a byte offset.
    pub fn line_column(&self, offset: u32) -> LineColumn {
        let starts = self.line_starts();
        let line = starts.partition_point(|&start| start <= offset).max(1);
        let start = starts[line - 1] as usize;
        let end = self.text.floor_char_boundary((offset as usize).min(self.text.len())).max(start);
        LineColumn { line, column: self.text[start..end].chars().count() + 1 }
    }

    /// The text of a line (from 1) without its line end; `None` past the last line.
    pub fn line(&self, line: usize) -> Option<&str> {
        let starts = self.line_starts();
        let start = *starts.get(line.checked_sub(1)?)? as usize;
        let end = starts.get(line).map_or(self.text.len(), |&next| next as usize);
        Some(self.text[start..end].trim_end_matches(['\n', '\r']))
    }

    /// Byte offset of the first character of a line (from 1); the text's length past the last line.
    pub fn line_start(&self, line: usize) -> usize {
        let starts = self.line_starts();
        starts.get(line.saturating_sub(1)).map_or(self.text.len(), |&start| start as usize)
    }

    fn line_starts(&self) -> &[u32] {
        self.line_starts.get_or_init(|| {
            let ends = self.text.bytes().enumerate().filter(|&(_, byte)| byte == b'\n');
            std::iter::once(0).chain(ends.map(|(at, _)| at as u32 + 1)).collect()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_lines_start_at_one() {
        let mut sources = SourceMap::default();
        let file = sources.add("a.yaml", "a: ü€x\r\nb: 2\n");
        let at = |start: usize| sources.line_column(Span::new(file, start, start)).to_string();
        assert_eq!(at(0), "1:1");
        assert_eq!(at(8), "1:6"); // after a two-byte and a three-byte character
        assert_eq!(at(11), "2:1");
        assert_eq!(at(99), "3:1");
        assert_eq!(sources.file(file).line(1), Some("a: ü€x"));
        assert_eq!(sources.file(file).line(4), None);
    }

    #[test]
    fn a_span_inside_a_character_does_not_panic() {
        let mut sources = SourceMap::default();
        let file = sources.add("a.yaml", "€");
        assert_eq!(sources.text(Span::new(file, 1, 2)), "");
        assert_eq!(sources.line_column(Span::new(file, 2, 2)).column, 1);
    }
}
