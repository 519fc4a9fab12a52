//! The rules about a document's form, with their manual pages.

use crate::diagnostic::{Rule, Severity};

/// The rules that this folder reports.
pub(crate) const RULES: &[&Rule] = &[
    &UNKNOWN_FIELD,
    &MISSING_FIELD,
    &WRONG_KIND,
    &INVALID_VALUE,
    &OTHER_VERSION,
    &INVALID_NAME,
    &DUPLICATE,
    &MISPLACED_REFERENCE,
    &BESIDE_REFERENCE,
    &RUNTIME_EXPRESSION,
    &BINDING_VERSION,
    &UNKNOWN_PROTOCOL,
    &UNDECLARED_PARAMETER,
    &UNUSED_PARAMETER,
    &ADDRESS,
    &SCOPES,
    &DUPLICATE_ID,
];

/// `document/unknown-field`
pub(super) static UNKNOWN_FIELD: Rule = Rule {
    id: "document/unknown-field",
    severity: Severity::Error,
    page: "\
An object has a key that the specification does not give it. Most often it is mistyped, or stands
one level too high or too low. Tools ignore it, so what it says is lost.

Keys of your own begin with `x-` and go on with letters, digits, `.`, `-` or `_`.

Wrong:

```yaml
servers:
  production:
    hots: example.com
    protocol: wss
```

Right:

```yaml
servers:
  production:
    host: example.com
    protocol: wss
```
",
};

/// `document/missing-field`
pub(super) static MISSING_FIELD: Rule = Rule {
    id: "document/missing-field",
    severity: Severity::Error,
    page: "\
An object lacks a field that the specification demands of it.

Wrong:

```yaml
operations:
  tick:
    action: send
```

Right:

```yaml
channels:
  ticks: { address: /ticks, messages: { tick: { payload: { type: number } } } }
operations:
  tick:
    action: send
    channel: { $ref: '#/channels/ticks' }
```
",
};

/// `document/wrong-kind`
pub(super) static WRONG_KIND: Rule = Rule {
    id: "document/wrong-kind",
    severity: Severity::Error,
    page: "\
A value is of another kind than the specification says: a list where an object belongs, a number
where text belongs. In YAML a text that looks like a number, like `true` or like `null` needs
quotes, and a key with nothing behind it is `null`.

Wrong:

```yaml
servers:
  - { host: example.com, protocol: wss, protocolVersion: 13 }
```

Right:

```yaml
servers:
  production: { host: example.com, protocol: wss, protocolVersion: '13' }
```
",
};

/// `document/invalid-value`
pub(super) static INVALID_VALUE: Rule = Rule {
    id: "document/invalid-value",
    severity: Severity::Error,
    page: "\
A value is of the right kind and yet not one that the specification allows: a word that is none of
those listed, a URL without a scheme, a number out of range, two fields that exclude each other.

Wrong:

```yaml
operations:
  tick: { action: subscribe, channel: { $ref: '#/channels/ticks' } }
channels:
  ticks: { address: /ticks, messages: { tick: { payload: { type: number } } } }
```

Right:

```yaml
operations:
  tick: { action: send, channel: { $ref: '#/channels/ticks' } }
channels:
  ticks: { address: /ticks, messages: { tick: { payload: { type: number } } } }
```
",
};

/// `document/other-version`
pub(super) static OTHER_VERSION: Rule = Rule {
    id: "document/other-version",
    severity: Severity::Error,
    page: "\
A field belongs to another version of AsyncAPI than the document names in `asyncapi`. Between 2.6.0
and 3.0.0 much has moved: `publish` and `subscribe` of a channel became `operations` with
`action: receive` and `action: send`, a server's `url` became `host` and `pathname`, `schemaFormat`
moved beside the schema.

Write what the document's own version has, or raise the version and move the rest as well:
`codegen json --asyncapi 3.0.0` writes a 2.x document as 3.0.0.

Wrong:

```yaml
channels:
  ticks:
    subscribe: { message: { payload: { type: number } } }
```

Right:

```yaml
channels:
  ticks: { address: /ticks, messages: { tick: { payload: { type: number } } } }
operations:
  tick: { action: send, channel: { $ref: '#/channels/ticks' } }
```
",
};

