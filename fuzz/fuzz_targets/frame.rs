//! Any bytes, cut anywhere, give the same events as in one piece, within the limits, and leave
//! nothing behind once everything is whole.
#![no_main]

use asyncapi_ws::frame::{Decoder, Event, Role, Scratch, SizeLimits, Violation};
use libfuzzer_sys::fuzz_target;

const LIMITS: SizeLimits = SizeLimits { frame: 4096, message: 8192 };

fn decoder(flags: u8) -> Decoder {
    let role = if flags & 1 == 0 { Role::Server } else { Role::Client };
    let decoder = Decoder::new(role, LIMITS);
    if flags & 2 == 0 { decoder } else { decoder.with_compression() }
}

fn read<'p>(
    flags: u8,
    parts: impl IntoIterator<Item = &'p [u8]>,
) -> (Vec<String>, Option<Violation>) {
    let (mut decoder, mut scratch) = (decoder(flags), Scratch::default());
    let mut events = Vec::new();
    for part in parts {
        let (mut input, mut at) = (part.to_vec(), 0);
        loop {
            match decoder.next(&mut input, &mut at, &mut scratch) {
                Ok(Some(event)) => {
                    let size = match &event {
                        Event::Text(text) => text.len(),
                        Event::Binary(bytes) => bytes.len(),
                        _ => 0,
                    };
                    assert!(size <= LIMITS.message);
                    events.push(format!("{event:?}"));
                }
                Ok(None) => break,
                Err(violation) => return (events, Some(violation)),
            }
        }
        assert_eq!(at, part.len());
    }
    (events, None)
}

fuzz_target!(|data: &[u8]| {
    let [flags, size, wire @ ..] = data else { return };
    let whole = read(*flags, [wire]);
    let parts = read(*flags, wire.chunks(usize::from(*size).max(1)));
    assert_eq!(whole, parts);
});
