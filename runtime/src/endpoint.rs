//! The public face: a channel as a route of an ordinary [`axum::Router`].

use crate::{
    admission::Admission,
    hub::Hub,
    service::Service,
    session::{Channel, Settings},
    upgrade::{self, Gate, Origins},
};
use axum::{
    Router,
    extract::Request,
    response::IntoResponse,
    routing::{MethodRouter, any},
};
use std::{any::Any, sync::Arc, time::Duration};

/// A channel that is about to be served: set what differs from the defaults, then turn it into a
/// route.
///
/// The route mounts into any axum application. Behind `axum::serve` on a TCP listener the session
/// takes the raw socket; behind TLS or another layer it uses the stream as it is, with the same
/// behaviour.
pub struct Endpoint {
    service: Arc<dyn Service>,
    hub: Hub,
    heartbeat: Option<Duration>,
    lifespan: Option<Duration>,
    deadline: Option<Duration>,
    gate: Gate,
    layers: Option<Arc<dyn Any + Send + Sync>>,
}

/// Silence after which a session is closed, unless said: what the service before us had.
const HEARTBEAT: Duration = Duration::from_secs(30);

/// Age at which a session is closed, unless said: one hour, as the service before us had it.
const LIFESPAN: Duration = Duration::from_secs(3600);

impl Endpoint {
    /// Serves a channel by a service, through a hub of its own unless [`hub`](Self::hub) says
    /// otherwise.
    pub fn new(service: impl Service) -> Self {
        Self {
            service: Arc::new(service),
            hub: Hub::new(),
            heartbeat: Some(HEARTBEAT),
            lifespan: Some(LIFESPAN),
            deadline: None,
            gate: Gate::default(),
            layers: None,
        }
    }

    /// The hub whose topics, shards and limits the channel's sessions use.
    #[must_use]
    pub fn hub(mut self, hub: &Hub) -> Self {
        self.hub = hub.clone();
        self
    }

    /// Closes sessions that are silent for this long; `None` never. 30 s unless said.
    ///
    /// For a plain client only messages count. A client with declared closes is pinged after half
    /// of it, and whatever it sends counts.
    #[must_use]
    pub fn heartbeat(mut self, interval: impl Into<Option<Duration>>) -> Self {
        self.heartbeat = interval.into();
        self
    }

    /// Closes sessions of this age; `None` never. 3600 s unless said. For clients with declared
    /// closes it is up to a fifth less, at random, so that they do not all come back at once.
    #[must_use]
    pub fn lifespan(mut self, maximum: impl Into<Option<Duration>>) -> Self {
        self.lifespan = maximum.into();
        self
    }

    /// Gives a handler this long for a request; `None`, which is the default, as long as it likes.
    ///
    /// What is overdue is polled once more and finds [`SessionHandle::is_overdue`]: generated code
    /// refuses the request then, in the way that the contract says. Work that goes on waiting ends
    /// its session with 1011.
    ///
    /// [`SessionHandle::is_overdue`]: crate::session::SessionHandle::is_overdue
    #[must_use]
    pub fn deadline(mut self, maximum: impl Into<Option<Duration>>) -> Self {
        self.deadline = maximum.into();
        self
    }

    /// Lets only pages of these origins connect, `https://example.com` for one, and clients that
    /// are no browsers. Every origin is allowed unless said.
    #[must_use]
    pub fn origins(mut self, allowed: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.gate.origins = Origins::Only(allowed.into_iter().map(Into::into).collect());
        self
    }

    /// Asks the application who may connect.
    #[must_use]
    pub fn admission(mut self, admission: impl Admission) -> Self {
        self.gate.admission = Some(Box::new(admission));
        self
    }

    /// What the typed layer keeps for the channel.
    pub(crate) fn layers(mut self, layers: Arc<dyn Any + Send + Sync>) -> Self {
        self.layers = Some(layers);
        self
    }

    /// A router with the channel at its address.
    pub fn into_router<S: Clone + Send + Sync + 'static>(self) -> Router<S> {
        let address = self.service.channel().address;
        Router::new().route(address, self.into_method_router())
    }

    /// The channel as the answer to any address that you route to it.
    pub fn into_method_router<S: Clone + Send + Sync + 'static>(self) -> MethodRouter<S> {
        let info = self.service.channel();
        self.hub.add_codec(info.codec);
        for subprotocol in info.subprotocols {
            self.hub.add_codec(subprotocol.codec);
        }
        let gate = Arc::new(self.gate);
        let channel = Arc::new(Channel {
            settings: Settings {
                heartbeat: self.heartbeat,
                lifespan: self.lifespan,
                deadline: self.deadline,
                closes: self.service.channel().closes,
                limits: self.hub.limits().clone(),
            },
            service: self.service,
            hub: self.hub,
            layers: self.layers,
        });
        any(move |request: Request| {
            let (channel, gate) = (Arc::clone(&channel), Arc::clone(&gate));
            async move {
                match upgrade::answer(channel, &gate, request).await {
                    Ok(response) => response,
                    Err(error) => {
                        tracing::debug!(%error, "handshake refused");
                        error.into_response()
                    }
                }
            }
        })
    }
}

impl std::fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Endpoint")
            .field("channel", &self.service.channel().name)
            .finish_non_exhaustive()
    }
}
