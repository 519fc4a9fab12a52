//! Compressed messages back to what was sent, never further than a limit.

use crate::frame::Violation;
use flate2::{Decompress, FlushDecompress, Status};
use std::fmt;

/// What a sender strips from the end of each message (RFC 7692 §7.2.1).
const TAIL: [u8; 4] = [0, 0, 0xff, 0xff];

/// An output buffer that one large message has grown past this is given back.
const KEPT: usize = 1 << 20;

/// Inflates messages of any number of connections, none of which takes a context over. Holds
/// about 40 KiB once used; one a thread is enough.
#[derive(Default)]
pub struct Inflater {
    stream: Option<Decompress>,
}

impl fmt::Debug for Inflater {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inflater").finish_non_exhaustive()
    }
}

impl Inflater {
    /// Replaces the contents of `out` by the inflated message.
    ///
    /// # Errors
    ///
    /// [`Violation::Inflate`] for data that are not deflate or are cut off, and
    /// [`Violation::MessageTooLarge`] as soon as more than `limit` bytes have come out: a small
    /// message that expands without end costs `limit` bytes and no more.
    pub fn message(
        &mut self,
        compressed: &[u8],
        limit: usize,
        out: &mut Vec<u8>,
    ) -> Result<(), Violation> {
        let stream = self.stream.get_or_insert_with(|| Decompress::new(false));
        stream.reset(false);
        out.clear();
        if out.capacity() > KEPT {
            out.shrink_to(KEPT);
        }
        for mut part in [compressed, &TAIL] {
            loop {
                let room = (part.len() * 4).clamp(1024, 256 * 1024);
                out.reserve(room.min((limit + 1).saturating_sub(out.len())).max(1));
                let (taken, made) = (stream.total_in(), stream.total_out());
                let status = stream
                    .decompress_vec(part, out, FlushDecompress::Sync)
                    .map_err(|_| Violation::Inflate)?;
                if out.len() > limit {
                    return Err(Violation::MessageTooLarge { length: out.len() as u64, limit });
                }
                let (taken, made) = (stream.total_in() - taken, stream.total_out() - made);
                part = part.get(taken as usize..).unwrap_or_default();
                if status == Status::StreamEnd {
                    // A final block in mid-message: what follows is a stream of its own (§7.2.3.4).
                    stream.reset(false);
                }
                let full = out.len() == out.capacity();
                if part.is_empty() && !full {
                    break;
                }
                if taken == 0 && made == 0 && !full {
                    return Err(Violation::Inflate);
                }
            }
        }
        Ok(())
    }
}
