//! Types that hold themselves: where a `Box` has to stand.
//!
//! A field, an `Option`, a branch and a position of a tuple hold a value in place; a list and a map do
//! not. An edge inside a strongly connected component of what is held in place gets the box.

use std::collections::{HashMap, HashSet};

use contract::model::Contract;
use contract::schema::{Shape, ShapeId};

/// The pairs of holder and held shape between which a `Box` has to stand. Aliases are resolved.
pub(crate) fn boxed(contract: &Contract) -> HashSet<(ShapeId, ShapeId)> {
    let shapes = &contract.shapes;
    let mut held: HashMap<ShapeId, Vec<ShapeId>> = HashMap::new();
    for (id, entry) in shapes.iter() {
        let parts = match &entry.shape {
            Shape::List(_) | Shape::Map(_) => Vec::new(),
            _ => shapes.parts(id),
        };
        held.insert(id, parts.into_iter().map(|part| shapes.resolve(part)).collect());
    }
    let component = components(&held);
    let mut boxed = HashSet::new();
    for (holder, parts) in &held {
        for part in parts {
            // An `Option` is no place for the box: what holds the option is.
            if component.get(holder) == component.get(part) && component.contains_key(holder) {
                boxed.insert((*holder, *part));
            }
        }
    }
    boxed
}

/// The strongly connected component of each shape that is on a cycle (Tarjan, without recursion).
fn components(edges: &HashMap<ShapeId, Vec<ShapeId>>) -> HashMap<ShapeId, usize> {
    let mut nodes: Vec<ShapeId> = edges.keys().copied().collect();
    nodes.sort();
    let mut state = Tarjan::default();
    for node in nodes {
        if !state.index.contains_key(&node) {
            state.visit(node, edges);
        }
    }
    state.component
}

#[derive(Default)]
struct Tarjan {
    index: HashMap<ShapeId, usize>,
    low: HashMap<ShapeId, usize>,
    on_stack: HashSet<ShapeId>,
    stack: Vec<ShapeId>,
    component: HashMap<ShapeId, usize>,
    components: usize,
}

impl Tarjan {
    fn visit(&mut self, root: ShapeId, edges: &HashMap<ShapeId, Vec<ShapeId>>) {
        let mut work = vec![(root, 0)];
        self.enter(root);
        while let Some((node, at)) = work.pop() {
            let next = edges.get(&node).and_then(|parts| parts.get(at)).copied();
            let Some(next) = next else {
                self.leave(node, edges);
                if let Some(&(above, _)) = work.last() {
                    let low = self.low[&node].min(self.low[&above]);
                    self.low.insert(above, low);
                }
                continue;
            };
            work.push((node, at + 1));
            if !self.index.contains_key(&next) {
                self.enter(next);
                work.push((next, 0));
            } else if self.on_stack.contains(&next) {
                let low = self.index[&next].min(self.low[&node]);
                self.low.insert(node, low);
            }
        }
    }

    fn enter(&mut self, node: ShapeId) {
        let index = self.index.len();
        self.index.insert(node, index);
        self.low.insert(node, index);
        self.stack.push(node);
        self.on_stack.insert(node);
    }

    fn leave(&mut self, node: ShapeId, edges: &HashMap<ShapeId, Vec<ShapeId>>) {
        if self.low[&node] != self.index[&node] {
            return;
        }
        let mut members = Vec::new();
        while let Some(member) = self.stack.pop() {
            self.on_stack.remove(&member);
            members.push(member);
            if member == node {
                break;
            }
        }
        let is_cycle =
            members.len() > 1 || edges.get(&node).is_some_and(|parts| parts.contains(&node));
        if is_cycle {
            self.components += 1;
            for member in members {
                self.component.insert(member, self.components);
            }
        }
    }
}
