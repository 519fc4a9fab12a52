//! A whole server for those who do not want to write its last ten lines.

use crate::hub::Hub;
use axum::{Router, serve::Listener};
use std::{fmt, future::Future, io, time::Duration};

/// Serves a router until `signal` is done, then shuts down: takes no more connections, closes the
/// sessions of `hub` spread over `drain`, and returns when they are gone.
///
/// The listener is a [`tokio::net::TcpListener`], or whatever else axum serves: one that speaks
/// TLS is in `asyncapi_ws::tls`.
///
/// # Errors
///
/// What the listener reports.
pub async fn serve<L>(
    listener: L,
    router: Router,
    hub: &Hub,
    signal: impl Future<Output = ()> + Send + 'static,
    drain: Duration,
) -> io::Result<()>
where
    L: Listener,
    L::Addr: fmt::Debug,
{
    let (stopped, mut stop) = tokio::sync::watch::channel(false);
    let serving = axum::serve(listener, router).with_graceful_shutdown(async move {
        signal.await;
        let _ = stopped.send(true);
    });
    let mut serving = std::pin::pin!(serving.into_future());
    let stopping = async {
        // An error means that the sender is gone with the server.
        let _ = stop.wait_for(|stopped| *stopped).await;
    };
    // Sessions are no HTTP connections any more, so that the server may end before them.
    let served = tokio::select! {
        served = &mut serving => Some(served),
        () = stopping => None,
    };
    hub.shut_down(drain).await;
    match served {
        Some(served) => served,
        // A keep-alive connection that nobody uses must not hold the end up.
        None => tokio::time::timeout(KEEP_ALIVE, serving).await.unwrap_or(Ok(())),
    }
}

/// Patience for HTTP requests that are under way when the last session is gone.
const KEEP_ALIVE: Duration = Duration::from_secs(1);
