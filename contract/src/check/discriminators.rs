//! Discriminators that a value may lack.

use super::Checking;
use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::document::Version;
use crate::schema::facets::collect;

/// `schema/discriminator-not-required`
pub(super) static NOT_REQUIRED: Rule = Rule {
    id: "schema/discriminator-not-required",
    severity: Severity::Warning,
    page: "\
A schema names a `discriminator`, and its values may lack that property, or the schema does not
know it. Then nothing says which alternative a value is. The specification demands that the
property is defined and required; in AsyncAPI 2.0 and 2.1, whose compatibility kit checks it, this
is an error.

Wrong:

```yaml
components:
  schemas:
    Trade:
      type: object
      discriminator: kind
      properties: { kind: { type: string } }
```

Right:

```yaml
components:
  schemas:
    Trade:
      type: object
      discriminator: kind
      required: [kind]
      properties: { kind: { type: string } }
```
",
};

pub(super) fn check(checking: &Checking<'_, '_>) {
    let schemas = &checking.contract.schemas;
    for (id, schema, node) in checking.schemas() {
        let Some(discriminator) = &schema.about.discriminator else { continue };
        let facets = collect(schemas, &[id], &[]);
        // Beside a union the alternatives may say it.
        let alternatives: Vec<_> =
            facets.unions.iter().flat_map(|union| union.branches.iter().copied()).collect();
        let property = &discriminator.property;
        let has = |facets: &crate::schema::facets::Facets| {
            facets.required.contains(property)
                && facets.properties.iter().any(|(name, _)| name == property)
        };
        let is_required = has(&facets)
            || !alternatives.is_empty()
                && alternatives.iter().all(|each| has(&collect(schemas, &[id, *each], &[])));
        if is_required {
            continue;
        }
        let is_known = facets.properties.iter().any(|(name, _)| name == property);
        let message = if is_known {
            format!("the discriminator `{property}` may be missing: it is not among `required`")
        } else {
            format!("the discriminator `{property}` is none of the schema's properties")
        };
        let place = node.get("discriminator").unwrap_or(node);
        let mut finding = Diagnostic::new(&NOT_REQUIRED, place.span(), message);
        finding = finding.help(if is_known {
            format!("add `{property}` to `required`")
        } else {
            format!("declare `{property}` under `properties`, and as `required`")
        });
        if checking.contract.version <= Version::V2_1 {
            finding.severity = Severity::Error;
        }
        checking.reading.report(finding);
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::diagnose::diagnose;

    #[test]
    fn a_discriminator_is_defined_and_required() {
        assert_snapshot!(diagnose(
            "
components:
  schemas:
    Pet: { type: object, discriminator: kind, properties: { kind: { type: string } } }
    Toy: { type: object, discriminator: kind, required: [kind], properties: { name: { type: string } } }
    Fine:
      discriminator: kind
      oneOf:
        - { type: object, required: [kind], properties: { kind: { const: a } } }
        - { type: object, required: [kind], properties: { kind: { const: b } } }
"
        ), @"
        warning[schema/discriminator-not-required]: the discriminator `kind` may be missing: it is not among `required`
         --> a.yaml:5:41
          |
        5 |     Pet: { type: object, discriminator: kind, properties: { kind: { type: string } } }
          |                                         ^^^^
          = help: add `kind` to `required`

        warning[schema/discriminator-not-required]: the discriminator `kind` is none of the schema's properties
         --> a.yaml:6:41
          |
        6 |     Toy: { type: object, discriminator: kind, required: [kind], properties: { name: { type: string } } }
          |                                         ^^^^
          = help: declare `kind` under `properties`, and as `required`
        ");
    }
}
