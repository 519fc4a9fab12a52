//! A node of the document as a JSON value: for defaults, constants, examples, extensions.
//!
//! Numbers keep their digits. YAML aliases are copied here; `Limits` bounds how much that can be.

use json::{Json, Number, Object};

use crate::tree::{Kind, NodeRef, Scalar};

/// The value of a node. References inside it are not followed: they are data here.
pub(crate) fn to_json(node: NodeRef<'_>) -> Json<'static> {
    match (node.scalar(), node.kind()) {
        (Some(Scalar::Null), _) => Json::Null,
        (Some(Scalar::Bool(value)), _) => Json::Bool(value),
        (Some(Scalar::Number(text)), _) => match Number::parse(text) {
            Ok(number) => Json::Number(number.into_owned()),
            // The readers bring every number into JSON's notation; text is what is left otherwise.
            Err(_) => Json::from(text.to_owned()),
        },
        (Some(Scalar::String(text)), _) => Json::from(text.to_owned()),
        (None, Kind::List) => Json::Array(node.items().map(to_json).collect()),
        (None, _) => {
            let mut object = Object::default();
            for (key, value) in node.entries() {
                object.insert(key.text.to_owned(), to_json(value));
            }
            Json::Object(object)
        }
    }
}

/// The number of a node.
pub(crate) fn to_number(node: NodeRef<'_>) -> Option<Number<'static>> {
    Number::parse(node.as_number()?).ok().map(Number::into_owned)
}
