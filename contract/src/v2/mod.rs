//! AsyncAPI 2.x → [`Draft`](crate::draft::Draft): one file per object of the specification.

mod channel;
mod components;
mod message;
mod operation;
mod server;

use crate::draft::{Draft, text};
use crate::tree::NodeRef;

pub(crate) use message::payload;

/// Reads a whole document.
pub(crate) fn read<'t>(draft: &mut Draft<'_, 't>, root: NodeRef<'t>) {
    draft.default_content_type = text(root, "defaultContentType");
    server::servers(draft, root);
    channel::channels(draft, root);
    components::components(draft, root);
}
