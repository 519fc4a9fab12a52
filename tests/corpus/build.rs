//! Each document of the corpus → generated Rust, as a module of its own with a server and a client.
//!
//! The documents are looked for in the folder that `CORPUS_DIR` names; without it there are none, and the
//! tests say so.

// A build script stops where something is not as it must be.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::fmt::Write;
use std::path::{Path, PathBuf};

use contract::files::Disk;
use contract::location::Location;
use contract::model::{Contract, Direction, MessageId};
use contract::names::Name;
use rust_gen::{Options, Side};

fn main() {
    println!("cargo::rerun-if-env-changed=CORPUS_DIR");
    println!("cargo::rerun-if-changed=build.rs");
    let mut out = Out::default();
    let own = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap());
    println!("cargo::rerun-if-changed=obstacle-course.yaml");
    out.document(&own, &own.join("obstacle-course.yaml"));
    if let Some(corpus) = std::env::var_os("CORPUS_DIR").map(PathBuf::from) {
        for folder in ["spec-3", "spec-2.6"] {
            println!("cargo::rerun-if-changed={}", corpus.join(folder).display());
            for path in documents(&corpus.join(folder)) {
                out.document(&corpus, &path);
            }
        }
    }
    let folder = PathBuf::from(std::env::var_os("OUT_DIR").unwrap());
    std::fs::write(folder.join("corpus.rs"), out.text()).unwrap();
}

#[derive(Default)]
struct Out {
    modules: String,
    documents: String,
    examples: String,
}

impl Out {
    fn document(&mut self, corpus: &Path, path: &Path) {
        let name = path.strip_prefix(corpus).unwrap().to_str().unwrap().replace('\\', "/");
        let module = Name::new(&name).snake();
        let mut disk = Disk::new(corpus);
        let loaded =
            contract::load(&Location::named(&name), &mut disk, &contract::Options::default());
        let contract = match loaded.contract {
            Ok(contract) => contract,
            Err(_) => {
                let why = loaded.diagnostics.to_string();
                // A part of another document is no document.
                if !why.contains("document/not-asyncapi") {
                    writeln!(self.documents, "crate::Document::refused({name:?}, {why:?}),")
                        .unwrap();
                }
                return;
            }
        };
        let options = Options::new().side(Side::Both);
        let generated = rust_gen::generate(&contract, &options).unwrap();
        let emitters = generated.emitters;
        let text = rust_gen::format(generated.tokens).unwrap();
        writeln!(self.modules, "pub mod {module} {{\n{text}}}").unwrap();
        writeln!(
            self.documents,
            "crate::Document {{ name: {name:?}, lines: {}, typify: {}, ours: {}, dynamic: {}, \
             refused: None }},",
            text.lines().count(),
            emitters.typify,
            emitters.ours,
            emitters.dynamic
        )
        .unwrap();
        for id in contract.message_ids() {
            let call = call(&contract, &module, id);
            for example in &contract.message(id).examples {
                let Some((payload, _)) = &example.payload else { continue };
                let text = payload.to_string();
                let message = &contract.message(id).key;
                writeln!(
                    self.examples,
                    "crate::Example {{ document: {name:?}, message: {message:?}, text: {text:?}, \
                     call: {call} }},"
                )
                .unwrap();
            }
        }
    }

    fn text(&self) -> String {
        format!(
            "{}\npub const DOCUMENTS: &[crate::Document] = &[\n{}];\n\
             pub const EXAMPLES: &[crate::Example] = &[\n{}];\n",
            self.modules, self.documents, self.examples
        )
    }
}

/// What reads an example into the client's type for it, and writes it again.
fn call(contract: &Contract, module: &str, id: MessageId) -> String {
    for endpoint in contract.endpoint_ids() {
        if !contract.endpoint(endpoint).is_websocket {
            continue;
        }
        for (direction, suffix) in [(Direction::Send, "Received"), (Direction::Receive, "Sent")] {
            if contract.wire.dispatch(endpoint, direction).messages().contains(&id) {
                let name = contract.names.endpoint(endpoint).pascal();
                return format!("crate::message::<{module}::client::{name}{suffix}>");
            }
        }
    }
    let shape = contract.payload_shape(id).map(|shape| contract.shapes.resolve(shape));
    match shape.and_then(|shape| contract.names.type_of(shape)) {
        Some(name) => format!("crate::payload::<{module}::client::{name}>"),
        None => "crate::nothing".to_owned(),
    }
}

/// The documents of a folder and of those below it, in the order of their names.
fn documents(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in folder.read_dir().unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = entry.unwrap().path();
        let ending = path.extension().and_then(|ending| ending.to_str());
        if path.is_dir() {
            found.extend(documents(&path));
        } else if matches!(ending, Some("yaml" | "yml" | "json")) {
            found.push(path);
        }
    }
    found.sort();
    found
}
