//! Answers that the contract writes down, as expressions.

use contract::answer::{Answer, AnswerPart};
use contract::model::Topic;
use contract::schema::shape::{Enum, Number};
use contract::schema::{Shape, ShapeId};
use json::Json;
use proc_macro2::{Ident, Literal, TokenStream, TokenTree};
use quote::{ToTokens, quote};

use crate::Cx;
use crate::checks;
use crate::ident::ident;
use crate::types::{enum_idents, field_idents, integer, is_copy, is_string, keeps_others, type_of};

/// Where what an answer speaks of comes from.
///
/// Beside what it names, an answer finds `subscribed` (what became of the subscription), `count` (of
/// messages that were dropped) and, for a list with an item for each topic, what [`Items`] says.
pub(crate) struct Source<'s> {
    /// The parameters of the topic with the fields that hold them.
    pub(crate) parameters: Vec<(&'s str, &'s Ident)>,
    /// An expression for the topic.
    pub(crate) topic: TokenStream,
    /// An expression for why something is refused or told.
    pub(crate) message: TokenStream,
    /// What an answer for each topic goes through.
    pub(crate) items: Items,
}

/// What there is for each topic of a request that names several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Items {
    /// `topics`: the topics.
    Topics,
    /// `topics`, and `subscribed` with what became of each.
    Subscribed,
    /// `outcomes`: each topic with what became of it, or why it was refused.
    Outcomes,
}

impl<'s> Source<'s> {
    /// The parameters of a topic that stands in `topic`; a refusal stands in `refusal`.
    pub(crate) fn of_topic(topic: &'s Topic, idents: &'s [Ident]) -> Self {
        let names = topic.parameters.iter().map(|parameter| parameter.name.as_str());
        Self {
            parameters: names.zip(idents).collect(),
            topic: quote!(topic),
            message: quote!(refusal),
            items: Items::Topics,
        }
    }

