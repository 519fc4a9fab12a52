//! YAML text → [`Tree`], with a place for every value and every key.
//!
//! In: text. Out: nodes, with the meaning that YAML 1.2's core schema gives them. An alias is a
//! pointer to the node of its anchor; nothing is expanded, and what expanding would cost is only
//! counted. Merge keys (`<<`) are honoured, one level, own keys first. The parser is `granit-parser`,
//! and this folder is all that knows it.

mod alias;
mod explain;
mod rule;
mod scalar;
mod tag;

use std::borrow::Cow;
use std::collections::HashMap;

use granit_parser::{Event, Parser, ScalarStyle, ScanError, StructureStyle, Tag};

use crate::diagnostic::Diagnostic;
use crate::limits::Limits;
use crate::source::{FileId, Span};
use crate::text::{Report, Stop, too_many_nodes};
use crate::tree::{Child, NewEntry, NewKey, NodeId, Scalar, Tree, TreeBuilder};

pub use rule::RULES;
use rule::{DEPTH, DUPLICATE_KEY, NOT_FINITE, UNSUPPORTED, VERSION};
use scalar::Plain;
pub(crate) use scalar::number;

/// Reads a YAML text into the tree; `None` leaves the tree as it was.
pub(crate) fn read(
    tree: &mut Tree,
    text: &str,
    file: FileId,
    limits: &Limits,
    report: &mut Report<'_>,
) -> Option<NodeId> {
    let mut reader = Reader {
        text,
        file,
        limits,
        report,
        builder: TreeBuilder::new(tree, limits.max_nodes),
        open: Vec::new(),
        items: Vec::new(),
        entries: Vec::new(),
        anchors: HashMap::new(),
        anchor_names: Vec::new(),
        aliased: 0,
        last_end: 0,
        root: None,
    };
    match reader.document() {
        Ok(root) => {
            reader.builder.root(file, root);
            Some(root)
        }
        Err(Stop) => {
            reader.builder.undo();
            None
        }
    }
}

struct Reader<'a, 'f> {
    text: &'a str,
    file: FileId,
    limits: &'a Limits,
    report: &'a mut Report<'f>,
    builder: TreeBuilder<'a>,
    /// The lists and objects that the reader is inside of.
    open: Vec<Open>,
    /// The items of all open lists so far.
    items: Vec<Child>,
    /// The entries of all open objects so far.
    entries: Vec<NewEntry>,
    /// Finished anchored nodes by the parser's number.
    anchors: HashMap<usize, Finished>,
    anchor_names: Vec<Cow<'a, str>>,
    /// Nodes that the aliases so far would add if they were expanded.
    aliased: u64,
    /// Where the last value ended: the end of block lists and objects, which have no bracket.
    last_end: usize,
    root: Option<NodeId>,
}

/// A list or object whose end was not seen yet.
struct Open {
    start: usize,
    /// Where its items or entries start among those of all.
    first: usize,
    anchor: usize,
    style: StructureStyle,
    /// Nodes in it, expanded, itself included.
    size: u64,
    /// Lists and objects inside each other, itself included.
    height: usize,
    inside: Inside,
}

enum Inside {
    List,
    Object { awaited: Awaited, merges: Vec<Merge> },
}

/// What an object awaits.
#[derive(Clone, Copy)]
enum Awaited {
    Key,
    ValueOf(NewKey),
    /// The value of a merge key.
    Merged(Span),
    /// A value whose key could not be read.
    Nothing,
}

/// What a merge key names.
struct Merge {
    key: Span,
    value: Finished,
}

/// A finished node and what it costs to walk it.
#[derive(Clone, Copy)]
struct Finished {
    child: Child,
    size: u64,
    height: usize,
}

