//! What a look at a value tells.
//!
//! In: conditions. Out: one condition, in as few words as it needs. Knows no shapes.

use proc_macro2::TokenStream;
use quote::quote;

/// What a look at a value tells; where there is nothing to see, there is no `Look`.
pub(super) enum Look {
    /// Nothing in hand shows that it fits: the check has to tell.
    Never,
    /// What the value's type says of it; this is a reference to the value.
    Payload(TokenStream),
    /// A condition.
    If(TokenStream),
}

impl Look {
    /// All of these together.
    pub(super) fn all(mut parts: Vec<Self>) -> Option<Self> {
        if parts.len() <= 1 {
            return parts.pop();
        }
        if parts.iter().any(|part| matches!(part, Self::Never)) {
            return Some(Self::Never);
        }
        let parts = parts.iter().map(Self::condition);
        Some(Self::If(quote!(#(#parts)&&*)))
    }

    /// The condition.
    pub(super) fn condition(&self) -> TokenStream {
        match self {
            Self::Never => quote!(false),
            Self::Payload(reference) => quote!(v1::Payload::fits(#reference)),
            Self::If(condition) => condition.clone(),
        }
    }

    /// The condition about a reference called `value`, as a function of it.
    pub(super) fn function(&self) -> TokenStream {
        match self {
            Self::Never => quote!(|_| false),
            Self::Payload(_) => quote!(v1::Payload::fits),
            Self::If(condition) => quote!(|value| #condition),
        }
    }
}
