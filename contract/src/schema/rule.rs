//! A schema's demands, one by one: JSON Schema draft-07 brought into one form.
//!
//! Every dialect that AsyncAPI allows (its own, draft-07, OpenAPI's) is read into these rules by
//! `read/`. Both back ends turn each rule into one generated check, in this order; `validate.rs`
//! applies them to the document's own examples. A rule about objects says nothing of other kinds of
//! values, and so on, as in JSON Schema.

use json::{Json, Number};

use super::SchemaId;
use super::format::Format;

/// One demand of a schema.
#[derive(Clone, Debug, PartialEq)]
pub enum Rule {
    /// `false`: no value is valid.
    Never,
    /// `type`
    Type(Types),
    /// `const`
    Constant(Json<'static>),
    /// `enum`
    Enum(Vec<Json<'static>>),

    /// `minimum`, inclusive.
    Minimum(Number<'static>),
    /// `exclusiveMinimum`
    ExclusiveMinimum(Number<'static>),
    /// `maximum`, inclusive.
    Maximum(Number<'static>),
    /// `exclusiveMaximum`
    ExclusiveMaximum(Number<'static>),
    /// `multipleOf`
    MultipleOf(Number<'static>),

    /// `minLength`, in characters (code points).
    MinLength(u64),
    /// `maxLength`, in characters (code points).
    MaxLength(u64),
    /// `pattern`, an ECMA-262 expression.
    Pattern(String),
    /// `format`, where it is asserted.
    Format(Format),

    /// `minItems`
    MinItems(u64),
    /// `maxItems`
    MaxItems(u64),
    /// `uniqueItems: true`
    UniqueItems,
    /// `items` as one schema: every item.
    Items(SchemaId),
    /// `items` as a list (`prefixItems`): the first items, one by one.
    Tuple {
        /// The schemas of the first items.
        items: Vec<SchemaId>,
        /// `additionalItems`: the schema of those that follow.
        rest: Option<SchemaId>,
    },
    /// `contains`: at least one item.
    Contains(SchemaId),

    /// `minProperties`
    MinProperties(u64),
    /// `maxProperties`
    MaxProperties(u64),
    /// `required`
    Required(Vec<String>),
    /// `properties`, `patternProperties` and `additionalProperties` together.
    Properties(Properties),
    /// `propertyNames`
    PropertyNames(SchemaId),
    /// `dependencies` with a list: if the first is there, so are the others.
    DependentRequired(String, Vec<String>),
    /// `dependencies` with a schema: if the property is there, the whole object fits the schema.
    DependentSchema(String, SchemaId),

    /// `$ref`
    Reference(SchemaId),
    /// `allOf`
    AllOf(Vec<SchemaId>),
    /// `anyOf`
    AnyOf(Vec<SchemaId>),
    /// `oneOf`
    OneOf(Vec<SchemaId>),
    /// `not`
    Not(SchemaId),
    /// `if`, `then`, `else`
    If {
        /// Decides which of the others holds.
        condition: SchemaId,
        /// Holds where the condition does.
        then: Option<SchemaId>,
        /// Holds where the condition does not.
        otherwise: Option<SchemaId>,
    },
}

impl Rule {
    /// The schemas that the rule names.
    pub fn schemas(&self) -> Vec<SchemaId> {
        match self {
            Self::Items(id)
            | Self::Contains(id)
            | Self::PropertyNames(id)
            | Self::DependentSchema(_, id)
            | Self::Reference(id)
            | Self::Not(id) => vec![*id],
            Self::Tuple { items, rest } => items.iter().copied().chain(*rest).collect(),
            Self::Properties(properties) => properties.schemas().collect(),
            Self::AllOf(ids) | Self::AnyOf(ids) | Self::OneOf(ids) => ids.clone(),
            Self::If { condition, then, otherwise } => {
                std::iter::once(*condition).chain(*then).chain(*otherwise).collect()
            }
            _ => Vec::new(),
        }
    }
}

/// What an object's properties must be.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Properties {
    /// `properties`, in the order of the document.
    pub named: Vec<(String, SchemaId)>,
    /// `patternProperties`: every property whose name matches.
    pub patterns: Vec<(String, SchemaId)>,
    /// `additionalProperties`: those that are neither named nor matched. `None`: anything goes.
    pub rest: Option<SchemaId>,
}

impl Properties {
    fn schemas(&self) -> impl Iterator<Item = SchemaId> {
        let pairs = self.named.iter().chain(&self.patterns);
        pairs.map(|pair| pair.1).chain(self.rest)
    }
}

/// One of JSON Schema's types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Type {
    /// `null`
    Null,
    /// `boolean`
    Boolean,
    /// `integer`: a number without a fraction; `1.0` is one.
    Integer,
    /// `number`
    Number,
    /// `string`
    String,
    /// `array`
    Array,
    /// `object`
    Object,
}

impl Type {
    /// All types; `Integer` before the `Number` that includes it.
    pub const ALL: [Self; 7] = [
        Self::Null,
        Self::Boolean,
        Self::Integer,
        Self::Number,
        Self::String,
        Self::Array,
        Self::Object,
    ];

    /// The type's name in JSON Schema.
    pub fn name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean => "boolean",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::String => "string",
            Self::Array => "array",
            Self::Object => "object",
        }
    }

    /// The type of a value; `1.0` is an integer.
    pub fn of(value: &Json<'_>) -> Self {
        match value {
            Json::Null => Self::Null,
            Json::Bool(_) => Self::Boolean,
            Json::Number(number) if number.is_integer() => Self::Integer,
            Json::Number(_) => Self::Number,
            Json::String(_) => Self::String,
            Json::Array(_) => Self::Array,
            Json::Object(_) => Self::Object,
        }
    }

    /// The type of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|each| each.name() == name)
    }
}

/// A set of types. `number` includes `integer`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Types(u8);

impl Types {
    /// Every type: no demand.
    pub const ALL: Self = Self(0b111_1111);
    /// No type: no value.
    pub const NONE: Self = Self(0);

    /// The set of one type.
    pub fn only(each: Type) -> Self {
        match each {
            Type::Number => Self(1 << Type::Number as u8 | 1 << Type::Integer as u8),
            _ => Self(1 << each as u8),
        }
    }

    /// The types of some values.
    pub fn of(values: &[Json<'_>]) -> Self {
        values.iter().map(Type::of).map(Self::only).fold(Self::NONE, Self::or)
    }

    /// The types in both sets.
    pub fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// The types in either set.
    pub fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The types of this set but those of the other.
    pub fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether all values of a type are in the set.
    pub fn has(self, each: Type) -> bool {
        self.0 & Self::only(each).0 == Self::only(each).0
    }

    /// Whether the set is empty.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The types in the set, `integer` only where `number` is not.
    pub fn iter(self) -> impl Iterator<Item = Type> {
        Type::ALL.into_iter().filter(move |&each| {
            self.has(each) && !(each == Type::Integer && self.has(Type::Number))
        })
    }

    /// The only type in the set.
    pub fn single(self) -> Option<Type> {
        let mut types = self.iter();
        let first = types.next()?;
        types.next().is_none().then_some(first)
    }
}

impl std::fmt::Debug for Types {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.iter().map(Type::name)).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn number_includes_integer() {
        let number = Types::only(Type::Number);
        assert_eq!(number.single(), Some(Type::Number));
        assert!(number.has(Type::Integer));
        assert_eq!(number.and(Types::only(Type::Integer)).single(), Some(Type::Integer));
        assert!(!Types::only(Type::Integer).has(Type::Number));
        assert_eq!(Types::ALL.iter().count(), 6);
    }
}
