//! `x-notices`: what the server tells a client of its own account.

use contract::model::{EndpointId, NoticeKind};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::Cx;
use crate::answers::{self, Source};
use crate::messages;

/// The functions of a channel that make its notices.
pub(crate) fn channel(cx: &Cx<'_>, id: EndpointId) -> TokenStream {
    let notices = cx.contract.endpoint(id).notices.all();
    let functions = notices.filter_map(|(kind, notice)| {
        let sent = messages::name(cx, id, cx.sends());
        let content = match messages::held(cx, notice.message) {
            None => TokenStream::new(),
            Some(_) => {
                let shape = cx.contract.payload_shape(notice.message)?;
                let answer = cx.contract.answers.notice(id, kind)?;
                let source = Source::of_no_topic(quote!(message));
                answers::expression(cx, shape, answer, &source)?
            }
        };
        let value = messages::holding(cx, &sent, notice.message, &content);
        let parameter = |name: &str, ty: TokenStream| {
            let ident = crate::ident::ident(name);
            if answers::mentions(&value, name) { quote!(#ident: #ty) } else { quote!(_: #ty) }
        };
        let topic = parameter("topic", quote!(&str));
        let count = parameter("count", quote!(u64));
        let message = parameter("message", quote!(&str));
        Some(match kind {
            NoticeKind::Dropped => quote! {
                fn dropped(#topic, #count, #message) -> Option<Self::Sent> {
                    Some(#value)
                }
            },
            NoticeKind::Revoked => quote! {
                fn revoked(#topic, #message) -> Option<Self::Sent> {
                    Some(#value)
                }
            },
            NoticeKind::Violation => quote! {
                fn violation(#message) -> Option<Self::Sent> {
                    Some(#value)
                }
            },
        })
    });
    quote!(#(#functions)*)
}

/// The methods of its service that send them.
pub(crate) fn service(cx: &Cx<'_>, id: EndpointId, channel: &Ident) -> TokenStream {
    let notices = &cx.contract.endpoint(id).notices;
    let dropped = notices.dropped.as_ref().map(|_| {
        quote! {
            fn dropped(
                &self,
                session: &v1::SessionHandle,
                dropped: &[v1::Dropped],
            ) -> Vec<v1::Outgoing> {
                v1::dropped::<#channel>(session, dropped)
            }
        }
    });
    let rejected = notices.violation.as_ref().map(|_| {
        quote! {
            fn rejected(
                &self,
                session: &v1::SessionHandle,
                rejection: &v1::Rejection,
            ) -> Option<v1::Outgoing> {
                v1::rejected::<#channel>(session, rejection)
            }
        }
    });
    quote!(#dropped #rejected)
}
