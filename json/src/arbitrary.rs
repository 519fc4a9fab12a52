//! Random values for property tests.

use proptest::prelude::*;

use super::{Json, Number, Object};

/// Values of every sort, up to four levels deep, with numbers that no machine number holds.
pub(crate) fn any_json() -> impl Strategy<Value = Json<'static>> {
    let scalar = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<f64>().prop_filter_map("finite", |value| Number::from_f64(value).map(Json::from)),
        "-?(0|[1-9][0-9]{0,30})(\\.[0-9]{1,30})?([eE][+-]?[0-9]{1,3})?"
            .prop_map(|text| Json::Number(text.parse().unwrap())),
        any::<String>().prop_map(Json::from),
    ];
    scalar.prop_recursive(4, 64, 20, |inner| {
        let members = proptest::collection::vec((any::<String>(), inner.clone()), 0..20);
        prop_oneof![
            proptest::collection::vec(inner, 0..20).prop_map(Json::Array),
            members.prop_map(|members| members.into_iter().collect::<Object<'_>>().into()),
        ]
    })
}
