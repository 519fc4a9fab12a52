//! What a person reads whose document has not the form that its version prescribes.

use insta::assert_snapshot;

use crate::diagnose::{diagnose, diagnose_as};

#[test]
fn a_mistyped_field_is_named_once_although_another_is_missing_then() {
    assert_snapshot!(diagnose("
servers:
  production: { hots: example.com, protocol: wss, x-own: 1, x-/: 2, more: 3 }
"), @"
    error[document/unknown-field]: a server has no field `hots`
     --> a.yaml:4:17
      |
    4 |   production: { hots: example.com, protocol: wss, x-own: 1, x-/: 2, more: 3 }
      |                 ^^^^ fields are `host`, `pathname`, `protocol`, `protocolVersion`, `title`, `summary`, `description`, `variables`, `security`, `tags`, `externalDocs` and `bindings`
      = help: write `host`

    error[document/unknown-field]: a server has no field `x-/`
     --> a.yaml:4:61
      |
    4 |   production: { hots: example.com, protocol: wss, x-own: 1, x-/: 2, more: 3 }
      |                                                             ^^^ fields are `host`, `pathname`, `protocol`, `protocolVersion`, `title`, `summary`, `description`, `variables`, `security`, `tags`, `externalDocs` and `bindings`
      = help: the name of an extension is `x-`, then letters (`a` to `z`), digits, `.`, `-`, `_`

    error[document/unknown-field]: a server has no field `more`
     --> a.yaml:4:69
      |
    4 |   production: { hots: example.com, protocol: wss, x-own: 1, x-/: 2, more: 3 }
      |                                                                     ^^^^ fields are `host`, `pathname`, `protocol`, `protocolVersion`, `title`, `summary`, `description`, `variables`, `security`, `tags`, `externalDocs` and `bindings`
      = help: a key of your own begins with `x-`: `x-more`
    ");
}

#[test]
fn what_is_missing_is_told_at_the_key_that_needs_it() {
    assert_snapshot!(diagnose("
servers: { production: { protocol: ws }, other: {} }
operations: { tick: { action: send } }
components:
  tags: { one: {} }
  securitySchemes: { key: { type: httpApiKey }, none: { description: Of no type. } }
"), @"
    error[document/missing-field]: a server needs `host`
     --> a.yaml:3:12
      |
    3 | servers: { production: { protocol: ws }, other: {} }
      |            ^^^^^^^^^^

    error[document/missing-field]: a server needs `host`
     --> a.yaml:3:42
      |
    3 | servers: { production: { protocol: ws }, other: {} }
      |                                          ^^^^^

    error[document/missing-field]: a server needs `protocol`
     --> a.yaml:3:42
      |
    3 | servers: { production: { protocol: ws }, other: {} }
      |                                          ^^^^^

    error[document/missing-field]: an operation needs `channel`
     --> a.yaml:4:15
      |
    4 | operations: { tick: { action: send } }
      |               ^^^^

    error[document/missing-field]: a tag needs `name`
     --> a.yaml:6:11
      |
    6 |   tags: { one: {} }
      |           ^^^

    error[document/missing-field]: a security scheme of type `httpApiKey` needs `in`
     --> a.yaml:7:22
      |
    7 |   securitySchemes: { key: { type: httpApiKey }, none: { description: Of no type. } }
      |                      ^^^

    error[document/missing-field]: a security scheme of type `httpApiKey` needs `name`
     --> a.yaml:7:22
      |
    7 |   securitySchemes: { key: { type: httpApiKey }, none: { description: Of no type. } }
      |                      ^^^

    error[document/missing-field]: a security scheme needs `type`
     --> a.yaml:7:49
      |
    7 |   securitySchemes: { key: { type: httpApiKey }, none: { description: Of no type. } }
      |                                                 ^^^^
    ");
}

#[test]
fn a_value_of_another_kind_is_told_with_what_it_is() {
    assert_snapshot!(diagnose("
channels: []
servers: { one: { host: 7, protocol: true, protocolVersion: 13, description: } }
operations:
  tick:
    action: [send]
    channel: { $ref: '#/nowhere' }
    tags: { name: a }
    messages: [one]
"), @"
    error[document/wrong-kind]: `channels` must be an object, this is a list
     --> a.yaml:3:1
      |
    3 | channels: []
      | ^^^^^^^^

    error[document/wrong-kind]: `host` must be text, this is the number 7
     --> a.yaml:4:25
      |
    4 | servers: { one: { host: 7, protocol: true, protocolVersion: 13, description: } }
      |                         ^
      = help: put it in quotes: `'7'`

    error[document/wrong-kind]: `protocol` must be text, this is the boolean true
     --> a.yaml:4:38
      |
    4 | servers: { one: { host: 7, protocol: true, protocolVersion: 13, description: } }
      |                                      ^^^^
      = help: put it in quotes: `'true'`

    error[document/wrong-kind]: `protocolVersion` must be text, this is the number 13
     --> a.yaml:4:61
      |
    4 | servers: { one: { host: 7, protocol: true, protocolVersion: 13, description: } }
      |                                                             ^^
      = help: put it in quotes: `'13'`

    error[document/wrong-kind]: `description` must be text, this is null
     --> a.yaml:4:77
      |
    4 | servers: { one: { host: 7, protocol: true, protocolVersion: 13, description: } }
      |                                                                             ^
      = help: give it a value, or remove the key

    error[document/wrong-kind]: `action` must be text, this is a list
     --> a.yaml:7:5
      |
    7 |     action: [send]
      |     ^^^^^^

    error[reference/unresolved]: `#/nowhere` leads nowhere: there is no `nowhere` in the document
     --> a.yaml:8:25
      |
    8 |     channel: { $ref: '#/nowhere' }
      |                         ^^^^^^^ there are `asyncapi`, `info`, `channels`, `servers` and `operations`

    error[document/wrong-kind]: `tags` must be a list, this is an object
     --> a.yaml:9:5
      |
    9 |     tags: { name: a }
      |     ^^^^

    error[document/misplaced-reference]: an item of `messages` must be a reference, this is the text `one`
      --> a.yaml:10:16
       |
    10 |     messages: [one]
       |                ^^^
       = help: write `{ $ref: '#/…' }` with the place of what you mean
    ");
}

#[test]
fn a_value_that_is_none_of_those_allowed_names_them() {
    assert_snapshot!(diagnose("
channels: { a: { address: /a } }
operations: { tick: { action: sned, channel: { $ref: '#/channels/a' } } }
components:
  externalDocs: { docs: { url: example.com } }
  securitySchemes:
    one: { type: apikey }
    two: { type: apiKey, in: header }
    three: { type: http, scheme: basic, bearerFormat: JWT }
    four:
      type: oauth2
      flows:
        implicit: { authorizationUrl: 'https://a.b', tokenUrl: 'https://a.b', availableScopes: {} }
        password: { authorizationUrl: 'https://a.b', availableScopes: {} }
"), @"
    error[document/invalid-value]: `sned` is no value of `action`
     --> a.yaml:4:31
      |
    4 | operations: { tick: { action: sned, channel: { $ref: '#/channels/a' } } }
      |                               ^^^^ values are `send` and `receive`
      = help: write `send`

    error[document/invalid-value]: `url` must be an absolute URL or URN, such as `https://example.com`
     --> a.yaml:6:32
      |
    6 |   externalDocs: { docs: { url: example.com } }
      |                                ^^^^^^^^^^^

    error[document/invalid-value]: `apikey` is no value of `type`
     --> a.yaml:8:18
      |
    8 |     one: { type: apikey }
      |                  ^^^^^^ values are `userPassword`, `apiKey`, `X509`, `symmetricEncryption`, `asymmetricEncryption`, `httpApiKey`, `http`, `oauth2`, `openIdConnect`, `plain`, `scramSha256`, `scramSha512` and `gssapi`
      = help: write `apiKey`

    error[document/invalid-value]: `header` is no value of `in`
     --> a.yaml:9:30
      |
    9 |     two: { type: apiKey, in: header }
      |                              ^^^^^^ values are `user` and `password`

    error[document/invalid-value]: a security scheme has `bearerFormat` only with `scheme: bearer`
      --> a.yaml:10:41
       |
    10 |     three: { type: http, scheme: basic, bearerFormat: JWT }
       |                                         ^^^^^^^^^^^^
       = help: remove `bearerFormat`

    error[document/invalid-value]: the implicit flow must not have `tokenUrl`
      --> a.yaml:14:54
       |
    14 |         implicit: { authorizationUrl: 'https://a.b', tokenUrl: 'https://a.b', availableScopes: {} }
       |                                                      ^^^^^^^^
       = help: remove `tokenUrl`

    error[document/missing-field]: this flow needs `tokenUrl`
      --> a.yaml:15:9
       |
    15 |         password: { authorizationUrl: 'https://a.b', availableScopes: {} }
       |         ^^^^^^^^

    error[document/invalid-value]: this flow must not have `authorizationUrl`
      --> a.yaml:15:21
       |
    15 |         password: { authorizationUrl: 'https://a.b', availableScopes: {} }
       |                     ^^^^^^^^^^^^^^^^
       = help: remove `authorizationUrl`
    ");
}

#[test]
fn fields_of_other_versions_are_told_with_what_takes_their_place() {
    assert_snapshot!(diagnose_as("2.6.0", "
channels: { /a: { address: /a, publish: { action: send } } }
operations: {}
servers: { one: { host: example.com, protocol: ws, url: ws://example.com } }
"), @"
    error[document/other-version]: `address` of a channel exists since AsyncAPI 3.0.0; this document is 2.6.0
     --> a.yaml:3:19
      |
    3 | channels: { /a: { address: /a, publish: { action: send } } }
      |                   ^^^^^^^
      = help: in 2.6.0 this is the channel's key, which is its address

    error[document/unknown-field]: an operation has no field `action`
     --> a.yaml:3:43
      |
    3 | channels: { /a: { address: /a, publish: { action: send } } }
      |                                           ^^^^^^ fields are `operationId`, `summary`, `description`, `security`, `tags`, `externalDocs`, `bindings`, `traits` and `message`
      = help: a key of your own begins with `x-`: `x-action`

    error[document/other-version]: `operations` of the document exists since AsyncAPI 3.0.0; this document is 2.6.0
     --> a.yaml:4:1
      |
    4 | operations: {}
      | ^^^^^^^^^^
      = help: in 2.6.0 this is `publish` and `subscribe` of a channel

    error[document/other-version]: `host` of a server exists since AsyncAPI 3.0.0; this document is 2.6.0
     --> a.yaml:5:19
      |
    5 | servers: { one: { host: example.com, protocol: ws, url: ws://example.com } }
      |                   ^^^^
      = help: in 2.6.0 this is `url`
    ");
    assert_snapshot!(diagnose("
tags: [{ name: a }]
servers: { one: { host: example.com, url: ws://example.com, protocol: ws } }
channels: { a: { address: /a, subscribe: { message: { payload: {} } } } }
"), @"
    error[document/other-version]: `tags` of the document exists up to AsyncAPI 2.6.0; this document is 3.0.0
     --> a.yaml:3:1
      |
    3 | tags: [{ name: a }]
      | ^^^^
      = help: in 3.0.0 this is `tags` of `info`

    error[document/other-version]: `url` of a server exists up to AsyncAPI 2.6.0; this document is 3.0.0
     --> a.yaml:4:38
      |
    4 | servers: { one: { host: example.com, url: ws://example.com, protocol: ws } }
      |                                      ^^^
      = help: in 3.0.0 this is `host` and `pathname`

    error[document/other-version]: `subscribe` of a channel exists up to AsyncAPI 2.6.0; this document is 3.0.0
     --> a.yaml:5:31
      |
    5 | channels: { a: { address: /a, subscribe: { message: { payload: {} } } } }
      |                               ^^^^^^^^^
      = help: in 3.0.0 this is an operation with `action: send`
    ");
    assert_snapshot!(diagnose_as("2.0.0", "
channels: { /a: { servers: [one] } }
components: { securitySchemes: { plain: { type: plain } }, servers: {} }
"), @"
    error[document/other-version]: `servers` of a channel exists since AsyncAPI 2.2.0; this document is 2.0.0
     --> a.yaml:3:19
      |
    3 | channels: { /a: { servers: [one] } }
      |                   ^^^^^^^
      = help: remove it, or write the document in the other version

    error[reference/wrong-target]: there is no server `one`
     --> a.yaml:3:29
      |
    3 | channels: { /a: { servers: [one] } }
      |                             ^^^ `servers` is empty

    error[document/other-version]: `plain` exists since AsyncAPI 2.1.0; this document is 2.0.0
     --> a.yaml:4:49
      |
    4 | components: { securitySchemes: { plain: { type: plain } }, servers: {} }
      |                                                 ^^^^^

    error[document/other-version]: `servers` of the components object exists since AsyncAPI 2.3.0; this document is 2.0.0
     --> a.yaml:4:60
      |
    4 | components: { securitySchemes: { plain: { type: plain } }, servers: {} }
      |                                                            ^^^^^^^
      = help: remove it, or write the document in the other version
    ");
}

#[test]
fn lists_have_each_thing_once() {
    assert_snapshot!(diagnose("
servers:
  one:
    host: '{a}'
    protocol: ws
    variables: { a: { enum: [x, y, x] } }
    tags: [{ name: a }, { name: a }, { name: b }, { name: b, description: B }]
"), @"
    error[document/duplicate]: `x` stands in the list twice
     --> a.yaml:7:36
      |
    7 |     variables: { a: { enum: [x, y, x] } }
      |                                    ^
      |                              - the first time
      = help: remove one of them

    error[document/duplicate]: the list has the same item twice
     --> a.yaml:8:25
      |
    8 |     tags: [{ name: a }, { name: a }, { name: b }, { name: b, description: B }]
      |                         ^^^^^^^^^^^
      |            ----------- the first time
      = help: remove one of them

    warning[document/duplicate]: `b` stands in the list twice
     --> a.yaml:8:59
      |
    8 |     tags: [{ name: a }, { name: a }, { name: b }, { name: b, description: B }]
      |                                                           ^
      |                                              - the first time
      = help: remove one of them
    ");
    assert_snapshot!(diagnose_as("2.6.0", "
tags: [{ name: a }, { name: a, description: b }]
channels: {}
"), @"
    error[document/duplicate]: `a` stands in the list twice
     --> a.yaml:3:29
      |
    3 | tags: [{ name: a }, { name: a, description: b }]
      |                             ^
      |                - the first time
      = help: remove one of them
    ");
}

#[test]
fn references_stand_where_they_may_and_nowhere_else() {
    assert_snapshot!(diagnose("
channels:
  a: { address: /a, messages: { one: { payload: {} } } }
  b: { $ref: '#/components/channels/c', title: Ignored }
operations:
  one: { action: send, channel: { address: /a }, messages: [{ payload: {} }] }
  two: { action: send, channel: { $ref: '#/components/channels/c' } }
  three:
    action: send
    channel: { $ref: '#/channels/a' }
    messages: [{ $ref: '#/components/messages/m' }, { $ref: '#/channels/a/messages/one' }]
  four: { action: send, channel: { $ref: '#/channels/a' }, reply: { $ref: '#/components/channels/c' } }
  five: { action: send, channel: { $ref: '#/channels/a' }, traits: [{ $ref: '#/components/schemas/s' }] }
components:
  channels: { c: { address: /c } }
  messages: { m: { payload: { type: string } }, n: { $ref: '#/components/messages/x' } }
  schemas: { s: { type: string } }
  tags: { $ref: '#/x-tags' }
x-tags: { t: { name: t } }
x-more: { $ref: '#/x-mor' }
x-lint-ignore: component/unused
"), @"
    warning[reference/beside]: `title` beside `$ref` has no effect
     --> a.yaml:5:41
      |
    5 |   b: { $ref: '#/components/channels/c', title: Ignored }
      |                                         ^^^^^
      = help: write it where the reference leads, or drop it

    error[document/misplaced-reference]: `channel` must be a reference, this is an object
     --> a.yaml:7:24
      |
    7 |   one: { action: send, channel: { address: /a }, messages: [{ payload: {} }] }
      |                        ^^^^^^^
      = help: write `{ $ref: '#/…' }` with the place of what you mean

    error[document/misplaced-reference]: an item of `messages` must be a reference, this is an object
     --> a.yaml:7:63
      |
    7 |   one: { action: send, channel: { address: /a }, messages: [{ payload: {} }] }
      |                                                               ^^^^^^^
      = help: write `{ $ref: '#/…' }` with the place of what you mean

    error[reference/wrong-target]: this does not refer to a channel of the document
     --> a.yaml:8:33
      |
    8 |   two: { action: send, channel: { $ref: '#/components/channels/c' } }
      |                                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      = help: write `$ref: '#/channels/…'`

    error[reference/wrong-target]: this does not refer to a message of the operation's channel
      --> a.yaml:12:16
       |
    12 |     messages: [{ $ref: '#/components/messages/m' }, { $ref: '#/channels/a/messages/one' }]
       |                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
       = help: list the message under `messages` of the channel and write `$ref: '#/channels/…/messages/…'`

    error[reference/wrong-target]: `#/components/channels/c` is a channel; here a reply belongs
      --> a.yaml:13:75
       |
    13 |   four: { action: send, channel: { $ref: '#/channels/a' }, reply: { $ref: '#/components/channels/c' } }
       |                                                                           ^^^^^^^^^^^^^^^^^^^^^^^^^

    error[reference/wrong-target]: `#/components/schemas/s` is a schema; here an operation trait belongs
      --> a.yaml:14:77
       |
    14 |   five: { action: send, channel: { $ref: '#/channels/a' }, traits: [{ $ref: '#/components/schemas/s' }] }
       |                                                                             ^^^^^^^^^^^^^^^^^^^^^^^^

    warning[message/no-discriminator]: nothing tells the sent messages `m`, `one` apart
      --> a.yaml:17:18
       |
     4 |   a: { address: /a, messages: { one: { payload: {} } } }
       |                                      - `one` may look the same
    ...
    17 |   messages: { m: { payload: { type: string } }, n: { $ref: '#/components/messages/x' } }
       |                  ^
       = help: give each a property with a `const` of its own; until then they are tried one after the other

    error[reference/unresolved]: `#/components/messages/x` leads nowhere: there is no `x` in `#/components/messages`
      --> a.yaml:17:83
       |
    17 |   messages: { m: { payload: { type: string } }, n: { $ref: '#/components/messages/x' } }
       |                                                                                   ^ there are `m` and `n`

    warning[document/misplaced-reference]: `tags` is a reference, which not every tool follows
      --> a.yaml:19:11
       |
    19 |   tags: { $ref: '#/x-tags' }
       |           ^^^^
       = help: write the names here, each with a reference of its own

    error[reference/unresolved]: `#/x-mor` leads nowhere: there is no `x-mor` in the document
      --> a.yaml:21:20
       |
    21 | x-more: { $ref: '#/x-mor' }
       |                    ^^^^^ there are `asyncapi`, `info`, `channels`, `operations`, `components` and 3 more
       = help: write `#/x-more`
    ");
}

#[test]
fn a_reference_is_an_error_in_components_that_nobody_uses() {
    assert_snapshot!(diagnose("
components:
  schemas: { A: { properties: { a: { items: { $ref: '#/components/schemas/B' } } }, definitions: { x: { $ref: '#/y' } } } }
  messages: { m: { correlationId: { $ref: '#/components/correlationIds/a' } } }
  replies: { r: { address: { $ref: '#/components/replyAddresses/a' } } }
  messageBindings: { b: { $ref: '#/components/messageBindings/c' } }
"), @"
    error[reference/unresolved]: `#/components/schemas/B` leads nowhere: there is no `B` in `#/components/schemas`
     --> a.yaml:4:75
      |
    4 | … { items: { $ref: '#/components/schemas/B' } } }, definitions: { x: { $ref: '#/y' } } } }
      |                                          ^ there is only `A`

    error[reference/unresolved]: `#/y` leads nowhere: there is no `y` in the document
     --> a.yaml:4:114
      |
    4 | …/B' } } }, definitions: { x: { $ref: '#/y' } } } }
      |                                          ^ there are `asyncapi`, `info` and `components`

    error[reference/unresolved]: `#/components/correlationIds/a` leads nowhere: there is no `correlationIds` in `#/components`
     --> a.yaml:5:57
      |
    5 |   messages: { m: { correlationId: { $ref: '#/components/correlationIds/a' } } }
      |                                                         ^^^^^^^^^^^^^^ there are `schemas`, `messages`, `replies` and `messageBindings`
      = help: write `#/components/schemas/A/properties/a`

    error[reference/unresolved]: `#/components/replyAddresses/a` leads nowhere: there is no `replyAddresses` in `#/components`
     --> a.yaml:6:50
      |
    6 |   replies: { r: { address: { $ref: '#/components/replyAddresses/a' } } }
      |                                                  ^^^^^^^^^^^^^^ there are `schemas`, `messages`, `replies` and `messageBindings`
      = help: write `#/components/schemas/A/properties/a`

    error[reference/unresolved]: `#/components/messageBindings/c` leads nowhere: there is no `c` in `#/components/messageBindings`
     --> a.yaml:7:63
      |
    7 |   messageBindings: { b: { $ref: '#/components/messageBindings/c' } }
      |                                                               ^ there is only `b`
    ");
}

#[test]
fn runtime_expressions_begin_and_go_on_as_they_must() {
    assert_snapshot!(diagnose("
components:
  correlationIds:
    a: { location: payload.id }
    b: { location: $message.payload#id }
    c: { location: $message.header#/a~b }
    d: { location: $message.payload#/a~1b }
    e: { location: '$message.payload#' }
"), @"
    error[document/runtime-expression]: `payload.id` is no runtime expression
     --> a.yaml:5:20
      |
    5 |     a: { location: payload.id }
      |                    ^^^^^^^^^^
      = help: write `$message.payload#/` or `$message.header#/` and the way to the value

    warning[document/runtime-expression]: `id` is no JSON pointer
     --> a.yaml:6:20
      |
    6 |     b: { location: $message.payload#id }
      |                    ^^^^^^^^^^^^^^^^^^^
      = help: write `$message.payload#/` or `$message.header#/` and the way to the value

    warning[document/runtime-expression]: `/a~b` is no JSON pointer
     --> a.yaml:7:20
      |
    7 |     c: { location: $message.header#/a~b }
      |                    ^^^^^^^^^^^^^^^^^^^^
      = help: write `$message.payload#/` or `$message.header#/` and the way to the value
    ");
}

#[test]
fn what_an_address_uses_is_declared_and_the_other_way_round() {
    assert_snapshot!(diagnose("
channels:
  a: { address: '/{symbl}/{x}', parameters: { symbol: {}, x: {} } }
  b: { address: '/{free}' }
  c: { address: '/c?x={y}' }
servers: { one: { host: '{a}.b', pathname: '/{b}', protocol: ws, variables: { a: {}, c: {} } } }
"), @"
    error[address/undeclared-parameter]: `{symbl}` is not declared under `parameters`
     --> a.yaml:4:19
      |
    4 |   a: { address: '/{symbl}/{x}', parameters: { symbol: {}, x: {} } }
      |                   ^^^^^^^
      = help: write `{symbol}`

    warning[address/undeclared-parameter]: `{free}` is not declared under `parameters`
     --> a.yaml:5:19
      |
    5 |   b: { address: '/{free}' }
      |                   ^^^^^^
      = help: declare it: `parameters: { free: {} }`

    warning[address/query]: the address `/c?x={y}` has a query or a fragment
     --> a.yaml:6:17
      |
    6 |   c: { address: '/c?x={y}' }
      |                 ^^^^^^^^^^
      = help: declare what follows the path in `bindings.ws.query`

    warning[address/undeclared-parameter]: `{y}` is not declared under `parameters`
     --> a.yaml:6:23
      |
    6 |   c: { address: '/c?x={y}' }
      |                       ^^^
      = help: declare it: `parameters: { y: {} }`

    warning[address/undeclared-parameter]: `{b}` is not declared under `variables`
     --> a.yaml:7:46
      |
    7 | servers: { one: { host: '{a}.b', pathname: '/{b}', protocol: ws, variables: { a: {}, c: {} } } }
      |                                              ^^^ declared are `a` and `c`

    warning[address/unused-parameter]: the variable `c` is declared, and nothing uses it
     --> a.yaml:7:86
      |
    7 | servers: { one: { host: '{a}.b', pathname: '/{b}', protocol: ws, variables: { a: {}, c: {} } } }
      |                                                                                      ^
      = help: write `{c}` where it belongs, or remove it
    ");
    assert_snapshot!(diagnose_as("2.6.0", "
channels:
  '/{symbl}/{x}': { parameters: { symbol: {}, x: {} } }
  /c?x=y: {}
  '': {}
servers: { one: { url: 'ws://{a}.b', protocol: ws, variables: { b: {} } } }
"), @"
    error[address/undeclared-parameter]: `{symbl}` is not declared under `parameters`
     --> a.yaml:4:3
      |
    4 |   '/{symbl}/{x}': { parameters: { symbol: {}, x: {} } }
      |   ^^^^^^^^^^^^^^
      = help: write `{symbol}`

    error[address/query]: the address `/c?x=y` has a query or a fragment
     --> a.yaml:5:3
      |
    5 |   /c?x=y: {}
      |   ^^^^^^
      = help: declare what follows the path in `bindings.ws.query`

    error[address/query]: the address `` is empty
     --> a.yaml:6:3
      |
    6 |   '': {}
      |   ^^

    error[address/undeclared-parameter]: `{a}` is not declared under `variables`
     --> a.yaml:7:30
      |
    7 | servers: { one: { url: 'ws://{a}.b', protocol: ws, variables: { b: {} } } }
      |                              ^^^ declared are `b`

    error[address/unused-parameter]: the variable `b` is declared, and nothing uses it
     --> a.yaml:7:65
      |
    7 | servers: { one: { url: 'ws://{a}.b', protocol: ws, variables: { b: {} } } }
      |                                                                 ^
      = help: write `{b}` where it belongs, or remove it
    ");
    assert_snapshot!(diagnose_as("2.0.0", "
channels: { '/{a}/{b}': { parameters: { a: {}, c: {} } } }
"), @"
    warning[address/undeclared-parameter]: `{b}` is not declared under `parameters`
     --> a.yaml:3:13
      |
    3 | channels: { '/{a}/{b}': { parameters: { a: {}, c: {} } } }
      |             ^^^^^^^^^^ declared are `a` and `c`

    warning[address/unused-parameter]: the parameter `c` is declared, and nothing uses it
     --> a.yaml:3:48
      |
    3 | channels: { '/{a}/{b}': { parameters: { a: {}, c: {} } } }
      |                                                ^
      = help: write `{c}` where it belongs, or remove it
    ");
}

#[test]
fn security_requirements_of_2_name_schemes_and_their_scopes() {
    assert_snapshot!(diagnose_as("2.6.0", "
channels: {}
servers:
  one:
    url: a.b
    protocol: ws
    security: [{ tokn: [] }, { token: [red, red, write] }, { key: [a] }, { id: [any] }, { key: no }]
components:
  securitySchemes:
    key: { type: apiKey, in: user }
    id: { type: openIdConnect, openIdConnectUrl: 'https://a.b' }
    token: { type: oauth2, flows: { implicit: { authorizationUrl: 'https://a.b', scopes: { read: Read., write: Write. } } } }
x-lint-ignore: component/unused
"), @"
    error[reference/wrong-target]: there is no security scheme `tokn`
     --> a.yaml:8:18
      |
    8 |     security: [{ tokn: [] }, { token: [red, red, write] }, { key: [a] }, { id: [any] }, { key: no }]
      |                  ^^^^ `components.securitySchemes` has `key`, `id`, `token`
      = help: write `token`

    error[security/scopes]: no flow of the scheme has the scope `red`
     --> a.yaml:8:40
      |
    8 |     security: [{ tokn: [] }, { token: [red, red, write] }, { key: [a] }, { id: [any] }, { key: no }]
      |                                        ^^^ scopes are `read` and `write`
      = help: write `read`

    error[document/duplicate]: the scope `red` stands in the list twice
     --> a.yaml:8:45
      |
    8 |     security: [{ tokn: [] }, { token: [red, red, write] }, { key: [a] }, { id: [any] }, { key: no }]
      |                                             ^^^

    error[security/scopes]: no flow of the scheme has the scope `red`
     --> a.yaml:8:45
      |
    8 |     security: [{ tokn: [] }, { token: [red, red, write] }, { key: [a] }, { id: [any] }, { key: no }]
      |                                             ^^^ scopes are `read` and `write`
      = help: write `read`

    warning[security/scopes]: a security scheme of type `apiKey` has no scopes
     --> a.yaml:8:68
      |
    8 |     security: [{ tokn: [] }, { token: [red, red, write] }, { key: [a] }, { id: [any] }, { key: no }]
      |                                                                    ^
      = help: write `[]`

    error[document/wrong-kind]: `key` must be a list of scopes, this is the text `no`
     --> a.yaml:8:96
      |
    8 |     security: [{ tokn: [] }, { token: [red, red, write] }, { key: [a] }, { id: [any] }, { key: no }]
      |                                                                                                ^^
    ");
}

#[test]
fn ids_of_2_name_one_thing_each() {
    assert_snapshot!(diagnose_as("2.6.0", "
channels:
  /a: { subscribe: { operationId: a, message: { $ref: '#/components/messages/m' } } }
  /b: { publish: { traits: [{ operationId: a }], message: { $ref: '#/components/messages/m' } } }
  /c: { subscribe: { message: { oneOf: [{ messageId: m, payload: {} }, { $ref: '#/components/messages/m' }] } } }
components: { messages: { m: { messageId: m, payload: { type: string } } } }
"), @"
    error[document/duplicate-id]: another operation has the operationId `a` too
     --> a.yaml:5:44
      |
    4 |   /a: { subscribe: { operationId: a, message: { $ref: '#/components/messages/m' } } }
      |                                   - the first one
    5 |   /b: { publish: { traits: [{ operationId: a }], message: { $ref: '#/components/messages/m' } } }
      |                                            ^
      = help: give each an id of its own

    warning[message/no-discriminator]: nothing tells the sent messages `m`, `m` apart
     --> a.yaml:6:41
      |
    6 |   /c: { subscribe: { message: { oneOf: [{ messageId: m, payload: {} }, { $ref: '#/components/messages/m' }] } } }
      |                                         ^
    7 | components: { messages: { m: { messageId: m, payload: { type: string } } } }
      |                              - `m` may look the same
      = help: give each a property with a `const` of its own; until then they are tried one after the other

    error[document/duplicate-id]: another message has the messageId `m` too
     --> a.yaml:6:54
      |
    6 |   /c: { subscribe: { message: { oneOf: [{ messageId: m, payload: {} }, { $ref: '#/components/messages/m' }] } } }
      |                                                      ^
    7 | components: { messages: { m: { messageId: m, payload: { type: string } } } }
      |                                           - the first one
      = help: give each an id of its own
    ");
}

#[test]
fn bindings_are_checked_by_their_version() {
    assert_snapshot!(diagnose("
channels:
  a:
    address: /a
    bindings:
      websocket: {}
      ws: { method: PUT, qery: {}, bindingVersion: 0.1.0 }
      kafka: { topicConfiguration: { retention.ms: -2 }, bindingVersion: 0.4.0 }
      amqp: { is: queue, exchange: {}, bindingVersion: 0.2.0 }
      ros2: {}
operations:
  one:
    action: send
    channel: { $ref: '#/channels/a' }
    bindings: { mqtt: { qos: 3 }, amqp: { replyTo: a }, nats: { queue: 7 }, solace: { destinations: [{ destinationType: topc }] } }
"), @"
    error[binding/unknown-protocol]: no bindings are defined for `websocket`
     --> a.yaml:7:7
      |
    7 |       websocket: {}
      |       ^^^^^^^^^
      = help: write `ws`

    error[document/invalid-value]: `PUT` is no value of `method`
     --> a.yaml:8:21
      |
    8 |       ws: { method: PUT, qery: {}, bindingVersion: 0.1.0 }
      |                     ^^^ values are `GET` and `POST`

    error[document/unknown-field]: a WebSocket channel binding has no field `qery`
     --> a.yaml:8:26
      |
    8 |       ws: { method: PUT, qery: {}, bindingVersion: 0.1.0 }
      |                          ^^^^ fields are `method`, `query`, `headers` and `bindingVersion`
      = help: write `query`

    error[document/invalid-value]: `retention.ms` must be an integer of at least -1
     --> a.yaml:9:52
      |
    9 |       kafka: { topicConfiguration: { retention.ms: -2 }, bindingVersion: 0.4.0 }
      |                                                    ^^

    error[binding/unknown-version]: `0.2.0` is no version of this binding in AsyncAPI 3.0.0
      --> a.yaml:10:56
       |
    10 |       amqp: { is: queue, exchange: {}, bindingVersion: 0.2.0 }
       |                                                        ^^^^^ versions are `0.3.0`

    error[binding/unknown-protocol]: no bindings are defined for `ros2`
      --> a.yaml:11:7
       |
    11 |       ros2: {}
       |       ^^^^ protocols are `http`, `ws`, `kafka`, `anypointmq`, `amqp`, `amqp1`, `mqtt`, `mqtt5`, `nats`, `jms`, `sns`, `solace`, `sqs`, `stomp`, `redis`, `mercure`, `ibmmq`, `googlepubsub` and `pulsar`

    error[document/invalid-value]: `3` is no value of `qos`
      --> a.yaml:16:30
       |
    16 |     bindings: { mqtt: { qos: 3 }, amqp: { replyTo: a }, nats: { queue: 7 }, solace: { destinations: [{ destinationType: …
       |                              ^ values are `0`, `1` and `2`

    error[document/unknown-field]: an AMQP operation binding has no field `replyTo`
      --> a.yaml:16:43
       |
    16 | …  bindings: { mqtt: { qos: 3 }, amqp: { replyTo: a }, nats: { queue: 7 }, solace: { destinations: [{ destinationType: t…
       |                                          ^^^^^^^ fields are `expiration`, `userId`, `cc`, `priority`, `deliveryMode`, `mandatory`, `bcc`, `timestamp`, `ack` and `bindingVersion`
       = help: a key of your own begins with `x-`: `x-replyTo`

    error[document/wrong-kind]: `queue` must be text, this is the number 7
      --> a.yaml:16:72
       |
    16 | …}, amqp: { replyTo: a }, nats: { queue: 7 }, solace: { destinations: [{ destinationType: topc }] } }
       |                                          ^
       = help: put it in quotes: `'7'`

    error[document/invalid-value]: `topc` is no value of `destinationType`
      --> a.yaml:16:121
       |
    16 | …ce: { destinations: [{ destinationType: topc }] } }
       |                                          ^^^^ values are `queue` and `topic`
       = help: write `topic`
    ");
    assert_snapshot!(diagnose_as("2.6.0", "
channels:
  /a:
    bindings: { ws: { method: PUT }, amqp: { is: queue, queue: {}, exchange: {} }, own: { a: 1 }, kafak: {} }
    publish: { bindings: { amqp: { replyTo: a, bindingVersion: 0.2.0 }, http: { type: request, method: GET }, mqtt: { qos: 1, bindingVersion: 9.9.9 } } }
"), @"
    warning[document/invalid-value]: `PUT` is no value of `method`
     --> a.yaml:5:31
      |
    5 |     bindings: { ws: { method: PUT }, amqp: { is: queue, queue: {}, exchange: {} }, own: { a: 1 }, kafak: {} }
      |                               ^^^ values are `GET` and `POST`

    warning[binding/unknown-protocol]: no bindings are defined for `kafak`
     --> a.yaml:5:99
      |
    5 |     bindings: { ws: { method: PUT }, amqp: { is: queue, queue: {}, exchange: {} }, own: { a: 1 }, kafak: {} }
      |                                                                                                   ^^^^^
      = help: write `kafka`

    warning[binding/unknown-version]: `9.9.9` is no version of this binding in AsyncAPI 2.6.0
     --> a.yaml:6:143
      |
    6 | … GET }, mqtt: { qos: 1, bindingVersion: 9.9.9 } } }
      |                                          ^^^^^ versions are `0.2.0` and `0.1.0`
    ");
}

#[test]
fn names_have_letters_digits_and_few_signs() {
    let components = "
channels: {}
components: { schemas: { 'a b': { type: string }, größe: { type: string }, a.b-c_d: { type: string } } }
x-lint-ignore: component/unused
";
    assert_snapshot!(diagnose(components), @"
    warning[document/invalid-name]: `a b` has signs that a name must not have
     --> a.yaml:4:26
      |
    4 | components: { schemas: { 'a b': { type: string }, größe: { type: string }, a.b-c_d: { type: string } } }
      |                          ^^^^^
      = help: use letters (`a` to `z`), digits, `.`, `-` and `_` only

    warning[document/invalid-name]: `größe` has signs that a name must not have
     --> a.yaml:4:51
      |
    4 | components: { schemas: { 'a b': { type: string }, größe: { type: string }, a.b-c_d: { type: string } } }
      |                                                   ^^^^^
      = help: use letters (`a` to `z`), digits, `.`, `-` and `_` only
    ");
    assert_snapshot!(diagnose_as("2.1.0", components), @"
    error[document/invalid-name]: `a b` has signs that a name must not have
     --> a.yaml:4:26
      |
    4 | components: { schemas: { 'a b': { type: string }, größe: { type: string }, a.b-c_d: { type: string } } }
      |                          ^^^^^
      = help: use letters (`a` to `z`), digits, `.`, `-` and `_` only

    error[document/invalid-name]: `größe` has signs that a name must not have
     --> a.yaml:4:51
      |
    4 | components: { schemas: { 'a b': { type: string }, größe: { type: string }, a.b-c_d: { type: string } } }
      |                                                   ^^^^^
      = help: use letters (`a` to `z`), digits, `.`, `-` and `_` only
    ");
}

#[test]
fn schemas_say_what_their_keywords_may() {
    assert_snapshot!(diagnose("
components:
  schemas:
    A: { enum: [a, a, 1, 1.0], required: [a, a], type: [string, string], items: [] }
    B: { enum: [], examples: a, pattern: 'a\\Z', discriminator: { propertyName: kind } }
    C: { $id: 7, externalDocs: { urll: a }, definitions: { d: 7 } }
"), @r"
    error[schema/keyword]: `a` stands in the list twice
     --> a.yaml:5:20
      |
    5 |     A: { enum: [a, a, 1, 1.0], required: [a, a], type: [string, string], items: [] }
      |                    ^
      |                 - the first time
      = help: remove one of them

    error[schema/keyword]: `a` stands in the list twice
     --> a.yaml:5:46
      |
    5 |     A: { enum: [a, a, 1, 1.0], required: [a, a], type: [string, string], items: [] }
      |                                              ^
      |                                           - the first time
      = help: remove one of them

    error[schema/keyword]: `string` stands in the list twice
     --> a.yaml:5:65
      |
    5 |     A: { enum: [a, a, 1, 1.0], required: [a, a], type: [string, string], items: [] }
      |                                                                 ^^^^^^
      |                                                         ------ the first time
      = help: remove one of them

    error[schema/keyword]: `items` must be a schema, or a list with at least one
     --> a.yaml:5:81
      |
    5 |     A: { enum: [a, a, 1, 1.0], required: [a, a], type: [string, string], items: [] }
      |                                                                                 ^^ this is a list

    warning[schema/keyword]: an empty `enum` allows no value
     --> a.yaml:6:16
      |
    6 |     B: { enum: [], examples: a, pattern: 'a\Z', discriminator: { propertyName: kind } }
      |                ^^

    error[schema/keyword]: `examples` must be a list of values
     --> a.yaml:6:30
      |
    6 |     B: { enum: [], examples: a, pattern: 'a\Z', discriminator: { propertyName: kind } }
      |                              ^ this is a string

    error[schema/keyword]: `\Z` is no end of text in `a\Z`
     --> a.yaml:6:42
      |
    6 |     B: { enum: [], examples: a, pattern: 'a\Z', discriminator: { propertyName: kind } }
      |                                          ^^^^^
      = help: write `$`: patterns are in the syntax of ECMA-262 (JavaScript)

    warning[schema/discriminator-not-required]: the discriminator `kind` is none of the schema's properties
     --> a.yaml:6:64
      |
    6 |     B: { enum: [], examples: a, pattern: 'a\Z', discriminator: { propertyName: kind } }
      |                                                                ^^^^^^^^^^^^^^^^^^^^^^
      = help: declare `kind` under `properties`, and as `required`

    error[schema/keyword]: `discriminator` must be the name of a property, this is an object
     --> a.yaml:6:64
      |
    6 |     B: { enum: [], examples: a, pattern: 'a\Z', discriminator: { propertyName: kind } }
      |                                                                ^^^^^^^^^^^^^^^^^^^^^^
      = help: write `discriminator: kind`

    error[schema/keyword]: `$id` must be text
     --> a.yaml:7:15
      |
    7 |     C: { $id: 7, externalDocs: { urll: a }, definitions: { d: 7 } }
      |               ^ this is a number

    error[document/unknown-field]: external documentation has no field `urll`
     --> a.yaml:7:34
      |
    7 |     C: { $id: 7, externalDocs: { urll: a }, definitions: { d: 7 } }
      |                                  ^^^^ fields are `url` and `description`
      = help: write `url`

    error[schema/keyword]: a schema must be an object, `true` or `false`
     --> a.yaml:7:63
      |
    7 |     C: { $id: 7, externalDocs: { urll: a }, definitions: { d: 7 } }
      |                                                               ^ this is a number
    ");
}
