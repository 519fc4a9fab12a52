//! Typed topics: a struct for each family, its name, the requests that name it, what it carries.

mod carries;
mod request;
mod template;

use contract::model::{Delivery, EndpointId, Overflow, Topic, TopicId};
use contract::schema::SchemaId;
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

use crate::Cx;
use crate::description;
use crate::endpoint;
use crate::ident::{ident, pascal, snake};
use crate::messages;
use crate::types;

pub(crate) use request::{Request, request};

/// The topics of an endpoint.
pub(crate) fn topics(cx: &Cx<'_>, endpoint: EndpointId) -> TokenStream {
    let topics = cx.contract.topics_of(endpoint).map(|id| topic(cx, id));
    quote!(#(#topics)*)
}

/// The name of a topic's struct.
pub(crate) fn name(cx: &Cx<'_>, id: TopicId) -> Ident {
    ident(&format!("{}Topic", cx.contract.names.topic(id).pascal()))
}

/// The fields of a topic's struct, in the order of its parameters.
pub(crate) fn field_idents(topic: &Topic) -> Vec<Ident> {
    let names = topic.parameters.iter().map(|parameter| parameter.name.as_str());
    contract::names::scope(names, snake, |_| false).iter().map(|name| ident(name)).collect()
}

fn topic(cx: &Cx<'_>, id: TopicId) -> TokenStream {
    let topic = cx.contract.topic(id);
    let name = name(cx, id);
    let visibility = &cx.visibility;
    let doc = doc(cx, topic);
    let fields = topic.parameters.iter().zip(field_idents(topic)).map(|(parameter, ident)| {
        let about = cx.contract.schemas.get(parameter.schema).about.description.as_deref();
        let plain = format!("The parameter {}.", description::code(&parameter.name));
        let doc = description::doc([parameter.description.as_deref().or(about).unwrap_or(&plain)]);
        let ty = parameter_type(cx, parameter.schema);
        quote!(#doc #visibility #ident: #ty)
    });
    quote! {
        #doc
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #visibility struct #name { #(#fields),* }
    }
}

/// Names of topics, and what is published on them.
pub(crate) fn wire(cx: &Cx<'_>, endpoint: EndpointId) -> TokenStream {
    let topics = cx.contract.topics_of(endpoint).map(|id| topic_wire(cx, endpoint, id));
    quote!(#(#topics)*)
}

fn topic_wire(cx: &Cx<'_>, endpoint: EndpointId, id: TopicId) -> TokenStream {
    let topic = cx.contract.topic(id);
    let name = name(cx, id);
    let idents = field_idents(topic);
    let display = template::display(topic, &idents);
    let parse = template::parse(topic, &idents);
    let channel = endpoint::name(cx, endpoint);
    let family = &topic.key;
    let requests = request::conversions(cx, topic, &name, &idents);
    let carries = (!cx.is_client).then(|| carries::impls(cx, endpoint, topic, &name));
    let delivery = (!cx.is_client).then(|| delivery(topic));
    quote! {
        impl ::core::fmt::Display for #name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                #display
            }
        }

        impl ::core::str::FromStr for #name {
            type Err = v1::TopicError;

            fn from_str(name: &str) -> v1::Result<Self, Self::Err> {
                #parse
            }
        }

        impl v1::Topic for #name {
            type Channel = #channel;
            const FAMILY: &'static str = #family;
            #delivery
        }

        #requests
        #carries
    }
}

/// What the contract says of the delivery of a topic's messages, where it says something.
fn delivery(topic: &Topic) -> TokenStream {
    let Delivery { overflow, keep, last, .. } = &topic.delivery;
    let overflow = (*overflow != Overflow::Close).then(|| {
        let overflow = ident(&pascal(overflow.name()));
        quote!(.overflow(v1::Overflow::#overflow))
    });
    let keep = (*keep > 0).then(|| {
        let keep = Literal::u32_unsuffixed(*keep);
        quote!(.keep(#keep))
    });
    let last = last.then(|| quote!(.last()));
    if overflow.is_none() && keep.is_none() {
        return TokenStream::new();
    }
    quote!(const DELIVERY: v1::Delivery = v1::Delivery::EACH #overflow #keep #last;)
}

fn doc(cx: &Cx<'_>, topic: &Topic) -> TokenStream {
    let form = format!(
        "Name: {}. Carries {}.",
        description::code(&topic.name.text),
        messages::listed(cx, &topic.messages)
    );
    description::doc([topic.description.as_deref(), Some(form.as_str())].into_iter().flatten())
}

/// The type of a parameter: one that has a text of its own and can be compared.
pub(crate) fn parameter_type(cx: &Cx<'_>, schema: SchemaId) -> TokenStream {
    let Some(shape) = cx.contract.shapes.of(schema) else { return quote!(String) };
    types::parameter(cx, cx.contract.shapes.without_null(shape))
}
