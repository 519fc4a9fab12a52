//! Rules → JSON Schema (draft-07): what the reader took apart, put together again.

use std::collections::{BTreeMap, HashMap, HashSet};

use json::Json;

use super::{Builder, reference};
use crate::model::Contract;
use crate::names::{Name, suffix};
use crate::schema::{Rule, SchemaId, Types};

/// Writes schemas; those with a name are written once, and referred to.
pub(super) struct SchemaWriter<'c> {
    contract: &'c Contract,
    named: HashMap<SchemaId, String>,
}

impl<'c> SchemaWriter<'c> {
    pub(super) fn new(contract: &'c Contract) -> Self {
        let mut named: HashMap<SchemaId, String> = HashMap::new();
        let mut taken: HashSet<String> = HashSet::new();
        for (key, schema) in &contract.components {
            let is_new = !named.contains_key(schema) && taken.insert(key.clone());
            if is_new {
                named.insert(*schema, key.clone());
            }
        }
        for schema in recursive(contract, &named) {
            let pointer = &contract.schemas.get(schema).origin.pointer;
            let last = pointer.rsplit(['/', '#']).find(|part| !part.is_empty()).unwrap_or("Schema");
            let mut name = Name::new(last).pascal();
            if !taken.insert(name.clone()) {
                name = format!("{name}_{}", suffix(&format!("{pointer}{schema:?}")));
                taken.insert(name.clone());
            }
            named.insert(schema, name);
        }
        Self { contract, named }
    }

    /// The schemas that have a name, under `components`.
    pub(super) fn components(&self) -> Builder {
        let by_name: BTreeMap<&String, SchemaId> =
            self.named.iter().map(|(id, name)| (name, *id)).collect();
        let mut object = Builder::default();
        // In the order of the document, then what was named here.
        let declared = self.contract.components.iter().map(|(key, _)| key);
        let mut order: Vec<&String> = declared.filter(|key| by_name.contains_key(key)).collect();
        order.extend(
            by_name
                .keys()
                .filter(|name| !self.contract.components.iter().any(|(key, _)| key == **name)),
        );
        for name in order {
            if let Some(id) = by_name.get(name) {
                object.set(name, self.written(*id));
            }
        }
        object
    }

