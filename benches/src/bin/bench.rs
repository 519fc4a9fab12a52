//! The runner: starts each server in turn, puts the same work on it, and prints a table.
//!
//! `bench [--rounds N] [--seconds N] [WORK…]`, where a work is `fanout-100`, `fanout-400`,
//! `fanout-2000`, `topics`, `requests`, `idle`, `setup` or `soak`; all but the last unless said. Peers are
//! `ours`, `axum`, `ws`, `fastws`, `write`, `joined`, `fixed`; `--only NAME` may be given several times.
//!
//! CPU seconds are the server process's own (user and system), from `/proc`; so a busy neighbour
//! changes latencies, but hardly these figures.

use mio::{Events, Interest, Poll, Token, net::TcpStream};
use std::{
    collections::BTreeMap,
    io::{self, ErrorKind, Read, Write},
    net::SocketAddr,
    process::{Child, Command},
    time::{Duration, Instant},
};

struct Server {
    child: Child,
    address: SocketAddr,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn start(name: &str, rate: f64, topics: usize) -> io::Result<Server> {
    let binary = |name: &str| -> io::Result<Command> {
        Ok(Command::new(std::env::current_exe()?.with_file_name(name)))
    };
    let here = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let address = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    let mut command = match name {
        "axum" => binary("axum_broadcast")?,
        "write" | "joined" | "fixed" => binary("limit")?,
        "ws" => {
            let mut command = Command::new("node");
            command.arg(here.join("peers/ws/server.js"));
            command
        }
        "fastws" => {
            let setup = Command::new(here.join("../tests/fastws/setup.sh")).output()?;
            let folder = String::from_utf8_lossy(&setup.stdout).trim().to_owned();
            let mut command = Command::new(std::path::Path::new(&folder).join("bin/python"));
            command.arg(here.join("peers/fastws/server.py"));
            command
        }
        _ => binary("ours")?,
    };
    command
        .args([address.port().to_string(), rate.to_string(), topics.to_string()])
        .env("MODE", name);
    if let Some(shards) = name.strip_prefix("ours-") {
        command.env("SHARDS", shards);
    }
    let child = command.spawn()?;
    let server = Server { child, address };
    let patience = Instant::now() + Duration::from_secs(10);
    while std::net::TcpStream::connect(address).is_err() {
        if Instant::now() > patience {
            return Err(io::Error::other(format!("{name} does not listen")));
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok(server)
}

impl Server {
    /// User and system time so far.
    fn cpu(&self) -> Duration {
        let text =
            std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap_or_default();
        let fields: Vec<&str> = text.rsplit(')').next().unwrap_or("").split_whitespace().collect();
        let ticks = |at: usize| fields.get(at).and_then(|f| f.parse::<u64>().ok()).unwrap_or(0);
        Duration::from_millis((ticks(11) + ticks(12)) * 10)
    }

    /// Resident memory in KiB.
    fn resident(&self) -> f64 {
        let text =
            std::fs::read_to_string(format!("/proc/{}/statm", self.child.id())).unwrap_or_default();
        text.split_whitespace().nth(1).and_then(|f| f.parse::<f64>().ok()).unwrap_or(0.0) * 4.0
    }
}

fn connect(address: SocketAddr) -> io::Result<std::net::TcpStream> {
    let mut socket = std::net::TcpStream::connect(address)?;
    socket.set_nodelay(true)?;
    socket.set_read_timeout(Some(Duration::from_secs(10)))?;
    write!(
        socket,
        "GET /api/v1/ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n\
         Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
         Sec-WebSocket-Version: 13\r\n\r\n"
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
fn request(kind: &str, topic: usize) -> Vec<u8> {
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
struct Frames {
    /// Bytes of the current frame that are still to come.
    missing: usize,
    header: Vec<u8>,
}

impl Frames {
    /// The number of frames that begin in `bytes`, and the payload of the first whole one.
    fn take<'b>(&mut self, mut bytes: &'b [u8]) -> (u64, Option<&'b [u8]>) {
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

fn stamp(payload: &[u8]) -> Option<u64> {
    let digits = payload.get(benches::TIME_AT..benches::TIME_AT + benches::TIME_DIGITS)?;
    std::str::from_utf8(digits).ok()?.parse().ok()
}

/// What a work found out about a server, by the name of the figure.
type Figures = BTreeMap<&'static str, f64>;

struct Load {
    poll: Poll,
    clients: Vec<(TcpStream, Frames)>,
    buffer: Vec<u8>,
}

impl Load {
    fn connect(
        server: &Server,
        count: usize,
        first: impl Fn(usize) -> Option<Vec<u8>>,
    ) -> io::Result<Self> {
        let poll = Poll::new()?;
        let mut clients = Vec::with_capacity(count);
        for n in 0..count {
            let mut socket = connect(server.address)?;
            if let Some(first) = first(n) {
                socket.write_all(&first)?;
            }
            socket.set_nonblocking(true)?;
            let mut socket = TcpStream::from_std(socket);
            poll.registry().register(&mut socket, Token(n), Interest::READABLE)?;
            clients.push((socket, Frames::default()));
        }
        Ok(Self { poll, clients, buffer: vec![0; 1 << 18] })
    }

    /// Reads for `time`; calls `seen` with the client, the frames that came, and one of them.
    fn run(
        &mut self,
        time: Duration,
        mut seen: impl FnMut(&mut TcpStream, usize, u64, Option<&[u8]>),
    ) -> io::Result<()> {
        let end = Instant::now() + time;
        let mut events = Events::with_capacity(1024);
        while let Some(left) = end.checked_duration_since(Instant::now()) {
            self.poll.poll(&mut events, Some(left))?;
            for event in &events {
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
        }
        Ok(())
    }
}

fn fanout(
    name: &str,
    rate: f64,
    topics: usize,
    clients: usize,
    time: Duration,
) -> io::Result<Figures> {
    let server = start(name, rate, topics)?;
    let mut load = Load::connect(&server, clients, |n| Some(request("subscribe", n % topics)))?;
    load.run(Duration::from_millis(1500), |_, _, _, _| {})?;
    let (mut deliveries, mut latencies) = (0, Vec::new());
    let (cpu, began) = (server.cpu(), Instant::now());
    load.run(time, |_, _, count, first| {
        deliveries += count;
        if let Some(sent) = first.and_then(stamp) {
            latencies.push(benches::nanoseconds().saturating_sub(sent));
        }
    })?;
    let (cpu, time) = ((server.cpu() - cpu).as_secs_f64(), began.elapsed().as_secs_f64());
    latencies.sort_unstable();
    let at = |share: f64| {
        let index = (latencies.len() as f64 * share) as usize;
        latencies.get(index).map_or(f64::NAN, |ns| *ns as f64 / 1000.0)
    };
    Ok(Figures::from([
        ("deliveries/cpu-s", deliveries as f64 / cpu),
        ("delivered %", 100.0 * deliveries as f64 / (rate * (clients / topics) as f64 * time)),
        ("cpu %", 100.0 * cpu / time),
        ("p50 µs", at(0.5)),
        ("p99 µs", at(0.99)),
    ]))
}

fn requests(name: &str, time: Duration) -> io::Result<Figures> {
    let server = start(name, 0.0, 1)?;
    let (subscribe, unsubscribe) = (request("subscribe", 0), request("unsubscribe", 0));
    let mut load = Load::connect(&server, 100, |_| Some(subscribe.clone()))?;
    let mut on = [true; 100];
    let mut answer = |socket: &mut TcpStream, n: usize, count: u64| {
        for _ in 0..count {
            on[n] = !on[n];
            let _ = socket.write(if on[n] { &subscribe } else { &unsubscribe });
        }
        count
    };
    load.run(Duration::from_millis(500), |socket, n, count, _| {
        answer(socket, n, count);
    })?;
    let (mut replies, cpu, began) = (0, server.cpu(), Instant::now());
    load.run(time, |socket, n, count, _| replies += answer(socket, n, count))?;
    let (cpu, time) = ((server.cpu() - cpu).as_secs_f64(), began.elapsed().as_secs_f64());
    Ok(Figures::from([
        ("replies/cpu-s", replies as f64 / cpu),
        ("replies/s", replies as f64 / time),
    ]))
}

fn idle(name: &str, count: usize) -> io::Result<Figures> {
    let server = start(name, 0.0, 1)?;
    // What the first connections make the server allocate once is not theirs.
    let warm = Load::connect(&server, 100, |_| Some(request("subscribe", 0)))?;
    std::thread::sleep(Duration::from_millis(300));
    let before = server.resident();
    let load = Load::connect(&server, count, |_| None)?;
    std::thread::sleep(Duration::from_millis(500));
    let figures = Figures::from([("KiB/connection", (server.resident() - before) / count as f64)]);
    drop((warm, load));
    Ok(figures)
}

fn setup(name: &str, time: Duration) -> io::Result<Figures> {
    let server = start(name, 0.0, 1)?;
    let (cpu, began) = (server.cpu(), Instant::now());
    let mut count = 0;
    while began.elapsed() < time {
        drop(connect(server.address)?);
        count += 1;
    }
    let (cpu, time) = ((server.cpu() - cpu).as_secs_f64(), began.elapsed().as_secs_f64());
    Ok(Figures::from([
        ("connections/s", f64::from(count) / time),
        ("connections/cpu-s", f64::from(count) / cpu),
    ]))
}

/// Steady subscribers, others that come, subscribe and vanish, and a publisher; ten samples of the
/// server's memory. `--seconds 600` for a long one.
fn soak(name: &str, time: Duration) -> io::Result<Figures> {
    let server = start(name, 200.0, 10)?;
    let mut load = Load::connect(&server, 500, |n| Some(request("subscribe", n % 10)))?;
    let (mut samples, mut came) = (Vec::new(), 0);
    for _ in 0..10 {
        let end = Instant::now() + time / 10;
        while Instant::now() < end {
            for n in 0..20 {
                let mut socket = connect(server.address)?;
                socket.write_all(&request("subscribe", n % 10))?;
                came += 1;
            }
            load.run(Duration::from_millis(50), |_, _, _, _| {})?;
        }
        samples.push(server.resident());
    }
    Ok(Figures::from([
        ("MiB after a tenth", samples[0] / 1024.0),
        ("MiB at the end", samples[9] / 1024.0),
        ("came and went", f64::from(came)),
    ]))
}

fn run(work: &str, name: &str, time: Duration) -> Option<io::Result<Figures>> {
    let all = ["write", "joined", "ours", "axum", "ws", "fastws"];
    let replying = ["fixed", "ours", "axum", "ws", "fastws"];
    let is = |names: &[&str]| {
        names.contains(&name) || (name.starts_with("ours") && names.contains(&"ours"))
    };
    Some(match work {
        "fanout-100" if is(&all) => fanout(name, 100.0, 1, 1000, time),
        "fanout-400" if is(&all) => fanout(name, 400.0, 1, 1000, time),
        "fanout-2000" if is(&["joined", "ours", "axum", "ws"]) => {
            fanout(name, 2000.0, 1, 1000, time)
        }
        "topics" if is(&["ours", "axum", "ws"]) => fanout(name, 5000.0, 1000, 10_000, time),
        "requests" if is(&replying) => requests(name, time),
        "idle" if is(&["ours", "axum", "ws", "fastws"]) => idle(name, 10_000),
        "soak" if is(&["ours", "axum", "ws", "fastws"]) => soak(name, time),
        "setup" if is(&replying) => setup(name, time),
        _ => return None,
    })
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

fn main() -> io::Result<()> {
    let (mut rounds, mut seconds) = (3, 4.0);
    let (mut works, mut names) = (Vec::new(), Vec::new());
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().unwrap_or_default();
        match argument.as_str() {
            "--rounds" => rounds = value().parse().unwrap_or(rounds),
            "--seconds" => seconds = value().parse().unwrap_or(seconds),
            "--only" => names.push(value()),
            work => works.push(work.to_owned()),
        }
    }
    if works.is_empty() {
        works = ["fanout-100", "fanout-400", "fanout-2000", "topics", "requests", "idle", "setup"]
            .map(String::from)
            .to_vec();
    }
    if names.is_empty() {
        names =
            ["write", "joined", "fixed", "ours", "axum", "ws", "fastws"].map(String::from).to_vec();
    }
    for work in works {
        let mut found: BTreeMap<&str, BTreeMap<&str, Vec<f64>>> = BTreeMap::new();
        for _ in 0..rounds {
            for name in &names {
                match run(&work, name, Duration::from_secs_f64(seconds)) {
                    Some(Ok(figures)) => {
                        for (figure, value) in figures {
                            found.entry(name).or_default().entry(figure).or_default().push(value);
                        }
                    }
                    Some(Err(error)) => eprintln!("{work} {name}: {error}"),
                    None => {}
                }
            }
        }
        println!("\n## {work}\n");
        let ours: BTreeMap<&str, f64> = found
            .get("ours")
            .map(|figures| figures.iter().map(|(f, v)| (*f, median(v.clone()))).collect())
            .unwrap_or_default();
        let columns: Vec<&str> = found
            .values()
            .next()
            .map(|figures| figures.keys().copied().collect())
            .unwrap_or_default();
        println!("| server | {} |", columns.join(" | "));
        println!("| --- |{}", " --- |".repeat(columns.len()));
        for name in &names {
            let Some(figures) = found.get_mut(name.as_str()) else { continue };
            let cells: Vec<String> = columns
                .iter()
                .map(|column| {
                    let value = median(figures.remove(column).unwrap_or_default());
                    let ratio = ours.get(column).map_or(f64::NAN, |ours| ours / value);
                    let digits = if value < 100.0 { 1 } else { 0 };
                    if name == "ours" || ratio.is_nan() {
                        format!("{value:.digits$}")
                    } else {
                        format!("{value:.digits$} (ours ×{ratio:.2})")
                    }
                })
                .collect();
            println!("| {name} | {} |", cells.join(" | "));
        }
    }
    Ok(())
}
