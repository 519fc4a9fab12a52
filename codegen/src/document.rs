//! Which document, and what was found in it.

use std::path::{Path, PathBuf};

use contract::files::{Disk, Files, ReadError, read_at_most};
use contract::location::Location;
use contract::model::Contract;
use contract::{Loaded, Options, Severity};

use crate::args::DocumentArgs;
use crate::outcome::Failure;
use crate::output::Printer;
use crate::remote::Remote;

/// What a document is called that no option names.
const DEFAULT_NAME: &str = "asyncapi.yaml";

/// A document that was read.
pub(crate) struct Document {
    /// How messages and headers name it.
    pub(crate) name: String,
    /// What was read, and what was found.
    pub(crate) loaded: Loaded,
}

impl Document {
    /// Reads the document that the arguments name.
    pub(crate) fn read(args: &DocumentArgs, options: &Options) -> Result<Self, Failure> {
        let working = std::env::current_dir()
            .map_err(|error| Failure::new(format!("the working directory is gone: {error}")))?;
        let path = match &args.document {
            Some(path) => path.clone(),
            None => find(&working)?,
        };
        let mut disk = Disk::new(&working);
        if args.allow_outside {
            disk = disk.allow_everything();
        }
        let remote = Remote { allowed: args.allow_remote, cache: args.cache.clone() };
        let (name, stdin) = if path == Path::new("-") {
            ("standard-input.yaml".to_owned(), Some(standard_input(options)?))
        } else {
            (shown(&path, &working), None)
        };
        if stdin.is_none() && !path.is_file() {
            return Err(Failure::new(format!("there is no file `{name}`")));
        }
        let mut sources = Sources { disk, remote, stdin };
        let loaded = contract::load(&location(&name), &mut sources, options);
        Ok(Self { name, loaded })
    }

    /// The contract; or its errors were printed, and there is none. Warnings are printed, too.
    pub(crate) fn contract(self, printer: &Printer) -> Option<Contract> {
        printer.findings(&self.loaded.diagnostics, Severity::Warning);
        self.loaded.contract.ok()
    }
}

/// Where the document and the files that it refers to come from.
struct Sources {
    disk: Disk,
    remote: Remote,
    /// The document itself, if it was on standard input; what it refers to is on the disk.
    stdin: Option<Vec<u8>>,
}

impl Files for Sources {
    fn read(&mut self, location: &Location, max_bytes: usize) -> Result<Vec<u8>, ReadError> {
        match location {
            Location::Uri(url) => self.remote.read(url, max_bytes),
            Location::Path(_) => self.disk.read(location, max_bytes),
        }
    }

    fn read_document(
        &mut self,
        location: &Location,
        max_bytes: usize,
    ) -> Result<Vec<u8>, ReadError> {
        match &self.stdin {
            Some(bytes) => Ok(bytes.clone()),
            None => self.disk.read_document(location, max_bytes),
        }
    }
}

fn standard_input(options: &Options) -> Result<Vec<u8>, Failure> {
    read_at_most(std::io::stdin(), options.limits.max_file_bytes)
        .map_err(|error| Failure::new(format!("cannot read standard input: {error}")))
}

/// `asyncapi.yaml` in a folder or above it.
fn find(working: &Path) -> Result<PathBuf, Failure> {
    working
        .ancestors()
        .map(|folder| folder.join(DEFAULT_NAME))
        .find(|path| path.is_file())
        .ok_or_else(|| {
            Failure::new(format!(
                "there is no `{DEFAULT_NAME}` in {} or above; name the document",
                working.display()
            ))
        })
}

/// The location of a file: a path, even if it looks like a URL (`a:b.yaml`).
fn location(name: &str) -> Location {
    if Path::new(name).is_absolute() {
        Location::named(name)
    } else {
        Location::named(&format!("./{name}"))
    }
}

/// A path as people read it: relative to the working directory where it is below or beside it.
fn shown(path: &Path, working: &Path) -> String {
    if let Ok(below) = path.strip_prefix(working) {
        return below.to_string_lossy().into_owned();
    }
    if path.is_absolute() {
        let parent = working.ancestors().enumerate().find_map(|(up, folder)| {
            let below = path.strip_prefix(folder).ok()?;
            (up <= 3).then(|| Path::new(&"../".repeat(up)).join(below))
        });
        if let Some(parent) = parent {
            return parent.to_string_lossy().into_owned();
        }
    }
    path.to_string_lossy().into_owned()
}
