//! Starts a program that listens on a port, and ends it.
//!
//! In: a command and how to tell it its port. Out: a [`Running`] program that accepts connections on
//! loopback. Its output is kept and shown when it does not start; it is ended, by its id, on drop.

use std::io::{BufRead, BufReader, Read};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// How long a program may take until it listens.
const STARTS_WITHIN: Duration = Duration::from_secs(30);

/// How often a start is tried: a free port can be taken by somebody else before it is used.
const ATTEMPTS: usize = 3;

/// A program that listens. Dropping it ends it.
#[derive(Debug)]
pub struct Running {
    child: Child,
    address: SocketAddr,
    output: Arc<Mutex<String>>,
}

impl Running {
    /// Starts what `command` makes for a port, and waits until it accepts connections there.
    ///
    /// # Errors
    /// The program cannot be started, ends, or does not listen in time; with everything it printed.
    pub fn start(command: impl Fn(u16) -> Command) -> Result<Running, String> {
        let mut failure = String::new();
        for _ in 0..ATTEMPTS {
            match Running::attempt(&command) {
                Ok(running) => return Ok(running),
                Err(why) => failure = why,
            }
        }
        Err(failure)
    }

    fn attempt(command: &impl Fn(u16) -> Command) -> Result<Running, String> {
        let address = free_address().map_err(|error| format!("no free port: {error}"))?;
        let mut command = command(address.port());
        // The program's standard input stays open as long as we do; FastWS's watches it.
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let program = command.get_program().to_string_lossy().into_owned();
        let mut child =
            command.spawn().map_err(|error| format!("cannot start `{program}`: {error}"))?;
        let output = Arc::new(Mutex::new(String::new()));
        for stream in [
            child.stdout.take().map(|out| Box::new(out) as Box<dyn Read + Send>),
            child.stderr.take().map(|err| Box::new(err) as Box<dyn Read + Send>),
        ]
        .into_iter()
        .flatten()
        {
            keep(stream, Arc::clone(&output));
        }
        let mut running = Running { child, address, output };
        running.wait_until_it_listens().map_err(|why| {
            format!("`{program}` {why}; it printed:\n{}", indent(&running.output()))
        })?;
        Ok(running)
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The id of its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Everything that it printed so far, both streams in the order in which lines came.
    pub fn output(&self) -> String {
        self.output.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn wait_until_it_listens(&mut self) -> Result<(), String> {
        let started = Instant::now();
        while started.elapsed() < STARTS_WITHIN {
            if let Some(status) = self.child.try_wait().map_err(|error| error.to_string())? {
                // Its last words may still be on their way through the pipe.
                thread::sleep(Duration::from_millis(50));
                return Err(format!("ended before it listened ({status})"));
            }
            if TcpStream::connect_timeout(&self.address, Duration::from_millis(200)).is_ok() {
                return Ok(());
            }
            thread::sleep(Duration::from_millis(20));
        }
        Err(format!("does not listen on {} after {} s", self.address, STARTS_WITHIN.as_secs()))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Both fail only when it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_address() -> std::io::Result<SocketAddr> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()
}

fn keep(stream: impl Read + Send + 'static, output: Arc<Mutex<String>>) {
    thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            let mut output = output.lock().unwrap_or_else(PoisonError::into_inner);
            output.push_str(&line);
            output.push('\n');
        }
    });
}

fn indent(text: &str) -> String {
    text.lines().map(|line| format!("    {line}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_ends_at_once_shows_what_it_printed() {
        let error = Running::start(|_| {
            let mut command = Command::new("sh");
            command.args(["-c", "echo on stdout; echo on stderr >&2; exit 3"]);
            command
        })
        .unwrap_err();
        for part in ["ended before it listened", "exit status: 3", "on stdout", "on stderr"] {
            assert!(error.contains(part), "{error}");
        }
    }

    #[test]
    fn a_program_that_is_not_there_is_named() {
        let error = Running::start(|_| Command::new("no-such-program-here")).unwrap_err();
        assert!(error.contains("`no-such-program-here`"), "{error}");
    }
}
