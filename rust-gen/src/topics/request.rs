//! From a request to the topics that it names.
//!
//! In: an operation that subscribes or unsubscribes, and where its message has the values of a topic's
//! parameters. Out: expressions for them, and the conversions that people call.

use contract::model::{MessageId, OperationId, ParameterSource, Topic};
use contract::schema::Shape;
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::Cx;
use crate::description;
use crate::ident::ident;
use crate::messages;
use crate::places::{Place, read, walk};

/// From a request to the topics that it names: `From` where the request always names one, a function
/// where it names several.
pub(super) fn conversions(
    cx: &Cx<'_>,
    topic: &Topic,
    name: &Ident,
    idents: &[Ident],
) -> TokenStream {
    let allow = &cx.allow_deprecated;
    let visibility = &cx.visibility;
    let mut done: Vec<String> = Vec::new();
    let mut impls = Vec::new();
    for operation in [topic.subscribe, topic.unsubscribe].into_iter().flatten() {
        let Some(request) = request(cx, topic, operation) else { continue };
        let Request { held: Some(held), values, always, each, .. } = &request else { continue };
        if topic.parameters.is_empty() || done.contains(&held.to_string()) {
            continue;
        }
        done.push(held.to_string());
        let members = idents.iter().zip(values).map(|(ident, value)| quote!(#ident: #value));
        impls.push(match (each, always) {
            (Some(each), _) => {
                let doc = description::doc([format!(
                    "The topics that a request names, one for each of its {}.",
                    description::code(topic.many().map_or("", |parameter| &parameter.name)),
                )
                .as_str()]);
                let items = &request.items;
                let (ty, item) = if *always {
                    (quote!(Vec<Self>), quote!(Self { #(#members),* }))
                } else {
                    let ty = quote!(v1::Result<Vec<Self>, v1::TopicError>);
                    (ty, quote!(Ok(Self { #(#members),* })))
                };
                quote! {
                    #allow
                    impl #name {
                        #doc
                        #visibility fn #each(request: &#held) -> #ty {
                            #items.map(|each| #item).collect()
                        }
                    }
                }
            }
            (None, true) => quote! {
                #allow
                impl From<&#held> for #name {
                    fn from(request: &#held) -> Self {
                        Self { #(#members),* }
                    }
                }
            },
            (None, false) => quote! {
                #allow
                impl TryFrom<&#held> for #name {
                    type Error = v1::TopicError;

                    fn try_from(request: &#held) -> v1::Result<Self, Self::Error> {
                        Ok(Self { #(#members),* })
                    }
                }
            },
        });
    }
    quote!(#(#impls)*)
}

/// The values of a topic's parameters in a request.
pub(crate) struct Request {
    /// The message that it comes in.
    pub(crate) message: MessageId,
    /// The request's type; `None` for one that is nothing but its kind.
    held: Option<TokenStream>,
    /// An expression for each parameter, about `request`, and about `each` of the list's items.
    values: Vec<TokenStream>,
    /// Whether every request names a topic; else the expressions may return an error.
    pub(crate) always: bool,
    /// Where a parameter has a list of values: the function that makes a topic of each.
    pub(crate) each: Option<Ident>,
    /// An iterator over the list.
    items: TokenStream,
}

impl Request {
    /// Whether there is a request and nothing of it names the topic.
    pub(crate) fn is_empty(&self) -> bool {
        self.held.is_some() && self.values.is_empty()
    }
}

/// How a topic is found in the request of an operation; `None` if it cannot be.
pub(crate) fn request(cx: &Cx<'_>, topic: &Topic, operation: OperationId) -> Option<Request> {
    let message = *cx.contract.operation(operation).messages.first()?;
    let held = messages::held(cx, message);
    let mut values = Vec::new();
    let mut always = true;
    let mut items = TokenStream::new();
    for parameter in &topic.parameters {
        let ParameterSource::Message(path) = &parameter.source else { return None };
        let mut place = walk(cx, message, path, quote!(request))?;
        if parameter.many {
            let Shape::List(item) = cx.contract.shapes.get(place.shape).shape else { return None };
            let list = &place.value;
            items = if place.is_option {
                quote!(#list.into_iter().flatten())
            } else {
                quote!(#list.iter())
            };
            let shape = cx.contract.shapes.resolve(item);
            place = Place::new(quote!(each), shape);
        }
        let read = read(cx, place, parameter.default.as_ref(), &parameter.name)?;
        always &= read.always;
        values.push(read.value);
    }
    let each = topic.many().map(|_| {
        let operation = cx.contract.names.operation(operation).snake();
        ident(&format!("each_of_{operation}"))
    });
    Some(Request { message, held, values, always, each, items })
}
