//! What waits for a consumer: payloads, and where some may be missing. Bounded: a consumer that lags
//! loses the oldest and is told how many.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Instant;

use super::ClientError;

/// What comes on a subscription, in order.
#[derive(Clone, Debug, PartialEq)]
pub enum Delivery<P> {
    /// A payload.
    Payload(P),
    /// Payloads may be missing here.
    Gap(Gap),
    /// This consumer was too slow: so many payloads are missing here.
    Dropped(u64),
}

/// Where payloads may be missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    /// Why.
    pub reason: GapReason,
    /// When the gap began; for [`GapReason::Dropped`], when it was told.
    pub since: Instant,
}

/// Why payloads may be missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GapReason {
    /// The connection was away.
    Reconnect,
    /// The server left payloads out.
    Dropped,
}

/// What gives way in a full inbox.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Overflow {
    /// The oldest payload.
    #[default]
    DropOldest,
    /// All that waits, so that a consumer that fell behind goes on with the newest.
    Conflate,
}

/// What waits for one consumer.
#[derive(Debug)]
pub(crate) struct Inbox<P> {
    state: Mutex<State<P>>,
}

#[derive(Debug)]
struct State<P> {
    items: VecDeque<Delivery<P>>,
    limit: usize,
    overflow: Overflow,
    /// What was taken from the front and not yet told.
    gap: Option<Gap>,
    dropped: u64,
    end: Option<Option<ClientError>>,
    waker: Option<Waker>,
}

impl<P> Inbox<P> {
    pub(crate) fn new(limit: usize, overflow: Overflow) -> Self {
        Self {
            state: Mutex::new(State {
                items: VecDeque::new(),
                limit: limit.max(1),
                overflow,
                gap: None,
                dropped: 0,
                end: None,
                waker: None,
            }),
        }
    }

    pub(crate) fn push(&self, payload: P) {
        let mut state = self.lock();
        if state.end.is_some() {
            return;
        }
        if state.items.len() >= state.limit {
            let leaving = match state.overflow {
                Overflow::DropOldest => 1,
                Overflow::Conflate => state.items.len(),
            };
            for _ in 0..leaving {
                match state.items.pop_front() {
                    Some(Delivery::Payload(_)) => state.dropped += 1,
                    Some(Delivery::Gap(gap)) => {
                        state.gap.get_or_insert(gap);
                    }
                    Some(Delivery::Dropped(_)) | None => {}
                }
            }
        }
        state.items.push_back(Delivery::Payload(payload));
        wake(state);
    }

    /// Payloads may be missing from here on.
    pub(crate) fn interrupt(&self, gap: Gap) {
        let mut state = self.lock();
        if state.end.is_some() || matches!(state.items.back(), Some(Delivery::Gap(_))) {
            return;
        }
        state.items.push_back(Delivery::Gap(gap));
        wake(state);
    }

    /// No more will come. What waits is still handed out, then the error.
    pub(crate) fn end(&self, error: Option<ClientError>) {
        let mut state = self.lock();
        if state.end.is_none() {
            state.end = Some(error);
            wake(state);
        }
    }

    pub(crate) fn poll(
        &self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Delivery<P>, ClientError>>> {
        let mut state = self.lock();
        if let Some(delivery) = state.take() {
            return Poll::Ready(Some(Ok(delivery)));
        }
        match &mut state.end {
            // The error is told once.
            Some(error) => Poll::Ready(error.take().map(Err)),
            None => {
                state.waker = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, State<P>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<P> State<P> {
    fn take(&mut self) -> Option<Delivery<P>> {
        if let Some(gap) = self.gap.take() {
            return Some(Delivery::Gap(gap));
        }
        if self.dropped > 0 {
            return Some(Delivery::Dropped(std::mem::take(&mut self.dropped)));
        }
        self.items.pop_front()
    }
}

/// Wakes the consumer after the lock was given back.
fn wake<P>(mut state: MutexGuard<'_, State<P>>) {
    let waker = state.waker.take();
    drop(state);
    if let Some(waker) = waker {
        waker.wake();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(inbox: &Inbox<u32>) -> Vec<Delivery<u32>> {
        let mut context = Context::from_waker(Waker::noop());
        let mut all = Vec::new();
        while let Poll::Ready(Some(Ok(delivery))) = inbox.poll(&mut context) {
            all.push(delivery);
        }
        all
    }

    #[test]
    fn a_consumer_that_lags_loses_the_oldest_and_is_told_how_many() {
        let inbox = Inbox::new(2, Overflow::DropOldest);
        (0..5).for_each(|payload| inbox.push(payload));
        let left = [3, 4].map(Delivery::Payload);
        assert_eq!(all(&inbox), [&[Delivery::Dropped(3)], &left[..]].concat());
    }

    #[test]
    fn a_conflating_consumer_goes_on_with_the_newest() {
        let inbox = Inbox::new(2, Overflow::Conflate);
        (0..5).for_each(|payload| inbox.push(payload));
        assert_eq!(all(&inbox), [Delivery::Dropped(4), Delivery::Payload(4)]);
    }

    #[test]
    fn a_gap_stands_where_payloads_may_be_missing_and_outlives_what_is_dropped() {
        let gap = Gap { reason: GapReason::Reconnect, since: Instant::now() };
        let inbox = Inbox::new(2, Overflow::DropOldest);
        inbox.push(0);
        inbox.interrupt(gap);
        inbox.interrupt(gap);
        assert_eq!(all(&inbox), [Delivery::Payload(0), Delivery::Gap(gap)]);
        inbox.interrupt(gap);
        (1..4).for_each(|payload| inbox.push(payload));
        let expected =
            [Delivery::Gap(gap), Delivery::Dropped(1), Delivery::Payload(2), Delivery::Payload(3)];
        assert_eq!(all(&inbox), expected);
    }

    #[test]
    fn what_waits_is_handed_out_before_the_end_and_the_error_once() {
        let inbox = Inbox::new(2, Overflow::DropOldest);
        inbox.push(0);
        inbox.end(Some(ClientError::Closed));
        inbox.push(1);
        let mut context = Context::from_waker(Waker::noop());
        assert_eq!(inbox.poll(&mut context), Poll::Ready(Some(Ok(Delivery::Payload(0)))));
        assert_eq!(inbox.poll(&mut context), Poll::Ready(Some(Err(ClientError::Closed))));
        assert_eq!(inbox.poll(&mut context), Poll::Ready(None));
    }
}
