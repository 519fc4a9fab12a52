//! What surrounds every request of a channel: a layer sees the operation, its typed input, the
//! session and the outcome, and may refuse.

use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;

use super::answer::Refusal;
use super::channel::Channel;
use crate::service::OperationInfo;
use crate::session::SessionHandle;

/// Surrounds the handling of requests. Added by [`Endpoint::layer`](super::Endpoint::layer); the one
/// that was added last is outermost.
///
/// ```
/// use asyncapi_ws::layer::{Layer, Next, Outcome, Request};
/// # use asyncapi_ws::codegen::v1::Channel;
///
/// /// Lets only members do more than look.
/// struct MembersOnly;
///
/// impl<C: Channel> Layer<C> for MembersOnly {
///     async fn handle(&self, request: &Request<'_, C>, next: Next<'_, C>) -> Outcome {
///         if request.operation().starts_with("order.") && request.session().query().is_none() {
///             return Outcome::refused("members only");
///         }
///         next.run().await
///     }
/// }
/// ```
pub trait Layer<C: Channel>: Send + Sync + 'static {
    /// Handles a request, as a rule by [`Next::run`]. Dropped in mid-way when the session ends.
    fn handle(
        &self,
        request: &Request<'_, C>,
        next: Next<'_, C>,
    ) -> impl Future<Output = Outcome> + Send;
}

/// A layer that only looks: `look` gets each request with its outcome when that is known.
///
/// ```no_run
/// # use asyncapi_ws::codegen::v1::{Channel, Endpoint};
/// use asyncapi_ws::layer::observe;
///
/// # fn with<C: Channel<Received: Clone>>(endpoint: Endpoint<C>) -> Endpoint<C> {
/// endpoint.layer(observe(|request, outcome| {
///     println!("{} {}: {outcome:?}", request.session().id(), request.operation());
/// }))
/// # }
/// ```
pub fn observe<C, F>(look: F) -> impl Layer<C>
where
    C: Channel,
    F: Fn(&Request<'_, C>, &Outcome) + Send + Sync + 'static,
{
    Observer { look, channel: PhantomData }
}

struct Observer<C, F> {
    look: F,
    channel: PhantomData<fn() -> C>,
}

impl<C, F> Layer<C> for Observer<C, F>
where
    C: Channel,
    F: Fn(&Request<'_, C>, &Outcome) + Send + Sync + 'static,
{
    async fn handle(&self, request: &Request<'_, C>, next: Next<'_, C>) -> Outcome {
        let outcome = next.run().await;
        (self.look)(request, &outcome);
        outcome
    }
}

/// A request on its way to its handler.
#[derive(Debug)]
pub struct Request<'a, C: Channel> {
    pub(super) operation: &'static OperationInfo,
    pub(super) input: &'a C::Received,
    pub(super) session: &'a SessionHandle,
}

impl<'a, C: Channel> Request<'a, C> {
    /// The operation's name on the wire, as in logs and metrics.
    pub fn operation(&self) -> &'static str {
        self.operation.name()
    }

    /// The message that came.
    pub fn input(&self) -> &'a C::Received {
        self.input
    }

    /// The session that it came on.
    pub fn session(&self) -> &'a SessionHandle {
        self.session
    }

    /// What the handler keeps for the session, if this is its type.
    pub fn state<S: Send + Sync + 'static>(&self) -> Option<&'a S> {
        self.session.state().downcast_ref()
    }
}

/// How a request was handled.
#[derive(Debug, PartialEq, Eq)]
pub struct Outcome {
    refusal: Option<Refusal>,
    pub(super) by: By,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    Handler,
    Layer,
}

impl Outcome {
    pub(super) fn of<T, E: ToString>(result: &Result<T, E>) -> Self {
        let refusal = result.as_ref().err().map(|error| Refusal::new(error.to_string()));
        Self { refusal, by: By::Handler }
    }

    /// The request is refused, whatever its handler did or would do.
    pub fn refused(refusal: impl Into<Refusal>) -> Self {
        Self { refusal: Some(refusal.into()), by: By::Layer }
    }

    /// Why the request was refused or failed; `None` if it was done.
    pub fn refusal(&self) -> Option<&Refusal> {
        self.refusal.as_ref()
    }

    pub(super) fn into_refusal(self) -> Refusal {
        self.refusal.unwrap_or_else(|| Refusal::new("not handled"))
    }
}

/// The layers further in, and at last the handler.
pub struct Next<'a, C: Channel> {
    pub(super) layers: &'a [Box<dyn AnyLayer<C>>],
    pub(super) request: &'a Request<'a, C>,
    pub(super) handler: Pin<&'a mut (dyn Future<Output = Outcome> + Send)>,
}

impl<C: Channel> Next<'_, C> {
    /// Goes on with the request.
    pub async fn run(self) -> Outcome {
        match self.layers.split_last() {
            Some((outer, layers)) => {
                let next = Next { layers, request: self.request, handler: self.handler };
                outer.handle(self.request, next).await
            }
            None => self.handler.await,
        }
    }
}

impl<C: Channel> std::fmt::Debug for Next<'_, C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Next").field("layers", &self.layers.len()).finish_non_exhaustive()
    }
}

/// The same as [`Layer`], behind a pointer.
pub(super) trait AnyLayer<C: Channel>: Send + Sync {
    fn handle<'a>(
        &'a self,
        request: &'a Request<'a, C>,
        next: Next<'a, C>,
    ) -> Pin<Box<dyn Future<Output = Outcome> + Send + 'a>>;
}

impl<C: Channel, L: Layer<C>> AnyLayer<C> for L {
    fn handle<'a>(
        &'a self,
        request: &'a Request<'a, C>,
        next: Next<'a, C>,
    ) -> Pin<Box<dyn Future<Output = Outcome> + Send + 'a>> {
        Box::pin(Layer::handle(self, request, next))
    }
}

/// The layers of a channel, the innermost first.
pub(crate) struct Layers<C: Channel> {
    pub(super) all: Vec<Box<dyn AnyLayer<C>>>,
    /// Keeps a message for them while its handler has it.
    pub(super) copy: fn(&C::Received) -> C::Received,
}

impl<C: Channel> Layers<C> {
    pub(super) fn new() -> Self
    where
        C::Received: Clone,
    {
        Self { all: Vec::new(), copy: C::Received::clone }
    }

    /// The layers of the channel that a session belongs to.
    pub(super) fn of(session: &SessionHandle) -> Option<Arc<Self>> {
        let layers = session.channel().layers.as_ref()?;
        Arc::clone(layers).downcast().ok()
    }
}
