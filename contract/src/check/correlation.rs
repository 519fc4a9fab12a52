//! Correlation ids that are not where the contract says.

use super::Checking;
use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::topics::schema_at;

/// `message/correlation-location`
pub(super) static LOCATION: Rule = Rule {
    id: "message/correlation-location",
    severity: Severity::Warning,
    page: "\
The `location` of a message's correlation id leads to no property of its payload. Then no reply is
ever tied to its request by it, and generated code does not offer to.

Wrong:

```yaml
channels:
  orders:
    address: /orders
    messages:
      place:
        correlationId: { location: $message.payload#/id }
        payload: { type: object, properties: { orderId: { type: string } } }
```

Right:

```yaml
channels:
  orders:
    address: /orders
    messages:
      place:
        correlationId: { location: $message.payload#/orderId }
        payload: { type: object, properties: { orderId: { type: string } } }
```
",
};

pub(super) fn check(checking: &Checking<'_, '_>) {
    let contract = checking.contract;
    for message in &contract.messages {
        let Some(path) = &message.correlation else { continue };
        // A payload that nothing is known of may have it.
        let is_open = contract.schemas.together(message.payload).is_empty();
        if is_open {
            continue;
        }
        let Err(missing) = schema_at(&contract.schemas, message.payload, path) else { continue };
        if missing.known.is_empty() {
            continue;
        }
        let node = checking.reading.tree.node(message.origin.node);
        let id = node.get("correlationId").and_then(|node| checking.reading.follow(node));
        let place = id.and_then(|id| id.get("location")).unwrap_or(node);
        let text = format!(
            "the correlation id of message `{}` is not in its payload: there is no `{}`",
            message.key, missing.step
        );
        let list: Vec<String> = missing.known.iter().map(|name| format!("`{name}`")).collect();
        let known = missing.known.iter().map(String::as_str);
        let mut finding = Diagnostic::new(&LOCATION, place.span(), text)
            .label(format!("there are {}", list.join(", ")));
        if let Some(near) = crate::nearest::nearest(&missing.step, known) {
            finding = finding.help(format!("did you mean `{near}`?"));
        }
        checking.reading.report(finding);
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::diagnose::diagnose;

    #[test]
    fn a_location_that_leads_nowhere_names_what_is_there() {
        assert_snapshot!(diagnose(
            "
channels:
  orders:
    address: /orders
    messages:
      place:
        correlationId: { location: $message.payload#/meta/idd }
        payload:
          type: object
          properties: { meta: { type: object, properties: { id: { type: string } } } }
      open: { correlationId: { location: $message.payload#/id }, payload: { type: object } }
      header: { correlationId: { location: $message.header#/id }, payload: { type: object } }
"
        ), @"
        warning[message/correlation-location]: the correlation id of message `place` is not in its payload: there is no `idd`
         --> a.yaml:8:36
          |
        8 |         correlationId: { location: $message.payload#/meta/idd }
          |                                    ^^^^^^^^^^^^^^^^^^^^^^^^^^ there are `id`
          = help: did you mean `id`?
        ");
    }
}
