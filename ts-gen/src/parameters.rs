//! The parameters of topics: what their users give, as a type, in a name, and in a request.

use contract::model::{ParameterSource, Topic, TopicParameter};
use contract::names::{Name, scope};
use contract::schema::shape::{Enum, Integer, Number};
use contract::schema::{Shape, ShapeId};
use json::Json;

use crate::layout::{Doc, concat, text};
use crate::types::{Place, Type, type_of};
use crate::{Cx, ident, runtime};

/// A parameter that the users of a topic give.
pub(crate) struct Parameter<'c> {
    /// What the contract says.
    pub(crate) declared: &'c TopicParameter,
    /// The property that it is.
    pub(crate) name: String,
    /// The variable that it is in functions.
    pub(crate) variable: String,
    /// What it is.
    pub(crate) kind: Value<'c>,
    /// What it is where it is left out.
    pub(crate) default: Option<&'c Json<'static>>,
}

/// What a parameter's values are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Value<'c> {
    /// One of several texts, of the type of this shape.
    Enum(ShapeId, &'c Enum),
    /// `true` or `false`.
    Boolean,
    /// A number.
    Number,
    /// An integer that keeps its digits.
    BigInt,
    /// A decimal that keeps its digits.
    Decimal,
    /// Any text.
    Text,
}

impl Value<'_> {
    /// The type.
    pub(crate) fn ty(self, cx: &Cx<'_>) -> Type {
        match self {
            Self::Enum(shape, _) => type_of(cx, shape, Place::within(false)),
            Self::Boolean => Type::named("boolean"),
            Self::Number => Type::named("number"),
            Self::BigInt => Type::named("bigint"),
            Self::Decimal => Type::single(runtime::of(&runtime::DECIMAL)),
            Self::Text => Type::named("string"),
        }
    }

    /// The value in a name's part.
    pub(crate) fn parsed(self, cx: &Cx<'_>, part: &str) -> Doc {
        match self {
            Self::Boolean => text(format!("{part} === \"true\"")),
            Self::Number => text(format!("Number({part})")),
            Self::BigInt => text(format!("BigInt({part} as string)")),
            other => concat([text(format!("{part} as ")), other.ty(cx).doc()]),
        }
    }

    /// What the part of a name looks like that ends (or begins) at a separator.
    pub(crate) fn pattern(self, separator: Option<&str>) -> String {
        match self {
            Self::Enum(_, shape) => {
                let texts = shape.variants.iter().map(|variant| ident::regex(&variant.value));
                texts.collect::<Vec<String>>().join("|")
            }
            Self::Boolean => "true|false".to_owned(),
            Self::BigInt => "-?\\d+".to_owned(),
            Self::Number | Self::Decimal => "-?[\\d.eE+-]+".to_owned(),
            Self::Text => {
                let mut chars = separator.unwrap_or_default().chars();
                match (chars.next(), chars.next()) {
                    (None, _) => ".*".to_owned(),
                    (Some(c), None) if c.is_ascii() && !c.is_control() => {
                        format!("{}*", ident::regex_without(c))
                    }
                    _ => ".*?".to_owned(),
                }
            }
        }
    }
}

/// The parameters that the users of a topic give: all of them, but what only the application knows where
/// it is the application that names the topic.
pub(crate) fn parameters<'c>(cx: &Cx<'c>, topic: &'c Topic) -> Vec<Parameter<'c>> {
    let given = topic.parameters.iter().filter(|parameter| {
        topic.subscribe.is_none() || parameter.source != ParameterSource::Application
    });
    let given: Vec<&TopicParameter> = given.collect();
    let names = given.iter().map(|parameter| parameter.name.as_str());
    let names = scope(names, |name| Name::new(name).camel(), |_| false);
    given
        .into_iter()
        .zip(names)
        .map(|(declared, name)| {
            let own = declared.default.as_ref();
            let variable = if ident::is_keyword(&name) { format!("{name}_") } else { name.clone() };
            Parameter {
                declared,
                name,
                variable,
                kind: value(cx, declared),
                default: own.or_else(|| cx.default_of(declared.schema)).filter(|value| {
                    matches!(value, Json::String(_) | Json::Number(_) | Json::Bool(_))
                }),
            }
        })
        .collect()
}

fn value<'c>(cx: &Cx<'c>, parameter: &TopicParameter) -> Value<'c> {
    let Some(shape) = cx.contract.shapes.of(parameter.schema) else { return Value::Text };
    scalar(cx, shape).unwrap_or(Value::Text)
}

/// A shape as the value of a parameter: a scalar, or the item of a list.
pub(crate) fn scalar<'c>(cx: &Cx<'c>, shape: ShapeId) -> Option<Value<'c>> {
    let shapes = &cx.contract.shapes;
    let mut id = shapes.resolve(shape);
    for _ in 0..2 {
        if let Shape::Nullable(inner) | Shape::List(inner) = shapes.get(id).shape {
            id = shapes.resolve(inner);
        }
    }
    Some(match &shapes.get(id).shape {
        Shape::Enum(shape) => Value::Enum(id, shape),
        Shape::Boolean => Value::Boolean,
        Shape::Integer(Integer::I64 | Integer::U64) if cx.exact_integers() => Value::BigInt,
        Shape::Number(Number::Decimal) if cx.exact_decimals() => Value::Decimal,
        Shape::Integer(_) | Shape::Number(_) => Value::Number,
        Shape::Text(_) => Value::Text,
        _ => return None,
    })
}
