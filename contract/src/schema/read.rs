//! Schema nodes → [`Rule`]s, in every dialect that is read.
//!
//! In: nodes of the tree. Out: [`Schemas`]. Works off a list instead of recursing, so that depth costs
//! no stack; a node is read once, however many references lead to it. Reports keywords whose value is
//! of the wrong kind (`schema/keyword`), keywords that nothing knows but that look like a slip
//! (`schema/unknown-keyword`), and keywords beside a `$ref` that have no effect
//! (`schema/beside-ref`).

use std::collections::HashMap;

use json::{Json, Number};

use super::rule::{Properties, Rule, Type, Types};
use super::{About, Dialect, Discriminator, Format, Origin, Schema, SchemaId, Schemas, pattern};
use crate::diagnostic::{self, Diagnostic, Severity};
use crate::nearest::nearest;
use crate::reading::{Reading, is_reference, written};
use crate::tree::{Key, Kind, NodeId, NodeRef, Scalar};
use crate::value;

/// A keyword has a value that it cannot have.
pub(crate) static KEYWORD: diagnostic::Rule = diagnostic::Rule {
    id: "schema/keyword",
    severity: Severity::Error,
    page: "\
A keyword of a schema has a value of the wrong kind, so that nobody can say what it demands. The
values follow JSON Schema draft-07: `type` is one of `null`, `boolean`, `integer`, `number`,
`string`, `array`, `object` or a list of them; bounds are numbers; counts are integers of at least
0; `pattern` is a regular expression of ECMA-262; `required` is a list of names.

Wrong:

```yaml
components:
  schemas:
    Symbol: { type: string, minLength: '3' }
```

Right:

```yaml
components:
  schemas:
    Symbol: { type: string, minLength: 3 }
```
",
};

/// A keyword that is not known, but looks like one.
pub(crate) static UNKNOWN_KEYWORD: diagnostic::Rule = diagnostic::Rule {
    id: "schema/unknown-keyword",
    severity: Severity::Warning,
    page: "\
A schema has a key that no schema language knows, and that resembles one that exists. Unknown keys
have no effect: the demand that was meant is not made. Keys of your own begin with `x-`.

Wrong:

```yaml
components:
  schemas:
    Symbol: { type: string, maxLenght: 8 }
```

Right:

```yaml
components:
  schemas:
    Symbol: { type: string, maxLength: 8 }
```
",
};

/// A keyword beside `$ref`.
pub(crate) static BESIDE_REF: diagnostic::Rule = diagnostic::Rule {
    id: "schema/beside-ref",
    severity: Severity::Warning,
    page: "\
In JSON Schema draft-07, which AsyncAPI's schemas extend, keywords beside a `$ref` have no effect.
`title`, `description`, `default`, `examples`, `deprecated`, `readOnly`, `writeOnly` and `x-` keys
are kept as remarks on this use of the schema.

Wrong:

```yaml
components:
  schemas:
    Symbol: { type: string }
    Ticker: { $ref: '#/components/schemas/Symbol', maxLength: 8 }
```

Right:

```yaml
components:
  schemas:
    Symbol: { type: string }
    Ticker: { allOf: [{ $ref: '#/components/schemas/Symbol' }, { maxLength: 8 }] }
```
",
};

/// Reads schemas and remembers what was read.
pub(crate) struct SchemaReader<'a, 't> {
    reading: &'a Reading<'t>,
    schemas: Schemas,
    known: HashMap<(NodeId, Dialect), SchemaId>,
    pending: Vec<(SchemaId, NodeRef<'t>, Dialect)>,
    /// The values of `externalDocs`, which the grammar checks.
    external_docs: Vec<NodeRef<'t>>,
}

impl<'a, 't> SchemaReader<'a, 't> {
    pub(crate) fn new(reading: &'a Reading<'t>) -> Self {
        Self {
            reading,
            schemas: Schemas::default(),
            known: HashMap::new(),
            pending: Vec::new(),
            external_docs: Vec::new(),
        }
    }

    /// The schema at a node. What it names is read by [`finish`](Self::finish).
    pub(crate) fn schema(&mut self, node: NodeRef<'t>, dialect: Dialect) -> SchemaId {
        let mut node = node;
        if is_reference(node) && dialect != Dialect::Draft2020 && !has_remarks(node) {
            warn_beside_ref(self.reading, node);
            match self.reading.follow(node) {
                // A target that is itself a reference with remarks is read as such.
                Some(target) => node = target,
                None => return self.anything(node),
            }
        }
        let dialect = self.dialect_of_file(node, dialect);
        if let Some(&known) = self.known.get(&(node.id(), dialect)) {
            return known;
        }
        let origin = self.reading.origin(node);
        let id = self.schemas.push(Schema { origin, about: About::default(), rules: Vec::new() });
        self.known.insert((node.id(), dialect), id);
        self.pending.push((id, node, dialect));
        id
    }

