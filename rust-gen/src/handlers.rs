//! One trait for each endpoint: a method for each received operation, with defaults for topics.

use contract::model::{Direction, EndpointId, MessageId, Operation, OperationId, TopicId};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::Cx;
use crate::description;
use crate::ident::ident;
use crate::messages;
use crate::replies;
use crate::subscriptions;
use crate::topics;

/// The name of an endpoint's trait.
pub(crate) fn handler_name(cx: &Cx<'_>, endpoint: EndpointId) -> Ident {
    ident(&format!("{}Handler", cx.contract.names.endpoint(endpoint).pascal()))
}

/// The name of an endpoint's session type.
pub(crate) fn session(cx: &Cx<'_>, endpoint: EndpointId) -> Ident {
    ident(&format!("{}Session", cx.contract.names.endpoint(endpoint).pascal()))
}

/// The method of an operation.
pub(crate) fn method(cx: &Cx<'_>, operation: OperationId) -> Ident {
    let name = cx.contract.names.operation(operation).snake();
    // The trait's own methods, and names that promise another `self`.
    let taken = matches!(name.as_str(), "open" | "opened" | "closed" | "new")
        || ["authorize_", "from_", "into_"].iter().any(|prefix| name.starts_with(prefix))
        || name.ends_with("_answered")
        || cx.contract.topic_ids().any(|topic| {
            let topic = cx.contract.names.topic(topic).snake();
            [format!("{topic}_active"), format!("{topic}_idle")].contains(&name)
        });
    if taken { ident(&format!("on_{name}")) } else { ident(&name) }
}

/// The method that gets the answers to what the server asked.
pub(crate) fn answered(cx: &Cx<'_>, operation: OperationId) -> Ident {
    ident(&format!("{}_answered", cx.contract.names.operation(operation).snake()))
}

/// The method that allows or refuses subscriptions of a topic.
pub(crate) fn authorize(cx: &Cx<'_>, topic: TopicId) -> Ident {
    ident(&format!("authorize_{}", cx.contract.names.topic(topic).snake()))
}

/// The method that hears of a topic's first subscriber.
pub(crate) fn active(cx: &Cx<'_>, topic: TopicId) -> Ident {
    ident(&format!("{}_active", cx.contract.names.topic(topic).snake()))
}

/// The method that hears that nobody subscribes to a topic any more.
pub(crate) fn idle(cx: &Cx<'_>, topic: TopicId) -> Ident {
    ident(&format!("{}_idle", cx.contract.names.topic(topic).snake()))
}

/// The topics that a handler may hear of: those that clients subscribe to.
pub(crate) fn watched(cx: &Cx<'_>, endpoint: EndpointId) -> Vec<TopicId> {
    let subscribed = |id: &TopicId| cx.contract.topic(*id).subscribe.is_some();
    cx.contract.topics_of(endpoint).filter(subscribed).collect()
}

/// The operations of the server that clients answer, with the messages that only they receive.
pub(crate) fn asked(cx: &Cx<'_>, endpoint: EndpointId) -> Vec<(OperationId, Vec<MessageId>)> {
    let mut taken: Vec<MessageId> = cx
        .contract
        .operations_of(endpoint, Direction::Receive)
        .flat_map(|id| cx.contract.operation(id).messages.clone())
        .collect();
    let received = cx.contract.wire.dispatch(endpoint, Direction::Receive).messages();
    let mut asked = Vec::new();
    for id in cx.contract.operations_of(endpoint, Direction::Send) {
        let Some(reply) = &cx.contract.operation(id).reply else { continue };
        let messages: Vec<MessageId> = reply
            .messages
            .iter()
            .copied()
            .filter(|message| received.contains(message) && !taken.contains(message))
            .collect();
        if !messages.is_empty() {
            taken.extend(&messages);
            asked.push((id, messages));
        }
    }
    asked
}

/// The trait.
pub(crate) fn handler(cx: &Cx<'_>, endpoint: EndpointId) -> TokenStream {
    if cx.is_client {
        return TokenStream::new();
    }
    let contract = cx.contract;
    let name = handler_name(cx, endpoint);
    let session = session(cx, endpoint);
    let visibility = &cx.visibility;
    let address = contract.endpoint(endpoint).address.as_deref().unwrap_or("its address");
    let doc = description::doc([
        format!("What the server does with the messages of {}.", description::code(address))
            .as_str(),
        "One method for each operation; requests of one session come one after the other.",
    ]);
    let methods =
        contract.operations_of(endpoint, Direction::Receive).map(|id| operation(cx, endpoint, id));
    let answers =
        asked(cx, endpoint).into_iter().map(|(id, messages)| answer(cx, endpoint, id, &messages));
    let watched = watched(cx, endpoint);
    let authorizations = watched.iter().map(|id| authorization(cx, *id, &session));
    let hooks = watched.iter().map(|id| hooks(cx, *id));
    quote! {
        #doc
        #visibility trait #name: Send + Sync + 'static {
            /// What is kept for each session.
            type State: Default + Send + Sync + 'static;

            /// What is kept for a session, from the request that begins it: its query, its headers, the
            /// parameters of the address, and what layers in front left for it.
            ///
            /// The default, unless this is written.
            fn open(&self, handshake: &v1::Handshake<'_>) -> Self::State {
                let _ = handshake;
                Self::State::default()
            }

            /// A session begins.
            fn opened(&self, session: &#session<Self::State>) {
                let _ = session;
            }

            /// A session is over; what is still sent to it goes nowhere.
            fn closed(&self, session: &#session<Self::State>, closed: &v1::Closed) {
                let _ = (session, closed);
            }

            #(#methods)*
            #(#answers)*
            #(#authorizations)*
            #(#hooks)*
        }
    }
}

