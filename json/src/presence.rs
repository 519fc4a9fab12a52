//! Three states of an optional property: absent, `null`, a value.
//!
//! Serde reads `null` into an `Option` as `None`, as if the property were not there. A contract
//! tells the two apart, so generated fields name one of these functions:
//!
//! | the property may be | type | attributes besides `default` and `skip_serializing_if` |
//! | --- | --- | --- |
//! | absent, but not `null` | `Option<T>` | `deserialize_with = "…::not_null"` |
//! | absent or `null` | `Option<Option<T>>` | `deserialize_with = "…::nullable"` |

use serde::de::{Deserialize, Deserializer};

/// Reads a property that may be absent but not `null`.
///
/// ```
/// # use serde::{Deserialize, Serialize};
/// use asyncapi_ws_json::not_null;
///
/// #[derive(Deserialize, Serialize)]
/// struct Request {
///     #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "not_null")]
///     resolution: Option<String>,
/// }
///
/// assert!(serde_json::from_str::<Request>("{}").is_ok());
/// assert!(serde_json::from_str::<Request>(r#"{"resolution": null}"#).is_err());
/// ```
pub fn not_null<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    // Only called where the property is there.
    T::deserialize(deserializer).map(Some)
}

/// Reads a property that may be absent (`None`), `null` (`Some(None)`) or a value.
///
/// ```
/// # use serde::{Deserialize, Serialize};
/// use asyncapi_ws_json::nullable;
///
/// #[derive(Deserialize, Serialize)]
/// struct Change {
///     #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "nullable")]
///     limit: Option<Option<u32>>,
/// }
///
/// for text in ["{}", r#"{"limit":null}"#, r#"{"limit":5}"#] {
///     let change: Change = serde_json::from_str(text)?;
///     assert_eq!(serde_json::to_string(&change)?, text);
/// }
/// # Ok::<(), serde_json::Error>(())
/// ```
pub fn nullable<'de, T, D>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    Option::deserialize(deserializer).map(Some)
}
