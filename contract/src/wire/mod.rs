//! Frames: how each message looks on the wire, and how a frame's message is found.
//!
//! In: messages with their schemas and shapes. Out: a [`Framing`] for each message and a [`Dispatch`]
//! for each endpoint and direction. Both back ends follow these; neither guesses.
//!
//! A contract describes whole frames. Where all that a frame adds to its payload is a constant that
//! tells it apart, a correlation id and a topic, the frame is an *envelope*: generated code shows the
//! payload only, and writes the rest itself.

mod dispatch;
mod envelope;
mod tags;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};

pub use dispatch::{Case, Dispatch, Step};
pub use envelope::{Envelope, EnvelopeProperty};

use crate::model::{
    Carried, Direction, Endpoint, EndpointId, Message, MessageId, Operation, OperationId, Topic,
};
use crate::reading::Reading;
use crate::schema::{Schemas, Shapes};

/// The rules about frames.
pub(crate) const RULES: &[&crate::Rule] =
    &[&dispatch::NO_DISCRIMINATOR, &dispatch::OPTIONAL_DISCRIMINATOR];

/// How frames look and how they are told apart.
#[derive(Clone, Debug, Default)]
pub struct Wire {
    framings: Vec<Framing>,
    dispatches: HashMap<(EndpointId, Direction), Dispatch>,
    replies: HashMap<OperationId, Dispatch>,
}

/// How a message's frame looks.
#[derive(Clone, Debug, PartialEq)]
pub enum Framing {
    /// An object around the payload.
    Envelope(Envelope),
    /// The payload itself.
    Whole,
    /// Bare text that is not JSON: `text/plain`.
    Text,
}

impl Wire {
    /// How a message's frame looks.
    pub fn framing(&self, message: MessageId) -> &Framing {
        self.framings.get(message.index()).unwrap_or(&Framing::Whole)
    }

    /// How frames of a direction are told apart.
    pub fn dispatch(&self, endpoint: EndpointId, direction: Direction) -> &Dispatch {
        self.dispatches.get(&(endpoint, direction)).unwrap_or(&Dispatch::Nothing)
    }

    /// How the alternatives of an operation's reply are told apart, once it is known that a frame is
    /// one.
    pub fn reply_dispatch(&self, operation: OperationId) -> &Dispatch {
        self.replies.get(&operation).unwrap_or(&Dispatch::Nothing)
    }
}

/// What the wire is worked out from.
pub(crate) struct Parts<'p> {
    pub(crate) endpoints: &'p [Endpoint],
    pub(crate) operations: &'p [Operation],
    pub(crate) messages: &'p [Message],
    pub(crate) topics: &'p [Topic],
    pub(crate) schemas: &'p Schemas,
    pub(crate) shapes: &'p Shapes,
}

/// Works out framings and dispatches; reports messages that nothing tells apart.
pub(crate) fn wire(reading: &Reading<'_>, parts: &Parts<'_>) -> Wire {
    let on_sockets = on_sockets(parts);
    let framings = (0..parts.messages.len())
        .map(|at| framing(parts, MessageId(at), on_sockets.contains(&MessageId(at))))
        .collect();
    let mut wire = Wire { framings, ..Wire::default() };
    for (at, endpoint) in parts.endpoints.iter().enumerate() {
        for direction in [Direction::Receive, Direction::Send] {
            let messages = messages_of(parts, endpoint, direction);
            let dispatch = dispatch::dispatch(parts, &messages);
            if endpoint.is_websocket {
                dispatch::warn(reading, parts, &dispatch, direction);
            }
            wire.dispatches.insert((EndpointId(at), direction), dispatch);
        }
    }
    for (at, operation) in parts.operations.iter().enumerate() {
        if let Some(reply) = &operation.reply {
            let dispatch = dispatch::dispatch(parts, &reply.messages);
            wire.replies.insert(OperationId(at), dispatch);
        }
    }
    wire
}

/// The messages that travel in one direction: those of operations, and the replies to the other
/// direction's.
fn messages_of(parts: &Parts<'_>, endpoint: &Endpoint, direction: Direction) -> Vec<MessageId> {
    let mut messages: Vec<MessageId> = Vec::new();
    let mut add = |ids: &[MessageId]| {
        for id in ids {
            if !messages.contains(id) {
                messages.push(*id);
            }
        }
    };
    for operation in parts.operations {
        let here = endpoint.channels.contains(&operation.channel);
        if here && operation.direction == direction {
            add(&operation.messages);
        }
        let Some(reply) = operation.reply.as_ref() else { continue };
        let reply_here = reply.channel.map_or(here, |channel| endpoint.channels.contains(&channel));
        if reply_here && operation.direction != direction {
            add(&reply.messages);
        }
    }
    for (_, notice) in endpoint.notices.all() {
        if direction == Direction::Send {
            add(&[notice.message]);
        }
    }
    messages
}

/// The messages that travel over WebSocket. Others have no frames: their types are whole.
fn on_sockets(parts: &Parts<'_>) -> HashSet<MessageId> {
    let sockets = parts.endpoints.iter().filter(|endpoint| endpoint.is_websocket);
    sockets
        .flat_map(|endpoint| {
            [Direction::Receive, Direction::Send].map(|way| messages_of(parts, endpoint, way))
        })
        .flatten()
        .collect()
}

fn framing(parts: &Parts<'_>, id: MessageId, on_socket: bool) -> Framing {
    let message = &parts.messages[id.index()];
    if message.content_type.as_deref().is_some_and(is_plain_text) {
        return Framing::Text;
    }
    if !on_socket {
        return Framing::Whole;
    }
    let carried: Vec<&[String]> = parts
        .topics
        .iter()
        .filter(|topic| topic.messages.contains(&id))
        .filter_map(|topic| match &topic.carried {
            Carried::At(path) => Some(&path[..]),
            Carried::Nowhere => None,
        })
        .collect();
    match envelope::envelope(parts, message, &carried) {
        Some(envelope) => Framing::Envelope(envelope),
        None => Framing::Whole,
    }
}

fn is_plain_text(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("text/plain")
}
