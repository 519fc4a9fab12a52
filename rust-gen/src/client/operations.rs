//! What the runtime needs of each operation, as data: one constant for each, in a private module.

use std::collections::HashSet;

use contract::model::{Direction, EndpointId, MessageId, OperationId};
use contract::schema::{Shape, ShapeId};
use contract::wire::{Dispatch, Framing};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::{is_one_of, module};
use crate::Cx;
use crate::description;
use crate::endpoint;
use crate::ident::ident;
use crate::messages;
use crate::replies::{self, Answers};

/// The data of an operation, as other code names it.
pub(super) fn path(cx: &Cx<'_>, id: OperationId) -> TokenStream {
    let (module, name) = (module(), name(cx, id));
    quote!(#module::#name)
}

fn name(cx: &Cx<'_>, id: OperationId) -> Ident {
    ident(&cx.contract.names.operation(id).upper_snake())
}

/// The operations of all clients.
pub(crate) fn operations(cx: &Cx<'_>, endpoints: &[EndpointId]) -> TokenStream {
    if !cx.is_client {
        return TokenStream::new();
    }
    let all: Vec<TokenStream> = endpoints
        .iter()
        .flat_map(|id| {
            let operations = cx.contract.operations_of(*id, Direction::Receive);
            operations.map(|operation| data(cx, *id, operation))
        })
        .collect();
    if all.is_empty() {
        return TokenStream::new();
    }
    let module = module();
    let allow = &cx.allow_deprecated;
    quote! {
        #allow
        mod #module {
            use super::*;

            #(#all)*
        }
    }
}

/// What answers an operation on the socket that it was sent on.
pub(super) fn answers<'c>(
    cx: &Cx<'c>,
    endpoint: EndpointId,
    id: OperationId,
) -> Option<Answers<'c>> {
    let operation = cx.contract.operation(id);
    let reply = operation.reply.as_ref()?;
    let here =
        reply.channel.is_none_or(|channel| cx.contract.channel(channel).endpoint == endpoint);
    replies::answers(operation).filter(|_| here)
}

fn data(cx: &Cx<'_>, endpoint: EndpointId, id: OperationId) -> TokenStream {
    let operation = cx.contract.operation(id);
    let name = name(cx, id);
    let wire = endpoint::operation_name(cx, id);
    let doc = description::doc([format!("The operation {}.", description::code(wire)).as_str()]);
    let received = messages::name(cx, endpoint, cx.receives());
    let number = operation
        .messages
        .iter()
        .find_map(|message| number(cx, *message))
        .map(|function| quote!(.with_id(#function)));
    let answered = answers(cx, endpoint, id).map(|answers| {
        let all = [&answers.granted[..], answers.failed].concat();
        let test = is_one_of(cx, endpoint, &all);
        quote!(.answered_by(#test))
    });
    let told = needs_request(cx, endpoint, id).then(|| {
        let tell = tell_name(cx, id);
        quote!(.told_by(#received::#tell))
    });
    quote! {
        #doc
        pub(super) static #name: v1::Operation<#received> =
            v1::Operation::new(#wire) #number #answered #told;
    }
}

/// How the number of a request is written, if it can be.
fn number(cx: &Cx<'_>, id: MessageId) -> Option<TokenStream> {
    let shape = correlation(cx, id)?;
    match takes(cx, shape, 0)? {
        Id::Integer => Some(quote!(v1::integer_id)),
        Id::Text => Some(quote!(v1::text_id)),
    }
}

/// The shape of a message's correlation id.
pub(super) fn correlation(cx: &Cx<'_>, id: MessageId) -> Option<ShapeId> {
    let contract = cx.contract;
    match contract.wire.framing(id) {
        Framing::Envelope(envelope) => contract.shapes.of(envelope.correlation()?.1),
        Framing::Whole => {
            let path = contract.message(id).correlation.as_ref()?;
            let mut shape = contract.shapes.of(contract.message(id).payload)?;
            for step in path {
                let holder = contract.shapes.without_null(shape);
                let Shape::Struct(object) = &contract.shapes.get(holder).shape else { return None };
                shape = object.fields.iter().find(|field| field.name == *step)?.shape;
            }
            Some(shape)
        }
        Framing::Text => None,
    }
}

enum Id {
    Integer,
    Text,
}

/// What an id can be: an integer, or else text.
fn takes(cx: &Cx<'_>, shape: ShapeId, depth: u8) -> Option<Id> {
    let shapes = &cx.contract.shapes;
    let below = |inner| if depth < 4 { takes(cx, inner, depth + 1) } else { None };
    match &shapes.get(shapes.resolve(shape)).shape {
        Shape::Integer(_) | Shape::Number(_) | Shape::Any | Shape::Dynamic(_) => Some(Id::Integer),
        Shape::Text(_) => Some(Id::Text),
        Shape::Nullable(inner) => below(*inner),
        Shape::Union(union) => {
            let mut all =
                union.branches.iter().map(|branch| below(branch.shape)).collect::<Vec<_>>();
            let integer = all.iter().position(|id| matches!(id, Some(Id::Integer)));
            match integer {
                Some(at) => all.swap_remove(at),
                None => all.into_iter().flatten().next(),
            }
        }
        _ => None,
    }
}

/// Whether only the request tells which message its reply is: nothing but trying would tell the frames
/// of the direction apart.
fn needs_request(cx: &Cx<'_>, endpoint: EndpointId, id: OperationId) -> bool {
    let Some(answers) = answers(cx, endpoint, id) else { return false };
    let is_numbered = cx.contract.operation(id).messages.iter().any(|id| number(cx, *id).is_some());
    let tried = tried(cx.contract.wire.dispatch(endpoint, cx.receives()));
    is_numbered && answers.granted.iter().chain(answers.failed).any(|each| tried.contains(each))
}

/// Messages that a dispatch finds by trying.
fn tried(dispatch: &Dispatch) -> HashSet<MessageId> {
    match dispatch {
        Dispatch::Nothing | Dispatch::Message(_) => HashSet::new(),
        Dispatch::Check(ids) => ids.iter().copied().collect(),
        Dispatch::Text { json, .. } => tried(json),
        Dispatch::Type(cases) => cases.iter().flat_map(|case| tried(&case.1)).collect(),
        Dispatch::Value { cases, otherwise, .. } => {
            cases.iter().map(|case| &case.then).chain([&**otherwise]).flat_map(tried).collect()
        }
    }
}

fn tell_name(cx: &Cx<'_>, id: OperationId) -> Ident {
    format_ident!("__reply_to_{}", cx.contract.names.operation(id).snake())
}

/// Functions that read replies which only their request tells.
pub(super) fn tells(cx: &Cx<'_>, endpoint: EndpointId) -> TokenStream {
    let operations = cx.contract.operations_of(endpoint, Direction::Receive);
    let functions: Vec<TokenStream> = operations
        .filter(|id| needs_request(cx, endpoint, *id))
        .map(|id| {
            let name = tell_name(cx, id);
            let decide = messages::decide(cx, cx.contract.wire.reply_dispatch(id), &[]);
            quote! {
                fn #name(
                    frame: &v1::Frame<'_>,
                ) -> v1::Result<v1::Decoded<Self>, v1::DecodeError> {
                    #decide
                }
            }
        })
        .collect();
    if functions.is_empty() {
        return TokenStream::new();
    }
    let received = messages::name(cx, endpoint, cx.receives());
    let allow = &cx.allow_deprecated;
    quote! {
        #allow
        impl #received { #(#functions)* }
    }
}
