//! How a command ended.

use std::fmt;

/// A command that ran.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Outcome {
    /// Nothing to complain about.
    Good,
    /// There were findings; they were printed.
    Findings,
}

/// A command that could not run: wrong flags, a file that cannot be written.
#[derive(Debug)]
pub(crate) struct Failure(String);

impl Failure {
    /// What went wrong, lower case, and what to do.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a command returns.
pub(crate) type Result = std::result::Result<Outcome, Failure>;
