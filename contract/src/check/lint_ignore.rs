//! `x-lint-ignore`: rules that an object, and everything inside of it, is excepted from.

use crate::diagnostic::{Diagnostic, Place, Rule, Severity};
use crate::nearest::nearest;
use crate::reading::{Reading, written};
use crate::source::Span;
use crate::tree::{Kind, NodeRef, Segment, Tree};

/// The key.
const KEY: &str = "x-lint-ignore";

/// `lint/unknown-rule`
pub(super) static UNKNOWN_RULE: Rule = Rule {
    id: "lint/unknown-rule",
    severity: Severity::Warning,
    page: "\
`x-lint-ignore` silences rules for the object that has it and for everything inside of it; at the
root, for the whole file. It is a list of rule ids, or of one. This finding says that an id in it
names no rule, so that nothing is silenced by it, or that what the rule finds here is an error,
which cannot be silenced: nothing can be generated then.

Wrong:

```yaml
components:
  schemas:
    Bar: { type: object, x-lint-ignore: [schema/implied-typ] }
```

Right:

```yaml
components:
  schemas:
    Bar: { type: object, x-lint-ignore: [schema/implied-type] }
```
",
};

/// Something that is excepted from rules.
struct Exception<'t> {
    /// From the key that holds the object to the object's end.
    extent: Span,
    rules: Vec<&'t str>,
}

/// Drops the findings that the document excepts itself from, and reports exceptions from no rule.
pub(crate) fn silence(reading: &Reading<'_>, findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    if !reading.contains(KEY) {
        return findings;
    }
    let rules = crate::rules();
    let mut exceptions = Vec::new();
    let mut unknown = Vec::new();
    for holder in holders(reading.tree) {
        let Some(list) = holder.get(KEY) else { continue };
        let ids: Vec<NodeRef<'_>> =
            if list.kind() == Kind::List { list.items().collect() } else { vec![list] };
        let extent = extent(holder);
        for id in &ids {
            let text = written(*id);
            if !rules.iter().any(|rule| rule.id == text) {
                let message = format!("there is no rule `{text}`");
                let mut finding = Diagnostic::new(&UNKNOWN_RULE, id.span(), message);
                if let Some(near) = nearest(&text, rules.iter().map(|rule| rule.id)) {
                    finding = finding.help(format!("write `{near}`"));
                }
                unknown.push(finding);
            } else if findings.iter().any(|it| is_error_within(it, &text, extent)) {
                let message = format!("`{text}` is an error here, which cannot be silenced");
                unknown.push(Diagnostic::new(&UNKNOWN_RULE, id.span(), message));
            }
        }
        let rules = ids.iter().filter_map(|id| id.as_str()).collect();
        exceptions.push(Exception { extent, rules });
    }
    let mut kept = findings;
    kept.extend(unknown);
    if !exceptions.is_empty() {
        kept.retain(|finding| !is_excepted(finding, &exceptions));
    }
    kept
}

fn is_excepted(finding: &Diagnostic, exceptions: &[Exception<'_>]) -> bool {
    finding.severity != Severity::Error
        && exceptions.iter().any(|exception| {
            exception.rules.contains(&finding.rule.id) && is_within(finding, exception.extent)
        })
}

fn is_error_within(finding: &Diagnostic, rule: &str, extent: Span) -> bool {
    finding.severity == Severity::Error && finding.rule.id == rule && is_within(finding, extent)
}

fn is_within(finding: &Diagnostic, extent: Span) -> bool {
    let Place::Text(place) = finding.place else { return false };
    extent.file == place.file && (extent.start..=extent.end).contains(&place.start)
}

/// The objects that have the key, of all files.
fn holders(tree: &Tree) -> impl Iterator<Item = NodeRef<'_>> {
    tree.nodes().filter(|node| node.get(KEY).is_some())
}

/// From the key under which an object stands to its end.
fn extent(holder: NodeRef<'_>) -> Span {
    match (holder.parent(), holder.segment()) {
        (None, _) => {
            // The whole file.
            let span = holder.span();
            Span { start: 0, end: u32::MAX, ..span }
        }
        (Some(_), Some(Segment::Key(key))) => key.span.to(holder.span()),
        _ => holder.span(),
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::diagnose::diagnose;

    #[test]
    fn an_object_excepts_itself_and_what_is_inside() {
        assert_snapshot!(diagnose(
            "
components:
  schemas:
    A: { x-lint-ignore: [example/contradicts-schema], type: object, properties: { a: { type: string, examples: [1] } } }
    B: { x-lint-ignore: default/contradicts-schema, type: string, default: 1, examples: [1] }
    C: { type: string, default: 1 }
"
        ), @"
        warning[example/contradicts-schema]: the example contradicts its schema: expected string, got number
         --> a.yaml:6:90
          |
        6 |     B: { x-lint-ignore: default/contradicts-schema, type: string, default: 1, examples: [1] }
          |                                                                                          ^ breaks `type`

        warning[default/contradicts-schema]: the default contradicts its schema: expected string, got number
         --> a.yaml:7:33
          |
        7 |     C: { type: string, default: 1 }
          |                                 ^ breaks `type`
        ");
    }

    #[test]
    fn the_root_excepts_the_whole_file() {
        assert_snapshot!(diagnose(
            "
channels:
  a: { address: /a }
components:
  schemas: { A: { type: string, default: 1 } }
x-lint-ignore: [component/unused, default/contradicts-schema]
"
        ), @"nothing");
    }

    #[test]
    fn an_exception_from_no_rule_is_told() {
        assert_snapshot!(diagnose(
            "
components:
  schemas:
    A: { x-lint-ignore: [example/contradicts-schem, schema/keyword], type: string, minLength: x }
"
        ), @"
        warning[lint/unknown-rule]: there is no rule `example/contradicts-schem`
         --> a.yaml:5:26
          |
        5 |     A: { x-lint-ignore: [example/contradicts-schem, schema/keyword], type: string, minLength: x }
          |                          ^^^^^^^^^^^^^^^^^^^^^^^^^
          = help: write `example/contradicts-schema`

        warning[lint/unknown-rule]: `schema/keyword` is an error here, which cannot be silenced
         --> a.yaml:5:53
          |
        5 |     A: { x-lint-ignore: [example/contradicts-schem, schema/keyword], type: string, minLength: x }
          |                                                     ^^^^^^^^^^^^^^

        error[schema/keyword]: `minLength` must be an integer of at least 0
         --> a.yaml:5:95
          |
        5 |     A: { x-lint-ignore: [example/contradicts-schem, schema/keyword], type: string, minLength: x }
          |                                                                                               ^ this is a string
        ");
    }
}
