//! The rules of the notation JSON, with their manual pages.

use crate::diagnostic::{Rule, Severity};

/// The rules that reading JSON reports.
pub const RULES: &[&Rule] = &[&SYNTAX, &DUPLICATE_KEY, &DEPTH];

/// `json/syntax`
pub(super) static SYNTAX: Rule = Rule {
    id: "json/syntax",
    severity: Severity::Error,
    page: "\
The file is named `.json` (or begins as only JSON does) and is not JSON as RFC 8259 defines it: a
comment, a comma after the last item, a key or text without double quotes, a number such as `+1` or
`.5`, an unclosed bracket. Other JSON tools refuse the file too.

Wrong:

```json
{ asyncapi: '3.0.0', /* the version */ }
```

Right:

```json
{ \"asyncapi\": \"3.0.0\" }
```
",
};

/// `json/duplicate-key`
pub(super) static DUPLICATE_KEY: Rule = Rule {
    id: "json/duplicate-key",
    severity: Severity::Error,
    page: "\
A key stands twice in one object. Which of the two values counts differs from tool to tool (RFC
8259 §4), so that the document means different things to different readers. Usually one of them was
copied and not renamed.

Wrong:

```json
{ \"title\": \"Trading\", \"version\": \"1.0.0\", \"title\": \"Market data\" }
```

Right:

```json
{ \"title\": \"Market data\", \"version\": \"1.0.0\" }
```
",
};

/// `json/depth`
pub(super) static DEPTH: Rule = Rule {
    id: "json/depth",
    severity: Severity::Error,
    page: "\
More lists and objects stand inside each other than the limits allow: 128 unless set otherwise.
Hand-written documents stay below 40; a deeper one is generated or an attack, and programs that
walk it would run out of stack. Move inner parts into `components` and refer to them.
",
};
