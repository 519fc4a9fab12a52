//! [`Json`] → typed values, by serde.
//!
//! In: a tree, borrowed or owned. Out: whatever implements `Deserialize`, or an error that says at
//! which JSON pointer. Integers may be written `1.0` or `1e2`, as draft-07 says; none is rounded.
//! An object does not stand in for an array nor an array for an object.

mod access;
mod node;

use std::fmt;

use serde::Deserialize;
use serde::de::{self, Deserializer, IntoDeserializer, Visitor};

use self::node::Node;
use super::{Json, Number, Place, place, raw};

/// Why a tree is not a value of the wanted type, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodeError {
    places: Vec<Place>,
    message: String,
}

impl DecodeError {
    /// The JSON pointer (RFC 6901) to what does not fit; empty for the whole value.
    pub fn pointer(&self) -> String {
        place::pointer(&self.places)
    }

    /// What does not fit, without the place.
    pub fn message(&self) -> &str {
        &self.message
    }

    pub(crate) fn into_parts(self) -> (Vec<Place>, String) {
        (self.places, self.message)
    }

    fn within(mut self, place: Place) -> Self {
        self.places.push(place);
        self
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.places.is_empty() {
            write!(f, "{}: ", self.pointer())?;
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for DecodeError {}

impl de::Error for DecodeError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self { places: Vec::new(), message: message.to_string() }
    }
}

impl<'a> Json<'a> {
    /// Reads the tree as a typed value, which may borrow from it.
    ///
    /// ```
    /// # use asyncapi_ws_json::Json;
    /// #[derive(serde::Deserialize)]
    /// struct Bar<'a> {
    ///     symbol: &'a str,
    ///     volume: i64,
    /// }
    ///
    /// let frame = Json::parse(r#"{"symbol": "AAPL", "volume": 1.2e3}"#)?;
    /// let bar: Bar = frame.decode()?;
    /// assert_eq!((bar.symbol, bar.volume), ("AAPL", 1200));
    ///
    /// let frame = Json::parse(r#"{"symbol": "AAPL", "volume": 1.5}"#)?;
    /// let error = frame.decode::<Bar>().err().map(|error| error.to_string());
    /// assert_eq!(error.as_deref(), Some("/volume: invalid type: floating point `1.5`, expected i64"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn decode<'de, T: Deserialize<'de>>(&'de self) -> Result<T, DecodeError> {
        T::deserialize(self)
    }
}

/// The two public deserializers, a tree and a reference to one, are both one `Node` on the inside.
macro_rules! through_node {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
            Node::from(self).$method(visitor)
        }
    )*};
}

macro_rules! deserializer {
    ($($tree:ty),*) => {$(
        impl<'de> Deserializer<'de> for $tree {
            type Error = DecodeError;

            through_node! {
                deserialize_any deserialize_bool deserialize_i8 deserialize_i16 deserialize_i32
                deserialize_i64 deserialize_i128 deserialize_u8 deserialize_u16 deserialize_u32
                deserialize_u64 deserialize_u128 deserialize_f32 deserialize_f64 deserialize_char
                deserialize_str deserialize_string deserialize_bytes deserialize_byte_buf
                deserialize_option deserialize_unit deserialize_seq deserialize_map
                deserialize_identifier deserialize_ignored_any
            }

            fn deserialize_unit_struct<V: Visitor<'de>>(
                self,
                name: &'static str,
                visitor: V,
            ) -> Result<V::Value, DecodeError> {
                Node::from(self).deserialize_unit_struct(name, visitor)
            }

            fn deserialize_newtype_struct<V: Visitor<'de>>(
                self,
                name: &'static str,
                visitor: V,
            ) -> Result<V::Value, DecodeError> {
                Node::from(self).deserialize_newtype_struct(name, visitor)
            }

            fn deserialize_tuple<V: Visitor<'de>>(
                self,
                length: usize,
                visitor: V,
            ) -> Result<V::Value, DecodeError> {
                Node::from(self).deserialize_tuple(length, visitor)
            }

            fn deserialize_tuple_struct<V: Visitor<'de>>(
                self,
                name: &'static str,
                length: usize,
                visitor: V,
            ) -> Result<V::Value, DecodeError> {
                Node::from(self).deserialize_tuple_struct(name, length, visitor)
            }

            fn deserialize_struct<V: Visitor<'de>>(
                self,
                name: &'static str,
                fields: &'static [&'static str],
                visitor: V,
            ) -> Result<V::Value, DecodeError> {
                Node::from(self).deserialize_struct(name, fields, visitor)
            }

            fn deserialize_enum<V: Visitor<'de>>(
                self,
                name: &'static str,
                variants: &'static [&'static str],
                visitor: V,
            ) -> Result<V::Value, DecodeError> {
                Node::from(self).deserialize_enum(name, variants, visitor)
            }
        }

        impl<'de> IntoDeserializer<'de, DecodeError> for $tree {
            type Deserializer = Self;

            fn into_deserializer(self) -> Self {
                self
            }
        }
    )*};
}

