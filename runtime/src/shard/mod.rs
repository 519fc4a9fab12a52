//! A shard: one thread that owns its sockets, and everything about their connections, without locks.
//!
//! ```text
//!   loop {
//!     sleep until a socket is ready, a command comes, or a deadline
//!     sockets:    read → frames → messages → service; replies leave in one write for each
//!     commands:   new connections, what session handles ask for, wakes; publishes are gathered
//!     fan-out:    what was gathered goes to its receivers, in one write for each; after a long one,
//!                 commands gather for a millisecond
//!     deadlines:  what is due at intervals, heartbeats, lifespans, the end of patience
//!     removal:    connections that are done
//!   }
//! ```
//!
//! A shard never waits for anything but the head of this loop: a socket that is not ready gets a
//! queue, a handler that is not done gets a place to wait.

mod connection;
mod connections;
mod deadlines;
mod fanout;
mod members;
mod pacing;
mod queue;

pub(crate) use self::members::{Members, MembershipId};
pub(crate) use self::queue::{Command, Leave, Rounds, ShardQueue, Token};

use self::{
    connection::{Connection, LinkParts, Parts},
    connections::Connections,
    deadlines::Deadlines,
    fanout::Fanout,
    pacing::Beats,
    queue::ConnectionWaker,
};
use crate::{
    clock::{Clock, Moment},
    close::CloseReason,
    frame::Scratch,
    hub::{Class, ConnectionSlot},
    metrics::ShardCounters,
    service::Subprotocol,
    session::{Channel, Core, SessionHandle, SessionId},
    shutdown::Spread,
    transport::{AnyStream, Stream, Transport},
};
use mio::{Events, Interest, Poll};
use std::{
    any::Any, collections::VecDeque, io::ErrorKind, net::SocketAddr, pin::Pin, sync::Arc,
    task::Waker, time::Duration,
};

/// A connection on its way to its shard.
pub(crate) struct NewConnection {
    pub(crate) io: NewTransport,
    /// What the HTTP layer read too far.
    pub(crate) leftover: Vec<u8>,
    pub(crate) id: SessionId,
    pub(crate) channel: Arc<Channel>,
    pub(crate) class: Class,
    pub(crate) subprotocol: Option<&'static Subprotocol>,
    pub(crate) remote: Option<SocketAddr>,
    pub(crate) query: Option<Box<str>>,
    pub(crate) state: Arc<dyn Any + Send + Sync>,
    pub(crate) slot: ConnectionSlot,
    /// Accepted only to be told why not.
    pub(crate) refusal: Option<CloseReason>,
}

pub(crate) enum NewTransport {
    Tcp(std::net::TcpStream),
    Stream(Pin<Box<dyn AnyStream>>),
}

/// What a connection needs of its shard.
pub(crate) struct Cx {
    /// Gathers what one connection sends; empty between two connections.
    pub(crate) out: Vec<u8>,
    pub(crate) members: Members,
    pub(crate) deadlines: Deadlines,
    pub(crate) beats: Beats,
    pub(crate) queue: Arc<ShardQueue>,
    /// Connections that are done.
    pub(crate) dead: Vec<Token>,
    /// Connections to be read again, though no event will say so.
    pub(crate) again: Vec<Token>,
    /// Set by a shutdown.
    pub(crate) leave: Option<Leave>,
    pub(crate) spread: Spread,
    pub(crate) tally: Tally,
    #[cfg(feature = "deflate")]
    pub(crate) deflaters: crate::deflate::Deflaters,
}

/// The part of it that is free while the members of a topic are being walked.
pub(crate) struct Tally {
    pub(crate) now: Moment,
    pub(crate) counters: Arc<ShardCounters>,
    /// Connections that have to settle when the walk is over.
    pub(crate) unsettled: Vec<Token>,
    pub(crate) messages_out: u64,
    pub(crate) bytes_out: u64,
    pub(crate) writes: u64,
}

