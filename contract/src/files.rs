//! How text is obtained: the only door through which the front end touches the world.
//!
//! In: a [`Location`]. Out: bytes, or why there are none. [`Disk`] reads below a folder, [`Memory`]
//! has what a test or a macro gave it. Neither fetches anything: who wants URLs read (the CLI, behind
//! a flag) implements [`Files`] around a `Disk`. Knows no YAML and no references.

use std::collections::BTreeMap;
use std::fmt;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::location::Location;
use crate::nearest::nearest;

/// Where files come from.
///
/// ```
/// use contract::files::{Disk, Files, ReadError};
/// use contract::location::Location;
///
/// /// Paths from a folder, and one schema that is known by its URL.
/// struct WithBar(Disk);
///
/// impl Files for WithBar {
///     fn read(&mut self, location: &Location, max_bytes: usize) -> Result<Vec<u8>, ReadError> {
///         match location {
///             Location::Uri(url) if url == "https://example.com/bar.json" => Ok(b"{}".to_vec()),
///             other => self.0.read(other, max_bytes),
///         }
///     }
/// }
/// ```
pub trait Files {
    /// The bytes of a file that a reference names. Of a file that is longer than `max_bytes`, one
    /// byte more than that is enough: it is refused.
    ///
    /// # Errors
    ///
    /// Why the file cannot be had.
    fn read(&mut self, location: &Location, max_bytes: usize) -> Result<Vec<u8>, ReadError>;

    /// The bytes of the document itself, which a person named and not a reference.
    ///
    /// # Errors
    ///
    /// Why the file cannot be had.
    fn read_document(
        &mut self,
        location: &Location,
        max_bytes: usize,
    ) -> Result<Vec<u8>, ReadError> {
        self.read(location, max_bytes)
    }
}

/// Why a file cannot be had.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReadError {
    /// There is no such file.
    NotFound {
        /// The file of that folder whose name is most like the one asked for.
        nearest: Option<String>,
    },
    /// The path leads out of the folders that may be read.
    OutsideRoot {
        /// The folders that may be read.
        allowed: Vec<String>,
    },
    /// The location is a URL, and these files are not fetched.
    RemoteRefused,
    /// Anything else: the words of the operating system.
    Other(String),
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound { .. } => f.write_str("there is no such file"),
            Self::OutsideRoot { allowed } => {
                write!(f, "it is outside of {}", allowed.join(" and "))
            }
            Self::RemoteRefused => f.write_str("URLs are not fetched"),
            Self::Other(reason) => f.write_str(reason),
        }
    }
}

impl std::error::Error for ReadError {}

/// Reads at most `max_bytes` and one byte more, so that a longer source can be told from one of
/// just that length.
///
/// # Errors
///
/// What the source reports.
pub fn read_at_most(source: impl Read, max_bytes: usize) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source.take((max_bytes as u64).saturating_add(1)).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Files on disk, below the folders that may be read.
#[derive(Debug)]
pub struct Disk {
    base: PathBuf,
    allowed: Vec<PathBuf>,
    everywhere: bool,
    files: Vec<PathBuf>,
}

impl Disk {
    /// Relative paths count from `base`, and what lies below it may be read.
    pub fn new(base: impl Into<PathBuf>) -> Self {
        let base = base.into();
        Self { allowed: vec![base.clone()], base, everywhere: false, files: Vec::new() }
    }

    /// What lies below `folder` (relative to the base, or absolute) may be read too.
    #[must_use]
    pub fn allow(mut self, folder: impl AsRef<Path>) -> Self {
        let folder = self.base.join(folder);
        if !self.allowed.contains(&folder) {
            self.allowed.push(folder);
        }
        self
    }

    /// Any file may be read: for documents that one wrote oneself.
    #[must_use]
    pub fn allow_everything(mut self) -> Self {
        self.everywhere = true;
        self
    }

    /// Every file that was read, in that order, once each: the base joined with the path as the
    /// document names it. A build depends on these.
    pub fn files(&self) -> &[PathBuf] {
        &self.files
    }

    /// The file of a path as the operating system names it, links followed, if it may be read.
    fn permitted(&self, path: &Path) -> Result<PathBuf, ReadError> {
        let found = path.canonicalize();
        let inside = match &found {
            Ok(found) => self.allowed.iter().any(|folder| {
                let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
                folder.canonicalize().is_ok_and(|folder| found.starts_with(folder))
            }),
            // Whether a file exists outside of these folders is not told either.
            Err(_) => {
                let path = lexical(path);
                self.allowed.iter().any(|folder| path.starts_with(lexical(folder)))
            }
        };
        if !inside && !self.everywhere {
            let allowed = self.allowed.iter().map(|folder| format!("`{}`", folder.display()));
            return Err(ReadError::OutsideRoot { allowed: allowed.collect() });
        }
        found.map_err(|error| self.explain(path, &error))
    }

