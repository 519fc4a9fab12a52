//! The keywords of one schema → its rules and what it says of itself.
//!
//! In: a node that is an object. Out: [`About`] and [`Rule`]s in a fixed order. A keyword whose effect
//! depends on others (`additionalItems` on `items`, `then` on `if`, `nullable` on `type`) is kept
//! until all are read. Does not know which schemas were read before; that is the reader's.

use json::{Json, Number};

use super::{SchemaReader, beside_ref, values, vocabulary};
use crate::diagnostic::{Diagnostic, Severity};
use crate::reading::{Reading, is_reference};
use crate::schema::rule::{Properties, Rule, Type, Types};
use crate::schema::{About, Dialect, Format, SchemaId};
use crate::tree::{Key, Kind, NodeRef};
use crate::value;

/// The keywords of one schema while they are read.
pub(super) struct Keywords<'r, 'a, 't> {
    pub(super) reader: &'r mut SchemaReader<'a, 't>,
    pub(super) reading: &'a Reading<'t>,
    node: NodeRef<'t>,
    pub(super) dialect: Dialect,
    about: About,
    types: Option<Types>,
    nullable: bool,
    pub(super) rules: Vec<Rule>,
    properties: Properties,
    tuple: Option<Vec<SchemaId>>,
    rest_items: Option<SchemaId>,
    /// `if`, `then`, `else`.
    branches: [Option<SchemaId>; 3],
}

/// Reads one schema.
pub(super) fn read<'a, 't>(
    reader: &mut SchemaReader<'a, 't>,
    node: NodeRef<'t>,
    dialect: Dialect,
) -> (About, Vec<Rule>) {
    let mut keywords = Keywords {
        reading: reader.reading,
        reader,
        node,
        dialect,
        about: About::default(),
        types: None,
        nullable: false,
        rules: Vec::new(),
        properties: Properties::default(),
        tuple: None,
        rest_items: None,
        branches: [None; 3],
    };
    if is_reference(node) {
        keywords.reference();
    }
    if !is_reference(node) || dialect == Dialect::Draft2020 {
        for (key, value) in node.entries() {
            keywords.keyword(key, value);
        }
    }
    keywords.finish()
}

impl<'t> Keywords<'_, '_, 't> {
    fn reference(&mut self) {
        let (node, dialect) = (self.node, self.dialect);
        for (key, value) in node.entries() {
            if beside_ref::is_remark(key.text) {
                self.keyword(key, value);
            }
        }
        if dialect != Dialect::Draft2020 {
            beside_ref::warn(self.reading, node);
        }
        let target = match self.reading.follow(node) {
            Some(target) => self.reader.schema(target, dialect),
            None => self.reader.anything(node),
        };
        self.rules.push(Rule::Reference(target));
    }

