//! One enum for each direction of an endpoint: which message a frame is, and how one becomes a frame.

use std::collections::HashSet;

use contract::model::{Direction, EndpointId, MessageId};
use contract::schema::{Type, Types};
use contract::wire::{Case, Dispatch, Envelope, EnvelopeProperty, Framing, Step};
use json::Json;
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::quote;

use crate::Cx;
use crate::description;
use crate::frames::{self, FrameField};
use crate::ident::ident;
use crate::types::type_of;

/// The name of a direction's enum.
pub(crate) fn name(cx: &Cx<'_>, endpoint: EndpointId, direction: Direction) -> Ident {
    let suffix = match direction {
        Direction::Receive => "Received",
        Direction::Send => "Sent",
    };
    ident(&format!("{}{suffix}", cx.contract.names.endpoint(endpoint).pascal()))
}

/// The messages of all directions of all sockets, each once.
pub(crate) fn used(cx: &Cx<'_>) -> Vec<MessageId> {
    let mut seen = HashSet::new();
    cx.contract
        .endpoint_ids()
        .filter(|id| cx.contract.endpoint(*id).is_websocket)
        .flat_map(|id| {
            let of = |direction| cx.contract.wire.dispatch(id, direction).messages();
            [of(Direction::Receive), of(Direction::Send)].concat()
        })
        .filter(|id| seen.insert(*id))
        .collect()
}

/// The variant of a message.
pub(crate) fn variant(cx: &Cx<'_>, message: MessageId) -> Ident {
    ident(&cx.contract.names.message(message).pascal())
}

