//! The rules of the notation YAML, with their manual pages.

use crate::diagnostic::{Rule, Severity};

/// The rules that reading YAML reports.
pub const RULES: &[&Rule] = &[
    &SYNTAX,
    &DUPLICATE_KEY,
    &DEPTH,
    &UNKNOWN_ALIAS,
    &ALIAS_EXPANSION,
    &NOT_FINITE,
    &VERSION,
    &UNSUPPORTED,
];

/// `yaml/syntax`
pub(super) static SYNTAX: Rule = Rule {
    id: "yaml/syntax",
    severity: Severity::Error,
    page: "\
The file is not YAML 1.2. Reading stops at the first such place, because what follows could mean
anything. The usual causes: a text that contains `: ` or starts with `@`, `*`, `%` or a backquote
and is not in quotes; a tab used for indentation; a line whose indentation fits no line above; a
quote or bracket that is not closed.

Wrong:

```yaml
description: Note: times are UTC
```

Right:

```yaml
description: 'Note: times are UTC'
```
",
};

/// `yaml/duplicate-key`
pub(super) static DUPLICATE_KEY: Rule = Rule {
    id: "yaml/duplicate-key",
    severity: Severity::Error,
    page: "\
A key stands twice in one object. YAML forbids it (YAML 1.2.2 §3.2.1.1), yet many tools take the
last one without a word, so that the document means different things to different readers. Usually
one of them was copied and not renamed. Keys are compared as texts: `200` and `'200'` are the same
key.

Wrong:

```yaml
symbol: { type: string }
resolution: { type: string }
symbol: { type: integer }
```

Right:

```yaml
symbol: { type: string }
resolution: { type: string }
```
",
};

/// `yaml/depth`
pub(super) static DEPTH: Rule = Rule {
    id: "yaml/depth",
    severity: Severity::Error,
    page: "\
More lists and objects stand inside each other than the limits allow: 128 unless set otherwise,
what an alias names counted where the alias stands. Hand-written documents stay below 40; a deeper
one is generated or an attack, and programs that walk it would run out of stack. Move inner parts
into `components` and refer to them.
",
};

/// `yaml/unknown-alias`
pub(super) static UNKNOWN_ALIAS: Rule = Rule {
    id: "yaml/unknown-alias",
    severity: Severity::Error,
    page: "\
An alias (`*name`) names no anchor (`&name`) that stands before it, or names a node that it is
itself part of. A text that merely starts with `*` needs quotes.

Wrong:

```yaml
retries: &three 3
limit: *tree
```

Right:

```yaml
retries: &three 3
limit: *three
```
",
};

/// `yaml/alias-expansion`
pub(super) static ALIAS_EXPANSION: Rule = Rule {
    id: "yaml/alias-expansion",
    severity: Severity::Error,
    page: "\
Were each alias replaced by what it names, the document would have more values than the limits
allow: 1 million more than it has, unless set otherwise. Nine lines can name a value a billion
times (\"billion laughs\"). Nothing is replaced here, but whoever walks the document meets each
value as often as it is named. Use `$ref` for parts that are used in many places.
",
};

/// `yaml/not-finite`
pub(super) static NOT_FINITE: Rule = Rule {
    id: "yaml/not-finite",
    severity: Severity::Error,
    page: "\
`.inf`, `-.inf` and `.nan` are numbers in YAML, but JSON has no such numbers, and an AsyncAPI
document is JSON data in YAML's notation. Leave a bound out where there is none; write a string in
quotes.

Wrong:

```yaml
maximum: .inf
```

Right:

```yaml
maximum: 1e308
```
",
};

/// `yaml/version`
pub(super) static VERSION: Rule = Rule {
    id: "yaml/version",
    severity: Severity::Warning,
    page: "\
The document declares another version of YAML than 1.2 and is read as 1.2. In YAML 1.1 `no`, `off`
and `n` are false, `017` is fifteen and `1:30` is ninety; in YAML 1.2 they are strings and
seventeen.

Wrong:

```yaml
%YAML 1.1
---
title: Trading
```

Right:

```yaml
title: Trading
```
",
};

/// `yaml/unsupported`
pub(super) static UNSUPPORTED: Rule = Rule {
    id: "yaml/unsupported",
    severity: Severity::Error,
    page: "\
Something that YAML allows and that has no meaning in JSON data, which is what an AsyncAPI document
is: a list or object as a key, a key that is missing, a tag other than those of the core schema
(`!!str`, `!!int`, `!!float`, `!!bool`, `!!null`, `!!map`, `!!seq`), a tag that its value does not
fit, a merge key (`<<`) with something else than objects, more than one document in a file.

Wrong:

```yaml
id: !uuid 123e4567-e89b-12d3-a456-426614174000
```

Right:

```yaml
id: 123e4567-e89b-12d3-a456-426614174000
```
",
};
