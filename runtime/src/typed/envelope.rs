//! How a message's frame looks, as data: an object around the payload, or the payload itself.
//!
//! Generated code has one [`Envelope`] or [`Whole`] for each message; both read and write it. What
//! belongs to every frame of a contract, an envelope's constants, correlation id and topic, is nothing
//! that a handler has to see.

use std::fmt;

use serde::de::{
    Deserialize, DeserializeOwned, DeserializeSeed, Deserializer, Error as _, IgnoredAny,
    MapAccess, Visitor,
};
use serde::ser::{Serialize, SerializeMap, Serializer};

use super::frame::{self, Frame};
use super::message::{Decoded, EnvelopeParts};
use super::object::{Constant, Name};
use super::payload::{DecodeError, MAX_DEPTH, Rules, write};
use crate::check::{Check, Checked, Type, Violation};
use crate::codec::{Codec, EncodeError};
use crate::json::{self, Json, Step};

/// A frame that is an object around a payload of type `P`; `()` if there is none.
#[derive(Debug)]
pub struct Envelope<P> {
    properties: &'static [Property],
    closed: bool,
    payload: Rules<P>,
}

/// A property of an [`Envelope`].
#[derive(Clone, Copy, Debug)]
pub struct Property {
    name: &'static str,
    required: bool,
    kind: Kind,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    /// Always the same text.
    Constant(&'static str),
    /// What the message is about.
    Payload,
    /// The correlation id. One that fails the check counts as absent if `lenient`.
    Id { check: Check, lenient: bool },
    /// The topic that a push belongs to.
    Topic { check: Check },
}

impl Property {
    /// A property that always has the same text, and tells the message apart.
    pub const fn constant(name: &'static str, text: &'static str) -> Self {
        Self { name, required: true, kind: Kind::Constant(text) }
    }

    /// The payload.
    pub const fn payload(name: &'static str) -> Self {
        Self { name, required: true, kind: Kind::Payload }
    }

    /// The correlation id.
    pub const fn id(name: &'static str, check: Check) -> Self {
        Self { name, required: true, kind: Kind::Id { check, lenient: false } }
    }

    /// A correlation id that counts as absent if it is not what the contract says.
    pub const fn lenient_id(name: &'static str, check: Check) -> Self {
        Self { name, required: true, kind: Kind::Id { check, lenient: true } }
    }

    /// The topic.
    pub const fn topic(name: &'static str, check: Check) -> Self {
        Self { name, required: true, kind: Kind::Topic { check } }
    }

    /// A property that may be missing.
    #[must_use]
    pub const fn optional(mut self) -> Self {
        self.required = false;
        self
    }
}

/// What a frame held.
struct Opened<P> {
    payload: Option<P>,
    id: Option<Json<'static>>,
    topic: Option<String>,
}

/// How much a frame is looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reading {
    /// Every rule of the contract.
    Strict,
    /// What the types need.
    Open,
}

impl<P> Envelope<P> {
    /// An envelope with these properties, in the order in which they are written.
    pub const fn new(properties: &'static [Property], payload: Rules<P>) -> Self {
        Self { properties, closed: false, payload }
    }

    /// The same, refusing other properties.
    #[must_use]
    pub const fn closed(mut self) -> Self {
        self.closed = true;
        self
    }
}

impl<P: Serialize + DeserializeOwned> Envelope<P> {
    /// Reads the message, `wrap` being its variant.
    ///
    /// # Errors
    /// What is wrong with the frame; nothing certain while it is text.
    pub fn read<M>(
        &self,
        frame: &Frame<'_>,
        wrap: impl FnOnce(P) -> M,
    ) -> Result<Decoded<M>, DecodeError> {
        self.required(frame, Reading::Strict, wrap)
    }

    /// The same for a payload that may be missing.
    ///
    /// # Errors
    /// What is wrong with the frame; nothing certain while it is text.
    pub fn read_optional<M>(
        &self,
        frame: &Frame<'_>,
        wrap: impl FnOnce(Option<P>) -> M,
    ) -> Result<Decoded<M>, DecodeError> {
        self.open(frame, Reading::Strict).map(|opened| opened.into_decoded(wrap))
    }

    /// Reads the message as far as its type needs it: what else the contract says is not looked at.
    ///
    /// # Errors
    /// The frame does not fit the type; nothing certain while it is text.
    pub fn read_open<M>(
        &self,
        frame: &Frame<'_>,
        wrap: impl FnOnce(P) -> M,
    ) -> Result<Decoded<M>, DecodeError> {
        self.required(frame, Reading::Open, wrap)
    }

    /// The same for a payload that may be missing.
    ///
    /// # Errors
    /// The frame does not fit the type; nothing certain while it is text.
    pub fn read_optional_open<M>(
        &self,
        frame: &Frame<'_>,
        wrap: impl FnOnce(Option<P>) -> M,
    ) -> Result<Decoded<M>, DecodeError> {
        self.open(frame, Reading::Open).map(|opened| opened.into_decoded(wrap))
    }

