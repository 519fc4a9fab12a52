//! What holds for arrays and their items.

use std::hash::RandomState;

use super::violation::{Count, fail};
use super::{Check, Checked, Violation, guard};
use crate::Json;

impl<'a> Json<'a> {
    /// `minItems` (validation §6.4.4).
    pub fn min_items(&self, least: usize) -> Checked {
        match self {
            Json::Array(items) if items.len() < least => {
                let (least, length) = (Count(least, "item", "items"), items.len());
                fail("minItems", format_args!("expected at least {least}, got {length}"))
            }
            _ => Ok(()),
        }
    }

    /// `maxItems` (validation §6.4.3).
    pub fn max_items(&self, most: usize) -> Checked {
        match self {
            Json::Array(items) if items.len() > most => {
                let (most, length) = (Count(most, "item", "items"), items.len());
                fail("maxItems", format_args!("expected at most {most}, got {length}"))
            }
            _ => Ok(()),
        }
    }

    /// `items` with one schema: every item passes it (validation §6.4.1).
    pub fn items(&self, check: Check) -> Checked {
        self.additional_items(0, check)
    }

    /// `items` with a list of schemas: each of the first items passes the check at its place.
    pub fn tuple(&self, checks: &[Check]) -> Checked {
        let items = self.as_array().unwrap_or_default();
        for (at, (item, check)) in items.iter().zip(checks).enumerate() {
            guard::descend(*check, item).map_err(|violation| violation.within_item(at))?;
        }
        Ok(())
    }

    /// `additionalItems` with a schema: every item from position `from` on passes it (validation
    /// §6.4.2). `from` is the length of the list in `items`.
    pub fn additional_items(&self, from: usize, check: Check) -> Checked {
        let items = self.as_array().unwrap_or_default();
        for (at, item) in items.iter().enumerate().skip(from) {
            guard::descend(check, item).map_err(|violation| violation.within_item(at))?;
        }
        Ok(())
    }

    /// `additionalItems: false`: there are no items from position `from` on.
    pub fn no_additional_items(&self, from: usize) -> Checked {
        match self {
            Json::Array(items) if items.len() > from => {
                let (most, length) = (Count(from, "item", "items"), items.len());
                fail("additionalItems", format_args!("expected at most {most}, got {length}"))
            }
            _ => Ok(()),
        }
    }

    /// `contains`: at least one item passes (validation §6.4.6).
    pub fn contains(&self, check: Check) -> Checked {
        let Json::Array(items) = self else { return Ok(()) };
        for item in items {
            if guard::passes(check, item)? {
                return Ok(());
            }
        }
        fail(
            "contains",
            format_args!(
                "none of {} is what there has to be one of",
                Count(items.len(), "item", "items")
            ),
        )
    }

    /// `uniqueItems`: no two items are equal (validation §6.4.5).
    ///
    /// Allocates only for arrays of more than eight items, and takes time in proportion to their
    /// size and never its square.
    pub fn unique_items(&self) -> Checked {
        let Json::Array(items) = self else { return Ok(()) };
        let twice = if items.len() <= PAIRWISE { first_pair(items) } else { first_repeat(items) };
        match twice {
            None => Ok(()),
            Some((first, second)) => Err(Violation::new(
                "uniqueItems",
                format_args!("expected every item once, but items {first} and {second} are equal"),
            )),
        }
    }
}

/// Up to this many items are compared pair by pair.
const PAIRWISE: usize = 8;

fn first_pair(items: &[Json<'_>]) -> Option<(usize, usize)> {
    items.iter().enumerate().find_map(|(second, item)| {
        let first = items[..second].iter().position(|earlier| earlier == item)?;
        Some((first, second))
    })
}

/// Equal items have equal fingerprints, and with overwhelming probability only they do, since
/// nobody knows the key; so neighbours in the order of fingerprints are compared, and few of them.
fn first_repeat(items: &[Json<'_>]) -> Option<(usize, usize)> {
    let state = RandomState::new();
    let mut prints: Vec<_> =
        items.iter().enumerate().map(|(at, item)| (item.fingerprint(&state), at)).collect();
    prints.sort_unstable();
    prints.chunk_by(|a, b| a.0 == b.0).filter(|run| run.len() > 1).find_map(|run| {
        run.iter().enumerate().find_map(|(later, &(_, second))| {
            let earlier = run[..later].iter().find(|&&(_, first)| items[first] == items[second])?;
            Some((earlier.1, second))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::super::Type;
    use super::super::{anything, nothing};
    use super::*;

    fn message(checked: Checked) -> String {
        checked.unwrap_err().to_string()
    }

    #[test]
    fn a_wrong_item_is_named_by_its_position() {
        let mixed = Json::parse(r#"[1, "a", [true]]"#).unwrap();
        assert_eq!(
            message(mixed.items(|item| item.is(Type::NUMBER))),
            "/1: type: expected number, got string"
        );
        let checks: &[Check] = &[anything, anything, |item| item.items(|item| item.is(Type::NULL))];
        assert_eq!(message(mixed.tuple(checks)), "/2/0: type: expected null, got boolean");
        assert!(mixed.tuple(&checks[..2]).is_ok());
        assert_eq!(
            message(mixed.additional_items(2, nothing)),
            "/2: false: expected nothing, got an array of 1"
        );
        assert_eq!(
            message(mixed.no_additional_items(2)),
            "additionalItems: expected at most 2 items, got 3"
        );
        assert_eq!(message(mixed.min_items(4)), "minItems: expected at least 4 items, got 3");
        assert_eq!(message(mixed.max_items(1)), "maxItems: expected at most 1 item, got 3");
        assert_eq!(
            message(mixed.contains(|item| item.is(Type::NULL))),
            "contains: none of 3 items is what there has to be one of"
        );
        assert!(mixed.contains(|item| item.is(Type::STRING)).is_ok());
    }

    #[test]
    fn equal_items_are_found_in_small_and_in_large_arrays() {
        for size in [2, PAIRWISE, PAIRWISE + 1, 1000, 100_000] {
            let mut items: Vec<Json<'_>> = (0..size).map(Json::from).collect();
            assert!(Json::Array(items.clone()).unique_items().is_ok(), "{size}");
            items.push(Json::parse("1.0").unwrap());
            let found = message(Json::Array(items).unique_items());
            assert_eq!(
                found,
                format!("uniqueItems: expected every item once, but items 1 and {size} are equal")
            );
        }
        let many_alike = Json::Array(vec![Json::Null; 100_000]);
        assert!(many_alike.unique_items().is_err());
    }
}
