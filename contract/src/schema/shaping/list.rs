//! Lists and tuples.
//!
//! In: what is said of items. Out: a list of one shape, or a tuple with what may follow it.

use super::{Job, Shaper};
use crate::schema::facets::Facets;
use crate::schema::shape::{Dynamic, Rest, Shape, ShapeId, Tuple};

impl Shaper<'_> {
    /// The shape of arrays.
    pub(super) fn array(&mut self, job: &Job, facets: &Facets) -> Shape {
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
}
