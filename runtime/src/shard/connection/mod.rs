//! One connection on its shard: the protocol's state, the transport, and what waits in between.
//!
//! Every entry ends with [`Connection::settle`]: what came out is written, what is full is closed,
//! what is done is marked for removal, and the next deadline is armed.

mod delivery;
mod link;
mod requests;

pub(crate) use self::link::{Link, LinkParts};

use self::{
    link::Leaving,
    requests::{Outcome, cost, panicked},
};
use super::{Command, Cx, Token};
use crate::{
    clock::Moment,
    close::{CloseCode, CloseReason, Closed, ClosedBy, Closes, Situation},
    frame::Scratch,
    hub::Class,
    service::Rejection,
    session::{Core, Due, Operation, Parting, SessionHandle, Settings, State, Step},
    transport::Transport,
};
use std::{
    io::ErrorKind,
    panic::{AssertUnwindSafe, catch_unwind},
};

/// A fan-out touches a connection after the kernel has swept the caches, so what it looks at (the
/// end of `core`, the beginning of `link`) lies together: hence the order, here and in both parts.
#[repr(C)]
pub(crate) struct Connection {
    core: Core,
    link: Link,
}

/// Full buffers read from one connection before the others get their turn.
const READS: usize = 8;

/// What a new connection is made of.
pub(crate) struct Parts {
    pub(crate) core: Core,
    pub(crate) link: LinkParts,
}

impl Connection {
    pub(crate) fn new(parts: Parts) -> Self {
        Self { core: parts.core, link: Link::new(parts.link) }
    }

    pub(crate) fn token(&self) -> Token {
        self.link.token
    }

    pub(crate) fn class(&self) -> Class {
        self.link.class
    }

    pub(crate) fn link_mut(&mut self) -> &mut Link {
        &mut self.link
    }

    pub(crate) fn is_dead(&self) -> bool {
        self.link.dead
    }

    pub(crate) fn transport_mut(&mut self) -> &mut Transport {
        &mut self.link.transport
    }

    fn settings(&self) -> &Settings {
        &self.link.handle.channel().settings
    }

    /// Tells the service, and reads what the HTTP layer had read too far.
    pub(crate) fn open(&mut self, leftover: &mut [u8], scratch: &mut Scratch, cx: &mut Cx) {
        self.link.introduced = true;
        self.link.handle.attend();
        let Link { handle, span, .. } = &self.link;
        let told = catch_unwind(AssertUnwindSafe(|| {
            span.in_scope(|| handle.channel().service.opened(handle));
        }));
        let outcome = match told {
            Ok(()) => self.link.finish(None, cx),
            Err(_) => panicked(cx),
        };
        self.conclude(outcome, cx);
        self.feed(leftover, scratch, cx);
        self.settle(cx);
    }

    /// Closes a connection that the service never sees: it was accepted only to be told why not.
    pub(crate) fn refuse(&mut self, reason: &CloseReason, cx: &mut Cx) {
        self.close(reason, cx);
        self.settle(cx);
    }

