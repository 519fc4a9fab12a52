//! Typed topics: a struct for each family.

use contract::model::{Direction, EndpointId, ParameterSource, TemplatePart, Topic, TopicId};
use contract::schema::shape::Number;
use contract::schema::{Shape, ShapeId};
use contract::wire::Framing;
use json::Json;
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::Cx;
use crate::description;
use crate::ident::{ident, snake};
use crate::messages;
use crate::types::type_of;

/// The topics of an endpoint.
pub(crate) fn topics(cx: &Cx<'_>, endpoint: EndpointId) -> TokenStream {
    let topics = cx.contract.topics_of(endpoint).map(|id| topic(cx, id));
    quote!(#(#topics)*)
}

/// The name of a topic's struct.
pub(crate) fn name(cx: &Cx<'_>, id: TopicId) -> Ident {
    ident(&format!("{}Topic", cx.contract.names.topic(id).pascal()))
}

/// The fields of a topic's struct, in the order of its parameters.
pub(crate) fn field_idents(topic: &Topic) -> Vec<Ident> {
    let names = topic.parameters.iter().map(|parameter| parameter.name.as_str());
    contract::names::scope(names, snake, |_| false).iter().map(|name| ident(name)).collect()
}

fn topic(cx: &Cx<'_>, id: TopicId) -> TokenStream {
    let topic = cx.contract.topic(id);
    let name = name(cx, id);
    let visibility = &cx.visibility;
    let doc = doc(cx, topic);
    let fields = topic.parameters.iter().zip(field_idents(topic)).map(|(parameter, ident)| {
        let about = cx.contract.schemas.get(parameter.schema).about.description.as_deref();
        let plain = format!("The parameter {}.", description::code(&parameter.name));
        let doc = description::doc([parameter.description.as_deref().or(about).unwrap_or(&plain)]);
        let ty = parameter_type(cx, parameter.schema);
        quote!(#doc #visibility #ident: #ty)
    });
    quote! {
        #doc
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #visibility struct #name { #(#fields),* }
    }
}

/// Names of topics, and what is published on them.
pub(crate) fn wire(cx: &Cx<'_>, endpoint: EndpointId) -> TokenStream {
    let topics = cx.contract.topics_of(endpoint).map(|id| topic_wire(cx, endpoint, id));
    quote!(#(#topics)*)
}

fn topic_wire(cx: &Cx<'_>, endpoint: EndpointId, id: TopicId) -> TokenStream {
    let topic = cx.contract.topic(id);
    let name = name(cx, id);
    let idents = field_idents(topic);
    let display = display(topic, &idents);
    let parse = parse(topic, &idents);
    let channel = crate::endpoint::name(cx, endpoint);
    let family = &topic.key;
    let requests = requests(cx, topic, &name, &idents);
    let carries = (!cx.is_client).then(|| carries(cx, endpoint, topic, &name));
    quote! {
        impl ::core::fmt::Display for #name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                #display
            }
        }

        impl ::core::str::FromStr for #name {
            type Err = v1::TopicError;

            fn from_str(name: &str) -> v1::Result<Self, Self::Err> {
                #parse
            }
        }

        impl v1::Topic for #name {
            type Channel = #channel;
            const FAMILY: &'static str = #family;
        }

        #requests
        #carries
    }
}

fn doc(cx: &Cx<'_>, topic: &Topic) -> TokenStream {
    let carried: Vec<String> = topic
        .messages
        .iter()
        .map(|id| {
            let message = cx.contract.message(*id);
            description::code(message.name.as_deref().unwrap_or(&message.key))
        })
        .collect();
    let form =
        format!("Name: {}. Carries {}.", description::code(&topic.name.text), carried.join(", "));
    description::doc([topic.description.as_deref(), Some(form.as_str())].into_iter().flatten())
}

/// The type of a parameter: one that has a text of its own and can be compared.
fn parameter_type(cx: &Cx<'_>, schema: contract::schema::SchemaId) -> TokenStream {
    let Some(shape) = cx.contract.shapes.of(schema) else { return quote!(String) };
    let shape = without_null(cx, shape);
    match &cx.contract.shapes.get(shape).shape {
        Shape::Enum(_) | Shape::Boolean | Shape::Integer(_) => type_of(cx, shape),
        // The runtime's scalars of other kinds are named by their text.
        _ => quote!(String),
    }
}

fn without_null(cx: &Cx<'_>, shape: ShapeId) -> ShapeId {
    let shape = cx.contract.shapes.resolve(shape);
    match cx.contract.shapes.get(shape).shape {
        Shape::Nullable(inner) => cx.contract.shapes.resolve(inner),
        _ => shape,
    }
}

