//! Any document: either it is no contract, or the Rust generated from it parses, for both sides, and is the
//! same the next time.

#![no_main]

use contract::model::Perspective;
use libfuzzer_sys::fuzz_target;
use rust_gen::{Options, Side};

fuzz_target!(|document: &str| {
    // A seed is a document and nothing else, so its length chooses among the options.
    let choice = document.len();
    let perspective = if choice & 1 == 0 { Perspective::Server } else { Perspective::Client };
    let reading = contract::Options { perspective, ..contract::Options::default() };
    let Ok(contract) = contract::parse("asyncapi.yaml", document, &reading).contract else {
        return;
    };
    let options = Options::new().side(Side::Both).closed(choice & 2 != 0);
    let generate = || {
        let generated = rust_gen::generate(&contract, &options).expect("no option names a place");
        rust_gen::format(generated.tokens).expect("generated items parse")
    };
    assert_eq!(generate(), generate());
});
