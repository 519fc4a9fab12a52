//! Bytes of a file → text, and what can be wrong with a file as a whole.
//!
//! In: bytes and the name of the file. Out: the text in a [`SourceMap`]. Text is UTF-8; a byte order
//! mark is removed. Knows no notation. Reports the `file/…` rules.

use crate::diagnostic::{Diagnostic, Place, Rule, Severity};
use crate::limits::Limits;
use crate::source::{FileId, SourceMap, Span};

/// The rules about files as a whole.
pub const RULES: &[&Rule] =
    &[&UNREADABLE, &TOO_LARGE, &ENCODING, &TOO_MANY_NODES, &TOO_MANY_FINDINGS];

/// `file/unreadable`
pub static UNREADABLE: Rule = Rule {
    id: "file/unreadable",
    severity: Severity::Error,
    page: "\
The document itself cannot be read: there is no such file, it may not be read, or its location is a
URL and nothing is fetched. (For files that the document refers to see
`reference/unreadable-file`.)

Check the name; paths count from the folder where the command runs, or from the folder of the
`Cargo.toml` in a macro and in a build script.
",
};

/// `file/too-large`
pub static TOO_LARGE: Rule = Rule {
    id: "file/too-large",
    severity: Severity::Error,
    page: "\
A file, or all files together, have more bytes than the limits allow (64 MiB and 256 MiB unless set
otherwise). The bound keeps a document from filling the memory of whoever reads it. A contract that
is really this large reads better as several files, and can be read with higher `Limits`.
",
};

/// `file/encoding`
pub static ENCODING: Rule = Rule {
    id: "file/encoding",
    severity: Severity::Error,
    page: "\
The file is not text in UTF-8. YAML and JSON exchanged between programs are UTF-8 (RFC 8259 §8.1;
YAML 1.2.2 §5.2 allows UTF-16, which hardly any other tool of this field reads). A byte order mark
at the start is allowed and ignored; a NUL byte is never allowed.

Save the file as UTF-8: `iconv -f UTF-16 -t UTF-8`, or \"Save with encoding\" in the editor.
",
};

/// `file/too-many-nodes`
pub static TOO_MANY_NODES: Rule = Rule {
    id: "file/too-many-nodes",
    severity: Severity::Error,
    page: "\
All files together have more values (texts, numbers, lists, objects) than the limits allow: 4
million unless set otherwise. The bound keeps a file of `[[],[],[],…` from filling the memory.
",
};

/// `file/too-many-findings`
pub static TOO_MANY_FINDINGS: Rule = Rule {
    id: "file/too-many-findings",
    severity: Severity::Error,
    page: "\
The file has so many mistakes in its notation (100 unless set otherwise) that reading stopped where
this finding points. Mend the first ones and read it again.
",
};

/// Bytes that are kept behind one that is not UTF-8, to show its line.
const SHOWN_BYTES: usize = 200;

/// Decodes a file and adds it to the sources.
pub(crate) fn add(
    sources: &mut SourceMap,
    name: &str,
    bytes: Vec<u8>,
    limits: &Limits,
) -> Result<FileId, Box<Diagnostic>> {
    // Places are 32-bit offsets, and so are those of the text in a tree, where escapes may be longer.
    let max = limits.max_file_bytes.min(1 << 30);
    if bytes.len() > max {
        let message = format!("`{name}` is larger than {max} bytes");
        let finding = Diagnostic::new(&TOO_LARGE, Place::File(name.to_owned()), message)
            .help("split the document into several files, or raise `max_file_bytes`");
        return Err(finding.into());
    }
    if let Some(encoding) = foreign_encoding(&bytes) {
        let message = format!("`{name}` is {encoding}, not UTF-8");
        let finding = Diagnostic::new(&ENCODING, Place::File(name.to_owned()), message)
            .help("save the file as UTF-8");
        return Err(finding.into());
    }
    let mut text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let byte = error.as_bytes().get(at).copied().unwrap_or_default();
            // The line that is shown; a file that is no text would become three times as long.
            let bytes = error.as_bytes();
            let lossy = String::from_utf8_lossy(&bytes[..bytes.len().min(at + SHOWN_BYTES)]);
            let file = sources.add(name, lossy.into_owned());
            let place = Span::new(file, at, at + '\u{fffd}'.len_utf8());
            let message = format!("`{name}` is not UTF-8: the byte 0x{byte:02X} cannot stand here");
            let finding = Diagnostic::new(&ENCODING, place, message)
                .label("shown as `\u{fffd}`")
                .help("save the file as UTF-8");
            return Err(finding.into());
        }
    };
    if text.starts_with('\u{feff}') {
        text.drain(..'\u{feff}'.len_utf8());
    }
    let nul = text.find('\0');
    let file = sources.add(name, text);
    match nul {
        Some(at) => {
            let place = Span::new(file, at, at + 1);
            let message = format!("`{name}` has a NUL byte in its text");
            Err(Diagnostic::new(&ENCODING, place, message)
                .help("remove it; a file with many of them is probably not text")
                .into())
        }
        None => Ok(file),
    }
}

