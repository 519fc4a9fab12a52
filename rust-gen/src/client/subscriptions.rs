//! What the runtime needs of each topic: how it is asked for, what a reply says, which pushes are its own.

use contract::answer::Answer;
use contract::model::{Carried, EndpointId, MessageId, OperationId, ParameterSource, TopicId};
use contract::schema::Shape;
use json::Json;
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::{are_all, is_one_of, opened, operations, requests};
use crate::Cx;
use crate::answers::literal;
use crate::messages;
use crate::places;
use crate::replies;
use crate::topics;
use crate::types::{field_idents, is_string};

/// Whether a subscription can be made of a topic's parameters, and something comes of it.
pub(super) fn can_be_subscribed(cx: &Cx<'_>, id: TopicId) -> bool {
    let topic = cx.contract.topic(id);
    let can_be_asked = match topic.subscribe {
        None => true,
        Some(operation) => request(cx, id, operation).is_some(),
    };
    !carried(cx, id).is_empty() && can_be_asked
}

/// The messages of a topic that come at all.
pub(super) fn carried(cx: &Cx<'_>, id: TopicId) -> Vec<MessageId> {
    let topic = cx.contract.topic(id);
    let endpoint = cx.contract.channel(topic.channel).endpoint;
    let received = cx.contract.wire.dispatch(endpoint, cx.receives()).messages();
    topic.messages.iter().copied().filter(|message| received.contains(message)).collect()
}

/// The message that an operation sends for a topic.
fn request(cx: &Cx<'_>, id: TopicId, operation: OperationId) -> Option<TokenStream> {
    let topic = cx.contract.topic(id);
    let endpoint = cx.contract.channel(topic.channel).endpoint;
    let message = *cx.contract.operation(operation).messages.first()?;
    let sent = messages::name(cx, endpoint, cx.sends());
    let content = requests::request(cx, message, topic)?.unwrap_or_default();
    Some(messages::holding(cx, &sent, message, &content))
}

