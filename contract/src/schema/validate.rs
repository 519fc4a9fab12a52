//! The rules of a schema applied to a value: for the document's own examples and defaults.
//!
//! This is the only place where rules are interpreted; generated code has them compiled. Both call the
//! same functions for whatever is about one value, so their verdicts agree.

use std::cell::Cell;

use json::check::{Checked, Violation};
use json::{Json, Object};

use super::rule::{Properties, Rule, Type, Types};
use super::{SchemaId, Schemas};

/// Checks a value against a schema.
///
/// # Errors
/// The first rule that the value breaks.
pub(crate) fn validate(schemas: &Schemas, schema: SchemaId, value: &Json<'_>) -> Checked {
    let validator = Validator { schemas, steps: Cell::new(0) };
    let checked = validator.check(schema, value, 0);
    // Nobody knows whether a value is valid that it takes so long to look at.
    if validator.steps.get() > MAX_STEPS { Ok(()) } else { checked }
}

/// Schemas that are applied for one value. Alternatives within alternatives may double with each level.
const MAX_STEPS: u32 = 1_000_000;

/// Deeper than any value that the reader accepts; ends a schema that demands itself of the same value.
const MAX_DEPTH: usize = 512;

struct Validator<'s> {
    schemas: &'s Schemas,
    steps: Cell<u32>,
}

