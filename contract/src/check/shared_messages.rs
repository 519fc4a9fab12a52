//! Messages that two operations receive.

use std::collections::HashMap;

use super::Checking;
use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::{Direction, EndpointId, MessageId, OperationId};

/// `operation/shared-message`
pub(super) static SHARED: Rule = Rule {
    id: "operation/shared-message",
    severity: Severity::Warning,
    page: "\
Two operations receive the same message on the same socket. A frame of that message cannot say which
of them it is for, so the first one gets it, and the handler of the other one is never called.

Wrong:

```yaml
channels:
  ticks: { address: /ticks, messages: { follow: { payload: { type: string } } } }
operations:
  follow: { action: receive, channel: { $ref: '#/channels/ticks' } }
  subscribe: { action: receive, channel: { $ref: '#/channels/ticks' } }
```

Right:

```yaml
channels:
  ticks: { address: /ticks, messages: { follow: { payload: { type: string } } } }
operations:
  follow: { action: receive, channel: { $ref: '#/channels/ticks' } }
```
",
};

pub(super) fn check(checking: &Checking<'_, '_>) {
    let contract = checking.contract;
    let mut first: HashMap<(EndpointId, MessageId), OperationId> = HashMap::new();
    for id in contract.operation_ids() {
        let operation = contract.operation(id);
        let endpoint = contract.channel(operation.channel).endpoint;
        let is_websocket = contract.endpoint(endpoint).is_websocket;
        if operation.direction != Direction::Receive || !is_websocket {
            continue;
        }
        for message in &operation.messages {
            let known = *first.entry((endpoint, *message)).or_insert(id);
            if known == id {
                continue;
            }
            let known = contract.operation(known);
            let key = &contract.message(*message).key;
            let message = format!(
                "both `{}` and `{}` receive message `{key}`; only `{}` will get it",
                known.key, operation.key, known.key
            );
            checking.reading.report(
                Diagnostic::new(&SHARED, operation.origin.span.at_start(), message)
                    .related(known.origin.span.at_start(), "the first one")
                    .help("list under `messages` of each operation what it is about"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::diagnose::diagnose;

    #[test]
    fn two_operations_that_receive_one_message_are_named() {
        assert_snapshot!(diagnose(
            "
channels:
  ticks: { address: /ticks, messages: { follow: { payload: { type: string } } } }
operations:
  follow: { action: receive, channel: { $ref: '#/channels/ticks' } }
  subscribe: { action: receive, channel: { $ref: '#/channels/ticks' } }
  push: { action: send, channel: { $ref: '#/channels/ticks' } }
  again: { action: send, channel: { $ref: '#/channels/ticks' } }
"
        ), @"
        warning[operation/shared-message]: both `follow` and `subscribe` receive message `follow`; only `follow` will get it
         --> a.yaml:7:14
          |
        6 |   follow: { action: receive, channel: { $ref: '#/channels/ticks' } }
          |           - the first one
        7 |   subscribe: { action: receive, channel: { $ref: '#/channels/ticks' } }
          |              ^
          = help: list under `messages` of each operation what it is about
        ");
    }
}
