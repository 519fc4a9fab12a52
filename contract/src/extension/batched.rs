//! `x-batched`: in which direction one frame may hold several messages, as an array.

use super::{one_of, wrong};
use crate::model::{Direction, Perspective};
use crate::reading::Reading;
use crate::tree::{Kind, NodeRef};

/// Reads the list; the words are those of the document's own version.
pub(super) fn read<'t>(
    reading: &Reading<'t>,
    list: NodeRef<'t>,
    perspective: Perspective,
) -> Vec<Direction> {
    if list.kind() != Kind::List {
        wrong(reading, list, "`x-batched`", "a list of `send` and `receive`");
        return Vec::new();
    }
    let mut directions = Vec::new();
    for node in list.items() {
        let direction = match one_of(reading, node, "`x-batched`", &["send", "receive"]) {
            Some("send") => Direction::Send,
            Some(_) => Direction::Receive,
            None => continue,
        };
        let direction = perspective.of_server(direction);
        if direction == Direction::Receive {
            let message = "what clients send comes one message to a frame: `x-batched` is about what \
                           the server sends";
            reading.find(&super::INVALID, node.span(), message.to_owned());
            continue;
        }
        if !directions.contains(&direction) {
            directions.push(direction);
        }
    }
    directions
}
