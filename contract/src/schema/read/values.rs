//! What stands behind a keyword, as a value of the kind that the keyword asks for.
//!
//! In: keys and nodes. Out: texts, numbers, counts, names, types, or the finding `schema/keyword`.
//! Does not know which keyword asks, nor what it demands with the value.

use std::collections::HashMap;

use json::Number;

use crate::diagnostic::{self, Diagnostic, Severity, shortened};
use crate::nearest::nearest;
use crate::reading::{Reading, written};
use crate::schema::pattern as expressions;
use crate::schema::rule::{Type, Types};
use crate::tree::{Key, Kind, NodeRef};
use crate::value;

/// A keyword has a value that it cannot have.
pub(crate) static KEYWORD: diagnostic::Rule = diagnostic::Rule {
    id: "schema/keyword",
    severity: Severity::Error,
    page: "\
A keyword of a schema has a value of the wrong kind, so that nobody can say what it demands. The
values follow JSON Schema draft-07: `type` is one of `null`, `boolean`, `integer`, `number`,
`string`, `array`, `object` or a list of them; bounds are numbers; counts are integers of at least
0; `pattern` is a regular expression of ECMA-262; `required` is a list of names.

Wrong:

```yaml
components:
  schemas:
    Symbol: { type: string, minLength: '3' }
```

Right:

```yaml
components:
  schemas:
    Symbol: { type: string, minLength: 3 }
```
",
};

/// Reports that a node is not what it must be.
pub(super) fn wrong(reading: &Reading<'_>, node: NodeRef<'_>, what: &str, expected: &str) {
    reading.report(
        Diagnostic::new(&KEYWORD, node.span(), format!("{what} must be {expected}"))
            .label(format!("this is {}", node.kind().article())),
    );
}

/// Reports that a keyword has another value than it may have.
pub(super) fn expected(reading: &Reading<'_>, key: Key<'_>, value: NodeRef<'_>, expected: &str) {
    wrong(reading, value, &format!("`{}`", key.text), expected);
}

/// The text behind a keyword.
pub(super) fn text(reading: &Reading<'_>, key: Key<'_>, value: NodeRef<'_>) -> Option<String> {
    let text = value.as_str().map(str::to_owned);
    if text.is_none() {
        expected(reading, key, value, "text");
    }
    text
}

/// `true` or `false` behind a keyword; `false` where it is neither.
pub(super) fn flag(reading: &Reading<'_>, key: Key<'_>, value: NodeRef<'_>) -> bool {
    let flag = value.as_bool();
    if flag.is_none() {
        expected(reading, key, value, "`true` or `false`");
    }
    flag.unwrap_or_default()
}

/// A number.
pub(super) fn number(
    reading: &Reading<'_>,
    key: Key<'_>,
    value: NodeRef<'_>,
) -> Option<Number<'static>> {
    let number = value::to_number(value);
    if number.is_none() {
        expected(reading, key, value, "a number");
    }
    number
}

/// A number above 0.
pub(super) fn positive(
    reading: &Reading<'_>,
    key: Key<'_>,
    value: NodeRef<'_>,
) -> Option<Number<'static>> {
    let number = value::to_number(value).filter(|number| *number > Number::from(0));
    if number.is_none() {
        expected(reading, key, value, "a number above 0");
    }
    number
}

/// A number of characters, items or properties.
pub(super) fn count(reading: &Reading<'_>, key: Key<'_>, value: NodeRef<'_>) -> Option<u64> {
    let count = value::to_number(value).and_then(|number| number.to_u64());
    if count.is_none() {
        expected(reading, key, value, "an integer of at least 0");
    }
    count
}

/// A list of property names, each once.
pub(super) fn names(
    reading: &Reading<'_>,
    key: Key<'_>,
    value: NodeRef<'_>,
) -> Option<Vec<String>> {
    let names: Option<Vec<String>> =
        value.items().map(|item| item.as_str().map(str::to_owned)).collect();
    unique(reading, value);
    match names {
        Some(names) if value.kind() == Kind::List => Some(names),
        _ => {
            expected(reading, key, value, "a list of property names");
            None
        }
    }
}

/// Reports values that stand in a list twice.
pub(super) fn different(reading: &Reading<'_>, list: NodeRef<'_>) {
    let mut seen: HashMap<String, NodeRef<'_>> = HashMap::new();
    for item in list.items() {
        if let Some(first) = seen.insert(value::to_json(item).to_string(), item) {
            reading.report(twice(item, first, &written(item)));
        }
    }
}

/// Reports names that stand in a list twice.
fn unique(reading: &Reading<'_>, list: NodeRef<'_>) {
    let mut seen: HashMap<&str, NodeRef<'_>> = HashMap::new();
    for item in list.items() {
        let Some(name) = item.as_str() else { continue };
        if let Some(first) = seen.insert(name, item) {
            reading.report(twice(item, first, &shortened(name)));
        }
    }
}

fn twice(item: NodeRef<'_>, first: NodeRef<'_>, shown: &str) -> Diagnostic {
    Diagnostic::new(&KEYWORD, item.span(), format!("`{shown}` stands in the list twice"))
        .related(first.span(), "the first time")
        .help("remove one of them")
}

/// The types that `type` names.
pub(super) fn type_names(reading: &Reading<'_>, value: NodeRef<'_>) -> Option<Types> {
    let one = |node: NodeRef<'_>| match node.as_str().and_then(Type::from_name) {
        Some(each) => Some(Types::only(each)),
        None => {
            let names = Type::ALL.map(Type::name);
            let word = node.as_str().unwrap_or_default();
            let mut finding = Diagnostic::new(
                &KEYWORD,
                node.span(),
                format!("`{}` is not a type", written(node)),
            )
            .label(format!("types are {}", names.map(|name| format!("`{name}`")).join(", ")));
            if let Some(near) = nearest(word, names) {
                finding = finding.help(format!("write `{near}`"));
            }
            reading.report(finding);
            None
        }
    };
    if value.kind() != Kind::List {
        return one(value);
    }
    if value.items().len() == 0 {
        wrong(reading, value, "`type`", "the name of a type, or a list with at least one");
    }
    unique(reading, value);
    let types: Vec<Types> = value.items().filter_map(one).collect();
    types.into_iter().reduce(Types::or)
}

/// Reports an expression that is none of ECMA-262.
pub(super) fn pattern(reading: &Reading<'_>, expression: &str, place: NodeRef<'_>) {
    // Other languages have it; ECMA-262 would take it for the letter.
    if let Some(at) = expression.find("\\Z")
        && !expression[..at].ends_with('\\')
    {
        reading.report(
            Diagnostic::new(
                &KEYWORD,
                place.span(),
                format!("`\\Z` is no end of text in `{}`", shortened(expression)),
            )
            .help("write `$`: patterns are in the syntax of ECMA-262 (JavaScript)"),
        );
    }
    if let Err(error) = expressions::compile(expression) {
        reading.report(
            Diagnostic::new(
                &KEYWORD,
                place.span(),
                format!("`{expression}` is not a regular expression: {error}"),
            )
            .help("patterns are written in the syntax of ECMA-262 (JavaScript)"),
        );
    }
}
