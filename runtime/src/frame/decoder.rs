//! Bytes in, messages and control frames out.
//!
//! A whole frame that lies in the input is unmasked where it lies and lent to the caller: nothing
//! is allocated or copied. What arrives in parts is collected in a box that exists only meanwhile.

use super::{Header, OpCode, TextBuffer, Violation, apply_mask, apply_mask_at};
use std::{borrow::Cow, ops::Range};

/// Which end of the connection reads (RFC 6455 §5.1): it decides whether frames must be masked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Reads what a client sent: every frame is masked.
    Server,
    /// Reads what a server sent: no frame is masked.
    Client,
}

/// How much a peer may send at once, in bytes of payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SizeLimits {
    /// One frame, as its header states.
    pub frame: usize,
    /// One message: all its frames together, and again after inflating.
    pub message: usize,
}

/// What came. Payloads are borrowed from the input where they lay there in one piece.
#[derive(Debug, PartialEq, Eq)]
pub enum Event<'a> {
    /// A text message, checked to be UTF-8.
    Text(Cow<'a, str>),
    /// A binary message.
    Binary(Cow<'a, [u8]>),
    /// To be answered with a pong of the same payload.
    Ping(&'a [u8]),
    /// An answer, or a sign of life.
    Pong(&'a [u8]),
    /// The peer's last frame; what follows it is no longer looked at.
    Close(Option<CloseFrame<'a>>),
}

/// The payload of a close frame, where it has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CloseFrame<'a> {
    /// A code that may stand on the wire (RFC 6455 §7.4).
    pub code: u16,
    /// Meant for people and logs; may be empty.
    pub reason: &'a str,
}

/// Working memory that all connections of a thread share.
#[derive(Debug, Default)]
pub struct Scratch {
    control: Vec<u8>,
    inflated: Vec<u8>,
    #[cfg(feature = "deflate")]
    inflater: crate::deflate::Inflater,
}

/// Reads one connection. Between two messages it owns no memory.
#[derive(Debug)]
pub struct Decoder {
    role: Role,
    compression: bool,
    limits: SizeLimits,
    partial: Option<Box<Partial>>,
}

/// What is not whole yet.
#[derive(Debug, Default)]
struct Partial {
    header: [u8; Header::MAX_SIZE],
    header_size: usize,
    frame: Option<OpenFrame>,
    control: Vec<u8>,
    message: Option<Message>,
}

/// A frame whose header is known and whose payload is coming.
#[derive(Clone, Copy, Debug)]
struct OpenFrame {
    header: Header,
    received: u64,
}

#[derive(Debug)]
enum Message {
    Text(TextBuffer),
    Binary(Vec<u8>),
    Compressed(OpCode, Vec<u8>),
}

/// What a call found, by place: it is lent out after the borrows of the search have ended.
enum Found {
    InInput(Header, Range<usize>),
    Control(OpCode),
    Message(Message),
}

/// Room taken at once for a message whose header promises more: a promise costs its maker nothing.
const FIRST_ROOM: u64 = 64 * 1024;

impl Decoder {
    /// A decoder for one end of an uncompressed connection.
    pub const fn new(role: Role, limits: SizeLimits) -> Self {
        Self { role, compression: false, limits, partial: None }
    }

    /// Accepts compressed messages: permessage-deflate was negotiated, with no context taken over
    /// from message to message.
    #[cfg(feature = "deflate")]
    #[must_use]
    pub const fn with_compression(mut self) -> Self {
        self.compression = true;
        self
    }

    /// Whether a message or frame has begun and is not whole.
    pub const fn is_mid_message(&self) -> bool {
        self.partial.is_some()
    }

    /// The next event of `input[*at..]`; moves `at` past what was taken. `None` means that all
    /// input is taken and more is needed.
    ///
    /// # Errors
    ///
    /// A [`Violation`]; the decoder must not be used afterwards.
    #[inline]
    pub fn next<'a>(
        &'a mut self,
        input: &'a mut [u8],
        at: &mut usize,
        scratch: &'a mut Scratch,
    ) -> Result<Option<Event<'a>>, Violation> {
        let found = match self.search(input, at, scratch)? {
            Some(found) => found,
            None => return Ok(None),
        };
        match found {
            Found::InInput(header, range) => whole_frame(header, &mut input[range], self, scratch),
            Found::Control(opcode) => control_frame(opcode, &scratch.control),
            Found::Message(Message::Text(text)) => {
                Ok(Event::Text(Cow::Owned(text.finish().map_err(|_| Violation::Utf8)?)))
            }
            Found::Message(Message::Binary(bytes)) => Ok(Event::Binary(Cow::Owned(bytes))),
            Found::Message(Message::Compressed(opcode, bytes)) => {
                inflated(opcode, &bytes, self.limits, scratch)
            }
        }
        .map(Some)
    }

    fn search(
        &mut self,
        input: &mut [u8],
        at: &mut usize,
        scratch: &mut Scratch,
    ) -> Result<Option<Found>, Violation> {
        if self.partial.is_none() {
            let rest = &input[*at..];
            if rest.is_empty() {
                return Ok(None);
            }
            if let Some((header, size)) = Header::parse(rest)? {
                self.judge(&header)?;
                if header.fin && header.length <= (rest.len() - size) as u64 {
                    let start = *at + size;
                    *at = start + header.length as usize;
                    return Ok(Some(Found::InInput(header, start..*at)));
                }
            }
        }
        self.search_in_parts(input, at, scratch)
    }

    #[cold]
    fn search_in_parts(
        &mut self,
        input: &mut [u8],
        at: &mut usize,
        scratch: &mut Scratch,
    ) -> Result<Option<Found>, Violation> {
        loop {
            let open = match self.partial.as_ref().and_then(|partial| partial.frame) {
                Some(open) => open,
                None => {
                    let Some(header) = self.read_header(input, at)? else { return Ok(None) };
                    self.judge(&header)?;
                    // A whole control frame between the parts of a message needs no copy.
                    if header.opcode.is_control() && header.length <= (input.len() - *at) as u64 {
                        let start = *at;
                        *at += header.length as usize;
                        return Ok(Some(Found::InInput(header, start..*at)));
                    }
                    let partial = self.partial.get_or_insert_default();
                    partial.begin(&header);
                    OpenFrame { header, received: 0 }
                }
            };
            let rest = &mut input[*at..];
            let missing = open.header.length - open.received;
            let take = usize::try_from(missing).unwrap_or(usize::MAX).min(rest.len());
            let part = &mut rest[..take];
            if let Some(key) = open.header.mask {
                apply_mask_at(part, key, open.received);
            }
            *at += take;
            let partial = self.partial.get_or_insert_default();
            partial.append(open.header.opcode, part)?;
            if (take as u64) < missing {
                partial.frame = Some(OpenFrame { received: open.received + take as u64, ..open });
                return Ok(None);
            }
            partial.frame = None;
            let found = if open.header.opcode.is_control() {
                scratch.control = std::mem::take(&mut partial.control);
                Some(Found::Control(open.header.opcode))
            } else if open.header.fin {
                partial.message.take().map(Found::Message)
            } else {
                None
            };
            if let Some(found) = found {
                self.release();
                return Ok(Some(found));
            }
        }
    }

    /// The next header, whose bytes may have come in several inputs.
    fn read_header(&mut self, input: &[u8], at: &mut usize) -> Result<Option<Header>, Violation> {
        let rest = &input[*at..];
        let before = self.partial.as_ref().map_or(0, |partial| partial.header_size);
        if before == 0
            && let Some((header, size)) = Header::parse(rest)?
        {
            *at += size;
            return Ok(Some(header));
        }
        if rest.is_empty() {
            self.release();
            return Ok(None);
        }
        let partial = self.partial.get_or_insert_default();
        let take = rest.len().min(Header::MAX_SIZE - before);
        partial.header[before..before + take].copy_from_slice(&rest[..take]);
        match Header::parse(&partial.header[..before + take])? {
            Some((header, size)) => {
                partial.header_size = 0;
                *at += size - before;
                Ok(Some(header))
            }
            None => {
                partial.header_size = before + take;
                *at += take;
                Ok(None)
            }
        }
    }

    /// Frees the box when nothing in it is under way.
    fn release(&mut self) {
        if self.partial.as_ref().is_some_and(|partial| partial.is_idle()) {
            self.partial = None;
        }
    }

    /// What a header may say at this point of this connection.
    #[inline]
    fn judge(&self, header: &Header) -> Result<(), Violation> {
        match (self.role, header.mask) {
            (Role::Server, None) => return Err(Violation::Unmasked),
            (Role::Client, Some(_)) => return Err(Violation::Masked),
            _ => {}
        }
        let message = self.partial.as_ref().and_then(|partial| partial.message.as_ref());
        match header.opcode {
            OpCode::Text | OpCode::Binary => {
                if header.compressed && !self.compression {
                    return Err(Violation::ReservedBits);
                }
                if message.is_some() {
                    return Err(Violation::InterleavedMessage);
                }
            }
            _ if header.compressed => return Err(Violation::ReservedBits),
            OpCode::Continuation if message.is_none() => {
                return Err(Violation::UnexpectedContinuation);
            }
            OpCode::Continuation => {}
            OpCode::Close | OpCode::Ping | OpCode::Pong => return Ok(()),
        }
        if header.length > self.limits.frame as u64 {
            return Err(Violation::FrameTooLarge {
                length: header.length,
                limit: self.limits.frame,
            });
        }
        let length = header.length + message.map_or(0, |message| message.len() as u64);
        if length > self.limits.message as u64 {
            return Err(Violation::MessageTooLarge { length, limit: self.limits.message });
        }
        Ok(())
    }
}

impl Partial {
    fn is_idle(&self) -> bool {
        self.header_size == 0 && self.frame.is_none() && self.message.is_none()
    }

    fn begin(&mut self, header: &Header) {
        let room = header.length.min(FIRST_ROOM) as usize;
        match header.opcode {
            OpCode::Text | OpCode::Binary if header.compressed => {
                self.message = Some(Message::Compressed(header.opcode, Vec::with_capacity(room)));
            }
            OpCode::Text => self.message = Some(Message::Text(TextBuffer::default())),
            OpCode::Binary => self.message = Some(Message::Binary(Vec::with_capacity(room))),
            _ => {}
        }
    }

    fn append(&mut self, opcode: OpCode, part: &[u8]) -> Result<(), Violation> {
        if opcode.is_control() {
            self.control.extend_from_slice(part);
            return Ok(());
        }
        match &mut self.message {
            Some(Message::Text(text)) => text.push(part).map_err(|_| Violation::Utf8),
            Some(Message::Binary(bytes) | Message::Compressed(_, bytes)) => {
                bytes.extend_from_slice(part);
                Ok(())
            }
            None => Err(Violation::UnexpectedContinuation),
        }
    }
}

impl Message {
    fn len(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Binary(bytes) | Self::Compressed(_, bytes) => bytes.len(),
        }
    }
}

