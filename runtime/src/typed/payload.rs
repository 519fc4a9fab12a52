//! A type that was generated from a schema: what it holds, and whether that is valid.

use serde::{Serialize, de::DeserializeOwned};

use crate::check::{Check, Checked, Violation};
use crate::codec::{Codec, EncodeError};
use crate::json::{Decimal, Json, ParseError};

/// A type that was generated from a schema.
///
/// Reading and writing go through serde. What the type does not enforce by itself is said twice: for a
/// value in hand by [`fits`](Self::fits), which is cheap, and for any JSON value by
/// [`check`](Self::check), which is complete and names the place and the rule.
pub trait Payload: Serialize + DeserializeOwned {
    /// Whether the type and [`fits`](Self::fits) enforce the whole schema, so that [`check`](Self::check) is
    /// needed only to say what is wrong.
    const EXACT: bool = true;

    /// Every rule of the schema.
    ///
    /// # Errors
    /// The first rule that the value breaks.
    fn check(json: &Json<'_>) -> Checked;

    /// The bounds of scalars and the lengths of lists, which a type cannot express.
    fn fits(&self) -> bool {
        true
    }
}

/// A value could not be read.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum DecodeError {
    /// The text is not of the codec.
    Syntax(String),
    /// The value breaks its schema.
    Invalid(Violation),
    /// No message has this discriminator; its value as text, where it has one.
    Unknown(Option<String>),
}

impl std::fmt::Display for DecodeError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Syntax(detail) => f.write_str(detail),
            Self::Invalid(violation) => violation.fmt(f),
            Self::Unknown(Some(name)) => write!(f, "no message is called `{name}`"),
            Self::Unknown(None) => f.write_str("nothing says which message this is"),
        }
    }
}

impl std::error::Error for DecodeError {}

impl From<Violation> for DecodeError {
    fn from(violation: Violation) -> Self {
        Self::Invalid(violation)
    }
}

impl From<ParseError> for DecodeError {
    fn from(error: ParseError) -> Self {
        Self::Syntax(error.to_string())
    }
}

/// Reads a payload from JSON text.
///
/// # Errors
/// Text that is no JSON, and values that break the schema, with the place and the rule.
pub fn from_json<T: Payload>(text: &str) -> Result<T, DecodeError> {
    match read_typed(text) {
        Some(value) => Ok(value),
        None => read_tree(&Json::parse_within(text, MAX_DEPTH)?),
    }
}

/// The value, if it can be read without a tree. `None` says nothing about why not.
pub(super) fn read_typed<T: Payload>(text: &str) -> Option<T> {
    if !T::EXACT || !is_plain(text) {
        return None;
    }
    serde_json::from_str::<T>(text).ok().filter(T::fits)
}

/// Whether nothing in a text asks for a closer look. serde skips what it has no field for without minding
/// its depth or what its escapes mean; few texts have so many brackets, or escapes, that this matters.
fn is_plain(text: &str) -> bool {
    let (mut brackets, mut backslash) = (0_u32, false);
    for byte in text.bytes() {
        brackets += u32::from(byte == b'[') + u32::from(byte == b'{');
        backslash |= byte == b'\\';
    }
    brackets < u32::from(MAX_DEPTH) && !(backslash && text.contains("\\u"))
}

/// How deep a frame may be nested.
pub(super) const MAX_DEPTH: u8 = 200;

/// Reads a payload from a tree, and says what is wrong with it.
pub(super) fn read_tree<T: Payload>(json: &Json<'_>) -> Result<T, DecodeError> {
    json.check(T::check)?;
    // What fails here is allowed by the schema, but the type cannot hold it: an integer beyond 64 bits.
    json.decode().map_err(|error| DecodeError::Invalid(error.into()))
}

/// Checks a value that is about to be sent: sending is strict.
///
/// # Errors
/// The rule that it breaks.
pub fn validate<T: Payload>(codec: Codec, payload: &T) -> Result<(), EncodeError> {
    if T::EXACT && payload.fits() { Ok(()) } else { validate_by(codec, payload, T::check) }
}

/// Checks a value that is about to be sent against a schema that has no type of its own.
///
/// # Errors
/// The rule that it breaks.
pub fn validate_by(codec: Codec, value: &impl Serialize, check: Check) -> Result<(), EncodeError> {
    let json = Json::encode(value).map_err(|error| EncodeError::new(codec, error.to_string()))?;
    json.check(check).map_err(|violation| EncodeError::new(codec, violation.to_string()))
}

/// Writes a value that is a whole frame, after it was found valid.
///
/// # Errors
/// The rule that it breaks, or that the codec has no notation for it.
pub fn encode_checked(
    codec: Codec,
    value: &impl Serialize,
    check: Check,
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    validate_by(codec, value, check)?;
    write(codec, value, out)
}

/// Writes a payload that is a whole frame, after it was found valid.
///
/// # Errors
/// The rule that it breaks, or that the codec has no notation for it.
pub fn encode<T: Payload>(codec: Codec, payload: &T, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    validate(codec, payload)?;
    write(codec, payload, out)
}

/// Writes a frame of bare text.
///
/// # Errors
/// None; the signature is that of the others.
pub fn encode_text(text: &str, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    out.extend_from_slice(text.as_bytes());
    Ok(())
}

/// Writes anything.
///
/// # Errors
/// Values that the codec has no notation for, such as numbers that are not finite.
pub fn write(codec: Codec, value: &impl Serialize, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    match codec {
        Codec::Json => serde_json::to_writer(out, value)
            .map_err(|error| EncodeError::new(codec, error.to_string())),
        #[cfg(feature = "msgpack")]
        Codec::MessagePack => {
            let mut serializer = rmp_serde::Serializer::new(out).with_struct_map();
            value
                .serialize(&mut serializer)
                .map_err(|error| EncodeError::new(codec, error.to_string()))
        }
        other => Err(EncodeError::new(other, "this build of the runtime does not write it")),
    }
}

/// Whether a text in hand keeps the rules of its schema.
pub fn text_fits(text: &str, check: Check) -> bool {
    Json::from(text).check(check).is_ok()
}

/// Whether a decimal in hand keeps the rules of its schema.
pub fn decimal_fits(decimal: &Decimal, check: Check) -> bool {
    Json::from(decimal.as_number().clone()).check(check).is_ok()
}

/// A value that the contract writes down, read from its JSON.
///
/// # Panics
/// Never with generated code: the text was checked against the type's schema when it was generated.
pub fn constant<T: DeserializeOwned>(json: &'static str) -> T {
    let read = Json::parse(json).ok().and_then(|json| json.decode().ok());
    read.expect("the generator checked the value against the schema of this type")
}

/// Which of several schemas a value satisfies: of those that pass, the one that knows most of the
/// value's properties; of equals the first.
///
/// # Errors
/// None passes: the violation of the one that the value was most probably meant for.
pub fn best_of(json: &Json<'_>, checks: &[Check], known: &[&[&str]]) -> Result<usize, Violation> {
    let properties = |at: usize| {
        let names = known.get(at).copied().unwrap_or_default();
        names.iter().filter(|name| json.get(name).is_some()).count()
    };
    let mut best: Option<(usize, usize)> = None;
    for (at, check) in checks.iter().enumerate() {
        let knows = properties(at);
        let better = best.is_none_or(|(_, most)| knows > most);
        if better && json.check(*check).is_ok() {
            best = Some((at, knows));
        }
    }
    match best {
        Some((at, _)) => Ok(at),
        None => json.any_of(checks).map(|()| 0),
    }
}
