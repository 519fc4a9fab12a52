//! What is generated from the smallest contract that shows a hazard, to be read by people.
//!
//! `tests/golden/<hazard>/asyncapi.yaml` is the contract, the snapshots beside it are what comes of it. The
//! package `compiled` compiles the same snapshots and runs them: what was reviewed is what works.
//!
//! A change of the generator shows here: `INSTA_UPDATE=always cargo test -p golden` writes the snapshots
//! again, and they are read and committed with it.

// A test stops where something is not as it must be.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use contract::files::Disk;
use contract::location::Location;
use contract::model::{Contract, Perspective};
use contract::schema::Implied;
use rust_gen::{Options, Side};

/// A snapshot beside a contract.
struct Golden {
    hazard: &'static str,
    snapshot: &'static str,
    reading: contract::Options,
    options: Options,
}

impl Golden {
    fn server(hazard: &'static str) -> Self {
        Self {
            hazard,
            snapshot: "server",
            reading: contract::Options::default(),
            options: Options::new(),
        }
    }

    fn client(hazard: &'static str) -> Self {
        let options = Options::new().side(Side::Client);
        Self { snapshot: "client", options, ..Self::server(hazard) }
    }

    fn contract(&self) -> Contract {
        load(&document(self.hazard), &self.reading)
    }
}

fn all() -> Vec<Golden> {
    let servers = [
        "bare-frames",
        "batches",
        "channels",
        "constants",
        "deliveries",
        "deprecated",
        "dynamic",
        "enums",
        "hostile-text",
        "json-rpc",
        "maps",
        "merges",
        "obstacle-course",
        "one-way",
        "open",
        "perspective",
        "pins",
        "presence",
        "recursion",
        "replies",
        "rules",
        "scalars",
        "text-frames",
        "topics",
        "trading",
        "tuples",
        "unions",
    ];
    let clients = [
        "clients",
        "constants",
        "deprecated",
        "json-rpc",
        "obstacle-course",
        "open",
        "recursion",
        "text-frames",
        "trading",
    ];
    let mut all: Vec<Golden> = servers.into_iter().map(Golden::server).collect();
    all.extend(clients.into_iter().map(Golden::client));
    for golden in &mut all {
        if golden.hazard == "perspective" {
            golden.reading.perspective = Perspective::Client;
        }
    }
    let closed = Options::new().side(Side::Client).closed(true);
    all.push(Golden { snapshot: "closed", options: closed, ..Golden::server("open") });
    let reading = contract::Options { implied: Implied::Literal, ..contract::Options::default() };
    all.push(Golden { snapshot: "literal", reading, ..Golden::server("dynamic") });
    all
}

/// The folder of this package.
fn folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The folder of a hazard.
fn place(hazard: &str) -> PathBuf {
    folder().join(hazard)
}

/// The contract of a hazard; the trading contract stands at the top of the repository.
fn document(hazard: &str) -> PathBuf {
    match hazard {
        "trading" => folder().join("../../asyncapi.yaml"),
        hazard => place(hazard).join("asyncapi.yaml"),
    }
}

fn load(path: &Path, reading: &contract::Options) -> Contract {
    let mut disk = Disk::new(path.parent().unwrap());
    let loaded = contract::load(&Location::named("asyncapi.yaml"), &mut disk, reading);
    match loaded.contract {
        Ok(contract) => contract,
        Err(_) => panic!("{}: {}", path.display(), loaded.diagnostics),
    }
}

fn assert_snapshot(hazard: &str, name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(place(hazard));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

#[test]
fn generated_rust_reads_as_reviewed() {
    for golden in all() {
        let contract = golden.contract();
        let generated = rust_gen::generate(&contract, &golden.options).unwrap();
        let text = rust_gen::format(generated.tokens).unwrap();
        assert_snapshot(golden.hazard, golden.snapshot, &text);
    }
}

#[test]
fn documents_for_other_tools_read_as_reviewed() {
    for hazard in ["trading", "channels", "replies", "topics"] {
        let contract = load(&document(hazard), &contract::Options::default());
        for (version, json) in [
            ("asyncapi-2.4.0", contract::convert::to_2_4(&contract)),
            ("asyncapi-3.0.0", contract::convert::to_3_0(&contract)),
        ] {
            assert_snapshot(hazard, version, &contract::convert::pretty(&json));
        }
    }
}

#[test]
fn every_contract_has_a_snapshot() {
    let known: BTreeSet<&str> = all().iter().map(|golden| golden.hazard).collect();
    let found: BTreeSet<String> = std::fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.file_type().unwrap().is_dir())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    assert_eq!(known.into_iter().map(str::to_owned).collect::<BTreeSet<_>>(), found);
}

#[test]
fn generation_is_the_same_each_time() {
    for golden in all() {
        let text = |contract: &Contract| {
            rust_gen::generate(contract, &golden.options).unwrap().tokens.to_string()
        };
        // A contract of its own, with hash maps of its own.
        assert_eq!(text(&golden.contract()), text(&golden.contract()), "{}", golden.hazard);
    }
}

/// Whatever stands behind `v1::` in generated text is in the list of what generated code may name; that
/// the runtime has it, the compiler says.
#[test]
fn generated_code_names_what_is_listed_and_all_that_is_listed_is_named() {
    let listed: BTreeSet<&str> = rust_gen::RUNTIME_ITEMS.iter().copied().collect();
    let mut named: BTreeSet<String> = BTreeSet::new();
    for golden in all() {
        let generated = rust_gen::generate(&golden.contract(), &golden.options).unwrap();
        let text = rust_gen::format(generated.tokens).unwrap();
        // The door's own name is `v1`; strings of the contract may hold anything.
        for part in text.split("v1::").skip(1) {
            let item: String =
                part.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            named.insert(item);
        }
    }
    named.remove("");
    let unlisted: Vec<_> = named.iter().filter(|name| !listed.contains(name.as_str())).collect();
    assert!(unlisted.is_empty(), "to be listed in rust-gen/src/runtime.rs: {unlisted:?}");
    let unnamed: Vec<_> = listed.iter().filter(|name| !named.contains(**name)).collect();
    assert!(
        unnamed.is_empty(),
        "listed in rust-gen/src/runtime.rs, and never generated: {unnamed:?}"
    );
}
