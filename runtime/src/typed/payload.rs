//! A type that was generated from a schema: what it holds, and whether that is valid.

use serde::{Serialize, de::DeserializeOwned};

use crate::check::{Check, Checked, Violation};
use crate::codec::{Codec, EncodeError};
use crate::json::{self, Decimal, Json, ParseError};

/// A type that was generated from a schema.
///
/// Reading and writing go through serde. What the type does not enforce by itself is said twice: for a
/// value in hand by [`fits`](Self::fits), which is cheap, and for any JSON value by
/// [`check`](Self::check), which is complete and names the place and the rule.
pub trait Payload: Serialize + DeserializeOwned {
    /// Whether the type holds what its schema does not know: values of a newer server, kept and
    /// delivered. Such a value is read without a look at its rules, and not sent.
    const OPEN: bool = false;

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

impl<T: Payload> Payload for Box<T> {
    const EXACT: bool = T::EXACT;
    const OPEN: bool = T::OPEN;

    fn check(json: &Json<'_>) -> Checked {
        T::check(json)
    }

    fn fits(&self) -> bool {
        T::fits(self)
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

/// Reads a payload from JSON text: strictly, unless the type is open.
///
/// # Errors
/// Text that is no JSON, and values that break the schema, with the place and the rule.
pub fn from_json<T: Payload>(text: &str) -> Result<T, DecodeError> {
    let rules = Rules::<T>::of_payload();
    let read = if T::OPEN { read_open_text(text) } else { rules.read_text(text) };
    if let Some(value) = read {
        return Ok(value);
    }
    let json = Json::parse_within(text, MAX_DEPTH)?;
    if T::OPEN { read_open_tree(&json) } else { rules.read_tree(&json) }
}

/// What the values of a type must satisfy beyond what the type says.
pub struct Rules<P> {
    check: Check,
    /// `None`: only the check can tell.
    fits: Option<fn(&P) -> bool>,
}

impl<P: Payload> Rules<P> {
    /// The rules that a generated type has by itself.
    pub const fn of_payload() -> Self {
        Self { check: P::check, fits: if P::EXACT { Some(P::fits) } else { None } }
    }
}

impl Rules<()> {
    /// Of a message that has no payload.
    pub const NOTHING: Self = Self { check: crate::check::anything, fits: Some(|()| true) };
}

impl<P> Rules<P> {
    /// Rules that only the check of the JSON value knows.
    pub const fn new(check: Check) -> Self {
        Self { check, fits: None }
    }

    /// Rules that a look at the value in hand can tell, too.
    #[must_use]
    pub const fn exactly(mut self, fits: fn(&P) -> bool) -> Self {
        self.fits = Some(fits);
        self
    }

    pub(super) fn check(&self) -> Check {
        self.check
    }

    pub(super) fn is_exact(&self) -> bool {
        self.fits.is_some()
    }

    pub(super) fn fits(&self, value: &P) -> bool {
        self.fits.is_some_and(|fits| fits(value))
    }
}

impl<P: Serialize + DeserializeOwned> Rules<P> {
    /// The value, if it can be read without a tree. `None` says nothing about why not.
    pub(super) fn read_text(&self, text: &str) -> Option<P> {
        if !self.is_exact() {
            return None;
        }
        json::read::<P>(text, MAX_DEPTH).filter(|value| self.fits(value))
    }

    /// The value from a tree, or what is wrong with it.
    pub(super) fn read_tree(&self, json: &Json<'_>) -> Result<P, DecodeError> {
        json.check(self.check)?;
        // What fails here is allowed by the schema, but the type cannot hold it: an integer beyond 64
        // bits.
        read_open_tree(json)
    }

    /// Checks a value that is about to be sent: sending is strict.
    ///
    /// # Errors
    /// The rule that it breaks.
    pub fn validate(&self, codec: Codec, value: &P) -> Result<(), EncodeError> {
        if self.fits(value) {
            return Ok(());
        }
        let json =
            Json::encode(value).map_err(|error| EncodeError::new(codec, error.to_string()))?;
        json.check(self.check).map_err(|violation| EncodeError::new(codec, violation.to_string()))
    }
}

impl<P> std::fmt::Debug for Rules<P> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rules").field("exact", &self.fits.is_some()).finish_non_exhaustive()
    }
}

/// The value of an open type, if it can be read without a tree.
pub(super) fn read_open_text<T: DeserializeOwned>(text: &str) -> Option<T> {
    json::read(text, MAX_DEPTH)
}

/// The value from a tree, whatever else its schema says.
pub(super) fn read_open_tree<T: DeserializeOwned>(json: &Json<'_>) -> Result<T, DecodeError> {
    json.decode().map_err(|error| DecodeError::Invalid(error.into()))
}

/// How deep a frame may be nested.
pub(super) const MAX_DEPTH: u8 = 200;

/// Writes a frame of bare text.
///
/// # Errors
/// None; the signature is that of the others.
pub fn encode_text(text: &str, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    out.extend_from_slice(text.as_bytes());
    Ok(())
}

/// Writes a frame that is a list of one message.
///
/// # Errors
/// Those of `write`.
pub fn in_batch(
    codec: Codec,
    out: &mut Vec<u8>,
    write: impl FnOnce(&mut Vec<u8>) -> Result<(), EncodeError>,
) -> Result<(), EncodeError> {
    if codec == Codec::MessagePack {
        // An array of one (format `fixarray`).
        out.push(0x91);
        return write(out);
    }
    out.push(b'[');
    write(out)?;
    out.push(b']');
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
    let mut best: Option<(usize, usize)> = None;
    for (at, check) in checks.iter().enumerate() {
        let knows = count_known(json, known, at);
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

/// In which order to try several types on a value that may be newer than the contract: those whose
/// schema it satisfies first, then those that know more of its properties; of equals the first.
pub fn ranked(json: &Json<'_>, checks: &[Check], known: &[&[&str]]) -> Vec<usize> {
    let mut order: Vec<(bool, usize, usize)> = checks
        .iter()
        .enumerate()
        .map(|(at, check)| (json.check(*check).is_ok(), count_known(json, known, at), at))
        .collect();
    order.sort_by_key(|&(passes, knows, at)| (!passes, usize::MAX - knows, at));
    order.into_iter().map(|(_, _, at)| at).collect()
}

/// How many of a value's properties a schema names.
fn count_known(json: &Json<'_>, known: &[&[&str]], at: usize) -> usize {
    let names = known.get(at).copied().unwrap_or_default();
    names.iter().filter(|name| json.get(name).is_some()).count()
}
