//! A channel of a contract as a type.

use super::message::Message;
use crate::channel::ChannelInfo;

/// A channel of a contract: what it receives, what it sends, and what the engine must know of it.
pub trait Channel: Send + Sync + 'static {
    /// What the server receives.
    type Received: Message + Send + Sync + 'static;
    /// What the server sends.
    type Sent: Message + Send + Sync + 'static;
    /// Address, close codes, subprotocols, operations.
    const INFO: &'static ChannelInfo;

    /// The notice that `count` messages of a topic were dropped, where the contract has one.
    fn dropped(topic: &str, count: u64, message: &str) -> Option<Self::Sent> {
        let _ = (topic, count, message);
        None
    }

    /// The notice that a subscription was withdrawn, where the contract has one.
    fn revoked(topic: &str, message: &str) -> Option<Self::Sent> {
        let _ = (topic, message);
        None
    }

    /// The notice that a frame broke the contract, where the contract has one: the session goes on then.
    fn violation(message: &str) -> Option<Self::Sent> {
        let _ = message;
        None
    }
}
