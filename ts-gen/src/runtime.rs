//! Every item of the client runtime that generated code names, and the files that the runtime is made of.
//!
//! The list is closed: a [`Doc`](crate::layout::Doc) names the runtime through these constants only, and the
//! writer imports what was named. The files are emitted as they are.

use crate::layout::Doc;

/// An item of the runtime.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Symbol {
    /// What it is called there.
    pub(crate) name: &'static str,
    /// Whether it exists at run time.
    pub(crate) kind: Kind,
    /// Where it is.
    pub(crate) module: Module,
}

/// A file that generated code imports from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Module {
    /// The rules of JSON Schema.
    Check,
    /// The client.
    Client,
    /// MessagePack.
    MessagePack,
    /// The generated validator.
    Validator,
}

impl Module {
    /// The file, without its ending.
    pub(crate) fn path(self) -> &'static str {
        match self {
            Self::Check => "./runtime/check/index",
            Self::Client => "./runtime/index",
            Self::MessagePack => "./runtime/msgpack",
            Self::Validator => "./validate",
        }
    }
}

/// Whether an item exists at run time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Kind {
    /// It does.
    Value,
    /// It is erased.
    Type,
}

macro_rules! symbols {
    ($module:ident $(#[$attribute:meta])? $all:ident $($constant:ident $kind:ident $name:literal;)*) => {
        $(
            #[doc = concat!("`", $name, "`")]
            pub(crate) static $constant: Symbol =
                Symbol { name: $name, kind: Kind::$kind, module: Module::$module };
        )*

        /// All of them.
        $(#[$attribute])?
        pub(crate) static $all: &[&Symbol] = &[$(&$constant),*];
    };
}

symbols! {
    Client ALL

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
    UNLISTED Type "Unlisted";
    UUID_OF Value "uuidOf";
}

symbols! {
    MessagePack #[cfg(test)] ALL_OF_MESSAGE_PACK

    MSGPACK Value "msgpack";
}

symbols! {
    Check #[cfg(test)] ALL_CHECKS

    ADDITIONAL_ITEMS Value "additionalItems";
    ADDITIONAL_PROPERTIES Value "additionalProperties";
    ALL_OF Value "allOf";
    AMONG Value "among";
    ANY_OF Value "anyOf";
    ANYTHING Value "anything";
    BYTE Value "BYTE";
    CHECKED Type "Checked";
    CLOSED Value "closed";
    CONTAINS Value "contains";
    DATE Value "DATE";
    DATE_TIME Value "DATE_TIME";
    DECIMAL_FORMAT Value "DECIMAL";
    DEPENDENT_REQUIRED Value "dependentRequired";
    DEPENDENT_SCHEMA Value "dependentSchema";
    DURATION Value "DURATION";
    EMAIL Value "EMAIL";
    EQUALS Value "equals";
    EXACT Value "exact";
    EXCLUSIVE_MAXIMUM Value "exclusiveMaximum";
    EXCLUSIVE_MINIMUM Value "exclusiveMinimum";
    FITS Value "fits";
    FOLLOW Value "follow";
    FORMAT Value "format";
    HOSTNAME Value "HOSTNAME";
    IDN_EMAIL Value "IDN_EMAIL";
    IDN_HOSTNAME Value "IDN_HOSTNAME";
    IF_THEN_ELSE Value "ifThenElse";
    INT32 Value "INT32";
    INT64 Value "INT64";
    IPV4 Value "IPV4";
    IPV6 Value "IPV6";
    IRI Value "IRI";
    IRI_REFERENCE Value "IRI_REFERENCE";
    IS Value "is";
    ITEMS Value "items";
    JSON_POINTER Value "JSON_POINTER";
    MAX_ITEMS Value "maxItems";
    MAX_LENGTH Value "maxLength";
    MAX_PROPERTIES Value "maxProperties";
    MAXIMUM Value "maximum";
    MIN_ITEMS Value "minItems";
    MIN_LENGTH Value "minLength";
    MIN_PROPERTIES Value "minProperties";
    MINIMUM Value "minimum";
    MULTIPLE_OF Value "multipleOf";
    NO_ADDITIONAL_ITEMS Value "noAdditionalItems";
    NOT Value "not";
    NOTHING Value "nothing";
    ONE_OF Value "oneOf";
    OPEN_UNION Value "openUnion";
    PATTERN Value "pattern";
    PATTERN_PROPERTY Value "patternProperty";
    PROPERTY Value "property";
    PROPERTY_NAMES Value "propertyNames";
    REGEX Value "REGEX";
    RELATIVE_JSON_POINTER Value "RELATIVE_JSON_POINTER";
    REQUIRED Value "required";
    TIME Value "TIME";
    TUPLE Value "tuple";
    UNIQUE_ITEMS Value "uniqueItems";
    URI Value "URI";
    URI_REFERENCE Value "URI_REFERENCE";
    URI_TEMPLATE Value "URI_TEMPLATE";
    UUID Value "UUID";
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

/// The same for contracts with unions that may get new alternatives.
pub(crate) static FOR_USERS_OF_UNIONS: &[(Kind, &str)] = &[(Kind::Type, "Unlisted")];

/// The same for clients with a validator.
pub(crate) static FOR_USERS_OF_VALIDATORS: &[(Kind, &str)] = &[(Kind::Type, "Violation")];

/// A symbol as a piece of text.
pub(crate) fn of(symbol: &'static Symbol) -> Doc {
    Doc::Symbol(symbol)
}

macro_rules! files {
    ($($name:literal)*) => {
        &[$(($name, include_str!(concat!("../runtime/src/", $name)))),*]
    };
}

/// The files of the runtime: every file of its `src/` but tests and what only tests use, and but those
/// below.
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
    "number.ts"
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
    "uuid.ts"
    "wake.ts"
};

/// The codec of subprotocols that speak MessagePack.
pub(crate) static MSGPACK_FILES: &[(&str, &str)] = files! {
    "msgpack.ts"
};

/// The files that a generated validator stands on.
pub(crate) static CHECK_FILES: &[(&str, &str)] = files! {
    "check/array.ts"
    "check/combine.ts"
    "check/constant.ts"
    "check/equal.ts"
    "check/format/address.ts"
    "check/format/date-time.ts"
    "check/format/email.ts"
    "check/format/encoded.ts"
    "check/format/hostname.ts"
    "check/format/idn-hostname.ts"
    "check/format/idna-tables.ts"
    "check/format/idna.ts"
    "check/format/numeric.ts"
    "check/format/pointer.ts"
    "check/format/uri-template.ts"
    "check/format/uri.ts"
    "check/guard.ts"
    "check/index.ts"
    "check/kind.ts"
    "check/number.ts"
    "check/object.ts"
    "check/pattern.ts"
    "check/string.ts"
    "check/violation.ts"
};

#[cfg(test)]
mod tests {
    use super::*;

    fn text_of(files: &[(&str, &'static str)], name: &str) -> &'static str {
        files.iter().find(|file| file.0 == name).unwrap().1
    }

    /// The names of a folder's files that are for users.
    fn names_in(folder: &str) -> Vec<String> {
        let root = format!("{}/runtime/src/{folder}", env!("CARGO_MANIFEST_DIR"));
        let files = std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap());
        files
            .filter(|entry| entry.file_type().unwrap().is_file())
            .map(|entry| entry.file_name().into_string().unwrap())
            .filter(|name| {
                let for_tests = name.ends_with(".test.ts")
                    || name.ends_with(".fixture.ts")
                    || name.starts_with("fake-");
                !for_tests
            })
            .map(|name| format!("{folder}{name}"))
            .collect()
    }

    #[test]
    fn the_lists_of_files_are_complete() {
        let lists =
            [(FILES, MSGPACK_FILES, &[""][..]), (CHECK_FILES, &[], &["check/", "check/format/"])];
        for (list, more, folders) in lists {
            let mut names: Vec<String> =
                folders.iter().flat_map(|folder| names_in(folder)).collect();
            names.sort();
            let mut listed: Vec<&str> = list.iter().chain(more).map(|file| file.0).collect();
            listed.sort_unstable();
            assert_eq!(names, listed);
        }
    }

    #[test]
    fn the_runtime_has_every_item_that_is_named() {
        let users =
            [FOR_USERS, FOR_USERS_OF_DECIMALS, FOR_USERS_OF_UNIONS, FOR_USERS_OF_VALIDATORS];
        let users = users.into_iter().flatten();
        let users = users.map(|(kind, name)| (text_of(FILES, "index.ts"), *kind, *name));
        let named = ALL.iter().chain(ALL_CHECKS).chain(ALL_OF_MESSAGE_PACK).map(|symbol| {
            let text = match symbol.module {
                Module::Check => text_of(CHECK_FILES, "check/index.ts"),
                Module::Client => text_of(FILES, "index.ts"),
                Module::MessagePack => text_of(MSGPACK_FILES, "msgpack.ts"),
                Module::Validator => "",
            };
            (text, symbol.kind, symbol.name)
        });
        for (text, kind, name) in named.chain(users) {
            let mut items = text.split(['{', '}', ',', ';', '\n']).map(str::trim);
            let exported = items.any(|item| match kind {
                Kind::Value => item == name || item.starts_with(&format!("export const {name}:")),
                Kind::Type => item == name || item == format!("type {name}"),
            });
            assert!(exported, "{name}");
        }
    }
}
