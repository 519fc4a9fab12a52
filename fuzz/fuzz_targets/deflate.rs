//! Any bytes inflate or are refused within the limit; any message deflates and inflates to itself.
#![no_main]

use asyncapi_ws::deflate::{Deflater, Inflater, WindowBits};
use libfuzzer_sys::fuzz_target;
use std::cell::RefCell;

thread_local! {
    static INFLATER: RefCell<Inflater> = RefCell::default();
}

fuzz_target!(|data: &[u8]| {
    let [bits, data @ ..] = data else { return };
    INFLATER.with_borrow_mut(|inflater| {
        let mut out = Vec::new();
        if inflater.message(data, 10_000, &mut out).is_ok() {
            assert!(out.len() <= 10_000);
        }
        let Some(window) = WindowBits::new(9 + bits % 7) else { return };
        let mut compressed = Vec::new();
        Deflater::new(window, 6).message(data, &mut compressed);
        assert!(inflater.message(&compressed, data.len(), &mut out).is_ok());
        assert_eq!(out, data);
    });
});
