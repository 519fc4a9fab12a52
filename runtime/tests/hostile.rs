//! Peers that do what no client of ours does: fragments, bombs, silence, half a handshake. Each is
//! told why where it can be told, and costs no more than its share.

#![cfg(feature = "server")]
#![allow(clippy::unwrap_used, reason = "test code, though not in a test function")]

mod support;

use asyncapi_ws::{
    frame::{OpCode, write_frame},
    hub::{Hub, HubOptions},
    limits::Limits,
    serve::serve,
    testing::{RawClient, Received},
};
use std::{net::SocketAddr, time::Duration};
use support::{Board, PATH, Setup, json, on_port};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

async fn client(setup: &Setup) -> RawClient {
    setup.server.connect(PATH).await.unwrap()
}

/// A masked frame whose final bit may be missing.
fn part(opcode: OpCode, is_last: bool, payload: &[u8]) -> Vec<u8> {
    let mut frame = Vec::new();
    write_frame(&mut frame, opcode, payload, Some([1, 2, 3, 4]));
    if !is_last {
        frame[0] &= 0x7f;
    }
    frame
}

/// A message in frames of one byte each, with a ping between every two.
fn crumbs(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut all = Vec::new();
    for (n, byte) in bytes.iter().enumerate() {
        let opcode = if n == 0 { OpCode::Text } else { OpCode::Continuation };
        all.extend(part(opcode, n + 1 == bytes.len(), &[*byte]));
        if n % 16 == 0 && n + 1 < bytes.len() {
            all.extend(part(OpCode::Ping, true, b"?"));
        }
    }
    all
}

#[tokio::test]
async fn a_message_in_frames_of_one_byte_and_segments_of_any_size_is_one_message() {
    let setup = on_port(Limits::default(), 1).await;
    let mut client = client(&setup).await;
    let bytes = crumbs(&json("echo", "crumbs"));
    for segment in [1, 2, 7, bytes.len()] {
        for piece in bytes.chunks(segment) {
            client.send_raw(piece).await.unwrap();
            tokio::task::yield_now().await;
        }
        assert_eq!(client.receive_text().await.unwrap(), json("echo", "crumbs"));
    }
}

#[tokio::test]
async fn fragments_without_end_are_a_message_too_large() {
    let limits = Limits { message_bytes: 10_000, ..Limits::default() };
    let setup = on_port(limits, 1).await;
    let mut endless = client(&setup).await;
    endless.send_raw(&part(OpCode::Text, false, b"x")).await.unwrap();
    let more = part(OpCode::Continuation, false, &[b'x'; 1_000]);
    for _ in 0..10 {
        endless.send_raw(&more).await.unwrap();
    }
    assert_eq!(endless.receive_close().await.unwrap().0, 1009);
    // A header that promises 2^62 bytes takes no memory, and its frame is not waited for.
    let mut promising = client(&setup).await;
    let promise = [&[0x82, 0xff, 0x40][..], &[0; 7], &[1, 2, 3, 4]].concat();
    promising.send_raw(&promise).await.unwrap();
    assert_eq!(promising.receive_close().await.unwrap().0, 1009);
}

#[tokio::test]
async fn empty_fragments_without_end_hold_nobody_up() {
    let setup = on_port(Limits::default(), 1).await;
    let mut flood = client(&setup).await;
    flood.send_raw(&part(OpCode::Text, false, b"")).await.unwrap();
    let empty = part(OpCode::Continuation, false, b"").repeat(10_000);
    let flooding = tokio::spawn(async move {
        for _ in 0..20 {
            flood.send_raw(&empty).await.unwrap();
        }
        flood
            .send_raw(&part(OpCode::Continuation, true, json("echo", "").as_bytes()))
            .await
            .unwrap();
        flood.receive_text().await.unwrap()
    });
    let mut other = client(&setup).await;
    for n in 0..20 {
        other.send_text(&json("echo", &n.to_string())).await.unwrap();
        assert_eq!(other.receive_text().await.unwrap(), json("echo", &n.to_string()));
    }
    assert_eq!(flooding.await.unwrap(), json("echo", ""));
}

