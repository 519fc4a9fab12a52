//! The rules about references, with their manual pages.

use crate::diagnostic::{Rule, Severity};

/// The rules that following references reports.
pub const RULES: &[&Rule] = &[
    &UNRESOLVED,
    &CYCLE,
    &NOT_A_REFERENCE,
    &UNREADABLE_FILE,
    &OUTSIDE_ROOT,
    &REMOTE_REFUSED,
    &TOO_MANY_FILES,
];

/// `reference/unresolved`
pub(super) static UNRESOLVED: Rule = Rule {
    id: "reference/unresolved",
    severity: Severity::Error,
    page: "\
A `$ref` names something that is not there: its JSON pointer (RFC 6901) leads through a key or
position that does not exist, or no schema has the `$id` that it names. The message says at which
step and what is there instead. Keys are written as they are, with `~1` for `/` and `~0` for `~`.

Wrong:

```yaml
payload: { $ref: '#/components/schemas/Baar' }
components: { schemas: { Bar: { type: object } } }
```

Right:

```yaml
payload: { $ref: '#/components/schemas/Bar' }
components: { schemas: { Bar: { type: object } } }
```
",
};

/// `reference/cycle`
pub(super) static CYCLE: Rule = Rule {
    id: "reference/cycle",
    severity: Severity::Error,
    page: "\
A chain of references that have nothing beside them leads back to its start, so that it names
nothing. (A type that contains itself is something else and allowed: there the chain ends at a
schema, and the schema has the reference somewhere inside.)

Wrong:

```yaml
payload: { $ref: '#/components/schemas/Node' }
components:
  schemas:
    Node: { $ref: '#/components/schemas/Tree' }
    Tree: { $ref: '#/components/schemas/Node' }
```

Right:

```yaml
payload: { $ref: '#/components/schemas/Node' }
components:
  schemas:
    Node:
      type: object
      properties: { children: { $ref: '#/components/schemas/Children' } }
    Children: { type: array, items: { $ref: '#/components/schemas/Node' } }
```
",
};

/// `reference/not-a-reference`
pub(super) static NOT_A_REFERENCE: Rule = Rule {
    id: "reference/not-a-reference",
    severity: Severity::Error,
    page: "\
The value of `$ref` is not a string.

Wrong:

```yaml
payload: { $ref: [Bar] }
components: { schemas: { Bar: { type: object } } }
```

Right:

```yaml
payload: { $ref: '#/components/schemas/Bar' }
components: { schemas: { Bar: { type: object } } }
```
",
};

/// `reference/unreadable-file`
pub(crate) static UNREADABLE_FILE: Rule = Rule {
    id: "reference/unreadable-file",
    severity: Severity::Error,
    page: "\
A `$ref` names a file that cannot be read: there is no such file, it may not be read, it is not
text, or it is neither YAML nor JSON. Paths count from the folder of the file that the reference
stands in, as relative references in a web page do (RFC 3986 §5.2).

Wrong:

```yaml
payload: { $ref: 'schemas/no-such-file.yaml' }
```

Right:

```yaml
payload: { type: object }
```
",
};

/// `reference/outside-root`
pub(super) static OUTSIDE_ROOT: Rule = Rule {
    id: "reference/outside-root",
    severity: Severity::Error,
    page: "\
A `$ref` names a file outside of the folders that may be read. A document may come from somebody
else, and reading it must not read their choice of your files, into generated code or an error
message. Move the file below the folder of the document, or allow its folder.

Wrong:

```yaml
payload: { $ref: '../../../etc/passwd' }
```

Right:

```yaml
payload: { type: object }
```
",
};

/// `reference/remote-refused`
pub(crate) static REMOTE_REFUSED: Rule = Rule {
    id: "reference/remote-refused",
    severity: Severity::Error,
    page: "\
A `$ref` names a URL, and nothing is fetched while code is generated: a build must not depend on a
network or on what somebody else's server says today. Keep a copy of the file beside the document
and refer to it; a copy whose `$id` is the URL is found under the URL as well. The command line
fetches with `--allow-remote`, and keeps what it fetched with `--cache DIR`.

Wrong:

```yaml
payload: { $ref: 'https://example.com/schemas/bar.json' }
```

Right:

```yaml
payload: { $ref: 'https://example.com/schemas/bar.json' }
components:
  schemas:
    Bar: { $id: 'https://example.com/schemas/bar.json', type: object }
```
",
};

/// `reference/too-many-files`
pub(super) static TOO_MANY_FILES: Rule = Rule {
    id: "reference/too-many-files",
    severity: Severity::Error,
    page: "\
The document refers to more files than the limits allow: 256 unless set otherwise, those that do
not exist included. The bound keeps a document from making its reader open a file per line.
",
};
