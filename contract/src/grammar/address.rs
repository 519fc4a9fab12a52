//! Addresses of channels and URLs of servers: what they use in `{…}`, and what is declared.

use std::collections::HashSet;

use super::report::listed;
use super::rule::{ADDRESS, UNDECLARED_PARAMETER, UNUSED_PARAMETER};
use super::walk::Walk;
use crate::diagnostic::{Diagnostic, Severity, shortened};
use crate::nearest::nearest;
use crate::source::Span;
use crate::tree::{Kind, NodeRef};

/// Checks the variables of a server.
pub(super) fn server<'t>(walk: &mut Walk<'_, 't>, server: NodeRef<'t>) {
    let place = server.get("url").or(server.get("host"));
    let Some(place) = place.filter(|place| place.as_str().is_some()) else { return };
    let texts = [Some(place), server.get("pathname")].into_iter().flatten();
    let used: Vec<Use<'_>> = texts.flat_map(|node| uses(walk, node)).collect();
    // The official tools do not look at servers of 3.x, nor where a URL has no variables.
    let is_looked_at = walk.version.is_2() && !used.is_empty();
    let severity = if is_looked_at { walk.by_the_tools() } else { Severity::Warning };
    let names = Names { what: "variable", list: "variables", used, severity };
    compare(walk, &names, server.get("variables"));
}

/// Checks the parameters of a channel of 3.x, and its address.
pub(super) fn channel<'t>(walk: &mut Walk<'_, 't>, channel: NodeRef<'t>) {
    if walk.version.is_2() {
        return;
    }
    let address = channel.get("address").filter(|address| address.as_str().is_some());
    let used = address.map_or_else(Vec::new, |address| uses(walk, address));
    let names = Names { what: "parameter", list: "parameters", used, severity: Severity::Error };
    compare(walk, &names, channel.get("parameters"));
    if let Some(address) = address.filter(|node| node.as_str().is_some_and(has_query)) {
        let text = address.as_str().unwrap_or_default();
        let message = format!("the address `{}` has a query or a fragment", shortened(text));
        let finding = Diagnostic::new(&ADDRESS, address.span(), message)
            .help("declare what follows the path in `bindings.ws.query`");
        walk.report_as(Severity::Warning, finding);
    }
}

/// Checks the parameters of the channels of 2.x, whose addresses are their keys.
pub(super) fn channels_of_2<'t>(walk: &mut Walk<'_, 't>) {
    for (key, channel) in walk.reading.entries(walk.root, "channels") {
        let Some(channel) = walk.reading.follow(channel) else { continue };
        let used: Vec<Use<'_>> =
            names_in(key.text).map(|name| Use { name, span: key.span }).collect();
        let severity = if used.is_empty() { Severity::Warning } else { walk.by_the_tools() };
        let names = Names { what: "parameter", list: "parameters", used, severity };
        compare(walk, &names, channel.get("parameters"));
    }
}

fn has_query(address: &str) -> bool {
    // A `?` inside of braces belongs to the template (RFC 6570).
    let mut depth = 0_u32;
    address.chars().any(|c| {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && matches!(c, '?' | '#')
    })
}

/// A name in an address.
struct Use<'t> {
    name: &'t str,
    span: Span,
}

/// The names in an address, with what they are called.
struct Names<'t> {
    what: &'static str,
    list: &'static str,
    used: Vec<Use<'t>>,
    /// How grave it is that a list of declarations does not match.
    severity: Severity,
}

fn uses<'t>(walk: &Walk<'_, 't>, node: NodeRef<'t>) -> Vec<Use<'t>> {
    let text = node.as_str().unwrap_or_default();
    let place = |name: &str| walk.reading.inside(node, &format!("{{{name}}}"));
    names_in(text).map(|name| Use { name, span: place(name) }).collect()
}

/// The names between braces.
fn names_in(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|pair| pair.0))
}

/// Names of one address that are complained of; nobody reads more.
const MAX_COMPLAINTS: usize = 20;

fn compare<'t>(walk: &mut Walk<'_, 't>, names: &Names<'t>, declared: Option<NodeRef<'t>>) {
    let Names { what, list, used, severity } = names;
    if declared.is_some_and(|node| node.kind() != Kind::Map) {
        return;
    }
    let entries = || declared.into_iter().flat_map(NodeRef::entries);
    let keys: HashSet<&str> = entries().map(|(key, _)| key.text).collect();
    let mut unknown: Vec<&Use<'t>> = Vec::new();
    let mut seen: HashSet<&str> = HashSet::new();
    unknown.extend(used.iter().filter(|each| seen.insert(each.name) && !keys.contains(each.name)));
    let unused = || entries().map(|(key, _)| key).filter(|key| !seen.contains(key.text));
    // One of the two is mistyped: that is one finding.
    let mut meant: Vec<&str> = Vec::new();
    for each in unknown.into_iter().take(MAX_COMPLAINTS) {
        let message = format!("`{{{}}}` is not declared under `{list}`", shortened(each.name));
        let finding = Diagnostic::new(&UNDECLARED_PARAMETER, each.span, message);
        let free = unused().map(|key| key.text).filter(|key| !meant.contains(key));
        let near = nearest(each.name, free);
        meant.extend(near);
        let name = shortened(each.name);
        let finding = match (declared, near) {
            (None, _) => finding.help(format!("declare it: `{list}: {{ {name}: {{}} }}`")),
            (_, Some(near)) => finding.help(format!("write `{{{near}}}`")),
            (Some(_), None) => {
                let names = entries().map(|(key, _)| key.text).take(MAX_COMPLAINTS);
                finding.label(format!("declared are {}", listed(names)))
            }
        };
        let severity = if declared.is_some() { *severity } else { Severity::Warning };
        walk.report_as(severity, finding);
    }
    for key in unused().filter(|key| key.text != "$ref" && !meant.contains(&key.text)) {
        let name = shortened(key.text);
        let message = format!("the {what} `{name}` is declared, and nothing uses it");
        let finding = Diagnostic::new(&UNUSED_PARAMETER, key.span, message)
            .help(format!("write `{{{name}}}` where it belongs, or remove it"));
        walk.report_as(*severity, finding);
    }
}
