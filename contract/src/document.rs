//! A document of a known AsyncAPI version: what stands between any YAML and the contract.
//!
//! In: the root node. Out: the [`Version`]. Reports documents that are no AsyncAPI, or one of a
//! version that is not read (`document/not-asyncapi`, `document/unknown-version`).

use std::fmt;

use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::nearest::nearest;
use crate::reading::{Reading, written};
use crate::tree::{Kind, NodeRef};

/// The rules about what a document is.
pub(crate) const RULES: &[&Rule] = &[&NOT_ASYNCAPI, &UNKNOWN_VERSION];

/// The root is not an AsyncAPI document.
pub(crate) static NOT_ASYNCAPI: Rule = Rule {
    id: "document/not-asyncapi",
    severity: Severity::Error,
    page: "\
The document does not say that it is an AsyncAPI document. Its root is an object whose key
`asyncapi` names the version of the specification.

Wrong:

```yaml
openapi: 3.1.0
info: { title: Ticks, version: 1.0.0 }
```

Right:

```yaml
asyncapi: 3.0.0
info: { title: Ticks, version: 1.0.0 }
```
",
};

/// The version is not one that is read.
pub(crate) static UNKNOWN_VERSION: Rule = Rule {
    id: "document/unknown-version",
    severity: Severity::Error,
    page: "\
`asyncapi` names a version of the specification that is not read. Read are 2.0.0 to 2.6.0, 3.0.0
and 3.1.0; the last number and a suffix do not matter. The version of your own API goes to
`info.version`.

Wrong:

```yaml
asyncapi: '3.0'
info: { title: Ticks, version: 1.0.0 }
```

Right:

```yaml
asyncapi: 3.0.0
info: { title: Ticks, version: 1.0.0 }
```
",
};

/// A version of the AsyncAPI specification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Version {
    /// 2.0.0
    V2_0,
    /// 2.1.0
    V2_1,
    /// 2.2.0
    V2_2,
    /// 2.3.0
    V2_3,
    /// 2.4.0
    V2_4,
    /// 2.5.0
    V2_5,
    /// 2.6.0
    V2_6,
    /// 3.0.0
    V3_0,
    /// 3.1.0
    V3_1,
}

impl Version {
    /// Every version that is read, oldest first.
    pub const ALL: [Self; 9] = [
        Self::V2_0,
        Self::V2_1,
        Self::V2_2,
        Self::V2_3,
        Self::V2_4,
        Self::V2_5,
        Self::V2_6,
        Self::V3_0,
        Self::V3_1,
    ];

    /// The version as documents write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::V2_0 => "2.0.0",
            Self::V2_1 => "2.1.0",
            Self::V2_2 => "2.2.0",
            Self::V2_3 => "2.3.0",
            Self::V2_4 => "2.4.0",
            Self::V2_5 => "2.5.0",
            Self::V2_6 => "2.6.0",
            Self::V3_0 => "3.0.0",
            Self::V3_1 => "3.1.0",
        }
    }

    /// The version of this name. A patch number and a suffix (`2.0.0-rc2`) do not matter, as the
    /// specification says.
    pub fn from_name(name: &str) -> Option<Self> {
        let (numbers, suffix) = match name.split_once('-') {
            Some((numbers, suffix)) => (numbers, Some(suffix)),
            None => (name, None),
        };
        let (minor, patch) = numbers.rsplit_once('.')?;
        let is_patch = !patch.is_empty() && patch.bytes().all(|byte| byte.is_ascii_digit());
        if !is_patch || suffix.is_some_and(str::is_empty) {
            return None;
        }
        Self::ALL.into_iter().find(|version| version.name().strip_suffix(".0") == Some(minor))
    }

    /// Whether it is one of 2.x.
    pub fn is_2(self) -> bool {
        self < Self::V3_0
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Reads the version of a document; `None`, and a finding, if it has none that is read.
pub(crate) fn version<'t>(reading: &Reading<'t>, root: NodeRef<'t>) -> Option<Version> {
    if root.kind() != Kind::Map {
        reading.report(
            Diagnostic::new(
                &NOT_ASYNCAPI,
                root.span(),
                format!("an AsyncAPI document is an object, this is {}", root.kind().article()),
            )
            .help("begin with `asyncapi: 3.0.0`"),
        );
        return None;
    }
    let Some((key, value)) = root.entry("asyncapi") else {
        let label = match root.entries().next() {
            Some((key, _)) => format!("the document begins with `{}`", key.text),
            None => "the document is empty".to_owned(),
        };
        let span = root.entries().next().map_or(root.span(), |(key, _)| key.span);
        let mut finding =
            Diagnostic::new(&NOT_ASYNCAPI, span, "`asyncapi` is missing").label(label);
        finding = match root.get("openapi").or(root.get("swagger")) {
            Some(_) => {
                finding.help("this is an OpenAPI document; AsyncAPI begins with `asyncapi: 3.0.0`")
            }
            None => finding.help("begin with `asyncapi: 3.0.0`"),
        };
        reading.report(finding);
        return None;
    };
    let word = value.as_str().or(value.as_number()).unwrap_or_default();
    let known = Version::from_name(word);
    if known.is_none() {
        let names = Version::ALL.map(Version::name);
        let mut finding = Diagnostic::new(
            &UNKNOWN_VERSION,
            if value.scalar().is_some() { value.span() } else { key.span },
            format!("AsyncAPI version `{}` is not read", written(value)),
        )
        .label(format!("read are {} to {}, {} and {}", names[0], names[6], names[7], names[8]));
        if let Some(near) = meant(word) {
            finding = finding.help(format!("write `asyncapi: {near}`"));
        }
        reading.report(finding);
    }
    known
}

/// The version that was probably meant: the one before it, the newest for one that is newer than all.
fn meant(word: &str) -> Option<&'static str> {
    let names = Version::ALL.map(Version::name);
    if let Some(longer) = names.into_iter().find(|name| name.starts_with(word) && !word.is_empty())
    {
        return Some(longer);
    }
    let newest = names[names.len() - 1];
    let number = |name: &str| name.split('.').next().and_then(|part| part.parse::<u32>().ok());
    if number(word) > number(newest) {
        return Some(newest);
    }
    let before = |name: &&str| number(name) == number(word) && *name < word;
    names.into_iter().rfind(before).or_else(|| nearest(word, names))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_that_is_not_read_has_a_neighbour_that_is() {
        for (written, near) in [
            ("4.0.0", "3.1.0"),
            ("3.0", "3.0.0"),
            ("3.2.0", "3.1.0"),
            ("2.7.0", "2.6.0"),
            ("2", "2.0.0"),
            ("v3.0.0", "3.0.0"),
        ] {
            assert_eq!(meant(written), Some(near), "{written}");
        }
    }

    #[test]
    fn a_version_is_known_by_its_first_two_numbers() {
        assert_eq!(Version::from_name("2.6.0"), Some(Version::V2_6));
        assert_eq!(Version::from_name("2.0.0-rc2"), Some(Version::V2_0));
        assert_eq!(Version::from_name("3.0.17"), Some(Version::V3_0));
        for other in
            ["2.0", "2", "", "2.6", "2.6.0-", "2.7.0", "1.2.0", "3.0.x", "v3.0.0", "02.6.0"]
        {
            assert_eq!(Version::from_name(other), None, "{other}");
        }
        for version in Version::ALL {
            assert_eq!(Version::from_name(version.name()), Some(version));
        }
    }
}
