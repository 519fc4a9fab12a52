//! Keeps an open connection alive, and finds out when it is dead.
//!
//! Two duties. A server may close a client from which it gets no message for a while (the plain wire): then
//! something harmless is sent in time. And a network may die without a word: after a silence the server is
//! asked for a sign of life, and only if none comes is the connection given up, so that a quiet market is
//! not taken for a dead one. Any frame is a sign of life.

use std::time::Duration;

use super::{Command, Core, Timer};
use crate::close::Closes;
use crate::codec::Codec;
use crate::frame::OpCode;
use crate::typed::Message;

#[derive(Debug, Default)]
pub(super) struct Heartbeat {
    last_sent: Duration,
    last_received: Duration,
    /// Frames since the beginning.
    heard: u64,
    /// How often something is to be sent.
    interval: Option<Duration>,
    is_running: bool,
    /// A sign of life was asked for, when so many frames had come.
    asked: Option<u64>,
}

impl<M: Message + Clone + Send + Sync + 'static> Core<M> {
    /// A frame of any kind came.
    pub(crate) fn heard(&mut self) {
        self.heartbeat.last_received = self.now;
        self.heartbeat.heard += 1;
    }

    /// A message was handed to the socket.
    pub(super) fn said(&mut self) {
        self.heartbeat.last_sent = self.now;
    }

    pub(super) fn start_heartbeat(&mut self) {
        let pings = self.link.subprotocol().is_some_and(|it| it.closes == Closes::Declared);
        let demanded = self.settings.heartbeat.or(self.contract.heartbeat);
        self.heartbeat = Heartbeat {
            last_sent: self.now,
            last_received: self.now,
            heard: self.heartbeat.heard,
            interval: demanded.filter(|_| !pings).map(beat_interval),
            is_running: true,
            asked: None,
        };
        if let Some(interval) = self.heartbeat.interval {
            self.set(Timer::Beat, interval);
        }
        self.set(Timer::Watch, self.settings.silence);
    }

    pub(super) fn stop_heartbeat(&mut self) {
        self.heartbeat.is_running = false;
        self.timers.clear(Timer::Beat);
        self.timers.clear(Timer::Watch);
    }

    /// The machine slept, or the network changed: don't wait for the silence to grow.
    pub(super) fn check_heartbeat(&mut self) {
        if self.heartbeat.is_running {
            self.ask_for_life();
        }
    }

    pub(super) fn beat_due(&mut self) {
        let Some(interval) = self.heartbeat.interval else { return };
        // Whatever else was sent in the meantime did the same service.
        if self.now - self.heartbeat.last_sent >= interval && !self.send_something() {
            self.heartbeat.last_sent = self.now;
        }
        let since = self.now - self.heartbeat.last_sent;
        self.set(Timer::Beat, interval.saturating_sub(since));
    }

    pub(super) fn watch_due(&mut self) {
        let silence = self.settings.silence;
        match self.heartbeat.asked.take() {
            Some(before) if self.heartbeat.heard > before => self.set(Timer::Watch, silence),
            Some(_) => {
                let patience = self.settings.patience.as_millis();
                self.give_up(&format!("no sign of life within {patience} ms of asking for one"));
            }
            None => {
                let quiet = self.now - self.heartbeat.last_received;
                if quiet < silence {
                    self.set(Timer::Watch, silence - quiet);
                } else {
                    self.ask_for_life();
                }
            }
        }
    }

    fn ask_for_life(&mut self) {
        self.heartbeat.asked = Some(self.heartbeat.heard);
        if !self.send_something() {
            self.commands.push_back(Command::Ping);
        }
        self.set(Timer::Watch, self.settings.patience);
    }

    /// Sends a message that is answered and changes nothing, and says whether there was any.
    fn send_something(&mut self) -> bool {
        if let Some(keep_alive) = self.contract.keep_alive {
            let mut payload = Vec::new();
            if keep_alive(self.codec(), &mut payload).is_ok() {
                let opcode = self.opcode();
                self.write(opcode, payload);
                return true;
            }
        }
        match self.topics.probe() {
            Some(key) => {
                self.ask(key);
                true
            }
            None => false,
        }
    }

    pub(super) fn opcode(&self) -> OpCode {
        match self.codec() {
            Codec::Json => OpCode::Text,
            _ => OpCode::Binary,
        }
    }
}

/// A sixth before the deadline, at most 5 s: for the reference's 30 s this is the 25 s that it advises.
fn beat_interval(demanded: Duration) -> Duration {
    let interval = demanded - (demanded / 6).min(Duration::from_secs(5));
    // Time has to pass between two beats.
    interval.max(Duration::from_millis(1))
}
