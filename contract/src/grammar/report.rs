//! What is wrong with a document's form, in the words of who wrote it.

use super::rule::{
    BESIDE_REFERENCE, DUPLICATE, INVALID_VALUE, MISPLACED_REFERENCE, MISSING_FIELD, OTHER_VERSION,
    UNKNOWN_FIELD, WRONG_KIND,
};
use super::table::{Field, Object};
use crate::diagnostic::{Diagnostic, shortened};
use crate::document::Version;
use crate::nearest::nearest;
use crate::reading::written;
use crate::source::Span;
use crate::tree::{Key, Kind, NodeRef, Scalar, Segment};

/// More fields than this are not listed.
const SHOWN_FIELDS: usize = 12;

/// Names in a sentence: "`a`, `b` and `c`".
pub(super) fn listed<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    let mut names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    match names.pop() {
        Some(last) if names.is_empty() => last,
        Some(last) => format!("{} and {last}", names.join(", ")),
        None => "none".to_owned(),
    }
}

/// What messages call a node: by its key, or by the key of the list that it is an item of.
pub(super) fn name_of(node: NodeRef<'_>) -> String {
    match (node.segment(), node.parent().and_then(NodeRef::segment)) {
        (Some(Segment::Key(key)), _) => format!("`{}`", shortened(key.text)),
        (Some(Segment::Position(_)), Some(Segment::Key(list))) => {
            format!("an item of `{}`", shortened(list.text))
        }
        (Some(Segment::Position(_)), _) => "an item".to_owned(),
        (None, _) => "the document".to_owned(),
    }
}

/// Where a message about a whole object points: at its key, or else at its start.
fn start(node: NodeRef<'_>) -> Span {
    match node.segment() {
        Some(Segment::Key(key)) => key.span,
        _ if node.kind() == Kind::Map => {
            node.entries().next().map_or(node.span().at_start(), |(key, _)| key.span)
        }
        _ => node.span().at_start(),
    }
}

/// A value in a sentence: "this is the number 13".
fn this_is(node: NodeRef<'_>) -> String {
    match node.scalar() {
        Some(Scalar::Number(text)) => format!("this is the number {}", shortened(text)),
        Some(Scalar::Bool(value)) => format!("this is the boolean {value}"),
        Some(Scalar::String(text)) if !text.is_empty() && !text.contains('\n') => {
            format!("this is the text `{}`", shortened(text))
        }
        _ => format!("this is {}", node.kind().article()),
    }
}

/// A value is of another kind: `expected` with its article.
pub(super) fn wrong_kind(node: NodeRef<'_>, expected: &str) -> Diagnostic {
    let span = match node.scalar() {
        Some(_) => node.span(),
        None => start(node),
    };
    let message = format!("{} must be {expected}, {}", name_of(node), this_is(node));
    let finding = Diagnostic::new(&WRONG_KIND, span, message);
    match node.scalar() {
        Some(Scalar::Number(_) | Scalar::Bool(_)) if expected.starts_with("text") => {
            finding.help(format!("put it in quotes: `'{}'`", written(node)))
        }
        Some(Scalar::Null) => finding.help("give it a value, or remove the key"),
        _ => finding,
    }
}

/// A text or number is none of those allowed.
pub(super) fn wrong_value<'n>(
    node: NodeRef<'_>,
    values: impl IntoIterator<Item = &'n str> + Clone,
) -> Diagnostic {
    let word = written(node);
    let message = format!("`{}` is no value of {}", shortened(&word), name_of(node));
    let finding = Diagnostic::new(&INVALID_VALUE, node.span(), message)
        .label(format!("values are {}", listed(values.clone())));
    match nearest(&word, values) {
        Some(near) => finding.help(format!("write `{near}`")),
        None => finding,
    }
}

/// A value breaks a rule that one word says: `expected` is "a URL".
pub(super) fn not_of_form(node: NodeRef<'_>, expected: &str) -> Diagnostic {
    let message = format!("{} must be {expected}", name_of(node));
    Diagnostic::new(&INVALID_VALUE, node.span(), message)
}

/// A key that the object does not have in any version.
pub(super) fn unknown_field(
    object: &Object,
    key: Key<'_>,
    version: Version,
) -> (Diagnostic, Option<&'static str>) {
    let known = || object.fields.iter().filter(|field| field.is_in(version));
    let names = || known().map(|field| field.name);
    let message = format!("{} has no field `{}`", object.name, shortened(key.text));
    let mut finding = Diagnostic::new(&UNKNOWN_FIELD, key.span, message);
    if names().count() <= SHOWN_FIELDS && names().next().is_some() {
        finding = finding.label(format!("fields are {}", listed(names())));
    }
    let near = nearest(key.text, names());
    finding = match near {
        Some(near) => finding.help(format!("write `{near}`")),
        None if key.text.starts_with("x-") => finding.help(
            "the name of an extension is `x-`, then letters (`a` to `z`), digits, `.`, `-`, `_`",
        ),
        None => finding.help(format!("a key of your own begins with `x-`: `x-{}`", key.text)),
    };
    (finding, near)
}

