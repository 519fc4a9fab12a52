//! Rules → shapes: the one place that decides what type a schema becomes.
//!
//! In: [`Schemas`] and the schemas that need a type. Out: [`Shapes`]. Works off a list of jobs, so
//! that neither depth nor recursion in the document costs stack. A schema without `type` whose
//! keywords all speak of one type is taken to mean that type ([`Implied`]); the rule is added to it,
//! so that types and checks agree.

use std::collections::{HashMap, HashSet};

use json::{Json, Number as JsonNumber};

use super::facets::{Facets, UnionFacet, UnionPlace, collect};
use super::format::Format;
use super::rule::{Rule, Type, Types};
use super::shape::{
    Branch, By, Dynamic, Enum, EnumVariant, Exactness, Field, Integer, Number, Part, Rest, Shape,
    ShapeId, Shapes, Struct, Text, Tuple, Union,
};
use super::{About, Schema, SchemaId, Schemas};

/// More properties than this, over all alternatives of a union, are not merged into types.
const MAX_MERGED_FIELDS: usize = 4096;

/// More alternatives than this, of unions within unions that a schema merges, do not become types: each level
/// may double them.
const MAX_NESTED_ALTERNATIVES: usize = 256;

/// Whether keywords imply a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Implied {
    /// `properties` without `type` means an object, and so on: what people mean.
    #[default]
    Meant,
    /// `properties` without `type` says nothing of values that are no objects: what draft-07 says.
    Literal,
}

/// Decides the shapes of `roots` and of everything they are made of. Also returns the types that schemas
/// mean without saying so.
pub(crate) fn shape_all(
    schemas: &mut Schemas,
    roots: impl IntoIterator<Item = SchemaId>,
    foreign: &HashMap<SchemaId, &'static str>,
    implied: Implied,
) -> (Shapes, Vec<(SchemaId, Types)>) {
    let mut shaper = Shaper {
        schemas,
        shapes: Shapes::default(),
        jobs: Vec::new(),
        implied,
        meant: HashMap::new(),
        residual: HashSet::new(),
        nested: HashMap::new(),
    };
    for root in roots {
        shaper.whole(root);
    }
    while let Some(job) = shaper.jobs.pop() {
        let shape = match foreign.get(&job.schema) {
            Some(language) => Shape::Dynamic(Dynamic::Foreign(language)),
            None => shaper.decide(&job),
        };
        let exactness =
            if shaper.residual.contains(&job.id) { Exactness::Residual } else { Exactness::Exact };
        shaper.shapes.set(job.id, shape, exactness);
    }
    let Shaper { mut shapes, meant, .. } = shaper;
    let mut meant: Vec<(SchemaId, Types)> = meant.into_iter().collect();
    meant.sort_by_key(|pair| pair.0);
    for (schema, types) in &meant {
        let rules = &mut schemas.get_mut(*schema).rules;
        rules.insert(0, Rule::Type(*types));
    }
    break_alias_cycles(&mut shapes);
    spread_residue(&mut shapes);
    (shapes, meant)
}

/// An alias that leads back to itself stands for no type.
fn break_alias_cycles(shapes: &mut Shapes) {
    let ids: Vec<ShapeId> = shapes.iter().map(|(id, _)| id).collect();
    for id in ids {
        if matches!(shapes.get(shapes.resolve(id)).shape, Shape::Alias(_)) {
            shapes.set(id, Shape::Any, Exactness::Residual);
        }
    }
}

/// What holds a residual shape is residual.
fn spread_residue(shapes: &mut Shapes) {
    let mut holders: HashMap<ShapeId, Vec<ShapeId>> = HashMap::new();
    let mut pending = Vec::new();
    for (id, entry) in shapes.iter() {
        for part in shapes.parts(id) {
            holders.entry(part).or_default().push(id);
        }
        if entry.exactness == Exactness::Residual {
            pending.push(id);
        }
    }
    while let Some(id) = pending.pop() {
        for &holder in holders.get(&id).into_iter().flatten() {
            if shapes.get(holder).exactness == Exactness::Exact {
                shapes.set_exactness(holder, Exactness::Residual);
                pending.push(holder);
            }
        }
    }
}

