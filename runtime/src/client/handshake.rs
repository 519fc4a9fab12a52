//! The opening handshake, from the client's end (RFC 6455 §4.1).

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use sha1::{Digest, Sha1};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use crate::channel::Subprotocol;
#[cfg(feature = "deflate")]
use crate::deflate::{Granted, read_answer};

/// Nothing is offered, so nothing is granted.
#[cfg(not(feature = "deflate"))]
#[derive(Clone, Copy, Debug)]
pub(super) enum Granted {}

#[cfg(not(feature = "deflate"))]
fn read_answer(_: &str) -> Option<Granted> {
    None
}

/// What is asked for.
pub(super) struct Request<'r> {
    pub(super) authority: &'r str,
    pub(super) path: &'r str,
    pub(super) headers: &'r [(String, String)],
    pub(super) subprotocols: &'r [Subprotocol],
    /// The value of `Sec-WebSocket-Extensions`.
    pub(super) offer: Option<&'static str>,
}

/// What became of it.
pub(super) struct Accepted {
    pub(super) subprotocol: Option<Subprotocol>,
    /// What the server said to an offer to compress.
    pub(super) granted: Option<Granted>,
    /// What came behind the answer.
    pub(super) rest: Vec<u8>,
}

/// Why there is no connection.
#[derive(Debug)]
pub(super) enum Failure {
    /// The network, or an answer that is none.
    Lost(String),
    /// Another HTTP status than 101.
    Status(u16, Option<Duration>),
    /// It would be the same each time.
    Hopeless(String),
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::Lost(error.to_string())
    }
}

/// The longest answer that is read, in bytes.
const LONGEST_ANSWER: usize = 64 * 1024;

/// Of the text that a key is hashed with (RFC 6455 §1.3).
const MAGIC: &[u8] = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// Asks for a WebSocket on a stream.
pub(super) async fn shake(
    stream: &mut (impl AsyncRead + AsyncWrite + Unpin),
    request: &Request<'_>,
) -> Result<Accepted, Failure> {
    let mut nonce = [0; 16];
    getrandom::fill(&mut nonce).map_err(|error| Failure::Lost(error.to_string()))?;
    let key = STANDARD.encode(nonce);
    let head = head(request, &key)?;
    stream.write_all(head.as_bytes()).await?;
    stream.flush().await?;
    let mut input = Vec::new();
    loop {
        if let Some(answer) = read(&input)? {
            return judge(&answer, request, &key).map(|(subprotocol, granted)| Accepted {
                subprotocol,
                granted,
                rest: input.split_off(answer.length),
            });
        }
        if input.len() > LONGEST_ANSWER {
            let why = format!("the answer to the handshake exceeds {LONGEST_ANSWER} bytes");
            return Err(Failure::Lost(why));
        }
        if stream.read_buf(&mut input).await? == 0 {
            return Err(Failure::Lost("the server hung up during the handshake".to_owned()));
        }
    }
}

fn head(request: &Request<'_>, key: &str) -> Result<String, Failure> {
    let mut head = format!(
        "GET {} HTTP/1.1\r\nHost: {}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n",
        request.path, request.authority
    );
    let names: Vec<&str> = request.subprotocols.iter().map(|each| each.name).collect();
    if !names.is_empty() {
        head += &format!("Sec-WebSocket-Protocol: {}\r\n", names.join(", "));
    }
    if let Some(offer) = request.offer {
        head += &format!("Sec-WebSocket-Extensions: {offer}\r\n");
    }
    for (name, value) in request.headers {
        // A line break would be a header of somebody else's.
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        if name.is_empty() || !name.bytes().all(is_name) || value.contains(['\r', '\n', '\0']) {
            return Err(Failure::Hopeless(format!("the header `{name}` cannot be sent")));
        }
        head += &format!("{name}: {value}\r\n");
    }
    head += "\r\n";
    Ok(head)
}

/// The parts of an answer that matter.
struct Answer {
    status: u16,
    upgrade: bool,
    accept: Option<String>,
    subprotocol: Option<String>,
    extensions: Vec<String>,
    retry_after: Option<Duration>,
    length: usize,
}

