//! A channel as a type, what the engine must know of it, the service that calls the handler, and the
//! router.

use contract::answer::answering;
use contract::model::{
    Action, Codec, Direction, Endpoint, EndpointId, MessageId, Operation, OperationId, Refusal,
    Situation, TopicId,
};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use crate::Cx;
use crate::answers;
use crate::description;
use crate::handlers;
use crate::ident::{ident, pascal};
use crate::messages;
use crate::notices;
use crate::replies;
use crate::topics;

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
    let service = service(&name);
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
    let service = (!cx.is_client).then(|| service_items(cx, id, &name));
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

fn service(name: &Ident) -> Ident {
    format_ident!("__{}Service", name)
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
fn operation_name<'c>(cx: &Cx<'c>, id: OperationId) -> &'c str {
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
    let named: Vec<usize> = endpoint
        .channels
        .iter()
        .flat_map(|id| cx.contract.channel(*id).servers.iter().copied())
        .collect();
    let mut paths = cx
        .contract
        .servers
        .iter()
        .enumerate()
        .filter(|(at, server)| server.is_websocket() && (named.is_empty() || named.contains(at)))
        .map(|(_, server)| {
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
fn service_items(cx: &Cx<'_>, id: EndpointId, name: &Ident) -> TokenStream {
    let service = service(name);
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
            let variant = messages::variant(cx, *message);
            let held = messages::held(cx, *message).is_some();
            let pattern = if held {
                quote!(#received::#variant(request))
            } else {
                quote!(#received::#variant)
            };
            let argument = match (all.len() > 1, held) {
                (false, true) => quote!(request),
                (false, false) => TokenStream::new(),
                (true, true) => quote!(#request::#variant(request)),
                (true, false) => quote!(#request::#variant),
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
        quote!(match v1::received::<#name>(session, message)?.message {})
    } else {
        quote! {
            let received = v1::received::<#name>(session, message)?;
            Ok(match received.message { #(#arms)* #others })
        }
    };
    let allow = &cx.allow_deprecated;
    let notices = notices::service(cx, id, name);
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
                <#name as v1::Channel>::INFO
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
    let session = handlers::session(cx, endpoint);
    // By its trait: `handler.clone(…)` would be another method.
    let handler = handlers::handler_name(cx, endpoint);
    let method = handlers::method(cx, id);
    let dispatch = dispatcher(&method);
    let index = Literal::usize_unsuffixed(at);
    let channel = name(cx, endpoint);
    let request = replies::request(cx, id);
    let parameter = request.as_ref().map(|ty| quote!(request: #ty,));
    let argument = request.map(|_| quote!(request));
    let (before, answer) = outcome(cx, endpoint, id, operation);
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
                match call.run(operation, &typed, result).await { #answer }
            })
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
        let variant = messages::variant(cx, *only);
        return match messages::held(cx, *only) {
            Some(_) => quote! {
                #received::#variant(answer) => self.#dispatch(session, received.call, answer),
            },
            None => quote!(#received::#variant => self.#dispatch(session, received.call),),
        };
    }
    let path = quote!(#received);
    let patterns = own.iter().map(|message| messages::pattern(cx, &path, *message));
    quote!(answer @ (#(#patterns)|*) => self.#dispatch(session, received.call, answer),)
}

fn answer_method(
    cx: &Cx<'_>,
    endpoint: EndpointId,
    at: usize,
    id: OperationId,
    own: &[MessageId],
) -> TokenStream {
    let sent = messages::name(cx, endpoint, Direction::Send);
    let received = messages::name(cx, endpoint, Direction::Receive);
    let session = handlers::session(cx, endpoint);
    let handler = handlers::handler_name(cx, endpoint);
    let method = handlers::answered(cx, id);
    let dispatch = dispatcher(&method);
    let index = Literal::usize_unsuffixed(at);
    let channel = name(cx, endpoint);
    let held = match own {
        [only] => messages::held(cx, *only),
        _ => Some(quote!(#received)),
    };
    let parameter = held.as_ref().map(|ty| quote!(answer: #ty,));
    let argument = held.map(|_| quote!(answer));
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
            v1::answer::<#sent, _>(operation, session, call, |call| async move {
                let result = #handler::#method(&*handler, &typed, #argument);
                match call.run(operation, &typed, result).await {
                    Ok(()) => v1::Answer::Nothing,
                    Err(refusal) => v1::Answer::Close(refusal),
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
    let Some(all) = replies::answers(operation) else {
        let refused = unanswered(operation, &quote!(refusal), &quote!(_));
        return (TokenStream::new(), quote! { Ok(()) => v1::Answer::Nothing, #refused });
    };
    let granted = match all.granted[..] {
        [only] => {
            let variant = messages::variant(cx, only);
            match messages::held(cx, only) {
                Some(_) => quote!(Ok(reply) => v1::Answer::Reply(#sent::#variant(reply)),),
                None => quote!(Ok(()) => v1::Answer::Reply(#sent::#variant),),
            }
        }
        _ => quote!(Ok(reply) => v1::Answer::Reply(#sent::from(reply)),),
    };
    let error = replies::error_name(cx, id);
    let failed = all.failed.iter().map(|message| {
        let variant = messages::variant(cx, *message);
        match messages::held(cx, *message) {
            Some(_) => quote! {
                Err(#error::#variant(reply)) => v1::Answer::Reply(#sent::#variant(reply)),
            },
            None => quote!(Err(#error::#variant) => v1::Answer::Reply(#sent::#variant),),
        }
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
