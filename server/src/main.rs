//! Reads the configuration, listens, and shuts down.

use std::io::IsTerminal;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

use server::app::{App, ENDPOINT, app};
use server::broadcaster::BarBroadcaster;
use server::config::Config;
use server::market::{SimulatedFeed, SystemClock};
use tokio::net::TcpListener;
use tokio::sync::watch;

/// How long sessions are closed for on shutdown, one after the other.
const DRAIN: Duration = Duration::from_secs(2);

#[tokio::main]
async fn main() -> ExitCode {
    let config = Config::load();
    tracing_subscriber::fmt()
        .with_target(false)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr)
        .init();
    match run(config).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("server: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(config: Config) -> Result<(), String> {
    let mut broadcaster = None;
    let App { router, hub } = app(&config, |hub| {
        let settings = config.broadcaster()?;
        let feed = SimulatedFeed::new(config.market_seed, SystemClock);
        let made = broadcaster.insert(BarBroadcaster::new(settings, feed, hub.clone()));
        Some(made.metrics())
    })?;
    let address = SocketAddr::new(config.host, config.port);
    let listener = TcpListener::bind(address).await.map_err(|error| {
        format!("cannot listen on {address}: {error}; choose another with --host and --port")
    })?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    tracing::info!("websocket: ws://{address}{ENDPOINT}");
    tracing::info!("documents: http://{address}{ENDPOINT}/asyncapi");
    tracing::info!(
        heartbeat_seconds = config.heartbeat_interval.as_secs_f64(),
        lifespan_seconds = config.max_connection_lifespan.as_secs_f64(),
        "server started"
    );

    let (stop, stopped) = watch::channel(false);
    let broadcasting = broadcaster.map(|broadcaster| {
        let mut stopped = stopped.clone();
        tokio::spawn(broadcaster.run(async move {
            // The sender lives until the end of this function.
            let _ = stopped.wait_for(|stopped| *stopped).await;
        }))
    });
    if broadcasting.is_none() {
        tracing::info!("bar broadcaster is off");
    }
    let signal = async move {
        asked_to_stop().await;
        tracing::info!("shutting down");
        let _ = stop.send(true);
    };
    asyncapi_ws::serve::serve(listener, router, hub.inner(), signal, DRAIN)
        .await
        .map_err(|error| format!("cannot serve: {error}"))?;
    if let Some(broadcasting) = broadcasting {
        let _ = broadcasting.await;
    }
    tracing::info!("server stopped");
    Ok(())
}

/// SIGTERM, or Ctrl-C.
async fn asked_to_stop() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = interrupt.await;
}
