//! Components that nothing uses.

use std::collections::HashSet;

use super::Checking;
use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::tree::{NodeId, NodeRef};

/// `component/unused`
pub(super) static UNUSED: Rule = Rule {
    id: "component/unused",
    severity: Severity::Warning,
    page: "\
A component is referred to by nothing that the document's servers, channels and operations lead
to. It may be left over, or the reference that was meant to name it names something else. A
document that has components only is a library, and none of them is reported.

A schema is used, too, if it is an alternative of a schema with a `discriminator` that is used.

Wrong:

```yaml
channels:
  ticks: { address: /ticks, messages: { tick: { payload: { type: number } } } }
components:
  schemas:
    Price: { type: number }
```

Right:

```yaml
channels:
  ticks:
    address: /ticks
    messages: { tick: { payload: { $ref: '#/components/schemas/Price' } } }
components:
  schemas:
    Price: { type: number }
```
",
};

pub(super) fn check(checking: &Checking<'_, '_>) {
    let reading = checking.reading;
    let Some(components) = reading.get(checking.root, "components") else { return };
    let mut reached = Reached { checking, nodes: HashSet::new() };
    let users = ["servers", "channels", "operations"];
    let has_users = users
        .iter()
        .filter_map(|section| reading.get(checking.root, section))
        .any(|section| section.entries().next().is_some());
    if !has_users {
        return;
    }
    let others = checking.root.entries().filter(|(key, _)| key.text != "components");
    reached.from(others.map(|(_, node)| node).collect());
    let required = reached.required_schemes();
    let schemes = reading.entries(components, "securitySchemes");
    reached
        .from(schemes.filter(|(key, _)| required.contains(key.text)).map(|pair| pair.1).collect());
    reached.subtypes(components);
    for (section, nodes) in components.entries().filter(|(key, _)| !key.text.starts_with("x-")) {
        for (key, node) in nodes.entries() {
            if reached.has(node) || key.text == "$ref" {
                continue;
            }
            let message = format!("nothing uses `{}` of `components.{}`", key.text, section.text);
            reading.report(
                Diagnostic::new(&UNUSED, key.span, message)
                    .help("remove it, or refer to it where it belongs"),
            );
        }
    }
}

/// The nodes that a walk along references has met.
struct Reached<'r, 'c, 't> {
    checking: &'r Checking<'c, 't>,
    nodes: HashSet<NodeId>,
}

impl<'t> Reached<'_, '_, 't> {
    fn from(&mut self, nodes: Vec<NodeRef<'t>>) {
        let mut open = nodes;
        while let Some(node) = open.pop() {
            if !self.nodes.insert(node.id()) {
                continue;
            }
            if node.get("$ref").is_some() {
                open.extend(self.checking.reading.hop(node));
            }
            // What the names in a `mapping` lead to is used, too.
            if let Some(mapping) = node.get("discriminator").and_then(|node| node.get("mapping")) {
                let named = mapping
                    .entries()
                    .filter_map(|(_, name)| self.checking.reading.named_schema(name));
                open.extend(named);
            }
            open.extend(node.items().chain(node.entries().map(|(_, value)| value)));
        }
    }

    /// Whether a node, or something inside of it, was met from outside.
    fn has(&self, node: NodeRef<'t>) -> bool {
        let mut open = vec![node];
        while let Some(node) = open.pop() {
            if self.nodes.contains(&node.id()) {
                return true;
            }
            open.extend(node.items().chain(node.entries().map(|(_, value)| value)));
        }
        false
    }

    /// The schemes that requirements of 2.x name: the keys of the items of `security`.
    fn required_schemes(&self) -> HashSet<&'t str> {
        let tree = self.checking.reading.tree;
        let nodes = self.nodes.iter().map(|id| tree.node(*id));
        let lists = nodes.filter_map(|node| node.get("security"));
        lists.flat_map(NodeRef::items).flat_map(NodeRef::entries).map(|(key, _)| key.text).collect()
    }

    /// Schemas that extend a used one which tells them apart by a `discriminator`.
    fn subtypes(&mut self, components: NodeRef<'t>) {
        let reading = self.checking.reading;
        let mut left: Vec<NodeRef<'t>> =
            reading.entries(components, "schemas").map(|(_, node)| node).collect();
        let mut family: HashSet<NodeId> = HashSet::new();
        loop {
            let extends = |schema: &NodeRef<'t>| {
                let parts = schema.get("allOf").into_iter().flat_map(NodeRef::items);
                parts.filter_map(|part| reading.hop(part)).any(|base| {
                    let tells_apart = base.get("discriminator").is_some();
                    self.nodes.contains(&base.id()) && (tells_apart || family.contains(&base.id()))
                })
            };
            let (found, others): (Vec<_>, Vec<_>) = left.into_iter().partition(extends);
            if found.is_empty() {
                break;
            }
            family.extend(found.iter().map(|schema| schema.id()));
            self.from(found);
            left = others;
        }
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::diagnose::{diagnose, diagnose_as};

    #[test]
    fn a_component_that_nothing_leads_to_is_named() {
        assert_snapshot!(diagnose(
            "
channels:
  ticks: { address: /ticks, messages: { tick: { $ref: '#/components/messages/tick' } } }
components:
  messages:
    tick: { payload: { $ref: '#/components/schemas/Tick/properties/inner' } }
    other: { payload: { type: string } }
  schemas:
    Tick: { type: object, properties: { inner: { type: number } } }
    Loop: { type: object, properties: { next: { $ref: '#/components/schemas/Loop' } } }
"
        ), @"
        warning[component/unused]: nothing uses `other` of `components.messages`
         --> a.yaml:8:5
          |
        8 |     other: { payload: { type: string } }
          |     ^^^^^
          = help: remove it, or refer to it where it belongs

        warning[component/unused]: nothing uses `Loop` of `components.schemas`
          --> a.yaml:11:5
           |
        11 |     Loop: { type: object, properties: { next: { $ref: '#/components/schemas/Loop' } } }
           |     ^^^^
           = help: remove it, or refer to it where it belongs
        ");
        assert_snapshot!(diagnose(
            "
components:
  schemas:
    Library: { type: number }
"
        ), @"nothing");
    }

    #[test]
    fn what_a_discriminator_tells_apart_is_used() {
        assert_snapshot!(diagnose(
            "
channels:
  pets: { address: /pets, messages: { pet: { payload: { $ref: '#/components/schemas/Pet' } } } }
components:
  schemas:
    Pet: { type: object, discriminator: kind, required: [kind], properties: { kind: { type: string } } }
    Cat: { allOf: [{ $ref: '#/components/schemas/Pet' }, { type: object }] }
    Lion: { allOf: [{ $ref: '#/components/schemas/Cat' }, { type: object }] }
"
        ), @"nothing");
    }

    #[test]
    fn a_scheme_that_a_requirement_names_is_used() {
        assert_snapshot!(diagnose_as("2.6.0",
            "
channels: {}
servers:
  one: { url: a.b, protocol: ws, security: [{ token: [] }] }
components:
  securitySchemes:
    token: { type: http, scheme: bearer }
    key: { type: apiKey, in: user }
"
        ), @"
        warning[component/unused]: nothing uses `key` of `components.securitySchemes`
         --> a.yaml:9:5
          |
        9 |     key: { type: apiKey, in: user }
          |     ^^^
          = help: remove it, or refer to it where it belongs
        ");
    }
}
