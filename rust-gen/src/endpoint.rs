//! A channel as a type, what the engine must know of it, and the router.

use contract::model::{
    Action, Codec, Direction, Endpoint, EndpointId, OperationId, Server, Situation,
};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

use crate::Cx;
use crate::description;
use crate::handlers;
use crate::ident::{ident, pascal};
use crate::messages;
use crate::notices;
use crate::service;

/// The name of a channel's type.
pub(crate) fn name(cx: &Cx<'_>, id: EndpointId) -> Ident {
    ident(&cx.contract.names.endpoint(id).pascal())
}

/// The items of an endpoint that people use, but for its messages, its topics and its handler.
pub(crate) fn face(cx: &Cx<'_>, id: EndpointId) -> TokenStream {
    let contract = cx.contract;
    let endpoint = contract.endpoint(id);
    let name = name(cx, id);
    let visibility = &cx.visibility;
    let channel = contract.channel(endpoint.channels[0]);
    let address = endpoint.address.as_deref().unwrap_or("an address that is chosen at run time");
    let address = description::code(address);
    let text = channel.description.as_deref().or(channel.summary.as_deref());
    let place = format!("The channel at {address}.");
    let doc = description::doc([Some(place.as_str()), text].into_iter().flatten());
    let channel = quote! {
        #doc
        #[derive(Clone, Copy, Debug)]
        #visibility enum #name {}
    };
    if cx.is_client {
        return channel;
    }
    let handler = handlers::handler_name(cx, id);
    let service = service::name(&name);
    let new = ident(if handlers::watched(cx, id).is_empty() { "new" } else { "with_topics" });
    let hub = ident(&format!("{name}Hub"));
    let session = handlers::session(cx, id);
    let hub_doc = description::doc([format!("Publishes to the topics of {address}.").as_str()]);
    let session_doc = description::doc([format!("A client of {address}.").as_str()]);
    quote! {
        #channel

        impl #name {
            /// The channel, answered by a handler: set what differs from the defaults, then make it a
            /// router.
            #visibility fn endpoint<H: #handler>(handler: H) -> v1::Endpoint<Self> {
                v1::Endpoint::#new(#service(v1::Arc::new(handler)))
            }

            /// A router with the channel at its address, with the defaults.
            #visibility fn router<H: #handler, S: Clone + Send + Sync + 'static>(
                handler: H,
            ) -> v1::Router<S> {
                Self::endpoint(handler).into_router()
            }
        }

        #hub_doc
        #visibility type #hub = v1::Hub<#name>;

        #session_doc
        #visibility type #session<State = ()> = v1::Session<#name, State>;
    }
}

/// What makes them work.
pub(crate) fn wire(cx: &Cx<'_>, id: EndpointId) -> TokenStream {
    let endpoint = cx.contract.endpoint(id);
    let name = name(cx, id);
    let received = messages::name(cx, id, cx.receives());
    let sent = messages::name(cx, id, cx.sends());
    let info = info(cx, id, endpoint);
    let service = (!cx.is_client).then(|| service::items(cx, id, &name));
    let notices = (!cx.is_client).then(|| notices::channel(cx, id));
    quote! {
        impl v1::Channel for #name {
            type Received = #received;
            type Sent = #sent;
            const INFO: &'static v1::ChannelInfo = &#info;

            #notices
        }

        #service
    }
}