/// A shape to decide.
struct Job {
    id: ShapeId,
    schema: SchemaId,
    /// The schemas that hold together for this part.
    together: Vec<SchemaId>,
    /// Unions that were already split.
    without: Vec<UnionPlace>,
    /// The types of this part.
    types: Types,
    /// The schema that gets an implied type.
    speaker: SchemaId,
}

struct Shaper<'s> {
    schemas: &'s mut Schemas,
    shapes: Shapes,
    jobs: Vec<Job>,
    implied: Implied,
    /// Types that schemas mean without saying so.
    meant: HashMap<SchemaId, Types>,
    residual: HashSet<ShapeId>,
    /// How many alternatives of unions within unions each schema has merged.
    nested: HashMap<SchemaId, usize>,
}

impl Shaper<'_> {
    /// The shape of a schema, decided now or later.
    fn whole(&mut self, schema: SchemaId) -> ShapeId {
        if let Some(known) = self.shapes.of(schema) {
            return known;
        }
        let id = self.shapes.reserve(schema, Part::Whole);
        self.jobs.push(Job {
            id,
            schema,
            together: vec![schema],
            without: Vec::new(),
            types: Types::ALL,
            speaker: schema,
        });
        id
    }

    /// The shape of a part of what a job decides.
    fn part(&mut self, of: &Job, part: Part, change: impl FnOnce(&mut Job)) -> ShapeId {
        let id = self.shapes.reserve(of.schema, part);
        let mut job = Job {
            id,
            schema: of.schema,
            together: of.together.clone(),
            without: of.without.clone(),
            types: of.types,
            speaker: of.speaker,
        };
        change(&mut job);
        self.jobs.push(job);
        id
    }

    /// The shape of values of which nothing is said.
    fn unspoken(&mut self, schema: SchemaId) -> ShapeId {
        self.shapes.reserve(schema, Part::Unspoken)
    }

    fn decide(&mut self, job: &Job) -> Shape {
        let mut facets = collect(self.schemas, &job.together, &job.without);
        if let Some(target) = facets.only
            && job.types == Types::ALL
            && job.without.is_empty()
        {
            return Shape::Alias(self.whole(target));
        }
        self.drop_formless_unions(&mut facets);
        if facets.residual {
            self.residual.insert(job.id);
        }
        let types = facets.types.and(job.types);
        if types.is_empty() {
            return Shape::Never;
        }
        if let Some(values) = facets.values.take() {
            return self.values(job, types, values);
        }
        match &facets.unions[..] {
            [] => {}
            [union] => return self.union(job, &facets, types, &union.clone()),
            _ => {
                self.residual.insert(job.id);
                return Shape::Dynamic(Dynamic::Unions);
            }
        }
        if facets.types != Types::ALL {
            return self.typed(job, &facets, types);
        }
        match (facets.spoken.single(), self.implied) {
            (None, _) if facets.spoken.is_empty() => {
                if facets.residual {
                    Shape::Dynamic(Dynamic::Unconstrained)
                } else {
                    Shape::Any
                }
            }
            (Some(meant), Implied::Meant) => {
                let spoken = self.meant.entry(job.speaker).or_insert(Types::NONE);
                *spoken = spoken.or(Types::only(meant));
                self.of_type(job, &facets, meant)
            }
            _ => {
                self.residual.insert(job.id);
                Shape::Dynamic(Dynamic::Unconstrained)
            }
        }
    }

    /// Unions whose alternatives only demand something of what is known anyway
    /// (`anyOf: [{required: [a]}, {required: [b]}]`) are left to the check.
    fn drop_formless_unions(&self, facets: &mut Facets) {
        let unions = std::mem::take(&mut facets.unions);
        for union in unions {
            let alternatives: Vec<Facets> = union
                .branches
                .iter()
                .map(|&branch| collect(self.schemas, &[branch], &[]))
                .collect();
            if alternatives.iter().any(|alternative| adds_form(facets, alternative)) {
                facets.unions.push(union);
            } else {
                for alternative in &alternatives {
                    facets.spoken = facets.spoken.or(alternative.spoken);
                }
                facets.residual = true;
            }
        }
    }

    fn values(&mut self, job: &Job, types: Types, values: Vec<Json<'static>>) -> Shape {
        let values: Vec<_> = values.into_iter().filter(|value| types.has(type_of(value))).collect();
        let has_null = values.contains(&Json::Null);
        if has_null && values.len() > 1 {
            return self.nullable(job);
        }
        if has_null {
            return Shape::Null;
        }
        if values.is_empty() {
            return Shape::Never;
        }
        let texts: Option<Vec<&str>> = values.iter().map(Json::as_str).collect();
        match texts {
            Some(texts) => Shape::Enum(enum_of(&self.schemas.get(job.schema).about, &texts)),
            None => {
                self.residual.insert(job.id);
                let types = values.iter().map(type_of).map(Types::only).reduce(Types::or);
                let base = match types.and_then(Types::single) {
                    Some(Type::Integer) => Shape::Integer(Integer::Plain),
                    Some(Type::Number) => Shape::Number(Number::Double),
                    Some(Type::Boolean) => Shape::Boolean,
                    _ => Shape::Any,
                };
                Shape::Literals { values, base: Box::new(base) }
            }
        }
    }

    fn nullable(&mut self, job: &Job) -> Shape {
        let types = job.types.without(Types::only(Type::Null));
        Shape::Nullable(self.part(job, Part::NotNull, |part| part.types = types))
    }

    fn typed(&mut self, job: &Job, facets: &Facets, types: Types) -> Shape {
        if let Some(single) = types.single() {
            return self.of_type(job, facets, single);
        }
        if types.has(Type::Null) {
            return self.nullable(job);
        }
        if types == Types::ALL.without(Types::only(Type::Null)) {
            return Shape::Any;
        }
        let each: Vec<Type> = types.iter().collect();
        let branches = each
            .iter()
            .map(|&one| Branch {
                schema: job.schema,
                shape: self.part(job, Part::Type(one), |part| part.types = Types::only(one)),
            })
            .collect();
        let by = By::Type(each.into_iter().map(Types::only).collect());
        Shape::Union(Union { branches, by, exclusive: false })
    }

    fn union(&mut self, job: &Job, base: &Facets, types: Types, union: &UnionFacet) -> Shape {
        let together = |branch: SchemaId| {
            let mut together = job.together.clone();
            together.push(branch);
            together
        };
        let mut without = job.without.clone();
        without.push(union.place);

        let mut branches = Vec::new();
        let mut has_null = false;
        for (at, &branch) in union.branches.iter().enumerate() {
            let facets = collect(self.schemas, &together(branch), &without);
            let allowed = facets.types.and(types);
            let only_null = allowed == Types::only(Type::Null)
                || facets.values.as_deref() == Some(&[Json::Null]);
            if only_null {
                has_null = true;
            } else if !allowed.is_empty() {
                branches.push((at, branch, facets));
            }
        }
        if has_null && types.has(Type::Null) {
            return if branches.is_empty() { Shape::Null } else { self.nullable(job) };
        }
        let fields: usize = branches.iter().map(|branch| branch.2.properties.len()).sum();
        if fields > MAX_MERGED_FIELDS && !base.properties.is_empty() {
            self.residual.insert(job.id);
            return Shape::Dynamic(Dynamic::TooLarge);
        }
        if !job.without.is_empty() {
            let nested = self.nested.entry(job.schema).or_default();
            *nested += branches.len();
            if *nested > MAX_NESTED_ALTERNATIVES {
                self.residual.insert(job.id);
                return Shape::Dynamic(Dynamic::TooLarge);
            }
        }
        let merges = !base.properties.is_empty()
            || !base.required.is_empty()
            || !base.rests.is_empty()
            || !base.patterns.is_empty()
            || !base.items.is_empty()
            || !base.tuples.is_empty();
        let shaped: Vec<Branch> = branches
            .iter()
            .map(|&(at, branch, _)| {
                let alone = collect(self.schemas, &[branch], &[]);
                let shape = if merges || alone.types.and(types) != alone.types {
                    self.part(job, Part::Alternative(at), |part| {
                        part.together = together(branch);
                        part.without = without.clone();
                        part.types = types;
                        part.speaker = branch;
                    })
                } else {
                    self.whole(branch)
                };
                Branch { schema: branch, shape }
            })
            .collect();
        match &shaped[..] {
            [] => Shape::Never,
            [only] => Shape::Alias(only.shape),
            _ => {
                let by = self.by(job, types, &branches);
                if by == By::Check {
                    self.residual.insert(job.id);
                }
                Shape::Union(Union { branches: shaped, by, exclusive: union.exclusive })
            }
        }
    }

    /// How the alternative of a value is found.
    fn by(&self, job: &Job, types: Types, branches: &[(usize, SchemaId, Facets)]) -> By {
        let of_branches: Vec<Types> =
            branches.iter().map(|(_, _, facets)| self.allowed_types(facets).and(types)).collect();
        let mut seen = Types::NONE;
        let disjoint = of_branches.iter().all(|&each| {
            let free = overlap(seen, each).is_empty();
            seen = seen.or(each);
            free
        });
        if disjoint {
            return By::Type(of_branches);
        }
        let about = &self.schemas.get(job.schema).about;
        let declared = job
            .together
            .iter()
            .find_map(|&each| self.schemas.get(each).about.discriminator.as_ref())
            .or(about.discriminator.as_ref());
        if let Some(declared) = declared
            && let Some(values) = self.declared_tags(declared, branches)
        {
            return By::Tag { property: declared.property.clone(), values };
        }
        let Some((_, _, first)) = branches.first() else { return By::Check };
        for (property, _) in &first.properties {
            let values: Option<Vec<Vec<String>>> = branches
                .iter()
                .map(|(_, _, facets)| self.tags(facets, property, &mut HashSet::new()))
                .collect();
            if let Some(values) = values.filter(|values| all_different(values)) {
                return By::Tag { property: property.clone(), values };
            }
        }
        By::Check
    }

    /// The types that a branch allows, those of its own alternatives included.
    fn allowed_types(&self, facets: &Facets) -> Types {
        let mut types = facets.types;
        if let Some(values) = &facets.values {
            let of_values = values.iter().map(type_of).map(Types::only).reduce(Types::or);
            types = types.and(of_values.unwrap_or(Types::NONE));
        }
        if types == Types::ALL
            && self.implied == Implied::Meant
            && facets.unions.is_empty()
            && let Some(meant) = facets.spoken.single()
        {
            types = Types::only(meant);
        }
        for union in &facets.unions {
            let of_union = union
                .branches
                .iter()
                .map(|&branch| collect(self.schemas, &[branch], &[]).types)
                .reduce(Types::or);
            types = types.and(of_union.unwrap_or(Types::NONE));
        }
        types
    }

    /// The texts that a property is limited to in a branch; `None` if it is not, or may be missing.
    fn tags(
        &self,
        facets: &Facets,
        property: &str,
        visited: &mut HashSet<SchemaId>,
    ) -> Option<Vec<String>> {
        if facets.required.contains(property)
            && let Some((_, schemas)) = facets.properties.iter().find(|pair| pair.0 == property)
        {
            let values = collect(self.schemas, schemas, &[]).values;
            if let Some(values) = values {
                return values.iter().map(|value| value.as_str().map(str::to_owned)).collect();
            }
        }
        // A branch that is itself a union: the texts of all its alternatives.
        let [union] = &facets.unions[..] else { return None };
        let mut all = Vec::new();
        for &branch in &union.branches {
            if !visited.insert(branch) {
                return None;
            }
            let facets = collect(self.schemas, &[branch], &[]);
            all.extend(self.tags(&facets, property, visited)?);
        }
        Some(all)
    }

    /// The texts of a declared discriminator: mapped ones, the property's own constants, or the names of
    /// the schemas.
    fn declared_tags(
        &self,
        declared: &super::Discriminator,
        branches: &[(usize, SchemaId, Facets)],
    ) -> Option<Vec<Vec<String>>> {
        let values: Vec<Vec<String>> = branches
            .iter()
            .map(|(_, branch, facets)| {
                let target = self.schemas.target(*branch);
                let mapped: Vec<String> = declared
                    .mapping
                    .iter()
                    .filter(|pair| self.schemas.target(pair.1) == target)
                    .map(|pair| pair.0.clone())
                    .collect();
                if !mapped.is_empty() {
                    return mapped;
                }
                let tags = self.tags(facets, &declared.property, &mut HashSet::new());
                tags.unwrap_or_else(|| {
                    let pointer = &self.schemas.get(target).origin.pointer;
                    pointer.rsplit('/').next().map(str::to_owned).into_iter().collect()
                })
            })
            .collect();
        all_different(&values).then_some(values)
    }

    fn of_type(&mut self, job: &Job, facets: &Facets, single: Type) -> Shape {
        let format = |wanted: &[Format]| {
            facets.formats.iter().copied().find(|format| wanted.contains(format))
        };
        match single {
            Type::Null => Shape::Null,
            Type::Boolean => Shape::Boolean,
            Type::Integer => Shape::Integer(match format(&[Format::Int32, Format::Int64]) {
                Some(Format::Int32) => Integer::I32,
                Some(_) => Integer::I64,
                None if needs_unsigned(facets) => Integer::U64,
                None => Integer::Plain,
            }),
            Type::Number => match format(&[Format::Int32, Format::Int64, Format::Decimal]) {
                Some(Format::Int32) => Shape::Integer(Integer::I32),
                Some(Format::Int64) => Shape::Integer(Integer::I64),
                Some(_) => Shape::Number(Number::Decimal),
                None => Shape::Number(Number::Double),
            },
            Type::String => {
                let text = facets
                    .formats
                    .iter()
                    .copied()
                    .find(|&format| !format.is_numeric() || format == Format::Decimal);
                Shape::Text(text.map_or(Text::Plain, Text::Format))
            }
            Type::Array => self.array(job, facets),
            Type::Object => self.object(job, facets),
        }
    }

    fn array(&mut self, job: &Job, facets: &Facets) -> Shape {
        match (&facets.tuples[..], &facets.items[..]) {
            ([], []) => Shape::List(self.unspoken(job.schema)),
            ([], items) => {
                let item = self.merged(items);
                Shape::List(self.whole(item))
            }
            ([(items, rest)], []) => {
                let shapes: Vec<ShapeId> = items.iter().map(|&item| self.whole(item)).collect();
                let is_full = facets.max_items.is_some_and(|max| max <= shapes.len() as u64);
                let rest = if is_full { Rest::Closed } else { self.rest(job, rest.as_slice()) };
                let required = shapes.len().min(facets.min_items as usize);
                Shape::Tuple(Tuple { items: shapes, required, rest })
            }
            _ => {
                self.residual.insert(job.id);
                Shape::Dynamic(Dynamic::MergedLists)
            }
        }
    }

    fn object(&mut self, job: &Job, facets: &Facets) -> Shape {
        // `additionalProperties` speaks of the properties beside it only, so after a merge the check
        // has to look.
        if facets.sources > 1 && !facets.rests.is_empty() {
            self.residual.insert(job.id);
        }
        let mut fields: Vec<Field> = Vec::new();
        for (name, schemas) in &facets.properties {
            let schema = self.merged(schemas);
            let required = facets.required.contains(name);
            let constant = if required { self.constant(schema) } else { None };
            let shape = self.whole(schema);
            fields.push(Field { name: name.clone(), schema, shape, required, constant });
        }
        let known: HashSet<String> = fields.iter().map(|field| field.name.clone()).collect();
        let mut unknown: Vec<&String> =
            facets.required.iter().filter(|name| !known.contains(*name)).collect();
        unknown.sort();
        for name in unknown {
            fields.push(self.unspoken_field(job, name, true, Shape::Any));
        }
        let mut conditional: Vec<&String> = facets
            .conditional
            .iter()
            .filter(|name| !known.contains(*name) && !facets.required.contains(*name))
            .collect();
        conditional.dedup();
        for name in conditional {
            if !fields.iter().any(|field| field.name == *name) {
                let shape = Shape::Dynamic(Dynamic::Conditional);
                fields.push(self.unspoken_field(job, name, false, shape));
            }
        }
        if fields.is_empty() {
            return self.map(job, facets);
        }
        let rest = if facets.patterns.is_empty() {
            self.rest(job, &facets.rests)
        } else {
            Rest::Typed(self.unspoken(job.schema))
        };
        Shape::Struct(Struct { fields, rest })
    }

    /// A property that has no schema of its own.
    fn unspoken_field(&mut self, job: &Job, name: &str, required: bool, shape: Shape) -> Field {
        let origin = self.schemas.get(job.schema).origin.clone();
        let schema =
            self.schemas.push(Schema { origin, about: About::default(), rules: Vec::new() });
        let id = self.shapes.reserve(schema, Part::Whole);
        self.shapes.set(id, shape, Exactness::Exact);
        Field { name: name.to_owned(), schema, shape: id, required, constant: None }
    }

    fn map(&mut self, job: &Job, facets: &Facets) -> Shape {
        let never = facets.rests.iter().any(|&rest| self.is_never(rest));
        match (&facets.patterns[..], &facets.rests[..]) {
            ([], []) => Shape::Map(self.unspoken(job.schema)),
            ([], _) if never => Shape::Struct(Struct { fields: Vec::new(), rest: Rest::Closed }),
            ([], [rest]) => Shape::Map(self.whole(*rest)),
            ([pattern], _) if never => Shape::Map(self.whole(*pattern)),
            _ => Shape::Map(self.unspoken(job.schema)),
        }
    }

    fn rest(&mut self, job: &Job, rests: &[SchemaId]) -> Rest {
        if rests.iter().any(|&rest| self.is_never(rest)) {
            return Rest::Closed;
        }
        match rests {
            [] => Rest::Open,
            [rest] => Rest::Typed(self.whole(*rest)),
            _ => Rest::Typed(self.unspoken(job.schema)),
        }
    }

    fn is_never(&self, schema: SchemaId) -> bool {
        collect(self.schemas, &[schema], &[]).types.is_empty()
    }

    /// One schema that demands what all of these demand.
    fn merged(&mut self, schemas: &[SchemaId]) -> SchemaId {
        match schemas {
            [only] => *only,
            all => {
                let origin = self.schemas.get(all[0]).origin.clone();
                let about = self.schemas.get(all[0]).about.clone();
                self.schemas.push(Schema { origin, about, rules: vec![Rule::AllOf(all.to_vec())] })
            }
        }
    }

    /// The only text that a schema allows.
    fn constant(&self, schema: SchemaId) -> Option<Json<'static>> {
        let values = collect(self.schemas, &[schema], &[]).values?;
        match &values[..] {
            [value @ Json::String(_)] => Some(value.clone()),
            _ => None,
        }
    }
}

