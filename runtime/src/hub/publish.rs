//! How a message is published: what happens to it where it cannot be delivered at once.

/// What a full queue does with a topic's messages. The queue is that of one client that does not
/// read as fast as it is sent to; nobody else notices.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Overflow {
    /// Every message counts: a client whose queue is full is closed with the situation "slow".
    #[default]
    Close,
    /// The oldest waiting messages of the topic make room.
    DropOldest,
    /// Only the newest value counts: as soon as anything has to wait, a newer message takes the
    /// place of the waiting one with the same key.
    Conflate,
}

/// Options of one publish; the same for all messages of a topic, but for the key.
///
/// ```
/// use asyncapi_ws::hub::{Overflow, Publish};
///
/// let quotes = Publish { overflow: Overflow::Conflate, keep: 1, ..Publish::default() };
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Publish<'a> {
    /// What a full queue does with it.
    pub overflow: Overflow,
    /// How many messages the topic remembers, this one included, for subscribers that come later:
    /// 0 none, 1 the last value. Of values that replace each other, the newest of so many keys.
    pub keep: u32,
    /// Which of the topic's values it is, where newer ones replace older ones.
    pub key: &'a str,
}