impl<'a> Reader<'a, '_> {
    fn document(&mut self) -> Result<NodeId, Stop> {
        let options = granit_parser::options! {
            emit_comments: false,
            emit_anchor_events: true,
            emit_unresolved_aliases: true,
            flow_nesting_limit: self.limits.max_depth,
            block_nesting_limit: self.limits.max_depth,
        };
        let mut first_document = None;
        for next in Parser::new_from_str_with_options(self.text, options) {
            let (event, place) = next.map_err(|error| self.broken(&error))?;
            let bytes = place.byte_range().unwrap_or(self.last_end..self.last_end);
            let span = Span::new(self.file, bytes.start, bytes.end);
            match event {
                Event::DocumentStart(_, version) => {
                    if let Some(first) = first_document {
                        let finding = Diagnostic::new(
                            &UNSUPPORTED,
                            span,
                            "the file has more than one document",
                        )
                        .label("the second one starts here")
                        .related(first, "the first one starts here")
                        .help("put it into a file of its own");
                        return Err(self.report.stop(finding));
                    }
                    first_document = Some(span);
                    if let Some(version) = version.filter(|it| (it.major, it.minor) != (1, 2)) {
                        self.other_version(version.major, version.minor)?;
                    }
                }
                Event::Scalar(value, style, anchor, tag) => {
                    let tag = tag.as_deref().map(|tag| (tag, self.tag_span(&place, span)));
                    self.scalar(&value, style, anchor, tag, span)?;
                }
                Event::SequenceStart(style, anchor, tag) => {
                    self.collection_tag(&place, tag.as_deref(), "seq", span)?;
                    self.begin(Inside::List, style, anchor, span)?;
                }
                Event::MappingStart(style, anchor, tag) => {
                    self.collection_tag(&place, tag.as_deref(), "map", span)?;
                    let inside = Inside::Object { awaited: Awaited::Key, merges: Vec::new() };
                    self.begin(inside, style, anchor, span)?;
                }
                Event::SequenceEnd | Event::MappingEnd => self.end(span)?,
                Event::Alias(anchor) => self.alias(anchor, span)?,
                Event::UnresolvedAlias(name) => self.unknown_alias(&name, span)?,
                Event::Anchor(_, name) => self.anchor_names.push(name),
                // Start and end of the stream and of the document.
                _ => {}
            }
        }
        match self.root {
            Some(root) => Ok(root),
            None => self.leaf(Scalar::Null, Span::new(self.file, 0, 0)),
        }
    }

    /// A scalar: a key, or a value.
    fn scalar(
        &mut self,
        value: &str,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<(&Tag, Span)>,
        span: Span,
    ) -> Result<(), Stop> {
        let span = self.scalar_span(span, style);
        self.last_end = span.end as usize;
        let plain = style == ScalarStyle::Plain;
        if self.awaits_key() {
            let tag = tag.filter(|(tag, _)| !tag::is_core(tag) && !tag::is_non_specific(tag));
            if let Some((tag, place)) = tag {
                self.unknown_tag(tag, place)?;
            }
            if anchor != 0 {
                let node = self.leaf(Scalar::String(value), span)?;
                self.remember(anchor, Finished { child: Child::Own(node), size: 1, height: 0 });
            }
            if plain && span.start == span.end {
                return self.no_key(span, "a key is missing before the colon");
            }
            return self.key(value, plain && value == "<<", span);
        }
        let node = match self.meaning(value, plain, tag, span)? {
            Plain::Null => self.leaf(Scalar::Null, span)?,
            Plain::Bool(value) => self.leaf(Scalar::Bool(value), span)?,
            Plain::Number(number) => self.leaf(Scalar::Number(&number), span)?,
            Plain::Text => self.leaf(Scalar::String(value), span)?,
            Plain::NotFinite => {
                let message = format!("`{value}` is not a number that JSON can hold");
                let finding = Diagnostic::new(&NOT_FINITE, span, message)
                    .help("leave it out, or write a string in quotes");
                self.report.add(finding)?;
                self.leaf(Scalar::Null, span)?
            }
            Plain::TooLong => {
                let finding =
                    Diagnostic::new(&UNSUPPORTED, span, "the number has more than 128 bits")
                        .help("write it in decimal, or as a string in quotes");
                self.report.add(finding)?;
                self.leaf(Scalar::Null, span)?
            }
        };
        let finished = Finished { child: Child::Own(node), size: 1, height: 0 };
        self.remember(anchor, finished);
        self.put(finished)
    }

    /// Whether the next node is a key.
    fn awaits_key(&self) -> bool {
        let last = self.open.last();
        last.is_some_and(|open| matches!(open.inside, Inside::Object { awaited: Awaited::Key, .. }))
    }

    fn await_now(&mut self, next: Awaited) {
        if let Some(Open { inside: Inside::Object { awaited, .. }, .. }) = self.open.last_mut() {
            *awaited = next;
        }
    }

    fn key(&mut self, text: &str, is_merge: bool, span: Span) -> Result<(), Stop> {
        if !is_merge {
            let key = self.builder.key(text, span);
            self.await_now(Awaited::ValueOf(key));
            return Ok(());
        }
        self.merge_key(span)
    }

    /// A key that cannot be one: its value is read and dropped.
    fn no_key(&mut self, span: Span, message: &str) -> Result<(), Stop> {
        self.await_now(Awaited::Nothing);
        let finding = Diagnostic::new(&UNSUPPORTED, span, message).help("a key must be a string");
        self.report.add(finding)
    }

    fn begin(
        &mut self,
        inside: Inside,
        style: StructureStyle,
        anchor: usize,
        span: Span,
    ) -> Result<(), Stop> {
        if self.open.len() >= self.limits.max_depth {
            return Err(self.too_deep(span));
        }
        let first = match inside {
            Inside::List => self.items.len(),
            Inside::Object { .. } => self.entries.len(),
        };
        let start = span.start as usize;
        self.open.push(Open { start, first, anchor, style, size: 1, height: 1, inside });
        Ok(())
    }

    /// Makes the node of the innermost open list or object, which ends here.
    fn end(&mut self, span: Span) -> Result<(), Stop> {
        let Some(open) = self.open.pop() else { return Ok(()) };
        if open.style == StructureStyle::Flow {
            self.last_end = span.end as usize;
        }
        let span = Span::new(self.file, open.start, self.last_end);
        if self.builder.is_full() {
            return Err(self.report.stop(too_many_nodes(span, self.limits)));
        }
        let node = match open.inside {
            Inside::List => {
                let node = self.builder.list(&self.items[open.first..], span);
                self.items.truncate(open.first);
                node
            }
            Inside::Object { merges, .. } => {
                self.merge(&merges, open.first)?;
                let node = self.object(open.first, span)?;
                self.entries.truncate(open.first);
                node
            }
        };
        let finished = Finished { child: Child::Own(node), size: open.size, height: open.height };
        self.remember(open.anchor, finished);
        self.put(finished)
    }

    fn object(&mut self, first: usize, span: Span) -> Result<NodeId, Stop> {
        let mut again = Vec::new();
        let node = self.builder.map(&self.entries[first..], span, |key, first, second| {
            let message = format!("the key `{key}` appears twice in one object");
            again.push(
                Diagnostic::new(&DUPLICATE_KEY, second.key.span, message)
                    .label("here again")
                    .related(first.key.span, "here first")
                    .help("remove one of them, or give it another name"),
            );
        });
        for finding in again {
            self.report.add(finding)?;
        }
        Ok(node)
    }

    /// Gives a finished node to what holds it.
    fn put(&mut self, node: Finished) -> Result<(), Stop> {
        let Some(open) = self.open.last_mut() else {
            self.root = Some(node.child.id());
            return Ok(());
        };
        open.size = open.size.saturating_add(node.size);
        open.height = open.height.max(node.height + 1);
        match &mut open.inside {
            Inside::List => self.items.push(node.child),
            Inside::Object { awaited, merges } => match std::mem::replace(awaited, Awaited::Key) {
                Awaited::ValueOf(key) => self.entries.push(key.with(node.child)),
                Awaited::Merged(key) => merges.push(Merge { key, value: node }),
                Awaited::Nothing => {}
                Awaited::Key => {
                    let span = self.builder.node(node.child.id()).span();
                    let kind = self.builder.node(node.child.id()).kind();
                    return self.no_key(span, &format!("a key is {}", kind.article()));
                }
            },
        }
        Ok(())
    }

    fn put_null(&mut self, span: Span) -> Result<(), Stop> {
        let node = self.leaf(Scalar::Null, span)?;
        self.put(Finished { child: Child::Own(node), size: 1, height: 0 })
    }

    fn leaf(&mut self, value: Scalar<'_>, span: Span) -> Result<NodeId, Stop> {
        if self.builder.is_full() {
            return Err(self.report.stop(too_many_nodes(span, self.limits)));
        }
        Ok(self.builder.scalar(value, span))
    }

    fn too_deep(&mut self, span: Span) -> Stop {
        let max = self.limits.max_depth;
        let message = format!("more than {max} lists and objects inside each other");
        let finding = Diagnostic::new(&DEPTH, span, message)
            .label(format!("this would be number {}", max + 1))
            .help("move inner parts into `components` and refer to them");
        self.report.stop(finding)
    }

    fn broken(&mut self, error: &ScanError) -> Stop {
        let at = error.marker().byte_offset().unwrap_or(self.last_end).min(self.text.len());
        if *error.kind() == granit_parser::ErrorKind::RecursionLimitExceeded {
            return self.too_deep(Span::new(self.file, at, at));
        }
        let finding = explain::explain(error.kind(), self.text, at, self.file);
        self.report.stop(finding)
    }

    fn other_version(&mut self, major: u32, minor: u32) -> Result<(), Stop> {
        let start = self.text.find("%YAML").unwrap_or(0);
        let length = self.text[start..].find(['\n', '\r', '#']).unwrap_or(0);
        let length = self.text[start..start + length].trim_end().len();
        let place = Span::new(self.file, start, start + length);
        let message = format!("the document says YAML {major}.{minor} and is read as YAML 1.2");
        let finding = Diagnostic::new(&VERSION, place, message)
            .label("`no`, `on` and the like are strings in YAML 1.2")
            .help("remove the line");
        self.report.add(finding)
    }

    /// The place of a scalar as a person sees it: a block scalar without the empty lines after it, a
    /// value that is not there behind its colon.
    fn scalar_span(&self, span: Span, style: ScalarStyle) -> Span {
        let (start, end) = (span.start as usize, span.end as usize);
        match style {
            ScalarStyle::Literal | ScalarStyle::Folded => {
                let text = self.text.get(start..end).unwrap_or("");
                Span::new(self.file, start, start + text.trim_end().len())
            }
            ScalarStyle::Plain if start == end && !self.awaits_key() => {
                let rest = self.text.get(start..).unwrap_or("");
                let behind = usize::from(rest.starts_with(':'));
                Span::new(self.file, start + behind, start + behind)
            }
            _ => span,
        }
    }

    fn written(&self, span: Span) -> &'a str {
        self.text.get(span.start as usize..span.end as usize).unwrap_or("")
    }
}

#[cfg(test)]
mod tests;
