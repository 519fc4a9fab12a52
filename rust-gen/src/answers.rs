//! Answers that the contract writes down, as expressions.

use contract::answer::{Answer, AnswerPart};
use contract::schema::{Shape, ShapeId};
use json::Json;
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::Cx;
use crate::types::{enum_idents, field_idents, type_of};

/// Where the values of parameters come from.
pub(crate) struct Source<'s> {
    /// The parameters of the topic with the fields that hold them.
    pub(crate) parameters: Vec<(&'s str, &'s Ident)>,
    /// An expression for the topic.
    pub(crate) topic: TokenStream,
}

/// An answer as a value of its shape's type.
pub(crate) fn expression(
    cx: &Cx<'_>,
    shape: ShapeId,
    answer: &Answer,
    source: &Source<'_>,
) -> TokenStream {
    let id = cx.contract.shapes.resolve(shape);
    let topic = &source.topic;
    let field = |name: &str| {
        let found = source.parameters.iter().find(|pair| pair.0 == name);
        found.map(|(_, ident)| quote!(#topic.#ident)).unwrap_or_default()
    };
    match (answer, &cx.contract.shapes.get(id).shape) {
        (Answer::Struct(members), Shape::Struct(shape)) => {
            let ty = type_of(cx, id);
            let idents = field_idents(shape);
            let mut given = Vec::new();
            for (at, field) in shape.fields.iter().enumerate() {
                if field.constant.is_some() {
                    continue;
                }
                let ident = &idents[at];
                let member = members.iter().find(|member| member.0 == at);
                given.push(match member {
                    Some((_, answer)) => {
                        let value = expression(cx, field.shape, answer, source);
                        if field.required {
                            quote!(#ident: #value)
                        } else {
                            quote!(#ident: Some(#value))
                        }
                    }
                    None => quote!(#ident: None),
                });
            }
            let rest = matches!(shape.rest, contract::schema::shape::Rest::Typed(_))
                .then(|| quote!(extra: Default::default()));
            quote!(#ty { #(#given,)* #rest })
        }
        (Answer::Text(parts), _) => text(parts, topic, &field),
        (Answer::Parameter(name), _) => {
            let value = field(name);
            quote!(#value.clone())
        }
        (Answer::Value(value), shape) => literal(cx, id, shape, value),
        _ => quote!(Default::default()),
    }
}

fn text(
    parts: &[AnswerPart],
    topic: &TokenStream,
    field: &dyn Fn(&str) -> TokenStream,
) -> TokenStream {
    match parts {
        [AnswerPart::Text(text)] => quote!(#text.to_owned()),
        [AnswerPart::Topic] => quote!(#topic.to_string()),
        [AnswerPart::Message] => quote!(refusal.to_string()),
        [AnswerPart::Parameter(name)] => {
            let value = field(name);
            quote!(#value.to_string())
        }
        parts => {
            let mut format = String::new();
            let mut arguments = Vec::new();
            for part in parts {
                match part {
                    AnswerPart::Text(text) => {
                        format.push_str(&text.replace('{', "{{").replace('}', "}}"));
                    }
                    AnswerPart::Parameter(name) => {
                        format.push_str("{}");
                        arguments.push(field(name));
                    }
                    AnswerPart::Topic => {
                        format.push_str("{}");
                        arguments.push(quote!(#topic));
                    }
                    AnswerPart::Message => {
                        format.push_str("{}");
                        arguments.push(quote!(refusal));
                    }
                }
            }
            quote!(format!(#format, #(#arguments),*))
        }
    }
}

/// A constant as a value of a shape.
fn literal(cx: &Cx<'_>, id: ShapeId, shape: &Shape, value: &Json<'static>) -> TokenStream {
    match (shape, value) {
        (Shape::Enum(shape), Json::String(text)) => {
            let at = shape.variants.iter().position(|variant| variant.value == *text);
            let ty = type_of(cx, id);
            let idents = enum_idents(shape);
            match at.and_then(|at| idents.get(at)) {
                Some(variant) => quote!(#ty::#variant),
                None => quote!(Default::default()),
            }
        }
        (Shape::Boolean, Json::Bool(value)) => quote!(#value),
        (Shape::Integer(_), Json::Number(number)) => {
            let value = number.to_i64().unwrap_or_default();
            let value = proc_macro2::Literal::i64_unsuffixed(value);
            quote!(#value)
        }
        (Shape::Number(contract::schema::shape::Number::Double), Json::Number(number)) => {
            let value = number.to_f64().filter(|value| value.is_finite()).unwrap_or_default();
            let value = proc_macro2::Literal::f64_unsuffixed(value);
            quote!(#value)
        }
        (Shape::Nullable(_), Json::Null) => quote!(None),
        (Shape::Nullable(inner), value) => {
            let inner = cx.contract.shapes.resolve(*inner);
            let value = literal(cx, inner, &cx.contract.shapes.get(inner).shape, value);
            quote!(Some(#value))
        }
        (Shape::Any | Shape::Dynamic(_), value) => {
            let value = crate::checks::constant(value);
            quote!(v1::Json::from(&#value))
        }
        // Lists, maps, unions: read once from their JSON, which was checked when it was generated.
        (_, value) => {
            let text = value.to_string();
            quote!(v1::constant(#text))
        }
    }
}
