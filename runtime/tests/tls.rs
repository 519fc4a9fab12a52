//! The same sessions over TLS, where the shard cannot have the raw socket.

#![cfg(all(feature = "server", feature = "tls"))]
#![allow(clippy::unwrap_used, reason = "test code, though not in a test function")]

mod support;

use asyncapi_ws::{
    endpoint::Endpoint,
    frame::{OpCode, write_frame},
    hub::{Hub, HubOptions},
    limits::Limits,
    serve::serve,
    tls::{Certificates, TlsListener},
};
use std::{path::PathBuf, sync::Arc, time::Duration};
use support::{Board, PATH, json, message};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::{
    TlsConnector,
    client::TlsStream,
    rustls::{ClientConfig, RootCertStore, pki_types::CertificateDer},
};

/// A certificate for `localhost` in files of their own; its DER form.
fn certificate(folder: &std::path::Path) -> (PathBuf, PathBuf, CertificateDer<'static>) {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let (chain, key) = (folder.join("chain.pem"), folder.join("key.pem"));
    std::fs::write(&chain, made.cert.pem()).unwrap();
    std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    (chain, key, made.cert.der().clone())
}

async fn connect(
    port: u16,
    trusted: &CertificateDer<'static>,
) -> std::io::Result<TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.clone()).unwrap();
    let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let socket = TcpStream::connect(("127.0.0.1", port)).await?;
    let name = "localhost".try_into().unwrap();
    let mut stream = TlsConnector::from(Arc::new(config)).connect(name, socket).await?;
    stream
        .write_all(
            format!(
                "GET {PATH} HTTP/1.1\r\nhost: localhost\r\nconnection: Upgrade\r\n\
                 upgrade: websocket\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
                 sec-websocket-version: 13\r\n\r\n"
            )
            .as_bytes(),
        )
        .await?;
    Ok(stream)
}

async fn send(stream: &mut TlsStream<TcpStream>, text: &str) {
    let mut frame = Vec::new();
    write_frame(&mut frame, OpCode::Text, text.as_bytes(), Some([9, 8, 7, 6]));
    stream.write_all(&frame).await.unwrap();
}

/// Reads until `end` has come.
async fn read_until(stream: &mut TlsStream<TcpStream>, end: impl AsRef<[u8]>) -> Vec<u8> {
    let mut all = Vec::new();
    while !all.ends_with(end.as_ref()) {
        let read = tokio::time::timeout(Duration::from_secs(10), stream.read_buf(&mut all));
        assert!(read.await.unwrap().unwrap() > 0, "{}", String::from_utf8_lossy(&all));
    }
    all
}

#[tokio::test]
async fn sessions_behave_over_tls_as_over_tcp_and_certificates_can_be_renewed() {
    let folder = std::env::temp_dir().join(format!("asyncapi-ws-tls-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let (chain, key, first) = certificate(&folder);
    let certificates = Certificates::read(chain, key).unwrap();
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let listener = TlsListener::new(listener, &certificates).unwrap();
    let limits = Limits { queue_bytes: 64 << 20, ..Limits::default() };
    let hub = Hub::with(HubOptions { limits, ..HubOptions::default() });
    let router = Endpoint::new(Board::default()).hub(&hub).into_router();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let serving = {
        let hub = hub.clone();
        tokio::spawn(async move {
            let signal = async {
                let _ = stopped.await;
            };
            serve(listener, router, &hub, signal, Duration::ZERO).await
        })
    };

    let mut client = connect(port, &first).await.unwrap();
    send(&mut client, &json("subscribe", "news")).await;
    read_until(&mut client, &json("subscribed", "news")).await;
    // More than the sockets hold, so that writing has to stop and go on.
    let text = "x".repeat(100_000);
    for n in 0..100 {
        let text = format!("{n} {text}");
        assert_eq!(hub.publish("news", &message("push", &text)), Ok(1));
    }
    let received = read_until(&mut client, &json("push", &format!("99 {text}"))).await;
    assert!(received.len() > 10_000_000);

    // What cannot be read changes nothing; what can is served to the next client.
    let (_, _, second) = certificate(&folder);
    std::fs::write(folder.join("key.pem"), "no key").unwrap();
    let error = certificates.read_again().unwrap_err().to_string();
    assert!(error.contains("key.pem"), "{error}");
    connect(port, &first).await.unwrap();
    let (_, _, third) = certificate(&folder);
    certificates.read_again().unwrap();
    connect(port, &second).await.unwrap_err();
    connect(port, &first).await.unwrap_err();
    let mut renewed = connect(port, &third).await.unwrap();
    send(&mut renewed, &json("echo", "renewed")).await;
    read_until(&mut renewed, &json("echo", "renewed")).await;
    send(&mut client, &json("echo", "the old one goes on")).await;
    read_until(&mut client, &json("echo", "the old one goes on")).await;

    stop.send(()).unwrap();
    let close = [0x88, 2, 3, 0xe9];
    assert_eq!(read_until(&mut client, close).await, close, "closed with 1001");
    drop((client, renewed));
    serving.await.unwrap().unwrap();
    std::fs::remove_dir_all(folder).unwrap();
}
