//! `x-notices`: which message tells a client that something was dropped, withdrawn or wrong.
//!
//! ```yaml
//! x-notices:
//!   dropped: { message: dropped, payload: { topic: '{$topic}', count: '{$count}' } }
//!   revoked: revoked
//! ```

use super::keys;
use super::topics::message_of;
use crate::draft::{Draft, written_value};
use crate::model::{ChannelId, Notice, NoticeKind, Notices};
use crate::tree::{Kind, NodeRef};

pub(super) fn read<'t>(draft: &Draft<'_, 't>, channel: ChannelId, node: NodeRef<'t>) -> Notices {
    if !keys(draft.reading, node, "`x-notices`", &NoticeKind::ALL.map(NoticeKind::name)) {
        return Notices::default();
    }
    let notice = |kind: NoticeKind| notice(draft, channel, kind, node.get(kind.name())?);
    Notices {
        dropped: notice(NoticeKind::Dropped),
        revoked: notice(NoticeKind::Revoked),
        violation: notice(NoticeKind::Violation),
    }
}

/// A message's key, or the key and what the payload is.
fn notice<'t>(
    draft: &Draft<'_, 't>,
    channel: ChannelId,
    kind: NoticeKind,
    node: NodeRef<'t>,
) -> Option<Notice> {
    if node.kind() != Kind::Map {
        let message = message_of(draft, channel, node)?;
        return Some(Notice { message, payload: None, span: node.span() });
    }
    let what = format!("notice `{}`", kind.name());
    keys(draft.reading, node, &what, &["message", "payload", "description"]);
    let Some(message) = node.get("message") else {
        super::missing(draft.reading, node, &what, "message");
        return None;
    };
    Some(Notice {
        message: message_of(draft, channel, message)?,
        payload: written_value(node.get("payload")),
        span: node.span().at_start(),
    })
}
