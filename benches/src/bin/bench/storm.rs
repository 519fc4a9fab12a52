//! Ten thousand clients that come at once, a restart, and the same clients coming back as they were
//! told to.

use crate::{
    load::connect_with,
    server::{Server, start, start_at},
    work::Figures,
};
use mio::{Events, Interest, Poll, Token, net::TcpStream};
use std::{
    io::{self, ErrorKind, Read},
    net::SocketAddr,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

const SUBPROTOCOL: &str = "Sec-WebSocket-Protocol: trading.v1\r\n";

/// What connects at a time: the kernel's queue of a listener holds some thousand.
const THREADS: usize = 16;

/// What `ours` has: sessions are closed for 2 s, clients begin to come back 1 s later, over a second
/// for each thousand.
const DRAIN: f64 = 2.0;

/// Runs the storm.
///
/// # Errors
/// When a client is not let in, or not told to come back.
pub(crate) fn storm(clients: usize) -> io::Result<Figures> {
    let mut server = start("ours", 0.0, 1)?;
    let address = server.address;
    let before = server.resident();
    let began = Instant::now();
    let sockets = crowd(address, clients)?;
    let came_in = began.elapsed().as_secs_f64();
    std::thread::sleep(Duration::from_millis(300));
    let resident = server.resident() - before;

    let (told, waits) = restart(&mut server, sockets)?;
    drop(server);
    let _next = start_at(address, "ours", 0.0, 1)?;
    let back = come_back(address, told, &waits)?;

    let window = (clients as f64 / 1000.0).max(1.0);
    let even = clients as f64 / window;
    Ok(Figures::from([
        ("clients", clients as f64),
        ("connections/s at first", clients as f64 / came_in),
        ("KiB/connection", resident / clients as f64),
        ("told to come back %", 100.0 * waits.len() as f64 / clients as f64),
        (
            "peak of closes, × even",
            peak(&closes(&waits, told), DRAIN / 10.0) * 10.0 / clients as f64,
        ),
        ("came back %", 100.0 * back.len() as f64 / clients as f64),
        ("peak handshakes/s, × even", peak(&back, 1.0) / even),
    ]))
}

/// When a client was told to come back, and when to.
struct Wait {
    told: Instant,
    back: Instant,
}

fn crowd(address: SocketAddr, clients: usize) -> io::Result<Vec<std::net::TcpStream>> {
    let (next, all) = (AtomicUsize::new(0), Mutex::new(Vec::with_capacity(clients)));
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..THREADS)
            .map(|_| {
                scope.spawn(|| -> io::Result<()> {
                    while next.fetch_add(1, Relaxed) < clients {
                        let socket = connect_with(address, SUBPROTOCOL)?;
                        all.lock().unwrap_or_else(PoisonError::into_inner).push(socket);
                    }
                    Ok(())
                })
            })
            .collect();
        workers.into_iter().try_for_each(|worker| {
            worker
                .join()
                .map_err(|_| io::Error::other("a thread of the load generator panicked"))?
        })
    })?;
    Ok(all.into_inner().unwrap_or_else(PoisonError::into_inner))
}

/// Asks the server to stop, and reads what each client is told.
fn restart(
    server: &mut Server,
    sockets: Vec<std::net::TcpStream>,
) -> io::Result<(Instant, Vec<Wait>)> {
    let mut poll = Poll::new()?;
    let mut clients = Vec::with_capacity(sockets.len());
    for (n, socket) in sockets.into_iter().enumerate() {
        socket.set_nonblocking(true)?;
        let mut socket = TcpStream::from_std(socket);
        poll.registry().register(&mut socket, Token(n), Interest::READABLE)?;
        clients.push(Some(socket));
    }
    let asked = Instant::now();
    server.terminate()?;
    let (mut events, mut waits) = (Events::with_capacity(1024), Vec::new());
    while waits.len() < clients.len() && asked.elapsed() < Duration::from_secs(10) {
        poll.poll(&mut events, Some(Duration::from_millis(100)))?;
        for event in &events {
            let place = &mut clients[event.token().0];
            let Some(socket) = place else { continue };
            let mut frame = [0; 256];
            match socket.read(&mut frame) {
                // A client closes when it was told to.
                Ok(read) => {
                    *place = None;
                    let told = Instant::now();
                    if let Some(wait) = retry_after(&frame[..read]) {
                        waits.push(Wait { told, back: told + wait });
                    }
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(_) => *place = None,
            }
        }
    }
    drop(clients);
    server.ended()?;
    Ok((asked, waits))
}

/// The wait of a close frame 1012.
fn retry_after(frame: &[u8]) -> Option<Duration> {
    let [0x88, _, high, low, text @ ..] = frame else { return None };
    let (_, wait) = std::str::from_utf8(text).ok()?.rsplit_once("; retry-after=")?;
    (u16::from_be_bytes([*high, *low]) == 1012).then_some(Duration::from_millis(wait.parse().ok()?))
}

fn closes(waits: &[Wait], from: Instant) -> Vec<f64> {
    waits.iter().map(|wait| (wait.told - from).as_secs_f64()).collect()
}

/// Connects each client when its wait is over; when each had its handshake done, in seconds.
fn come_back(address: SocketAddr, from: Instant, waits: &[Wait]) -> io::Result<Vec<f64>> {
    let mut backs: Vec<Instant> = waits.iter().map(|wait| wait.back).collect();
    backs.sort_unstable();
    let (mut sockets, mut done) =
        (Vec::with_capacity(backs.len()), Vec::with_capacity(backs.len()));
    for back in backs {
        std::thread::sleep(back.saturating_duration_since(Instant::now()));
        sockets.push(connect_with(address, SUBPROTOCOL)?);
        done.push(from.elapsed().as_secs_f64());
    }
    Ok(done)
}

/// The most moments in a stretch of this length, wherever it begins.
fn peak(moments: &[f64], stretch: f64) -> f64 {
    let mut moments = moments.to_vec();
    moments.sort_by(f64::total_cmp);
    let most = (0..moments.len())
        .map(|first| moments[first..].partition_point(|moment| *moment < moments[first] + stretch));
    most.max().unwrap_or(0) as f64
}
