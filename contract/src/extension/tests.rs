//! Slips in our extensions, as a person reads them, and what they are read into.

use insta::assert_snapshot;

use crate::diagnose::{contract, diagnose, diagnose_as};

/// A channel with these extensions, the inside of the channel object.
fn channel(extensions: &str) -> String {
    format!(
        "channels:
  ticks:
    address: /ticks
    messages:
      tick:
        payload: {{ type: object, required: [type], properties: {{ type: {{ const: tick }}, topic: {{ type: string }} }} }}
      follow:
        payload:
          type: object
          required: [type, symbol]
          properties: {{ type: {{ const: follow }}, symbol: {{ type: string }}, size: {{ enum: ['1', '5'] }} }}
      followed: {{ payload: {{ type: object, required: [type, ok], properties: {{ type: {{ const: followed }}, ok: {{ type: boolean }}, text: {{ type: string }} }} }} }}
{extensions}operations:
  push: {{ action: send, channel: {{ $ref: '#/channels/ticks' }}, messages: [{{ $ref: '#/channels/ticks/messages/tick' }}] }}
  follow:
    action: receive
    channel: {{ $ref: '#/channels/ticks' }}
    messages: [{{ $ref: '#/channels/ticks/messages/follow' }}]
    reply: {{ channel: {{ $ref: '#/channels/ticks' }}, messages: [{{ $ref: '#/channels/ticks/messages/followed' }}] }}
"
    )
}

fn told(extensions: &str) -> String {
    diagnose(&channel(extensions))
}

