//! The two services that are compared, started as programs.
//!
//! Both take the same environment variables (`tests/fastws/app.py` lists them). Nothing of the
//! caller's environment reaches them except `PATH`, so that a variable set in somebody's shell
//! changes no result.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::process::Running;

/// The path of the endpoint.
pub const ENDPOINT: &str = "/api/v1/ws";

/// A service that scenarios are played against.
#[derive(Debug)]
pub struct Service {
    name: &'static str,
    address: SocketAddr,
    has_test_routes: bool,
    running: Option<Running>,
}

impl Service {
    /// FastWS 0.1.7 with the reference's example, with its test routes. Sets up its Python
    /// environment when that is not there yet.
    ///
    /// # Errors
    /// No environment can be made, or the program does not start; the message says what to do.
    pub fn fastws(environment: &BTreeMap<String, String>) -> Result<Service, String> {
        let python = python()?;
        let running = Running::start(|port| {
            let mut command = command(&python, port, environment);
            command
                .arg(folder().join("fastws/app.py"))
                .env("PEER_ENDS_WITH_STDIN", "1")
                // Its output goes through a pipe, which Python would fill before it says anything.
                .env("PYTHONUNBUFFERED", "1")
                // Sets are printed in one order, for example the methods in an `Allow` header.
                .env("PYTHONHASHSEED", "0")
                // Leaves no __pycache__ in the checkout.
                .env("PYTHONDONTWRITEBYTECODE", "1");
            command
        })?;
        Ok(Service {
            name: "FastWS",
            address: running.address(),
            has_test_routes: true,
            running: Some(running),
        })
    }

    /// Our server, as `cargo build -p server` left it in the target folder of this test. It has no
    /// test routes.
    ///
    /// # Errors
    /// There is no such program, or it does not start.
    pub fn server(environment: &BTreeMap<String, String>) -> Result<Service, String> {
        let program = built("server")?;
        let running = Running::start(|port| command(&program, port, environment))?;
        Ok(Service {
            name: "server",
            address: running.address(),
            has_test_routes: false,
            running: Some(running),
        })
    }

    /// Our server with test routes: the program `server-with-test-routes` of this package.
    ///
    /// # Errors
    /// It does not start.
    pub fn server_with_test_routes(
        environment: &BTreeMap<String, String>,
    ) -> Result<Service, String> {
        let program = built("server-with-test-routes")?;
        let running = Running::start(|port| command(&program, port, environment))?;
        Ok(Service {
            name: "server with test routes",
            address: running.address(),
            has_test_routes: true,
            running: Some(running),
        })
    }

    /// A service that somebody else runs, for example one inside the test itself.
    ///
    /// With `has_test_routes` it answers `POST /test/publish` with a body
    /// `{"topic": …, "type": …, "payload": …}` and `GET /test/subscribers?topic=…`, both by
    /// `{"subscribers": <how many the topic has>}`.
    pub fn at(name: &'static str, address: SocketAddr, has_test_routes: bool) -> Service {
        Service { name, address, has_test_routes, running: None }
    }

    /// What it is called in messages.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Whether it can be told to publish.
    pub fn has_test_routes(&self) -> bool {
        self.has_test_routes
    }

    /// The address of the endpoint.
    pub fn url(&self) -> String {
        self.url_of(ENDPOINT)
    }

    /// The WebSocket address of a path.
    pub fn url_of(&self, path: &str) -> String {
        format!("ws://{}{path}", self.address)
    }

    /// The id of its process, if it was started here.
    pub fn process_id(&self) -> Option<u32> {
        self.running.as_ref().map(Running::id)
    }

    /// Everything it printed so far, if it was started here.
    pub fn output(&self) -> String {
        self.running.as_ref().map(Running::output).unwrap_or_default()
    }
}

fn command(program: &Path, port: u16, environment: &BTreeMap<String, String>) -> Command {
    let mut command = Command::new(program);
    command
        .env_clear()
        .envs(std::env::var_os("PATH").map(|path| ("PATH", path)))
        .envs(environment)
        .env("HOST", "127.0.0.1")
        .env("PORT", port.to_string());
    command
}

/// The folder of this package.
pub fn folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The Python of the peer's environment, made on the first call of a process.
fn python() -> Result<PathBuf, String> {
    static PYTHON: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    PYTHON.get_or_init(set_up_python).clone()
}

fn set_up_python() -> Result<PathBuf, String> {
    let script = folder().join("fastws/setup.sh");
    let venv = target_folder()?.join("fastws-venv");
    let output = Command::new(&script)
        .arg(&venv)
        .output()
        .map_err(|error| format!("cannot run {}: {error}", script.display()))?;
    if output.status.success() {
        Ok(venv.join("bin/python"))
    } else {
        Err(format!(
            "no environment for FastWS; run tests/fastws/setup.sh yourself to see more:\n{}",
            String::from_utf8_lossy(&output.stderr)
        ))
    }
}

/// A program of this workspace, beside the test that runs.
///
/// # Errors
/// It was not built.
pub fn built(name: &str) -> Result<PathBuf, String> {
    let program = profile_folder()?.join(name);
    if program.is_file() {
        Ok(program)
    } else {
        Err(format!("{} is not there; run `cargo build -p {name}` first", program.display()))
    }
}

/// `target/debug`, from `target/debug/deps/<this test>`.
fn profile_folder() -> Result<PathBuf, String> {
    let test = std::env::current_exe().map_err(|error| error.to_string())?;
    let folder = test.parent().filter(|folder| folder.ends_with("deps")).and_then(Path::parent);
    folder.map(Path::to_owned).ok_or_else(|| {
        format!("{} is not in a `deps` folder, so it was not started by cargo", test.display())
    })
}

pub(crate) fn target_folder() -> Result<PathBuf, String> {
    let profile = profile_folder()?;
    profile
        .parent()
        .map(Path::to_owned)
        .ok_or_else(|| format!("{} has no parent", profile.display()))
}
