//! Shapes → the types of members, items and parameters.

use std::collections::HashSet;

use contract::schema::shape::{By, Integer, Number, Rest, Tuple, Union};
use contract::schema::{Shape, ShapeId};
use json::Json;

use crate::layout::{Doc, concat, group, indent, join, text, type_arguments};
use crate::{Cx, cycles, ident, runtime};

/// A type: the members of a union, one for a type that is none.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Type(Vec<Doc>);

impl Type {
    /// A type that is no union.
    pub(crate) fn single(doc: Doc) -> Self {
        Self(vec![doc])
    }

    /// A type of this name.
    pub(crate) fn named(name: &str) -> Self {
        Self::single(text(name))
    }

    /// One of these, each once; `never` if there are none. What is anything already stays that; what is
    /// nothing adds nothing.
    pub(crate) fn any_of(all: impl IntoIterator<Item = Self>) -> Self {
        let mut seen = HashSet::new();
        let mut members: Vec<Doc> = all.into_iter().flat_map(|ty| ty.0).collect();
        members.retain(|member| seen.insert(member.clone()));
        if seen.contains(&text("unknown")) {
            return Self::named("unknown");
        }
        if members.len() > 1 {
            members.retain(|member| *member != text("never"));
        }
        if seen.contains(&text("string")) {
            members.retain(|member| !is_string_literal(member));
        }
        if members.is_empty() { Self::named("never") } else { Self(members) }
    }

    /// This or the other.
    #[must_use]
    pub(crate) fn or(self, other: Self) -> Self {
        Self::any_of([self, other])
    }

    /// An array of these.
    #[must_use]
    pub(crate) fn array(self) -> Self {
        match &self.0[..] {
            [only] => Self::single(concat([only.clone(), text("[]")])),
            _ => {
                let members = group([self.members(), Doc::SoftLine]);
                Self::single(concat([text("("), members, text(")[]")]))
            }
        }
    }

    /// Whether anything is of this type.
    pub(crate) fn is_unknown(&self) -> bool {
        self.0 == [text("unknown")]
    }

    /// How many types it is a union of.
    pub(crate) fn width(&self) -> usize {
        self.0.len()
    }

    /// The type behind a colon or between angle brackets.
    pub(crate) fn doc(self) -> Doc {
        match self.0.len() {
            1 => concat(self.0),
            _ => group([self.members()]),
        }
    }

    /// The members, on lines of their own where they do not fit on one.
    fn members(self) -> Doc {
        let first = Doc::Either { broken: "| ", flat: "" };
        let members = join(self.0, &concat([Doc::Line, text("| ")]));
        indent([Doc::SoftLine, first, members])
    }

    /// ` = A | B;` of an alias.
    pub(crate) fn definition(self) -> Doc {
        match self.0.len() {
            1 => concat([text(" = "), concat(self.0), text(";")]),
            _ => {
                let first = Doc::Either { broken: "| ", flat: "" };
                let members = join(self.0, &concat([Doc::Line, text("| ")]));
                concat([text(" ="), group([indent([Doc::Line, first, members])]), text(";")])
            }
        }
    }
}

fn is_string_literal(doc: &Doc) -> bool {
    matches!(doc, Doc::Text(text) if text.starts_with(['"', '\'']))
}

/// Where a type stands.
#[derive(Clone, Copy)]
pub(crate) struct Place<'p> {
    /// Whether its values are received and never sent, so that they may be wider than the contract says.
    open: bool,
    /// Whether it is the definition of an alias, which the compiler looks through at once.
    in_alias: bool,
    /// The unnamed shapes around it.
    around: Option<&'p Around<'p>>,
}

struct Around<'p> {
    id: ShapeId,
    next: Option<&'p Around<'p>>,
}

impl Place<'_> {
    /// Inside a type of this openness.
    pub(crate) fn within(open: bool) -> Self {
        Self { open, in_alias: false, around: None }
    }

    /// The definition of an alias of this openness.
    pub(super) fn defining(open: bool) -> Self {
        Self { open, in_alias: true, around: None }
    }
}

/// The type of a shape's values.
pub(crate) fn type_of(cx: &Cx<'_>, id: ShapeId, place: Place<'_>) -> Type {
    let shapes = &cx.contract.shapes;
    let mut id = id;
    for _ in 0..=shapes.len() {
        if let Some(name) = cx.type_name(id) {
            return reference(cx, name, id, place);
        }
        match shapes.get(id).shape {
            Shape::Alias(target) if !cx.endless.contains(&id) => id = target,
            _ => break,
        }
    }
    unnamed(cx, id, place)
}

/// A type by its name. One that is also sent is closed; where it is only received it is opened in place.
fn reference(cx: &Cx<'_>, name: &str, id: ShapeId, place: Place<'_>) -> Type {
    let named = Type::named(name);
    let shape = &cx.contract.shapes.get(id).shape;
    match shape {
        Shape::Enum(shape) if place.open && !cx.is_open(id) => {
            opened(named, shape.variants.len(), "string")
        }
        Shape::Union(shape) if place.open && !cx.is_open(id) => with_unlisted(named, shape),
        _ => named,
    }
}

/// A type that may also have values that the contract does not list. One value is a constant.
fn opened(ty: Type, values: usize, base: &str) -> Type {
    if values > 1 { ty.or(Type::single(text(format!("({base} & {{}})")))) } else { ty }
}

/// A union that may also have alternatives that the contract does not list, if a property tells those that
/// it lists apart.
fn with_unlisted(ty: Type, shape: &Union) -> Type {
    let By::Tag { property, values } = &shape.by else { return ty };
    if values.iter().flatten().any(|text| text == UNLISTED_TAG) {
        return ty;
    }
    let tag = text(ident::string(property));
    let unlisted = concat([runtime::of(&runtime::UNLISTED), type_arguments(vec![tag])]);
    ty.or(Type::single(unlisted))
}

