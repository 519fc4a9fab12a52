//! Type names that a contract cannot have, because a language, its prelude or our generated code has
//! them. One list for all languages, so that a type has the same name in each.

/// Whether a type cannot be called so.
pub(super) fn is_reserved(name: &str) -> bool {
    RUST.contains(&name) || TYPESCRIPT.contains(&name)
}

/// What generated Rust, or the user's code beside it, takes from the prelude without saying so.
const RUST: [&str; 45] = [
    "AsMut",
    "AsRef",
    "Box",
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "Deserialize",
    "Display",
    "DoubleEndedIterator",
    "Drop",
    "Eq",
    "Err",
    "ExactSizeIterator",
    "Extend",
    "Fn",
    "FnMut",
    "FnOnce",
    "From",
    "FromIterator",
    "Future",
    "Hash",
    "Into",
    "IntoFuture",
    "IntoIterator",
    "Iterator",
    "None",
    "Ok",
    "Option",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Result",
    "Self",
    "Send",
    "Serialize",
    "Sized",
    "Some",
    "String",
    "Sync",
    "ToOwned",
    "ToString",
    "TryFrom",
    "TryInto",
    "Vec",
];

/// What generated TypeScript, or the user's code beside it, takes from the global scope. What it takes
/// from our runtime is not here: an import can have another name.
const TYPESCRIPT: [&str; 39] = [
    "AbortSignal",
    "Array",
    "ArrayBuffer",
    "AsyncIterable",
    "AsyncIterator",
    "Awaited",
    "BigInt",
    "Boolean",
    "Date",
    "Error",
    "Event",
    "Exclude",
    "Extract",
    "Function",
    "Infinity",
    "Iterable",
    "JSON",
    "Map",
    "Math",
    "NaN",
    "NonNullable",
    "Number",
    "Object",
    "Omit",
    "Parameters",
    "Partial",
    "Pick",
    "Promise",
    "Proxy",
    "Readonly",
    "Record",
    "RegExp",
    "Required",
    "ReturnType",
    "Set",
    "Symbol",
    "Uint8Array",
    "WeakMap",
    "WebSocket",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_preludes_are_reserved() {
        for name in ["Option", "Result", "Self", "Promise", "Map", "Error"] {
            assert!(is_reserved(name), "{name}");
        }
        assert!(!is_reserved("Bar"));
    }
}
