//! What is inside an array, an object or a variant, one piece at a time. Every error
//! on its way out of a piece learns where that piece was.

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::{
    self, DeserializeSeed, Deserializer, EnumAccess, MapAccess, SeqAccess, VariantAccess, Visitor,
};

use super::super::visit::Key;
use super::node::{Items, Members, Node};
use super::{DecodeError, Place};

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
        seed.deserialize(Key::new(key)).map(Some)
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

/// A variant of an externally tagged enum with what it holds: `{"Name": value}`.
pub(super) struct Variant<'de> {
    tag: Cow<'de, str>,
    value: Node<'de>,
}

impl<'de> EnumAccess<'de> for Variant<'de> {
    type Error = DecodeError;
    type Variant = Self;

    fn variant_seed<T: DeserializeSeed<'de>>(
        self,
        seed: T,
    ) -> Result<(T::Value, Self), DecodeError> {
        let tag = seed.deserialize(Key::new(self.tag.clone()))?;
        Ok((tag, self))
    }
}

impl<'de> Variant<'de> {
    pub(super) fn new(tag: Cow<'de, str>, value: Node<'de>) -> Self {
        Self { tag, value }
    }

    /// Reads what the variant holds.
    fn value<T>(
        self,
        read: impl FnOnce(Node<'de>) -> Result<T, DecodeError>,
    ) -> Result<T, DecodeError> {
        read(self.value).map_err(|error| error.within(Place::Property((*self.tag).into())))
    }
}

impl<'de> VariantAccess<'de> for Variant<'de> {
    type Error = DecodeError;

    fn unit_variant(self) -> Result<(), DecodeError> {
        self.value(<()>::deserialize)
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(
        self,
        seed: T,
    ) -> Result<T::Value, DecodeError> {
        self.value(|value| seed.deserialize(value))
    }

    fn tuple_variant<V: Visitor<'de>>(
        self,
        _length: usize,
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        self.value(|value| value.visit(visitor))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        self.value(|value| value.deserialize_struct("", fields, visitor))
    }
}
