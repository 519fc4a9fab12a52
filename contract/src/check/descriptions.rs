//! Parts that say nothing about themselves.

use super::Checking;
use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::schema::shape::Part;
use crate::schema::{Origin, Shape};
use crate::tree::{NodeRef, Segment};

/// `documentation/missing-description`
pub(super) static MISSING: Rule = Rule {
    id: "documentation/missing-description",
    severity: Severity::Pedantic,
    page: "\
A channel, an operation, a message, a parameter, or a type has neither `description` nor `summary`.
What they say becomes the documentation of generated code and of the reference pages. A property of
a type is reported if it has no description, and refers to nothing that has one.

Wrong:

```yaml
components:
  schemas:
    Bar: { type: object, properties: { close: { type: number, description: The last price. } } }
```

Right:

```yaml
components:
  schemas:
    Bar:
      description: The prices of a span of time.
      type: object
      properties: { close: { type: number, description: The last price. } }
```
",
};

pub(super) fn check(checking: &Checking<'_, '_>) {
    let contract = checking.contract;
    let missing = |what: &str, key: &str, origin: &Origin, texts: [&Option<String>; 3]| {
        if texts.iter().all(|text| text.as_ref().is_none_or(|text| text.trim().is_empty())) {
            report(checking, what, key, checking.reading.tree.node(origin.node));
        }
    };
    for each in &contract.channels {
        missing(
            "channel",
            &each.key,
            &each.origin,
            [&each.title, &each.summary, &each.description],
        );
        for parameter in &each.parameters {
            let texts = [&parameter.description, &None, &None];
            missing("parameter", &parameter.name, &parameter.origin, texts);
        }
    }
    for each in &contract.operations {
        let texts = [&each.title, &each.summary, &each.description];
        missing("operation", &each.key, &each.origin, texts);
    }
    for each in &contract.messages {
        missing(
            "message",
            &each.key,
            &each.origin,
            [&each.title, &each.summary, &each.description],
        );
    }
    for (key, schema) in &contract.components {
        let schema = contract.schemas.get(*schema);
        let about = &schema.about;
        missing("schema", key, &schema.origin, [&about.title, &None, &about.description]);
    }
    for (_, entry) in contract.shapes.iter().filter(|(_, entry)| entry.part == Part::Whole) {
        let Shape::Struct(object) = &entry.shape else { continue };
        for field in object.fields.iter().filter(|field| field.constant.is_none()) {
            let property = contract.schemas.get(field.schema);
            let target = contract.schemas.get(contract.schemas.target(field.schema));
            let about = [&property.about, &target.about];
            let is_described =
                about.iter().any(|about| about.description.is_some() || about.title.is_some());
            let is_written = (field.schema.0 as usize) < checking.written;
            if is_written && !is_described {
                let node = checking.reading.tree.node(property.origin.node);
                report(checking, "property", &field.name, node);
            }
        }
    }
}

fn report(checking: &Checking<'_, '_>, what: &str, key: &str, node: NodeRef<'_>) {
    let place = match node.segment() {
        Some(Segment::Key(key)) => key.span,
        _ => node.span().at_start(),
    };
    checking.reading.report(
        Diagnostic::new(&MISSING, place, format!("{what} `{key}` has no description"))
            .help("say what it is for in `description`"),
    );
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::diagnose::diagnose_pedantically;

    #[test]
    fn what_says_nothing_about_itself_is_named() {
        assert_snapshot!(diagnose_pedantically(
            "
channels:
  ticks:
    address: /ticks/{symbol}
    parameters: { symbol: {} }
    messages:
      tick: { payload: { $ref: '#/components/schemas/Tick' }, examples: [{ payload: {} }] }
operations:
  push: { action: send, channel: { $ref: '#/channels/ticks' }, summary: Pushes ticks. }
components:
  schemas:
    Price: { type: number, description: A price. }
    Tick:
      type: object
      properties: { bid: { $ref: '#/components/schemas/Price' }, ask: { type: number } }
"
        ), @"
        pedantic[documentation/missing-description]: channel `ticks` has no description
         --> a.yaml:4:3
          |
        4 |   ticks:
          |   ^^^^^
          = help: say what it is for in `description`

        pedantic[documentation/missing-description]: parameter `symbol` has no description
         --> a.yaml:6:19
          |
        6 |     parameters: { symbol: {} }
          |                   ^^^^^^
          = help: say what it is for in `description`

        pedantic[documentation/missing-description]: message `tick` has no description
         --> a.yaml:8:7
          |
        8 |       tick: { payload: { $ref: '#/components/schemas/Tick' }, examples: [{ payload: {} }] }
          |       ^^^^
          = help: say what it is for in `description`

        pedantic[documentation/missing-description]: schema `Tick` has no description
          --> a.yaml:14:5
           |
        14 |     Tick:
           |     ^^^^
           = help: say what it is for in `description`

        pedantic[documentation/missing-description]: property `ask` has no description
          --> a.yaml:16:66
           |
        16 |       properties: { bid: { $ref: '#/components/schemas/Price' }, ask: { type: number } }
           |                                                                  ^^^
           = help: say what it is for in `description`
        ");
    }
}
