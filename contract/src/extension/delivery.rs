//! What an `x-topics` entry says of delivery: `overflow`, `key`, `keep`, `last`, `since`, `interval`.
//!
//! ```yaml
//! x-topics:
//!   quotes:
//!     name: quotes:{symbol}
//!     overflow: conflate
//!     key: { location: $message.payload#/payload/venue }
//!     keep: 100
//!     last: true
//!     since: { location: $message.payload#/payload/since }
//!     interval: { location: $message.payload#/payload/interval, minimum: 100, default: 0 }
//! ```

use super::topics::location;
use super::{INVALID, keys, one_of, wrong};
use crate::model::{Delivery, Interval, Overflow};
use crate::reading::{Reading, written};
use crate::tree::NodeRef;

/// More than any topic can want to remember.
const MOST: u32 = 1_000_000;

/// A day, in milliseconds.
const LONGEST: u32 = 86_400_000;

pub(super) fn read<'t>(reading: &Reading<'t>, what: &str, node: NodeRef<'t>) -> Delivery {
    let place = |key: &str| {
        let node = node.get(key)?;
        let what = format!("`{key}` of {what}");
        keys(reading, node, &what, &["location", "description"]).then_some(())?;
        location(reading, &what, node)
    };
    let last = node.get("last").is_some_and(|node| boolean(reading, "`last`", node));
    let keep =
        node.get("keep").map_or(u32::from(last), |node| count(reading, "`keep`", node, MOST));
    let since = place("since");
    if since.is_some() && keep == 0 {
        let place = node.get("since").unwrap_or(node);
        let message =
            format!("`since` of {what} needs `keep`: what is not remembered cannot be sent");
        reading.find(&INVALID, place.span(), message);
    }
    Delivery {
        overflow: node.get("overflow").map_or(Overflow::Close, |node| overflow(reading, node)),
        key: place("key"),
        // The last value is one that is remembered.
        keep: keep.max(u32::from(last)),
        last,
        since,
        interval: node.get("interval").and_then(|node| interval(reading, what, node)),
    }
}

fn overflow<'t>(reading: &Reading<'t>, node: NodeRef<'t>) -> Overflow {
    let words = Overflow::ALL.map(Overflow::name);
    let word = one_of(reading, node, "`overflow`", &words);
    word.and_then(Overflow::from_name).unwrap_or_default()
}

fn interval<'t>(reading: &Reading<'t>, what: &str, node: NodeRef<'t>) -> Option<Interval> {
    let what = format!("`interval` of {what}");
    if !keys(reading, node, &what, &["location", "minimum", "default", "description"]) {
        return None;
    }
    let milliseconds = |key: &str| {
        node.get(key).map_or(0, |node| count(reading, &format!("`{key}` of {what}"), node, LONGEST))
    };
    Some(Interval {
        path: location(reading, &what, node)?,
        minimum: milliseconds("minimum"),
        default: milliseconds("default"),
    })
}

fn boolean<'t>(reading: &Reading<'t>, what: &str, node: NodeRef<'t>) -> bool {
    node.as_bool().unwrap_or_else(|| {
        wrong(reading, node, what, "`true` or `false`");
        false
    })
}

fn count<'t>(reading: &Reading<'t>, what: &str, node: NodeRef<'t>, most: u32) -> u32 {
    let value = written(node).parse::<u32>().ok().filter(|value| *value <= most);
    value.unwrap_or_else(|| {
        wrong(reading, node, what, &format!("a whole number up to {most}"));
        0
    })
}

#[cfg(test)]
mod tests;
