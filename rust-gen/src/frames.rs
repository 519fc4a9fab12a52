//! The private structs of envelopes: what a frame is around its payload.
//!
//! One for each enveloped message, generic over the payload, so that it is written from a borrowed
//! one and read into an owned one.

use contract::model::MessageId;
use contract::wire::{Envelope, EnvelopeProperty, Framing};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::Cx;
use crate::checks;
use crate::fits;
use crate::ident::{ident, snake};
use crate::runtime::serde_function;
use crate::types::type_of;

/// The frames of all enveloped messages.
pub(crate) fn frames(cx: &Cx<'_>) -> TokenStream {
    let contract = cx.contract;
    let used = crate::messages::used(cx);
    let frames: Vec<TokenStream> = used
        .into_iter()
        .filter_map(|id| match contract.wire.framing(id) {
            Framing::Envelope(envelope) => Some(frame(cx, id, envelope)),
            _ => None,
        })
        .collect();
    if frames.is_empty() {
        return TokenStream::new();
    }
    quote! {
        mod __frames {
            use super::*;

            #(#frames)*
        }
    }
}

/// The name of a message's frame.
pub(crate) fn name(cx: &Cx<'_>, id: MessageId) -> Ident {
    ident(&cx.contract.names.message(id).pascal())
}

/// A field of a frame.
pub(crate) struct FrameField<'e> {
    pub(crate) ident: Ident,
    pub(crate) property: &'e EnvelopeProperty,
}

/// The fields of a frame, in the order of the contract.
pub(crate) fn fields(envelope: &Envelope) -> Vec<FrameField<'_>> {
    let names = envelope.properties.iter().map(EnvelopeProperty::name);
    let idents = contract::names::scope(names, snake, |_| false);
    envelope
        .properties
        .iter()
        .zip(idents)
        .map(|(property, name)| FrameField { ident: ident(&name), property })
        .collect()
}

