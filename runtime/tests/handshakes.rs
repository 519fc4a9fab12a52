//! The opening handshake: what is asked of a request, and what an answer says.

#![cfg(feature = "server")]

mod support;

use asyncapi_ws::{frame::OpCode, limits::Limits, testing::Received};
use support::{PATH, in_process, json, message, on_port};

#[tokio::test]
async fn the_answer_proves_that_the_key_was_read() {
    let setup = in_process(Limits::default(), |endpoint| endpoint);
    let client = setup.server.connect(PATH).await.unwrap();
    // RFC 6455 §1.3.
    assert_eq!(client.headers()["sec-websocket-accept"], "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    assert!(!client.headers().contains_key("sec-websocket-protocol"));
    assert!(!client.headers().contains_key("sec-websocket-extensions"));
}

#[tokio::test]
async fn a_request_that_is_no_handshake_is_told_what_is_missing() {
    let setup = in_process(Limits::default(), |endpoint| endpoint);
    for (header, expected) in [
        (("upgrade", "h2c"), 426),
        (("connection", "close"), 426),
        (("sec-websocket-version", "8"), 426),
        (("sec-websocket-version", ""), 426),
        (("sec-websocket-key", ""), 400),
        (("sec-websocket-key", "dG9vIHNob3J0"), 400),
    ] {
        let (status, headers, _) = setup.server.handshake(PATH, &[header]).await.unwrap();
        assert_eq!(status, expected, "{header:?}");
        if status == 426 {
            assert_eq!(headers["sec-websocket-version"], "13");
        }
    }
    let upgrade = [("connection", "keep-alive, Upgrade"), ("upgrade", "WebSocket")];
    setup.server.connect_with(PATH, &upgrade).await.unwrap();
}

#[tokio::test]
async fn the_servers_first_choice_among_the_offers_is_selected() {
    let setup = in_process(Limits::default(), |endpoint| endpoint);
    for (offer, selected) in [
        ("board.v1", Some("board.v1")),
        ("other, board.v1.msgpack, board.v1", Some("board.v1")),
        ("board.v1.msgpack", Some("board.v1.msgpack")),
        ("other", None),
    ] {
        let client = setup.server.connect_as(PATH, offer).await.unwrap();
        let header = client.headers().get("sec-websocket-protocol");
        assert_eq!(header.map(|name| name.to_str().unwrap()), selected, "{offer}");
    }
}

#[tokio::test]
async fn a_codec_comes_with_its_subprotocol_and_each_is_encoded_for() {
    let setup = in_process(Limits::default(), |endpoint| endpoint);
    let mut text = setup.server.connect(PATH).await.unwrap();
    let mut binary = setup.server.connect_as(PATH, "board.v1.msgpack").await.unwrap();
    let subscribe = json("subscribe", "news");
    text.send_text(&subscribe).await.unwrap();
    binary.send_binary(subscribe.as_bytes()).await.unwrap();
    text.receive().await.unwrap();
    assert!(matches!(binary.receive().await.unwrap(), Received::Binary(_)));
    assert_eq!(setup.hub.publish("news", &message("push", "")), Ok(2));
    assert_eq!(text.receive().await.unwrap(), Received::Text(json("push", "")));
    assert_eq!(binary.receive().await.unwrap(), Received::Binary(json("push", "").into_bytes()));
}

#[tokio::test]
async fn frames_right_behind_the_handshake_are_read() {
    let setup = on_port(Limits::default(), 1).await;
    let address = setup.server.address().unwrap();
    let mut bytes = format!(
        "GET {PATH}?token=x HTTP/1.1\r\nhost: localhost\r\nconnection: Upgrade\r\n\
         upgrade: websocket\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
         sec-websocket-version: 13\r\n\r\n"
    )
    .into_bytes();
    for text in ["first", "second"] {
        asyncapi_ws::frame::write_frame(
            &mut bytes,
            OpCode::Text,
            json("echo", text).as_bytes(),
            Some([1, 2, 3, 4]),
        );
    }
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    tokio::io::AsyncWriteExt::write_all(&mut stream, &bytes).await.unwrap();
    let mut answer = Vec::new();
    while !String::from_utf8_lossy(&answer).contains("second") {
        let mut part = [0; 1024];
        let n = tokio::io::AsyncReadExt::read(&mut stream, &mut part).await.unwrap();
        assert!(n > 0, "{}", String::from_utf8_lossy(&answer));
        answer.extend_from_slice(&part[..n]);
    }
    assert!(String::from_utf8_lossy(&answer).contains("first"));
    assert_eq!(setup.board.session(0).query(), Some("token=x"));
    assert!(setup.board.session(0).remote_address().is_some());
}

#[tokio::test]
async fn a_client_that_dawdles_over_its_request_is_dropped_and_delays_nobody() {
    let limits = Limits {
        handshake: std::time::Duration::from_millis(200),
        handshakes: 2,
        ..Limits::default()
    };
    let hub = asyncapi_ws::hub::Hub::with(asyncapi_ws::hub::HubOptions {
        limits,
        ..asyncapi_ws::hub::HubOptions::default()
    });
    let router = asyncapi_ws::endpoint::Endpoint::new(support::Board::default()).hub(&hub);
    let router = router.into_router();
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let serving = tokio::spawn(async move {
        asyncapi_ws::serve::serve(
            listener,
            router,
            &hub,
            std::future::pending(),
            std::time::Duration::ZERO,
        )
        .await
    });
    let mut slow = Vec::new();
    for _ in 0..3 {
        let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
        let half = format!("GET {PATH} HTTP/1.1\r\nhost: loc");
        tokio::io::AsyncWriteExt::write_all(&mut stream, half.as_bytes()).await.unwrap();
        slow.push(stream);
    }
    // More of them than there are places; the next one gets its turn all the same.
    let mut quick = tokio::net::TcpStream::connect(address).await.unwrap();
    let request = format!(
        "GET {PATH} HTTP/1.1\r\nhost: localhost\r\nconnection: Upgrade\r\n\
         upgrade: websocket\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
         sec-websocket-version: 13\r\n\r\n"
    );
    tokio::io::AsyncWriteExt::write_all(&mut quick, request.as_bytes()).await.unwrap();
    let mut answer = [0; 12];
    tokio::io::AsyncReadExt::read_exact(&mut quick, &mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 101");
    for mut stream in slow {
        let mut rest = Vec::new();
        // Dropped with or without an answer.
        let _ = tokio::io::AsyncReadExt::read_to_end(&mut stream, &mut rest).await;
    }
    serving.abort();
}

#[cfg(feature = "deflate")]
#[tokio::test]
async fn compressed_and_plain_clients_get_the_same_message() {
    let setup = in_process(Limits::default(), |endpoint| endpoint);
    let offer = ("sec-websocket-extensions", "permessage-deflate; client_max_window_bits");
    let small = ("sec-websocket-extensions", "permessage-deflate; server_max_window_bits=9");
    let mut clients = [
        setup.server.connect(PATH).await.unwrap(),
        setup.server.connect_with(PATH, &[offer]).await.unwrap(),
        setup.server.connect_with(PATH, &[small]).await.unwrap(),
    ];
    assert_eq!(
        clients[2].headers()["sec-websocket-extensions"],
        "permessage-deflate; server_no_context_takeover; client_no_context_takeover; \
         server_max_window_bits=9"
    );
    let text = "all the same ".repeat(100);
    for client in &mut clients {
        client.send_text(&json("subscribe", "news")).await.unwrap();
        client.receive_text().await.unwrap();
    }
    let before = setup.hub.metrics().bytes_out;
    setup.hub.publish("news", &message("push", &text)).unwrap();
    setup.hub.publish("news", &message("push", "short")).unwrap();
    for client in &mut clients {
        assert_eq!(client.receive_text().await.unwrap(), json("push", &text));
        assert_eq!(client.receive_text().await.unwrap(), json("push", "short"));
        client.send_text(&json("echo", &text)).await.unwrap();
        assert_eq!(client.receive_text().await.unwrap(), json("echo", &text));
    }
    let sent = setup.hub.metrics().bytes_out - before;
    assert!(sent < 2 * 1500 + 4 * 300, "two of three were compressed: {sent}");
}
