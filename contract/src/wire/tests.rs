//! How frames look and how they are told apart, for the wires that exist.

use insta::assert_snapshot;

use super::{Dispatch, EnvelopeProperty, Framing, Step};
use crate::diagnose::{contract, contract_as, diagnose};
use crate::model::{Contract, Direction, MessageId};

/// What a contract's frames are taken for: each direction's decision, each message's frame.
fn shown(contract: &Contract) -> String {
    let mut out = String::new();
    for endpoint in contract.endpoint_ids() {
        for direction in [Direction::Receive, Direction::Send] {
            let dispatch = contract.wire.dispatch(endpoint, direction);
            if *dispatch != Dispatch::Nothing {
                let key = &contract.endpoint(endpoint).key;
                out += &format!("{key} {direction:?}\n");
                decision(contract, dispatch, 1, &mut out);
            }
        }
    }
    for id in contract.operation_ids() {
        let dispatch = contract.wire.reply_dispatch(id);
        if *dispatch != Dispatch::Nothing {
            out += &format!("reply to {}\n", contract.operation(id).key);
            decision(contract, dispatch, 1, &mut out);
        }
    }
    for id in contract.message_ids() {
        out += &format!("{}: {}\n", contract.message(id).key, frame(contract, id));
    }
    out
}

fn decision(contract: &Contract, dispatch: &Dispatch, level: usize, out: &mut String) {
    let key = |id: &MessageId| contract.message(*id).key.clone();
    let blank = "  ".repeat(level);
    let mut line = |text: String| out.push_str(&format!("{blank}{text}\n"));
    match dispatch {
        Dispatch::Nothing => line("nothing".into()),
        Dispatch::Message(id) => line(key(id)),
        Dispatch::Check(ids) => {
            line(format!("try {}", ids.iter().map(key).collect::<Vec<_>>().join(", ")));
        }
        Dispatch::Text { cases, any, json } => {
            for (text, id) in cases {
                line(format!("text {text:?}: {}", key(id)));
            }
            if let Some(id) = any {
                line(format!("any text: {}", key(id)));
            }
            line("json".into());
            decision(contract, json, level + 1, out);
        }
        Dispatch::Type(cases) => {
            for (types, then) in cases {
                out.push_str(&format!("{blank}{types:?}\n"));
                decision(contract, then, level + 1, out);
            }
        }
        Dispatch::Value { path, cases, otherwise } => {
            let path: Vec<String> = path
                .iter()
                .map(|step| match step {
                    Step::Property(name) => name.clone(),
                    Step::Item(at) => at.to_string(),
                })
                .collect();
            line(format!("by /{}", path.join("/")));
            for case in cases {
                let values: Vec<String> = case.values.iter().map(ToString::to_string).collect();
                out.push_str(&format!("{blank}  {}\n", values.join(" ")));
                decision(contract, &case.then, level + 2, out);
            }
            if **otherwise != Dispatch::Nothing {
                out.push_str(&format!("{blank}  otherwise\n"));
                decision(contract, otherwise, level + 2, out);
            }
        }
    }
}

fn frame(contract: &Contract, id: MessageId) -> String {
    match contract.wire.framing(id) {
        Framing::Whole => "whole".into(),
        Framing::Text => "text".into(),
        Framing::Envelope(envelope) => {
            let properties: Vec<String> = envelope
                .properties
                .iter()
                .map(|property| match property {
                    EnvelopeProperty::Constant { name, value } => format!("{name}={value}"),
                    EnvelopeProperty::Payload { name, required, .. } => {
                        format!("{name}{}=payload", if *required { "" } else { "?" })
                    }
                    EnvelopeProperty::Correlation { name, required, .. } => {
                        format!("{name}{}=correlation", if *required { "" } else { "?" })
                    }
                    EnvelopeProperty::Topic { name, required } => {
                        format!("{name}{}=topic", if *required { "" } else { "?" })
                    }
                })
                .collect();
            let closed = if envelope.closed { ", closed" } else { "" };
            format!("envelope {}{closed}", properties.join(" "))
        }
    }
}

