//! A connection's requests: one at a time, in order, and what handles ask for in between.

use super::{
    super::{Cx, queue::ConnectionWaker},
    link::{Link, Subscription},
};
use crate::{
    clock::Moment,
    close::{CloseReason, Closes, Situation, plain},
    codec::Codec,
    service::{Inbound, OperationInfo, Outgoing, Rejection, Work},
    session::{Message, NewSubscription, Operation, Path, Start, Verdict},
};
use std::{
    collections::VecDeque,
    future::Future,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, Waker},
};

/// A request that is not answered yet, and what came after it.
#[derive(Default)]
pub(super) struct Waiting {
    pub(super) request: Option<Request>,
    /// Subscriptions that begin after the reply.
    pub(super) deferred: Vec<NewSubscription>,
    pub(super) backlog: VecDeque<Message<'static>>,
    pub(super) backlog_bytes: usize,
}

/// A handler at work.
pub(super) struct Request {
    future: Pin<Box<dyn Future<Output = Option<Outgoing>> + Send>>,
    operation: &'static OperationInfo,
    span: tracing::Span,
    /// When it has taken too long.
    due: Moment,
}

/// What the connection does after a message or an operation.
pub(super) enum Outcome {
    GoOn,
    Close(CloseReason),
    Reject(Rejection),
}

impl Link {
    /// Whether a request is not answered yet.
    pub(super) fn is_working(&self) -> bool {
        self.waiting.as_ref().is_some_and(|waiting| waiting.request.is_some())
    }

    /// When the request under way has taken too long; never once its session's end is decided.
    pub(super) fn overdue_at(&self) -> Moment {
        if self.parting {
            return Moment::MAX;
        }
        let request = self.waiting.as_ref().and_then(|waiting| waiting.request.as_ref());
        request.map_or(Moment::MAX, |request| request.due)
    }

    /// Whether all that was read is answered.
    pub(super) fn is_done(&self) -> bool {
        self.waiting.is_none() && self.raw.is_empty()
    }

    pub(super) fn backlog_is_full(&self) -> bool {
        self.waiting.as_ref().is_some_and(|waiting| {
            waiting.request.is_some()
                && waiting.backlog_bytes >= self.handle.channel().settings.limits.backlog_bytes
        })
    }

