//! What a peer can do wrong on the wire, and the close code that answers it.

use std::fmt;

/// A breach of RFC 6455, RFC 7692 or of a size limit. The connection cannot go on: the frame
/// after the breach is not to be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Violation {
    /// A reserved bit is set that no negotiated extension gives a meaning (§5.2).
    ReservedBits,
    /// The opcode is reserved (§5.2).
    ReservedOpcode(u8),
    /// A control frame with the final bit unset (§5.5).
    FragmentedControl,
    /// A control frame of more than 125 bytes (§5.5).
    LongControl(u64),
    /// A 64-bit length with its highest bit set (§5.2).
    ImpossibleLength(u64),
    /// A frame from a client without a mask (§5.1).
    Unmasked,
    /// A frame from a server with a mask (§5.1).
    Masked,
    /// A continuation without a message under way (§5.4).
    UnexpectedContinuation,
    /// A new message before the last one was whole (§5.4).
    InterleavedMessage,
    /// A close frame whose payload is one byte long (§5.5.1).
    CloseLength,
    /// A close code that must not stand on the wire (§7.4).
    CloseCode(u16),
    /// A close reason that is not UTF-8 (§5.5.1).
    CloseReason,
    /// A text message that is not UTF-8 (§8.1).
    Utf8,
    /// A frame longer than the limit.
    FrameTooLarge {
        /// Length that the frame's header states, in bytes.
        length: u64,
        /// The limit, in bytes.
        limit: usize,
    },
    /// A message longer than the limit, after assembling and inflating.
    MessageTooLarge {
        /// Length at which the limit was passed, in bytes; the message may be longer.
        length: u64,
        /// The limit, in bytes.
        limit: usize,
    },
    /// Compressed data that do not inflate (RFC 7692 §7.2.2).
    Inflate,
}

impl Violation {
    /// The close code that tells the peer: 1002, 1007 for bad text or data, 1009 for a size.
    pub const fn close_code(self) -> u16 {
        match self {
            Self::Utf8 | Self::CloseReason | Self::Inflate => 1007,
            // A length that no frame can have is also one that no limit allows.
            Self::ImpossibleLength(_)
            | Self::FrameTooLarge { .. }
            | Self::MessageTooLarge { .. } => 1009,
            _ => 1002,
        }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ReservedBits => f.write_str("reserved bits set without an extension"),
            Self::ReservedOpcode(code) => write!(f, "reserved opcode {code}"),
            Self::FragmentedControl => f.write_str("fragmented control frame"),
            Self::LongControl(length) => {
                write!(f, "control frame of {length} bytes exceeds 125")
            }
            Self::ImpossibleLength(length) => write!(f, "frame length {length} exceeds 63 bits"),
            Self::Unmasked => f.write_str("unmasked frame from a client"),
            Self::Masked => f.write_str("masked frame from a server"),
            Self::UnexpectedContinuation => f.write_str("continuation without a message"),
            Self::InterleavedMessage => f.write_str("new message inside a fragmented one"),
            Self::CloseLength => f.write_str("close payload of 1 byte"),
            Self::CloseCode(code) => write!(f, "close code {code} is not allowed in a frame"),
            Self::CloseReason => f.write_str("close reason is not UTF-8"),
            Self::Utf8 => f.write_str("text message is not UTF-8"),
            Self::FrameTooLarge { length, limit } => {
                write!(f, "frame of {length} bytes exceeds max_frame_size {limit}")
            }
            Self::MessageTooLarge { length, limit } => {
                write!(f, "message of {length} bytes exceeds max_message_size {limit}")
            }
            Self::Inflate => f.write_str("compressed message does not inflate"),
        }
    }
}

impl std::error::Error for Violation {}
