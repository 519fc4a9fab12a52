//! The 2 to 14 bytes in front of every payload (RFC 6455 §5.2).
//!
//! ```text
//!  byte 0            byte 1           then
//! +-+-+-+-+-------+ +-+-------------+ +------------------+-----------+
//! |F|R|R|R| opcode| |M|  length 7   | | length 16 or 64  | mask 32   |
//! |I|S|S|S|   4   | |A|  126: 16    | | if 126 or 127    | if M is   |
//! |N|V|V|V|       | |S|  127: 64    | |                  | set       |
//! | |1|2|3|       | |K|             | |                  |           |
//! +-+-+-+-+-------+ +-+-------------+ +------------------+-----------+
//! ```

use super::{OpCode, Violation};

/// One frame header. Anything it can hold can be written, and what was written reads back equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// The last (or only) frame of its message.
    pub fin: bool,
    /// RSV1: the message is compressed (RFC 7692 §6). Only a message's first frame carries it.
    pub compressed: bool,
    /// What the frame is.
    pub opcode: OpCode,
    /// The key that the payload is masked with; clients mask, servers do not (§5.1).
    pub mask: Option<[u8; 4]>,
    /// Bytes of payload that follow.
    pub length: u64,
}

impl Header {
    /// The longest header: two bytes, a 64-bit length and a mask.
    pub const MAX_SIZE: usize = 14;

    /// Reads a header from the start of `input`. Gives it with the number of bytes it took, or
    /// `None` while it is not whole.
    ///
    /// # Errors
    ///
    /// What no header may contain, whoever sent it: see [`Violation`]. A length that is not
    /// written in its shortest form is accepted, as other servers do. Whether a mask or RSV1 is
    /// wanted, and how long a frame may be, is the caller's to judge.
    #[inline]
    pub fn parse(input: &[u8]) -> Result<Option<(Self, usize)>, Violation> {
        let &[first, second, ref rest @ ..] = input else { return Ok(None) };
        if first & 0x30 != 0 {
            return Err(Violation::ReservedBits);
        }
        let opcode =
            OpCode::from_bits(first & 0x0f).ok_or(Violation::ReservedOpcode(first & 0x0f))?;
        let fin = first & 0x80 != 0;
        let (length, rest, mut size) = match second & 0x7f {
            126 => match rest.split_first_chunk::<2>() {
                Some((length, rest)) => (u64::from(u16::from_be_bytes(*length)), rest, 4),
                None => return Ok(None),
            },
            127 => match rest.split_first_chunk::<8>() {
                Some((length, rest)) => (u64::from_be_bytes(*length), rest, 10),
                None => return Ok(None),
            },
            short => (u64::from(short), rest, 2),
        };
        if opcode.is_control() {
            if !fin {
                return Err(Violation::FragmentedControl);
            }
            if length > 125 {
                return Err(Violation::LongControl(length));
            }
        }
        if length >> 63 != 0 {
            return Err(Violation::ImpossibleLength(length));
        }
        let mask = if second & 0x80 != 0 {
            let Some(mask) = rest.first_chunk::<4>() else { return Ok(None) };
            size += 4;
            Some(*mask)
        } else {
            None
        };
        Ok(Some((Self { fin, compressed: first & 0x40 != 0, opcode, mask, length }, size)))
    }

    /// The header as bytes, with their number; the length in its shortest form.
    #[inline]
    pub fn to_bytes(&self) -> ([u8; Self::MAX_SIZE], usize) {
        let mut bytes = [0; Self::MAX_SIZE];
        bytes[0] = u8::from(self.fin) << 7 | u8::from(self.compressed) << 6 | self.opcode.bits();
        let mut size = match self.length {
            0..126 => {
                bytes[1] = self.length as u8;
                2
            }
            126..65_536 => {
                bytes[1] = 126;
                bytes[2..4].copy_from_slice(&(self.length as u16).to_be_bytes());
                4
            }
            _ => {
                bytes[1] = 127;
                bytes[2..10].copy_from_slice(&self.length.to_be_bytes());
                10
            }
        };
        if let Some(mask) = self.mask {
            bytes[1] |= 0x80;
            bytes[size..size + 4].copy_from_slice(&mask);
            size += 4;
        }
        (bytes, size)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn header() -> impl Strategy<Value = Header> {
        let opcodes = prop_oneof![
            Just(OpCode::Continuation),
            Just(OpCode::Text),
            Just(OpCode::Binary),
            Just(OpCode::Close),
            Just(OpCode::Ping),
            Just(OpCode::Pong),
        ];
        let lengths =
            prop_oneof![0u64..130, 65_530u64..65_540, any::<u64>().prop_map(|length| length >> 1),];
        (opcodes, any::<bool>(), any::<bool>(), any::<Option<[u8; 4]>>(), lengths).prop_map(
            |(opcode, fin, compressed, mask, length)| {
                let control = opcode.is_control();
                Header {
                    fin: fin || control,
                    compressed,
                    opcode,
                    mask,
                    length: if control { length % 126 } else { length },
                }
            },
        )
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(header in header()) {
            let (bytes, size) = header.to_bytes();
            prop_assert_eq!(Header::parse(&bytes[..size]), Ok(Some((header, size))));
        }

        #[test]
        fn a_header_cut_short_waits_for_the_rest(header in header(), cut in 0usize..14) {
            let (bytes, size) = header.to_bytes();
            prop_assume!(cut < size);
            prop_assert_eq!(Header::parse(&bytes[..cut]), Ok(None));
        }

        #[test]
        fn any_bytes_are_a_header_a_violation_or_too_few(bytes: Vec<u8>) {
            if let Ok(Some((_, size))) = Header::parse(&bytes) {
                prop_assert!(size <= bytes.len());
            }
        }
    }

    #[test]
    fn reserved_bits_opcodes_and_control_frames_are_judged_by_two_bytes() {
        assert_eq!(Header::parse(&[0xa1, 0x80]), Err(Violation::ReservedBits));
        assert_eq!(Header::parse(&[0x83, 0x80]), Err(Violation::ReservedOpcode(3)));
        assert_eq!(Header::parse(&[0x09, 0x80]), Err(Violation::FragmentedControl));
        assert_eq!(
            Header::parse(&[0x89, 0xfe, 0, 126, 1, 2, 3, 4]),
            Err(Violation::LongControl(126))
        );
    }
}
