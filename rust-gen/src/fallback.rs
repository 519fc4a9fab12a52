//! Names with empty bodies, for use when there were errors: the one real message is not drowned by a
//! hundred "cannot find type".

use contract::Partial;
use proc_macro2::TokenStream;
use quote::quote;

use crate::ident::ident;
use crate::options::Options;

/// Items with the names that the contract would give, as far as it could be read.
pub fn fallback(partial: &Partial, options: &Options) -> TokenStream {
    let mut items = Vec::new();
    for name in partial.type_names() {
        let name = ident(&name);
        items.push(quote! {
            #[doc(hidden)]
            #[derive(Clone, Debug, Default, PartialEq)]
            pub struct #name {}
        });
    }
    for name in partial.endpoint_names() {
        let handler = ident(&format!("{name}Handler"));
        let session = ident(&format!("{name}Session"));
        let received = ident(&format!("{name}Received"));
        let sent = ident(&format!("{name}Sent"));
        let name = ident(&name);
        items.push(quote! {
            #[doc(hidden)]
            pub enum #name {}
            #[doc(hidden)]
            pub enum #received {}
            #[doc(hidden)]
            pub enum #sent {}
            #[doc(hidden)]
            pub struct #session<State = ()>(State);
            #[doc(hidden)]
            pub trait #handler {}
        });
    }
    for name in partial.topic_names() {
        let name = ident(&format!("{name}Topic"));
        items.push(quote! {
            #[doc(hidden)]
            #[derive(Clone, Debug, PartialEq, Eq, Hash)]
            pub struct #name {}
        });
    }
    match &options.module {
        Some(module) => {
            let module = ident(module);
            quote!(pub mod #module { #(#items)* })
        }
        None => quote!(#(#items)*),
    }
}
