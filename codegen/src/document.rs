//! Which document, and what was found in it.

use std::io::Read;
use std::path::{Path, PathBuf};

use contract::files::{Disk, Files, ReadError};
use contract::location::Location;
use contract::model::Contract;
use contract::{Loaded, Options, Severity};

use crate::args::DocumentArgs;
use crate::outcome::Failure;
use crate::output::Printer;

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
        if path == Path::new("-") {
            return Self::from_standard_input(&working, options);
        }
        let name = shown(&path, &working);
        if !path.is_file() {
            return Err(Failure::new(format!("there is no file `{name}`")));
        }
        let mut files = Disk::new(&working);
        if args.allow_outside {
            files = files.allow_everything();
        }
        let loaded = contract::load(&location(&name), &mut files, options);
        Ok(Self { name, loaded })
    }

    fn from_standard_input(working: &Path, options: &Options) -> Result<Self, Failure> {
        let mut bytes = Vec::new();
        std::io::stdin()
            .take(contract::Limits::default().max_file_bytes as u64 + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| Failure::new(format!("cannot read standard input: {error}")))?;
        let name = "standard-input.yaml".to_owned();
        let mut files = StandardInput { bytes, others: Disk::new(working) };
        let loaded = contract::load(&Location::named(&name), &mut files, options);
        Ok(Self { name, loaded })
    }

    /// The contract; or its errors were printed, and there is none. Warnings are printed, too.
    pub(crate) fn contract(self, printer: &Printer) -> Option<Contract> {
        printer.findings(&self.loaded.diagnostics, Severity::Warning);
        self.loaded.contract.ok()
    }
}

/// The document comes from standard input, what it refers to from the working directory.
struct StandardInput {
    bytes: Vec<u8>,
    others: Disk,
}

impl Files for StandardInput {
    fn read(&mut self, location: &Location, max_bytes: usize) -> Result<Vec<u8>, ReadError> {
        self.others.read(location, max_bytes)
    }

    fn read_document(&mut self, _: &Location, _: usize) -> Result<Vec<u8>, ReadError> {
        Ok(self.bytes.clone())
    }
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
