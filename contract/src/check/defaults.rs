//! Defaults that contradict their schema: of schemas, parameters, server variables, topics.

use super::Checking;
use super::examples::{broken, not_among, server_variables};
use crate::diagnostic::{Rule, Severity};
use crate::schema::validate::validate;

/// `default/contradicts-schema`
pub(super) static CONTRADICTS: Rule = Rule {
    id: "default/contradicts-schema",
    severity: Severity::Warning,
    page: "\
A default is no valid value of its own schema, its parameter or its server variable. Whoever relies
on it sends or gets a value that the contract forbids; generated code leaves the default out.

Wrong:

```yaml
components:
  schemas:
    Resolution: { type: string, enum: ['1', '5'], default: '15' }
```

Right:

```yaml
components:
  schemas:
    Resolution: { type: string, enum: ['1', '5'], default: '1' }
```
",
};

pub(super) fn check(checking: &Checking<'_, '_>) {
    let contract = checking.contract;
    let reading = checking.reading;
    let schemas = &contract.schemas;
    for (id, schema, node) in checking.schemas() {
        let Some(default) = &schema.about.default else { continue };
        if let Err(violation) = validate(schemas, id, default) {
            let span = node.get("default").unwrap_or(node).span();
            reading.report(broken(&CONTRADICTS, "the default", &violation, span));
        }
    }
    for channel in &contract.channels {
        for parameter in &channel.parameters {
            let node = reading.tree.node(parameter.origin.node);
            // That of a schema was looked at with the schema.
            let Some(default) = node.get("default") else { continue };
            let value = crate::value::to_json(default);
            if let Err(violation) = validate(schemas, parameter.schema, &value) {
                let what = format!("the default of parameter `{}`", parameter.name);
                reading.report(broken(&CONTRADICTS, &what, &violation, default.span()));
            }
        }
    }
    for topic in &contract.topics {
        for parameter in &topic.parameters {
            let Some(default) = &parameter.default else { continue };
            if let Err(violation) = validate(schemas, parameter.schema, default) {
                let what = format!(
                    "the default of parameter `{}` of topic `{}`",
                    parameter.name, topic.key
                );
                let node = reading.tree.node(parameter.origin.node);
                let span = node.get("default").unwrap_or(node).span();
                reading.report(broken(&CONTRADICTS, &what, &violation, span));
            }
        }
    }
    for (server, variable) in server_variables(checking) {
        if let Some(default) = variable.get("default") {
            not_among(checking, &CONTRADICTS, "the default", server, variable, default);
        }
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::diagnose::diagnose;

    #[test]
    fn a_default_is_pointed_at() {
        assert_snapshot!(diagnose(
            "
channels:
  ticks:
    address: /ticks
    messages: { tick: { payload: { type: string } } }
    x-topics:
      ticks:
        name: ticks:{symbol}
        parameters: { symbol: { schema: { type: string, maxLength: 3 }, default: AAPL } }
        message: tick
x-lint-ignore: component/unused
components:
  schemas:
    Resolution: { type: string, enum: ['1', '5'], default: '15' }
    Count: { type: integer, default: 1.0 }
    Bar: { type: object, properties: { close: { type: number, default: none } } }
"
        ), @r#"
        warning[default/contradicts-schema]: the default of parameter `symbol` of topic `ticks` contradicts its schema: expected at most 3 characters, got 4
          --> a.yaml:10:82
           |
        10 |         parameters: { symbol: { schema: { type: string, maxLength: 3 }, default: AAPL } }
           |                                                                                  ^^^^ breaks `maxLength`

        warning[default/contradicts-schema]: the default contradicts its schema: expected one of "1", "5", got "15"
          --> a.yaml:15:60
           |
        15 |     Resolution: { type: string, enum: ['1', '5'], default: '15' }
           |                                                            ^^^^ breaks `enum`

        warning[default/contradicts-schema]: the default contradicts its schema: expected number, got string
          --> a.yaml:17:72
           |
        17 |     Bar: { type: object, properties: { close: { type: number, default: none } } }
           |                                                                        ^^^^ breaks `type`
        "#);
    }
}
