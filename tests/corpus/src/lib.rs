//! Documents that nobody here wrote, as generated Rust: each has a module with a server and a client.
//!
//! That this crate compiles is a test by itself.

#![deny(warnings)]
#![allow(missing_docs)]

use asyncapi_ws::json::Json;
use asyncapi_ws::typed::{Message, Payload, from_json, receive};

/// A document of the corpus.
#[derive(Debug)]
pub struct Document {
    pub name: &'static str,
    /// Lines of generated Rust, for both sides.
    pub lines: usize,
    /// Types of both sides, by who made them.
    pub typify: usize,
    pub ours: usize,
    pub dynamic: usize,
    /// Why nothing was generated.
    pub refused: Option<&'static str>,
}

impl Document {
    #[must_use]
    pub const fn refused(name: &'static str, why: &'static str) -> Self {
        Self { name, lines: 0, typify: 0, ours: 0, dynamic: 0, refused: Some(why) }
    }
}

/// An example of a message.
#[derive(Debug)]
pub struct Example {
    pub document: &'static str,
    pub message: &'static str,
    pub text: &'static str,
    /// Reads the example into the client's type for it, and writes it again.
    pub call: fn(&str) -> Result<Option<Json<'static>>, String>,
}

/// Reads a frame of a direction and writes it again.
pub fn message<M: Message>(text: &str) -> Result<Option<Json<'static>>, String> {
    let decoded = receive::<M>(text).map_err(|error| error.to_string())?;
    if decoded.message.name() == "unknown" {
        return Err("it is no message of the contract".to_owned());
    }
    let text = decoded.to_json().map_err(|error| error.to_string())?;
    let json = Json::parse(&text).map_err(|error| error.to_string())?;
    Ok(Some(json.into_owned()))
}

/// Reads a payload and writes it again.
pub fn payload<T: Payload>(text: &str) -> Result<Option<Json<'static>>, String> {
    let value: T = from_json(text).map_err(|error| error.to_string())?;
    Json::encode(&value).map(Some).map_err(|error| error.to_string())
}

/// There is no type for it: any JSON value is one.
pub fn nothing(_: &str) -> Result<Option<Json<'static>>, String> {
    Ok(None)
}

include!(concat!(env!("OUT_DIR"), "/corpus.rs"));
