//! The JSON Schema test suite for draft-07, through generated Rust: every schema of the suite became a
//! type with its checks when this crate was built.
//!
//! In: the suite, by the build script. Out: [`CASES`]. What runs knows no schema: there is none in the
//! program, only what was generated from it.

#![allow(missing_docs)]

use asyncapi_ws::codec::Codec;
use asyncapi_ws::json::Json;
use asyncapi_ws::typed::{Payload, Rules, from_json};

/// A schema of the suite with its instances.
#[derive(Debug)]
pub struct Case {
    /// `literal`: keywords say what draft-07 says; `open`: the same for a client, whose types hold more
    /// than the schema knows; `meant`: keywords without `type` imply it, as people mean.
    pub mode: &'static str,
    pub file: &'static str,
    /// The name of the generated code.
    pub module: &'static str,
    pub description: &'static str,
    pub calls: Calls,
    /// What is shown, the instance, whether it is valid.
    pub tests: &'static [(&'static str, &'static str, bool)],
}

/// What the generated code of a case says of `{"value": instance}`.
#[derive(Clone, Copy, Debug)]
pub struct Calls {
    /// The check alone.
    pub check: fn(&str) -> Result<(), String>,
    /// The way of a frame: text to value, and back.
    pub read: fn(&str) -> Result<Json<'static>, String>,
    /// From a tree to a value, without a check before it, and back.
    pub decode: fn(&str) -> Result<Json<'static>, String>,
    /// Whether the value may be sent, once it is one.
    pub send: fn(&str) -> Result<(), String>,
    /// Why there is no generated code.
    pub missing: Option<&'static str>,
}

impl Calls {
    /// The calls of a type.
    #[must_use]
    pub const fn of<T: Payload>() -> Self {
        Self {
            check: check::<T>,
            read: read::<T>,
            decode: decode::<T>,
            send: send::<T>,
            missing: None,
        }
    }

    /// No code was generated.
    #[must_use]
    pub const fn none(why: &'static str) -> Self {
        Self { check: refuse, read: refuse, decode: refuse, send: refuse, missing: Some(why) }
    }
}

fn refuse<T>(_: &str) -> Result<T, String> {
    Err("there is no generated code".to_owned())
}

fn check<T: Payload>(text: &str) -> Result<(), String> {
    let json = Json::parse(text).map_err(|error| error.to_string())?;
    json.check(T::check).map_err(|violation| violation.to_string())
}

fn read<T: Payload>(text: &str) -> Result<Json<'static>, String> {
    let value: T = from_json(text).map_err(|error| error.to_string())?;
    Json::encode(&value).map_err(|error| error.to_string())
}

fn decode<T: Payload>(text: &str) -> Result<Json<'static>, String> {
    let json = Json::parse(text).map_err(|error| error.to_string())?;
    let value: T = json.decode().map_err(|error| error.to_string())?;
    Json::encode(&value).map_err(|error| error.to_string())
}

fn send<T: Payload>(text: &str) -> Result<(), String> {
    let value: T = from_json(text).map_err(|error| error.to_string())?;
    Rules::<T>::of_payload().validate(Codec::Json, &value).map_err(|error| error.to_string())
}

include!(concat!(env!("OUT_DIR"), "/cases.rs"));
