//! Where a file is: a path or a URI, and what a relative reference means beside it.
//!
//! In: the text of a `$ref` or `$id`. Out: a [`Location`]. Resolution is RFC 3986 §5.2, for paths as
//! for URIs. Every text gives some location: one that makes no sense is found by nobody. Opens
//! nothing.

use std::borrow::Cow;
use std::fmt;

/// Where a file is, or what a schema calls itself in its `$id`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Location {
    /// A path with `/` between its parts and without `.` and inner `..`; a relative one counts from
    /// where the [`Files`](crate::files::Files) count from.
    Path(String),
    /// A URI without fragment: mostly `https://…`, but an `$id` may be any, such as `urn:…`.
    Uri(String),
}

impl fmt::Display for Location {
    /// The location as messages name it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(path) => f.write_str(path),
            Self::Uri(uri) => f.write_str(uri),
        }
    }
}

impl Location {
    /// The location that a person names: a URL if it starts like one, else a path.
    ///
    /// ```
    /// use contract::location::Location;
    /// assert_eq!(Location::named("./api/../asyncapi.yaml"), Location::Path("asyncapi.yaml".into()));
    /// assert_eq!(Location::named("HTTP://Example.com"), Location::Uri("http://example.com/".into()));
    /// ```
    pub fn named(name: &str) -> Self {
        match scheme(name) {
            Some(_) => Self::absolute(name),
            None if cfg!(windows) => Self::Path(path_joined("", &name.replace('\\', "/"))),
            None => Self::Path(path_joined("", name)),
        }
    }

    /// The location that a reference (without fragment) means in a file at this location. An empty
    /// reference means the file itself.
    ///
    /// ```
    /// use contract::location::Location;
    /// let base = Location::Path("api/asyncapi.yaml".into());
    /// assert_eq!(base.join("../common/bar.yaml"), Location::Path("common/bar.yaml".into()));
    /// assert_eq!(base.join("my%20bar.yaml"), Location::Path("api/my bar.yaml".into()));
    /// ```
    #[must_use]
    pub fn join(&self, reference: &str) -> Self {
        if reference.is_empty() {
            return self.clone();
        }
        if scheme(reference).is_some() {
            return Self::absolute(reference);
        }
        match self {
            Self::Path(base) => {
                // A name that is no valid percent-encoding is a name with a percent sign.
                let name = percent_decoded(reference).unwrap_or(Cow::Borrowed(reference));
                Self::Path(path_joined(base, &name))
            }
            Self::Uri(base) => Self::Uri(uri_joined(base, reference)),
        }
    }

    /// A text that has a scheme. `file:` URIs are paths.
    fn absolute(uri: &str) -> Self {
        let file = scheme(uri).filter(|scheme| scheme.eq_ignore_ascii_case("file"));
        match file {
            Some(scheme) => {
                let rest = &uri[scheme.len() + 1..];
                let path = rest.strip_prefix("//").map_or(rest, |rest| {
                    // An authority, such as `localhost`, ends at the next slash.
                    &rest[rest.find('/').unwrap_or(rest.len())..]
                });
                let path = percent_decoded(path).unwrap_or(Cow::Borrowed(path));
                // `file:///c:/folder` is the Windows path `c:/folder`.
                let path = path.strip_prefix('/').filter(|rest| has_drive(rest)).unwrap_or(&path);
                Self::Path(path_joined("", path))
            }
            None => Self::Uri(uri_joined("", uri)),
        }
    }
}

/// A reference as its location part and its fragment (without `#`).
pub fn split_fragment(reference: &str) -> (&str, Option<&str>) {
    match reference.split_once('#') {
        Some((location, fragment)) => (location, Some(fragment)),
        None => (reference, None),
    }
}

