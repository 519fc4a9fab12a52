//! A payload becomes a frame.

use super::{Header, OpCode, apply_mask};
use bytes::Bytes;

/// A whole, unmasked frame, ready for any number of sockets: cloning it counts a reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame(Bytes);

impl Frame {
    /// Header and payload as they go over the wire.
    pub fn bytes(&self) -> &Bytes {
        &self.0
    }

    /// The bytes, without copying.
    pub fn into_bytes(self) -> Bytes {
        self.0
    }

    /// Length on the wire, header included.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Never: a frame has a header. Here because `len` is.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The bytes after the header.
    pub fn payload(&self) -> &[u8] {
        match Header::parse(&self.0) {
            Ok(Some((_, size))) => &self.0[size..],
            _ => &[],
        }
    }
}

/// Where a payload is encoded: an ordinary `Vec<u8>` that already has room for the header in
/// front, so that framing moves nothing.
#[derive(Debug)]
pub struct FrameBuffer(Vec<u8>);

/// Longest header of an unmasked frame.
const ROOM: usize = 10;

impl FrameBuffer {
    /// A buffer for a payload of about `capacity` bytes.
    pub fn with_capacity(capacity: usize) -> Self {
        let mut buffer = Vec::with_capacity(ROOM + capacity);
        buffer.resize(ROOM, 0);
        Self(buffer)
    }

    /// The vector to append the payload to. What already stands in it must stay.
    pub fn payload_mut(&mut self) -> &mut Vec<u8> {
        &mut self.0
    }

    /// Bytes of payload so far.
    pub fn payload(&self) -> &[u8] {
        self.0.get(ROOM..).unwrap_or_default()
    }

    /// The frame; `compressed` says that the payload is the output of permessage-deflate.
    pub fn finish(mut self, opcode: OpCode, compressed: bool) -> Frame {
        // Somebody who truncated the vector gets an empty payload, not a panic.
        if self.0.len() < ROOM {
            self.0.resize(ROOM, 0);
        }
        let length = (self.0.len() - ROOM) as u64;
        let (header, size) =
            Header { fin: true, compressed, opcode, mask: None, length }.to_bytes();
        let start = ROOM - size;
        self.0[start..ROOM].copy_from_slice(&header[..size]);
        Frame(Bytes::from(self.0).slice(start..))
    }
}

/// Appends one whole frame to `out`, masked when `mask` says so.
pub fn write_frame(out: &mut Vec<u8>, opcode: OpCode, payload: &[u8], mask: Option<[u8; 4]>) {
    let length = payload.len() as u64;
    let header = Header { fin: true, compressed: false, opcode, mask, length };
    write_whole(out, header, payload);
}

/// The same with whatever else a header says; its length is the payload's.
pub(crate) fn write_whole(out: &mut Vec<u8>, header: Header, payload: &[u8]) {
    let (bytes, size) = header.to_bytes();
    out.extend_from_slice(&bytes[..size]);
    let start = out.len();
    out.extend_from_slice(payload);
    if let Some(key) = header.mask {
        apply_mask(&mut out[start..], key);
    }
}

/// Appends a close frame. A reason that does not fit the 123 bytes that a control frame leaves it
/// (RFC 6455 §5.5) is cut at a character boundary.
pub fn write_close(out: &mut Vec<u8>, code: u16, reason: &str, mask: Option<[u8; 4]>) {
    let reason = &reason[..reason.floor_char_boundary(123)];
    let mut payload = [0; 125];
    payload[..2].copy_from_slice(&code.to_be_bytes());
    payload[2..2 + reason.len()].copy_from_slice(reason.as_bytes());
    write_frame(out, OpCode::Close, &payload[..2 + reason.len()], mask);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_lands_directly_before_the_payload_in_every_length_class() {
        for (length, size) in [(0, 2), (125, 2), (126, 4), (65_535, 4), (65_536, 10)] {
            let mut buffer = FrameBuffer::with_capacity(length);
            buffer.payload_mut().extend(std::iter::repeat_n(b'x', length));
            let frame = buffer.finish(OpCode::Text, false);
            assert_eq!(frame.len(), size + length);
            assert_eq!(frame.payload().len(), length);
            let mut copied = Vec::new();
            write_frame(&mut copied, OpCode::Text, &vec![b'x'; length], None);
            assert_eq!(frame.bytes(), &copied);
        }
    }

    #[test]
    fn a_long_close_reason_is_cut_between_characters() {
        let mut out = Vec::new();
        write_close(&mut out, 1000, &"é".repeat(100), None);
        assert_eq!(out.len(), 2 + 2 + 122);
        assert!(std::str::from_utf8(&out[4..]).is_ok());
    }
}