impl Tally {
    /// Adds up what a walk has counted.
    fn count(&mut self) {
        self.counters.messages_out.add(std::mem::take(&mut self.messages_out));
        self.counters.bytes_out.add(std::mem::take(&mut self.bytes_out));
        self.counters.writes.add(std::mem::take(&mut self.writes));
    }
}

/// Settings of a shard.
#[derive(Clone, Debug)]
pub(crate) struct ShardOptions {
    pub(crate) index: usize,
    pub(crate) clock: Arc<dyn Clock>,
    #[cfg(feature = "deflate")]
    pub(crate) deflate: crate::deflate::DeflateOptions,
}

struct Shard {
    poll: Poll,
    options: ShardOptions,
    connections: Connections,
    fanout: Fanout,
    commands: VecDeque<Command>,
    buffer: Vec<u8>,
    scratch: Scratch,
    cx: Cx,
}

/// Bytes read at once. Shared by all connections of the shard.
const READ_BUFFER: usize = 64 * 1024;

const WAKER: mio::Token = mio::Token(usize::MAX);

/// Starts a shard's thread; gives the way into it.
///
/// # Errors
///
/// When the system has no more descriptors or threads.
pub(crate) fn start(
    options: ShardOptions,
    counters: Arc<ShardCounters>,
    runtime: tokio::runtime::Handle,
) -> std::io::Result<Arc<ShardQueue>> {
    let poll = Poll::new()?;
    let queue = Arc::new(ShardQueue::new(mio::Waker::new(poll.registry(), WAKER)?));
    if !options.clock.runs() {
        let queue = Arc::downgrade(&queue);
        options.clock.on_move(Arc::new(move || {
            if let Some(queue) = queue.upgrade() {
                queue.wake();
            }
        }));
    }
    let cx = Cx {
        out: Vec::new(),
        members: Members::new(options.index),
        deadlines: Deadlines::default(),
        beats: Beats::default(),
        queue: Arc::clone(&queue),
        dead: Vec::new(),
        again: Vec::new(),
        leave: None,
        spread: Spread::new(),
        tally: Tally {
            now: options.clock.now(),
            counters,
            unsettled: Vec::new(),
            messages_out: 0,
            bytes_out: 0,
            writes: 0,
        },
        #[cfg(feature = "deflate")]
        deflaters: crate::deflate::Deflaters::new(options.deflate),
    };
    let name = format!("asyncapi-ws-{}", options.index);
    std::thread::Builder::new().name(name).spawn(move || {
        // Handlers are polled here; what they spawn and the timers they make belong to the
        // application's runtime.
        let _entered = runtime.enter();
        let shard = Shard {
            poll,
            options,
            connections: Connections::default(),
            fanout: Fanout::default(),
            commands: VecDeque::new(),
            buffer: vec![0; READ_BUFFER],
            scratch: Scratch::default(),
            cx,
        };
        shard.run();
    })?;
    Ok(queue)
}

impl Shard {
    fn run(mut self) {
        let mut events = Events::with_capacity(1024);
        loop {
            let timeout = self.patience();
            if let Err(error) = self.poll.poll(&mut events, timeout)
                && error.kind() != ErrorKind::Interrupted
            {
                tracing::error!(%error, "shard cannot poll its sockets, its connections are lost");
                break;
            }
            self.cx.queue.woken();
            self.cx.tally.now = self.options.clock.now();
            for token in std::mem::take(&mut self.cx.again) {
                self.on_readable(token, false);
            }
            for event in &events {
                if event.token() != WAKER {
                    self.on_event(event);
                }
            }
            if self.rest().is_none() {
                if self.on_commands().is_break() {
                    break;
                }
                self.fanout.flush(&mut self.connections, &mut self.cx);
                self.settle_all();
            }
            self.on_deadlines();
            self.remove_dead();
        }
        for token in self.connections.tokens() {
            if let Some(mut connection) = self.connections.remove(token) {
                connection.drop_now(&mut self.cx);
                self.cx.tally.counters.open.subtract(1);
            }
        }
    }

    /// How long commands are still left to gather after a long fan-out. A clock that stands still knows no
    /// long ones.
    fn rest(&mut self) -> Option<Duration> {
        if self.options.clock.runs() { self.fanout.rest() } else { None }
    }

