//! Unions that hold themselves without an object or a list between, which TypeScript does not accept: a
//! value of `type A = A | B` is one of `B`, so that is what is written.

use std::collections::{HashMap, HashSet};

use contract::schema::{Shape, ShapeId, Shapes};

/// Unions, options and aliases that lead to themselves in this way, or to such a one.
pub(crate) fn endless(shapes: &Shapes) -> HashSet<ShapeId> {
    // What leads to none is no cycle; what is left when all those are gone is.
    let mut holders: HashMap<ShapeId, Vec<ShapeId>> = HashMap::new();
    let mut count: HashMap<ShapeId, usize> = HashMap::new();
    for (id, _) in shapes.iter().filter(|(_, entry)| is_transparent(&entry.shape)) {
        let parts = shapes.parts(id);
        let parts = parts.iter().filter(|part| is_transparent(&shapes.get(**part).shape));
        let mut of_id = 0;
        for part in parts {
            holders.entry(*part).or_default().push(id);
            of_id += 1;
        }
        count.insert(id, of_id);
    }
    let mut done: Vec<ShapeId> =
        count.iter().filter(|pair| *pair.1 == 0).map(|pair| *pair.0).collect();
    while let Some(id) = done.pop() {
        count.remove(&id);
        for holder in holders.get(&id).into_iter().flatten() {
            if let Some(left) = count.get_mut(holder) {
                *left -= 1;
                if *left == 0 {
                    done.push(*holder);
                }
            }
        }
    }
    count.into_keys().collect()
}

/// The shapes that a value of an endless one can have, and whether it can be `null`.
pub(crate) fn ends(shapes: &Shapes, id: ShapeId) -> (Vec<ShapeId>, bool) {
    let mut pending = vec![id];
    let mut visited = HashSet::new();
    let mut found = Vec::new();
    let mut nullable = false;
    while let Some(id) = pending.pop() {
        if !visited.insert(id) {
            continue;
        }
        let shape = &shapes.get(id).shape;
        nullable |= matches!(shape, Shape::Nullable(_));
        if is_transparent(shape) {
            pending.extend(shapes.parts(id).into_iter().rev());
        } else {
            found.push(id);
        }
    }
    (found, nullable)
}

/// Whether a value of the shape is a value of its part.
fn is_transparent(shape: &Shape) -> bool {
    matches!(shape, Shape::Union(_) | Shape::Nullable(_) | Shape::Alias(_))
}