/// A key that the object has in other versions: `field` is the nearest of them.
pub(super) fn other_version(
    object: &Object,
    key: Key<'_>,
    field: &Field,
    version: Version,
) -> Diagnostic {
    let bound = if version < field.since {
        format!("exists since AsyncAPI {}", field.since)
    } else {
        format!("exists up to AsyncAPI {}", field.until)
    };
    let message =
        format!("`{}` of {} {bound}; this document is {version}", field.name, object.name);
    let finding = Diagnostic::new(&OTHER_VERSION, key.span, message);
    match field.instead {
        "" => finding.help("remove it, or write the document in the other version"),
        instead => finding.help(format!("in {version} this is {instead}")),
    }
}

/// A word that later versions have.
pub(super) fn later_value(node: NodeRef<'_>, since: Version, version: Version) -> Diagnostic {
    let message = format!(
        "`{}` exists since AsyncAPI {since}; this document is {version}",
        shortened(&written(node))
    );
    Diagnostic::new(&OTHER_VERSION, node.span(), message)
}

/// Something beside a `$ref`, which nobody reads.
pub(super) fn beside_reference(key: Key<'_>) -> Diagnostic {
    let message = format!("`{}` beside `$ref` has no effect", shortened(key.text));
    Diagnostic::new(&BESIDE_REFERENCE, key.span, message)
        .help("write it where the reference leads, or drop it")
}

/// A field that must be there is not.
pub(super) fn missing(node: NodeRef<'_>, holder: &str, field: &str) -> Diagnostic {
    Diagnostic::new(&MISSING_FIELD, start(node), format!("{holder} needs `{field}`"))
}

/// Of several fields one must be there.
pub(super) fn missing_one_of(node: NodeRef<'_>, holder: &str, fields: &[&str]) -> Diagnostic {
    let list = fields.iter().map(|field| format!("`{field}`")).collect::<Vec<_>>().join(" or ");
    Diagnostic::new(&MISSING_FIELD, start(node), format!("{holder} needs {list}"))
}

/// A list needs at least one item.
pub(super) fn empty(key: Key<'_>, what: &str) -> Diagnostic {
    let message = format!("`{}` needs at least one {what}", key.text);
    Diagnostic::new(&INVALID_VALUE, key.span, message)
}

/// A field that is there needs another one.
pub(super) fn only_with(key: Key<'_>, holder: &str, condition: &str) -> Diagnostic {
    let message = format!("{holder} has `{}` only with {condition}", key.text);
    Diagnostic::new(&INVALID_VALUE, key.span, message).help(format!("remove `{}`", key.text))
}

/// A field that must not be there.
pub(super) fn excluded(key: Key<'_>, holder: &str) -> Diagnostic {
    let message = format!("{holder} must not have `{}`", key.text);
    Diagnostic::new(&INVALID_VALUE, key.span, message).help(format!("remove `{}`", key.text))
}

/// A reference where the thing itself belongs.
pub(super) fn misplaced_reference(reference: NodeRef<'_>, what: &str) -> Diagnostic {
    let place = reference.entry("$ref").map_or(reference.span(), |(key, _)| key.span);
    let message = format!("{} must not be a reference", name_of(reference));
    Diagnostic::new(&MISPLACED_REFERENCE, place, message)
        .help(format!("write {what} here, or refer to it one level higher or lower"))
}

/// A reference where an object with names belongs, which the official tools follow all the same.
pub(super) fn section_by_reference(reference: NodeRef<'_>) -> Diagnostic {
    let place = reference.entry("$ref").map_or(reference.span(), |(key, _)| key.span);
    let message = format!("{} is a reference, which not every tool follows", name_of(reference));
    Diagnostic::new(&MISPLACED_REFERENCE, place, message)
        .help("write the names here, each with a reference of its own")
}

/// The thing itself where a reference belongs.
pub(super) fn needs_reference(node: NodeRef<'_>) -> Diagnostic {
    let span = if node.kind() == Kind::Map { start(node) } else { node.span() };
    let message = format!("{} must be a reference, {}", name_of(node), this_is(node));
    Diagnostic::new(&MISPLACED_REFERENCE, span, message)
        .help("write `{ $ref: '#/…' }` with the place of what you mean")
}

/// A list has the same twice.
pub(super) fn duplicate(again: NodeRef<'_>, first: NodeRef<'_>) -> Diagnostic {
    let message = match again.as_str() {
        Some(text) => format!("`{}` stands in the list twice", shortened(text)),
        None => "the list has the same item twice".to_owned(),
    };
    Diagnostic::new(&DUPLICATE, again.span(), message)
        .related(first.span(), "the first time")
        .help("remove one of them")
}
