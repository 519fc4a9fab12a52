//! Keywords that hold schemas: JSON Schema calls them applicators.
//!
//! In: the values of such keywords. Out: ids of the schemas in them, which the reader reads later.

use super::keywords::Keywords;
use super::values;
use crate::diagnostic::Diagnostic;
use crate::schema::rule::Rule;
use crate::schema::{Dialect, Discriminator, SchemaId};
use crate::tree::{Key, Kind, NodeRef};

impl<'t> Keywords<'_, '_, 't> {
    pub(super) fn schema(&mut self, value: NodeRef<'t>) -> SchemaId {
        let dialect = self.dialect;
        self.reader.schema(value, dialect)
    }

    pub(super) fn list(&mut self, value: NodeRef<'t>) -> Vec<SchemaId> {
        value.items().map(|item| self.schema(item)).collect()
    }

    pub(super) fn map(&mut self, key: Key<'t>, value: NodeRef<'t>) -> Vec<(String, SchemaId)> {
        if value.kind() != Kind::Map {
            values::expected(self.reading, key, value, "an object of schemas");
        }
        value.entries().map(|(name, value)| (name.text.to_owned(), self.schema(value))).collect()
    }

    pub(super) fn applicator(
        &mut self,
        key: Key<'t>,
        value: NodeRef<'t>,
        rule: fn(Vec<SchemaId>) -> Rule,
    ) {
        let schemas = self.list(value);
        if value.kind() != Kind::List || schemas.is_empty() {
            values::expected(self.reading, key, value, "a list with at least one schema");
        } else {
            self.rules.push(rule(schemas));
        }
    }

    pub(super) fn dependencies(&mut self, key: Key<'t>, value: NodeRef<'t>) {
        if value.kind() != Kind::Map {
            values::expected(self.reading, key, value, "an object");
        }
        for (name, dependency) in value.entries() {
            let rule = if dependency.kind() == Kind::List {
                match values::names(self.reading, name, dependency) {
                    Some(names) => Rule::DependentRequired(name.text.to_owned(), names),
                    None => continue,
                }
            } else {
                Rule::DependentSchema(name.text.to_owned(), self.schema(dependency))
            };
            self.rules.push(rule);
        }
    }

    /// AsyncAPI writes the property's name, OpenAPI an object with `propertyName` and `mapping`.
    pub(super) fn discriminator(&mut self, value: NodeRef<'t>) -> Option<Discriminator> {
        if let Some(property) = value.as_str() {
            return Some(Discriminator { property: property.to_owned(), mapping: Vec::new() });
        }
        let property = value.get("propertyName").and_then(NodeRef::as_str);
        let is_of_openapi = matches!(self.dialect, Dialect::OpenApi30 | Dialect::Draft2020);
        if !is_of_openapi {
            let mut finding = Diagnostic::new(
                &values::KEYWORD,
                value.span(),
                format!(
                    "`discriminator` must be the name of a property, this is {}",
                    value.kind().article()
                ),
            );
            if let Some(property) = property {
                finding = finding.help(format!("write `discriminator: {property}`"));
            }
            self.reading.report(finding);
        }
        let property = property?.to_owned();
        let mut mapping = Vec::new();
        for (name, target) in value.get("mapping").into_iter().flat_map(NodeRef::entries) {
            if let Some(node) = self.reading.named_schema(target) {
                mapping.push((name.text.to_owned(), self.schema(node)));
            }
        }
        Some(Discriminator { property, mapping })
    }
}
