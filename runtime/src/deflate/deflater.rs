//! Messages made smaller.

use super::WindowBits;
use flate2::{Compress, Compression, FlushCompress};
use std::fmt;

/// Compresses messages one by one, each without the memory of those before it. Holds about
/// 270 KiB with the largest window, so it is shared, not owned by a connection.
pub struct Deflater {
    stream: Compress,
}

impl fmt::Debug for Deflater {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Deflater").finish_non_exhaustive()
    }
}

impl Deflater {
    /// A compressor that looks back at most `window`; `level` from 1 (fast) to 9 (small).
    pub fn new(window: WindowBits, level: u8) -> Self {
        let level = Compression::new(u32::from(level.clamp(1, 9)));
        Self { stream: Compress::new_with_window_bits(level, false, window.get()) }
    }

    /// Appends the compressed message to `out`, without the four bytes that every message would
    /// end in (RFC 7692 §7.2.1).
    pub fn message(&mut self, payload: &[u8], out: &mut Vec<u8>) {
        self.stream.reset();
        let start = out.len();
        let mut rest = payload;
        loop {
            out.reserve(rest.len() / 2 + 64);
            let before = self.stream.total_in();
            // The only error is a misuse of the stream's state; an empty result then falls
            // through to the literal below.
            let flushed = self.stream.compress_vec(rest, out, FlushCompress::Sync);
            let taken = (self.stream.total_in() - before) as usize;
            rest = rest.get(taken..).unwrap_or_default();
            // Room left over means that the flush is complete.
            if flushed.is_err() || (rest.is_empty() && out.len() < out.capacity()) {
                break;
            }
        }
        if out[start..].ends_with(&[0, 0, 0xff, 0xff]) {
            out.truncate(out.len() - 4);
        }
        if out.len() == start {
            // An empty message is one empty block (§7.2.3.6).
            out.push(0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{deflate::Inflater, frame::Violation};
    use proptest::prelude::*;

    fn inflate(compressed: &[u8], limit: usize) -> Result<Vec<u8>, Violation> {
        let mut out = Vec::new();
        Inflater::default().message(compressed, limit, &mut out).map(|()| out)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn what_is_deflated_inflates_to_the_same_with_every_window(
            messages in prop::collection::vec(
                prop_oneof![
                    prop::collection::vec(any::<u8>(), 0..300),
                    (any::<u8>(), 0usize..200_000).prop_map(|(byte, n)| vec![byte; n]),
                ],
                1..4,
            ),
            bits in 9u8..=15,
        ) {
            let mut deflater = Deflater::new(WindowBits::new(bits).unwrap(), 6);
            let (mut inflater, mut out) = (Inflater::default(), Vec::new());
            for message in messages {
                let mut compressed = Vec::new();
                deflater.message(&message, &mut compressed);
                inflater.message(&compressed, 1 << 20, &mut out).unwrap();
                prop_assert_eq!(&out, &message);
            }
        }

        #[test]
        fn any_bytes_inflate_or_are_refused_within_the_limit(bytes: Vec<u8>) {
            if let Ok(out) = inflate(&bytes, 10_000) {
                prop_assert!(out.len() <= 10_000);
            }
        }
    }

    #[test]
    fn the_examples_of_the_rfc_inflate() {
        // RFC 7692 §7.2.3: one block, two blocks, no compression, a final block.
        for compressed in [
            &[0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00][..],
            &[0xf2, 0x48, 0x05, 0x00, 0x00, 0x00, 0xff, 0xff, 0xca, 0xc9, 0xc9, 0x07, 0x00],
            &[0x00, 0x05, 0x00, 0xfa, 0xff, 0x48, 0x65, 0x6c, 0x6c, 0x6f, 0x00],
            &[0xf3, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00, 0x00],
        ] {
            assert_eq!(inflate(compressed, 100).as_deref(), Ok(&b"Hello"[..]), "{compressed:x?}");
        }
    }

    #[test]
    fn a_bomb_stops_at_the_limit() {
        let mut bomb = Vec::new();
        Deflater::new(WindowBits::MAX, 9).message(&vec![0; 50 << 20], &mut bomb);
        assert!(bomb.len() < 60_000);
        let (mut inflater, mut out) = (Inflater::default(), Vec::new());
        let result = inflater.message(&bomb, 1 << 20, &mut out);
        assert!(matches!(result, Err(Violation::MessageTooLarge { limit: 0x10_0000, .. })));
        assert!(out.capacity() < 3 << 20);
    }
}
