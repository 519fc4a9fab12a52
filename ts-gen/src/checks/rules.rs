//! Rules → calls, one for one, in the order of the schema.

use contract::schema::{Format, Properties, Rule, SchemaId, Types};

use super::call::{self, Checker};
use super::{Mode, Writer};
use crate::ident;
use crate::layout::{Doc, concat, list, text};
use crate::runtime::{self, Symbol, of};

impl Writer<'_, '_> {
    /// The check of a schema where a function is wanted.
    pub(super) fn checker(&mut self, id: SchemaId, mode: Mode) -> Checker {
        let schemas = &self.cx.contract.schemas;
        let id = schemas.target(id);
        if let [Rule::Never] = schemas.get(id).rules[..] {
            return Checker::Named(of(&runtime::NOTHING));
        }
        if let Some(name) = self.function(id, mode) {
            return Checker::Named(text(name));
        }
        let calls = self.calls(&schemas.get(id).rules, id, mode);
        if calls.is_empty() { Checker::Anything } else { Checker::Calls(calls) }
    }

    /// The same, if the schema demands anything.
    pub(super) fn demands(&mut self, id: SchemaId, mode: Mode) -> Option<Checker> {
        Some(self.checker(id, mode)).filter(|check| !check.is_anything())
    }

    fn checkers(&mut self, ids: &[SchemaId], mode: Mode) -> Vec<Checker> {
        ids.iter().map(|id| self.checker(*id, mode)).collect()
    }

    /// A call for each rule of the schema `owner`.
    pub(super) fn calls(&mut self, rules: &[Rule], owner: SchemaId, mode: Mode) -> Vec<Doc> {
        rules.iter().flat_map(|rule| self.rule(rule, owner, mode)).collect()
    }

    fn rule(&mut self, rule: &Rule, owner: SchemaId, mode: Mode) -> Vec<Doc> {
        if mode == Mode::Open {
            if self.openness.drops(owner, rule) {
                return Vec::new();
            }
            if let Some(calls) = self.open_rule(rule, owner) {
                return calls;
            }
        }
        let call = match rule {
            Rule::Never => concat([of(&runtime::NOTHING), text("(value)")]),
            Rule::Type(types) => call::is(*types),
            Rule::Constant(value) => call::constant(value),
            Rule::Enum(values) => call::among(values),
            Rule::Minimum(bound) => call::bound(&runtime::MINIMUM, bound),
            Rule::ExclusiveMinimum(bound) => call::bound(&runtime::EXCLUSIVE_MINIMUM, bound),
            Rule::Maximum(bound) => call::bound(&runtime::MAXIMUM, bound),
            Rule::ExclusiveMaximum(bound) => call::bound(&runtime::EXCLUSIVE_MAXIMUM, bound),
            Rule::MultipleOf(divisor) => call::bound(&runtime::MULTIPLE_OF, divisor),
            Rule::MinLength(count) => call::count(&runtime::MIN_LENGTH, *count),
            Rule::MaxLength(count) => call::count(&runtime::MAX_LENGTH, *count),
            Rule::Pattern(pattern) => {
                call::call(&runtime::PATTERN, vec![text(ident::string(pattern))])
            }
            Rule::Format(format) => match format_symbol(*format) {
                Some(symbol) => call::call(&runtime::FORMAT, vec![of(symbol)]),
                None => return Vec::new(),
            },
            Rule::MinItems(count) => call::count(&runtime::MIN_ITEMS, *count),
            Rule::MaxItems(count) => call::count(&runtime::MAX_ITEMS, *count),
            Rule::UniqueItems => call::call(&runtime::UNIQUE_ITEMS, Vec::new()),
            Rule::Items(item) => match self.demands(*item, mode) {
                Some(check) => call::checking(&runtime::ITEMS, Vec::new(), check),
                None => return Vec::new(),
            },
            Rule::Tuple { items, rest } => return self.tuple(items, *rest, mode),
            Rule::Contains(item) => {
                call::checking(&runtime::CONTAINS, Vec::new(), self.checker(*item, mode))
            }
            Rule::MinProperties(count) => call::count(&runtime::MIN_PROPERTIES, *count),
            Rule::MaxProperties(count) => call::count(&runtime::MAX_PROPERTIES, *count),
            Rule::Required(names) if names.is_empty() => return Vec::new(),
            Rule::Required(names) => call::names(&runtime::REQUIRED, &borrowed(names)),
            Rule::Properties(properties) => return self.properties(properties, mode),
            Rule::PropertyNames(name) => {
                call::checking(&runtime::PROPERTY_NAMES, Vec::new(), self.checker(*name, mode))
            }
            Rule::DependentRequired(name, others) => {
                let arguments = vec![text(ident::string(name)), call::strings(&borrowed(others))];
                call::call(&runtime::DEPENDENT_REQUIRED, arguments)
            }
            Rule::DependentSchema(name, schema) => {
                let name = vec![text(ident::string(name))];
                call::checking(&runtime::DEPENDENT_SCHEMA, name, self.checker(*schema, mode))
            }
            Rule::Reference(target) => match self.demands(*target, mode) {
                Some(check) => call::checking(&runtime::FOLLOW, Vec::new(), check),
                None => return Vec::new(),
            },
            Rule::AllOf(parts) => call::branches(&runtime::ALL_OF, self.checkers(parts, mode)),
            Rule::AnyOf(parts) => call::branches(&runtime::ANY_OF, self.checkers(parts, mode)),
            Rule::OneOf(parts) => call::branches(&runtime::ONE_OF, self.checkers(parts, mode)),
            // What decides is asked strictly: a value that is new would turn the answer around.
            Rule::Not(schema) => {
                call::checking(&runtime::NOT, Vec::new(), self.checker(*schema, Mode::Strict))
            }
            Rule::If { condition, then, otherwise } => {
                let mut branch = |id: &Option<SchemaId>| match id {
                    Some(id) => self.checker(*id, mode).doc(),
                    None => of(&runtime::ANYTHING),
                };
                let (then, otherwise) = (branch(then), branch(otherwise));
                let condition = self.checker(*condition, Mode::Strict).doc();
                call::call(&runtime::IF_THEN_ELSE, vec![condition, then, otherwise])
            }
        };
        vec![call]
    }