    pub(super) fn on_message(&mut self, message: Message<'_>, cx: &mut Cx) -> Outcome {
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
    pub(super) fn serve(&mut self, message: Inbound<'_>, cx: &mut Cx) -> Outcome {
        match (self.class.codec(), message) {
            (Codec::Json, Inbound::Text(_))
            | (Codec::MessagePack, Inbound::Binary(_))
            | (Codec::Raw, _) => {}
            _ => {
                return Outcome::Close(match self.handle.closes() {
                    Closes::Plain => plain::WRONG_FRAME,
                    Closes::Declared => self.reason(Situation::Undecodable),
                });
            }
        }
        if let Some(rate) = self.handle.channel().settings.limits.rate {
            match self.allowance.take(rate, cx.tally.now) {
                Verdict::Allowed => {}
                Verdict::Refused => return self.refuse(message, cx),
                Verdict::Closed => return Outcome::Close(self.reason(Situation::Rate)),
            }
        }
        let limit = self.handle.channel().settings.limits.json_depth;
        if self.class.codec().exceeds_depth(message.as_bytes(), limit) {
            let detail = format!("nesting exceeds max_json_depth {limit}");
            return Outcome::Reject(Rejection::Undecodable { detail });
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
                    let operation = dispatched.operation;
                    let deadline = self.handle.channel().settings.deadline;
                    self.waiting.get_or_insert_default().request = Some(Request {
                        future,
                        operation,
                        span: tracing::debug_span!(
                            parent: &self.span,
                            "operation",
                            name = operation.name(),
                        ),
                        due: deadline.map_or(Moment::MAX, |deadline| cx.tally.now + deadline),
                    });
                    self.poll_work(cx)
                }
            },
        }
    }

    /// Tells the client that it sends too much, where the service has a reply for that.
    fn refuse(&mut self, message: Inbound<'_>, cx: &mut Cx) -> Outcome {
        let Self { handle, span, .. } = self;
        let reply = catch_unwind(AssertUnwindSafe(|| {
            span.in_scope(|| handle.channel().service.limited(handle, message))
        }));
        match reply {
            Ok(Some(reply)) => {
                self.emit(&reply, cx);
                Outcome::GoOn
            }
            Ok(None) => Outcome::Close(self.reason(Situation::Rate)),
            Err(_) => panicked(cx),
        }
    }

    fn reason(&self, situation: Situation) -> CloseReason {
        self.handle.channel().settings.reason(self.handle.closes(), situation)
    }

    /// Polls the handler that the connection waits for.
    pub(super) fn poll_work(&mut self, cx: &mut Cx) -> Outcome {
        let waker = Waker::from(Arc::clone(self.waker.get_or_insert_with(|| {
            Arc::new(ConnectionWaker::new(Arc::clone(&cx.queue), self.token))
        })));
        let Some(Waiting { request: Some(request), .. }) = self.waiting.as_deref_mut() else {
            return Outcome::GoOn;
        };
        self.handle.attend();
        let Request { future, span, .. } = request;
        let polled = catch_unwind(AssertUnwindSafe(|| {
            span.in_scope(|| future.as_mut().poll(&mut Context::from_waker(&waker)))
        }));
        match polled {
            Err(_) => panicked(cx),
            Ok(Poll::Pending) => self.apply_operations(cx),
            Ok(Poll::Ready(reply)) => self.finish(reply, cx),
        }
    }

    /// The request under way has taken too long: it may still refuse, at once.
    pub(super) fn overdue(&mut self, cx: &mut Cx) -> Outcome {
        self.handle.set_overdue(true);
        let outcome = self.poll_work(cx);
        self.handle.set_overdue(false);
        let waiting = self.waiting.as_ref().and_then(|waiting| waiting.request.as_ref());
        match (outcome, waiting) {
            (Outcome::GoOn, Some(request)) => {
                let _entered = request.span.enter();
                let operation = request.operation.name();
                tracing::error!(
                    operation,
                    "handler passed the deadline; its session is closed with 1011"
                );
                Outcome::Close(CloseReason::INTERNAL)
            }
            (outcome, _) => outcome,
        }
    }

    /// A request is done: sends and unsubscribes in order, then the reply, then subscribes.
    pub(super) fn finish(&mut self, reply: Option<Outgoing>, cx: &mut Cx) -> Outcome {
        let mut deferred = Vec::new();
        if let Some(waiting) = &mut self.waiting {
            waiting.request = None;
            deferred = std::mem::take(&mut waiting.deferred);
            if waiting.backlog.is_empty() {
                self.waiting = None;
            }
        }
        let outcome = self.apply(self.handle.take(Path::Queue), Some(&mut deferred), cx);
        if let Some(reply) = reply {
            self.emit(&reply, cx);
        }
        for subscription in deferred {
            self.join(subscription, cx);
        }
        outcome
    }

    /// Does what was asked for so far in a request that waits.
    pub(super) fn apply_operations(&mut self, cx: &mut Cx) -> Outcome {
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

    pub(super) fn apply(
        &mut self,
        operations: Vec<Operation>,
        mut deferred: Option<&mut Vec<NewSubscription>>,
        cx: &mut Cx,
    ) -> Outcome {
        let mut outcome = Outcome::GoOn;
        for operation in operations {
            match operation {
                Operation::Send(message) => {
                    self.handle.sent(message.0.len());
                    // What is sent after a close goes nowhere.
                    if matches!(outcome, Outcome::GoOn) && !self.parting {
                        self.emit(&message, cx);
                    }
                }
                Operation::Subscribe(subscription) => match deferred.as_deref_mut() {
                    Some(deferred) => deferred.push(subscription),
                    None => self.join(subscription, cx),
                },
                Operation::Unsubscribe(serial) => {
                    let staged = deferred.as_deref_mut().and_then(|deferred| {
                        let found = deferred.iter().position(|of| of.serial == serial);
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

    /// Drops what was asked for too late.
    pub(super) fn discard(&mut self, operation: Operation) {
        if let Operation::Send(message) = operation {
            self.handle.sent(message.0.len());
        }
    }

    /// Adds the session to the topic's receivers, after what the topic remembers for it.
    fn join(&mut self, subscription: NewSubscription, cx: &mut Cx) {
        let NewSubscription { mut interest, serial, start, interval } = subscription;
        if let Some(at) = self.overtaken.iter().position(|of| *of == serial) {
            self.overtaken.swap_remove(at);
            return;
        }
        let mut from = 0;
        if let Start::After(after) = start {
            let (missed, last) =
                interest.topic().log().as_ref().map_or((Vec::new(), 0), |log| log.after(after));
            from = last;
            for message in missed {
                if let Some(frame) = message.frame(self.class) {
                    cx.tally.counters.messages_out.add(1);
                    self.emit_bytes(frame, cx);
                }
            }
        }
        let membership = cx.members.add(interest.topic(), self.token.index, from, interval);
        interest.subscribed();
        self.subscriptions.push(Subscription { serial, membership, interest });
    }

    fn leave(&mut self, serial: u32, cx: &mut Cx) {
        match self.subscriptions.iter().position(|subscription| subscription.serial == serial) {
            Some(at) => {
                let gone = self.subscriptions.swap_remove(at);
                if let Some(outbox) = &mut self.outbox {
                    outbox.keep_topic(cx.members.topic(&gone.membership));
                }
                cx.members.remove(gone.membership);
            }
            // Asked for in a request, while the subscribe from outside is still in the queue.
            None => self.overtaken.push(serial),
        }
    }
}

pub(super) fn panicked(cx: &mut Cx) -> Outcome {
    cx.tally.counters.panics.add(1);
    tracing::error!("handler panicked; its session is closed with 1011");
    Outcome::Close(CloseReason::INTERNAL)
}

/// What a message counts for in the backlog: an empty one is not free.
pub(super) fn cost(message: &Message<'_>) -> usize {
    message.len() + size_of::<Message<'_>>()
}
