//! One trait for each endpoint: a method for each received operation, with defaults for topics.

use contract::model::{Direction, EndpointId, MessageId, Operation, OperationId, Topic, TopicId};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::Cx;
use crate::answers::{self, Source};
use crate::description;
use crate::ident::ident;
use crate::messages;
use crate::topics;

/// The name of an endpoint's trait.
pub(crate) fn name(cx: &Cx<'_>, endpoint: EndpointId) -> Ident {
    ident(&format!("{}Handler", cx.contract.names.endpoint(endpoint).pascal()))
}

/// The name of an endpoint's session type.
pub(crate) fn session(cx: &Cx<'_>, endpoint: EndpointId) -> Ident {
    ident(&format!("{}Session", cx.contract.names.endpoint(endpoint).pascal()))
}

/// The method of an operation.
pub(crate) fn method(cx: &Cx<'_>, operation: OperationId) -> Ident {
    let name = cx.contract.names.operation(operation).snake();
    // The trait's own methods.
    let taken =
        matches!(name.as_str(), "opened" | "closed" | "state") || name.starts_with("authorize_");
    if taken { ident(&format!("on_{name}")) } else { ident(&name) }
}

/// The method that allows or refuses subscriptions of a topic.
pub(crate) fn authorize(cx: &Cx<'_>, topic: TopicId) -> Ident {
    ident(&format!("authorize_{}", cx.contract.names.topic(topic).snake()))
}

