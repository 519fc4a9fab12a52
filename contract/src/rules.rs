//! All rules in one list: what `--explain` looks up and the manual is made from.

use crate::diagnostic::Rule;
use crate::{answer, check, document, extension, grammar, json, names, reference, schema};
use crate::{text, topics, wire, yaml};

/// Every rule that a finding can have, by its id.
///
/// ```
/// let rules = contract::rules();
/// assert!(rules.iter().any(|rule| rule.id == "document/unknown-field"));
/// assert!(rules.is_sorted_by_key(|rule| rule.id));
/// ```
pub fn rules() -> Vec<&'static Rule> {
    let lists = [
        text::RULES,
        json::RULES,
        yaml::RULES,
        reference::RULES,
        document::RULES,
        grammar::RULES,
        schema::RULES,
        extension::RULES,
        topics::RULES,
        answer::RULES,
        wire::RULES,
        names::RULES,
        check::RULES,
    ];
    let mut rules = lists.concat();
    rules.sort_by_key(|rule| rule.id);
    rules
}
