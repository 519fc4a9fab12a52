//! Objects whose serde code is not derived: constants that no field holds, properties of any name.

use std::collections::BTreeMap;

use serde::de::{DeserializeOwned, Deserializer, Error as _, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::json::{Json, Object};

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

    /// Writes the properties that have no field.
    ///
    /// # Errors
    /// The serializer's.
    pub fn rest(&mut self, rest: &BTreeMap<String, impl Serialize>) -> Result<(), S::Error> {
        rest.iter().try_for_each(|(name, value)| self.0.serialize_entry(name, value))
    }

    /// Ends the object.
    ///
    /// # Errors
    /// The serializer's.
    pub fn end(self) -> Result<S::Ok, S::Error> {
        self.0.end()
    }
}

/// Reads the properties of an object one by one.
#[derive(Debug)]
pub struct ObjectReader(Object<'static>);

impl ObjectReader {
    /// Takes an object.
    ///
    /// # Errors
    /// What comes is no object.
    pub fn new<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::Deserialize;
        match Json::deserialize(deserializer)? {
            Json::Object(object) => Ok(Self(object)),
            _ => Err(D::Error::custom("expected an object")),
        }
    }

    /// Takes a property that always has the same text.
    ///
    /// # Errors
    /// It is not there, or is another.
    pub fn constant<E: serde::de::Error>(&mut self, name: &str, text: &str) -> Result<(), E> {
        match self.0.remove(name) {
            Some(Json::String(found)) if found == text => Ok(()),
            _ => Err(E::custom(format_args!("expected `{name}` to be \"{text}\""))),
        }
    }

    /// Takes a property that must be there.
    ///
    /// # Errors
    /// It is not there, or not of the type.
    pub fn required<T: DeserializeOwned, E: serde::de::Error>(
        &mut self,
        name: &'static str,
    ) -> Result<T, E> {
        match self.0.remove(name) {
            Some(value) => {
                value.decode().map_err(|error| E::custom(format_args!("{name}: {error}")))
            }
            None => Err(E::missing_field(name)),
        }
    }

    /// Takes a property that may be missing; `null` is a value.
    ///
    /// # Errors
    /// It is not of the type.
    pub fn optional<T: DeserializeOwned, E: serde::de::Error>(
        &mut self,
        name: &str,
    ) -> Result<Option<T>, E> {
        let value = self.0.remove(name);
        let decoded = value.map(|value| value.decode());
        decoded.transpose().map_err(|error| E::custom(format_args!("{name}: {error}")))
    }

    /// Takes the properties that were not taken.
    ///
    /// # Errors
    /// One is not of the type.
    pub fn rest<T: DeserializeOwned, E: serde::de::Error>(self) -> Result<BTreeMap<String, T>, E> {
        self.0
            .into_iter()
            .map(|(name, value)| match value.decode() {
                Ok(value) => Ok((name.into_owned(), value)),
                Err(error) => Err(E::custom(format_args!("{name}: {error}"))),
            })
            .collect()
    }

    /// There must be nothing left.
    ///
    /// # Errors
    /// There is a property that was not taken.
    pub fn end<E: serde::de::Error>(self) -> Result<(), E> {
        match self.0.keys().next() {
            Some(name) => Err(E::custom(format_args!("unknown field `{name}`"))),
            None => Ok(()),
        }
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
