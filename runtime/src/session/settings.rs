//! What all sessions of a channel have in common.

use crate::{
    close::{CloseReason, CloseTable, Closes, Situation, plain},
    hub::Hub,
    limits::Limits,
    service::Service,
};
use std::{any::Any, sync::Arc, time::Duration};

/// A channel that is being served: its service, its settings, and the hub it publishes through.
pub(crate) struct Channel {
    pub(crate) service: Arc<dyn Service>,
    pub(crate) settings: Settings,
    pub(crate) hub: Hub,
    /// What the typed layer keeps for the channel.
    pub(crate) layers: Option<Arc<dyn Any + Send + Sync>>,
}

impl std::fmt::Debug for Channel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Channel")
            .field("name", &self.service.channel().name)
            .finish_non_exhaustive()
    }
}

/// The rules of a session's life.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) heartbeat: Option<Duration>,
    pub(crate) lifespan: Option<Duration>,
    /// How long a handler may take.
    pub(crate) deadline: Option<Duration>,
    pub(crate) closes: CloseTable,
    pub(crate) limits: Limits,
}

impl Settings {
    /// What a client of this kind is told in this situation.
    pub(crate) fn reason(&self, closes: Closes, situation: Situation) -> CloseReason {
        match (closes, situation) {
            (Closes::Declared, _) => self.closes.reason(situation),
            (Closes::Plain, Situation::Heartbeat | Situation::Lifespan) => {
                plain::timed_out(self.heartbeat, self.lifespan)
            }
            (Closes::Plain, _) => plain::reason(situation),
        }
    }
}
