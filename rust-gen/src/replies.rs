//! What an operation gets and what answers it, where that is one of several messages.
//!
//! A reply of several messages is a `Result`: those that say that the request failed are on its error
//! side, each side being an enum if there are several. The error side also holds what the contract has no
//! message for: a [`Refusal`](::runtime) of the handler's, or why a client got no answer.

use contract::model::{EndpointId, MessageId, Operation, OperationId};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use crate::Cx;
use crate::description;
use crate::ident::ident;
use crate::messages;
use crate::sizes;

/// What answers an operation.
pub(crate) struct Answers<'c> {
    /// Messages that say that it worked.
    pub(crate) granted: Vec<MessageId>,
    /// Messages that say that it failed.
    pub(crate) failed: &'c [MessageId],
}

/// What answers an operation; `None` if nothing does.
pub(crate) fn answers<'c>(operation: &'c Operation) -> Option<Answers<'c>> {
    let reply = operation.reply.as_ref().filter(|reply| !reply.messages.is_empty())?;
    let granted = reply.messages.iter().copied().filter(|id| !reply.errors.contains(id)).collect();
    Some(Answers { granted, failed: &reply.errors })
}

/// The enum of the messages that an operation gets, if there are several.
pub(crate) fn request_name(cx: &Cx<'_>, id: OperationId) -> Ident {
    derived(cx, id, "Request")
}

/// The enum of the messages that grant an operation, if there are several.
pub(crate) fn reply_name(cx: &Cx<'_>, id: OperationId) -> Ident {
    derived(cx, id, "Reply")
}

/// The enum of the error side, if there are messages for it.
pub(crate) fn error_name(cx: &Cx<'_>, id: OperationId) -> Ident {
    derived(cx, id, "Error")
}

fn derived(cx: &Cx<'_>, id: OperationId, suffix: &str) -> Ident {
    ident(&format!("{}{suffix}", cx.contract.names.operation(id).pascal()))
}

