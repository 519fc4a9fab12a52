//! What the machine allows: system calls of the same bytes, and no product around them.
//!
//! `limit PORT RATE`; `MODE` as environment variable:
//! `write` sends every message to every client by one non-blocking write each, `joined` sends all
//! that is due in one write, `fixed` answers every read with fixed bytes.

use mio::{Events, Interest, Poll, Token, net::TcpStream};
use std::{
    io::{ErrorKind, Read, Write},
    net::TcpListener,
    sync::{Arc, Mutex},
};

struct Client {
    socket: std::net::TcpStream,
    /// What the socket has not taken; the first `at` bytes of it are gone.
    rest: Vec<u8>,
    at: usize,
}

impl Client {
    /// Writes what is left over and then `bytes`; keeps what the socket does not take, up to 1 MiB.
    fn write(&mut self, bytes: &[u8]) {
        if self.at < self.rest.len() {
            match (&self.socket).write(&self.rest[self.at..]) {
                Ok(n) => self.at += n,
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(_) => return,
            }
            if self.at < self.rest.len() {
                if self.rest.len() - self.at < 1 << 20 {
                    self.rest.extend_from_slice(bytes);
                }
                return;
            }
        }
        self.rest.clear();
        self.at = 0;
        let written = (&self.socket).write(bytes).unwrap_or(0);
        self.rest.extend_from_slice(&bytes[written..]);
    }
}

fn writing(listener: TcpListener, rate: f64, joined: bool) {
    let (new, accepted) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let topic = benches::topic(0);
        let (mut clients, mut bytes) = (Vec::<Client>::new(), Vec::new());
        benches::at_rate(rate.max(0.001), |due| {
            clients.extend(accepted.try_iter());
            bytes.clear();
            for due in due {
                if !joined {
                    bytes.clear();
                }
                benches::push_frame(&topic, *due, &mut bytes);
                if !joined {
                    clients.iter_mut().for_each(|client| client.write(&bytes));
                }
            }
            if joined {
                clients.iter_mut().for_each(|client| client.write(&bytes));
            }
        })
    });
    loop {
        if let Ok(socket) = benches::accept(&listener) {
            // It fails only when the other thread is gone, and the process with it.
            let _ = new.send(Client { socket, rest: Vec::new(), at: 0 });
        }
    }
}

fn fixed(listener: TcpListener) -> std::io::Result<()> {
    let mut poll = Poll::new()?;
    let registry = poll.registry().try_clone()?;
    let clients: Arc<Mutex<Vec<Option<TcpStream>>>> = Arc::default();
    let new = Arc::clone(&clients);
    std::thread::spawn(move || {
        loop {
            let Ok(socket) = benches::accept(&listener) else { continue };
            let mut socket = TcpStream::from_std(socket);
            let mut clients = new.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            if registry.register(&mut socket, Token(clients.len()), Interest::READABLE).is_ok() {
                clients.push(Some(socket));
            }
        }
    });
    let mut answer = Vec::new();
    benches::frame(
        br#"{"type":"bars.subscribe.response","payload":{"status":"ok","symbol":"SYM0","message":"Subscribed to SYM0","topic":"bars:SYM0:1"}}"#,
        &mut answer,
    );
    let mut events = Events::with_capacity(1024);
    let mut buffer = vec![0; 65536];
    loop {
        poll.poll(&mut events, None)?;
        let mut clients = clients.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        for event in &events {
            let Some(place) = clients.get_mut(event.token().0) else { continue };
            let Some(socket) = place else { continue };
            match socket.read(&mut buffer) {
                Ok(0) => *place = None,
                Ok(_) => drop(socket.write(&answer)),
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(_) => *place = None,
            }
        }
    }
}

fn main() -> std::io::Result<()> {
    let (port, rate, _) = benches::arguments();
    let listener = TcpListener::bind(("127.0.0.1", port))?;
    match std::env::var("MODE").as_deref() {
        Ok("fixed") => fixed(listener)?,
        Ok("joined") => writing(listener, rate, true),
        _ => writing(listener, rate, false),
    }
    Ok(())
}
