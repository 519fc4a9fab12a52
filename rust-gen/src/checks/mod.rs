//! Rules → generated checks.
//!
//! Every rule of a schema becomes one statement that calls the runtime (`calls.rs`); nothing is interpreted
//! when the program runs. A named type has its rules in `Payload::check`. A schema that several others name,
//! or that names itself, has a function in the private module `__checks`; all others are written in place.

mod calls;

use std::collections::{HashMap, HashSet};

use contract::names::{Name, suffix};
use contract::schema::shape::Part;
use contract::schema::{Rule, SchemaId, Shape};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use self::calls::calls;
use crate::Cx;
use crate::ident::ident;

pub(crate) use calls::{constant, count};

/// Schemas that need a function of their own, with its name.
pub(crate) fn named(cx: &Cx<'_>) -> HashMap<SchemaId, Ident> {
    let schemas = &cx.contract.schemas;
    let types = type_schemas(cx);
    let mut uses: HashMap<SchemaId, usize> = HashMap::new();
    for (_, schema) in schemas.iter() {
        for used in schema.rules.iter().flat_map(Rule::schemas) {
            *uses.entry(schemas.target(used)).or_default() += 1;
        }
    }
    let mut functions = HashMap::new();
    for (id, schema) in schemas.iter() {
        let shared = uses.get(&id).is_some_and(|count| *count > 1) && !schema.is_plain();
        if !types.contains_key(&id) && (shared || is_recursive(cx, id, &types)) {
            let pointer = &schema.origin.pointer;
            let name =
                format!("{}_{}", Name::new(pointer).snake(), suffix(&format!("{pointer}{id:?}")));
            functions.insert(id, Ident::new(&name, Span::call_site()));
        }
    }
    functions
}

/// Schemas whose rules are in the `Payload::check` of a type.
fn type_schemas(cx: &Cx<'_>) -> HashMap<SchemaId, Ident> {
    let mut types = HashMap::new();
    for (id, entry) in cx.contract.shapes.iter() {
        let whole = matches!(entry.part, Part::Whole | Part::NotNull);
        if let (true, Some(name)) =
            (whole && cx.replacement(id).is_none(), cx.contract.names.type_of(id))
        {
            types.insert(entry.schema, ident(name));
        }
    }
    types
}

/// Whether a schema is inside itself without a type in between.
fn is_recursive(cx: &Cx<'_>, id: SchemaId, types: &HashMap<SchemaId, Ident>) -> bool {
    let schemas = &cx.contract.schemas;
    let mut pending: Vec<SchemaId> = schemas.get(id).rules.iter().flat_map(Rule::schemas).collect();
    let mut visited = HashSet::new();
    while let Some(next) = pending.pop() {
        let next = schemas.target(next);
        if next == id {
            return true;
        }
        if !types.contains_key(&next) && visited.insert(next) {
            pending.extend(schemas.get(next).rules.iter().flat_map(Rule::schemas));
        }
    }
    false
}

/// The module of functions that several checks share.
pub(crate) fn functions(cx: &Cx<'_>) -> TokenStream {
    let mut functions: Vec<(&Ident, SchemaId)> =
        cx.check_functions.iter().map(|(id, name)| (name, *id)).collect();
    functions.sort_by_key(|(name, _)| name.to_string());
    if functions.is_empty() {
        return TokenStream::new();
    }
    let items = functions.into_iter().map(|(name, id)| {
        let body = body(cx, id).unwrap_or_else(|| quote!(Ok(())));
        quote! {
            pub(super) fn #name(json: &v1::Json<'_>) -> v1::Checked {
                #body
            }
        }
    });
    quote! {
        mod __checks {
            use super::*;

            #(#items)*
        }
    }
}

/// What a check of a schema does with `json`; `None` if there is nothing to check.
pub(crate) fn body(cx: &Cx<'_>, id: SchemaId) -> Option<TokenStream> {
    statements(cx, &cx.contract.schemas.get(id).rules, &Ident::new("json", Span::call_site()))
}

/// The check of a branch that was merged with what stands beside its union.
pub(crate) fn alternative(cx: &Cx<'_>, schema: SchemaId, at: usize) -> Option<TokenStream> {
    let rules = &cx.contract.schemas.get(schema).rules;
    let branch = rules.iter().find_map(|rule| match rule {
        Rule::OneOf(branches) | Rule::AnyOf(branches) => branches.get(at).copied(),
        _ => None,
    });
    let whole = expression(cx, schema);
    match branch.filter(|branch| !cx.contract.schemas.get(*branch).rules.is_empty()) {
        Some(branch) => {
            let branch = expression(cx, branch);
            Some(quote! { json.check(#whole)?; json.check(#branch) })
        }
        None => Some(quote!(json.check(#whole))),
    }
}

/// The check of a schema as an expression of type `fn(&Json) -> Checked`.
pub(crate) fn expression(cx: &Cx<'_>, id: SchemaId) -> TokenStream {
    let schemas = &cx.contract.schemas;
    let id = schemas.target(id);
    if let Some(name) = type_of_schema(cx, id) {
        return quote!(<#name as v1::Payload>::check);
    }
    if let Some(name) = cx.check_functions.get(&id) {
        return quote!(__checks::#name);
    }
    if let [Rule::Never] = schemas.get(id).rules[..] {
        return quote!(v1::nothing);
    }
    let variable = variable(&schemas.get(id).origin.pointer);
    let mut calls = calls(cx, &schemas.get(id).rules, &variable);
    match calls.pop() {
        Some(last) if calls.is_empty() => quote!(|#variable| #last),
        Some(last) => quote!(|#variable| { #(#calls?;)* #last }),
        None => quote!(v1::anything),
    }
}

fn type_of_schema(cx: &Cx<'_>, id: SchemaId) -> Option<Ident> {
    let shapes = &cx.contract.shapes;
    let shape = shapes.of(id)?;
    let named = match &shapes.get(shape).shape {
        Shape::Nullable(inner) if shapes.get(*inner).schema == id => *inner,
        _ => shape,
    };
    if cx.replacement(named).is_some() {
        return None;
    }
    cx.contract.names.type_of(named).map(ident)
}

/// What the value of a closure is called: the last word of its schema's pointer.
fn variable(pointer: &str) -> Ident {
    let last = pointer.rsplit('/').next().unwrap_or_default();
    let name = match last {
        "items" => "item".to_owned(),
        "additionalProperties" | "additionalItems" | "not" | "contains" => "value".to_owned(),
        "propertyNames" => "name".to_owned(),
        last if last.parse::<usize>().is_ok() => "value".to_owned(),
        last => Name::new(last).snake(),
    };
    // A text of signs or of another script makes no name that helps a reader, and clippy minds some.
    let reads_well = name.len() <= 30
        && last.is_ascii()
        && !matches!(name.as_str(), "foo" | "baz" | "quux" | "json");
    ident(if reads_well { &name } else { "value" })
}

/// One statement a rule, the last one being the result.
fn statements(cx: &Cx<'_>, rules: &[Rule], json: &Ident) -> Option<TokenStream> {
    let mut calls = calls(cx, rules, json);
    let last = calls.pop()?;
    Some(quote! { #(#calls?;)* #last })
}
