//! What serde's visitors are told in the same way by both deserializers, that of the tree
//! ([`decode`](super::decode)) and that of the text ([`read`](super::read)).
//!
//! In: texts and numbers. Out: whatever the visitor makes of them, or the deserializer's own error.

use std::borrow::Cow;
use std::marker::PhantomData;

use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error, Unexpected, VariantAccess, Visitor,
};

use super::Number;

/// Gives a string to a visitor, borrowed if it can be.
#[inline]
pub(super) fn visit_text<'de, V: Visitor<'de>, E: Error>(
    text: Cow<'de, str>,
    visitor: V,
) -> Result<V::Value, E> {
    match text {
        Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
        Cow::Owned(text) => visitor.visit_string(text),
    }
}

/// A number as serde knows it: whatever is an integer is one, however it was written, since a visitor
/// that wants a double takes integers too, and one that wants an integer takes no double.
pub(super) enum Numeric {
    Signed(i64),
    /// Beyond the others.
    Unsigned(u64),
    /// No integer of 64 bits.
    Double(f64),
}

impl Numeric {
    /// The number; an error where not even a double comes near it.
    pub(super) fn of<E: Error>(number: &Number<'_>) -> Result<Self, E> {
        match (number.to_i64(), number.to_u64()) {
            (Some(value), _) => Ok(Self::Signed(value)),
            (None, Some(value)) => Ok(Self::Unsigned(value)),
            (None, None) => number.to_f64().map(Self::Double).ok_or_else(|| out_of_range(number)),
        }
    }

    #[inline]
    pub(super) fn visit<'de, V: Visitor<'de>, E: Error>(self, visitor: V) -> Result<V::Value, E> {
        match self {
            Self::Signed(value) => visitor.visit_i64(value),
            Self::Unsigned(value) => visitor.visit_u64(value),
            Self::Double(value) => visitor.visit_f64(value),
        }
    }
}

/// A number for a visitor that asks for 128 bits.
pub(super) fn visit_i128<'de, V: Visitor<'de>, E: Error>(
    number: &Number<'_>,
    visitor: V,
) -> Result<V::Value, E> {
    visitor.visit_i128(number.to_i128().ok_or_else(|| out_of_range(number))?)
}

/// A number for a visitor that asks for 128 bits, unsigned.
pub(super) fn visit_u128<'de, V: Visitor<'de>, E: Error>(
    number: &Number<'_>,
    visitor: V,
) -> Result<V::Value, E> {
    visitor.visit_u128(number.to_u128().ok_or_else(|| out_of_range(number))?)
}

fn out_of_range<E: Error>(number: &Number<'_>) -> E {
    E::custom(format_args!("number {number} is out of range"))
}

/// The name of a property or a variant: a string, or the number in it where that is asked for.
pub(super) struct Key<'de, E> {
    text: Cow<'de, str>,
    error: PhantomData<fn() -> E>,
}

impl<'de, E> Key<'de, E> {
    #[inline]
    pub(super) fn new(text: Cow<'de, str>) -> Self {
        Self { text, error: PhantomData }
    }
}

macro_rules! number_keys {
    ($($method:ident $visit:expr;)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
            match Number::parse(&self.text) {
                Ok(number) => $visit(&number, visitor),
                Err(_) => visit_text(self.text, visitor),
            }
        }
    )*};
}

fn visit_number<'de, V: Visitor<'de>, E: Error>(
    number: &Number<'_>,
    visitor: V,
) -> Result<V::Value, E> {
    Numeric::of(number)?.visit(visitor)
}

impl<'de, E: Error> Deserializer<'de> for Key<'de, E> {
    type Error = E;

    #[inline]
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        visit_text(self.text, visitor)
    }

    number_keys! {
        deserialize_i8 visit_number;
        deserialize_i16 visit_number;
        deserialize_i32 visit_number;
        deserialize_i64 visit_number;
        deserialize_i128 visit_i128;
        deserialize_u8 visit_number;
        deserialize_u16 visit_number;
        deserialize_u32 visit_number;
        deserialize_u64 visit_number;
        deserialize_u128 visit_u128;
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, E> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, E> {
        visitor.visit_enum(self)
    }

    serde::forward_to_deserialize_any! {
        bool f32 f64 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map
        struct identifier ignored_any
    }
}

/// A variant that is only its name: `"Name"`.
impl<'de, E: Error> EnumAccess<'de> for Key<'de, E> {
    type Error = E;
    type Variant = NameOnly<E>;

    #[inline]
    fn variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<(T::Value, NameOnly<E>), E> {
        Ok((seed.deserialize(self)?, NameOnly(PhantomData)))
    }
}

/// What such a variant holds: nothing.
pub(super) struct NameOnly<E>(PhantomData<fn() -> E>);

impl<E: Error> NameOnly<E> {
    fn lacks<T>(what: &'static str) -> Result<T, E> {
        Err(E::invalid_type(Unexpected::UnitVariant, &what))
    }
}

impl<'de, E: Error> VariantAccess<'de> for NameOnly<E> {
    type Error = E;

    #[inline]
    fn unit_variant(self) -> Result<(), E> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, _: T) -> Result<T::Value, E> {
        Self::lacks("newtype variant")
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, E> {
        Self::lacks("tuple variant")
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, E> {
        Self::lacks("struct variant")
    }
}
