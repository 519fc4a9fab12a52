//! A channel of a contract as a route.

use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use axum::Router;

use super::channel::Channel;
use super::hub::Hub;
use crate::endpoint;
use crate::service::Service;

/// A channel that is about to be served by a handler: set what differs from the defaults, then turn it
/// into a router.
pub struct Endpoint<C> {
    endpoint: endpoint::Endpoint,
    hub: crate::hub::Hub,
    channel: PhantomData<fn() -> C>,
}

impl<C: Channel> Endpoint<C> {
    /// Serves a channel by what was generated for it.
    pub fn new(service: impl Service) -> Self {
        let hub = crate::hub::Hub::new();
        let endpoint = endpoint::Endpoint::new(service).hub(&hub);
        Self { endpoint, hub, channel: PhantomData }
    }

    /// Uses a hub that other channels use too, or one with settings of its own.
    #[must_use]
    pub fn with_hub(mut self, hub: &crate::hub::Hub) -> Self {
        self.endpoint = self.endpoint.hub(hub);
        self.hub = hub.clone();
        self
    }

    /// Publishes to the channel's topics.
    pub fn hub(&self) -> Hub<C> {
        Hub::new(&self.hub)
    }

    /// Closes sessions that are silent for this long; `None` never. 30 s unless said.
    #[must_use]
    pub fn heartbeat(mut self, interval: impl Into<Option<Duration>>) -> Self {
        self.endpoint = self.endpoint.heartbeat(interval);
        self
    }

    /// Closes sessions of this age; `None` never. 3600 s unless said.
    #[must_use]
    pub fn lifespan(mut self, maximum: impl Into<Option<Duration>>) -> Self {
        self.endpoint = self.endpoint.lifespan(maximum);
        self
    }

    /// Lets only pages of these origins connect, and clients that are no browsers.
    #[must_use]
    pub fn origins(mut self, allowed: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.endpoint = self.endpoint.origins(allowed);
        self
    }

    /// A router with the channel at its address.
    pub fn into_router<S: Clone + Send + Sync + 'static>(self) -> Router<S> {
        self.endpoint.into_router()
    }

    /// The channel as the answer to any address that you route to it.
    pub fn into_method_router<S: Clone + Send + Sync + 'static>(
        self,
    ) -> axum::routing::MethodRouter<S> {
        self.endpoint.into_method_router()
    }
}

impl<C> fmt::Debug for Endpoint<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.endpoint.fmt(f)
    }
}
