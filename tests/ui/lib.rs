//! Cargo as a user runs it: on a package of their own that depends on this one by its path.
//!
//! `fail/*.rs` are programs with a mistake and `fail/*.snap` what their author reads (`mistakes.rs`);
//! `project/` is a package whose contract is edited (`changes.rs`). The packages are copied below the target
//! folder of the tests and compiled into that same folder, with the versions that the workspace has locked,
//! so that next to nothing is compiled a second time: with `trybuild`, which has a target folder of its
//! own, everything would be, and paths in the macro would lead nowhere.

// A test stops where something is not as it must be.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// What generated servers need of the runtime.
const RUNTIME: &str = r#"default-features = false, features = ["macros", "server"]"#;

/// A package of a user.
#[derive(Debug)]
pub struct Project {
    folder: PathBuf,
    target: PathBuf,
}

/// What `cargo check` did.
#[derive(Debug, Default)]
pub struct Checked {
    /// What the compiler said of the package, by the name of the program or library.
    pub messages: BTreeMap<String, String>,
    /// The packages that were compiled, and not found as they were.
    pub compiled: Vec<String>,
    /// Whether all of it compiles.
    pub succeeded: bool,
}

impl Project {
    /// An empty package in a folder of the target folder that `CARGO_TARGET_TMPDIR` is in; `manifest` is what
    /// stands below the dependencies.
    pub fn new(temporary: &str, name: &str, manifest: &str) -> Self {
        let temporary = Path::new(temporary);
        let folder = temporary.join(name);
        if folder.exists() {
            std::fs::remove_dir_all(&folder).unwrap();
        }
        std::fs::create_dir_all(&folder).unwrap();
        let project = Self { folder, target: temporary.parent().unwrap().to_owned() };
        let root = root();
        project.write(
            "Cargo.toml",
            &format!(
                "[package]\nname = {name:?}\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
                 [dependencies]\nasyncapi-ws = {{ path = {:?}, {RUNTIME} }}\n\n{}\n\
                 [profile.dev]\ndebug = \"line-tables-only\"\n",
                root.join("runtime"),
                manifest.replace("$ROOT", root.to_str().unwrap()),
            ),
        );
        std::fs::copy(root.join("Cargo.lock"), project.folder.join("Cargo.lock")).unwrap();
        project
    }

    /// Writes a file of the package.
    pub fn write(&self, path: &str, text: &str) {
        let path = self.folder.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// Writes a file of the package again, a part of it replaced.
    pub fn edit(&self, path: &str, from: &str, to: &str) {
        let text = std::fs::read_to_string(self.folder.join(path)).unwrap();
        assert!(text.contains(from), "{path} says nothing of {from:?}");
        self.write(path, &text.replacen(from, to, 1));
    }

    /// Copies the files of a folder.
    pub fn copy(&self, from: &Path, to: &str) {
        for path in files(from) {
            let name = path.file_name().unwrap().to_str().unwrap();
            self.write(&format!("{to}/{name}"), &std::fs::read_to_string(&path).unwrap());
        }
    }

    /// Compiles as far as a check goes.
    pub fn check(&self) -> Checked {
        let output = Command::new(env!("CARGO"))
            .args(["check", "--offline", "--keep-going", "--message-format=json"])
            .current_dir(&self.folder)
            .env("CARGO_TARGET_DIR", &self.target)
            .output()
            .unwrap();
        let mut checked = Checked { succeeded: output.status.success(), ..Checked::default() };
        for line in String::from_utf8(output.stdout).unwrap().lines() {
            let line: Value = serde_json::from_str(line).unwrap();
            let target = line["target"]["name"].as_str().unwrap_or_default().to_owned();
            match line["reason"].as_str() {
                Some("compiler-message") if self.is_own(&line) => {
                    let text = line["message"]["rendered"].as_str().unwrap();
                    let is_count =
                        text.starts_with("error: aborting") || text.starts_with("For more");
                    if !is_count && line["message"]["level"] != "failure-note" {
                        checked.messages.entry(target).or_default().push_str(text);
                    }
                }
                Some("compiler-artifact") if line["fresh"] == false => {
                    checked.compiled.push(target)
                }
                _ => {}
            }
        }
        let errors = String::from_utf8(output.stderr).unwrap();
        // Whatever keeps cargo from compiling at all is no finding.
        assert!(checked.succeeded || !checked.messages.is_empty(), "{errors}");
        checked
    }

    fn is_own(&self, line: &Value) -> bool {
        line["manifest_path"].as_str().is_some_and(|path| Path::new(path).starts_with(&self.folder))
    }
}

/// The folder of the repository.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// The files of a folder, in the order of their names.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = entries.filter(|path| path.is_file()).collect();
    files.sort();
    files
}

/// The files of a folder with an ending, by their stems.
pub fn stems(folder: &Path, ending: &str) -> BTreeMap<String, PathBuf> {
    files(folder)
        .into_iter()
        .filter(|path| path.extension() == Some(OsStr::new(ending)))
        .map(|path| (path.file_stem().unwrap().to_str().unwrap().to_owned(), path))
        .collect()
}
