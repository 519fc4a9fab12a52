//! The client of an endpoint: a struct with a method for each topic, each operation, and each message that
//! comes by itself.
//!
//! | file | emits |
//! | --- | --- |
//! | `mod.rs` | the struct and its methods |
//! | `operations.rs` | what the runtime needs of each operation, as data |
//! | `info.rs` | what it needs of the channel |
//! | `subscriptions.rs` | what it needs of each topic |
//! | `requests.rs` | the request of a topic, made of the topic's parameters |

mod info;
mod operations;
mod requests;
mod subscriptions;

use std::collections::HashSet;

use contract::model::{Direction, EndpointId, MessageId, OperationId, TopicId};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use crate::Cx;
use crate::description;
use crate::endpoint;
use crate::ident::ident;
use crate::messages;
use crate::replies;

pub(crate) use operations::operations;

/// Methods that every client has.
const TAKEN: [&str; 3] = ["connect", "connection", "new"];

/// The name of an endpoint's client.
pub(crate) fn name(cx: &Cx<'_>, id: EndpointId) -> Ident {
    ident(&format!("{}Client", cx.contract.names.endpoint(id).pascal()))
}

/// What can be done with a client, each under a name of its own.
struct Surface {
    topics: Vec<(TopicId, Ident)>,
    operations: Vec<(OperationId, Ident)>,
    pushes: Vec<(MessageId, Ident)>,
}

impl Surface {
    fn new(cx: &Cx<'_>, id: EndpointId) -> Self {
        let names = &cx.contract.names;
        let mut taken: HashSet<String> = TAKEN.map(str::to_owned).into();
        let mut claim = |wanted: String, kind: &str| {
            let mut name = wanted;
            while !taken.insert(name.clone()) {
                name = format!("{name}_{kind}");
            }
            ident(&name)
        };
        let topics: Vec<TopicId> = cx
            .contract
            .topics_of(id)
            .filter(|topic| subscriptions::can_be_subscribed(cx, *topic))
            .collect();
        let pushes = pushes(cx, id, &topics);
        Self {
            topics: topics
                .into_iter()
                .map(|topic| (topic, claim(names.topic(topic).snake(), "topic")))
                .collect(),
            operations: cx
                .contract
                .operations_of(id, Direction::Receive)
                .filter(|operation| !cx.contract.operation(*operation).messages.is_empty())
                .map(|operation| (operation, claim(names.operation(operation).snake(), "request")))
                .collect(),
            pushes: pushes
                .into_iter()
                .map(|message| (message, claim(names.message(message).snake(), "messages")))
                .collect(),
        }
    }
}

/// The messages that the server sends on its own account and no topic delivers.
fn pushes(cx: &Cx<'_>, id: EndpointId, topics: &[TopicId]) -> Vec<MessageId> {
    let mut pushes: Vec<MessageId> = Vec::new();
    for operation in cx.contract.operations_of(id, Direction::Send) {
        for message in &cx.contract.operation(operation).messages {
            let carried =
                topics.iter().any(|topic| cx.contract.topic(*topic).messages.contains(message));
            if !carried && !pushes.contains(message) {
                pushes.push(*message);
            }
        }
    }
    pushes
}

