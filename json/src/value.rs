//! To and from [`serde_json::Value`], for code that already speaks it.

use std::fmt;

use serde_json::Value;

use super::{Json, Number, Object, Place, place};

/// A number whose digits no `serde_json::Value` can hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LossyNumber {
    places: Vec<Place>,
    number: Number<'static>,
}

impl LossyNumber {
    /// The JSON pointer (RFC 6901) to the number.
    pub fn pointer(&self) -> String {
        place::pointer(&self.places)
    }

    /// The number.
    pub fn number(&self) -> &Number<'static> {
        &self.number
    }

    fn within(mut self, place: Place) -> Self {
        self.places.push(place);
        self
    }
}

impl fmt::Display for LossyNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.places.is_empty() {
            write!(f, "{}: ", self.pointer())?;
        }
        write!(f, "number {} is neither a 64-bit integer nor a double", self.number)
    }
}

impl std::error::Error for LossyNumber {}

impl From<&Value> for Json<'static> {
    fn from(value: &Value) -> Self {
        match value {
            Value::Null => Json::Null,
            Value::Bool(value) => Json::Bool(*value),
            Value::Number(number) => Json::Number(from_number(number)),
            Value::String(text) => Json::from(text.clone()),
            Value::Array(items) => Json::Array(items.iter().map(Json::from).collect()),
            Value::Object(members) => members
                .iter()
                .map(|(key, value)| (key.clone(), value))
                .collect::<Object<'_>>()
                .into(),
        }
    }
}

impl From<Value> for Json<'static> {
    fn from(value: Value) -> Self {
        match value {
            Value::Null => Json::Null,
            Value::Bool(value) => Json::Bool(value),
            Value::Number(number) => Json::Number(from_number(&number)),
            Value::String(text) => Json::from(text),
            Value::Array(items) => Json::from(items),
            Value::Object(members) => members.into_iter().collect::<Object<'_>>().into(),
        }
    }
}

fn from_number(number: &serde_json::Number) -> Number<'static> {
    if let Some(value) = number.as_i64() {
        return value.into();
    }
    // Its text is a JSON number: serde_json keeps NaN and the infinities out.
    number.to_string().parse().unwrap_or_else(|_| Number::from(0))
}

impl TryFrom<&Json<'_>> for Value {
    type Error = LossyNumber;

    fn try_from(json: &Json<'_>) -> Result<Self, LossyNumber> {
        Ok(match json {
            Json::Null => Value::Null,
            Json::Bool(value) => Value::Bool(*value),
            Json::Number(number) => Value::Number(to_number(number)?),
            Json::String(text) => Value::String(text.to_string()),
            Json::Array(items) => {
                let items = items.iter().enumerate().map(|(at, item)| {
                    Value::try_from(item).map_err(|lossy| lossy.within(Place::Item(at)))
                });
                Value::Array(items.collect::<Result<_, _>>()?)
            }
            Json::Object(object) => {
                let members = object.iter().map(|(key, value)| {
                    let value = Value::try_from(value)
                        .map_err(|lossy| lossy.within(Place::Property(key.into())))?;
                    Ok((key.to_owned(), value))
                });
                Value::Object(members.collect::<Result<_, _>>()?)
            }
        })
    }
}

fn to_number(number: &Number<'_>) -> Result<serde_json::Number, LossyNumber> {
    let integer = number.to_i64().map(Into::into).or_else(|| number.to_u64().map(Into::into));
    integer
        .or_else(|| serde_json::Number::from_f64(number.to_lossless_f64()?))
        .ok_or_else(|| LossyNumber { places: Vec::new(), number: number.clone().into_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_go_there_and_back() {
        let text = r#"{"a":[null,true,"x",1,-2.5,18446744073709551615,1e300],"b":{}}"#;
        let json = Json::parse(text).unwrap();
        let value = Value::try_from(&json).unwrap();
        assert_eq!(value, serde_json::from_str::<Value>(text).unwrap());
        assert_eq!(Json::from(&value), json);
        assert_eq!(Json::from(value), json);
    }

    #[test]
    fn a_number_that_would_lose_digits_is_an_error_that_says_where() {
        let json = Json::parse(r#"{"bids/0":[1,0.12345678901234567890]}"#).unwrap();
        let lossy = Value::try_from(&json).unwrap_err();
        assert_eq!(
            lossy.to_string(),
            "/bids~10/1: number 0.12345678901234567890 is neither a 64-bit integer nor a double"
        );
    }
}
