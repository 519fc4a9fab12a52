//! The Rust back end: [`Contract`] → tokens.
//!
//! Pure: no file system, no environment, no clock, no order that depends on a hash map. The macro, the
//! build script and the CLI call [`generate`] and differ in what they do with the tokens.
//!
//! | file | emits |
//! | --- | --- |
//! | `types/` | structs, enums, unions: one item for each named shape |
//! | `checks.rs` | the rules of every schema, as functions |
//! | `frames.rs` | the private structs of envelopes |
//! | `messages.rs` | one enum for each direction of an endpoint, decoding and encoding |
//! | `topics.rs` | typed topics |
//! | `handlers.rs` | one trait for each endpoint, with defaults for topics |
//! | `endpoint.rs` | the channel type, its address and close table, the service, the router |
//!
//! `names` come from the contract; `ident.rs` only keeps them from being keywords. `runtime.rs` spells
//! every path into the runtime.

mod answers;
mod checks;
mod cycles;
mod description;
mod endpoint;
mod fallback;
mod fits;
mod format;
mod frames;
mod handlers;
mod ident;
mod messages;
mod options;
mod runtime;
mod topics;
mod types;

use std::collections::{HashMap, HashSet};

use contract::model::{Contract, Direction, EndpointId};
use contract::schema::{SchemaId, ShapeId};
use proc_macro2::TokenStream;
use quote::quote;

pub use fallback::fallback;
pub use format::{Header, format};
pub use options::{Options, Visibility};
pub use runtime::ITEMS as RUNTIME_ITEMS;
pub use types::Emitters;

/// What was generated.
#[derive(Clone, Debug)]
pub struct Generated {
    /// The items.
    pub tokens: TokenStream,
    /// Who made the payload types.
    pub emitters: Emitters,
}

/// Generates the bindings of a contract.
///
/// # Errors
/// Options that name something that does not exist, or that is no Rust.
pub fn generate(contract: &Contract, options: &Options) -> Result<Generated, OptionError> {
    let cx = Cx::new(contract, options)?;
    let mut emitters = Emitters::default();
    let types = types::types(&cx, &mut emitters);
    let checks = checks::functions(&cx);
    let frames = frames::frames(&cx);
    let endpoints: Vec<TokenStream> = contract
        .endpoint_ids()
        .filter(|id| contract.endpoint(*id).is_websocket)
        .map(|id| endpoint_items(&cx, id))
        .collect();
    let items = quote! { #(#endpoints)* #types #frames #checks };
    Ok(Generated { tokens: cx.wrap(items), emitters })
}

fn endpoint_items(cx: &Cx<'_>, id: EndpointId) -> TokenStream {
    let received = messages::direction(cx, id, Direction::Receive);
    let sent = messages::direction(cx, id, Direction::Send);
    let topics = topics::topics(cx, id);
    let handler = handlers::handler(cx, id);
    let endpoint = endpoint::endpoint(cx, id);
    quote! { #endpoint #handler #received #sent #topics }
}

/// An option cannot be followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptionError(String);

impl std::fmt::Display for OptionError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for OptionError {}

/// What every emitter needs: the contract, the options, and what was worked out from both.
pub(crate) struct Cx<'c> {
    pub(crate) contract: &'c Contract,
    pub(crate) options: &'c Options,
    pub(crate) visibility: TokenStream,
    runtime: TokenStream,
    derives: Vec<TokenStream>,
    replacements: HashMap<SchemaId, syn::Type>,
    /// `#[allow(deprecated)]` for generated code that has to touch what the contract deprecates;
    /// nothing where it deprecates no property and no message.
    pub(crate) allow_deprecated: TokenStream,
    /// Shapes that hold themselves without a list or a map between.
    pub(crate) boxed: HashSet<(ShapeId, ShapeId)>,
    /// Types whose `fits` looks at something.
    pub(crate) fitting: HashSet<ShapeId>,
    /// Schemas that have a function of their own among the checks.
    pub(crate) check_functions: HashMap<SchemaId, proc_macro2::Ident>,
}

impl<'c> Cx<'c> {
    fn new(contract: &'c Contract, options: &'c Options) -> Result<Self, OptionError> {
        let visibility = match options.visibility {
            Visibility::Public => quote!(pub),
            Visibility::Crate => quote!(pub(crate)),
        };
        let runtime = match &options.runtime {
            Some(path) => parse::<syn::Path>("runtime", path).map(|path| quote!(#path))?,
            None => quote!(::asyncapi_ws),
        };
        let derives = options
            .derives
            .iter()
            .map(|path| parse::<syn::Path>("derive", path).map(|path| quote!(#path)))
            .collect::<Result<_, _>>()?;
        let mut replacements = HashMap::new();
        for (pointer, path) in &options.replacements {
            let found = contract.schemas.iter().find(|(_, each)| each.origin.pointer == *pointer);
            let Some((schema, _)) = found else {
                return Err(OptionError(format!(
                    "replace: `{pointer}` is no schema of the contract; write a JSON pointer such as \
                     `#/components/schemas/Symbol`"
                )));
            };
            replacements.insert(schema, parse::<syn::Type>("replace", path)?);
        }
        let deprecates = contract.schemas.iter().any(|(_, schema)| schema.about.deprecated)
            || contract.message_ids().any(|id| contract.message(id).deprecated);
        let mut cx = Self {
            contract,
            options,
            visibility,
            runtime,
            derives,
            replacements,
            allow_deprecated: if deprecates { quote!(#[allow(deprecated)]) } else { quote!() },
            boxed: cycles::boxed(contract),
            fitting: HashSet::new(),
            check_functions: HashMap::new(),
        };
        cx.check_functions = checks::named(&cx);
        cx.fitting = fits::fitting(&cx);
        Ok(cx)
    }

    /// The items, in the module that the options ask for, with the door to the runtime.
    fn wrap(&self, items: TokenStream) -> TokenStream {
        let runtime = &self.runtime;
        let import = quote!(use #runtime::codegen::v1;);
        match &self.options.module {
            Some(name) => {
                let name = ident::ident(name);
                let visibility = &self.visibility;
                let title = &self.contract.info.title;
                let doc =
                    description::doc([format!("Generated from the contract of {title}.").as_str()]);
                quote! { #doc #visibility mod #name { #import #items } }
            }
            None => quote! { #import #items },
        }
    }

    /// The runtime crate as serde's attributes name it.
    pub(crate) fn runtime_path(&self) -> String {
        self.runtime.to_string().replace(' ', "")
    }

    /// The derives of a payload type, the user's included.
    pub(crate) fn derives(&self, own: &[&str]) -> TokenStream {
        let own = own.iter().map(|name| match *name {
            "Serialize" | "Deserialize" => {
                let name = ident::ident(name);
                quote!(v1::#name)
            }
            name => {
                let name = ident::ident(name);
                quote!(#name)
            }
        });
        let derives = &self.derives;
        quote!(#[derive(#(#own,)* #(#derives),*)])
    }

    /// The attribute that tells serde where it is.
    pub(crate) fn serde_crate(&self) -> TokenStream {
        let path = format!("{}::codegen::v1::serde", self.runtime_path());
        quote!(crate = #path)
    }

    /// The type that stands in for a schema's.
    pub(crate) fn replacement(&self, shape: ShapeId) -> Option<&syn::Type> {
        self.replacements.get(&self.contract.shapes.get(shape).schema)
    }
}

fn parse<T: syn::parse::Parse>(option: &str, text: &str) -> Result<T, OptionError> {
    syn::parse_str(text)
        .map_err(|error| OptionError(format!("{option}: `{text}` is no Rust path: {error}")))
}
