//! A channel as a type, what the engine must know of it, the service that calls the handler, and the
//! router.

use contract::model::{
    Action, Codec, Direction, Endpoint, EndpointId, Operation, OperationId, Refusal, Situation,
    TopicId,
};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

use crate::Cx;
use crate::answers;
use crate::description;
use crate::handlers;
use crate::ident::{ident, pascal};
use crate::messages;
use crate::topics;

/// The items of an endpoint that are not its messages, its topics or its handler.
pub(crate) fn endpoint(cx: &Cx<'_>, id: EndpointId) -> TokenStream {
    let contract = cx.contract;
    let endpoint = contract.endpoint(id);
    let name = ident(&contract.names.endpoint(id).pascal());
    let visibility = &cx.visibility;
    let received = messages::name(cx, id, Direction::Receive);
    let sent = messages::name(cx, id, Direction::Send);
    let handler = handlers::name(cx, id);
    let service = ident(&format!("{name}Service"));
    let hub = ident(&format!("{name}Hub"));
    let info = info(cx, id, endpoint);
    let channel = contract.channel(endpoint.channels[0]);
    let address = endpoint.address.as_deref().unwrap_or("an address that is chosen at run time");
    let place = format!("The channel at {}.", description::code(address));
    let text = channel.description.as_deref().or(channel.summary.as_deref());
    let doc = description::doc([Some(place.as_str()), text].into_iter().flatten());
    let hub_doc =
        description::doc([
            format!("Publishes to the topics of {}.", description::code(address)).as_str()
        ]);
    let service_item = service_item(cx, id, &name, &service, &handler);
    quote! {
        #doc
        #[derive(Clone, Copy, Debug)]
        #visibility enum #name {}

        impl v1::Channel for #name {
            type Received = #received;
            type Sent = #sent;
            const INFO: &'static v1::ChannelInfo = &const { #info };
        }

        #hub_doc
        #visibility type #hub = v1::Hub<#name>;

        impl #name {
            /// The channel, answered by a handler: set what differs from the defaults, then make it a
            /// router.
            #visibility fn endpoint<H: #handler>(handler: H) -> v1::Endpoint<Self> {
                v1::Endpoint::new(#service(v1::Arc::new(handler)))
            }

            /// A router with the channel at its address, with the defaults.
            #visibility fn router<H: #handler, S: Clone + Send + Sync + 'static>(
                handler: H,
            ) -> v1::Router<S> {
                Self::endpoint(handler).into_router()
            }
        }

        #service_item
    }
}

