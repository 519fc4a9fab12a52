//! What the echo servers share.

use tokio::net::{TcpListener, TcpStream};

/// Listens on the port that the first argument names, and hands over each connection.
pub async fn listen(mut serve: impl FnMut(TcpStream)) -> std::io::Result<()> {
    let port = std::env::args().nth(1).and_then(|port| port.parse().ok()).unwrap_or(9001);
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        serve(stream);
    }
}

/// Largest message of the conformance suite.
pub const LARGEST: usize = 16 << 20;