/// The constant that the engine reads.
fn info(cx: &Cx<'_>, id: EndpointId, endpoint: &Endpoint) -> TokenStream {
    let key = &endpoint.key;
    let address = endpoint.address.as_deref().unwrap_or("/");
    let address = if cx.is_client { on_servers(cx, endpoint) } else { axum_path(address) };
    let subprotocols = endpoint.subprotocols.iter().map(|subprotocol| {
        let name = &subprotocol.name;
        let codec = codec(subprotocol.codec);
        let closes = ident(if subprotocol.declared_closes { "Declared" } else { "Plain" });
        quote!(v1::Subprotocol::new(#name, #codec, v1::Closes::#closes))
    });
    let subprotocols = (!endpoint.subprotocols.is_empty())
        .then(|| quote!(.with_subprotocols(&[#(#subprotocols),*])));
    let rules = endpoint.close_codes.iter().map(|(situation, close)| {
        let situation = situation_variant(*situation);
        let code = Literal::u16_unsuffixed(close.code);
        let reason = &close.reason;
        let then = ident(match close.then {
            Action::Retry => "Retry",
            Action::Refresh => "Refresh",
            Action::BackOff => "BackOff",
            Action::Stop => "Stop",
        });
        quote!(v1::CloseRule::new(v1::Situation::#situation, #code, #reason, v1::Then::#then))
    });
    let closes = (!endpoint.close_codes.is_empty())
        .then(|| quote!(.with_closes(v1::CloseTable::new(&[#(#rules),*]))));
    let operations: Vec<&str> = operations(cx, id).map(|id| operation_name(cx, id)).collect();
    let operations = (!operations.is_empty())
        .then(|| quote!(.with_operations(&[#(v1::OperationInfo::new(#operations)),*])));
    quote!(v1::ChannelInfo::new(#key, #address) #subprotocols #closes #operations)
}

/// The operations that have a method: those that receive, and those of the server that clients answer.
fn operations(cx: &Cx<'_>, id: EndpointId) -> impl Iterator<Item = OperationId> {
    let asked = handlers::asked(cx, id).into_iter().map(|(id, _)| id);
    cx.contract.operations_of(id, Direction::Receive).chain(asked)
}

/// The name of an operation in logs and metrics: that of its message on the wire.
pub(crate) fn operation_name<'c>(cx: &Cx<'c>, id: OperationId) -> &'c str {
    let operation = cx.contract.operation(id);
    match &operation.messages[..] {
        [only] => messages::wire_name(cx, *only),
        _ => &operation.key,
    }
}

/// An address as axum writes it: it begins with a slash, and parameters are plain names.
fn axum_path(address: &str) -> String {
    let path = address.split('?').next().unwrap_or_default();
    if path.starts_with('/') { path.to_owned() } else { format!("/{path}") }
}

/// An address as a client asks for it: the servers' own path is part of it, if they have the same.
fn on_servers(cx: &Cx<'_>, endpoint: &Endpoint) -> String {
    let mut paths = servers(cx, endpoint).map(|server| {
        server.variables.iter().fold(server.pathname.clone(), |path, variable| {
            match variable.default.as_ref().or(variable.values.first()) {
                Some(value) => path.replace(&format!("{{{}}}", variable.name), value),
                None => path,
            }
        })
    });
    let first = paths.next().unwrap_or_default();
    let prefix = if paths.all(|path| path == first) { first } else { String::new() };
    let address = endpoint.address.as_deref().unwrap_or_default();
    match (prefix.trim_matches('/'), address.trim_start_matches('/')) {
        ("", address) => format!("/{address}"),
        (prefix, "") => format!("/{prefix}"),
        (prefix, address) => format!("/{prefix}/{address}"),
    }
}

/// The WebSocket servers that offer an endpoint: those that its channels name, or else all.
pub(crate) fn servers<'c>(cx: &Cx<'c>, endpoint: &Endpoint) -> impl Iterator<Item = &'c Server> {
    let channels = endpoint.channels.iter().map(|id| cx.contract.channel(*id));
    let named: Vec<usize> = channels.flat_map(|channel| channel.servers.iter().copied()).collect();
    cx.contract
        .servers
        .iter()
        .enumerate()
        .filter(move |(at, _)| named.is_empty() || named.contains(at))
        .map(|(_, server)| server)
        .filter(|server| server.is_websocket())
}

fn codec(codec: Codec) -> TokenStream {
    match codec {
        Codec::Json => quote!(v1::Codec::Json),
        Codec::MessagePack => quote!(v1::Codec::MessagePack),
    }
}

fn situation_variant(situation: Situation) -> Ident {
    ident(&pascal(situation.name()))
}