    /// A schema that no text stands for: the one of a message without payload, the part of a merge.
    pub(crate) fn synthetic(&mut self, origin: Origin, rules: Vec<Rule>) -> SchemaId {
        self.schemas.push(Schema { origin, about: About::default(), rules })
    }

    /// A schema without demands, standing for one that could not be read.
    pub(crate) fn anything(&mut self, node: NodeRef<'t>) -> SchemaId {
        let origin = self.reading.origin(node);
        self.synthetic(origin, Vec::new())
    }

    /// Reads everything that is still only named. Also returns what stands under `externalDocs`.
    pub(crate) fn finish(mut self) -> (Schemas, Vec<NodeRef<'t>>) {
        while let Some((id, node, dialect)) = self.pending.pop() {
            let (about, rules) = self.read(node, dialect);
            let schema = self.schemas.get_mut(id);
            schema.about = about;
            schema.rules = rules;
        }
        (self.schemas, self.external_docs)
    }

    /// A document that is an OpenAPI description has schemas of OpenAPI's dialect, whoever refers to
    /// them.
    fn dialect_of_file(&self, node: NodeRef<'t>, dialect: Dialect) -> Dialect {
        let root = node.tree().root(node.span().file);
        match root.and_then(|root| root.get("openapi")).and_then(NodeRef::as_str) {
            Some(version) if version.starts_with("3.0") => Dialect::OpenApi30,
            Some(_) => Dialect::Draft2020,
            None => dialect,
        }
    }

    fn read(&mut self, node: NodeRef<'t>, dialect: Dialect) -> (About, Vec<Rule>) {
        match node.scalar() {
            Some(Scalar::Bool(true)) => return Default::default(),
            Some(Scalar::Bool(false)) => return (About::default(), vec![Rule::Never]),
            Some(_) => {
                self.wrong(node, "a schema", "an object, `true` or `false`");
                return Default::default();
            }
            None if node.items().len() > 0 || node.kind() == Kind::List => {
                self.wrong(node, "a schema", "an object, `true` or `false`");
                return Default::default();
            }
            None => {}
        }
        let mut keywords = Keywords {
            reader: self,
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

    fn wrong(&self, node: NodeRef<'t>, what: &str, expected: &str) {
        self.reading.report(
            Diagnostic::new(&KEYWORD, node.span(), format!("{what} must be {expected}"))
                .label(format!("this is {}", node.kind().article())),
        );
    }
}

/// The keys that say something about a schema without changing what is valid.
const REMARKS: [&str; 9] = [
    "title",
    "description",
    "default",
    "examples",
    "example",
    "deprecated",
    "readOnly",
    "writeOnly",
    "externalDocs",
];

fn has_remarks(reference: NodeRef<'_>) -> bool {
    reference.entries().any(|(key, _)| REMARKS.contains(&key.text) || key.text.starts_with("x-"))
}

fn warn_beside_ref<'t>(reading: &Reading<'t>, reference: NodeRef<'t>) {
    for (key, _) in reference.entries() {
        let harmless = key.text == "$ref"
            || REMARKS.contains(&key.text)
            || key.text.starts_with("x-")
            || !KNOWN.contains(&key.text)
            || matches!(key.text, "$id" | "$comment" | "$schema" | "definitions" | "$defs");
        if !harmless {
            reading.report(
                Diagnostic::new(
                    &BESIDE_REF,
                    key.span,
                    format!("`{}` beside `$ref` has no effect", key.text),
                )
                .help(format!("put both into an `allOf`, or drop `{}`", key.text)),
            );
        }
    }
}

/// Every keyword that is known, for [`UNKNOWN_KEYWORD`].
const KNOWN: [&str; 56] = [
    "$anchor",
    "$comment",
    "$defs",
    "$id",
    "$ref",
    "$schema",
    "additionalItems",
    "additionalProperties",
    "allOf",
    "anyOf",
    "const",
    "contains",
    "contentEncoding",
    "contentMediaType",
    "default",
    "definitions",
    "dependencies",
    "dependentRequired",
    "dependentSchemas",
    "deprecated",
    "description",
    "discriminator",
    "else",
    "enum",
    "example",
    "examples",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "externalDocs",
    "format",
    "if",
    "items",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "not",
    "nullable",
    "oneOf",
    "pattern",
    "patternProperties",
    "prefixItems",
    "properties",
    "propertyNames",
    "readOnly",
    "required",
    "then",
    "title",
    "type",
    "uniqueItems",
    "writeOnly",
];

/// Whether any key of an object is a keyword of schemas.
pub(crate) fn has_keyword(node: NodeRef<'_>) -> bool {
    node.entries().any(|(key, _)| KNOWN.contains(&key.text))
}

/// The keywords of one schema while they are read.
struct Keywords<'r, 'a, 't> {
    reader: &'r mut SchemaReader<'a, 't>,
    node: NodeRef<'t>,
    dialect: Dialect,
    about: About,
    types: Option<Types>,
    nullable: bool,
    rules: Vec<Rule>,
    properties: Properties,
    tuple: Option<Vec<SchemaId>>,
    rest_items: Option<SchemaId>,
    /// `if`, `then`, `else`.
    branches: [Option<SchemaId>; 3],
}

impl<'t> Keywords<'_, '_, 't> {
    fn reference(&mut self) {
        let (node, dialect) = (self.node, self.dialect);
        for (key, value) in node.entries() {
            if REMARKS.contains(&key.text) || key.text.starts_with("x-") {
                self.keyword(key, value);
            }
        }
        if dialect != Dialect::Draft2020 {
            warn_beside_ref(self.reader.reading, node);
        }
        let target = match self.reader.reading.follow(node) {
            Some(target) => self.reader.schema(target, dialect),
            None => self.reader.anything(node),
        };
        self.rules.push(Rule::Reference(target));
    }

