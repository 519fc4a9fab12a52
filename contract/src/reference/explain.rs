//! Why a reference leads nowhere, in the words of who wrote it.

use super::load::Attempt;
use super::rule::{
    CYCLE, NOT_A_REFERENCE, OUTSIDE_ROOT, REMOTE_REFUSED, TOO_MANY_FILES, UNREADABLE_FILE,
    UNRESOLVED,
};
use super::{Base, Miss, References, part};
use crate::diagnostic::{Diagnostic, Rule, shortened};
use crate::files::ReadError;
use crate::location::{Location, split_fragment};
use crate::nearest::nearest;
use crate::source::Span;
use crate::tree::{Kind, NodeId, NodeRef, Tree, escape_segment};

/// Keys that a message lists before it counts the rest.
const SHOWN_KEYS: usize = 5;

/// A reference as it stands in a document.
pub(super) struct Reference<'t, 'r> {
    pub(super) text: &'t str,
    pub(super) span: Span,
    /// What it is relative to.
    pub(super) base: Option<&'r Base>,
    /// What it is relative to if every `$id` is ignored.
    pub(super) beside: Option<&'r Base>,
}

impl Reference<'_, '_> {
    /// What the location of the reference may mean, the likelier first.
    pub(super) fn locations(&self, location: &str) -> Vec<Location> {
        let mut locations: Vec<Location> = Vec::new();
        for base in [self.base, self.beside].into_iter().flatten() {
            let location = base.location.join(location);
            if !locations.contains(&location) {
                locations.push(location);
            }
        }
        locations
    }

    pub(super) fn broken_encoding(&self) -> Box<Diagnostic> {
        let message = format!("`{}` has a percent sign that starts no encoding", self.text);
        self.finding(&UNRESOLVED, message).help("write `%25` for a percent sign").into()
    }

    pub(super) fn names_a_part(&self) -> Box<Diagnostic> {
        let message =
            format!("`{}` names a part of a file; here a whole file is needed", self.text);
        self.finding(&UNRESOLVED, message).help("remove the `#` and what follows it").into()
    }

    fn finding(&self, rule: &'static Rule, message: String) -> Diagnostic {
        Diagnostic::new(rule, self.span, message)
    }

    /// The place of some bytes of the text, if the document has them as they are.
    fn part(&self, start: usize, end: usize) -> Span {
        let written = (self.span.end - self.span.start) as usize;
        let quotes = written.saturating_sub(self.text.len());
        if quotes != 0 && quotes != 2 {
            return self.span;
        }
        let from = self.span.start as usize + quotes / 2;
        Span::new(self.span.file, from + start, from + end)
    }
}

pub(super) fn not_a_string(value: NodeRef<'_>) -> Box<Diagnostic> {
    let message = format!("a reference is a string, not {}", value.kind().article());
    Diagnostic::new(&NOT_A_REFERENCE, value.span(), message)
        .help("write where the target is: `'#/components/schemas/Name'`")
        .into()
}

/// The finding for references each of which names the next and the last the first.
pub(super) fn cycle(tree: &Tree, cycle: &[NodeId]) -> Box<Diagnostic> {
    let mut values: Vec<NodeRef<'_>> =
        cycle.iter().filter_map(|&id| tree.node(id).get("$ref")).collect();
    // Whichever reference led here, the finding is the same.
    let first = (0..values.len()).min_by_key(|&at| values[at].span()).unwrap_or(0);
    values.rotate_left(first);
    let Some((first, others)) = values.split_first() else {
        let span = cycle.first().map(|&id| tree.node(id).span());
        let span = span.unwrap_or_else(|| Span::new(crate::source::FileId(0), 0, 0));
        return Diagnostic::new(&CYCLE, span, "the reference leads back to itself").into();
    };
    let text = first.as_str().unwrap_or_default();
    let mut finding = if others.is_empty() {
        Diagnostic::new(&CYCLE, first.span(), format!("the reference `{text}` names itself"))
    } else {
        Diagnostic::new(
            &CYCLE,
            first.span(),
            format!("the reference `{text}` leads back to itself"),
        )
    };
    for other in others.iter().take(SHOWN_KEYS) {
        finding = finding.related(other.span(), "by way of this reference");
    }
    finding.help("let one of them be the thing itself instead of a reference").into()
}

pub(super) fn too_deep(node: NodeRef<'_>, max: usize) -> Box<Diagnostic> {
    let span = node.get("$ref").unwrap_or(node).span();
    let message = format!("the way to the target passes through more than {max} references");
    Diagnostic::new(&UNRESOLVED, span, message).help("refer to the target itself").into()
}

