//! What a schema says about the *form* of its values, its `$ref`s and `allOf`s taken together.
//!
//! In: schemas that all hold at once. Out: [`Facets`]. Decides nothing: `shaping/` does. Follows
//! references and `allOf` only; every schema is visited once, so a cycle ends.

use std::collections::{HashMap, HashSet};

use json::{Json, Number};

use super::format::Format;
use super::rule::{Rule, Type, Types};
use super::{SchemaId, Schemas};

/// A `oneOf` or `anyOf`: which schema has it, and at which place in its rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct UnionPlace {
    pub(crate) owner: SchemaId,
    pub(crate) rule: usize,
}

/// A `oneOf` or `anyOf` that says something about form.
#[derive(Clone, Debug)]
pub(crate) struct UnionFacet {
    pub(crate) place: UnionPlace,
    pub(crate) branches: Vec<SchemaId>,
    pub(crate) exclusive: bool,
}

/// What several schemas say together about the form of a value.
#[derive(Clone, Debug)]
pub(crate) struct Facets {
    /// The types that `type` allows.
    pub(crate) types: Types,
    /// The types that the other keywords speak of.
    pub(crate) spoken: Types,
    /// The values that `const` and `enum` allow.
    pub(crate) values: Option<Vec<Json<'static>>>,
    /// Known properties, each with all schemas that it must satisfy.
    pub(crate) properties: Vec<(String, Vec<SchemaId>)>,
    pub(crate) required: HashSet<String>,
    /// Schemas of `patternProperties`.
    pub(crate) patterns: Vec<SchemaId>,
    /// Schemas of `additionalProperties`.
    pub(crate) rests: Vec<SchemaId>,
    /// Properties that only a condition speaks of.
    pub(crate) conditional: Vec<String>,
    pub(crate) items: Vec<SchemaId>,
    pub(crate) tuples: Vec<(Vec<SchemaId>, Option<SchemaId>)>,
    pub(crate) min_items: u64,
    pub(crate) max_items: Option<u64>,
    pub(crate) unions: Vec<UnionFacet>,
    pub(crate) formats: Vec<Format>,
    pub(crate) minimum: Option<Number<'static>>,
    pub(crate) maximum: Option<Number<'static>>,
    /// How many schemas say something about form; more than one is a merge.
    pub(crate) sources: usize,
    /// The schemas that references and `allOf` lead to, if nothing stands beside them.
    pub(crate) only: Option<SchemaId>,
    /// Whether a rule was found that no type enforces.
    pub(crate) residual: bool,
}

/// Reads the facets of schemas that hold together; `without` are unions to leave out.
pub(crate) fn collect(schemas: &Schemas, together: &[SchemaId], without: &[UnionPlace]) -> Facets {
    let mut collector = Collector {
        schemas,
        without,
        visited: HashSet::new(),
        places: HashMap::new(),
        facets: Facets {
            types: Types::ALL,
            spoken: Types::NONE,
            values: None,
            properties: Vec::new(),
            required: HashSet::new(),
            patterns: Vec::new(),
            rests: Vec::new(),
            conditional: Vec::new(),
            items: Vec::new(),
            tuples: Vec::new(),
            min_items: 0,
            max_items: None,
            unions: Vec::new(),
            formats: Vec::new(),
            minimum: None,
            maximum: None,
            sources: 0,
            only: None,
            residual: false,
        },
    };
    let mut pending: Vec<SchemaId> = together.iter().rev().copied().collect();
    while let Some(id) = pending.pop() {
        if collector.visited.insert(id) {
            collector.schema(id, &mut pending);
        }
    }
    collector.facets.only = only_target(schemas, together);
    collector.facets
}

/// The schema that stands for the whole, if the only demand is one reference or an `allOf` of one.
fn only_target(schemas: &Schemas, together: &[SchemaId]) -> Option<SchemaId> {
    let [id] = together else { return None };
    let target = match &schemas.get(*id).rules[..] {
        [Rule::Reference(target)] => *target,
        [Rule::AllOf(parts)] if parts.len() == 1 => parts[0],
        _ => return None,
    };
    (target != *id).then_some(target)
}

struct Collector<'s> {
    schemas: &'s Schemas,
    without: &'s [UnionPlace],
    visited: HashSet<SchemaId>,
    /// Where in `properties` a name stands.
    places: HashMap<String, usize>,
    facets: Facets,
}

