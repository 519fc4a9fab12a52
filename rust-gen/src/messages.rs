//! One enum for each direction of an endpoint: which message a frame is, and how one becomes a frame.
//!
//! Directions are named from the side that the code is for: what it receives, and what it sends.

use std::collections::HashSet;

use contract::model::{Direction, EndpointId, MessageId};
use contract::schema::{Type, Types};
use contract::wire::{Case, Dispatch, Envelope, Framing, Step};
use json::Json;
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::Cx;
use crate::description;
use crate::frames;
use crate::ident::ident;
use crate::sizes;

/// The name of a direction's enum.
pub(crate) fn name(cx: &Cx<'_>, endpoint: EndpointId, direction: Direction) -> Ident {
    let suffix = if direction == cx.receives() { "Received" } else { "Sent" };
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

/// What a message is called on the wire, or in the contract where the wire does not say.
pub(crate) fn wire_name<'c>(cx: &Cx<'c>, id: MessageId) -> &'c str {
    let message = cx.contract.message(id);
    message.name.as_deref().unwrap_or(&message.key)
}

/// The type that a variant holds; `None` if there is nothing to hold.
pub(crate) fn held(cx: &Cx<'_>, message: MessageId) -> Option<TokenStream> {
    match cx.contract.wire.framing(message) {
        Framing::Envelope(envelope) => {
            let (_, schema, required) = envelope.payload()?;
            let plain = frames::payload_type(cx, schema);
            Some(if required { plain } else { quote!(Option<#plain>) })
        }
        Framing::Whole => Some(frames::payload_type(cx, cx.contract.message(message).payload)),
        Framing::Text => text_value(cx, message).is_none().then(|| quote!(String)),
    }
}

/// How large a message's payload is, roughly, in bytes.
pub(crate) fn size(cx: &Cx<'_>, message: MessageId) -> usize {
    cx.contract.payload_shape(message).map_or(0, |shape| sizes::size(cx, shape))
}

/// A pattern for a message's variant that takes no notice of what it holds.
pub(crate) fn pattern(cx: &Cx<'_>, enumeration: &TokenStream, id: MessageId) -> TokenStream {
    let variant = variant(cx, id);
    match held(cx, id) {
        Some(_) => quote!(#enumeration::#variant(_)),
        None => quote!(#enumeration::#variant),
    }
}

/// The text of a bare frame that is always the same.
fn text_value(cx: &Cx<'_>, message: MessageId) -> Option<String> {
    let schemas = &cx.contract.schemas;
    let values = schemas.values(cx.contract.message(message).payload)?;
    match &values[..] {
        [Json::String(text)] => Some(text.to_string()),
        _ => None,
    }
}

/// The variants of an enum of messages, with their docs.
pub(crate) fn variants(cx: &Cx<'_>, messages: &[MessageId]) -> Vec<TokenStream> {
    messages
        .iter()
        .map(|id| {
            let doc = variant_doc(cx, *id);
            let variant = variant(cx, *id);
            match held(cx, *id) {
                Some(ty) => quote!(#doc #variant(#ty)),
                None => quote!(#doc #variant),
            }
        })
        .collect()
}

/// The variant of frames that are no message of the contract, where receiving is open.
pub(crate) fn unknown(cx: &Cx<'_>, direction: Direction, messages: &[MessageId]) -> Option<Ident> {
    let is_open = cx.open && direction == cx.receives();
    is_open.then(|| {
        let taken = |name: &str| messages.iter().any(|id| variant(cx, *id) == name);
        crate::types::unknown_variant(taken)
    })
}

/// The enum of a direction.
pub(crate) fn direction(cx: &Cx<'_>, endpoint: EndpointId, direction: Direction) -> TokenStream {
    let messages = cx.contract.wire.dispatch(endpoint, direction).messages();
    let name = name(cx, endpoint, direction);
    let visibility = &cx.visibility;
    let address =
        cx.contract.endpoint(endpoint).address.as_deref().unwrap_or("an address of its own");
    let text = match (cx.is_client, direction == cx.receives()) {
        (false, true) => "What the server receives on {}: what a client sends.",
        (false, false) => "What the server sends on {}: what a client gets.",
        (true, true) => "What a client receives on {}: what the server sends.",
        (true, false) => "What a client sends on {}: what the server gets.",
    };
    let doc = description::doc([text.replace("{}", &description::code(address)).as_str()]);
    let variants = variants(cx, &messages);
    let unknown = unknown(cx, direction, &messages).map(|variant| {
        quote! {
            /// A frame that is no message of this contract: one of a newer server, perhaps.
            #variant(v1::UnknownFrame)
        }
    });
    let conversions = conversions(cx, &quote!(#name), &messages);
    let sizes = messages.iter().map(|id| size(cx, *id)).chain(unknown.as_ref().map(|_| 64));
    let allow = sizes::allow(sizes);
    quote! {
        #doc
        #allow
        #[derive(Clone, Debug, PartialEq)]
        #visibility enum #name { #(#variants,)* #unknown }

        #conversions
    }
}

/// How the enum of a direction is read and written.
pub(crate) fn wire(cx: &Cx<'_>, endpoint: EndpointId, direction: Direction) -> TokenStream {
    let dispatch = cx.contract.wire.dispatch(endpoint, direction);
    let messages = dispatch.messages();
    let name = name(cx, endpoint, direction);
    let unknown = unknown(cx, direction, &messages);
    let decode = decide(cx, dispatch, &[]);
    // A client takes batches apart before it reads messages.
    let is_batched = !cx.is_client && cx.contract.endpoint(endpoint).is_batched(direction);
    let encode = messages.iter().map(|id| encode_arm(cx, is_batched, *id));
    let this = quote!(Self);
    let names = messages.iter().map(|id| {
        let pattern = pattern(cx, &this, *id);
        let text = wire_name(cx, *id);
        quote!(#pattern => #text,)
    });
    let (encode_unknown, name_unknown, take_unknown) = match &unknown {
        Some(variant) => (
            quote!(Self::#variant(frame) => frame.write(codec, envelope, out),),
            quote!(Self::#variant(_) => "unknown",),
            quote! {
                fn unknown(frame: v1::UnknownFrame) -> v1::Result<Self, v1::DecodeError> {
                    Ok(Self::#variant(frame))
                }
            },
        ),
        None => Default::default(),
    };
    // An enum without variants is matched as a place, of which there is none.
    let is_empty = messages.is_empty() && unknown.is_none();
    let this = if is_empty { quote!(*self) } else { quote!(self) };
    let writes = !messages.is_empty();
    let envelope =
        messages.iter().any(|id| !matches!(cx.contract.wire.framing(*id), Framing::Text));
    let envelope = envelope || unknown.is_some();
    let codec = if envelope { quote!(codec) } else { quote!(_) };
    let envelope = if envelope { quote!(envelope) } else { quote!(_) };
    let out = if writes || unknown.is_some() { quote!(out) } else { quote!(_) };
    let deprecates = messages.iter().any(|id| cx.contract.message(*id).deprecated);
    let allow = deprecates.then_some(&cx.allow_deprecated);
    quote! {
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
                match #this { #(#encode)* #encode_unknown }
            }

            fn name(&self) -> &'static str {
                match #this { #(#names)* #name_unknown }
            }

            #take_unknown
        }
    }
}

fn variant_doc(cx: &Cx<'_>, id: MessageId) -> TokenStream {
    let message = cx.contract.message(id);
    let wire = description::code(wire_name(cx, id));
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
pub(crate) fn conversions(
    cx: &Cx<'_>,
    enumeration: &TokenStream,
    messages: &[MessageId],
) -> TokenStream {
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
                impl From<#ty> for #enumeration {
                    fn from(value: #ty) -> Self {
                        Self::#variant(value)
                    }
                }
            }
        })
    });
    quote!(#(#each)*)
}

/// A decision tree as nested matches. `asked` is the place that was asked last, for the message about a
/// frame that is none.
pub(crate) fn decide(cx: &Cx<'_>, dispatch: &Dispatch, asked: &[Step]) -> TokenStream {
    match dispatch {
        Dispatch::Nothing => {
            let path = frames::steps(asked);
            quote!(Err(frame.unknown(#path)))
        }
        Dispatch::Message(id) => read(cx, *id),
        Dispatch::Text { cases, any, json } => by_text(cx, cases, *any, json, asked),
        Dispatch::Type(cases) => {
            let arms = cases.iter().map(|(types, then)| {
                let then = decide(cx, then, asked);
                let patterns = frames::kinds(*types);
                quote!(#patterns => #then,)
            });
            let all =
                cases.iter().map(|(types, _)| *types).reduce(Types::or).unwrap_or(Types::NONE);
            let number = all.has(Type::Integer).then(|| Types::only(Type::Number));
            let others = (all.or(number.unwrap_or(Types::NONE)) != Types::ALL)
                .then(|| quote!(_ => Err(frame.unknown(&[])),));
            quote!(match frame.kind() { #(#arms)* #others })
        }
        Dispatch::Value { path, cases, otherwise } => by_value(cx, path, cases, otherwise),
        Dispatch::Check(ids) => by_check(cx, ids),
    }
}

/// By the text of a frame, before it is read as JSON.
fn by_text(
    cx: &Cx<'_>,
    cases: &[(String, MessageId)],
    any: Option<MessageId>,
    json: &Dispatch,
    asked: &[Step],
) -> TokenStream {
    let arms = cases.iter().map(|(text, id)| {
        let variant = variant(cx, *id);
        let value = match held(cx, *id) {
            Some(_) => quote!(Self::#variant(#text.to_owned())),
            None => quote!(Self::#variant),
        };
        quote!(Some(#text) => Ok(v1::Decoded::new(#value)),)
    });
    let any = any.map(|id| {
        let variant = variant(cx, id);
        quote! {
            Some(text) if !v1::looks_like_json(text) => {
                Ok(v1::Decoded::new(Self::#variant(text.to_owned())))
            }
        }
    });
    let json = decide(cx, json, asked);
    quote!(match frame.bare() { #(#arms)* #any _ => #json, })
}

/// By the value at a place.
fn by_value(cx: &Cx<'_>, path: &[Step], cases: &[Case], otherwise: &Dispatch) -> TokenStream {
    let texts_only =
        cases.iter().all(|case| case.values.iter().all(|value| matches!(value, Json::String(_))));
    let steps = frames::steps(path);
    let otherwise = decide(cx, otherwise, path);
    if texts_only {
        let arms = cases.iter().map(|Case { values, then }| {
            let values = values.iter().filter_map(Json::as_str);
            let then = decide(cx, then, path);
            quote!(#(Some(#values))|* => #then,)
        });
        return quote! {
            match frame.tag(#steps).text() { #(#arms)* _ => #otherwise, }
        };
    }
    let tests = cases.iter().map(|Case { values, then }| {
        let conditions = values.iter().map(|value| match value {
            Json::String(text) => {
                let text = &**text;
                quote!(tag.text() == Some(#text))
            }
            other => {
                let text = other.to_string();
                quote!(tag.is(#text))
            }
        });
        let then = decide(cx, then, path);
        quote!(if #(#conditions)||* { #then } else)
    });
    quote! {
        {
            let tag = frame.tag(#steps);
            #(#tests)* { #otherwise }
        }
    }
}

/// Messages that nothing tells apart: the tree is tried against each.
fn by_check(cx: &Cx<'_>, ids: &[MessageId]) -> TokenStream {
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
        quote!(#at => #read,)
    });
    quote! {
        match v1::best_of(frame.tree()?, &[#(#checks),*], &[#(#known),*])? {
            #(#arms)*
            _ => Err(frame.unknown(&[])),
        }
    }
}

/// Reads the frame of one message.
fn read(cx: &Cx<'_>, id: MessageId) -> TokenStream {
    let variant = variant(cx, id);
    let frame = frames::path(cx, id);
    let is_open = cx.open && !cx.is_only_sent(id);
    let method =
        |name: &str| ident(&if is_open { format!("{name}_open") } else { name.to_owned() });
    match cx.contract.wire.framing(id) {
        Framing::Whole => {
            let method = method("read");
            quote!(#frame.#method(frame, Self::#variant))
        }
        Framing::Text => quote!(Err(frame.unknown(&[]))),
        Framing::Envelope(envelope) => {
            let method = method(match envelope.payload() {
                Some((_, _, true)) => "read",
                Some((_, _, false)) => "read_optional",
                None => "read_empty",
            });
            quote!(#frame.#method(frame, Self::#variant))
        }
    }
}

/// Writes one message.
fn encode_arm(cx: &Cx<'_>, is_batched: bool, id: MessageId) -> TokenStream {
    let variant = variant(cx, id);
    if let Framing::Text = cx.contract.wire.framing(id) {
        return match text_value(cx, id) {
            Some(text) => quote!(Self::#variant => v1::encode_text(#text, out),),
            None => quote!(Self::#variant(text) => v1::encode_text(text, out),),
        };
    }
    let write = write(cx, is_batched, id, &quote!(envelope));
    match held(cx, id) {
        Some(_) => quote!(Self::#variant(payload) => #write,),
        None => quote!(Self::#variant => #write,),
    }
}

/// Writes a message whose payload is behind the reference `payload`, with an envelope that says
/// `parts`. Where frames are arrays of messages, it is an array of one.
pub(crate) fn write(
    cx: &Cx<'_>,
    is_batched: bool,
    id: MessageId,
    parts: &TokenStream,
) -> TokenStream {
    let write = write_alone(cx, id, parts);
    let is_text = matches!(cx.contract.wire.framing(id), Framing::Text);
    if is_batched && !is_text { quote!(v1::in_batch(codec, out, |out| #write)) } else { write }
}

fn write_alone(cx: &Cx<'_>, id: MessageId, parts: &TokenStream) -> TokenStream {
    let frame = frames::path(cx, id);
    let envelope = match cx.contract.wire.framing(id) {
        Framing::Envelope(envelope) => envelope.payload(),
        Framing::Whole => return quote!(#frame.write(payload, codec, #parts, out)),
        Framing::Text => return quote!(v1::encode_text(payload, out)),
    };
    match envelope {
        Some((_, _, true)) => quote!(#frame.write(payload, codec, #parts, out)),
        Some((_, _, false)) => quote!(#frame.write_optional(payload, codec, #parts, out)),
        None => quote!(#frame.write_empty(codec, #parts, out)),
    }
}

/// The envelope of a message, if it has one.
pub(crate) fn envelope<'c>(cx: &Cx<'c>, id: MessageId) -> Option<&'c Envelope> {
    match cx.contract.wire.framing(id) {
        Framing::Envelope(envelope) => Some(envelope),
        _ => None,
    }
}
