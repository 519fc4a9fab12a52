//! One request: from the decoded message through the layers to its handler, within its time.

use std::any::Any;
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;

use super::answer::Refusal;
use super::channel::Channel;
use super::layer::{By, Layers, Next, Outcome, Request};
use super::rejection::incoming;
use super::session::Session;
use crate::json::Json;
use crate::service::{Inbound, OperationInfo, Rejection};
use crate::session::SessionHandle;

/// A message that came, and what belongs to its handling.
#[derive(Debug)]
pub struct Received<M> {
    /// The message.
    pub message: M,
    /// What the handling needs besides.
    pub call: Call,
}

/// What the handling of a message needs besides the message.
pub struct Call {
    pub(super) id: Option<Json<'static>>,
    /// The message once more, where a layer wants to see it.
    input: Option<Box<dyn Any + Send + Sync>>,
}

/// Reads what came on a session of a channel.
///
/// # Errors
/// Why it is no message of the channel; the engine closes accordingly.
pub fn received<C: Channel>(
    session: &SessionHandle,
    message: Inbound<'_>,
) -> Result<Received<C::Received>, Rejection> {
    let decoded = incoming::<C::Received>(session.codec(), message)?;
    let input = Layers::<C>::of(session)
        .map(|layers| -> Box<dyn Any + Send + Sync> { Box::new((layers.copy)(&decoded.message)) });
    Ok(Received { message: decoded.message, call: Call { id: decoded.id, input } })
}

impl Call {
    /// Runs a handler, with the channel's layers around it; refuses when the endpoint's deadline has
    /// passed.
    ///
    /// # Errors
    /// The handler's own, or a refusal of a layer or for the deadline.
    pub async fn run<C, S, T, E>(
        self,
        operation: &'static OperationInfo,
        session: &Session<C, S>,
        handler: impl Future<Output = Result<T, E>> + Send,
    ) -> Result<T, E>
    where
        C: Channel,
        S: Default + Send + Sync + 'static,
        T: Send,
        E: From<Refusal> + fmt::Display + Send,
    {
        let session = session.handle();
        let handler = in_time(session, handler);
        let input = self.input.as_deref().and_then(|input| input.downcast_ref::<C::Received>());
        let (Some(layers), Some(input)) = (Layers::<C>::of(session), input) else {
            return handler.await;
        };
        // Once more around the layers: they may wait, too.
        let layered = async {
            let mut result = None;
            let request = Request { operation, input, session };
            let outcome = {
                let mut innermost = pin!(async {
                    let came = handler.await;
                    let outcome = Outcome::of(&came);
                    result = Some(came);
                    outcome
                });
                let handler: Pin<&mut (dyn Future<Output = Outcome> + Send)> = innermost.as_mut();
                Next { layers: &layers.all, request: &request, handler }.run().await
            };
            (outcome, result)
        };
        let done = async {
            let (outcome, result) = layered.await;
            match (outcome.by, result) {
                (By::Handler, Some(result)) => result,
                _ => Err(E::from(outcome.into_refusal())),
            }
        };
        in_time(session, done).await
    }
}

/// Refuses what is overdue when it is polled and still not done.
async fn in_time<T, E: From<Refusal>>(
    session: &SessionHandle,
    work: impl Future<Output = Result<T, E>>,
) -> Result<T, E> {
    let mut work = pin!(work);
    poll_fn(|cx| match work.as_mut().poll(cx) {
        Poll::Pending if session.is_overdue() => {
            let deadline = session.channel().settings.deadline.unwrap_or_default();
            let seconds = deadline.as_secs_f64();
            Poll::Ready(Err(E::from(Refusal::new(format!("not done within {seconds} s")))))
        }
        poll => poll,
    })
    .await
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call").field("id", &self.id).finish_non_exhaustive()
    }
}
