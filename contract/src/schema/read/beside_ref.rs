//! Keywords beside a `$ref`: which of them count.
//!
//! In: a reference. Out: whether it carries remarks on this use of the schema, and the finding
//! `schema/beside-ref` for each keyword that has no effect. Which dialects read the others is the
//! reader's to know.

use super::vocabulary;
use crate::diagnostic::{self, Diagnostic, Severity};
use crate::reading::Reading;
use crate::tree::NodeRef;

/// A keyword beside `$ref`.
pub(crate) static BESIDE_REF: diagnostic::Rule = diagnostic::Rule {
    id: "schema/beside-ref",
    severity: Severity::Warning,
    page: "\
In JSON Schema draft-07, which AsyncAPI's schemas extend, keywords beside a `$ref` have no effect.
`title`, `description`, `default`, `examples`, `deprecated`, `readOnly`, `writeOnly` and `x-` keys
are kept as remarks on this use of the schema.

Wrong:

```yaml
components:
  schemas:
    Symbol: { type: string }
    Ticker: { $ref: '#/components/schemas/Symbol', maxLength: 8 }
```

Right:

```yaml
components:
  schemas:
    Symbol: { type: string }
    Ticker: { allOf: [{ $ref: '#/components/schemas/Symbol' }, { maxLength: 8 }] }
```
",
};

/// The keys that say something about a schema without changing what is valid.
const REMARKS: [&str; 9] = [
    "title",
    "description",
    "default",
    "examples",
    "example",
    "deprecated",
    "readOnly",
    "writeOnly",
    "externalDocs",
];

/// Whether a key is a remark: it says something about a schema without changing what is valid.
pub(super) fn is_remark(key: &str) -> bool {
    REMARKS.contains(&key) || key.starts_with("x-")
}

/// Whether a reference has remarks beside it, so that it is a schema of its own.
pub(super) fn has_remarks(reference: NodeRef<'_>) -> bool {
    reference.entries().any(|(key, _)| is_remark(key.text))
}

/// Reports what stands beside a reference and has no effect.
pub(super) fn warn(reading: &Reading<'_>, reference: NodeRef<'_>) {
    for (key, _) in reference.entries() {
        let harmless = is_remark(key.text)
            || !vocabulary::is_known(key.text)
            || matches!(
                key.text,
                "$ref" | "$id" | "$comment" | "$schema" | "definitions" | "$defs"
            );
        if !harmless {
            reading.report(
                Diagnostic::new(
                    &BESIDE_REF,
                    key.span,
                    format!("`{}` beside `$ref` has no effect", key.text),
                )
                .help(format!("put both into an `allOf`, or drop `{}`", key.text)),
            );
        }
    }
}