    /// No parameters: what is said is about `topic` or about nothing.
    pub(crate) fn of_no_topic(message: TokenStream) -> Self {
        Self { parameters: Vec::new(), topic: quote!(topic), message, items: Items::Topics }
    }
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
        (Answer::Text(parts), shape) if is_string(cx, shape) => text(parts, source, &field),
        (Answer::Recovery, Shape::Enum(shape)) => recovery(cx, id, shape)?,
        (Answer::Count, Shape::Integer(_)) => {
            let ty = type_of(cx, id);
            quote!(#ty::try_from(count).unwrap_or(#ty::MAX))
        }
        (Answer::Each { granted, refused }, Shape::List(list)) => {
            each(cx, *list, granted, refused.as_deref(), source)?
        }
        (Answer::Text(parts), _) => match &parts[..] {
            [AnswerPart::Text(text)] => {
                let text = Json::from(text.as_str()).to_string();
                quote!(v1::constant(#text))
            }
            _ => return None,
        },
        (Answer::Parameter(name), _) => {
            let value = field(name);
            if is_copy(cx, id) { value } else { quote!(#value.clone()) }
        }
        (Answer::Value(value), shape) => literal(cx, id, shape, value)?,
        _ => return None,
    })
}

/// The variant that says how a recovery came out.
fn recovery(cx: &Cx<'_>, id: ShapeId, shape: &Enum) -> Option<TokenStream> {
    let ty = type_of(cx, id);
    let idents = enum_idents(shape);
    let variant = |word: &str| {
        let at = shape.variants.iter().position(|variant| variant.value == word)?;
        idents.get(at)
    };
    let (none, complete, gap) = (variant("none")?, variant("complete")?, variant("gap")?);
    Some(quote! {
        match subscribed.recovery {
            v1::Recovery::None => #ty::#none,
            v1::Recovery::Complete(_) => #ty::#complete,
            v1::Recovery::Gap => #ty::#gap,
        }
    })
}

/// A list with an item for each topic.
fn each(
    cx: &Cx<'_>,
    item: ShapeId,
    granted: &Answer,
    refused: Option<&Answer>,
    source: &Source<'_>,
) -> Option<TokenStream> {
    let granted = expression(cx, item, granted, source)?;
    let named = |value: &TokenStream, name: &str| {
        if mentions(value, name) { ident(name).to_token_stream() } else { quote!(_) }
    };
    let (topic, subscribed) = (named(&granted, "topic"), named(&granted, "subscribed"));
    Some(match (source.items, refused) {
        (Items::Outcomes, Some(refused)) => {
            let refused = expression(cx, item, refused, source)?;
            let refusal = named(&refused, "refusal");
            let topic = if mentions(&refused, "topic") { quote!(topic) } else { topic };
            quote! {
                outcomes
                    .iter()
                    .map(|(#topic, outcome)| match outcome {
                        Ok(#subscribed) => #granted,
                        Err(#refusal) => #refused,
                    })
                    .collect()
            }
        }
        (Items::Subscribed, _) if mentions(&granted, "subscribed") => quote! {
            topics.iter().zip(&subscribed).map(|(#topic, subscribed)| #granted).collect()
        },
        _ => quote!(topics.iter().map(|#topic| #granted).collect()),
    })
}

fn text(
    parts: &[AnswerPart],
    source: &Source<'_>,
    field: &dyn Fn(&str) -> TokenStream,
) -> TokenStream {
    let Source { topic, message, .. } = source;
    match parts {
        [AnswerPart::Text(text)] => quote!(#text.to_owned()),
        [AnswerPart::Topic] => quote!(#topic.to_string()),
        [AnswerPart::Message] => quote!(#message.to_string()),
        [AnswerPart::Position] => quote!(subscribed.position_text()),
        [AnswerPart::Recovery] => quote!(subscribed.recovery.to_string()),
        [AnswerPart::Count] => quote!(count.to_string()),
        [AnswerPart::Parameter(name)] => {
            let value = field(name);
            quote!(#value.to_string())
        }
        parts => {
            let mut format = String::new();
            let mut arguments = Vec::new();
            for part in parts {
                let argument = match part {
                    AnswerPart::Text(text) => {
                        format.push_str(&text.replace('{', "{{").replace('}', "}}"));
                        continue;
                    }
                    AnswerPart::Parameter(name) => field(name),
                    AnswerPart::Topic => topic.clone(),
                    AnswerPart::Message => message.clone(),
                    AnswerPart::Position => quote!(subscribed.position_text()),
                    AnswerPart::Recovery => quote!(subscribed.recovery),
                    AnswerPart::Count => quote!(count),
                };
                format.push_str("{}");
                arguments.push(argument);
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

/// A constant as a value of a shape; `None` if the shape's type has no such value.
pub(crate) fn literal(
    cx: &Cx<'_>,
    id: ShapeId,
    shape: &Shape,
    value: &Json<'static>,
) -> Option<TokenStream> {
    Some(match (shape, value) {
        (Shape::Enum(shape), Json::String(text)) => {
            let at = shape.variants.iter().position(|variant| variant.value == *text)?;
            let ty = type_of(cx, id);
            let variant = &enum_idents(shape)[at];
            quote!(#ty::#variant)
        }
        (Shape::Boolean, Json::Bool(value)) => quote!(#value),
        (Shape::Integer(kind), Json::Number(number)) => integer(*kind, number)?,
        (Shape::Number(Number::Double), Json::Number(number)) => {
            let value = number.to_f64().filter(|value| value.is_finite())?;
            let value = Literal::f64_unsuffixed(value);
            quote!(#value)
        }
        (Shape::Nullable(_), Json::Null) => quote!(None),
        (Shape::Nullable(inner), value) => {
            let inner = cx.contract.shapes.resolve(*inner);
            let value = literal(cx, inner, &cx.contract.shapes.get(inner).shape, value)?;
            quote!(Some(#value))
        }
        (Shape::Any | Shape::Dynamic(_), value) => {
            let value = checks::constant(value);
            quote!(v1::Json::from(&#value))
        }
        // Lists, maps, unions: read once from their JSON, which was checked when it was generated.
        (_, value) => {
            let text = value.to_string();
            quote!(v1::constant(#text))
        }
    })
}

#[cfg(test)]
mod tests {
    use crate::{Options, format, generate};

    /// The default of an operation that subscribes, answered with a `size` of this schema and value.
    fn answered(schema: &str, size: &str) -> String {
        let text = format!(
            "asyncapi: 3.0.0
info: {{ title: Sizes, version: 1.0.0 }}
channels:
  sizes:
    address: /
    messages:
      subscribe: {{ payload: {{ type: object, required: [type], properties: {{ type: {{ const: subscribe }} }} }} }}
      reply:
        payload:
          type: object
          required: [type, payload]
          properties:
            type: {{ const: reply }}
            payload: {{ type: object, required: [size], properties: {{ size: {schema} }} }}
      push: {{ payload: {{ type: object, required: [type, payload], properties: {{ type: {{ const: push }}, payload: {{ type: object, required: [at], properties: {{ at: {{ type: integer }} }} }} }} }} }}
    x-topics:
      sizes: {{ name: sizes, message: push, subscribe: subscribe, reply: {{ subscribe: {{ size: {size} }} }} }}
operations:
  subscribe: {{ action: receive, channel: {{ $ref: '#/channels/sizes' }}, messages: [{{ $ref: '#/channels/sizes/messages/subscribe' }}], reply: {{ messages: [{{ $ref: '#/channels/sizes/messages/reply' }}] }} }}
  push: {{ action: send, channel: {{ $ref: '#/channels/sizes' }}, messages: [{{ $ref: '#/channels/sizes/messages/push' }}] }}
"
        );
        let loaded = contract::parse("asyncapi.yaml", &text, &contract::Options::default());
        let contract = loaded.contract.unwrap_or_else(|_| panic!("{}", loaded.diagnostics));
        let generated = generate(&contract, &Options::new()).unwrap();
        let text = format(generated.tokens).unwrap();
        let size = text
            .lines()
            .find_map(|line| line.split_once("size: ").filter(|it| !it.0.contains("pub")));
        size.map_or("nothing".to_owned(), |(_, rest)| {
            rest.trim_end_matches([' ', '}', ')', ',']).to_owned()
        })
    }

    #[test]
    fn an_answer_has_the_number_that_the_contract_says_or_is_left_to_the_handler() {
        let wide = "{ type: integer, minimum: 0, maximum: 18446744073709551615 }";
        assert_eq!(answered(wide, "18446744073709551615"), "18446744073709551615");
        assert_eq!(answered("{ type: integer }", "18446744073709551615"), "nothing");
        assert_eq!(answered("{ type: number }", "2.5"), "2.5");
        assert_eq!(answered("{ type: number }", "1e400"), "nothing");
    }
}
