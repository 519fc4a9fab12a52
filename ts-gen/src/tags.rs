//! Properties that tell the alternatives of a union apart: their types are the texts that lead to the
//! alternative, or TypeScript could not narrow the union.

use std::collections::HashMap;

use contract::schema::shape::By;
use contract::schema::{Shape, ShapeId, Shapes};

/// The texts of the discriminating fields, by struct and position of the field.
pub(crate) type Tags = HashMap<(ShapeId, usize), Vec<String>>;

/// The enums that discriminating fields have: a value beyond them leads to no alternative.
pub(crate) fn enums(shapes: &Shapes, tags: &Tags) -> Vec<ShapeId> {
    let fields = tags.keys().filter_map(|(id, at)| match &shapes.get(*id).shape {
        Shape::Struct(object) => Some(shapes.resolve(object.fields[*at].shape)),
        _ => None,
    });
    fields.filter(|id| matches!(shapes.get(*id).shape, Shape::Enum(_))).collect()
}

/// The discriminating fields of all structs.
pub(crate) fn tags(shapes: &Shapes) -> Tags {
    let mut tags = Tags::new();
    for (_, entry) in shapes.iter() {
        let Shape::Union(union) = &entry.shape else { continue };
        let By::Tag { property, values } = &union.by else { continue };
        for (branch, texts) in union.branches.iter().zip(values) {
            let id = shapes.resolve(branch.shape);
            let Shape::Struct(object) = &shapes.get(id).shape else { continue };
            let Some(at) = object.fields.iter().position(|field| field.name == *property) else {
                continue;
            };
            let field = shapes.resolve(object.fields[at].shape);
            if matches!(shapes.get(field).shape, Shape::Text(_) | Shape::Enum(_)) {
                let known = tags.entry((id, at)).or_default();
                let new: Vec<String> =
                    texts.iter().filter(|text| !known.contains(text)).cloned().collect();
                known.extend(new);
            }
        }
    }
    tags
}
