//! `x-notices`: which message tells a client that something was dropped, withdrawn or wrong.

use super::keys;
use super::topics::message_of;
use crate::draft::Draft;
use crate::model::{ChannelId, Notices};
use crate::tree::NodeRef;

pub(super) fn read<'t>(draft: &Draft<'_, 't>, channel: ChannelId, node: NodeRef<'t>) -> Notices {
    if !keys(draft.reading, node, "`x-notices`", &["dropped", "revoked", "violation"]) {
        return Notices::default();
    }
    let notice = |key| node.get(key).and_then(|node| message_of(draft, channel, node));
    Notices {
        dropped: notice("dropped"),
        revoked: notice("revoked"),
        violation: notice("violation"),
    }
}