    fn keyword(&mut self, key: Key<'t>, value: NodeRef<'t>) {
        match key.text {
            "title" => self.about.title = values::text(self.reading, key, value),
            "description" => self.about.description = values::text(self.reading, key, value),
            "default" => self.about.default = Some(value::to_json(value)),
            "example" => self.about.examples.push((value::to_json(value), value.span())),
            "examples" => {
                if value.kind() != Kind::List {
                    values::expected(self.reading, key, value, "a list of values");
                }
                for example in value.items() {
                    self.about.examples.push((value::to_json(example), example.span()));
                }
            }
            "deprecated" => self.about.deprecated = values::flag(self.reading, key, value),
            "readOnly" => self.about.read_only = values::flag(self.reading, key, value),
            "writeOnly" => self.about.write_only = values::flag(self.reading, key, value),
            "discriminator" => self.about.discriminator = self.discriminator(value),
            "format" => self.format(key, value),

            "type" => self.types = values::type_names(self.reading, value),
            "nullable" if self.dialect == Dialect::OpenApi30 => {
                self.nullable = values::flag(self.reading, key, value);
            }
            "const" => self.rules.push(Rule::Constant(value::to_json(value))),
            "enum" if value.kind() != Kind::List => {
                values::expected(self.reading, key, value, "a list of values")
            }
            "enum" => {
                if value.items().len() == 0 {
                    // Draft-07 allows it (§6.1.2: SHOULD), and no value is valid.
                    let message = "an empty `enum` allows no value";
                    let mut finding = Diagnostic::new(&values::KEYWORD, value.span(), message);
                    finding.severity = Severity::Warning;
                    self.reading.report(finding);
                    self.rules.push(Rule::Never);
                } else {
                    values::different(self.reading, value);
                    self.rules.push(Rule::Enum(value.items().map(value::to_json).collect()));
                }
            }

            "minimum" => {
                self.bound(key, value, "exclusiveMinimum", Rule::Minimum, Rule::ExclusiveMinimum)
            }
            "maximum" => {
                self.bound(key, value, "exclusiveMaximum", Rule::Maximum, Rule::ExclusiveMaximum)
            }
            "exclusiveMinimum" if value.as_bool().is_none() => {
                self.number(key, value, Rule::ExclusiveMinimum);
            }
            "exclusiveMaximum" if value.as_bool().is_none() => {
                self.number(key, value, Rule::ExclusiveMaximum);
            }
            // In OpenAPI 3.0 a boolean beside the bound, which was read with it.
            "exclusiveMinimum" | "exclusiveMaximum" if self.dialect == Dialect::OpenApi30 => {}
            "exclusiveMinimum" | "exclusiveMaximum" => {
                values::expected(
                    self.reading,
                    key,
                    value,
                    "a number (a boolean in OpenAPI 3.0 only)",
                );
            }
            "multipleOf" => {
                if let Some(number) = values::positive(self.reading, key, value) {
                    self.rules.push(Rule::MultipleOf(number));
                }
            }

            "minLength" => self.count(key, value, Rule::MinLength),
            "maxLength" => self.count(key, value, Rule::MaxLength),
            "pattern" => {
                if let Some(expression) = values::text(self.reading, key, value) {
                    values::pattern(self.reading, &expression, value);
                    self.rules.push(Rule::Pattern(expression));
                }
            }

            "minItems" => self.count(key, value, Rule::MinItems),
            "maxItems" => self.count(key, value, Rule::MaxItems),
            "uniqueItems" => {
                let unique = values::flag(self.reading, key, value);
                self.rules.extend(unique.then_some(Rule::UniqueItems));
            }
            "items" if value.kind() == Kind::List => {
                if value.items().len() == 0 {
                    values::expected(
                        self.reading,
                        key,
                        value,
                        "a schema, or a list with at least one",
                    );
                }
                self.tuple = Some(self.list(value));
            }
            "prefixItems" => self.tuple = Some(self.list(value)),
            "items" => {
                let id = self.schema(value);
                if self.dialect == Dialect::Draft2020 && self.node.get("prefixItems").is_some() {
                    self.rest_items = Some(id);
                } else {
                    self.rules.push(Rule::Items(id));
                }
            }
            "additionalItems" => self.rest_items = Some(self.schema(value)),
            "contains" => {
                let id = self.schema(value);
                self.rules.push(Rule::Contains(id));
            }

            "minProperties" => self.count(key, value, Rule::MinProperties),
            "maxProperties" => self.count(key, value, Rule::MaxProperties),
            "required" => {
                if let Some(names) = values::names(self.reading, key, value) {
                    self.rules.push(Rule::Required(names));
                }
            }
            "properties" => self.properties.named = self.map(key, value),
            "patternProperties" => {
                self.properties.patterns = self.map(key, value);
                for (key, value) in value.entries() {
                    values::pattern(self.reading, key.text, value);
                }
            }
            "additionalProperties" => self.properties.rest = Some(self.schema(value)),
            "propertyNames" => {
                let id = self.schema(value);
                self.rules.push(Rule::PropertyNames(id));
            }
            "dependencies" | "dependentRequired" | "dependentSchemas" => {
                self.dependencies(key, value);
            }

            "allOf" => self.applicator(key, value, Rule::AllOf),
            "anyOf" => self.applicator(key, value, Rule::AnyOf),
            "oneOf" => self.applicator(key, value, Rule::OneOf),
            "not" => {
                let id = self.schema(value);
                self.rules.push(Rule::Not(id));
            }
            "if" => self.branches[0] = Some(self.schema(value)),
            "then" => self.branches[1] = Some(self.schema(value)),
            "else" => self.branches[2] = Some(self.schema(value)),
            // Named schemas are read though nothing may refer to them.
            "definitions" | "$defs" => {
                self.map(key, value);
            }
            "$id" | "$schema" | "$comment" | "contentEncoding" | "contentMediaType" => {
                values::text(self.reading, key, value);
            }
            "externalDocs" if self.dialect == Dialect::AsyncApi => {
                self.reader.external_docs.push(value);
            }
            name if name.starts_with("x-") => {
                self.about.extensions.push((name.to_owned(), value::to_json(value)));
            }
            name if !vocabulary::is_known(name) => vocabulary::warn(self.reading, key),
            _ => {}
        }
    }

