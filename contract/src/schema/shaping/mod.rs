//! Rules → shapes: the one place that decides what type a schema becomes.
//!
//! In: [`Schemas`] and the schemas that need a type. Out: [`Shapes`]. Works off a list of jobs, so
//! that neither depth nor recursion in the document costs stack. A job collects what holds at once
//! (`facets.rs`) and goes to one file: counted values, unions, types, lists, objects. A schema without
//! `type` whose keywords all speak of one type is taken to mean that type ([`Implied`]); the rule is
//! added to it, so that types and checks agree.

mod branch;
mod links;
mod list;
mod object;
mod typed;
mod union;
mod values;

use std::collections::{HashMap, HashSet};

use super::facets::{UnionPlace, collect};
use super::rule::{Rule, Types};
use super::shape::{Dynamic, Exactness, Part, Shape, ShapeId, Shapes};
use super::{Schema, SchemaId, Schemas};

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
    links::break_alias_cycles(&mut shapes);
    links::spread_residue(&mut shapes);
    (shapes, meant)
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
}
