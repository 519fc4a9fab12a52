//! Schemas: where they stand, and what their place asks of them.
//!
//! In: nodes in the place of a schema. Out: [`SchemaPlace`]s, and findings about what the specification
//! says of schemas in that place. What a schema says is read elsewhere (`schema/read/`).

use super::Walk;
use crate::diagnostic::{Diagnostic, Severity};
use crate::grammar::object::MULTI_FORMAT_SCHEMA;
use crate::grammar::report;
use crate::grammar::rule::INVALID_VALUE;
use crate::grammar::table::Schema;
use crate::reading::is_reference;
use crate::schema::has_keyword;
use crate::tree::NodeRef;

/// A place where a schema stands.
#[derive(Clone, Copy)]
pub(crate) enum SchemaPlace<'t> {
    /// In AsyncAPI's own language.
    Own(NodeRef<'t>),
    /// In the language that the node itself names, or else in AsyncAPI's own.
    MultiFormat(NodeRef<'t>),
    /// The payload of a message of 2.x, whose language the message names.
    PayloadOf(NodeRef<'t>),
}

impl<'t> Walk<'_, 't> {
    /// Checks a node in the place of a schema.
    pub(super) fn schema(&mut self, node: NodeRef<'t>, schema: Schema) {
        self.schemas_met.insert(node.id());
        if self.gravest != Severity::Error {
            // A binding that anything may stand in; what is generated from is read elsewhere.
            self.extension(node);
            return;
        }
        match schema {
            Schema::Own | Schema::Payload => self.schemas.push(SchemaPlace::Own(node)),
            Schema::Key => {
                let severity = self.by_the_text();
                let keys = node.entries().next().is_some();
                if severity == Severity::Error && keys && !has_keyword(node) {
                    let message = format!("the schema of {} has no keyword", report::name_of(node));
                    self.report(
                        Diagnostic::new(&INVALID_VALUE, node.span(), message)
                            .help("say at least its `type`"),
                    );
                }
                self.schemas.push(SchemaPlace::Own(node));
            }
            Schema::MultiFormat => {
                if !is_reference(node) && node.get("schema").is_some() {
                    self.object(node, &MULTI_FORMAT_SCHEMA);
                }
                self.schemas.push(SchemaPlace::MultiFormat(node));
            }
            Schema::Headers => {
                self.of_type_object(node, Severity::Error);
                self.schemas.push(SchemaPlace::Own(node));
            }
            Schema::Parameters => {
                self.of_type_object(node, self.by_the_text());
                self.schemas.push(SchemaPlace::Own(node));
            }
        }
    }

    /// A schema of several values, each under a name.
    fn of_type_object(&mut self, node: NodeRef<'t>, severity: Severity) {
        let Some(target) = self.reading.follow(node) else { return };
        let other = target.get("type").filter(|each| each.as_str() != Some("object"));
        if let Some(each) = other {
            let message =
                format!("the schema of {} must be of type `object`", report::name_of(node));
            let finding = Diagnostic::new(&INVALID_VALUE, each.span(), message)
                .help("give each value a name under `properties`");
            self.report_as(severity, finding);
        }
    }
}
