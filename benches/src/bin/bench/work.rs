//! What the servers are put to.

use crate::{
    decode, handler_test,
    load::{Load, connect, connect_with, request, stamp},
    server::start,
    storm,
};
use asyncapi_ws::deflate::{Deflater, WindowBits};
use mio::net::TcpStream;
use std::{
    collections::BTreeMap,
    io::{self, Read, Write},
    time::{Duration, Instant},
};

/// What a work found out about a server, by the name of the figure.
pub(crate) type Figures = BTreeMap<&'static str, f64>;

/// A fan-out: messages a second in all, topics that they go to in turn, clients that share these, and
/// others that are connected, each to a topic of its own on which nothing is said.
struct Fanout {
    rate: f64,
    topics: usize,
    clients: usize,
    others: usize,
}

/// One topic with a thousand clients.
const ONE_TOPIC: Fanout = Fanout { rate: 100.0, topics: 1, clients: 1000, others: 0 };

fn fanout(name: &str, work: &Fanout, time: Duration) -> io::Result<Figures> {
    let Fanout { rate, topics, clients, others } = *work;
    let mut server = start(name, rate, topics)?;
    let others = Load::connect(&server, others, |n| Some(request("subscribe", topics + n)))?;
    let mut load = Load::connect(&server, clients, |n| Some(request("subscribe", n % topics)))?;
    server.publish();
    load.settle()?;
    let (mut deliveries, mut latencies) = (0, Vec::new());
    let (cpu, began) = (server.cpu(), Instant::now());
    load.run(time, |_, _, count, first| {
        deliveries += count;
        if let Some(sent) = first.and_then(stamp) {
            latencies.push(benches::nanoseconds().saturating_sub(sent));
        }
    })?;
    let (cpu, time) = ((server.cpu() - cpu).as_secs_f64(), began.elapsed().as_secs_f64());
    drop(others);
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
    let mut load = Load::connect(&server, 100, |_| None)?;
    load.say(&subscribe)?;
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

/// Connections that have negotiated compression, and have sent and got compressed messages.
fn idle_deflate(name: &str, count: usize) -> io::Result<Figures> {
    let mut server = start(name, 20.0, 1)?;
    server.publish();
    let mut deflater = Deflater::new(WindowBits::MAX, 6);
    let payload =
        r#"{"type":"bars.subscribe","payload":{"symbol":"SYM0","params":{"resolution":"1"}}}"#;
    let mut message = Vec::new();
    deflater.message(payload.as_bytes(), &mut message);
    // Masked with zeros; the first reserved bit says that it is compressed.
    let mut frame = vec![0xc1, 0x80 | message.len() as u8, 0, 0, 0, 0];
    frame.extend_from_slice(&message);
    let join = |count: usize| -> io::Result<Vec<std::net::TcpStream>> {
        (0..count)
            .map(|_| {
                let offer = "Sec-WebSocket-Extensions: permessage-deflate\r\n";
                let mut socket = connect_with(server.address, offer)?;
                socket.write_all(&frame)?;
                Ok(socket)
            })
            .collect()
    };
    let warm = join(100)?;
    std::thread::sleep(Duration::from_millis(300));
    let before = server.resident();
    let mut sockets = join(count)?;
    std::thread::sleep(Duration::from_millis(500));
    // All of them were pushed to, compressed.
    let mut bytes = [0; 4096];
    for socket in &mut sockets {
        let read = socket.read(&mut bytes)?;
        if !bytes[..read].windows(2).any(|two| two[0] == 0xc1 && two[1] < 126) {
            return Err(io::Error::other("no push was compressed"));
        }
    }
    let figures = Figures::from([("KiB/connection", (server.resident() - before) / count as f64)]);
    drop((warm, sockets));
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
    let mut server = start(name, 200.0, 10)?;
    server.publish();
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

/// The works, in the order of the table.
pub(crate) const WORKS: [&str; 12] = [
    "fanout-100",
    "fanout-400",
    "fanout-2000",
    "topics",
    "requests",
    "idle",
    "idle-deflate",
    "decode-subscribe",
    "decode-update",
    "handler-test",
    "setup",
    "crowd",
];

/// Puts a server to a work; `None` where that makes no sense for it.
pub(crate) fn run(work: &str, name: &str, time: Duration) -> Option<io::Result<Figures>> {
    let is = |names: &[&str]| {
        names.contains(&name) || (name.starts_with("ours-") && names.contains(&"ours"))
    };
    let pushing =
        is(&["write", "joined", "uring", "ours", "generated", "uws", "axum", "ws", "fastws"]);
    let replying = is(&["fixed", "ours", "generated", "uws", "axum", "ws", "fastws"]);
    let serving = is(&["ours", "generated", "uws", "axum", "ws", "fastws"]);
    Some(match work {
        "fanout-100" if pushing => fanout(name, &ONE_TOPIC, time),
        // What falls behind for good at the rate before has nothing to show here.
        "fanout-400" if pushing && !is(&["generated", "fastws"]) => {
            fanout(name, &Fanout { rate: 400.0, ..ONE_TOPIC }, time)
        }
        "fanout-2000" if pushing && !is(&["write", "generated", "fastws"]) => {
            fanout(name, &Fanout { rate: 2000.0, ..ONE_TOPIC }, time)
        }
        "topics" if serving && !is(&["generated", "fastws"]) => {
            let work = Fanout { rate: 5000.0, topics: 1000, clients: 10_000, others: 0 };
            fanout(name, &work, time)
        }
        "requests" if replying => requests(name, time),
        "idle" if serving => idle(name, 10_000),
        "idle-deflate" if name == "ours" => idle_deflate(name, 5_000),
        "setup" if replying => setup(name, time),
        "crowd" if name == "ours" => fanout(name, &Fanout { others: 100, ..ONE_TOPIC }, time),
        "crowd" if name == "crowded" => {
            fanout("ours", &Fanout { others: 10_000, ..ONE_TOPIC }, time)
        }
        "decode-subscribe" if is(&["ours", "serde"]) => decode::subscribe(name == "serde"),
        "decode-update" if is(&["ours", "serde"]) => decode::update(name == "serde"),
        "handler-test" if name == "ours" => handler_test::handler_test(),
        "storm" if name == "ours" => storm::storm(10_000),
        "soak" if serving => soak(name, time),
        _ => return None,
    })
}
