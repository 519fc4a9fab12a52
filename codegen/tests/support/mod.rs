//! Runs the command in a folder of its own.

// Each test file uses its part of this.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used, clippy::panic)]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What a run left.
#[derive(Debug)]
pub struct Run {
    /// The exit status.
    pub status: i32,
    /// Data.
    pub stdout: String,
    /// Messages.
    pub stderr: String,
}

/// A folder that is removed when the test has passed.
pub struct Folder(PathBuf);

impl Folder {
    /// A folder with files in it.
    pub fn new(name: &str, files: &[(&str, &str)]) -> Self {
        let path = std::env::temp_dir().join(format!("codegen-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        let folder = Self(path);
        for (name, text) in files {
            folder.write(name, text);
        }
        folder
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    pub fn write(&self, name: &str, text: &str) {
        let path = self.0.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.0.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    pub fn has(&self, name: &str) -> bool {
        self.0.join(name).exists()
    }

    /// Runs `codegen` here with words separated by blanks.
    pub fn run(&self, arguments: &str) -> Run {
        run_in(&self.0, arguments, "")
    }

    /// The same in a folder below.
    pub fn run_below(&self, folder: &str, arguments: &str) -> Run {
        run_in(&self.0.join(folder), arguments, "")
    }

    /// The same with a standard input.
    pub fn run_with(&self, arguments: &str, stdin: &str) -> Run {
        run_in(&self.0, arguments, stdin)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }
}

/// Runs `codegen` in any folder.
pub fn in_folder(folder: &Path, arguments: &str) -> Run {
    run_in(folder, arguments, "")
}

fn run_in(folder: &Path, arguments: &str, stdin: &str) -> Run {
    let mut child = Command::new(env!("CARGO_BIN_EXE_codegen"))
        .args(arguments.split_whitespace())
        .current_dir(folder)
        .env("COLUMNS", "100")
        .env_remove("CLICOLOR_FORCE")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that reads nothing may have closed it.
    let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
    let output = child.wait_with_output().unwrap();
    Run {
        status: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// The root of the repository.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// A small contract that nothing is wrong with.
pub const GOOD: &str = "\
asyncapi: 3.0.0
info: { title: Ticks, version: 1.0.0 }
channels:
  ticks:
    address: /ticks
    messages: { tick: { payload: { $ref: '#/components/schemas/Tick' } } }
operations:
  tick: { action: send, channel: { $ref: '#/channels/ticks' } }
components:
  schemas:
    Tick: { type: object, required: [price], properties: { price: { type: number } } }
";

/// The same with something that nothing uses: a warning.
pub fn with_warning() -> String {
    format!("{GOOD}    Spare: {{ type: string }}\n")
}

/// The same with a reference that leads nowhere: an error.
pub fn with_error() -> String {
    GOOD.replace("schemas/Tick'", "schemas/Tik'")
}
