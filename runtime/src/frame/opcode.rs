//! The six kinds of frame.

/// What a frame is (RFC 6455 §5.2). Opcodes 3–7 and 11–15 are reserved and have no variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OpCode {
    /// A further part of the message that is under way.
    Continuation,
    /// A text message, or its first part.
    Text,
    /// A binary message, or its first part.
    Binary,
    /// The end of the connection, with an optional code and reason.
    Close,
    /// A question that is answered by a pong with the same payload.
    Ping,
    /// The answer to a ping, or a sign of life that nobody asked for.
    Pong,
}

impl OpCode {
    /// The opcode with this number, `None` for a reserved one.
    pub const fn from_bits(bits: u8) -> Option<Self> {
        Some(match bits {
            0 => Self::Continuation,
            1 => Self::Text,
            2 => Self::Binary,
            8 => Self::Close,
            9 => Self::Ping,
            10 => Self::Pong,
            _ => return None,
        })
    }

    /// The number on the wire.
    pub const fn bits(self) -> u8 {
        match self {
            Self::Continuation => 0,
            Self::Text => 1,
            Self::Binary => 2,
            Self::Close => 8,
            Self::Ping => 9,
            Self::Pong => 10,
        }
    }

    /// Whether this is a close, ping or pong frame: at most 125 bytes, never fragmented, and
    /// allowed between the parts of a message (RFC 6455 §5.5).
    pub const fn is_control(self) -> bool {
        matches!(self, Self::Close | Self::Ping | Self::Pong)
    }
}
