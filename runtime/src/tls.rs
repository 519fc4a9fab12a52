//! A listener that speaks TLS, for servers without a proxy in front of them.
//!
//! Sessions behave as on plain TCP. Each connection is encrypted for itself, on its shard; what
//! is shared between receivers stays shared up to that point.
//!
//! ```no_run
//! # use asyncapi_ws::{hub::Hub, serve::serve, tls::{Certificates, TlsListener}};
//! # use std::{future::pending, time::Duration};
//! # async fn example(router: axum::Router, hub: Hub) -> std::io::Result<()> {
//! let certificates = Certificates::read("server.pem".into(), "server.key".into())?;
//! let listener = tokio::net::TcpListener::bind("0.0.0.0:443").await?;
//! let listener = TlsListener::new(listener, &certificates)?;
//! // Later, when the files have changed: certificates.read_again()?
//! serve(listener, router, &hub, pending(), Duration::from_secs(10)).await
//! # }
//! ```

use std::{
    fmt, io,
    net::SocketAddr,
    path::PathBuf,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{Semaphore, mpsc},
    task::JoinHandle,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::ring,
        pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
        server::{ClientHello, ResolvesServerCert},
        sign::CertifiedKey,
    },
    server::TlsStream,
};

/// A certificate chain and its key, read from PEM files. Clones are the same certificates.
#[derive(Clone)]
pub struct Certificates(Arc<Files>);

struct Files {
    chain: PathBuf,
    key: PathBuf,
    current: RwLock<Arc<CertifiedKey>>,
}

impl Certificates {
    /// Reads a chain, the server's own certificate first, and the private key to it.
    ///
    /// # Errors
    ///
    /// When a file cannot be read or does not hold what it should; the text names the file.
    pub fn read(chain: PathBuf, key: PathBuf) -> io::Result<Self> {
        let current = RwLock::new(load(&chain, &key)?);
        Ok(Self(Arc::new(Files { chain, key, current })))
    }

    /// Reads the files again: new connections get what stands there now, old ones keep theirs.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read); everything stays as it was then.
    pub fn read_again(&self) -> io::Result<()> {
        let new = load(&self.0.chain, &self.0.key)?;
        *self.0.current.write().unwrap_or_else(PoisonError::into_inner) = new;
        Ok(())
    }
}

fn load(chain: &PathBuf, key: &PathBuf) -> io::Result<Arc<CertifiedKey>> {
    let bad = |path: &PathBuf, error: &dyn fmt::Display| {
        io::Error::new(io::ErrorKind::InvalidData, format!("{}: {error}", path.display()))
    };
    let certificates: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(chain)
        .and_then(Iterator::collect)
        .map_err(|error| bad(chain, &error))?;
    if certificates.is_empty() {
        return Err(bad(chain, &"holds no certificate"));
    }
    let private = PrivateKeyDer::from_pem_file(key).map_err(|error| bad(key, &error))?;
    let private = ring::sign::any_supported_type(&private).map_err(|error| bad(key, &error))?;
    let certified = CertifiedKey::new(certificates, private);
    certified.keys_match().map_err(|error| bad(key, &error))?;
    Ok(Arc::new(certified))
}

impl fmt::Debug for Certificates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificates").field("chain", &self.0.chain).finish_non_exhaustive()
    }
}

impl fmt::Debug for Files {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Files").field("chain", &self.chain).finish_non_exhaustive()
    }
}

impl ResolvesServerCert for Files {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner)))
    }
}

/// Accepts TLS connections for [`serve`](crate::serve::serve) or [`axum::serve()`].
///
/// TLS handshakes run beside each other, at most 256 at a time and each for at most 10 s, so that
/// a client that dawdles delays nobody.
#[derive(Debug)]
pub struct TlsListener {
    ready: mpsc::Receiver<(TlsStream<TcpStream>, SocketAddr)>,
    address: SocketAddr,
    accepting: JoinHandle<()>,
}

/// TLS handshakes at a time.
const HANDSHAKES: usize = 256;

/// Patience for one of them.
const PATIENCE: Duration = Duration::from_secs(10);

impl TlsListener {
    /// Speaks TLS on a listener. Must be called in a tokio runtime.
    ///
    /// # Errors
    ///
    /// When the listener has no address.
    pub fn new(listener: TcpListener, certificates: &Certificates) -> io::Result<Self> {
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(io::Error::other)?
            .with_no_client_auth()
            .with_cert_resolver(Arc::clone(&certificates.0) as Arc<dyn ResolvesServerCert>);
        // A WebSocket's upgrade is HTTP/1.1's.
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let address = listener.local_addr()?;
        let (done, ready) = mpsc::channel(HANDSHAKES);
        let accepting = tokio::spawn(accept(listener, acceptor, done));
        Ok(Self { ready, address, accepting })
    }
}

async fn accept(
    listener: TcpListener,
    acceptor: TlsAcceptor,
    done: mpsc::Sender<(TlsStream<TcpStream>, SocketAddr)>,
) {
    let places = Arc::new(Semaphore::new(HANDSHAKES));
    loop {
        // The semaphore is never closed.
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        let (socket, address) = match listener.accept().await {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "cannot accept a connection, trying again");
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        let _ = socket.set_nodelay(true);
        let (acceptor, done) = (acceptor.clone(), done.clone());
        tokio::spawn(async move {
            match tokio::time::timeout(PATIENCE, acceptor.accept(socket)).await {
                // An error means that nobody serves any more.
                Ok(Ok(stream)) => drop(done.send((stream, address)).await),
                Ok(Err(error)) => tracing::debug!(%error, %address, "no TLS connection"),
                Err(_) => tracing::debug!(%address, "no TLS connection in time"),
            }
            drop(place);
        });
    }
}

impl axum::serve::Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        match self.ready.recv().await {
            Some(accepted) => accepted,
            // The accepting task only ends with this listener.
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.address)
    }
}

impl Drop for TlsListener {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}
