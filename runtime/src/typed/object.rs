//! Objects whose serde code is not derived: constants that no field holds, properties of any name.
//!
//! Generated code says what to do with each property as it comes; nothing is buffered, so numbers keep
//! their digits.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, Visitor,
};
use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::json::Json;

/// A type that is read from an object, property by property.
pub trait FromObject: Sized {
    /// Reads all properties.
    ///
    /// # Errors
    /// A property that is missing, comes twice, or is not of its type.
    fn read<'de, A: MapAccess<'de>>(object: ObjectReader<'de, A>) -> Result<Self, A::Error>;
}

/// Reads a type from an object, and from nothing else.
///
/// # Errors
/// The deserializer's.
pub fn from_object<'de, T: FromObject, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    struct ObjectVisitor<T>(PhantomData<T>);

    impl<'de, T: FromObject> Visitor<'de> for ObjectVisitor<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
            T::read(ObjectReader { map, input: PhantomData })
        }
    }

    deserializer.deserialize_map(ObjectVisitor(PhantomData))
}

/// The properties of an object as they come.
#[derive(Debug)]
pub struct ObjectReader<'de, A> {
    map: A,
    input: PhantomData<&'de ()>,
}

impl<'de, A: MapAccess<'de>> ObjectReader<'de, A> {
    /// The name of the next property; its value is read by one of the other methods.
    ///
    /// # Errors
    /// The deserializer's.
    pub fn name(&mut self) -> Result<Option<Cow<'de, str>>, A::Error> {
        Ok(self.map.next_key::<Name<'de>>()?.map(|Name(name)| name))
    }

    /// Reads the value of a property into its place.
    ///
    /// # Errors
    /// It is not of the type, or came before.
    pub fn value<T: Deserialize<'de>>(
        &mut self,
        name: &'static str,
        place: &mut Option<T>,
    ) -> Result<(), A::Error> {
        if place.is_some() {
            return Err(A::Error::duplicate_field(name));
        }
        *place = Some(self.map.next_value()?);
        Ok(())
    }

    /// Reads a property that always has the same text.
    ///
    /// # Errors
    /// It has another, or came before.
    pub fn constant(
        &mut self,
        name: &'static str,
        text: &'static str,
        place: &mut Option<()>,
    ) -> Result<(), A::Error> {
        if place.is_some() {
            return Err(A::Error::duplicate_field(name));
        }
        self.map.next_value_seed(Constant(text))?;
        *place = Some(());
        Ok(())
    }

    /// Reads a property that always has the same text; another value is kept among the others.
    ///
    /// # Errors
    /// It came before.
    pub fn constant_or_keep(
        &mut self,
        name: &'static str,
        text: &'static str,
        place: &mut Option<()>,
        rest: &mut BTreeMap<String, Json<'static>>,
    ) -> Result<(), A::Error> {
        if place.is_some() {
            return Err(A::Error::duplicate_field(name));
        }
        let value: Json<'static> = self.map.next_value()?;
        if value.as_str() != Some(text) {
            rest.insert(name.to_owned(), value);
        }
        *place = Some(());
        Ok(())
    }

    /// Keeps a property that has no field.
    ///
    /// # Errors
    /// It is not of the type, or came before.
    pub fn keep<T: Deserialize<'de>>(
        &mut self,
        name: Cow<'de, str>,
        rest: &mut BTreeMap<String, T>,
    ) -> Result<(), A::Error> {
        let value = self.map.next_value()?;
        match rest.insert(name.into_owned(), value) {
            None => Ok(()),
            Some(_) => Err(A::Error::custom("a property comes twice")),
        }
    }

    /// Leaves out a property that has no field.
    ///
    /// # Errors
    /// The deserializer's.
    pub fn ignore(&mut self) -> Result<(), A::Error> {
        self.map.next_value::<IgnoredAny>().map(|_| ())
    }

    /// The error about a property that must not be there.
    pub fn unexpected(&self, name: &str) -> A::Error {
        A::Error::custom(format_args!("unexpected property `{name}`"))
    }
}