    /// Writes the frame after the payload was found valid: sending is strict.
    ///
    /// # Errors
    /// The rule that the payload breaks, or an id or a topic that the frame needs and nobody gave.
    pub fn write(
        &self,
        payload: &P,
        codec: Codec,
        parts: &EnvelopeParts<'_>,
        out: &mut Vec<u8>,
    ) -> Result<(), EncodeError> {
        if parts.is_checked() {
            self.payload.validate(codec, payload)?;
        }
        self.write_valid(Some(payload), codec, parts, out)
    }

    /// The same for a payload that may be missing.
    ///
    /// # Errors
    /// The rule that the payload breaks, or an id or a topic that the frame needs and nobody gave.
    pub fn write_optional(
        &self,
        payload: &Option<P>,
        codec: Codec,
        parts: &EnvelopeParts<'_>,
        out: &mut Vec<u8>,
    ) -> Result<(), EncodeError> {
        if let Some(payload) = payload.as_ref().filter(|_| parts.is_checked()) {
            self.payload.validate(codec, payload)?;
        }
        self.write_valid(payload.as_ref(), codec, parts, out)
    }

    fn write_valid(
        &self,
        payload: Option<&P>,
        codec: Codec,
        parts: &EnvelopeParts<'_>,
        out: &mut Vec<u8>,
    ) -> Result<(), EncodeError> {
        for property in self.properties.iter().filter(|property| property.required) {
            let missing = match property.kind {
                Kind::Id { .. } => parts.id.is_none(),
                Kind::Topic { .. } => parts.topic.is_none(),
                Kind::Constant(_) | Kind::Payload => false,
            };
            if missing && parts.is_checked() {
                let name = property.name;
                return Err(EncodeError::new(
                    codec,
                    format!("the frame needs `{name}`; send it as a reply, or on a topic"),
                ));
            }
        }
        write(codec, &Written { properties: self.properties, payload, parts }, out)
    }

    fn required<M>(
        &self,
        frame: &Frame<'_>,
        reading: Reading,
        wrap: impl FnOnce(P) -> M,
    ) -> Result<Decoded<M>, DecodeError> {
        let Opened { payload, id, topic } = self.open(frame, reading)?;
        match payload {
            Some(payload) => Ok(Decoded { message: wrap(payload), id, topic }),
            None => Err(Violation::new("required", format_args!("expected the payload")).into()),
        }
    }

    fn open(&self, frame: &Frame<'_>, reading: Reading) -> Result<Opened<P>, DecodeError> {
        match frame {
            Frame::Text(text) => self.open_text(text, reading).ok_or(DecodeError::Unknown(None)),
            Frame::Tree(json) => self.open_tree(json, reading),
        }
    }

    /// `None` says nothing about why not.
    fn open_text(&self, text: &str, reading: Reading) -> Option<Opened<P>> {
        if !self.payload.is_exact() && reading == Reading::Strict {
            return None;
        }
        let mut opened = json::read_with(text, MAX_DEPTH, Opening { envelope: self, reading })?;
        if reading == Reading::Strict {
            let fits = opened.payload.as_ref().is_none_or(|payload| self.payload.fits(payload));
            let topic = opened.topic.as_deref().is_none_or(|topic| {
                self.topic_check().is_none_or(|check| Json::from(topic).check(check).is_ok())
            });
            if !fits || !topic {
                return None;
            }
        }
        self.settle_id(&mut opened, reading).ok()?;
        Some(opened)
    }

    fn open_tree(&self, json: &Json<'_>, reading: Reading) -> Result<Opened<P>, DecodeError> {
        if reading == Reading::Strict {
            self.check(json)?;
        }
        let mut opened = Opened { payload: None, id: None, topic: None };
        for property in self.properties {
            let Some(value) = json.get(property.name) else { continue };
            match property.kind {
                Kind::Constant(_) => {}
                Kind::Payload => {
                    let payload = value.decode().map_err(|error| {
                        DecodeError::Invalid(Violation::from(error).within(property.name))
                    })?;
                    opened.payload = Some(payload);
                }
                Kind::Id { .. } => opened.id = Some(value.clone().into_owned()),
                Kind::Topic { .. } => opened.topic = value.as_str().map(str::to_owned),
            }
        }
        self.settle_id(&mut opened, reading)?;
        Ok(opened)
    }

    /// Drops an id that counts as absent, and refuses one that does not.
    fn settle_id(&self, opened: &mut Opened<P>, reading: Reading) -> Checked {
        let Some(id) = &opened.id else { return Ok(()) };
        for property in self.properties {
            if let Kind::Id { check, lenient } = property.kind
                && let Err(violation) = id.check(check)
            {
                if !lenient && reading == Reading::Strict {
                    return Err(violation.within(property.name));
                }
                opened.id = None;
                return Ok(());
            }
        }
        Ok(())
    }

