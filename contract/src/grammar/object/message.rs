//! Messages Object, Message Object, Message Trait Object, Message Example Object.

use super::correlation_id::CORRELATION_ID;
use super::tag::{DOCS, TAGS};
use crate::document::Version::{V2_0, V2_1, V2_2, V2_4, V2_5, V2_6, V3_0};
use crate::grammar::report;
use crate::grammar::table::{Holder, Keys, Map, Object, Others, Schema, Value, field};
use crate::grammar::walk::Walk;
use crate::tree::NodeRef;

/// A message of 2.x: one, or those of a `oneOf`, each in place or by reference.
pub(super) const MESSAGE_2: Value = Value::OrReference(&CHOICE);

static CHOICE: Value = Value::ByKey("oneOf", &MESSAGE_ONE_OF, &MESSAGE);
static CHOICE_OR_REFERENCE: Value = Value::OrReference(&CHOICE);

/// A message of 3.x.
pub(super) const MESSAGE_3: Value = Value::Object(&MESSAGE);

/// `messages` of a channel in 3.x.
pub(super) static MESSAGES: Map = Map { keys: Keys::Any, value: Value::OrReference(&MESSAGE_3) };

static MESSAGE_ONE_OF: Object = Object {
    name: "a choice of messages",
    fields: &[field("oneOf", Value::List(&CHOICE_OR_REFERENCE)).required()],
    others: Others::None,
    also: None,
};

pub(super) static MESSAGE: Object = Object {
    name: "a message",
    fields: &[
        field("messageId", Value::Text).since(V2_4).until(V2_6).instead("the message's key"),
        field("headers", Value::Schema(Schema::Headers)).until(V2_6),
        field("headers", Value::Schema(Schema::MultiFormat)).since(V3_0),
        field("payload", Value::Schema(Schema::Payload)).until(V2_6),
        field("payload", Value::Schema(Schema::MultiFormat)).since(V3_0),
        field("correlationId", Value::OrReference(&Value::Object(&CORRELATION_ID))),
        field("schemaFormat", Value::Text)
            .until(V2_6)
            .instead("`payload: { schemaFormat: …, schema: … }`"),
        field("contentType", Value::Text),
        field("name", Value::Text),
        field("title", Value::Text),
        field("summary", Value::Text),
        field("description", Value::Text),
        field("tags", TAGS),
        field("externalDocs", DOCS),
        field("deprecated", Value::Flag),
        field("bindings", Value::Bindings(Holder::Message)),
        field("examples", Value::List(&Value::Object(&EXAMPLE_2_0))).until(V2_0),
        field("examples", Value::List(&Value::Object(&EXAMPLE))).since(V2_1),
        field("traits", Value::List(&Value::OrReference(&Value::Object(&MESSAGE_TRAIT))))
            .until(V2_6),
        field("traits", Value::List(&TRAIT_3)).since(V3_0),
    ],
    others: Others::Extensions,
    also: None,
};

/// A trait of 3.x may come with parameters, which mean nothing.
const TRAIT_3: Value = Value::Either(&[
    Value::OrReference(&Value::Object(&MESSAGE_TRAIT)),
    Value::Tuple(&[Value::OrReference(&Value::Object(&MESSAGE_TRAIT)), Value::Open]),
]);

pub(super) static MESSAGE_TRAIT: Object = Object {
    name: "a message trait",
    fields: &[
        field("messageId", Value::Text).since(V2_4).until(V2_6).instead("the message's key"),
        field("headers", Value::Schema(Schema::Headers)).until(V2_6),
        field("headers", Value::Schema(Schema::MultiFormat)).since(V3_0),
        field("correlationId", Value::OrReference(&Value::Object(&CORRELATION_ID))),
        field("schemaFormat", Value::Text).until(V2_6),
        field("contentType", Value::Text),
        field("name", Value::Text),
        field("title", Value::Text),
        field("summary", Value::Text),
        field("description", Value::Text),
        field("tags", TAGS),
        field("externalDocs", DOCS),
        field("deprecated", Value::Flag),
        field("bindings", Value::Bindings(Holder::Message)),
        // The JSON Schemas of 2.0 and of 2.2 to 2.5 take any object; of these versions 2.0 has a kit.
        field("examples", Value::List(&Value::Object(&EXAMPLE_2_0))).until(V2_0),
        field("examples", Value::List(&Value::Object(&EXAMPLE))).since(V2_1).until(V2_1),
        field("examples", Value::List(&Value::Open)).since(V2_2).until(V2_5),
        field("examples", Value::List(&Value::Object(&EXAMPLE))).since(V2_6),
    ],
    others: Others::Extensions,
    also: None,
};

static EXAMPLE_2_0: Object = Object {
    name: "a message example",
    fields: &[
        field("headers", Value::Open),
        field("payload", Value::Any),
        field("name", Value::Text).since(V2_1),
        field("summary", Value::Text).since(V2_1),
    ],
    others: Others::Extensions,
    also: None,
};

static EXAMPLE: Object = Object {
    name: "a message example",
    fields: &[
        field("name", Value::Text),
        field("summary", Value::Text),
        field("headers", Value::Open),
        field("payload", Value::Any),
    ],
    others: Others::Extensions,
    also: Some(says_something),
};

fn says_something<'t>(walk: &mut Walk<'_, 't>, example: NodeRef<'t>) {
    if example.get("payload").is_none() && example.get("headers").is_none() {
        walk.report(report::missing_one_of(example, "a message example", &["payload", "headers"]));
    }
}
