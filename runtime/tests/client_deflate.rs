//! What a client sends is compressed as the server's answer allows, on real sockets.

#![cfg(all(feature = "client", feature = "deflate"))]
#![allow(clippy::unwrap_used, reason = "test code, though not in a test function")]

use std::time::Duration;

use asyncapi_ws::{
    client::{Options, RawConnection, RawMessage},
    deflate::{DeflateOptions, Deflater, Inflater, WindowBits},
    frame::{Header, apply_mask},
};
use base64::Engine as _;
use sha1::Digest as _;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// One frame of a client: whether it is compressed, and its payload without the mask.
type Seen = (bool, Vec<u8>);

/// What a server sees of a client that sends this message: the request, and the frame.
async fn seen(
    extension: Option<&str>,
    deflate: Option<DeflateOptions>,
    message: &[u8],
) -> (String, Seen) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut options = Options::new(format!("ws://{}/", listener.local_addr().unwrap()));
    options.deflate = deflate;
    let server = async {
        let (mut stream, _) = listener.accept().await.unwrap();
        let request = greet(&mut stream, extension).await;
        (request, frame(&mut stream).await)
    };
    let client = async {
        let mut client = RawConnection::connect(options).await.unwrap();
        client.send(&RawMessage::Binary(message.to_vec()));
        // It goes while something is waited for; the server hangs up.
        assert_eq!(client.next().await, None);
    };
    let both = async { tokio::join!(server, client).0 };
    tokio::time::timeout(Duration::from_secs(30), both).await.expect("it happens within 30 s")
}

async fn greet(stream: &mut TcpStream, extension: Option<&str>) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        assert!(stream.read_buf(&mut head).await.unwrap() > 0);
    }
    let head = String::from_utf8(head).unwrap();
    let key = head.lines().find_map(|line| line.strip_prefix("Sec-WebSocket-Key: ")).unwrap();
    let mut hash = sha1::Sha1::new();
    hash.update(key.as_bytes());
    hash.update(b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11");
    let accept = base64::engine::general_purpose::STANDARD.encode(hash.finalize());
    let extension = extension.map(|value| format!("Sec-WebSocket-Extensions: {value}\r\n"));
    let answer = format!(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Accept: {accept}\r\n{}\r\n",
        extension.unwrap_or_default()
    );
    stream.write_all(answer.as_bytes()).await.unwrap();
    head
}

async fn frame(stream: &mut TcpStream) -> Seen {
    let mut input = Vec::new();
    loop {
        if let Some((header, size)) = Header::parse(&input).unwrap()
            && let Some(payload) = input.get_mut(size..size + header.length as usize)
        {
            apply_mask(payload, header.mask.unwrap());
            return (header.compressed, payload.to_vec());
        }
        assert!(stream.read_buf(&mut input).await.unwrap() > 0);
    }
}

const AGREED: &str = "permessage-deflate; server_no_context_takeover";

/// Two parts that are alike, too far from each other for a small window.
fn message() -> Vec<u8> {
    let mut random = 1_u32;
    let mut part = vec![0_u8; 4000];
    part.fill_with(|| {
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (random >> 28) as u8
    });
    part.repeat(2)
}

fn deflated(window: u8, message: &[u8]) -> Seen {
    let mut out = Vec::new();
    Deflater::new(WindowBits::new(window).unwrap(), 6).message(message, &mut out);
    (true, out)
}

#[tokio::test]
async fn the_window_is_the_smaller_of_what_the_server_allows_and_the_client_wants() {
    let message = message();
    assert_ne!(deflated(9, &message), deflated(15, &message));
    let wants = |window| {
        let max_window = WindowBits::new(window).unwrap();
        Some(DeflateOptions { max_window, ..DeflateOptions::default() })
    };
    for (allowed, wanted, window) in [("", 15, 15), ("9", 15, 9), ("15", 9, 9), ("10", 11, 10)] {
        let mut answer = AGREED.to_owned();
        if !allowed.is_empty() {
            answer += &format!("; client_max_window_bits={allowed}");
        }
        let (_, frame) = seen(Some(&answer), wants(wanted), &message).await;
        assert_eq!(frame, deflated(window, &message), "{answer}, {wanted}");
        let mut out = Vec::new();
        Inflater::default().message(&frame.1, 1 << 20, &mut out).unwrap();
        assert_eq!(out, message);
    }
}

#[tokio::test]
async fn what_cannot_or_need_not_be_smaller_goes_as_it_is() {
    let (long, defaults) = (message(), Some(DeflateOptions::default()));
    let unlike: Vec<u8> = (0..=255).collect();
    let smallest = format!("{AGREED}; client_max_window_bits=8");
    for (extension, message) in [
        // Nothing was agreed.
        (None, &long[..]),
        // A window that zlib cannot produce.
        (Some(&*smallest), &long),
        // Too short, and what becomes no smaller.
        (Some(AGREED), &[b'a'; 255]),
        (Some(AGREED), &unlike),
    ] {
        let (_, frame) = seen(extension, defaults, message).await;
        assert_eq!(frame, (false, message.to_vec()), "{extension:?}");
    }
    let (_, frame) = seen(Some(AGREED), defaults, &[b'a'; 256]).await;
    assert_eq!(frame, deflated(15, &[b'a'; 256]));
}

#[tokio::test]
async fn compression_is_offered_unless_the_owner_says_no() {
    let (request, _) = seen(None, Some(DeflateOptions::default()), b"hi").await;
    let offer = "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; \
                 client_no_context_takeover; client_max_window_bits\r\n";
    assert!(request.contains(offer), "{request}");
    let (request, _) = seen(None, None, b"hi").await;
    assert!(!request.contains("Extensions"), "{request}");
}
