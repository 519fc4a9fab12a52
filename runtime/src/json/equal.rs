//! When two values are the same, as JSON Schema core §4.2.2 says: numbers by value, strings by
//! code points, arrays in order, objects in any order.

use super::Json;

impl PartialEq<Json<'_>> for Json<'_> {
    fn eq(&self, other: &Json<'_>) -> bool {
        match (self, other) {
            (Json::Null, Json::Null) => true,
            (Json::Bool(a), Json::Bool(b)) => a == b,
            (Json::Number(a), Json::Number(b)) => a == b,
            (Json::String(a), Json::String(b)) => a == b,
            (Json::Array(a), Json::Array(b)) => a == b,
            (Json::Object(a), Json::Object(b)) => a == b,
            _ => false,
        }
    }
}

impl Eq for Json<'_> {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_equal_by_meaning() {
        let same = [
            ("1", "1.0"),
            (r#"{"a":1,"b":[2,{}]}"#, r#"{"b":[2.0,{}],"a":10e-1}"#),
            (r#""\u0061""#, r#""a""#),
        ];
        for (a, b) in same {
            let (a, b) = (Json::parse(a).unwrap(), Json::parse(b).unwrap());
            assert_eq!(a, b);
        }
        let different = [
            ("1", "\"1\""),
            ("1", "true"),
            ("0", "false"),
            ("null", "false"),
            ("[1,2]", "[2,1]"),
            ("[]", "{}"),
            ("9007199254740992", "9007199254740993"),
            (r#"{"a":null}"#, "{}"),
            ("[[1]]", "[1]"),
            (r#"{"a":1,"b":2}"#, r#"{"a":2,"b":1}"#),
        ];
        for (a, b) in different {
            let (a, b) = (Json::parse(a).unwrap(), Json::parse(b).unwrap());
            assert_ne!(a, b);
        }
    }
}