fn frame(cx: &Cx<'_>, id: MessageId, envelope: &Envelope) -> TokenStream {
    let contract = cx.contract;
    let message = contract.message(id);
    let name = name(cx, id);
    let serde = cx.serde_crate();
    let closed = envelope.closed.then(|| quote!(, deny_unknown_fields));
    let generics = generics(envelope, &quote!(P), &quote!('t));
    let not_null = serde_function(cx, "not_null");
    let mut members = Vec::new();
    for FrameField { ident, property } in fields(envelope) {
        let key = property.name();
        let rename = (ident != key).then(|| quote!(rename = #key,));
        members.push(match property {
            EnvelopeProperty::Constant { .. } => {
                // Read as anything, so that a key that stands twice is noticed; which message it is
                // was decided before.
                let rename = (ident != key).then(|| quote!(#[serde(rename = #key)]));
                quote!(#rename pub(super) #ident: v1::Fixed)
            }
            EnvelopeProperty::Payload { required: true, .. } => {
                let rename = (ident != key).then(|| quote!(#[serde(rename = #key)]));
                quote!(#rename pub(super) #ident: P)
            }
            EnvelopeProperty::Payload { required: false, .. } => quote! {
                #[serde(#rename default, skip_serializing_if = "Option::is_none", deserialize_with = #not_null)]
                pub(super) #ident: Option<P>
            },
            EnvelopeProperty::Correlation { required: true, .. } => {
                let rename = (ident != key).then(|| quote!(#[serde(rename = #key)]));
                quote!(#rename pub(super) #ident: v1::Json<'static>)
            }
            EnvelopeProperty::Correlation { required: false, .. } => quote! {
                #[serde(#rename default, skip_serializing_if = "Option::is_none", deserialize_with = #not_null)]
                pub(super) #ident: Option<v1::Json<'static>>
            },
            EnvelopeProperty::Topic { required: true, .. } => {
                let rename = (ident != key).then(|| quote!(#[serde(rename = #key)]));
                quote!(#rename pub(super) #ident: v1::Cow<'t, str>)
            }
            EnvelopeProperty::Topic { required: false, .. } => quote! {
                #[serde(#rename default, skip_serializing_if = "Option::is_none", deserialize_with = #not_null)]
                pub(super) #ident: Option<v1::Cow<'t, str>>
            },
        });
    }
    let docs = crate::description::doc([format!(
        "The frame of {}.",
        crate::description::code(message.name.as_deref().unwrap_or(&message.key))
    )
    .as_str()]);
    let payload_impl = payload_impl(cx, id, envelope, &name);
    quote! {
        #docs
        #[derive(v1::Deserialize, v1::Serialize)]
        #[serde(#serde #closed)]
        pub(super) struct #name #generics { #(#members),* }

        #payload_impl
    }
}

/// The generics of a frame: of the payload, and of a borrowed topic.
pub(crate) fn generics(
    envelope: &Envelope,
    payload: &TokenStream,
    topic: &TokenStream,
) -> TokenStream {
    match (envelope.topic(), envelope.payload()) {
        (Some(_), Some(_)) => quote!(<#topic, #payload>),
        (Some(_), None) => quote!(<#topic>),
        (None, Some(_)) => quote!(<#payload>),
        (None, None) => TokenStream::new(),
    }
}

/// The rules of the whole frame.
fn payload_impl(cx: &Cx<'_>, id: MessageId, envelope: &Envelope, name: &Ident) -> TokenStream {
    let contract = cx.contract;
    let message = contract.message(id);
    // A correlation id that is to be ignored when it is wrong is not checked with the frame.
    let ignored = envelope.correlation().filter(|_| message.lenient_correlation);
    let body = checks::body_without(cx, message.payload, ignored.map(|(name, ..)| name))
        .unwrap_or_else(|| quote!(v1::anything(json)));
    let target = envelope.payload().map(|(_, schema, _)| payload_type(cx, schema));
    let generics = generics(envelope, &quote!(#target), &quote!('static));
    let exact = contract.shapes.of(message.payload).map(|shape| {
        contract.shapes.get(shape).exactness == contract::schema::shape::Exactness::Exact
    });
    let exact = (exact != Some(true)).then(|| {
        quote!(
            const EXACT: bool = false;
        )
    });
    let mut parts = Vec::new();
    for FrameField { ident, property } in fields(envelope) {
        match property {
            EnvelopeProperty::Payload { schema, required, .. } => {
                let shape = contract.shapes.of(*schema);
                let place = if *required {
                    fits::Place::Owned(quote!(self.#ident))
                } else {
                    fits::Place::borrowed()
                };
                if let Some(fits) = shape.and_then(|shape| fits::of_value(cx, shape, &place)) {
                    parts.push(if *required {
                        fits
                    } else {
                        quote!(self.#ident.as_ref().is_none_or(|value| #fits))
                    });
                }
            }
            EnvelopeProperty::Correlation { .. } if ignored.is_some() => {}
            EnvelopeProperty::Correlation { schema, required, .. } => {
                let check = checks::expression(cx, *schema);
                parts.push(if *required {
                    quote!(self.#ident.check(#check).is_ok())
                } else {
                    quote!(self.#ident.as_ref().is_none_or(|id| id.check(#check).is_ok()))
                });
            }
            EnvelopeProperty::Constant { .. } | EnvelopeProperty::Topic { .. } => {}
        }
    }
    let fits = (!parts.is_empty()).then(|| {
        quote! {
            fn fits(&self) -> bool {
                #(#parts)&&*
            }
        }
    });
    quote! {
        impl v1::Payload for #name #generics {
            #exact

            fn check(json: &v1::Json<'_>) -> v1::Checked {
                #body
            }

            #fits
        }
    }
}

/// The type of an envelope's payload.
pub(crate) fn payload_type(cx: &Cx<'_>, schema: contract::schema::SchemaId) -> TokenStream {
    match cx.contract.shapes.of(schema) {
        Some(shape) => type_of(cx, shape),
        None => quote!(v1::Json<'static>),
    }
}
