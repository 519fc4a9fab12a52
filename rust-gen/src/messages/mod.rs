//! One enum for each direction of an endpoint: which message a frame is, and how one becomes a frame.
//!
//! Directions are named from the side that the code is for: what it receives, and what it sends.

mod decode;
mod encode;

use std::collections::HashSet;

use contract::model::{Direction, EndpointId, MessageId};
use contract::wire::{Envelope, Framing};
use json::Json;
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};

use crate::Cx;
use crate::description;
use crate::frames;
use crate::ident::ident;
use crate::sizes;
use crate::types::{self, unknown_variant};

pub(crate) use decode::decide;
pub(crate) use encode::write;

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

/// A message of an enumeration that holds `content`, as an expression or as a pattern; one that holds
/// nothing takes no notice of it.
pub(crate) fn holding(
    cx: &Cx<'_>,
    enumeration: &impl ToTokens,
    id: MessageId,
    content: &TokenStream,
) -> TokenStream {
    let variant = variant(cx, id);
    match held(cx, id) {
        Some(_) => quote!(#enumeration::#variant(#content)),
        None => quote!(#enumeration::#variant),
    }
}

/// A pattern for a message's variant that takes no notice of what it holds.
pub(crate) fn pattern(cx: &Cx<'_>, enumeration: &impl ToTokens, id: MessageId) -> TokenStream {
    holding(cx, enumeration, id, &quote!(_))
}

/// The names of messages in a sentence.
pub(crate) fn listed(cx: &Cx<'_>, ids: &[MessageId]) -> String {
    let names = ids.iter().map(|id| description::code(wire_name(cx, *id)));
    names.collect::<Vec<_>>().join(", ")
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
        unknown_variant(taken)
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
    let conversions = conversions(cx, &name, &messages);
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
    let encode = messages.iter().map(|id| encode::arm(cx, is_batched, *id));
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
    // Bare texts are written as they are.
    let is_bare = |id: &MessageId| matches!(cx.contract.wire.framing(*id), Framing::Text);
    let uses_envelope = unknown.is_some() || !messages.iter().all(is_bare);
    let parameter = |is_used: bool, name: &str| {
        if is_used { ident(name).into_token_stream() } else { quote!(_) }
    };
    let (codec, envelope) =
        (parameter(uses_envelope, "codec"), parameter(uses_envelope, "envelope"));
    let out = parameter(!is_empty, "out");
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
    enumeration: &impl ToTokens,
    messages: &[MessageId],
) -> TokenStream {
    let variants = messages.iter().filter_map(|id| {
        let deprecated = cx.contract.message(*id).deprecated;
        Some(types::Variant {
            ident: variant(cx, *id),
            ty: held(cx, *id)?,
            allow: deprecated.then(|| cx.allow_deprecated.clone()),
        })
    });
    types::conversions(enumeration, variants.collect())
}

/// The envelope of a message, if it has one.
pub(crate) fn envelope<'c>(cx: &Cx<'c>, id: MessageId) -> Option<&'c Envelope> {
    match cx.contract.wire.framing(id) {
        Framing::Envelope(envelope) => Some(envelope),
        _ => None,
    }
}
