//! All of a connection but its protocol state, and how bytes leave it.

use super::{
    super::{Cx, MembershipId, Token, queue::ConnectionWaker},
    requests::Waiting,
};
use crate::{
    clock::Moment,
    hub::{Class, ConnectionSlot, Interest},
    service::{Dropped, Outgoing},
    session::{Allowance, Outbox, SLICES, SessionHandle},
    transport::Transport,
};
use bytes::Bytes;
use std::{
    io::{ErrorKind, IoSlice},
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

/// All of a connection but its protocol state; apart, because a message borrows that state while
/// the rest works on it.
#[repr(C)]
pub(crate) struct Link {
    pub(super) transport: Transport,
    /// Only while the socket does not take what it should.
    pub(super) outbox: Option<Box<Outbox>>,
    pub(super) class: Class,
    /// The transport has ended or failed, or nothing is left to say.
    pub(super) dead: bool,
    /// The service was told of the session, and is to be told of its end.
    pub(super) introduced: bool,
    /// Input may be there that was not read, because something has to happen first.
    pub(super) unread: bool,
    pub(super) writing_shut: bool,
    /// Its end was decided on and is on its way through the shard's queue.
    pub(super) parting: bool,
    pub(super) leaving: Leaving,
    /// Which turn's fan-out touched the connection last, and with which run.
    pub(crate) turn: u32,
    pub(crate) run: u32,
    pub(super) token: Token,
    pub(super) armed: Moment,
    pub(super) handle: SessionHandle,
    /// Only while a request waits.
    pub(super) waiting: Option<Box<Waiting>>,
    pub(super) waker: Option<Arc<ConnectionWaker>>,
    pub(super) subscriptions: Vec<Subscription>,
    /// Bytes that were read but not looked at, because something has to happen first.
    pub(super) raw: Vec<u8>,
    /// Subscriptions that were ended before the shard heard of them.
    pub(super) overtaken: Vec<u32>,
    pub(super) allowance: Allowance,
    pub(super) span: tracing::Span,
    _slot: ConnectionSlot,
}

/// How far a connection has come with leaving because the server shuts down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Leaving {
    No,
    /// What the client has sent so far is being read.
    LastRead,
    /// Nothing is read any more; what was read is answered, then comes the close.
    Answering,
}

pub(super) struct Subscription {
    pub(super) serial: u32,
    pub(super) membership: MembershipId,
    pub(super) interest: Interest,
}

/// What a new connection's link is made of.
pub(crate) struct LinkParts {
    pub(crate) transport: Transport,
    pub(crate) handle: SessionHandle,
    pub(crate) token: Token,
    pub(crate) waker: Option<Arc<ConnectionWaker>>,
    pub(crate) slot: ConnectionSlot,
}

/// A reply of more than this is not joined with others but written from where it lies, in bytes.
const JOINED: usize = 16 * 1024;

impl Link {
    pub(super) fn new(parts: LinkParts) -> Self {
        let LinkParts { transport, handle, token, waker, slot } = parts;
        let span = tracing::debug_span!(
            "session",
            id = %handle.id(),
            channel = handle.channel().service.channel().name(),
            remote = handle.remote_address().map(tracing::field::display),
            subprotocol = handle.subprotocol().map(|subprotocol| subprotocol.name),
        );
        let class = handle.class();
        Self {
            transport,
            handle,
            class,
            outbox: None,
            waiting: None,
            raw: Vec::new(),
            subscriptions: Vec::new(),
            overtaken: Vec::new(),
            allowance: Allowance::new(),
            token,
            armed: Moment::MAX,
            waker,
            introduced: false,
            unread: false,
            dead: false,
            writing_shut: false,
            parting: false,
            leaving: Leaving::No,
            turn: 0,
            run: 0,
            span,
            _slot: slot,
        }
    }

    pub(super) fn queued(&self) -> usize {
        self.outbox.as_ref().map_or(0, |outbox| outbox.bytes())
    }

    pub(super) fn is_clogged(&self, cx: &Cx) -> bool {
        self.outbox.is_some()
            && self.queued() + cx.out.len() > self.handle.channel().settings.limits.queue_bytes / 2
    }

    /// Sends a message to this client: joined with the others of this turn if it is small.
    pub(super) fn emit(&mut self, message: &Outgoing, cx: &mut Cx) {
        cx.tally.counters.messages_out.add(1);
        #[cfg(feature = "deflate")]
        if let Some(window) = self.class.window()
            && let Some(compressed) = cx.deflaters.frame(window, &message.0)
        {
            return self.emit_bytes(&compressed, cx);
        }
        self.emit_bytes(message.0.bytes(), cx);
    }

    pub(super) fn emit_bytes(&mut self, frame: &Bytes, cx: &mut Cx) {
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
            self.outbox.get_or_insert_default().keep(frame.slice(written..));
        }
    }

    /// Writes what the turn has gathered for this connection; what the socket does not take waits.
    pub(super) fn flush_out(&mut self, cx: &mut Cx) {
        if cx.out.is_empty() {
            return;
        }
        let out = std::mem::take(&mut cx.out);
        let written =
            if self.outbox.is_none() && !self.dead { self.write_now(&out, cx) } else { 0 };
        if written < out.len() && !self.dead {
            let rest = Bytes::copy_from_slice(&out[written..]);
            cx.tally.counters.queued_bytes.add(rest.len() as u64);
            self.outbox.get_or_insert_default().keep(rest);
        }
        cx.out = out;
        cx.out.clear();
    }

    /// Writes until the transport takes no more; the bytes written.
    pub(super) fn write_now(&mut self, bytes: &[u8], cx: &mut Cx) -> usize {
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

    pub(super) fn write_outbox(&mut self, cx: &mut Cx) {
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
        let dropped = outbox.take_dropped();
        self.outbox = None;
        self.flush_stream();
        self.tell(&dropped, cx);
    }

    /// Tells the client what it missed, where the service has a message for that.
    pub(super) fn tell(&mut self, dropped: &[(u32, u64)], cx: &mut Cx) {
        let topics: Vec<Dropped> = dropped
            .iter()
            .filter_map(|(topic, messages)| {
                let of = |sub: &&Subscription| cx.members.topic(&sub.membership) == *topic;
                let subscription = self.subscriptions.iter().find(of)?;
                let topic = Arc::clone(subscription.interest.topic().name());
                Some(Dropped { topic, messages: *messages })
            })
            .collect();
        if topics.is_empty() || !self.introduced {
            return;
        }
        let Self { handle, span, .. } = self;
        let notices = catch_unwind(AssertUnwindSafe(|| {
            span.in_scope(|| handle.channel().service.dropped(handle, &topics))
        }));
        match notices {
            Ok(notices) => notices.iter().for_each(|notice| self.emit(notice, cx)),
            Err(_) => cx.tally.counters.panics.add(1),
        }
    }

    pub(super) fn flush_stream(&mut self) {
        if matches!(self.transport, Transport::Stream(_))
            && let Err(error) = self.transport.flush()
            && error.kind() != ErrorKind::WouldBlock
        {
            self.dead = true;
        }
    }

    /// What it still had queued no longer counts.
    pub(crate) fn forget(&mut self, cx: &mut Cx) {
        if let Some(outbox) = self.outbox.take() {
            cx.tally.counters.queued_bytes.subtract(outbox.bytes() as u64);
        }
    }
}
