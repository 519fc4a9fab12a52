//! Published messages to their receivers.
//!
//! All publishes that a shard finds in its queue in one turn leave together: a connection gets
//! what is due for it, from however many topics, in the order of publishing and in one write. In
//! the common case, one topic, the frames are joined once and every receiver's write takes the
//! same bytes: the cost of a receiver is a system call and about 50 ns
//! (`benches/`, work "fan-out").

use super::{Connections, Cx, pacing};
use crate::{
    hub::{Class, Overflow, Prepared},
    session::Push,
};
use bytes::Bytes;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// What one turn publishes.
#[derive(Debug, Default)]
pub(crate) struct Fanout {
    /// In the order of publishing: the shard's index of the topic, and the message.
    due: Vec<(u32, Arc<Prepared>)>,
    bytes: usize,
    turn: u32,
    rest_until: Option<Instant>,
    scratch: Scratch,
}

/// Memory that is used again in every turn.
#[derive(Debug, Default)]
struct Scratch {
    runs: Vec<Run>,
    touched: Vec<u32>,
    /// Further runs of connections that have more than one: connection and run.
    more: Vec<(u32, u32)>,
    order: Vec<u32>,
    joined: Vec<u8>,
    frames: Vec<Push>,
}

/// The messages of one topic, by their place in `due`.
#[derive(Debug)]
pub(super) struct Run {
    topic: u32,
    places: Vec<u32>,
    /// Instead of the messages' own.
    overflow: Option<Overflow>,
    batches: Vec<Batch>,
}

/// The frames of a run for one class.
#[derive(Debug)]
pub(super) struct Batch {
    class: Class,
    pub(super) joined: Bytes,
    pub(super) frames: Vec<Push>,
}

/// Bytes that one turn sends to a receiver at most before it looks at its sockets again: enough to
/// join well, too little to fill a socket that is read.
const TURN_BYTES: usize = 64 * 1024;

/// How long a fan-out is that is followed by a [`REST`].
const LONG: Duration = Duration::from_millis(1);

/// How long a shard lets publishes gather after a long fan-out. Its last receivers have waited for longer
/// than that; and what gathers shares a system call for each receiver, which is nearly all that a delivery
/// costs. Sockets are read meanwhile.
const REST: Duration = Duration::from_millis(1);

impl Fanout {
    pub(crate) fn push(&mut self, topic: u32, message: Arc<Prepared>) {
        self.bytes += message.bytes();
        self.due.push((topic, message));
    }

    /// Whether the turn has gathered as much as it should send at once.
    pub(crate) fn is_full(&self) -> bool {
        self.bytes >= TURN_BYTES
    }

    /// Sends everything gathered.
    pub(crate) fn flush(&mut self, connections: &mut Connections, cx: &mut Cx) {
        if self.due.is_empty() {
            return;
        }
        let began = Instant::now();
        self.send(connections, cx);
        let ended = Instant::now();
        if ended - began > LONG {
            self.rest_until = Some(ended + REST);
        }
        cx.tally.count();
    }

    /// How long publishes are still to gather.
    pub(crate) fn rest(&mut self) -> Option<Duration> {
        let left = self.rest_until?.checked_duration_since(Instant::now());
        let left = left.filter(|left| !left.is_zero());
        if left.is_none() {
            self.rest_until = None;
        }
        left
    }

    fn send(&mut self, connections: &mut Connections, cx: &mut Cx) {
        self.bytes = 0;
        self.turn = self.turn.wrapping_add(1).max(1);
        for (topic, message) in &self.due {
            pacing::hold(*topic, message, cx);
        }
        if self.due.iter().any(|(topic, message)| cx.members.some_have(*topic, message.offset)) {
            return self.send_single(connections, cx);
        }
        self.find_runs();
        if let [run] = self.scratch.runs.as_mut_slice() {
            for member in cx.members.of(run.topic) {
                let Some(connection) = connections.at(member.connection) else { continue };
                if let Some(batch) = run.batch(connection.class(), &self.due) {
                    connection.deliver(&batch.joined, &batch.frames, &mut cx.tally);
                }
            }
        } else {
            self.send_runs(connections, cx);
        }
        self.due.clear();
        self.scratch.runs.clear();
    }

