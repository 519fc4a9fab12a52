//! A published message: encoded once per codec, framed once, compressed once per window, and
//! then only shared.

use super::Overflow;
use crate::{
    codec::{Codec, Encode, EncodeError},
    service::Outgoing,
};
use bytes::Bytes;

/// What decides the bytes that a session is sent: its codec and its compression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Class(u8);

/// Compression of a class: none, or windows of 9 to 15 bits.
const WINDOWS: u8 = 8;

impl Class {
    /// How many classes there are; they fit a 32-bit mask.
    pub(crate) const COUNT: usize = Codec::COUNT * WINDOWS as usize;

    /// `window` in bits for a compressed session.
    pub(crate) fn new(codec: Codec, window: Option<u8>) -> Self {
        let window = window.map_or(0, |bits| bits.clamp(9, 15) - 8);
        Self(codec.index() as u8 * WINDOWS + window)
    }

    pub(crate) fn codec(self) -> Codec {
        Codec::ALL[usize::from(self.0 / WINDOWS)]
    }

    /// Bits of the compressor's window.
    pub(crate) fn window(self) -> Option<u8> {
        match self.0 % WINDOWS {
            0 => None,
            window => Some(window + 8),
        }
    }

    /// The class of sessions with the same codec and no compression.
    pub(crate) fn uncompressed(self) -> Self {
        Self(self.0 / WINDOWS * WINDOWS)
    }

    pub(crate) fn index(self) -> usize {
        usize::from(self.0)
    }

    pub(crate) fn bit(self) -> u32 {
        1 << self.0
    }
}

/// The frames of one message, by class.
#[derive(Debug)]
pub(crate) struct Prepared {
    frames: Vec<(Class, Bytes)>,
    largest: usize,
    pub(crate) overflow: Overflow,
    /// Which of the topic's values it is.
    pub(crate) key: u64,
    /// Its number in the topic's log; 0 where the topic has none.
    pub(crate) offset: u64,
}

impl Prepared {
    /// Encodes and frames for the codecs of `classes`, a mask of [`Class::bit`]s; `compress` makes
    /// the compressed frame of a class from the plain one, or declines.
    pub(crate) fn new(
        message: &dyn Encode,
        classes: u32,
        overflow: Overflow,
        key: u64,
        mut compress: impl FnMut(Class, &Outgoing) -> Option<Bytes>,
    ) -> Result<Self, EncodeError> {
        let mut frames = Vec::with_capacity(1);
        for codec in Codec::ALL {
            let plain = Class::new(codec, None);
            let of_codec = classes >> plain.index() & 0xff;
            if of_codec == 0 {
                continue;
            }
            let frame = Outgoing::encode(codec, message)?;
            for window in 9..=15 {
                let class = Class::new(codec, Some(window));
                if classes & class.bit() != 0
                    && let Some(compressed) = compress(class, &frame)
                {
                    frames.push((class, compressed));
                }
            }
            // Kept beside the compressed ones: a class may fall back to it.
            frames.push((plain, frame.0.into_bytes()));
        }
        let largest = frames.iter().map(|(_, frame)| frame.len()).max().unwrap_or(0);
        Ok(Self { frames, largest, overflow, key, offset: 0 })
    }

    /// The frame for a class; the uncompressed one where compression did not pay. `None` for a
    /// codec that nobody had subscribed with when the message was published.
    #[inline]
    pub(crate) fn frame(&self, class: Class) -> Option<&Bytes> {
        match self.frames.as_slice() {
            [(only, frame)] if *only == class => Some(frame),
            frames => frames
                .iter()
                .find(|(of, _)| *of == class)
                .or_else(|| frames.iter().find(|(of, _)| *of == class.uncompressed()))
                .map(|(_, frame)| frame),
        }
    }

    /// Whether a newer value of its key replaces it.
    pub(crate) fn conflates(&self) -> bool {
        self.overflow == Overflow::Conflate
    }

    /// Bytes of its longest frame: what it counts for in a queue.
    pub(crate) fn bytes(&self) -> usize {
        self.largest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_is_its_codec_and_window() {
        for codec in Codec::ALL {
            for window in [None, Some(9), Some(15)] {
                let class = Class::new(codec, window);
                assert_eq!((class.codec(), class.window()), (codec, window));
                assert!(class.index() < Class::COUNT);
            }
        }
    }

    #[test]
    fn a_message_is_encoded_once_for_each_codec_somebody_has() {
        let encoded = std::cell::Cell::new(0);
        let message = |codec: Codec, out: &mut Vec<u8>| {
            encoded.set(encoded.get() + 1);
            out.extend_from_slice(codec.name().as_bytes());
            Ok(())
        };
        let json = Class::new(Codec::Json, None);
        let small = Class::new(Codec::Json, Some(9));
        let msgpack = Class::new(Codec::MessagePack, None);
        let prepared =
            Prepared::new(&message, json.bit() | small.bit(), Overflow::Close, 0, |_, _| None)
                .unwrap();
        assert_eq!(encoded.get(), 1);
        assert_eq!(prepared.frame(json).unwrap(), &b"\x81\x04json"[..]);
        assert_eq!(prepared.frame(small), prepared.frame(json), "declined, so sent plain");
        assert_eq!(prepared.frame(msgpack), None);
    }
}