/// What stands for the tag of an alternative that is not listed, in types only.
const UNLISTED_TAG: &str = "%other";

/// The same, for a shape that is written in place, or whose name is not to be used.
pub(super) fn unnamed(cx: &Cx<'_>, id: ShapeId, place: Place<'_>) -> Type {
    let shapes = &cx.contract.shapes;
    if cx.endless.contains(&id) {
        let (ends, nullable) = cycles::ends(shapes, id);
        let all = ends.into_iter().map(|end| type_of(cx, end, place));
        let all = Type::any_of(all);
        return if nullable { all.or(Type::named("null")) } else { all };
    }
    let mut next = place.around;
    while let Some(around) = next {
        if around.id == id {
            // It holds itself and has no name; the contract names lists and maps that do.
            return Type::named("unknown");
        }
        next = around.next;
    }
    let around = Around { id, next: place.around };
    let place = Place { around: Some(&around), ..place };
    match &shapes.get(id).shape {
        Shape::Nullable(inner) => type_of(cx, *inner, place).or(Type::named("null")),
        Shape::Alias(target) => type_of(cx, *target, place),
        Shape::List(item) => type_of(cx, *item, place).array(),
        Shape::Map(value) => map(type_of(cx, *value, place), place),
        Shape::Tuple(shape) => tuple(cx, shape, place),
        Shape::Union(shape) => {
            let branches = shape.branches.iter().map(|branch| type_of(cx, branch.shape, place));
            let all = Type::any_of(branches);
            if place.open { with_unlisted(all, shape) } else { all }
        }
        Shape::Enum(shape) => {
            let values = shape.variants.iter().map(|variant| variant.value.as_str());
            let closed = texts(values);
            if place.open { opened(closed, shape.variants.len(), "string") } else { closed }
        }
        Shape::Literals { values, base } => {
            let closed = literals(values);
            match &**base {
                Shape::Integer(_) | Shape::Number(_) if place.open => {
                    opened(closed, values.len(), "number")
                }
                Shape::Any if place.open && values.len() > 1 => Type::named("unknown"),
                _ => closed,
            }
        }
        shape => scalar(cx, shape),
    }
}

fn map(value: Type, place: Place<'_>) -> Type {
    let value = value.doc();
    Type::single(if place.in_alias {
        // The compiler would look through `Record` for the alias inside it.
        concat([text("{ [key: string]: "), value, text(" }")])
    } else {
        concat([text("Record"), type_arguments(vec![text("string"), value])])
    })
}

fn tuple(cx: &Cx<'_>, shape: &Tuple, place: Place<'_>) -> Type {
    let mut items: Vec<Doc> = Vec::new();
    for (at, item) in shape.items.iter().enumerate() {
        let ty = type_of(cx, *item, place);
        items.push(if at < shape.required { ty.doc() } else { optional(ty) });
    }
    match shape.rest {
        Rest::Closed => {}
        Rest::Open => items.push(text("...unknown[]")),
        Rest::Typed(rest) => {
            items.push(concat([text("..."), type_of(cx, rest, place).array().doc()]));
        }
    }
    Type::single(crate::layout::list("[", items, "]"))
}

fn optional(ty: Type) -> Doc {
    match ty.width() {
        1 => concat([ty.doc(), text("?")]),
        _ => concat([text("("), ty.doc(), text(")?")]),
    }
}

fn scalar(cx: &Cx<'_>, shape: &Shape) -> Type {
    match shape {
        Shape::Null => Type::named("null"),
        Shape::Never => Type::named("never"),
        Shape::Boolean => Type::named("boolean"),
        Shape::Integer(Integer::I64 | Integer::U64) if cx.exact_integers() => Type::named("bigint"),
        Shape::Number(Number::Decimal) if cx.exact_decimals() => {
            Type::single(runtime::of(&runtime::DECIMAL))
        }
        Shape::Integer(_) | Shape::Number(_) => Type::named("number"),
        Shape::Text(_) => Type::named("string"),
        // `Any`, `Dynamic`; structs are named.
        _ => Type::named("unknown"),
    }
}

/// A union of string literals.
pub(crate) fn texts<'t>(values: impl Iterator<Item = &'t str>) -> Type {
    let each = values.map(|value| Type::single(text(ident::string(value))));
    Type::any_of(each)
}

/// A union of literals of any kind; a number that a `number` cannot hold is any number.
pub(crate) fn literals(values: &[Json<'static>]) -> Type {
    let each = values.iter().map(|value| Type::single(literal_type(value)));
    Type::any_of(each)
}

fn literal_type(value: &Json<'static>) -> Doc {
    match value {
        Json::Number(number) => text(ident::number(number).unwrap_or_else(|| "number".to_owned())),
        Json::Array(items) => {
            crate::layout::list("[", items.iter().map(literal_type).collect(), "]")
        }
        Json::Object(members) if members.is_empty() => text("Record<string, never>"),
        Json::Object(members) => {
            let members = members.iter().map(|(name, value)| {
                concat([text(format!("{}: ", ident::property(name))), literal_type(value)])
            });
            type_literal(members.collect())
        }
        scalar => ident::literal(scalar),
    }
}

/// `{ a: A; b: B }`.
fn type_literal(members: Vec<Doc>) -> Doc {
    let between = concat([text(";"), Doc::Line]);
    group([
        text("{"),
        indent([Doc::Line, join(members, &between)]),
        Doc::Either { broken: ";", flat: "" },
        Doc::Line,
        text("}"),
    ])
}