#[inline]
fn whole_frame<'a>(
    header: Header,
    payload: &'a mut [u8],
    decoder: &Decoder,
    scratch: &'a mut Scratch,
) -> Result<Event<'a>, Violation> {
    if let Some(key) = header.mask {
        apply_mask(payload, key);
    }
    match header.opcode {
        opcode if header.compressed => inflated(opcode, payload, decoder.limits, scratch),
        OpCode::Text => std::str::from_utf8(payload)
            .map(|text| Event::Text(Cow::Borrowed(text)))
            .map_err(|_| Violation::Utf8),
        OpCode::Binary => Ok(Event::Binary(Cow::Borrowed(payload))),
        opcode => control_frame(opcode, payload),
    }
}

fn control_frame(opcode: OpCode, payload: &[u8]) -> Result<Event<'_>, Violation> {
    match (opcode, payload) {
        (OpCode::Ping, _) => Ok(Event::Ping(payload)),
        (OpCode::Pong, _) => Ok(Event::Pong(payload)),
        (OpCode::Close, []) => Ok(Event::Close(None)),
        (OpCode::Close, [first, second, reason @ ..]) => {
            let code = u16::from_be_bytes([*first, *second]);
            if !may_be_sent(code) {
                return Err(Violation::CloseCode(code));
            }
            let reason = std::str::from_utf8(reason).map_err(|_| Violation::CloseReason)?;
            Ok(Event::Close(Some(CloseFrame { code, reason })))
        }
        (OpCode::Close, [_]) => Err(Violation::CloseLength),
        (OpCode::Continuation | OpCode::Text | OpCode::Binary, _) => {
            Err(Violation::UnexpectedContinuation)
        }
    }
}

