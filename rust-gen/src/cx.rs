//! What every emitter needs: the contract, the options, and what was worked out from both for one side.

use std::collections::{BTreeMap, HashMap, HashSet};

use contract::model::{Contract, Direction, MessageId};
use contract::schema::shape::{Exactness, Text};
use contract::schema::{Format, SchemaId, Shape, ShapeId};
use proc_macro2::TokenStream;
use quote::quote;

use crate::options::{Options, Visibility};
use crate::{OptionError, checks, cycles, description, fits, ident, openness};

/// A contract as one side of the wire sees it.
pub(crate) struct Cx<'c> {
    pub(crate) contract: &'c Contract,
    pub(crate) is_client: bool,
    /// Whether what is received may be more than the contract says.
    pub(crate) open: bool,
    pub(crate) visibility: TokenStream,
    runtime: TokenStream,
    derives: Vec<TokenStream>,
    replacements: HashMap<SchemaId, syn::Type>,
    formats: BTreeMap<Format, syn::Type>,
    /// `#[allow(deprecated)]` for generated code that has to touch what the contract deprecates;
    /// nothing where it deprecates no property and no message.
    pub(crate) allow_deprecated: TokenStream,
    /// Shapes that hold themselves without a list or a map between.
    pub(crate) boxed: HashSet<(ShapeId, ShapeId)>,
    /// Shapes that hold a type of the user's: what the contract says of it, only the check knows.
    foreign: HashSet<ShapeId>,
    /// Types that hold more than the contract says.
    pub(crate) open_types: HashSet<ShapeId>,
    /// Types whose `fits` looks at something.
    pub(crate) fitting: HashSet<ShapeId>,
    /// Schemas that have a function of their own among the checks.
    pub(crate) check_functions: HashMap<SchemaId, proc_macro2::Ident>,
    received: HashSet<MessageId>,
}

