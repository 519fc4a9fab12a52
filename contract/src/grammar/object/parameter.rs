//! Parameters Object, Parameter Object.

use crate::document::Version::{V2_6, V3_0};
use crate::grammar::table::{Form, Keys, Map, Object, Others, Schema, TEXTS, Value, field};

pub(super) static PARAMETERS: Map =
    Map { keys: Keys::Names, value: Value::OrReference(&Value::Object(&PARAMETER)) };

pub(super) static PARAMETER: Object = Object {
    name: "a parameter",
    fields: &[
        field("description", Value::Text),
        field("schema", Value::Schema(Schema::Own))
            .until(V2_6)
            .instead("`enum`, `default` and `examples` of the parameter"),
        field("enum", TEXTS).since(V3_0).instead("`enum` of the parameter's `schema`"),
        field("default", Value::Text).since(V3_0).instead("`default` of the parameter's `schema`"),
        field("examples", TEXTS).since(V3_0).instead("`examples` of the parameter's `schema`"),
        field("location", Value::Formed(Form::Expression)),
    ],
    others: Others::Extensions,
    also: None,
};