/// The constant that the engine reads.
fn info(cx: &Cx<'_>, id: EndpointId, endpoint: &Endpoint) -> TokenStream {
    let key = &endpoint.key;
    let address = endpoint.address.as_deref().unwrap_or("/");
    let address = axum_path(address);
    let subprotocols = endpoint.subprotocols.iter().map(|subprotocol| {
        let name = &subprotocol.name;
        let codec = codec(subprotocol.codec);
        let closes = ident(if subprotocol.declared_closes { "Declared" } else { "Plain" });
        quote!(v1::Subprotocol::new(#name, #codec, v1::Closes::#closes))
    });
    let subprotocols = (!endpoint.subprotocols.is_empty())
        .then(|| quote!(.with_subprotocols(&const { [#(#subprotocols),*] })));
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
        quote! {
            v1::CloseRule {
                situation: v1::Situation::#situation,
                code: v1::CloseCode::new(#code),
                reason: #reason,
                then: v1::Then::#then,
            }
        }
    });
    let closes = (!endpoint.close_codes.is_empty())
        .then(|| quote!(.with_closes(v1::CloseTable::new(&const { [#(#rules),*] }))));
    let operations: Vec<String> = cx
        .contract
        .operations_of(id, Direction::Receive)
        .map(|id| wire_name(cx, cx.contract.operation(id)))
        .collect();
    let operations = (!operations.is_empty())
        .then(|| quote!(.with_operations(&const { [#(v1::OperationInfo::new(#operations)),*] })));
    quote!(v1::ChannelInfo::new(#key, #address) #subprotocols #closes #operations)
}

/// The name of an operation in logs and metrics: that of its message on the wire.
fn wire_name(cx: &Cx<'_>, operation: &Operation) -> String {
    match &operation.messages[..] {
        [only] => {
            let message = cx.contract.message(*only);
            message.name.as_deref().unwrap_or(&operation.key).to_owned()
        }
        _ => operation.key.clone(),
    }
}

/// An address as axum writes it: it begins with a slash, and parameters are plain names.
fn axum_path(address: &str) -> String {
    let path = address.split('?').next().unwrap_or_default();
    if path.starts_with('/') { path.to_owned() } else { format!("/{path}") }
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

/// The service: from a frame to the handler's method and back.
fn service_item(
    cx: &Cx<'_>,
    id: EndpointId,
    name: &Ident,
    service: &Ident,
    handler: &Ident,
) -> TokenStream {
    let session = handlers::session(cx, id);
    let received = messages::name(cx, id, Direction::Receive);
    let operations: Vec<OperationId> = cx.contract.operations_of(id, Direction::Receive).collect();
    let mut answered: Vec<contract::model::MessageId> = Vec::new();
    let mut arms = Vec::new();
    for (at, operation) in operations.iter().enumerate() {
        // A message that two operations receive goes to the first; the contract's check says so.
        let messages: Vec<_> = cx
            .contract
            .operation(*operation)
            .messages
            .iter()
            .copied()
            .filter(|message| !answered.contains(message))
            .collect();
        answered.extend(&messages);
        if !messages.is_empty() {
            arms.push(arm(cx, id, at, *operation, &messages));
        }
    }
    // Messages that are no operation's: replies to what the server asks.
    let all = cx.contract.wire.dispatch(id, Direction::Receive).messages();
    let others = all.iter().any(|message| !answered.contains(message)).then(|| {
        quote! { other => return Err(v1::unhandled(&other)), }
    });
    let receive = if all.is_empty() {
        quote! {
            match v1::incoming::<#received>(session.codec(), message)?.message {}
        }
    } else {
        quote! {
            let decoded = v1::incoming::<#received>(session.codec(), message)?;
            let handler = v1::Arc::clone(&self.0);
            let id = decoded.id;
            Ok(match decoded.message {
                #(#arms)*
                #others
            })
        }
    };
    let allow = &cx.allow_deprecated;
    quote! {
        struct #service<H>(v1::Arc<H>);

        #allow
        impl<H: #handler> v1::Service for #service<H> {
            fn channel(&self) -> &'static v1::ChannelInfo {
                <#name as v1::Channel>::INFO
            }

            fn open(&self, _: &v1::Handshake<'_>) -> v1::Arc<dyn ::core::any::Any + Send + Sync> {
                v1::Arc::new(H::State::default())
            }

            fn opened(&self, session: &v1::SessionHandle) {
                self.0.opened(&#session::new(session));
            }

            fn closed(&self, session: &v1::SessionHandle, closed: &v1::Closed) {
                self.0.closed(&#session::new(session), closed);
            }

            fn receive(
                &self,
                session: &v1::SessionHandle,
                message: v1::Inbound<'_>,
            ) -> v1::Result<v1::Dispatched, v1::Rejection> {
                #receive
            }
        }
    }
}

/// What is done with the messages of one operation.
fn arm(
    cx: &Cx<'_>,
    endpoint: EndpointId,
    at: usize,
    id: OperationId,
    messages: &[contract::model::MessageId],
) -> TokenStream {
    let operation = cx.contract.operation(id);
    let received = messages::name(cx, endpoint, Direction::Receive);
    let session = handlers::session(cx, endpoint);
    let method = handlers::method(cx, id);
    let index = Literal::usize_unsuffixed(at);
    let channel = ident(&cx.contract.names.endpoint(endpoint).pascal());
    let sent = messages::name(cx, endpoint, Direction::Send);
    let single = operation.messages.len() == 1;
    let (pattern, argument) = match (single, messages) {
        (true, [only]) => {
            let variant = messages::variant(cx, *only);
            match messages::held(cx, *only) {
                Some(_) => (quote!(#received::#variant(request)), quote!(request)),
                None => (quote!(#received::#variant), TokenStream::new()),
            }
        }
        _ => {
            let variants = messages.iter().map(|message| {
                let variant = messages::variant(cx, *message);
                match messages::held(cx, *message) {
                    Some(_) => quote!(#received::#variant(_)),
                    None => quote!(#received::#variant),
                }
            });
            (quote!(request @ (#(#variants)|*)), quote!(request))
        }
    };
    let (before, answer) = outcome(cx, endpoint, id, operation);
    quote! {
        #pattern => {
            let typed = #session::new(session);
            v1::answer::<#sent>(&<#channel as v1::Channel>::INFO.operations()[#index], session, id, async move {
                #before
                match handler.#method(&typed, #argument).await {
                    #answer
                }
            })
        }
    }
}

/// What is prepared before the handler runs, and what follows from its result.
fn outcome(
    cx: &Cx<'_>,
    endpoint: EndpointId,
    id: OperationId,
    operation: &Operation,
) -> (TokenStream, TokenStream) {
    let sent = messages::name(cx, endpoint, Direction::Send);
    let refused = match operation.refusal {
        Refusal::Close => quote!(Err(refusal) => v1::Answer::Close(refusal),),
        Refusal::Ignore => quote!(Err(_) => v1::Answer::Nothing,),
    };
    let Some(reply) = &operation.reply else {
        return (TokenStream::new(), quote! { Ok(()) => v1::Answer::Nothing, #refused });
    };
    let [first, others @ ..] = &reply.messages[..] else {
        return (TokenStream::new(), quote! { Ok(()) => v1::Answer::Nothing, #refused });
    };
    if !others.is_empty() {
        return (TokenStream::new(), quote! { Ok(reply) => v1::Answer::Reply(reply), #refused });
    }
    let variant = messages::variant(cx, *first);
    let held = messages::held(cx, *first);
    let granted = match held {
        Some(_) => quote!(Ok(reply) => v1::Answer::Reply(#sent::#variant(reply)),),
        None => quote!(Ok(()) => v1::Answer::Reply(#sent::#variant),),
    };
    match refusal(cx, id, *first) {
        Some((before, value)) => (
            before,
            quote! {
                #granted
                Err(refusal) => v1::Answer::Reply(#sent::#variant(#value)),
            },
        ),
        None => (TokenStream::new(), quote! { #granted #refused }),
    }
}

/// How a refusal fills the reply; with the topic, where the answer names it.
fn refusal(
    cx: &Cx<'_>,
    id: OperationId,
    reply: contract::model::MessageId,
) -> Option<(TokenStream, TokenStream)> {
    let contract = cx.contract;
    let answer = contract.answers.refusal(id)?;
    let shape = contract.payload_shape(reply)?;
    let topic: Option<TopicId> = contract.topic_ids().find(|topic| {
        let topic = contract.topic(*topic);
        topic.subscribe == Some(id) || topic.unsubscribe == Some(id)
    });
    let Some(topic) = topic else {
        let source = answers::Source { parameters: Vec::new(), topic: TokenStream::new() };
        return Some((TokenStream::new(), answers::expression(cx, shape, answer, &source)));
    };
    let name = topics::name(cx, topic);
    let idents = topics::field_idents(contract.topic(topic));
    let source = handlers::source(contract.topic(topic), &idents);
    let value = answers::expression(cx, shape, answer, &source);
    let request = topics::request(cx, contract.topic(topic), id)?;
    let before = if request.always {
        quote!(let topic = #name::from(&request);)
    } else {
        quote! {
            let topic = match #name::try_from(&request) {
                Ok(topic) => topic,
                Err(error) => return v1::Answer::Close(error.into()),
            };
        }
    };
    Some((before, value))
}