impl<'c> Cx<'c> {
    pub(crate) fn new(
        contract: &'c Contract,
        options: &Options,
        is_client: bool,
    ) -> Result<Self, OptionError> {
        let visibility = match options.visibility {
            Visibility::Public => quote!(pub),
            Visibility::Crate => quote!(pub(crate)),
        };
        let derives = options
            .derives
            .iter()
            .map(|path| parse::<syn::Path>("derive", path).map(|path| quote!(#path)))
            .collect::<Result<_, _>>()?;
        let deprecates = contract.schemas.iter().any(|(_, schema)| schema.about.deprecated)
            || contract.message_ids().any(|id| contract.message(id).deprecated);
        let mut cx = Self {
            contract,
            is_client,
            open: is_client && !options.closed,
            visibility,
            runtime: runtime(options)?,
            derives,
            replacements: replacements(contract, options)?,
            formats: formats(options)?,
            allow_deprecated: if deprecates { quote!(#[allow(deprecated)]) } else { quote!() },
            boxed: cycles::boxed(contract),
            foreign: HashSet::new(),
            open_types: HashSet::new(),
            fitting: HashSet::new(),
            check_functions: HashMap::new(),
            received: HashSet::new(),
        };
        cx.received = contract
            .endpoint_ids()
            .flat_map(|id| contract.wire.dispatch(id, cx.receives()).messages())
            .collect();
        cx.foreign = cx.holders_of_foreign();
        cx.open_types = openness::open_types(&cx);
        cx.check_functions = checks::named(&cx);
        cx.fitting = fits::fitting(&cx);
        Ok(cx)
    }

    /// The direction of what this side receives, as the server sees it.
    pub(crate) fn receives(&self) -> Direction {
        if self.is_client { Direction::Send } else { Direction::Receive }
    }

    /// The direction of what this side sends, as the server sees it.
    pub(crate) fn sends(&self) -> Direction {
        self.receives().flipped()
    }

    /// Whether this side never receives a message.
    pub(crate) fn is_only_sent(&self, message: MessageId) -> bool {
        !self.received.contains(&message)
    }

    /// Whether the type of a shape holds more than the contract says.
    pub(crate) fn is_open(&self, shape: ShapeId) -> bool {
        self.open_types.contains(&self.contract.shapes.resolve(shape))
    }

    /// Whether the type of a shape, and a look at a value of it, tell all that its schema says.
    pub(crate) fn is_exact(&self, shape: ShapeId) -> bool {
        let id = self.contract.shapes.resolve(shape);
        self.contract.shapes.get(id).exactness == Exactness::Exact && !self.foreign.contains(&id)
    }

    /// The shapes whose types are the user's, and those that hold one.
    fn holders_of_foreign(&self) -> HashSet<ShapeId> {
        let shapes = &self.contract.shapes;
        let mut holders: HashMap<ShapeId, Vec<ShapeId>> = HashMap::new();
        let mut pending = Vec::new();
        for (id, entry) in shapes.iter() {
            for part in shapes.parts(id) {
                holders.entry(part).or_default().push(id);
            }
            let by_format = match entry.shape {
                Shape::Text(Text::Format(format)) => self.format(format).is_some(),
                _ => false,
            };
            if by_format || self.replacement(id).is_some() {
                pending.push(id);
            }
        }
        let mut found = HashSet::new();
        while let Some(id) = pending.pop() {
            if found.insert(id) {
                pending.extend(holders.get(&id).into_iter().flatten());
            }
        }
        found
    }

    /// The door to the runtime.
    pub(crate) fn import(&self) -> TokenStream {
        let runtime = &self.runtime;
        quote!(use #runtime::codegen::v1;)
    }

    /// The runtime crate as serde's attributes name it.
    pub(crate) fn runtime_path(&self) -> String {
        self.runtime.to_string().replace(' ', "")
    }

    /// The derives of a payload type, the user's included.
    pub(crate) fn derives(&self, own: &[&str]) -> TokenStream {
        let own = own.iter().map(|name| {
            let ident = ident::ident(name);
            if matches!(*name, "Serialize" | "Deserialize") {
                quote!(v1::#ident)
            } else {
                quote!(#ident)
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

    /// The type that stands in for the texts of a format.
    pub(crate) fn format(&self, format: Format) -> Option<&syn::Type> {
        self.formats.get(&format)
    }
}

/// Items in a module, with the door to the runtime.
pub(crate) fn module(cx: &Cx<'_>, name: &str, doc: &str, items: &TokenStream) -> TokenStream {
    let name = ident::ident(name);
    let visibility = &cx.visibility;
    let doc = description::doc([doc]);
    quote! { #doc #visibility mod #name { #items } }
}

fn runtime(options: &Options) -> Result<TokenStream, OptionError> {
    match &options.runtime {
        Some(path) => parse::<syn::Path>("runtime", path).map(|path| quote!(#path)),
        None => Ok(quote!(::asyncapi_ws)),
    }
}

fn replacements(
    contract: &Contract,
    options: &Options,
) -> Result<HashMap<SchemaId, syn::Type>, OptionError> {
    let mut replacements = HashMap::new();
    for (pointer, path) in &options.replacements {
        let found = contract.schemas.iter().find(|(_, each)| each.origin.pointer == *pointer);
        let Some((schema, _)) = found else {
            let known = contract.schemas.iter().map(|(_, each)| each.origin.pointer.as_str());
            let near = contract::nearest::nearest(pointer, known)
                .map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
            return Err(OptionError::new(format!(
                "replace: `{pointer}` is no schema of the contract; write a JSON pointer such as \
                 `#/components/schemas/Symbol`{near}"
            )));
        };
        replacements.insert(schema, parse::<syn::Type>("replace", path)?);
    }
    Ok(replacements)
}

fn formats(options: &Options) -> Result<BTreeMap<Format, syn::Type>, OptionError> {
    let mut formats = BTreeMap::new();
    for (name, path) in &options.formats {
        let Some(format) = Format::from_name(name).filter(|format| !format.is_numeric()) else {
            return Err(OptionError::new(format!(
                "format: `{name}` is no format of texts that is known; write one such as \
                 `date-time` or `uuid`"
            )));
        };
        formats.insert(format, parse::<syn::Type>("format", path)?);
    }
    Ok(formats)
}

fn parse<T: syn::parse::Parse>(option: &str, text: &str) -> Result<T, OptionError> {
    syn::parse_str(text)
        .map_err(|error| OptionError::new(format!("{option}: `{text}` is no Rust path: {error}")))
}