/// `document/invalid-name`
pub(super) static INVALID_NAME: Rule = Rule {
    id: "document/invalid-name",
    severity: Severity::Error,
    page: "\
The keys of components, of servers and of parameters are made of letters (`a` to `z`, `A` to `Z`),
digits, `.`, `-` and `_`. Other signs are an error in AsyncAPI 2.0 and 2.1, whose compatibility kit
says so. The JSON Schemas of later versions do not say it, although their text does, so there it is
a warning: this toolkit takes any name, other tools may not.

Wrong:

```yaml
components:
  schemas:
    price (in USD): { type: number }
```

Right:

```yaml
components:
  schemas:
    PriceInUsd: { type: number, description: The price in USD. }
```
",
};

/// `document/duplicate`
pub(super) static DUPLICATE: Rule = Rule {
    id: "document/duplicate",
    severity: Severity::Error,
    page: "\
A list has the same thing twice where each thing may stand once: tags, servers of a channel, values
of a server variable, names in `required`.

Wrong:

```yaml
servers:
  local: { host: localhost, protocol: ws, tags: [{ name: internal }, { name: internal }] }
```

Right:

```yaml
servers:
  local: { host: localhost, protocol: ws, tags: [{ name: internal }] }
```
",
};

/// `document/misplaced-reference`
pub(super) static MISPLACED_REFERENCE: Rule = Rule {
    id: "document/misplaced-reference",
    severity: Severity::Error,
    page: "\
A `$ref` stands where the specification wants the thing itself, or the thing itself stands where it
wants a reference: `info`, `contact` and `license` are written in place; `channel` and `messages`
of an operation are references.

Wrong:

```yaml
channels:
  ticks: { address: /ticks, messages: { tick: { payload: { type: number } } } }
operations:
  tick:
    action: send
    channel: { address: /ticks }
```

Right:

```yaml
channels:
  ticks: { address: /ticks, messages: { tick: { payload: { type: number } } } }
operations:
  tick:
    action: send
    channel: { $ref: '#/channels/ticks' }
```
",
};

/// `reference/beside`
pub(super) static BESIDE_REFERENCE: Rule = Rule {
    id: "reference/beside",
    severity: Severity::Warning,
    page: "\
An object has a `$ref` and other keys beside it. The reference stands for the whole object; the
other keys are read by nobody. (Beside the `$ref` of a schema see `schema/beside-ref`.)

Wrong:

```yaml
components:
  messages:
    tick: { payload: { type: number } }
    trade: { $ref: '#/components/messages/tick', title: A trade }
```

Right:

```yaml
components:
  messages:
    tick: { payload: { type: number } }
    trade: { title: A trade, payload: { type: number } }
```
",
};

/// `document/runtime-expression`
pub(super) static RUNTIME_EXPRESSION: Rule = Rule {
    id: "document/runtime-expression",
    severity: Severity::Error,
    page: "\
A `location` is a runtime expression: `$message.payload#` or `$message.header#`, then a JSON pointer
(RFC 6901) into it, which starts with `/`; `~` is written `~0` and `/` in a name `~1`.

Wrong:

```yaml
components:
  correlationIds:
    request: { location: payload.id }
```

Right:

```yaml
components:
  correlationIds:
    request: { location: $message.payload#/id }
```
",
};

/// `binding/unknown-version`
pub(super) static BINDING_VERSION: Rule = Rule {
    id: "binding/unknown-version",
    severity: Severity::Error,
    page: "\
A binding names in `bindingVersion` an edition of its table that this version of AsyncAPI does not
have. In 2.x, where the specification's JSON Schemas let any edition stand, it is a warning, and the
binding is read as the newest one.

Wrong:

```yaml
channels:
  ticks: { address: /ticks, bindings: { ws: { method: GET, bindingVersion: 1.0.0 } } }
```

Right:

```yaml
channels:
  ticks: { address: /ticks, bindings: { ws: { method: GET, bindingVersion: 0.1.0 } } }
```
",
};

/// `binding/unknown-protocol`
pub(super) static UNKNOWN_PROTOCOL: Rule = Rule {
    id: "binding/unknown-protocol",
    severity: Severity::Error,
    page: "\
A key under `bindings` is no protocol that the specification defines bindings for. In 2.x, where
any key may stand, it is a warning if the key resembles a protocol. Bindings of your own begin with
`x-`.

Wrong:

```yaml
channels:
  ticks: { address: /ticks, bindings: { websocket: { method: GET } } }
```

Right:

```yaml
channels:
  ticks: { address: /ticks, bindings: { ws: { method: GET } } }
```
",
};

