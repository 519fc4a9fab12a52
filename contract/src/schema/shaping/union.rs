//! Unions: `oneOf` and `anyOf`.
//!
//! In: the alternatives and what is said beside them. Out: a union whose branches are whole schemas
//! where nothing is said beside them, else parts that merge both. How a branch is told from the others
//! is decided in `branch.rs`.

use json::Json;

use super::{Job, Shaper};
use crate::schema::SchemaId;
use crate::schema::facets::{Facets, UnionFacet, collect};
use crate::schema::rule::{Type, Types};
use crate::schema::shape::{Branch, By, Dynamic, Part, Shape, Union};

/// More properties than this, over all alternatives of a union, are not merged into types.
const MAX_MERGED_FIELDS: usize = 4096;

/// More alternatives than this, of unions within unions that a schema merges, do not become types: each level
/// may double them.
const MAX_NESTED_ALTERNATIVES: usize = 256;

impl Shaper<'_> {
    /// Unions whose alternatives only demand something of what is known anyway
    /// (`anyOf: [{required: [a]}, {required: [b]}]`) are left to the check.
    pub(super) fn drop_formless_unions(&self, facets: &mut Facets) {
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

    /// The shape of a union.
    pub(super) fn union(
        &mut self,
        job: &Job,
        base: &Facets,
        types: Types,
        union: &UnionFacet,
    ) -> Shape {
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
