//! Receivers that asked for the newest value at intervals.
//!
//! Receivers of a topic with one interval share one beat. What is published between two beats is
//! held, the newest of each key, once for all of them: so neither the work for a receiver nor its
//! traffic grows with the rate of publishing, and the last value always arrives.

use super::{
    Connections, Cx,
    fanout::{Run, push},
    members::Member,
};
use crate::{
    clock::Moment,
    hub::{Overflow, Prepared},
};
use std::{cmp::Reverse, collections::BinaryHeap, sync::Arc, time::Duration};

/// The receivers of a topic that have the same interval.
#[derive(Debug)]
pub(crate) struct Pace {
    pub(super) interval: Duration,
    pub(super) members: Vec<Member>,
    held: Vec<Arc<Prepared>>,
    /// No beat before this.
    next: Moment,
    /// When the beat comes that has been arranged.
    arranged: Option<Moment>,
}

/// The beats that have been arranged: when, the shard's index of the topic, the index of the pace.
#[derive(Debug, Default)]
pub(crate) struct Beats(BinaryHeap<Reverse<(Moment, u32, u32)>>);

impl Pace {
    pub(super) fn new(interval: Duration) -> Self {
        Self {
            interval,
            members: Vec::new(),
            held: Vec::new(),
            next: Moment::default(),
            arranged: None,
        }
    }

    fn hold(&mut self, message: &Arc<Prepared>) {
        match self.held.iter_mut().find(|held| held.key == message.key) {
            Some(held) => *held = Arc::clone(message),
            None => self.held.push(Arc::clone(message)),
        }
    }
}

/// Holds a published message for the paces of its topic. The first one after a quiet time is due at
/// once.
#[inline]
pub(super) fn hold(topic: u32, message: &Arc<Prepared>, cx: &mut Cx) {
    for (index, pace) in cx.members.paces_mut(topic).iter_mut().enumerate() {
        if pace.members.is_empty() {
            continue;
        }
        pace.hold(message);
        if pace.arranged.is_none() {
            let at = pace.next.max(cx.tally.now);
            pace.arranged = Some(at);
            cx.beats.0.push(Reverse((at, topic, index as u32)));
        }
    }
}

impl Beats {
    /// How long no beat will come.
    pub(super) fn next(&self, now: Moment) -> Option<Duration> {
        self.0.peek().map(|Reverse((at, ..))| at.since(now))
    }
}

/// Sends what is held for the beats that have come.
pub(super) fn beat(connections: &mut Connections, cx: &mut Cx) {
    while let Some(&Reverse((at, topic, index))) = cx.beats.0.peek() {
        if at > cx.tally.now {
            break;
        }
        cx.beats.0.pop();
        // The index may have come to mean another topic since.
        let Some(pace) = cx.members.paces_mut(topic).get_mut(index as usize) else { continue };
        if pace.arranged != Some(at) {
            continue;
        }
        pace.arranged = None;
        pace.next = cx.tally.now + pace.interval;
        let held: Vec<(u32, Arc<Prepared>)> =
            pace.held.drain(..).map(|message| (topic, message)).collect();
        let mut run = Run::new(topic, held.len(), Some(Overflow::Conflate));
        for member in &pace.members {
            let Some(connection) = connections.at(member.connection) else { continue };
            let class = connection.class();
            if held.iter().all(|(_, message)| !member.has(message.offset)) {
                if let Some(batch) = run.batch(class, &held) {
                    connection.deliver(&batch.joined, &batch.frames, &mut cx.tally);
                }
                continue;
            }
            for (_, message) in held.iter().filter(|(_, message)| !member.has(message.offset)) {
                if let Some(frame) = message.frame(class) {
                    let push = [push(topic, message, frame.clone())];
                    connection.deliver(frame, &push, &mut cx.tally);
                }
            }
        }
        cx.tally.count();
    }
}