    /// How long the shard may sleep.
    fn patience(&mut self) -> Option<Duration> {
        if !self.cx.again.is_empty() {
            return Some(Duration::ZERO);
        }
        // It counts as awake meanwhile: nobody has to wake it. Asked once, as a rest may end between two looks
        // at the clock, and a shard that counts as awake must not sleep without end.
        if let Some(rest) = self.rest() {
            return Some(rest);
        }
        if !self.commands.is_empty() || !self.cx.queue.may_sleep() {
            return Some(Duration::ZERO);
        }
        let now = self.cx.tally.now;
        let next = [self.cx.deadlines.next(now), self.cx.beats.next(now)];
        let next = next.into_iter().flatten().min()?;
        if self.options.clock.runs() {
            // The poll counts in milliseconds; to wake a little late is better than to spin.
            Some(next + Duration::from_micros(999))
        } else if next.is_zero() {
            Some(Duration::ZERO)
        } else {
            None
        }
    }

    fn on_event(&mut self, event: &mio::event::Event) {
        let index = event.token().0 as u32;
        let Some(connection) = self.connections.at(index) else { return };
        let token = connection.token();
        if event.is_writable() {
            connection.on_writable(&mut self.cx);
        }
        if event.is_readable() || event.is_read_closed() || event.is_error() {
            self.on_readable(token, event.is_read_closed() || event.is_error());
        }
    }

    fn on_readable(&mut self, token: Token, last: bool) {
        if let Some(connection) = self.connections.get(token)
            && !connection.is_dead()
        {
            connection.on_readable(last, &mut self.buffer, &mut self.scratch, &mut self.cx);
        }
    }

    fn on_commands(&mut self) -> std::ops::ControlFlow<()> {
        self.cx.queue.take(&mut self.commands);
        while !self.fanout.is_full() {
            let Some(command) = self.commands.pop_front() else { break };
            if let Command::Publish(topic, message) = command {
                self.cx.queue.published(message.bytes());
                if let Some(local) = topic.local(self.options.index) {
                    self.fanout.push(local, message);
                }
                continue;
            }
            // Anything else may change who gets what was published before.
            self.fanout.flush(&mut self.connections, &mut self.cx);
            self.settle_all();
            match command {
                Command::Publish(..) => {}
                Command::Open(new) => self.open(*new),
                Command::Operation(token, operation) => {
                    if let Some(connection) = self.connections.get(token)
                        && !connection.is_dead()
                    {
                        connection.on_operation(operation, &mut self.cx);
                    }
                }
                Command::Close(token, reason, parting) => {
                    if let Some(connection) = self.connections.get(token)
                        && !connection.is_dead()
                    {
                        connection.on_close(&reason, parting, &mut self.cx);
                    }
                }
                Command::Session(token) => {
                    if let Some(connection) = self.connections.get(token)
                        && !connection.is_dead()
                    {
                        connection.on_operations(&mut self.cx);
                    }
                }
                Command::Wake(token) => {
                    if let Some(connection) = self.connections.get(token)
                        && !connection.is_dead()
                    {
                        connection.on_wake(&mut self.buffer, &mut self.scratch, &mut self.cx);
                    }
                }
                Command::Each(visit) => {
                    for token in self.connections.tokens() {
                        if let Some(connection) = self.connections.get(token) {
                            connection.visit(&*visit, &mut self.cx);
                        }
                    }
                }
                Command::ShutDown(leave) => self.shut_down(leave),
                Command::DropAll => self.drop_all(),
                Command::Barrier(done, rounds) => {
                    // The clock may have been moved after this turn began and before the push.
                    self.cx.tally.now = self.options.clock.now();
                    self.on_deadlines();
                    self.remove_dead();
                    match rounds {
                        Rounds::Again => self.cx.queue.push(Command::Barrier(done, Rounds::Last)),
                        Rounds::Last => done(),
                    }
                }
                Command::Stop => return std::ops::ControlFlow::Break(()),
            }
        }
        std::ops::ControlFlow::Continue(())
    }

