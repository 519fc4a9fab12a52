//! The servers under test, each a process of its own.

use std::{
    io,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs what makes a peer's environment, which prints its folder.
fn set_up(script: &Path) -> io::Result<PathBuf> {
    let setup = Command::new(script).stderr(Stdio::inherit()).output()?;
    match String::from_utf8_lossy(&setup.stdout).trim() {
        "" => Err(io::Error::other(format!("{} failed", script.display()))),
        folder => Ok(folder.into()),
    }
}

/// Starts a server: the messages that it publishes a second, and on how many topics.
///
/// # Errors
/// When it cannot be had, or does not listen within 10 s.
pub(crate) fn start(name: &str, rate: f64, topics: usize) -> io::Result<Server> {
    // The listener is gone when the server binds.
    let address = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    start_at(address, name, rate, topics)
}

/// The same at an address of the caller's.
///
/// # Errors
/// As [`start`].
pub(crate) fn start_at(
    address: SocketAddr,
    name: &str,
    rate: f64,
    topics: usize,
) -> io::Result<Server> {
    let binary = |name: &str| -> io::Result<Command> {
        Ok(Command::new(std::env::current_exe()?.with_file_name(name)))
    };
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut command = match name {
        "axum" => binary("axum_broadcast")?,
        "write" | "joined" | "fixed" => binary("limit")?,
        "generated" | "uring" => binary(name)?,
        "ws" => {
            let mut command = Command::new("node");
            command.arg(here.join("peers/ws/server.js"));
            command
        }
        "fastws" => {
            let folder = set_up(&here.join("../tests/fastws/setup.sh"))?;
            let mut command = Command::new(folder.join("bin/python"));
            command.arg(here.join("peers/fastws/server.py"));
            command
        }
        "uws" => {
            let folder = set_up(&here.join("peers/uws/setup.sh"))?;
            let mut command = Command::new(folder.join("bin/python"));
            command
                .arg(here.join("peers/uws/server.py"))
                .env("LD_LIBRARY_PATH", folder.join("lib"));
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
    let child = command.stdin(Stdio::piped()).spawn()?;
    let mut server = Server { child, address };
    let patience = Instant::now() + Duration::from_secs(10);
    while std::net::TcpStream::connect(address).is_err() {
        if let Some(status) = server.child.try_wait()? {
            return Err(io::Error::other(format!("{name} ended with {status}")));
        }
        if Instant::now() > patience {
            return Err(io::Error::other(format!("{name} does not listen")));
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok(server)
}

impl Server {
    /// Lets it publish, for all clients are there.
    pub(crate) fn publish(&mut self) {
        drop(self.child.stdin.take());
    }

    /// Asks the process to stop, as an operator does.
    pub(crate) fn terminate(&self) -> io::Result<()> {
        Command::new("kill").arg("-TERM").arg(self.child.id().to_string()).status().map(drop)
    }

    /// Waits until the process has ended by itself.
    pub(crate) fn ended(&mut self) -> io::Result<()> {
        self.child.wait().map(drop)
    }

    /// User and system time so far.
    pub(crate) fn cpu(&self) -> Duration {
        let text =
            std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap_or_default();
        let fields: Vec<&str> = text.rsplit(')').next().unwrap_or("").split_whitespace().collect();
        let ticks = |at: usize| fields.get(at).and_then(|f| f.parse::<u64>().ok()).unwrap_or(0);
        Duration::from_millis((ticks(11) + ticks(12)) * 10)
    }

    /// Resident memory in KiB.
    pub(crate) fn resident(&self) -> f64 {
        let text =
            std::fs::read_to_string(format!("/proc/{}/statm", self.child.id())).unwrap_or_default();
        text.split_whitespace().nth(1).and_then(|f| f.parse::<f64>().ok()).unwrap_or(0.0) * 4.0
    }
}