/// A text with its percent-encodings decoded (RFC 3986 §2.1); `None` if one is broken or the
/// result is not UTF-8.
pub fn percent_decoded(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains('%') {
        return Some(Cow::Borrowed(text));
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let mut digit = || char::from(rest.next()?).to_digit(16);
            bytes.push(u8::try_from(digit()? * 16 + digit()?).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok().map(Cow::Owned)
}

/// The scheme of a URI (RFC 3986 §3.1). A single letter is a Windows drive, not a scheme.
fn scheme(text: &str) -> Option<&str> {
    let (scheme, _) = text.split_once(':')?;
    let mut characters = scheme.chars();
    let starts = characters.next().is_some_and(|first| first.is_ascii_alphabetic());
    let goes_on = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
    (starts && scheme.len() > 1 && characters.all(goes_on)).then_some(scheme)
}

fn has_drive(path: &str) -> bool {
    let bytes = path.as_bytes();
    bytes.len() >= 2 && bytes[0].is_ascii_alphabetic() && bytes[1] == b':'
}

/// A path as seen from the file `base`.
fn path_joined(base: &str, path: &str) -> String {
    if path.starts_with('/') || has_drive(path) {
        return without_dots(path);
    }
    let folder = base.rfind('/').map_or("", |end| &base[..=end]);
    without_dots(&format!("{folder}{path}"))
}

/// RFC 3986 §5.2.2, with scheme and host in lower case (§6.2.2.1).
fn uri_joined(base: &str, reference: &str) -> String {
    let base = Parts::of(base);
    let mut parts = Parts::of(reference);
    let merged;
    if parts.scheme.is_none() {
        parts.scheme = base.scheme;
        if parts.authority.is_none() {
            parts.authority = base.authority;
            if parts.path.is_empty() {
                parts.path = base.path;
                parts.query = parts.query.or(base.query);
            } else if !parts.path.starts_with('/') {
                let folder = base.path.rfind('/').map_or("", |end| &base.path[..=end]);
                let root = if folder.is_empty() && base.authority.is_some() { "/" } else { folder };
                merged = format!("{root}{}", parts.path);
                parts.path = &merged;
            }
        }
    }
    let mut uri = String::new();
    if let Some(scheme) = parts.scheme {
        uri.push_str(&scheme.to_ascii_lowercase());
        uri.push(':');
    }
    if let Some(authority) = parts.authority {
        uri.push_str("//");
        uri.push_str(&authority.to_ascii_lowercase());
        if parts.path.is_empty() {
            uri.push('/');
        }
    }
    // A path without slash, as in `urn:a:b`, has no folders.
    if parts.path.contains('/') {
        uri.push_str(&without_dots(parts.path));
    } else {
        uri.push_str(parts.path);
    }
    if let Some(query) = parts.query {
        uri.push('?');
        uri.push_str(query);
    }
    uri
}

/// The components of a URI reference without fragment (RFC 3986 appendix B).
struct Parts<'u> {
    scheme: Option<&'u str>,
    authority: Option<&'u str>,
    path: &'u str,
    query: Option<&'u str>,
}

impl<'u> Parts<'u> {
    fn of(uri: &'u str) -> Self {
        let scheme = scheme(uri);
        let rest = scheme.map_or(uri, |scheme| &uri[scheme.len() + 1..]);
        let (rest, query) = match rest.split_once('?') {
            Some((rest, query)) => (rest, Some(query)),
            None => (rest, None),
        };
        match rest.strip_prefix("//") {
            Some(rest) => {
                let end = rest.find('/').unwrap_or(rest.len());
                Self { scheme, authority: Some(&rest[..end]), path: &rest[end..], query }
            }
            None => Self { scheme, authority: None, path: rest, query },
        }
    }
}

/// Removes `.` and `..` (RFC 3986 §5.2.4); a relative path keeps the `..` that it starts with.
fn without_dots(path: &str) -> String {
    let absolute = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    let mut ends_in_folder = false;
    for part in path[usize::from(absolute)..].split('/') {
        ends_in_folder = matches!(part, "." | "..");
        match part {
            "." => {}
            ".." => match parts.last() {
                Some(&"..") | None if !absolute => parts.push(".."),
                _ => {
                    parts.pop();
                }
            },
            part => parts.push(part),
        }
    }
    let mut result = String::with_capacity(path.len());
    if absolute {
        result.push('/');
    }
    result.push_str(&parts.join("/"));
    if ends_in_folder && !result.is_empty() && !result.ends_with('/') {
        result.push('/');
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    fn join(base: &str, reference: &str) -> String {
        Location::named(base).join(reference).to_string()
    }

    #[test]
    fn references_are_resolved_as_rfc_3986_shows() {
        // The examples of §5.4.1 and §5.4.2 that have no fragment.
        for (reference, expected) in [
            ("g:h", "g:h"),
            ("g", "http://a/b/c/g"),
            ("./g", "http://a/b/c/g"),
            ("g/", "http://a/b/c/g/"),
            ("/g", "http://a/g"),
            ("//g", "http://g/"),
            ("?y", "http://a/b/c/d;p?y"),
            ("g?y", "http://a/b/c/g?y"),
            (";x", "http://a/b/c/;x"),
            ("", "http://a/b/c/d;p?q"),
            (".", "http://a/b/c/"),
            ("..", "http://a/b/"),
            ("../g", "http://a/b/g"),
            ("../..", "http://a/"),
            ("../../../g", "http://a/g"),
            ("/./g", "http://a/g"),
            ("g.", "http://a/b/c/g."),
            ("..g", "http://a/b/c/..g"),
            ("./g/.", "http://a/b/c/g/"),
            ("g/../h", "http://a/b/c/h"),
            ("g;x=1/../y", "http://a/b/c/y"),
            ("g?y/../x", "http://a/b/c/g?y/../x"),
        ] {
            // One-letter schemes are Windows drives here, so `g:h` is written longer.
            let (reference, expected) = match reference {
                "g:h" => ("gg:h", "gg:h"),
                other => (other, expected),
            };
            assert_eq!(join("http://a/b/c/d;p?q", reference), expected, "{reference}");
        }
    }

    #[test]
    fn paths_are_resolved_beside_their_file() {
        for (base, reference, expected) in [
            ("asyncapi.yaml", "./bar.yaml", "bar.yaml"),
            ("api/asyncapi.yaml", "../bar.yaml", "bar.yaml"),
            ("asyncapi.yaml", "../../bar.yaml", "../../bar.yaml"),
            ("../api/asyncapi.yaml", "bar.yaml", "../api/bar.yaml"),
            ("/api/asyncapi.yaml", "../../bar.yaml", "/bar.yaml"),
            ("api/asyncapi.yaml", "/bar.yaml", "/bar.yaml"),
            ("c:/api/asyncapi.yaml", "bar.yaml", "c:/api/bar.yaml"),
            ("api/asyncapi.yaml", "c:/bar.yaml", "c:/bar.yaml"),
            ("asyncapi.yaml", "a%20b%C3%BC.yaml", "a bü.yaml"),
            ("asyncapi.yaml", "100%.yaml", "100%.yaml"),
            ("asyncapi.yaml", "file:///x/b%20c.yaml", "/x/b c.yaml"),
            ("asyncapi.yaml", "file://localhost/x.yaml", "/x.yaml"),
            ("asyncapi.yaml", "file:///c:/x.yaml", "c:/x.yaml"),
            ("asyncapi.yaml", "https://example.com/x.yaml", "https://example.com/x.yaml"),
            ("asyncapi.yaml", "urn:example:bar", "urn:example:bar"),
        ] {
            assert_eq!(join(base, reference), expected, "{reference} in {base}");
        }
    }

    #[test]
    fn uris_that_name_the_same_are_equal() {
        for (one, other) in [
            ("HTTP://Example.COM/A", "http://example.com/A"),
            ("http://example.com", "http://example.com/"),
            ("http://example.com/a/../b", "http://example.com/b"),
        ] {
            assert_eq!(Location::named(one), Location::named(other));
        }
        assert_ne!(Location::named("urn:a:b"), Location::named("urn:a:B"));
    }

    #[test]
    fn a_fragment_is_split_off_and_decoded() {
        assert_eq!(split_fragment("a.yaml#/b"), ("a.yaml", Some("/b")));
        assert_eq!(split_fragment("a.yaml#"), ("a.yaml", Some("")));
        assert_eq!(split_fragment("a.yaml"), ("a.yaml", None));
        assert_eq!(percent_decoded("/a%25b%22").as_deref(), Some("/a%b\""));
        assert_eq!(percent_decoded("/a%2"), None);
        assert_eq!(percent_decoded("/a%zz"), None);
        assert_eq!(percent_decoded("%ff"), None);
    }
}
