//! Rules about a whole contract: what may be generated from it, and is probably not meant. One file for
//! each rule, with its manual page and its tests; rules about one part stand beside its reader.
//!
//! In: a contract that was read, and the document that it was read from. Out: findings, in the order of
//! the list in [`check`].

mod correlation;
mod defaults;
mod descriptions;
mod discriminators;
mod examples;
mod implied_types;
mod javascript_numbers;
mod lint_ignore;
mod missing_examples;
mod references;
mod shared_messages;
mod topic_names;
mod unused_components;

use crate::diagnostic::Rule;
use crate::model::Contract;
use crate::reading::Reading;
use crate::schema::{SchemaId, Types};
use crate::tree::NodeRef;

pub(crate) use lint_ignore::silence;
pub(crate) use references::{
    foreign_schema, not_a_channel, not_a_message_of_channel, not_a_server, refers_to_other,
    unknown_security_scheme, unknown_server,
};

/// The rules of this folder.
pub(crate) const RULES: &[&Rule] = &[
    &references::WRONG_TARGET,
    &references::FOREIGN_SCHEMA,
    &examples::CONTRADICTS,
    &defaults::CONTRADICTS,
    &unused_components::UNUSED,
    &shared_messages::SHARED,
    &topic_names::DUPLICATE,
    &discriminators::NOT_REQUIRED,
    &javascript_numbers::INEXACT,
    &correlation::LOCATION,
    &implied_types::IMPLIED,
    &descriptions::MISSING,
    &missing_examples::MISSING,
    &lint_ignore::UNKNOWN_RULE,
];

/// A contract with what it was read from.
pub(crate) struct Checking<'c, 't> {
    pub(crate) reading: &'c Reading<'t>,
    pub(crate) root: NodeRef<'t>,
    pub(crate) contract: &'c Contract,
    /// How many schemas were written, by hand: those behind them were made of these.
    pub(crate) written: usize,
    /// Schemas without `type`, with the type that they are taken to mean.
    pub(crate) implied: &'c [(SchemaId, Types)],
    /// Whether rules of taste and completeness are asked for.
    pub(crate) pedantic: bool,
    /// Whether integers of 64 bits become numbers in JavaScript.
    pub(crate) int64_as_number: bool,
}

/// Applies every rule.
pub(crate) fn check(checking: &Checking<'_, '_>) {
    examples::check(checking);
    defaults::check(checking);
    if !checking.reading.has_errors() {
        // Behind a mistyped reference everything looks unused.
        unused_components::check(checking);
    }
    shared_messages::check(checking);
    topic_names::check(checking);
    discriminators::check(checking);
    javascript_numbers::check(checking);
    correlation::check(checking);
    if checking.pedantic {
        implied_types::check(checking);
        descriptions::check(checking);
        missing_examples::check(checking);
    }
}

impl<'t> Checking<'_, 't> {
    /// The schemas that the document writes down, with the node of each.
    fn schemas(&self) -> impl Iterator<Item = (SchemaId, &crate::schema::Schema, NodeRef<'t>)> {
        let written = self.contract.schemas.iter().take(self.written);
        written.map(|(id, schema)| (id, schema, self.reading.tree.node(schema.origin.node)))
    }
}