    /// One message after the other, each to those who do not have it yet: somebody has just been
    /// given what a topic remembers, and the queue still holds some of the same.
    fn send_single(&mut self, connections: &mut Connections, cx: &mut Cx) {
        for (topic, message) in self.due.drain(..) {
            for member in cx.members.of(topic) {
                if member.has(message.offset) {
                    continue;
                }
                let Some(connection) = connections.at(member.connection) else { continue };
                if let Some(frame) = message.frame(connection.class()) {
                    let push = [push(topic, &message, frame.clone())];
                    connection.deliver(frame, &push, &mut cx.tally);
                }
            }
        }
    }

    /// Sorts what is due by topic, keeping the order within each.
    fn find_runs(&mut self) {
        let runs = &mut self.scratch.runs;
        for (place, (topic, _)) in self.due.iter().enumerate() {
            // Turns have few topics or few messages: a search from the back finds a repeated
            // topic at once, and a turn is bounded in bytes.
            match runs.iter_mut().rev().find(|run| run.topic == *topic) {
                Some(run) => run.places.push(place as u32),
                None => runs.push(Run {
                    topic: *topic,
                    places: vec![place as u32],
                    overflow: None,
                    batches: Vec::new(),
                }),
            }
        }
    }

    fn send_runs(&mut self, connections: &mut Connections, cx: &mut Cx) {
        let Self { due, scratch, turn, .. } = self;
        let Scratch { runs, touched, more, order, joined, frames } = scratch;
        for (index, run) in runs.iter().enumerate() {
            for member in cx.members.of(run.topic) {
                let Some(connection) = connections.at(member.connection) else { continue };
                let link = connection.link_mut();
                if link.turn == *turn {
                    more.push((member.connection, index as u32));
                } else {
                    link.turn = *turn;
                    link.run = index as u32;
                    touched.push(member.connection);
                }
            }
        }
        more.sort_unstable();
        for &index in touched.iter() {
            let Some(connection) = connections.at(index) else { continue };
            let class = connection.class();
            let first = connection.link_mut().run as usize;
            let start = more.partition_point(|(of, _)| *of < index);
            let others = more[start..].iter().take_while(|(of, _)| *of == index);
            order.clear();
            order.extend(others.flat_map(|(_, run)| &runs[*run as usize].places));
            if order.is_empty() {
                if let Some(batch) = runs[first].batch(class, due) {
                    connection.deliver(&batch.joined, &batch.frames, &mut cx.tally);
                }
                continue;
            }
            order.extend(&runs[first].places);
            order.sort_unstable();
            joined.clear();
            frames.clear();
            for place in order.iter() {
                let (topic, message) = &due[*place as usize];
                if let Some(frame) = message.frame(class) {
                    joined.extend_from_slice(frame);
                    frames.push(push(*topic, message, frame.clone()));
                }
            }
            if !frames.is_empty() {
                connection.deliver(joined, frames, &mut cx.tally);
            }
        }
        touched.clear();
        more.clear();
        frames.clear();
    }
}

impl Run {
    /// All of `due`, `length` messages of one topic.
    pub(super) fn new(topic: u32, length: usize, overflow: Option<Overflow>) -> Self {
        Self { topic, places: (0..length as u32).collect(), overflow, batches: Vec::new() }
    }

    /// The frames for a class, put together when its first receiver comes.
    #[inline]
    pub(super) fn batch(&mut self, class: Class, due: &[(u32, Arc<Prepared>)]) -> Option<&Batch> {
        let at = match self.batches.iter().position(|batch| batch.class == class) {
            Some(at) => at,
            None => {
                let frames: Vec<Push> = self
                    .places
                    .iter()
                    .map(|place| &due[*place as usize].1)
                    .filter_map(|message| {
                        let push = push(self.topic, message, message.frame(class)?.clone());
                        Some(Push { overflow: self.overflow.unwrap_or(push.overflow), ..push })
                    })
                    .collect();
                let joined = match frames.as_slice() {
                    [only] => only.bytes.clone(),
                    several => {
                        let length = several.iter().map(|push| push.bytes.len()).sum();
                        let mut joined = Vec::with_capacity(length);
                        for push in several {
                            joined.extend_from_slice(&push.bytes);
                        }
                        Bytes::from(joined)
                    }
                };
                self.batches.push(Batch { class, joined, frames });
                self.batches.len() - 1
            }
        };
        Some(&self.batches[at]).filter(|batch| !batch.frames.is_empty())
    }
}

pub(super) fn push(topic: u32, message: &Prepared, bytes: Bytes) -> Push {
    Push { topic, key: message.key, overflow: message.overflow, bytes }
}
