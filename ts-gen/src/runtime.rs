//! Every item of the client runtime that generated code names, and the files that the runtime is made of.
//!
//! The list is closed: a [`Doc`](crate::layout::Doc) names the runtime through these constants only, and the
//! writer imports what was named. The files are emitted as they are.

use crate::layout::Doc;

/// An item of `runtime/index.ts`.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Symbol {
    /// What it is called there.
    pub(crate) name: &'static str,
    /// Whether it exists at run time.
    pub(crate) kind: Kind,
}

/// Whether an item exists at run time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// It does.
    Value,
    /// It is erased.
    Type,
}

macro_rules! symbols {
    ($($constant:ident $kind:ident $name:literal;)*) => {
        $(
            #[doc = concat!("`", $name, "`")]
            pub(crate) static $constant: Symbol = Symbol { name: $name, kind: Kind::$kind };
        )*

        /// All of them.
        pub(crate) static ALL: &[&Symbol] = &[$(&$constant),*];
    };
}

symbols! {
    AT Value "at";
    BARE_TEXT Value "bareText";
    BARE_WORDS Value "bareWords";
    BY_SHAPE Value "byShape";
    BY_TAG Value "byTag";
    CHANNEL_CONTRACT Type "ChannelContract";
    CLIENT Value "Client";
    CODEC Type "Codec";
    CONNECT_OPTIONS Type "ConnectOptions";
    DECIMAL Type "Decimal";
    DEFAULT_CLOSES Value "DEFAULT_CLOSES";
    FIRST_OF Value "firstOf";
    FROM_TOPIC Value "fromTopic";
    INCOMING Type "Incoming";
    JSON_TEXT Value "jsonText";
    LOSSLESS_JSON Value "losslessJson";
    MESSAGE_CONTRACT Type "MessageContract";
    MESSAGES Type "Messages";
    NUMBER_PLAN Type "NumberPlan";
    OPERATION Type "Operation";
    REQUEST_OPTIONS Type "RequestOptions";
    TOPIC Type "Topic";
    TOPIC_FAMILY Type "TopicFamily";
}

/// What a user of a client needs of the runtime, handed on by the generated file so that one import is
/// enough.
pub(crate) static FOR_USERS: &[(Kind, &str)] = &[
    (Kind::Type, "Close"),
    (Kind::Type, "ConnectionState"),
    (Kind::Type, "ConnectOptions"),
    (Kind::Value, "ContractError"),
    (Kind::Type, "Delivery"),
    (Kind::Type, "ErrorCode"),
    (Kind::Type, "Gap"),
    (Kind::Type, "Incoming"),
    (Kind::Type, "Messages"),
    (Kind::Type, "RequestOptions"),
    (Kind::Type, "SubscribeOptions"),
    (Kind::Type, "Subscription"),
    (Kind::Type, "Topic"),
];

/// The same for contracts whose decimal numbers keep their digits.
pub(crate) static FOR_USERS_OF_DECIMALS: &[(Kind, &str)] =
    &[(Kind::Type, "Decimal"), (Kind::Value, "decimal")];

/// A symbol as a piece of text.
pub(crate) fn of(symbol: &'static Symbol) -> Doc {
    Doc::Symbol(symbol)
}

macro_rules! files {
    ($($name:literal)*) => {
        &[$(($name, include_str!(concat!("../runtime/src/", $name)))),*]
    };
}

/// The files of the runtime: every file of its `src/` but tests and what only tests use.
pub(crate) static FILES: &[(&str, &str)] = files! {
    "backoff.ts"
    "channel.ts"
    "client.ts"
    "clock.ts"
    "close.ts"
    "codec.ts"
    "connection.ts"
    "contract.ts"
    "emitter.ts"
    "endpoint.ts"
    "error.ts"
    "heartbeat.ts"
    "index.ts"
    "live-topic.ts"
    "lossless.ts"
    "message.ts"
    "options.ts"
    "outbox.ts"
    "pace.ts"
    "queue.ts"
    "request.ts"
    "socket.ts"
    "stream.ts"
    "subscription.ts"
    "tell.ts"
    "token.ts"
    "topic.ts"
    "wake.ts"
};

#[cfg(test)]
mod tests {
    use super::*;

    /// The text of `runtime/index.ts`.
    fn index() -> &'static str {
        FILES.iter().find(|file| file.0 == "index.ts").unwrap().1
    }

    #[test]
    fn the_list_of_files_is_complete() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/runtime/src");
        let mut names: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| {
                let for_tests = name.ends_with(".test.ts")
                    || name.ends_with(".fixture.ts")
                    || name.starts_with("fake-");
                !for_tests
            })
            .collect();
        names.sort();
        assert_eq!(names, FILES.iter().map(|file| file.0).collect::<Vec<_>>());
    }

    #[test]
    fn the_runtime_has_every_item_that_is_named() {
        let users = FOR_USERS.iter().chain(FOR_USERS_OF_DECIMALS).copied();
        for (kind, name) in ALL.iter().map(|symbol| (symbol.kind, symbol.name)).chain(users) {
            let exported =
                index().split(['{', '}', ',', ';', '\n']).map(str::trim).any(|item| match kind {
                    Kind::Value => item == name,
                    Kind::Type => item == name || item == format!("type {name}"),
                });
            assert!(exported, "{name}");
        }
    }
}
