//! [`Json`] and [`Number`] as serde values, through any format.
//!
//! Through `serde_json` every digit survives (see [`raw`](super::raw)). A binary format has no
//! number text: there a number is sent as the integer or the double that has exactly its value,
//! and one that has none of these is an error rather than rounded.

use std::borrow::Cow;
use std::fmt;

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Unexpected, Visitor,
};
use serde::ser::{self, Serialize, SerializeMap, Serializer};

use super::parse::DEFAULT_DEPTH;
use super::raw::{self, Text};
use super::{Json, Number, Object};

impl Serialize for Number<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let Some(value) = self.to_i64()
            && (!serializer.is_human_readable() || is_canonical(self.as_str()))
        {
            return serializer.serialize_i64(value);
        }
        if serializer.is_human_readable() {
            return raw::write(self.as_str(), serializer);
        }
        if let Some(value) = self.to_u64() {
            return serializer.serialize_u64(value);
        }
        match self.to_lossless_f64() {
            Some(value) => serializer.serialize_f64(value),
            None => Err(ser::Error::custom(format_args!(
                "number {self} is neither a 64-bit integer nor a double: send it as text"
            ))),
        }
    }
}

/// Whether an integer has the text that every printer would give it.
fn is_canonical(text: &str) -> bool {
    text != "-0" && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_digit())
}

impl<'de> Deserialize<'de> for Number<'static> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(raw::TOKEN, NumberVisitor)
    }
}

/// Reads a number, by its text where the format gives it.
struct NumberVisitor;

impl<'de> Visitor<'de> for NumberVisitor {
    type Value = Number<'static>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<Self::Value, D::Error> {
        inner.deserialize_any(self)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        let text = raw::text(map)?;
        Number::try_from(text)
            .map(Number::into_owned)
            .map_err(|wrong| A::Error::invalid_type(Unexpected::Other(kind(&wrong.0)), &self))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Self::Value, E> {
        Ok(Number::from(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Self::Value, E> {
        Ok(Number::from(value))
    }

    fn visit_i128<E: Error>(self, value: i128) -> Result<Self::Value, E> {
        Ok(Number::from(value))
    }

    fn visit_u128<E: Error>(self, value: u128) -> Result<Self::Value, E> {
        Ok(Number::from(value))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Self::Value, E> {
        Number::from_f64(value).ok_or_else(|| E::invalid_value(Unexpected::Float(value), &self))
    }

    fn visit_f32<E: Error>(self, value: f32) -> Result<Self::Value, E> {
        Number::from_f32(value)
            .ok_or_else(|| E::invalid_value(Unexpected::Float(value.into()), &self))
    }
}

/// What sort of value a text that is no number starts with.
fn kind(text: &str) -> &'static str {
    match text.as_bytes().first() {
        Some(b'"') => "string",
        Some(b'{') => "object",
        Some(b'[') => "array",
        Some(b't' | b'f') => "boolean",
        _ => "null",
    }
}

impl Serialize for Json<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Json::Null => serializer.serialize_unit(),
            Json::Bool(value) => serializer.serialize_bool(*value),
            Json::Number(number) => number.serialize(serializer),
            Json::String(text) => serializer.serialize_str(text),
            Json::Array(items) => serializer.collect_seq(items),
            Json::Object(object) => object.serialize(serializer),
        }
    }
}

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.len()))?;
        for (key, value) in self.iter() {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

/// Always owned, whatever the lifetime says, so that `Json<'static>` can be a field of any type;
/// at most [`DEFAULT_DEPTH`] levels deep.
impl<'de> Deserialize<'de> for Json<'_> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Tree { room: DEFAULT_DEPTH }.deserialize(deserializer)
    }
}

impl<'de> Deserialize<'de> for Object<'_> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Json::deserialize(deserializer)? {
            Json::Object(object) => Ok(object),
            other => Err(D::Error::invalid_type(Unexpected::Other(other.kind()), &"an object")),
        }
    }
}

/// Reads a value with `room` more levels inside it.
#[derive(Clone, Copy)]
struct Tree {
    room: u8,
}

impl Tree {
    fn deeper<E: Error>(self) -> Result<Self, E> {
        let room = self.room.checked_sub(1).ok_or_else(|| {
            E::custom(format_args!("nested more than {DEFAULT_DEPTH} levels deep"))
        })?;
        Ok(Self { room })
    }

