//! The `contract!` macro of `asyncapi-ws`, which re-exports it.
//!
//! Reads a contract while the crate compiles and puts the bindings in the macro's place. It is thin:
//! `contract` reads, `rust-gen` generates; everything here can be had from a build script through
//! `asyncapi-ws-build` as well.

mod args;

use std::path::{Path, PathBuf};

use args::Args;
use contract::files::Disk;
use contract::location::Location;
use contract::{Diagnostics, Severity};
use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::parse_macro_input;

/// More findings than these are counted, not shown.
const MAX_SHOWN: usize = 10;

/// Generates the bindings of an AsyncAPI document.
///
/// The path is relative to the `Cargo.toml` of the crate that calls the macro. Changing the document,
/// or a file that it refers to, compiles the crate again.
///
/// ```ignore
/// asyncapi_ws::contract!("asyncapi.yaml");
///
/// asyncapi_ws::contract!(
///     "../asyncapi.yaml",
///     module = api,
///     side = both,
///     derives = [schemars::JsonSchema],
///     replace = ["#/components/schemas/Symbol" => crate::Symbol],
///     formats = ["date-time" => chrono::DateTime<chrono::Utc>],
///     visibility = pub(crate),
/// );
/// ```
///
/// | option | what it does | default |
/// | --- | --- | --- |
/// | `module = name` | puts everything into a module | where the macro stands |
/// | `side = server`, `client`, `both` | a handler and a router, or a client that stays connected, or a module for each | `server` |
/// | `closed = true` | makes a client as strict as a server about what it receives | `false`: what is new to the contract is kept and delivered |
/// | `perspective = client` | reads the document as a client's: `send` is what the server receives | `server` |
/// | `implied_types = false` | reads `properties` without `type` as draft-07 says: it speaks of objects, and lets other values pass | `true`: it means an object |
/// | `derives = [path, …]` | derives more traits for payload types | none |
/// | `replace = ["#/pointer" => path, …]` | uses types of yours for schemas | none |
/// | `formats = ["date-time" => path, …]` | uses types of yours for texts of a format | texts that keep every character |
/// | `visibility = pub(crate)` | who sees the items | `pub` |
/// | `runtime = path` | where the runtime is, for crates that re-export it | `::asyncapi_ws` |
#[proc_macro]
pub fn contract(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    let args = parse_macro_input!(input as Args);
    expand(&args).into()
}

