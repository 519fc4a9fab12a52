//! One connection on its shard: the protocol's state, the transport, and what waits in between.
//!
//! Every entry ends with [`Connection::settle`]: what came out is written, what is full is closed,
//! what is done is marked for removal, and the next deadline is armed.

use super::{Cx, MembershipId, Token, queue::ConnectionWaker};
use crate::{
    clock::Moment,
    close::{CloseReason, Closed, ClosedBy, Closes, Situation, plain},
    codec::Codec,
    frame::Scratch,
    hub::{Class, ConnectionSlot, Interest},
    service::{Inbound, Outgoing, Rejection, Work},
    session::{
        Core, Due, Kind, Message, Operation, Outbox, Path, SLICES, SessionHandle, Settings, State,
        Step,
    },
    transport::Transport,
};
use bytes::Bytes;
use std::{
    collections::VecDeque,
    future::Future,
    io::{ErrorKind, IoSlice},
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, Waker},
};

pub(crate) struct Connection {
    core: Core,
    link: Link,
}

/// All of a connection but its protocol state; apart, because a message borrows that state while
/// the rest works on it.
pub(crate) struct Link {
    transport: Transport,
    handle: SessionHandle,
    class: Class,
    /// Only while the socket does not take what it should.
    outbox: Option<Box<Outbox>>,
    /// Only while a request waits.
    waiting: Option<Box<Waiting>>,
    /// Bytes that were read but not looked at, because something has to happen first.
    raw: Vec<u8>,
    subscriptions: Vec<Subscription>,
    /// Subscriptions that were ended before the shard heard of them.
    overtaken: Vec<u32>,
    token: Token,
    armed: Moment,
    waker: Option<Arc<ConnectionWaker>>,
    /// The service was told of the session, and is to be told of its end.
    introduced: bool,
    /// Input may be there that was not read, because something has to happen first.
    unread: bool,
    /// The transport has ended or failed, or nothing is left to say.
    dead: bool,
    writing_shut: bool,
    /// Which turn's fan-out touched the connection last, and with which run.
    pub(super) turn: u32,
    pub(super) run: u32,
    span: tracing::Span,
    _slot: ConnectionSlot,
}

struct Subscription {
    serial: u32,
    membership: MembershipId,
    _interest: Interest,
}

/// A request that is not answered yet, and what came after it.
#[derive(Default)]
struct Waiting {
    future: Option<Pin<Box<dyn Future<Output = Option<Outgoing>> + Send>>>,
    /// Subscriptions that begin after the reply.
    deferred: Vec<(Interest, u32)>,
    backlog: VecDeque<Message<'static>>,
    backlog_bytes: usize,
}

/// A reply of more than this is not joined with others but written from where it lies, in bytes.
const JOINED: usize = 16 * 1024;

/// Full buffers read from one connection before the others get their turn.
const READS: usize = 8;

/// What a new connection is made of.
pub(crate) struct Parts {
    pub(crate) core: Core,
    pub(crate) transport: Transport,
    pub(crate) handle: SessionHandle,
    pub(crate) token: Token,
    pub(crate) waker: Option<Arc<ConnectionWaker>>,
    pub(crate) slot: ConnectionSlot,
}

impl Connection {
    pub(crate) fn new(parts: Parts) -> Self {
        let Parts { core, transport, handle, token, waker, slot } = parts;
        let span = tracing::debug_span!(
            "session",
            id = %handle.id(),
            channel = handle.channel().service.channel().name(),
            remote = handle.remote_address().map(tracing::field::display),
            subprotocol = handle.subprotocol().map(|subprotocol| subprotocol.name),
        );
        let class = handle.class();
        Self {
            core,
            link: Link {
                transport,
                handle,
                class,
                outbox: None,
                waiting: None,
                raw: Vec::new(),
                subscriptions: Vec::new(),
                overtaken: Vec::new(),
                token,
                armed: Moment::MAX,
                waker,
                introduced: false,
                unread: false,
                dead: false,
                writing_shut: false,
                turn: 0,
                run: 0,
                span,
                _slot: slot,
            },
        }
    }

    pub(crate) fn token(&self) -> Token {
        self.link.token
    }

