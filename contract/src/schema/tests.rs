//! What type each kind of schema becomes.

use insta::assert_snapshot;

use super::shape::Exactness;
use super::{Shape, ShapeId, Shapes};
use crate::diagnose::contract;
use crate::schema::shape::{By, Rest};

/// The shapes of schemas under `components`, given as the inside of that object.
fn shapes(schemas: &str) -> String {
    let contract = contract(&format!("components:\n  schemas:\n{schemas}"));
    let mut out = String::new();
    for (key, schema) in &contract.components {
        let id = contract.shapes.of(*schema).unwrap();
        out += &format!("{key}: {}\n", shown(&contract.shapes, id, &mut Vec::new()));
    }
    out
}

fn shown(shapes: &Shapes, id: ShapeId, inside: &mut Vec<ShapeId>) -> String {
    if inside.contains(&id) {
        return "↑".to_owned();
    }
    inside.push(id);
    let entry = shapes.get(id);
    let mut each = |part: ShapeId| shown(shapes, part, inside);
    let mut text = match &entry.shape {
        Shape::Any => "any".to_owned(),
        Shape::Never => "never".to_owned(),
        Shape::Null => "null".to_owned(),
        Shape::Boolean => "boolean".to_owned(),
        Shape::Integer(width) => format!("{width:?}"),
        Shape::Number(kind) => format!("{kind:?}"),
        Shape::Text(kind) => format!("text {kind:?}"),
        Shape::Enum(variants) => {
            let values: Vec<&str> = variants.variants.iter().map(|it| it.value.as_str()).collect();
            format!("enum {}", values.join("|"))
        }
        Shape::Literals { values, base } => {
            let values: Vec<String> = values.iter().map(ToString::to_string).collect();
            format!("literals {} of {base:?}", values.join("|"))
        }
        Shape::Nullable(inner) => format!("nullable {}", each(*inner)),
        Shape::Alias(inner) => format!("= {}", each(*inner)),
        Shape::List(item) => format!("[{}]", each(*item)),
        Shape::Map(value) => format!("map of {}", each(*value)),
        Shape::Tuple(tuple) => {
            let items: Vec<String> = tuple.items.iter().map(|item| each(*item)).collect();
            format!("({}; {} required{})", items.join(", "), tuple.required, rest(&tuple.rest))
        }
        Shape::Struct(object) => {
            let fields: Vec<String> = object
                .fields
                .iter()
                .map(|field| {
                    let mark = if field.required { "" } else { "?" };
                    match &field.constant {
                        Some(constant) => format!("{}{mark}: {constant}", field.name),
                        None => format!("{}{mark}: {}", field.name, each(field.shape)),
                    }
                })
                .collect();
            format!("{{ {}{} }}", fields.join(", "), rest(&object.rest))
        }
        Shape::Union(union) => {
            let branches: Vec<String> = union.branches.iter().map(|it| each(it.shape)).collect();
            let by = match &union.by {
                By::Tag { property, values } => format!("by {property} {values:?}"),
                By::Type(types) => format!("by type {types:?}"),
                By::Check => "by trying".to_owned(),
            };
            format!("one of ({}) {by}", branches.join(" or "))
        }
        Shape::Dynamic(reason) => format!("dynamic: {}", reason.reason()),
    };
    inside.pop();
    if entry.exactness == Exactness::Residual {
        text.push_str(" +check");
    }
    text
}

fn rest(rest: &Rest) -> &'static str {
    match rest {
        Rest::Open => "",
        Rest::Closed => ", closed",
        Rest::Typed(_) => ", others typed",
    }
}

