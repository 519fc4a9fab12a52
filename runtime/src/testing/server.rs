//! A router that is really served, for as long as a test holds on to it.

use super::RawClient;
use crate::hub::Hub;
use axum::{Router, http::HeaderMap};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto,
    service::TowerToHyperService,
};
use std::{io, net::SocketAddr};
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// A served router. Ends when it is dropped.
#[derive(Debug)]
pub struct TestServer {
    hub: Hub,
    reach: Reach,
}

#[derive(Debug)]
enum Reach {
    Port(SocketAddr, JoinHandle<()>),
    Process(Router),
}

/// What a connection without a port holds in each direction before writing has to wait, in bytes.
const PIPE: usize = 64 * 1024;

impl TestServer {
    /// Serves on a free port of the loopback address.
    ///
    /// # Errors
    ///
    /// When there is no port to be had.
    pub async fn on_port(router: Router, hub: &Hub) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let task = tokio::spawn(async move {
            // It ends with the task.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self { hub: hub.clone(), reach: Reach::Port(address, task) })
    }

    /// Serves without a port: each client is connected by a pipe in memory. Everything else is the
    /// same, HTTP included.
    pub fn in_process(router: Router, hub: &Hub) -> Self {
        Self { hub: hub.clone(), reach: Reach::Process(router) }
    }

    /// The hub of the served channels.
    pub fn hub(&self) -> &Hub {
        &self.hub
    }

    /// The port's address; `None` without one.
    pub fn address(&self) -> Option<SocketAddr> {
        match &self.reach {
            Reach::Port(address, _) => Some(*address),
            Reach::Process(_) => None,
        }
    }

    /// Connects a plain client.
    ///
    /// # Errors
    ///
    /// When the handshake is refused; the text holds the answer.
    pub async fn connect(&self, path: &str) -> io::Result<RawClient> {
        self.connect_with(path, &[]).await
    }

    /// Connects a client that offers a subprotocol.
    ///
    /// # Errors
    ///
    /// As [`connect`](Self::connect).
    pub async fn connect_as(&self, path: &str, subprotocol: &str) -> io::Result<RawClient> {
        self.connect_with(path, &[("sec-websocket-protocol", subprotocol)]).await
    }

    /// Connects with further headers.
    ///
    /// # Errors
    ///
    /// As [`connect`](Self::connect).
    pub async fn connect_with(
        &self,
        path: &str,
        headers: &[(&str, &str)],
    ) -> io::Result<RawClient> {
        match self.handshake(path, headers).await? {
            (101, _, Some(client)) => Ok(client),
            (status, ..) => Err(io::Error::other(format!("handshake answered with {status}"))),
        }
    }

    /// Sends a handshake and gives the status and headers of its answer, whatever they are.
    ///
    /// # Errors
    ///
    /// When the transport fails.
    pub async fn handshake(
        &self,
        path: &str,
        headers: &[(&str, &str)],
    ) -> io::Result<(u16, HeaderMap, Option<RawClient>)> {
        match &self.reach {
            Reach::Port(address, _) => {
                RawClient::handshake(TcpStream::connect(address).await?, path, headers).await
            }
            Reach::Process(router) => {
                let (ours, theirs) = tokio::io::duplex(PIPE);
                let service = TowerToHyperService::new(router.clone());
                tokio::spawn(async move {
                    // An error is the client's to see.
                    let _ = auto::Builder::new(TokioExecutor::new())
                        .serve_connection_with_upgrades(TokioIo::new(theirs), service)
                        .await;
                });
                RawClient::handshake(ours, path, headers).await
            }
        }
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        if let Reach::Port(_, task) = &self.reach {
            task.abort();
        }
        self.hub.drop_all();
    }
}