    /// The transport may have something to read. `last` says that its end was seen, too.
    pub(crate) fn on_readable(
        &mut self,
        last: bool,
        buffer: &mut [u8],
        scratch: &mut Scratch,
        cx: &mut Cx,
    ) {
        self.link.unread = false;
        self.resume(buffer, scratch, cx);
        for _ in 0..READS {
            if self.must_wait(cx) || self.core.is_open() && self.link.leaving == Leaving::Answering
            {
                self.link.unread = true;
                return self.settle(cx);
            }
            match self.link.transport.read(buffer) {
                Ok(0) => {
                    self.lost(cx);
                    return self.settle(cx);
                }
                Ok(n) => {
                    cx.tally.counters.bytes_in.add(n as u64);
                    self.core.received(cx.tally.now);
                    self.feed(&mut buffer[..n], scratch, cx);
                    // A short read has emptied the socket; the next bytes make a new event.
                    if n < buffer.len() && !last && matches!(self.link.transport, Transport::Tcp(_))
                    {
                        return self.settle(cx);
                    }
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => return self.settle(cx),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => {
                    self.lost(cx);
                    return self.settle(cx);
                }
            }
        }
        self.link.unread = true;
        cx.again.push(self.link.token);
        self.settle(cx);
    }

    /// The transport may take more.
    pub(crate) fn on_writable(&mut self, cx: &mut Cx) {
        if self.link.outbox.is_some() {
            self.link.write_outbox(cx);
            if self.link.outbox.is_none() && self.link.unread {
                cx.again.push(self.link.token);
            }
            self.settle(cx);
        }
    }

    /// Something that the connection waits for has happened.
    pub(crate) fn on_wake(&mut self, buffer: &mut [u8], scratch: &mut Scratch, cx: &mut Cx) {
        if let Some(waker) = &self.link.waker {
            waker.rearm();
        }
        if self.link.is_working() {
            let outcome = self.link.poll_work(cx);
            self.conclude(outcome, cx);
            self.resume(buffer, scratch, cx);
            if self.link.unread && !self.must_wait(cx) {
                cx.again.push(self.link.token);
            }
        }
        if matches!(self.link.transport, Transport::Stream(_)) {
            self.link.flush_stream();
            self.on_writable(cx);
            self.on_readable(false, buffer, scratch, cx);
        } else {
            self.settle(cx);
        }
    }

    /// Does one thing that a handle of the session asked for.
    pub(crate) fn on_operation(&mut self, operation: Operation, cx: &mut Cx) {
        if !self.core.is_open() {
            // Asked for before the handle knew of the end: nothing may follow a close frame.
            return self.link.discard(operation);
        }
        match self.link.apply(vec![operation], None, cx) {
            // It has had its place in the queue.
            Outcome::Close(reason) => self.close(&reason, cx),
            outcome => self.conclude(outcome, cx),
        }
        self.settle(cx);
    }

    /// Does what the session's handles asked for while a request waits.
    pub(crate) fn on_operations(&mut self, cx: &mut Cx) {
        if self.core.is_open() {
            let outcome = self.link.apply_operations(cx);
            self.conclude(outcome, cx);
            self.settle(cx);
        }
    }

    /// The end that was decided on before has come.
    pub(crate) fn on_close(&mut self, reason: &CloseReason, parting: Parting, cx: &mut Cx) {
        match parting {
            Parting::Handshake => self.close(reason, cx),
            Parting::Linger => {
                let patience = self.settings().limits.close;
                if self.core.linger(reason, cx.tally.now, patience, &mut cx.out) {
                    self.end(Closed { reason: reason.clone(), by: ClosedBy::Server }, cx);
                }
            }
        }
        self.settle(cx);
    }

    /// Its deadline has come; `at` is the entry that said so.
    pub(crate) fn on_deadline(
        &mut self,
        at: Moment,
        buffer: &mut [u8],
        scratch: &mut Scratch,
        cx: &mut Cx,
    ) {
        if at != self.link.armed {
            return;
        }
        self.link.armed = Moment::MAX;
        let settings = &self.link.handle.channel().settings;
        match self.core.on_time(cx.tally.now, settings, &mut cx.out) {
            Due::Nothing => {}
            // Not silent: not listened to, because its last request is not answered yet.
            Due::Close(Situation::Heartbeat) if self.link.backlog_is_full() => {
                self.core.excuse(cx.tally.now);
            }
            Due::Close(Situation::Shutdown) if self.link.leaving == Leaving::No => {
                // What the client has sent by now is still answered, with patience for its handlers.
                self.core.shut_down_at(cx.tally.now + settings.limits.close);
                self.link.leaving = Leaving::LastRead;
                self.on_readable(false, buffer, scratch, cx);
                self.link.leaving = Leaving::Answering;
            }
            Due::Close(situation) => self.close_for(situation, cx),
            Due::Drop => self.link.dead = true,
        }
        if self.core.is_open() && cx.tally.now >= self.link.overdue_at() {
            let outcome = self.link.overdue(cx);
            self.conclude(outcome, cx);
            self.resume(buffer, scratch, cx);
        }
        self.settle(cx);
    }

    /// Closes at `at` because the server shuts down.
    pub(crate) fn shut_down_at(&mut self, at: Moment, cx: &mut Cx) {
        self.core.shut_down_at(at);
        self.settle(cx);
    }

    /// Shows the session to the application; what it asks for then comes through the queue.
    pub(crate) fn visit(&mut self, visit: &dyn Fn(&SessionHandle), cx: &mut Cx) {
        let Link { handle, span, introduced, .. } = &self.link;
        if *introduced && self.core.is_open() {
            let visited = catch_unwind(AssertUnwindSafe(|| span.in_scope(|| visit(handle))));
            if visited.is_err() {
                cx.tally.counters.panics.add(1);
            }
        }
    }

    pub(crate) fn drop_now(&mut self, cx: &mut Cx) {
        if self.core.is_open() {
            self.close_for(Situation::Shutdown, cx);
        }
        self.link.flush_out(cx);
        self.link.dead = true;
    }

    fn close_for(&mut self, situation: Situation, cx: &mut Cx) {
        let reason = self.reason(situation, cx);
        self.close(&reason, cx);
    }

    fn reason(&self, situation: Situation, cx: &mut Cx) -> CloseReason {
        let closes = self.core.closes();
        let reason = self.settings().reason(closes, situation);
        match cx.leave {
            Some(leave) if situation == Situation::Shutdown && closes == Closes::Declared => {
                let back = leave.back_from + leave.back_window.mul_f64(cx.spread.next().1);
                reason.retry_after(back.since(cx.tally.now))
            }
            _ => reason,
        }
    }

    fn close(&mut self, reason: &CloseReason, cx: &mut Cx) {
        let patience = self.settings().limits.close;
        if self.core.close(reason, cx.tally.now, patience, &mut cx.out) {
            self.end(Closed { reason: reason.clone(), by: ClosedBy::Server }, cx);
        }
    }

    /// The transport has ended or failed.
    fn lost(&mut self, cx: &mut Cx) {
        self.link.dead = true;
        if self.core.lose() {
            self.end(Closed { reason: CloseReason::LOST, by: ClosedBy::Transport }, cx);
        }
    }

    /// The session is over: gives everything back that it held, and tells the service.
    pub(super) fn end(&mut self, closed: Closed, cx: &mut Cx) {
        let link = &mut self.link;
        link.handle.end();
        for subscription in std::mem::take(&mut link.subscriptions) {
            cx.members.remove(subscription.membership);
        }
        cx.tally.counters.closed(closed.reason.code);
        if link.unread {
            // The peer's close frame may be in it.
            cx.again.push(link.token);
        }
        // A handler that is dropped may panic as well as one that runs.
        let waiting = link.waiting.take();
        let Link { handle, span, introduced, .. } = &*link;
        let told = catch_unwind(AssertUnwindSafe(|| {
            span.in_scope(|| {
                drop(waiting);
                tracing::debug!(reason = %closed.reason, by = ?closed.by, "session closed");
                if *introduced {
                    handle.channel().service.closed(handle, &closed);
                }
            });
        }));
        if told.is_err() {
            cx.tally.counters.panics.add(1);
        }
    }

    /// Takes all frames of `input`.
    fn feed(&mut self, input: &mut [u8], scratch: &mut Scratch, cx: &mut Cx) {
        let mut at = 0;
        while at < input.len() {
            if self.must_wait(cx) {
                self.link.raw.extend_from_slice(&input[at..]);
                self.link.unread = true;
                return;
            }
            let Self { core, link } = self;
            let settings = &link.handle.channel().settings;
            let step = core.next(input, &mut at, scratch, cx.tally.now, settings, &mut cx.out);
            match step {
                Step::More => return,
                Step::Handled => {}
                Step::Message(message) => {
                    cx.tally.counters.messages_in.add(1);
                    let outcome = link.on_message(message, cx);
                    self.conclude(outcome, cx);
                }
                Step::Ended(closed) => self.end(closed, cx),
                Step::Violated(violation) => {
                    let code = CloseCode::new(violation.close_code());
                    let reason = CloseReason::new(code, violation.to_string());
                    self.part(reason, Parting::Linger, cx);
                }
            }
        }
    }

    /// What came while something had to happen first, in order, until the next such thing.
    fn resume(&mut self, buffer: &mut [u8], scratch: &mut Scratch, cx: &mut Cx) {
        while !self.must_wait(cx) && !self.link.is_working() {
            if let Some(waiting) = &mut self.link.waiting
                && let Some(message) = waiting.backlog.pop_front()
            {
                waiting.backlog_bytes -= cost(&message);
                let outcome = self.link.serve(message.as_inbound(), cx);
                self.conclude(outcome, cx);
                continue;
            }
            self.link.waiting = None;
            let raw = std::mem::take(&mut self.link.raw);
            // They came from one read, so they fit the buffer that they came from.
            let Some(input) = buffer.get_mut(..raw.len()).filter(|input| !input.is_empty()) else {
                return;
            };
            input.copy_from_slice(&raw);
            self.feed(input, scratch, cx);
        }
    }

    /// Whether input has to wait: for the application, or for a client that sends but does not
    /// read. Once the session is over everything is looked at, to find the peer's close.
    fn must_wait(&self, cx: &Cx) -> bool {
        self.core.is_open()
            && (self.link.parting || self.link.backlog_is_full() || self.link.is_clogged(cx))
    }

    /// The session ends, but what was published before, by its own handler for instance, comes
    /// first: the close takes its place behind it in the shard's queue. Nothing is read meanwhile.
    fn part(&mut self, reason: CloseReason, parting: Parting, cx: &mut Cx) {
        if !std::mem::replace(&mut self.link.parting, true) {
            cx.queue.push(Command::Close(self.link.token, reason, parting));
        }
    }

    fn conclude(&mut self, outcome: Outcome, cx: &mut Cx) {
        match outcome {
            Outcome::GoOn => {}
            Outcome::Close(reason) => self.part(reason, Parting::Handshake, cx),
            Outcome::Reject(rejection) => {
                let Link { handle, span, .. } = &self.link;
                let answer = catch_unwind(AssertUnwindSafe(|| {
                    span.in_scope(|| {
                        tracing::debug!(?rejection, "message rejected");
                        handle.channel().service.rejected(handle, &rejection)
                    })
                }));
                match answer {
                    Ok(Some(answer)) => self.link.emit(&answer, cx),
                    Ok(None) => {
                        self.part(self.rejection_reason(&rejection), Parting::Handshake, cx);
                    }
                    Err(_) => {
                        let outcome = panicked(cx);
                        self.conclude(outcome, cx);
                    }
                }
            }
        }
    }

    fn rejection_reason(&self, rejection: &Rejection) -> CloseReason {
        let (situation, detail) = match rejection {
            Rejection::Undecodable { detail } => (Situation::Undecodable, detail.clone()),
            Rejection::Invalid { pointer, rule, .. } => {
                (Situation::Invalid, format!("{pointer}: {rule}"))
            }
            Rejection::UnknownType { name } => {
                (Situation::UnknownType, name.clone().unwrap_or_default())
            }
        };
        let mut reason = self.settings().reason(self.core.closes(), situation);
        if self.core.closes() == Closes::Declared && !detail.is_empty() {
            reason.text = format!("{}: {detail}", reason.text).into();
        }
        reason
    }

    /// Ends an entry: see the module's text.
    pub(crate) fn settle(&mut self, cx: &mut Cx) {
        if self.link.outbox.is_some() && matches!(self.link.transport, Transport::Stream(_)) {
            // A stream that took a part wakes nobody; it has to be asked until it says no.
            self.link.write_outbox(cx);
        }
        self.link.flush_out(cx);
        let limit = self.settings().limits.queue_bytes;
        if self.core.is_open()
            && self.link.outbox.as_ref().is_some_and(|outbox| outbox.is_over(limit))
        {
            self.close_slow(cx);
        }
        if self.link.leaving == Leaving::Answering && self.core.is_open() && self.link.is_done() {
            let reason = self.reason(Situation::Shutdown, cx);
            self.part(reason, Parting::Handshake, cx);
        }
        debug_assert!(cx.out.is_empty(), "what one connection sends must not reach another");
        if self.link.dead {
            self.lost(cx);
            cx.dead.push(self.link.token);
            return;
        }
        if !self.core.is_open() && self.link.outbox.is_none() {
            match self.core.state() {
                State::Finishing => {
                    self.link.dead = true;
                    cx.dead.push(self.link.token);
                    let _ = self.link.transport.shut_down_writing();
                    return;
                }
                State::Lingering if !self.link.writing_shut => {
                    self.link.writing_shut = true;
                    let _ = self.link.transport.shut_down_writing();
                }
                _ => {}
            }
        }
        let due = self.core.due(&self.link.handle.channel().settings).min(self.link.overdue_at());
        cx.deadlines.arm(self.link.token, &mut self.link.armed, due, cx.tally.now);
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.link.handle.end();
    }
}

#[cfg(test)]
impl Connection {
    /// The first and the last byte that a fan-out looks at.
    pub(super) const LOOKED_AT: (usize, usize) = (
        std::mem::offset_of!(Connection, core) + Core::STATE_AT,
        std::mem::offset_of!(Connection, link) + std::mem::offset_of!(Link, dead),
    );
}