#[test]
fn close_codes_are_situations_with_a_code_a_reason_and_what_to_do() {
    assert_snapshot!(told("    x-close-codes:
      heartbeat: { code: 4000, reason: heartbeat missed, then: retry }
      hartbeat: { code: 4000, reason: a, then: retry }
      slow: { code: 1005, reason: a, then: wait }
      rate: { code: '4102' }
      shutdown: [1012]
      origin: { code: 4503, reason: a, then: stop, when: now }
      too-large: { code: 70000, reason: 'This reason is much too long for a control frame, which has no more than one hundred and twenty-five bytes for code and reason', then: stop }
"), @r#"
    error[extension/invalid]: `hartbeat` is no situation that closes a connection
      --> a.yaml:17:7
       |
    17 |       hartbeat: { code: 4000, reason: a, then: retry }
       |       ^^^^^^^^ situations are `undecodable`, `invalid`, `unknown-type`, `heartbeat`, `lifespan`, `token-expired`, `token-bad`, `origin`, `overloaded`, `rate`, `too-large`, `shutdown`, `slow`
       = help: write `heartbeat`

    error[extension/invalid]: `1005` is no code that a close frame may carry
      --> a.yaml:18:21
       |
    18 |       slow: { code: 1005, reason: a, then: wait }
       |                     ^^^^ codes are 1000-1003, 1007-1014 and 3000-4999
       = help: take one of 4000-4499 for "come back", of 4500-4999 for "don't"

    error[extension/invalid]: `wait` is no value of `then` of close code `slow`
      --> a.yaml:18:44
       |
    18 |       slow: { code: 1005, reason: a, then: wait }
       |                                            ^^^^ values are `retry`, `refresh`, `back-off`, `stop`

    error[extension/invalid]: close code `rate` needs `reason`
      --> a.yaml:19:13
       |
    19 |       rate: { code: '4102' }
       |             ^

    error[extension/invalid]: close code `rate` needs `then`
      --> a.yaml:19:13
       |
    19 |       rate: { code: '4102' }
       |             ^

    error[extension/invalid]: `4102` is no code that a close frame may carry
      --> a.yaml:19:21
       |
    19 |       rate: { code: '4102' }
       |                     ^^^^^^ codes are 1000-1003, 1007-1014 and 3000-4999
       = help: take one of 4000-4499 for "come back", of 4500-4999 for "don't"

    error[extension/invalid]: close code `shutdown` must be an object
      --> a.yaml:20:17
       |
    20 |       shutdown: [1012]
       |                 ^^^^^^ this is a list

    error[extension/invalid]: close code `origin` has no key `when`
      --> a.yaml:21:52
       |
    21 |       origin: { code: 4503, reason: a, then: stop, when: now }
       |                                                    ^^^^ keys are `code`, `reason`, `then`, `description`
       = help: write `then`

    error[extension/invalid]: `70000` is no code that a close frame may carry
      --> a.yaml:22:26
       |
    22 |       too-large: { code: 70000, reason: 'This reason is much too long for a control frame, which has no more than one hu…
       |                          ^^^^^ codes are 1000-1003, 1007-1014 and 3000-4999
       = help: take one of 4000-4499 for "come back", of 4500-4999 for "don't"

    error[extension/invalid]: a reason has at most 123 bytes, this one has 126
      --> a.yaml:22:41
       |
    22 |       too-large: { code: 70000, reason: 'This reason is much too long for a control frame, which has no more than one hu…
       |                                         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
       = help: shorten it: it travels in a control frame (RFC 6455 §5.5)
    "#);
}

#[test]
fn close_codes_are_an_object() {
    assert_snapshot!(told("    x-close-codes: [4000]
"), @"
    error[extension/invalid]: `x-close-codes` must be an object
      --> a.yaml:15:20
       |
    15 |     x-close-codes: [4000]
       |                    ^^^^^^ this is a list
    ");
}

#[test]
fn subprotocols_are_a_list_of_names_that_a_header_can_carry() {
    assert_snapshot!(told("    x-subprotocols:
      - { name: ticks.v1, codec: json, closes: declared }
      - { name: 'ticks v1' }
      - { name: ticks.v1 }
      - { codec: msgpack }
      - { name: ticks.v2, codec: cbor, closes: no }
      - ticks.v3
"), @"
    error[extension/invalid]: `ticks v1` cannot be a subprotocol: it travels in an HTTP header (RFC 6455 §4.1)
      --> a.yaml:17:17
       |
    17 |       - { name: 'ticks v1' }
       |                 ^^^^^^^^^^

    error[extension/invalid]: the subprotocol `ticks.v1` stands in the list twice
      --> a.yaml:18:9
       |
    18 |       - { name: ticks.v1 }
       |         ^^^^^^^^^^^^^^^^^^

    error[extension/invalid]: a subprotocol needs `name`
      --> a.yaml:19:9
       |
    19 |       - { codec: msgpack }
       |         ^

    error[extension/invalid]: `cbor` is no value of `codec`
      --> a.yaml:20:34
       |
    20 |       - { name: ticks.v2, codec: cbor, closes: no }
       |                                  ^^^^ values are `json`, `msgpack`

    error[extension/invalid]: `no` is no value of `closes`
      --> a.yaml:20:48
       |
    20 |       - { name: ticks.v2, codec: cbor, closes: no }
       |                                                ^^ values are `declared`, `plain`

    error[extension/invalid]: a subprotocol must be an object
      --> a.yaml:21:9
       |
    21 |       - ticks.v3
       |         ^^^^^^^^ this is a string
    ");
}

#[test]
fn notices_name_messages_of_the_channel() {
    assert_snapshot!(told("    x-notices: { dropped: tick, revoked: tik, violated: tick }
"), @"
    error[topic/unknown-message]: the channel has no message `tik`
      --> a.yaml:15:42
       |
    15 |     x-notices: { dropped: tick, revoked: tik, violated: tick }
       |                                          ^^^ its messages are `tick`, `follow`, `followed`
       = help: write `tick`

    error[extension/invalid]: `x-notices` has no key `violated`
      --> a.yaml:15:47
       |
    15 |     x-notices: { dropped: tick, revoked: tik, violated: tick }
       |                                               ^^^^^^^^ keys are `dropped`, `revoked`, `violation`
    ");
}

#[test]
fn batches_are_directions() {
    assert_snapshot!(told("    x-batched: [send, recieve]
"), @"
    error[extension/invalid]: `recieve` is no value of `x-batched`
      --> a.yaml:15:23
       |
    15 |     x-batched: [send, recieve]
       |                       ^^^^^^^ values are `send`, `receive`
       = help: write `receive`
    ");
}

#[test]
fn a_topic_names_what_there_is() {
    assert_snapshot!(told("    x-topics:
      one: { name: 'one:{symbol', message: tick }
      two: { message: tik, parameters: { a: { locatoin: x } } }
      three: { name: 'three:{symbl}', parameters: { symbol: { location: payload.symbol } }, message: tick, subscribe: folow, topic: { location: $message.payload#/tpoic } }
      four: { name: 'four:{a}{b}', parameters: { a: {}, b: {} }, message: tick }
      five: { name: 'five:{a}:{b}', parameters: { a: {}, b: {} }, message: tick }
      six: text
      seven: { name: 'seven:{s}', parameters: { s: { location: $message.payload#/symbl } }, message: tick, subscribe: follow }
"), @"
    error[extension/invalid]: a `{` in the name of topic `one` is never closed
      --> a.yaml:16:20
       |
    16 |       one: { name: 'one:{symbol', message: tick }
       |                    ^^^^^^^^^^^^^

    error[extension/invalid]: topic `two` needs `name`
      --> a.yaml:17:12
       |
    17 |       two: { message: tik, parameters: { a: { locatoin: x } } }
       |            ^

    error[topic/unknown-location]: topic `three` is to be found at `/tpoic`, but message `tick` has no `tpoic` there
      --> a.yaml:18:14
       |
     8 |         payload: { type: object, required: [type], properties: { type: { const: tick }, topic: { type: string } } }
       |         ----------------------------------------------------------------------------------------------------------- the message
    ...
    18 |       three: { name: 'three:{symbl}', parameters: { symbol: { location: payload.symbol } }, m…
       |              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ properties there are `type`, `topic`
       = help: did you mean `topic`?

    error[topic/unknown-parameter]: topic `three` uses `{symbl}`, which is not one of its parameters
      --> a.yaml:18:29
       |
    18 |       three: { name: 'three:{symbl}', parameters: { symbol: { location: payload.symbol } }, message: tick, subscribe: fo…
       |                             ^^^^^^^ it has no parameters

    error[extension/invalid]: `payload.symbol` does not point into a payload
      --> a.yaml:18:73
       |
    18 | …bl}', parameters: { symbol: { location: payload.symbol } }, message: tick, subscribe: folow, topic: { location: $messag…
       |                                          ^^^^^^^^^^^^^^
       = help: write `$message.payload#/` and a JSON pointer, for example `$message.payload#/payload/symbol`

    error[topic/unknown-operation]: topic `three` names `folow`, which is no operation that its channel receives
      --> a.yaml:18:119
       |
    18 | …d.symbol } }, message: tick, subscribe: folow, topic: { location: $message.payload#/tpoic } }
       |                                          ^^^^^ received are `follow`
       = help: write `follow`

    error[topic/ambiguous-name]: nothing separates `{a}` from `{b}` in the name of topic `four`
      --> a.yaml:19:21
       |
    19 |       four: { name: 'four:{a}{b}', parameters: { a: {}, b: {} }, message: tick }
       |                     ^^^^^^^^^^^^^
       = help: write `{a}:{b}`

    error[topic/ambiguous-name]: the name of topic `five` can be read in two ways: both `{a}` and `{b}` may contain what separates them
      --> a.yaml:20:21
       |
    20 |       five: { name: 'five:{a}:{b}', parameters: { a: {}, b: {} }, message: tick }
       |                     ^^^^^^^^^^^^^^
       = help: give `b` an `enum`, or a `pattern` such as `^[^:]+$`

    error[extension/invalid]: topic `six` must be an object
      --> a.yaml:21:12
       |
    21 |       six: text
       |            ^^^^ this is a string

    error[topic/unknown-location]: parameter `s` of topic `seven` is to be found at `/symbl`, but message `follow` has no `symbl` there
      --> a.yaml:22:52
       |
    10 |         payload:
       |         -------- the message
    ...
    22 | …: { name: 'seven:{s}', parameters: { s: { location: $message.payload#/symbl } }, message: tick, subscribe: follow }
       |                                          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ properties there are `type`, `symbol`, `size`
       = help: did you mean `symbol`?
    ");
}

#[test]
fn an_answer_fits_the_reply() {
    assert_snapshot!(told("    x-topics:
      one:
        name: one:{symbol}
        parameters: { symbol: { location: $message.payload#/symbol } }
        message: tick
        subscribe: follow
        reply: { subscribe: { okay: true }, unsubscribe: {} }
      two:
        name: two:{symbol}
        parameters: { symbol: { location: $message.payload#/symbol } }
        message: tick
        subscribe: follow
        reply: { subscribe: { ok: 'yes', text: '{symbl}' } }
      three:
        name: three:{symbol}
        parameters: { symbol: { location: $message.payload#/symbol } }
        message: tick
        subscribe: follow
        reply: { subscribe: { text: 'Subscribed to {symbol}, {$topic}' } }
"), @"
    error[topic/answer]: the reply has no property `okay`; it has `type`, `ok`, `text`
      --> a.yaml:21:29
       |
    21 |         reply: { subscribe: { okay: true }, unsubscribe: {} }
       |                             ^^^^^^^^^^^^^^

    error[topic/answer]: `ok` does not fit the reply: type: expected boolean, got string
      --> a.yaml:27:29
       |
    27 |         reply: { subscribe: { ok: 'yes', text: '{symbl}' } }
       |                             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

    error[topic/unknown-parameter]: topic `two` uses `{symbl}`, which is not one of its parameters
      --> a.yaml:27:49
       |
    27 |         reply: { subscribe: { ok: 'yes', text: '{symbl}' } }
       |                                                 ^^^^^^^ its parameter is `symbol`
       = help: write `{symbol}`

    error[topic/answer]: the reply needs `ok`
      --> a.yaml:33:29
       |
    33 |         reply: { subscribe: { text: 'Subscribed to {symbol}, {$topic}' } }
       |                             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    ");
}

#[test]
fn refusals_close_or_are_ignored() {
    assert_snapshot!(diagnose("channels: { a: { address: /a, messages: { m: { payload: { type: string } } } } }
operations:
  one: { action: receive, channel: { $ref: '#/channels/a' }, x-refusal: drop, x-error-reply: { status: error } }
"), @"
    error[extension/invalid]: `drop` is no value of x-refusal
     --> a.yaml:5:73
      |
    5 |   one: { action: receive, channel: { $ref: '#/channels/a' }, x-refusal: drop, x-error-reply: { status: error } }
      |                                                                         ^^^^ values are `close`, `ignore`

    error[topic/answer]: operation `one` has no reply that this could answer with
     --> a.yaml:5:94
      |
    5 |   one: { action: receive, channel: { $ref: '#/channels/a' }, x-refusal: drop, x-error-reply: { status: error } }
      |                                                                                              ^^^^^^^^^^^^^^^^^
    ");
}

#[test]
fn the_community_s_topic_is_read() {
    assert_snapshot!(diagnose_as("2.6.0", "channels:
  /ticks:
    subscribe: { message: { name: tick, payload: { type: object } } }
    x-topic: { name: ticks, pattern: 'ticks.{symbol}.{venue}', parameters: [symbol] }
"), @"
    error[topic/unknown-parameter]: `x-topic` uses `{venue}`, which is not one of its parameters
     --> a.yaml:6:54
      |
    6 |     x-topic: { name: ticks, pattern: 'ticks.{symbol}.{venue}', parameters: [symbol] }
      |                                                      ^^^^^^^ its parameter is `symbol`
    ");
}

#[test]
fn what_is_right_is_read_as_it_stands() {
    let contract = contract(&channel(
        "    x-close-codes: { heartbeat: { code: 4000, reason: heartbeat missed, then: retry } }
    x-subprotocols: [{ name: ticks.v1 }, { name: ticks.v1.msgpack, codec: msgpack, closes: plain }]
    x-notices: { dropped: tick }
    x-batched: [send]
    x-topics:
      ticks:
        name: ticks:{symbol}:{size}
        parameters:
          symbol: { location: $message.payload#/symbol }
          size: { location: $message.payload#/size, default: '1' }
        message: tick
        topic: { location: $message.payload#/topic }
        subscribe: follow
        reply: { subscribe: { ok: true, text: 'Now {symbol}' } }
",
    ));
    let endpoint = &contract.endpoints[0];
    assert_snapshot!(format!("{:?}\n{:?}\n{:?}\n{:?}", endpoint.close_codes, endpoint.subprotocols, endpoint.notices.all().map(|(kind, notice)| (kind, notice.message)).collect::<Vec<_>>(), endpoint.batched), @r#"
    [(Heartbeat, CloseCode { code: 4000, reason: "heartbeat missed", then: Retry })]
    [Subprotocol { name: "ticks.v1", codec: Json, declared_closes: true }, Subprotocol { name: "ticks.v1.msgpack", codec: MessagePack, declared_closes: false }]
    [(Dropped, MessageId(0))]
    [Send]
    "#);
    let topic = &contract.topics[0];
    let parameters: Vec<_> =
        topic.parameters.iter().map(|it| (&it.name, &it.source, &it.default)).collect();
    assert_snapshot!(format!("{:?}\n{:?} {:?}\n{parameters:?}", topic.name.parts, topic.carried, topic.wide_parameter()), @r#"
    [Text("ticks:"), Parameter("symbol"), Text(":"), Parameter("size")]
    At(["topic"]) Some("symbol")
    [("symbol", Message(["symbol"]), None), ("size", Message(["size"]), Some("1"))]
    "#);
    let id = contract.topic_ids().next().unwrap();
    assert_snapshot!(format!("{:?}", contract.answers.subscribe(id)), @r#"Some(Struct([(1, Value(true)), (2, Text([Text("Now "), Parameter("symbol")]))]))"#);
}
