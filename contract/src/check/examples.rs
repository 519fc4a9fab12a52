//! Examples that contradict their schema: of messages, of schemas, of parameters, of server variables.

use json::Json;
use json::check::Violation;

use super::Checking;
use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::document::Version;
use crate::schema::SchemaId;
use crate::schema::validate::validate;
use crate::source::Span;
use crate::tree::NodeRef;

/// `example/contradicts-schema`
pub(super) static CONTRADICTS: Rule = Rule {
    id: "example/contradicts-schema",
    severity: Severity::Warning,
    page: "\
An example is no valid value of what it is an example of: of a message's payload or headers, of a
schema, of a parameter or of a server variable. Readers copy examples, documentation pages send
them, mocks answer with them. (An example of a server variable that is none of its `enum` is an
error in AsyncAPI 2.0 and 2.1, whose compatibility kit says so.)

Wrong:

```yaml
components:
  schemas:
    Symbol: { type: string, maxLength: 5, examples: [NASDAQ:AAPL] }
```

Right:

```yaml
components:
  schemas:
    Symbol: { type: string, maxLength: 5, examples: [AAPL] }
```
",
};

pub(super) fn check(checking: &Checking<'_, '_>) {
    let contract = checking.contract;
    for message in &contract.messages {
        for example in &message.examples {
            if let Some((value, span)) = &example.payload {
                let what = format!("the example of message `{}`", message.key);
                contradiction(checking, &what, message.payload, value, *span);
            }
            if let (Some((value, span)), Some(headers)) = (&example.headers, message.headers) {
                let what = format!("the example of the headers of message `{}`", message.key);
                contradiction(checking, &what, headers, value, *span);
            }
        }
    }
    for (id, schema, _) in checking.schemas() {
        for (value, span) in &schema.about.examples {
            contradiction(checking, "the example", id, value, *span);
        }
    }
    for channel in &contract.channels {
        for parameter in &channel.parameters {
            let node = checking.reading.tree.node(parameter.origin.node);
            for example in node.get("examples").into_iter().flat_map(NodeRef::items) {
                let what = format!("the example of parameter `{}`", parameter.name);
                let value = crate::value::to_json(example);
                contradiction(checking, &what, parameter.schema, &value, example.span());
            }
        }
    }
    for (server, variable) in server_variables(checking) {
        for example in variable.get("examples").into_iter().flat_map(NodeRef::items) {
            not_among(checking, &CONTRADICTS, "the example", server, variable, example);
        }
    }
}

fn contradiction(
    checking: &Checking<'_, '_>,
    what: &str,
    schema: SchemaId,
    value: &Json<'_>,
    span: Span,
) {
    if let Err(violation) = validate(&checking.contract.schemas, schema, value) {
        checking.reading.report(broken(&CONTRADICTS, what, &violation, span));
    }
}

/// A value that breaks its schema.
pub(super) fn broken(
    rule: &'static Rule,
    what: &str,
    violation: &Violation,
    span: Span,
) -> Diagnostic {
    let place = violation.pointer();
    let place = if place.is_empty() { String::new() } else { format!(" at `{place}`") };
    let message = format!("{what} contradicts its schema{place}: {}", violation.detail());
    Diagnostic::new(rule, span, message).label(format!("breaks `{}`", violation.rule()))
}

/// The variables of the document's servers, each with the key of its server.
pub(super) fn server_variables<'t>(checking: &Checking<'_, 't>) -> Vec<(&'t str, NodeRef<'t>)> {
    let reading = checking.reading;
    let mut variables = Vec::new();
    for (key, server) in reading.entries(checking.root, "servers") {
        let Some(server) = reading.follow(server) else { continue };
        for (_, variable) in reading.entries(server, "variables") {
            variables.extend(reading.follow(variable).map(|variable| (key.text, variable)));
        }
    }
    variables
}