/// The name of another encoding that the first bytes give away (YAML 1.2.2 §5.2).
fn foreign_encoding(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xff, 0xfe, 0, 0, ..] | [1..=255, 0, 0, 0, ..] => Some("UTF-32 (little endian)"),
        [0, 0, 0xfe, 0xff, ..] | [0, 0, 0, 1..=255, ..] => Some("UTF-32 (big endian)"),
        [0xff, 0xfe, ..] | [1..=255, 0, 1..=255, 0, ..] => Some("UTF-16 (little endian)"),
        [0xfe, 0xff, ..] | [0, 1..=255, 0, 1..=255, ..] => Some("UTF-16 (big endian)"),
        _ => None,
    }
}

/// Too much was found in a file, or something that nothing can be read after: reading stops.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stop;

/// The findings about the notation of one file, as many as the limits allow.
#[derive(Debug)]
pub(crate) struct Report<'f> {
    findings: &'f mut Vec<Diagnostic>,
    left: usize,
    max: usize,
}

impl<'f> Report<'f> {
    pub(crate) fn new(findings: &'f mut Vec<Diagnostic>, limits: &Limits) -> Self {
        let max = limits.max_findings_per_file;
        Self { findings, left: max, max }
    }

    /// A report for an attempt: the first finding ends it.
    pub(crate) fn of_an_attempt(findings: &'f mut Vec<Diagnostic>) -> Self {
        Self { findings, left: 0, max: 0 }
    }

    /// Adds a finding after which reading goes on.
    pub(crate) fn add(&mut self, finding: Diagnostic) -> Result<(), Stop> {
        if self.left == 0 {
            let message = format!("more than {} problems in this file", self.max);
            let finding = Diagnostic::new(&TOO_MANY_FINDINGS, finding.place, message)
                .label("reading stopped here")
                .help("mend those above first");
            return Err(self.stop(finding));
        }
        self.left -= 1;
        self.findings.push(finding);
        Ok(())
    }

    /// Adds a finding after which nothing more can be read.
    pub(crate) fn stop(&mut self, finding: Diagnostic) -> Stop {
        self.findings.push(finding);
        Stop
    }
}

/// The finding for one node too many.
pub(crate) fn too_many_nodes(span: Span, limits: &Limits) -> Diagnostic {
    let message = format!("the document has more than {} values", limits.max_nodes);
    Diagnostic::new(&TOO_MANY_NODES, span, message)
        .label("reading stopped here")
        .help("raise `max_nodes` if the document is meant to be this large")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Diagnostics;
    use insta::assert_snapshot;

    fn check(bytes: &[u8]) -> String {
        let mut sources = SourceMap::default();
        let limits = Limits { max_file_bytes: 30, ..Limits::default() };
        match add(&mut sources, "a.yaml", bytes.to_vec(), &limits) {
            Ok(file) => format!("{:?}", sources.file(file).text()),
            Err(finding) => Diagnostics::new(sources, vec![*finding]).to_string(),
        }
    }

    #[test]
    fn utf_8_is_taken_as_it_is_without_its_byte_order_mark() {
        assert_snapshot!(check("a: ü\r\n".as_bytes()), @r#""a: ü\r\n""#);
        assert_snapshot!(check("\u{feff}a: 1".as_bytes()), @r#""a: 1""#);
        assert_snapshot!(check(b""), @r#""""#);
    }

    #[test]
    fn other_encodings_are_named() {
        assert_snapshot!(check(b"\xff\xfea\0:\0"), @"
        error[file/encoding]: `a.yaml` is UTF-16 (little endian), not UTF-8
         --> a.yaml
          = help: save the file as UTF-8
        ");
        for (bytes, name) in [
            (&b"\xff\xfea\0"[..], "UTF-16 (little endian)"),
            (b"\xfe\xff\0a", "UTF-16 (big endian)"),
            (b"a\0:\0 \x001\0", "UTF-16 (little endian)"),
            (b"\0a\0:\0 \x001", "UTF-16 (big endian)"),
            (b"\xff\xfe\0\0a\0\0\0", "UTF-32 (little endian)"),
            (b"\0\0\xfe\xff\0\0\0a", "UTF-32 (big endian)"),
            (b"a\0\0\0", "UTF-32 (little endian)"),
        ] {
            assert!(check(bytes).contains(name), "{name} for {bytes:?}");
        }
    }

    #[test]
    fn a_byte_that_is_not_utf_8_is_pointed_at() {
        assert_snapshot!(check(b"a: 1\nb: caf\xe9!\n"), @"
        error[file/encoding]: `a.yaml` is not UTF-8: the byte 0xE9 cannot stand here
         --> a.yaml:2:7
          |
        2 | b: caf�!
          |       ^ shown as `�`
          = help: save the file as UTF-8
        ");
    }

    #[test]
    fn a_nul_byte_is_pointed_at() {
        assert_snapshot!(check(b"a: 1\nb: x\0y\n"), @"
        error[file/encoding]: `a.yaml` has a NUL byte in its text
         --> a.yaml:2:5
          |
        2 | b: x␀y
          |     ^
          = help: remove it; a file with many of them is probably not text
        ");
    }

    #[test]
    fn a_file_that_is_too_large_is_refused_before_anything_else() {
        assert_snapshot!(check(&[0xff; 31]), @"
        error[file/too-large]: `a.yaml` is larger than 30 bytes
         --> a.yaml
          = help: split the document into several files, or raise `max_file_bytes`
        ");
    }
}