/// RFC 6455 §7.4.1 and the IANA registry: 1004–1006 and 1015 never stand on the wire, 1016–2999
/// are not assigned, 3000–4999 are free for libraries and applications.
const fn may_be_sent(code: u16) -> bool {
    matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999)
}

#[cfg(feature = "deflate")]
fn inflated<'a>(
    opcode: OpCode,
    compressed: &[u8],
    limits: SizeLimits,
    scratch: &'a mut Scratch,
) -> Result<Event<'a>, Violation> {
    scratch.inflater.message(compressed, limits.message, &mut scratch.inflated)?;
    if opcode == OpCode::Text {
        std::str::from_utf8(&scratch.inflated)
            .map(|text| Event::Text(Cow::Borrowed(text)))
            .map_err(|_| Violation::Utf8)
    } else {
        Ok(Event::Binary(Cow::Borrowed(&scratch.inflated)))
    }
}

#[cfg(not(feature = "deflate"))]
fn inflated<'a>(
    _: OpCode,
    _: &[u8],
    _: SizeLimits,
    scratch: &'a mut Scratch,
) -> Result<Event<'a>, Violation> {
    // Not reached: without the feature no decoder accepts RSV1.
    scratch.inflated.clear();
    Err(Violation::ReservedBits)
}

#[cfg(test)]
mod tests;