fn display(topic: &Topic, idents: &[Ident]) -> TokenStream {
    let mut format = String::new();
    let mut arguments = Vec::new();
    for part in &topic.name.parts {
        match part {
            TemplatePart::Text(text) => {
                format.push_str(&text.replace('{', "{{").replace('}', "}}"));
            }
            TemplatePart::Parameter(name) => {
                if let Some(ident) = field(topic, idents, name) {
                    format.push_str("{}");
                    arguments.push(quote!(self.#ident));
                }
            }
        }
    }
    if arguments.is_empty() {
        let text = topic.name.parts.iter().filter_map(|part| match part {
            TemplatePart::Text(text) => Some(text.as_str()),
            TemplatePart::Parameter(_) => None,
        });
        let text: String = text.collect();
        return quote!(f.write_str(#text));
    }
    quote!(::core::write!(f, #format, #(#arguments),*))
}

fn field<'i>(topic: &Topic, idents: &'i [Ident], name: &str) -> Option<&'i Ident> {
    let at = topic.parameters.iter().position(|parameter| parameter.name == name)?;
    idents.get(at)
}

/// Takes a name apart: from the left up to the parameter that may contain what separates it, then from
/// the right. The contract has at most one such parameter.
fn parse(topic: &Topic, idents: &[Ident]) -> TokenStream {
    let template = &topic.name.text;
    let parts = &topic.name.parts;
    let mismatch = quote!(v1::TopicError::mismatch(name, #template));
    let wide = topic.wide_parameter();
    let mut steps: Vec<TokenStream> = Vec::new();
    let mut values = Vec::new();
    // What is left to take apart.
    let whole = |steps: &[TokenStream]| if steps.is_empty() { quote!(name) } else { quote!(rest) };
    let mut value = |name: &str, text: TokenStream| {
        if let Some(ident) = field(topic, idents, name) {
            values.push(quote!(#ident: v1::parameter(#name, #text)?));
        }
    };
    let is_wide = |part: &TemplatePart| matches!(part, TemplatePart::Parameter(name) if Some(name.as_str()) == wide);
    // From the left.
    let stop = parts.iter().position(is_wide).unwrap_or(parts.len());
    let mut at = 0;
    let mut closed = false;
    while at < stop {
        match &parts[at] {
            TemplatePart::Text(text) => {
                let whole = whole(&steps);
                steps.push(quote!(let rest = #whole.strip_prefix(#text).ok_or_else(mismatch)?;));
                at += 1;
            }
            TemplatePart::Parameter(name) => {
                let variable = ident(&format!("text_{}", snake(name)));
                match parts.get(at + 1) {
                    Some(TemplatePart::Text(separator)) => {
                        let whole = whole(&steps);
                        steps.push(quote! {
                            let (#variable, rest) = #whole.split_once(#separator).ok_or_else(mismatch)?;
                        });
                        at += 2;
                    }
                    _ => {
                        let whole = whole(&steps);
                        steps.push(quote!(let #variable = #whole;));
                        closed = true;
                        at += 1;
                    }
                }
                value(name, quote!(#variable));
            }
        }
    }
    // From the right.
    let mut end = parts.len();
    while end > stop + 1 {
        match &parts[end - 1] {
            TemplatePart::Text(text) => {
                let whole = whole(&steps);
                steps.push(quote!(let rest = #whole.strip_suffix(#text).ok_or_else(mismatch)?;));
                end -= 1;
            }
            TemplatePart::Parameter(name) => {
                let variable = ident(&format!("text_{}", snake(name)));
                if let TemplatePart::Text(separator) = &parts[end - 2] {
                    let whole = whole(&steps);
                    steps.push(quote! {
                        let (rest, #variable) = #whole.rsplit_once(#separator).ok_or_else(mismatch)?;
                    });
                }
                value(name, quote!(#variable));
                end -= 2;
            }
        }
    }
    if let Some(wide) = wide {
        value(wide, whole(&steps));
        closed = true;
    }
    if !closed {
        let whole = whole(&steps);
        steps.push(quote!(if !#whole.is_empty() {
            return Err(mismatch());
        }));
    }
    quote! {
        let mismatch = || #mismatch;
        #(#steps)*
        Ok(Self { #(#values),* })
    }
}

/// From a request to the topic that it names: `From` where the request always names one.
fn requests(cx: &Cx<'_>, topic: &Topic, name: &Ident, idents: &[Ident]) -> TokenStream {
    let allow = &cx.allow_deprecated;
    let mut done: Vec<String> = Vec::new();
    let mut impls = Vec::new();
    for operation in [topic.subscribe, topic.unsubscribe].into_iter().flatten() {
        let Some(Request { held, values, always }) = request(cx, topic, operation) else {
            continue;
        };
        if done.contains(&held.to_string()) {
            continue;
        }
        done.push(held.to_string());
        let members = idents.iter().zip(values).map(|(ident, value)| quote!(#ident: #value));
        impls.push(if always {
            quote! {
                #allow
                impl From<&#held> for #name {
                    fn from(request: &#held) -> Self {
                        Self { #(#members),* }
                    }
                }
            }
        } else {
            quote! {
                #allow
                impl TryFrom<&#held> for #name {
                    type Error = v1::TopicError;

                    fn try_from(request: &#held) -> v1::Result<Self, Self::Error> {
                        Ok(Self { #(#members),* })
                    }
                }
            }
        });
    }
    quote!(#(#impls)*)
}

/// The values of a topic's parameters in a request.
pub(crate) struct Request {
    /// The request's type.
    held: TokenStream,
    /// An expression for each parameter, about `request`.
    values: Vec<TokenStream>,
    /// Whether every request names a topic; else the expressions may return an error.
    pub(crate) always: bool,
}

/// How a topic is found in the request of an operation; `None` if it cannot be.
pub(crate) fn request(
    cx: &Cx<'_>,
    topic: &Topic,
    operation: contract::model::OperationId,
) -> Option<Request> {
    let message = *cx.contract.operation(operation).messages.first()?;
    let held = messages::held(cx, message)?;
    let mut values = Vec::new();
    let mut always = true;
    for parameter in &topic.parameters {
        let ParameterSource::Message(path) = &parameter.source else { return None };
        let read = read_path(cx, message, path, parameter.default.as_ref(), &parameter.name)?;
        always &= read.always;
        values.push(read.value);
    }
    Some(Request { held, values, always })
}

struct Read {
    value: TokenStream,
    always: bool,
}

/// The value at a place of a request, as the type of a topic's parameter.
fn read_path(
    cx: &Cx<'_>,
    message: contract::model::MessageId,
    path: &[String],
    default: Option<&Json<'static>>,
    parameter: &str,
) -> Option<Read> {
    let (shape, path) = match cx.contract.wire.framing(message) {
        Framing::Envelope(envelope) => {
            let (name, schema, required) = envelope.payload()?;
            let (first, rest) = path.split_first()?;
            if first != name || !required {
                return None;
            }
            (cx.contract.shapes.of(schema)?, rest)
        }
        _ => (cx.contract.shapes.of(cx.contract.message(message).payload)?, path),
    };
    let mut place = Place { value: quote!(request), is_option: false };
    let mut shape = cx.contract.shapes.resolve(shape);
    for step in path {
        if let Shape::Nullable(inner) = cx.contract.shapes.get(shape).shape {
            place = place.optional(&quote!(as_ref()));
            shape = cx.contract.shapes.resolve(inner);
        }
        let Shape::Struct(object) = &cx.contract.shapes.get(shape).shape else { return None };
        let at = object.fields.iter().position(|field| field.name == *step)?;
        let ident = &crate::types::field_idents(cx, shape, object)[at];
        place = if object.fields[at].required {
            place.field(ident)
        } else {
            place.optional(&quote!(#ident.as_ref()))
        };
        shape = cx.contract.shapes.resolve(object.fields[at].shape);
    }
    if let Shape::Nullable(inner) = cx.contract.shapes.get(shape).shape {
        place = place.optional(&quote!(as_ref()));
        shape = cx.contract.shapes.resolve(inner);
    }
    let entry = cx.contract.shapes.get(shape);
    let is_open_enum = matches!(entry.shape, Shape::Enum(_)) && cx.is_open(shape);
    let is_copy =
        matches!(entry.shape, Shape::Enum(_) | Shape::Boolean | Shape::Integer(_)) && !is_open_enum;
    let is_text =
        matches!(entry.shape, Shape::Text(_) | Shape::Number(Number::Double | Number::Decimal));
    if !is_copy && !is_text && !is_open_enum || cx.replacement(shape).is_some() {
        return None;
    }
    let value = place.value;
    if !place.is_option {
        let plain = is_open_enum || crate::types::is_string(cx, &entry.shape);
        let value = match (is_copy, plain) {
            (true, _) => value,
            (false, true) => quote!(#value.clone()),
            (false, false) => quote!(#value.to_string()),
        };
        return Some(Read { value, always: true });
    }
    let owned = if is_copy {
        quote!(#value.copied())
    } else if is_open_enum {
        quote!(#value.cloned())
    } else {
        quote!(#value.map(ToString::to_string))
    };
    let about = &cx.contract.schemas.get(entry.schema).about.default;
    let default = default.or(about.as_ref()).and_then(|default| default_value(cx, shape, default));
    Some(match default {
        Some(default) if is_copy || is_open_enum => {
            Read { value: quote!(#owned.unwrap_or(#default)), always: true }
        }
        Some(default) => Read { value: quote!(#owned.unwrap_or_else(|| #default)), always: true },
        None => {
            let error = quote!(v1::TopicError::missing(#parameter));
            Read { value: quote!(#owned.ok_or_else(|| #error)?), always: false }
        }
    })
}

/// A place inside a request: a path of fields, or an option of a reference once one may be missing.
struct Place {
    value: TokenStream,
    is_option: bool,
}

impl Place {
    fn field(self, ident: &Ident) -> Self {
        let value = self.value;
        let value = if self.is_option {
            quote!(#value.map(|value| &value.#ident))
        } else {
            quote!(#value.#ident)
        };
        Self { value, ..self }
    }

    /// A step that may lead nowhere.
    fn optional(self, step: &TokenStream) -> Self {
        let value = self.value;
        let value = if self.is_option {
            quote!(#value.and_then(|value| value.#step))
        } else {
            quote!(#value.#step)
        };
        Self { value, is_option: true }
    }
}

fn default_value(cx: &Cx<'_>, id: ShapeId, default: &Json<'static>) -> Option<TokenStream> {
    match (&cx.contract.shapes.get(id).shape, default) {
        (Shape::Enum(shape), Json::String(text)) => {
            let at = shape.variants.iter().position(|variant| variant.value == *text)?;
            let ty = type_of(cx, id);
            let variant = &crate::types::enum_idents(shape)[at];
            Some(quote!(#ty::#variant))
        }
        (Shape::Boolean, Json::Bool(value)) => Some(quote!(#value)),
        (Shape::Integer(kind), Json::Number(number)) => crate::types::integer(*kind, number),
        (Shape::Text(_), Json::String(text)) => {
            let text = &**text;
            Some(quote!(#text.to_owned()))
        }
        _ => None,
    }
}

/// `Carries` for every payload that only one of the topic's messages has; else for the direction's enum.
fn carries(cx: &Cx<'_>, endpoint: EndpointId, topic: &Topic, name: &Ident) -> TokenStream {
    let types: Vec<Option<String>> =
        topic.messages.iter().map(|id| messages::held(cx, *id).map(|ty| ty.to_string())).collect();
    let allow = &cx.allow_deprecated;
    let mut impls = Vec::new();
    for (id, text) in topic.messages.iter().zip(&types) {
        let unique = text.is_some() && types.iter().filter(|other| *other == text).count() == 1;
        let Some(held) = messages::held(cx, *id).filter(|_| unique) else { continue };
        let (topic, parts) = match messages::envelope(cx, *id) {
            Some(_) => (quote!(topic), quote!(&v1::EnvelopeParts::of_topic(topic))),
            None => (quote!(_), quote!(&v1::EnvelopeParts::default())),
        };
        let is_text = matches!(cx.contract.wire.framing(*id), Framing::Text);
        let codec = if is_text { quote!(_) } else { quote!(codec) };
        let write = messages::write(cx, *id, &parts);
        impls.push(quote! {
            #allow
            impl v1::Carries<#held> for #name {
                fn encode(
                    #topic: &str,
                    payload: &#held,
                    #codec: v1::Codec,
                    out: &mut Vec<u8>,
                ) -> v1::Result<(), v1::EncodeError> {
                    #write
                }
            }
        });
    }
    if impls.len() < topic.messages.len() {
        let sent = messages::name(cx, endpoint, Direction::Send);
        let path = quote!(#sent);
        let variants = topic.messages.iter().map(|id| messages::pattern(cx, &path, *id));
        let all = cx.contract.wire.dispatch(endpoint, Direction::Send).messages();
        let others = (all.len() > topic.messages.len()).then(|| {
            quote! {
                _ => Err(v1::EncodeError::new(codec, "the topic does not carry this message")),
            }
        });
        impls.push(quote! {
            #allow
            impl v1::Carries<#sent> for #name {
                fn encode(
                    topic: &str,
                    message: &#sent,
                    codec: v1::Codec,
                    out: &mut Vec<u8>,
                ) -> v1::Result<(), v1::EncodeError> {
                    match message {
                        #(#variants)|* => {
                            let parts = v1::EnvelopeParts::of_topic(topic);
                            v1::Message::encode(message, codec, &parts, out)
                        }
                        #others
                    }
                }
            }
        });
    }
    quote!(#(#impls)*)
}
