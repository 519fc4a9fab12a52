//! Bindings: which protocol, which edition of its bindings, and whether what stands there fits it.
//!
//! In: maps from protocol to binding. Out: findings. In 3.x the edition is the one that
//! `bindingVersion` names; in 2.x, whose JSON Schemas let anything stand, a binding without one may be
//! written for any edition, so each is tried.

use super::Walk;
use super::name::is_extension;
use crate::diagnostic::{Diagnostic, Severity, shortened};
use crate::grammar::binding::{Edition, PROTOCOLS, Protocol};
use crate::grammar::report;
use crate::grammar::rule::{BINDING_VERSION, UNKNOWN_PROTOCOL};
use crate::grammar::table::{Holder, Object};
use crate::nearest::nearest;
use crate::tree::{Key, NodeRef};

impl<'t> Walk<'_, 't> {
    /// The bindings of something: a key for each protocol.
    pub(super) fn bindings(&mut self, node: NodeRef<'t>, holder: Holder) {
        for (key, binding) in node.entries() {
            if is_extension(key.text) {
                self.extension(binding);
                continue;
            }
            let protocol = PROTOCOLS.iter().find(|protocol| protocol.name == key.text);
            let known = protocol.filter(|each| self.version.is_2() || each.since <= self.version);
            match known {
                Some(protocol) => self.binding(binding, protocol, holder),
                None => self.unknown_protocol(key),
            }
        }
    }

    fn unknown_protocol(&mut self, key: Key<'t>) {
        let names = PROTOCOLS
            .iter()
            .filter(|protocol| protocol.since <= self.version)
            .map(|protocol| protocol.name);
        let message = format!("no bindings are defined for `{}`", shortened(key.text));
        let mut finding = Diagnostic::new(&UNKNOWN_PROTOCOL, key.span, message);
        let meant = match key.text {
            "websocket" | "websockets" | "wss" => Some("ws"),
            "https" => Some("http"),
            text => nearest(text, names.clone()),
        };
        finding = match meant {
            Some(meant) => finding.help(format!("write `{meant}`")),
            None => finding.label(format!("protocols are {}", report::listed(names))),
        };
        if !self.version.is_2() {
            self.report(finding);
        } else if meant.is_some() {
            self.report_as(Severity::Warning, finding);
        }
    }

    fn binding(&mut self, node: NodeRef<'t>, protocol: &'static Protocol, holder: Holder) {
        let editions = protocol.editions(holder);
        if editions.is_empty() {
            return;
        }
        let gravest = self.gravest;
        if self.version.is_2() {
            // The JSON Schemas of 2.x let anything stand.
            self.gravest = self.by_the_text();
        }
        match self.reading.follow(node) {
            Some(target) if self.version.is_2() => self.binding_of_2(target, editions),
            Some(_) => self.binding_of_3(node, editions),
            None => {}
        }
        self.gravest = gravest;
    }

    fn binding_of_3(&mut self, node: NodeRef<'t>, editions: &'static [Edition]) {
        let known = || editions.iter().filter(|edition| edition.in_3);
        let edition = match written_version(node) {
            None => known().next(),
            Some(text) => known().find(|edition| edition.version == text),
        };
        match edition {
            Some(edition) => self.object(node, edition.object),
            None => self.unknown_edition(node, known()),
        }
    }

    fn binding_of_2(&mut self, node: NodeRef<'t>, editions: &'static [Edition]) {
        let written = written_version(node);
        if let Some(text) = written
            && let Some(edition) = editions.iter().find(|edition| edition.version == text)
        {
            return self.object(node, edition.object);
        }
        if written.is_some() {
            let gravest = std::mem::replace(&mut self.gravest, Severity::Warning);
            self.unknown_edition(node, editions.iter());
            self.gravest = gravest;
        }
        // Written for any edition, it fits one of them; if none, the newest says what is wrong.
        let fitting = editions.iter().find(|edition| self.fits(node, edition.object));
        if let Some(edition) = fitting.or(editions.first()) {
            self.object(node, edition.object);
        }
    }

    /// Whether nothing is wrong with a node as this object.
    fn fits(&mut self, node: NodeRef<'t>, object: &'static Object) -> bool {
        let (findings, references, schemas) =
            (self.findings.len(), self.references.len(), self.schemas.len());
        let is_trial = std::mem::replace(&mut self.is_trial, true);
        self.object(node, object);
        self.is_trial = is_trial;
        let fits = self.findings.len() == findings;
        self.findings.truncate(findings);
        self.references.truncate(references);
        self.schemas.truncate(schemas);
        fits
    }

    fn unknown_edition(
        &mut self,
        node: NodeRef<'t>,
        known: impl Iterator<Item = &'static Edition>,
    ) {
        let Some(place) = node.get("bindingVersion") else { return };
        let names: Vec<&str> = known.map(|edition| edition.version).collect();
        let text = place.as_str().unwrap_or_default();
        let message = format!(
            "`{}` is no version of this binding in AsyncAPI {}",
            shortened(text),
            self.version
        );
        self.report(
            Diagnostic::new(&BINDING_VERSION, place.span(), message)
                .label(format!("versions are {}", report::listed(names))),
        );
    }
}

/// `bindingVersion`, unless the newest is meant.
fn written_version(node: NodeRef<'_>) -> Option<&str> {
    node.get("bindingVersion").and_then(NodeRef::as_str).filter(|text| *text != "latest")
}