    fn open(&mut self, new: NewConnection) {
        let token = self.connections.reserve();
        let now = self.cx.tally.now;
        let (transport, waker) = match new.io {
            NewTransport::Tcp(socket) => {
                let mut socket = mio::net::TcpStream::from_std(socket);
                let interest = Interest::READABLE | Interest::WRITABLE;
                let place = mio::Token(token.index as usize);
                if let Err(error) = self.poll.registry().register(&mut socket, place, interest) {
                    tracing::warn!(%error, "connection dropped: its socket cannot be polled");
                    self.connections.release(token);
                    return;
                }
                (Transport::Tcp(socket), None)
            }
            NewTransport::Stream(io) => {
                let waker = Arc::new(ConnectionWaker::new(Arc::clone(&self.cx.queue), token));
                let stream = Stream::new(io, Waker::from(Arc::clone(&waker)));
                (Transport::Stream(Box::new(stream)), Some(waker))
            }
        };
        let closes =
            new.subprotocol.map_or(crate::close::Closes::Plain, |subprotocol| subprotocol.closes);
        let core = Core::new(
            &new.channel.settings,
            closes,
            new.class.window().is_some(),
            now,
            fastrand::f64(),
        );
        let handle = SessionHandle::new(
            new.id,
            token,
            self.options.index,
            new.class,
            new.remote,
            new.subprotocol,
            new.query,
            new.state,
            new.channel,
            Arc::clone(&self.cx.queue),
        );
        let link = LinkParts { transport, handle, token, waker, slot: new.slot };
        let parts = Parts { core, link };
        self.connections.insert(Connection::new(parts));
        let Some(connection) = self.connections.get(token) else { return };
        self.cx.tally.counters.open.add(1);
        self.cx.tally.counters.total.add(1);
        let mut leftover = new.leftover;
        match &new.refusal {
            Some(reason) => connection.refuse(reason, &mut self.cx),
            None => connection.open(&mut leftover, &mut self.scratch, &mut self.cx),
        }
        if let Some(leave) = self.cx.leave {
            connection.shut_down_at(leave.from + leave.window, &mut self.cx);
        }
        // A stream tells nobody that it is readable before it was asked.
        if matches!(connection.transport_mut(), Transport::Stream(_)) {
            self.on_readable(token, false);
        }
    }

    fn shut_down(&mut self, leave: Leave) {
        self.cx.leave = Some(leave);
        for token in self.connections.tokens() {
            let share = self.cx.spread.next().0;
            if let Some(connection) = self.connections.get(token) {
                let at = leave.from + leave.window.mul_f64(share);
                connection.shut_down_at(at, &mut self.cx);
            }
        }
    }

    fn drop_all(&mut self) {
        for token in self.connections.tokens() {
            if let Some(connection) = self.connections.get(token) {
                connection.drop_now(&mut self.cx);
                self.cx.dead.push(token);
            }
        }
    }

    /// Connections that a walk over a topic's members left with something to do.
    fn settle_all(&mut self) {
        while let Some(token) = self.cx.tally.unsettled.pop() {
            if let Some(connection) = self.connections.get(token) {
                connection.settle(&mut self.cx);
            }
        }
    }

    fn on_deadlines(&mut self) {
        pacing::beat(&mut self.connections, &mut self.cx);
        self.settle_all();
        while let Some((token, at)) = self.cx.deadlines.pop(self.cx.tally.now) {
            if let Some(connection) = self.connections.get(token)
                && !connection.is_dead()
            {
                connection.on_deadline(at, &mut self.buffer, &mut self.scratch, &mut self.cx);
            }
        }
    }

    fn remove_dead(&mut self) {
        while let Some(token) = self.cx.dead.pop() {
            if let Some(mut connection) = self.connections.remove(token) {
                connection.link_mut().forget(&mut self.cx);
                drop(connection);
                self.connections.release(token);
                self.cx.tally.counters.open.subtract(1);
            }
        }
    }
}