/// A property that must have come.
///
/// # Errors
/// It did not.
pub fn required<T, E: serde::de::Error>(name: &'static str, place: Option<T>) -> Result<T, E> {
    place.ok_or_else(|| E::missing_field(name))
}

/// Reads a text, borrowed from the input where that is possible.
///
/// # Errors
/// It is no text.
pub fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Cow<'de, str>, D::Error> {
    Name::deserialize(deserializer).map(|Name(text)| text)
}

/// A text, such as the name of a property.
pub(super) struct Name<'de>(pub(super) Cow<'de, str>);

impl<'de> Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NameVisitor;

        impl<'de> Visitor<'de> for NameVisitor {
            type Value = Name<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Name(Cow::Owned(text.to_owned())))
            }

            fn visit_borrowed_str<E: serde::de::Error>(
                self,
                text: &'de str,
            ) -> Result<Self::Value, E> {
                Ok(Name(Cow::Borrowed(text)))
            }

            fn visit_string<E: serde::de::Error>(self, text: String) -> Result<Self::Value, E> {
                Ok(Name(Cow::Owned(text)))
            }
        }

        deserializer.deserialize_str(NameVisitor)
    }
}

/// A text that must be this one.
pub(super) struct Constant(pub(super) &'static str);

impl<'de> DeserializeSeed<'de> for Constant {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Constant {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<(), E> {
        if text == self.0 {
            Ok(())
        } else {
            Err(E::invalid_value(serde::de::Unexpected::Str(text), &self))
        }
    }
}

/// Writes the properties of an object one by one.
#[derive(Debug)]
pub struct ObjectWriter<S: Serializer>(S::SerializeMap);

impl<S: Serializer> ObjectWriter<S> {
    /// Begins an object.
    ///
    /// # Errors
    /// The serializer's.
    pub fn new(serializer: S) -> Result<Self, S::Error> {
        serializer.serialize_map(None).map(Self)
    }

    /// Writes a property that must be there.
    ///
    /// # Errors
    /// The serializer's.
    pub fn required(
        &mut self,
        name: &str,
        value: &(impl Serialize + ?Sized),
    ) -> Result<(), S::Error> {
        self.0.serialize_entry(name, value)
    }

    /// Writes a property if it is there.
    ///
    /// # Errors
    /// The serializer's.
    pub fn optional(&mut self, name: &str, value: &Option<impl Serialize>) -> Result<(), S::Error> {
        match value {
            Some(value) => self.0.serialize_entry(name, value),
            None => Ok(()),
        }
    }

    /// Writes a property that always has the same text, unless another value was kept.
    ///
    /// # Errors
    /// The serializer's.
    pub fn constant_or_kept(
        &mut self,
        name: &str,
        text: &str,
        rest: &BTreeMap<String, Json<'static>>,
    ) -> Result<(), S::Error> {
        match rest.get(name) {
            Some(kept) => self.0.serialize_entry(name, kept),
            None => self.0.serialize_entry(name, text),
        }
    }

    /// Writes the properties that have no field; `known` are those that have.
    ///
    /// # Errors
    /// The serializer's.
    pub fn rest(
        &mut self,
        rest: &BTreeMap<String, impl Serialize>,
        known: &[&str],
    ) -> Result<(), S::Error> {
        rest.iter()
            .filter(|(name, _)| !known.contains(&name.as_str()))
            .try_for_each(|(name, value)| self.0.serialize_entry(name, value))
    }

    /// Ends the object.
    ///
    /// # Errors
    /// The serializer's.
    pub fn end(self) -> Result<S::Ok, S::Error> {
        self.0.end()
    }
}

/// A deserializer that gives a struct an object, and nothing else.
#[derive(Debug)]
pub struct ObjectOnly<D>(pub D);

impl<'de, D: Deserializer<'de>> Deserializer<'de> for ObjectOnly<D> {
    type Error = D::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        self.0.deserialize_map(visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        self.0.deserialize_map(visitor)
    }

    fn is_human_readable(&self) -> bool {
        self.0.is_human_readable()
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}
