//! A channel of a contract as data: its address, its codecs, its closes, what it receives.
//!
//! Generated code has one constant for each channel; the server's engine and the client read it.

use crate::{
    close::{CloseTable, Closes},
    codec::Codec,
};

/// What the engine has to know of a channel. Built in a `const` or `static`:
///
/// ```
/// use asyncapi_ws::{
///     close::Closes,
///     codec::Codec,
///     service::{ChannelInfo, Subprotocol},
/// };
///
/// static TRADING: ChannelInfo = ChannelInfo::new("trading", "/api/v1/ws")
///     .with_subprotocols(&[Subprotocol::new("trading.v1", Codec::Json, Closes::Declared)]);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct ChannelInfo {
    pub(crate) name: &'static str,
    pub(crate) address: &'static str,
    pub(crate) codec: Codec,
    pub(crate) closes: CloseTable,
    pub(crate) subprotocols: &'static [Subprotocol],
    pub(crate) operations: &'static [OperationInfo],
}

impl ChannelInfo {
    /// A channel by its key in the contract and its address, `{parameters}` included.
    pub const fn new(name: &'static str, address: &'static str) -> Self {
        Self {
            name,
            address,
            codec: Codec::Json,
            closes: CloseTable::DEFAULT,
            subprotocols: &[],
            operations: &[],
        }
    }

    /// The codec of a client that offered no subprotocol; JSON unless said.
    #[must_use]
    pub const fn with_codec(mut self, codec: Codec) -> Self {
        self.codec = codec;
        self
    }

    /// The contract's close table.
    #[must_use]
    pub const fn with_closes(mut self, closes: CloseTable) -> Self {
        self.closes = closes;
        self
    }

    /// What a client may offer, in the server's order of preference.
    #[must_use]
    pub const fn with_subprotocols(mut self, subprotocols: &'static [Subprotocol]) -> Self {
        self.subprotocols = subprotocols;
        self
    }

    /// What the channel receives.
    #[must_use]
    pub const fn with_operations(mut self, operations: &'static [OperationInfo]) -> Self {
        self.operations = operations;
        self
    }

    /// Its key in the contract.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Its path, `{parameters}` included.
    pub const fn address(&self) -> &'static str {
        self.address
    }

    /// What it receives.
    pub const fn operations(&self) -> &'static [OperationInfo] {
        self.operations
    }
}

/// One entry of `x-subprotocols`: a handshake selects exactly one, and with it both the codec and
/// the closes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subprotocol {
    /// As it stands in `Sec-WebSocket-Protocol`.
    pub name: &'static str,
    /// The encoding of both directions.
    pub codec: Codec,
    /// Which closes its clients understand.
    pub closes: Closes,
}

impl Subprotocol {
    /// All three at once, for a `const`.
    pub const fn new(name: &'static str, codec: Codec, closes: Closes) -> Self {
        Self { name, codec, closes }
    }
}

/// One operation that a channel receives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OperationInfo {
    pub(crate) name: &'static str,
}

impl OperationInfo {
    /// An operation by its name on the wire, which is its name in logs and metrics.
    pub const fn new(name: &'static str) -> Self {
        Self { name }
    }

    /// Its name on the wire.
    pub const fn name(&self) -> &'static str {
        self.name
    }
}