    fn topic_check(&self) -> Option<Check> {
        self.properties.iter().find_map(|property| match property.kind {
            Kind::Topic { check } => Some(check),
            _ => None,
        })
    }

    /// Every rule of the frame, in the order in which a generated check has them: what tells the
    /// message apart first.
    fn check(&self, json: &Json<'_>) -> Checked {
        json.is(Type::OBJECT)?;
        for property in self.properties.iter().filter(|property| property.required) {
            json.required(&[property.name])?;
        }
        let checked = |property: &Property, check: Check| json.property(property.name, check);
        for property in self.properties {
            if let (Kind::Constant(text), Some(value)) = (property.kind, json.get(property.name)) {
                value.equals_string(text).map_err(|violation| violation.within(property.name))?;
            }
        }
        for property in self.properties {
            match property.kind {
                Kind::Constant(_) | Kind::Id { lenient: true, .. } => {}
                Kind::Payload => checked(property, self.payload.check())?,
                Kind::Id { check, .. } | Kind::Topic { check } => checked(property, check)?,
            }
        }
        if self.closed {
            let names: Vec<&str> = self.properties.iter().map(|property| property.name).collect();
            json.closed(&names, &[])?;
        }
        Ok(())
    }
}

impl Envelope<()> {
    /// Reads a message that has no payload.
    ///
    /// # Errors
    /// What is wrong with the frame; nothing certain while it is text.
    pub fn read_empty<M>(&self, frame: &Frame<'_>, message: M) -> Result<Decoded<M>, DecodeError> {
        self.open(frame, Reading::Strict).map(|opened| opened.into_decoded(|_| message))
    }

    /// Reads a message that has no payload, without looking at more than the frame needs.
    ///
    /// # Errors
    /// The frame is no object.
    pub fn read_empty_open<M>(
        &self,
        frame: &Frame<'_>,
        message: M,
    ) -> Result<Decoded<M>, DecodeError> {
        self.open(frame, Reading::Open).map(|opened| opened.into_decoded(|_| message))
    }

    /// Writes a message that has no payload.
    ///
    /// # Errors
    /// An id or a topic that the frame needs and nobody gave.
    pub fn write_empty(
        &self,
        codec: Codec,
        parts: &EnvelopeParts<'_>,
        out: &mut Vec<u8>,
    ) -> Result<(), EncodeError> {
        self.write_valid(None, codec, parts, out)
    }
}

impl<P> Opened<P> {
    fn into_decoded<M>(self, wrap: impl FnOnce(Option<P>) -> M) -> Decoded<M> {
        Decoded { message: wrap(self.payload), id: self.id, topic: self.topic }
    }
}

/// Reads the properties of a frame as they come.
struct Opening<'e, P> {
    envelope: &'e Envelope<P>,
    reading: Reading,
}

impl<'de, P: Deserialize<'de>> DeserializeSeed<'de> for Opening<'_, P> {
    type Value = Opened<P>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Opened<P>, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, P: Deserialize<'de>> Visitor<'de> for Opening<'_, P> {
    type Value = Opened<P>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Opened<P>, A::Error> {
        let properties = self.envelope.properties;
        let mut opened = Opened { payload: None, id: None, topic: None };
        // Which properties came; a longer envelope than any that was seen is left to the tree.
        let mut came = 0_u64;
        if properties.len() > u64::BITS as usize {
            return Err(A::Error::custom("an envelope with too many properties"));
        }
        while let Some(Name(name)) = map.next_key()? {
            let Some(at) = properties.iter().position(|property| property.name == name) else {
                if self.envelope.closed && self.reading == Reading::Strict {
                    return Err(A::Error::custom("unexpected property"));
                }
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            let bit = 1 << at;
            if came & bit != 0 {
                return Err(A::Error::duplicate_field(properties[at].name));
            }
            came |= bit;
            match properties[at].kind {
                Kind::Constant(text) => map.next_value_seed(Constant(text))?,
                Kind::Payload => opened.payload = Some(map.next_value()?),
                Kind::Id { .. } => opened.id = Some(map.next_value()?),
                Kind::Topic { .. } => opened.topic = Some(map.next_value()?),
            }
        }
        let missing = properties
            .iter()
            .enumerate()
            .find(|(at, property)| property.required && came & (1 << at) == 0);
        match missing {
            Some((_, property)) if self.reading == Reading::Strict => {
                Err(A::Error::missing_field(property.name))
            }
            _ => Ok(opened),
        }
    }
}

/// A frame that is written.
struct Written<'w, P> {
    properties: &'static [Property],
    payload: Option<&'w P>,
    parts: &'w EnvelopeParts<'w>,
}

