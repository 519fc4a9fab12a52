//! Typed values → [`Json`], by serde.
//!
//! In: whatever implements `Serialize`. Out: the tree that its JSON text would give, digits of
//! [`Number`] and [`Decimal`](super::Decimal) included, or an error where JSON has no notation: a
//! number that is not finite, a map whose keys are not names. Enums are tagged from the outside, as
//! serde does by default.

mod key;

use std::fmt;

use serde::Serialize;
use serde::ser::{self, Serializer};

use self::key::Key;
use super::{Json, Number, Object, raw};

/// Why a typed value has no JSON form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EncodeError(String);

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for EncodeError {}

impl ser::Error for EncodeError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

impl Json<'static> {
    /// The tree of a typed value.
    ///
    /// ```
    /// # use asyncapi_ws_json::Json;
    /// #[derive(serde::Serialize)]
    /// struct Bar {
    ///     symbol: &'static str,
    ///     close: f64,
    /// }
    ///
    /// let bar = Json::encode(&Bar { symbol: "AAPL", close: 189.75 })?;
    /// assert_eq!(bar.to_string(), r#"{"symbol":"AAPL","close":189.75}"#);
    /// assert!(Json::encode(&f64::NAN).is_err());
    /// # Ok::<(), asyncapi_ws_json::EncodeError>(())
    /// ```
    pub fn encode<T: Serialize + ?Sized>(value: &T) -> Result<Self, EncodeError> {
        value.serialize(Tree)
    }
}

/// Serializes into a tree.
struct Tree;

fn number<T>(value: T) -> Result<Json<'static>, EncodeError>
where
    Number<'static>: From<T>,
{
    Ok(Json::Number(value.into()))
}

fn tagged(variant: &'static str, value: Json<'static>) -> Json<'static> {
    Json::Object(Object::from_iter([(variant, value)]))
}

impl Serializer for Tree {
    type Ok = Json<'static>;
    type Error = EncodeError;
    type SerializeSeq = Items;
    type SerializeTuple = Items;
    type SerializeTupleStruct = Items;
    type SerializeTupleVariant = Items;
    type SerializeMap = Members;
    type SerializeStruct = Members;
    type SerializeStructVariant = Members;

    fn serialize_bool(self, value: bool) -> Result<Self::Ok, EncodeError> {
        Ok(Json::Bool(value))
    }

    fn serialize_i8(self, value: i8) -> Result<Self::Ok, EncodeError> {
        number(value)
    }

    fn serialize_i16(self, value: i16) -> Result<Self::Ok, EncodeError> {
        number(value)
    }

    fn serialize_i32(self, value: i32) -> Result<Self::Ok, EncodeError> {
        number(value)
    }

    fn serialize_i64(self, value: i64) -> Result<Self::Ok, EncodeError> {
        number(value)
    }

    fn serialize_i128(self, value: i128) -> Result<Self::Ok, EncodeError> {
        number(value)
    }

    fn serialize_u8(self, value: u8) -> Result<Self::Ok, EncodeError> {
        number(value)
    }

    fn serialize_u16(self, value: u16) -> Result<Self::Ok, EncodeError> {
        number(value)
    }

    fn serialize_u32(self, value: u32) -> Result<Self::Ok, EncodeError> {
        number(value)
    }

    fn serialize_u64(self, value: u64) -> Result<Self::Ok, EncodeError> {
        number(value)
    }

    fn serialize_u128(self, value: u128) -> Result<Self::Ok, EncodeError> {
        number(value)
    }

    fn serialize_f32(self, value: f32) -> Result<Self::Ok, EncodeError> {
        finite(Number::from_f32(value), value)
    }

    fn serialize_f64(self, value: f64) -> Result<Self::Ok, EncodeError> {
        finite(Number::from_f64(value), value)
    }

    fn serialize_char(self, value: char) -> Result<Self::Ok, EncodeError> {
        Ok(Json::from(value.to_string()))
    }

    fn serialize_str(self, text: &str) -> Result<Self::Ok, EncodeError> {
        Ok(Json::from(text.to_owned()))
    }

    fn serialize_bytes(self, bytes: &[u8]) -> Result<Self::Ok, EncodeError> {
        Ok(Json::from(bytes.to_vec()))
    }

