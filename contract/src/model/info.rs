//! Info Object, Tag Object, External Documentation Object.

use super::Extensions;

/// What the API is.
#[derive(Clone, Debug, Default)]
pub struct Info {
    /// The API's title.
    pub title: String,
    /// The version of the API, not of AsyncAPI.
    pub version: String,
    /// What it is for, in Markdown.
    pub description: Option<String>,
    /// `termsOfService`
    pub terms_of_service: Option<String>,
    /// The licence's name.
    pub license: Option<String>,
    /// Who to write to: name, URL or address.
    pub contact: Option<String>,
    /// Tags of the whole.
    pub tags: Vec<Tag>,
    /// More to read.
    pub external_docs: Option<ExternalDocs>,
    /// Extensions.
    pub extensions: Extensions,
}

/// A label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// The label.
    pub name: String,
    /// What it means.
    pub description: Option<String>,
}

/// More to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExternalDocs {
    /// Where.
    pub url: String,
    /// What.
    pub description: Option<String>,
}