/// What an operation's handler gets; `None` if the message says nothing.
pub(crate) fn request(cx: &Cx<'_>, operation: &Operation) -> Option<TokenStream> {
    match &operation.messages[..] {
        [] => None,
        [only] => messages::held(cx, *only),
        _ => {
            let endpoint = cx.contract.channel(operation.channel).endpoint;
            let name = messages::name(cx, endpoint, Direction::Receive);
            Some(quote!(#name))
        }
    }
}

/// What an operation's handler answers; `None` if there is no reply.
pub(crate) fn reply(cx: &Cx<'_>, operation: &Operation) -> Option<TokenStream> {
    let messages = &operation.reply.as_ref()?.messages;
    match &messages[..] {
        [] => None,
        [only] => Some(messages::held(cx, *only).unwrap_or_else(|| quote!(()))),
        _ => {
            let endpoint = cx.contract.channel(operation.channel).endpoint;
            let name = messages::name(cx, endpoint, Direction::Send);
            Some(quote!(#name))
        }
    }
}

/// The trait.
pub(crate) fn handler(cx: &Cx<'_>, endpoint: EndpointId) -> TokenStream {
    let contract = cx.contract;
    let name = name(cx, endpoint);
    let session = session(cx, endpoint);
    let channel = ident(&contract.names.endpoint(endpoint).pascal());
    let visibility = &cx.visibility;
    let address = contract.endpoint(endpoint).address.as_deref().unwrap_or("its address");
    let doc = description::doc([
        format!("What the server does with the messages of {}.", description::code(address))
            .as_str(),
        "One method for each operation; requests of one session come one after the other.",
    ]);
    let session_doc =
        description::doc([format!("A client of {}.", description::code(address)).as_str()]);
    let methods =
        contract.operations_of(endpoint, Direction::Receive).map(|id| operation(cx, endpoint, id));
    let authorizations = contract
        .topics_of(endpoint)
        .filter(|id| contract.topic(*id).subscribe.is_some())
        .map(|id| authorization(cx, id, &session));
    quote! {
        #session_doc
        #visibility type #session<State = ()> = v1::Session<#channel, State>;

        #doc
        #visibility trait #name: Send + Sync + 'static {
            /// What is kept for each session.
            type State: Default + Send + Sync + 'static;

            /// A session begins.
            fn opened(&self, session: &#session<Self::State>) {
                let _ = session;
            }

            /// A session is over; what is still sent to it goes nowhere.
            fn closed(&self, session: &#session<Self::State>, closed: &v1::Closed) {
                let _ = (session, closed);
            }

            #(#authorizations)*
            #(#methods)*
        }
    }
}

fn authorization(cx: &Cx<'_>, id: TopicId, session: &Ident) -> TokenStream {
    let method = authorize(cx, id);
    let topic = topics::name(cx, id);
    let doc = description::doc([format!(
        "Whether a client may subscribe to a topic of {}. Everybody may, unless this is written.",
        description::code(&cx.contract.topic(id).name.text)
    )
    .as_str()]);
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
    let request = request(cx, operation);
    let parameter = request.as_ref().map(|ty| quote!(request: #ty,));
    let output = reply(cx, operation).unwrap_or_else(|| quote!(()));
    let signature = quote! {
        fn #method(
            &self,
            session: &#session<Self::State>,
            #parameter
        ) -> impl v1::Future<Output = v1::Result<#output, v1::Refusal>> + Send
    };
    let body = request.and_then(|_| default_body(cx, id));
    match body {
        Some(body) => {
            let allow = &cx.allow_deprecated;
            quote!(#doc #allow #signature { #body })
        }
        None => quote!(#doc #signature;),
    }
}

fn operation_doc(cx: &Cx<'_>, operation: &Operation) -> TokenStream {
    let names = |ids: &[MessageId]| {
        let each = ids.iter().map(|id| {
            let message = cx.contract.message(*id);
            description::code(message.name.as_deref().unwrap_or(&message.key))
        });
        each.collect::<Vec<_>>().join(", ")
    };
    let mut wire = format!("You get {}", names(&operation.messages));
    match &operation.reply {
        Some(reply) => wire.push_str(&format!(", you answer {}.", names(&reply.messages))),
        None => wire.push('.'),
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

/// What an operation does that subscribes or unsubscribes, if the contract says how it answers.
fn default_body(cx: &Cx<'_>, id: OperationId) -> Option<TokenStream> {
    let contract = cx.contract;
    let (topic_id, subscribes) = contract.topic_ids().find_map(|topic_id| {
        let topic = contract.topic(topic_id);
        if topic.subscribe == Some(id) {
            Some((topic_id, true))
        } else if topic.unsubscribe == Some(id) {
            Some((topic_id, false))
        } else {
            None
        }
    })?;
    let topic = contract.topic(topic_id);
    let operation = contract.operation(id);
    let request = topics::request(cx, topic, id)?;
    let answer = if subscribes {
        contract.answers.subscribe(topic_id)
    } else {
        contract.answers.unsubscribe(topic_id)
    };
    let name = topics::name(cx, topic_id);
    let reply = match &operation.reply {
        None => quote!(Ok(())),
        Some(reply) => {
            let shape = contract.payload_shape(*reply.messages.first()?)?;
            let idents = topics::field_idents(topic);
            let source = source(topic, &idents);
            let value = answers::expression(cx, shape, answer?, &source);
            quote!(Ok(#value))
        }
    };
    let act = if subscribes {
        let authorize = authorize(cx, topic_id);
        quote! {
            self.#authorize(session, &topic).await?;
            session.subscribe(&topic)?;
        }
    } else {
        quote!(session.unsubscribe(&topic);)
    };
    let topic = if request.always {
        quote!(#name::from(&request))
    } else {
        quote!(#name::try_from(&request)?)
    };
    Some(quote! {
        async move {
            let topic = #topic;
            #act
            #reply
        }
    })
}

/// Where an answer finds the parameters of a topic that stands in `topic`.
pub(crate) fn source<'s>(topic: &'s Topic, idents: &'s [Ident]) -> Source<'s> {
    Source {
        parameters: topic
            .parameters
            .iter()
            .map(|parameter| parameter.name.as_str())
            .zip(idents)
            .collect(),
        topic: quote!(topic),
    }
}