    fn finish(mut self) -> (About, Vec<Rule>) {
        if let [Some(condition), then, otherwise] = self.branches
            && (then.is_some() || otherwise.is_some())
        {
            self.rules.push(Rule::If { condition, then, otherwise });
        }
        // `additionalItems` without a list of items has no effect.
        if let Some(items) = self.tuple.take() {
            self.rules.push(Rule::Tuple { items, rest: self.rest_items });
        }
        let properties = std::mem::take(&mut self.properties);
        if properties != Properties::default() {
            self.rules.push(Rule::Properties(properties));
        }
        let null = Types::only(Type::Null);
        if let Some(types) = self.types {
            self.rules.push(Rule::Type(if self.nullable { types.or(null) } else { types }));
        }
        if self.nullable {
            for rule in &mut self.rules {
                if let Rule::Enum(values) = rule
                    && !values.contains(&Json::Null)
                {
                    values.push(Json::Null);
                }
            }
        }
        self.rules.sort_by_key(order);
        (self.about, self.rules)
    }

    fn number(&mut self, key: Key<'t>, value: NodeRef<'t>, rule: fn(Number<'static>) -> Rule) {
        self.rules.extend(values::number(self.reading, key, value).map(rule));
    }

    fn count(&mut self, key: Key<'t>, value: NodeRef<'t>, rule: fn(u64) -> Rule) {
        self.rules.extend(values::count(self.reading, key, value).map(rule));
    }

    /// `minimum` or `maximum`, which OpenAPI 3.0 makes exclusive by a boolean beside it.
    fn bound(
        &mut self,
        key: Key<'t>,
        value: NodeRef<'t>,
        exclusive: &str,
        inclusive_rule: fn(Number<'static>) -> Rule,
        exclusive_rule: fn(Number<'static>) -> Rule,
    ) {
        let is_exclusive = self.dialect == Dialect::OpenApi30
            && self.node.get(exclusive).and_then(NodeRef::as_bool) == Some(true);
        self.number(key, value, if is_exclusive { exclusive_rule } else { inclusive_rule });
    }

    fn format(&mut self, key: Key<'t>, value: NodeRef<'t>) {
        let Some(name) = values::text(self.reading, key, value) else { return };
        match Format::from_name(&name) {
            Some(format) => self.rules.push(Rule::Format(format)),
            None => self.about.format = Some(name),
        }
    }
}

/// The order of a schema's rules: cheap and telling ones first.
fn order(rule: &Rule) -> u8 {
    match rule {
        Rule::Never => 0,
        Rule::Type(_) => 1,
        Rule::Constant(_) | Rule::Enum(_) => 2,
        Rule::Minimum(_)
        | Rule::ExclusiveMinimum(_)
        | Rule::Maximum(_)
        | Rule::ExclusiveMaximum(_)
        | Rule::MultipleOf(_) => 3,
        Rule::MinLength(_) | Rule::MaxLength(_) | Rule::Pattern(_) | Rule::Format(_) => 4,
        Rule::MinItems(_) | Rule::MaxItems(_) => 5,
        Rule::MinProperties(_) | Rule::MaxProperties(_) => 6,
        Rule::Required(_) => 7,
        Rule::Properties(_) => 8,
        Rule::PropertyNames(_) => 9,
        Rule::DependentRequired(..) | Rule::DependentSchema(..) => 10,
        Rule::Items(_) | Rule::Tuple { .. } => 11,
        Rule::UniqueItems | Rule::Contains(_) => 12,
        Rule::Reference(_) => 13,
        Rule::AllOf(_) => 14,
        Rule::AnyOf(_) | Rule::OneOf(_) => 15,
        Rule::Not(_) | Rule::If { .. } => 16,
    }
}
