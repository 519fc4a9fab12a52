//! What shapes owe to the shapes that they name, once all are decided.
//!
//! In: all shapes. Out: the same, without aliases in a circle, and with everything that holds a
//! residual shape residual. Knows no schemas.

use std::collections::HashMap;

use crate::schema::shape::{Exactness, Shape, ShapeId, Shapes};

/// An alias that leads back to itself stands for no type.
pub(super) fn break_alias_cycles(shapes: &mut Shapes) {
    let ids: Vec<ShapeId> = shapes.iter().map(|(id, _)| id).collect();
    for id in ids {
        if matches!(shapes.get(shapes.resolve(id)).shape, Shape::Alias(_)) {
            shapes.set(id, Shape::Any, Exactness::Residual);
        }
    }
}

/// What holds a residual shape is residual.
pub(super) fn spread_residue(shapes: &mut Shapes) {
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
