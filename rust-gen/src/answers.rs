//! Answers that the contract writes down, as expressions.

use contract::answer::{Answer, AnswerPart};
use contract::schema::{Shape, ShapeId};
use json::Json;
use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::quote;

use crate::Cx;
use crate::types::{enum_idents, field_idents, is_string, keeps_others, type_of};

/// Where the values of parameters come from.
pub(crate) struct Source<'s> {
    /// The parameters of the topic with the fields that hold them.
    pub(crate) parameters: Vec<(&'s str, &'s Ident)>,
    /// An expression for the topic.
    pub(crate) topic: TokenStream,
}

/// An answer as a value of its shape's type; `None` if that is a type that a text is not at once.
pub(crate) fn expression(
    cx: &Cx<'_>,
    shape: ShapeId,
    answer: &Answer,
    source: &Source<'_>,
) -> Option<TokenStream> {
    let id = cx.contract.shapes.resolve(shape);
    let topic = &source.topic;
    let field = |name: &str| {
        let found = source.parameters.iter().find(|pair| pair.0 == name);
        found.map(|(_, ident)| quote!(#topic.#ident)).unwrap_or_default()
    };
    Some(match (answer, &cx.contract.shapes.get(id).shape) {
        (Answer::Struct(members), Shape::Struct(shape)) => {
            let ty = type_of(cx, id);
            let idents = field_idents(cx, id, shape);
            let mut given = Vec::new();
            for (at, field) in shape.fields.iter().enumerate() {
                if field.constant.is_some() {
                    continue;
                }
                let ident = &idents[at];
                let member = members.iter().find(|member| member.0 == at);
                given.push(match member {
                    Some((_, answer)) => {
                        let value = expression(cx, field.shape, answer, source)?;
                        if field.required {
                            quote!(#ident: #value)
                        } else {
                            quote!(#ident: Some(#value))
                        }
                    }
                    None => quote!(#ident: None),
                });
            }
            let rest = keeps_others(cx, id, shape).then(|| quote!(extra: Default::default()));
            quote!(#ty { #(#given,)* #rest })
        }
        (Answer::Text(parts), shape) if is_string(cx, shape) => text(parts, topic, &field),
        (Answer::Text(parts), _) => match &parts[..] {
            [AnswerPart::Text(text)] => {
                let text = Json::from(text.as_str()).to_string();
                quote!(v1::constant(#text))
            }
            _ => return None,
        },
        (Answer::Parameter(name), shape) => {
            let value = field(name);
            let is_copy = matches!(shape, Shape::Enum(_) | Shape::Boolean | Shape::Integer(_))
                && !cx.is_open(id);
            if is_copy { value } else { quote!(#value.clone()) }
        }
        (Answer::Value(value), shape) => literal(cx, id, shape, value),
        _ => return None,
    })
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

/// Whether a variable is among the tokens. Tokens and not text: how text is spaced depends on who
/// prints it, the compiler or this crate.
pub(crate) fn mentions(tokens: &TokenStream, name: &str) -> bool {
    let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
    let is = |at: Option<usize>, c: char| match at.and_then(|at| tokens.get(at)) {
        Some(TokenTree::Punct(punct)) => punct.as_char() == c,
        _ => false,
    };
    tokens.iter().enumerate().any(|(at, token)| match token {
        TokenTree::Group(group) => mentions(&group.stream(), name),
        // `name: …` and `.name` are fields.
        TokenTree::Ident(ident) => {
            ident == name && !is(Some(at + 1), ':') && !is(at.checked_sub(1), '.')
        }
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
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
