//! Every bound of the engine: name, unit, default, and why that default.

use std::time::Duration;

/// Bounds on what a client can make the server hold or do. Change the ones you mean:
///
/// ```
/// use asyncapi_ws::limits::Limits;
///
/// let limits = Limits { message_bytes: 64 * 1024, ..Limits::default() };
/// # assert_eq!(limits.frame_bytes, Limits::default().frame_bytes);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Payload of one frame from a client, in bytes. 64 KiB: requests are small, and a larger one
    /// is a mistake or an attack. A breach closes with 1009.
    pub frame_bytes: usize,
    /// One message from a client, in bytes, all frames together and after inflating. 256 KiB.
    pub message_bytes: usize,
    /// Arrays and objects inside one another in a message from a client, whatever its codec. 64: an
    /// API's messages have some ten levels, and each costs a decoder stack. A breach is a message
    /// that cannot be decoded, found before anything decodes it. Generated code takes no more than
    /// 200 whatever is said here.
    pub json_depth: usize,
    /// Messages read ahead while a handler of the same connection is waiting, in bytes. 64 KiB;
    /// beyond it the connection is not read, and TCP tells the client to wait.
    pub backlog_bytes: usize,
    /// Frames queued for one client that does not read, in bytes. 1 MiB, some seconds of a busy
    /// feed; what happens beyond it is the topic's policy, at last the close "slow".
    pub queue_bytes: usize,
    /// Published frames that wait for one shard, in bytes. 64 MiB: a publisher that outruns the
    /// machine is told so instead of filling the memory.
    pub publish_queue_bytes: usize,
    /// Open connections of one hub. 100 000. A plain client beyond it gets HTTP 503 with
    /// `Retry-After`, a declared one the close "overloaded" with a wait.
    pub connections: usize,
    /// Topics that one connection may be subscribed to. 1 000.
    pub subscriptions: usize,
    /// Messages that one connection may send. No bound unless said. What is above it is refused, see
    /// [`Service::limited`](crate::service::Service::limited); who goes on all the same is closed
    /// with the situation "rate".
    pub rate: Option<Rate>,
    /// Topics that remember messages. 100 000; a publish that would make it more fails.
    pub retained_topics: usize,
    /// For each step of a handshake: the request's head, where [`serve`](crate::serve::serve) does
    /// the reading; the application's admission; the way from the answer to the open session. 10 s.
    pub handshake: Duration,
    /// Connections that [`serve`](crate::serve::serve) lets speak HTTP at a time, that is, before
    /// they are sessions. 4 096; further ones wait to be accepted.
    pub handshakes: usize,
    /// For a close handshake, and for a client to take what was queued before it. 5 s; then the
    /// socket is dropped.
    pub close: Duration,
}

/// A number of messages over time: a bucket of `burst` that fills with `per_second`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// Messages a second in the long run.
    pub per_second: u32,
    /// Messages at once after a quiet time; also how many may be refused in a row before the
    /// connection is closed.
    pub burst: u32,
}

impl Limits {
    /// For servers whose peers are trusted and send large messages: 16 MiB a message.
    pub fn large_messages() -> Self {
        Self { frame_bytes: 16 << 20, message_bytes: 16 << 20, ..Self::default() }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            frame_bytes: 64 * 1024,
            message_bytes: 256 * 1024,
            json_depth: 64,
            backlog_bytes: 64 * 1024,
            queue_bytes: 1 << 20,
            publish_queue_bytes: 64 << 20,
            connections: 100_000,
            subscriptions: 1_000,
            rate: None,
            retained_topics: 100_000,
            handshake: Duration::from_secs(10),
            handshakes: 4_096,
            close: Duration::from_secs(5),
        }
    }
}
