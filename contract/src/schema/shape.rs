//! What a type for a schema's values looks like, decided once for all languages.
//!
//! A [`Shape`] can hold every value that its schema allows; what it could hold beyond them, the
//! schema's rules refuse. [`Shapes`] also says how far the shape goes by itself: where it is
//! [`Exact`](Exactness::Exact), a value that fits the type and its scalars' bounds is valid, and no
//! generic check is needed.

use std::collections::HashMap;

use json::Json;

use super::SchemaId;
use super::format::Format;

/// A shape of [`Shapes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ShapeId(pub(crate) u32);

/// The shapes of all schemas of a contract.
#[derive(Clone, Debug, Default)]
pub struct Shapes {
    entries: Vec<Entry>,
    by_schema: HashMap<SchemaId, ShapeId>,
}

/// A shape with the schema that it was decided for.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The schema whose values it holds: where its name, its description and its rules come from.
    pub schema: SchemaId,
    /// Which part of that schema, where it is not the whole.
    pub part: Part,
    /// What it looks like.
    pub shape: Shape,
    /// Whether more than the shape and its scalars' bounds must be checked.
    pub exactness: Exactness,
}

/// Which part of a schema a shape stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// All of it.
    Whole,
    /// Its values of one type only, where the schema allows several.
    Type(super::Type),
    /// Its values that are not `null`.
    NotNull,
    /// Its values that also fit one alternative of its `oneOf` or `anyOf`.
    Alternative(usize),
    /// Something that it says nothing of: an item or a property without a schema.
    Unspoken,
}

/// How much of a schema the type enforces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exactness {
    /// Everything, given that the bounds of its scalars and the lengths of its lists are checked.
    Exact,
    /// Not everything: the generated check has to see the JSON value.
    Residual,
}

/// What a type looks like.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// Any JSON value.
    Any,
    /// No value at all.
    Never,
    /// Only `null`.
    Null,
    /// `true` or `false`.
    Boolean,
    /// An integer.
    Integer(Integer),
    /// A number.
    Number(Number),
    /// Text.
    Text(Text),
    /// One of several known texts.
    Enum(Enum),
    /// One of several known values that are not all text.
    Literals {
        /// The values.
        values: Vec<Json<'static>>,
        /// What they are beyond that: the shape of their common type, or `Any`.
        base: Box<Shape>,
    },
    /// A value or `null`.
    Nullable(ShapeId),
    /// The shape of another schema under a name of its own.
    Alias(ShapeId),
    /// Items of one shape.
    List(ShapeId),
    /// Items of a shape each.
    Tuple(Tuple),
    /// Properties with any name and values of one shape.
    Map(ShapeId),
    /// Known properties.
    Struct(Struct),
    /// One of several shapes.
    Union(Union),
    /// Any JSON value, because no type can be made for the schema: why.
    Dynamic(Dynamic),
}

/// The width of an integer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Integer {
    /// 32 bits, signed: `format: int32`.
    I32,
    /// 64 bits, signed, declared: `format: int64`.
    I64,
    /// Nothing declared: 64 bits, signed, expected to be exact in a double.
    Plain,
    /// 64 bits, unsigned: a bound above what `I64` holds.
    U64,
}

/// The kind of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Number {
    /// A double.
    Double,
    /// A decimal number whose digits matter: `format: decimal`.
    Decimal,
}

/// The kind of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Text {
    /// Any text.
    Plain,
    /// Text in a known format.
    Format(Format),
}

/// A closed set of texts.
#[derive(Clone, Debug, PartialEq)]
pub struct Enum {
    /// The texts, with what `x-enum-varnames` and `x-enum-descriptions` say of each.
    pub variants: Vec<EnumVariant>,
}

/// One text of an [`Enum`].
#[derive(Clone, Debug, PartialEq)]
pub struct EnumVariant {
    /// The text on the wire.
    pub value: String,
    /// A name pinned for it.
    pub name: Option<String>,
    /// What it means.
    pub description: Option<String>,
}

/// An object with known properties.
#[derive(Clone, Debug, PartialEq)]
pub struct Struct {
    /// The known properties, in the order of the document.
    pub fields: Vec<Field>,
    /// What other properties are.
    pub rest: Rest,
}

/// A known property.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// The property's name.
    pub name: String,
    /// Its schema.
    pub schema: SchemaId,
    /// The shape of its values.
    pub shape: ShapeId,
    /// Whether it must be there.
    pub required: bool,
    /// The only value that it can have, if it is required and has only one.
    pub constant: Option<Json<'static>>,
}

/// What the properties of a [`Struct`] are that are not among its fields.
#[derive(Clone, Debug, PartialEq)]
pub enum Rest {
    /// Nothing is said of them: they may come, and nobody asked for them.
    Open,
    /// There are none.
    Closed,
    /// They are expected, with values of this shape.
    Typed(ShapeId),
}

/// Items of a shape each.
#[derive(Clone, Debug, PartialEq)]
pub struct Tuple {
    /// The shapes of the first items.
    pub items: Vec<ShapeId>,
    /// How many of them must be there.
    pub required: usize,
    /// What items follow.
    pub rest: Rest,
}