impl Collector<'_> {
    fn schema(&mut self, id: SchemaId, pending: &mut Vec<SchemaId>) {
        let schemas = self.schemas;
        let mut speaks = false;
        for (at, rule) in schemas.get(id).rules.iter().enumerate() {
            let place = UnionPlace { owner: id, rule: at };
            match rule {
                Rule::Reference(target) => pending.push(*target),
                Rule::AllOf(parts) => pending.extend(parts.iter().rev()),
                _ if self.without.contains(&place) => {}
                rule => {
                    speaks = true;
                    self.rule(place, rule);
                }
            }
        }
        self.facets.sources += usize::from(speaks);
    }

    fn rule(&mut self, place: UnionPlace, rule: &Rule) {
        let facets = &mut self.facets;
        match rule {
            Rule::Never => facets.types = Types::NONE,
            Rule::Type(types) => facets.types = facets.types.and(*types),
            Rule::Constant(value) => self.values(std::slice::from_ref(value)),
            Rule::Enum(values) => self.values(values),
            Rule::Minimum(limit) | Rule::ExclusiveMinimum(limit) => {
                facets.spoken = facets.spoken.or(Types::only(Type::Number));
                facets.minimum = facets.minimum.take().max(Some(limit.clone()));
            }
            Rule::Maximum(limit) | Rule::ExclusiveMaximum(limit) => {
                facets.spoken = facets.spoken.or(Types::only(Type::Number));
                facets.maximum = match facets.maximum.take() {
                    Some(known) => Some(known.min(limit.clone())),
                    None => Some(limit.clone()),
                };
            }
            Rule::MultipleOf(_) => facets.spoken = facets.spoken.or(Types::only(Type::Number)),
            Rule::MinLength(_) | Rule::MaxLength(_) | Rule::Pattern(_) => {
                facets.spoken = facets.spoken.or(Types::only(Type::String));
            }
            Rule::Format(format) => {
                let spoken = match format {
                    Format::Decimal => Types::NONE,
                    Format::Int32 | Format::Int64 => Types::only(Type::Integer),
                    format if format.is_numeric() => Types::only(Type::Number),
                    _ => Types::only(Type::String),
                };
                facets.spoken = facets.spoken.or(spoken);
                facets.formats.push(*format);
            }
            Rule::MinItems(count) => {
                facets.spoken = facets.spoken.or(Types::only(Type::Array));
                facets.min_items = facets.min_items.max(*count);
            }
            Rule::MaxItems(count) => {
                facets.spoken = facets.spoken.or(Types::only(Type::Array));
                facets.max_items = Some(facets.max_items.map_or(*count, |max| max.min(*count)));
            }
            Rule::Items(item) => {
                facets.spoken = facets.spoken.or(Types::only(Type::Array));
                facets.items.push(*item);
            }
            Rule::Tuple { items, rest } => {
                facets.spoken = facets.spoken.or(Types::only(Type::Array));
                facets.tuples.push((items.clone(), *rest));
            }
            Rule::UniqueItems | Rule::Contains(_) => {
                facets.spoken = facets.spoken.or(Types::only(Type::Array));
                facets.residual = true;
            }
            Rule::Required(names) => {
                facets.spoken = facets.spoken.or(Types::only(Type::Object));
                facets.required.extend(names.iter().cloned());
            }
            Rule::Properties(properties) => {
                facets.spoken = facets.spoken.or(Types::only(Type::Object));
                facets.patterns.extend(properties.patterns.iter().map(|pair| pair.1));
                facets.rests.extend(properties.rest);
                facets.residual |= !properties.patterns.is_empty();
                for (name, schema) in &properties.named {
                    self.property(name, Some(*schema));
                }
            }
            Rule::MinProperties(_) | Rule::MaxProperties(_) | Rule::PropertyNames(_) => {
                facets.spoken = facets.spoken.or(Types::only(Type::Object));
                facets.residual = true;
            }
            Rule::DependentRequired(..) => {
                facets.spoken = facets.spoken.or(Types::only(Type::Object));
                facets.residual = true;
            }
            Rule::DependentSchema(_, schema) => {
                facets.spoken = facets.spoken.or(Types::only(Type::Object));
                facets.residual = true;
                self.condition(*schema);
            }
            Rule::AnyOf(branches) | Rule::OneOf(branches) => {
                let exclusive = matches!(rule, Rule::OneOf(_));
                facets.unions.push(UnionFacet { place, branches: branches.clone(), exclusive });
            }
            Rule::If { then, otherwise, .. } => {
                facets.residual = true;
                for branch in [then, otherwise].into_iter().flatten() {
                    self.condition(*branch);
                }
            }
            Rule::Not(_) => facets.residual = true,
            Rule::Reference(_) | Rule::AllOf(_) => {}
        }
    }

    fn values(&mut self, values: &[Json<'static>]) {
        let known = self.facets.values.take();
        self.facets.values = Some(match known {
            None => values.to_vec(),
            Some(known) => known.into_iter().filter(|value| values.contains(value)).collect(),
        });
    }

    fn property(&mut self, name: &str, schema: Option<SchemaId>) {
        let properties = &mut self.facets.properties;
        let at = *self.places.entry(name.to_owned()).or_insert_with(|| {
            properties.push((name.to_owned(), Vec::new()));
            properties.len() - 1
        });
        let known = &mut properties[at].1;
        known.extend(schema.filter(|schema| !known.contains(schema)));
    }

    /// Properties that a schema under a condition speaks of may come, with values of any type.
    fn condition(&mut self, schema: SchemaId) {
        let mut pending = vec![schema];
        let mut visited = HashSet::new();
        while let Some(id) = pending.pop() {
            if !visited.insert(id) {
                continue;
            }
            for rule in &self.schemas.get(id).rules {
                match rule {
                    Rule::Reference(target) => pending.push(*target),
                    Rule::AllOf(parts) => pending.extend(parts),
                    Rule::Properties(properties) => {
                        let names = properties.named.iter().map(|pair| pair.0.clone());
                        self.facets.conditional.extend(names);
                    }
                    _ => {}
                }
            }
        }
    }
}
