//! `wss://`: rustls with the usual authorities, or with those that the user names.

use std::path::Path;
use std::sync::Arc;

use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, pem::PemObject};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use super::ClientError;
use super::handshake::Failure;

/// What makes TLS connections: `authorities` is a PEM file; without one Mozilla's list holds.
pub(super) fn connector(authorities: Option<&Path>) -> Result<TlsConnector, ClientError> {
    let roots = match authorities {
        Some(path) => read(path)?,
        None => RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() },
    };
    let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| ClientError::Unsupported(format!("no TLS: {error}")))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    // A WebSocket's upgrade is HTTP/1.1's.
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsConnector::from(Arc::new(config)))
}

fn read(path: &Path) -> Result<RootCertStore, ClientError> {
    let bad = |why: String| ClientError::Unsupported(format!("{}: {why}", path.display()));
    let mut roots = RootCertStore::empty();
    for certificate in
        CertificateDer::pem_file_iter(path).map_err(|error| bad(error.to_string()))?
    {
        let certificate = certificate.map_err(|error| bad(error.to_string()))?;
        roots.add(certificate).map_err(|error| bad(error.to_string()))?;
    }
    if roots.is_empty() { Err(bad("holds no certificate".to_owned())) } else { Ok(roots) }
}

/// Speaks TLS on a connection to this host.
pub(super) async fn connect(
    connector: &TlsConnector,
    host: &str,
    tcp: TcpStream,
) -> Result<TlsStream<TcpStream>, Failure> {
    let name = ServerName::try_from(host.to_owned())
        .map_err(|_| Failure::Hopeless(format!("`{host}` is no name that a certificate has")))?;
    Ok(connector.connect(name, tcp).await?)
}
