//! Names of topics: how the fields of a topic make its name, and how a name is taken apart again.
//!
//! In: the template of a family. Out: the bodies of `Display` and `FromStr`.

use contract::model::{TemplatePart, Topic};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::ident::{ident, snake};

/// Writes the name of a topic.
pub(super) fn display(topic: &Topic, idents: &[Ident]) -> TokenStream {
    let mut format = String::new();
    let mut arguments = Vec::new();
    for part in &topic.name.parts {
        match part {
            TemplatePart::Text(text) => {
                format.push_str(&text.replace('{', "{{").replace('}', "}}"));
            }
            TemplatePart::Parameter(name) => {
                if let Some(ident) = field(topic, idents, name) {
                    format.push_str("{}");
                    arguments.push(quote!(self.#ident));
                }
            }
        }
    }
    if arguments.is_empty() {
        let text = topic.name.parts.iter().filter_map(|part| match part {
            TemplatePart::Text(text) => Some(text.as_str()),
            TemplatePart::Parameter(_) => None,
        });
        let text: String = text.collect();
        return quote!(f.write_str(#text));
    }
    quote!(::core::write!(f, #format, #(#arguments),*))
}

fn field<'i>(topic: &Topic, idents: &'i [Ident], name: &str) -> Option<&'i Ident> {
    let at = topic.parameters.iter().position(|parameter| parameter.name == name)?;
    idents.get(at)
}

/// Takes a name apart: from the left up to the parameter that may contain what separates it, then from
/// the right. The contract has at most one such parameter.
pub(super) fn parse(topic: &Topic, idents: &[Ident]) -> TokenStream {
    let template = &topic.name.text;
    let parts = &topic.name.parts;
    let mismatch = quote!(v1::TopicError::mismatch(name, #template));
    let wide = topic.wide_parameter();
    let mut steps: Vec<TokenStream> = Vec::new();
    let mut values = Vec::new();
    // What is left to take apart.
    let whole = |steps: &[TokenStream]| if steps.is_empty() { quote!(name) } else { quote!(rest) };
    let mut value = |name: &str, text: TokenStream| {
        if let Some(ident) = field(topic, idents, name) {
            values.push(quote!(#ident: v1::parameter(#name, #text)?));
        }
    };
    let is_wide = |part: &TemplatePart| matches!(part, TemplatePart::Parameter(name) if Some(name.as_str()) == wide);
    // From the left.
    let stop = parts.iter().position(is_wide).unwrap_or(parts.len());
    let mut at = 0;
    let mut closed = false;
    while at < stop {
        match &parts[at] {
            TemplatePart::Text(text) => {
                let whole = whole(&steps);
                steps.push(quote!(let rest = #whole.strip_prefix(#text).ok_or_else(mismatch)?;));
                at += 1;
            }
            TemplatePart::Parameter(name) => {
                let variable = ident(&format!("text_{}", snake(name)));
                match parts.get(at + 1) {
                    Some(TemplatePart::Text(separator)) => {
                        let whole = whole(&steps);
                        steps.push(quote! {
                            let (#variable, rest) = #whole.split_once(#separator).ok_or_else(mismatch)?;
                        });
                        at += 2;
                    }
                    _ => {
                        let whole = whole(&steps);
                        steps.push(quote!(let #variable = #whole;));
                        closed = true;
                        at += 1;
                    }
                }
                value(name, quote!(#variable));
            }
        }
    }
    // From the right.
    let mut end = parts.len();
    while end > stop + 1 {
        match &parts[end - 1] {
            TemplatePart::Text(text) => {
                let whole = whole(&steps);
                steps.push(quote!(let rest = #whole.strip_suffix(#text).ok_or_else(mismatch)?;));
                end -= 1;
            }
            TemplatePart::Parameter(name) => {
                let variable = ident(&format!("text_{}", snake(name)));
                if let TemplatePart::Text(separator) = &parts[end - 2] {
                    let whole = whole(&steps);
                    steps.push(quote! {
                        let (rest, #variable) = #whole.rsplit_once(#separator).ok_or_else(mismatch)?;
                    });
                }
                value(name, quote!(#variable));
                end -= 2;
            }
        }
    }
    if let Some(wide) = wide {
        value(wide, whole(&steps));
        closed = true;
    }
    if !closed {
        let whole = whole(&steps);
        steps.push(quote!(if !#whole.is_empty() {
            return Err(mismatch());
        }));
    }
    quote! {
        let mismatch = || #mismatch;
        #(#steps)*
        Ok(Self { #(#values),* })
    }
}