/// Whether an alternative says something about form that is not known without it.
fn adds_form(base: &Facets, alternative: &Facets) -> bool {
    alternative.values.is_some()
        || !alternative.properties.is_empty()
        || !alternative.rests.is_empty()
        || !alternative.patterns.is_empty()
        || !alternative.items.is_empty()
        || !alternative.tuples.is_empty()
        || !alternative.unions.is_empty()
        || alternative.types.and(base.types) != base.types
}

fn enum_of(about: &About, texts: &[&str]) -> Enum {
    let extension = |names: &[&str], at: usize| {
        let value = names.iter().find_map(|name| about.extension(name))?;
        let text = match value {
            Json::Array(values) => values.get(at)?.as_str(),
            Json::Object(_) => value.get(texts[at])?.as_str(),
            _ => None,
        };
        text.map(str::to_owned)
    };
    let mut variants: Vec<EnumVariant> = Vec::new();
    let mut seen = HashSet::new();
    for (at, text) in texts.iter().enumerate() {
        if seen.insert(*text) {
            variants.push(EnumVariant {
                value: (*text).to_owned(),
                name: extension(&["x-enum-varnames", "x-enumNames"], at),
                description: extension(&["x-enum-descriptions", "x-enumDescriptions"], at),
            });
        }
    }
    Enum { variants }
}

/// The JSON Schema type of a value; `1.0` is an integer.
fn type_of(value: &Json<'_>) -> Type {
    match value {
        Json::Null => Type::Null,
        Json::Bool(_) => Type::Boolean,
        Json::Number(number) if number.is_integer() => Type::Integer,
        Json::Number(_) => Type::Number,
        Json::String(_) => Type::String,
        Json::Array(_) => Type::Array,
        Json::Object(_) => Type::Object,
    }
}

/// Types in both sets; an integer is a number.
fn overlap(a: Types, b: Types) -> Types {
    a.and(b)
}

fn needs_unsigned(facets: &Facets) -> bool {
    let largest = JsonNumber::from(i64::MAX);
    facets.minimum.as_ref().is_some_and(|minimum| *minimum >= JsonNumber::from(0))
        && facets.maximum.as_ref().is_some_and(|maximum| *maximum > largest)
}

fn all_different(values: &[Vec<String>]) -> bool {
    let mut seen = HashSet::new();
    values.iter().all(|of_branch| {
        !of_branch.is_empty() && of_branch.iter().all(|value| seen.insert(value.as_str()))
    })
}
