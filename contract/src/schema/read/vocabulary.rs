//! The keywords that schemas have.
//!
//! In: keys. Out: whether a schema language knows them, and the finding `schema/unknown-keyword`
//! for one that looks like a slip. Does not know what a keyword demands.

use crate::diagnostic::{self, Diagnostic, Severity};
use crate::nearest::nearest;
use crate::reading::Reading;
use crate::tree::{Key, NodeRef};

/// A keyword that is not known, but looks like one.
pub(crate) static UNKNOWN_KEYWORD: diagnostic::Rule = diagnostic::Rule {
    id: "schema/unknown-keyword",
    severity: Severity::Warning,
    page: "\
A schema has a key that no schema language knows, and that resembles one that exists. Unknown keys
have no effect: the demand that was meant is not made. Keys of your own begin with `x-`.

Wrong:

```yaml
components:
  schemas:
    Symbol: { type: string, maxLenght: 8 }
```

Right:

```yaml
components:
  schemas:
    Symbol: { type: string, maxLength: 8 }
```
",
};

/// Every keyword that is known, of all dialects.
const KNOWN: [&str; 56] = [
    "$anchor",
    "$comment",
    "$defs",
    "$id",
    "$ref",
    "$schema",
    "additionalItems",
    "additionalProperties",
    "allOf",
    "anyOf",
    "const",
    "contains",
    "contentEncoding",
    "contentMediaType",
    "default",
    "definitions",
    "dependencies",
    "dependentRequired",
    "dependentSchemas",
    "deprecated",
    "description",
    "discriminator",
    "else",
    "enum",
    "example",
    "examples",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "externalDocs",
    "format",
    "if",
    "items",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "not",
    "nullable",
    "oneOf",
    "pattern",
    "patternProperties",
    "prefixItems",
    "properties",
    "propertyNames",
    "readOnly",
    "required",
    "then",
    "title",
    "type",
    "uniqueItems",
    "writeOnly",
];

/// Whether a key is a keyword.
pub(super) fn is_known(key: &str) -> bool {
    KNOWN.contains(&key)
}

/// Whether any key of an object is a keyword of schemas.
pub(crate) fn has_keyword(node: NodeRef<'_>) -> bool {
    node.entries().any(|(key, _)| is_known(key.text))
}

/// Reports a key that is no keyword, if one resembles it.
pub(super) fn warn(reading: &Reading<'_>, key: Key<'_>) {
    if let Some(near) = nearest(key.text, KNOWN) {
        reading.report(
            Diagnostic::new(
                &UNKNOWN_KEYWORD,
                key.span,
                format!("`{}` is not a keyword of schemas and has no effect", key.text),
            )
            .help(format!("did you mean `{near}`? keys of your own begin with `x-`")),
        );
    }
}
