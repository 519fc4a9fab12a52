//! Integers that JavaScript rounds.

use json::{Json, Number};

use super::Checking;
use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::schema::facets::collect;
use crate::schema::shape::{Integer, Part};
use crate::schema::{Rule as Demand, Schema, Shape};
use crate::tree::NodeRef;

/// `number/inexact-in-javascript`
pub(super) static INEXACT: Rule = Rule {
    id: "number/inexact-in-javascript",
    severity: Severity::Warning,
    page: "\
An integer may be larger than 2^53 - 1 (9007199254740991), and reaches JavaScript as a `number`,
which rounds it there: 9007199254740993 arrives as 9007199254740992. `format: int64` makes it a
`bigint` in generated TypeScript (unless integers are asked for as numbers, and then this rule
speaks of them, too), `type: string` keeps its digits in every client.

Reported are integers without `format` that have a bound or a value beyond 2^53 - 1. One without
any bound is taken to be small.

Wrong:

```yaml
components:
  schemas:
    OrderId: { type: integer, minimum: 0, maximum: 9223372036854775807 }
```

Right:

```yaml
components:
  schemas:
    OrderId: { type: integer, format: int64 }
```
",
};

/// The largest integer of which JavaScript knows all below it.
const MAX_SAFE: i64 = 9_007_199_254_740_991;

pub(super) fn check(checking: &Checking<'_, '_>) {
    let contract = checking.contract;
    for (_, entry) in contract.shapes.iter() {
        let is_written = (entry.schema.0 as usize) < checking.written;
        if !is_written || entry.part == Part::Unspoken {
            continue;
        }
        let declared = match &entry.shape {
            Shape::Integer(Integer::Plain) => false,
            Shape::Literals { .. } => false,
            Shape::Integer(Integer::I64 | Integer::U64) if checking.int64_as_number => true,
            // With a bound beyond 63 bits it is a `bigint`, as with `int64`.
            _ => continue,
        };
        let schema = contract.schemas.get(entry.schema);
        let node = checking.reading.tree.node(schema.origin.node);
        let facets = collect(&contract.schemas, &[entry.schema], &[]);
        let beyond = |bound: &Option<Number<'static>>| bound.as_ref().is_some_and(is_beyond);
        let within =
            |bound: &Option<Number<'static>>| bound.as_ref().is_some_and(|bound| !is_beyond(bound));
        let is_inexact = if declared {
            !(within(&facets.minimum) && within(&facets.maximum))
        } else {
            beyond(&facets.minimum) || beyond(&facets.maximum) || has_large_value(schema)
        };
        if is_inexact {
            report(checking, node, declared);
        }
    }
}

fn report(checking: &Checking<'_, '_>, node: NodeRef<'_>, declared: bool) {
    let keys = ["maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum", "const", "format"];
    let place = keys.into_iter().find_map(|key| node.entry(key)).map(|(key, _)| key.span);
    let message = "an integer may be beyond 2^53 - 1, where JavaScript rounds it";
    let finding = Diagnostic::new(&INEXACT, place.unwrap_or(node.span().at_start()), message);
    checking.reading.report(if declared {
        finding.help("generate `bigint` for `int64`, bound it below 2^53, or make it text")
    } else {
        finding.help("add `format: int64`, bound it below 2^53, or make it text")
    });
}

fn is_beyond(number: &Number<'static>) -> bool {
    *number > Number::from(MAX_SAFE) || *number < Number::from(-MAX_SAFE)
}

fn has_large_value(schema: &Schema) -> bool {
    let large = |value: &Json<'static>| match value {
        Json::Number(number) => number.is_integer() && is_beyond(number),
        _ => false,
    };
    schema.rules.iter().any(|rule| match rule {
        Demand::Constant(value) => large(value),
        Demand::Enum(values) => values.iter().any(large),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::Options;
    use crate::diagnose::{diagnose, diagnostics};

    #[test]
    fn integers_beyond_2_to_53_without_a_format_are_pointed_at() {
        assert_snapshot!(diagnose(
            "
components:
  schemas:
    Large: { type: integer, maximum: 9007199254740992 }
    Value: { enum: [1, 9007199254740993] }
    Declared: { type: integer, format: int64 }
    Safe: { type: integer, maximum: 9007199254740991, minimum: -9007199254740991 }
    Unbounded: { type: integer }
    Unsigned: { type: integer, minimum: 0, maximum: 18446744073709551615 }
"
        ), @"
        warning[number/inexact-in-javascript]: an integer may be beyond 2^53 - 1, where JavaScript rounds it
         --> a.yaml:5:29
          |
        5 |     Large: { type: integer, maximum: 9007199254740992 }
          |                             ^^^^^^^
          = help: add `format: int64`, bound it below 2^53, or make it text

        warning[number/inexact-in-javascript]: an integer may be beyond 2^53 - 1, where JavaScript rounds it
         --> a.yaml:6:12
          |
        6 |     Value: { enum: [1, 9007199254740993] }
          |            ^
          = help: add `format: int64`, bound it below 2^53, or make it text
        ");
    }

    #[test]
    fn int64_as_number_is_pointed_at_unless_it_is_bounded() {
        let schemas = "
components:
  schemas:
    Declared: { type: integer, format: int64 }
    Safe: { type: integer, format: int64, minimum: 0, maximum: 4102444800000 }
";
        let options = Options { int64_as_number: true, ..Options::default() };
        assert_snapshot!(diagnostics("3.0.0", schemas, &options), @"
        warning[number/inexact-in-javascript]: an integer may be beyond 2^53 - 1, where JavaScript rounds it
         --> a.yaml:5:32
          |
        5 |     Declared: { type: integer, format: int64 }
          |                                ^^^^^^
          = help: generate `bigint` for `int64`, bound it below 2^53, or make it text
        ");
    }
}
