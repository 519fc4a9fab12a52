//! Reads a document and every file that it may refer to, before anybody follows a reference.
//!
//! Which `$ref` is a reference is known only to who reads the object around it, so this reads more
//! than needed: a file that only an example names. What is wrong with a file is kept until a
//! reference leads there.

use std::collections::{HashMap, HashSet, VecDeque};

use super::References;
use super::index::Index;
use crate::diagnostic::{Diagnostic, Place};
use crate::files::{Files, ReadError};
use crate::limits::Limits;
use crate::location::Location;
use crate::notation;
use crate::source::{FileId, SourceMap};
use crate::text;
use crate::tree::Tree;

/// A document and all files that it may refer to.
#[derive(Debug)]
pub struct AllFiles {
    /// The texts.
    pub sources: SourceMap,
    /// The nodes of all files.
    pub tree: Tree,
    /// Where references lead.
    pub references: References,
}

/// What became of a location that a reference may mean.
#[derive(Clone, Debug)]
pub(super) enum Attempt {
    File(FileId),
    Failed(ReadError),
    /// It is no text.
    NotText(Box<Diagnostic>),
}

/// One file that is text.
#[derive(Clone, Debug)]
pub(super) struct ReadFile {
    pub(super) name: String,
    pub(super) findings: Vec<Diagnostic>,
}

/// Reads a document and every file that some `$ref` in it, or in one of those files, may name.
///
/// Nothing that is wrong with a referred file is reported before a reference leads there. URLs are
/// asked for last, and not if a schema has them as its `$id`.
///
/// ```
/// use contract::files::Memory;
/// use contract::location::Location;
/// use contract::reference::read_all;
///
/// let mut files = Memory::new()
///     .with("asyncapi.yaml", "payload: { $ref: 'schemas.yaml#/Bar' }")
///     .with("schemas.yaml", "Bar: { type: object }");
/// let all = read_all(&Location::named("asyncapi.yaml"), &mut files, &contract::Limits::default());
/// let document = all.references.document().and_then(|file| all.tree.root(file)).unwrap();
/// let payload = all.references.follow(document.get("payload").unwrap()).unwrap();
/// assert_eq!(payload.get("type").unwrap().as_str(), Some("object"));
/// ```
pub fn read_all(document: &Location, files: &mut dyn Files, limits: &Limits) -> AllFiles {
    let mut loader = Loader {
        files,
        limits,
        sources: SourceMap::default(),
        tree: Tree::default(),
        index: Index::default(),
        attempts: HashMap::new(),
        read: Vec::new(),
        bytes_left: limits.max_total_bytes.min(1 << 30),
        queue: Queue {
            paths: VecDeque::new(),
            uris: VecDeque::new(),
            seen: HashSet::from([document.clone()]),
            max: limits.max_files.min(u16::MAX.into()),
            is_full: false,
        },
    };
    loader.read(document, true);
    loop {
        if let Some(path) = loader.queue.paths.pop_front() {
            loader.read(&path, false);
        } else if let Some(uri) = loader.queue.uris.pop_front() {
            if loader.index.resource(&uri).is_none() {
                loader.read(&uri, false);
            }
        } else {
            break;
        }
    }
    let mut findings = Vec::new();
    let document_file = match loader.attempts.get(document) {
        Some(Attempt::File(file)) => Some(*file),
        Some(Attempt::NotText(finding)) => {
            findings.push((**finding).clone());
            None
        }
        Some(Attempt::Failed(error)) => {
            let name = document.to_string();
            let message = format!("cannot read `{name}`: {error}");
            let finding = Diagnostic::new(&text::UNREADABLE, Place::File(name), message);
            findings.push(match error {
                ReadError::NotFound { nearest: Some(nearest) } => {
                    finding.help(format!("there is `{nearest}`"))
                }
                _ => finding,
            });
            None
        }
        None => None,
    };
    let references = References::new(
        document_file,
        findings,
        loader.index,
        loader.attempts,
        loader.read,
        loader.queue.is_full,
        limits.max_reference_depth,
    );
    AllFiles { sources: loader.sources, tree: loader.tree, references }
}

struct Loader<'a> {
    files: &'a mut dyn Files,
    limits: &'a Limits,
    sources: SourceMap,
    tree: Tree,
    index: Index,
    attempts: HashMap<Location, Attempt>,
    /// By [`FileId`].
    read: Vec<ReadFile>,
    bytes_left: usize,
    queue: Queue,
}

/// The locations that are to be read.
struct Queue {
    paths: VecDeque<Location>,
    uris: VecDeque<Location>,
    /// All that were ever in the queue.
    seen: HashSet<Location>,
    max: usize,
    /// Whether a location was left out.
    is_full: bool,
}

impl Queue {
    /// Adds a location; whether there is room for more.
    fn add(&mut self, location: Location) -> bool {
        if self.seen.contains(&location) {
            return true;
        }
        self.is_full = self.seen.len() >= self.max;
        if !self.is_full {
            self.seen.insert(location.clone());
            match location {
                Location::Path(_) => self.paths.push_back(location),
                Location::Uri(_) => self.uris.push_back(location),
            }
        }
        !self.is_full
    }
}

impl Loader<'_> {
    fn read(&mut self, location: &Location, is_document: bool) {
        let attempt = self.attempt(location, is_document);
        self.attempts.insert(location.clone(), attempt);
    }

    fn attempt(&mut self, location: &Location, is_document: bool) -> Attempt {
        let max = self.limits.max_file_bytes.min(self.bytes_left);
        let bytes = if is_document {
            self.files.read_document(location, max)
        } else {
            self.files.read(location, max)
        };
        let bytes = match bytes {
            Ok(bytes) => bytes,
            Err(error) => return Attempt::Failed(error),
        };
        let name = location.to_string();
        if bytes.len() > max && max < self.limits.max_file_bytes {
            let max = self.limits.max_total_bytes;
            let message = format!("with `{name}` all files together are larger than {max} bytes");
            let finding = Diagnostic::new(&text::TOO_LARGE, Place::File(name), message)
                .help("refer to fewer files, or raise `max_total_bytes`");
            return Attempt::NotText(Box::new(finding));
        }
        self.bytes_left -= bytes.len().min(max);
        let known = self.read.len();
        let (file, mut findings) = match text::add(&mut self.sources, &name, bytes, self.limits) {
            Ok(file) => (file, Vec::new()),
            // It may have been added all the same, so that the finding can point into it.
            Err(finding) => match self.sources.files().nth(known) {
                Some((file, _)) => {
                    self.read.push(ReadFile { name, findings: vec![*finding] });
                    return Attempt::File(file);
                }
                None => return Attempt::NotText(finding),
            },
        };
        let root = notation::read(&mut self.tree, &self.sources, file, self.limits, &mut findings);
        self.read.push(ReadFile { name, findings });
        if let Some(root) = root {
            let queue = &mut self.queue;
            self.index.add(self.tree.node(root), location, |named| queue.add(named));
        }
        Attempt::File(file)
    }
}
