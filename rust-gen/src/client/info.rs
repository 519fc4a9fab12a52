//! What the runtime needs of a channel, beyond what a server's engine needs.

use contract::answer::{Answer, AnswerPart};
use contract::model::{Direction, EndpointId, MessageId, NoticeKind, SecurityId, SecurityScheme};
use contract::schema::Shape;
use contract::schema::shape::Text;
use contract::wire::Framing;
use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::{is_one_of, opened, operations, requests, unknown};
use crate::Cx;
use crate::endpoint;
use crate::messages;

/// How often a server of our kind wants to hear from a client that offers no subprotocol, in
/// milliseconds: the default of its `HEARTBEAT_INTERVAL`.
const HEARTBEAT: u64 = 30_000;

/// The channel's constant.
pub(super) fn info(cx: &Cx<'_>, id: EndpointId) -> TokenStream {
    let channel = endpoint::name(cx, id);
    let received = messages::name(cx, id, cx.receives());
    let declared = cx.contract.endpoint(id);
    let unknown = unknown(cx, id).map(|variant| {
        let all = cx.contract.wire.dispatch(id, cx.receives()).messages();
        let others = (!all.is_empty()).then(|| quote!(_ => None,));
        quote!(.with_unknown(|message| match message {
            #received::#variant(frame) => Some(frame),
            #others
        }))
    });
    let paths = reply_ids(cx, id);
    let paths = (!paths.is_empty()).then(|| quote!(.with_reply_ids(&[#(#paths),*])));
    let batched = declared.is_batched(cx.receives()).then(|| quote!(.batched()));
    let heartbeat = Literal::u64_unsuffixed(HEARTBEAT);
    let heartbeat = is_of_our_kind(cx, id).then(|| quote!(.with_heartbeat(#heartbeat)));
    let keep_alive = keep_alive(cx, id).map(|message| {
        quote!(.with_keep_alive(|codec, out| {
            v1::Message::encode(&#message, codec, &v1::EnvelopeParts::default(), out)
        }))
    });
    let token = token(cx, id).map(|place| quote!(.with_token(v1::TokenPlace::#place)));
    let notice = |kind: NoticeKind| {
        declared.notices.get(kind).map(|notice| {
            let message = notice.message;
            let test = is_one_of(cx, id, &[message]);
            let topic = notice_topic(cx, id, kind, message);
            quote!(v1::Notice::new(#test, #topic))
        })
    };
    let dropped = notice(NoticeKind::Dropped).map(|notice| quote!(.with_dropped(#notice)));
    let revoked = notice(NoticeKind::Revoked).map(|notice| quote!(.with_revoked(#notice)));
    let allow = &cx.allow_deprecated;
    quote! {
        #allow
        impl v1::ClientChannel for #channel {
            const CLIENT: &'static v1::ClientInfo<#received> = &v1::ClientInfo::new()
                #unknown #paths #batched #heartbeat #keep_alive #token #dropped #revoked;
        }
    }
}

/// Where the replies of a channel carry the ids of their requests, each place once.
fn reply_ids(cx: &Cx<'_>, id: EndpointId) -> Vec<TokenStream> {
    let mut places: Vec<&[String]> = Vec::new();
    for operation in cx.contract.operations_of(id, Direction::Receive) {
        let Some(answers) = operations::answers(cx, id, operation) else { continue };
        for message in answers.granted.iter().chain(answers.failed) {
            if let Some(path) = &cx.contract.message(*message).correlation
                && !places.contains(&&path[..])
            {
                places.push(path);
            }
        }
    }
    let places = places.into_iter().map(|path| {
        let steps = path.iter().map(|step| crate::frames::step_of(step));
        quote!(&[#(#steps),*])
    });
    places.collect()
}

/// Whether a channel is one of our own kind: with topics, subprotocols or close codes.
fn is_of_our_kind(cx: &Cx<'_>, id: EndpointId) -> bool {
    let endpoint = cx.contract.endpoint(id);
    cx.contract.topics_of(id).next().is_some()
        || endpoint.subprotocols.iter().any(|subprotocol| subprotocol.declared_closes)
        || !endpoint.close_codes.is_empty()
}

/// A message called `ping` that asks its user for nothing and is answered: it keeps a connection, and
/// shows that there is one.
fn keep_alive(cx: &Cx<'_>, id: EndpointId) -> Option<TokenStream> {
    let sent = messages::name(cx, id, cx.sends());
    cx.contract.operations_of(id, Direction::Receive).find_map(|operation| {
        operations::answers(cx, id, operation)?;
        let [message] = cx.contract.operation(operation).messages[..] else { return None };
        let is_ping = messages::wire_name(cx, message).eq_ignore_ascii_case("ping")
            || cx.contract.message(message).key.eq_ignore_ascii_case("ping");
        if !is_ping {
            return None;
        }
        let needs_id = match cx.contract.wire.framing(message) {
            Framing::Envelope(envelope) => envelope.correlation().is_some_and(|id| id.2),
            _ => false,
        };
        if needs_id {
            return None;
        }
        let content = match messages::held(cx, message) {
            Some(_) => requests::empty(cx, message)?,
            None => TokenStream::new(),
        };
        Some(messages::holding(cx, &sent, message, &content))
    })
}

/// Where the token travels: the first security scheme that a client can serve.
fn token(cx: &Cx<'_>, id: EndpointId) -> Option<TokenStream> {
    let endpoint = cx.contract.endpoint(id);
    let of_servers = endpoint::servers(cx, endpoint).flat_map(|server| server.security.iter());
    let operations = cx.contract.operations.iter();
    let of_operations = operations
        .filter(|operation| endpoint.channels.contains(&operation.channel))
        .flat_map(|operation| operation.security.iter());
    let mut schemes = of_servers.chain(of_operations);
    schemes.find_map(|id: &SecurityId| place(cx.contract.security_scheme(*id)))
}

fn place(scheme: &SecurityScheme) -> Option<TokenStream> {
    let is = |text: &Option<String>, word: &str| {
        text.as_deref().is_some_and(|text| text.eq_ignore_ascii_case(word))
    };
    match scheme.kind.as_str() {
        "httpApiKey" | "apiKey" if is(&scheme.location, "query") => {
            scheme.name.as_deref().map(|name| quote!(Query(#name)))
        }
        "httpApiKey" | "apiKey" if is(&scheme.location, "header") => {
            scheme.name.as_deref().map(|name| quote!(Header(#name)))
        }
        "http" if is(&scheme.scheme, "bearer") => Some(quote!(Bearer)),
        "oauth2" | "openIdConnect" => Some(quote!(Bearer)),
        _ => None,
    }
}

/// Where a notice says which topic it is about: in the property of its payload that the contract fills
/// with the topic, or that is called so; or beside the payload.
fn notice_topic(
    cx: &Cx<'_>,
    endpoint: EndpointId,
    kind: NoticeKind,
    message: MessageId,
) -> TokenStream {
    let received = messages::name(cx, endpoint, cx.receives());
    let found = cx.contract.payload_shape(message).and_then(|shape| {
        let shape = cx.contract.shapes.resolve(shape);
        let Shape::Struct(object) = &cx.contract.shapes.get(shape).shape else { return None };
        let names_topic =
            |answer: &Answer| matches!(answer, Answer::Text(parts) if parts[..] == [AnswerPart::Topic]);
        let filled = match cx.contract.answers.notice(endpoint, kind) {
            Some(Answer::Struct(members)) => {
                members.iter().find(|(_, answer)| names_topic(answer)).map(|member| member.0)
            }
            _ => None,
        };
        let called = || object.fields.iter().position(|field| field.name == "topic");
        let at = filled.or_else(called)?;
        let inner = cx.contract.shapes.resolve(object.fields[at].shape);
        let is_text = matches!(cx.contract.shapes.get(inner).shape, Shape::Text(Text::Plain));
        let ident = crate::types::field_idents(cx, shape, object)[at].clone();
        is_text.then_some((ident, object.fields[at].required))
    });
    let Some((field, required)) = found else { return quote!(|decoded| decoded.topic.clone()) };
    let (pattern, _) = opened(cx, &received, message);
    let value = if required {
        quote!(Some(payload.#field.clone()))
    } else {
        quote!(payload.#field.clone())
    };
    let others = (!super::are_all(cx, endpoint, &[message])).then(|| quote!(_ => None,));
    quote!(|decoded| match &decoded.message { #pattern => #value, #others })
}
