//! The load generator: one thread, many clients.

use crate::server::Server;
use mio::{Events, Interest, Poll, Token, net::TcpStream};
use std::{
    io::{self, ErrorKind, Read, Write},
    net::SocketAddr,
    time::{Duration, Instant},
};

pub(crate) fn connect(address: SocketAddr) -> io::Result<std::net::TcpStream> {
    connect_with(address, "")
}

/// Connects with further lines of the request, each with its end.
pub(crate) fn connect_with(address: SocketAddr, headers: &str) -> io::Result<std::net::TcpStream> {
    let mut socket = std::net::TcpStream::connect(address)?;
    socket.set_nodelay(true)?;
    socket.set_read_timeout(Some(Duration::from_secs(10)))?;
    write!(
        socket,
        "GET /api/v1/ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n\
         Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
         Sec-WebSocket-Version: 13\r\n{headers}\r\n"
    )?;
    // Byte by byte at the end would be exact; the answer comes alone, before any push.
    let mut answer = Vec::new();
    let mut byte = [0; 1];
    while !answer.ends_with(b"\r\n\r\n") {
        if socket.read(&mut byte)? == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        answer.push(byte[0]);
    }
    if !answer.starts_with(b"HTTP/1.1 101") {
        return Err(io::Error::other(String::from_utf8_lossy(&answer).into_owned()));
    }
    Ok(socket)
}

/// A masked text frame; the key is zero, which unmasks to the same work.
pub(crate) fn request(kind: &str, topic: usize) -> Vec<u8> {
    let payload = format!(
        r#"{{"type":"bars.{kind}","payload":{{"symbol":"SYM{topic}","params":{{"resolution":"1"}}}}}}"#
    );
    let key = [0x1f, 0x2e, 0x3d, 0x4c];
    let mut frame = vec![0x81, 0x80 | payload.len() as u8];
    frame.extend(key);
    frame.extend(payload.bytes().zip(key.iter().cycle()).map(|(byte, key)| byte ^ key));
    frame
}

/// Counts the frames of a stream that is cut anywhere.
#[derive(Default)]
pub(crate) struct Frames {
    /// Bytes of the current frame that are still to come.
    missing: usize,
    header: Vec<u8>,
}

impl Frames {
    /// The number of frames that begin in `bytes`, and the payload of the first whole one.
    pub(crate) fn take<'b>(&mut self, mut bytes: &'b [u8]) -> (u64, Option<&'b [u8]>) {
        let (mut count, mut first) = (0, None);
        loop {
            let skip = self.missing.min(bytes.len());
            self.missing -= skip;
            bytes = &bytes[skip..];
            if bytes.is_empty() {
                return (count, first);
            }
            let before = self.header.len();
            self.header.extend_from_slice(&bytes[..bytes.len().min(10 - before)]);
            let (size, length) = match self.header[..] {
                [_, length, ..] if length < 126 => (2, usize::from(length)),
                [_, 126, a, b, ..] => (4, usize::from(u16::from_be_bytes([a, b]))),
                [_, 127, a, b, c, d, e, f, g, h] => {
                    (10, u64::from_be_bytes([a, b, c, d, e, f, g, h]) as usize)
                }
                _ => return (count, first),
            };
            self.header.clear();
            bytes = &bytes[size - before..];
            if first.is_none() && bytes.len() >= length {
                first = Some(&bytes[..length]);
            }
            self.missing = length;
            count += 1;
        }
    }
}

pub(crate) fn stamp(payload: &[u8]) -> Option<u64> {
    let digits = payload.get(benches::TIME_AT..benches::TIME_AT + benches::TIME_DIGITS)?;
    std::str::from_utf8(digits).ok()?.parse().ok()
}

pub(crate) struct Load {
    poll: Poll,
    clients: Vec<(TcpStream, Frames)>,
    buffer: Vec<u8>,
}

impl Load {
    /// Connects clients one after the other; each says `first`. What comes meanwhile is read.
    pub(crate) fn connect(
        server: &Server,
        count: usize,
        first: impl Fn(usize) -> Option<Vec<u8>>,
    ) -> io::Result<Self> {
        let mut load = Self {
            poll: Poll::new()?,
            clients: Vec::with_capacity(count),
            buffer: vec![0; 1 << 18],
        };
        let mut events = Events::with_capacity(1024);
        for n in 0..count {
            let mut socket = connect(server.address)?;
            if let Some(first) = first(n) {
                socket.write_all(&first)?;
            }
            socket.set_nonblocking(true)?;
            let mut socket = TcpStream::from_std(socket);
            load.poll.registry().register(&mut socket, Token(n), Interest::READABLE)?;
            load.clients.push((socket, Frames::default()));
            load.turn(&mut events, Duration::ZERO, &mut |_, _, _, _| {})?;
        }
        Ok(load)
    }

    /// Every client sends this.
    pub(crate) fn say(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.clients.iter_mut().try_for_each(|(socket, _)| socket.write_all(bytes))
    }

    /// Reads for `time`; calls `seen` with the client, the frames that came, and one of them.
    pub(crate) fn run(
        &mut self,
        time: Duration,
        mut seen: impl FnMut(&mut TcpStream, usize, u64, Option<&[u8]>),
    ) -> io::Result<()> {
        let end = Instant::now() + time;
        let mut events = Events::with_capacity(1024);
        while let Some(left) = end.checked_duration_since(Instant::now()) {
            self.turn(&mut events, left, &mut seen)?;
        }
        Ok(())
    }

    /// Reads until what comes is fresh. After three seconds a server that is behind is taken as it is.
    pub(crate) fn settle(&mut self) -> io::Result<()> {
        const TURN: Duration = Duration::from_millis(250);
        let end = Instant::now() + Duration::from_secs(3);
        self.run(Duration::from_secs(1), |_, _, _, _| {})?;
        loop {
            let mut ages = Vec::new();
            self.run(TURN, |_, _, _, first| {
                ages.extend(
                    first.and_then(stamp).map(|sent| benches::nanoseconds().saturating_sub(sent)),
                );
            })?;
            let middle = ages.len() / 2;
            let fresh = ages.is_empty()
                || u128::from(*ages.select_nth_unstable(middle).1) < TURN.as_nanos();
            if fresh || Instant::now() > end {
                return Ok(());
            }
        }
    }

    /// Waits for something to come, at most for `wait`, and reads it.
    fn turn(
        &mut self,
        events: &mut Events,
        wait: Duration,
        seen: &mut impl FnMut(&mut TcpStream, usize, u64, Option<&[u8]>),
    ) -> io::Result<()> {
        self.poll.poll(events, Some(wait))?;
        for event in &*events {
            let n = event.token().0;
            let (socket, frames) = &mut self.clients[n];
            loop {
                match socket.read(&mut self.buffer) {
                    Ok(0) => break,
                    Ok(read) => {
                        let (count, first) = frames.take(&self.buffer[..read]);
                        seen(socket, n, count, first);
                        if read < self.buffer.len() {
                            break;
                        }
                    }
                    Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                    Err(error) => return Err(error),
                }
            }
        }
        Ok(())
    }
}
