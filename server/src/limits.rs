//! The bounds on what clients can make the service hold or do, as settings.
//!
//! What each is for and why it has its default is written at [`asyncapi_ws::limits::Limits`]; here is
//! only what differs for this service.

use std::time::Duration;

use asyncapi_ws::limits::Limits;
use clap::Args;

use crate::config::seconds;

/// Settings of [`Limits`]. Bytes may have a unit: `65536`, `64KiB`, `1MiB`.
#[derive(Clone, Debug, PartialEq, Args)]
#[command(next_help_heading = "Limits")]
pub struct LimitSettings {
    /// Payload of one frame from a client, in bytes or with KiB or MiB. Beyond it: close 1009.
    ///
    /// The service before this one took 16 MiB. Nobody needs that, but a long symbol must not end a
    /// connection.
    #[arg(long, value_name = "BYTES", default_value = "1MiB", value_parser = max_frame_bytes)]
    pub max_frame_bytes: usize,

    /// One message from a client, all frames together, after decompressing. Beyond it: close 1009.
    #[arg(long, value_name = "BYTES", default_value = "1MiB", value_parser = max_message_bytes)]
    pub max_message_bytes: usize,

    /// Arrays and objects inside one another in a message. Beyond it: not decoded.
    #[arg(long, value_name = "LEVELS", default_value = "200", value_parser = max_json_depth)]
    pub max_json_depth: usize,

    /// Frames that wait for one client that does not read. Beyond it: dropped, at last closed.
    #[arg(long, value_name = "BYTES", default_value = "1MiB", value_parser = max_queue_bytes)]
    pub max_queue_bytes: usize,

    /// Topics that one connection may be subscribed to. Beyond it: refused.
    #[arg(long, value_name = "COUNT", default_value = "1000", value_parser = max_subscriptions)]
    pub max_subscriptions: usize,

    /// Open connections in all. Beyond it: HTTP 503 with `Retry-After`, or close 4101.
    #[arg(long, value_name = "COUNT", default_value = "100000", value_parser = max_connections)]
    pub max_connections: usize,

    /// Connections that are still in their handshake. Further ones wait to be accepted.
    #[arg(long, value_name = "COUNT", default_value = "4096", value_parser = max_handshakes)]
    pub max_handshakes: usize,

    /// Seconds for each step of a handshake, idle ones included.
    #[arg(long, value_name = "SECONDS", default_value = "10.0", value_parser = handshake_timeout)]
    pub handshake_timeout: Duration,
}

impl LimitSettings {
    /// The runtime's limits with these settings.
    pub fn limits(&self) -> Limits {
        Limits {
            frame_bytes: self.max_frame_bytes,
            message_bytes: self.max_message_bytes,
            json_depth: self.max_json_depth,
            queue_bytes: self.max_queue_bytes,
            subscriptions: self.max_subscriptions,
            connections: self.max_connections,
            handshakes: self.max_handshakes,
            handshake: self.handshake_timeout,
            ..Limits::default()
        }
    }
}

fn max_frame_bytes(text: &str) -> Result<usize, String> {
    bytes("MAX_FRAME_BYTES", text)
}

fn max_message_bytes(text: &str) -> Result<usize, String> {
    bytes("MAX_MESSAGE_BYTES", text)
}

/// More than the generated decoder takes would be a promise that it does not keep.
fn max_json_depth(text: &str) -> Result<usize, String> {
    let value = text.parse::<usize>().ok().filter(|value| (1..=200).contains(value));
    value.ok_or_else(|| "MAX_JSON_DEPTH is a whole number from 1 to 200".to_owned())
}

fn max_queue_bytes(text: &str) -> Result<usize, String> {
    bytes("MAX_QUEUE_BYTES", text)
}

fn max_subscriptions(text: &str) -> Result<usize, String> {
    count("MAX_SUBSCRIPTIONS", text)
}

fn max_connections(text: &str) -> Result<usize, String> {
    count("MAX_CONNECTIONS", text)
}

fn max_handshakes(text: &str) -> Result<usize, String> {
    count("MAX_HANDSHAKES", text)
}

fn handshake_timeout(text: &str) -> Result<Duration, String> {
    seconds("HANDSHAKE_TIMEOUT", text)
}

/// The least that lets a request through, and more than any machine has.
const BYTES: std::ops::RangeInclusive<usize> = 1024..=1 << 30;

fn bytes(variable: &str, text: &str) -> Result<usize, String> {
    let (number, unit) = match (text.strip_suffix("KiB"), text.strip_suffix("MiB")) {
        (Some(number), _) => (number, 1 << 10),
        (_, Some(number)) => (number, 1 << 20),
        _ => (text, 1),
    };
    let value = number.trim().parse::<usize>().ok().and_then(|number| number.checked_mul(unit));
    value.filter(|value| BYTES.contains(value)).ok_or_else(|| {
        format!("{variable} is a number of bytes from 1024 to 1024MiB, for example 65536 or 64KiB")
    })
}

fn count(variable: &str, text: &str) -> Result<usize, String> {
    let value = text.parse::<usize>().ok().filter(|value| (1..=10_000_000).contains(value));
    value.ok_or_else(|| format!("{variable} is a whole number from 1 to 10000000"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_have_units() {
        assert_eq!(bytes("X", "65536"), Ok(65_536));
        assert_eq!(bytes("X", "64KiB"), Ok(65_536));
        assert_eq!(bytes("X", "2 MiB"), Ok(2 << 20));
        for wrong in ["", "1023", "64kb", "-1", "2GiB", "99999999999999999999MiB", "MiB"] {
            let message = bytes("MAX_QUEUE_BYTES", wrong).unwrap_err();
            assert!(message.starts_with("MAX_QUEUE_BYTES is a number of bytes"), "{wrong}");
        }
    }

    #[test]
    fn counts_are_at_least_one() {
        assert_eq!(count("X", "1"), Ok(1));
        assert!(count("X", "0").is_err());
        assert_eq!(max_json_depth("200"), Ok(200));
        assert!(max_json_depth("201").is_err());
    }
}