impl References {
    /// A JSON pointer leads through something that is not there.
    pub(super) fn no_such_part(
        &self,
        reference: &Reference<'_, '_>,
        miss: &Miss<'_>,
    ) -> Box<Diagnostic> {
        let (location, fragment) = split_fragment(reference.text);
        let fragment = fragment.unwrap_or_default();
        let (place, name) = (self.place_of_segment(reference, miss), &miss.segment);
        let holder = self.name_of(miss.node, reference);
        let message = match miss.node.kind() {
            Kind::Map | Kind::List => {
                format!("`{}` leads nowhere: there is no `{name}` in {holder}", reference.text)
            }
            kind => format!(
                "`{}` leads nowhere: {holder} is {} and has no `{name}`",
                reference.text,
                kind.article()
            ),
        };
        let mut finding =
            Diagnostic::new(&UNRESOLVED, place, message).label(what_is_there(miss.node));
        if miss.node.span().file != reference.span.file {
            finding = finding.related(miss.node.span(), format!("{holder} is here"));
        }
        if !self.may_suggest() {
            return finding.into();
        }
        let keys = || miss.node.entries().map(|(key, _)| key.text);
        if let Some(nearest) = nearest(name, keys()) {
            let mut segments: Vec<&str> = fragment.split('/').collect();
            let escaped = escape_segment(nearest);
            if let Some(segment) = segments.get_mut(miss.position) {
                *segment = &escaped;
            }
            return finding.help(format!("write `{location}#{}`", segments.join("/"))).into();
        }
        if let Some(pointer) = elsewhere(miss.node.tree(), miss.node, fragment) {
            return finding.help(format!("write `{location}{pointer}`")).into();
        }
        finding.into()
    }

    /// The bytes of the part that is not there.
    fn place_of_segment(&self, reference: &Reference<'_, '_>, miss: &Miss<'_>) -> Span {
        let text = reference.text;
        let mut start = text.find('#').map_or(0, |sign| sign + 1);
        for segment in text[start..].split('/').take(miss.position) {
            start += segment.len() + 1;
        }
        let Some(rest) = text.get(start..) else { return reference.span };
        let end = start + rest.find('/').unwrap_or(rest.len());
        if start == end { reference.span } else { reference.part(start, end) }
    }

    /// No schema has the plain name of the fragment.
    pub(super) fn no_such_name(
        &self,
        reference: &Reference<'_, '_>,
        root: NodeRef<'_>,
        name: &str,
    ) -> Box<Diagnostic> {
        let message = format!("`{}` leads nowhere: no schema has `$id: '#{name}'`", reference.text);
        let finding = reference.finding(&UNRESOLVED, message);
        let (location, _) = split_fragment(reference.text);
        let mut node = Some(root);
        for segment in name.split('/') {
            node = node.and_then(|node| part(node, segment));
        }
        if node.is_some() {
            return finding
                .help(format!("write `{location}#/{name}`: a path starts with `/`"))
                .into();
        }
        if self.may_suggest()
            && let Some(pointer) = elsewhere(root.tree(), root, name)
        {
            return finding.help(format!("write `{location}{pointer}`")).into();
        }
        finding.help("a path into the file starts with `#/`").into()
    }

    /// The location of a reference is nowhere to be read.
    pub(super) fn no_file(&self, reference: &Reference<'_, '_>, location: &str) -> Box<Diagnostic> {
        let locations = reference.locations(location);
        let known = |location: &&Location| self.attempts.contains_key(location);
        let Some(target) = locations.iter().find(known).or(locations.first()) else {
            let message = format!("`{}` leads nowhere", reference.text);
            return reference.finding(&UNRESOLVED, message).into();
        };
        let finding = match self.attempts.get(target) {
            Some(Attempt::File(file)) => {
                self.reached.borrow_mut().insert(*file);
                let message = format!("`{target}` is neither YAML nor JSON that can be read");
                reference.finding(&UNREADABLE_FILE, message).label("its own findings say why")
            }
            Some(Attempt::NotText(cause)) => {
                let finding = reference.finding(&UNREADABLE_FILE, cause.message.clone());
                match &cause.help {
                    Some(help) => finding.help(help.clone()),
                    None => finding,
                }
            }
            Some(Attempt::Failed(error)) => self.failed(reference, target, error),
            None if self.too_many_files => {
                let message =
                    format!("`{target}` was not read: the document refers to too many files");
                reference
                    .finding(&TOO_MANY_FILES, message)
                    .help("refer to fewer files, or raise `max_files`")
            }
            None => {
                let message =
                    format!("`{}` leads nowhere: no file of that name was read", reference.text);
                reference.finding(&UNRESOLVED, message)
            }
        };
        // Only a relative reference means something else because of an `$id`.
        let id = reference.base.and_then(|base| base.id).filter(|_| locations.len() > 1);
        match id {
            Some(id) => finding.related(id, "this `$id` says what relative references mean").into(),
            None => finding.into(),
        }
    }