    pub(crate) fn class(&self) -> Class {
        self.link.class
    }

    pub(super) fn link_mut(&mut self) -> &mut Link {
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
            if self.must_wait(cx) {
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
        let outcome = self.link.apply(vec![operation], None, cx);
        self.conclude(outcome, cx);
        self.settle(cx);
    }

    /// Does what the session's handles asked for while a request waits.
    pub(crate) fn on_operations(&mut self, cx: &mut Cx) {
        let outcome = self.link.apply_operations(cx);
        self.conclude(outcome, cx);
        self.settle(cx);
    }

    /// Its deadline has come; `at` is the entry that said so.
    pub(crate) fn on_deadline(&mut self, at: Moment, cx: &mut Cx) {
        if at != self.link.armed {
            return;
        }
        self.link.armed = Moment::MAX;
        let settings = &self.link.handle.channel().settings;
        match self.core.on_time(cx.tally.now, settings, &mut cx.out) {
            Due::Nothing => {}
            Due::Close(situation) => self.close_for(situation, cx),
            Due::Drop => self.link.dead = true,
        }
        self.settle(cx);
    }

    /// Closes at `at` because the server shuts down.
    pub(crate) fn shut_down_at(&mut self, at: Moment, cx: &mut Cx) {
        self.core.shut_down_at(at);
        self.settle(cx);
    }

    pub(crate) fn drop_now(&mut self, cx: &mut Cx) {
        if self.core.is_open() {
            self.close_for(Situation::Shutdown, cx);
        }
        self.link.flush_out(cx);
        self.link.dead = true;
    }

    fn close_for(&mut self, situation: Situation, cx: &mut Cx) {
        let closes = self.core.closes();
        let mut reason = self.settings().reason(closes, situation);
        if situation == Situation::Shutdown && closes == Closes::Declared {
            reason = reason.retry_after(cx.shutdown_window.mul_f64(fastrand::f64()));
        }
        self.close(&reason, cx);
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
        if self.core.is_open() {
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
        if !link.raw.is_empty() {
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
        self.core.is_open() && (self.link.backlog_is_full() || self.link.is_clogged(cx))
    }

    fn conclude(&mut self, outcome: Outcome, cx: &mut Cx) {
        match outcome {
            Outcome::GoOn => {}
            Outcome::Close(reason) => self.close(&reason, cx),
            Outcome::Reject(rejection) => {
                let reason = self.rejection_reason(&rejection);
                let detail = detail(&rejection);
                self.link.span.in_scope(|| {
                    tracing::debug!(%reason, %detail, "message rejected");
                });
                self.close(&reason, cx);
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

    /// Sends pushes of one turn: `joined` are all `frames` one after the other.
    ///
    /// The hot path of a fan-out: one system call and no allocation while the socket is ready.
    #[inline]
    pub(super) fn deliver(
        &mut self,
        joined: &[u8],
        frames: &[(u32, Bytes)],
        cx: &mut super::Tally,
    ) {
        if !self.core.is_open() || self.link.dead {
            return;
        }
        cx.messages_out += frames.len() as u64;
        if self.link.outbox.is_none() {
            cx.writes += 1;
            match self.link.transport.write(joined) {
                Ok(n) if n == joined.len() => {
                    cx.bytes_out += n as u64;
                    self.link.flush_stream();
                }
                Ok(n) => {
                    cx.bytes_out += n as u64;
                    self.queue_pushes(n, frames, cx);
                }
                Err(error)
                    if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) =>
                {
                    self.queue_pushes(0, frames, cx);
                }
                Err(_) => {
                    self.link.dead = true;
                    cx.unsettled.push(self.link.token);
                }
            }
        } else {
            self.queue_pushes(0, frames, cx);
        }
    }

    #[cold]
    fn queue_pushes(&mut self, mut written: usize, frames: &[(u32, Bytes)], cx: &mut super::Tally) {
        let outbox = self.link.outbox.get_or_insert_default();
        let before = outbox.bytes();
        for (topic, frame) in frames {
            if written >= frame.len() {
                written -= frame.len();
            } else if written > 0 {
                outbox.push(frame.slice(written..), Kind::Kept);
                written = 0;
            } else {
                outbox.push(frame.clone(), Kind::Push(*topic));
            }
        }
        cx.counters.queued_bytes.add((outbox.bytes() - before) as u64);
        cx.unsettled.push(self.link.token);
    }

    /// Ends an entry: see the module's text.
    pub(crate) fn settle(&mut self, cx: &mut Cx) {
        self.link.flush_out(cx);
        let limit = self.settings().limits.queue_bytes;
        if self.core.is_open()
            && self.link.outbox.as_ref().is_some_and(|outbox| outbox.is_over(limit))
        {
            self.close_slow(cx);
        }
        if self.link.dead {
            if self.core.is_open() {
                self.lost(cx);
            }
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
        let due = self.core.due(&self.link.handle.channel().settings);
        cx.deadlines.arm(self.link.token, &mut self.link.armed, due, cx.tally.now);
    }

    /// The client does not take what it is sent: drops the pushes and says so.
    fn close_slow(&mut self, cx: &mut Cx) {
        if let Some(outbox) = &mut self.link.outbox {
            let before = outbox.bytes();
            cx.tally.counters.dropped.add(outbox.drop_pushes());
            cx.tally.counters.queued_bytes.subtract((before - outbox.bytes()) as u64);
        }
        self.close_for(Situation::Slow, cx);
        self.link.flush_out(cx);
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.link.handle.end();
    }
}

/// What the connection does after a message or an operation.
pub(crate) enum Outcome {
    GoOn,
    Close(CloseReason),
    Reject(Rejection),
}

fn panicked(cx: &mut Cx) -> Outcome {
    cx.tally.counters.panics.add(1);
    tracing::error!("handler panicked; its session is closed with 1011");
    Outcome::Close(CloseReason::INTERNAL)
}

fn detail(rejection: &Rejection) -> &str {
    match rejection {
        Rejection::Undecodable { detail } | Rejection::Invalid { detail, .. } => detail,
        Rejection::UnknownType { name } => name.as_deref().unwrap_or(""),
    }
}

impl Link {
    fn queued(&self) -> usize {
        self.outbox.as_ref().map_or(0, |outbox| outbox.bytes())
    }

    /// Whether a request is not answered yet.
    fn is_working(&self) -> bool {
        self.waiting.as_ref().is_some_and(|waiting| waiting.future.is_some())
    }

    fn is_clogged(&self, cx: &Cx) -> bool {
        self.outbox.is_some()
            && self.queued() + cx.out.len() > self.handle.channel().settings.limits.queue_bytes / 2
    }

    fn backlog_is_full(&self) -> bool {
        self.waiting.as_ref().is_some_and(|waiting| {
            waiting.future.is_some()
                && waiting.backlog_bytes >= self.handle.channel().settings.limits.backlog_bytes
        })
    }

    fn on_message(&mut self, message: Message<'_>, cx: &mut Cx) -> Outcome {
        match &mut self.waiting {
            Some(waiting) => {
                waiting.backlog_bytes += cost(&message);
                waiting.backlog.push_back(message.into_owned());
                Outcome::GoOn
            }
            None => self.serve(message.as_inbound(), cx),
        }
    }

    /// Hands a message to the service and carries out what comes of it.
    fn serve(&mut self, message: Inbound<'_>, cx: &mut Cx) -> Outcome {
        match (self.class.codec(), message) {
            (Codec::Json, Inbound::Text(_))
            | (Codec::MessagePack, Inbound::Binary(_))
            | (Codec::Raw, _) => {}
            _ => {
                let closes = self.handle.subprotocol().map_or(Closes::Plain, |sub| sub.closes);
                return Outcome::Close(match closes {
                    Closes::Plain => plain::WRONG_FRAME,
                    Closes::Declared => self
                        .handle
                        .channel()
                        .settings
                        .reason(Closes::Declared, Situation::Undecodable),
                });
            }
        }
        self.handle.attend();
        let Self { handle, span, .. } = self;
        let received = catch_unwind(AssertUnwindSafe(|| {
            span.in_scope(|| handle.channel().service.receive(handle, message))
        }));
        match received {
            Err(_) => panicked(cx),
            Ok(Err(rejection)) => match self.apply_operations(cx) {
                Outcome::GoOn => Outcome::Reject(rejection),
                closing => closing,
            },
            Ok(Ok(dispatched)) => match dispatched.work {
                Work::Done(reply) => self.finish(reply, cx),
                Work::Pending(future) => {
                    self.waiting.get_or_insert_default().future = Some(future);
                    self.poll_work(cx)
                }
            },
        }
    }

    /// Polls the handler that the connection waits for.
    fn poll_work(&mut self, cx: &mut Cx) -> Outcome {
        let waker = Waker::from(Arc::clone(self.waker.get_or_insert_with(|| {
            Arc::new(ConnectionWaker::new(Arc::clone(&cx.queue), self.token))
        })));
        let Some(Waiting { future: Some(future), .. }) = self.waiting.as_deref_mut() else {
            return Outcome::GoOn;
        };
        self.handle.attend();
        let span = &self.span;
        let polled = catch_unwind(AssertUnwindSafe(|| {
            span.in_scope(|| future.as_mut().poll(&mut Context::from_waker(&waker)))
        }));
        match polled {
            Err(_) => panicked(cx),
            Ok(Poll::Pending) => self.apply_operations(cx),
            Ok(Poll::Ready(reply)) => self.finish(reply, cx),
        }
    }

    /// A request is done: sends and unsubscribes in order, then the reply, then subscribes.
    fn finish(&mut self, reply: Option<Outgoing>, cx: &mut Cx) -> Outcome {
        let mut deferred = Vec::new();
        if let Some(waiting) = &mut self.waiting {
            waiting.future = None;
            deferred = std::mem::take(&mut waiting.deferred);
            if waiting.backlog.is_empty() {
                self.waiting = None;
            }
        }
        let outcome = self.apply(self.handle.take(Path::Queue), Some(&mut deferred), cx);
        if let Some(reply) = reply {
            self.emit(&reply, cx);
        }
        for (interest, serial) in deferred {
            self.join(interest, serial, cx);
        }
        outcome
    }

    /// Does what was asked for so far in a request that waits.
    fn apply_operations(&mut self, cx: &mut Cx) -> Outcome {
        if !self.is_working() {
            return self.apply(self.handle.take(Path::Queue), None, cx);
        }
        let operations = self.handle.take(Path::List);
        if operations.is_empty() {
            return Outcome::GoOn;
        }
        let waiting = self.waiting.get_or_insert_default();
        let mut deferred = std::mem::take(&mut waiting.deferred);
        let outcome = self.apply(operations, Some(&mut deferred), cx);
        self.waiting.get_or_insert_default().deferred = deferred;
        outcome
    }

    fn apply(
        &mut self,
        operations: Vec<Operation>,
        mut deferred: Option<&mut Vec<(Interest, u32)>>,
        cx: &mut Cx,
    ) -> Outcome {
        let mut outcome = Outcome::GoOn;
        for operation in operations {
            match operation {
                Operation::Send(message) => {
                    self.handle.sent(message.0.len());
                    // What is sent after a close goes nowhere.
                    if matches!(outcome, Outcome::GoOn) {
                        self.emit(&message, cx);
                    }
                }
                Operation::Subscribe(interest, serial) => match deferred.as_deref_mut() {
                    Some(deferred) => deferred.push((interest, serial)),
                    None => self.join(interest, serial, cx),
                },
                Operation::Unsubscribe(serial) => {
                    let staged = deferred.as_deref_mut().and_then(|deferred| {
                        let found = deferred.iter().position(|(_, of)| *of == serial);
                        found.map(|at| deferred.remove(at))
                    });
                    if staged.is_none() {
                        self.leave(serial, cx);
                    }
                }
                Operation::Close(reason) => outcome = Outcome::Close(reason),
            }
        }
        outcome
    }

    fn join(&mut self, mut interest: Interest, serial: u32, cx: &mut Cx) {
        if let Some(at) = self.overtaken.iter().position(|of| *of == serial) {
            self.overtaken.swap_remove(at);
            return;
        }
        let membership = cx.members.add(interest.topic(), self.token.index);
        interest.subscribed();
        self.subscriptions.push(Subscription { serial, membership, _interest: interest });
    }

    fn leave(&mut self, serial: u32, cx: &mut Cx) {
        match self.subscriptions.iter().position(|subscription| subscription.serial == serial) {
            Some(at) => cx.members.remove(self.subscriptions.swap_remove(at).membership),
            // Asked for in a request, while the subscribe from outside is still in the queue.
            None => self.overtaken.push(serial),
        }
    }

    /// Sends a message to this client: joined with the others of this turn if it is small.
    fn emit(&mut self, message: &Outgoing, cx: &mut Cx) {
        cx.tally.counters.messages_out.add(1);
        #[cfg(feature = "deflate")]
        if let Some(window) = self.class.window()
            && let Some(compressed) = cx.deflaters.frame(window, &message.0)
        {
            return self.emit_bytes(&compressed, cx);
        }
        self.emit_bytes(message.0.bytes(), cx);
    }

    fn emit_bytes(&mut self, frame: &Bytes, cx: &mut Cx) {
        if frame.len() <= JOINED {
            cx.out.extend_from_slice(frame);
            if cx.out.len() <= 4 * JOINED {
                return;
            }
            return self.flush_out(cx);
        }
        self.flush_out(cx);
        let mut written = 0;
        if self.outbox.is_none() && !self.dead {
            written = self.write_now(frame, cx);
        }
        if written < frame.len() && !self.dead {
            cx.tally.counters.queued_bytes.add((frame.len() - written) as u64);
            self.outbox.get_or_insert_default().push(frame.slice(written..), Kind::Kept);
        }
    }

    /// Writes what the turn has gathered for this connection; what the socket does not take waits.
    fn flush_out(&mut self, cx: &mut Cx) {
        if cx.out.is_empty() {
            return;
        }
        let out = std::mem::take(&mut cx.out);
        let written =
            if self.outbox.is_none() && !self.dead { self.write_now(&out, cx) } else { 0 };
        if written < out.len() && !self.dead {
            let rest = Bytes::copy_from_slice(&out[written..]);
            cx.tally.counters.queued_bytes.add(rest.len() as u64);
            self.outbox.get_or_insert_default().push(rest, Kind::Kept);
        }
        cx.out = out;
        cx.out.clear();
    }

    /// Writes until the transport takes no more; the bytes written.
    fn write_now(&mut self, bytes: &[u8], cx: &mut Cx) -> usize {
        let mut written = 0;
        while written < bytes.len() {
            cx.tally.counters.writes.add(1);
            match self.transport.write(&bytes[written..]) {
                Ok(0) => {
                    self.dead = true;
                    break;
                }
                Ok(n) => {
                    cx.tally.counters.bytes_out.add(n as u64);
                    written += n;
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(_) => {
                    self.dead = true;
                    break;
                }
            }
        }
        self.flush_stream();
        written
    }

    fn write_outbox(&mut self, cx: &mut Cx) {
        let Some(outbox) = &mut self.outbox else { return };
        while !outbox.is_empty() {
            let mut slices = [IoSlice::new(&[]); SLICES];
            let filled = outbox.slices(&mut slices);
            cx.tally.counters.writes.add(1);
            match self.transport.write_vectored(&slices[..filled]) {
                Ok(0) => {
                    self.dead = true;
                    return;
                }
                Ok(n) => {
                    cx.tally.counters.bytes_out.add(n as u64);
                    cx.tally.counters.queued_bytes.subtract(n as u64);
                    outbox.advance(n);
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => return,
                Err(_) => {
                    self.dead = true;
                    return;
                }
            }
        }
        self.outbox = None;
        self.flush_stream();
    }

    fn flush_stream(&mut self) {
        if matches!(self.transport, Transport::Stream(_))
            && let Err(error) = self.transport.flush()
            && error.kind() != ErrorKind::WouldBlock
        {
            self.dead = true;
        }
    }

    /// What it still had queued no longer counts.
    pub(super) fn forget(&mut self, cx: &mut Cx) {
        if let Some(outbox) = self.outbox.take() {
            cx.tally.counters.queued_bytes.subtract(outbox.bytes() as u64);
        }
    }
}

/// What a message counts for in the backlog: an empty one is not free.
fn cost(message: &Message<'_>) -> usize {
    message.len() + size_of::<Message<'_>>()
}
