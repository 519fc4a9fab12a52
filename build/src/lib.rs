//! Bindings of an AsyncAPI document from a build script.
//!
//! What `asyncapi_ws::contract!` puts in its place, as a file: the same text under a header. In
//! `build.rs`:
//!
//! ```ignore
//! fn main() {
//!     asyncapi_ws_build::configure().compile("asyncapi.yaml").unwrap_or_else(|error| error.exit());
//! }
//! ```
//!
//! and where the bindings are wanted:
//!
//! ```ignore
//! include!(concat!(env!("OUT_DIR"), "/asyncapi.rs"));
//! ```
//!
//! In a program (not a library), the compiler would name what of the contract is used nowhere, which it does
//! not for the macro's items; there, put `#[allow(dead_code)]` on the module around the `include!`.

use std::fmt;
use std::path::{Path, PathBuf};

use contract::files::Disk;
use contract::location::Location;
use contract::schema::Implied;
use contract::{Diagnostics, Severity};
use rust_gen::{Header, Options, Visibility};

pub use contract::model::Perspective;
pub use rust_gen::Side;

/// What can be chosen; see [`configure`].
#[derive(Clone, Debug, Default)]
pub struct Builder {
    reading: contract::Options,
    options: Options,
    out: Option<PathBuf>,
}

/// Begins with the defaults: the file is `$OUT_DIR/<name of the document>.rs`.
pub fn configure() -> Builder {
    Builder::default()
}

impl Builder {
    /// Puts everything into a module of this name.
    #[must_use]
    pub fn module(mut self, name: &str) -> Self {
        self.options = self.options.module(name);
        self
    }

    /// Which side of the wire the code is for: a server unless said.
    #[must_use]
    pub fn side(mut self, side: Side) -> Self {
        self.options = self.options.side(side);
        self
    }

    /// Makes a client as strict as a server about what it receives.
    #[must_use]
    pub fn closed(mut self) -> Self {
        self.options = self.options.closed(true);
        self
    }

    /// Whose operations the document describes: the server's unless said.
    #[must_use]
    pub fn perspective(mut self, perspective: Perspective) -> Self {
        self.reading.perspective = perspective;
        self
    }

    /// Whether `properties` without `type` means an object, and so on: it does unless said. Without, it
    /// speaks of objects and lets other values pass, as draft-07 says.
    #[must_use]
    pub fn implied_types(mut self, implied: bool) -> Self {
        self.reading.implied = if implied { Implied::Meant } else { Implied::Literal };
        self
    }

    /// Uses a type of yours for the texts of a format (`date-time`).
    #[must_use]
    pub fn format(mut self, format: &str, path: &str) -> Self {
        self.options = self.options.format(format, path);
        self
    }

    /// Derives one more trait for every payload type.
    #[must_use]
    pub fn derive(mut self, path: &str) -> Self {
        self.options = self.options.derive(path);
        self
    }

    /// Uses a type of yours for the schema at a JSON pointer (`#/components/schemas/Symbol`).
    #[must_use]
    pub fn replace(mut self, pointer: &str, path: &str) -> Self {
        self.options = self.options.replace(pointer, path);
        self
    }

    /// Makes the items visible in the crate only.
    #[must_use]
    pub fn crate_visible(mut self) -> Self {
        self.options = self.options.visibility(Visibility::Crate);
        self
    }

    /// Where the runtime crate is, if it is not `::asyncapi_ws`.
    #[must_use]
    pub fn runtime(mut self, path: &str) -> Self {
        self.options = self.options.runtime(path);
        self
    }

    /// Writes to this file, for example one that is checked in.
    #[must_use]
    pub fn out(mut self, file: impl Into<PathBuf>) -> Self {
        self.out = Some(file.into());
        self
    }

    /// Generates the bindings of a document, whose path is relative to the crate's `Cargo.toml`, and
    /// tells cargo which files to watch.
    ///
    /// # Errors
    /// The document has errors, an option cannot be followed, or the file cannot be written. A file that
    /// would not change is not written.
    pub fn compile(&self, document: impl AsRef<Path>) -> Result<PathBuf, Error> {
        let document = document.as_ref();
        let variable = |name: &'static str| {
            std::env::var_os(name).map(PathBuf::from).ok_or(Error(Problem::NoCargo(name)))
        };
        let base = variable("CARGO_MANIFEST_DIR")?;
        let out = match &self.out {
            Some(file) => base.join(file),
            None => {
                let stem = document.file_stem().unwrap_or(document.as_os_str());
                variable("OUT_DIR")?.join(stem).with_extension("rs")
            }
        };
        let folder = base.join(document.parent().unwrap_or(Path::new("")));
        let name = document.file_name().unwrap_or(document.as_os_str()).to_string_lossy();
        let mut files = Disk::new(folder);
        let location = Location::named(&name);
        let loaded = contract::load(&location, &mut files, &self.reading);
        for file in files.files() {
            println!("cargo::rerun-if-changed={}", file.display());
        }
        for warning in loaded.diagnostics.of(Severity::Warning) {
            let text = loaded.diagnostics.render_with_place(warning);
            println!("cargo::warning={}", text.lines().next().unwrap_or_default());
        }
        let Ok(contract) = loaded.contract else {
            return Err(Error(Problem::Document(Box::new(loaded.diagnostics))));
        };
        let text = text(&contract, &self.options, &name)?;
        if std::fs::read_to_string(&out).is_ok_and(|old| old == text) {
            return Ok(out);
        }
        std::fs::write(&out, text).map_err(|error| Error(Problem::Write(out.clone(), error)))?;
        Ok(out)
    }
}

fn text(
    contract: &contract::model::Contract,
    options: &Options,
    document: &str,
) -> Result<String, Error> {
    let generated = rust_gen::generate(contract, options)
        .map_err(|problem| Error(Problem::Options(problem.to_string())))?;
    let items = rust_gen::format(generated.tokens)
        .map_err(|problem| Error(Problem::Options(problem.to_string())))?;
    let header = Header { contract: document, version: env!("CARGO_PKG_VERSION") };
    Ok(header.text() + &items)
}

/// The bindings were not generated. Both as [`Display`](fmt::Display) and as [`Debug`], for a build script
/// that ends with `?` or `unwrap`, it is what a person reads.
pub struct Error(Problem);

enum Problem {
    NoCargo(&'static str),
    Document(Box<Diagnostics>),
    Options(String),
    Write(PathBuf, std::io::Error),
}

impl Error {
    /// Prints the error as a person reads it and ends the build script.
    pub fn exit(&self) -> ! {
        eprintln!("{self}");
        std::process::exit(1)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Problem::NoCargo(variable) => {
                write!(f, "{variable} is not set; call this from a build script")
            }
            Problem::Document(diagnostics) => {
                for finding in diagnostics.of(Severity::Error) {
                    f.write_str(&diagnostics.render(finding))?;
                }
                Ok(())
            }
            Problem::Options(problem) => f.write_str(problem),
            Problem::Write(file, error) => write!(f, "cannot write {}: {error}", file.display()),
        }
    }
}

impl std::error::Error for Error {}