/// `impl Subscribe`
pub(super) fn subscribe(cx: &Cx<'_>, endpoint: EndpointId, id: TopicId) -> TokenStream {
    let topic = cx.contract.topic(id);
    let name = topics::name(cx, id);
    let sent = messages::name(cx, endpoint, cx.sends());
    let received = messages::name(cx, endpoint, cx.receives());
    let family = &topic.key;
    let carried = carried(cx, id);
    let carries = is_one_of(cx, endpoint, &carried);
    let subscribes =
        topic.subscribe.and_then(|operation| Some((operation, request(cx, id, operation)?)));
    let unsubscribes =
        topic.unsubscribe.and_then(|operation| Some((operation, request(cx, id, operation)?)));
    let data = |operation: &Option<(OperationId, TokenStream)>, method: TokenStream| {
        operation.as_ref().map(|(operation, _)| {
            let data = operations::path(cx, *operation);
            quote!(.#method(&#data))
        })
    };
    let subscribed_by = data(&subscribes, quote!(subscribed_by));
    let unsubscribed_by = data(&unsubscribes, quote!(unsubscribed_by));
    let answers = topic
        .subscribe
        .and_then(|operation| Some((operation, operations::answers(cx, endpoint, operation)?)));
    let mut refused_by = None;
    let mut named_by_reply = None;
    let (reply, read_reply) = match &answers {
        None => (quote!(()), quote!(message.is_none().then_some(()))),
        Some((operation, answers)) => {
            refused_by = refusals(cx, endpoint, id, *operation, &answers.granted, answers.failed);
            if let [only] = answers.granted[..] {
                named_by_reply = reply_topic(cx, endpoint, id, only);
            }
            let ty = replies::reply(cx, *operation);
            let reply_name = replies::reply_name(cx, *operation);
            let several = answers.granted.len() > 1;
            let arms = answers.granted.iter().map(|message| {
                let (pattern, value) = opened(cx, &received, *message);
                let value = if several {
                    messages::holding(cx, &reply_name, *message, &value)
                } else {
                    value
                };
                quote!(#pattern => Some(#value),)
            });
            let others = (!are_all(cx, endpoint, &answers.granted)).then(|| quote!(_ => None,));
            (ty, quote!(match message? { #(#arms)* #others }))
        }
    };
    let named_by_push = named_by_push(cx, endpoint, id);
    let (payload, read_payload) = match carried[..] {
        [only] => {
            let (pattern, value) = opened(cx, &received, only);
            let others = (!are_all(cx, endpoint, &[only])).then(|| quote!(_ => None,));
            let ty = messages::held(cx, only).unwrap_or_else(|| quote!(()));
            (ty, quote!(match message { #pattern => Some(#value), #others }))
        }
        _ => (quote!(#received), quote!(Some(message))),
    };
    let optional = |request: Option<(OperationId, TokenStream)>| match request {
        Some((_, message)) => quote!(Some(#message)),
        None => quote!(None),
    };
    let (subscribes, unsubscribes) = (optional(subscribes), optional(unsubscribes));
    let matches = matches(cx, endpoint, id);
    let allow = &cx.allow_deprecated;
    quote! {
        #allow
        impl v1::Subscribe for #name {
            type Payload = #payload;
            type Reply = #reply;
            const FAMILY: &'static v1::Family<#received> = &v1::Family::new(#family, #carries)
                #subscribed_by #unsubscribed_by #refused_by #named_by_reply #named_by_push;

            fn subscribe(&self) -> Option<#sent> {
                #subscribes
            }

            fn unsubscribe(&self) -> Option<#sent> {
                #unsubscribes
            }

            fn payload(message: #received) -> Option<Self::Payload> {
                #read_payload
            }

            fn reply(message: Option<#received>) -> Option<Self::Reply> {
                #read_reply
            }

            #matches
        }
    }
}

/// What a refusing reply says: each message of the error side, and a reply that differs from a granting
/// one as the contract writes both down.
fn refusals(
    cx: &Cx<'_>,
    endpoint: EndpointId,
    topic: TopicId,
    operation: OperationId,
    granted: &[MessageId],
    failed: &[MessageId],
) -> Option<TokenStream> {
    let received = messages::name(cx, endpoint, cx.receives());
    let mut arms: Vec<TokenStream> = failed
        .iter()
        .map(|message| {
            let (pattern, _) = opened(cx, &received, *message);
            let name = messages::wire_name(cx, *message);
            match messages::held(cx, *message) {
                Some(_) => {
                    let text = format!("answered by {name}: {{payload:?}}");
                    quote!(#pattern => Some(format!(#text)),)
                }
                None => {
                    let text = format!("answered by {name}");
                    quote!(#pattern => Some(#text.to_owned()),)
                }
            }
        })
        .collect();
    if let ([only], true) = (granted, failed.is_empty()) {
        arms.extend(refusal(cx, &received, topic, operation, *only));
    }
    (!arms.is_empty()).then(|| quote!(.refused_by(|message| match message { #(#arms)* _ => None })))
}

/// `R::Reply(payload) if payload.status == Status::Error => Some(payload.message.clone()),`
fn refusal(
    cx: &Cx<'_>,
    received: &Ident,
    topic: TopicId,
    operation: OperationId,
    reply: MessageId,
) -> Option<TokenStream> {
    let Answer::Struct(refused) = cx.contract.answers.refusal(operation)? else { return None };
    let granted = match cx.contract.answers.subscribe(topic) {
        Some(Answer::Struct(members)) => Some(members),
        _ => None,
    };
    let shape = cx.contract.shapes.resolve(cx.contract.payload_shape(reply)?);
    let Shape::Struct(object) = &cx.contract.shapes.get(shape).shape else { return None };
    let idents = field_idents(cx, shape, object);
    let mut tests = Vec::new();
    for (at, answer) in refused {
        let Some(value) = answer.fixed() else { continue };
        let same = granted.and_then(|granted| granted.iter().find(|member| member.0 == *at));
        if same.is_some_and(|same| same.1.fixed().as_ref() == Some(&value)) {
            continue;
        }
        let field = &object.fields[*at];
        let ident = &idents[*at];
        let inner = cx.contract.shapes.resolve(field.shape);
        let target = &cx.contract.shapes.get(inner).shape;
        let wanted = match (target, &value) {
            (Shape::Enum(_), Json::String(_)) | (Shape::Boolean, Json::Bool(_)) => {
                literal(cx, inner, target, &value)?
            }
            (shape, Json::String(text)) if is_string(cx, shape) => {
                let text = &**text;
                quote!(#text)
            }
            _ => continue,
        };
        tests.push(match (field.required, is_string(cx, target)) {
            (true, _) => quote!(payload.#ident == #wanted),
            (false, true) => quote!(payload.#ident.as_deref() == Some(#wanted)),
            (false, false) => quote!(payload.#ident == Some(#wanted)),
        });
    }
    if tests.is_empty() {
        return None;
    }
    let why = refused.iter().find_map(|(at, answer)| {
        let field = &object.fields[*at];
        let inner = cx.contract.shapes.resolve(field.shape);
        let is_text = is_string(cx, &cx.contract.shapes.get(inner).shape);
        (answer.says_why() && is_text).then_some((&idents[*at], field.required))
    });
    let why = match why {
        Some((ident, true)) => quote!(Some(payload.#ident.clone())),
        Some((ident, false)) => {
            quote!(Some(payload.#ident.clone().unwrap_or_else(|| "refused".to_owned())))
        }
        None => quote!(Some("refused".to_owned())),
    };
    let (pattern, _) = opened(cx, received, reply);
    Some(quote!(#pattern if #(#tests)&&* => #why,))
}

/// Where the reply says what the topic is called.
fn reply_topic(
    cx: &Cx<'_>,
    endpoint: EndpointId,
    topic: TopicId,
    reply: MessageId,
) -> Option<TokenStream> {
    let received = messages::name(cx, endpoint, cx.receives());
    let Answer::Struct(members) = cx.contract.answers.subscribe(topic)? else { return None };
    let shape = cx.contract.shapes.resolve(cx.contract.payload_shape(reply)?);
    let Shape::Struct(object) = &cx.contract.shapes.get(shape).shape else { return None };
    let idents = field_idents(cx, shape, object);
    let (at, _) = members.iter().find(|(_, answer)| answer.is_topic())?;
    let field = &object.fields[*at];
    let inner = cx.contract.shapes.resolve(field.shape);
    if !is_string(cx, &cx.contract.shapes.get(inner).shape) {
        return None;
    }
    let ident = &idents[*at];
    let value = if field.required {
        quote!(Some(payload.#ident.clone()))
    } else {
        quote!(payload.#ident.clone())
    };
    let (pattern, _) = opened(cx, &received, reply);
    let others = (!are_all(cx, endpoint, &[reply])).then(|| quote!(_ => None,));
    Some(quote!(.named_by_reply(|message| match message { #pattern => #value, #others })))
}

/// The topic's name where the content of a push says it, and not its envelope.
fn named_by_push(cx: &Cx<'_>, endpoint: EndpointId, id: TopicId) -> Option<TokenStream> {
    let topic = cx.contract.topic(id);
    let Carried::At(path) = &topic.carried else { return None };
    let received = messages::name(cx, endpoint, cx.receives());
    let carried = carried(cx, id);
    let arms: Vec<TokenStream> = carried
        .iter()
        .filter(|message| {
            messages::envelope(cx, **message).is_none_or(|envelope| envelope.topic().is_none())
        })
        .filter_map(|message| {
            let read = places::read_path(cx, *message, path, None, "topic")?;
            let (is_text, value) = (read.is_text(cx), read.always_value()?);
            let variant = messages::variant(cx, *message);
            is_text.then(|| quote!(#received::#variant(request) => Some(#value),))
        })
        .collect();
    let all = arms.len() == carried.len() && are_all(cx, endpoint, &carried);
    let others = (!all).then(|| quote!(_ => None,));
    (!arms.is_empty())
        .then(|| quote!(.named_by_push(|message| match message { #(#arms)* #others })))
}

/// Whether a push that carries no topic repeats, in the same places as the request, what the topic is
/// made of.
fn matches(cx: &Cx<'_>, endpoint: EndpointId, id: TopicId) -> Option<TokenStream> {
    let topic = cx.contract.topic(id);
    let [message] = carried(cx, id)[..] else { return None };
    if topic.carried != Carried::Nowhere || topic.parameters.is_empty() {
        return None;
    }
    let received = messages::name(cx, endpoint, cx.receives());
    let idents = topics::field_idents(topic);
    let tests: Option<Vec<TokenStream>> = topic
        .parameters
        .iter()
        .zip(&idents)
        .map(|(parameter, ident)| {
            let ParameterSource::Message(path) = &parameter.source else { return None };
            let default = parameter.default.as_ref();
            let read = places::read_path(cx, message, path, default, &parameter.name)?;
            let ty = topics::parameter_type(cx, parameter.schema).to_string();
            if read.ty(cx) != ty {
                return None;
            }
            let value = read.always_value()?;
            Some(quote!(#value == self.#ident))
        })
        .collect();
    let tests = tests?;
    let variant = messages::variant(cx, message);
    let others = (!are_all(cx, endpoint, &[message])).then(|| quote!(_ => None,));
    Some(quote! {
        fn matches(&self, message: &#received) -> Option<bool> {
            match message {
                #received::#variant(request) => Some(#(#tests)&&*),
                #others
            }
        }
    })
}
