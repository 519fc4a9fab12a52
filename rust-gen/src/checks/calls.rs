//! Rules → calls of the runtime, one after the other.
//!
//! In: the rules of one schema. Out: calls on a variable, in the order of the rules. Does not know where
//! they are put: `mod.rs` does.

use contract::schema::{Format, Properties, Rule, SchemaId, Type, Types};
use json::{Json, Number};
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;

use super::expression;
use crate::Cx;

/// What the rules of a schema demand of a variable: an expression of type `Checked` for each demand.
pub(super) fn calls(cx: &Cx<'_>, rules: &[Rule], json: &Ident) -> Vec<TokenStream> {
    rules.iter().flat_map(|rule| rule_calls(cx, rule, json)).collect()
}

fn rule_calls(cx: &Cx<'_>, rule: &Rule, json: &Ident) -> Vec<TokenStream> {
    let check = |id: &SchemaId| expression(cx, *id);
    let checks = |ids: &[SchemaId]| ids.iter().map(check).collect::<Vec<_>>();
    let call = match rule {
        Rule::Never => quote!(v1::nothing(#json)),
        Rule::Type(types) => {
            let types = types_expression(*types);
            quote!(#json.is(#types))
        }
        Rule::Constant(Json::String(text)) => {
            let text = &**text;
            quote!(#json.equals_string(#text))
        }
        Rule::Constant(value) => {
            let value = constant(value);
            quote!(#json.equals(&const { #value }))
        }
        Rule::Enum(values) => {
            let texts: Option<Vec<&str>> = values.iter().map(Json::as_str).collect();
            match texts {
                Some(texts) => quote!(#json.among_strings(&[#(#texts),*])),
                None => {
                    let values = values.iter().map(constant);
                    quote!(#json.among(&const { [#(#values),*] }))
                }
            }
        }
        Rule::Minimum(bound) => bound_call(json, "minimum", bound),
        Rule::ExclusiveMinimum(bound) => bound_call(json, "exclusive_minimum", bound),
        Rule::Maximum(bound) => bound_call(json, "maximum", bound),
        Rule::ExclusiveMaximum(bound) => bound_call(json, "exclusive_maximum", bound),
        Rule::MultipleOf(divisor) => bound_call(json, "multiple_of", divisor),
        Rule::MinLength(count) => count_call(json, "min_length", *count),
        Rule::MaxLength(count) => count_call(json, "max_length", *count),
        Rule::Pattern(pattern) => {
            let pattern = pattern_block(pattern);
            quote!(#json.pattern(#pattern))
        }
        Rule::Format(format) => match format_constant(*format) {
            Some(format) => quote!(#json.format(&v1::Format::#format)),
            None => return Vec::new(),
        },
        Rule::MinItems(count) => count_call(json, "min_items", *count),
        Rule::MaxItems(count) => count_call(json, "max_items", *count),
        Rule::UniqueItems => quote!(#json.unique_items()),
        Rule::Items(item) if is_anything(cx, *item) => return Vec::new(),
        Rule::Items(item) => {
            let item = check(item);
            quote!(#json.items(#item))
        }
        Rule::Tuple { items, rest } => return tuple_calls(cx, items, *rest, json),
        Rule::Contains(item) => {
            let item = check(item);
            quote!(#json.contains(#item))
        }
        Rule::MinProperties(count) => count_call(json, "min_properties", *count),
        Rule::MaxProperties(count) => count_call(json, "max_properties", *count),
        Rule::Required(names) if names.is_empty() => return Vec::new(),
        Rule::Required(names) => quote!(#json.required(&[#(#names),*])),
        Rule::Properties(properties) => return property_calls(cx, properties, json),
        Rule::PropertyNames(name) => {
            let name = check(name);
            quote!(#json.property_names(#name))
        }
        Rule::DependentRequired(name, others) => {
            quote!(#json.dependent_required(#name, &[#(#others),*]))
        }
        Rule::DependentSchema(name, schema) => {
            let schema = check(schema);
            quote!(#json.dependent_schema(#name, #schema))
        }
        Rule::Reference(target) if is_anything(cx, *target) => return Vec::new(),
        Rule::Reference(target) => {
            let target = check(target);
            quote!(#json.check(#target))
        }
        Rule::AllOf(branches) => {
            let branches = checks(branches);
            quote!(#json.all_of(&[#(#branches),*]))
        }
        Rule::AnyOf(branches) => {
            let branches = checks(branches);
            quote!(#json.any_of(&[#(#branches),*]))
        }
        Rule::OneOf(branches) => {
            let branches = checks(branches);
            quote!(#json.one_of(&[#(#branches),*]))
        }
        Rule::Not(schema) => {
            let schema = check(schema);
            quote!(#json.not(#schema))
        }
        Rule::If { condition, then, otherwise } => {
            let condition = check(condition);
            let branch = |branch: &Option<SchemaId>| match branch {
                Some(id) => expression(cx, *id),
                None => quote!(v1::anything),
            };
            let (then, otherwise) = (branch(then), branch(otherwise));
            quote!(#json.if_then_else(#condition, #then, #otherwise))
        }
    };
    vec![call]
}

/// Whether a schema has no rules at all.
fn is_anything(cx: &Cx<'_>, id: SchemaId) -> bool {
    let schemas = &cx.contract.schemas;
    schemas.get(schemas.target(id)).rules.is_empty()
}

fn property_calls(cx: &Cx<'_>, properties: &Properties, json: &Ident) -> Vec<TokenStream> {
    // A property with one allowed value first: it tells the branches of a union apart.
    let tells = |id: &SchemaId| {
        let schemas = &cx.contract.schemas;
        let rules = &schemas.get(schemas.target(*id)).rules;
        rules.iter().any(|rule| match rule {
            Rule::Constant(_) => true,
            Rule::Enum(values) => values.len() == 1,
            _ => false,
        })
    };
    let named = properties.named.iter();
    let mut ordered: Vec<&(String, SchemaId)> =
        named.clone().filter(|pair| tells(&pair.1)).collect();
    ordered.extend(named.filter(|pair| !tells(&pair.1)));
    let mut calls: Vec<TokenStream> = ordered
        .into_iter()
        .filter(|(_, schema)| !is_anything(cx, *schema))
        .map(|(name, schema)| {
            let check = expression(cx, *schema);
            quote!(#json.property(#name, #check))
        })
        .collect();
    for (pattern, schema) in &properties.patterns {
        if !is_anything(cx, *schema) {
            let pattern = pattern_block(pattern);
            let check = expression(cx, *schema);
            calls.push(quote!(#json.pattern_property(#pattern, #check)));
        }
    }
    if let Some(rest) = properties.rest.filter(|rest| !is_anything(cx, *rest)) {
        let names = properties.named.iter().map(|pair| &pair.0);
        let patterns = properties.patterns.iter().map(|pair| pattern_block(&pair.0));
        let never = matches!(cx.contract.schemas.get(rest).rules[..], [Rule::Never]);
        calls.push(if never {
            quote!(#json.closed(&[#(#names),*], &[#(#patterns),*]))
        } else {
            let check = expression(cx, rest);
            quote!(#json.additional_properties(&[#(#names),*], &[#(#patterns),*], #check))
        });
    }
    calls
}

fn tuple_calls(
    cx: &Cx<'_>,
    items: &[SchemaId],
    rest: Option<SchemaId>,
    json: &Ident,
) -> Vec<TokenStream> {
    let checks: Vec<TokenStream> = items.iter().map(|item| expression(cx, *item)).collect();
    let count = items.len();
    let mut calls = Vec::new();
    if items.iter().any(|item| !is_anything(cx, *item)) {
        calls.push(quote!(#json.tuple(&[#(#checks),*])));
    }
    if let Some(rest) = rest.filter(|rest| !is_anything(cx, *rest)) {
        let never = matches!(cx.contract.schemas.get(rest).rules[..], [Rule::Never]);
        calls.push(if never {
            quote!(#json.no_additional_items(#count))
        } else {
            let check = expression(cx, rest);
            quote!(#json.additional_items(#count, #check))
        });
    }
    calls
}

fn types_expression(types: Types) -> TokenStream {
    let mut each = types.iter().map(|each| {
        let name = match each {
            Type::Null => "NULL",
            Type::Boolean => "BOOLEAN",
            Type::Integer => "INTEGER",
            Type::Number => "NUMBER",
            Type::String => "STRING",
            Type::Array => "ARRAY",
            Type::Object => "OBJECT",
        };
        let name = Ident::new(name, Span::call_site());
        quote!(v1::Type::#name)
    });
    let first = each.next().unwrap_or_else(|| quote!(v1::Type::NULL));
    each.fold(first, |all, one| quote!(#all.or(#one)))
}

fn bound_call(json: &Ident, method: &str, bound: &Number<'_>) -> TokenStream {
    let method = Ident::new(method, Span::call_site());
    let bound = number(bound);
    quote!(#json.#method(&const { #bound }))
}

fn count_call(json: &Ident, method: &str, bound: u64) -> TokenStream {
    let method = Ident::new(method, Span::call_site());
    let bound = count(bound);
    quote!(#json.#method(#bound))
}

/// A number of characters, items or properties.
pub(crate) fn count(count: u64) -> Literal {
    Literal::usize_unsuffixed(usize::try_from(count).unwrap_or(usize::MAX))
}

fn number(number: &Number<'_>) -> TokenStream {
    let text = number.as_str();
    quote!(v1::Number::from_static(#text))
}

/// A pattern, compiled once however often it is used.
fn pattern_block(pattern: &str) -> TokenStream {
    quote!({ static PATTERN: v1::Pattern = v1::Pattern::new(#pattern); &PATTERN })
}

/// A value as a constant of the program.
pub(crate) fn constant(value: &Json<'_>) -> TokenStream {
    match value {
        Json::Null => quote!(v1::Constant::Null),
        Json::Bool(value) => quote!(v1::Constant::Bool(#value)),
        Json::Number(value) => {
            let value = number(value);
            quote!(v1::Constant::Number(#value))
        }
        Json::String(text) => {
            let text = &**text;
            quote!(v1::Constant::String(#text))
        }
        Json::Array(items) => {
            let items = items.iter().map(constant);
            quote!(v1::Constant::Array(&[#(#items),*]))
        }
        Json::Object(object) => {
            let members = object.iter().map(|(name, value)| {
                let value = constant(value);
                quote!((#name, #value))
            });
            quote!(v1::Constant::Object(&[#(#members),*]))
        }
    }
}

/// The runtime's constant for a format; `None` if nothing is asserted of it.
fn format_constant(format: Format) -> Option<Ident> {
    let name = match format {
        Format::DateTime => "DATE_TIME",
        Format::Date => "DATE",
        Format::Time => "TIME",
        Format::Duration => "DURATION",
        Format::Uuid => "UUID",
        Format::Uri => "URI",
        Format::UriReference => "URI_REFERENCE",
        Format::Iri => "IRI",
        Format::IriReference => "IRI_REFERENCE",
        Format::UriTemplate => "URI_TEMPLATE",
        Format::Email => "EMAIL",
        Format::IdnEmail => "IDN_EMAIL",
        Format::Hostname => "HOSTNAME",
        Format::IdnHostname => "IDN_HOSTNAME",
        Format::Ipv4 => "IPV4",
        Format::Ipv6 => "IPV6",
        Format::JsonPointer => "JSON_POINTER",
        Format::RelativeJsonPointer => "RELATIVE_JSON_POINTER",
        Format::Regex => "REGEX",
        Format::Int32 => "INT32",
        Format::Int64 => "INT64",
        Format::Byte => "BYTE",
        Format::Decimal => "DECIMAL",
        Format::Float | Format::Double | Format::Binary => return None,
    };
    Some(Ident::new(name, Span::call_site()))
}