#[test]
fn a_constant_beside_the_payload_makes_an_envelope() {
    assert_snapshot!(shown(&contract("
channels:
  trading:
    address: /ws
    messages:
      subscribe:
        correlationId: { location: $message.payload#/id }
        payload:
          type: object
          required: [type, payload]
          properties:
            type: { const: subscribe }
            id: { type: [string, integer] }
            payload: { $ref: '#/components/schemas/Request' }
      subscribed:
        correlationId: { location: $message.payload#/id }
        payload:
          type: object
          required: [type]
          additionalProperties: false
          properties:
            type: { enum: [subscribed] }
            id: { type: [string, integer] }
            payload: { type: array, items: { type: string } }
      update:
        payload:
          type: object
          required: [type, topic, payload]
          properties: { type: { const: update }, topic: { type: string }, payload: { $ref: '#/components/schemas/Request' } }
      ping: { payload: { type: object, required: [type], properties: { type: { const: ping } } } }
      pong: { payload: { type: object, required: [type], properties: { type: { const: pong }, at: { type: integer } } } }
    x-topics:
      all:
        name: all
        message: update
        topic: { location: $message.payload#/topic }
operations:
  subscribe:
    action: receive
    channel: { $ref: '#/channels/trading' }
    messages: [{ $ref: '#/channels/trading/messages/subscribe' }]
    reply:
      channel: { $ref: '#/channels/trading' }
      messages: [{ $ref: '#/channels/trading/messages/subscribed' }]
  ping: { action: receive, channel: { $ref: '#/channels/trading' }, messages: [{ $ref: '#/channels/trading/messages/ping' }] }
  push:
    action: send
    channel: { $ref: '#/channels/trading' }
    messages: [{ $ref: '#/channels/trading/messages/update' }, { $ref: '#/channels/trading/messages/pong' }]
components:
  schemas:
    Request: { type: object, properties: { symbol: { type: string } } }
")), @r#"
    trading Receive
      by /type
        "subscribe"
          subscribe
        "ping"
          ping
    trading Send
      by /type
        "subscribed"
          subscribed
        "update"
          update
        "pong"
          pong
    reply to subscribe
      subscribed
    subscribe: envelope type=subscribe id?=correlation payload=payload
    subscribed: envelope type=subscribed id?=correlation payload?=payload, closed
    update: envelope type=update topic=topic payload=payload
    ping: envelope type=ping
    pong: whole
    "#);
}

#[test]
fn a_frame_of_its_own_is_no_envelope() {
    assert_snapshot!(shown(&contract("
channels:
  a:
    address: /a
    messages:
      twoObjects: { payload: { type: object, required: [t], properties: { t: { const: a }, x: { type: object }, y: { type: object } } } }
      noConstant: { payload: { type: object, properties: { t: { type: string }, x: { type: object } } } }
      optionalConstant: { payload: { type: object, properties: { t: { const: b }, x: { type: object } } } }
      merged: { payload: { allOf: [{ $ref: '#/components/schemas/Base' }, { type: object, properties: { x: { type: object } } }] } }
      conditional: { payload: { type: object, required: [t], properties: { t: { const: c }, x: { type: object } }, not: { required: [y] } } }
      foreign: { payload: { type: object, required: [t, z], properties: { t: { const: d }, x: { type: object } } } }
      typed: { payload: { type: object, required: [t], properties: { t: { const: e }, x: { type: object } }, additionalProperties: { type: string } } }
operations:
  all: { action: send, channel: { $ref: '#/channels/a' } }
components:
  schemas:
    Base: { type: object, required: [t], properties: { t: { const: f } } }
x-lint-ignore: [component/unused, message/no-discriminator]
")), @r#"
    a Send
      by /t
        "a"
          twoObjects
        "b"
          optionalConstant
        "f"
          merged
        "c"
          conditional
        "d"
          foreign
        "e"
          typed
        otherwise
          try noConstant, optionalConstant
    twoObjects: whole
    noConstant: whole
    optionalConstant: whole
    merged: whole
    conditional: whole
    foreign: whole
    typed: whole
    "#);
}

#[test]
fn what_is_not_told_by_the_first_place_is_told_by_the_next() {
    assert_snapshot!(shown(&contract("
channels:
  a:
    address: /a
    messages:
      added: { payload: { type: object, required: [type, sub], properties: { type: { const: emoji }, sub: { const: add } } } }
      removed: { payload: { type: object, required: [type, sub], properties: { type: { const: emoji }, sub: { const: remove } } } }
      joined: { payload: { type: object, required: [type], properties: { type: { enum: [joined, entered] } } } }
      nested: { payload: { type: object, required: [meta], properties: { meta: { type: object, required: [kind], properties: { kind: { const: deep } } } } } }
operations:
  all: { action: send, channel: { $ref: '#/channels/a' } }
")), @r#"
    a Send
      by /type
        "emoji"
          by /sub
            "add"
              added
            "remove"
              removed
        "joined" "entered"
          joined
        otherwise
          nested
    added: envelope type=emoji sub=add
    removed: envelope type=emoji sub=remove
    joined: whole
    nested: whole
    "#);
}

#[test]
fn arrays_are_told_apart_by_position_and_by_type() {
    assert_snapshot!(shown(&contract("
channels:
  a:
    address: /a
    messages:
      trade: { payload: { type: array, items: [{ type: integer }, { type: array }, { const: trade }, { type: string }], minItems: 4 } }
      spread: { payload: { type: array, items: [{ type: integer }, { type: array }, { const: spread }, { type: string }], minItems: 4 } }
      beat: { payload: { type: object, required: [event], properties: { event: { const: heartbeat } } } }
      count: { payload: { type: integer } }
operations:
  all: { action: send, channel: { $ref: '#/channels/a' } }
")), @r#"
    a Send
      ["array"]
        by /2
          "trade"
            trade
          "spread"
            spread
      ["object"]
        beat
      ["integer"]
        count
    trade: whole
    spread: whole
    beat: envelope event=heartbeat
    count: whole
    "#);
}

#[test]
fn bare_text_is_told_before_anything_is_read() {
    assert_snapshot!(shown(&contract("
channels:
  a:
    address: /a
    messages:
      ping: { contentType: text/plain, payload: { type: string, const: ping } }
      note: { contentType: 'text/plain; charset=utf-8', payload: { type: string } }
      order: { payload: { type: object, required: [op], properties: { op: { const: order } } } }
operations:
  all: { action: receive, channel: { $ref: '#/channels/a' } }
")), @r#"
    a Receive
      text "ping": ping
      any text: note
      json
        order
    ping: text
    note: text
    order: envelope op=order
    "#);
}

#[test]
fn a_declared_discriminator_is_preferred() {
    assert_snapshot!(shown(&contract("
channels:
  a:
    address: /a
    messages:
      one: { payload: { type: object, discriminator: kind, required: [type, kind], properties: { type: { const: a }, kind: { const: x } } } }
      two: { payload: { type: object, discriminator: kind, required: [type, kind], properties: { type: { const: b }, kind: { const: y } } } }
operations:
  all: { action: send, channel: { $ref: '#/channels/a' } }
")), @r#"
    a Send
      by /kind
        "x"
          one
        "y"
          two
    one: envelope type=a kind=x
    two: envelope type=b kind=y
    "#);
}

#[test]
fn numbers_and_booleans_tell_as_well_as_texts() {
    assert_snapshot!(shown(&contract("
channels:
  a:
    address: /a
    messages:
      one: { payload: { type: object, required: [op], properties: { op: { const: 1 } } } }
      uno: { payload: { type: object, required: [op], properties: { op: { const: 1.0 } } } }
      two: { payload: { type: object, required: [op], properties: { op: { enum: [2, true] } } } }
operations:
  all: { action: send, channel: { $ref: '#/channels/a' } }
x-lint-ignore: message/no-discriminator
")), @"
    a Send
      by /op
        1
          try one, uno
        2 true
          two
    one: whole
    uno: whole
    two: whole
    ");
}

#[test]
fn channels_of_one_address_are_told_apart_together() {
    assert_snapshot!(shown(&contract("
channels:
  ping: { address: /, messages: { ping: { payload: { type: object, required: [event], properties: { event: { const: ping } } } } } }
  ticker: { address: /, messages: { ticker: { payload: { type: object, required: [event], properties: { event: { const: ticker } } } } } }
  other: { address: /other, messages: { other: { payload: { type: object } } } }
operations:
  ping: { action: send, channel: { $ref: '#/channels/ping' } }
  ticker: { action: send, channel: { $ref: '#/channels/ticker' } }
  other: { action: send, channel: { $ref: '#/channels/other' } }
")), @r#"
    ping Send
      by /event
        "ping"
          ping
        "ticker"
          ticker
    other Send
      other
    ping: envelope event=ping
    ticker: envelope event=ticker
    other: whole
    "#);
}

#[test]
fn an_alternative_of_a_union_counts_as_the_frame() {
    assert_snapshot!(shown(&contract("
channels:
  a:
    address: /a
    messages:
      orders: { payload: { oneOf: [{ type: object, required: [type], properties: { type: { const: placed } } }, { type: object, required: [type], properties: { type: { const: cancelled } } }] } }
      trades: { payload: { type: object, required: [type], properties: { type: { const: traded } } } }
operations:
  all: { action: send, channel: { $ref: '#/channels/a' } }
")), @r#"
    a Send
      by /type
        "placed" "cancelled"
          orders
        "traded"
          trades
    orders: whole
    trades: envelope type=traded
    "#);
}

#[test]
fn messages_that_nothing_tells_apart_are_named() {
    assert_snapshot!(diagnose("
channels:
  a:
    address: /a
    messages:
      bid: { payload: { type: object, properties: { bid: { type: number } } } }
      ask: { payload: { type: object, properties: { ask: { type: number } } } }
      mid: { payload: { type: object, required: [type], properties: { type: { const: mid } } } }
operations:
  all: { action: send, channel: { $ref: '#/channels/a' } }
"), @"
    warning[message/no-discriminator]: nothing tells the sent messages `bid`, `ask` apart
     --> a.yaml:7:12
      |
    7 |       bid: { payload: { type: object, properties: { bid: { type: number } } } }
      |            ^
    8 |       ask: { payload: { type: object, properties: { ask: { type: number } } } }
      |            - `ask` may look the same
      = help: give each a property with a `const` of its own; until then they are tried one after the other
    ");
}

#[test]
fn a_discriminator_that_may_be_missing_is_a_matter_of_taste() {
    assert_snapshot!(diagnose("
channels:
  a:
    address: /a
    messages:
      bid: { payload: { type: object, properties: { type: { const: bid } } } }
      ask: { payload: { type: object, properties: { type: { const: ask } } } }
operations:
  all: { action: send, channel: { $ref: '#/channels/a' } }
"), @"nothing");
}

#[test]
fn replies_that_carry_their_request_s_id_need_nothing_else() {
    assert_snapshot!(diagnose("
channels:
  rpc:
    address: /rpc
    messages:
      time: { payload: { type: object, required: [id, method], properties: { id: { type: integer }, method: { const: time } } }, correlationId: { $ref: '#/components/correlationIds/id' } }
      name: { payload: { type: object, required: [id, method], properties: { id: { type: integer }, method: { const: name } } }, correlationId: { $ref: '#/components/correlationIds/id' } }
      timeResult: { payload: { type: object, required: [id, result], properties: { id: { type: integer }, result: { type: integer } } }, correlationId: { $ref: '#/components/correlationIds/id' } }
      nameResult: { payload: { type: object, required: [id, result], properties: { id: { type: integer }, result: { type: string } } }, correlationId: { $ref: '#/components/correlationIds/id' } }
operations:
  time: { action: receive, channel: { $ref: '#/channels/rpc' }, messages: [{ $ref: '#/channels/rpc/messages/time' }], reply: { channel: { $ref: '#/channels/rpc' }, messages: [{ $ref: '#/channels/rpc/messages/timeResult' }] } }
  name: { action: receive, channel: { $ref: '#/channels/rpc' }, messages: [{ $ref: '#/channels/rpc/messages/name' }], reply: { channel: { $ref: '#/channels/rpc' }, messages: [{ $ref: '#/channels/rpc/messages/nameResult' }] } }
components:
  correlationIds: { id: { location: $message.payload#/id } }
"), @"nothing");
}

#[test]
fn other_protocols_have_no_frames() {
    assert_snapshot!(shown(&contract("
servers: { one: { host: a.b, protocol: kafka } }
channels:
  a: { address: a, messages: { one: { payload: { type: object, required: [t], properties: { t: { const: a }, x: { type: object } } } } } }
operations:
  all: { action: send, channel: { $ref: '#/channels/a' } }
")), @"
    a Send
      one
    one: whole
    ");
}

#[test]
fn fastws_documents_give_their_envelopes() {
    assert_snapshot!(shown(&contract_as("2.4.0", "
channels:
  /:
    publish:
      operationId: sendMessage
      message:
        oneOf:
          - name: bars.subscribe
            payload: { type: object, required: [type, payload], properties: { type: { const: bars.subscribe }, payload: { type: object } } }
            x-response:
              name: bars.subscribe.response
              payload: { type: object, required: [type, payload], properties: { type: { const: bars.subscribe.response }, payload: { type: object } } }
    subscribe:
      operationId: processMessage
      message: { name: bars.update, payload: { type: object, required: [type, payload], properties: { type: { const: bars.update }, payload: { type: object } } } }
")), @r#"
    root Receive
      bars.subscribe
    root Send
      by /type
        "bars.subscribe.response"
          bars.subscribe.response
        "bars.update"
          bars.update
    reply to sendMessage
      bars.subscribe.response
    bars.subscribe: envelope type=bars.subscribe payload=payload
    bars.subscribe.response: envelope type=bars.subscribe.response payload=payload
    bars.update: envelope type=bars.update payload=payload
    "#);
}
