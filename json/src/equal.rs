//! When two values are the same, as JSON Schema core §4.2.2 says: numbers by value, strings by
//! code points, arrays in order, objects in any order.

use std::hash::{BuildHasher, Hash, Hasher, RandomState};

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

impl Json<'_> {
    /// A hash that equal values share, and that nobody can aim at without knowing `state`.
    pub(crate) fn fingerprint(&self, state: &RandomState) -> u64 {
        let mut hasher = state.build_hasher();
        std::mem::discriminant(self).hash(&mut hasher);
        match self {
            Json::Null => {}
            Json::Bool(value) => value.hash(&mut hasher),
            Json::Number(number) => number.hash(&mut hasher),
            Json::String(text) => text.hash(&mut hasher),
            Json::Array(items) => {
                hasher.write_usize(items.len());
                for item in items {
                    hasher.write_u64(item.fingerprint(state));
                }
            }
            Json::Object(object) => {
                // A sum does not depend on the order; every summand is keyed.
                let sum = object.iter().fold(0_u64, |sum, (key, value)| {
                    sum.wrapping_add(state.hash_one((key, value.fingerprint(state))))
                });
                hasher.write_u64(sum);
            }
        }
        hasher.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_equal_by_meaning_and_then_hash_alike() {
        let state = RandomState::new();
        let same = [
            ("1", "1.0"),
            (r#"{"a":1,"b":[2,{}]}"#, r#"{"b":[2.0,{}],"a":10e-1}"#),
            (r#""\u0061""#, r#""a""#),
        ];
        for (a, b) in same {
            let (a, b) = (Json::parse(a).unwrap(), Json::parse(b).unwrap());
            assert_eq!(a, b);
            assert_eq!(a.fingerprint(&state), b.fingerprint(&state));
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
            assert_ne!(a.fingerprint(&state), b.fingerprint(&state), "{a} {b}");
        }
    }
}