    /// A schema: a reference if it has a name.
    pub(super) fn schema(&self, id: SchemaId) -> Json<'static> {
        match self.named.get(&id) {
            Some(name) => {
                reference(&format!("#/components/schemas/{}", crate::tree::escape_segment(name)))
            }
            None => self.written(id),
        }
    }

    fn written(&self, id: SchemaId) -> Json<'static> {
        let schema = self.contract.schemas.get(id);
        if let [Rule::Never] = schema.rules[..] {
            return Json::Bool(false);
        }
        let about = &schema.about;
        let mut object = Builder::default();
        // A reference with remarks is an `allOf`, since keywords beside `$ref` have no effect.
        object.text("title", &about.title).text("description", &about.description);
        for rule in &schema.rules {
            self.rule(rule, &mut object);
        }
        if let Some(format) = &about.format {
            object.set("format", format.clone());
        }
        object
            .maybe("default", about.default.clone())
            .list("examples", about.examples.iter().map(|example| example.0.clone()).collect())
            .flag("deprecated", about.deprecated)
            .flag("readOnly", about.read_only)
            .flag("writeOnly", about.write_only)
            .maybe(
                "discriminator",
                about.discriminator.as_ref().map(|found| found.property.clone()),
            )
            .extensions(&about.extensions);
        object.build()
    }

    fn rule(&self, rule: &Rule, object: &mut Builder) {
        let each = |ids: &[SchemaId]| {
            Json::Array(ids.iter().map(|id| self.schema(*id)).collect::<Vec<_>>())
        };
        match rule {
            Rule::Never => object.set("not", Builder::default().build()),
            Rule::Type(types) => object.set("type", type_names(*types)),
            Rule::Constant(value) => object.set("const", value.clone()),
            Rule::Enum(values) => object.set("enum", Json::Array(values.clone())),
            Rule::Minimum(bound) => object.set("minimum", bound.clone()),
            Rule::ExclusiveMinimum(bound) => object.set("exclusiveMinimum", bound.clone()),
            Rule::Maximum(bound) => object.set("maximum", bound.clone()),
            Rule::ExclusiveMaximum(bound) => object.set("exclusiveMaximum", bound.clone()),
            Rule::MultipleOf(divisor) => object.set("multipleOf", divisor.clone()),
            Rule::MinLength(count) => object.set("minLength", *count),
            Rule::MaxLength(count) => object.set("maxLength", *count),
            Rule::Pattern(pattern) => object.set("pattern", pattern.clone()),
            Rule::Format(format) => object.set("format", format.name()),
            Rule::MinItems(count) => object.set("minItems", *count),
            Rule::MaxItems(count) => object.set("maxItems", *count),
            Rule::UniqueItems => object.set("uniqueItems", true),
            Rule::Items(item) => object.set("items", self.schema(*item)),
            Rule::Tuple { items, rest } => object
                .set("items", each(items))
                .maybe("additionalItems", rest.map(|rest| self.schema(rest))),
            Rule::Contains(item) => object.set("contains", self.schema(*item)),
            Rule::MinProperties(count) => object.set("minProperties", *count),
            Rule::MaxProperties(count) => object.set("maxProperties", *count),
            Rule::Required(names) => {
                object.list("required", names.iter().cloned().map(Json::from).collect())
            }
            Rule::Properties(properties) => {
                let map = |pairs: &[(String, SchemaId)]| {
                    let mut map = Builder::default();
                    for (name, id) in pairs {
                        map.set(name, self.schema(*id));
                    }
                    map
                };
                object
                    .object("properties", map(&properties.named))
                    .object("patternProperties", map(&properties.patterns))
                    .maybe("additionalProperties", properties.rest.map(|rest| self.schema(rest)))
            }
            Rule::PropertyNames(name) => object.set("propertyNames", self.schema(*name)),
            Rule::DependentRequired(name, others) => {
                let others = Json::Array(others.iter().cloned().map(Json::from).collect());
                self.dependency(object, name, others)
            }
            Rule::DependentSchema(name, schema) => {
                let schema = self.schema(*schema);
                self.dependency(object, name, schema)
            }
            Rule::Reference(target) => object.set("allOf", each(&[*target])),
            Rule::AllOf(parts) => {
                let known = match object.0.remove("allOf") {
                    Some(Json::Array(known)) => known,
                    _ => Vec::new(),
                };
                let parts = parts.iter().map(|part| self.schema(*part));
                object.set("allOf", Json::Array(known.into_iter().chain(parts).collect()))
            }
            Rule::AnyOf(branches) => object.set("anyOf", each(branches)),
            Rule::OneOf(branches) => object.set("oneOf", each(branches)),
            Rule::Not(schema) => object.set("not", self.schema(*schema)),
            Rule::If { condition, then, otherwise } => object
                .set("if", self.schema(*condition))
                .maybe("then", then.map(|then| self.schema(then)))
                .maybe("else", otherwise.map(|otherwise| self.schema(otherwise))),
        };
    }

    fn dependency<'o>(
        &self,
        object: &'o mut Builder,
        name: &str,
        value: Json<'static>,
    ) -> &'o mut Builder {
        let mut known = match object.0.remove("dependencies") {
            Some(Json::Object(known)) => Builder(known),
            _ => Builder::default(),
        };
        known.set(name, value);
        object.object("dependencies", known)
    }
}

/// Schemas without a name that are inside themselves.
fn recursive(contract: &Contract, named: &HashMap<SchemaId, String>) -> Vec<SchemaId> {
    let parts = |id: SchemaId| contract.schemas.get(id).rules.iter().flat_map(Rule::schemas);
    let mut found: Vec<SchemaId> = Vec::new();
    for (start, _) in contract.schemas.iter() {
        if named.contains_key(&start) {
            continue;
        }
        let mut pending: Vec<SchemaId> = parts(start).collect();
        let mut visited = HashSet::new();
        while let Some(id) = pending.pop() {
            if id == start {
                found.push(start);
                break;
            }
            if !named.contains_key(&id) && !found.contains(&id) && visited.insert(id) {
                pending.extend(parts(id));
            }
        }
    }
    found
}

fn type_names(types: Types) -> Json<'static> {
    let mut names: Vec<Json<'static>> = types.iter().map(|each| Json::from(each.name())).collect();
    match names.len() {
        1 => names.remove(0),
        _ => Json::Array(names),
    }
}
