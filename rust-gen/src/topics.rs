//! Typed topics: a struct for each family.

use contract::model::{
    Delivery, Direction, EndpointId, MessageId, OperationId, Overflow, ParameterSource,
    TemplatePart, Topic, TopicId,
};
use contract::schema::{Shape, ShapeId};
use contract::wire::Framing;
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::Cx;
use crate::description;
use crate::ident::{ident, pascal, snake};
use crate::messages;
use crate::places::{Place, read, walk};
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
    let delivery = (!cx.is_client).then(|| delivery(topic));
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
            #delivery
        }

        #requests
        #carries
    }
}

/// What the contract says of the delivery of a topic's messages, where it says something.
fn delivery(topic: &Topic) -> TokenStream {
    let Delivery { overflow, keep, last, .. } = &topic.delivery;
    let overflow = (*overflow != Overflow::Close).then(|| {
        let overflow = ident(&pascal(overflow.name()));
        quote!(.overflow(v1::Overflow::#overflow))
    });
    let keep = (*keep > 0).then(|| {
        let keep = proc_macro2::Literal::u32_unsuffixed(*keep);
        quote!(.keep(#keep))
    });
    let last = last.then(|| quote!(.last()));
    if overflow.is_none() && keep.is_none() {
        return TokenStream::new();
    }
    quote!(const DELIVERY: v1::Delivery = v1::Delivery::EACH #overflow #keep #last;)
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
pub(crate) fn parameter_type(cx: &Cx<'_>, schema: contract::schema::SchemaId) -> TokenStream {
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

/// From a request to the topics that it names: `From` where the request always names one, a function
/// where it names several.
fn requests(cx: &Cx<'_>, topic: &Topic, name: &Ident, idents: &[Ident]) -> TokenStream {
    let allow = &cx.allow_deprecated;
    let visibility = &cx.visibility;
    let mut done: Vec<String> = Vec::new();
    let mut impls = Vec::new();
    for operation in [topic.subscribe, topic.unsubscribe].into_iter().flatten() {
        let Some(request) = request(cx, topic, operation) else { continue };
        let Request { held: Some(held), values, always, each, .. } = &request else { continue };
        if topic.parameters.is_empty() || done.contains(&held.to_string()) {
            continue;
        }
        done.push(held.to_string());
        let members = idents.iter().zip(values).map(|(ident, value)| quote!(#ident: #value));
        impls.push(match (each, always) {
            (Some(each), _) => {
                let doc = description::doc([format!(
                    "The topics that a request names, one for each of its {}.",
                    description::code(topic.many().map_or("", |parameter| &parameter.name)),
                )
                .as_str()]);
                let items = &request.items;
                let (ty, item) = if *always {
                    (quote!(Vec<Self>), quote!(Self { #(#members),* }))
                } else {
                    let ty = quote!(v1::Result<Vec<Self>, v1::TopicError>);
                    (ty, quote!(Ok(Self { #(#members),* })))
                };
                quote! {
                    #allow
                    impl #name {
                        #doc
                        #visibility fn #each(request: &#held) -> #ty {
                            #items.map(|each| #item).collect()
                        }
                    }
                }
            }
            (None, true) => quote! {
                #allow
                impl From<&#held> for #name {
                    fn from(request: &#held) -> Self {
                        Self { #(#members),* }
                    }
                }
            },
            (None, false) => quote! {
                #allow
                impl TryFrom<&#held> for #name {
                    type Error = v1::TopicError;

                    fn try_from(request: &#held) -> v1::Result<Self, Self::Error> {
                        Ok(Self { #(#members),* })
                    }
                }
            },
        });
    }
    quote!(#(#impls)*)
}

/// The values of a topic's parameters in a request.
pub(crate) struct Request {
    /// The message that it comes in.
    pub(crate) message: MessageId,
    /// The request's type; `None` for one that is nothing but its kind.
    held: Option<TokenStream>,
    /// An expression for each parameter, about `request`, and about `each` of the list's items.
    values: Vec<TokenStream>,
    /// Whether every request names a topic; else the expressions may return an error.
    pub(crate) always: bool,
    /// Where a parameter has a list of values: the function that makes a topic of each.
    pub(crate) each: Option<Ident>,
    /// An iterator over the list.
    items: TokenStream,
}

impl Request {
    /// Whether there is a request and nothing of it names the topic.
    pub(crate) fn is_empty(&self) -> bool {
        self.held.is_some() && self.values.is_empty()
    }
}

/// How a topic is found in the request of an operation; `None` if it cannot be.
pub(crate) fn request(cx: &Cx<'_>, topic: &Topic, operation: OperationId) -> Option<Request> {
    let message = *cx.contract.operation(operation).messages.first()?;
    let held = messages::held(cx, message);
    let mut values = Vec::new();
    let mut always = true;
    let mut items = TokenStream::new();
    for parameter in &topic.parameters {
        let ParameterSource::Message(path) = &parameter.source else { return None };
        let mut place = walk(cx, message, path, quote!(request))?;
        if parameter.many {
            let Shape::List(item) = cx.contract.shapes.get(place.shape).shape else { return None };
            let list = &place.value;
            items = if place.is_option {
                quote!(#list.into_iter().flatten())
            } else {
                quote!(#list.iter())
            };
            let shape = cx.contract.shapes.resolve(item);
            place = Place::new(quote!(each), shape);
        }
        let read = read(cx, place, parameter.default.as_ref(), &parameter.name)?;
        always &= read.always;
        values.push(read.value);
    }
    let each = topic.many().map(|_| {
        let operation = cx.contract.names.operation(operation).snake();
        ident(&format!("each_of_{operation}"))
    });
    Some(Request { message, held, values, always, each, items })
}

/// A `Cow<str>`: the text of what stands where the contract says which value a push is.
fn key(cx: &Cx<'_>, topic: &Topic, message: MessageId) -> Option<TokenStream> {
    let place = walk(cx, message, topic.delivery.key.as_ref()?, quote!(payload))?;
    let is_string = crate::types::is_string(cx, &cx.contract.shapes.get(place.shape).shape);
    let value = &place.value;
    Some(match (place.is_option, is_string) {
        (false, true) => quote!(v1::Cow::Borrowed(#value.as_str())),
        (false, false) => quote!(v1::Cow::Owned(#value.to_string())),
        (true, true) => {
            let text = place.text();
            quote!(v1::Cow::Borrowed(#text.unwrap_or_default()))
        }
        (true, false) => {
            quote!(#value.map_or(v1::Cow::Borrowed(""), |value| v1::Cow::Owned(value.to_string())))
        }
    })
}

/// `Carries` for every payload that only one of the topic's messages has; else for the direction's enum.
fn carries(cx: &Cx<'_>, endpoint: EndpointId, family: &Topic, name: &Ident) -> TokenStream {
    let types: Vec<Option<String>> =
        family.messages.iter().map(|id| messages::held(cx, *id).map(|ty| ty.to_string())).collect();
    let allow = &cx.allow_deprecated;
    let is_batched = cx.contract.endpoint(endpoint).is_batched(Direction::Send);
    let mut impls = Vec::new();
    for (id, text) in family.messages.iter().zip(&types) {
        let unique = text.is_some() && types.iter().filter(|other| *other == text).count() == 1;
        let Some(held) = messages::held(cx, *id).filter(|_| unique) else { continue };
        let (topic, parts) = match messages::envelope(cx, *id) {
            Some(_) => (quote!(topic), quote!(&v1::EnvelopeParts::of_topic(topic))),
            None => (quote!(_), quote!(&v1::EnvelopeParts::default())),
        };
        let is_text = matches!(cx.contract.wire.framing(*id), Framing::Text);
        let codec = if is_text { quote!(_) } else { quote!(codec) };
        let write = messages::write(cx, is_batched, *id, &parts);
        let key = key(cx, family, *id).map(|key| {
            quote! {
                fn key(payload: &#held) -> v1::Cow<'_, str> {
                    #key
                }
            }
        });
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

                #key
            }
        });
    }
    if impls.len() < family.messages.len() {
        let sent = messages::name(cx, endpoint, Direction::Send);
        let path = quote!(#sent);
        let variants = family.messages.iter().map(|id| messages::pattern(cx, &path, *id));
        let all = cx.contract.wire.dispatch(endpoint, Direction::Send).messages();
        let others = (all.len() > family.messages.len()).then(|| {
            quote! {
                _ => Err(v1::EncodeError::new(codec, "the topic does not carry this message")),
            }
        });
        let keys: Vec<TokenStream> = family
            .messages
            .iter()
            .filter_map(|id| {
                let key = key(cx, family, *id)?;
                let variant = messages::variant(cx, *id);
                Some(quote!(#sent::#variant(payload) => #key,))
            })
            .collect();
        let key = (!keys.is_empty()).then(|| {
            let others = (all.len() > keys.len()).then(|| quote!(_ => v1::Cow::Borrowed(""),));
            quote! {
                fn key(message: &#sent) -> v1::Cow<'_, str> {
                    match message {
                        #(#keys)*
                        #others
                    }
                }
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

                #key
            }
        });
    }
    quote!(#(#impls)*)
}