    fn failed(
        &self,
        reference: &Reference<'_, '_>,
        target: &Location,
        error: &ReadError,
    ) -> Diagnostic {
        match (error, target) {
            (ReadError::OutsideRoot { .. }, _) => {
                let message = format!("`{target}` may not be read: {error}");
                reference
                    .finding(&OUTSIDE_ROOT, message)
                    .help("move the file there, or allow its folder")
            }
            (ReadError::RemoteRefused, Location::Uri(uri)) if uri.starts_with("http") => reference
                .finding(&REMOTE_REFUSED, format!("`{target}` is not fetched"))
                .help("keep a copy of it beside the document and refer to the copy"),
            (ReadError::RemoteRefused, _) => {
                reference.finding(&UNRESOLVED, format!("no schema has the `$id` `{target}`"))
            }
            (error, _) => {
                let message = format!("cannot read `{target}`: {error}");
                let finding = reference.finding(&UNREADABLE_FILE, message);
                let (location, _) = split_fragment(reference.text);
                if let ReadError::NotFound { nearest: Some(nearest) } = error {
                    let location = location.trim_end_matches('/');
                    let folder = location.rfind('/').map_or("", |end| &location[..=end]);
                    let name = nearest.rsplit('/').next().unwrap_or(nearest);
                    return finding.help(format!("write `{folder}{name}`"));
                }
                if !location.contains(['/', '.']) {
                    return finding.help("a part of this file starts with `#/`");
                }
                finding
            }
        }
    }

    /// A node as a message names it to who wrote `reference`.
    fn name_of(&self, node: NodeRef<'_>, reference: &Reference<'_, '_>) -> String {
        let file = node.span().file;
        let pointer = node.pointer();
        match (file == reference.span.file, pointer == "#") {
            (true, true) => "the document".to_owned(),
            (true, false) => format!("`{pointer}`"),
            (false, true) => format!("`{}`", self.file_name(file)),
            (false, false) => format!("`{}{pointer}`", self.file_name(file)),
        }
    }

    fn may_suggest(&self) -> bool {
        let left = self.suggestions.get();
        self.suggestions.set(left.saturating_sub(1));
        left > 0
    }
}

/// What a node has instead of what was looked for.
fn what_is_there(node: NodeRef<'_>) -> String {
    let count = node.entries().len();
    let mut keys: Vec<String> = node
        .entries()
        .take(SHOWN_KEYS + 1)
        .map(|(key, _)| format!("`{}`", shortened(key.text)))
        .collect();
    match node.kind() {
        Kind::Map if count == 0 => "it is empty".to_owned(),
        Kind::Map if count == 1 => format!("there is only {}", keys.concat()),
        Kind::Map => {
            let last = if count > SHOWN_KEYS + 1 {
                keys.truncate(SHOWN_KEYS);
                format!("{} more", count - SHOWN_KEYS)
            } else {
                keys.pop().unwrap_or_default()
            };
            format!("there are {} and {last}", keys.join(", "))
        }
        Kind::List => match node.items().len() {
            0 => "it is an empty list".to_owned(),
            1 => "it is a list with one item, `0`".to_owned(),
            count => format!("it is a list with the items `0` to `{}`", count - 1),
        },
        _ => String::new(),
    }
}

/// The pointer of the only node in the file of `near` whose key is the last name of a path.
fn elsewhere(tree: &Tree, near: NodeRef<'_>, path: &str) -> Option<String> {
    let name = path.rsplit('/').next().filter(|name| !name.is_empty())?;
    let mut root = near;
    while let Some(parent) = root.parent() {
        root = parent;
    }
    let mut found = None;
    let mut open = vec![root];
    while let Some(node) = open.pop() {
        let child = node.get(name).filter(|child| child.parent() == Some(node));
        if let Some(child) = child
            && found.replace(child.id()).is_some()
        {
            return None;
        }
        let own = |child: &NodeRef<'_>| child.parent() == Some(node);
        open.extend(node.items().filter(own));
        open.extend(node.entries().map(|(_, value)| value).filter(own));
    }
    found.map(|id| tree.node(id).pointer())
}