    fn serialize_none(self) -> Result<Self::Ok, EncodeError> {
        Ok(Json::Null)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Self::Ok, EncodeError> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Self::Ok, EncodeError> {
        Ok(Json::Null)
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Result<Self::Ok, EncodeError> {
        Ok(Json::Null)
    }

    fn serialize_unit_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
    ) -> Result<Self::Ok, EncodeError> {
        Ok(Json::from(variant))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        value: &T,
    ) -> Result<Self::Ok, EncodeError> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<Self::Ok, EncodeError> {
        Ok(tagged(variant, value.serialize(self)?))
    }

    fn serialize_seq(self, length: Option<usize>) -> Result<Items, EncodeError> {
        Ok(Items { variant: None, items: Vec::with_capacity(length.unwrap_or(0)) })
    }

    fn serialize_tuple(self, length: usize) -> Result<Items, EncodeError> {
        self.serialize_seq(Some(length))
    }

    fn serialize_tuple_struct(
        self,
        _name: &'static str,
        length: usize,
    ) -> Result<Items, EncodeError> {
        self.serialize_seq(Some(length))
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<Items, EncodeError> {
        Ok(Items { variant: Some(variant), items: Vec::with_capacity(length) })
    }

    fn serialize_map(self, _length: Option<usize>) -> Result<Members, EncodeError> {
        Ok(Members { variant: None, object: Object::new(), key: None, raw: None })
    }

    fn serialize_struct(self, _name: &'static str, length: usize) -> Result<Members, EncodeError> {
        self.serialize_map(Some(length))
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<Members, EncodeError> {
        Ok(Members { variant: Some(variant), ..self.serialize_map(Some(length))? })
    }
}

fn finite(
    number: Option<Number<'static>>,
    value: impl fmt::Display,
) -> Result<Json<'static>, EncodeError> {
    number.map(Json::Number).ok_or_else(|| EncodeError(format!("number {value} is not finite")))
}

/// The items of an array so far, and the variant that it belongs to.
struct Items {
    variant: Option<&'static str>,
    items: Vec<Json<'static>>,
}

impl Items {
    fn push<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), EncodeError> {
        self.items.push(value.serialize(Tree)?);
        Ok(())
    }

    fn finish(self) -> Json<'static> {
        let array = Json::Array(self.items);
        match self.variant {
            Some(variant) => tagged(variant, array),
            None => array,
        }
    }
}

macro_rules! items {
    ($($access:ident: $push:ident),*) => {$(
        impl ser::$access for Items {
            type Ok = Json<'static>;
            type Error = EncodeError;

            fn $push<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), EncodeError> {
                self.push(value)
            }

            fn end(self) -> Result<Json<'static>, EncodeError> {
                Ok(self.finish())
            }
        }
    )*};
}

items!(
    SerializeSeq: serialize_element,
    SerializeTuple: serialize_element,
    SerializeTupleStruct: serialize_field,
    SerializeTupleVariant: serialize_field
);

/// The members of an object so far, and the variant that it belongs to.
struct Members {
    variant: Option<&'static str>,
    object: Object<'static>,
    /// A key that waits for its value.
    key: Option<String>,
    /// What it really is where the struct stands for a raw value (see [`raw`]).
    raw: Option<Json<'static>>,
}

impl Members {
    fn put<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), EncodeError> {
        let value = value.serialize(Tree)?;
        if key == raw::TOKEN
            && let Json::String(text) = &value
        {
            let parsed = Json::parse(text).map_err(|error| EncodeError(error.to_string()))?;
            self.raw = Some(parsed.into_owned());
        } else {
            self.object.put(key.into(), value);
        }
        Ok(())
    }

    fn finish(self) -> Json<'static> {
        let object = self.raw.unwrap_or(Json::Object(self.object));
        match self.variant {
            Some(variant) => tagged(variant, object),
            None => object,
        }
    }
}

impl ser::SerializeMap for Members {
    type Ok = Json<'static>;
    type Error = EncodeError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), EncodeError> {
        self.key = Some(key.serialize(Key)?);
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), EncodeError> {
        let key =
            self.key.take().ok_or_else(|| EncodeError("a value came before its key".into()))?;
        self.object.put(key.into(), value.serialize(Tree)?);
        Ok(())
    }

    fn end(self) -> Result<Json<'static>, EncodeError> {
        Ok(self.finish())
    }
}

macro_rules! members {
    ($($access:ident),*) => {$(
        impl ser::$access for Members {
            type Ok = Json<'static>;
            type Error = EncodeError;

            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                key: &'static str,
                value: &T,
            ) -> Result<(), EncodeError> {
                self.put(key, value)
            }

            fn end(self) -> Result<Json<'static>, EncodeError> {
                Ok(self.finish())
            }
        }
    )*};
}

members!(SerializeStruct, SerializeStructVariant);

#[cfg(test)]
mod tests {
    use super::super::arbitrary::any_json;
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    #[derive(Serialize)]
    enum Side {
        Buy,
        One(i64),
        Pair(i64, f32),
        Limit { price: Number<'static> },
    }

    #[test]
    fn the_tree_is_that_of_the_text() {
        let sides = (
            [Side::Buy, Side::One(1), Side::Pair(-2, 0.1)],
            Side::Limit { price: "0.1000".parse().unwrap() },
            BTreeMap::from([(7_u8, Some('x')), (9, None)]),
            (u128::MAX, i128::MIN, 1.0, (), "é\n"),
        );
        let text = serde_json::to_string(&sides).unwrap();
        assert_eq!(Json::encode(&sides).unwrap().to_string(), text);
    }

    #[test]
    fn what_json_has_no_notation_for_is_an_error() {
        let message = |error: Result<Json<'_>, EncodeError>| error.unwrap_err().to_string();
        assert_eq!(message(Json::encode(&[f64::NAN])), "number NaN is not finite");
        assert_eq!(message(Json::encode(&f32::INFINITY)), "number inf is not finite");
        let map = BTreeMap::from([([1, 2], 3)]);
        assert_eq!(message(Json::encode(&map)), "a list cannot be the name of a property");
    }

    proptest! {
        #[test]
        fn a_tree_encodes_to_itself(value in any_json()) {
            prop_assert_eq!(Json::encode(&value).unwrap().to_string(), value.to_string());
        }
    }
}
