//! What a reference of 3.x may name although everything of its kind would fit: an operation's channel
//! is one of the root's, its messages are those of its channel, a channel's servers are the root's.
//!
//! The specification wants the place itself to be named, not another name of the same thing, so that
//! nobody has to compare.

use super::walk::Walk;
use crate::check;
use crate::diagnostic::Severity;
use crate::reading::is_reference;
use crate::tree::NodeRef;

/// Checks an operation's channel and messages, and those of its reply.
pub(super) fn operation<'t>(walk: &mut Walk<'_, 't>, operation: NodeRef<'t>) {
    if let Some(channel) = operation.get("channel").filter(|node| is_reference(*node)) {
        let is_of_root = operation.parent() == root(walk, "operations");
        if is_of_root && !names_entry(walk, channel, root(walk, "channels")) {
            walk.report(check::not_a_channel(channel));
        }
        messages(walk, channel, operation, Severity::Error);
    }
    let reply = operation.get("reply").and_then(|reply| walk.reading.follow(reply));
    if let Some(reply) = reply
        && let Some(channel) = reply.get("channel").filter(|node| is_reference(*node))
    {
        // The official tools do not look at replies.
        messages(walk, channel, reply, Severity::Warning);
    }
}

fn messages<'t>(
    walk: &mut Walk<'_, 't>,
    channel: NodeRef<'t>,
    holder: NodeRef<'t>,
    severity: Severity,
) {
    let Some(channel) = walk.reading.follow(channel) else { return };
    for message in holder.get("messages").into_iter().flat_map(NodeRef::items) {
        if is_reference(message)
            && !names_entry(walk, message, walk.reading.get(channel, "messages"))
        {
            walk.report_as(severity, check::not_a_message_of_channel(message));
        }
    }
}

/// Checks the servers of a channel of the root.
pub(super) fn servers<'t>(walk: &mut Walk<'_, 't>, channel: NodeRef<'t>) {
    if walk.version.is_2() || channel.parent() != root(walk, "channels") {
        return;
    }
    for server in channel.get("servers").into_iter().flat_map(NodeRef::items) {
        if is_reference(server) && !names_entry(walk, server, root(walk, "servers")) {
            walk.report(check::not_a_server(server));
        }
    }
}

/// A section of the document.
fn root<'t>(walk: &Walk<'_, 't>, section: &str) -> Option<NodeRef<'t>> {
    walk.reading.get(walk.root, section)
}

/// Whether a reference names an entry of this object. One that leads nowhere was reported as such.
fn names_entry<'t>(walk: &Walk<'_, 't>, reference: NodeRef<'t>, map: Option<NodeRef<'t>>) -> bool {
    let Some(named) = walk.reading.hop(reference) else { return true };
    let Some(map) = map else { return false };
    named.parent() == Some(map) || map.entries().any(|(_, entry)| entry == named)
}
