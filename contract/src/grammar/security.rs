//! Security requirements of 2.x: names of schemes, each with scopes that the scheme has.

use super::report;
use super::rule::{DUPLICATE, SCOPES};
use super::walk::Walk;
use crate::check;
use crate::diagnostic::{Diagnostic, shortened};
use crate::tree::{Kind, NodeRef};

/// The kinds of schemes that have scopes.
const WITH_SCOPES: [&str; 2] = ["oauth2", "openIdConnect"];

/// Checks one requirement.
pub(super) fn requirement<'t>(walk: &mut Walk<'_, 't>, requirement: NodeRef<'t>) {
    let components = walk.reading.get(walk.root, "components");
    let schemes = components.and_then(|node| walk.reading.get(node, "securitySchemes"));
    for (name, scopes) in requirement.entries() {
        if scopes.kind() != Kind::List {
            walk.report(report::wrong_kind(scopes, "a list of scopes"));
            continue;
        }
        let mut seen: Vec<&str> = Vec::new();
        for scope in scopes.items() {
            match scope.as_str() {
                Some(text) if seen.contains(&text) => {
                    let message =
                        format!("the scope `{}` stands in the list twice", shortened(text));
                    walk.report(Diagnostic::new(&DUPLICATE, scope.span(), message));
                }
                Some(text) => seen.push(text),
                None => walk.report(report::wrong_kind(scope, "text")),
            }
        }
        match schemes.and_then(|schemes| schemes.get(name.text)) {
            None => walk.report(check::unknown_security_scheme(name, schemes)),
            Some(scheme) => {
                if let Some(scheme) = walk.reading.follow(scheme) {
                    self::scopes(walk, scheme, scopes);
                }
            }
        }
    }
}

fn scopes<'t>(walk: &mut Walk<'_, 't>, scheme: NodeRef<'t>, scopes: NodeRef<'t>) {
    let Some(kind) = scheme.get("type").and_then(NodeRef::as_str) else { return };
    if !WITH_SCOPES.contains(&kind) {
        if let Some(first) = scopes.items().next() {
            let message = format!("a security scheme of type `{}` has no scopes", shortened(kind));
            let finding = Diagnostic::new(&SCOPES, first.span(), message).help("write `[]`");
            walk.report_as(walk.by_the_text(), finding);
        }
        return;
    }
    if kind != "oauth2" {
        return;
    }
    let flows = scheme.get("flows").into_iter().flat_map(NodeRef::entries);
    let declared: Vec<&str> = flows
        .flat_map(|(_, flow)| flow.get("scopes").into_iter().flat_map(NodeRef::entries))
        .map(|(scope, _)| scope.text)
        .collect();
    for scope in scopes.items() {
        let Some(text) = scope.as_str().filter(|text| !declared.contains(text)) else { continue };
        let message = format!("no flow of the scheme has the scope `{}`", shortened(text));
        let mut finding = Diagnostic::new(&SCOPES, scope.span(), message);
        finding = finding.label(format!("scopes are {}", report::listed(declared.clone())));
        if let Some(near) = crate::nearest::nearest(text, declared.clone()) {
            finding = finding.help(format!("write `{near}`"));
        }
        walk.report_as(walk.by_the_tools(), finding);
    }
}
