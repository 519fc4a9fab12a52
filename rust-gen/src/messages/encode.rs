//! How a message becomes a frame.

use contract::model::MessageId;
use contract::wire::Framing;
use proc_macro2::TokenStream;
use quote::quote;

use super::{holding, text_value};
use crate::Cx;
use crate::frames;

/// Writes one message.
pub(super) fn arm(cx: &Cx<'_>, is_batched: bool, id: MessageId) -> TokenStream {
    let this = quote!(Self);
    if let Framing::Text = cx.contract.wire.framing(id) {
        return match text_value(cx, id) {
            Some(text) => {
                let pattern = holding(cx, &this, id, &TokenStream::new());
                quote!(#pattern => v1::encode_text(#text, out),)
            }
            None => {
                let pattern = holding(cx, &this, id, &quote!(text));
                quote!(#pattern => v1::encode_text(text, out),)
            }
        };
    }
    let write = write(cx, is_batched, id, &quote!(envelope));
    let pattern = holding(cx, &this, id, &quote!(payload));
    quote!(#pattern => #write,)
}

/// Writes a message whose payload is behind the reference `payload`, with an envelope that says
/// `parts`. Where frames are arrays of messages, it is an array of one.
pub(crate) fn write(
    cx: &Cx<'_>,
    is_batched: bool,
    id: MessageId,
    parts: &TokenStream,
) -> TokenStream {
    let write = write_alone(cx, id, parts);
    let is_text = matches!(cx.contract.wire.framing(id), Framing::Text);
    if is_batched && !is_text { quote!(v1::in_batch(codec, out, |out| #write)) } else { write }
}

fn write_alone(cx: &Cx<'_>, id: MessageId, parts: &TokenStream) -> TokenStream {
    let frame = frames::path(cx, id);
    let envelope = match cx.contract.wire.framing(id) {
        Framing::Envelope(envelope) => envelope.payload(),
        Framing::Whole => return quote!(#frame.write(payload, codec, #parts, out)),
        Framing::Text => return quote!(v1::encode_text(payload, out)),
    };
    match envelope {
        Some((_, _, true)) => quote!(#frame.write(payload, codec, #parts, out)),
        Some((_, _, false)) => quote!(#frame.write_optional(payload, codec, #parts, out)),
        None => quote!(#frame.write_empty(codec, #parts, out)),
    }
}
