//! What the servers under test share: the message, its frame, and the beat it is published in.

use std::{
    io::{self, Read, Write},
    net::{TcpListener, TcpStream},
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

/// Nanoseconds since the Unix epoch: comparable between the processes of one machine.
pub fn nanoseconds() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_nanos() as u64)
}

/// Where in a push its time stamp starts, counted from the payload's first byte.
pub const TIME_AT: usize = r#"{"type":"bars.update","payload":{"time":"#.len();

/// Digits of the time stamp.
pub const TIME_DIGITS: usize = 19;

/// A push as the trading API sends it, with the moment at which it was due as its time.
pub fn push(topic: &str, due: u64, out: &mut Vec<u8>) {
    // Writing to a vector cannot fail.
    let _ = write!(
        out,
        r#"{{"type":"bars.update","payload":{{"time":{due:019},"open":150.0,"high":151.0,"low":149.5,"close":150.5,"volume":1000000}},"topic":"{topic}"}}"#
    );
}

/// The same as an unmasked text frame.
pub fn push_frame(topic: &str, due: u64, out: &mut Vec<u8>) {
    let mut payload = Vec::with_capacity(256);
    push(topic, due, &mut payload);
    frame(&payload, out);
}

/// A payload of less than 64 KiB as an unmasked text frame.
pub fn frame(payload: &[u8], out: &mut Vec<u8>) {
    out.push(0x81);
    if payload.len() < 126 {
        out.push(payload.len() as u8);
    } else {
        out.push(126);
        out.extend_from_slice(&(payload.len() as u16).to_be_bytes());
    }
    out.extend_from_slice(payload);
}

/// The answer to any handshake of the load generator, which does not look at the accept key.
pub const SWITCHING: &[u8] = b"HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\n\
connection: Upgrade\r\nsec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

/// Accepts a connection of the load generator, which asks for nothing but a WebSocket.
///
/// # Errors
/// When there is none, or it ends.
pub fn accept(listener: &TcpListener) -> io::Result<TcpStream> {
    let (mut socket, _) = listener.accept()?;
    socket.set_nodelay(true)?;
    let mut request = [0; 4096];
    let mut length = 0;
    while !request[..length].windows(4).any(|end| end == b"\r\n\r\n") && length < request.len() {
        match socket.read(&mut request[length..])? {
            0 => break,
            n => length += n,
        }
    }
    socket.write_all(SWITCHING)?;
    socket.set_nonblocking(true)?;
    Ok(socket)
}

/// The topic that number `n` of the servers' topics has.
pub fn topic(n: usize) -> String {
    format!("bars:SYM{n}:1")
}

/// Calls `beat` with the moments at which messages were due, `rate` a second in all, without drifting, from
/// the moment on at which standard input ends: by then all clients are there.
///
/// Once a millisecond at most: the timers of the other languages count in milliseconds, and fewer, larger
/// turns are less work. Messages say when they were due, and not when their server got round to
/// them, so that one that is late cannot look prompt.
pub fn at_rate(rate: f64, mut beat: impl FnMut(&[u64])) -> ! {
    const BEAT: Duration = Duration::from_millis(1);
    // Whether it ends or fails, nobody is waited for any longer.
    let _ = io::copy(&mut io::stdin(), &mut io::sink());
    let (start, started) = (Instant::now(), nanoseconds());
    let (mut sent, mut due) = (0u64, Vec::new());
    loop {
        let now = start.elapsed();
        let count = (now.as_secs_f64() * rate) as u64;
        due.clear();
        due.extend((sent..count).map(|n| started + ((n + 1) as f64 / rate * 1e9) as u64));
        if !due.is_empty() {
            beat(&due);
            sent = count;
        }
        let next = Duration::from_secs_f64((sent + 1) as f64 / rate).max(now + BEAT);
        if let Some(wait) = next.checked_sub(start.elapsed()) {
            std::thread::sleep(wait);
        }
    }
}

/// Port, messages a second, topics: what every server is called with.
pub fn arguments() -> (u16, f64, usize) {
    let mut arguments = std::env::args().skip(1);
    let mut next = |default: f64| {
        arguments.next().and_then(|argument| argument.parse().ok()).unwrap_or(default)
    };
    (next(9100.0) as u16, next(0.0), next(1.0) as usize)
}
