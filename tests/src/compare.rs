//! Two transcripts of one scenario, side by side.
//!
//! Compared raw: the kind of frame, close code and close reason exactly, JSON text as a value. Where
//! the value is the same and the text is not, that is reported apart as a [`Respelling`]. What the
//! allow-list names is no difference.

use std::fmt;

use crate::allow_list::AllowList;
use crate::client::Event;
use crate::json::{Likeness, Spelling, likeness};
use crate::play::{Observation, Transcript};
use crate::scenario::{Action, Scenario};

/// A step at which the two services part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The scenario's name.
    pub scenario: String,
    /// Number of the step, from 1.
    pub step: usize,
    /// What the step did.
    pub action: String,
    /// What our service showed.
    pub ours: String,
    /// What the peer showed.
    pub theirs: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Difference { scenario, step, action, ours, theirs } = self;
        write!(f, "`{scenario}` step {step}: {action}\n    ours:   {ours}\n    theirs: {theirs}")
    }
}

/// A frame that says the same in another spelling.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Respelling {
    /// Where, and both texts.
    pub at: Difference,
    /// In what they differ.
    pub spelling: Spelling,
}

/// The result of [`compare`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// Differences that the allow-list does not name.
    pub differences: Vec<Difference>,
    /// Frames of the same value in another spelling.
    pub respellings: Vec<Respelling>,
}

impl Comparison {
    /// Adds what another comparison found.
    pub fn extend(&mut self, other: Comparison) {
        self.differences.extend(other.differences);
        self.respellings.extend(other.respellings);
    }
}

/// Compares what `scenario` showed of two services.
pub fn compare(
    scenario: &Scenario,
    ours: &Transcript,
    theirs: &Transcript,
    allowed: &mut AllowList,
) -> Comparison {
    let mut found = Comparison::default();
    for (index, step) in scenario.steps.iter().enumerate() {
        let must_see = matches!(step.action, Action::Receive(_));
        let (left, right) = (lines_of(ours, index + 1), lines_of(theirs, index + 1));
        for line in 0..left.len().max(right.len()) {
            let (left, right) = (left.get(line).copied(), right.get(line).copied());
            let likeness = match (left, right) {
                // Two services that both stay silent where a frame is due prove nothing.
                (Some(Observation::Event(Event::Nothing)), _) if must_see => Likeness::Different,
                (Some(left), Some(right)) => observations(left, right, allowed),
                _ => Likeness::Different,
            };
            let shown = |seen: Option<&Observation>| {
                seen.map_or_else(|| "nothing to see".to_owned(), ToString::to_string)
            };
            let difference = || Difference {
                scenario: scenario.name.clone(),
                step: index + 1,
                action: step.to_string(),
                ours: shown(left),
                theirs: shown(right),
            };
            match likeness {
                Likeness::Identical => {}
                Likeness::SameValue(spelling) => {
                    found.respellings.push(Respelling { at: difference(), spelling });
                }
                Likeness::Different => {
                    let difference = difference();
                    if !allowed.names(&difference) {
                        found.differences.push(difference);
                    }
                }
            }
        }
    }
    found
}

fn lines_of(transcript: &Transcript, step: usize) -> Vec<&Observation> {
    let of_step = transcript.lines.iter().filter(|(number, _)| *number == step);
    of_step.map(|(_, observation)| observation).collect()
}

fn observations(ours: &Observation, theirs: &Observation, allowed: &mut AllowList) -> Likeness {
    match (ours, theirs) {
        (Observation::Event(Event::Text(ours)), Observation::Event(Event::Text(theirs))) => {
            likeness(&allowed.without_additions(ours, theirs), theirs)
        }
        _ if ours == theirs => Likeness::Identical,
        _ => Likeness::Different,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::Refused;
    use crate::scenario::Suite;

    fn scenario() -> Scenario {
        let text = "about: x\nscenarios: [{ name: n, steps: [{ send: x }, { receive: frame }] }]";
        Suite::parse(text).unwrap().scenarios.remove(0)
    }

    fn saw(event: Event) -> Transcript {
        Transcript { lines: vec![(2, Observation::Event(event))] }
    }

    fn text(text: &str) -> Transcript {
        saw(Event::Text(text.to_owned()))
    }

    fn closed(code: u16, reason: &str) -> Transcript {
        saw(Event::Closed { code: Some(code), reason: reason.to_owned() })
    }

    fn differences(ours: &Transcript, theirs: &Transcript) -> usize {
        let found = compare(&scenario(), ours, theirs, &mut AllowList::default());
        found.differences.len()
    }

    #[test]
    fn a_transcript_does_not_differ_from_itself() {
        for transcript in [text("{}"), text("pong"), closed(1003, "x"), saw(Event::Over)] {
            assert_eq!(differences(&transcript, &transcript), 0);
        }
    }

    #[test]
    fn two_services_that_owe_a_frame_are_not_alike() {
        assert_eq!(differences(&saw(Event::Nothing), &saw(Event::Nothing)), 1);
    }

    #[test]
    fn a_letter_in_a_reason_or_a_code_is_a_difference() {
        assert_eq!(differences(&closed(1003, "a."), &closed(1003, "a")), 1);
        assert_eq!(differences(&closed(1002, "a"), &closed(1003, "a")), 1);
        assert_eq!(differences(&closed(1003, ""), &saw(Event::Cut("x".into()))), 1);
        let refused = Transcript { lines: vec![(2, Observation::Refused(Refused::Status(403)))] };
        assert_eq!(differences(&refused, &closed(1003, "")), 1);
    }

    #[test]
    fn a_frame_that_only_one_service_sends_is_a_difference() {
        let nothing = Transcript { lines: vec![] };
        let found = compare(&scenario(), &text("{}"), &nothing, &mut AllowList::default());
        assert_eq!(
            found.differences[0].to_string(),
            "`n` step 2: receive\n    ours:   text {}\n    theirs: nothing to see"
        );
    }

    #[test]
    fn another_spelling_is_reported_apart() {
        let found = compare(
            &scenario(),
            &text(r#"{"a": 1}"#),
            &text(r#"{"a":1}"#),
            &mut AllowList::default(),
        );
        assert_eq!(found.differences, []);
        assert_eq!(found.respellings[0].spelling, Spelling::Spacing);
    }

    #[test]
    fn a_listed_addition_is_taken_away_before_the_texts_are_compared() {
        let mut allowed =
            AllowList::parse("additions: [{ type: t, key: topic, reason: several subscriptions }]")
                .unwrap();
        let ours = text(r#"{"type":"t","payload":{"a":1},"topic":"x:1"}"#);
        let theirs = text(r#"{"type":"t","payload":{"a":1}}"#);
        let found = compare(&scenario(), &ours, &theirs, &mut allowed);
        assert_eq!(found, Comparison::default());
        assert_eq!(allowed.unused(), Vec::<String>::new());
    }
}
