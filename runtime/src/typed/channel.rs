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
}
