//! One level of a tree as serde sees it, whether borrowed or owned.

use std::borrow::Cow;

use serde::de::{self, Deserializer, IntoDeserializer, Unexpected, Visitor};

use super::super::visit::{Key, Numeric, visit_i128, visit_text, visit_u128};
use super::access::{ItemAccess, MemberAccess, Variant};
use super::{DecodeError, Json, Number, raw};

/// One level of a tree, borrowed or owned, as serde sees it.
pub(super) enum Node<'de> {
    Null,
    Bool(bool),
    Number(Number<'de>),
    String(Cow<'de, str>),
    Array(Items<'de>),
    Object(Members<'de>),
}

pub(super) enum Items<'de> {
    Borrowed(std::slice::Iter<'de, Json<'de>>),
    Owned(std::vec::IntoIter<Json<'de>>),
}

pub(super) enum Members<'de> {
    Borrowed(std::slice::Iter<'de, (Cow<'de, str>, Json<'de>)>),
    Owned(std::vec::IntoIter<(Cow<'de, str>, Json<'de>)>),
}

impl<'de> From<&'de Json<'de>> for Node<'de> {
    fn from(json: &'de Json<'de>) -> Self {
        match json {
            Json::Null => Node::Null,
            Json::Bool(value) => Node::Bool(*value),
            Json::Number(number) => Node::Number(number.clone()),
            Json::String(text) => Node::String(Cow::Borrowed(text)),
            Json::Array(items) => Node::Array(Items::Borrowed(items.iter())),
            Json::Object(object) => Node::Object(Members::Borrowed(object.members().iter())),
        }
    }
}

impl<'de> From<Json<'de>> for Node<'de> {
    fn from(json: Json<'de>) -> Self {
        match json {
            Json::Null => Node::Null,
            Json::Bool(value) => Node::Bool(value),
            Json::Number(number) => Node::Number(number),
            Json::String(text) => Node::String(text),
            Json::Array(items) => Node::Array(Items::Owned(items.into_iter())),
            Json::Object(object) => Node::Object(Members::Owned(object.into_iter())),
        }
    }
}

impl<'de> Iterator for Items<'de> {
    type Item = Node<'de>;

    fn next(&mut self) -> Option<Node<'de>> {
        match self {
            Items::Borrowed(items) => items.next().map(Node::from),
            Items::Owned(items) => items.next().map(Node::from),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        match self {
            Items::Borrowed(items) => items.size_hint(),
            Items::Owned(items) => items.size_hint(),
        }
    }
}

impl<'de> Iterator for Members<'de> {
    type Item = (Cow<'de, str>, Node<'de>);

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Members::Borrowed(members) => {
                members.next().map(|(key, value)| (Cow::Borrowed(&**key), Node::from(value)))
            }
            Members::Owned(members) => members.next().map(|(key, value)| (key, Node::from(value))),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        match self {
            Members::Borrowed(members) => members.size_hint(),
            Members::Owned(members) => members.size_hint(),
        }
    }
}

impl<'de> Node<'de> {
    /// For `Unexpected` in messages.
    pub(super) fn kind(&self) -> Unexpected<'_> {
        match self {
            Node::Null => Unexpected::Unit,
            Node::Bool(value) => Unexpected::Bool(*value),
            Node::Number(_) => Unexpected::Other("number"),
            Node::String(text) => Unexpected::Str(text),
            Node::Array(_) => Unexpected::Seq,
            Node::Object(_) => Unexpected::Map,
        }
    }

    pub(super) fn visit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        match self {
            Node::Null => visitor.visit_unit(),
            Node::Bool(value) => visitor.visit_bool(value),
            Node::Number(number) => Numeric::of(&number)?.visit(visitor),
            Node::String(text) => visit_text(text, visitor),
            Node::Array(items) => {
                let mut items = ItemAccess::new(items);
                let value = visitor.visit_seq(&mut items)?;
                match items.length_if_unread() {
                    None => Ok(value),
                    Some(length) => {
                        Err(de::Error::invalid_length(length, &"fewer items in the array"))
                    }
                }
            }
            Node::Object(members) => visitor.visit_map(MemberAccess::new(members)),
        }
    }
}

impl<'de> IntoDeserializer<'de, DecodeError> for Node<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Node<'de> {
    type Error = DecodeError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        self.visit(visitor)
    }

    fn deserialize_i128<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        match &self {
            Node::Number(number) => visit_i128(number, visitor),
            _ => self.visit(visitor),
        }
    }

    fn deserialize_u128<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        match &self {
            Node::Number(number) => visit_u128(number, visitor),
            _ => self.visit(visitor),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        match self {
            Node::Null => visitor.visit_none(),
            some => visitor.visit_some(some),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        if name == raw::TOKEN {
            return visitor.visit_map(raw::RawAccess::new(self.into_text()));
        }
        visitor.visit_newtype_struct(self)
    }

    /// A derived struct would also take an array of its fields; on this wire an object is an
    /// object.
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        match self {
            Node::Array(_) => Err(de::Error::invalid_type(Unexpected::Seq, &visitor)),
            other => other.visit(visitor),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        match self {
            Node::String(tag) => visitor.visit_enum(Key::new(tag)),
            Node::Object(mut members) if members.size_hint().0 == 1 => match members.next() {
                Some((tag, value)) => visitor.visit_enum(Variant::new(tag, value)),
                None => Err(de::Error::invalid_type(Unexpected::Map, &visitor)),
            },
            other => Err(de::Error::invalid_type(other.kind(), &visitor)),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        visitor.visit_unit()
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf unit unit_struct
        seq tuple tuple_struct map identifier
    }
}

impl<'de> Node<'de> {
    /// The JSON text, borrowed where that is all there is.
    fn into_text(self) -> Cow<'de, str> {
        let json = match self {
            Node::Null => Json::Null,
            Node::Bool(value) => Json::Bool(value),
            Node::Number(number) => return number.into_text(),
            Node::String(text) => Json::String(text),
            Node::Array(Items::Borrowed(items)) => Json::Array(items.as_slice().to_vec()),
            Node::Array(Items::Owned(items)) => Json::Array(items.collect()),
            Node::Object(Members::Borrowed(members)) => {
                Json::Object(members.as_slice().iter().cloned().collect())
            }
            Node::Object(Members::Owned(members)) => Json::Object(members.collect()),
        };
        Cow::Owned(json.to_string())
    }
}
