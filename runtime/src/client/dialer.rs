//! From an address to a socket that messages can go over: TCP, TLS, the handshake.

use std::sync::Arc;

use tokio::net::TcpStream;

use super::handshake::{self, Failure, Request};
use super::options::Tokens;
use super::socket::{Socket, SocketOptions, Stream};
use super::url::Target;
use super::{ClientError, Options};
use crate::channel::Subprotocol;
use crate::frame::SizeLimits;

/// Makes sockets.
pub(super) struct Dialer {
    target: Target,
    headers: Vec<(String, String)>,
    subprotocols: Vec<Subprotocol>,
    pub(super) tokens: Option<Tokens>,
    socket: SocketOptions,
    #[cfg(feature = "tls")]
    tls: Option<tokio_rustls::TlsConnector>,
}

impl Dialer {
    pub(super) fn new(
        target: Target,
        options: Options,
        subprotocols: Vec<Subprotocol>,
    ) -> Result<Self, ClientError> {
        let size = options.max_message_size;
        Ok(Self {
            #[cfg(feature = "tls")]
            tls: if target.is_secure {
                Some(super::tls::connector(options.authorities.as_deref())?)
            } else {
                None
            },
            target,
            headers: options.headers,
            subprotocols,
            tokens: options.tokens,
            socket: SocketOptions {
                limits: SizeLimits { frame: size, message: size },
                #[cfg(feature = "deflate")]
                deflate: options.deflate,
            },
        })
    }

    pub(super) async fn dial(
        self: Arc<Self>,
        token: Option<String>,
    ) -> Result<Box<Socket>, Failure> {
        let tcp = TcpStream::connect((self.target.host.as_str(), self.target.port)).await?;
        // Messages leave when they are sent.
        tcp.set_nodelay(true)?;
        let mut stream = self.secured(tcp).await?;
        let path = self.target.path(token.as_deref());
        let mut headers = self.headers.clone();
        let proof = self.target.header(token.as_deref());
        headers.extend(proof.map(|(name, value)| (name.to_owned(), value)));
        let request = Request {
            authority: &self.target.authority,
            path: &path,
            headers: &headers,
            subprotocols: &self.subprotocols,
            offer: self.socket.offer(),
        };
        let accepted = handshake::shake(&mut stream, &request).await?;
        Ok(Box::new(Socket::new(stream, accepted, &self.socket)))
    }

    #[cfg(feature = "tls")]
    async fn secured(&self, tcp: TcpStream) -> Result<Stream, Failure> {
        match &self.tls {
            Some(tls) => Ok(Box::new(super::tls::connect(tls, &self.target.host, tcp).await?)),
            None => Ok(Box::new(tcp)),
        }
    }

    #[cfg(not(feature = "tls"))]
    async fn secured(&self, tcp: TcpStream) -> Result<Stream, Failure> {
        Ok(Box::new(tcp))
    }
}
