//! Any bytes are read as a document in bounded time and memory: a contract, or findings that say why not, each
//! with a place in the text and nothing in it that a terminal would obey.
#![no_main]

use contract::files::Memory;
use contract::location::Location;
use contract::{Limits, Options, Place};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let limits = Limits {
        max_file_bytes: 1 << 16,
        max_depth: 64,
        max_nodes: 20_000,
        max_aliased_nodes: 10_000,
        max_files: 2,
        ..Limits::default()
    };
    let options = Options { limits, pedantic: true, int64_as_number: true, ..Options::default() };
    for name in ["a.yaml", "a.json"] {
        let mut files = Memory::new().with(name, data);
        let loaded = contract::load(&Location::named(name), &mut files, &options);
        assert_eq!(loaded.contract.is_err(), loaded.diagnostics.has_errors());
        for finding in loaded.diagnostics.iter() {
            if let Place::Text(span) = finding.place {
                let text = loaded.diagnostics.sources().file(span.file).text();
                assert!(text.get(span.start as usize..span.end as usize).is_some());
            }
            let shown = loaded.diagnostics.render(finding);
            assert!(shown.chars().all(|sign| sign == '\n' || !sign.is_control()));
            assert!(shown.len() < 100_000);
        }
    }
});
