//! Lists whose items have a type each.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error as _, IgnoredAny, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeSeq, Serializer};

/// A type that is read from a list, item by item.
pub trait FromList: Sized {
    /// Reads all items.
    ///
    /// # Errors
    /// An item that is missing, or not of its type.
    fn read<'de, A: SeqAccess<'de>>(list: ListReader<'de, A>) -> Result<Self, A::Error>;
}

/// Reads a type from a list, and from nothing else.
///
/// # Errors
/// The deserializer's.
pub fn from_list<'de, T: FromList, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    struct ListVisitor<T>(PhantomData<T>);

    impl<'de, T: FromList> Visitor<'de> for ListVisitor<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an array")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<T, A::Error> {
            T::read(ListReader { list, at: 0, input: PhantomData })
        }
    }

    deserializer.deserialize_seq(ListVisitor(PhantomData))
}

/// The items of a list as they come.
#[derive(Debug)]
pub struct ListReader<'de, A> {
    list: A,
    at: usize,
    input: PhantomData<&'de ()>,
}

impl<'de, A: SeqAccess<'de>> ListReader<'de, A> {
    /// Takes an item that must be there.
    ///
    /// # Errors
    /// It is not there, or not of the type.
    pub fn required<T: Deserialize<'de>>(&mut self) -> Result<T, A::Error> {
        let at = self.at;
        match self.optional()? {
            Some(item) => Ok(item),
            None => Err(A::Error::custom(format_args!("item {at} is missing"))),
        }
    }

    /// Takes an item that may be missing.
    ///
    /// # Errors
    /// It is not of the type.
    pub fn optional<T: Deserialize<'de>>(&mut self) -> Result<Option<T>, A::Error> {
        self.at += 1;
        self.list.next_element()
    }

    /// Takes the items that follow.
    ///
    /// # Errors
    /// One is not of the type.
    pub fn rest<T: Deserialize<'de>>(&mut self) -> Result<Vec<T>, A::Error> {
        let mut rest = Vec::new();
        while let Some(item) = self.list.next_element()? {
            rest.push(item);
        }
        Ok(rest)
    }

    /// Leaves the items that follow.
    ///
    /// # Errors
    /// The deserializer's.
    pub fn ignore(mut self) -> Result<(), A::Error> {
        while self.list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }

    /// Nothing may follow.
    ///
    /// # Errors
    /// Something does.
    pub fn end(mut self) -> Result<(), A::Error> {
        match self.list.next_element::<IgnoredAny>()? {
            Some(_) => Err(A::Error::custom(format_args!("expected {} items", self.at))),
            None => Ok(()),
        }
    }
}

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
    /// The item follows one that is missing, or the serializer's.
    pub fn optional(&mut self, item: &Option<impl Serialize>) -> Result<(), S::Error> {
        match item {
            Some(item) if !self.ended => self.list.serialize_element(item),
            Some(_) => Err(after_a_gap()),
            None => {
                self.ended = true;
                Ok(())
            }
        }
    }

    /// Writes the items that follow.
    ///
    /// # Errors
    /// They follow one that is missing, or the serializer's.
    pub fn rest(&mut self, items: &[impl Serialize]) -> Result<(), S::Error> {
        if self.ended && !items.is_empty() {
            return Err(after_a_gap());
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

fn after_a_gap<E: serde::ser::Error>() -> E {
    E::custom("an item of a list follows one that is missing")
}