/// The client.
pub(crate) fn face(cx: &Cx<'_>, id: EndpointId) -> TokenStream {
    if !cx.is_client {
        return TokenStream::new();
    }
    let contract = cx.contract;
    let visibility = &cx.visibility;
    let name = name(cx, id);
    let channel = endpoint::name(cx, id);
    let surface = Surface::new(cx, id);
    let place = contract.endpoint(id).address.as_deref().unwrap_or("its address");
    let doc = description::doc([
        format!("A client of {} that stays connected.", description::code(place)).as_str(),
        "Cheap to clone; it closes when the last clone and the last subscription are dropped.",
    ]);
    let topics = surface.topics.iter().map(|(topic, method)| topic_method(cx, *topic, method));
    let operations =
        surface.operations.iter().map(|(operation, method)| call(cx, id, *operation, method));
    let pushes = surface.pushes.iter().map(|(message, method)| push(cx, id, *message, method));
    let allow = &cx.allow_deprecated;
    quote! {
        #doc
        #[derive(Clone, Debug)]
        #visibility struct #name {
            connection: v1::Connection<#channel>,
        }

        #allow
        impl #name {
            /// Connects at once, and again whenever the connection is lost: to a URL such as
            /// `wss://api.example.com`, or with options. Must be called in a tokio runtime.
            ///
            /// # Errors
            /// What is wrong now and would be with each attempt, such as a URL that is none.
            #visibility fn connect(
                options: impl Into<v1::Options>,
            ) -> v1::Result<Self, v1::ClientError> {
                Ok(Self { connection: v1::Connection::new(options)? })
            }

            /// What is the same for all contracts: the state of the connection, its events, every
            /// message that comes.
            #visibility fn connection(&self) -> &v1::Connection<#channel> {
                &self.connection
            }

            #(#topics)*
            #(#operations)*
            #(#pushes)*
        }
    }
}

/// What makes it work.
pub(crate) fn wire(cx: &Cx<'_>, id: EndpointId) -> TokenStream {
    if !cx.is_client {
        return TokenStream::new();
    }
    let info = info::info(cx, id);
    let tells = operations::tells(cx, id);
    let topics = Surface::new(cx, id).topics.into_iter();
    let topics = topics.map(|(topic, _)| subscriptions::subscribe(cx, id, topic));
    quote! { #info #tells #(#topics)* }
}

fn topic_method(cx: &Cx<'_>, id: TopicId, method: &Ident) -> TokenStream {
    let topic = cx.contract.topic(id);
    let visibility = &cx.visibility;
    let ty = crate::topics::name(cx, id);
    let wire = format!("You get {}.", messages::listed(cx, &subscriptions::carried(cx, id)));
    let doc =
        description::doc([topic.description.as_deref(), Some(wire.as_str())].into_iter().flatten());
    quote! {
        #doc
        #visibility fn #method(&self) -> v1::TopicClient<#ty> {
            self.connection.topic()
        }
    }
}

/// A pattern for a message of the received direction, with what it holds as `payload`; and that as an
/// expression.
fn opened(cx: &Cx<'_>, received: &Ident, id: MessageId) -> (TokenStream, TokenStream) {
    let payload = quote!(payload);
    let pattern = messages::holding(cx, received, id, &payload);
    (pattern, if messages::held(cx, id).is_some() { payload } else { quote!(()) })
}

/// Whether some messages are all that can be received.
fn are_all(cx: &Cx<'_>, endpoint: EndpointId, ids: &[MessageId]) -> bool {
    let all = cx.contract.wire.dispatch(endpoint, cx.receives()).messages();
    !cx.open && all.iter().all(|message| ids.contains(message))
}

