//! A whole server for those who do not want to write its last ten lines.

use crate::hub::Hub;
use axum::Router;
use std::{future::Future, io, time::Duration};
use tokio::net::TcpListener;

/// Serves a router until `signal` is done, then shuts down: takes no more connections, closes the
/// sessions of `hub` spread over `drain`, and returns when they are gone.
///
/// # Errors
///
/// What the listener reports.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    hub: &Hub,
    signal: impl Future<Output = ()> + Send + 'static,
    drain: Duration,
) -> io::Result<()> {
    let (stopped, stop) = tokio::sync::watch::channel(false);
    let serving = axum::serve(listener, router).with_graceful_shutdown(async move {
        signal.await;
        let _ = stopped.send(true);
    });
    let mut serving = std::pin::pin!(serving.into_future());
    let mut stop = stop;
    let stopping = async {
        // An error means that the sender is gone with the server.
        let _ = stop.wait_for(|stopped| *stopped).await;
    };
    tokio::select! {
        result = &mut serving => return result,
        () = stopping => {}
    }
    // Both go on together: HTTP requests under way are answered, sessions are closed. A keep-alive
    // connection that nobody uses must not hold the end up.
    hub.shut_down(drain).await;
    match tokio::time::timeout(Duration::from_secs(1), serving).await {
        Ok(result) => result,
        Err(_) => Ok(()),
    }
}
