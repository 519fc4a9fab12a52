//! The Rust back end: [`Contract`] → tokens.
//!
//! Pure: no file system, no environment, no clock, no order that depends on a hash map. The macro, the
//! build script and the CLI call [`generate`] and differ in what they do with the tokens.
//!
//! What people read comes first, in this order; what makes it work comes after all of it.
//!
//! | file | emits |
//! | --- | --- |
//! | `endpoint.rs` | the channel type, its address and close table, the router |
//! | `service.rs` | the way from a frame to the handler's method and back |
//! | `handlers.rs` | one trait for each endpoint |
//! | `subscriptions.rs` | its defaults for operations that subscribe or unsubscribe |
//! | `notices.rs` | what the server tells of its own account |
//! | `client/` | the client of an endpoint, and what the runtime needs for it |
//! | `replies.rs` | what an operation gets and what answers it, where several messages can |
//! | `messages/` | one enum for each direction of an endpoint, decoding and encoding |
//! | `topics/` | typed topics |
//! | `types/` | structs, enums, unions: one item for each named shape |
//! | `frames.rs` | how each message's frame looks, as data |
//! | `checks/` | the rules of every schema, as functions |
//! | `fits/` | the rules that are cheap to see on a value in hand |
//!
//! They are made of expressions: `answers.rs` for what the contract writes down, `places.rs` for what stands at
//! a place of a message. What is decided before: `openness.rs` which types hold more than the contract knows,
//! `cycles.rs` which need a box, `sizes.rs` which are large. Names come from the contract; `ident.rs` only
//! keeps them from being keywords. `description.rs` is the only way for its text into comments, `runtime.rs`
//! spells every path into the runtime.

mod answers;
mod checks;
mod client;
mod cx;
mod cycles;
mod description;
mod endpoint;
mod fits;
mod format;
mod frames;
mod handlers;
mod ident;
mod messages;
mod notices;
mod openness;
mod options;
mod places;
mod replies;
mod runtime;
mod service;
mod sizes;
mod subscriptions;
mod topics;
mod types;

use contract::model::{Contract, EndpointId};
use proc_macro2::TokenStream;
use quote::quote;

pub use format::{Header, format};
pub use options::{Options, Side, Visibility};
pub use runtime::ITEMS as RUNTIME_ITEMS;
pub use types::Emitters;

pub(crate) use cx::Cx;

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
    let mut emitters = Emitters::default();
    let mut side = |is_client| {
        let cx = Cx::new(contract, options, is_client)?;
        let items = items(&cx, &mut emitters);
        Ok((cx, items))
    };
    let title = &contract.info.title;
    let (cx, items) = match options.side {
        Side::Server => side(false)?,
        Side::Client => side(true)?,
        Side::Both => {
            let (server, of_server) = side(false)?;
            let (client, of_client) = side(true)?;
            let of_server =
                cx::module(&server, "server", &format!("The server of {title}."), &of_server);
            let of_client =
                cx::module(&client, "client", &format!("A client of {title}."), &of_client);
            (server, quote! { #of_server #of_client })
        }
    };
    let tokens = match &options.module {
        Some(name) => {
            cx::module(&cx, name, &format!("Generated from the contract of {title}."), &items)
        }
        None => items,
    };
    Ok(Generated { tokens, emitters })
}

/// The items of one side.
fn items(cx: &Cx<'_>, emitters: &mut Emitters) -> TokenStream {
    let import = cx.import();
    let endpoints: Vec<EndpointId> =
        cx.contract.endpoint_ids().filter(|id| cx.contract.endpoint(*id).is_websocket).collect();
    let faces = endpoints.iter().map(|id| face(cx, *id));
    let types = types::types(cx, emitters);
    let wires = endpoints.iter().map(|id| wire(cx, *id));
    let impls = types::impls(cx);
    let frames = frames::frames(cx);
    let operations = client::operations(cx, &endpoints);
    let checks = checks::functions(cx);
    // One error that says what to do, where the runtime has no client.
    let needs = (cx.is_client && !endpoints.is_empty()).then(|| quote!(v1::needs_client!();));
    quote! { #import #needs #(#faces)* #types #(#wires)* #impls #frames #operations #checks }
}

/// What of an endpoint people read and use.
fn face(cx: &Cx<'_>, id: EndpointId) -> TokenStream {
    let endpoint = endpoint::face(cx, id);
    let handler = handlers::handler(cx, id);
    let client = client::face(cx, id);
    let replies = replies::types(cx, id);
    let received = messages::direction(cx, id, cx.receives());
    let sent = messages::direction(cx, id, cx.sends());
    let topics = topics::topics(cx, id);
    quote! { #endpoint #handler #client #replies #received #sent #topics }
}

/// What makes an endpoint work.
fn wire(cx: &Cx<'_>, id: EndpointId) -> TokenStream {
    let endpoint = endpoint::wire(cx, id);
    let received = messages::wire(cx, id, cx.receives());
    let sent = messages::wire(cx, id, cx.sends());
    let topics = topics::wire(cx, id);
    let client = client::wire(cx, id);
    quote! { #endpoint #received #sent #topics #client }
}

/// An option cannot be followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptionError(String);

impl OptionError {
    fn new(message: String) -> Self {
        Self(message)
    }
}

impl std::fmt::Display for OptionError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for OptionError {}
