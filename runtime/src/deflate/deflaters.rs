//! One compressor for each window that was ever asked for.

use super::WindowBits;
#[cfg(feature = "server")]
use {
    super::Deflater,
    crate::frame::{Frame, FrameBuffer, OpCode},
    bytes::Bytes,
};

/// How messages are compressed for the clients that negotiated it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeflateOptions {
    /// Payloads shorter than this go out as they are, in bytes. 256: below it the frame shrinks
    /// by less than it costs.
    pub min_bytes: usize,
    /// From 1 (fast) to 9 (small). 6, zlib's own default.
    pub level: u8,
    /// Largest window, as a power of two from 9 to 15. 15, the protocol's default.
    pub max_window: WindowBits,
}

impl Default for DeflateOptions {
    fn default() -> Self {
        Self { min_bytes: 256, level: 6, max_window: WindowBits::MAX }
    }
}

/// The compressors of a thread, made when first needed.
#[cfg(feature = "server")]
#[derive(Debug)]
pub(crate) struct Deflaters {
    options: DeflateOptions,
    by_window: [Option<Deflater>; 7],
}

#[cfg(feature = "server")]
impl Deflaters {
    pub(crate) fn new(options: DeflateOptions) -> Self {
        Self { options, by_window: std::array::from_fn(|_| None) }
    }

    /// The compressed form of a frame for clients with this window in bits; `None` where it does
    /// not pay.
    pub(crate) fn frame(&mut self, window: u8, plain: &Frame) -> Option<Bytes> {
        let payload = plain.payload();
        if payload.len() < self.options.min_bytes {
            return None;
        }
        let window = WindowBits::new(window)?;
        let deflater = self.by_window[usize::from(window.get() - 9)]
            .get_or_insert_with(|| Deflater::new(window, self.options.level));
        let mut buffer = FrameBuffer::with_capacity(payload.len() / 2);
        deflater.message(payload, buffer.payload_mut());
        if buffer.payload().len() >= payload.len() {
            return None;
        }
        let opcode = OpCode::from_bits(plain.bytes().first()? & 0x0f)?;
        Some(buffer.finish(opcode, true).into_bytes())
    }
}