deserializer!(&'de Json<'_>, Json<'de>);

#[cfg(test)]
mod tests {
    use super::super::arbitrary::any_json;
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn decode<T: for<'de> Deserialize<'de>>(text: &str) -> Result<T, String> {
        let tree = Json::parse(text).unwrap();
        let borrowed = tree.decode().map_err(|error| error.to_string());
        let owned = T::deserialize(tree.into_owned()).map_err(|error| error.to_string());
        assert_eq!(borrowed.as_ref().err(), owned.as_ref().err());
        borrowed
    }

    #[derive(Debug, Deserialize, PartialEq)]
    enum Side {
        Buy,
        Limit { price: f64 },
        Pair(i64, i64),
        One(i64),
    }

    #[derive(Debug, Deserialize, PartialEq)]
    struct Order {
        id: u64,
        side: Side,
        #[serde(default)]
        tags: BTreeMap<u8, Option<String>>,
    }

    #[test]
    fn integers_may_be_written_with_a_point_or_an_exponent_and_are_exact_to_their_ends() {
        assert_eq!(decode("1.0"), Ok(1_i64));
        assert_eq!(decode("1e2"), Ok(100_u8));
        assert_eq!(decode("-9223372036854775808.0"), Ok(i64::MIN));
        assert_eq!(decode("18446744073709551615"), Ok(u64::MAX));
        assert_eq!(decode("-170141183460469231731687303715884105728"), Ok(i128::MIN));
        assert_eq!(decode("340282366920938463463374607431768211455"), Ok(u128::MAX));
        assert_eq!(decode("5"), Ok(5.0_f64));
        assert!(decode::<i64>("9223372036854775808").is_err());
        assert!(decode::<i64>("1e30").is_err());
        assert!(decode::<i64>("1.5").is_err());
        assert!(decode::<u8>("-1").is_err());
        assert!(decode::<i128>("1e39").is_err());
        assert_eq!(decode::<f64>("1e400"), Err("number 1e400 is out of range".into()));
    }

    #[test]
    fn every_sort_of_variant_is_read() {
        assert_eq!(decode(r#""Buy""#), Ok(Side::Buy));
        assert_eq!(decode(r#"{"Buy":null}"#), Ok(Side::Buy));
        assert_eq!(decode(r#"{"Limit":{"price":1}}"#), Ok(Side::Limit { price: 1.0 }));
        assert_eq!(decode(r#"{"Pair":[1,2]}"#), Ok(Side::Pair(1, 2)));
        assert_eq!(decode(r#"{"One":3}"#), Ok(Side::One(3)));
        for wrong in [
            r#""One""#,
            r#""Other""#,
            r#"{"Buy":1}"#,
            r#"{"One":1,"Buy":null}"#,
            "{}",
            "1",
            r#"{"Limit":[1]}"#,
        ] {
            assert!(decode::<Side>(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_error_says_where() {
        let order =
            decode::<Order>(r#"{"id":7.0,"side":"Buy","tags":{"1":"a","2":null}}"#).unwrap();
        assert_eq!(order.tags, BTreeMap::from([(1, Some("a".into())), (2, None)]));
        let error = |text| decode::<Vec<Order>>(text).unwrap_err();
        assert_eq!(
            error(r#"[{"id":1,"side":{"Limit":{"price":"x"}}}]"#),
            "/0/side/Limit/price: invalid type: string \"x\", expected f64"
        );
        assert_eq!(error(r#"[{"id":1}]"#), "/0: missing field `side`");
        assert_eq!(
            error(r#"[{"id":1,"side":"Buy","tags":{"300":null}}]"#),
            "/0/tags: invalid value: integer `300`, expected u8"
        );
        assert_eq!(error(r#"[[1,"Buy",{}]]"#), "/0: invalid type: sequence, expected struct Order");
        assert_eq!(
            decode::<(u8, u8)>("[1,2,3]").unwrap_err(),
            "invalid length 3, expected fewer items in the array"
        );
    }

    proptest! {
        #[test]
        fn serde_json_reads_the_same_from_its_value_as_from_the_tree(value in any_json()) {
            // Through a type that takes everything, numbers as serde gives them.
            let Ok(theirs) = serde_json::Value::try_from(&value) else { return Ok(()) };
            let ours: serde_json::Value = value.decode().unwrap();
            prop_assert_eq!(Json::from(&ours), Json::from(&theirs));
            let again: Json<'_> = value.decode().unwrap();
            prop_assert_eq!(again.to_string(), value.to_string());
        }
    }
}
