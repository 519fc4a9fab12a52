//! `contract!("asyncapi.yaml", module = api, derives = [Eq], …)` → path and options.

use quote::ToTokens;
use rust_gen::{Options, Visibility};
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Ident, LitStr, Path, Token, Type, bracketed};

/// What stands between the parentheses.
pub(crate) struct Args {
    /// The document, relative to the crate's `Cargo.toml`.
    pub(crate) path: LitStr,
    /// What else was chosen.
    pub(crate) options: Options,
}

impl Parse for Args {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let path = input.parse()?;
        let mut options = Options::new();
        while !input.is_empty() {
            input.parse::<Token![,]>()?;
            if input.is_empty() {
                break;
            }
            options = option(input, options)?;
        }
        Ok(Self { path, options })
    }
}

fn option(input: ParseStream<'_>, options: Options) -> syn::Result<Options> {
    let name: Ident = input.parse()?;
    input.parse::<Token![=]>()?;
    match name.to_string().as_str() {
        "module" => Ok(options.module(input.parse::<Ident>()?.to_string())),
        "derives" => {
            let list;
            bracketed!(list in input);
            let paths = Punctuated::<Path, Token![,]>::parse_terminated(&list)?;
            Ok(paths
                .iter()
                .fold(options, |options, path| options.derive(path.to_token_stream().to_string())))
        }
        "replace" => {
            let list;
            bracketed!(list in input);
            let pairs = Punctuated::<Replacement, Token![,]>::parse_terminated(&list)?;
            Ok(pairs.iter().fold(options, |options, pair| {
                options.replace(pair.pointer.value(), pair.path.to_token_stream().to_string())
            }))
        }
        "visibility" => {
            let visibility: syn::Visibility = input.parse()?;
            match visibility {
                syn::Visibility::Public(_) => Ok(options.visibility(Visibility::Public)),
                syn::Visibility::Restricted(restricted) if restricted.path.is_ident("crate") => {
                    Ok(options.visibility(Visibility::Crate))
                }
                other => Err(syn::Error::new_spanned(other, "expected `pub` or `pub(crate)`")),
            }
        }
        "runtime" => {
            let path: Path = input.parse()?;
            Ok(options.runtime(path.to_token_stream().to_string()))
        }
        other => Err(syn::Error::new(
            name.span(),
            format!(
                "there is no option `{other}`; options are `module = name`, `derives = [path, …]`, \
                 `replace = [\"#/pointer\" => path, …]`, `visibility = pub(crate)`, `runtime = path`"
            ),
        )),
    }
}

/// `"#/components/schemas/Symbol" => crate::Symbol`
struct Replacement {
    pointer: LitStr,
    path: Type,
}

impl Parse for Replacement {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let pointer = input.parse()?;
        input.parse::<Token![=>]>()?;
        Ok(Self { pointer, path: input.parse()? })
    }
}