fn expand(args: &Args) -> TokenStream {
    let span = args.path.span();
    let Some(base) = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from) else {
        return error(
            span,
            "CARGO_MANIFEST_DIR is not set; contract! needs to be compiled by cargo",
        );
    };
    let written = args.path.value();
    if !base.join(&written).is_file() {
        return error(
            span,
            &format!(
                "there is no file `{written}`; the path starts at the folder of the crate's Cargo.toml"
            ),
        );
    }
    let (folder, document) = root_and_document(&base, &written);
    let mut files = Disk::new(&folder);
    let loaded = contract::load(&document, &mut files, &args.reading);
    let tracked = tracked(&files);
    match loaded.contract {
        Ok(contract) => match rust_gen::generate(&contract, &args.options) {
            Ok(generated) => {
                let items = generated.tokens;
                quote!(#items #tracked)
            }
            Err(problem) => {
                let message = error(span, &problem.to_string());
                quote!(#message #tracked)
            }
        },
        Err(_) => {
            let messages = errors(span, &loaded.diagnostics);
            // Where a module says `compile_error!`, the compiler forgives names that are not in it; were
            // there items that stand in for them, it would say what they lack.
            match args.options.module_name() {
                Some(name) => {
                    let name = format_ident!("{name}");
                    quote!(pub mod #name { #messages #tracked })
                }
                None => quote!(#messages #tracked),
            }
        }
    }
}

/// The folder that references may not leave, and the document in it: the one that the path names, with
/// its folder, so that `../asyncapi.yaml` may refer to its neighbours.
fn root_and_document(base: &Path, written: &str) -> (PathBuf, Location) {
    let path = Path::new(written);
    let name =
        path.file_name().map_or(written.to_owned(), |name| name.to_string_lossy().into_owned());
    let folder = path.parent().unwrap_or(Path::new(""));
    (base.join(folder), Location::named(&name))
}

/// Tells the compiler which files were read: it has no other way to watch them.
fn tracked(files: &Disk) -> TokenStream {
    let paths = files.files().iter().map(|path| path.to_string_lossy().into_owned());
    quote!(#(const _: &[u8] = include_bytes!(#paths);)*)
}

/// One compiler error for each finding, at the path that the macro was given.
fn errors(span: Span, diagnostics: &Diagnostics) -> TokenStream {
    let all: Vec<_> = diagnostics.of(Severity::Error).collect();
    let shown = all
        .iter()
        .take(MAX_SHOWN)
        .map(|finding| error(span, diagnostics.render_with_place(finding).trim_end()));
    let more = all.len().saturating_sub(MAX_SHOWN);
    let rest = (more > 0)
        .then(|| error(span, &format!("{more} more errors; `codegen check` shows them all")));
    quote!(#(#shown)* #rest)
}

fn error(span: Span, message: &str) -> TokenStream {
    quote_spanned!(span=> ::core::compile_error!(#message);)
}

#[cfg(test)]
mod tests {
    use asyncapi_ws_build::{Builder, Side, configure};

    use super::*;

    /// What the macro puts in its place, as text, without what makes the compiler watch the document.
    fn by_macro(arguments: TokenStream) -> String {
        let args: Args = syn::parse2(arguments).unwrap();
        let text = rust_gen::format(expand(&args)).unwrap();
        let (items, watched) = text.split_once("const _: &[u8]").unwrap();
        assert!(watched.contains("include_bytes!"), "{watched}");
        items.trim_end().to_owned()
    }

    /// The file that a build script writes, without its header.
    fn by_script(name: &str, builder: Builder) -> String {
        let file =
            std::env::temp_dir().join(format!("asyncapi-ws-{}-{name}.rs", std::process::id()));
        builder.out(&file).compile("../asyncapi.yaml").unwrap();
        let text = std::fs::read_to_string(&file).unwrap();
        std::fs::remove_file(&file).unwrap();
        let (header, items) = text.split_once("\n\n").unwrap();
        assert!(header.starts_with("// @generated by asyncapi-ws "), "{header}");
        items.trim_end().to_owned()
    }

    #[test]
    fn the_macro_gives_the_text_that_a_build_script_writes() {
        let plain = by_macro(quote!("../asyncapi.yaml"));
        assert!(plain.contains("pub trait TradingHandler"));
        assert_eq!(plain, by_script("plain", configure()));
    }

    #[test]
    fn every_option_does_the_same_in_the_macro_and_in_a_build_script() {
        let chosen = by_macro(quote!(
            "../asyncapi.yaml",
            module = api,
            side = both,
            closed = true,
            implied_types = false,
            derives = [schemars::JsonSchema],
            replace = ["#/components/schemas/Bar" => crate::Bar],
            formats = ["date-time" => chrono::DateTime<chrono::Utc>],
            visibility = pub(crate),
            runtime = crate::ws,
        ));
        let builder = configure()
            .module("api")
            .side(Side::Both)
            .closed()
            .implied_types(false)
            .derive("schemars::JsonSchema")
            .replace("#/components/schemas/Bar", "crate::Bar")
            .format("date-time", "chrono::DateTime<chrono::Utc>")
            .crate_visible()
            .runtime("crate::ws");
        assert_eq!(chosen, by_script("chosen", builder));
        for said in
            ["pub(crate) mod api", "mod server", "mod client", "schemars::JsonSchema", "crate::Bar"]
        {
            assert!(chosen.contains(said), "nothing says {said}");
        }
    }
}
