//! Lists whose items have a type each.

use serde::de::{DeserializeOwned, Deserializer, Error as _};
use serde::ser::{Serialize, SerializeSeq, Serializer};

use crate::json::Json;

/// Writes the items of a list one by one.
#[derive(Debug)]
pub struct ListWriter<S: Serializer> {
    list: S::SerializeSeq,
    /// An item was missing, so none may follow.
    ended: bool,
}

impl<S: Serializer> ListWriter<S> {
    /// Begins a list.
    ///
    /// # Errors
    /// The serializer's.
    pub fn new(serializer: S) -> Result<Self, S::Error> {
        Ok(Self { list: serializer.serialize_seq(None)?, ended: false })
    }

    /// Writes an item that must be there.
    ///
    /// # Errors
    /// The serializer's.
    pub fn required(&mut self, item: &impl Serialize) -> Result<(), S::Error> {
        self.list.serialize_element(item)
    }

    /// Writes an item if it is there; none follows one that is missing.
    ///
    /// # Errors
    /// The serializer's.
    pub fn optional(&mut self, item: &Option<impl Serialize>) -> Result<(), S::Error> {
        match item {
            Some(item) if !self.ended => self.list.serialize_element(item),
            _ => {
                self.ended = true;
                Ok(())
            }
        }
    }

    /// Writes the items that follow.
    ///
    /// # Errors
    /// The serializer's.
    pub fn rest(&mut self, items: &[impl Serialize]) -> Result<(), S::Error> {
        if self.ended {
            return Ok(());
        }
        items.iter().try_for_each(|item| self.list.serialize_element(item))
    }

    /// Ends the list.
    ///
    /// # Errors
    /// The serializer's.
    pub fn end(self) -> Result<S::Ok, S::Error> {
        self.list.end()
    }
}

/// Reads the items of a list one by one.
#[derive(Debug)]
pub struct ListReader {
    items: std::vec::IntoIter<Json<'static>>,
    at: usize,
}

impl ListReader {
    /// Takes a list.
    ///
    /// # Errors
    /// What comes is no list.
    pub fn new<'de, D: Deserializer<'de>>(json: Json<'static>) -> Result<Self, D::Error> {
        match json {
            Json::Array(items) => Ok(Self { items: items.into_iter(), at: 0 }),
            _ => Err(D::Error::custom("expected an array")),
        }
    }

    /// Takes an item that must be there.
    ///
    /// # Errors
    /// It is not there, or not of the type.
    pub fn required<T: DeserializeOwned, E: serde::de::Error>(&mut self) -> Result<T, E> {
        let at = self.at;
        match self.optional()? {
            Some(item) => Ok(item),
            None => Err(E::custom(format_args!("item {at} is missing"))),
        }
    }

    /// Takes an item that may be missing.
    ///
    /// # Errors
    /// It is not of the type.
    pub fn optional<T: DeserializeOwned, E: serde::de::Error>(&mut self) -> Result<Option<T>, E> {
        let at = self.at;
        self.at += 1;
        let item = self.items.next().map(|item| item.decode());
        item.transpose().map_err(|error| E::custom(format_args!("item {at}: {error}")))
    }

    /// Takes the items that follow.
    ///
    /// # Errors
    /// One is not of the type.
    pub fn rest<T: DeserializeOwned, E: serde::de::Error>(&mut self) -> Result<Vec<T>, E> {
        let mut rest = Vec::new();
        while let Some(item) = self.optional()? {
            rest.push(item);
        }
        Ok(rest)
    }

    /// Leaves the items that follow.
    pub fn ignore(self) {}

    /// Nothing may follow.
    ///
    /// # Errors
    /// Something does.
    pub fn end<E: serde::de::Error>(mut self) -> Result<(), E> {
        match self.items.next() {
            Some(_) => Err(E::custom(format_args!("expected {} items", self.at))),
            None => Ok(()),
        }
    }
}