    /// The words for a file that may be read and cannot be.
    fn explain(&self, path: &Path, error: &std::io::Error) -> ReadError {
        use std::io::ErrorKind::{NotADirectory, NotFound};
        if !matches!(error.kind(), NotFound | NotADirectory) {
            return ReadError::Other(error.to_string());
        }
        let names = || {
            let folder = path.parent()?.read_dir().ok()?;
            // A folder of more files than this is not one that somebody mistyped a name of.
            let names =
                folder.take(1000).filter_map(|entry| entry.ok()?.file_name().into_string().ok());
            let names: Vec<String> = names.collect();
            let name = path.file_name()?.to_str()?;
            nearest(name, names.iter().map(String::as_str)).map(str::to_owned)
        };
        ReadError::NotFound { nearest: names() }
    }

    /// Reads the file that `found` is and the document calls `path`.
    fn open(
        &mut self,
        path: PathBuf,
        found: &Path,
        max_bytes: usize,
    ) -> Result<Vec<u8>, ReadError> {
        let other = |error: std::io::Error| ReadError::Other(error.to_string());
        if found.is_dir() {
            return Err(ReadError::Other("it is a folder".into()));
        }
        let file = std::fs::File::open(found).map_err(other)?;
        if !self.files.contains(&path) {
            self.files.push(path);
        }
        read_at_most(file, max_bytes).map_err(other)
    }
}

/// A path from the root of the file system, with `.` and `..` removed by their names alone.
fn lexical(path: &Path) -> PathBuf {
    let mut result = PathBuf::new();
    for part in std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).components() {
        match part {
            std::path::Component::CurDir => {}
            std::path::Component::ParentDir => {
                result.pop();
            }
            part => result.push(part),
        }
    }
    result
}

impl Files for Disk {
    fn read(&mut self, location: &Location, max_bytes: usize) -> Result<Vec<u8>, ReadError> {
        match location {
            Location::Path(path) => {
                let path = self.base.join(path);
                let found = self.permitted(&path)?;
                if !found.is_file() && !found.is_dir() {
                    // A device or a pipe may have no end or never start.
                    return Err(ReadError::Other("it is not a regular file".into()));
                }
                self.open(path, &found, max_bytes)
            }
            Location::Uri(_) => Err(ReadError::RemoteRefused),
        }
    }

    /// Who names a document allows it, wherever a link leads, and the folder that it lies in.
    fn read_document(
        &mut self,
        location: &Location,
        max_bytes: usize,
    ) -> Result<Vec<u8>, ReadError> {
        let Location::Path(path) = location else { return Err(ReadError::RemoteRefused) };
        let path = self.base.join(path);
        let folder = path.parent().map(lexical).unwrap_or_default();
        if !self.allowed.iter().any(|allowed| folder.starts_with(lexical(allowed))) {
            self.allowed.push(folder);
        }
        let found = path.canonicalize().map_err(|error| self.explain(&path, &error))?;
        self.open(path, &found, max_bytes)
    }
}

/// Files that a program has in memory, by location.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    files: BTreeMap<Location, Vec<u8>>,
}

impl Memory {
    /// No file yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file under a path or a URL.
    #[must_use]
    pub fn with(mut self, name: &str, content: impl Into<Vec<u8>>) -> Self {
        self.files.insert(Location::named(name), content.into());
        self
    }
}

impl Files for Memory {
    fn read(&mut self, location: &Location, max_bytes: usize) -> Result<Vec<u8>, ReadError> {
        let Some(content) = self.files.get(location) else {
            return Err(match location {
                Location::Uri(_) => ReadError::RemoteRefused,
                Location::Path(path) if path.starts_with("..") => {
                    ReadError::OutsideRoot { allowed: vec!["`.`".into()] }
                }
                Location::Path(path) => {
                    let paths = self.files.keys().filter_map(|known| match known {
                        Location::Path(path) => Some(path.as_str()),
                        Location::Uri(_) => None,
                    });
                    ReadError::NotFound { nearest: nearest(path, paths).map(str::to_owned) }
                }
            });
        };
        Ok(content[..content.len().min(max_bytes.saturating_add(1))].to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder of its own for each test, removed afterwards.
    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("contract-{name}-{}", std::process::id()));
            std::fs::create_dir_all(path.join("api")).unwrap();
            std::fs::create_dir_all(path.join("common")).unwrap();
            std::fs::write(path.join("api/asyncapi.yaml"), "a: 1\n").unwrap();
            std::fs::write(path.join("common/bar.yaml"), "b: 2\n").unwrap();
            Self(path)
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }

    fn read(disk: &mut Disk, name: &str) -> Result<String, ReadError> {
        let bytes = disk.read(&Location::named(name), 100)?;
        Ok(String::from_utf8(bytes).unwrap())
    }

