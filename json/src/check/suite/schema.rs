//! Just enough of a schema interpreter to call the function of each keyword.
//!
//! A check is a plain function, so an interpreter cannot hand over a closure that knows its schema.
//! Instead every schema of a case gets a number, and there is one function per number that looks
//! up what its schema asks for.

use std::cell::RefCell;
use std::collections::HashMap;

use super::super::{Check, Checked, Constant, Format, Pattern, Type, anything, nothing};
use crate::{Json, Number};

type Schema = &'static Json<'static>;

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Formats {
    Asserted,
    Ignored,
}

/// What one keyword of a schema asks for.
#[derive(Clone)]
enum Rule {
    Check(Check),
    Is(Type),
    Const(Constant),
    Enum(Vec<Constant>),
    EnumOfStrings(Vec<&'static str>),
    Minimum(Number<'static>),
    Maximum(Number<'static>),
    ExclusiveMinimum(Number<'static>),
    ExclusiveMaximum(Number<'static>),
    MultipleOf(Number<'static>),
    MinLength(usize),
    MaxLength(usize),
    Pattern(&'static Pattern),
    Format(Format),
    MinItems(usize),
    MaxItems(usize),
    UniqueItems,
    Items(Check),
    Tuple(Vec<Check>),
    AdditionalItems(usize, Check),
    NoAdditionalItems(usize),
    Contains(Check),
    MinProperties(usize),
    MaxProperties(usize),
    Required(Vec<&'static str>),
    Property(&'static str, Check),
    PatternProperty(&'static Pattern, Check),
    AdditionalProperties(Vec<&'static str>, Vec<&'static Pattern>, Check),
    Closed(Vec<&'static str>, Vec<&'static Pattern>),
    PropertyNames(Check),
    DependentRequired(&'static str, Vec<&'static str>),
    DependentSchema(&'static str, Check),
    AllOf(Vec<Check>),
    AnyOf(Vec<Check>),
    OneOf(Vec<Check>),
    Not(Check),
    If(Check, Check, Check),
}

fn apply(rule: &Rule, value: &Json<'_>) -> Checked {
    match rule {
        Rule::Check(check) => value.check(*check),
        Rule::Is(types) => value.is(*types),
        Rule::Const(constant) => value.equals(constant),
        Rule::Enum(constants) => value.among(constants),
        Rule::EnumOfStrings(strings) => value.among_strings(strings),
        Rule::Minimum(bound) => value.minimum(bound),
        Rule::Maximum(bound) => value.maximum(bound),
        Rule::ExclusiveMinimum(bound) => value.exclusive_minimum(bound),
        Rule::ExclusiveMaximum(bound) => value.exclusive_maximum(bound),
        Rule::MultipleOf(divisor) => value.multiple_of(divisor),
        Rule::MinLength(least) => value.min_length(*least),
        Rule::MaxLength(most) => value.max_length(*most),
        Rule::Pattern(pattern) => value.pattern(pattern),
        Rule::Format(format) => value.format(format),
        Rule::MinItems(least) => value.min_items(*least),
        Rule::MaxItems(most) => value.max_items(*most),
        Rule::UniqueItems => value.unique_items(),
        Rule::Items(check) => value.items(*check),
        Rule::Tuple(checks) => value.tuple(checks),
        Rule::AdditionalItems(from, check) => value.additional_items(*from, *check),
        Rule::NoAdditionalItems(from) => value.no_additional_items(*from),
        Rule::Contains(check) => value.contains(*check),
        Rule::MinProperties(least) => value.min_properties(*least),
        Rule::MaxProperties(most) => value.max_properties(*most),
        Rule::Required(names) => value.required(names),
        Rule::Property(name, check) => value.property(name, *check),
        Rule::PatternProperty(pattern, check) => value.pattern_property(pattern, *check),
        Rule::AdditionalProperties(names, patterns, check) => {
            value.additional_properties(names, patterns, *check)
        }
        Rule::Closed(names, patterns) => value.closed(names, patterns),
        Rule::PropertyNames(check) => value.property_names(*check),
        Rule::DependentRequired(name, others) => value.dependent_required(name, others),
        Rule::DependentSchema(name, check) => value.dependent_schema(name, *check),
        Rule::AllOf(checks) => value.all_of(checks),
        Rule::AnyOf(checks) => value.any_of(checks),
        Rule::OneOf(checks) => value.one_of(checks),
        Rule::Not(check) => value.not(*check),
        Rule::If(condition, then, otherwise) => value.if_then_else(*condition, *then, *otherwise),
    }
}

thread_local! {
    /// The rules of each schema of the case at hand, by its number.
    static RULES: RefCell<Vec<Vec<Rule>>> = const { RefCell::new(Vec::new()) };
}

/// The function of schema number `A` × 16 + `B`.
fn numbered<const A: usize, const B: usize>(value: &Json<'_>) -> Checked {
    let rules = RULES.with_borrow(|schemas| schemas[A * 16 + B].clone());
    rules.iter().try_for_each(|rule| apply(rule, value))
}

macro_rules! row {
    ($a:literal: $($b:literal)*) => { [$(numbered::<$a, $b> as Check),*] };
}

macro_rules! rows {
    ($($a:literal)*) => {
        [$(row!($a: 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15)),*]
    };
}

static NUMBERED: [[Check; 16]; 16] = rows!(0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15);

/// Documents by their address, for references.
#[derive(Default)]
pub(super) struct Library {
    documents: Vec<(String, Schema)>,
}

impl Library {
    pub(super) fn add(&mut self, address: &str, document: Schema) {
        self.documents.push((address.to_owned(), document));
    }

    /// Gives every schema that can be reached a number.
    pub(super) fn compile(&self, schema: Schema, formats: Formats) -> Compiled {
        RULES.with_borrow_mut(Vec::clear);
        let mut compiler = Compiler { formats, known: HashMap::new(), addresses: HashMap::new() };
        for (address, document) in &self.documents {
            compiler.index(document, address);
        }
        let meta = Json::parse(META_SCHEMA).unwrap();
        compiler.index(Box::leak(Box::new(meta)), "");
        compiler.index(schema, "");
        Compiled { check: compiler.schema(schema, "") }
    }
}

pub(super) struct Compiled {
    check: Check,
}

impl Compiled {
    pub(super) fn check(&self, value: &Json<'_>) -> Checked {
        value.check(self.check)
    }
}

struct Compiler {
    formats: Formats,
    /// The functions of schemas that have a number, by where they are in memory.
    known: HashMap<usize, Check>,
    /// Schemas that have an address, and the address that their own `$id` starts from.
    addresses: HashMap<String, (Schema, String)>,
}

/// Keywords whose value is a schema, a list of schemas, or a map of them.
const SUBSCHEMAS: &[&str] = &[
    "additionalItems",
    "additionalProperties",
    "contains",
    "else",
    "if",
    "items",
    "not",
    "propertyNames",
    "then",
    "allOf",
    "anyOf",
    "oneOf",
    "definitions",
    "dependencies",
    "patternProperties",
    "properties",
];
const MAPS: &[&str] = &["definitions", "dependencies", "patternProperties", "properties"];

impl Compiler {
    /// Notes the addresses of a document and of all that is in it.
    fn index(&mut self, schema: Schema, base: &str) {
        self.addresses.insert(base_of(schema, base), (schema, base.to_owned()));
        self.index_inner(schema, base);
    }

    fn index_inner(&mut self, schema: Schema, base: &str) {
        let Some(object) = schema.as_object() else { return };
        if let Some(id) = schema.get("$id").and_then(Json::as_str)
            && schema.get("$ref").is_none()
        {
            let address = absolute(id, base).trim_end_matches('#').to_owned();
            self.addresses.insert(address, (schema, base.to_owned()));
        }
        let base = &base_of(schema, base);
        for (keyword, value) in object.iter().filter(|(keyword, _)| SUBSCHEMAS.contains(keyword)) {
            match value {
                Json::Array(items) => items.iter().for_each(|item| self.index_inner(item, base)),
                Json::Object(members) if MAPS.contains(&keyword) => {
                    members.values().for_each(|member| self.index_inner(member, base));
                }
                _ => self.index_inner(value, base),
            }
        }
    }

    fn find(&self, reference: &str, base: &str) -> (Schema, String) {
        let address = absolute(reference, base);
        if let Some(found) = self.addresses.get(address.trim_end_matches('#')) {
            return found.clone();
        }
        let (document, fragment) = address.split_once('#').unwrap_or((&address, ""));
        let (mut schema, mut base) = self
            .addresses
            .get(document)
            .unwrap_or_else(|| panic!("{address} is not in the library"))
            .clone();
        let pointer = percent_decoded(fragment);
        for token in pointer.split('/').skip(1) {
            let token = token.replace("~1", "/").replace("~0", "~");
            base = base_of(schema, &base);
            schema = match schema {
                Json::Array(items) => items.get(token.parse::<usize>().unwrap()),
                other => other.get(&token),
            }
            .unwrap_or_else(|| panic!("{address} leads nowhere"));
        }
        (schema, base)
    }

    fn schema(&mut self, schema: Schema, base: &str) -> Check {
        let object = match schema {
            Json::Bool(true) => return anything,
            Json::Bool(false) => return nothing,
            other => other.as_object().unwrap(),
        };
        let place = std::ptr::from_ref(schema).addr();
        if let Some(known) = self.known.get(&place) {
            return *known;
        }
        let number = RULES.with_borrow_mut(|schemas| {
            schemas.push(Vec::new());
            schemas.len() - 1
        });
        let check = NUMBERED[number / 16][number % 16];
        self.known.insert(place, check);
        let rules = match schema.get("$ref").and_then(Json::as_str) {
            // Whatever stands beside a reference is ignored (core §8.3).
            Some(reference) => {
                let (target, base) = self.find(reference, base);
                vec![Rule::Check(self.schema(target, &base))]
            }
            None => {
                let base = base_of(schema, base);
                object.keys().flat_map(|keyword| self.keyword(schema, keyword, &base)).collect()
            }
        };
        RULES.with_borrow_mut(|schemas| schemas[number] = rules);
        check
    }

    fn keyword(&mut self, schema: Schema, keyword: &str, base: &str) -> Vec<Rule> {
        let value = schema.get(keyword).unwrap();
        let number = || value.as_number().unwrap().clone();
        let count = || usize::try_from(value.as_u64().unwrap()).unwrap();
        let one = |rule| vec![rule];
        match keyword {
            "type" => one(Rule::Is(match value {
                Json::Array(names) => names.iter().map(type_named).reduce(Type::or).unwrap(),
                name => type_named(name),
            })),
            "const" => one(Rule::Const(constant(value))),
            "enum" => {
                let values = value.as_array().unwrap();
                let strings: Option<Vec<_>> = values.iter().map(Json::as_str).collect();
                one(match strings {
                    Some(strings) => Rule::EnumOfStrings(strings),
                    None => Rule::Enum(values.iter().map(constant).collect()),
                })
            }
            "minimum" => one(Rule::Minimum(number())),
            "maximum" => one(Rule::Maximum(number())),
            "exclusiveMinimum" => one(Rule::ExclusiveMinimum(number())),
            "exclusiveMaximum" => one(Rule::ExclusiveMaximum(number())),
            "multipleOf" => one(Rule::MultipleOf(number())),
            "minLength" => one(Rule::MinLength(count())),
            "maxLength" => one(Rule::MaxLength(count())),
            "pattern" => one(Rule::Pattern(pattern(value.as_str().unwrap()))),
            "format" if self.formats == Formats::Asserted => {
                Format::named(value.as_str().unwrap()).map(Rule::Format).into_iter().collect()
            }
            "minItems" => one(Rule::MinItems(count())),
            "maxItems" => one(Rule::MaxItems(count())),
            "uniqueItems" if *value == Json::Bool(true) => one(Rule::UniqueItems),
            "items" => one(match value {
                Json::Array(_) => Rule::Tuple(self.list(value, base)),
                single => Rule::Items(self.schema(single, base)),
            }),
            "additionalItems" => match (schema.get("items"), value) {
                (Some(Json::Array(list)), Json::Bool(false)) => {
                    one(Rule::NoAdditionalItems(list.len()))
                }
                (Some(Json::Array(list)), _) => {
                    one(Rule::AdditionalItems(list.len(), self.schema(value, base)))
                }
                _ => Vec::new(),
            },
            "contains" => one(Rule::Contains(self.schema(value, base))),
            "minProperties" => one(Rule::MinProperties(count())),
            "maxProperties" => one(Rule::MaxProperties(count())),
            "required" => one(Rule::Required(strings(value))),
            "properties" => {
                let members = value.as_object().unwrap().iter();
                members
                    .map(|(name, member)| Rule::Property(name, self.schema(member, base)))
                    .collect()
            }
            "patternProperties" => {
                let members = value.as_object().unwrap().iter();
                members
                    .map(|(name, member)| {
                        Rule::PatternProperty(pattern(name), self.schema(member, base))
                    })
                    .collect()
            }
            "additionalProperties" => {
                let keys = |keyword| {
                    schema.get(keyword).and_then(Json::as_object).into_iter().flat_map(|o| o.keys())
                };
                let names = keys("properties").collect();
                let patterns = keys("patternProperties").map(pattern).collect();
                one(match value {
                    Json::Bool(false) => Rule::Closed(names, patterns),
                    _ => Rule::AdditionalProperties(names, patterns, self.schema(value, base)),
                })
            }
            "propertyNames" => one(Rule::PropertyNames(self.schema(value, base))),
            "dependencies" => {
                let members = value.as_object().unwrap().iter();
                members
                    .map(|(name, member)| match member {
                        Json::Array(_) => Rule::DependentRequired(name, strings(member)),
                        _ => Rule::DependentSchema(name, self.schema(member, base)),
                    })
                    .collect()
            }
            "allOf" => one(Rule::AllOf(self.list(value, base))),
            "anyOf" => one(Rule::AnyOf(self.list(value, base))),
            "oneOf" => one(Rule::OneOf(self.list(value, base))),
            "not" => one(Rule::Not(self.schema(value, base))),
            "if" => {
                let mut branch = |keyword| {
                    schema
                        .get(keyword)
                        .map_or(anything as Check, |branch| self.schema(branch, base))
                };
                let (then, otherwise) = (branch("then"), branch("else"));
                one(Rule::If(self.schema(value, base), then, otherwise))
            }
            _ => Vec::new(),
        }
    }

    fn list(&mut self, value: Schema, base: &str) -> Vec<Check> {
        value.as_array().unwrap().iter().map(|schema| self.schema(schema, base)).collect()
    }
}

fn type_named(name: &Json<'_>) -> Type {
    Type::named(name.as_str().unwrap()).unwrap()
}

fn strings(value: Schema) -> Vec<&'static str> {
    value.as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect()
}

fn pattern(source: &'static str) -> &'static Pattern {
    Box::leak(Box::new(Pattern::new(source)))
}

fn constant(value: Schema) -> Constant {
    match value {
        Json::Null => Constant::Null,
        Json::Bool(value) => Constant::Bool(*value),
        Json::Number(number) => Constant::Number(number.clone()),
        Json::String(text) => Constant::String(text),
        Json::Array(items) => {
            Constant::Array(Vec::leak(items.iter().map(constant).collect::<Vec<_>>()))
        }
        Json::Object(object) => {
            let members = object.iter().map(|(key, value)| (key, constant(value)));
            Constant::Object(Vec::leak(members.collect::<Vec<_>>()))
        }
    }
}

/// What references inside a schema start from.
fn base_of(schema: Schema, base: &str) -> String {
    match schema.get("$id").and_then(Json::as_str) {
        Some(id) if schema.get("$ref").is_none() && !id.starts_with('#') => {
            absolute(id, base).trim_end_matches('#').to_owned()
        }
        _ => base.to_owned(),
    }
}

/// RFC 3986 §5.2 as far as the suite goes: no dot segments.
fn absolute(reference: &str, base: &str) -> String {
    let document = base.split('#').next().unwrap();
    if reference.is_empty() || reference.starts_with('#') {
        return format!("{document}{reference}");
    }
    if reference.split('/').next().unwrap().contains(':') {
        return reference.to_owned();
    }
    let root = match document.find("://") {
        Some(scheme) => {
            document[scheme + 3..].find('/').map_or(document.len(), |at| scheme + 3 + at)
        }
        None => 0,
    };
    match reference.starts_with('/') {
        true => format!("{}{reference}", &document[..root]),
        false => format!("{}{reference}", &document[..=document.rfind('/').unwrap_or(root)]),
    }
}

fn percent_decoded(text: &str) -> String {
    let mut parts = text.split('%');
    let mut bytes = parts.next().unwrap().as_bytes().to_vec();
    for part in parts {
        bytes.push(u8::from_str_radix(&part[..2], 16).unwrap());
        bytes.extend_from_slice(&part.as_bytes()[2..]);
    }
    String::from_utf8(bytes).unwrap()
}

/// The rules that draft-07 sets for schemas themselves, which some cases refer to.
const META_SCHEMA: &str = r##"{
    "$id": "http://json-schema.org/draft-07/schema#",
    "definitions": {
        "list": {"type": "array", "minItems": 1, "items": {"$ref": "#"}},
        "map": {"type": "object", "additionalProperties": {"$ref": "#"}},
        "count": {"type": "integer", "minimum": 0},
        "names": {"type": "array", "items": {"type": "string"}, "uniqueItems": true},
        "kind": {"enum": ["array", "boolean", "integer", "null", "number", "object", "string"]}
    },
    "type": ["object", "boolean"],
    "properties": {
        "$id": {"type": "string", "format": "uri-reference"},
        "$schema": {"type": "string", "format": "uri"},
        "$ref": {"type": "string", "format": "uri-reference"},
        "$comment": {"type": "string"},
        "title": {"type": "string"},
        "description": {"type": "string"},
        "readOnly": {"type": "boolean"},
        "examples": {"type": "array"},
        "multipleOf": {"type": "number", "exclusiveMinimum": 0},
        "maximum": {"type": "number"},
        "exclusiveMaximum": {"type": "number"},
        "minimum": {"type": "number"},
        "exclusiveMinimum": {"type": "number"},
        "maxLength": {"$ref": "#/definitions/count"},
        "minLength": {"$ref": "#/definitions/count"},
        "pattern": {"type": "string", "format": "regex"},
        "additionalItems": {"$ref": "#"},
        "items": {"anyOf": [{"$ref": "#"}, {"$ref": "#/definitions/list"}]},
        "maxItems": {"$ref": "#/definitions/count"},
        "minItems": {"$ref": "#/definitions/count"},
        "uniqueItems": {"type": "boolean"},
        "contains": {"$ref": "#"},
        "maxProperties": {"$ref": "#/definitions/count"},
        "minProperties": {"$ref": "#/definitions/count"},
        "required": {"$ref": "#/definitions/names"},
        "additionalProperties": {"$ref": "#"},
        "definitions": {"$ref": "#/definitions/map"},
        "properties": {"$ref": "#/definitions/map"},
        "patternProperties": {
            "type": "object",
            "additionalProperties": {"$ref": "#"},
            "propertyNames": {"format": "regex"}
        },
        "dependencies": {
            "type": "object",
            "additionalProperties": {"anyOf": [{"$ref": "#"}, {"$ref": "#/definitions/names"}]}
        },
        "propertyNames": {"$ref": "#"},
        "enum": {"type": "array"},
        "type": {
            "anyOf": [
                {"$ref": "#/definitions/kind"},
                {
                    "type": "array",
                    "items": {"$ref": "#/definitions/kind"},
                    "minItems": 1,
                    "uniqueItems": true
                }
            ]
        },
        "format": {"type": "string"},
        "contentMediaType": {"type": "string"},
        "contentEncoding": {"type": "string"},
        "if": {"$ref": "#"},
        "then": {"$ref": "#"},
        "else": {"$ref": "#"},
        "allOf": {"$ref": "#/definitions/list"},
        "anyOf": {"$ref": "#/definitions/list"},
        "oneOf": {"$ref": "#/definitions/list"},
        "not": {"$ref": "#"}
    }
}"##;
