//! Deliveries, batches of topics and notices: what the extensions say, and what is said of wrong ones.

use crate::answer::{Answer, AnswerPart};
use crate::model::{Contract, Direction, Interval, NoticeKind, Overflow};
use crate::{Options, parse};

/// A quotes channel, with more lines for its topic, its channel, the subscribe request, the reply and
/// the document's end.
fn document(topic: &str, channel: &str, request: &str, reply: &str) -> String {
    format!(
        "asyncapi: 3.0.0
info: {{ title: Quotes, version: 1.0.0 }}
channels:
  quotes:
    address: /quotes
    messages:
      follow:
        payload:
          type: object
          required: [type]
          properties:
            type: {{ const: follow }}
            symbol: {{ type: string }}
            symbols: {{ type: array, items: {{ type: string }} }}
            {request}
      followed:
        payload:
          type: object
          required: [type]
          properties:
            type: {{ const: followed }}
            topic: {{ type: string }}
            {reply}
      quote:
        payload:
          type: object
          properties: {{ type: {{ const: quote }}, venue: {{ type: string }} }}
      dropped:
        payload:
          type: object
          required: [type, topic]
          properties:
            type: {{ const: dropped }}
            topic: {{ type: string }}
            count: {{ type: integer }}
            message: {{ type: string }}
    {channel}
    x-topics:
      quotes:
        message: quote
        subscribe: follow
        {topic}
operations:
  follow:
    action: receive
    channel: {{ $ref: '#/channels/quotes' }}
    messages: [{{ $ref: '#/channels/quotes/messages/follow' }}]
    reply:
      channel: {{ $ref: '#/channels/quotes' }}
      messages: [{{ $ref: '#/channels/quotes/messages/followed' }}]
  quote:
    action: send
    channel: {{ $ref: '#/channels/quotes' }}
    messages: [{{ $ref: '#/channels/quotes/messages/quote' }}]
"
    )
}

