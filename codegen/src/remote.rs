//! Files that references name by URL: fetched once, kept in a folder if there is one.
//!
//! In: an `http` or `https` URL. Out: its bytes, or why there are none. The one file that knows the network and
//! its library; nothing is fetched that a person has not allowed.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use contract::files::{ReadError, read_at_most};

/// How long one file may take, from the name's resolution to its last byte.
const TIMEOUT: Duration = Duration::from_secs(30);

/// How often a server may send us elsewhere.
const MAX_REDIRECTS: u32 = 5;

/// Longer names than this are no file names everywhere (255 bytes), so these URLs are not kept.
const MAX_NAME: usize = 240;

/// Where URLs are read from.
#[derive(Clone, Debug, Default)]
pub(crate) struct Remote {
    /// Whether the network may be used.
    pub(crate) allowed: bool,
    /// Where files are kept that were fetched, and looked for first.
    pub(crate) cache: Option<PathBuf>,
}

impl Remote {
    /// The bytes of a URL, at most `max_bytes` and one more.
    pub(crate) fn read(&self, url: &str, max_bytes: usize) -> Result<Vec<u8>, ReadError> {
        let is_web = ["http://", "https://"].iter().any(|scheme| url.starts_with(scheme));
        let kept = self.cache.as_deref().filter(|_| is_web).and_then(|folder| place(folder, url));
        if let Some(path) = kept.as_deref().filter(|path| path.is_file()) {
            let read = fs::File::open(path).and_then(|file| read_at_most(file, max_bytes));
            return read.map_err(|error| other(format!("{}: {error}", path.display())));
        }
        if !self.allowed || !is_web {
            return Err(ReadError::RemoteRefused);
        }
        let bytes = fetch(url, max_bytes)?;
        if let Some(path) = kept.filter(|_| bytes.len() <= max_bytes) {
            keep(&path, &bytes).map_err(|error| other(format!("cannot keep it: {error}")))?;
        }
        Ok(bytes)
    }
}

fn fetch(url: &str, max_bytes: usize) -> Result<Vec<u8>, ReadError> {
    let config = ureq::Agent::config_builder()
        .timeout_global(Some(TIMEOUT))
        .max_redirects(MAX_REDIRECTS)
        // A redirect must not lead from an encrypted connection to an open one.
        .https_only(url.starts_with("https://"))
        .user_agent(concat!("codegen/", env!("CARGO_PKG_VERSION")))
        .build();
    let response = ureq::Agent::new_with_config(config)
        .get(url)
        .call()
        .map_err(|error| other(error.to_string()))?;
    let body = response.into_body().into_reader();
    read_at_most(body, max_bytes).map_err(|error| other(error.to_string()))
}

/// Writes a file whole or not at all: another process may look for it at the same time.
fn keep(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let unfinished = path.with_extension(format!("{}.part", std::process::id()));
    fs::write(&unfinished, bytes)?;
    fs::rename(&unfinished, path)
}

/// The file of a URL: its name is the URL, with all but letters, digits, `.`, `-` and `_` percent-encoded.
fn place(folder: &Path, url: &str) -> Option<PathBuf> {
    let mut name = String::with_capacity(url.len());
    for byte in url.bytes() {
        if byte.is_ascii_alphanumeric() || b".-_".contains(&byte) {
            name.push(char::from(byte));
        } else {
            name.push_str(&format!("%{byte:02X}"));
        }
    }
    (name.len() <= MAX_NAME).then(|| folder.join(name))
}

fn other(reason: String) -> ReadError {
    ReadError::Other(reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_a_file_name_that_leads_nowhere_else() {
        let name = |url| place(Path::new("cache"), url);
        let expected = Path::new("cache/https%3A%2F%2Fexample.com%2F..%2Fa.json");
        assert_eq!(name("https://example.com/../a.json").as_deref(), Some(expected));
        assert_eq!(name(&format!("https://example.com/{}", "a".repeat(300))), None);
    }

    #[test]
    fn what_is_not_of_the_web_is_never_fetched() {
        let remote = Remote { allowed: true, cache: Some("/no/such/folder".into()) };
        for url in ["urn:a:b", "ftp://example.com/a", "file://server/a"] {
            assert_eq!(remote.read(url, 10), Err(ReadError::RemoteRefused), "{url}");
        }
    }
}
