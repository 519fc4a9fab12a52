//! The service of an endpoint: from a received frame to the handler's method, and from what the method gives
//! back to a reply, a close, or nothing.
//!
//! In: the operations that the endpoint receives, and those of the server that clients answer. Out: a
//! private struct that implements the runtime's `Service`. How handlers look is decided in `handlers.rs`.

use contract::answer::answering;
use contract::model::{Direction, EndpointId, MessageId, Operation, OperationId, Refusal, TopicId};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use crate::Cx;
use crate::answers;
use crate::endpoint;
use crate::handlers;
use crate::messages;
use crate::notices;
use crate::replies;
use crate::topics;

/// The name of a channel's service.
pub(crate) fn name(name: &Ident) -> Ident {
    format_ident!("__{}Service", name)
}

/// The service: from a frame to the handler's method and back.
pub(crate) fn items(cx: &Cx<'_>, id: EndpointId, channel: &Ident) -> TokenStream {
    let service = name(channel);
    let handler = handlers::handler_name(cx, id);
    let session = handlers::session(cx, id);
    let received = messages::name(cx, id, Direction::Receive);
    let mut answered: Vec<MessageId> = Vec::new();
    let mut arms = Vec::new();
    let mut methods = Vec::new();
    for (at, operation) in cx.contract.operations_of(id, Direction::Receive).enumerate() {
        // A message that two operations receive goes to the first; the contract's check says so.
        let all = &cx.contract.operation(operation).messages;
        let own: Vec<MessageId> =
            all.iter().copied().filter(|message| !answered.contains(message)).collect();
        answered.extend(&own);
        let dispatch = dispatcher(&handlers::method(cx, operation));
        let request = replies::request_name(cx, operation);
        arms.extend(own.iter().map(|message| {
            let content = quote!(request);
            let pattern = messages::holding(cx, &received, *message, &content);
            let argument = if all.len() > 1 {
                messages::holding(cx, &request, *message, &content)
            } else {
                messages::held(cx, *message).map(|_| content).unwrap_or_default()
            };
            quote!(#pattern => self.#dispatch(session, received.call, #argument),)
        }));
        if !own.is_empty() {
            methods.push(operation_method(cx, id, at, operation));
        }
    }
    let first = cx.contract.operations_of(id, Direction::Receive).count();
    for (at, (operation, own)) in handlers::asked(cx, id).into_iter().enumerate() {
        answered.extend(&own);
        arms.push(answer_arm(cx, &received, operation, &own));
        methods.push(answer_method(cx, id, first + at, operation, &own));
    }
    let all = cx.contract.wire.dispatch(id, Direction::Receive).messages();
    let others = all
        .iter()
        .any(|message| !answered.contains(message))
        .then(|| quote!(other => return Err(v1::unhandled(&other)),));
    let receive = if all.is_empty() {
        quote!(match v1::received::<#channel>(session, message)?.message {})
    } else {
        quote! {
            let received = v1::received::<#channel>(session, message)?;
            Ok(match received.message { #(#arms)* #others })
        }
    };
    let allow = &cx.allow_deprecated;
    let notices = notices::service(cx, id, channel);
    let hooks = hooks(cx, id, &service, &handler);
    let methods = (!methods.is_empty()).then(|| {
        quote! {
            #allow
            impl<H: #handler> #service<H> { #(#methods)* }
        }
    });
    quote! {
        struct #service<H>(v1::Arc<H>);

        #allow
        impl<H: #handler> v1::Service for #service<H> {
            fn channel(&self) -> &'static v1::ChannelInfo {
                <#channel as v1::Channel>::INFO
            }

            fn open(
                &self,
                handshake: &v1::Handshake<'_>,
            ) -> v1::Arc<dyn ::core::any::Any + Send + Sync> {
                v1::Arc::new(self.0.open(handshake))
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

            #notices
        }

        #hooks
        #methods
    }
}

/// The service's method that runs a handler's.
fn dispatcher(method: &Ident) -> Ident {
    let name = method.to_string();
    format_ident!("dispatch_{}", name.trim_end_matches('_'))
}

/// From the names of topics to the handler's methods.
fn hooks(cx: &Cx<'_>, id: EndpointId, service: &Ident, handler: &Ident) -> Option<TokenStream> {
    let watched = handlers::watched(cx, id);
    if watched.is_empty() {
        return None;
    }
    let calls = |method: fn(&Cx<'_>, TopicId) -> Ident| {
        let calls = watched.iter().map(|topic| {
            let method = method(cx, *topic);
            let name = topics::name(cx, *topic);
            quote! {
                if let Ok(topic) = topic.parse::<#name>() {
                    self.0.#method(&topic);
                }
            }
        });
        quote!(#(#calls)else*)
    };
    let (active, idle) = (calls(handlers::active), calls(handlers::idle));
    let allow = &cx.allow_deprecated;
    Some(quote! {
        #allow
        impl<H: #handler> v1::TopicHooks for #service<H> {
            fn active(&self, topic: &str) {
                #active
            }

            fn idle(&self, topic: &str) {
                #idle
            }
        }
    })
}

/// Runs the handler's method for an operation, and sends what it answers.
fn operation_method(cx: &Cx<'_>, endpoint: EndpointId, at: usize, id: OperationId) -> TokenStream {
    let operation = cx.contract.operation(id);
    // Where nothing is answered, nothing says what it would be.
    let sent = replies::answers(operation).is_none().then(|| {
        let sent = messages::name(cx, endpoint, Direction::Send);
        quote!(::<#sent, _>)
    });
    let request = replies::request(cx, id).map(|ty| (quote!(request), ty));
    let (before, arms) = outcome(cx, endpoint, id, operation);
    let run = Run { method: handlers::method(cx, id), argument: request, sent, before, arms };
    run.by_dispatcher(cx, endpoint, at)
}

/// A handler's method that is run for what a client sent.
struct Run {
    method: Ident,
    /// What it is given, by name and type.
    argument: Option<(TokenStream, TokenStream)>,
    /// What it answers with, where nothing else says so.
    sent: Option<TokenStream>,
    before: TokenStream,
    /// What follows from its result.
    arms: TokenStream,
}

impl Run {
    /// The method of the service that runs it, for the operation at this place.
    fn by_dispatcher(self, cx: &Cx<'_>, endpoint: EndpointId, at: usize) -> TokenStream {
        let Self { method, argument, sent, before, arms } = self;
        let session = handlers::session(cx, endpoint);
        // By its trait: `handler.clone(…)` would be another method.
        let handler = handlers::handler_name(cx, endpoint);
        let dispatch = dispatcher(&method);
        let index = Literal::usize_unsuffixed(at);
        let channel = endpoint::name(cx, endpoint);
        let parameter = argument.as_ref().map(|(name, ty)| quote!(#name: #ty,));
        let argument = argument.map(|(name, _)| name);
        quote! {
            fn #dispatch(
                &self,
                session: &v1::SessionHandle,
                call: v1::Call,
                #parameter
            ) -> v1::Dispatched {
                let handler = v1::Arc::clone(&self.0);
                let typed = #session::new(session);
                let operation = &<#channel as v1::Channel>::INFO.operations()[#index];
                v1::answer #sent (operation, session, call, |call| async move {
                    #before
                    let result = #handler::#method(&*handler, &typed, #argument);
                    match call.run(operation, &typed, result).await { #arms }
                })
            }
        }
    }
}

/// What leads to the method that gets a client's answers.
fn answer_arm(
    cx: &Cx<'_>,
    received: &Ident,
    operation: OperationId,
    own: &[MessageId],
) -> TokenStream {
    let dispatch = dispatcher(&handlers::answered(cx, operation));
    if let [only] = own {
        let pattern = messages::holding(cx, received, *only, &quote!(answer));
        let argument = messages::held(cx, *only).map(|_| quote!(, answer));
        return quote!(#pattern => self.#dispatch(session, received.call #argument),);
    }
    let patterns = own.iter().map(|message| messages::pattern(cx, received, *message));
    quote!(answer @ (#(#patterns)|*) => self.#dispatch(session, received.call, answer),)
}

/// Gives the handler a client's answers.
fn answer_method(
    cx: &Cx<'_>,
    endpoint: EndpointId,
    at: usize,
    id: OperationId,
    own: &[MessageId],
) -> TokenStream {
    let sent = messages::name(cx, endpoint, Direction::Send);
    let received = messages::name(cx, endpoint, Direction::Receive);
    let held = match own {
        [only] => messages::held(cx, *only),
        _ => Some(quote!(#received)),
    };
    let run = Run {
        method: handlers::answered(cx, id),
        argument: held.map(|ty| (quote!(answer), ty)),
        sent: Some(quote!(::<#sent, _>)),
        before: TokenStream::new(),
        arms: quote! {
            Ok(()) => v1::Answer::Nothing,
            Err(refusal) => v1::Answer::Close(refusal),
        },
    };
    run.by_dispatcher(cx, endpoint, at)
}

/// What is prepared before the handler runs, and what follows from its result.
fn outcome(
    cx: &Cx<'_>,
    endpoint: EndpointId,
    id: OperationId,
    operation: &Operation,
) -> (TokenStream, TokenStream) {
    let sent = messages::name(cx, endpoint, Direction::Send);
    let Some(all) = replies::answers(operation) else {
        let refused = unanswered(operation, &quote!(refusal), &quote!(_));
        return (TokenStream::new(), quote! { Ok(()) => v1::Answer::Nothing, #refused });
    };
    let granted = match all.granted[..] {
        [only] => {
            let held = messages::held(cx, only).map(|_| quote!(reply));
            let held = held.unwrap_or_else(|| quote!(()));
            let reply = messages::holding(cx, &sent, only, &held);
            quote!(Ok(#held) => v1::Answer::Reply(#reply),)
        }
        _ => quote!(Ok(reply) => v1::Answer::Reply(#sent::from(reply)),),
    };
    let error = replies::error_name(cx, id);
    let failed = all.failed.iter().map(|message| {
        let content = quote!(reply);
        let failure = messages::holding(cx, &error, *message, &content);
        let reply = messages::holding(cx, &sent, *message, &content);
        quote!(Err(#failure) => v1::Answer::Reply(#reply),)
    });
    let failed: TokenStream = failed.collect();
    let (named, ignored) = if all.failed.is_empty() {
        (quote!(refusal), quote!(_))
    } else {
        (quote!(#error::Refused(refusal)), quote!(#error::Refused(_)))
    };
    match refusal(cx, id, operation) {
        Some((before, message, value)) => {
            let variant = messages::variant(cx, message);
            let refused = quote!(Err(#named) => v1::Answer::Reply(#sent::#variant(#value)),);
            (before, quote! { #granted #failed #refused })
        }
        None => {
            let refused = unanswered(operation, &named, &ignored);
            (TokenStream::new(), quote! { #granted #failed #refused })
        }
    }
}

/// What follows a refusal that no message can tell.
fn unanswered(operation: &Operation, named: &TokenStream, ignored: &TokenStream) -> TokenStream {
    match operation.refusal {
        Refusal::Close => quote!(Err(#named) => v1::Answer::Close(refusal),),
        Refusal::Ignore => quote!(Err(#ignored) => v1::Answer::Nothing,),
    }
}

/// How a refusal fills a reply: what is prepared, the message, its payload.
fn refusal(
    cx: &Cx<'_>,
    id: OperationId,
    operation: &Operation,
) -> Option<(TokenStream, MessageId, TokenStream)> {
    let contract = cx.contract;
    let answer = contract.answers.refusal(id)?;
    let message = answering(operation.reply.as_ref()?, true)?;
    let shape = contract.payload_shape(message)?;
    let Some((topic, _)) = contract.topics_of_operation(id).next() else {
        let source = answers::Source::of_no_topic(quote!(refusal));
        let value = answers::expression(cx, shape, answer, &source)?;
        return Some((TokenStream::new(), message, value));
    };
    let name = topics::name(cx, topic);
    let idents = topics::field_idents(contract.topic(topic));
    let source = answers::Source::of_topic(contract.topic(topic), &idents);
    let value = answers::expression(cx, shape, answer, &source)?;
    if !answers::mentions(&value, "topic") {
        return Some((TokenStream::new(), message, value));
    }
    let request = topics::request(cx, contract.topic(topic), id)?;
    let before = if contract.topic(topic).parameters.is_empty() {
        quote!(let topic = #name {};)
    } else if request.always {
        quote!(let topic = #name::from(&request);)
    } else {
        quote! {
            let topic = match #name::try_from(&request) {
                Ok(topic) => topic,
                Err(error) => return v1::Answer::Close(error.into()),
            };
        }
    };
    Some((before, message, value))
}