    /// What a rule becomes for values that may be newer, where it is not merely dropped.
    fn open_rule(&mut self, rule: &Rule, owner: SchemaId) -> Option<Vec<Doc>> {
        match rule {
            Rule::Enum(values) if self.openness.is_open_enum(owner, values) => {
                let types = Types::of(values);
                let rules = &self.cx.contract.schemas.get(owner).rules;
                let is_said = rules
                    .iter()
                    .any(|rule| matches!(rule, Rule::Type(said) if said.without(types).is_empty()));
                Some(if is_said { Vec::new() } else { vec![call::is(types)] })
            }
            Rule::OneOf(parts) | Rule::AnyOf(parts) => {
                let Some(tagged) = self.openness.tagged(parts).cloned() else {
                    // Alternatives that are wider may overlap where the contract's do not.
                    let wider = parts.iter().any(|part| self.openness.is_wider(*part));
                    let parts = wider.then(|| self.checkers(parts, Mode::Open))?;
                    return Some(vec![call::branches(&runtime::ANY_OF, parts)]);
                };
                let others = parts.iter().filter(|part| !tagged.has(**part));
                let others: Vec<SchemaId> = others.copied().collect();
                let known = tagged.branches.iter().map(|(part, texts)| {
                    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
                    list(
                        "[",
                        vec![call::strings(&texts), self.checker(*part, Mode::Open).doc()],
                        "]",
                    )
                });
                let union = call::open_union(&tagged.property, known.collect());
                if others.is_empty() {
                    return Some(vec![union]);
                }
                let mut parts = self.checkers(&others, Mode::Open);
                parts.push(Checker::Calls(vec![union]));
                Some(vec![call::branches(&runtime::ANY_OF, parts)])
            }
            _ => None,
        }
    }

