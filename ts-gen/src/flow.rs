//! Which way values travel, seen from the client: what it only ever gets may be wider than the contract
//! says, what it sends may not.

use std::collections::HashSet;

use contract::model::{Contract, Direction, MessageId};
use contract::schema::ShapeId;

/// The shapes whose values a client gets and never sends.
pub(crate) fn only_received(contract: &Contract) -> HashSet<ShapeId> {
    let mut received = reachable(contract, messages(contract, Direction::Send));
    let mut sent = messages(contract, Direction::Receive);
    let shape = |schema| contract.shapes.of(schema);
    for channel in &contract.channels {
        sent.extend(channel.parameters.iter().filter_map(|parameter| shape(parameter.schema)));
        let ws = channel.ws.iter().flat_map(|ws| [ws.query, ws.headers]).flatten();
        sent.extend(ws.filter_map(shape));
    }
    let parameters = contract.topics.iter().flat_map(|topic| &topic.parameters);
    sent.extend(parameters.filter_map(|parameter| shape(parameter.schema)));
    for id in reachable(contract, sent) {
        received.remove(&id);
    }
    received
}

/// The shapes of the payloads that travel in one direction on any socket.
pub(crate) fn messages(contract: &Contract, direction: Direction) -> Vec<ShapeId> {
    let messages = message_ids(contract, direction).into_iter();
    messages.filter_map(|message| contract.payload_shape(message)).collect()
}

/// The messages that travel in one direction on any socket, each once.
pub(crate) fn message_ids(contract: &Contract, direction: Direction) -> Vec<MessageId> {
    let mut seen = HashSet::new();
    contract
        .endpoint_ids()
        .filter(|id| contract.endpoint(*id).is_websocket)
        .flat_map(|id| contract.wire.dispatch(id, direction).messages())
        .filter(|message| seen.insert(*message))
        .collect()
}

/// Shapes and everything that they are made of.
pub(crate) fn reachable(contract: &Contract, from: Vec<ShapeId>) -> HashSet<ShapeId> {
    let mut pending = from;
    let mut reached = HashSet::new();
    while let Some(id) = pending.pop() {
        if reached.insert(id) {
            pending.extend(contract.shapes.parts(id));
        }
    }
    reached
}
