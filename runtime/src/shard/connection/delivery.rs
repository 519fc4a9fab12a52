//! Pushes to a connection: written at once, queued, or too many.

use super::{
    super::{Cx, Tally},
    Connection,
};
use crate::{close::Situation, session::Push};
use std::io::ErrorKind;

impl Connection {
    /// Sends pushes of one turn: `joined` are all `frames` one after the other.
    ///
    /// The hot path of a fan-out: one system call and no allocation while the socket is ready.
    #[inline]
    pub(crate) fn deliver(&mut self, joined: &[u8], frames: &[Push], cx: &mut Tally) {
        if !self.core.is_open() || self.link.dead {
            return;
        }
        cx.messages_out += frames.len() as u64;
        if self.link.outbox.is_none() {
            cx.writes += 1;
            match self.link.transport.write(joined) {
                Ok(n) if n == joined.len() => {
                    cx.bytes_out += n as u64;
                    self.link.flush_stream();
                }
                Ok(n) => {
                    cx.bytes_out += n as u64;
                    self.queue_pushes(n, frames, cx);
                }
                Err(error)
                    if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) =>
                {
                    self.queue_pushes(0, frames, cx);
                }
                Err(_) => {
                    self.link.dead = true;
                    cx.unsettled.push(self.link.token);
                }
            }
        } else {
            self.queue_pushes(0, frames, cx);
        }
    }

    #[cold]
    fn queue_pushes(&mut self, mut written: usize, frames: &[Push], cx: &mut Tally) {
        let limit = self.settings().limits.queue_bytes;
        let outbox = self.link.outbox.get_or_insert_default();
        let (before, dropped) = (outbox.bytes(), outbox.dropped());
        for push in frames {
            if written >= push.bytes.len() {
                written -= push.bytes.len();
            } else if written > 0 {
                outbox.keep(push.bytes.slice(written..));
                written = 0;
            } else {
                outbox.push(push.clone(), limit);
            }
        }
        cx.counters.queued_bytes.change(before, outbox.bytes());
        cx.counters.dropped.add(outbox.dropped() - dropped);
        cx.unsettled.push(self.link.token);
    }

    /// The client does not take what it is sent: drops the pushes and says so.
    pub(super) fn close_slow(&mut self, cx: &mut Cx) {
        if let Some(outbox) = &mut self.link.outbox {
            let (before, dropped) = (outbox.bytes(), outbox.dropped());
            outbox.drop_pushes();
            cx.tally.counters.queued_bytes.change(before, outbox.bytes());
            cx.tally.counters.dropped.add(outbox.dropped() - dropped);
            let dropped = outbox.take_dropped();
            self.link.tell(&dropped, cx);
        }
        self.close_for(Situation::Slow, cx);
        self.link.flush_out(cx);
    }
}