    fn keyword(&mut self, key: Key<'t>, value: NodeRef<'t>) {
        match key.text {
            "title" => self.about.title = self.text(key, value),
            "description" => self.about.description = self.text(key, value),
            "default" => self.about.default = Some(value::to_json(value)),
            "example" => self.about.examples.push((value::to_json(value), value.span())),
            "examples" => {
                if value.kind() != Kind::List {
                    self.expected(key, value, "a list of values");
                }
                for example in value.items() {
                    self.about.examples.push((value::to_json(example), example.span()));
                }
            }
            "deprecated" => self.about.deprecated = self.flag(key, value),
            "readOnly" => self.about.read_only = self.flag(key, value),
            "writeOnly" => self.about.write_only = self.flag(key, value),
            "discriminator" => self.about.discriminator = self.discriminator(value),
            "format" => self.format(key, value),

            "type" => self.types = self.type_names(value),
            "nullable" if self.dialect == Dialect::OpenApi30 => {
                self.nullable = self.flag(key, value);
            }
            "const" => self.rules.push(Rule::Constant(value::to_json(value))),
            "enum" if value.kind() != Kind::List => self.expected(key, value, "a list of values"),
            "enum" => {
                if value.items().len() == 0 {
                    // Draft-07 allows it (§6.1.2: SHOULD), and no value is valid.
                    let message = "an empty `enum` allows no value";
                    let mut finding = Diagnostic::new(&KEYWORD, value.span(), message);
                    finding.severity = Severity::Warning;
                    self.reader.reading.report(finding);
                    self.rules.push(Rule::Never);
                } else {
                    self.different(value);
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
                self.expected(key, value, "a number (a boolean in OpenAPI 3.0 only)");
            }
            "multipleOf" => {
                if let Some(number) = self.positive(key, value) {
                    self.rules.push(Rule::MultipleOf(number));
                }
            }

            "minLength" => self.count(key, value, Rule::MinLength),
            "maxLength" => self.count(key, value, Rule::MaxLength),
            "pattern" => {
                if let Some(expression) = self.text(key, value) {
                    self.pattern(value, &expression);
                    self.rules.push(Rule::Pattern(expression));
                }
            }

            "minItems" => self.count(key, value, Rule::MinItems),
            "maxItems" => self.count(key, value, Rule::MaxItems),
            "uniqueItems" => {
                let unique = self.flag(key, value);
                self.rules.extend(unique.then_some(Rule::UniqueItems));
            }
            "items" if value.kind() == Kind::List => {
                if value.items().len() == 0 {
                    self.expected(key, value, "a schema, or a list with at least one");
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
                if let Some(names) = self.names(key, value) {
                    self.rules.push(Rule::Required(names));
                }
            }
            "properties" => self.properties.named = self.map(key, value),
            "patternProperties" => {
                self.properties.patterns = self.map(key, value);
                for (key, value) in value.entries() {
                    self.check_pattern(key.text, value);
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
                self.text(key, value);
            }
            "externalDocs" if self.dialect == Dialect::AsyncApi => {
                self.reader.external_docs.push(value);
            }
            name if name.starts_with("x-") => {
                self.about.extensions.push((name.to_owned(), value::to_json(value)));
            }
            name if !KNOWN.contains(&name) => self.unknown(key),
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

    fn expected(&self, key: Key<'t>, value: NodeRef<'t>, expected: &str) {
        self.reader.wrong(value, &format!("`{}`", key.text), expected);
    }

    fn text(&self, key: Key<'t>, value: NodeRef<'t>) -> Option<String> {
        let text = value.as_str().map(str::to_owned);
        if text.is_none() {
            self.expected(key, value, "text");
        }
        text
    }

    fn flag(&self, key: Key<'t>, value: NodeRef<'t>) -> bool {
        let flag = value.as_bool();
        if flag.is_none() {
            self.expected(key, value, "`true` or `false`");
        }
        flag.unwrap_or_default()
    }

    fn number(&mut self, key: Key<'t>, value: NodeRef<'t>, rule: fn(Number<'static>) -> Rule) {
        match value::to_number(value) {
            Some(number) => self.rules.push(rule(number)),
            None => self.expected(key, value, "a number"),
        }
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

    fn positive(&self, key: Key<'t>, value: NodeRef<'t>) -> Option<Number<'static>> {
        let number = value::to_number(value).filter(|number| *number > Number::from(0));
        if number.is_none() {
            self.expected(key, value, "a number above 0");
        }
        number
    }

    fn count(&mut self, key: Key<'t>, value: NodeRef<'t>, rule: fn(u64) -> Rule) {
        match value::to_number(value).and_then(|number| number.to_u64()) {
            Some(count) => self.rules.push(rule(count)),
            None => self.expected(key, value, "an integer of at least 0"),
        }
    }

    fn names(&self, key: Key<'t>, value: NodeRef<'t>) -> Option<Vec<String>> {
        let names: Option<Vec<String>> =
            value.items().map(|item| item.as_str().map(str::to_owned)).collect();
        self.unique(value);
        match names {
            Some(names) if value.kind() == Kind::List => Some(names),
            _ => {
                self.expected(key, value, "a list of property names");
                None
            }
        }
    }

    /// Reports values that stand in a list twice.
    fn different(&self, list: NodeRef<'t>) {
        let mut seen: HashMap<String, NodeRef<'t>> = HashMap::new();
        for item in list.items() {
            if let Some(first) = seen.insert(value::to_json(item).to_string(), item) {
                let message = format!("`{}` stands in the list twice", written(item));
                self.reader.reading.report(
                    Diagnostic::new(&KEYWORD, item.span(), message)
                        .related(first.span(), "the first time")
                        .help("remove one of them"),
                );
            }
        }
    }

    /// Reports names that stand in a list twice.
    fn unique(&self, list: NodeRef<'t>) {
        let mut seen: HashMap<&str, NodeRef<'t>> = HashMap::new();
        for item in list.items() {
            let Some(name) = item.as_str() else { continue };
            if let Some(first) = seen.insert(name, item) {
                self.reader.reading.report(
                    Diagnostic::new(
                        &KEYWORD,
                        item.span(),
                        format!("`{}` stands in the list twice", diagnostic::shortened(name)),
                    )
                    .related(first.span(), "the first time")
                    .help("remove one of them"),
                );
            }
        }
    }

    fn type_names(&self, value: NodeRef<'t>) -> Option<Types> {
        let one = |node: NodeRef<'t>| match node.as_str().and_then(Type::from_name) {
            Some(each) => Some(Types::only(each)),
            None => {
                let names = Type::ALL.map(Type::name);
                let word = node.as_str().unwrap_or_default();
                let mut finding = Diagnostic::new(
                    &KEYWORD,
                    node.span(),
                    format!("`{}` is not a type", written(node)),
                )
                .label(format!("types are {}", names.map(|name| format!("`{name}`")).join(", ")));
                if let Some(near) = nearest(word, names) {
                    finding = finding.help(format!("write `{near}`"));
                }
                self.reader.reading.report(finding);
                None
            }
        };
        if value.kind() != Kind::List {
            return one(value);
        }
        if value.items().len() == 0 {
            self.reader.wrong(value, "`type`", "the name of a type, or a list with at least one");
        }
        self.unique(value);
        let types: Vec<Types> = value.items().filter_map(one).collect();
        types.into_iter().reduce(Types::or)
    }

    fn format(&mut self, key: Key<'t>, value: NodeRef<'t>) {
        let Some(name) = self.text(key, value) else { return };
        match Format::from_name(&name) {
            Some(format) => self.rules.push(Rule::Format(format)),
            None => self.about.format = Some(name),
        }
    }

    fn pattern(&self, value: NodeRef<'t>, expression: &str) {
        self.check_pattern(expression, value);
    }

    fn check_pattern(&self, expression: &str, place: NodeRef<'t>) {
        // Other languages have it; ECMA-262 would take it for the letter.
        if let Some(at) = expression.find("\\Z")
            && !expression[..at].ends_with('\\')
        {
            self.reader.reading.report(
                Diagnostic::new(
                    &KEYWORD,
                    place.span(),
                    format!("`\\Z` is no end of text in `{}`", diagnostic::shortened(expression)),
                )
                .help("write `$`: patterns are in the syntax of ECMA-262 (JavaScript)"),
            );
        }
        if let Err(error) = pattern::compile(expression) {
            self.reader.reading.report(
                Diagnostic::new(
                    &KEYWORD,
                    place.span(),
                    format!("`{expression}` is not a regular expression: {error}"),
                )
                .help("patterns are written in the syntax of ECMA-262 (JavaScript)"),
            );
        }
    }

    fn schema(&mut self, value: NodeRef<'t>) -> SchemaId {
        let dialect = self.dialect;
        self.reader.schema(value, dialect)
    }

    fn list(&mut self, value: NodeRef<'t>) -> Vec<SchemaId> {
        value.items().map(|item| self.schema(item)).collect()
    }

    fn map(&mut self, key: Key<'t>, value: NodeRef<'t>) -> Vec<(String, SchemaId)> {
        if value.kind() != Kind::Map {
            self.expected(key, value, "an object of schemas");
        }
        value.entries().map(|(name, value)| (name.text.to_owned(), self.schema(value))).collect()
    }

    fn applicator(&mut self, key: Key<'t>, value: NodeRef<'t>, rule: fn(Vec<SchemaId>) -> Rule) {
        let schemas = self.list(value);
        if value.kind() != Kind::List || schemas.is_empty() {
            self.expected(key, value, "a list with at least one schema");
        } else {
            self.rules.push(rule(schemas));
        }
    }

    fn dependencies(&mut self, key: Key<'t>, value: NodeRef<'t>) {
        if value.kind() != Kind::Map {
            self.expected(key, value, "an object");
        }
        for (name, dependency) in value.entries() {
            let rule = if dependency.kind() == Kind::List {
                match self.names(name, dependency) {
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
    fn discriminator(&mut self, value: NodeRef<'t>) -> Option<Discriminator> {
        if let Some(property) = value.as_str() {
            return Some(Discriminator { property: property.to_owned(), mapping: Vec::new() });
        }
        let property = value.get("propertyName").and_then(NodeRef::as_str);
        let is_of_openapi = matches!(self.dialect, Dialect::OpenApi30 | Dialect::Draft2020);
        if !is_of_openapi {
            let mut finding = Diagnostic::new(
                &KEYWORD,
                value.span(),
                format!(
                    "`discriminator` must be the name of a property, this is {}",
                    value.kind().article()
                ),
            );
            if let Some(property) = property {
                finding = finding.help(format!("write `discriminator: {property}`"));
            }
            self.reader.reading.report(finding);
        }
        let property = property?.to_owned();
        let reading = self.reader.reading;
        let mut mapping = Vec::new();
        for (name, target) in value.get("mapping").into_iter().flat_map(NodeRef::entries) {
            if let Some(node) = reading.named_schema(target) {
                mapping.push((name.text.to_owned(), self.schema(node)));
            }
        }
        Some(Discriminator { property, mapping })
    }

    fn unknown(&self, key: Key<'t>) {
        if let Some(near) = nearest(key.text, KNOWN) {
            self.reader.reading.report(
                Diagnostic::new(
                    &UNKNOWN_KEYWORD,
                    key.span,
                    format!("`{}` is not a keyword of schemas and has no effect", key.text),
                )
                .help(format!("did you mean `{near}`? keys of your own begin with `x-`")),
            );
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
