//! Requests and their replies, and what waits for the connection.
//!
//! For each call exactly one outcome: the reply, or why there is none. A reply is found by the id that it
//! carries; without one it belongs to the oldest call that was sent and can have it. In the second case a
//! call that was given up keeps its place, or its late reply would be taken for the next one's.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use super::{Command, Core, Timer};
use crate::client::ClientError;
use crate::client::contract::{Operation, Tell};
use crate::codec::{Codec, EncodeError};
use crate::frame::OpCode;
use crate::json::{Json, Step};
use crate::typed::{Decoded, EnvelopeParts, Message};

/// Writes a message with its envelope. Called again if the codec turns out to be another.
pub(crate) type Encode =
    Arc<dyn Fn(Codec, &EnvelopeParts<'_>, &mut Vec<u8>) -> Result<(), EncodeError> + Send + Sync>;

/// The reply; `None` for an operation without one, once the socket has the message.
pub(crate) type Outcome<M> = Result<Option<M>, ClientError>;

/// Who hears the outcome of a call.
pub(crate) enum Done<M> {
    /// A user.
    Reply(Box<dyn FnOnce(Outcome<M>) + Send>),
    /// The topic of this key, if this was its last request.
    Topic { key: u64, number: u64 },
    /// Nobody.
    Nobody,
}

struct Call<M: 'static> {
    operation: &'static Operation<M>,
    encode: Encode,
    timeout: Duration,
    done: Option<Done<M>>,
    /// Its place among those that were sent.
    sent: Option<u64>,
    /// Its place in the queue, and its bytes there.
    queued: Option<(u64, usize)>,
}

/// All calls of a client.
pub(super) struct Calls<M: 'static> {
    all: HashMap<u64, Call<M>>,
    /// Sent and not answered, oldest first; given-up ones too.
    unanswered: BTreeMap<u64, u64>,
    queue: BTreeMap<u64, u64>,
    queued_bytes: usize,
    last_id: u64,
    last_place: u64,
    /// Bytes that the socket was given and did not send yet.
    pub(super) unsent: usize,
}

impl<M> Default for Calls<M> {
    fn default() -> Self {
        Self {
            all: HashMap::new(),
            unanswered: BTreeMap::new(),
            queue: BTreeMap::new(),
            queued_bytes: 0,
            last_id: 0,
            last_place: 0,
            unsent: 0,
        }
    }
}

impl<M> Calls<M> {
    #[cfg(test)]
    pub(super) fn is_empty(&self) -> bool {
        let all = self.all.is_empty() && self.unanswered.is_empty() && self.queue.is_empty();
        all && self.queued_bytes == 0
    }

    fn place(&mut self) -> u64 {
        self.last_place += 1;
        self.last_place
    }

    fn leave_queue(&mut self, id: u64) {
        if let Some((place, bytes)) = self.all.get_mut(&id).and_then(|call| call.queued.take()) {
            self.queue.remove(&place);
            self.queued_bytes -= bytes;
        }
    }
}

