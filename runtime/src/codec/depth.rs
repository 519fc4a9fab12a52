//! How deep a message is nested, found in one pass over its bytes and without recursion: before
//! anything that recurses, such as a decoder, sees them.
//!
//! Nearly always the pass is a count of the bytes that could open something, many at a time; only
//! a message with more of them than levels are allowed is looked at byte by byte. What is broken
//! besides is the decoder's to find: up to the first fault of a message both agree on its depth.

/// Whether arrays and objects of a JSON text lie more than `limit` deep inside one another.
pub(crate) fn json_exceeds(text: &[u8], limit: usize) -> bool {
    // `[` and `{` differ in one bit, and no other character becomes `{` by it.
    let openers = |part: &[u8]| part.iter().filter(|byte| **byte | 0x20 == b'{').count();
    text.len() > limit && openers(text) > limit && json_walk_exceeds(text, limit)
}

#[cold]
fn json_walk_exceeds(text: &[u8], limit: usize) -> bool {
    let (mut depth, mut in_string) = (0usize, false);
    let mut bytes = text.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => in_string = !in_string,
            b'\\' if in_string => {
                bytes.next();
            }
            _ if in_string => {}
            b'[' | b'{' => {
                depth += 1;
                if depth > limit {
                    return true;
                }
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    false
}

/// Whether arrays and maps of a MessagePack message lie more than `limit` deep inside one another.
pub(crate) fn msgpack_exceeds(bytes: &[u8], limit: usize) -> bool {
    // fixmap and fixarray are 0x80–0x9f, the longer ones 0xdc–0xdf.
    let opens = |byte: u8| byte & 0xe0 == 0x80 || byte & 0xfc == 0xdc;
    let openers = |part: &[u8]| part.iter().filter(|byte| opens(**byte)).count();
    bytes.len() > limit && openers(bytes) > limit && msgpack_walk_exceeds(bytes, limit)
}

#[cold]
fn msgpack_walk_exceeds(mut bytes: &[u8], limit: usize) -> bool {
    // For each array or map that is open: how many values are still to come in it.
    let mut open: Vec<u64> = Vec::with_capacity(limit);
    loop {
        while open.last() == Some(&0) {
            open.pop();
        }
        let Some((first, rest)) = bytes.split_first() else { return false };
        if let Some(left) = open.last_mut() {
            *left -= 1;
        }
        bytes = rest;
        let values = match first {
            0x80..=0x8f => u64::from(first & 0x0f) * 2,
            0x90..=0x9f => u64::from(first & 0x0f),
            0xdc => length(&mut bytes, 2),
            0xdd => length(&mut bytes, 4),
            0xde => length(&mut bytes, 2) * 2,
            0xdf => length(&mut bytes, 4) * 2,
            scalar => {
                let size = match scalar {
                    0xa0..=0xbf => u64::from(scalar & 0x1f),
                    // bin, str; ext has a byte for its type besides.
                    0xc4 | 0xd9 => length(&mut bytes, 1),
                    0xc5 | 0xda => length(&mut bytes, 2),
                    0xc6 | 0xdb => length(&mut bytes, 4),
                    0xc7 => 1 + length(&mut bytes, 1),
                    0xc8 => 1 + length(&mut bytes, 2),
                    0xc9 => 1 + length(&mut bytes, 4),
                    // float, uint, int.
                    0xcc | 0xd0 => 1,
                    0xcd | 0xd1 => 2,
                    0xca | 0xce | 0xd2 => 4,
                    0xcb | 0xcf | 0xd3 => 8,
                    // fixext of 1, 2, 4, 8 and 16 bytes.
                    0xd4..=0xd8 => 1 + (1 << (scalar - 0xd4)),
                    _ => 0,
                };
                let skip = usize::try_from(size).unwrap_or(usize::MAX).min(bytes.len());
                bytes = &bytes[skip..];
                continue;
            }
        };
        if open.len() >= limit {
            return true;
        }
        open.push(values);
    }
}

/// Takes a length of `size` bytes, big-endian; what is missing at the end counts as zero.
fn length(bytes: &mut &[u8], size: usize) -> u64 {
    let (length, rest) = bytes.split_at(size.min(bytes.len()));
    *bytes = rest;
    length.iter().fold(0, |length, byte| length << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::Value;

    fn depth(value: &Value) -> usize {
        match value {
            Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
            Value::Object(members) => 1 + members.values().map(depth).max().unwrap_or(0),
            _ => 0,
        }
    }

    fn values() -> impl Strategy<Value = Value> {
        let text = prop_oneof![Just("[{\"\\".to_owned()), "[\\[\\]{}\"\\\\aé]{0,6}"];
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            prop::num::f64::NORMAL.prop_map(Value::from),
            text.clone().prop_map(Value::from),
        ];
        leaf.prop_recursive(8, 64, 4, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..20).prop_map(Value::from),
                prop::collection::vec((text.clone(), inner), 0..4)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn the_limit_is_the_depth_whatever_the_codec(value in values(), limit in 0usize..12) {
            let exceeds = depth(&value) > limit;
            prop_assert_eq!(json_exceeds(value.to_string().as_bytes(), limit), exceeds);
            let bytes = rmp_serde::to_vec(&value).unwrap();
            prop_assert_eq!(msgpack_exceeds(&bytes, limit), exceeds);
        }

        #[test]
        fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            json_exceeds(&bytes, 2);
            msgpack_exceeds(&bytes, 2);
        }
    }

    #[test]
    fn a_bomb_exceeds_and_a_string_of_brackets_does_not() {
        assert!(json_exceeds("[".repeat(100_000).as_bytes(), 64));
        assert!(!json_exceeds(format!("[\"{}\"]", "[".repeat(100)).as_bytes(), 64));
        assert!(!json_exceeds(br#"["\"[[[[", 1]"#, 2), "a quote that is escaped ends no string");
        assert!(msgpack_exceeds(&[0x91; 100_000], 64));
        // Maps that promise more than there is.
        assert!(msgpack_exceeds(&[0xdf; 1000], 64));
        assert!(!msgpack_exceeds(&[0xdb, 0, 0, 0, 100].repeat(3), 1));
    }
}
