//! Every document that others wrote gives a client that compiles under the strictest settings.
//!
//! The documents are looked for in the folder that `CORPUS_DIR` names.

// A test stops where something is not as it must be.
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use std::path::{Path, PathBuf};

use support::{STRICT, compile, empty_folder, generate, load, node_modules, write};
use ts_gen::Options;

/// The example documents of AsyncAPI, without the files that they refer to.
fn documents(corpus: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![corpus.join("spec-3/examples"), corpus.join("spec-2.6/examples")];
    while let Some(folder) = folders.pop() {
        for entry in folder.read_dir().unwrap() {
            let path = entry.unwrap().path();
            let ending = path.extension().and_then(|ending| ending.to_str());
            if path.is_dir() {
                folders.push(path);
            } else if matches!(ending, Some("yaml" | "yml" | "json")) {
                let text = std::fs::read_to_string(&path).unwrap();
                let is_document = text.lines().any(|line| line.starts_with("asyncapi:"));
                found.extend(is_document.then_some(path));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn every_example_document_gives_a_client_that_compiles() {
    let Some(corpus) = std::env::var_os("CORPUS_DIR") else {
        eprintln!("left out: CORPUS_DIR names no folder with documents");
        return;
    };
    let corpus = PathBuf::from(corpus);
    let documents = documents(&corpus);
    assert!(!documents.is_empty(), "there are no documents in {}", corpus.display());
    let folder = empty_folder("corpus");
    for path in &documents {
        let contract = load(path).unwrap_or_else(|findings| panic!("{findings}"));
        let name = path.strip_prefix(&corpus).unwrap().to_str().unwrap().replace(['/', '.'], "-");
        write(&folder, &name, &generate(&contract, &Options::new().validate(true)));
    }
    eprintln!("{} documents were generated", documents.len());
    let Some(packages) = node_modules() else { return };
    compile(&folder, &packages.join("typescript"), &format!("{STRICT},\n    \"noEmit\": true"));
    eprintln!("{} clients with validators were compiled", documents.len());
}
