//! The name that was probably meant: the one place that decides what "similar" is.

/// Longer names are not compared: nobody mistypes one, and comparing costs the product of the
/// lengths.
const MAX_LENGTH: usize = 64;

/// The candidate that `word` was probably meant to be: one that differs only in case, or else the
/// one with the fewest typing errors (a character wrong, missing, added, or two swapped), at most
/// one for every three characters and never all of them. Of equally good ones the first.
///
/// ```
/// use contract::nearest::nearest;
/// assert_eq!(nearest("resolutoin", ["symbol", "resolution"]), Some("resolution"));
/// assert_eq!(nearest("Symbol", ["symbols", "symbol"]), Some("symbol"));
/// assert_eq!(nearest("price", ["symbol", "resolution"]), None);
/// ```
pub fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let length = word.chars().count();
    if length > MAX_LENGTH {
        return None;
    }
    let allowed = length.max(3) / 3;
    let lower = word.to_lowercase();
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        if candidate.len() > 4 * (length + allowed)
            || candidate.chars().count().abs_diff(length) > allowed
        {
            continue;
        }
        let distance = if candidate.to_lowercase() == lower {
            0
        } else {
            strsim::osa_distance(word, candidate).max(1)
        };
        let something_is_right = distance < length.max(candidate.chars().count()).max(1);
        if distance <= allowed
            && something_is_right
            && best.is_none_or(|(least, _)| distance < least)
        {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_word_is_not_turned_into_any_other_short_word() {
        assert_eq!(nearest("ab", ["cd", "xy"]), None);
        assert_eq!(nearest("a", ["b"]), None);
        assert_eq!(nearest("a", ["ab"]), Some("ab"));
        assert_eq!(nearest("", ["a"]), None);
    }

    #[test]
    fn the_first_of_equally_near_names_wins() {
        assert_eq!(nearest("bar", ["bat", "baz"]), Some("bat"));
    }

    #[test]
    fn hostile_lengths_cost_nothing() {
        let long = "x".repeat(1_000_000);
        assert_eq!(nearest(&long, [long.as_str()]), None);
        assert_eq!(nearest("x", [long.as_str()]), None);
    }
}