/// Reports a value of a server variable that is none of its `enum`.
pub(super) fn not_among<'t>(
    checking: &Checking<'_, 't>,
    rule: &'static Rule,
    what: &str,
    server: &str,
    variable: NodeRef<'t>,
    value: NodeRef<'t>,
) {
    let values: Vec<&str> = crate::draft::words(variable, "enum");
    let Some(text) = value.as_str() else { return };
    if values.is_empty() || values.contains(&text) {
        return;
    }
    let list = values.iter().map(|value| format!("`{value}`")).collect::<Vec<_>>().join(", ");
    let message =
        format!("{what} `{text}` of a variable of server `{server}` is none of its values");
    let mut finding = Diagnostic::new(rule, value.span(), message)
        .label(format!("values are {list}"))
        .help("take one of them, or add it to `enum`");
    // The compatibility kit of these versions has a document with such an example.
    if checking.contract.version <= Version::V2_1 && rule.id == CONTRADICTS.id {
        finding.severity = Severity::Error;
    }
    checking.reading.report(finding);
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::diagnose::{diagnose, diagnose_as};

    #[test]
    fn an_example_is_pointed_at_with_the_rule_that_it_breaks() {
        assert_snapshot!(diagnose(
            "
channels:
  ticks:
    address: /ticks
    messages:
      tick:
        headers: { type: object, properties: { trace: { type: string } } }
        payload: { type: object, required: [price], properties: { price: { type: number } } }
        examples:
          - payload: { price: high }
          - payload: {}
          - { payload: { price: 1.5 }, headers: { trace: 7 } }
x-lint-ignore: component/unused
components:
  schemas:
    Symbol: { type: string, maxLength: 5, examples: [AAPL, NASDAQ:AAPL] }
    Unread:
      schemaFormat: application/vnd.apache.avro;version=1.9.0
      schema: { type: string, examples: [1] }
"
        ), @r#"
        warning[example/contradicts-schema]: the example of message `tick` contradicts its schema at `/price`: expected number, got string
          --> a.yaml:11:22
           |
        11 |           - payload: { price: high }
           |                      ^^^^^^^^^^^^^^^ breaks `type`

        warning[example/contradicts-schema]: the example of message `tick` contradicts its schema: expected a property "price"
          --> a.yaml:12:22
           |
        12 |           - payload: {}
           |                      ^^ breaks `required`

        warning[example/contradicts-schema]: the example of the headers of message `tick` contradicts its schema at `/trace`: expected string, got number
          --> a.yaml:13:49
           |
        13 |           - { payload: { price: 1.5 }, headers: { trace: 7 } }
           |                                                 ^^^^^^^^^^^^ breaks `type`

        warning[example/contradicts-schema]: the example contradicts its schema: expected at most 5 characters, got 11
          --> a.yaml:17:60
           |
        17 |     Symbol: { type: string, maxLength: 5, examples: [AAPL, NASDAQ:AAPL] }
           |                                                            ^^^^^^^^^^^ breaks `maxLength`

        warning[schema/foreign]: `application/vnd.apache.avro;version=1.9.0` names Avro, which is not read
          --> a.yaml:19:21
           |
        19 |       schemaFormat: application/vnd.apache.avro;version=1.9.0
           |                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ its values are any JSON value in generated code
           = help: write the schema in AsyncAPI's own language, or leave it at that
        "#);
    }

    #[test]
    fn examples_of_parameters_and_server_variables_are_looked_at() {
        assert_snapshot!(diagnose(
            "
servers:
  one:
    host: '{region}.example.com'
    protocol: ws
    variables: { region: { enum: [eu, us], default: ap, examples: [ru] } }
channels:
  ticks:
    address: /{symbol}
    parameters: { symbol: { enum: [A, B], default: C, examples: [A, D] } }
"
        ), @r#"
        warning[default/contradicts-schema]: the default `ap` of a variable of server `one` is none of its values
         --> a.yaml:7:53
          |
        7 |     variables: { region: { enum: [eu, us], default: ap, examples: [ru] } }
          |                                                     ^^ values are `eu`, `us`
          = help: take one of them, or add it to `enum`

        warning[example/contradicts-schema]: the example `ru` of a variable of server `one` is none of its values
         --> a.yaml:7:68
          |
        7 |     variables: { region: { enum: [eu, us], default: ap, examples: [ru] } }
          |                                                                    ^^ values are `eu`, `us`
          = help: take one of them, or add it to `enum`

        warning[default/contradicts-schema]: the default of parameter `symbol` contradicts its schema: expected one of "A", "B", got "C"
          --> a.yaml:11:52
           |
        11 |     parameters: { symbol: { enum: [A, B], default: C, examples: [A, D] } }
           |                                                    ^ breaks `enum`

        warning[example/contradicts-schema]: the example of parameter `symbol` contradicts its schema: expected one of "A", "B", got "D"
          --> a.yaml:11:69
           |
        11 |     parameters: { symbol: { enum: [A, B], default: C, examples: [A, D] } }
           |                                                                     ^ breaks `enum`
        "#);
    }

    #[test]
    fn the_kit_of_2_0_makes_it_an_error() {
        assert_snapshot!(diagnose_as("2.0.0",
            "
channels: {}
servers:
  one: { url: '{a}.b', protocol: ws, variables: { a: { enum: [b], examples: [c] } } }
"
        ), @"
        error[example/contradicts-schema]: the example `c` of a variable of server `one` is none of its values
         --> a.yaml:5:78
          |
        5 |   one: { url: '{a}.b', protocol: ws, variables: { a: { enum: [b], examples: [c] } } }
          |                                                                              ^ values are `b`
          = help: take one of them, or add it to `enum`
        ");
    }

    #[test]
    fn alternatives_that_double_with_each_level_end() {
        let mut schemas = "components:\n  schemas:\n".to_owned();
        for at in 0..60 {
            let next = format!("{{ $ref: '#/components/schemas/S{}' }}", at + 1);
            schemas += &format!("    S{at}: {{ oneOf: [{next}, {next}] }}\n");
        }
        schemas += "    S60: { type: string, examples: [1] }\n    T: { $ref: '#/components/schemas/S0', examples: [1] }\n";
        let found = diagnose(&schemas);
        assert!(found.contains("the example contradicts its schema: expected string"), "{found}");
    }
}