    /// A map whose first key has been read.
    fn members<'de, A: MapAccess<'de>>(
        self,
        first: Option<Cow<'de, str>>,
        mut map: A,
    ) -> Result<Json<'static>, A::Error> {
        let inner = self.deeper()?;
        let mut object = Object::new();
        let mut next = first;
        while let Some(key) = next {
            object.put(Cow::Owned(key.into_owned()), map.next_value_seed(inner)?);
            next = map.next_key::<Text<'de>>()?.map(|Text(key)| key);
        }
        Ok(Json::Object(object))
    }
}

impl<'de> DeserializeSeed<'de> for Tree {
    type Value = Json<'static>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_newtype_struct(raw::TOKEN, self)
    }
}

impl<'de> Visitor<'de> for Tree {
    type Value = Json<'static>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<Self::Value, D::Error> {
        inner.deserialize_any(self)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let first = map.next_key::<Text<'de>>()?.map(|Text(key)| key);
        if first.as_deref() != Some(raw::TOKEN) {
            return self.members(first, map);
        }
        let Text(text) = map.next_value()?;
        Json::parse_within(&text, self.room).map(Json::into_owned).map_err(A::Error::custom)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let inner = self.deeper()?;
        let mut items = Vec::new();
        while let Some(item) = seq.next_element_seed(inner)? {
            items.push(item);
        }
        Ok(Json::Array(items))
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Json::Null)
    }

    fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Json::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<Self::Value, D::Error> {
        self.deserialize(inner)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Json::Bool(value))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Json::String(Cow::Owned(text.to_owned())))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Self::Value, E> {
        Ok(Json::String(Cow::Owned(text)))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Self::Value, E> {
        NumberVisitor.visit_i64(value).map(Json::Number)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Self::Value, E> {
        NumberVisitor.visit_u64(value).map(Json::Number)
    }

    fn visit_i128<E: Error>(self, value: i128) -> Result<Self::Value, E> {
        NumberVisitor.visit_i128(value).map(Json::Number)
    }

    fn visit_u128<E: Error>(self, value: u128) -> Result<Self::Value, E> {
        NumberVisitor.visit_u128(value).map(Json::Number)
    }

    fn visit_f32<E: Error>(self, value: f32) -> Result<Self::Value, E> {
        NumberVisitor.visit_f32(value).map(Json::Number)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Self::Value, E> {
        NumberVisitor.visit_f64(value).map(Json::Number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn through_messagepack(text: &str) -> Result<Json<'static>, String> {
        let bytes = rmp_serde::to_vec(&Json::parse(text).unwrap()).map_err(|e| e.to_string())?;
        rmp_serde::from_slice(&bytes).map_err(|e| e.to_string())
    }

    #[test]
    fn values_survive_messagepack() {
        for text in [
            "null",
            "true",
            "\"é\"",
            "[1,-5,[],{}]",
            r#"{"a":{"b":[null,false]},"c":0.5}"#,
            "18446744073709551615",
            "-9223372036854775808",
            "1.0",
            "0.1000",
            "1e30",
            "189.75",
        ] {
            assert_eq!(through_messagepack(text), Ok(Json::parse(text).unwrap()), "{text}");
        }
    }

    #[test]
    fn a_number_that_no_binary_number_equals_is_refused_and_not_rounded() {
        for text in ["0.1234567890123456789", "1e400", "18446744073709551617"] {
            let error = through_messagepack(text).unwrap_err();
            assert!(error.contains(text) && error.contains("send it as text"), "{error}");
        }
    }

    #[test]
    fn nesting_is_limited_on_every_way_in() {
        let deep = format!("{}{}", "[".repeat(129), "]".repeat(129));
        let error = serde_json::from_str::<Json<'_>>(&deep).unwrap_err();
        assert!(error.to_string().contains("nested more than 128 levels deep"), "{error}");
        let mut bytes = vec![0x91; 129];
        bytes.push(0xc0);
        let error = rmp_serde::from_slice::<Json<'_>>(&bytes).unwrap_err();
        assert!(error.to_string().contains("nested more than 128 levels deep"), "{error}");
        assert!(rmp_serde::from_slice::<Json<'_>>(&bytes[1..]).is_ok());
    }

    #[test]
    fn what_has_no_form_in_json_is_refused() {
        for bytes in
            [&[0xc4, 0x01, 0x00][..], &[0x81, 0x01, 0x01], &[0xcb, 0x7f, 0xf8, 0, 0, 0, 0, 0, 0]]
        {
            assert!(rmp_serde::from_slice::<Json<'_>>(bytes).is_err(), "{bytes:x?}");
        }
    }
}