const ONE: &str = "name: quotes:{symbol}
        parameters: { symbol: { location: $message.payload#/symbol } }";

const MANY: &str = "name: quotes:{symbol}
        parameters: { symbol: { location: $message.payload#/symbols } }";

fn read(text: &str) -> Contract {
    let loaded = parse("asyncapi.yaml", text, &Options::default());
    loaded.contract.unwrap_or_else(|_| panic!("{}\n{text}", loaded.diagnostics))
}

fn refused(text: &str) -> String {
    let loaded = parse("asyncapi.yaml", text, &Options::default());
    assert!(loaded.contract.is_err(), "{text}");
    loaded.diagnostics.to_string()
}

#[test]
fn a_topic_says_how_its_messages_are_delivered() {
    let topic = format!(
        "{ONE}
        overflow: conflate
        key: {{ location: $message.payload#/venue }}
        keep: 100
        last: true
        since: {{ location: $message.payload#/since }}
        interval: {{ location: $message.payload#/every, minimum: 100, default: 250 }}"
    );
    let request = "since: { type: string }\n            every: { type: integer }";
    let contract = read(&document(&topic, "", request, ""));
    let delivery = &contract.topics[0].delivery;
    assert_eq!(delivery.overflow, Overflow::Conflate);
    assert_eq!(delivery.key.as_deref(), Some(&["venue".to_owned()][..]));
    assert_eq!((delivery.keep, delivery.last), (100, true));
    assert_eq!(delivery.since.as_deref(), Some(&["since".to_owned()][..]));
    let interval = Interval { path: vec!["every".to_owned()], minimum: 100, default: 250 };
    assert_eq!(delivery.interval, Some(interval));
}

#[test]
fn a_last_value_is_one_that_is_remembered() {
    let contract = read(&document(&format!("{ONE}\n        last: true"), "", "", ""));
    assert_eq!(contract.topics[0].delivery.keep, 1);
}

#[test]
fn what_is_not_remembered_cannot_be_asked_for() {
    let topic = format!("{ONE}\n        since: {{ location: $message.payload#/symbol }}");
    let text = refused(&document(&topic, "", "", ""));
    assert!(text.contains("`since` of topic `quotes` needs `keep`"), "{text}");
}

#[test]
fn wrong_words_and_numbers_are_named_with_what_there_is() {
    for (line, part) in [
        ("overflow: drop", "values are `close`, `drop-oldest`, `conflate`"),
        ("keep: -1", "`keep` must be a whole number up to 1000000"),
        ("last: maybe", "`last` must be `true` or `false`"),
        ("key: { location: $message.payload#/venu }", "did you mean `venue`?"),
        ("interval: { location: $message.payload#/every }", "has no `every` there"),
        ("interval: { minimum: 5 }", "needs `location`"),
    ] {
        let text = refused(&document(&format!("{ONE}\n        {line}"), "", "", ""));
        assert!(text.contains(part), "{line}: no {part} in\n{text}");
    }
}

#[test]
fn a_parameter_from_a_list_asks_for_a_topic_each() {
    let topic = format!(
        "{MANY}
        reply:
          subscribe: {{ results: [{{ symbol: '{{symbol}}', topic: '{{$topic}}' }}] }}
          refused: {{ symbol: '{{symbol}}', error: '{{$message}}' }}"
    );
    let reply = "results: { type: array, items: { type: object, required: [symbol], properties: { symbol: { type: string }, topic: { type: string }, error: { type: string } } } }";
    let contract = read(&document(&topic, "", "", reply));
    let many = contract.topics[0].many().expect("the parameter comes from a list");
    assert_eq!(many.name, "symbol");
    let topic = contract.topic_ids().next().unwrap();
    let Some(Answer::Struct(members)) = contract.answers.subscribe(topic) else { panic!() };
    let Answer::Each { granted, refused } = &members[0].1 else { panic!("{members:?}") };
    let symbol = (0, Answer::Text(vec![AnswerPart::Parameter("symbol".to_owned())]));
    let topic = (1, Answer::Text(vec![AnswerPart::Topic]));
    let error = (2, Answer::Text(vec![AnswerPart::Message]));
    assert_eq!(**granted, Answer::Struct(vec![symbol.clone(), topic]));
    assert_eq!(refused.as_deref(), Some(&Answer::Struct(vec![symbol, error])));
}

#[test]
fn what_is_said_of_each_topic_stands_in_the_item_of_a_list_and_in_no_refusal() {
    let list = "results: { type: array, items: { type: string } }";
    let topic = format!("{MANY}\n        reply: {{ subscribe: {{ topic: '{{$topic}}' }} }}");
    let text = refused(&document(&topic, "", "", list));
    assert!(text.contains("`{$topic}` stands for one of several topics"), "{text}");

    let refusal = "  follow:\n    x-error-reply: { results: ['{$topic}'] }\n    action: receive";
    let text = document(MANY, "", "", list).replace("  follow:\n    action: receive", refusal);
    let text = refused(&text);
    assert!(text.contains("`results` is about each topic, and a refusal"), "{text}");
}

#[test]
fn an_answer_tells_where_to_resume() {
    let topic = format!(
        "{ONE}
        keep: 10
        reply: {{ subscribe: {{ topic: '{{$topic}}', position: '{{$position}}', recovery: '{{$recovery}}' }} }}"
    );
    let reply = "position: { type: string }\n            recovery: { enum: [none, complete, gap] }";
    let contract = read(&document(&topic, "", "", reply));
    let topic = contract.topic_ids().next().unwrap();
    let Some(Answer::Struct(members)) = contract.answers.subscribe(topic) else { panic!() };
    assert_eq!(members[1].1, Answer::Text(vec![AnswerPart::Position]));
    assert_eq!(members[2].1, Answer::Recovery);
}

#[test]
fn a_recovery_enum_has_a_value_for_each_outcome() {
    let topic = format!("{ONE}\n        reply: {{ subscribe: {{ recovery: '{{$recovery}}' }} }}");
    let text = refused(&document(&topic, "", "", "recovery: { enum: [none, complete] }"));
    assert!(text.contains("`recovery` has no value `gap`"), "{text}");
}

#[test]
fn a_notice_is_filled_by_the_names_of_its_properties() {
    let channel = "x-notices: { dropped: dropped }";
    let contract = read(&document(ONE, channel, "", ""));
    let endpoint = contract.endpoint_ids().next().unwrap();
    let answer = contract.answers.notice(endpoint, NoticeKind::Dropped);
    let Some(Answer::Struct(members)) = answer else { panic!("{answer:?}") };
    let answers: Vec<&Answer> = members.iter().map(|(_, answer)| answer).collect();
    assert_eq!(
        answers,
        [
            &Answer::Text(vec![AnswerPart::Topic]),
            &Answer::Count,
            &Answer::Text(vec![AnswerPart::Message]),
        ]
    );
}

#[test]
fn a_notice_may_say_what_its_payload_is() {
    let channel =
        "x-notices: { dropped: { message: dropped, payload: { topic: 'too slow for {$topic}' } } }";
    let contract = read(&document(ONE, channel, "", ""));
    let endpoint = contract.endpoint_ids().next().unwrap();
    let parts = vec![AnswerPart::Text("too slow for ".to_owned()), AnswerPart::Topic];
    let members = vec![(1, Answer::Text(parts))];
    assert_eq!(
        contract.answers.notice(endpoint, NoticeKind::Dropped),
        Some(&Answer::Struct(members))
    );
}

#[test]
fn batched_directions_are_those_of_the_actions() {
    let contract = read(&document(ONE, "x-batched: [send]", "", ""));
    assert!(contract.endpoints[0].is_batched(Direction::Send));
    assert!(!contract.endpoints[0].is_batched(Direction::Receive));
}
