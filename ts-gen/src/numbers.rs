//! Numbers that JavaScript's `number` would round: where they are in a frame.
//!
//! In: shapes. Out: number plans, as the runtime's lossless codec reads them. A named type has a plan of
//! its own; one that is written further down is named inside a function, since a constant cannot be used
//! before its line.

use std::collections::{HashMap, HashSet};

use contract::schema::shape::{By, Integer, Number, Rest, Struct, Tuple, Union};
use contract::schema::{Shape, ShapeId, Type, Types};

use crate::layout::{Doc, braced, concat, list, text};
use crate::options::{Decimal, Int64};
use crate::writer::{constant, entry};
use crate::{Cx, ident, runtime};

/// The shapes that hold such numbers, or hold one that does.
pub(crate) fn exact(cx: &Cx<'_>) -> HashSet<ShapeId> {
    let shapes = &cx.contract.shapes;
    let mut holders: HashMap<ShapeId, Vec<ShapeId>> = HashMap::new();
    let mut pending = Vec::new();
    for (id, entry) in shapes.iter() {
        for part in shapes.parts(id) {
            holders.entry(part).or_default().push(id);
        }
        if of_scalar(cx, &entry.shape).is_some() {
            pending.push(id);
        }
    }
    let mut exact = HashSet::new();
    while let Some(id) = pending.pop() {
        if exact.insert(id) {
            pending.extend(holders.get(&id).into_iter().flatten());
        }
    }
    exact
}

