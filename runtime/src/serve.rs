//! A whole server for those who do not want to write its last hundred lines.

use crate::{hub::Hub, shutdown::ShutDown};
use axum::{
    Router,
    extract::{ConnectInfo, Request},
    serve::Listener,
};
use hyper::{
    server::conn::http1,
    service::{Service, service_fn},
};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use std::{any::Any, future::Future, io, net::SocketAddr, sync::Arc, time::Duration};
use tokio::sync::{Semaphore, watch};

/// Serves a router until `signal` is done, then shuts down: takes no more connections, closes the
/// sessions of `hub` spread over the drain window, and returns when they are gone.
/// [`ShutDown`] says the rest; a [`Duration`] is the drain window.
///
/// The listener is a [`tokio::net::TcpListener`], or whatever else axum serves: one that speaks
/// TLS is in `asyncapi_ws::tls`. Where its peers have a [`SocketAddr`], handlers find it as
/// [`ConnectInfo`]. Unlike [`axum::serve()`], a client that dawdles over its request is dropped
/// after the limit `handshake`, and no more than `handshakes` are in that state at a time.
///
/// # Errors
///
/// When the listener has no address any more.
pub async fn serve<L>(
    mut listener: L,
    router: Router,
    hub: &Hub,
    signal: impl Future<Output = ()> + Send + 'static,
    shut_down: impl Into<ShutDown>,
) -> io::Result<()>
where
    L: Listener,
    L::Addr: 'static,
{
    listener.local_addr()?;
    let limits = hub.limits();
    // Not the builder that finds the version out: it waits for a first byte without end.
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(limits.handshake);
    let places = Arc::new(Semaphore::new(limits.handshakes.clamp(1, Semaphore::MAX_PERMITS)));
    let (stop, stopped) = watch::channel(false);
    let mut signal = std::pin::pin!(signal);
    loop {
        let accepted = async {
            // The semaphore is never closed. Without a place nothing is accepted: the next client
            // waits in the kernel's queue.
            let place = Arc::clone(&places).acquire_owned().await.ok();
            (place, listener.accept().await)
        };
        let (place, (io, address)) = tokio::select! {
            accepted = accepted => accepted,
            () = &mut signal => break,
        };
        let remote = (&address as &dyn Any).downcast_ref::<SocketAddr>().copied();
        let (builder, router, stopped) = (builder.clone(), router.clone(), stopped.clone());
        tokio::spawn(async move {
            // The place is given back when the connection is upgraded or done.
            let _place = place;
            speak_http(&builder, io, remote, router, stopped).await;
        });
    }
    drop(listener);
    hub.shut_down(shut_down).await;
    // HTTP requests that are under way are answered; a keep-alive connection that nobody uses
    // must not hold the end up.
    let _ = stop.send(true);
    drop(stopped);
    let _ = tokio::time::timeout(KEEP_ALIVE, stop.closed()).await;
    Ok(())
}

/// Patience for HTTP requests that are under way when the last session is gone.
const KEEP_ALIVE: Duration = Duration::from_secs(1);

/// One connection, until it is upgraded or ends.
async fn speak_http<I>(
    builder: &http1::Builder,
    io: I,
    remote: Option<SocketAddr>,
    router: Router,
    mut stopped: watch::Receiver<bool>,
) where
    I: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
{
    let router = TowerToHyperService::new(router);
    let service = service_fn(move |mut request: Request<hyper::body::Incoming>| {
        if let Some(remote) = remote {
            request.extensions_mut().insert(ConnectInfo(remote));
        }
        router.call(request)
    });
    let connection = builder.serve_connection(TokioIo::new(io), service).with_upgrades();
    let mut connection = std::pin::pin!(connection);
    let stopping = async {
        // An error means that the server is gone.
        let _ = stopped.wait_for(|stopped| *stopped).await;
    };
    let result = tokio::select! {
        result = connection.as_mut() => result,
        () = stopping => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = result {
        tracing::debug!(%error, "HTTP connection ended");
    }
}
