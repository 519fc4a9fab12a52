//! What is published on a topic: its messages, and the key by which a newer one replaces an older.

use contract::model::{Direction, EndpointId, MessageId, Topic};
use contract::wire::Framing;
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::Cx;
use crate::messages;
use crate::places::walk;
use crate::types::is_string;

/// `Carries` for every payload that only one of the topic's messages has; else for the direction's enum.
pub(super) fn impls(
    cx: &Cx<'_>,
    endpoint: EndpointId,
    family: &Topic,
    name: &Ident,
) -> TokenStream {
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
        let variants = family.messages.iter().map(|id| messages::pattern(cx, &sent, *id));
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

/// A `Cow<str>`: the text of what stands where the contract says which value a push is.
fn key(cx: &Cx<'_>, topic: &Topic, message: MessageId) -> Option<TokenStream> {
    let place = walk(cx, message, topic.delivery.key.as_ref()?, quote!(payload))?;
    let is_string = is_string(cx, &cx.contract.shapes.get(place.shape).shape);
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
