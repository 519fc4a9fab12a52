//! Snapshots of `tests/golden` → modules: what was reviewed is what compiles.

// A build script stops where something is not as it must be.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::fmt::Write;
use std::path::{Path, PathBuf};

fn main() {
    // `tests/compiled`, or the folder of another edition below it.
    let own = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap());
    let golden = own.ancestors().map(|folder| folder.join("golden")).find(|path| path.is_dir());
    let golden = golden.unwrap();
    println!("cargo::rerun-if-changed={}", golden.display());
    let mut modules = String::new();
    for hazard in entries(&golden).into_iter().filter(|path| path.is_dir()) {
        let name = stem(&hazard).replace('-', "_");
        writeln!(modules, "/// `tests/golden/{}`\npub mod {name} {{", stem(&hazard)).unwrap();
        for snapshot in entries(&hazard).into_iter().filter(|path| is_rust(path)) {
            let side = stem(&snapshot);
            writeln!(modules, "/// `{side}.snap`\npub mod {side} {{\n{}}}", body(&snapshot))
                .unwrap();
        }
        modules.push_str("}\n");
    }
    let out = PathBuf::from(std::env::var_os("OUT_DIR").unwrap());
    std::fs::write(out.join("golden.rs"), modules).unwrap();
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut entries: Vec<PathBuf> = entries.collect();
    entries.sort();
    entries
}

fn stem(path: &Path) -> &str {
    path.file_stem().unwrap().to_str().unwrap()
}

/// Whether a file is a snapshot of Rust: those of documents are named by their version.
fn is_rust(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "snap") && !stem(path).contains('.')
}

/// A snapshot without its header.
fn body(snapshot: &Path) -> String {
    let text = std::fs::read_to_string(snapshot).unwrap();
    let (_, rest) = text.split_once("---\n").unwrap();
    let (_, body) = rest.split_once("---\n").unwrap();
    body.to_owned()
}
