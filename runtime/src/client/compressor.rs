//! Makes what one connection sends smaller, where the server agreed to it.

use std::fmt;

use crate::deflate::{DeflateOptions, Deflater, Granted, WindowBits};

/// An output buffer that one large message has grown past this is given back.
const KEPT: usize = 16 * 1024;

/// The compressor of a connection. It holds about 270 KiB with the largest window, from the first message
/// that is long enough.
pub(super) struct Compressor {
    options: DeflateOptions,
    window: WindowBits,
    deflater: Option<Deflater>,
    compressed: Vec<u8>,
}

impl Compressor {
    /// What keeps to both the server's answer and the client's own options; `None` where nothing can.
    pub(super) fn new(granted: Granted, options: DeflateOptions) -> Option<Self> {
        let window = granted.window?.min(options.max_window);
        Some(Self { options, window, deflater: None, compressed: Vec::new() })
    }

    /// The message made smaller; `None` where it does not pay.
    pub(super) fn smaller(&mut self, payload: &[u8]) -> Option<&[u8]> {
        if payload.len() < self.options.min_bytes {
            return None;
        }
        let deflater =
            self.deflater.get_or_insert_with(|| Deflater::new(self.window, self.options.level));
        self.compressed.clear();
        self.compressed.shrink_to(KEPT);
        deflater.message(payload, &mut self.compressed);
        (self.compressed.len() < payload.len()).then_some(&*self.compressed)
    }
}

impl fmt::Debug for Compressor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Compressor").field("window", &self.window).finish_non_exhaustive()
    }
}
