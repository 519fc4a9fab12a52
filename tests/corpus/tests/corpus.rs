//! What others wrote is generated, compiled and read.

// A test stops where something is not as it must be.
#![allow(clippy::unwrap_used, clippy::panic)]

use asyncapi_ws::json::Json;
use corpus::{DOCUMENTS, EXAMPLES};

#[test]
fn every_document_becomes_rust() {
    // Ours stands first, and is here because it is generated for both sides in the same way.
    let (ours, foreign) = DOCUMENTS.split_first().unwrap();
    assert!(ours.refused.is_none(), "{ours:#?}");
    if foreign.is_empty() {
        eprintln!("left out: CORPUS_DIR named no folder with documents when this crate was built");
    }
    let refused: Vec<_> = foreign.iter().filter(|each| each.refused.is_some()).collect();
    let sum = |of: fn(&corpus::Document) -> usize| foreign.iter().map(of).sum::<usize>();
    println!(
        "{} documents, {} lines of Rust; types: {} by typify, {} by us, {} any JSON value",
        foreign.len(),
        sum(|each| each.lines),
        sum(|each| each.typify),
        sum(|each| each.ours),
        sum(|each| each.dynamic),
    );
    assert!(refused.is_empty(), "{refused:#?}");
}

#[test]
fn every_example_is_read_into_its_type_and_written_again() {
    let mut failures = Vec::new();
    let mut read = 0;
    for example in EXAMPLES {
        let json = Json::parse(example.text).unwrap();
        match (example.call)(example.text) {
            Ok(None) => {}
            Ok(Some(again)) if again == json => read += 1,
            other => failures.push(format!(
                "{}: {}: {} gives {other:?}",
                example.document, example.message, example.text
            )),
        }
    }
    println!("{} examples, {read} of them of a type", EXAMPLES.len());
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
}
