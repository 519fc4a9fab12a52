//! Schemas that mean a type without saying so.

use super::Checking;
use crate::diagnostic::{Diagnostic, Rule, Severity};

/// `schema/implied-type`
pub(super) static IMPLIED: Rule = Rule {
    id: "schema/implied-type",
    severity: Severity::Pedantic,
    page: "\
A schema has no `type`, and its keywords speak of one type only. By JSON Schema draft-07 such a
schema allows any value of other types: `properties` say nothing about a text. People mean the
type, so generated types and checks have it; other tools take the schema literally.

Wrong:

```yaml
components:
  schemas:
    Bar: { description: A bar., properties: { close: { description: Price., type: number } } }
```

Right:

```yaml
components:
  schemas:
    Bar:
      description: A bar.
      type: object
      properties: { close: { description: Price., type: number } }
```
",
};

pub(super) fn check(checking: &Checking<'_, '_>) {
    for (id, types) in checking.implied {
        if id.0 as usize >= checking.written {
            continue;
        }
        let schema = checking.contract.schemas.get(*id);
        let node = checking.reading.tree.node(schema.origin.node);
        let place = node.entries().next().map_or(node.span(), |(key, _)| key.span);
        let names: Vec<String> = types.iter().map(|each| format!("`{}`", each.name())).collect();
        let names = names.join(" or ");
        let message = format!("the schema does not say that it means type {names}");
        checking.reading.report(
            Diagnostic::new(&IMPLIED, place, message)
                .help(format!("write `type: {}`", names.trim_matches('`'))),
        );
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::diagnose::diagnose_pedantically;

    #[test]
    fn a_type_that_is_meant_is_named() {
        assert_snapshot!(diagnose_pedantically(
            "
components:
  schemas:
    Bar: { description: A., properties: { close: { description: A., minimum: 0 } } }
    Any: { description: A. }
    Said: { description: A., type: object, properties: {} }
"
        ), @"
        pedantic[schema/implied-type]: the schema does not say that it means type `object`
         --> a.yaml:5:12
          |
        5 |     Bar: { description: A., properties: { close: { description: A., minimum: 0 } } }
          |            ^^^^^^^^^^^
          = help: write `type: object`

        pedantic[schema/implied-type]: the schema does not say that it means type `number`
         --> a.yaml:5:52
          |
        5 |     Bar: { description: A., properties: { close: { description: A., minimum: 0 } } }
          |                                                    ^^^^^^^^^^^
          = help: write `type: number`
        ");
    }
}
