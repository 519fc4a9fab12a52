//! Time that stands still until a test moves it.

use crate::{
    clock::{Clock, Moment},
    hub::Hub,
};
use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

/// A clock for [`HubOptions::clock`](crate::hub::HubOptions): heartbeats, lifespans and time-outs
/// of the engine happen when [`FakeClock::advance`] says so, and at once. Clones are the same
/// clock.
#[derive(Clone, Default)]
pub struct FakeClock(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    now: Moment,
    wakes: Vec<Arc<dyn Fn() + Send + Sync>>,
}

impl FakeClock {
    /// A clock that shows zero.
    pub fn new() -> Self {
        Self::default()
    }

    /// Moves the clock, and waits until the hub's shards have done what became due.
    pub async fn advance(&self, by: Duration, hub: &Hub) {
        let wakes = {
            let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            state.now = state.now + by;
            state.wakes.clone()
        };
        wakes.iter().for_each(|wake| wake());
        hub.settled().await;
    }
}

impl Clock for FakeClock {
    fn now(&self) -> Moment {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).now
    }

    fn runs(&self) -> bool {
        false
    }

    fn on_move(&self, wake: Arc<dyn Fn() + Send + Sync>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).wakes.push(wake);
    }
}

impl fmt::Debug for FakeClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("FakeClock").field(&self.now()).finish()
    }
}
