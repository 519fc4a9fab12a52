//! The differences from the peer that are meant: `tests/wire/deviations.yaml`.
//!
//! A **deviation** is one step of one scenario at which we do otherwise on purpose, with both sides
//! written out. An **addition** is a key that our frames of one type carry and the peer's do not; a
//! client that does not know it ignores it. Each has its reason, and each must be used: what is no
//! longer needed is an error, so the list says how the two services differ today.

use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

use crate::compare::Difference;

/// The list, and what of it was used so far.
#[derive(Debug, Default)]
pub struct AllowList {
    deviations: Vec<(Deviation, bool)>,
    additions: Vec<(Addition, bool)>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    deviations: Vec<Deviation>,
    #[serde(default)]
    additions: Vec<Addition>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Deviation {
    scenario: String,
    step: usize,
    ours: String,
    theirs: String,
    reason: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Addition {
    r#type: String,
    key: String,
    reason: String,
}

impl AllowList {
    /// Reads a list.
    ///
    /// # Errors
    /// What is wrong with the text, or which entry has no reason.
    pub fn parse(text: &str) -> Result<AllowList, String> {
        let file: File = serde_saphyr::from_str(text).map_err(|error| error.to_string())?;
        let list = AllowList {
            deviations: file.deviations.into_iter().map(|entry| (entry, false)).collect(),
            additions: file.additions.into_iter().map(|entry| (entry, false)).collect(),
        };
        let deviations = list.deviations.iter().map(|(entry, _)| (entry.name(), &entry.reason));
        let additions = list.additions.iter().map(|(entry, _)| (entry.name(), &entry.reason));
        match deviations.chain(additions).find(|(_, reason)| reason.trim().is_empty()) {
            Some((name, _)) => Err(format!("{name} has no reason")),
            None => Ok(list),
        }
    }

    /// Reads the list in a file.
    ///
    /// # Errors
    /// What is wrong, with the name of the file.
    pub fn load(path: &Path) -> Result<AllowList, String> {
        let text = std::fs::read_to_string(path);
        text.map_err(|error| error.to_string())
            .and_then(|text| AllowList::parse(&text))
            .map_err(|why| format!("{}: {why}", path.display()))
    }

    /// Whether the list names this very difference; if so, the entry counts as used.
    pub fn names(&mut self, difference: &Difference) -> bool {
        let entry = self.deviations.iter_mut().find(|(entry, _)| {
            entry.scenario == difference.scenario
                && entry.step == difference.step
                && entry.ours == difference.ours
                && entry.theirs == difference.theirs
        });
        entry.map(|(_, used)| *used = true).is_some()
    }

    /// Our frame without the keys that the list lets us add and that the peer's frame lacks; the
    /// entries count as used.
    pub fn without_additions(&mut self, ours: &str, theirs: &str) -> String {
        let mut text = ours.to_owned();
        let (Ok(ours), Ok(theirs)) =
            (serde_json::from_str::<Value>(ours), serde_json::from_str::<Value>(theirs))
        else {
            return text;
        };
        for (addition, used) in &mut self.additions {
            let key = addition.key.as_str();
            if ours["type"] != addition.r#type.as_str() || theirs.get(key).is_some() {
                continue;
            }
            if let Some(value) = ours.get(key) {
                *used = true;
                // A member that is not the first, without spacing. Written otherwise it stays and
                // the frames are told apart: better one report too many.
                text = text.replacen(&format!(",\"{key}\":{value}"), "", 1);
            }
        }
        text
    }

    /// The entries that nothing used, each by name.
    pub fn unused(&self) -> Vec<String> {
        let deviations = self.deviations.iter().map(|(entry, used)| (entry.name(), used));
        let additions = self.additions.iter().map(|(entry, used)| (entry.name(), used));
        deviations.chain(additions).filter(|(_, used)| !**used).map(|(name, _)| name).collect()
    }
}

impl Deviation {
    fn name(&self) -> String {
        format!("deviation `{}` step {}", self.scenario, self.step)
    }
}

impl Addition {
    fn name(&self) -> String {
        format!("addition of `{}` to `{}`", self.key, self.r#type)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = "
deviations:
  - { scenario: a binary frame, step: 2, ours: closed 1003 x, theirs: 'cut: y', reason: it crashes }
additions:
  - { type: bars.update, key: topic, reason: several subscriptions }
";

    fn difference(ours: &str) -> Difference {
        Difference {
            scenario: "a binary frame".into(),
            step: 2,
            action: "receive".into(),
            ours: ours.into(),
            theirs: "cut: y".into(),
        }
    }

    #[test]
    fn an_entry_holds_for_what_it_says_and_nothing_else() {
        let mut list = AllowList::parse(LIST).unwrap();
        assert!(!list.names(&difference("closed 1002 x")));
        assert!(!list.names(&Difference { step: 3, ..difference("closed 1003 x") }));
        assert_eq!(list.unused().len(), 2);
        assert!(list.names(&difference("closed 1003 x")));
        assert_eq!(list.unused(), ["addition of `topic` to `bars.update`"]);
    }

    #[test]
    fn an_addition_is_only_what_the_peer_lacks() {
        let mut list = AllowList::parse(LIST).unwrap();
        let (push, theirs) = (r#"{"type":"bars.update","topic":"x"}"#, r#"{"type":"bars.update"}"#);
        assert_eq!(list.without_additions(push, push), push);
        let other = r#"{"type":"other","topic":"x"}"#;
        assert_eq!(list.without_additions(other, theirs), other);
        assert_eq!(list.unused().len(), 2);
        assert_eq!(list.without_additions(push, theirs), theirs);
        assert_eq!(list.unused(), ["deviation `a binary frame` step 2"]);
    }

    #[test]
    fn an_entry_without_a_reason_is_refused() {
        let text = "additions: [{ type: t, key: k, reason: ' ' }]";
        assert_eq!(AllowList::parse(text).unwrap_err(), "addition of `k` to `t` has no reason");
    }
}
