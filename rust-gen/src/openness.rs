//! Which types hold more than the contract knows.
//!
//! A client lives in an open world: a value, a property or a message that is newer than its contract is
//! kept, delivered, and written again unchanged. So every type that a client may receive is open. One that
//! it only sends is closed, as sending is strict anyway; and on a server all are, as it checks what it
//! receives.

use std::collections::HashSet;

use contract::model::{Direction, MessageId};
use contract::schema::{Shape, ShapeId};

use crate::Cx;

/// The shapes of one side whose types are open.
pub(crate) fn open_types(cx: &Cx<'_>) -> HashSet<ShapeId> {
    if !cx.open {
        return HashSet::new();
    }
    let sent = messages(cx, cx.sends());
    let received = messages(cx, cx.receives());
    let only_sent: Vec<MessageId> =
        sent.into_iter().filter(|message| !received.contains(message)).collect();
    let others = cx.contract.message_ids().filter(|message| !only_sent.contains(message));
    let open = reachable(cx, others);
    let closed = reachable(cx, only_sent.iter().copied());
    let all = cx.contract.shapes.iter().map(|(id, _)| id);
    all.filter(|id| open.contains(id) || !closed.contains(id))
        .filter(|id| {
            let shape = &cx.contract.shapes.get(*id).shape;
            let can_be_open = matches!(
                shape,
                Shape::Struct(_) | Shape::Enum(_) | Shape::Union(_) | Shape::Tuple(_)
            );
            can_be_open && cx.replacement(*id).is_none()
        })
        .collect()
}

fn messages(cx: &Cx<'_>, direction: Direction) -> HashSet<MessageId> {
    cx.contract
        .endpoint_ids()
        .filter(|id| cx.contract.endpoint(*id).is_websocket)
        .flat_map(|id| cx.contract.wire.dispatch(id, direction).messages())
        .collect()
}

/// The shapes that the payloads of messages are made of.
fn reachable(cx: &Cx<'_>, messages: impl Iterator<Item = MessageId>) -> HashSet<ShapeId> {
    let shapes = &cx.contract.shapes;
    let mut pending: Vec<ShapeId> =
        messages.filter_map(|message| cx.contract.payload_shape(message)).collect();
    let mut found = HashSet::new();
    while let Some(id) = pending.pop() {
        if found.insert(id) {
            pending.extend(shapes.parts(id));
        }
    }
    found
}
