//! Tells the application when a topic gets its first subscriber and when it has lost its last, so
//! that a feed runs only while somebody listens.
//!
//! Sessions come and go on many threads; one task looks at each topic that changed, as it is then,
//! and calls the hooks. So the calls for a topic alternate, whatever the race was.

use super::TopicTable;
use crate::clock::{Clock, Moment};
use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::sync::Notify;

/// Hooks on a topic's life. Called one at a time, in order, and not on a shard; what takes long
/// should be spawned.
pub trait TopicHooks: Send + Sync + 'static {
    /// The topic has a subscriber now and had none before.
    fn active(&self, topic: &str) {
        let _ = topic;
    }

    /// The topic has had no subscriber for the debounce time.
    fn idle(&self, topic: &str) {
        let _ = topic;
    }
}

impl<T: TopicHooks + ?Sized> TopicHooks for Arc<T> {
    fn active(&self, topic: &str) {
        (**self).active(topic);
    }

    fn idle(&self, topic: &str) {
        (**self).idle(topic);
    }
}

/// Topics whose first interest came or whose last went since somebody looked; a topic stands here
/// once, however often that happens.
#[derive(Debug, Default)]
pub(super) struct Changes {
    topics: Mutex<HashSet<Arc<str>>>,
    some: Notify,
}

impl Changes {
    pub(super) fn note(&self, topic: &Arc<str>) {
        self.topics.lock().unwrap_or_else(PoisonError::into_inner).insert(Arc::clone(topic));
        self.some.notify_one();
    }

    fn take(&self) -> HashSet<Arc<str>> {
        std::mem::take(&mut *self.topics.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

pub(super) struct Watch {
    pub(super) hooks: Box<dyn TopicHooks>,
    /// How long a topic must be without subscribers before it counts as idle.
    pub(super) debounce: Duration,
    pub(super) table: std::sync::Weak<TopicTable>,
    pub(super) clock: Arc<dyn Clock>,
}

impl Watch {
    /// Runs until the hub is gone.
    pub(super) async fn run(self, changes: Arc<Changes>) {
        let moved = Arc::new(Notify::new());
        if !self.clock.runs() {
            let moved = Arc::clone(&moved);
            self.clock.on_move(Arc::new(move || moved.notify_one()));
        }
        // Topics that are active, and when they will count as idle unless somebody comes.
        let mut active: HashMap<Arc<str>, Option<Moment>> = HashMap::new();
        loop {
            let now = self.clock.now();
            let next = active.values().flatten().min().copied();
            let wait = async {
                match next {
                    Some(next) if self.clock.runs() => tokio::time::sleep(next.since(now)).await,
                    _ => std::future::pending().await,
                }
            };
            tokio::select! {
                () = changes.some.notified() => {}
                () = wait => {}
                () = moved.notified() => {}
            }
            let Some(table) = self.table.upgrade() else { return };
            let now = self.clock.now();
            for topic in changes.take() {
                match (active.get_mut(&topic), table.has_interest(&topic)) {
                    (None, true) => {
                        self.hooks.active(&topic);
                        active.insert(topic, None);
                    }
                    (Some(idle_at), wanted) => {
                        *idle_at = (!wanted).then(|| now + self.debounce);
                    }
                    (None, false) => {}
                }
            }
            active.retain(|topic, idle_at| {
                let idle = idle_at.is_some_and(|at| at <= now) && !table.has_interest(topic);
                if idle {
                    self.hooks.idle(topic);
                }
                !idle
            });
        }
    }
}
