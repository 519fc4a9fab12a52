//! Which of an operation's replies say that the request failed.
//!
//! AsyncAPI lists the messages of which one answers and says no more. `x-error: true` on a message marks
//! it as a failure, `x-error: false` as none; without a mark, a message whose key or name has a word
//! such as `error` is one. A single reply is never told to be a failure: what it says is up to its
//! payload.

use json::Json;

use crate::model::{Message, Operation};
use crate::names::Name;

/// Words that say so in the key or the name of a message.
const WORDS: [&str; 14] = [
    "error",
    "errors",
    "exception",
    "failed",
    "failure",
    "fault",
    "denied",
    "nack",
    "problem",
    "refusal",
    "refused",
    "reject",
    "rejected",
    "rejection",
];

/// Fills in the failures among the replies of all operations.
pub(crate) fn tell_errors(operations: &mut [Operation], messages: &[Message]) {
    for reply in operations.iter_mut().filter_map(|operation| operation.reply.as_mut()) {
        let failures: Vec<_> = reply
            .messages
            .iter()
            .copied()
            .filter(|message| is_failure(&messages[message.index()]))
            .collect();
        // Where all are failures, none is told from the others by it.
        if failures.len() < reply.messages.len() {
            reply.errors = failures;
        }
    }
}

fn is_failure(message: &Message) -> bool {
    let marked = message.extensions.iter().find(|pair| pair.0 == "x-error");
    if let Some((_, Json::Bool(marked))) = marked {
        return *marked;
    }
    [Some(message.key.as_str()), message.name.as_deref()]
        .into_iter()
        .flatten()
        .any(|text| Name::new(text).snake().split('_').any(|word| WORDS.contains(&word)))
}
