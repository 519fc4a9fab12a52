//! The differential runner: the same conversations with two services, everything compared.

use std::collections::BTreeMap;
use std::fmt;

use crate::allow_list::AllowList;
use crate::compare::{Comparison, compare};
use crate::play::{Transcript, play};
use crate::scenario::Suite;
use crate::services::Service;

/// How a service is started with a suite's environment.
pub type Start = fn(&BTreeMap<String, String>) -> Result<Service, String>;

/// One suite, played against both services.
#[derive(Clone, Debug)]
pub struct Played {
    /// The suite.
    pub suite: Suite,
    /// Our transcripts, one per scenario.
    pub ours: Vec<Transcript>,
    /// The peer's.
    pub theirs: Vec<Transcript>,
}

/// Starts both services with the suite's environment and plays its scenarios, one after the other,
/// against both at once. `None` when a service lacks the test routes that the suite needs.
///
/// # Errors
/// A service does not start, or a scenario cannot be played.
pub async fn play_both(
    suite: &Suite,
    ours: Start,
    theirs: Start,
) -> Result<Option<Played>, String> {
    let (ours, theirs) = (ours(&suite.environment)?, theirs(&suite.environment)?);
    if suite.needs_test_routes() && !(ours.has_test_routes() && theirs.has_test_routes()) {
        return Ok(None);
    }
    let mut played = Played { suite: suite.clone(), ours: Vec::new(), theirs: Vec::new() };
    for scenario in &suite.scenarios {
        let (left, right) = tokio::join!(play(scenario, &ours), play(scenario, &theirs));
        played.ours.push(left.map_err(|why| format!("{why}\n{}", ours.output()))?);
        played.theirs.push(right.map_err(|why| format!("{why}\n{}", theirs.output()))?);
    }
    Ok(Some(played))
}

/// What a whole run found.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Everything that was compared.
    pub found: Comparison,
    /// Entries of the allow-list that nothing needed.
    pub unused: Vec<String>,
    /// Suites that were not played, because our service has no test routes.
    pub skipped: Vec<String>,
}

impl Report {
    /// Whether the services differ only as the allow-list says, and differ everywhere it says.
    pub fn agrees(&self) -> bool {
        self.found.differences.is_empty() && self.unused.is_empty()
    }
}

/// Plays every suite against both services and compares.
///
/// # Errors
/// A service does not start, or a scenario cannot be played.
pub async fn differential(
    suites: &[Suite],
    ours: Start,
    theirs: Start,
    allowed: &mut AllowList,
) -> Result<Report, String> {
    let mut report = Report::default();
    for suite in suites {
        match play_both(suite, ours, theirs).await? {
            Some(played) => report.found.extend(compare_played(&played, allowed)),
            None => report.skipped.push(suite.about.clone()),
        }
    }
    report.unused = allowed.unused();
    Ok(report)
}

/// Compares what [`play_both`] gave.
pub fn compare_played(played: &Played, allowed: &mut AllowList) -> Comparison {
    let mut found = Comparison::default();
    let transcripts = played.ours.iter().zip(&played.theirs);
    for (scenario, (ours, theirs)) in played.suite.scenarios.iter().zip(transcripts) {
        found.extend(compare(scenario, ours, theirs, allowed));
    }
    found
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Comparison { differences, respellings } = &self.found;
        writeln!(f, "{} differences", differences.len())?;
        differences.iter().try_for_each(|difference| writeln!(f, "  {difference}"))?;
        writeln!(f, "{} allow-list entries that nothing needs; remove them", self.unused.len())?;
        self.unused.iter().try_for_each(|entry| writeln!(f, "  {entry}"))?;
        writeln!(f, "{} frames with the same value in another spelling", respellings.len())?;
        for respelling in respellings {
            writeln!(f, "  {:?}: {}", respelling.spelling, respelling.at)?;
        }
        writeln!(f, "{} suites not played: our service has no test routes", self.skipped.len())?;
        self.skipped.iter().try_for_each(|suite| writeln!(f, "  {suite}"))
    }
}
