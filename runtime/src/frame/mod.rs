//! Bytes and frames (RFC 6455 §5): what stands on the wire, and nothing above it.
//!
//! In: bytes as a socket gave them, cut anywhere. Out: whole messages and control frames, or the
//! [`Violation`] that ends the connection. The other way round: a payload becomes a [`Frame`],
//! which any number of connections share. No sockets, no clock, no sessions.
//!
//! A connection between two messages owns nothing here: a [`Decoder`] allocates only for what is
//! not whole yet, and frees it as soon as it is.

mod decoder;
mod encoder;
mod header;
mod mask;
mod opcode;
mod text;
mod violation;

pub use decoder::{CloseFrame, Decoder, Event, Role, Scratch, SizeLimits};
#[cfg(feature = "client")]
pub(crate) use encoder::write_whole;
pub use encoder::{Frame, FrameBuffer, write_close, write_frame};
pub use header::Header;
pub use mask::{apply_mask, apply_mask_at};
pub use opcode::OpCode;
pub use text::{NotText, TextBuffer};
pub use violation::Violation;
