//! How many schemas are inside one another, references followed.
//!
//! In: all schemas. Out: findings about those that are too deep, which then demand nothing, so that what comes
//! after need not count. A document is bounded by its own nesting; three thousand components, each an item of the
//! one before, are not, and a generated type would be nested as deep. A property of an object has a type of its
//! own, so it begins anew; schemas that are inside one another in a circle are one level, if they are not too many.

use super::rule::Rule;
use super::{SchemaId, Schemas};
use crate::diagnostic::{self, Diagnostic, Severity};
use crate::reading::Reading;

/// Schemas inside one another. Compilers of the generated code stop at about as many levels of types.
const MAX_DEPTH: usize = 100;

/// `schema/depth`
pub(crate) static DEPTH: diagnostic::Rule = diagnostic::Rule {
    id: "schema/depth",
    severity: Severity::Error,
    page: "\
More than 100 schemas are inside one another through `items`, `additionalProperties`, `allOf`,
`oneOf`, `not` and their like, references followed. Types and checks that are nested as deep compile
in no language. The properties of an object do not count, as each has a type of its own; schemas
that are inside one another in a circle count once, and may be a hundred, too.
",
};

/// Reports schemas that are nested too deep, and empties them.
pub(crate) fn bound(reading: &Reading<'_>, schemas: &mut Schemas) {
    let edges: Vec<Vec<(usize, bool)>> =
        schemas.iter().map(|(_, schema)| inside(&schema.rules)).collect();
    let mut walk = Walk::new(&edges);
    for at in 0..edges.len() {
        walk.visit(at);
    }
    for component in walk.too_deep {
        let ids = component.into_iter().map(|at| SchemaId(at as u32));
        for (position, id) in ids.enumerate() {
            let schema = schemas.get_mut(id);
            schema.rules.clear();
            if position > 0 {
                continue;
            }
            let message = format!("more than {MAX_DEPTH} schemas are inside one another here");
            reading.report(
                Diagnostic::new(&DEPTH, schema.origin.span.at_start(), message)
                    .help("give the inner ones to properties of an object, or leave levels out"),
            );
        }
    }
}

/// The schemas inside of rules, and whether each is a level more: a mere reference is none.
fn inside(rules: &[Rule]) -> Vec<(usize, bool)> {
    let mut found = Vec::new();
    for rule in rules {
        let index = |id: SchemaId| id.0 as usize;
        match rule {
            Rule::Reference(target) => found.push((index(*target), false)),
            Rule::Properties(properties) => {
                let patterns = properties.patterns.iter().map(|pair| pair.1);
                found.extend(patterns.chain(properties.rest).map(|id| (index(id), true)));
            }
            rule => found.extend(rule.schemas().into_iter().map(|id| (index(id), true))),
        }
    }
    found
}

/// The deepest path from each schema, cycles taken as one (Tarjan's components, without recursion).
struct Walk<'e> {
    edges: &'e [Vec<(usize, bool)>],
    /// When a schema was met first; 0 is never.
    met: Vec<usize>,
    low: Vec<usize>,
    is_open: Vec<bool>,
    open: Vec<usize>,
    depth: Vec<usize>,
    count: usize,
    /// Components, each of which is too deep.
    too_deep: Vec<Vec<usize>>,
}

impl<'e> Walk<'e> {
    fn new(edges: &'e [Vec<(usize, bool)>]) -> Self {
        let count = edges.len();
        Self {
            edges,
            met: vec![0; count],
            low: vec![0; count],
            is_open: vec![false; count],
            open: Vec::new(),
            depth: vec![0; count],
            count: 0,
            too_deep: Vec::new(),
        }
    }

    fn visit(&mut self, root: usize) {
        if self.met[root] > 0 {
            return;
        }
        let mut work = vec![(root, 0)];
        self.meet(root);
        while let Some((at, edge)) = work.pop() {
            if let Some(&(next, _)) = self.edges[at].get(edge) {
                work.push((at, edge + 1));
                if self.met[next] == 0 {
                    self.meet(next);
                    work.push((next, 0));
                } else if self.is_open[next] {
                    self.low[at] = self.low[at].min(self.met[next]);
                }
                continue;
            }
            if self.low[at] == self.met[at] {
                self.close(at);
            }
            if let Some(&(above, _)) = work.last() {
                self.low[above] = self.low[above].min(self.low[at]);
            }
        }
    }

    fn meet(&mut self, at: usize) {
        self.count += 1;
        self.met[at] = self.count;
        self.low[at] = self.count;
        self.is_open[at] = true;
        self.open.push(at);
    }

    /// All that was met since `first` is one component; what it leads to was closed before.
    fn close(&mut self, first: usize) {
        let start = self.open.iter().rposition(|&at| at == first).unwrap_or(0);
        let members = self.open.split_off(start);
        for &at in &members {
            self.is_open[at] = false;
        }
        let mut depth = 0;
        for &at in &members {
            for &(next, is_level) in &self.edges[at] {
                // Members of the component itself have no depth yet.
                depth = depth.max(self.depth[next] + usize::from(is_level));
            }
        }
        if depth > MAX_DEPTH || members.len() > MAX_DEPTH {
            depth = 0;
            self.too_deep.push(members.clone());
        }
        for at in members {
            self.depth[at] = depth;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use insta::assert_snapshot;

    use crate::diagnose::diagnose;

    /// Components, each of which holds the next by these words.
    fn chain(length: usize, link: &str) -> String {
        let mut text = String::from("x-lint-ignore: component/unused\ncomponents:\n  schemas:\n");
        for at in 0..length {
            let next = format!("{{ $ref: '#/components/schemas/S{}' }}", at + 1);
            writeln!(text, "    S{at}: {}", link.replace("NEXT", &next)).unwrap();
        }
        writeln!(text, "    S{length}: {{ type: string }}").unwrap();
        text
    }

    #[test]
    fn schemas_inside_one_another_through_references_have_a_bound() {
        assert_snapshot!(diagnose(&chain(110, "{ type: array, items: NEXT }")), @r"
        error[schema/depth]: more than 100 schemas are inside one another here
          --> a.yaml:15:9
           |
        15 |     S9: { type: array, items: { $ref: '#/components/schemas/S10' } }
           |         ^
           = help: give the inner ones to properties of an object, or leave levels out
        ");
        let many = diagnose(&chain(3000, "{ not: NEXT }"));
        assert_eq!(many.matches("error[schema/depth]").count(), 29);
    }

    #[test]
    fn properties_references_and_cycles_do_not_count() {
        assert_eq!(
            diagnose(&chain(3000, "{ type: object, properties: { next: NEXT } }")),
            "nothing"
        );
        assert_eq!(diagnose(&chain(3000, "NEXT")), "nothing");
        assert_eq!(diagnose(&chain(100, "{ type: array, items: NEXT }")), "nothing");
        let circle = |length: usize| {
            let last = format!("S{length}: {{ type: string }}");
            let closed = format!(
                "S{length}: {{ type: array, items: {{ $ref: '#/components/schemas/S0' }} }}"
            );
            diagnose(&chain(length, "{ type: array, items: NEXT }").replace(&last, &closed))
        };
        assert_eq!(circle(90), "nothing");
        assert_eq!(circle(3000).matches("error[schema/depth]").count(), 1);
    }
}
