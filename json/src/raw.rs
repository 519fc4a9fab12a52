//! How the text of a number gets through serde.
//!
//! Serde has no notion of "this number as written", and a double between text and value loses
//! digits. `serde_json` has a way through for its `RawValue` (cargo feature `raw_value`): a newtype
//! struct of a reserved name is read as a map whose one value is the raw text, and a struct of that
//! name with one field is written as raw text. [`Json`](super::Json), [`Number`](super::Number) and
//! [`Decimal`](super::Decimal) speak that protocol as well as `RawValue` does, and the tree's own
//! deserializer answers it. It is not documented, so a test below holds `serde_json` to it.
//! (`arbitrary_precision`, the other way, changes how every number of the user's program is read.)

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, Unexpected, Visitor,
};
use serde::ser::{SerializeStruct, Serializer};

use super::visit::Key;

/// The reserved name.
pub(super) const TOKEN: &str = "$serde_json::private::RawValue";

/// Writes `text` as it is.
pub(super) fn write<S: Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
    let mut raw = serializer.serialize_struct(TOKEN, 1)?;
    raw.serialize_field(TOKEN, text)?;
    raw.end()
}

/// The raw text, where `map` is the one that the protocol makes.
pub(super) fn text<'de, A: MapAccess<'de>>(mut map: A) -> Result<Cow<'de, str>, A::Error> {
    match map.next_key::<Text<'de>>()? {
        Some(Text(key)) if key == TOKEN => map.next_value::<Text<'de>>().map(|Text(text)| text),
        _ => Err(A::Error::invalid_type(Unexpected::Map, &"a number")),
    }
}

/// That map, as a deserializer makes it.
pub(super) struct RawAccess<'de, E> {
    text: Option<Cow<'de, str>>,
    asked: bool,
    error: PhantomData<fn() -> E>,
}

impl<'de, E> RawAccess<'de, E> {
    pub(super) fn new(text: Cow<'de, str>) -> Self {
        Self { text: Some(text), asked: false, error: PhantomData }
    }
}

impl<'de, E: Error> MapAccess<'de> for RawAccess<'de, E> {
    type Error = E;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, E> {
        if std::mem::replace(&mut self.asked, true) {
            return Ok(None);
        }
        seed.deserialize(Key::new(Cow::Borrowed(TOKEN))).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, E> {
        seed.deserialize(Key::new(self.text.take().unwrap_or_default()))
    }
}

/// A string, borrowed from the input where that is possible.
pub(super) struct Text<'de>(pub(super) Cow<'de, str>);

impl<'de> Deserialize<'de> for Text<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextVisitor;

        impl<'de> Visitor<'de> for TextVisitor {
            type Value = Text<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }

            fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Text(Cow::Borrowed(text)))
            }

            fn visit_string<E: Error>(self, text: String) -> Result<Self::Value, E> {
                Ok(Text(Cow::Owned(text)))
            }
        }

        deserializer.deserialize_str(TextVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Decimal, Json, Number};
    use serde::{Deserialize, Serialize};
    use serde_json::value::RawValue;

    #[derive(Deserialize, Serialize)]
    struct Prices {
        price: Number<'static>,
        size: Decimal,
        any: Json<'static>,
        raw: Box<RawValue>,
    }

    const TEXT: &str = r#"{"price":0.1000,"size":-1E+400,"any":[1.50,{"n":12345678901234567890.10}],"raw":{"x":1.0}}"#;

    #[test]
    fn digits_survive_serde_json_in_both_directions() {
        let prices: Prices = serde_json::from_str(TEXT).unwrap();
        assert_eq!(prices.price.as_str(), "0.1000");
        assert_eq!(serde_json::to_string(&prices).unwrap(), TEXT);
        let from_reader: Prices = serde_json::from_reader(TEXT.as_bytes()).unwrap();
        assert_eq!(serde_json::to_string(&from_reader).unwrap(), TEXT);
    }

    #[test]
    fn digits_survive_on_the_way_from_the_tree() {
        let tree = Json::parse(TEXT).unwrap();
        let prices: Prices = tree.decode().unwrap();
        assert_eq!(serde_json::to_string(&prices).unwrap(), TEXT);
        #[derive(Deserialize)]
        struct Borrowed<'a> {
            #[serde(borrow)]
            raw: &'a RawValue,
        }
        let tree = Json::parse(r#"{"raw":0.10}"#).unwrap();
        assert_eq!(tree.decode::<Borrowed<'_>>().unwrap().raw.get(), "0.10");
    }

    #[test]
    fn values_that_are_no_numbers_are_refused_as_numbers() {
        for text in [r#"{"a":1}"#, r#""1""#, "null", "[1]", "true"] {
            assert!(serde_json::from_str::<Number<'_>>(text).is_err(), "{text}");
            assert!(serde_json::from_str::<Decimal>(text).is_err(), "{text}");
            assert!(Json::parse(text).unwrap().decode::<Decimal>().is_err(), "{text}");
        }
    }
}