fn hooks(cx: &Cx<'_>, id: TopicId) -> TokenStream {
    let (active, idle) = (active(cx, id), idle(cx, id));
    let topic = topics::name(cx, id);
    let name = description::code(&cx.contract.topic(id).name.text);
    let doc = description::doc([
        format!("A topic of {name} has its first subscriber.").as_str(),
        "Called where the endpoint was told to `watch_topics`; what takes long should be spawned.",
    ]);
    let idle_doc = description::doc([
        format!("A topic of {name} has had no subscriber for a while.").as_str(),
        "Called as often as the other, and after it.",
    ]);
    quote! {
        #doc
        fn #active(&self, topic: &#topic) {
            let _ = topic;
        }

        #idle_doc
        fn #idle(&self, topic: &#topic) {
            let _ = topic;
        }
    }
}

fn authorization(cx: &Cx<'_>, id: TopicId, session: &Ident) -> TokenStream {
    let method = authorize(cx, id);
    let topic = topics::name(cx, id);
    let name = description::code(&cx.contract.topic(id).name.text);
    let doc = description::doc([
        format!("Whether a client may subscribe to a topic of {name}.").as_str(),
        "Everybody may, unless this is written.",
    ]);
    quote! {
        #doc
        fn #method(
            &self,
            session: &#session<Self::State>,
            topic: &#topic,
        ) -> impl v1::Future<Output = v1::Result<(), v1::Refusal>> + Send {
            let _ = (session, topic);
            async { Ok(()) }
        }
    }
}

fn operation(cx: &Cx<'_>, endpoint: EndpointId, id: OperationId) -> TokenStream {
    let operation = cx.contract.operation(id);
    let method = method(cx, id);
    let session = session(cx, endpoint);
    let doc = operation_doc(cx, operation);
    let request = replies::request(cx, id);
    let parameter = request.as_ref().map(|ty| quote!(request: #ty,));
    let reply = replies::reply(cx, id);
    let error = replies::error(cx, id);
    let signature = quote! {
        fn #method(
            &self,
            session: &#session<Self::State>,
            #parameter
        ) -> impl v1::Future<Output = v1::Result<#reply, #error>> + Send
    };
    match subscriptions::body(cx, id) {
        Some(body) => {
            let allow = &cx.allow_deprecated;
            quote!(#doc #allow #signature { #body })
        }
        None => quote!(#doc #signature;),
    }
}

fn operation_doc(cx: &Cx<'_>, operation: &Operation) -> TokenStream {
    let mut wire = format!("You get {}", messages::listed(cx, &operation.messages));
    match &operation.reply {
        Some(reply) if !reply.messages.is_empty() => {
            wire.push_str(&format!(", you answer {}.", messages::listed(cx, &reply.messages)));
        }
        _ => wire.push('.'),
    }
    // No attribute: a server has to answer the operation as long as the contract has it.
    if operation.deprecated {
        wire.push_str(" Deprecated.");
    }
    let title = operation.summary.as_deref().or(operation.title.as_deref());
    description::doc(
        [title, operation.description.as_deref(), Some(wire.as_str())].into_iter().flatten(),
    )
}

/// The method that gets what a client answers to an operation of the server.
fn answer(
    cx: &Cx<'_>,
    endpoint: EndpointId,
    id: OperationId,
    messages: &[MessageId],
) -> TokenStream {
    let method = answered(cx, id);
    let session = session(cx, endpoint);
    let received = messages::name(cx, endpoint, Direction::Receive);
    let operation = cx.contract.operation(id);
    let doc = description::doc([format!(
        "A client answers {}: you get {}.",
        description::code(&operation.key),
        messages::listed(cx, messages)
    )
    .as_str()]);
    let ty = match messages {
        [only] => messages::held(cx, *only),
        _ => Some(quote!(#received)),
    };
    let parameter = ty.map(|ty| quote!(answer: #ty,));
    quote! {
        #doc
        fn #method(
            &self,
            session: &#session<Self::State>,
            #parameter
        ) -> impl v1::Future<Output = v1::Result<(), v1::Refusal>> + Send;
    }
}
