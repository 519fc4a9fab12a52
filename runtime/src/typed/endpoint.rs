//! A channel of a contract as a route.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;

use super::channel::Channel;
use super::hub::Hub;
use super::layer::{Layer, Layers};
use crate::endpoint;
use crate::hub::TopicHooks;
use crate::service::Service;

/// A channel that is about to be served by a handler: set what differs from the defaults, then turn it
/// into a router.
pub struct Endpoint<C: Channel> {
    endpoint: endpoint::Endpoint,
    hub: crate::hub::Hub,
    layers: Option<Layers<C>>,
    hooks: Option<Arc<dyn TopicHooks>>,
    /// How long a topic must be without subscribers before the hooks hear of it; `None` if they hear of
    /// nothing.
    debounce: Option<Duration>,
}

impl<C: Channel> Endpoint<C> {
    /// Serves a channel by what was generated for it.
    pub fn new(service: impl Service) -> Self {
        let hub = crate::hub::Hub::new();
        let endpoint = endpoint::Endpoint::new(service).hub(&hub);
        Self { endpoint, hub, layers: None, hooks: None, debounce: None }
    }

    /// [`new`](Self::new), by a service that can be told of topics.
    pub fn with_topics(service: impl Service + TopicHooks) -> Self {
        let service = Arc::new(service);
        Self { hooks: Some(Arc::clone(&service) as Arc<dyn TopicHooks>), ..Self::new(service) }
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

    /// Gives a handler this long for a request; `None`, which is the default, as long as it likes.
    /// What takes longer is refused, in the way that the contract says.
    #[must_use]
    pub fn deadline(mut self, maximum: impl Into<Option<Duration>>) -> Self {
        self.endpoint = self.endpoint.deadline(maximum);
        self
    }

    /// Tells the handler when a topic gets its first subscriber and when it has had none for `debounce`, by
    /// the handler's methods `…_active` and `…_idle`: so that a feed runs only while somebody listens.
    /// The router must then be made in a tokio runtime. Only the first endpoint of a hub is told.
    #[must_use]
    pub fn watch_topics(mut self, debounce: Duration) -> Self {
        self.debounce = Some(debounce);
        self
    }

    /// Surrounds the handling of every request. The layer that is added last is outermost.
    #[must_use]
    pub fn layer(mut self, layer: impl Layer<C>) -> Self
    where
        C::Received: Clone,
    {
        self.layers.get_or_insert_with(Layers::new).all.push(Box::new(layer));
        self
    }

    /// A router with the channel at its address.
    pub fn into_router<S: Clone + Send + Sync + 'static>(self) -> Router<S> {
        self.layered().into_router()
    }

    /// The channel as the answer to any address that you route to it.
    pub fn into_method_router<S: Clone + Send + Sync + 'static>(
        self,
    ) -> axum::routing::MethodRouter<S> {
        self.layered().into_method_router()
    }

    fn layered(self) -> endpoint::Endpoint {
        if let (Some(debounce), Some(hooks)) = (self.debounce, self.hooks) {
            self.hub.watch_topics(debounce, hooks);
        }
        match self.layers {
            Some(layers) => self.endpoint.layers(Arc::new(layers)),
            None => self.endpoint,
        }
    }
}

impl<C: Channel> fmt::Debug for Endpoint<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.endpoint.fmt(f)
    }
}
