//! The compatibility kit of the AsyncAPI project: what it calls invalid is rejected with a place, what
//! it calls valid is accepted.
//!
//! The kit is looked for in the folder that `CORPUS_DIR` names. Documents about which the kit itself is
//! wrong are listed in `tests/conformance/tck-disputed.txt`, each with its reason; an entry that does
//! not disagree with the kit fails.

// A test stops where something is not as it must be.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use contract::diagnostic::Place;
use contract::files::Disk;
use contract::location::Location;
use contract::{Diagnostics, Options, Severity};

const DISPUTED: &str = include_str!("../../tests/conformance/tck-disputed.txt");

/// Everything below a folder, in the order of the names.
fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in folder.read_dir().unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn check(kit: &Path, name: &str) -> Diagnostics {
    let mut disk = Disk::new(kit);
    contract::load(&Location::named(name), &mut disk, &Options::default()).diagnostics
}

/// Whether every error points into a text.
fn is_located(diagnostics: &Diagnostics) -> bool {
    diagnostics.of(Severity::Error).all(|finding| matches!(finding.place, Place::Text(_)))
}

#[test]
fn the_verdicts_of_the_compatibility_kit_are_ours() {
    let Some(corpus) = std::env::var_os("CORPUS_DIR") else {
        eprintln!("left out: CORPUS_DIR names no folder with the kit");
        return;
    };
    let kit = PathBuf::from(corpus).join("tck/tests");
    let (mut valid, mut invalid) = (0, 0);
    let mut misses = BTreeSet::new();
    let mut told = String::new();
    for path in files_below(&kit) {
        let name = path.strip_prefix(&kit).unwrap().to_str().unwrap();
        let file = path.file_name().unwrap().to_str().unwrap();
        let should_be_valid = match file {
            _ if file.starts_with("valid") => true,
            _ if file.starts_with("invalid") => false,
            _ => continue,
        };
        let diagnostics = check(&kit, name);
        let is_right = if should_be_valid {
            valid += 1;
            !diagnostics.has_errors()
        } else {
            invalid += 1;
            diagnostics.has_errors() && is_located(&diagnostics)
        };
        if !is_right {
            misses.insert(name.to_owned());
            told += &format!("{name}\n{diagnostics}\n");
        }
    }
    let disputed: BTreeSet<String> = DISPUTED
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(str::to_owned)
        .collect();
    let right = valid + invalid - misses.len();
    println!(
        "{valid} valid and {invalid} invalid documents: {right} verdicts right, {} disputed",
        disputed.len()
    );
    assert!(valid > 100 && invalid > 250, "only {valid} valid and {invalid} invalid were found");
    assert_eq!(misses, disputed, "{told}");
}
