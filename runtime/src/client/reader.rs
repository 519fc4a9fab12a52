//! The inside of a subscription: what the core tells a topic's subscribers, until somebody takes it.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use super::contract::{Received, Subscribe};
use super::core::Subscriber;
use super::inbox::{Inbox, Overflow};
use super::{ClientError, Gap};

/// The server's first confirmation, or why there is none.
type Confirmation<R> = Option<Result<R, ClientError>>;

pub(super) struct Reader<T: Subscribe> {
    pub(super) inbox: Inbox<T::Payload>,
    state: Mutex<State>,
    ready: watch::Sender<Confirmation<T::Reply>>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct State {
    is_active: bool,
    was_confirmed: bool,
    has_ended: bool,
}

impl<T: Subscribe> Reader<T> {
    pub(super) fn new(limit: usize, overflow: Overflow) -> Self {
        Self {
            inbox: Inbox::new(limit, overflow),
            state: Mutex::default(),
            ready: watch::Sender::new(None),
        }
    }

    pub(super) fn ready(&self) -> watch::Receiver<Confirmation<T::Reply>> {
        self.ready.subscribe()
    }

    pub(super) fn is_active(&self) -> bool {
        self.lock().is_active
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn settle(&self, outcome: Result<T::Reply, ClientError>) {
        self.ready.send_if_modified(|ready| {
            let is_first = ready.is_none();
            if is_first {
                *ready = Some(outcome);
            }
            is_first
        });
    }
}

impl<T: Subscribe> Subscriber<Received<T>> for Reader<T> {
    fn confirm(&self, reply: Option<&Received<T>>, gap: Option<Gap>) {
        let mut state = self.lock();
        if state.has_ended {
            return;
        }
        let was_confirmed = std::mem::replace(&mut state.was_confirmed, true);
        state.is_active = true;
        drop(state);
        self.settle(T::reply(reply.cloned()).ok_or_else(|| ClientError::Invalid {
            what: format!("the reply for a topic of {}", <T as Subscribe>::FAMILY.name),
            detail: "it is none of the subscribe operation's replies".to_owned(),
        }));
        // Who came while the connection was away misses nothing that it ever had.
        if let Some(gap) = gap.filter(|_| was_confirmed) {
            self.inbox.interrupt(gap);
        }
    }

    fn suspend(&self) {
        self.lock().is_active = false;
    }

    fn interrupt(&self, gap: Gap) {
        self.inbox.interrupt(gap);
    }

    fn push(&self, message: Received<T>) {
        if let Some(payload) = T::payload(message) {
            self.inbox.push(payload);
        }
    }

    fn end(&self, error: Option<ClientError>) {
        let mut state = self.lock();
        if std::mem::replace(&mut state.has_ended, true) {
            return;
        }
        state.is_active = false;
        drop(state);
        self.settle(Err(error.clone().unwrap_or(ClientError::Closed)));
        self.inbox.end(error);
    }

    fn is_pending(&self) -> bool {
        let state = self.lock();
        !state.is_active && !state.has_ended
    }
}
