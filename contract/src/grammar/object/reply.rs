//! Operation Reply Object, Operation Reply Address Object (3.x).

use super::channel::CHANNEL;
use super::message::MESSAGE_3;
use crate::grammar::table::{Form, Object, Others, Value, field};

pub(super) static REPLY: Object = Object {
    name: "a reply",
    fields: &[
        field("address", Value::OrReference(&Value::Object(&REPLY_ADDRESS))),
        field("channel", Value::Reference(&Value::Object(&CHANNEL))),
        field("messages", Value::List(&Value::Reference(&MESSAGE_3))),
    ],
    others: Others::Extensions,
    also: None,
};

pub(super) static REPLY_ADDRESS: Object = Object {
    name: "a reply address",
    fields: &[
        field("location", Value::Formed(Form::Expression)).required(),
        field("description", Value::Text),
    ],
    others: Others::Extensions,
    also: None,
};
