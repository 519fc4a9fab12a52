//! What is inside an array, an object, a variant or a raw value, one piece at a time. Every error
//! on its way out of a piece learns where that piece was.

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::{
    self, DeserializeSeed, Deserializer, EnumAccess, MapAccess, SeqAccess, Unexpected,
    VariantAccess, Visitor,
};

use super::node::{Items, Members, Node, visit_text};
use super::{DecodeError, Number, Place, raw};

pub(super) struct ItemAccess<'de> {
    items: Items<'de>,
    at: usize,
}

impl<'de> ItemAccess<'de> {
    pub(super) fn new(items: Items<'de>) -> Self {
        Self { items, at: 0 }
    }

    /// How many items there are, if not all of them were read.
    pub(super) fn length_if_unread(&self) -> Option<usize> {
        let left = self.items.size_hint().0;
        (left > 0).then_some(self.at + left)
    }
}

impl<'de> SeqAccess<'de> for ItemAccess<'de> {
    type Error = DecodeError;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, DecodeError> {
        let Some(item) = self.items.next() else { return Ok(None) };
        let at = self.at;
        self.at += 1;
        seed.deserialize(item).map(Some).map_err(|error| error.within(Place::Item(at)))
    }

    fn size_hint(&self) -> Option<usize> {
        self.items.size_hint().1
    }
}

pub(super) struct MemberAccess<'de> {
    members: Members<'de>,
    /// The member whose key was given out last.
    value: Option<(Cow<'de, str>, Node<'de>)>,
}

impl<'de> MemberAccess<'de> {
    pub(super) fn new(members: Members<'de>) -> Self {
        Self { members, value: None }
    }
}

impl<'de> MapAccess<'de> for MemberAccess<'de> {
    type Error = DecodeError;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, DecodeError> {
        let Some((key, value)) = self.members.next() else { return Ok(None) };
        self.value = Some((key.clone(), value));
        seed.deserialize(Key(key)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(
        &mut self,
        seed: V,
    ) -> Result<V::Value, DecodeError> {
        let Some((key, value)) = self.value.take() else {
            return Err(de::Error::custom("a value was asked for before its key"));
        };
        seed.deserialize(value).map_err(|error| error.within(Place::Property((*key).into())))
    }

    fn size_hint(&self) -> Option<usize> {
        self.members.size_hint().1
    }
}

/// The name of a member: a string, or the number in it where the type of the keys is one.
struct Key<'de>(Cow<'de, str>);

macro_rules! number_keys {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
            match Number::parse(&self.0) {
                Ok(number) => Node::Number(number.into_owned()).$method(visitor),
                Err(_) => visit_text(self.0, visitor),
            }
        }
    )*};
}

impl<'de> Deserializer<'de> for Key<'de> {
    type Error = DecodeError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        visit_text(self.0, visitor)
    }

    number_keys! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        visitor.visit_enum(Variant { tag: self.0, value: None })
    }

    serde::forward_to_deserialize_any! {
        bool f32 f64 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map
        struct identifier ignored_any
    }
}

/// A variant of an externally tagged enum: `"Name"`, or `{"Name": value}`.
pub(super) struct Variant<'de> {
    tag: Cow<'de, str>,
    value: Option<Node<'de>>,
}

impl<'de> EnumAccess<'de> for Variant<'de> {
    type Error = DecodeError;
    type Variant = Self;

    fn variant_seed<T: DeserializeSeed<'de>>(
        self,
        seed: T,
    ) -> Result<(T::Value, Self), DecodeError> {
        let tag = seed.deserialize(Key(self.tag.clone()))?;
        Ok((tag, self))
    }
}

impl<'de> Variant<'de> {
    pub(super) fn new(tag: Cow<'de, str>, value: Option<Node<'de>>) -> Self {
        Self { tag, value }
    }

    /// Reads what the variant holds, or says that it should hold `what`.
    fn value<T>(
        self,
        what: &'static str,
        read: impl FnOnce(Node<'de>) -> Result<T, DecodeError>,
    ) -> Result<T, DecodeError> {
        match self.value {
            None => Err(de::Error::invalid_type(Unexpected::UnitVariant, &what)),
            Some(value) => {
                read(value).map_err(|error| error.within(Place::Property((*self.tag).into())))
            }
        }
    }
}

impl<'de> VariantAccess<'de> for Variant<'de> {
    type Error = DecodeError;

    fn unit_variant(self) -> Result<(), DecodeError> {
        match self.value {
            None => Ok(()),
            some => Self { value: some, ..self }.value("unit variant", <()>::deserialize),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(
        self,
        seed: T,
    ) -> Result<T::Value, DecodeError> {
        self.value("newtype variant", |value| seed.deserialize(value))
    }

    fn tuple_variant<V: Visitor<'de>>(
        self,
        _length: usize,
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        self.value("tuple variant", |value| value.visit(visitor))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        self.value("struct variant", |value| value.deserialize_struct("", fields, visitor))
    }
}

/// The map that stands for a raw value (see [`raw`]).
pub(super) struct RawAccess<'de> {
    text: Option<Cow<'de, str>>,
    asked: bool,
}

impl<'de> RawAccess<'de> {
    pub(super) fn new(text: Cow<'de, str>) -> Self {
        Self { text: Some(text), asked: false }
    }
}

impl<'de> MapAccess<'de> for RawAccess<'de> {
    type Error = DecodeError;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, DecodeError> {
        if std::mem::replace(&mut self.asked, true) {
            return Ok(None);
        }
        seed.deserialize(Key(Cow::Borrowed(raw::TOKEN))).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(
        &mut self,
        seed: V,
    ) -> Result<V::Value, DecodeError> {
        seed.deserialize(Node::String(self.text.take().unwrap_or_default()))
    }
}