/// The type that a variant holds; `None` if there is nothing to hold.
pub(crate) fn held(cx: &Cx<'_>, message: MessageId) -> Option<TokenStream> {
    match cx.contract.wire.framing(message) {
        Framing::Envelope(envelope) => {
            let (_, schema, required) = envelope.payload()?;
            let plain = frames::payload_type(cx, schema);
            Some(if required { plain } else { quote!(Option<#plain>) })
        }
        Framing::Whole => Some(whole_type(cx, message)),
        Framing::Text => text_values(cx, message).is_none().then(|| quote!(String)),
    }
}

fn whole_type(cx: &Cx<'_>, message: MessageId) -> TokenStream {
    let payload = cx.contract.message(message).payload;
    match cx.contract.shapes.of(payload) {
        Some(shape) => type_of(cx, shape),
        None => quote!(v1::Json<'static>),
    }
}

/// The text of a bare frame that is always the same.
fn text_values(cx: &Cx<'_>, message: MessageId) -> Option<String> {
    let schemas = &cx.contract.schemas;
    let values = schemas.values(cx.contract.message(message).payload)?;
    match &values[..] {
        [Json::String(text)] => Some(text.to_string()),
        _ => None,
    }
}

/// The enum of a direction with its decoding and encoding.
pub(crate) fn direction(cx: &Cx<'_>, endpoint: EndpointId, direction: Direction) -> TokenStream {
    let contract = cx.contract;
    let dispatch = contract.wire.dispatch(endpoint, direction);
    let messages = dispatch.messages();
    let name = name(cx, endpoint, direction);
    let visibility = &cx.visibility;
    let address = contract.endpoint(endpoint).address.as_deref().unwrap_or("an address of its own");
    let (verb, who) = match direction {
        Direction::Receive => ("receives", "a client sends"),
        Direction::Send => ("sends", "a client gets"),
    };
    let doc = description::doc([format!(
        "What the server {verb} on {}: what {who}.",
        description::code(address)
    )
    .as_str()]);
    let variants = messages.iter().map(|id| {
        let doc = variant_doc(cx, *id);
        let variant = variant(cx, *id);
        match held(cx, *id) {
            Some(ty) => quote!(#doc #variant(#ty)),
            None => quote!(#doc #variant),
        }
    });
    let conversions = conversions(cx, &name, &messages);
    let decode = decode(cx, dispatch);
    let encode: TokenStream = messages.iter().map(|id| encode_arm(cx, *id)).collect();
    let names = messages.iter().map(|id| {
        let variant = variant(cx, *id);
        let message = contract.message(*id);
        let text = message.name.as_deref().unwrap_or(&message.key);
        let pattern = if held(cx, *id).is_some() {
            quote!(Self::#variant(_))
        } else {
            quote!(Self::#variant)
        };
        quote!(#pattern => #text,)
    });
    // An enum without variants is matched by reference to nothing.
    let this = if messages.is_empty() { quote!(*self) } else { quote!(self) };
    let deprecates = messages.iter().any(|id| contract.message(*id).deprecated);
    let allow = deprecates.then_some(&cx.allow_deprecated);
    let [codec, envelope, out] = ["codec", "envelope", "out"].map(|name| parameter(name, &encode));
    quote! {
        #doc
        #[derive(Clone, Debug, PartialEq)]
        #visibility enum #name { #(#variants),* }

        #conversions

        #allow
        impl v1::Message for #name {
            fn decode(frame: &v1::Frame<'_>) -> v1::Result<v1::Decoded<Self>, v1::DecodeError> {
                #decode
            }

            fn encode(
                &self,
                #codec: v1::Codec,
                #envelope: &v1::EnvelopeParts<'_>,
                #out: &mut Vec<u8>,
            ) -> v1::Result<(), v1::EncodeError> {
                match #this { #encode }
            }

            fn name(&self) -> &'static str {
                match #this { #(#names)* }
            }
        }
    }
}

/// A parameter's name, or `_` where the body has no use for it.
pub(crate) fn parameter(name: &str, body: &TokenStream) -> Ident {
    let used = if mentions(body, name) { name } else { "_" };
    Ident::new(used, Span::call_site())
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

fn variant_doc(cx: &Cx<'_>, id: MessageId) -> TokenStream {
    let message = cx.contract.message(id);
    let wire = message.name.as_deref().unwrap_or(&message.key);
    let wire = description::code(wire);
    let text = message.summary.as_deref().or(message.title.as_deref());
    let headline = match text {
        Some(text) => format!("{wire}: {text}"),
        None => format!("{wire}."),
    };
    let doc = description::doc(
        [Some(headline.as_str()), message.description.as_deref()].into_iter().flatten(),
    );
    let deprecated = message.deprecated.then(|| quote!(#[deprecated]));
    quote!(#doc #deprecated)
}

/// `From` for every payload that only one message has.
fn conversions(cx: &Cx<'_>, name: &Ident, messages: &[MessageId]) -> TokenStream {
    let types: Vec<Option<String>> =
        messages.iter().map(|id| held(cx, *id).map(|ty| ty.to_string())).collect();
    let each = messages.iter().zip(&types).filter_map(|(id, text)| {
        let text = text.as_ref()?;
        let unique = types.iter().flatten().filter(|other| *other == text).count() == 1;
        let (ty, variant) = (held(cx, *id)?, variant(cx, *id));
        let allow = cx.contract.message(*id).deprecated.then_some(&cx.allow_deprecated);
        unique.then(|| {
            quote! {
                #allow
                impl From<#ty> for #name {
                    fn from(value: #ty) -> Self {
                        Self::#variant(value)
                    }
                }
            }
        })
    });
    quote!(#(#each)*)
}

/// A decision tree as nested matches.
fn decode(cx: &Cx<'_>, dispatch: &Dispatch) -> TokenStream {
    decide(cx, dispatch, &[])
}

/// `known` is the place that was asked last, for the message about a frame that is none.
fn decide(cx: &Cx<'_>, dispatch: &Dispatch, asked: &[Step]) -> TokenStream {
    match dispatch {
        Dispatch::Nothing => {
            let path = path(asked);
            let known =
                if asked.is_empty() { "no message at all" } else { "the value of a message" };
            quote!(Err(frame.unknown(&[#(#path),*], #known)))
        }
        Dispatch::Message(id) => read(cx, *id),
        Dispatch::Text { cases, any, json } => {
            let arms = cases.iter().map(|(text, id)| {
                let variant = variant(cx, *id);
                let value = match held(cx, *id) {
                    Some(_) => quote!(Self::#variant(#text.to_owned())),
                    None => quote!(Self::#variant),
                };
                quote!(Some(#text) => return Ok(v1::Decoded::new(#value)),)
            });
            let json = decide(cx, json, asked);
            let any = any.map(|id| {
                let variant = variant(cx, id);
                quote! {
                    Some(text) if !v1::looks_like_json(text) => {
                        return Ok(v1::Decoded::new(Self::#variant(text.to_owned())));
                    }
                }
            });
            quote! {
                match frame.bare() { #(#arms)* #any _ => {} }
                #json
            }
        }
        Dispatch::Type(cases) => {
            let arms = cases.iter().map(|(types, then)| {
                let then = decide(cx, then, asked);
                let patterns = frame_kinds(*types);
                quote!(#patterns => { #then })
            });
            let all =
                cases.iter().map(|(types, _)| *types).reduce(Types::or).unwrap_or(Types::NONE);
            let number = all.has(Type::Integer).then(|| Types::only(Type::Number));
            let others = (all.or(number.unwrap_or(Types::NONE)) != Types::ALL).then(|| {
                quote! {
                    _ => Err(frame.unknown(&[], "a frame of another type")),
                }
            });
            quote! {
                match frame.kind() {
                    #(#arms)*
                    #others
                }
            }
        }
        Dispatch::Value { path: place, cases, otherwise } => {
            let texts_only = cases
                .iter()
                .all(|case| case.values.iter().all(|value| matches!(value, Json::String(_))));
            let steps = path(place);
            let otherwise = decide(cx, otherwise, place);
            if texts_only {
                let arms = cases.iter().map(|Case { values, then }| {
                    let values = values.iter().filter_map(Json::as_str);
                    let then = decide(cx, then, place);
                    quote!(#(#values)|* => { #then })
                });
                return quote! {
                    match frame.tag(&[#(#steps),*]).as_str() {
                        #(#arms)*
                        _ => { #otherwise }
                    }
                };
            }
            let tests = cases.iter().map(|Case { values, then }| {
                let conditions = values.iter().map(|value| match value {
                    Json::String(text) => {
                        let text = &**text;
                        quote!(tag.as_str() == #text)
                    }
                    other => {
                        let text = other.to_string();
                        quote!(tag.is(#text))
                    }
                });
                let then = decide(cx, then, place);
                quote!(if #(#conditions)||* { #then } else)
            });
            quote! {
                let tag = frame.tag(&[#(#steps),*]);
                #(#tests)* { #otherwise }
            }
        }
        Dispatch::Check(ids) => check(cx, ids),
    }
}

/// Messages that nothing tells apart: the tree is tried against each.
fn check(cx: &Cx<'_>, ids: &[MessageId]) -> TokenStream {
    let checks = ids.iter().map(|id| {
        let payload = cx.contract.message(*id).payload;
        crate::checks::expression(cx, payload)
    });
    let known = ids.iter().map(|id| {
        let payload = cx.contract.message(*id).payload;
        let names = cx.contract.schemas.property_names(payload);
        quote!(&[#(#names),*])
    });
    let arms = ids.iter().enumerate().map(|(at, id)| {
        let read = read(cx, *id);
        quote!(#at => { #read })
    });
    quote! {
        match v1::best_of(frame.tree()?, &[#(#checks),*], &[#(#known),*])? {
            #(#arms)*
            _ => Err(frame.unknown(&[], "a frame of a message")),
        }
    }
}

/// Reads the frame of one message.
fn read(cx: &Cx<'_>, id: MessageId) -> TokenStream {
    let variant = variant(cx, id);
    match cx.contract.wire.framing(id) {
        Framing::Whole => {
            let ty = whole_type(cx, id);
            let payload = cx.contract.message(id).payload;
            if is_item(cx, payload) {
                quote!(frame.read::<#ty>().map(|value| v1::Decoded::new(Self::#variant(value))))
            } else {
                let check = crate::checks::expression(cx, payload);
                quote!(frame.read_checked::<#ty>(#check).map(|value| v1::Decoded::new(Self::#variant(value))))
            }
        }
        Framing::Text => quote!(Err(frame.unknown(&[], "bare text"))),
        Framing::Envelope(envelope) => read_envelope(cx, id, envelope, &variant),
    }
}

fn read_envelope(cx: &Cx<'_>, id: MessageId, envelope: &Envelope, variant: &Ident) -> TokenStream {
    let name = frames::name(cx, id);
    let target = envelope.payload().map(|(_, schema, _)| frames::payload_type(cx, schema));
    let generics = frames::generics(envelope, &quote!(#target), &quote!('static));
    let turbofish = (!generics.is_empty()).then(|| quote!(::#generics));
    let mut value = quote!(Self::#variant);
    let mut decoded = Vec::new();
    for FrameField { ident, property } in frames::fields(envelope) {
        match property {
            EnvelopeProperty::Payload { .. } => value = quote!(Self::#variant(frame.#ident)),
            EnvelopeProperty::Correlation { required: true, .. } => {
                decoded.push(quote!(.with_id(Some(frame.#ident))));
            }
            EnvelopeProperty::Correlation { schema, .. }
                if cx.contract.message(id).lenient_correlation =>
            {
                let check = crate::checks::expression(cx, *schema);
                decoded.push(quote! {
                    .with_id(frame.#ident.filter(|id| id.check(#check).is_ok()))
                });
            }
            EnvelopeProperty::Correlation { .. } => decoded.push(quote!(.with_id(frame.#ident))),
            EnvelopeProperty::Topic { required: true, .. } => {
                decoded.push(quote!(.with_topic(Some(frame.#ident.into_owned()))));
            }
            EnvelopeProperty::Topic { .. } => {
                decoded.push(quote!(.with_topic(frame.#ident.map(v1::Cow::into_owned))));
            }
            EnvelopeProperty::Constant { .. } => {}
        }
    }
    let unused = value.to_string() == quote!(Self::#variant).to_string() && decoded.is_empty();
    let frame = if unused { quote!(_) } else { quote!(frame) };
    quote! {
        frame
            .read::<__frames::#name #turbofish>()
            .map(|#frame| v1::Decoded::new(#value) #(#decoded)*)
    }
}

/// Writes one message.
fn encode_arm(cx: &Cx<'_>, id: MessageId) -> TokenStream {
    let variant = variant(cx, id);
    match cx.contract.wire.framing(id) {
        Framing::Whole => {
            let write = write_whole(cx, id);
            quote!(Self::#variant(payload) => #write,)
        }
        Framing::Text => match text_values(cx, id) {
            Some(text) => quote!(Self::#variant => v1::encode_text(#text, out),),
            None => quote!(Self::#variant(text) => v1::encode_text(text, out),),
        },
        Framing::Envelope(envelope) => {
            let frame = frame_value(cx, id, envelope, &quote!(envelope.topic));
            if let Some((_, schema, required)) = envelope.payload() {
                let write = write_frame(cx, schema, required, &frame);
                quote!(Self::#variant(payload) => { #write })
            } else {
                quote!(Self::#variant => v1::write(codec, &#frame, out),)
            }
        }
    }
}

/// Writes a frame that is the payload itself, a reference in `payload`.
pub(crate) fn write_whole(cx: &Cx<'_>, id: MessageId) -> TokenStream {
    let schema = cx.contract.message(id).payload;
    if is_item(cx, schema) {
        quote!(v1::encode(codec, payload, out))
    } else {
        let check = crate::checks::expression(cx, schema);
        quote!(v1::encode_checked(codec, payload, #check, out))
    }
}

/// Whether a schema's type has its rules in `Payload`.
fn is_item(cx: &Cx<'_>, schema: contract::schema::SchemaId) -> bool {
    cx.contract.shapes.of(schema).is_some_and(|shape| {
        let shape = cx.contract.shapes.resolve(shape);
        cx.contract.names.type_of(shape).is_some() && cx.replacement(shape).is_none()
    })
}

/// The frame of a message around `payload`, a reference.
pub(crate) fn frame_value(
    cx: &Cx<'_>,
    id: MessageId,
    envelope: &Envelope,
    topic: &TokenStream,
) -> TokenStream {
    let name = frames::name(cx, id);
    let members =
        frames::fields(envelope).into_iter().map(|FrameField { ident, property }| match property {
            EnvelopeProperty::Constant { value, .. } => quote!(#ident: v1::Fixed(#value)),
            EnvelopeProperty::Payload { required: true, .. } if ident == "payload" => {
                quote!(payload)
            }
            EnvelopeProperty::Payload { required: true, .. } => quote!(#ident: payload),
            EnvelopeProperty::Payload { .. } => quote!(#ident: payload.as_ref()),
            EnvelopeProperty::Correlation { required: true, .. } => {
                quote!(#ident: envelope.id.cloned().unwrap_or_default().into_owned())
            }
            EnvelopeProperty::Correlation { .. } => {
                quote!(#ident: envelope.id.cloned().map(v1::Json::into_owned))
            }
            EnvelopeProperty::Topic { required: true, .. } => {
                quote!(#ident: v1::Cow::Borrowed(#topic.unwrap_or_default()))
            }
            EnvelopeProperty::Topic { .. } => quote!(#ident: #topic.map(v1::Cow::Borrowed)),
        });
    quote!(__frames::#name { #(#members),* })
}

/// Writes a frame after its payload was found valid.
pub(crate) fn write_frame(
    cx: &Cx<'_>,
    schema: contract::schema::SchemaId,
    required: bool,
    frame: &TokenStream,
) -> TokenStream {
    let validate = if is_item(cx, schema) {
        quote!(v1::validate(codec, payload)?;)
    } else {
        let check = crate::checks::expression(cx, schema);
        quote!(v1::validate_by(codec, payload, #check)?;)
    };
    let validate =
        if required { validate } else { quote!(if let Some(payload) = payload { #validate }) };
    quote! {
        #validate
        v1::write(codec, &#frame, out)
    }
}

/// A place of a frame as the runtime's steps.
fn path(steps: &[Step]) -> Vec<TokenStream> {
    steps
        .iter()
        .map(|step| match step {
            Step::Property(name) => quote!(v1::Step::Property(#name)),
            Step::Item(at) => quote!(v1::Step::Item(#at)),
        })
        .collect()
}

fn frame_kinds(types: Types) -> TokenStream {
    let kinds = types.iter().map(|each| match each {
        Type::Null => quote!(v1::Kind::Null),
        Type::Boolean => quote!(v1::Kind::Boolean),
        Type::Integer | Type::Number => quote!(v1::Kind::Number),
        Type::String => quote!(v1::Kind::String),
        Type::Array => quote!(v1::Kind::Array),
        Type::Object => quote!(v1::Kind::Object),
    });
    quote!(#(#kinds)|*)
}