    #[test]
    fn what_lies_below_the_base_is_read_and_remembered_once() {
        let folder = Folder::new("below");
        let mut disk = Disk::new(&folder.0);
        assert_eq!(read(&mut disk, "common/bar.yaml"), Ok("b: 2\n".into()));
        assert_eq!(read(&mut disk, "api/../common/bar.yaml"), Ok("b: 2\n".into()));
        assert_eq!(disk.files(), [folder.0.join("common/bar.yaml")]);
    }

    #[test]
    fn nothing_outside_of_the_base_is_read_and_not_even_whether_it_exists_is_told() {
        let folder = Folder::new("outside");
        let mut disk = Disk::new(folder.0.join("api"));
        for name in ["../common/bar.yaml", "../common/no.yaml", "/etc/passwd", "/no/such/file"] {
            let error = read(&mut disk, name).unwrap_err();
            assert!(matches!(error, ReadError::OutsideRoot { .. }), "{name}: {error:?}");
        }
        assert!(disk.files().is_empty());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_out_of_the_base_is_not_followed() {
        let folder = Folder::new("link");
        let link = folder.0.join("api/link.yaml");
        std::os::unix::fs::symlink(folder.0.join("common/bar.yaml"), link).unwrap();
        let mut disk = Disk::new(folder.0.join("api"));
        assert!(matches!(read(&mut disk, "link.yaml"), Err(ReadError::OutsideRoot { .. })));
        let mut disk = disk.allow("../common");
        assert_eq!(read(&mut disk, "link.yaml"), Ok("b: 2\n".into()));
    }

    #[test]
    fn what_is_allowed_is_read() {
        let folder = Folder::new("allowed");
        let mut disk = Disk::new(folder.0.join("api")).allow("../common");
        assert_eq!(read(&mut disk, "../common/bar.yaml"), Ok("b: 2\n".into()));
        let mut disk = Disk::new(folder.0.join("api")).allow_everything();
        assert_eq!(read(&mut disk, "../common/bar.yaml"), Ok("b: 2\n".into()));
    }

    #[test]
    fn who_names_a_document_allows_its_folder_and_no_other() {
        let folder = Folder::new("document");
        let mut disk = Disk::new(folder.0.join("common"));
        let document = Location::named("../api/asyncapi.yaml");
        assert_eq!(disk.read_document(&document, 100), Ok(b"a: 1\n".to_vec()));
        assert_eq!(read(&mut disk, "../api/asyncapi.yaml"), Ok("a: 1\n".into()));
        assert!(matches!(read(&mut disk, "../no.yaml"), Err(ReadError::OutsideRoot { .. })));
    }

    #[cfg(unix)]
    #[test]
    fn a_document_may_be_a_link_and_its_references_count_from_the_link() {
        let folder = Folder::new("linked-document");
        let link = folder.0.join("common/linked.yaml");
        std::os::unix::fs::symlink(folder.0.join("api/asyncapi.yaml"), link).unwrap();
        let mut disk = Disk::new(folder.0.join("common"));
        let document = Location::named("linked.yaml");
        assert_eq!(disk.read_document(&document, 100), Ok(b"a: 1\n".to_vec()));
        assert!(matches!(
            read(&mut disk, "../api/asyncapi.yaml"),
            Err(ReadError::OutsideRoot { .. })
        ));
    }

    #[test]
    fn a_missing_file_names_the_one_that_was_probably_meant() {
        let folder = Folder::new("missing");
        let mut disk = Disk::new(&folder.0);
        let nearest = Some("bar.yaml".to_owned());
        assert_eq!(read(&mut disk, "common/baar.yaml"), Err(ReadError::NotFound { nearest }));
        assert_eq!(read(&mut disk, "nowhere/x.yaml"), Err(ReadError::NotFound { nearest: None }));
    }

    #[test]
    fn folders_and_urls_are_no_files() {
        let folder = Folder::new("folder");
        let mut disk = Disk::new(&folder.0);
        assert_eq!(read(&mut disk, "api"), Err(ReadError::Other("it is a folder".into())));
        assert_eq!(read(&mut disk, "https://example.com/a.yaml"), Err(ReadError::RemoteRefused));
    }

    #[test]
    fn a_long_file_is_read_only_far_enough_to_see_that_it_is_too_long() {
        let folder = Folder::new("long");
        std::fs::write(folder.0.join("long.yaml"), vec![b' '; 1000]).unwrap();
        let mut disk = Disk::new(&folder.0);
        assert_eq!(disk.read(&Location::named("long.yaml"), 100).unwrap().len(), 101);
        let mut memory = Memory::new().with("long.yaml", vec![b' '; 1000]);
        assert_eq!(memory.read(&Location::named("long.yaml"), 100).unwrap().len(), 101);
    }
}
