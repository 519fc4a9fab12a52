//! The words that the tables of this folder are written in.
//!
//! An [`Object`] of the specification is a list of [`Field`]s, each with the [`Value`] that it may
//! have and the versions that have it. The tables are data: nothing here looks at a document.

use super::walk::Walk;
use crate::document::Version;
use crate::tree::NodeRef;

/// An object of the specification.
pub(crate) struct Object {
    /// What messages call it, with its article: `a server`.
    pub(crate) name: &'static str,
    /// Its fields. One whose value differs between versions stands here once for each value.
    pub(crate) fields: &'static [Field],
    /// Keys that are no fields.
    pub(crate) others: Others,
    /// What holds between several fields.
    pub(crate) also: Option<Also>,
}

/// A rule that no table can say.
pub(crate) type Also = for<'w, 't> fn(&mut Walk<'w, 't>, NodeRef<'t>);

/// What keys an object may have that are none of its fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Others {
    /// Extensions: `x-…`.
    Extensions,
    /// None at all.
    None,
    /// Any; one that resembles a field is a warning.
    Any,
}

/// A field of an [`Object`].
#[derive(Clone, Copy)]
pub(crate) struct Field {
    /// The key.
    pub(crate) name: &'static str,
    /// What stands under it.
    pub(crate) value: Value,
    /// Whether it must be there.
    pub(crate) required: bool,
    /// The first version that has it.
    pub(crate) since: Version,
    /// The last version that has it.
    pub(crate) until: Version,
    /// What says the same in a version that does not have it; empty if nothing does.
    pub(crate) instead: &'static str,
}

/// What a field may hold.
#[derive(Clone, Copy)]
pub(crate) enum Value {
    /// Anything.
    Any,
    /// Text.
    Text,
    /// Text of a form.
    Formed(Form),
    /// Text of so many characters: at least, at most.
    Sized(usize, usize),
    /// `null`
    Null,
    /// `true` or `false`
    Flag,
    /// A number.
    Number,
    /// An integer: at least, at most.
    Integer(i64, i64),
    /// One of these texts.
    Word(&'static [&'static str]),
    /// One of these integers.
    Digit(&'static [i64]),
    /// An object of the specification.
    Object(&'static Object),
    /// One of several objects, by the text of a field.
    Tagged(&'static Tagged),
    /// One object where this key is there, another where it is not.
    ByKey(&'static str, &'static Object, &'static Object),
    /// An object with any keys and values.
    Open,
    /// An object with any keys and values of one kind.
    Map(&'static Map),
    /// A list of values of one kind.
    List(&'static Value),
    /// A list of values of one kind, no two of them the same.
    Set(&'static Value),
    /// A list of objects, no two of them with one `name`.
    Tags(&'static Value),
    /// A list that begins with these.
    Tuple(&'static [Value]),
    /// What is written here, or a reference to it.
    OrReference(&'static Value),
    /// A reference to something of this kind, never the thing itself.
    Reference(&'static Value),
    /// From a version on the second, before it the first.
    From(Version, &'static Value, &'static Value),
    /// Whichever of these has the kind (text, list, object …) of the value.
    Either(&'static [Value]),
    /// A schema.
    Schema(Schema),
    /// Bindings of something.
    Bindings(Holder),
}

/// The form of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// An absolute URI (RFC 3986).
    Uri,
    /// An address (RFC 5322).
    Email,
    /// A runtime expression: `$message.payload#/a`.
    Expression,
    /// A URI template that is not empty (RFC 6570).
    Template,
    /// A page of LinkedIn (extension `x-linkedin`, version 0.1.0).
    LinkedIn,
}

/// One of several objects.
pub(crate) struct Tagged {
    /// What messages call any of them, with its article.
    pub(crate) name: &'static str,
    /// The field that decides.
    pub(crate) field: &'static str,
    /// Its values, each with the first version that has it and the object that it stands for.
    pub(crate) cases: &'static [(&'static str, Version, &'static Object)],
}

/// An object whose keys are names.
pub(crate) struct Map {
    /// What the names may be.
    pub(crate) keys: Keys,
    /// What stands under them.
    pub(crate) value: Value,
}

/// The names that the keys of a [`Map`] may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keys {
    /// Any text.
    Any,
    /// Letters, digits, `.`, `-`, `_`: names of components, of servers, of parameters.
    Names,
    /// In 2.x addresses: URI templates without query and fragment; in 3.x any text.
    Channels,
}

/// What kind of schema stands at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Schema {
    /// AsyncAPI's own.
    Own,
    /// In 3.x, AsyncAPI's own or an object that names the language.
    MultiFormat,
    /// The payload of 2.x, whose language `schemaFormat` beside it names.
    Payload,
    /// Headers of 2.x: AsyncAPI's own, and of type object.
    Headers,
    /// Query or headers of a binding, meant to be of type object.
    Parameters,
    /// AsyncAPI's own, and not without a keyword.
    Key,
}

/// What has bindings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holder {
    /// A server.
    Server,
    /// A channel.
    Channel,
    /// An operation or a trait of one.
    Operation,
    /// A message or a trait of one.
    Message,
}

/// A field that every version has and that may be missing.
pub(crate) const fn field(name: &'static str, value: Value) -> Field {
    Field { name, value, required: false, since: Version::V2_0, until: Version::V3_1, instead: "" }
}

impl Field {
    /// The same, and it must be there.
    pub(crate) const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// The same in a version and those after it.
    pub(crate) const fn since(mut self, version: Version) -> Self {
        self.since = version;
        self
    }

    /// The same up to a version.
    pub(crate) const fn until(mut self, version: Version) -> Self {
        self.until = version;
        self
    }

    /// The same, with what to write in a version that does not have it.
    pub(crate) const fn instead(mut self, instead: &'static str) -> Self {
        self.instead = instead;
        self
    }

    /// Whether a version has it.
    pub(crate) fn is_in(&self, version: Version) -> bool {
        (self.since..=self.until).contains(&version)
    }
}

/// A list of texts.
pub(crate) const TEXTS: Value = Value::List(&Value::Text);
/// A list of texts, no two of them the same.
pub(crate) const TEXT_SET: Value = Value::Set(&Value::Text);
/// An integer that is not negative.
pub(crate) const COUNT: Value = Value::Integer(0, i64::MAX);
/// Any integer.
pub(crate) const INTEGER: Value = Value::Integer(i64::MIN, i64::MAX);
