//! How the branch of a value is found among those of a union.
//!
//! In: what each branch demands. Out: [`By`]: its JSON type, the text of a property, or nothing shorter
//! than the check. A declared `discriminator` comes before a property that would do.

use std::collections::HashSet;

use super::{Implied, Job, Shaper};
use crate::schema::facets::{Facets, collect};
use crate::schema::rule::Types;
use crate::schema::shape::By;
use crate::schema::{Discriminator, SchemaId};

impl Shaper<'_> {
    /// How the alternative of a value is found.
    pub(super) fn by(&self, job: &Job, types: Types, branches: &[(usize, SchemaId, Facets)]) -> By {
        let of_branches: Vec<Types> =
            branches.iter().map(|(_, _, facets)| self.allowed_types(facets).and(types)).collect();
        let mut seen = Types::NONE;
        let disjoint = of_branches.iter().all(|&each| {
            let free = seen.and(each).is_empty();
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
            types = types.and(Types::of(values));
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
        declared: &Discriminator,
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
}

fn all_different(values: &[Vec<String>]) -> bool {
    let mut seen = HashSet::new();
    values.iter().all(|of_branch| {
        !of_branch.is_empty() && of_branch.iter().all(|value| seen.insert(value.as_str()))
    })
}
