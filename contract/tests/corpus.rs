//! Every document that others wrote is read, or what is wrong with it is told with its place.
//!
//! The documents are looked for in the folder that `CORPUS_DIR` names.

// A test stops where something is not as it must be.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::PathBuf;

use contract::diagnostic::{Diagnostics, Place};
use contract::files::Disk;
use contract::location::Location;
use contract::reference::read_all;
use contract::tree::NodeRef;
use contract::{Limits, notation};

fn documents() -> Option<Vec<PathBuf>> {
    let Some(corpus) = std::env::var_os("CORPUS_DIR") else {
        eprintln!("left out: CORPUS_DIR names no folder with documents");
        return None;
    };
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::from(corpus)];
    while let Some(folder) = folders.pop() {
        for entry in folder.read_dir().unwrap() {
            let path = entry.unwrap().path();
            let ending = path.extension().and_then(|ending| ending.to_str());
            if path.is_dir() {
                folders.push(path);
            } else if matches!(ending, Some("yaml" | "yml" | "json")) {
                found.push(path);
            }
        }
    }
    found.sort();
    assert!(found.len() > 300, "only {} documents were found", found.len());
    Some(found)
}

#[test]
fn every_document_is_read_or_refused_with_a_place() {
    let Some(documents) = documents() else { return };
    let mut refused = Vec::new();
    for path in &documents {
        let name = path.to_str().unwrap();
        let parsed = notation::parse(name, std::fs::read(path).unwrap(), &Limits::default());
        let root = parsed.file.and_then(|file| parsed.tree.root(file));
        if root.is_none() || !parsed.findings.is_empty() {
            assert!(!parsed.findings.is_empty(), "{name} is refused without a word");
            assert!(parsed.findings.iter().all(|finding| matches!(finding.place, Place::Text(_))));
            refused.push(Diagnostics::new(parsed.sources, parsed.findings).to_string());
        }
    }
    println!("{} documents were read, {} have findings", documents.len(), refused.len());
    println!("{}", refused.join("\n"));
}

#[test]
fn every_reference_leads_somewhere_or_is_told_with_its_place() {
    let Some(mut documents) = documents() else { return };
    // Each of these files holds many documents, and has a test of its own.
    documents
        .retain(|path| !path.components().any(|part| part.as_os_str() == "json-schema-draft7"));
    let (mut followed, mut told) = (0, Vec::new());
    let corpus = PathBuf::from(std::env::var_os("CORPUS_DIR").unwrap());
    for path in &documents {
        let name = path.strip_prefix(&corpus).unwrap().to_str().unwrap();
        let mut disk = Disk::new(&corpus);
        let all = read_all(&Location::named(name), &mut disk, &Limits::default());
        let Some(root) = all.references.document().and_then(|file| all.tree.root(file)) else {
            continue;
        };
        let mut open = vec![root];
        let mut findings = Vec::new();
        while let Some(node) = open.pop() {
            open.extend(node.items().chain(node.entries().map(|(_, value)| value)));
            if node.get("$ref").is_some_and(|value: NodeRef<'_>| value.as_str().is_some()) {
                followed += 1;
                findings.extend(all.references.follow(node).err().map(|finding| *finding));
            }
        }
        // What the kit calls valid has no broken reference, but may have one that is not fetched.
        let broken =
            findings.iter().filter(|finding| finding.rule.id != "reference/remote-refused");
        let is_valid = path.file_name().unwrap().to_str().unwrap().starts_with("valid");
        let is_sound = broken.count() == 0;
        if !findings.is_empty() {
            told.push(Diagnostics::new(all.sources, findings).to_string());
        }
        assert!(is_sound || !is_valid, "{name}: {told:?}");
    }
    println!("{followed} references were followed; {} documents have broken ones", told.len());
    println!("{}", told.join("\n"));
}
