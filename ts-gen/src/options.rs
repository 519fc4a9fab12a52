//! What can be chosen about generated TypeScript.

/// Options of [`generate`](crate::generate).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    pub(crate) closed: bool,
    pub(crate) import_extension: ImportExtension,
    pub(crate) int64: Int64,
    pub(crate) decimal: Decimal,
    pub(crate) heartbeat: Option<u32>,
    pub(crate) validate: bool,
    pub(crate) msgpack: bool,
}

/// How imports of the runtime's files end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ImportExtension {
    /// `.js`: what every bundler and the strictest compiler take without a setting.
    #[default]
    Js,
    /// `.ts`: for runtimes that strip types and resolve nothing (Node from 22.18, Deno); the compiler wants
    /// `allowImportingTsExtensions`.
    Ts,
    /// None: for bundlers, with `moduleResolution: Bundler`.
    None,
}

impl ImportExtension {
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Js => ".js",
            Self::Ts => ".ts",
            Self::None => "",
        }
    }
}

/// What integers of 64 bits are that the contract declares (`format: int64`, or bounds beyond 63 bits).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Int64 {
    /// `bigint`: every digit is kept.
    #[default]
    BigInt,
    /// `number`: exact up to 2^53 only.
    Number,
}

/// What numbers with `format: decimal` are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Decimal {
    /// `Decimal`, a string of its own kind: every digit is kept.
    #[default]
    Text,
    /// `number`: a double.
    Number,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            closed: false,
            import_extension: ImportExtension::default(),
            int64: Int64::default(),
            decimal: Decimal::default(),
            heartbeat: Some(30_000),
            validate: false,
            msgpack: false,
        }
    }
}

impl Options {
    /// The defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether what is received is limited to what the contract says. By default types of received
    /// values are open: a value that an enum does not list is a text, not an error.
    #[must_use]
    pub fn closed(mut self, closed: bool) -> Self {
        self.closed = closed;
        self
    }

    /// How imports end; `.js` by default.
    #[must_use]
    pub fn import_extension(mut self, extension: ImportExtension) -> Self {
        self.import_extension = extension;
        self
    }

    /// What integers of 64 bits are; `bigint` by default.
    #[must_use]
    pub fn int64(mut self, int64: Int64) -> Self {
        self.int64 = int64;
        self
    }

    /// What decimal numbers are; `Decimal` by default.
    #[must_use]
    pub fn decimal(mut self, decimal: Decimal) -> Self {
        self.decimal = decimal;
        self
    }

    /// Whether there is a validator, `validate.ts`: what breaks its schema is then not sent, and not
    /// delivered as if it were right. By default there is none, and nothing of it in a bundle.
    #[must_use]
    pub fn validate(mut self, validate: bool) -> Self {
        self.validate = validate;
        self
    }

    /// Whether the client knows subprotocols that speak MessagePack. By default it leaves them out, and
    /// the codec of a bundle is JSON alone.
    #[must_use]
    pub fn msgpack(mut self, msgpack: bool) -> Self {
        self.msgpack = msgpack;
        self
    }

    /// How often in milliseconds the server wants to hear from a client that offers no subprotocol with
    /// declared closes; `None`: it does not ask. By default 30 000, for channels with topics, subprotocols
    /// or close codes of ours: what a server on our runtime demands.
    #[must_use]
    pub fn heartbeat(mut self, milliseconds: Option<u32>) -> Self {
        self.heartbeat = milliseconds;
        self
    }
}