#[cfg(feature = "deflate")]
#[tokio::test]
async fn a_deflate_bomb_costs_its_limit_and_is_told_so() {
    let setup = on_port(Limits::default(), 1).await;
    let offer = [("sec-websocket-extensions", "permessage-deflate")];
    let mut client = setup.server.connect_with(PATH, &offer).await.unwrap();
    // 20 MB of blanks in 20 KB.
    let mut deflater =
        asyncapi_ws::deflate::Deflater::new(asyncapi_ws::deflate::WindowBits::MAX, 9);
    let mut bomb = Vec::new();
    deflater.message(&vec![b' '; 20_000_000], &mut bomb);
    assert!(bomb.len() < 64 * 1024, "{}", bomb.len());
    let mut frame = part(OpCode::Text, true, &bomb);
    frame[0] |= 0x40;
    client.send_raw(&frame).await.unwrap();
    assert_eq!(client.receive_close().await.unwrap(), (1009, String::new()));
    let mut declared = setup
        .server
        .connect_with(PATH, &[offer[0], ("sec-websocket-protocol", "board.v1")])
        .await
        .unwrap();
    declared.send_raw(&frame).await.unwrap();
    let (code, text) = declared.receive_close().await.unwrap();
    assert_eq!(code, 1009);
    assert!(text.ends_with("exceeds max_message_size 262144"), "{text}");
}

#[tokio::test]
async fn a_peer_that_is_gone_without_a_word_is_found_out_and_dropped() {
    for (subprotocol, code) in [(None, 1003), (Some("board.v1"), 4000)] {
        let setup = on_port(Limits::default(), 1).await;
        let mut silent = match subprotocol {
            Some(name) => setup.server.connect_as(PATH, name).await.unwrap(),
            None => client(&setup).await,
        };
        silent.send_text(&json("subscribe", "news")).await.unwrap();
        silent.receive_text().await.unwrap();
        for seconds in [15, 15] {
            setup.clock.advance(Duration::from_secs(seconds), &setup.hub).await;
        }
        assert!(!setup.hub.has_subscribers("news"), "nothing is published to it any more");
        assert_eq!(setup.hub.connection_count(), 1, "its answer to the close is waited for");
        setup.clock.advance(Duration::from_secs(5), &setup.hub).await;
        assert_eq!(setup.hub.connection_count(), 0);
        assert_eq!(silent.receive_close().await.unwrap().0, code);
        assert_eq!(silent.receive().await.unwrap(), Received::End);
    }
}

/// A server of the runtime's own, with these limits; its address.
async fn served(limits: Limits) -> (Hub, SocketAddr) {
    let hub = Hub::with(HubOptions { limits, shards: 1, ..HubOptions::default() });
    let router = asyncapi_ws::endpoint::Endpoint::new(Board::default()).hub(&hub).into_router();
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let served = hub.clone();
    tokio::spawn(async move {
        serve(listener, router, &served, std::future::pending(), Duration::ZERO).await
    });
    (hub, address)
}

#[tokio::test]
async fn connections_that_say_nothing_or_stop_in_mid_handshake_are_dropped_in_time() {
    let limits = Limits { handshake: Duration::from_millis(200), ..Limits::default() };
    let (hub, address) = served(limits).await;
    let halves = ["", "G", "GET / HTTP/1.1\r\nhost: localhost\r\nupgrade: webso"];
    let mut streams = Vec::new();
    for half in halves {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(half.as_bytes()).await.unwrap();
        streams.push(stream);
    }
    // One that never stops: a byte at a time keeps nobody's place.
    let mut dripping = TcpStream::connect(address).await.unwrap();
    let drip = tokio::spawn(async move {
        let mut sent = 0;
        while dripping.write_all(b"x").await.is_ok() {
            sent += 1;
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        sent
    });
    for mut stream in streams {
        let mut rest = Vec::new();
        let end = stream.read_to_end(&mut rest);
        let _ = tokio::time::timeout(Duration::from_secs(10), end).await.expect("dropped");
    }
    assert!(drip.await.unwrap() > 0);
    assert_eq!(hub.connection_count(), 0);
}
