//! A limit: what is due goes to every client by io_uring, in batches of as many sends as the ring
//! holds. `uring PORT RATE`. Ends with a sentence where the kernel refuses.
#![allow(
    unsafe_code,
    reason = "the ring reads buffers that the compiler does not know to be borrowed"
)]

use io_uring::{IoUring, opcode, types::Fd};
use std::{
    net::{TcpListener, TcpStream},
    os::fd::AsRawFd,
};

/// Sends that are submitted by one system call.
const BATCH: u32 = 256;

struct Client {
    socket: TcpStream,
    /// What the socket has not taken.
    rest: Vec<u8>,
}

/// Sends `bytes` to all clients, and waits until all sends are done.
fn broadcast(ring: &mut IoUring, clients: &mut [Client], bytes: &[u8]) {
    for client in clients.iter_mut().filter(|client| !client.rest.is_empty()) {
        client.rest.extend_from_slice(bytes);
    }
    for (batch, clients) in clients.chunks_mut(BATCH as usize).enumerate() {
        let mut pending = 0;
        for (index, client) in clients.iter().enumerate() {
            let payload = if client.rest.is_empty() { bytes } else { &client.rest[..] };
            let send = opcode::Send::new(
                Fd(client.socket.as_raw_fd()),
                payload.as_ptr(),
                payload.len() as u32,
            );
            let send = send.flags(0x40).build().user_data(index as u64); // MSG_DONTWAIT
            // SAFETY: the socket and the bytes outlive the send: below, this function waits for the
            // completion of all that it has pushed before it touches either or returns. If waiting
            // fails, the process ends.
            if unsafe { ring.submission().push(&send) }.is_err() {
                eprintln!("batch {batch} is larger than the ring");
                std::process::exit(1);
            }
            pending += 1;
        }
        if let Err(error) = ring.submit_and_wait(pending) {
            eprintln!("io_uring: {error}");
            std::process::exit(1);
        }
        for done in ring.completion() {
            let Some(client) = clients.get_mut(done.user_data() as usize) else { continue };
            // An error is a full socket, or a client that has gone.
            let sent = usize::try_from(done.result()).unwrap_or(0);
            if client.rest.is_empty() {
                client.rest.extend_from_slice(&bytes[sent..]);
            } else {
                client.rest.drain(..sent);
            }
            if client.rest.len() > 1 << 20 {
                client.rest.clear();
            }
        }
    }
}

fn main() -> std::io::Result<()> {
    let (port, rate, _) = benches::arguments();
    let mut ring = match IoUring::new(BATCH) {
        Ok(ring) => ring,
        Err(error) => {
            eprintln!("the kernel refuses io_uring ({error}): this limit is left out");
            std::process::exit(3);
        }
    };
    let listener = TcpListener::bind(("127.0.0.1", port))?;
    let (new, accepted) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        loop {
            if let Ok(socket) = benches::accept(&listener) {
                // It fails only when the other thread is gone, and the process with it.
                let _ = new.send(Client { socket, rest: Vec::new() });
            }
        }
    });
    let topic = benches::topic(0);
    let (mut clients, mut bytes) = (Vec::<Client>::new(), Vec::new());
    benches::at_rate(rate.max(0.001), |due| {
        clients.extend(accepted.try_iter());
        bytes.clear();
        for due in due {
            benches::push_frame(&topic, *due, &mut bytes);
        }
        broadcast(&mut ring, &mut clients, &bytes);
    })
}
