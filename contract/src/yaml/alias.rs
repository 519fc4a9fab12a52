//! Aliases and merge keys: one node in several places, never a copy of it.
//!
//! What following them would cost is counted and bounded: see [`Limits`](crate::Limits).

use std::collections::HashSet;

use super::rule::{ALIAS_EXPANSION, DUPLICATE_KEY, UNKNOWN_ALIAS, UNSUPPORTED};
use super::{Awaited, Finished, Inside, Merge, Open, Reader};
use crate::diagnostic::Diagnostic;
use crate::nearest::nearest;
use crate::source::Span;
use crate::text::Stop;
use crate::tree::{Child, Kind};

impl Reader<'_, '_> {
    pub(super) fn remember(&mut self, anchor: usize, node: Finished) {
        if anchor != 0 {
            let child = Child::Alias(node.child.id());
            self.anchors.insert(anchor, Finished { child, ..node });
        }
    }

    pub(super) fn alias(&mut self, anchor: usize, span: Span) -> Result<(), Stop> {
        self.last_end = span.end as usize;
        let Some(&target) = self.anchors.get(&anchor) else {
            let name = self.written(span);
            let message = format!("the alias `{name}` is part of what it names");
            let finding = Diagnostic::new(&UNKNOWN_ALIAS, span, message)
                .help("a document cannot contain itself; use `$ref` for a type that does");
            self.report.add(finding)?;
            return self.put_null(span);
        };
        if self.awaits_key() {
            let text = self.builder.node(target.child.id()).as_str().map(str::to_owned);
            return match text {
                Some(text) => self.key(&text, false, span),
                None => self.no_key(span, "a key is an alias of something that is not a string"),
            };
        }
        self.aliased = self.aliased.saturating_add(target.size);
        if self.aliased > self.limits.max_aliased_nodes {
            let max = self.limits.max_aliased_nodes;
            let message = format!("aliases would add more than {max} values to the document");
            let finding = Diagnostic::new(&ALIAS_EXPANSION, span, message)
                .label("this alias is one too many")
                .related(self.builder.node(target.child.id()).span(), "it names this");
            return Err(self.report.stop(finding));
        }
        if self.open.len() + target.height > self.limits.max_depth {
            return Err(self.too_deep(span));
        }
        self.put(target)
    }

    pub(super) fn unknown_alias(&mut self, name: &str, span: Span) -> Result<(), Stop> {
        self.last_end = span.end as usize;
        let mut finding = Diagnostic::new(
            &UNKNOWN_ALIAS,
            span,
            format!("there is no anchor `&{name}` before this alias"),
        );
        finding = match nearest(name, self.anchor_names.iter().map(|name| &**name)) {
            Some(nearest) => finding.help(format!("write `*{nearest}`")),
            None => {
                finding.help(format!("to start a text with `*`, put it in quotes: `'*{name}'`"))
            }
        };
        self.report.add(finding)?;
        if self.awaits_key() {
            self.await_now(Awaited::Nothing);
            return Ok(());
        }
        self.put_null(span)
    }

    /// Awaits what a merge key names.
    pub(super) fn merge_key(&mut self, span: Span) -> Result<(), Stop> {
        let earlier = match self.open.last() {
            Some(Open { inside: Inside::Object { merges, .. }, .. }) => merges.first(),
            _ => None,
        };
        if let Some(first) = earlier.map(|merge| merge.key) {
            let finding = Diagnostic::new(
                &DUPLICATE_KEY,
                span,
                "the merge key `<<` appears twice in one object",
            )
            .label("here again")
            .related(first, "here first")
            .help("write one of them with a list: `<<: [*one, *other]`");
            self.report.add(finding)?;
        }
        self.await_now(Awaited::Merged(span));
        Ok(())
    }

    /// Adds the entries that merge keys name to those of the open object that start at `first`: of
    /// equal keys the own one counts, then that of the merge named first.
    pub(super) fn merge(&mut self, merges: &[Merge], first: usize) -> Result<(), Stop> {
        if merges.is_empty() {
            return Ok(());
        }
        let mut added = Vec::new();
        let mut wrong = Vec::new();
        let own = self.entries[first..].iter().map(|entry| self.builder.text(entry.key));
        let mut known: HashSet<&str> = own.collect();
        for merge in merges {
            let named = self.builder.node(merge.value.child.id());
            let is_own = matches!(merge.value.child, Child::Own(_));
            let one = (named.kind() != Kind::List).then_some((named, is_own));
            let several = named.items().map(|item| (item, is_own && item.parent() == Some(named)));
            for (map, is_own) in one.into_iter().chain(several) {
                if map.kind() != Kind::Map {
                    wrong.push((merge.key, map.kind()));
                }
                for entry in self.builder.entries_of(map.id()) {
                    if known.insert(self.builder.text(entry.key)) {
                        // What is written out at the merge key stands here; the rest elsewhere.
                        let id = entry.value.id();
                        let value = if is_own { Child::Own(id) } else { Child::Alias(id) };
                        added.push(entry.key.with(value));
                    }
                }
            }
        }
        self.entries.extend(added);
        for (key, kind) in wrong {
            let message = format!("the merge key `<<` names {}", kind.article());
            let finding = Diagnostic::new(&UNSUPPORTED, key, message)
                .help("name an object or a list of objects: `<<: *other`");
            self.report.add(finding)?;
        }
        Ok(())
    }
}