    fn properties(&mut self, properties: &Properties, mode: Mode) -> Vec<Doc> {
        // A property with one allowed value first: it tells the branches of a union apart.
        let named = properties.named.iter();
        let mut ordered: Vec<&(String, SchemaId)> =
            named.clone().filter(|pair| self.tells(pair.1)).collect();
        ordered.extend(named.filter(|pair| !self.tells(pair.1)));
        let mut calls = Vec::new();
        for (name, schema) in ordered {
            if let Some(check) = self.demands(*schema, mode) {
                calls.push(call::property(name, check));
            }
        }
        for (pattern, schema) in &properties.patterns {
            if let Some(check) = self.demands(*schema, mode) {
                let pattern = vec![text(ident::string(pattern))];
                calls.push(call::checking(&runtime::PATTERN_PROPERTY, pattern, check));
            }
        }
        if let Some((rest, check)) =
            properties.rest.and_then(|rest| Some((rest, self.demands(rest, mode)?)))
        {
            let names: Vec<&str> = properties.named.iter().map(|pair| pair.0.as_str()).collect();
            let patterns: Vec<&str> =
                properties.patterns.iter().map(|pair| pair.0.as_str()).collect();
            let known = vec![call::strings(&names), call::strings(&patterns)];
            if !self.is_never(rest) {
                calls.push(call::checking(&runtime::ADDITIONAL_PROPERTIES, known, check));
            } else if mode == Mode::Strict {
                calls.push(call::call(&runtime::CLOSED, known));
            }
        }
        calls
    }

    /// Whether a schema allows one value only.
    fn tells(&self, id: SchemaId) -> bool {
        let schemas = &self.cx.contract.schemas;
        schemas.get(schemas.target(id)).rules.iter().any(|rule| match rule {
            Rule::Constant(_) => true,
            Rule::Enum(values) => values.len() == 1,
            _ => false,
        })
    }

    fn is_never(&self, id: SchemaId) -> bool {
        matches!(self.cx.contract.schemas.get(id).rules[..], [Rule::Never])
    }

    fn tuple(&mut self, items: &[SchemaId], rest: Option<SchemaId>, mode: Mode) -> Vec<Doc> {
        let mut calls = Vec::new();
        let checks = self.checkers(items, mode);
        if !checks.iter().all(Checker::is_anything) {
            calls.push(call::branches(&runtime::TUPLE, checks));
        }
        if let Some((rest, check)) = rest.and_then(|rest| Some((rest, self.demands(rest, mode)?))) {
            let count = items.len();
            if !self.is_never(rest) {
                let from = vec![text(count.to_string())];
                calls.push(call::checking(&runtime::ADDITIONAL_ITEMS, from, check));
            } else if mode == Mode::Strict {
                calls.push(call::count(&runtime::NO_ADDITIONAL_ITEMS, count as u64));
            }
        }
        calls
    }
}

fn borrowed(names: &[String]) -> Vec<&str> {
    names.iter().map(String::as_str).collect()
}

/// The runtime's constant for a format; `None` if nothing is asserted of it.
fn format_symbol(format: Format) -> Option<&'static Symbol> {
    Some(match format {
        Format::DateTime => &runtime::DATE_TIME,
        Format::Date => &runtime::DATE,
        Format::Time => &runtime::TIME,
        Format::Duration => &runtime::DURATION,
        Format::Uuid => &runtime::UUID,
        Format::Uri => &runtime::URI,
        Format::UriReference => &runtime::URI_REFERENCE,
        Format::Iri => &runtime::IRI,
        Format::IriReference => &runtime::IRI_REFERENCE,
        Format::UriTemplate => &runtime::URI_TEMPLATE,
        Format::Email => &runtime::EMAIL,
        Format::IdnEmail => &runtime::IDN_EMAIL,
        Format::Hostname => &runtime::HOSTNAME,
        Format::IdnHostname => &runtime::IDN_HOSTNAME,
        Format::Ipv4 => &runtime::IPV4,
        Format::Ipv6 => &runtime::IPV6,
        Format::JsonPointer => &runtime::JSON_POINTER,
        Format::RelativeJsonPointer => &runtime::RELATIVE_JSON_POINTER,
        Format::Regex => &runtime::REGEX,
        Format::Int32 => &runtime::INT32,
        Format::Int64 => &runtime::INT64,
        Format::Byte => &runtime::BYTE,
        Format::Decimal => &runtime::DECIMAL_FORMAT,
        Format::Float | Format::Double | Format::Binary => return None,
    })
}