fn read(input: &[u8]) -> Result<Option<Answer>, Failure> {
    let mut headers = [httparse::EMPTY_HEADER; 64];
    let mut response = httparse::Response::new(&mut headers);
    let length = match response.parse(input) {
        Ok(httparse::Status::Complete(length)) => length,
        Ok(httparse::Status::Partial) => return Ok(None),
        Err(error) => return Err(Failure::Lost(format!("the answer is no HTTP: {error}"))),
    };
    let mut answer = Answer {
        status: response.code.unwrap_or_default(),
        upgrade: false,
        accept: None,
        subprotocol: None,
        extensions: Vec::new(),
        retry_after: None,
        length,
    };
    for header in response.headers.iter() {
        let value = String::from_utf8_lossy(header.value).trim().to_owned();
        match header.name.to_ascii_lowercase().as_str() {
            "upgrade" => answer.upgrade = value.eq_ignore_ascii_case("websocket"),
            "sec-websocket-accept" => answer.accept = Some(value),
            "sec-websocket-protocol" => answer.subprotocol = Some(value),
            "sec-websocket-extensions" => answer.extensions.push(value),
            // Seconds; a date is not worth a calendar.
            "retry-after" => answer.retry_after = value.parse().ok().map(Duration::from_secs),
            _ => {}
        }
    }
    Ok(Some(answer))
}

/// The subprotocol, and what is compressed how.
fn judge(
    answer: &Answer,
    request: &Request<'_>,
    key: &str,
) -> Result<(Option<Subprotocol>, Option<Granted>), Failure> {
    if answer.status != 101 {
        return Err(Failure::Status(answer.status, answer.retry_after));
    }
    let mut hash = Sha1::new();
    hash.update(key.as_bytes());
    hash.update(MAGIC);
    let expected = STANDARD.encode(hash.finalize());
    if !answer.upgrade || answer.accept.as_deref() != Some(&expected) {
        return Err(Failure::Lost("the answer to the handshake is no WebSocket's".to_owned()));
    }
    let subprotocol = match answer.subprotocol.as_deref() {
        None => None,
        Some(name) => match request.subprotocols.iter().find(|each| each.name == name) {
            Some(subprotocol) => Some(*subprotocol),
            None => {
                let why = format!("the server selected `{name}`, which was not offered");
                return Err(Failure::Lost(why));
            }
        },
    };
    let granted = match &answer.extensions[..] {
        [] => return Ok((subprotocol, None)),
        [only] if request.offer.is_some() => read_answer(only),
        _ => None,
    };
    match granted {
        Some(_) => Ok((subprotocol, granted)),
        None => {
            Err(Failure::Lost("the server selected extensions that were not offered".to_owned()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(headers: &[(String, String)]) -> Request<'_> {
        Request { authority: "h", path: "/", headers, subprotocols: &[], offer: None }
    }

    fn answered(head: &str) -> Result<(Option<Subprotocol>, Option<Granted>), Failure> {
        let request = request(&[]);
        let answer = read(head.as_bytes())?.expect("the head is whole");
        // The key of the example in RFC 6455 §1.3.
        judge(&answer, &request, "dGhlIHNhbXBsZSBub25jZQ==")
    }

    const GOOD: &str = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\
                        Connection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n";

    #[test]
    fn the_answer_of_the_rfc_is_taken() {
        assert!(answered(&format!("{GOOD}\r\n")).is_ok());
    }

    #[test]
    fn what_was_not_asked_for_is_not_taken() {
        for head in [
            GOOD.replace("s3pP", "S3pP"),
            GOOD.replace("websocket", "h2c"),
            format!("{GOOD}Sec-WebSocket-Protocol: other\r\n"),
            format!(
                "{GOOD}Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover\r\n"
            ),
            format!("{GOOD}Sec-WebSocket-Extensions: x-other\r\n"),
        ] {
            let failure = answered(&format!("{head}\r\n")).err();
            assert!(matches!(failure, Some(Failure::Lost(_))), "{head}: {failure:?}");
        }
    }

    #[test]
    fn a_status_and_its_wait_are_read() {
        let head = "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 7\r\n\r\n";
        match answered(head) {
            Err(Failure::Status(503, Some(wait))) => assert_eq!(wait, Duration::from_secs(7)),
            other => assert!(other.is_ok(), "{other:?}"),
        }
    }

    #[test]
    fn a_header_with_a_line_break_is_not_sent() {
        let headers = [("x".to_owned(), "a\r\nb: c".to_owned())];
        assert!(matches!(head(&request(&headers), "k"), Err(Failure::Hopeless(_))));
    }
}
