//! What stands at a place of a message, given by a path into its frame, as an expression.

use contract::model::MessageId;
use contract::schema::shape::Number;
use contract::schema::{Shape, ShapeId};
use contract::wire::Framing;
use json::Json;
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::Cx;
use crate::types::{enum_idents, field_idents, integer, is_copy, is_string, parameter, type_of};

/// An `Option<&str>`: the text at a place of a request.
pub(crate) fn optional_text(
    cx: &Cx<'_>,
    message: MessageId,
    path: &[String],
) -> Option<TokenStream> {
    let place = walk(cx, message, path, quote!(request))?;
    if !is_string(cx, &cx.contract.shapes.get(place.shape).shape) {
        return None;
    }
    Some(place.text())
}

/// An option: the integer at a place of a request.
pub(crate) fn optional_integer(
    cx: &Cx<'_>,
    message: MessageId,
    path: &[String],
) -> Option<TokenStream> {
    let place = walk(cx, message, path, quote!(request))?;
    if !matches!(cx.contract.shapes.get(place.shape).shape, Shape::Integer(_)) {
        return None;
    }
    let value = place.value;
    Some(match place.option {
        Some(option) => option,
        None if place.is_option => quote!(#value.copied()),
        None => quote!(Some(#value)),
    })
}

/// A place of a message by its path into the frame; `root` is a reference to what the message holds.
pub(crate) fn walk(
    cx: &Cx<'_>,
    message: MessageId,
    path: &[String],
    root: TokenStream,
) -> Option<Place> {
    let (shape, path) = match cx.contract.wire.framing(message) {
        Framing::Envelope(envelope) => {
            let (name, schema, required) = envelope.payload()?;
            let (first, rest) = path.split_first()?;
            if first != name || !required {
                return None;
            }
            (cx.contract.shapes.of(schema)?, rest)
        }
        _ => (cx.contract.shapes.of(cx.contract.message(message).payload)?, path),
    };
    let shape = cx.contract.shapes.resolve(shape);
    let mut place = Place::new(root, shape);
    for step in path {
        place = place.without_null(cx);
        let Shape::Struct(object) = &cx.contract.shapes.get(place.shape).shape else { return None };
        let at = object.fields.iter().position(|field| field.name == *step)?;
        let ident = &field_idents(cx, place.shape, object)[at];
        place = if object.fields[at].required {
            place.field(ident)
        } else {
            place.optional(&quote!(.#ident))
        };
        place.shape = cx.contract.shapes.resolve(object.fields[at].shape);
    }
    Some(place.without_null(cx))
}

/// The value at a place of a message.
pub(crate) struct Read {
    pub(crate) value: TokenStream,
    pub(crate) always: bool,
    shape: ShapeId,
}

impl Read {
    /// The expression, if there is always a value.
    pub(crate) fn always_value(self) -> Option<TokenStream> {
        self.always.then_some(self.value)
    }

    /// Its type as text: that of a parameter.
    pub(crate) fn ty(&self, cx: &Cx<'_>) -> String {
        parameter(cx, self.shape).to_string()
    }

    /// Whether it is a text.
    pub(crate) fn is_text(&self, cx: &Cx<'_>) -> bool {
        self.ty(cx) == "String"
    }
}

/// What stands at a path into the frame of a message whose content is behind `request`, as the type of a
/// topic's parameter called `name`.
pub(crate) fn read_path(
    cx: &Cx<'_>,
    message: MessageId,
    path: &[String],
    default: Option<&Json<'static>>,
    name: &str,
) -> Option<Read> {
    read(cx, walk(cx, message, path, quote!(request))?, default, name)
}

/// What stands at a place of a request, as the type of a topic's parameter called `name`.
pub(crate) fn read(
    cx: &Cx<'_>,
    place: Place,
    default: Option<&Json<'static>>,
    name: &str,
) -> Option<Read> {
    let shape = place.shape;
    let entry = cx.contract.shapes.get(shape);
    let is_open_enum = matches!(entry.shape, Shape::Enum(_)) && cx.is_open(shape);
    let is_copy = is_copy(cx, shape);
    let is_text =
        matches!(entry.shape, Shape::Text(_) | Shape::Number(Number::Double | Number::Decimal));
    if !is_copy && !is_text && !is_open_enum || cx.replacement(shape).is_some() {
        return None;
    }
    let value = place.value;
    if !place.is_option {
        let plain = is_open_enum || is_string(cx, &entry.shape);
        let value = match (is_copy, plain) {
            (true, _) if place.is_reference => quote!(*#value),
            (true, _) => value,
            (false, true) => quote!(#value.clone()),
            (false, false) => quote!(#value.to_string()),
        };
        return Some(Read { value, always: true, shape });
    }
    let owned = if is_copy {
        quote!(#value.copied())
    } else if is_open_enum {
        quote!(#value.cloned())
    } else {
        quote!(#value.map(ToString::to_string))
    };
    let about = &cx.contract.schemas.get(entry.schema).about.default;
    let default = default.or(about.as_ref()).and_then(|default| default_value(cx, shape, default));
    Some(match default {
        Some(default) if is_copy || is_open_enum => {
            Read { value: quote!(#owned.unwrap_or(#default)), always: true, shape }
        }
        Some(default) => {
            Read { value: quote!(#owned.unwrap_or_else(|| #default)), always: true, shape }
        }
        None => {
            let error = quote!(v1::TopicError::missing(#name));
            Read { value: quote!(#owned.ok_or_else(|| #error)?), always: false, shape }
        }
    })
}

/// A place inside a request: a path of fields, or an option of a reference once one may be missing.
pub(crate) struct Place {
    pub(crate) value: TokenStream,
    pub(crate) is_option: bool,
    /// Whether the value is a reference where it is no option: `request` itself, an item of a list.
    is_reference: bool,
    /// The option itself, where `value` is `option.as_ref()`.
    option: Option<TokenStream>,
    pub(crate) shape: ShapeId,
}

impl Place {
    pub(crate) fn new(value: TokenStream, shape: ShapeId) -> Self {
        Self { value, is_option: false, is_reference: true, option: None, shape }
    }

    /// An `Option<&str>`, of a place that holds a `String`.
    pub(crate) fn text(&self) -> TokenStream {
        let value = &self.value;
        match &self.option {
            Some(option) => quote!(#option.as_deref()),
            None if self.is_option => quote!(#value.map(String::as_str)),
            None => quote!(Some(#value.as_str())),
        }
    }

    fn without_null(self, cx: &Cx<'_>) -> Self {
        let Shape::Nullable(inner) = cx.contract.shapes.get(self.shape).shape else { return self };
        let place = self.optional(&TokenStream::new());
        Self { shape: cx.contract.shapes.resolve(inner), ..place }
    }

    fn field(self, ident: &Ident) -> Self {
        let value = self.value;
        let value = if self.is_option {
            quote!(#value.map(|value| &value.#ident))
        } else {
            quote!(#value.#ident)
        };
        Self { value, is_reference: false, option: None, ..self }
    }

    /// A step to an option, which is the place itself where there is no step.
    fn optional(self, step: &TokenStream) -> Self {
        let value = self.value;
        let (value, option) = if self.is_option {
            (quote!(#value.and_then(|value| value #step .as_ref())), None)
        } else {
            (quote!(#value #step .as_ref()), Some(quote!(#value #step)))
        };
        Self { value, is_option: true, is_reference: false, option, ..self }
    }
}

fn default_value(cx: &Cx<'_>, id: ShapeId, default: &Json<'static>) -> Option<TokenStream> {
    match (&cx.contract.shapes.get(id).shape, default) {
        (Shape::Enum(shape), Json::String(text)) => {
            let at = shape.variants.iter().position(|variant| variant.value == *text)?;
            let ty = type_of(cx, id);
            let variant = &enum_idents(shape)[at];
            Some(quote!(#ty::#variant))
        }
        (Shape::Boolean, Json::Bool(value)) => Some(quote!(#value)),
        (Shape::Integer(kind), Json::Number(number)) => integer(*kind, number),
        (Shape::Text(_), Json::String(text)) => {
            let text = &**text;
            Some(quote!(#text.to_owned()))
        }
        _ => None,
    }
}
