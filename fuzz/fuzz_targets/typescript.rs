//! Any document: either it is no contract, or the TypeScript generated from it parses, types and validator,
//! and is the same the next time.

#![no_main]

use contract::model::Perspective;
use libfuzzer_sys::fuzz_target;
use oxc_allocator::Allocator;
use oxc_parser::Parser;
use oxc_span::SourceType;
use ts_gen::{Decimal, File, Header, Int64, Options};

fuzz_target!(|document: &str| {
    // A seed is a document and nothing else, so its length chooses among the options.
    let choice = document.len();
    let perspective = if choice & 1 == 0 { Perspective::Server } else { Perspective::Client };
    let reading = contract::Options { perspective, ..contract::Options::default() };
    let Ok(contract) = contract::parse("asyncapi.yaml", document, &reading).contract else {
        return;
    };
    let options = Options::new()
        .validate(true)
        .closed(choice & 2 != 0)
        .int64(if choice & 4 == 0 { Int64::BigInt } else { Int64::Number })
        .decimal(if choice & 8 == 0 { Decimal::Text } else { Decimal::Number });
    let header = Header { contract: "asyncapi.yaml", version: "0.1.0" };
    let generate = || -> Vec<File> {
        let mut files = ts_gen::generate(&contract, &options, &header);
        // The runtime is the same whatever the contract.
        files.retain(|file| !file.path.starts_with("runtime/"));
        files
    };
    let files = generate();
    for file in &files {
        let allocator = Allocator::default();
        let parsed = Parser::new(&allocator, &file.text, SourceType::ts()).parse();
        assert!(parsed.errors.is_empty(), "{}: {:?}\n{}", file.path, parsed.errors, file.text);
    }
    assert_eq!(files, generate());
});
