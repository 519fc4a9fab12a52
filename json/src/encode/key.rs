//! The key of a map → the name of a property: strings as they are, integers, booleans and variants
//! written out, and nothing else.

use serde::Serialize;
use serde::ser::{Impossible, Serializer};

use super::EncodeError;

/// Serializes the key of a map: a string, or what is written as one.
pub(super) struct Key;

macro_rules! written_keys {
    ($($method:ident: $value:ty),*) => {$(
        fn $method(self, value: $value) -> Result<String, EncodeError> {
            Ok(value.to_string())
        }
    )*};
}

fn no_key<T>(what: &'static str) -> Result<T, EncodeError> {
    Err(EncodeError(format!("{what} cannot be the name of a property")))
}

impl Serializer for Key {
    type Ok = String;
    type Error = EncodeError;
    type SerializeSeq = Impossible<String, EncodeError>;
    type SerializeTuple = Impossible<String, EncodeError>;
    type SerializeTupleStruct = Impossible<String, EncodeError>;
    type SerializeTupleVariant = Impossible<String, EncodeError>;
    type SerializeMap = Impossible<String, EncodeError>;
    type SerializeStruct = Impossible<String, EncodeError>;
    type SerializeStructVariant = Impossible<String, EncodeError>;

    written_keys! {
        serialize_bool: bool, serialize_char: char, serialize_str: &str,
        serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64,
        serialize_i128: i128, serialize_u128: u128
    }

    fn serialize_f32(self, _: f32) -> Result<String, EncodeError> {
        no_key("a fraction")
    }

    fn serialize_f64(self, _: f64) -> Result<String, EncodeError> {
        no_key("a fraction")
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<String, EncodeError> {
        no_key("a list of bytes")
    }

    fn serialize_none(self) -> Result<String, EncodeError> {
        no_key("nothing")
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<String, EncodeError> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<String, EncodeError> {
        no_key("nothing")
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<String, EncodeError> {
        no_key("nothing")
    }

    fn serialize_unit_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
    ) -> Result<String, EncodeError> {
        Ok(variant.to_owned())
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        value: &T,
    ) -> Result<String, EncodeError> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
        _value: &T,
    ) -> Result<String, EncodeError> {
        no_key("a variant with a value")
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self::SerializeSeq, EncodeError> {
        no_key("a list")
    }

    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, EncodeError> {
        no_key("a list")
    }

    fn serialize_tuple_struct(
        self,
        _name: &'static str,
        _length: usize,
    ) -> Result<Self::SerializeTupleStruct, EncodeError> {
        no_key("a list")
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
        _length: usize,
    ) -> Result<Self::SerializeTupleVariant, EncodeError> {
        no_key("a list")
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, EncodeError> {
        no_key("an object")
    }

    fn serialize_struct(
        self,
        _name: &'static str,
        _length: usize,
    ) -> Result<Self::SerializeStruct, EncodeError> {
        no_key("an object")
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
        _length: usize,
    ) -> Result<Self::SerializeStructVariant, EncodeError> {
        no_key("an object")
    }
}