/// The plan of a scalar.
fn of_scalar(cx: &Cx<'_>, shape: &Shape) -> Option<&'static str> {
    match shape {
        Shape::Integer(Integer::I64 | Integer::U64) if cx.options.int64 == Int64::BigInt => {
            Some("\"int64\"")
        }
        Shape::Number(Number::Decimal) if cx.options.decimal == Decimal::Text => {
            Some("\"decimal\"")
        }
        _ => None,
    }
}

/// The plans of named types, in the order in which they are written.
pub(crate) struct Plans {
    names: HashMap<ShapeId, String>,
    order: Vec<ShapeId>,
}

impl Plans {
    /// Plans for everything that `payloads` are made of; `claim` makes a name that is free.
    pub(crate) fn new(
        cx: &Cx<'_>,
        payloads: Vec<ShapeId>,
        mut claim: impl FnMut(&str) -> String,
    ) -> Self {
        let reachable = crate::flow::reachable(cx.contract, payloads);
        let mut order: Vec<ShapeId> = reachable
            .into_iter()
            .filter(|id| cx.exact.contains(id) && cx.contract.names.type_of(*id).is_some())
            .collect();
        order.sort();
        let names =
            order.iter().filter_map(|id| Some((*id, claim(cx.contract.names.type_of(*id)?))));
        Self { names: names.collect(), order }
    }

    /// The constants.
    pub(crate) fn items(&self, cx: &Cx<'_>) -> Vec<Doc> {
        self.order
            .iter()
            .filter_map(|id| {
                let name = self.names.get(id)?;
                let plan = self.unnamed(cx, *id, Some(*id))?;
                Some(constant(name, runtime::of(&runtime::NUMBER_PLAN), plan))
            })
            .collect()
    }

    /// The plan of a shape, if it holds such numbers.
    pub(crate) fn of(&self, cx: &Cx<'_>, id: ShapeId) -> Option<Doc> {
        self.plan(cx, id, None)
    }

    /// `before`: the constant that is being written.
    fn plan(&self, cx: &Cx<'_>, id: ShapeId, before: Option<ShapeId>) -> Option<Doc> {
        let id = cx.contract.shapes.resolve(id);
        if !cx.exact.contains(&id) {
            return None;
        }
        match self.names.get(&id) {
            Some(name) if before.is_some_and(|before| id >= before) => {
                Some(text(format!("() => {name}")))
            }
            Some(name) => Some(text(name.clone())),
            None => self.unnamed(cx, id, before),
        }
    }

    fn unnamed(&self, cx: &Cx<'_>, id: ShapeId, before: Option<ShapeId>) -> Option<Doc> {
        let plan = |part| self.plan(cx, part, before);
        let shape = &cx.contract.shapes.get(id).shape;
        if cx.endless.contains(&id) {
            // Whatever it is, it is one of its ends.
            let (ends, _) = crate::cycles::ends(&cx.contract.shapes, id);
            return ends.into_iter().find_map(plan);
        }
        match shape {
            Shape::Nullable(inner) | Shape::Alias(inner) => plan(*inner),
            Shape::List(item) => Some(braced(vec![entry("items", plan(*item)?)])),
            Shape::Map(value) => Some(braced(vec![entry("rest", plan(*value)?)])),
            Shape::Struct(shape) => Some(of_struct(shape, &plan)),
            Shape::Tuple(shape) => Some(of_tuple(shape, &plan)),
            // What is named inside a function is looked up when it runs.
            Shape::Union(shape) => Some(of_union(shape, &|part| self.plan(cx, part, None))),
            scalar => of_scalar(cx, scalar).map(text),
        }
    }
}

/// A plan that finds nothing.
const NOTHING: &str = "{}";

fn of_struct(shape: &Struct, plan: &dyn Fn(ShapeId) -> Option<Doc>) -> Doc {
    let rest = shape.rest.shape().and_then(plan);
    let properties = shape.fields.iter().filter_map(|field| {
        let of_field = plan(field.shape);
        // Without an entry the plan of the others would be this one's, too.
        let of_field = of_field.or_else(|| rest.as_ref().map(|_| text(NOTHING)))?;
        Some(entry(&field.name, of_field))
    });
    let properties: Vec<Doc> = properties.collect();
    let mut parts = Vec::new();
    if !properties.is_empty() {
        parts.push(entry("properties", braced(properties)));
    }
    parts.extend(rest.map(|rest| entry("rest", rest)));
    braced(parts)
}

fn of_tuple(shape: &Tuple, plan: &dyn Fn(ShapeId) -> Option<Doc>) -> Doc {
    let mut items: Vec<Option<Doc>> = shape.items.iter().map(|item| plan(*item)).collect();
    let rest = match shape.rest {
        Rest::Typed(rest) => plan(rest),
        Rest::Open | Rest::Closed => None,
    };
    if rest.is_none() {
        while items.last().is_some_and(Option::is_none) {
            items.pop();
        }
    }
    let nothing = if rest.is_some() { NOTHING } else { "undefined" };
    let items: Vec<Doc> =
        items.into_iter().map(|item| item.unwrap_or_else(|| text(nothing))).collect();
    let mut parts = Vec::new();
    if !items.is_empty() {
        parts.push(entry("tuple", list("[", items, "]")));
    }
    parts.extend(rest.map(|rest| entry("items", rest)));
    braced(parts)
}

/// A function that looks at the value: at its tag, or at its type. Where neither tells the alternatives
/// apart, the plan of the first that has one.
fn of_union(shape: &Union, plan: &dyn Fn(ShapeId) -> Option<Doc>) -> Doc {
    let plans: Vec<Option<Doc>> = shape.branches.iter().map(|branch| plan(branch.shape)).collect();
    let first = plans.iter().flatten().next().cloned().unwrap_or_else(|| text(NOTHING));
    let tests: Vec<Doc> = match &shape.by {
        By::Tag { property, values } => values
            .iter()
            .map(|texts| {
                let tag = concat([
                    runtime::of(&runtime::AT),
                    text(format!("(value, [{}])", ident::string(property))),
                ]);
                let each = texts.iter().map(|value| {
                    concat([tag.clone(), text(format!(" === {}", ident::string(value)))])
                });
                crate::code::any(each.collect())
            })
            .collect(),
        By::Type(types) => {
            let all = types.iter().copied().reduce(Types::or).unwrap_or(Types::NONE);
            types.iter().map(|types| text(type_test(*types, all))).collect()
        }
        By::Check => return first,
    };
    let cases = tests.into_iter().zip(plans).filter_map(|(test, plan)| Some((test, plan?)));
    let choice = crate::code::choices(cases.collect(), text("undefined"));
    crate::code::arrow_to_choice("value", choice)
}

/// Whether `value` is of one of several types, as far as plans differ by them. A decimal that is sent is a
/// text, so a text is one where no text may stand.
fn type_test(types: Types, all: Types) -> String {
    let mut tests = Vec::new();
    if types.has(Type::Array) {
        tests.push("Array.isArray(value)");
    }
    if types.has(Type::Object) {
        tests.push("typeof value === \"object\" && !Array.isArray(value)");
    }
    if types.has(Type::Integer) {
        tests.extend(["typeof value === \"number\"", "typeof value === \"bigint\""]);
        if !all.has(Type::String) {
            tests.push("typeof value === \"string\"");
        }
    }
    match &tests[..] {
        [] => "false".to_owned(),
        [only] => (*only).to_owned(),
        several => {
            let several = several.iter().map(|test| {
                if test.contains("&&") { format!("({test})") } else { (*test).to_owned() }
            });
            several.collect::<Vec<String>>().join(" || ")
        }
    }
}
