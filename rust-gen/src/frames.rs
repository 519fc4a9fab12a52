//! How each message's frame looks, as data: one constant for each message, in a private module.

use contract::model::MessageId;
use contract::schema::{Rule, SchemaId, Type, Types};
use contract::wire::{Envelope, EnvelopeProperty, Framing, Step};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::Cx;
use crate::checks;
use crate::description;
use crate::fits;
use crate::ident::ident;
use crate::types::type_of;

/// The frames of all messages that travel over WebSocket.
pub(crate) fn frames(cx: &Cx<'_>) -> TokenStream {
    let used = crate::messages::used(cx);
    let frames: Vec<TokenStream> = used.into_iter().filter_map(|id| frame(cx, id)).collect();
    if frames.is_empty() {
        return TokenStream::new();
    }
    quote! {
        mod __frames {
            use super::*;

            #(#frames)*
        }
    }
}

/// The constant of a message, as other code names it.
pub(crate) fn path(cx: &Cx<'_>, id: MessageId) -> TokenStream {
    let name = name(cx, id);
    quote!(__frames::#name)
}

fn name(cx: &Cx<'_>, id: MessageId) -> Ident {
    ident(&cx.contract.names.message(id).upper_snake())
}

fn frame(cx: &Cx<'_>, id: MessageId) -> Option<TokenStream> {
    let message = cx.contract.message(id);
    let name = name(cx, id);
    let wire = message.name.as_deref().unwrap_or(&message.key);
    let doc = description::doc([format!("The frame of {}.", description::code(wire)).as_str()]);
    let (ty, value) = match cx.contract.wire.framing(id) {
        Framing::Text => return None,
        Framing::Whole => whole(cx, id),
        Framing::Envelope(envelope) => enveloped(cx, id, envelope),
    };
    Some(quote! {
        #doc
        pub(super) const #name: #ty = #value;
    })
}

fn whole(cx: &Cx<'_>, id: MessageId) -> (TokenStream, TokenStream) {
    let message = cx.contract.message(id);
    let payload = payload_type(cx, message.payload);
    let rules = rules(cx, message.payload);
    let id = message.correlation.as_ref().map(|path| {
        let steps = path.iter().map(|step| step_of(step));
        quote!(.with_id(&[#(#steps),*]))
    });
    (quote!(v1::Whole<#payload>), quote!(v1::Whole::new(#rules) #id))
}

/// A step of a JSON pointer: a position where it is a number.
pub(crate) fn step_of(step: &str) -> TokenStream {
    match step.parse::<usize>() {
        Ok(at) => quote!(v1::Step::Item(#at)),
        Err(_) => quote!(v1::Step::Property(#step)),
    }
}

fn enveloped(cx: &Cx<'_>, id: MessageId, envelope: &Envelope) -> (TokenStream, TokenStream) {
    let message = cx.contract.message(id);
    let properties = envelope.properties.iter().map(|property| {
        let name = property.name();
        let optional = |required: &bool| (!required).then(|| quote!(.optional()));
        match property {
            EnvelopeProperty::Constant { value, .. } => {
                quote!(v1::Property::constant(#name, #value))
            }
            EnvelopeProperty::Payload { required, .. } => {
                let optional = optional(required);
                quote!(v1::Property::payload(#name) #optional)
            }
            EnvelopeProperty::Correlation { schema, required, .. } => {
                let optional = optional(required);
                let check = checks::expression(cx, *schema);
                let function =
                    if message.lenient_correlation { quote!(lenient_id) } else { quote!(id) };
                quote!(v1::Property::#function(#name, #check) #optional)
            }
            EnvelopeProperty::Topic { required, .. } => {
                let optional = optional(required);
                let check = property_schema(cx, message.payload, name)
                    .map_or_else(|| quote!(v1::anything), |schema| checks::expression(cx, schema));
                quote!(v1::Property::topic(#name, #check) #optional)
            }
        }
    });
    let (payload, rules) = match envelope.payload() {
        Some((_, schema, _)) => (payload_type(cx, schema), rules(cx, schema)),
        None => (quote!(()), quote!(v1::Rules::NOTHING)),
    };
    let closed = envelope.closed.then(|| quote!(.closed()));
    let ty = quote!(v1::Envelope<#payload>);
    (ty, quote!(v1::Envelope::new(&[#(#properties),*], #rules) #closed))
}

/// The schema of a property of a frame.
fn property_schema(cx: &Cx<'_>, frame: SchemaId, name: &str) -> Option<SchemaId> {
    cx.contract.schemas.together(frame).into_iter().find_map(|rule| match rule {
        Rule::Properties(properties) => {
            properties.named.iter().find(|pair| pair.0 == name).map(|pair| pair.1)
        }
        _ => None,
    })
}

/// What a payload must satisfy: the rules of its type, or those of a schema whose type has none.
pub(crate) fn rules(cx: &Cx<'_>, schema: SchemaId) -> TokenStream {
    if has_item(cx, schema) {
        return quote!(v1::Rules::of_payload());
    }
    let check = checks::expression(cx, schema);
    let shape = cx.contract.shapes.of(schema).map(|shape| cx.contract.shapes.resolve(shape));
    let exact = shape.filter(|shape| cx.is_exact(*shape));
    let fits = exact.map(|shape| {
        let (value, body) = fits::of_payload(cx, shape);
        quote!(.exactly(|#value| #body))
    });
    quote!(v1::Rules::new(#check) #fits)
}

/// Whether a schema's type has its rules in `Payload`.
fn has_item(cx: &Cx<'_>, schema: SchemaId) -> bool {
    cx.contract.shapes.of(schema).is_some_and(|shape| {
        let shape = cx.contract.shapes.resolve(shape);
        cx.contract.names.type_of(shape).is_some() && cx.replacement(shape).is_none()
    })
}

/// The type of a payload.
pub(crate) fn payload_type(cx: &Cx<'_>, schema: SchemaId) -> TokenStream {
    match cx.contract.shapes.of(schema) {
        Some(shape) => type_of(cx, shape),
        None => quote!(v1::Json<'static>),
    }
}

/// A place of a frame as the runtime's steps.
pub(crate) fn steps(path: &[Step]) -> TokenStream {
    let steps = path.iter().map(|step| match step {
        Step::Property(name) => quote!(v1::Step::Property(#name)),
        Step::Item(at) => quote!(v1::Step::Item(#at)),
    });
    quote!(&[#(#steps),*])
}

/// Whether some types are all kinds of JSON that there are. Integers and other numbers are of one kind.
pub(crate) fn are_all_kinds(types: impl Iterator<Item = Types>) -> bool {
    let all = types.reduce(Types::or).unwrap_or(Types::NONE);
    let all = if all.has(Type::Integer) { all.or(Types::only(Type::Number)) } else { all };
    all == Types::ALL
}

/// The patterns of a frame's JSON type.
pub(crate) fn kinds(types: Types) -> TokenStream {
    let kinds = types.iter().map(|each| match each {
        Type::Null => quote!(v1::Kind::Null),
        Type::Boolean => quote!(v1::Kind::Boolean),
        Type::Integer | Type::Number => quote!(v1::Kind::Number),
        Type::String => quote!(v1::Kind::String),
        Type::Array => quote!(v1::Kind::Array),
        Type::Object => quote!(v1::Kind::Object),
    });
    quote!(#(#kinds)|*)
}
