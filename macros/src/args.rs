//! `contract!("asyncapi.yaml", module = api, derives = [Eq], …)` → path and options.

use contract::model::Perspective;
use contract::schema::Implied;
use quote::ToTokens;
use rust_gen::{Options, Side, Visibility};
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Ident, LitBool, LitStr, Path, Token, Type, bracketed};

/// What stands between the parentheses.
pub(crate) struct Args {
    /// The document, relative to the crate's `Cargo.toml`.
    pub(crate) path: LitStr,
    /// How it is read.
    pub(crate) reading: contract::Options,
    /// What is generated.
    pub(crate) options: Options,
}

impl Parse for Args {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let path = input.parse()?;
        let mut args =
            Self { path, reading: contract::Options::default(), options: Options::new() };
        while !input.is_empty() {
            input.parse::<Token![,]>()?;
            if input.is_empty() {
                break;
            }
            option(input, &mut args)?;
        }
        Ok(args)
    }
}

fn option(input: ParseStream<'_>, args: &mut Args) -> syn::Result<()> {
    let name: Ident = input.parse()?;
    input.parse::<Token![=]>()?;
    let options = std::mem::take(&mut args.options);
    args.options = match name.to_string().as_str() {
        "module" => Ok(options.module(input.parse::<Ident>()?.to_string())),
        "side" => match word(input, &["server", "client", "both"])? {
            0 => Ok(options.side(Side::Server)),
            1 => Ok(options.side(Side::Client)),
            _ => Ok(options.side(Side::Both)),
        },
        "closed" => Ok(options.closed(input.parse::<LitBool>()?.value)),
        "perspective" => {
            args.reading.perspective = match word(input, &["server", "client"])? {
                0 => Perspective::Server,
                _ => Perspective::Client,
            };
            Ok(options)
        }
        "implied_types" => {
            args.reading.implied =
                if input.parse::<LitBool>()?.value { Implied::Meant } else { Implied::Literal };
            Ok(options)
        }
        "formats" => {
            let list;
            bracketed!(list in input);
            let pairs = Punctuated::<Replacement, Token![,]>::parse_terminated(&list)?;
            Ok(pairs.iter().fold(options, |options, pair| {
                options.format(pair.pointer.value(), pair.path.to_token_stream().to_string())
            }))
        }
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
                "there is no option `{other}`; options are `module = name`, `side = client`, \
                 `closed = true`, `perspective = client`, `implied_types = false`, \
                 `derives = [path, …]`, `replace = [\"#/pointer\" => path, …]`, \
                 `formats = [\"date-time\" => path, …]`, `visibility = pub(crate)`, `runtime = path`"
            ),
        )),
    }?;
    Ok(())
}

/// One of several words: which.
fn word(input: ParseStream<'_>, words: &[&str]) -> syn::Result<usize> {
    let word: Ident = input.parse()?;
    words.iter().position(|known| word == known).ok_or_else(|| {
        let list = words.iter().map(|known| format!("`{known}`")).collect::<Vec<_>>().join(", ");
        syn::Error::new(word.span(), format!("expected one of {list}"))
    })
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