/// The type of what an operation gets; `None` if its message says nothing.
pub(crate) fn request(cx: &Cx<'_>, id: OperationId) -> Option<TokenStream> {
    match &cx.contract.operation(id).messages[..] {
        [] => None,
        [only] => messages::held(cx, *only),
        _ => {
            let name = request_name(cx, id);
            Some(quote!(#name))
        }
    }
}

/// The type of the `Ok` side.
pub(crate) fn reply(cx: &Cx<'_>, id: OperationId) -> TokenStream {
    let Some(answers) = answers(cx.contract.operation(id)) else { return quote!(()) };
    match answers.granted[..] {
        [] => quote!(()),
        [only] => messages::held(cx, only).unwrap_or_else(|| quote!(())),
        _ => {
            let name = reply_name(cx, id);
            quote!(#name)
        }
    }
}

/// The type of the `Err` side.
pub(crate) fn error(cx: &Cx<'_>, id: OperationId) -> TokenStream {
    let failed = answers(cx.contract.operation(id)).map_or(0, |answers| answers.failed.len());
    if failed > 0 {
        let name = error_name(cx, id);
        return quote!(#name);
    }
    if cx.is_client { quote!(v1::ClientError) } else { quote!(v1::Refusal) }
}

/// The enums of all operations of an endpoint that need some.
pub(crate) fn types(cx: &Cx<'_>, endpoint: EndpointId) -> TokenStream {
    // Those that clients call; what a server asks of clients is answered by messages.
    let operations = cx.contract.operations_of(endpoint, contract::model::Direction::Receive);
    let items = operations.map(|id| of_operation(cx, endpoint, id));
    quote!(#(#items)*)
}

fn of_operation(cx: &Cx<'_>, endpoint: EndpointId, id: OperationId) -> TokenStream {
    let operation = cx.contract.operation(id);
    let call = description::code(&operation.key);
    let mut items = Vec::new();
    if operation.messages.len() > 1 {
        let name = request_name(cx, id);
        let doc = format!("What {call} gets: one of several messages.");
        items.push(enumeration(cx, &name, &doc, &operation.messages, None));
        if cx.is_client {
            let sent = messages::name(cx, endpoint, cx.sends());
            items.push(into_direction(cx, &name, &sent, &operation.messages));
        }
    }
    let Some(answers) = answers(operation) else { return quote!(#(#items)*) };
    if answers.granted.len() > 1 {
        let name = reply_name(cx, id);
        let doc = format!("What answers {call}: one of several messages.");
        items.push(enumeration(cx, &name, &doc, &answers.granted, None));
        if !cx.is_client {
            let sent = messages::name(cx, endpoint, cx.sends());
            items.push(into_direction(cx, &name, &sent, &answers.granted));
        }
    }
    if !answers.failed.is_empty() {
        let name = error_name(cx, id);
        let other = other_error(cx, &name);
        let doc = format!("Why {call} failed.");
        items.push(enumeration(cx, &name, &doc, answers.failed, Some(&other.variant)));
        items.push(other.conversions);
        items.push(error_impls(cx, &name, answers.failed, &other.ident));
    }
    quote!(#(#items)*)
}

fn enumeration(
    cx: &Cx<'_>,
    name: &Ident,
    doc: &str,
    messages: &[MessageId],
    other: Option<&TokenStream>,
) -> TokenStream {
    let visibility = &cx.visibility;
    let doc = description::doc([doc]);
    let variants = messages::variants(cx, messages);
    let conversions = messages::conversions(cx, name, messages);
    let sizes = messages.iter().map(|id| messages::size(cx, *id)).chain(other.map(|_| 24));
    let allow = sizes::allow(sizes);
    quote! {
        #doc
        #allow
        #[derive(Clone, Debug, PartialEq)]
        #visibility enum #name { #(#variants,)* #other }

        #conversions
    }
}

/// Every message of a small enum is one of its direction.
fn into_direction(
    cx: &Cx<'_>,
    name: &Ident,
    direction: &Ident,
    messages: &[MessageId],
) -> TokenStream {
    let allow = &cx.allow_deprecated;
    let arms = messages.iter().map(|id| {
        let payload = quote!(payload);
        let pattern = messages::holding(cx, name, *id, &payload);
        let value = messages::holding(cx, &quote!(Self), *id, &payload);
        quote!(#pattern => #value,)
    });
    quote! {
        #allow
        impl From<#name> for #direction {
            fn from(message: #name) -> Self {
                match message { #(#arms)* }
            }
        }
    }
}

/// What is on the error side besides messages.
struct OtherError {
    ident: Ident,
    variant: TokenStream,
    conversions: TokenStream,
}

fn other_error(cx: &Cx<'_>, name: &Ident) -> OtherError {
    let from = |ty: TokenStream, ident: &Ident, wrap: TokenStream| {
        quote! {
            impl From<#ty> for #name {
                fn from(error: #ty) -> Self {
                    Self::#ident(#wrap)
                }
            }
        }
    };
    if cx.is_client {
        let ident = format_ident!("Unanswered");
        let conversion = from(quote!(v1::ClientError), &ident, quote!(error));
        let variant = quote! {
            /// There is no answer: why.
            #ident(v1::ClientError)
        };
        return OtherError { ident, variant, conversions: conversion };
    }
    let ident = format_ident!("Refused");
    let refusal = from(quote!(v1::Refusal), &ident, quote!(error));
    let others = [quote!(v1::SubscribeError), quote!(v1::TopicError)]
        .map(|ty| from(ty, &ident, quote!(error.into())));
    let variant = quote! {
        /// For a reason that has no message of its own.
        #ident(v1::Refusal)
    };
    OtherError { ident, variant, conversions: quote!(#refusal #(#others)*) }
}

/// The error side is an error.
fn error_impls(cx: &Cx<'_>, name: &Ident, messages: &[MessageId], other: &Ident) -> TokenStream {
    let allow = &cx.allow_deprecated;
    let this = quote!(Self);
    let arms = messages.iter().map(|id| {
        let pattern = messages::pattern(cx, &this, *id);
        let text = format!("answered by `{}`", messages::wire_name(cx, *id));
        quote!(#pattern => f.write_str(#text),)
    });
    quote! {
        #allow
        impl ::core::fmt::Display for #name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                match self { #(#arms)* Self::#other(error) => ::core::fmt::Display::fmt(error, f) }
            }
        }

        impl ::core::error::Error for #name {}
    }
}
