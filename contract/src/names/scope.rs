//! Names that must differ from each other in one scope: the fields of a struct, the variants of an
//! enum, the methods of a trait.

use std::collections::HashMap;

/// Gives each of `texts` an identifier made by `make`. Texts whose identifiers would be the same, or
/// `taken`, get a suffix that depends on the text alone, so that another text added later renames
/// nothing that does not clash with it.
pub fn scope<'n>(
    texts: impl IntoIterator<Item = &'n str> + Clone,
    make: impl Fn(&str) -> String,
    taken: impl Fn(&str) -> bool,
) -> Vec<String> {
    let mut count: HashMap<String, usize> = HashMap::new();
    let plain: Vec<(&str, String)> = texts.into_iter().map(|text| (text, make(text))).collect();
    for (_, name) in &plain {
        // Identifiers that differ in case only are told apart by people, but not by file systems or
        // by all tools.
        *count.entry(name.to_ascii_lowercase()).or_default() += 1;
    }
    plain
        .into_iter()
        .map(|(text, name)| {
            let clashes = count[&name.to_ascii_lowercase()] > 1 || taken(&name);
            if !clashes {
                return name;
            }
            // `BidPrice` is followed by the digits at once, `bid_price` by an underscore first.
            let between = if name.starts_with(|c: char| c.is_ascii_uppercase()) { "" } else { "_" };
            format!("{name}{between}{}", suffix(text))
        })
        .collect()
}

/// Four hexadecimal digits that depend on the text alone (FNV-1a, folded).
pub fn suffix(text: &str) -> String {
    let mut hash: u32 = 0x811c_9dc5;
    for byte in text.bytes() {
        hash = (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    }
    format!("{:04x}", (hash >> 16) ^ (hash & 0xffff))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::Name;

    #[test]
    fn only_what_clashes_is_renamed() {
        let names = |texts: &[&str]| {
            scope(texts.iter().copied(), |text| Name::new(text).snake(), |_| false)
        };
        assert_eq!(names(&["bidPrice", "ask"]), ["bid_price", "ask"]);
        let clash = names(&["bid_price", "bidPrice", "ask"]);
        assert_eq!(clash[2], "ask");
        assert_ne!(clash[0], clash[1]);
        assert_eq!(names(&["ask", "bidPrice", "x", "bid_price"])[1], clash[1]);
    }
}