/// `address/undeclared-parameter`
pub(super) static UNDECLARED_PARAMETER: Rule = Rule {
    id: "address/undeclared-parameter",
    severity: Severity::Error,
    page: "\
The address of a channel, or the URL of a server, has a `{name}` that `parameters` (of a server:
`variables`) does not declare. Without a declaration nobody knows what it stands for; generated code
takes any text. It is an error if others are declared beside it, and a warning if nothing is
declared at all, in servers of 3.x, and in AsyncAPI 2.0 and 2.1, whose compatibility kit allows it.

Wrong:

```yaml
channels:
  ticks:
    address: /ticks/{exchange}/{symbol}
    parameters: { symbol: { description: A ticker symbol. } }
```

Right:

```yaml
channels:
  ticks:
    address: /ticks/{exchange}/{symbol}
    parameters: { exchange: { enum: [N, O] }, symbol: { description: A ticker symbol. } }
```
",
};

/// `address/unused-parameter`
pub(super) static UNUSED_PARAMETER: Rule = Rule {
    id: "address/unused-parameter",
    severity: Severity::Error,
    page: "\
A parameter of a channel (a variable of a server) is declared, and the address (the URL) does not
contain it. Most often one of the two names is mistyped. In servers of 3.x, in AsyncAPI 2.0 and 2.1
and where the address of 2.x has no parameters at all it is a warning, because the official tools
let it pass there.

Wrong:

```yaml
channels:
  ticks: { address: '/ticks/{symbl}', parameters: { symbl: {}, symbol: {} } }
```

Right:

```yaml
channels:
  ticks: { address: '/ticks/{symbol}', parameters: { symbol: {} } }
```
",
};

/// `address/query`
pub(super) static ADDRESS: Rule = Rule {
    id: "address/query",
    severity: Severity::Error,
    page: "\
The address of a channel has a query (`?`) or a fragment (`#`), or is no URI template (RFC 6570).
The parameters of a query are declared by the WebSocket binding. In 3.x it is a warning, because the
official tools let it pass.

Wrong:

```yaml
channels:
  ticks: { address: '/ticks?symbol={symbol}', parameters: { symbol: {} } }
```

Right:

```yaml
channels:
  ticks:
    address: /ticks
    bindings: { ws: { query: { type: object, properties: { symbol: { type: string } } } } }
```
",
};

/// `security/scopes`
pub(super) static SCOPES: Rule = Rule {
    id: "security/scopes",
    severity: Severity::Error,
    page: "\
A security requirement of 2.x names scopes that its scheme does not have. Only schemes of type
`oauth2` and `openIdConnect` have scopes, with others the list is empty; those of `oauth2` are
declared in its flows. (In AsyncAPI 2.0 and 2.1, whose compatibility kit allows them, scopes that
no flow declares are a warning.)

Wrong:

```yaml
asyncapi: 2.6.0
info: { title: Ticks, version: 1.0.0 }
channels: {}
servers:
  production: { url: example.com, protocol: wss, security: [{ token: ['read:ticks'] }] }
components:
  securitySchemes:
    token: { type: http, scheme: bearer }
```

Right:

```yaml
asyncapi: 2.6.0
info: { title: Ticks, version: 1.0.0 }
channels: {}
servers:
  production: { url: example.com, protocol: wss, security: [{ token: [] }] }
components:
  securitySchemes:
    token: { type: http, scheme: bearer }
```
",
};

/// `document/duplicate-id`
pub(super) static DUPLICATE_ID: Rule = Rule {
    id: "document/duplicate-id",
    severity: Severity::Error,
    page: "\
Two operations have one `operationId`, or two messages one `messageId` (2.x). Each id names one
thing in the whole document; upper and lower case differ. The same message in two places is one
message, and its id no duplicate.

Wrong:

```yaml
asyncapi: 2.6.0
info: { title: Ticks, version: 1.0.0 }
channels:
  /ticks: { subscribe: { operationId: ticks, message: { payload: { type: number } } } }
  /bars: { subscribe: { operationId: ticks, message: { payload: { type: object } } } }
```

Right:

```yaml
asyncapi: 2.6.0
info: { title: Ticks, version: 1.0.0 }
channels:
  /ticks: { subscribe: { operationId: ticks, message: { payload: { type: number } } } }
  /bars: { subscribe: { operationId: bars, message: { payload: { type: object } } } }
```
",
};