/// The method of an operation.
fn call(cx: &Cx<'_>, endpoint: EndpointId, id: OperationId, method: &Ident) -> TokenStream {
    let operation = cx.contract.operation(id);
    let visibility = &cx.visibility;
    let sent = messages::name(cx, endpoint, cx.sends());
    let received = messages::name(cx, endpoint, cx.receives());
    let data = operations::path(cx, id);
    let request = replies::request(cx, id);
    let parameter = match (&request, &operation.messages[..]) {
        (None, _) => TokenStream::new(),
        (Some(ty), [_]) => quote!(request: #ty),
        (Some(ty), _) => quote!(request: impl Into<#ty>),
    };
    let message = match &operation.messages[..] {
        [only] => messages::holding(cx, &sent, *only, &quote!(request)),
        _ => quote!(#sent::from(request.into())),
    };
    let mut text = format!("You send {}", messages::listed(cx, &operation.messages));
    let answers = operations::answers(cx, endpoint, id);
    if let Some(answers) = &answers {
        let all = [&answers.granted[..], answers.failed].concat();
        text.push_str(&format!(", you get {}", messages::listed(cx, &all)));
    }
    text.push('.');
    let errors = ["# Errors\nWhy it was not sent, or not answered."];
    let title = operation.summary.as_deref().or(operation.title.as_deref());
    let words = [title, operation.description.as_deref(), Some(text.as_str())];
    let doc = description::doc(words.into_iter().flatten().chain(errors));
    let deprecated = (operation.deprecated
        || operation.messages.iter().all(|message| cx.contract.message(*message).deprecated))
    .then(|| quote!(#[deprecated]));
    let Some(answers) = answers else {
        return quote! {
            #doc
            #deprecated
            #visibility async fn #method(
                &self,
                #parameter
            ) -> v1::Result<(), v1::ClientError> {
                self.connection.send(&#data, #message).await
            }
        };
    };
    let reply = replies::reply(cx, id);
    let error = replies::error(cx, id);
    let reply_name = replies::reply_name(cx, id);
    let several = answers.granted.len() > 1;
    let granted = answers.granted.iter().map(|message| {
        let (pattern, value) = opened(cx, &received, *message);
        let value =
            if several { messages::holding(cx, &reply_name, *message, &value) } else { value };
        quote!(#pattern => Ok(#value),)
    });
    let failed = answers.failed.iter().map(|message| {
        let (pattern, value) = opened(cx, &received, *message);
        let value = messages::holding(cx, &error, *message, &value);
        quote!(#pattern => Err(#value),)
    });
    let all = [&answers.granted[..], answers.failed].concat();
    let others = (!are_all(cx, endpoint, &all)).then(|| {
        let into = (!answers.failed.is_empty()).then(|| quote!(.into()));
        quote!(other => Err(v1::unexpected(&#data, &other)#into),)
    });
    quote! {
        #doc
        #deprecated
        #visibility async fn #method(&self, #parameter) -> v1::Result<#reply, #error> {
            match self.connection.request(&#data, #message).await? {
                #(#granted)*
                #(#failed)*
                #others
            }
        }
    }
}

/// The messages of a kind that comes by itself.
fn push(cx: &Cx<'_>, endpoint: EndpointId, id: MessageId, method: &Ident) -> TokenStream {
    let message = cx.contract.message(id);
    let visibility = &cx.visibility;
    let received = messages::name(cx, endpoint, cx.receives());
    let held = messages::held(cx, id).unwrap_or_else(|| quote!(()));
    let (pattern, value) = opened(cx, &received, id);
    let others = (!are_all(cx, endpoint, &[id])).then(|| quote!(_ => None,));
    let title = message.summary.as_deref().or(message.title.as_deref());
    let wire = format!("You get {}, from now on.", messages::listed(cx, &[id]));
    let doc = description::doc(
        [title, message.description.as_deref(), Some(wire.as_str())].into_iter().flatten(),
    );
    let deprecated = message.deprecated.then(|| quote!(#[deprecated]));
    quote! {
        #doc
        #deprecated
        #visibility fn #method(&self) -> v1::Messages<#held> {
            self.connection.messages(|message| match message {
                #pattern => Some(#value),
                #others
            })
        }
    }
}

/// A closure of a message that says whether it is one of some.
fn is_one_of(cx: &Cx<'_>, endpoint: EndpointId, ids: &[MessageId]) -> TokenStream {
    let received = messages::name(cx, endpoint, cx.receives());
    if ids.is_empty() {
        return quote!(|_| false);
    }
    let patterns = ids.iter().map(|id| messages::pattern(cx, &received, *id));
    quote!(|message| matches!(message, #(#patterns)|*))
}

/// The variant of what the contract does not know, where receiving is open.
fn unknown(cx: &Cx<'_>, endpoint: EndpointId) -> Option<Ident> {
    let all = cx.contract.wire.dispatch(endpoint, cx.receives()).messages();
    messages::unknown(cx, cx.receives(), &all)
}

/// The private module of all operations.
fn module() -> Ident {
    format_ident!("__operations")
}