impl<M: Message + Clone + Send + Sync + 'static> Core<M> {
    /// Calls: `done` hears the outcome, exactly once, before any later message is looked at. The answer
    /// names the call for [`withdraw`](Self::withdraw).
    pub(crate) fn call(
        &mut self,
        operation: &'static Operation<M>,
        encode: Encode,
        timeout: Option<Duration>,
        done: Done<M>,
    ) -> u64 {
        self.calls.last_id += 1;
        let id = self.calls.last_id;
        let timeout = timeout.unwrap_or(self.settings.request_timeout);
        let call = Call { operation, encode, timeout, done: Some(done), sent: None, queued: None };
        self.calls.all.insert(id, call);
        if let Some(ended) = self.ended.clone() {
            self.settle(id, Err(ended));
            return id;
        }
        self.set(Timer::Call(id), timeout);
        self.send(id);
        id
    }

    /// Its user gave it up. What was sent is not taken back.
    pub(crate) fn withdraw(&mut self, id: u64) {
        if let Some(call) = self.calls.all.get_mut(&id)
            && call.done.is_some()
        {
            call.done = Some(Done::Nobody);
            self.settle(id, Err(ClientError::Closed));
        }
    }

    /// Bytes left for the network, or were spared it.
    pub(crate) fn written(&mut self, bytes: usize) {
        self.calls.unsent = self.calls.unsent.saturating_sub(bytes);
    }

    pub(super) fn call_due(&mut self, id: u64) {
        let Some(call) = self.calls.all.get(&id) else { return };
        let (what, after) = (call.operation.name.to_owned(), call.timeout);
        self.settle(id, Err(ClientError::Timeout { what, after }));
    }

    /// Encodes and hands to the socket, or keeps until there is one.
    fn send(&mut self, id: u64) {
        let (codec, limit) = (self.codec(), self.settings.queue_bytes);
        let Some(call) = self.calls.all.get(&id) else { return };
        let operation = call.operation;
        let number: Option<Json<'static>> = operation.id.map(|of| of(id));
        let parts = EnvelopeParts::of_id(number.as_ref());
        let mut payload = Vec::new();
        // Also where it has to wait: who sends what can't be sent should hear it now.
        if let Err(error) = (call.encode)(codec, &parts, &mut payload) {
            let (what, detail) = (operation.name.to_owned(), error.to_string());
            self.settle(id, Err(ClientError::Invalid { what, detail }));
            return;
        }
        let bytes = payload.len();
        let is_open = self.link.is_open();
        let waiting = if is_open { self.calls.unsent } else { self.calls.queued_bytes };
        if waiting + bytes > limit {
            let operation = operation.name;
            self.settle(id, Err(ClientError::QueueFull { operation, bytes, waiting, limit }));
            return;
        }
        let place = self.calls.place();
        if !is_open {
            self.calls.queue.insert(place, id);
            self.calls.queued_bytes += bytes;
            if let Some(call) = self.calls.all.get_mut(&id) {
                call.queued = Some((place, bytes));
            }
            return;
        }
        let opcode = self.opcode();
        self.write(opcode, payload);
        if operation.answered_by.is_none() {
            // There is nothing more to hear.
            self.settle(id, Ok(None));
            return;
        }
        self.calls.unanswered.insert(place, id);
        if let Some(call) = self.calls.all.get_mut(&id) {
            call.sent = Some(place);
        }
    }

    /// Hands a message to the socket.
    pub(super) fn write(&mut self, opcode: OpCode, payload: Vec<u8>) {
        if self.link.is_open() {
            self.calls.unsent += payload.len();
            self.said();
            self.commands.push_back(Command::Send { opcode, payload });
        }
    }

    /// The connection is open: sends what waited, in order.
    pub(super) fn flush(&mut self) {
        while self.link.is_open()
            && let Some((_, &id)) = self.calls.queue.first_key_value()
        {
            self.calls.leave_queue(id);
            self.send(id);
        }
    }

    /// The outcome of a call, unless it had one.
    fn settle(&mut self, id: u64, outcome: Outcome<M>) {
        self.timers.clear(Timer::Call(id));
        self.calls.leave_queue(id);
        let Some(call) = self.calls.all.get_mut(&id) else { return };
        let done = call.done.take();
        if call.sent.is_none() {
            self.calls.all.remove(&id);
        }
        match done {
            Some(Done::Reply(tell)) => tell(outcome),
            Some(Done::Topic { key, number }) => self.topic_answered(key, number, outcome),
            Some(Done::Nobody) | None => {}
        }
    }

    /// How an open call reads its reply, where only the request tells which message that is.
    pub(super) fn tell_of(&self, id: &Json<'_>) -> Option<Tell<M>> {
        self.calls.all.get(&number_of(id)?)?.operation.tell
    }

    /// Takes a message that is a reply; gives it back if it is none.
    pub(super) fn accept(&mut self, decoded: Decoded<M>) -> Option<Decoded<M>> {
        let may_answer = |id: u64| {
            let call = self.calls.all.get(&id).filter(|call| call.sent.is_some());
            call.and_then(|call| call.operation.answered_by)
                .is_some_and(|is_reply| is_reply(&decoded.message))
        };
        let id = match &decoded.id {
            Some(id) => number_of(id).filter(|id| may_answer(*id)),
            None => self.calls.unanswered.values().copied().find(|id| may_answer(*id)),
        };
        let Some(id) = id else { return Some(decoded) };
        self.answer(id, Ok(Some(decoded.message)));
        None
    }

    /// A message that the contract does not know carries the id of a request: it is the answer, and tells
    /// nothing that its user could read.
    pub(super) fn accept_unknown(&mut self, decoded: &Decoded<M>) {
        let Some(frame) = (self.contract.unknown)(&decoded.message) else { return };
        let Some(json) = frame.as_json() else { return };
        let at = |path: &[Step<'_>]| {
            path.iter().try_fold(json, |json, step| match *step {
                Step::Property(name) => json.get(name),
                Step::Item(at) => json.at(at),
            })
        };
        let ids = self.contract.reply_ids.iter().filter_map(|path| number_of(at(path)?));
        let is_waited_for =
            |id: &u64| self.calls.all.get(id).is_some_and(|call| call.sent.is_some());
        if let Some(id) = ids.into_iter().find(is_waited_for) {
            let frame = frame.clone();
            self.answer(id, Err(ClientError::UnknownReply(frame)));
        }
    }

    fn answer(&mut self, id: u64, outcome: Outcome<M>) {
        if let Some(place) = self.calls.all.get_mut(&id).and_then(|call| call.sent.take()) {
            self.calls.unanswered.remove(&place);
        }
        self.settle(id, outcome);
    }

    /// The connection went: what was sent has no outcome that anybody could know.
    pub(super) fn lose_calls(&mut self) {
        for id in std::mem::take(&mut self.calls.unanswered).into_values() {
            let Some(call) = self.calls.all.get_mut(&id) else { continue };
            call.sent = None;
            let operation = call.operation.name;
            self.settle(id, Err(ClientError::ConnectionLost { operation }));
        }
    }

    /// The client is closed: nobody is left waiting.
    pub(super) fn end_calls(&mut self, error: &ClientError) {
        self.calls.unanswered.clear();
        let mut ids: Vec<u64> = self.calls.all.keys().copied().collect();
        ids.sort_unstable();
        for id in ids {
            if let Some(call) = self.calls.all.get_mut(&id) {
                call.sent = None;
            }
            self.settle(id, Err(error.clone()));
        }
    }
}

/// The number in an id that this client made.
fn number_of(id: &Json<'_>) -> Option<u64> {
    match id {
        Json::String(text) => text.parse().ok(),
        Json::Number(number) => number.to_u64(),
        _ => None,
    }
}