impl Validator<'_> {
    fn check(&self, schema: SchemaId, value: &Json<'_>, depth: usize) -> Checked {
        self.steps.set(self.steps.get().saturating_add(1));
        if self.steps.get() > MAX_STEPS {
            return fail("steps", format_args!("more than {MAX_STEPS} schemas for one value"));
        }
        if depth > MAX_DEPTH {
            return fail("depth", format_args!("schemas nested more than {MAX_DEPTH} deep"));
        }
        self.schemas.get(schema).rules.iter().try_for_each(|rule| self.rule(rule, value, depth + 1))
    }

    fn passes(&self, schema: SchemaId, value: &Json<'_>, depth: usize) -> bool {
        self.check(schema, value, depth).is_ok()
    }

    fn rule(&self, rule: &Rule, value: &Json<'_>, depth: usize) -> Checked {
        match rule {
            Rule::Never => json::check::nothing(value),
            Rule::Type(types) => value.is(types_of(*types)),
            Rule::Constant(constant) if value == constant => Ok(()),
            Rule::Constant(constant) => {
                fail("const", format_args!("expected {constant}, got {value}"))
            }
            Rule::Enum(values) if values.contains(value) => Ok(()),
            Rule::Enum(values) => {
                let list: Vec<String> = values.iter().map(ToString::to_string).collect();
                fail("enum", format_args!("expected one of {}, got {value}", list.join(", ")))
            }
            Rule::Minimum(bound) => value.minimum(bound),
            Rule::ExclusiveMinimum(bound) => value.exclusive_minimum(bound),
            Rule::Maximum(bound) => value.maximum(bound),
            Rule::ExclusiveMaximum(bound) => value.exclusive_maximum(bound),
            Rule::MultipleOf(divisor) => value.multiple_of(divisor),
            Rule::MinLength(count) => value.min_length(size(*count)),
            Rule::MaxLength(count) => value.max_length(size(*count)),
            Rule::Pattern(expression) => match value {
                Json::String(text) if matches(expression, text) == Some(false) => {
                    fail("pattern", format_args!("expected a match of {expression}, got {value}"))
                }
                _ => Ok(()),
            },
            Rule::Format(format) => match json::check::Format::named(format.name()) {
                Some(format) => value.format(&format),
                None => Ok(()),
            },
            Rule::MinItems(count) => value.min_items(size(*count)),
            Rule::MaxItems(count) => value.max_items(size(*count)),
            Rule::UniqueItems => value.unique_items(),
            Rule::Items(item) => self.items(value, 0, |_| Some(*item), depth),
            Rule::Tuple { items, rest } => {
                self.items(value, 0, |at| items.get(at).copied().or(*rest), depth)
            }
            Rule::Contains(item) => match value.as_array() {
                Some(items) if !items.iter().any(|each| self.passes(*item, each, depth)) => {
                    fail("contains", format_args!("none of {} items matches", items.len()))
                }
                _ => Ok(()),
            },
            Rule::MinProperties(count) => value.min_properties(size(*count)),
            Rule::MaxProperties(count) => value.max_properties(size(*count)),
            Rule::Required(names) => {
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                value.required(&names)
            }
            Rule::Properties(properties) => match value {
                Json::Object(object) => self.properties(properties, object, depth),
                _ => Ok(()),
            },
            Rule::PropertyNames(schema) => match value {
                Json::Object(object) => object.keys().try_for_each(|name| {
                    self.check(*schema, &Json::from(name), depth)
                        .map_err(|violation| violation.within(name))
                }),
                _ => Ok(()),
            },
            Rule::DependentRequired(name, others) => {
                let others: Vec<&str> = others.iter().map(String::as_str).collect();
                value.dependent_required(name, &others)
            }
            Rule::DependentSchema(name, schema) => match value.get(name) {
                Some(_) => self.check(*schema, value, depth),
                None => Ok(()),
            },
            Rule::Reference(target) => self.check(*target, value, depth),
            Rule::AllOf(parts) => parts.iter().try_for_each(|part| self.check(*part, value, depth)),
            Rule::AnyOf(branches) => {
                let mut first = None;
                for branch in branches {
                    match self.check(*branch, value, depth) {
                        Ok(()) => return Ok(()),
                        Err(violation) => first = first.or(Some(violation)),
                    }
                }
                first.map_or(Ok(()), Err)
            }
            Rule::OneOf(branches) => {
                let count =
                    branches.iter().filter(|branch| self.passes(**branch, value, depth)).count();
                match count {
                    1 => Ok(()),
                    0 => branches.iter().try_for_each(|branch| self.check(*branch, value, depth)),
                    count => fail(
                        "oneOf",
                        format_args!(
                            "expected exactly 1 of {} to match, {count} do",
                            branches.len()
                        ),
                    ),
                }
            }
            Rule::Not(schema) if self.passes(*schema, value, depth) => {
                fail("not", format_args!("{value} is what it must not be"))
            }
            Rule::Not(_) => Ok(()),
            Rule::If { condition, then, otherwise } => {
                let branch = if self.passes(*condition, value, depth) { then } else { otherwise };
                branch.map_or(Ok(()), |branch| self.check(branch, value, depth))
            }
        }
    }

    fn items(
        &self,
        value: &Json<'_>,
        from: usize,
        schema_at: impl Fn(usize) -> Option<SchemaId>,
        depth: usize,
    ) -> Checked {
        let items = value.as_array().unwrap_or_default();
        items.iter().enumerate().skip(from).try_for_each(|(at, item)| match schema_at(at) {
            Some(schema) => {
                self.check(schema, item, depth).map_err(|violation| violation.within_item(at))
            }
            None => Ok(()),
        })
    }

    fn properties(&self, properties: &Properties, object: &Object<'_>, depth: usize) -> Checked {
        object.iter().try_for_each(|(name, value)| {
            let within = |violation: Violation| violation.within(name);
            let mut known = false;
            for (named, schema) in &properties.named {
                if named == name {
                    known = true;
                    self.check(*schema, value, depth).map_err(within)?;
                }
            }
            for (expression, schema) in &properties.patterns {
                let matched = matches(expression, name);
                // Of a name that may be matched, the rest says nothing.
                known |= matched != Some(false);
                if matched == Some(true) {
                    self.check(*schema, value, depth).map_err(within)?;
                }
            }
            match properties.rest {
                Some(rest) if !known => self.check(rest, value, depth).map_err(|violation| {
                    match self.schemas.get(rest).rules[..] {
                        [Rule::Never] => Violation::new(
                            "additionalProperties",
                            format_args!("`{name}` is not one of the properties"),
                        ),
                        _ => violation,
                    }
                    .within(name)
                }),
                _ => Ok(()),
            }
        })
    }
}

fn fail(rule: &'static str, detail: std::fmt::Arguments<'_>) -> Checked {
    Err(Violation::new(rule, detail))
}

fn size(count: u64) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

/// An expression that is none was reported when it was read; one that might take forever is not asked.
fn matches(expression: &str, text: &str) -> Option<bool> {
    json::check::Pattern::matches_once(expression, text)
}

fn types_of(types: Types) -> json::check::Type {
    use json::check::Type as Known;
    let known = |each| match each {
        Type::Null => Known::NULL,
        Type::Boolean => Known::BOOLEAN,
        Type::Integer => Known::INTEGER,
        Type::Number => Known::NUMBER,
        Type::String => Known::STRING,
        Type::Array => Known::ARRAY,
        Type::Object => Known::OBJECT,
    };
    types.iter().map(known).reduce(Known::or).unwrap_or(Known::NULL)
}
