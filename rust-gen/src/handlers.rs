//! One trait for each endpoint: a method for each received operation, with defaults for topics.

use contract::answer::answering;
use contract::model::{Direction, EndpointId, MessageId, Operation, OperationId, Topic, TopicId};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::Cx;
use crate::answers::{self, Source};
use crate::description;
use crate::ident::ident;
use crate::messages;
use crate::replies;
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
    let taken = matches!(name.as_str(), "opened" | "closed" | "new")
        || ["authorize_", "from_", "into_"].iter().any(|prefix| name.starts_with(prefix))
        || name.ends_with("_answered");
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
    let authorizations = contract
        .topics_of(endpoint)
        .filter(|id| contract.topic(*id).subscribe.is_some())
        .map(|id| authorization(cx, id, &session));
    quote! {
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

            #(#methods)*
            #(#answers)*
            #(#authorizations)*
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
    match request.and_then(|_| default_body(cx, id)) {
        Some(body) => {
            let allow = &cx.allow_deprecated;
            quote!(#doc #allow #signature { #body })
        }
        None => quote!(#doc #signature;),
    }
}

/// The names of messages in a sentence.
fn listed(cx: &Cx<'_>, ids: &[MessageId]) -> String {
    let names = ids.iter().map(|id| description::code(messages::wire_name(cx, *id)));
    names.collect::<Vec<_>>().join(", ")
}

fn operation_doc(cx: &Cx<'_>, operation: &Operation) -> TokenStream {
    let mut wire = format!("You get {}", listed(cx, &operation.messages));
    match &operation.reply {
        Some(reply) if !reply.messages.is_empty() => {
            wire.push_str(&format!(", you answer {}.", listed(cx, &reply.messages)));
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
        listed(cx, messages)
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
            let message = answering(reply, false)?;
            let shape = contract.payload_shape(message)?;
            let idents = topics::field_idents(topic);
            let source = source(topic, &idents);
            let value = answers::expression(cx, shape, answer?, &source)?;
            let several = replies::answers(operation).is_some_and(|all| all.granted.len() > 1);
            if several {
                let reply = replies::reply_name(cx, id);
                let variant = messages::variant(cx, message);
                quote!(Ok(#reply::#variant(#value)))
            } else {
                quote!(Ok(#value))
            }
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