/// One of several shapes.
#[derive(Clone, Debug, PartialEq)]
pub struct Union {
    /// The alternatives, in the order of the document.
    pub branches: Vec<Branch>,
    /// How a value's branch is found.
    pub by: By,
    /// Whether exactly one branch may fit (`oneOf`).
    pub exclusive: bool,
}

/// An alternative of a [`Union`].
#[derive(Clone, Debug, PartialEq)]
pub struct Branch {
    /// The schema of the alternative.
    pub schema: SchemaId,
    /// The shape of its values.
    pub shape: ShapeId,
}

/// How the branch of a value is found.
#[derive(Clone, Debug, PartialEq)]
pub enum By {
    /// By the text of a property: for each branch the texts that lead to it.
    Tag {
        /// The property.
        property: String,
        /// Texts of each branch, in the order of the branches.
        values: Vec<Vec<String>>,
    },
    /// By the JSON type: the types of each branch, no two the same.
    Type(Vec<super::Types>),
    /// By trying: the first branch whose rules the value satisfies, the one that knows most of its
    /// properties if there are several.
    Check,
}

/// Why no type can be made for a schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Dynamic {
    /// It has demands, but none of them says what kind of value it is.
    Unconstrained,
    /// It combines several unions.
    Unions,
    /// A merge has more alternatives or properties than a reader would want to see as types.
    TooLarge,
    /// `allOf` combines items of lists in a way that has no common type.
    MergedLists,
    /// The schema is in a language that is not read.
    Foreign(&'static str),
    /// The property may be of any type unless a condition holds.
    Conditional,
}

impl Dynamic {
    /// The reason as the end of a sentence: "is any JSON value, because …".
    pub fn reason(&self) -> String {
        match self {
            Self::Unconstrained => "its rules do not say what type it is".to_owned(),
            Self::Unions => "it combines several `oneOf` or `anyOf`".to_owned(),
            Self::TooLarge => "merging its `allOf` would give too many alternatives".to_owned(),
            Self::MergedLists => "its `allOf` merges lists that have no common item".to_owned(),
            Self::Foreign(language) => format!("it is written in {language}, which is not read"),
            Self::Conditional => "its type depends on a condition".to_owned(),
        }
    }
}

impl Shapes {
    /// The shape of this id.
    pub fn get(&self, id: ShapeId) -> &Entry {
        &self.entries[id.0 as usize]
    }

    /// The shape of a schema.
    pub fn of(&self, schema: SchemaId) -> Option<ShapeId> {
        self.by_schema.get(&schema).copied()
    }

    /// All shapes with their ids.
    pub fn iter(&self) -> impl Iterator<Item = (ShapeId, &Entry)> {
        self.entries.iter().enumerate().map(|(at, entry)| (ShapeId(at as u32), entry))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The shape that aliases lead to.
    pub fn resolve(&self, mut id: ShapeId) -> ShapeId {
        // An alias leads to a shape that was decided before it was named, so this ends; the count
        // is a guard against a document that proves that wrong.
        for _ in 0..self.entries.len() {
            match self.get(id).shape {
                Shape::Alias(target) => id = target,
                _ => break,
            }
        }
        id
    }

    /// The shape of the values that are not null. Aliases are resolved.
    pub fn without_null(&self, id: ShapeId) -> ShapeId {
        let id = self.resolve(id);
        match self.get(id).shape {
            Shape::Nullable(inner) => self.resolve(inner),
            _ => id,
        }
    }

    /// The shapes that a shape is made of.
    pub fn parts(&self, id: ShapeId) -> Vec<ShapeId> {
        match &self.get(id).shape {
            Shape::Nullable(inner)
            | Shape::Alias(inner)
            | Shape::List(inner)
            | Shape::Map(inner) => {
                vec![*inner]
            }
            Shape::Tuple(tuple) => tuple.items.iter().copied().chain(tuple.rest.shape()).collect(),
            Shape::Struct(object) => {
                let fields = object.fields.iter().map(|field| field.shape);
                fields.chain(object.rest.shape()).collect()
            }
            Shape::Union(union) => union.branches.iter().map(|branch| branch.shape).collect(),
            _ => Vec::new(),
        }
    }

    /// Reserves a place, so that a schema that contains itself finds its shape's id.
    pub(crate) fn reserve(&mut self, schema: SchemaId, part: Part) -> ShapeId {
        let id = ShapeId(self.entries.len() as u32);
        if part == Part::Whole {
            self.by_schema.insert(schema, id);
        }
        let exactness = Exactness::Exact;
        self.entries.push(Entry { schema, part, shape: Shape::Any, exactness });
        id
    }

    pub(crate) fn set(&mut self, id: ShapeId, shape: Shape, exactness: Exactness) {
        let entry = &mut self.entries[id.0 as usize];
        entry.shape = shape;
        entry.exactness = exactness;
    }

    pub(crate) fn set_exactness(&mut self, id: ShapeId, exactness: Exactness) {
        self.entries[id.0 as usize].exactness = exactness;
    }
}

impl Rest {
    /// The shape of the others, if they are expected.
    pub fn shape(&self) -> Option<ShapeId> {
        match self {
            Self::Typed(shape) => Some(*shape),
            Self::Open | Self::Closed => None,
        }
    }
}