impl<P: Serialize> Serialize for Written<'_, P> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let there = |property: &&Property| match property.kind {
            Kind::Constant(_) => true,
            Kind::Payload => self.payload.is_some(),
            Kind::Id { .. } => self.parts.id.is_some(),
            Kind::Topic { .. } => self.parts.topic.is_some(),
        };
        let count = self.properties.iter().filter(there).count();
        let mut map = serializer.serialize_map(Some(count))?;
        for property in self.properties.iter().filter(there) {
            let name = property.name;
            match property.kind {
                Kind::Constant(text) => map.serialize_entry(name, text)?,
                Kind::Payload => map.serialize_entry(name, &self.payload)?,
                Kind::Id { .. } => map.serialize_entry(name, &self.parts.id)?,
                Kind::Topic { .. } => map.serialize_entry(name, &self.parts.topic)?,
            }
        }
        map.end()
    }
}

/// A frame that is the payload itself.
#[derive(Debug)]
pub struct Whole<P> {
    rules: Rules<P>,
    id: &'static [Step<'static>],
}

impl<P> Whole<P> {
    /// A frame that must satisfy these rules.
    pub const fn new(rules: Rules<P>) -> Self {
        Self { rules, id: &[] }
    }

    /// The same with a correlation id somewhere in it.
    #[must_use]
    pub const fn with_id(mut self, path: &'static [Step<'static>]) -> Self {
        self.id = path;
        self
    }
}

impl<P: Serialize + DeserializeOwned> Whole<P> {
    /// Reads the message, `wrap` being its variant.
    ///
    /// # Errors
    /// What is wrong with the frame; nothing certain while it is text.
    pub fn read<M>(
        &self,
        frame: &Frame<'_>,
        wrap: impl FnOnce(P) -> M,
    ) -> Result<Decoded<M>, DecodeError> {
        let payload = match frame {
            Frame::Text(text) => self.rules.read_text(text).ok_or(DecodeError::Unknown(None))?,
            Frame::Tree(json) => self.rules.read_tree(json)?,
        };
        Ok(self.decoded(frame, wrap(payload)))
    }

    /// Reads the message as far as its type needs it: what else the contract says is not looked at.
    ///
    /// # Errors
    /// The frame does not fit the type; nothing certain while it is text.
    pub fn read_open<M>(
        &self,
        frame: &Frame<'_>,
        wrap: impl FnOnce(P) -> M,
    ) -> Result<Decoded<M>, DecodeError> {
        let payload = match frame {
            Frame::Text(text) => {
                super::payload::read_open_text(text).ok_or(DecodeError::Unknown(None))?
            }
            Frame::Tree(json) => super::payload::read_open_tree(json)?,
        };
        Ok(self.decoded(frame, wrap(payload)))
    }

    fn decoded<M>(&self, frame: &Frame<'_>, message: M) -> Decoded<M> {
        let id = if self.id.is_empty() { None } else { frame.tag(self.id).into_json() };
        Decoded { message, id, topic: None }
    }

    /// Writes the frame after it was found valid: sending is strict. The envelope's correlation id stands
    /// where the payload has its own: a client numbers its requests, a reply repeats the request's.
    ///
    /// # Errors
    /// The rule that the payload breaks.
    pub fn write(
        &self,
        payload: &P,
        codec: Codec,
        parts: &EnvelopeParts<'_>,
        out: &mut Vec<u8>,
    ) -> Result<(), EncodeError> {
        if let (Some(id), [_, ..]) = (parts.id, self.id) {
            let mut json = Json::encode(payload)
                .map_err(|error| EncodeError::new(codec, error.to_string()))?;
            if frame::at(&json, self.id) != Some(id) {
                put(&mut json, self.id, id.clone().into_owned());
                if parts.is_checked() {
                    json.check(self.rules.check())
                        .map_err(|violation| EncodeError::new(codec, violation.to_string()))?;
                }
                return write(codec, &json, out);
            }
        }
        if parts.is_checked() {
            self.rules.validate(codec, payload)?;
        }
        write(codec, payload, out)
    }
}

/// Puts a value at a place whose last step is a property.
fn put(json: &mut Json<'static>, path: &[Step<'_>], value: Json<'static>) {
    match (json, path) {
        (Json::Object(object), [Step::Property(name)]) => {
            object.insert((*name).to_owned(), value);
        }
        (Json::Object(object), [Step::Property(name), rest @ ..]) => {
            if let Some(inner) = object.get_mut(name) {
                put(inner, rest, value);
            }
        }
        (Json::Array(items), [Step::Item(at), rest @ ..]) => {
            if let Some(inner) = items.get_mut(*at) {
                put(inner, rest, value);
            }
        }
        _ => {}
    }
}