#[test]
fn scalars_keep_what_their_format_says() {
    assert_snapshot!(shapes("    Text: { type: string }
    Time: { type: string, format: date-time }
    Digits: { type: string, format: decimal }
    Other: { type: string, format: ticker }
    Whole: { type: integer }
    Small: { type: integer, format: int32 }
    Large: { type: integer, format: int64 }
    Larger: { type: integer, minimum: 0, maximum: 18446744073709551615 }
    Real: { type: number, format: double }
    Exact: { type: number, format: decimal }
    IntegralNumber: { type: number, format: int64 }
    Yes: { type: boolean }
    Nothing: { type: 'null' }
    All: true
    None: false
    Empty: {}
"), @"
    Text: text Plain
    Time: text Format(DateTime)
    Digits: text Format(Decimal)
    Other: text Plain
    Whole: Plain
    Small: I32
    Large: I64
    Larger: U64
    Real: Double
    Exact: Decimal
    IntegralNumber: I64
    Yes: boolean
    Nothing: null
    All: any
    None: never
    Empty: any
    ");
}

#[test]
fn constants_and_enums_are_closed_sets() {
    assert_snapshot!(shapes("    One: { const: a }
    Texts: { enum: [a, b] }
    TypedTexts: { type: string, enum: [a, b, 1] }
    Numbers: { enum: [1, 2.5] }
    Mixed: { enum: [a, 1, true] }
    OrNull: { enum: [a, null] }
    OnlyNull: { enum: [null] }
    Both: { allOf: [{ enum: [a, b] }, { enum: [b, c] }] }
    Neither: { allOf: [{ enum: [a] }, { enum: [b] }] }
"), @r#"
    One: enum a
    Texts: enum a|b
    TypedTexts: enum a|b
    Numbers: literals 1|2.5 of Number(Double) +check
    Mixed: literals "a"|1|true of Any +check
    OrNull: nullable enum a
    OnlyNull: null
    Both: enum b
    Neither: never
    "#);
}

#[test]
fn null_makes_optional_however_it_is_written() {
    assert_snapshot!(shapes("    List: { type: [string, 'null'] }
    Union: { oneOf: [{ type: string }, { type: 'null' }] }
    Any: { anyOf: [{ type: 'null' }, { $ref: '#/components/schemas/List' }] }
    Constant: { oneOf: [{ type: object, properties: { a: {} } }, { const: null }] }
    OpenApi:
      schemaFormat: application/vnd.oai.openapi;version=3.0.0
      schema: { type: string, nullable: true }
"), @"
    List: nullable text Plain
    Union: nullable = text Plain
    Any: nullable = text Plain
    Constant: nullable = { a?: any }
    OpenApi: nullable text Plain
    ");
}

#[test]
fn objects_are_structs_or_maps() {
    assert_snapshot!(shapes("    Open: { type: object, required: [a, z], properties: { a: { type: string }, b: { type: integer } } }
    Closed: { type: object, properties: { a: { type: string } }, additionalProperties: false }
    Typed: { type: object, properties: { a: { type: string } }, additionalProperties: { type: integer } }
    Map: { type: object, additionalProperties: { type: integer } }
    Anything: { type: object }
    Nothing: { type: object, additionalProperties: false }
    Patterned: { type: object, patternProperties: { '^x': { type: integer } }, additionalProperties: false }
    Both: { type: object, properties: { a: {} }, patternProperties: { '^x': { type: integer } } }
    Named: { type: object, additionalProperties: { type: integer }, propertyNames: { maxLength: 3 } }
    Tagged: { type: object, required: [t], properties: { t: { const: a }, u: { const: b } } }
"), @r#"
    Open: { a: text Plain, b?: Plain, z: any }
    Closed: { a?: text Plain, closed }
    Typed: { a?: text Plain, others typed }
    Map: map of Plain
    Anything: map of any
    Nothing: { , closed }
    Patterned: map of Plain +check
    Both: { a?: any, others typed } +check
    Named: map of Plain +check
    Tagged: { t: "a", u?: enum b }
    "#);
}

#[test]
fn arrays_are_lists_or_tuples() {
    assert_snapshot!(shapes("    Any: { type: array }
    Texts: { type: array, items: { type: string } }
    Unique: { type: array, items: { type: string }, uniqueItems: true }
    Pair: { type: array, items: [{ type: string }, { type: number }], minItems: 2, maxItems: 2 }
    Half: { type: array, items: [{ type: string }, { type: number }], minItems: 1 }
    Closed: { type: array, items: [{ type: string }], additionalItems: false }
    Rest: { type: array, items: [{ type: string }], additionalItems: { type: integer } }
    Has: { type: array, contains: { const: 1 } }
    Merged: { allOf: [{ type: array, items: { type: string } }, { type: array, items: [{ minLength: 1 }] }] }
"), @"
    Any: [any]
    Texts: [text Plain]
    Unique: [text Plain] +check
    Pair: (text Plain, Double; 2 required, closed)
    Half: (text Plain, Double; 1 required)
    Closed: (text Plain; 0 required, closed)
    Rest: (text Plain; 0 required, others typed)
    Has: [any] +check
    Merged: dynamic: its `allOf` merges lists that have no common item +check
    ");
}

#[test]
fn a_merge_is_one_struct() {
    assert_snapshot!(shapes("    Base: { type: object, required: [id], properties: { id: { type: string } } }
    Child: { allOf: [{ $ref: '#/components/schemas/Base' }, { type: object, properties: { name: { type: string } } }] }
    Beside: { allOf: [{ $ref: '#/components/schemas/Base' }], properties: { more: { type: integer } } }
    Same: { allOf: [{ $ref: '#/components/schemas/Base' }] }
    Narrow: { allOf: [{ $ref: '#/components/schemas/Base' }, { properties: { id: { maxLength: 3 } } }] }
    Impossible: { allOf: [{ type: string }, { type: integer }] }
    Alias: { $ref: '#/components/schemas/Base' }
"), @"
    Base: { id: text Plain }
    Child: { id: text Plain, name?: text Plain }
    Beside: { more?: Plain, id: text Plain }
    Same: = { id: text Plain }
    Narrow: { id: text Plain }
    Impossible: never
    Alias: { id: text Plain }
    ");
}

#[test]
fn a_union_is_found_by_tag_by_type_or_by_trying() {
    assert_snapshot!(shapes("    Tagged:
      oneOf:
        - { type: object, required: [k], properties: { k: { const: a }, x: { type: string } } }
        - { type: object, required: [k], properties: { k: { enum: [b, c] } } }
    Declared:
      discriminator: k
      oneOf:
        - { type: object, required: [k, l], properties: { k: { const: a }, l: { const: 1 } } }
        - { type: object, required: [k, l], properties: { k: { const: b }, l: { const: 2 } } }
    Typed: { oneOf: [{ type: string }, { type: integer }, { type: array, items: { type: string } }] }
    Types: { type: [string, integer] }
    Number: { oneOf: [{ type: integer }, { type: number }] }
    Tried: { anyOf: [{ type: object, properties: { a: {} } }, { type: object, properties: { b: {} } }] }
    One: { oneOf: [{ type: string }] }
    Optional: { oneOf: [{ type: object, properties: { k: { const: a } } }, { type: object, properties: { k: { const: b } } }] }
"), @r#"
    Tagged: one of ({ k: "a", x?: text Plain } or { k: enum b|c }) by k [["a"], ["b", "c"]]
    Declared: one of ({ k: "a", l: literals 1 of Integer(Plain) +check } +check or { k: "b", l: literals 2 of Integer(Plain) +check } +check) by k [["a"], ["b"]] +check
    Typed: one of (text Plain or Plain or [text Plain]) by type [["string"], ["integer"], ["array"]]
    Types: one of (Plain or text Plain) by type [["integer"], ["string"]]
    Number: one of (Plain or Double) by trying +check
    Tried: one of ({ a?: any } or { b?: any }) by trying +check
    One: = text Plain
    Optional: one of ({ k?: enum a } or { k?: enum b }) by trying +check
    "#);
}

#[test]
fn what_stands_beside_a_union_is_part_of_each_alternative() {
    assert_snapshot!(shapes("    Beside:
      type: object
      required: [id]
      properties: { id: { type: string } }
      oneOf:
        - { required: [k], properties: { k: { const: a } } }
        - { required: [k], properties: { k: { const: b } } }
    Formless:
      type: object
      properties: { a: { type: string }, b: { type: string } }
      anyOf: [{ required: [a] }, { required: [b] }]
    Two: { type: object, allOf: [{ oneOf: [{ properties: { a: {} } }, { properties: { b: {} } }] }, { anyOf: [{ properties: { c: {} } }, { properties: { d: {} } }] }] }
    Narrowed: { type: string, oneOf: [{ type: string }, { type: integer }] }
"), @r#"
    Beside: one of ({ id: text Plain, k: "a" } or { id: text Plain, k: "b" }) by k [["a"], ["b"]]
    Formless: { a?: text Plain, b?: text Plain } +check
    Two: dynamic: it combines several `oneOf` or `anyOf` +check
    Narrowed: = text Plain
    "#);
}

#[test]
fn conditions_leave_their_properties_open() {
    assert_snapshot!(shapes("    If: { type: object, required: [k], properties: { k: { type: string } }, if: { properties: { k: { const: a } } }, then: { required: [x], properties: { x: { type: integer } } } }
    Not: { type: string, not: { const: a } }
    OnlyNot: { not: { type: string } }
    Depends: { type: object, properties: { a: {} }, dependencies: { a: { properties: { b: { type: string } } } } }
"), @"
    If: { k: text Plain, x?: dynamic: its type depends on a condition } +check
    Not: text Plain +check
    OnlyNot: dynamic: its rules do not say what type it is +check
    Depends: { a?: any, b?: dynamic: its type depends on a condition } +check
    ");
}

#[test]
fn what_contains_itself_is_a_cycle_of_shapes() {
    assert_snapshot!(shapes("    Node: { type: object, properties: { next: { $ref: '#/components/schemas/Node' }, all: { type: array, items: { $ref: '#/components/schemas/Node' } } } }
    Json: { oneOf: [{ type: string }, { type: array, items: { $ref: '#/components/schemas/Json' } }, { type: object, additionalProperties: { $ref: '#/components/schemas/Json' } }] }
    Lists: { type: array, items: { $ref: '#/components/schemas/Lists' } }
    Merge: { allOf: [{ $ref: '#/components/schemas/Merge' }, { type: object, properties: { a: {} } }] }
    Alternative: { oneOf: [{ $ref: '#/components/schemas/Alternative' }, { type: string }] }
"), @r#"
    Node: { next?: ↑, all?: [↑] }
    Json: one of (text Plain or [↑] or map of ↑) by type [["string"], ["array"], ["object"]]
    Lists: [↑]
    Merge: { a?: any }
    Alternative: one of (↑ or text Plain) by trying +check
    "#);
}

#[test]
fn a_type_is_meant_where_all_keywords_speak_of_one() {
    assert_snapshot!(shapes("    Object: { properties: { a: { minLength: 1 } } }
    Text: { pattern: a }
    Either: { pattern: a, minimum: 1 }
    Elements: { items: { type: string } }
"), @"
    Object: { a?: text Plain }
    Text: text Plain
    Either: dynamic: its rules do not say what type it is +check
    Elements: [text Plain]
    ");
}
