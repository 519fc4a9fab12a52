//! Topic families whose topics cannot be told apart.

use std::collections::HashMap;

use super::Checking;
use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::{EndpointId, Template, TemplatePart, TopicId};

/// `topic/duplicate-name`
pub(super) static DUPLICATE: Rule = Rule {
    id: "topic/duplicate-name",
    severity: Severity::Error,
    page: "\
Two topic families of one socket have names that differ in nothing but the names of their
parameters, so that a topic of one is a topic of the other: subscribers of `{symbol}` would get what
is published on `{pair}`. Begin each with a text of its own.

Wrong:

```yaml
channels:
  ticks:
    address: /ticks
    messages: { tick: { payload: { type: string } } }
    x-topics:
      stocks: { name: 'ticks:{symbol}', parameters: { symbol: {} }, message: tick }
      pairs: { name: 'ticks:{pair}', parameters: { pair: {} }, message: tick }
```

Right:

```yaml
channels:
  ticks:
    address: /ticks
    messages: { tick: { payload: { type: string } } }
    x-topics:
      stocks: { name: 'stocks:{symbol}', parameters: { symbol: {} }, message: tick }
      pairs: { name: 'pairs:{pair}', parameters: { pair: {} }, message: tick }
```
",
};

pub(super) fn check(checking: &Checking<'_, '_>) {
    let contract = checking.contract;
    let mut first: HashMap<(EndpointId, String), TopicId> = HashMap::new();
    for id in contract.topic_ids() {
        let topic = contract.topic(id);
        let endpoint = contract.channel(topic.channel).endpoint;
        let known = *first.entry((endpoint, without_names(&topic.name))).or_insert(id);
        if known == id {
            continue;
        }
        let known = contract.topic(known);
        let message = format!("topic `{}` has the names of topic `{}`", topic.key, known.key);
        checking.reading.report(
            Diagnostic::new(&DUPLICATE, topic.name.span, message)
                .related(known.name.span, format!("those of `{}`", known.key))
                .help("begin each with a text of its own"),
        );
    }
}

/// A template with its parameters left blank.
fn without_names(template: &Template) -> String {
    let parts = template.parts.iter().map(|part| match part {
        TemplatePart::Text(text) => text.replace('{', "{{"),
        TemplatePart::Parameter(_) => "{}".to_owned(),
    });
    parts.collect()
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::diagnose::diagnose;

    #[test]
    fn families_that_differ_in_parameter_names_only_are_one() {
        assert_snapshot!(diagnose(
            "
channels:
  ticks:
    address: /ticks
    messages: { tick: { payload: { type: string } } }
    x-topics:
      stocks: { name: 'ticks:{symbol}', parameters: { symbol: {} }, message: tick }
      pairs: { name: 'ticks:{pair}', parameters: { pair: {} }, message: tick }
      bars: { name: 'bars:{pair}', parameters: { pair: {} }, message: tick }
"
        ), @"
        error[topic/duplicate-name]: topic `pairs` has the names of topic `stocks`
         --> a.yaml:9:22
          |
        8 |       stocks: { name: 'ticks:{symbol}', parameters: { symbol: {} }, message: tick }
          |                       ---------------- those of `stocks`
        9 |       pairs: { name: 'ticks:{pair}', parameters: { pair: {} }, message: tick }
          |                      ^^^^^^^^^^^^^^
          = help: begin each with a text of its own
        ");
    }
}
