//! Which message a frame is: the contract's decision tree as nested matches.
//!
//! In: a [`Dispatch`]. Out: an expression that gives `Decoded<Self>` for a `frame`, or says which places were
//! asked in vain.

use contract::model::MessageId;
use contract::wire::{Case, Dispatch, Framing, Step};
use json::Json;
use proc_macro2::TokenStream;
use quote::quote;

use super::{holding, variant};
use crate::Cx;
use crate::checks;
use crate::frames;
use crate::ident::ident;

/// A decision tree as nested matches. `asked` is the place that was asked last, for the message about a
/// frame that is none.
pub(crate) fn decide(cx: &Cx<'_>, dispatch: &Dispatch, asked: &[Step]) -> TokenStream {
    match dispatch {
        Dispatch::Nothing => {
            let path = frames::steps(asked);
            quote!(Err(frame.unknown(#path)))
        }
        Dispatch::Message(id) => read(cx, *id),
        Dispatch::Text { cases, any, json } => by_text(cx, cases, *any, json, asked),
        Dispatch::Type(cases) => {
            let arms = cases.iter().map(|(types, then)| {
                let then = decide(cx, then, asked);
                let patterns = frames::kinds(*types);
                quote!(#patterns => #then,)
            });
            let is_total = frames::are_all_kinds(cases.iter().map(|(types, _)| *types));
            let others = (!is_total).then(|| quote!(_ => Err(frame.unknown(&[])),));
            quote!(match frame.kind() { #(#arms)* #others })
        }
        Dispatch::Value { path, cases, otherwise } => by_value(cx, path, cases, otherwise),
        Dispatch::Check(ids) => by_check(cx, ids),
    }
}

/// By the text of a frame, before it is read as JSON.
fn by_text(
    cx: &Cx<'_>,
    cases: &[(String, MessageId)],
    any: Option<MessageId>,
    json: &Dispatch,
    asked: &[Step],
) -> TokenStream {
    let arms = cases.iter().map(|(text, id)| {
        let value = holding(cx, &quote!(Self), *id, &quote!(#text.to_owned()));
        quote!(Some(#text) => Ok(v1::Decoded::new(#value)),)
    });
    let any = any.map(|id| {
        let variant = variant(cx, id);
        quote! {
            Some(text) if !v1::looks_like_json(text) => {
                Ok(v1::Decoded::new(Self::#variant(text.to_owned())))
            }
        }
    });
    let json = decide(cx, json, asked);
    quote!(match frame.bare() { #(#arms)* #any _ => #json, })
}

/// By the value at a place.
fn by_value(cx: &Cx<'_>, path: &[Step], cases: &[Case], otherwise: &Dispatch) -> TokenStream {
    let texts_only =
        cases.iter().all(|case| case.values.iter().all(|value| matches!(value, Json::String(_))));
    let steps = frames::steps(path);
    let otherwise = decide(cx, otherwise, path);
    if texts_only {
        let arms = cases.iter().map(|Case { values, then }| {
            let values = values.iter().filter_map(Json::as_str);
            let then = decide(cx, then, path);
            quote!(#(Some(#values))|* => #then,)
        });
        return quote! {
            match frame.tag(#steps).text() { #(#arms)* _ => #otherwise, }
        };
    }
    let tests = cases.iter().map(|Case { values, then }| {
        let conditions = values.iter().map(|value| match value {
            Json::String(text) => {
                let text = &**text;
                quote!(tag.text() == Some(#text))
            }
            other => {
                let text = other.to_string();
                quote!(tag.is(#text))
            }
        });
        let then = decide(cx, then, path);
        quote!(if #(#conditions)||* { #then } else)
    });
    quote! {
        {
            let tag = frame.tag(#steps);
            #(#tests)* { #otherwise }
        }
    }
}

/// Messages that nothing tells apart: the tree is tried against each.
fn by_check(cx: &Cx<'_>, ids: &[MessageId]) -> TokenStream {
    let checks = ids.iter().map(|id| {
        let payload = cx.contract.message(*id).payload;
        checks::expression(cx, payload)
    });
    let known = ids.iter().map(|id| {
        let payload = cx.contract.message(*id).payload;
        let names = cx.contract.schemas.property_names(payload);
        quote!(&[#(#names),*])
    });
    let arms = ids.iter().enumerate().map(|(at, id)| {
        let read = read(cx, *id);
        quote!(#at => #read,)
    });
    quote! {
        match v1::best_of(frame.tree()?, &[#(#checks),*], &[#(#known),*])? {
            #(#arms)*
            _ => Err(frame.unknown(&[])),
        }
    }
}

/// Reads the frame of one message.
fn read(cx: &Cx<'_>, id: MessageId) -> TokenStream {
    let variant = variant(cx, id);
    let frame = frames::path(cx, id);
    let is_open = cx.open && !cx.is_only_sent(id);
    let method =
        |name: &str| ident(&if is_open { format!("{name}_open") } else { name.to_owned() });
    match cx.contract.wire.framing(id) {
        Framing::Whole => {
            let method = method("read");
            quote!(#frame.#method(frame, Self::#variant))
        }
        Framing::Text => quote!(Err(frame.unknown(&[]))),
        Framing::Envelope(envelope) => {
            let method = method(match envelope.payload() {
                Some((_, _, true)) => "read",
                Some((_, _, false)) => "read_optional",
                None => "read_empty",
            });
            quote!(#frame.#method(frame, Self::#variant))
        }
    }
}
