//! What an operation does that subscribes or unsubscribes, where the contract says how it answers: the
//! default of the handler's method.

use contract::answer::answering;
use contract::model::{OperationId, Topic, TopicId, TopicUse};
use proc_macro2::TokenStream;
use quote::quote;

use crate::Cx;
use crate::answers::{self, Items, Source};
use crate::handlers::authorize;
use crate::messages;
use crate::places;
use crate::replies;
use crate::topics::{self, Request};

/// The body of the method; `None` where only a handler can know what to do.
pub(crate) fn body(cx: &Cx<'_>, id: OperationId) -> Option<TokenStream> {
    let contract = cx.contract;
    let (topic_id, does) = contract.topics_of_operation(id).next()?;
    let subscribes = does == TopicUse::Subscribe;
    let topic = contract.topic(topic_id);
    let request = topics::request(cx, topic, id)?;
    let tolerant = subscribes && topic.many().is_some() && topic.refused_reply.is_some();
    let items = match (subscribes, tolerant) {
        (false, _) => Items::Topics,
        (true, false) => Items::Subscribed,
        (true, true) => Items::Outcomes,
    };
    let reply = reply(cx, id, topic_id, does, items)?;
    let named = named(cx, topic_id, &request);
    let act = if subscribes {
        subscribe(cx, topic_id, &request, items, &reply)
    } else if topic.many().is_some() {
        quote! {
            for topic in &topics {
                session.unsubscribe(topic);
            }
        }
    } else {
        quote!(session.unsubscribe(&topic);)
    };
    Some(quote! {
        async move {
            #named
            #act
            #reply
        }
    })
}

/// Which topics a request names.
fn named(cx: &Cx<'_>, topic: TopicId, request: &Request) -> TokenStream {
    let name = topics::name(cx, topic);
    if cx.contract.topic(topic).parameters.is_empty() {
        let unused = request.is_empty().then(|| quote!(let _ = &request;));
        return quote!(#unused let topic = #name {};);
    }
    if let Some(each) = &request.each {
        let asks = if request.always { quote!() } else { quote!(?) };
        return quote!(let topics = #name::#each(&request) #asks;);
    }
    if request.always {
        quote!(let topic = #name::from(&request);)
    } else {
        quote!(let topic = #name::try_from(&request)?;)
    }
}

/// Asks the handler, subscribes, and keeps what the reply speaks of.
fn subscribe(
    cx: &Cx<'_>,
    id: TopicId,
    request: &Request,
    items: Items,
    reply: &TokenStream,
) -> TokenStream {
    let authorize = authorize(cx, id);
    let wish = wish(cx, cx.contract.topic(id), request);
    let told = answers::mentions(reply, "subscribed").then(|| quote!(let subscribed =));
    let given = match &wish {
        Some(_) => quote!(&wish),
        None => quote!(&v1::Wish::default()),
    };
    if request.each.is_none() {
        let subscribe = if wish.is_none() && told.is_none() {
            quote!(session.subscribe(&topic)?;)
        } else {
            quote!(#told session.subscribe_with(&topic, #given)?;)
        };
        return quote! {
            self.#authorize(session, &topic).await?;
            #wish
            #subscribe
        };
    }
    if items == Items::Outcomes {
        return quote! {
            #wish
            let mut outcomes = Vec::with_capacity(topics.len());
            for topic in topics {
                let outcome = match self.#authorize(session, &topic).await {
                    Ok(()) => session.subscribe_with(&topic, #given).map_err(v1::Refusal::from),
                    Err(refusal) => Err(refusal),
                };
                outcomes.push((topic, outcome));
            }
        };
    }
    quote! {
        for topic in &topics {
            self.#authorize(session, topic).await?;
        }
        #wish
        #told session.subscribe_all(&topics, #given)?;
    }
}

/// `let wish = …;` where a request may ask for more than the next messages.
fn wish(cx: &Cx<'_>, topic: &Topic, request: &Request) -> Option<TokenStream> {
    let delivery = &topic.delivery;
    let since = delivery.since.as_ref().and_then(|path| {
        let text = places::optional_text(cx, request.message, path)?;
        Some(quote!(.since(#text)?))
    });
    let interval = delivery.interval.as_ref().and_then(|interval| {
        let value = places::optional_integer(cx, request.message, &interval.path)?;
        let (minimum, default) = (interval.minimum, interval.default);
        let minimum = proc_macro2::Literal::u32_unsuffixed(minimum);
        let default = proc_macro2::Literal::u32_unsuffixed(default);
        Some(quote!(.interval(#value, #minimum, #default)))
    });
    if since.is_none() && interval.is_none() {
        return None;
    }
    Some(quote!(let wish = v1::Wish::default() #since #interval;))
}

/// What is answered: the tail of the body.
fn reply(
    cx: &Cx<'_>,
    id: OperationId,
    topic: TopicId,
    does: TopicUse,
    items: Items,
) -> Option<TokenStream> {
    let contract = cx.contract;
    let operation = contract.operation(id);
    let Some(reply) = &operation.reply else { return Some(quote!(Ok(()))) };
    let answer = contract.answers.granted(topic, does);
    let message = answering(reply, false)?;
    let value = match messages::held(cx, message) {
        None => None,
        Some(_) => {
            let idents = topics::field_idents(contract.topic(topic));
            let source = Source { items, ..Source::of_topic(contract.topic(topic), &idents) };
            let shape = contract.payload_shape(message)?;
            Some(answers::expression(cx, shape, answer?, &source)?)
        }
    };
    let several = replies::answers(operation).is_some_and(|all| all.granted.len() > 1);
    Some(if several {
        let reply = replies::reply_name(cx, id);
        let variant = messages::variant(cx, message);
        let value = value.map(|value| quote!((#value)));
        quote!(Ok(#reply::#variant #value))
    } else {
        let value = value.unwrap_or_else(|| quote!(()));
        quote!(Ok(#value))
    })
}
