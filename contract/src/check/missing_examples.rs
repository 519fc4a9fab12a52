//! Messages without an example.

use super::Checking;
use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::tree::Segment;

/// `documentation/missing-example`
pub(super) static MISSING: Rule = Rule {
    id: "documentation/missing-example",
    severity: Severity::Pedantic,
    page: "\
A message has no example, neither of its own nor of its payload's schema. Reference pages and mocks
show examples, and tests decode them.

Wrong:

```yaml
channels:
  ticks:
    address: /ticks
    description: Prices.
    messages: { tick: { summary: A price., payload: { type: number } } }
```

Right:

```yaml
channels:
  ticks:
    address: /ticks
    description: Prices.
    messages:
      tick: { summary: A price., payload: { type: number }, examples: [{ payload: 1.5 }] }
```
",
};

pub(super) fn check(checking: &Checking<'_, '_>) {
    let contract = checking.contract;
    for message in &contract.messages {
        let schema = contract.schemas.get(contract.schemas.target(message.payload));
        let has_example = message.examples.iter().any(|example| example.payload.is_some())
            || !schema.about.examples.is_empty();
        if has_example {
            continue;
        }
        let node = checking.reading.tree.node(message.origin.node);
        let place = match node.segment() {
            Some(Segment::Key(key)) => key.span,
            _ => node.span().at_start(),
        };
        checking.reading.report(
            Diagnostic::new(&MISSING, place, format!("message `{}` has no example", message.key))
                .help("write one under `examples`: `{ payload: … }`"),
        );
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::diagnose::diagnose_pedantically;

    #[test]
    fn a_message_without_example_is_named() {
        assert_snapshot!(diagnose_pedantically(
            "
channels:
  ticks:
    address: /ticks
    title: Ticks
    messages:
      tick: { title: A tick, payload: { type: number } }
      said: { title: A word, payload: { type: string, examples: [yes] } }
"
        ), @"
        pedantic[documentation/missing-example]: message `tick` has no example
         --> a.yaml:8:7
          |
        8 |       tick: { title: A tick, payload: { type: number } }
          |       ^^^^
          = help: write one under `examples`: `{ payload: … }`
        ");
    }
}
